//! The chain of entries, its head, and what is found when either was changed.

use std::fmt;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use super::wire::{encode_entry, place_of};
use super::{Entry, NewEntry};

/// Says what is signed, so that a signature of the audit is one of nothing else.
const PURPOSE: &[u8] = b"wellfield audit head 1";

/// An entry as it is stored: its bytes, and the hash that chains it to the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The entry.
    pub bytes: Vec<u8>,
    /// SHA-256 of the length of the bytes, the bytes, and the hash before it.
    pub hash: [u8; 32],
}

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries the chain has.
    pub seq: u64,
    /// The hash of the last of them; zeros before the first.
    pub hash: [u8; 32],
}

impl Head {
    /// The end of a chain that has no entry.
    pub const START: Self = Self {
        seq: 0,
        hash: [0; 32],
    };

    /// Puts an entry at the end. Answers what is to be stored, and the new end.
    pub fn append(self, entered: NewEntry) -> (Link, Self) {
        let seq = self.seq.saturating_add(1);
        let bytes = encode_entry(&Entry { seq, entered });
        let hash = chained(&bytes, &self.hash);
        (Link { bytes, hash }, Self { seq, hash })
    }
}

/// The length stands in front, so that no bytes can pass for other bytes and a part of a hash.
pub(super) fn chained(bytes: &[u8], before: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
    hash.update(before);
    hash.finalize().into()
}

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not the entry of this place: one was taken out, put in, or moved.
    Misplaced,
    /// It, or one before it, is not what was written.
    Changed,
}

/// Where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit is broken at entry {at}: {}", .fault.explained())]
pub struct Broken {
    /// The first place at which something is wrong, from 1.
    pub at: u64,
    /// What.
    pub fault: Fault,
}

impl Fault {
    const fn explained(self) -> &'static str {
        match self {
            Self::Misplaced => "an entry was taken out, put in or moved",
            Self::Changed => "the entry or its hash is not what was written",
        }
    }
}

/// Follows a chain from its beginning. That it goes on to where it was signed is asked by [`judge`].
///
/// # Errors
/// [`Broken`], with the first place at which something is wrong.
pub fn verify<'a>(links: impl IntoIterator<Item = &'a Link>) -> Result<Head, Broken> {
    let mut head = Head::START;
    for link in links {
        let at = head.seq + 1;
        if place_of(&link.bytes) != Some(at) {
            let fault = Fault::Misplaced;
            return Err(Broken { at, fault });
        }
        if chained(&link.bytes, &head.hash) != link.hash {
            let fault = Fault::Changed;
            return Err(Broken { at, fault });
        }
        head = Head {
            seq: at,
            hash: link.hash,
        };
    }
    Ok(head)
}

/// The key that signs the head of the audit. It lies in a file outside the database. Its debug output
/// does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct AuditKey(pub [u8; 32]);

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey")
    }
}

/// The end of a chain, signed (HMAC-SHA-256, RFC 2104).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// The end.
    pub head: Head,
    /// The signature.
    pub tag: [u8; 32],
}

impl AuditKey {
    /// Signs the end of a chain.
    pub fn sign(&self, head: Head) -> SignedHead {
        let tag = self.mac(head).finalize().into_bytes().into();
        SignedHead { head, tag }
    }

    /// Whether this key made the signature.
    pub fn signed(&self, signed: &SignedHead) -> bool {
        let mac = self.mac(signed.head);
        mac.verify(&signed.tag.into()).is_ok()
    }

    fn mac(&self, head: Head) -> Hmac<Sha256> {
        // HMAC fills a short key up with zeros to the block of its hash; done here, it cannot fail.
        let mut key = [0; 64];
        key[..self.0.len()].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&key.into());
        mac.update(PURPOSE);
        mac.update(&head.seq.to_be_bytes());
        mac.update(&head.hash);
        mac
    }
}

/// Text that is no signed head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a signed head of an audit")]
pub struct NotAHead;

