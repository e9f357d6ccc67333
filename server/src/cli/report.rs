//! `wellfield report`: what a programme can show.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wellfield_core::clock::Date;
use wellfield_core::ids::{ProgrammeId, ReportId};
use wellfield_core::language::Language;
use wellfield_core::reporting::{Behind, Given};
use wellfield_core::stream::Stream;
use wellfield_core::text::{Line, Text};
use wellfield_wording::Words;

use super::enrol::find_programme;
use super::evaluate::lasting;
use super::export::hand_out;
use super::failure::Failure;
use super::place::Data;
use super::say;
use crate::clock::{Clock, SystemClock};
use crate::entropy::random;
use crate::keys::write_private;
use crate::report::{Document, File, Wanted, answers, csv, document, html, json, leaflet, pack};
use crate::storage::{OwnRecords, Storage};
use crate::unicode::nfc;

#[derive(Args)]
pub(super) struct Report {
    /// The programme.
    #[arg(long, value_name = "NAME")]
    programme: String,
    /// The first day that it is about, as 2026-06-01; else the first of the programme.
    #[arg(long, value_name = "DAY", value_parser = super::day)]
    from: Option<Date>,
    /// The last day that it is about; else today.
    #[arg(long, value_name = "DAY", value_parser = super::day)]
    to: Option<Date>,
    /// As what it is written.
    #[arg(long, value_enum, default_value = "html")]
    format: ReportFormat,
    /// Write everything instead, each as a file of this folder, with what the columns mean.
    #[arg(long, value_name = "FOLDER", conflicts_with = "format")]
    pack: Option<PathBuf>,
    /// Put every answer in a row into the folder as well, for the evaluator alone.
    #[arg(long, requires = "pack")]
    with_answers: bool,
    /// In which language: en or cy.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = ["en", "cy"])]
    language: String,
    /// Estimate what a change in life satisfaction is worth, if it lasts so many years, at most one.
    #[arg(long, value_name = "YEARS")]
    wellby_years: Option<f64>,
    /// Where people refer themselves, for the page for link workers, as https://dig.example.org/r/.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// Write down that it is given out, so that later reports are held against it.
    #[arg(long)]
    given_out: bool,
    /// To whom it is given out.
    #[arg(long, value_name = "WHOM", requires = "given_out")]
    to_whom: Option<String>,
    #[command(flatten)]
    data: Data,
}

/// What a report is written as.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum ReportFormat {
    /// A page to read and to print.
    Html,
    /// One sheet of A4 for link workers.
    LinkWorkers,
    /// For another program.
    Json,
    /// For a spreadsheet: every figure in a row.
    Csv,
    /// Every answer in a row, for an evaluator who recomputes it. People are numbered, and it is not for
    /// publication.
    Answers,
}

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
    let reader = match command.to_whom.as_deref() {
        Some(typed) => Some(Text::typed(typed, nfc).map_err(Failure::Reader)?),
        None => None,
    };
    let made = work_out(&*storage, programme, period, words, wanted).await?;
    let (document, behind) = made.ok_or(Failure::NoProgramme {
        name: command.programme,
        known: Vec::new(),
    })?;
    if command.given_out {
        keep(&*storage, programme, (&document, &behind), reader).await?;
    }
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

/// Writes down that a report is given out; before it is, so that none is in the world that nothing is held
/// against.
async fn keep(
    storage: &dyn Storage,
    programme: ProgrammeId,
    (document, behind): (&Document, &Behind),
    to_whom: Option<Line>,
) -> Result<(), Failure> {
    let day = document.made.utc_day().unwrap_or(document.period.to);
    let given = Given {
        report: ReportId(u64::from_le_bytes(random()?)),
        period: document.period,
        issue: &behind.issue,
        to_whom,
        day,
    };
    let draft = given.draft(programme).map_err(Failure::NotKept)?;
    let records = OwnRecords::made_now(vec![draft], document.made);
    storage.append(records).await?;
    Ok(())
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
