//! Self-referrals on the wire, version 1: the same map as submission from a phone and as event body.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use super::{ContactWay, ReferralReceived, SelfReferral};
use crate::consent::wire::WordingRefV1;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::ReferralId;
use crate::language::Language;
use crate::people::wire::{access_codes, access_from_codes};
use crate::text::Text;

#[derive(Encode, Decode)]
#[cbor(map)]
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
}

recorded_v1!(ReferralReceived, SelfReferralV1);

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
        (&received.form).into()
    }
}

impl TryFrom<SelfReferralV1> for ReferralReceived {
    type Error = NotOurs;

    fn try_from(wire: SelfReferralV1) -> Result<Self, NotOurs> {
        Ok(Self {
            form: wire.try_into()?,
        })
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

/// Reads what a phone sent.
///
/// # Errors
/// [`SubmissionError`] if it is no self-referral or breaks the rules of its fields.
pub fn decode_submission(bytes: &[u8]) -> Result<SelfReferral, SubmissionError> {
    let wire: SelfReferralV1 = minicbor::decode(bytes).map_err(|_| SubmissionError)?;
    wire.try_into().map_err(|_| SubmissionError)
}
