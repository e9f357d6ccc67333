//! Writes the frozen bytes of `core/tests/golden/bytes/` where each fuzz target looks for what to begin
//! with. A target gets those that one of its decoders reads.

#![forbid(unsafe_code)]

use std::path::Path;
use std::{fs, io};

use wellfield_tests::decoders::{GROUPS, golden};

fn main() -> io::Result<()> {
    for group in GROUPS {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(group.name);
        fs::create_dir_all(&corpus)?;
        for (name, bytes) in golden() {
            let mut readers = group
                .decoders
                .iter()
                .filter(|decoder| !decoder.golden.is_empty());
            if readers.any(|decoder| (decoder.read)(&bytes)) {
                fs::write(corpus.join(name), bytes)?;
            }
        }
    }
    Ok(())
}
