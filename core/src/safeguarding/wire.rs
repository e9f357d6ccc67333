//! Safeguarding on the wire, and inside what is sealed, version 1.

use minicbor::bytes::{ByteArray, ByteVec};

use super::{Concern, ConcernFollowed, ConcernRaised, FollowUp, LeadNamed, Sharing};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{ConcernId, EventId, PersonId, ProgrammeId};
use crate::text::Text;
use crate::vault::SealingKey;

/// What is sealed has at most so many bytes: texts of the longest kind in every place fit.
const SEALED_MAX: usize = 32 * 1024;

const VERSION: u8 = 1;

wire_map! {
    struct LeadNamedV1 {
        #[n(0)]
        name: String,
        #[n(1)]
        phone: String,
        #[n(2)]
        key: ByteArray<32>,
    }
}

recorded_v1!(LeadNamed, LeadNamedV1);

impl From<&LeadNamed> for LeadNamedV1 {
    fn from(named: &LeadNamed) -> Self {
        Self {
            name: named.name.to_string(),
            phone: named.phone.to_string(),
            key: named.key.0.into(),
        }
    }
}

impl TryFrom<LeadNamedV1> for LeadNamed {
    type Error = NotOurs;

    fn try_from(wire: LeadNamedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            name: Text::required_from_wire(&wire.name)?,
            phone: Text::required_from_wire(&wire.phone)?,
            key: SealingKey(wire.key.into()),
        })
    }
}

wire_map! {
    /// A concern, or something added to one, as it crosses the wire.
    struct SealedV1 {
        #[n(0)]
        concern: u64,
        #[n(1)]
        sealed_with: ByteArray<32>,
        #[n(2)]
        sealed: ByteVec,
    }
}

/// Concerns are added to and never replaced.
fn replaces_nothing<T>(_: &T, supersedes: &[EventId]) -> bool {
    supersedes.is_empty()
}

recorded_v1!(ConcernRaised, SealedV1, rules: replaces_nothing);
recorded_v1!(ConcernFollowed, SealedV1, rules: replaces_nothing);

macro_rules! sealed_v1 {
    ($body:ident) => {
        impl From<&$body> for SealedV1 {
            fn from(body: &$body) -> Self {
                Self {
                    concern: body.concern.0,
                    sealed_with: body.sealed_with.0.into(),
                    sealed: body.sealed.clone().into(),
                }
            }
        }

        impl TryFrom<SealedV1> for $body {
            type Error = NotOurs;

            fn try_from(wire: SealedV1) -> Result<Self, NotOurs> {
                if wire.sealed.len() > SEALED_MAX {
                    return Err(NotOurs);
                }
                Ok(Self {
                    concern: ConcernId(wire.concern),
                    sealed_with: SealingKey(wire.sealed_with.into()),
                    sealed: wire.sealed.into(),
                })
            }
        }
    };
}

sealed_v1!(ConcernRaised);
sealed_v1!(ConcernFollowed);

wire_map! {
    struct ConcernV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        programme: u64,
        #[n(2)]
        person: Option<u64>,
        #[n(3)]
        about: String,
        #[n(4)]
        words: String,
        #[n(5)]
        when: String,
        #[n(6)]
        place: String,
        #[n(7)]
        action: Option<String>,
        #[n(8)]
        emergency_called: bool,
        #[n(9)]
        told: Option<String>,
        #[n(10)]
        sharing: u8,
        #[n(11)]
        sharing_reason: Option<String>,
    }
}

impl Concern {
    /// The bytes that are sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = ConcernV1 {
            version: VERSION,
            programme: self.programme.0,
            person: self.person.map(|person| person.0),
            about: self.about.to_string(),
            words: self.words.to_string(),
            when: self.when.to_string(),
            place: self.place.to_string(),
            action: self.action.as_ref().map(ToString::to_string),
            emergency_called: self.emergency_called,
            told: self.told.as_ref().map(ToString::to_string),
            sharing: self.sharing.code(),
            sharing_reason: self.sharing_reason.as_ref().map(ToString::to_string),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    /// [`NotOurs`] if it is no concern of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
        let wire: ConcernV1 = minicbor::decode(bytes).map_err(|_| NotOurs)?;
        if wire.version != VERSION {
            return Err(NotOurs);
        }
        Ok(Self {
            programme: ProgrammeId(wire.programme),
            person: wire.person.map(PersonId),
            about: Text::required_from_wire(&wire.about)?,
            words: Text::required_from_wire(&wire.words)?,
            when: Text::required_from_wire(&wire.when)?,
            place: Text::required_from_wire(&wire.place)?,
            action: Text::from_wire(wire.action)?,
            emergency_called: wire.emergency_called,
            told: Text::from_wire(wire.told)?,
            sharing: Sharing::from_code(wire.sharing).ok_or(NotOurs)?,
            sharing_reason: Text::from_wire(wire.sharing_reason)?,
        })
    }
}

const NOTE: u8 = 1;
const OUTCOME: u8 = 2;
const CLOSED: u8 = 3;

wire_map! {
    struct FollowUpV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        kind: u8,
        #[n(2)]
        text: String,
    }
}

impl FollowUp {
    /// The bytes that are sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (kind, text) = match self {
            Self::Note(text) => (NOTE, text),
            Self::Outcome(text) => (OUTCOME, text),
            Self::Closed(text) => (CLOSED, text),
        };
        let wire = FollowUpV1 {
            version: VERSION,
            kind,
            text: text.to_string(),
        };
        // Writing to a vector cannot fail.
        minicbor::to_vec(&wire).unwrap_or_default()
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    /// [`NotOurs`] if it is nothing of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
        let wire: FollowUpV1 = minicbor::decode(bytes).map_err(|_| NotOurs)?;
        if wire.version != VERSION {
            return Err(NotOurs);
        }
        let text = Text::required_from_wire(&wire.text)?;
        match wire.kind {
            NOTE => Ok(Self::Note(text)),
            OUTCOME => Ok(Self::Outcome(text)),
            CLOSED => Ok(Self::Closed(text)),
            _ => Err(NotOurs),
        }
    }
}
