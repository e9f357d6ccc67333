//! Which version of each row was kept last.
//!
//! A row that is replaced carries a revision ([`super::Place::revision`]), and the manifest says which
//! one counts. It is one sealed row itself, written in the transaction that replaces the other, so a row
//! that somebody puts back from an older copy of the disk does not open. Putting the whole disk back to an
//! older state is beyond what a browser can find out alone; the server finds it at the next contact.

use std::collections::BTreeMap;

/// The form of a manifest.
const VERSION: u8 = 1;

/// The form, and how many entries follow.
const HEAD_LEN: usize = 1 + 8;
const NAME_LEN: usize = 16;
const ENTRY_LEN: usize = NAME_LEN + 8;

/// The revisions of a tablet's rows, by their blind names ([`super::VaultKeys::blind`]).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest(BTreeMap<[u8; NAME_LEN], u64>);

/// Bytes that are no manifest of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a manifest")]
pub struct NotAManifest;

impl Manifest {
    /// The revision of a row; 0 for one that was never kept.
    pub fn revision(&self, name: [u8; NAME_LEN]) -> u64 {
        self.0.get(&name).copied().unwrap_or_default()
    }

    /// The revision for a row that is now kept anew. One that is deleted keeps its entry, so that no
    /// older version of it ever counts again.
    pub fn raise(&mut self, name: [u8; NAME_LEN]) -> u64 {
        let revision = self.0.entry(name).or_default();
        *revision += 1;
        *revision
    }

    /// The bytes that are sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_LEN + self.0.len() * ENTRY_LEN);
        bytes.push(VERSION);
        bytes.extend((self.0.len() as u64).to_be_bytes());
        for (name, revision) in &self.0 {
            bytes.extend(name);
            bytes.extend(revision.to_be_bytes());
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`NotAManifest`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAManifest> {
        let (head, entries) = bytes.split_at_checked(HEAD_LEN).ok_or(NotAManifest)?;
        let (&[version], count) = head.split_at(1) else {
            return Err(NotAManifest);
        };
        let count = u64::from_be_bytes(count.try_into().map_err(|_| NotAManifest)?);
        let whole = entries.len() % ENTRY_LEN == 0;
        if version != VERSION || !whole || count != (entries.len() / ENTRY_LEN) as u64 {
            return Err(NotAManifest);
        }
        let mut revisions = BTreeMap::new();
        for entry in entries.chunks_exact(ENTRY_LEN) {
            let (name, revision) = entry.split_at(NAME_LEN);
            let name = name.try_into().map_err(|_| NotAManifest)?;
            let revision = revision.try_into().map_err(|_| NotAManifest)?;
            revisions.insert(name, u64::from_be_bytes(revision));
        }
        Ok(Self(revisions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_kept_again_has_a_later_revision_and_reads_back_so() {
        let mut manifest = Manifest::default();
        let (one, other) = ([1; 16], [2; 16]);
        assert_eq!(manifest.revision(one), 0);
        assert_eq!([manifest.raise(one), manifest.raise(one)], [1, 2]);
        manifest.raise(other);
        let read = Manifest::from_bytes(&manifest.to_bytes());
        assert_eq!(read.as_ref(), Ok(&manifest));
        assert_eq!(read.map(|read| read.revision(one)), Ok(2));
    }

    #[test]
    fn other_bytes_are_none() {
        let empty = Manifest::default().to_bytes();
        assert_eq!(Manifest::from_bytes(&empty), Ok(Manifest::default()));
        assert_eq!(Manifest::from_bytes(&empty[1..]), Err(NotAManifest));
        let longer = [empty.as_slice(), &[0; ENTRY_LEN]].concat();
        assert_eq!(Manifest::from_bytes(&longer), Err(NotAManifest));
        assert_eq!(Manifest::from_bytes(&[]), Err(NotAManifest));
        // Each of these is wrong in one thing alone: its version, how many it says it has, its end.
        let mut whole = Manifest::default();
        whole.raise([1; 16]);
        let whole = whole.to_bytes();
        let wrong = |place: usize| {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            bytes
        };
        let cut = whole[..whole.len() - 1].to_vec();
        for bytes in [wrong(0), wrong(HEAD_LEN - 1), cut] {
            assert_eq!(Manifest::from_bytes(&bytes), Err(NotAManifest));
        }
    }
}
