//! `wellfield subject-access`: what is recorded about one person, for that person.

use std::path::Path;

use wellfield_core::audit::{Actor, Deed, NewEntry};

use super::failure::Failure;
use super::place::note_end;
use super::subject::find;
use super::{SubjectAccess, say};
use crate::clock::{Clock, SystemClock};
use crate::export;
use crate::keys::write_private;

pub(super) async fn subject_access(command: SubjectAccess) -> Result<(), Failure> {
    let place = command.data.place()?;
    let storage = place.open_existing().await?;
    let nothing = || Failure::NothingAbout(command.whom.number());
    let subject = command.whom.subject().ok_or_else(nothing)?;
    let about = find(&*storage, subject).await?;
    let records = about.findings.total();
    if records == 0 {
        return Err(nothing());
    }
    let now = SystemClock.now();
    // Before anything is handed out, so that nothing is handed out that is not entered.
    storage
        .enter(NewEntry {
            at: now,
            actor: Actor::CommandLine,
            deed: Deed::SubjectAccess { records },
        })
        .await?;
    note_end(&*storage, &place.keys).await;
    let document = export::subject(subject, &about.findings, &about.records, now);
    let page = command.out.with_extension("html");
    write(&command.out, &serde_json::to_string_pretty(&document)?)?;
    write(&page, &export::page(&document))?;
    say(&format!(
        "{records} records: {} and, to print, {}.",
        command.out.display(),
        page.display()
    ))?;
    say(
        "Before you hand it out: look for what is about other people. Safeguarding concerns are not in it; ask the safeguarding lead.",
    )?;
    let notes = about.findings.sessions_with_notes();
    if notes + usize::try_from(about.unreadable).unwrap_or(usize::MAX) > 0 {
        say(&format!(
            "Not in it either: notes of {notes} sessions, and {} records that were set aside and cannot be read. Read them yourself.",
            about.unreadable
        ))?;
    }
    Ok(())
}

/// It is about somebody's health, so nobody else on the machine can read it, and nothing is replaced.
fn write(path: &Path, content: &str) -> Result<(), Failure> {
    write_private(path, content.as_bytes()).map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })
}
