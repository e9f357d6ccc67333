//! Referrals on the wire, version 1: the same map as submission from a phone and as event body. A
//! phone puts what it says about the sending behind it, as maps of their own; the form's bytes are then
//! those that lay in its queue. The server puts what it thinks of the form into the event.

use minicbor::bytes::ByteArray;

use super::{
    Answer, Challenge, ContactWay, Doubt, PUZZLES, Proof, ReferralAnswered, ReferralReceived,
    ReferralSorted, Referrer, SelfReferral, Signals, Tray,
};
use crate::clock::{Date, Instant};
use crate::consent::wire::WordingRefV1;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{AccountId, PersonId, ProgrammeId, ReferralId};
use crate::language::Language;
use crate::people::wire::{ContactV1, access_codes, access_from_codes};
use crate::text::Text;

wire_map! {
    struct ReferrerV1 {
        #[n(0)]
        account: u64,
        #[n(1)]
        name: String,
        #[n(2)]
        contact: String,
        #[n(3)]
        agreed_support: Option<String>,
        #[n(4)]
        emergency: Option<ContactV1>,
    }
}

impl From<&Referrer> for ReferrerV1 {
    fn from(referrer: &Referrer) -> Self {
        Self {
            account: referrer.account.0,
            name: referrer.name.to_string(),
            contact: referrer.contact.to_string(),
            agreed_support: referrer.agreed_support.as_ref().map(ToString::to_string),
            emergency: referrer.emergency.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<ReferrerV1> for Referrer {
    type Error = NotOurs;

    fn try_from(wire: ReferrerV1) -> Result<Self, NotOurs> {
        Ok(Self {
            account: AccountId(wire.account),
            name: Text::required_from_wire(&wire.name)?,
            contact: Text::required_from_wire(&wire.contact)?,
            agreed_support: Text::from_wire(wire.agreed_support)?,
            emergency: wire.emergency.map(TryInto::try_into).transpose()?,
        })
    }
}

wire_map! {
    struct SelfReferralV1 {
        #[n(0)]
        referral: ByteArray<16>,
        #[n(1)]
        name: String,
        #[n(2)]
        contact_way: u8,
        #[n(3)]
        contact: String,
        #[n(4)]
        access: Option<Vec<u8>>,
        #[n(5)]
        access_note: Option<String>,
        #[n(6)]
        hopes: Option<String>,
        #[n(7)]
        supporter: Option<String>,
        #[n(8)]
        language: u8,
        #[n(9)]
        agreed: WordingRefV1,
        /// In an event only.
        #[n(10)]
        doubts: Option<Vec<u8>>,
        /// In an event only.
        #[n(11)]
        referrer: Option<ReferrerV1>,
    }
}

recorded_v1!(ReferralReceived, SelfReferralV1);

wire_map! {
    struct ReferralSortedV1 {
        #[n(0)]
        referral: ByteArray<16>,
        #[n(1)]
        tray: u8,
    }
}

recorded_v1!(ReferralSorted, ReferralSortedV1);

wire_map! {
    struct ReferralAnsweredV1 {
        #[n(0)]
        referral: ByteArray<16>,
        #[n(1)]
        answer: u8,
        #[n(2)]
        person: Option<u64>,
        #[n(3)]
        note: Option<String>,
        /// Julian day.
        #[n(4)]
        day: i32,
    }
}

// It is about the referral, as the record that it answers, and not about whom it became on the list.
recorded_v1!(ReferralAnswered, ReferralAnsweredV1);

impl From<&ReferralAnswered> for ReferralAnsweredV1 {
    fn from(answered: &ReferralAnswered) -> Self {
        Self {
            referral: answered.referral.0.to_be_bytes().into(),
            answer: answered.answer.code(),
            person: answered.person().map(|person| person.0),
            note: answered.note.as_ref().map(ToString::to_string),
            day: answered.day.to_julian_day(),
        }
    }
}

impl TryFrom<ReferralAnsweredV1> for ReferralAnswered {
    type Error = NotOurs;

    fn try_from(wire: ReferralAnsweredV1) -> Result<Self, NotOurs> {
        Self::new(
            ReferralId(u128::from_be_bytes(wire.referral.into())),
            Answer::from_code(wire.answer).ok_or(NotOurs)?,
            wire.person.map(PersonId),
            Text::from_wire(wire.note)?,
            Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
        )
        .ok_or(NotOurs)
    }
}

impl From<&SelfReferral> for SelfReferralV1 {
    fn from(form: &SelfReferral) -> Self {
        Self {
            referral: form.referral.0.to_be_bytes().into(),
            name: form.name.to_string(),
            contact_way: form.contact_way.code(),
            contact: form.contact.to_string(),
            access: access_codes(&form.access),
            access_note: form.access_note.as_ref().map(ToString::to_string),
            hopes: form.hopes.as_ref().map(ToString::to_string),
            supporter: form.supporter.as_ref().map(ToString::to_string),
            language: form.language.code(),
            agreed: (&form.agreed).into(),
            doubts: None,
            referrer: None,
        }
    }
}

impl TryFrom<SelfReferralV1> for SelfReferral {
    type Error = NotOurs;

    fn try_from(wire: SelfReferralV1) -> Result<Self, NotOurs> {
        Ok(Self {
            referral: ReferralId(u128::from_be_bytes(wire.referral.into())),
            name: Text::required_from_wire(&wire.name)?,
            contact_way: ContactWay::from_code(wire.contact_way).ok_or(NotOurs)?,
            contact: Text::required_from_wire(&wire.contact)?,
            access: access_from_codes(wire.access)?,
            access_note: Text::from_wire(wire.access_note)?,
            hopes: Text::from_wire(wire.hopes)?,
            supporter: Text::from_wire(wire.supporter)?,
            language: Language::from_code(wire.language).ok_or(NotOurs)?,
            agreed: wire.agreed.try_into()?,
        })
    }
}

impl From<&ReferralReceived> for SelfReferralV1 {
    fn from(received: &ReferralReceived) -> Self {
        let doubts: Vec<u8> = received.doubts.iter().map(|doubt| doubt.code()).collect();
        Self {
            doubts: (!doubts.is_empty()).then_some(doubts),
            referrer: received.referrer.as_ref().map(Into::into),
            ..(&received.form).into()
        }
    }
}

impl TryFrom<SelfReferralV1> for ReferralReceived {
    type Error = NotOurs;

    fn try_from(mut wire: SelfReferralV1) -> Result<Self, NotOurs> {
        let codes = wire.doubts.take().unwrap_or_default();
        let doubts = codes
            .into_iter()
            .map(|code| Doubt::from_code(code).ok_or(NotOurs));
        Ok(Self {
            doubts: doubts.collect::<Result<_, _>>()?,
            referrer: wire.referrer.take().map(TryInto::try_into).transpose()?,
            form: wire.try_into()?,
        })
    }
}

impl From<&ReferralSorted> for ReferralSortedV1 {
    fn from(sorted: &ReferralSorted) -> Self {
        Self {
            referral: sorted.referral.0.to_be_bytes().into(),
            tray: sorted.tray.code(),
        }
    }
}

impl TryFrom<ReferralSortedV1> for ReferralSorted {
    type Error = NotOurs;

    fn try_from(wire: ReferralSortedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            referral: ReferralId(u128::from_be_bytes(wire.referral.into())),
            tray: Tray::from_code(wire.tray).ok_or(NotOurs)?,
        })
    }
}

wire_map! {
    /// A challenge, as it is handed out and as it comes back.
    pub(crate) struct ChallengeV1 {
        #[n(0)]
        programme: u64,
        #[n(1)]
        salt: ByteArray<16>,
        #[n(2)]
        cost: u32,
        #[n(3)]
        expires_at: u64,
        #[n(4)]
        tag: ByteArray<32>,
    }
}

impl From<&Challenge> for ChallengeV1 {
    fn from(challenge: &Challenge) -> Self {
        Self {
            programme: challenge.programme.0,
            salt: challenge.salt.into(),
            cost: challenge.cost,
            expires_at: challenge.expires_at.0,
            tag: challenge.tag.into(),
        }
    }
}

impl ChallengeV1 {
    /// Any numbers are a challenge; whether it is one of ours, its tag tells.
    fn read(self) -> Challenge {
        Challenge {
            programme: ProgrammeId(self.programme),
            salt: self.salt.into(),
            cost: self.cost,
            expires_at: Instant(self.expires_at),
            tag: self.tag.into(),
        }
    }
}

impl TryFrom<ChallengeV1> for Challenge {
    type Error = NotOurs;

