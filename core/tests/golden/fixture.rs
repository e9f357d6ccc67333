//! Fixture files: the diagnostic notation for people, then the bytes in hexadecimal.

// The rules do no I/O; a test of their bytes reads files.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

/// The variable that rewrites the fixtures. The run fails all the same, so that it cannot stay on.
pub(crate) const UPDATE: &str = "UPDATE_GOLDEN";

const SUFFIX: &str = ".cbor.txt";

/// Whether bytes read back as one fixed value.
type ReadsBack = Box<dyn Fn(&[u8]) -> bool>;

/// A value, its bytes, and how to read them.
pub(crate) struct Case {
    /// The name of the fixture.
    pub(crate) name: String,
    /// The bytes that the value has now.
    pub(crate) bytes: Vec<u8>,
    /// Whether bytes read back as the value.
    pub(crate) reads_back: ReadsBack,
    /// Reads any bytes as a value of this type and writes it again; `None` if they are no such value.
    pub(crate) rewrite: fn(&[u8]) -> Option<Vec<u8>>,
}

pub(crate) fn updating() -> bool {
    std::env::var_os(UPDATE).is_some_and(|value| value == "1")
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/bytes")
}

/// The names of the fixtures that there are.
pub(crate) fn names() -> BTreeSet<String> {
    fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|file| file.strip_suffix(SUFFIX).unwrap_or(&file).to_owned())
        .collect()
}

/// The bytes of a fixture.
pub(crate) fn read(name: &str) -> Option<Vec<u8>> {
    let text = fs::read_to_string(folder().join(format!("{name}{SUFFIX}"))).ok()?;
    let digits: Vec<u8> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::bytes)
        .collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}

/// Writes the fixture of a value.
pub(crate) fn write(case: &Case) {
    let mut text = format!("# {}\n", minicbor::display(&case.bytes));
    for line in case.bytes.chunks(40) {
        for byte in line {
            write!(text, "{byte:02x}").unwrap();
        }
        text.push('\n');
    }
    fs::create_dir_all(folder()).unwrap();
    fs::write(folder().join(format!("{}{SUFFIX}", case.name)), text).unwrap();
}
