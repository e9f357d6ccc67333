//! `wellfield export`: everything recorded in a programme, as JSON.

use wellfield_core::records::Records;
use wellfield_core::stream::Stream;

use super::enrol::find_programme;
use super::failure::Failure;
use super::{Export, say};
use crate::export;

pub(super) async fn export(command: Export) -> Result<(), Failure> {
    let storage = command.data.place()?.open_existing().await?;
    let programme = find_programme(&storage, &command.programme).await?;
    let streams = vec![
        Stream::Public,
        Stream::Delivery(programme),
        Stream::Casework(programme),
    ];
    let mut records = Records::default();
    for pulled in storage.events(streams).await? {
        match pulled.event() {
            Ok(event) => records.apply(&event),
            Err(error) => {
                tracing::warn!(seq = pulled.seq, %error, "a record cannot be read and is left out")
            }
        }
    }
    let export = export::programme(&records, programme);
    let export = export.ok_or(Failure::NoProgramme {
        name: command.programme,
        known: Vec::new(),
    })?;
    say(&serde_json::to_string_pretty(&export)?)
}