/// As it is kept outside the database: `wellfield-audit-head 1 SEQ HASH TAG`, the last two in hexadecimal
/// digits.
impl fmt::Display for SignedHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wellfield-audit-head 1 {} ", self.head.seq)?;
        for byte in self.head.hash {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(" ")?;
        for byte in self.tag {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// Reads what [`SignedHead`] writes.
///
/// # Errors
/// [`NotAHead`] for anything else.
pub fn read_signed_head(text: &str) -> Result<SignedHead, NotAHead> {
    let mut words = text.split_whitespace();
    let (Some("wellfield-audit-head"), Some("1")) = (words.next(), words.next()) else {
        return Err(NotAHead);
    };
    let seq = words.next().and_then(|word| word.parse().ok());
    let hash = words.next().and_then(hash_of);
    let tag = words.next().and_then(hash_of);
    match (seq, hash, tag, words.next()) {
        (Some(seq), Some(hash), Some(tag), None) => Ok(SignedHead {
            head: Head { seq, hash },
            tag,
        }),
        _ => Err(NotAHead),
    }
}

fn hash_of(digits: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if digits.len() != 2 * hash.len() || !digits.is_ascii() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        let value = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(value(pair[0])? << 4 | value(pair[1])?).ok()?;
    }
    Some(hash)
}

/// What is found wrong with an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrue {
    /// The chain does not hold together.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// There are entries and no signature.
    #[error("the audit has {entries} entries and its end is not signed")]
    NotSigned {
        /// How many entries there are.
        entries: u64,
    },
    /// The signature of the end is not by this key.
    #[error("the end of the audit is not signed by these keys")]
    OtherKey,
    /// The chain does not end where it was signed.
    #[error(
        "the audit has {entries} entries, and its end was signed at {signed}: entries are missing or were added"
    )]
    OtherEnd {
        /// How many entries there are.
        entries: u64,
        /// How many there were when the end was signed.
        signed: u64,
    },
    /// The chain was longer once, or another.
    #[error(
        "the audit that was here had another entry {at}: entries were taken away or written anew"
    )]
    NotAsSeen {
        /// The last entry that was seen.
        at: u64,
    },
}

impl Untrue {
    /// What it means and what to do, for whoever runs the server.
    pub const fn meaning(&self) -> &'static str {
        match self {
            Self::Broken(_) => {
                "Somebody changed the database by other means than Wellfield, or its disk is damaged. The \
                 entries before this one are as they were written; this one and those after it prove \
                 nothing. Keep the database as it is and compare it with a backup."
            }
            Self::NotSigned { .. } => {
                "Somebody removed the signature from the database. No entry proves anything. Keep the \
                 database as it is and compare it with a backup."
            }
            Self::OtherKey => {
                "Either these are not the keys that this audit was kept with, or somebody who has no keys \
                 changed it. If you are sure of the keys, keep the database as it is and compare it with \
                 a backup."
            }
            Self::OtherEnd { .. } => {
                "Somebody who has no keys added entries or took the last ones away. Keep the database as \
                 it is and compare it with a backup."
            }
            Self::NotAsSeen { .. } => {
                "An older copy of the database was put in its place, or its last entries were taken away. \
                 If that was a restore, `wellfield restore` has to do it, which enters it; if it was not, \
                 keep the database as it is and look for who did it."
            }
        }
    }
}

/// Whether an audit is whole: its chain holds together, ends where it was signed, the key made that
/// signature, and it goes on from the end that was seen and kept elsewhere before. That last is what finds
/// a database that somebody put an older copy in the place of. Answers the end.
///
/// # Errors
/// See [`Untrue`].
pub fn judge(
    links: &[Link],
    signed: Option<&SignedHead>,
    key: &AuditKey,
    seen: Option<&SignedHead>,
) -> Result<Head, Untrue> {
    let head = verify(links)?;
    match signed {
        None if head != Head::START => return Err(Untrue::NotSigned { entries: head.seq }),
        None => {}
        Some(signed) if !key.signed(signed) => return Err(Untrue::OtherKey),
        Some(signed) if signed.head != head => {
            return Err(Untrue::OtherEnd {
                entries: head.seq,
                signed: signed.head.seq,
            });
        }
        Some(_) => {}
    }
    match seen {
        // What was not signed by the key is no witness.
        Some(seen) if !key.signed(seen) => Err(Untrue::OtherKey),
        Some(seen) if !is_on(links, seen.head) => Err(Untrue::NotAsSeen { at: seen.head.seq }),
        Some(_) | None => Ok(head),
    }
}

/// Whether a chain that holds together passes through an end.
fn is_on(links: &[Link], end: Head) -> bool {
    let Some(before) = end.seq.checked_sub(1) else {
        return end == Head::START;
    };
    let link = usize::try_from(before).ok().and_then(|at| links.get(at));
    link.is_some_and(|link| link.hash == end.hash)
}
