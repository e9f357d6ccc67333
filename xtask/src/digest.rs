//! SHA-256 in hexadecimal: names of files, the precache list and the stamp of what was built.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// How many hexadecimal digits of a digest go into a file name or a version.
pub(crate) const SHORT_LEN: usize = 16;

/// A digest in the making, over several named parts.
pub(crate) struct Digester(Sha256);

impl Digester {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    /// Adds a part. Lengths go in too, so that moving a byte from name to content changes the digest.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) {
        for bytes in [name.as_bytes(), content] {
            self.0
                .update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
            self.0.update(bytes);
        }
    }

    pub(crate) fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// The digest of `content`, as `crypto.subtle` computes it.
pub(crate) fn digest(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content))
}

/// The part of `digest` that goes into names.
pub(crate) fn short(digest: &str) -> &str {
    digest.get(..SHORT_LEN).unwrap_or(digest)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_is_sha_256_in_hexadecimal() {
        assert_eq!(
            digest(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(short(&digest(b"abc")), "ba7816bf8f01cfea");
    }

    #[test]
    fn a_digester_tells_names_from_contents() {
        let of = |name, content| {
            let mut digester = Digester::new();
            digester.add(name, content);
            digester.finish()
        };
        assert_ne!(of("ab", b"c"), of("a", b"bc"));
    }
}
