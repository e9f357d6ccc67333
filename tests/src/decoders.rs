//! Every way in for bytes from outside, in one table.
//!
//! The property test (`tests/decoders.rs`) and the fuzz targets (`fuzz/`) go through this table and
//! hold every decoder to the same promises: a value or a typed error and never a panic, memory within
//! a bound that follows from the length of the bytes alone, and what was read is written as bytes that
//! read as the same.
//!
//! Something new to decode is a line here, in the group that it belongs to. A new group is also a file
//! in `fuzz/fuzz_targets/`, which the property test asks for.

mod beside;
mod carried;
mod messages;
mod texts;

use std::path::Path;

/// A way in for bytes from outside.
#[derive(Clone, Copy, Debug)]
pub struct Decoder {
    /// The type or function of `wellfield-core` that reads.
    pub name: &'static str,
    /// How the fixtures begin that hold what it reads. Empty where none does.
    pub golden: &'static str,
    /// Reads bytes and lets go of what came out: whether something did.
    pub read: fn(&[u8]) -> bool,
    /// Reads bytes; panics if what came out is not what its own bytes read as, or if something that
    /// takes such a value panics over it.
    pub stays_the_same: fn(&[u8]),
    /// The most memory that reading so many bytes may hold at one time, in bytes.
    pub memory_max: fn(usize) -> usize,
}

impl Decoder {
    /// Holds the decoder to its promises over these bytes. `peak` runs what it is given and tells how
    /// much memory that held at one time.
    ///
    /// # Panics
    /// Where a promise does not hold.
    pub fn check(&self, bytes: &[u8], peak: impl FnOnce(&dyn Fn()) -> u64) {
        let held = peak(&|| {
            (self.read)(bytes);
        });
        let held_max = (self.memory_max)(bytes.len());
        assert!(
            usize::try_from(held).is_ok_and(|held| held <= held_max),
            "{} held {held} bytes of memory over {} bytes, more than {held_max}",
            self.name,
            bytes.len(),
        );
        (self.stays_the_same)(bytes);
    }
}

/// The decoders of one fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The name of the fuzz target.
    pub name: &'static str,
    /// What it goes through, with the same bytes for each.
    pub decoders: &'static [Decoder],
}

/// Every group.
pub const GROUPS: &[Group] = &[
    Group {
        name: "event",
        decoders: carried::EVENT,
    },
    Group {
        name: "push",
        decoders: messages::PUSH,
    },
    Group {
        name: "pull",
        decoders: messages::PULL,
    },
    Group {
        name: "block",
        decoders: carried::BLOCK,
    },
    Group {
        name: "start_copy",
        decoders: carried::START_COPY,
    },
    Group {
        name: "safety_copy",
        decoders: carried::SAFETY_COPY,
    },
    Group {
        name: "asking",
        decoders: carried::ASKING,
    },
    Group {
        name: "submission",
        decoders: carried::SUBMISSION,
    },
    Group {
        name: "messages",
        decoders: messages::OTHERS,
    },
    Group {
        name: "audit",
        decoders: beside::AUDIT,
    },
    Group {
        name: "vault",
        decoders: carried::VAULT,
    },
    Group {
        name: "texts",
        decoders: texts::TEXTS,
    },
];

/// The group of a fuzz target.
///
/// # Panics
/// Where there is none of this name.
pub fn group(name: &str) -> &'static Group {
    let found = GROUPS.iter().find(|group| group.name == name);
    found.unwrap_or_else(|| panic!("no group {name}"))
}

/// The frozen bytes of `core/tests/golden/bytes/`, each with the name of its fixture.
///
/// # Panics
/// Where the folder cannot be read.
pub fn golden() -> Vec<(String, Vec<u8>)> {
    const SUFFIX: &str = ".cbor.txt";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/tests/golden/bytes");
    let entries = std::fs::read_dir(folder).expect("the folder of the fixtures");
    let mut golden: Vec<_> = entries
        .filter_map(|entry| {
            let path = entry.expect("an entry of the folder").path();
            let name = path.file_name()?.to_str()?.strip_suffix(SUFFIX)?.to_owned();
            let text = std::fs::read_to_string(&path).expect("a fixture");
            Some((name, from_fixture(&text)))
        })
        .collect();
    golden.sort();
    golden
}

/// The bytes of a fixture: hexadecimal digits below the notation for people.
fn from_fixture(text: &str) -> Vec<u8> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let digits: Vec<char> = lines.flat_map(str::chars).collect();
    let value = |digit: char| digit.to_digit(16).expect("a hexadecimal digit") as u8;
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | value(*digit)))
        .collect()
}

/// Reads, writes what came out and reads that, which has to be the same. A value may hold a key or
/// somebody's words, so a failure shows neither.
fn written_and_read<T: PartialEq, E>(
    bytes: &[u8],
    read: impl Fn(&[u8]) -> Result<T, E>,
    write: impl Fn(&T) -> Vec<u8>,
) {
    if let Ok(value) = read(bytes) {
        let again = read(&write(&value));
        assert!(
            again.is_ok_and(|again| again == value),
            "what was read is written as something else"
        );
    }
}

/// What an error, or a value of fixed size, costs: next to nothing.
const LITTLE: usize = 1024;

/// For what holds nothing larger than its own bytes. Most is held by what skips a key that it does not
/// know: sixteen bytes for each level of nesting, and a level is a byte. A list that grows has room for
/// twice as much as is in it, and is there a second time, half as large, while it moves: 48 for one.
/// The lists of streams, devices and pulled events stay below that.
const fn memory_skipping(length: usize) -> usize {
    LITTLE + 48 * length
}
