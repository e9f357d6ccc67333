//! `wellfield demo`: a sample programme, and codes to look at it with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wellfield_core::access::Role;
use wellfield_core::clock::Date;
use wellfield_core::event::Body;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::language::Language;
use wellfield_core::sync::server::Dated;
use wellfield_wording::Words;

use super::account::invited;
use super::enrol::make_code;
use super::failure::Failure;
use super::place::{Place, Records};
use super::report::work_out;
use super::serve::{addresses, listen, run};
use super::{Demo, say};
use crate::clock::{Clock, SystemClock};
use crate::entropy::random;
use crate::report::{Wanted, html};
use crate::sample;
use crate::storage::{AppendRefused, OwnRecords, Storage, StorageError};

/// The same people and programme on every machine.
const SEED: u64 = 2;

/// A day, so that a demonstration need not be prepared at the last minute.
const CODE_MINUTES: u32 = 24 * 60;

pub(super) async fn demo(command: Demo) -> Result<(), Failure> {
    let temporary = temporary_directory()?;
    let place = match (command.database, command.data) {
        (Some(url), _) => Place::new(Records::database(&url)?, command.keys),
        (None, Some(folder)) => Place::new(Records::Folder(folder), command.keys),
        (None, None) => {
            // The keys go with the records.
            let keys = command.keys.unwrap_or_else(|| temporary.join("keys"));
            let records = Records::Folder(temporary.join("records"));
            Place::new(records, Some(keys))
        }
    };
    let shown = show(&place, &command.network, &temporary).await;
    // What is left in the temporary folder goes with the machine's next clean-up.
    drop(std::fs::remove_dir_all(temporary));
    shown
}

async fn show(place: &Place, network: &super::Network, temporary: &Path) -> Result<(), Failure> {
    let storage = place.open().await?;
    let [finished, programme] = add_sample(&storage).await?;
    let listener = listen(network).await?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let [staff, public, desk] = addresses(address, network.tls_cert.is_some());
    let tablet = make_code(&storage, programme, Role::Facilitator, CODE_MINUTES).await?;
    let computer = make_code(&storage, programme, Role::Coordinator, CODE_MINUTES).await?;
    let people = invite_sample(&*storage, programme).await?;
    let report = write_report(&*storage, finished, temporary).await?;
    say(&staff)?;
    say(&public)?;
    say(&desk)?;
    say(&format!("Enrolment code for a tablet: {tablet}"))?;
    say(&format!(
        "Enrolment code for a coordinator's computer: {computer}"
    ))?;
    for (who, code) in people {
        say(&format!(
            "Invitation for {who}, to be typed at /desk/join: {code}"
        ))?;
    }
    say(&format!(
        "Report of a programme that is over: {}",
        report.display()
    ))?;
    say(&format!("Records: {place}"))?;
    run(listener, storage, place, network).await
}

/// Invites one of each who sign in on the server's pages.
async fn invite_sample(
    storage: &dyn Storage,
    programme: ProgrammeId,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut invitations = Vec::new();
    for (who, account) in sample::accounts(programme) {
        let invited = invited(storage, account).await?;
        invitations.push((who, invited.code.to_string()));
    }
    Ok(invitations)
}

/// Writes the report of the programme that is over as a page, and says where it is.
async fn write_report(
    storage: &dyn Storage,
    programme: ProgrammeId,
    temporary: &Path,
) -> Result<PathBuf, Failure> {
    let path = temporary.join("report.html");
    let failed = |source| Failure::Write {
        path: path.clone(),
        source,
    };
    let words = Words(Language::English);
    let made = work_out(storage, programme, (None, None), words, Wanted::default()).await?;
    let page = made
        .map(|(document, _)| html(&document))
        .unwrap_or_default();
    std::fs::create_dir_all(temporary).map_err(failed)?;
    std::fs::write(&path, page).map_err(failed)?;
    Ok(path)
}

/// A new folder of our own among the machine's temporary ones.
fn temporary_directory() -> Result<PathBuf, Failure> {
    let name = format!("wellfield-demo-{:016x}", u64::from_be_bytes(random()?));
    Ok(std::env::temp_dir().join(name))
}

/// Makes a programme of the sample, for a day and a seed, whose first record gets this place in the log.
type Make = fn(Date, u64, u64) -> Vec<Dated>;

/// Adds the programmes of the sample, first the one that is over, unless they are there already. Each is added whole or not at all.
async fn add_sample(storage: &Arc<dyn Storage>) -> Result<[ProgrammeId; 2], Failure> {
    let finished = add(storage, sample::finished).await?;
    let running = add(storage, sample::programme).await?;
    Ok([finished, running])
}

async fn add(storage: &Arc<dyn Storage>, make: Make) -> Result<ProgrammeId, Failure> {
    let now = SystemClock.now();
    let today = now.utc_day().ok_or(Failure::NoDay)?;
    let mut first_n = 1;
    loop {
        let mut drafts = make(today, SEED, first_n);
        for dated in &mut drafts {
            // It may be early in the morning.
            dated.at = dated.at.min(now);
        }
        let programme = opened(&drafts).unwrap_or(ProgrammeId(0));
        let added = storage
            .append(OwnRecords {
                drafts,
                first_n: Some(first_n),
                now,
            })
            .await;
        match added {
            // Its records name each other by their places in the log, which others have: once more,
            // for the place that is free.
            Err(StorageError::Refused(AppendRefused::OtherPlace(next_n))) => first_n = next_n,
            Ok(()) | Err(StorageError::Refused(AppendRefused::ProgrammeExists(_))) => {
                return Ok(programme);
            }
            Err(other) => return Err(other.into()),
        }
    }
}

fn opened(drafts: &[Dated]) -> Option<ProgrammeId> {
    drafts.iter().find_map(|dated| match &dated.draft.body {
        Body::ProgrammeOpened(opened) => Some(opened.programme),
        _ => None,
    })
}