    fn try_from(wire: ChallengeV1) -> Result<Self, NotOurs> {
        Ok(wire.read())
    }
}

/// Bytes of the numbers of a proof.
const NUMBERS_BYTES: usize = 4 * PUZZLES;

wire_map! {
    struct SignalsV1 {
        #[n(0)]
        trap_filled: Option<bool>,
        #[n(1)]
        took_ms: Option<u64>,
        #[n(2)]
        challenge: Option<ChallengeV1>,
        #[n(3)]
        numbers: Option<ByteArray<NUMBERS_BYTES>>,
    }
}

impl From<&Signals> for SignalsV1 {
    fn from(signals: &Signals) -> Self {
        let numbers = signals.proof.map(|proof| {
            let mut bytes = [0; NUMBERS_BYTES];
            for (place, number) in bytes.chunks_exact_mut(4).zip(proof.numbers) {
                place.copy_from_slice(&number.to_be_bytes());
            }
            bytes.into()
        });
        Self {
            trap_filled: signals.trap_filled.then_some(true),
            took_ms: signals.took_ms,
            challenge: signals.proof.map(|proof| (&proof.challenge).into()),
            numbers,
        }
    }
}

impl From<SignalsV1> for Signals {
    fn from(wire: SignalsV1) -> Self {
        let proof = wire.challenge.zip(wire.numbers).map(|(challenge, bytes)| {
            let mut numbers = [0; PUZZLES];
            for (number, bytes) in numbers.iter_mut().zip(bytes.chunks_exact(4)) {
                *number = bytes
                    .iter()
                    .fold(0, |read, byte| read << 8 | u32::from(*byte));
            }
            Proof {
                challenge: challenge.read(),
                numbers,
            }
        });
        Self {
            trap_filled: wire.trap_filled.unwrap_or_default(),
            took_ms: wire.took_ms,
            proof,
        }
    }
}

/// Why a submission was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a self-referral")]
pub struct SubmissionError;

/// The bytes that a phone sends.
pub fn encode_submission(form: &SelfReferral) -> Vec<u8> {
    // Writing to a vector cannot fail.
    minicbor::to_vec(SelfReferralV1::from(form)).unwrap_or_default()
}

/// What a phone says about how a form was filled in and sent, to be put behind the form. It may be said
/// in several parts, in the order in which they become known.
pub fn encode_signals(signals: &Signals) -> Vec<u8> {
    // Writing to a vector cannot fail.
    minicbor::to_vec(SignalsV1::from(signals)).unwrap_or_default()
}

/// Reads one part of what a phone says about a form.
///
/// # Errors
/// [`SubmissionError`] if it is none.
pub fn decode_signals(bytes: &[u8]) -> Result<Signals, SubmissionError> {
    let wire: SignalsV1 = minicbor::decode(bytes).map_err(|_| SubmissionError)?;
    Ok(wire.into())
}

/// Reads the form of what a phone sent.
///
/// # Errors
/// [`SubmissionError`] if it is no self-referral or breaks the rules of its fields.
pub fn decode_submission(bytes: &[u8]) -> Result<SelfReferral, SubmissionError> {
    decode_submitted(bytes).map(|submitted| submitted.form)
}

/// What a phone sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The form.
    pub form: SelfReferral,
    /// What was said about it.
    pub signals: Signals,
}

/// At most so many parts of signals are read.
const SIGNAL_PARTS_MAX: usize = 4;

/// Reads what a phone sent: the form, and what is said about it. What is said and cannot be read is as
/// good as not said: a form is not lost for it.
///
/// # Errors
/// As [`decode_submission`].
pub fn decode_submitted(bytes: &[u8]) -> Result<Submitted, SubmissionError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let wire: SelfReferralV1 = decoder.decode().map_err(|_| SubmissionError)?;
    let form = wire.try_into().map_err(|_| SubmissionError)?;
    let mut signals = Signals::default();
    for _ in 0..SIGNAL_PARTS_MAX {
        let Ok(part) = decoder.decode::<SignalsV1>() else {
            break;
        };
        let part = Signals::from(part);
        signals = Signals {
            trap_filled: signals.trap_filled || part.trap_filled,
            took_ms: part.took_ms.or(signals.took_ms),
            proof: part.proof.or(signals.proof),
        };
    }
    Ok(Submitted { form, signals })
}
