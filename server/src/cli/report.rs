//! `wellfield report`: what a programme can show.

use std::path::Path;

use wellfield_core::clock::Date;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::language::Language;
use wellfield_core::reporting::Behind;
use wellfield_core::stream::Stream;
use wellfield_wording::Words;

use super::enrol::find_programme;
use super::evaluate::lasting;
use super::export::hand_out;
use super::failure::Failure;
use super::{Report, ReportFormat, say};
use crate::clock::{Clock, SystemClock};
use crate::keys::write_private;
use crate::report::{Document, File, Wanted, answers, csv, document, html, json, leaflet, pack};
use crate::storage::Storage;

pub(super) async fn report(command: Report) -> Result<(), Failure> {
    if let (Some(from), Some(to)) = (command.from, command.to)
        && to < from
    {
        return Err(Failure::NoDays);
    }
    let storage = command.data.place()?.open_existing().await?;
    let programme = find_programme(&storage, &command.programme).await?;
    let period = (command.from, command.to);
    let words = Words(Language::from_tag(&command.language));
    let wanted = Wanted {
        address: command.address.as_deref(),
        lasting: lasting(command.wellby_years)?,
    };
    let made = work_out(&*storage, programme, period, words, wanted).await?;
    let (document, behind) = made.ok_or(Failure::NoProgramme {
        name: command.programme,
        known: Vec::new(),
    })?;
    if let Some(folder) = command.pack {
        return write_pack(&folder, &document, &behind, command.with_answers);
    }
    let written = match command.format {
        ReportFormat::Html => html(&document),
        ReportFormat::LinkWorkers => leaflet(&document),
        ReportFormat::Json => serde_json::to_string_pretty(&json(&document))?,
        ReportFormat::Csv => csv(&document).map_err(Failure::Csv)?,
        ReportFormat::Answers => answers(&behind).map_err(Failure::Csv)?,
    };
    say(written.trim_end())
}

/// Writes the files of a report. Nothing is replaced, and nobody else on the machine can read them.
fn write_pack(
    folder: &Path,
    document: &Document,
    behind: &Behind,
    with_answers: bool,
) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Failure::Write { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    for File { name, content } in pack(document, behind, with_answers)? {
        let path = folder.join(name);
        write_private(&path, content.as_bytes()).map_err(failed(&path))?;
        say(&path.display().to_string())?;
    }
    if with_answers {
        say(
            "The answers are for your evaluator alone: somebody who knows who answered when can know people by them. Do not publish them.",
        )?;
    }
    Ok(())
}

/// Works the report of a programme out, once it is entered that somebody gets it; `None` where the
/// programme is not set up.
pub(super) async fn work_out(
    storage: &dyn Storage,
    programme: ProgrammeId,
    period: (Option<Date>, Option<Date>),
    words: Words,
    wanted: Wanted<'_>,
) -> Result<Option<(Document, Behind)>, Failure> {
    let streams = vec![
        Stream::Delivery(programme),
        Stream::Casework(programme),
        Stream::Public,
    ];
    let now = SystemClock.now();
    let records = hand_out(storage, programme, streams, now).await?;
    Ok(document(&records, programme, period, (words, now), wanted))
}
