//! `wellfield import`: a coordinator's spreadsheets.

use super::failure::{Failure, read_file};
use super::{Import, say};
use crate::clock::{Clock, SystemClock};
use crate::entropy::{NoEntropy, random};
use crate::import;
use crate::storage::{AppendRefused, OwnRecords};

pub(super) async fn import(command: Import) -> Result<(), Failure> {
    let people = read_file(&command.people)?;
    let sessions = read_file(&command.sessions)?;
    let storage = command.data.place()?.open().await?;
    let overview = storage.overview().await?;
    let organisation = command
        .organisation
        .or(overview.organisation)
        .unwrap_or_else(|| command.programme.clone());
    let mut ids = Ids::default();
    let drafts = import::read(
        &people,
        &sessions,
        &command.programme,
        &organisation,
        &mut || ids.draw(),
    );
    let drafts = drafts.map_err(Failure::Rows)?;
    ids.check()?;
    let records = drafts.len();
    if command.dry_run {
        let name = command.programme.trim();
        if overview
            .programmes
            .iter()
            .any(|entry| entry.is_called(name))
        {
            return Err(Failure::NotAppended(AppendRefused::ProgrammeExists(
                name.to_owned(),
            )));
        }
        return say(&format!(
            "Everything is in order: {records} records. Nothing was kept."
        ));
    }
    let now = SystemClock.now();
    storage.append(OwnRecords::made_now(drafts, now)).await?;
    say(&format!(
        "{} is set up, run by {organisation}: {records} records.",
        command.programme
    ))
}

/// Identifiers, drawn one by one. That one could not be drawn is told afterwards, because whoever asks
/// for one cannot wait for bad news.
#[derive(Default)]
struct Ids {
    failed: Option<NoEntropy>,
}

impl Ids {
    fn draw(&mut self) -> u64 {
        random().map(u64::from_be_bytes).unwrap_or_else(|error| {
            self.failed = Some(error);
            0
        })
    }

    fn check(&self) -> Result<(), NoEntropy> {
        self.failed.map_or(Ok(()), Err)
    }
}
