//! `wellfield export`: everything recorded in a programme, as JSON.

use wellfield_core::audit::{Actor, Deed, NewEntry};
use wellfield_core::clock::Instant;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;

use super::enrol::find_programme;
use super::failure::Failure;
use super::{Export, say};
use crate::clock::{Clock, SystemClock};
use crate::export;
use crate::storage::Storage;

pub(super) async fn export(command: Export) -> Result<(), Failure> {
    let storage = command.data.place()?.open_existing().await?;
    let programme = find_programme(&storage, &command.programme).await?;
    let streams = vec![
        Stream::Public,
        Stream::Delivery(programme),
        Stream::Casework(programme),
    ];
    let records = hand_out(&*storage, programme, streams, SystemClock.now()).await?;
    let export = export::programme(&records, programme);
    let export = export.ok_or(Failure::NoProgramme {
        name: command.programme,
        known: Vec::new(),
    })?;
    say(&serde_json::to_string_pretty(&export)?)
}

/// What is recorded in these streams of a programme, once it is entered that somebody gets it.
pub(super) async fn hand_out(
    storage: &dyn Storage,
    programme: ProgrammeId,
    streams: Vec<Stream>,
    now: Instant,
) -> Result<Records, Failure> {
    let events = storage.events(streams).await?;
    // Before anything is handed out, so that nothing is handed out that is not entered.
    storage
        .enter(NewEntry {
            at: now,
            actor: Actor::CommandLine,
            deed: Deed::Exported {
                programme,
                records: events.len() as u64,
            },
        })
        .await?;
    let mut records = Records::default();
    for pulled in events {
        match pulled.event() {
            Ok(event) => records.apply(&event),
            Err(error) => {
                tracing::warn!(seq = pulled.seq, %error, "a record cannot be read and is left out")
            }
        }
    }
    Ok(records)
}
