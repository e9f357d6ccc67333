//! `wellfield erase`: everything that is about one person, for good.

use wellfield_core::audit::Actor;
use wellfield_core::restore::ledger::Erasure;

use super::failure::Failure;
use super::place::{Place, note_end};
use super::subject::{About, find};
use super::{Erase, say};
use crate::backup::draw;
use crate::clock::{Clock, SystemClock};
use crate::erasures::LedgerFile;
use crate::storage::{Erasing, Storage};

pub(super) async fn erase(command: Erase) -> Result<(), Failure> {
    let place = command.data.place()?;
    let ledger = place.ledger(command.erasures);
    let storage = place.open_existing().await?;
    let nothing = || Failure::NothingAbout(command.whom.number());
    let subject = command.whom.subject().ok_or_else(nothing)?;
    let about = find(&*storage, subject).await?;
    if about.findings.total() == 0 {
        return Err(nothing());
    }
    for (finding, count) in &about.findings.counts {
        say(&format!(
            "{count:>6}  {}  {}",
            finding.kind.name(),
            finding.stream
        ))?;
    }
    if command.dry_run {
        say("Nothing was erased: this was a rehearsal.")?;
        return stays(&about);
    }
    carry_out(&place, &ledger, &*storage, &about).await?;
    stays(&about)
}

/// Erases somebody about whom there is something.
pub(super) async fn carry_out(
    place: &Place,
    ledger: &LedgerFile,
    storage: &dyn Storage,
    about: &About,
) -> Result<(), Failure> {
    let now = SystemClock.now();
    // First the ledger: whoever is in it is erased by doing this once more, and whoever is in neither would
    // come back with a backup.
    for subject in &about.subjects {
        let erasure = Erasure::of(*subject, now);
        ledger
            .add(&erasure)
            .map_err(|source| Failure::NotInLedger {
                path: ledger.path().to_owned(),
                source,
            })?;
    }
    let erasing = Erasing {
        subjects: about.subjects.iter().copied().collect(),
        epoch: draw(&about.epochs)?.epoch,
        by: Actor::CommandLine,
        now,
    };
    let records = storage.erase(erasing).await?;
    note_end(storage, &place.keys).await;
    say(&format!(
        "Erased: {records} records. Devices forget what they were sent of it when they are next in contact. {} has it that this was done; keep a copy of that file apart from the backups.",
        ledger.path().display()
    ))
}

/// What only a person can find, or decide.
fn stays(about: &About) -> Result<(), Failure> {
    say("What this does not reach:")?;
    let notes = about.findings.sessions_with_notes();
    if notes > 0 {
        say(&format!(
            "- the notes of {notes} sessions at which they are recorded. Read whether somebody wrote about them."
        ))?;
    }
    if about.unreadable > 0 {
        say(&format!(
            "- {} records that were set aside and cannot be read.",
            about.unreadable
        ))?;
    }
    say("- safeguarding concerns. They are sealed, and the safeguarding lead decides about them.")?;
    say(
        "- tablets that are never in contact again; backups, until you delete them; exports and print-outs.",
    )
}
