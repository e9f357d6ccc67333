//! Links and answers as they travel, version 1: CBOR arrays.
//!
//! A link has the tag of its device at its end and is written in the letters of an address (base64url,
//! RFC 4648 §5).

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::Mac;
use minicbor::bytes::{ByteSlice, ByteVec};
use minicbor::{Decode, Encode};

use super::super::wire::EvaluationPlannedV1;
use super::super::{Questions, decode_survey, encode_survey};
use super::{AnswerLink, PURPOSE, PhoneAnswers, SignedLink, TAG_BYTES};
use crate::clock::{Date, TimeOfDay};
use crate::device_key::KeyHash;
use crate::event::NotOurs;
use crate::ids::{DeviceId, PersonId, ProgrammeId, SessionId};
use crate::measures::Moment;

const VERSION: u8 = 1;

/// At most so many bytes in a link: what is asked, with the words of the project's own questions, numbers,
/// and the reference of a licence.
const LINK_BYTES_MAX: usize = 2_048;

#[derive(Encode, Decode)]
#[cbor(array)]
struct AnswerLinkV1 {
    #[n(0)]
    version: u8,
    #[n(1)]
    device: u32,
    #[n(2)]
    programme: u64,
    #[n(3)]
    person: u64,
    #[n(4)]
    session: u64,
    #[n(5)]
    moment: u8,
    #[n(6)]
    which: u8,
    #[n(7)]
    plan: EvaluationPlannedV1,
    #[n(8)]
    until: i32,
}

impl AnswerLink {
    /// The link, signed with the key of the device that it names.
    pub fn sign(&self, key: &[u8; 32]) -> SignedLink {
        let wire = AnswerLinkV1 {
            version: VERSION,
            device: self.device.0,
            programme: self.programme.0,
            person: self.person.0,
            session: self.session.0,
            moment: self.moment.code(),
            which: self.which.code(),
            plan: (&self.plan).into(),
            until: self.until.to_julian_day(),
        };
        // Writing to a vector cannot fail.
        let mut bytes = minicbor::to_vec(&wire).unwrap_or_default();
        let mut mac = KeyHash::of(key).mac(PURPOSE);
        mac.update(&bytes);
        bytes.extend_from_slice(&mac.finalize().into_bytes()[..TAG_BYTES]);
        SignedLink {
            link: self.clone(),
            bytes,
        }
    }
}

impl TryFrom<AnswerLinkV1> for AnswerLink {
    type Error = NotOurs;

    fn try_from(wire: AnswerLinkV1) -> Result<Self, NotOurs> {
        if wire.version != VERSION {
            return Err(NotOurs);
        }
        Ok(Self {
            device: DeviceId(wire.device),
            programme: ProgrammeId(wire.programme),
            person: PersonId(wire.person),
            session: SessionId(wire.session),
            moment: Moment::from_code(wire.moment).ok_or(NotOurs)?,
            which: Questions::from_code(wire.which).ok_or(NotOurs)?,
            plan: wire.plan.try_into()?,
            until: Date::from_julian_day(wire.until).map_err(|_| NotOurs)?,
        })
    }
}

impl SignedLink {
    /// The link in the letters of an address.
    pub fn to_text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.bytes)
    }

    /// Reads a link from an address.
    ///
    /// # Errors
    /// [`NotOurs`] if it is none, or not all of one.
    pub fn from_text(text: &str) -> Result<Self, NotOurs> {
        if text.len() > LINK_BYTES_MAX * 4 / 3 {
            return Err(NotOurs);
        }
        let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| NotOurs)?;
        Self::from_bytes(bytes)
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, NotOurs> {
        let length = bytes.len().checked_sub(TAG_BYTES).ok_or(NotOurs)?;
        let said = bytes.get(..length).ok_or(NotOurs)?;
        if bytes.len() > LINK_BYTES_MAX {
            return Err(NotOurs);
        }
        let mut decoder = minicbor::Decoder::new(said);
        let wire: AnswerLinkV1 = decoder.decode().map_err(|_| NotOurs)?;
        if decoder.position() != said.len() {
            return Err(NotOurs);
        }
        Ok(Self {
            link: wire.try_into()?,
            bytes,
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct PhoneAnswersV1<'b> {
    #[n(0)]
    version: u8,
    #[n(1)]
    link: ByteVec,
    #[b(2)]
    survey: &'b ByteSlice,
    #[n(3)]
    day: i32,
    #[n(4)]
    time: u16,
}

/// The bytes of answers.
pub fn encode_answers(answers: &PhoneAnswers) -> Vec<u8> {
    let survey = encode_survey(&answers.survey);
    let (day, time) = answers.at;
    let wire = PhoneAnswersV1 {
        version: VERSION,
        link: answers.link.bytes.clone().into(),
        survey: survey.as_slice().into(),
        day: day.to_julian_day(),
        time: time.minutes(),
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(&wire).unwrap_or_default()
}

/// Reads answers.
///
/// # Errors
/// [`NotOurs`] if the bytes are none of this version.
pub fn decode_answers(bytes: &[u8]) -> Result<PhoneAnswers, NotOurs> {
    let wire: PhoneAnswersV1<'_> = minicbor::decode(bytes).map_err(|_| NotOurs)?;
    if wire.version != VERSION {
        return Err(NotOurs);
    }
    let day = Date::from_julian_day(wire.day).map_err(|_| NotOurs)?;
    let time = TimeOfDay::from_minutes(wire.time).ok_or(NotOurs)?;
    Ok(PhoneAnswers {
        link: SignedLink::from_bytes(wire.link.into())?,
        survey: decode_survey(wire.survey)?,
        at: (day, time),
    })
}
