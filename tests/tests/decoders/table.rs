//! Whether the table is whole.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use wellfield_tests::decoders::GROUPS;

use super::{GOLDEN, decoders};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_group_has_a_fuzz_target_and_every_fixture_a_decoder() {
    let manifest = fs::read_to_string(project().join("fuzz/Cargo.toml")).expect("the manifest");
    for group in GROUPS {
        let path = format!("fuzz_targets/{}.rs", group.name);
        let target = fs::read_to_string(project().join("fuzz").join(&path)).expect("a target");
        assert!(
            target.contains(&format!("check(\"{}\"", group.name)),
            "{path} checks another group"
        );
        assert!(
            manifest.contains(&format!("path = \"{path}\"")),
            "{path} is not in the manifest"
        );
    }
    for (name, bytes) in GOLDEN.iter() {
        let mut own = decoders()
            .filter(|decoder| !decoder.golden.is_empty() && name.starts_with(decoder.golden));
        assert!(
            own.any(|decoder| (decoder.read)(bytes)),
            "no decoder reads {name}"
        );
    }
}

/// Looks at the source, so that a way in that somebody adds is not forgotten here.
#[test]
fn every_way_in_is_in_the_table() {
    let mut table = String::new();
    for file in ["beside", "carried", "messages", "texts"] {
        let path = project().join(format!("tests/src/decoders/{file}.rs"));
        table += &fs::read_to_string(path).expect("a part of the table");
    }
    let mut ways_in = BTreeSet::new();
    let mut folders = vec![project().join("core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the rules") {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                ways_in.extend(ways_in_of(&fs::read_to_string(path).expect("source")));
            }
        }
    }
    assert!(
        ways_in.len() >= 20,
        "looks at the right source: {ways_in:?}"
    );
    ways_in.retain(|name| !table.contains(&format!("{name}\"")));
    assert!(
        ways_in.is_empty(),
        "not in tests/src/decoders/: {ways_in:?}"
    );
}

/// What reads bytes in this source: functions, and messages.
fn ways_in_of(source: &str) -> Vec<String> {
    let word = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.next().unwrap_or_default().to_owned()
    };
    let mut of = String::new();
    let mut ways_in = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some(message) = line.strip_prefix("message!(") {
            ways_in.push(word(message));
        } else if let Some(named) = line.strip_prefix("impl FromStr for ") {
            ways_in.push(word(named));
        } else if let Some(named) = line.strip_prefix("impl ") {
            of = word(named);
        } else if let Some(function) = line.strip_prefix("pub fn ").map(word) {
            let begins = |beginnings: &[&str]| beginnings.iter().any(|b| function.starts_with(b));
            if begins(&["decode_", "read_", "each_event"]) {
                ways_in.push(function);
            } else if begins(&["from_bytes", "from_file"]) {
                ways_in.push(format!("{of}::{function}"));
            }
        }
    }
    // The macro that makes identifiers names none.
    ways_in.retain(|name| !name.is_empty());
    ways_in
}
