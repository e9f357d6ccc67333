//! What somebody's own phone keeps of a link. Nothing that can be read: answers under way lie sealed so that only
//! the link opens them, and those that wait for signal so that only the organisation does.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use super::{PhoneAnswers, TAG_BYTES, decode_answers, encode_answers};
use crate::event::NotOurs;
use crate::referral::Outcome;

/// How far somebody came with a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// They are answering, and go on here after a break: sealed with the link.
    UnderWay(Vec<u8>),
    /// They sent their answers off, and the server is not known to have them.
    Waiting(SealedAnswers),
    /// The server has them. Nothing of them is left on the phone.
    Sent,
    /// The server does not take them. Nothing of them is left on the phone.
    Refused,
    /// Answers as version 1 kept them, which could be read.
    Readable {
        /// The answers.
        answers: Box<PhoneAnswers>,
        /// Whether they were sent off.
        is_finished: bool,
    },
}

/// Answers that only the organisation opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedAnswers {
    /// The tag of their link, which the server echoes.
    pub link: [u8; TAG_BYTES],
    /// What is sealed: the answers as they are sent.
    pub sealed: Vec<u8>,
}

/// What every sealed set of answers is bound to besides its link.
const PURPOSE: &[u8] = b"wellfield/answers/sealed/1";

/// Where sealed answers belong: they open for no other link.
pub fn answers_place(link: &[u8; TAG_BYTES]) -> Vec<u8> {
    [PURPOSE, link].concat()
}

wire_map! {
    struct SealedAnswersV1 {
        #[n(0)]
        link: ByteArray<16>,
        #[n(1)]
        sealed: ByteVec,
    }
}

impl SealedAnswers {
    /// As they travel, and lie on the phone.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = SealedAnswersV1 {
            link: self.link.into(),
            sealed: self.sealed.clone().into(),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads them.
    ///
    /// # Errors
    /// [`NotOurs`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
        let wire: SealedAnswersV1 = minicbor::decode(bytes).map_err(|_| NotOurs)?;
        Ok(Self {
            link: wire.link.into(),
            sealed: wire.sealed.into(),
        })
    }

    /// Reads what was in them, once it was opened.
    ///
    /// # Errors
    /// [`NotOurs`] if it is no answers, or those of another link.
    pub fn read(&self, opened: &[u8]) -> Result<PhoneAnswers, NotOurs> {
        let answers = decode_answers(opened)?;
        match answers.link.tag() == self.link {
            true => Ok(answers),
            false => Err(NotOurs),
        }
    }
}

/// Version 1 has answers in `content`, and 2 what is sealed.
#[derive(Encode, Decode)]
#[cbor(array)]
struct KeptWire {
    #[n(0)]
    version: u8,
    #[n(1)]
    state: u8,
    #[n(2)]
    content: Option<ByteVec>,
}

const READABLE: u8 = 1;
const SEALED: u8 = 2;

const UNDER_WAY: u8 = 1;
const WAITING: u8 = 2;
const SENT: u8 = 3;
const REFUSED: u8 = 4;

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
        let (version, state, content) = match self {
            Self::UnderWay(sealed) => (SEALED, UNDER_WAY, Some(sealed.clone())),
            Self::Waiting(sealed) => (SEALED, WAITING, Some(sealed.to_bytes())),
            Self::Sent => (READABLE, SENT, None),
            Self::Refused => (READABLE, REFUSED, None),
            Self::Readable {
                answers,
                is_finished,
            } => {
                let state = if *is_finished { WAITING } else { UNDER_WAY };
                (READABLE, state, Some(encode_answers(answers)))
            }
        };
        let content = content.map(Into::into);
        // Writing to a vector cannot fail.
        minicbor::to_vec(KeptWire {
            version,
            state,
            content,
        })
        .unwrap_or_default()
    }

    /// Reads what is kept.
    ///
    /// # Errors
    /// [`NotOurs`] if the bytes are of no version that is known.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
        let wire: KeptWire = minicbor::decode(bytes).map_err(|_| NotOurs)?;
        match (wire.version, wire.state, wire.content) {
            (SEALED, UNDER_WAY, Some(sealed)) => Ok(Self::UnderWay(sealed.into())),
            (SEALED, WAITING, Some(sealed)) => {
                SealedAnswers::from_bytes(&sealed).map(Self::Waiting)
            }
            (READABLE, SENT, None) => Ok(Self::Sent),
            (READABLE, REFUSED, None) => Ok(Self::Refused),
            (READABLE, state @ (UNDER_WAY | WAITING), Some(answers)) => Ok(Self::Readable {
                answers: Box::new(decode_answers(&answers)?),
                is_finished: state == WAITING,
            }),
            _ => Err(NotOurs),
        }
    }
}
