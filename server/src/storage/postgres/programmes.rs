//! Programmes, as far as the server has to find them.

use std::collections::BTreeMap;

use deadpool_postgres::Transaction;
use tokio_postgres::Row;
use wellfield_core::event::{Body, Event};
use wellfield_core::ids::ProgrammeId;

use super::failure::Failed;
use super::rows::Columns;
use crate::storage::ProgrammeEntry;

/// The entry of `meta` that names who runs the programmes.
const ORGANISATION: &str = "organisation";

/// Whether there is such a programme.
pub(super) async fn has_programme(
    transaction: &Transaction<'_>,
    programme: ProgrammeId,
) -> Result<bool, Failed> {
    let statement = transaction
        .prepare_cached("SELECT 1 FROM programme WHERE id = $1")
        .await?;
    let found = transaction
        .query_opt(&statement, &[&programme.to_string()])
        .await?;
    Ok(found.is_some())
}

/// Every programme, by name.
pub(super) async fn programmes(
    transaction: &Transaction<'_>,
) -> Result<Vec<ProgrammeEntry>, Failed> {
    let statement = transaction
        .prepare_cached("SELECT id, name FROM programme ORDER BY name, id")
        .await?;
    let entry = |row: &Row| {
        Ok(ProgrammeEntry {
            programme: Columns(row).written(0)?,
            name: Columns(row).get(1)?,
        })
    };
    let rows = transaction.query(&statement, &[]).await?;
    rows.iter().map(entry).collect()
}

/// Who runs the programmes, once one was set up.
pub(super) async fn organisation(transaction: &Transaction<'_>) -> Result<Option<String>, Failed> {
    let statement = transaction
        .prepare_cached("SELECT value FROM meta WHERE key = $1")
        .await?;
    let found = transaction.query_opt(&statement, &[&ORGANISATION]).await?;
    found.map(|row| Columns(&row).get(0)).transpose()
}

/// Keeps the names of programmes that events set up or rename, in the order of their numbers, so that
/// two transactions cannot wait for each other in a circle.
pub(super) async fn index(
    transaction: &Transaction<'_>,
    events: impl Iterator<Item = &Event>,
) -> Result<(), Failed> {
    let mut names = BTreeMap::new();
    let mut organisation = None;
    for event in events {
        if let (Body::ProgrammeOpened(opened), Some(programme)) =
            (&event.body, event.stream.programme())
        {
            names.insert(programme, opened.name.as_str());
            organisation.get_or_insert(opened.organisation.as_str());
        }
    }
    for (programme, name) in names {
        transaction
            .execute(
                "INSERT INTO programme (id, name) VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                &[&programme.to_string(), &name],
            )
            .await?;
    }
    if let Some(organisation) = organisation {
        transaction
            .execute(
                "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
                &[&ORGANISATION, &organisation],
            )
            .await?;
    }
    Ok(())
}
