//! The ledger of erasures: who was erased, in a file outside the database.
//!
//! A backup holds what was erased after it was made. The ledger is therefore kept apart from the
//! database and from its backups, is only ever added to, and is carried out again after each restore. It
//! holds numbers and nothing that was erased.
//!
//! The file is CBOR items one after the other, a map each: 0 version (1), 1 kind ([`SubjectKind`]), 2 when,
//! 3 who, as a [`Blind`] number that says nothing without the records. A restore that cannot carry out an
//! erasure of a newer kind must not be used.

use crate::clock::Instant;
use crate::erasure::{Blind, ErasedSubjects, Subject, SubjectKind};

const VERSION: u8 = 1;

/// Something that was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// What kind of thing. A number is never used again for something else.
    pub kind: u16,
    /// When, by the server's clock.
    pub at: Instant,
    /// Its number.
    pub subject: u64,
}

impl Erasure {
    /// The entry that says that somebody was erased.
    pub fn of(subject: Subject, at: Instant) -> Self {
        Self {
            kind: u16::from(subject.kind().code()),
            at,
            subject: Blind::of(subject).0,
        }
    }

    /// Who was erased; `None` where this version knows no such kind.
    fn blind(&self) -> Option<Blind> {
        let kind = u8::try_from(self.kind).ok()?;
        SubjectKind::from_code(kind).map(|_| Blind(self.subject))
    }
}

/// Why a ledger cannot be read. Then nothing of it may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// An entry is damaged, or cut off.
    #[error("entry {0} of the ledger of erasures is damaged or cut off")]
    Damaged(usize),
    /// A newer version wrote an entry.
    #[error("entry {0} of the ledger of erasures was written by a newer version")]
    Newer(usize),
}

/// A kind of erasure that this version cannot carry out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "entry {entry} of the ledger of erasures is of kind {kind}, which this version cannot carry out"
)]
pub struct CannotErase {
    /// The entry, from 1.
    pub entry: usize,
    /// Its kind.
    pub kind: u16,
}

wire_map! {
    struct ErasureV1 {
        #[n(0)]
        version: u8,
        #[n(1)]
        kind: u16,
        #[n(2)]
        at: u64,
        #[n(3)]
        subject: u64,
    }
}

/// The bytes that are added to the file for an erasure.
pub fn encode_erasure(erasure: &Erasure) -> Vec<u8> {
    let wire = ErasureV1 {
        version: VERSION,
        kind: erasure.kind,
        at: erasure.at.0,
        subject: erasure.subject,
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(&wire).unwrap_or_default()
}

/// Reads a ledger. An empty one is in order.
///
/// # Errors
/// See [`LedgerError`].
pub fn read_ledger(bytes: &[u8]) -> Result<Vec<Erasure>, LedgerError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let mut erasures = Vec::new();
    while decoder.position() < bytes.len() {
        let entry = erasures.len() + 1;
        let wire: ErasureV1 = decoder.decode().map_err(|_| LedgerError::Damaged(entry))?;
        if wire.version != VERSION {
            return Err(LedgerError::Newer(entry));
        }
        erasures.push(Erasure {
            kind: wire.kind,
            at: Instant(wire.at),
            subject: wire.subject,
        });
    }
    Ok(erasures)
}

/// What of a ledger is to be carried out again: all of it.
///
/// # Errors
/// [`CannotErase`] for the first entry of a kind that this version cannot carry out.
pub fn plan_replay(ledger: &[Erasure]) -> Result<Replay, CannotErase> {
    let blinds = ledger.iter().zip(1..).map(|(erasure, entry)| {
        let kind = erasure.kind;
        erasure.blind().ok_or(CannotErase { entry, kind })
    });
    let subjects = blinds.collect::<Result<_, _>>()?;
    Ok(Replay { subjects })
}

/// A ledger that this version can carry out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    subjects: ErasedSubjects,
}

impl Replay {
    /// How many were erased.
    pub fn erasures(&self) -> u64 {
        self.subjects.blinds().count() as u64
    }

    /// Who.
    pub const fn subjects(&self) -> &ErasedSubjects {
        &self.subjects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERASURE: Erasure = Erasure {
        kind: 1,
        at: Instant(5),
        subject: u64::MAX,
    };

    #[test]
    fn a_ledger_reads_back_and_one_that_is_cut_off_does_not() {
        let other = Erasure {
            kind: u16::MAX,
            ..ERASURE
        };
        let first = encode_erasure(&ERASURE);
        let both = [first.clone(), encode_erasure(&other)].concat();
        assert_eq!(read_ledger(&both), Ok(vec![ERASURE, other]));
        assert_eq!(read_ledger(&[]), Ok(vec![]));
        for end in 1..both.len() {
            let read = read_ledger(&both[..end]);
            match end.cmp(&first.len()) {
                std::cmp::Ordering::Less => assert_eq!(read, Err(LedgerError::Damaged(1))),
                std::cmp::Ordering::Equal => assert_eq!(read, Ok(vec![ERASURE])),
                std::cmp::Ordering::Greater => assert_eq!(read, Err(LedgerError::Damaged(2))),
            }
        }
    }

    #[test]
    fn what_this_version_cannot_carry_out_stops_a_restore() {
        let erasures = |ledger: &[Erasure]| plan_replay(ledger).map(|replay| replay.erasures());
        assert_eq!(erasures(&[]), Ok(0));
        assert_eq!(erasures(&[ERASURE, ERASURE]), Ok(1), "written twice");
        for kind in [0, 3, 257, u16::MAX] {
            let newer = Erasure { kind, ..ERASURE };
            let refused = plan_replay(&[ERASURE, newer]).unwrap_err();
            assert_eq!((refused.entry, refused.kind), (2, kind));
        }
    }
}
