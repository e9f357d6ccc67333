//! A form as it waits on somebody's phone: sealed to the organisation, so that whoever shares the phone reads
//! nothing of it, and neither does the phone itself any more.
//!
//! The server opens it when it arrives. How a phone seals, and with what, is for [`crate::vault::SealingKey`].

use minicbor::bytes::{ByteArray, ByteVec};

use super::{SubmissionError, Submitted, decode_submitted};
use crate::ids::{ProgrammeId, ReferralId};

/// What every sealed form is bound to besides its programme and its number.
const PURPOSE: &[u8] = b"wellfield/referral/sealed/1";

wire_map! {
    struct SealedFormV1 {
        #[n(0)]
        referral: ByteArray<16>,
        #[n(1)]
        sealed: ByteVec,
    }
}

/// A sealed form. The number stands beside it, because the server has to echo it whether it opens or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedForm {
    /// The form's number.
    pub referral: ReferralId,
    /// What only the organisation opens: the form, and what is said of how it was filled in.
    pub sealed: Vec<u8>,
}

/// Where a sealed form belongs: it opens for no other programme and under no other number.
pub fn sealed_place(programme: ProgrammeId, referral: ReferralId) -> Vec<u8> {
    let (programme, referral) = (programme.0.to_be_bytes(), referral.0.to_be_bytes());
    [PURPOSE, &programme, &referral].concat()
}

/// The bytes of a sealed form. What becomes known later, as the proof, is put behind it
/// ([`super::encode_signals`]).
pub fn encode_sealed(form: &SealedForm) -> Vec<u8> {
    let wire = SealedFormV1 {
        referral: form.referral.0.to_be_bytes().into(),
        sealed: form.sealed.clone().into(),
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(wire).unwrap_or_default()
}

/// Reads a sealed form, and what stands behind it.
///
/// # Errors
/// [`SubmissionError`] if there is none.
pub fn decode_sealed(bytes: &[u8]) -> Result<(SealedForm, &[u8]), SubmissionError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let wire: SealedFormV1 = decoder.decode().map_err(|_| SubmissionError)?;
    let behind = bytes.get(decoder.position()..).unwrap_or_default();
    let form = SealedForm {
        referral: ReferralId(u128::from_be_bytes(wire.referral.into())),
        sealed: wire.sealed.into(),
    };
    Ok((form, behind))
}

/// Reads what was in a sealed form, with what stood behind it.
///
/// # Errors
/// [`SubmissionError`] if it is no form, or one of another number than stood on it.
pub fn decode_opened(
    referral: ReferralId,
    opened: &[u8],
    behind: &[u8],
) -> Result<Submitted, SubmissionError> {
    let submitted = decode_submitted(&[opened, behind].concat())?;
    if submitted.form.referral == referral {
        Ok(submitted)
    } else {
        Err(SubmissionError)
    }
}

#[cfg(test)]
mod tests;
