//! What a phone keeps of a link, version 1: a CBOR array.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{PhoneAnswers, decode_answers, encode_answers};
use crate::event::NotOurs;
use crate::referral::Outcome;

/// How far somebody came with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// They are answering, and go on here after a break.
    UnderWay(PhoneAnswers),
    /// They sent their answers off, and the server is not known to have them.
    Waiting(PhoneAnswers),
    /// The server has them. Nothing of them is left on the phone.
    Sent,
    /// The server does not take them. Nothing of them is left on the phone.
    Refused,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct KeptV1 {
    #[n(0)]
    version: u8,
    #[n(1)]
    state: u8,
    #[n(2)]
    answers: Option<ByteVec>,
}

const VERSION: u8 = 1;

impl Kept {
    /// What is left of answers by what became of them; nothing changes where they still wait.
    pub const fn after(outcome: Outcome) -> Option<Self> {
        match outcome {
            Outcome::Waiting => None,
            Outcome::Received => Some(Self::Sent),
            Outcome::Refused => Some(Self::Refused),
        }
    }

    /// The bytes of what is kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (state, answers) = match self {
            Self::UnderWay(answers) => (1, Some(answers)),
            Self::Waiting(answers) => (2, Some(answers)),
            Self::Sent => (3, None),
            Self::Refused => (4, None),
        };
        let wire = KeptV1 {
            version: VERSION,
            state,
            answers: answers.map(|answers| encode_answers(answers).into()),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads what is kept.
    ///
    /// # Errors
    /// [`NotOurs`] if the bytes are none of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
        let wire: KeptV1 = minicbor::decode(bytes).map_err(|_| NotOurs)?;
        if wire.version != VERSION {
            return Err(NotOurs);
        }
        let answers = wire.answers.map(|answers| decode_answers(&answers));
        match (wire.state, answers.transpose()?) {
            (1, Some(answers)) => Ok(Self::UnderWay(answers)),
            (2, Some(answers)) => Ok(Self::Waiting(answers)),
            (3, None) => Ok(Self::Sent),
            (4, None) => Ok(Self::Refused),
            _ => Err(NotOurs),
        }
    }
}
