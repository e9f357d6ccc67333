//! Programmes, as far as the server has to find them.

use rusqlite::{Connection, OptionalExtension, Row};
use wellfield_core::event::{Body, Event};
use wellfield_core::ids::ProgrammeId;

use super::rows::Written;
use crate::storage::ProgrammeEntry;

/// The entry of `meta` that names who runs the programmes.
const ORGANISATION: &str = "organisation";

/// Whether there is such a programme.
pub(super) fn has_programme(
    connection: &Connection,
    programme: ProgrammeId,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM programme WHERE id = ?1")?
        .exists([Written(programme)])
}

/// Every programme, by name.
pub(super) fn programmes(connection: &Connection) -> rusqlite::Result<Vec<ProgrammeEntry>> {
    let mut statement =
        connection.prepare_cached("SELECT id, name FROM programme ORDER BY name, id")?;
    let entry = |row: &Row<'_>| {
        Ok(ProgrammeEntry {
            programme: row.get::<_, Written<_>>(0)?.0,
            name: row.get(1)?,
        })
    };
    statement.query_map([], entry)?.collect()
}

/// Who runs the programmes, once one was set up.
pub(super) fn organisation(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    statement
        .query_row([ORGANISATION], |row| row.get(0))
        .optional()
}

/// Keeps the name of a programme that an event sets up or renames.
pub(super) fn index(connection: &Connection, event: &Event) -> rusqlite::Result<()> {
    let (Body::ProgrammeOpened(opened), Some(programme)) = (&event.body, event.stream.programme())
    else {
        return Ok(());
    };
    connection.execute(
        "INSERT INTO programme (id, name) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        (Written(programme), opened.name.as_str()),
    )?;
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
        (ORGANISATION, opened.organisation.as_str()),
    )?;
    Ok(())
}
