//! The bytes on the wire and on disk, frozen: one file for each kind and version.
//!
//! A tablet that was switched off for a year still has to be understood. Where a test here fails, the
//! change is a new version of a body or message, not a new fixture. For something new run
//! `UPDATE_GOLDEN=1 cargo test -p wellfield-core --test golden`, look at the files and keep them.

#![allow(clippy::unwrap_used)]

mod audit;
mod damage;
mod evaluation;
mod events;
mod evolution;
mod fixture;
mod forms;
mod messages;
mod outcomes;

use std::collections::BTreeSet;

/// Everything that has bytes of its own.
fn all_cases() -> Vec<fixture::Case> {
    let mut cases = events::cases();
    cases.extend(messages::cases());
    cases.extend(forms::cases());
    cases.extend(audit::cases());
    cases.extend(evaluation::cases());
    cases
}

#[test]
fn every_value_has_the_bytes_that_it_always_had_and_reads_back() {
    let mut wrong = Vec::new();
    for case in all_cases() {
        if fixture::updating() {
            fixture::write(&case);
        }
        match fixture::read(&case.name) {
            None => wrong.push(format!("{}: no fixture", case.name)),
            Some(bytes) if bytes != case.bytes => {
                wrong.push(format!("{}: other bytes than before", case.name));
            }
            Some(bytes) if !(case.reads_back)(&bytes) => {
                wrong.push(format!("{}: reads back as something else", case.name));
            }
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        !fixture::updating(),
        "the fixtures were written; run again without {}",
        fixture::UPDATE
    );
}

#[test]
fn every_fixture_belongs_to_a_value() {
    let named: BTreeSet<_> = all_cases().into_iter().map(|case| case.name).collect();
    let left: Vec<_> = fixture::names().difference(&named).cloned().collect();
    assert!(left.is_empty(), "fixtures without a value: {left:?}");
    assert_eq!(named.len(), all_cases().len(), "two values share a name");
}
