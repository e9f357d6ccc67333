//! `wellfield demo`: a sample programme, and codes to look at it with.

use std::path::PathBuf;
use std::sync::Arc;

use wellfield_core::access::Role;
use wellfield_core::event::{Body, Draft};
use wellfield_core::ids::ProgrammeId;

use super::enrol::make_code;
use super::failure::Failure;
use super::place::{Place, Records};
use super::serve::{addresses, listen, run};
use super::{Demo, say};
use crate::clock::{Clock, SystemClock, date_of};
use crate::entropy::random;
use crate::sample;
use crate::storage::{AppendRefused, OwnRecords, Storage, StorageError};

/// The same people and programme on every machine.
const SEED: u64 = 2;

/// A day, so that a demonstration need not be prepared at the last minute.
const CODE_MINUTES: u32 = 24 * 60;

pub(super) async fn demo(command: Demo) -> Result<(), Failure> {
    let (place, temporary) = match (command.database, command.data) {
        (Some(url), _) => (Place::new(Records::database(&url)?, command.keys), None),
        (None, Some(folder)) => (Place::new(Records::Folder(folder), command.keys), None),
        (None, None) => {
            let folder = temporary_directory()?;
            // The keys go with the records.
            let keys = command.keys.unwrap_or_else(|| folder.join("keys"));
            let records = Records::Folder(folder.join("records"));
            (Place::new(records, Some(keys)), Some(folder))
        }
    };
    let shown = show(&place, &command.network).await;
    if let Some(temporary) = temporary {
        // What is left in the temporary folder goes with the machine's next clean-up.
        drop(std::fs::remove_dir_all(temporary));
    }
    shown
}

async fn show(place: &Place, network: &super::Network) -> Result<(), Failure> {
    let storage = place.open().await?;
    let programme = add_sample(&storage).await?;
    let listener = listen(network).await?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let [staff, public] = addresses(address, network.tls_cert.is_some());
    let tablet = make_code(&storage, programme, Role::Facilitator, CODE_MINUTES).await?;
    let computer = make_code(&storage, programme, Role::Coordinator, CODE_MINUTES).await?;
    say(&staff)?;
    say(&public)?;
    say(&format!("Enrolment code for a tablet: {tablet}"))?;
    say(&format!(
        "Enrolment code for a coordinator's computer: {computer}"
    ))?;
    say(&format!("Records: {place}"))?;
    run(listener, storage, place, network).await
}

/// A new folder of our own among the machine's temporary ones.
fn temporary_directory() -> Result<PathBuf, Failure> {
    let name = format!("wellfield-demo-{:016x}", u64::from_be_bytes(random()?));
    Ok(std::env::temp_dir().join(name))
}

/// Adds the sample programme unless it is there already.
async fn add_sample(storage: &Arc<dyn Storage>) -> Result<ProgrammeId, Failure> {
    let now = SystemClock.now();
    let today = date_of(now).ok_or(Failure::NoDay)?;
    let mut first_n = 1;
    loop {
        let drafts = sample::programme(today, SEED, first_n);
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

fn opened(drafts: &[Draft]) -> Option<ProgrammeId> {
    drafts.iter().find_map(|draft| match &draft.body {
        Body::ProgrammeOpened(opened) => Some(opened.programme),
        _ => None,
    })
}
