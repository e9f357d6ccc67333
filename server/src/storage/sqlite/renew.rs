//! Going on from numbers that were never used, after records were put back out of a backup.

use rusqlite::Connection;
use wellfield_core::ids::DeviceId;
use wellfield_core::restore::Renewal;

use super::rows::{Column, Written};

/// The entry of `meta` that tells the epoch of streams that are opened from now on.
const EPOCH: &str = "epoch";

/// The epoch of a stream before anything was stored in it, where no backup was ever restored.
const FIRST_EPOCH: u32 = 1;

/// The epoch of streams that nothing was stored in yet.
pub(super) fn first_epoch(connection: &Connection) -> rusqlite::Result<u32> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    let mut found = statement.query([EPOCH])?;
    let Some(row) = found.next()? else {
        return Ok(FIRST_EPOCH);
    };
    row.get(0).map(|Written(epoch)| epoch)
}

/// Moves everything that is counted to numbers that were never used.
pub(super) fn renew(connection: &Connection, renewal: Renewal) -> rusqlite::Result<()> {
    connection.execute("UPDATE stream SET epoch = ?1", [renewal.epoch])?;
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (EPOCH, renewal.epoch.to_string()),
    )?;
    // The server itself is a device, so the counter is there.
    connection.execute(
        "UPDATE sqlite_sequence SET seq = seq + ?1 WHERE name = 'device'",
        [renewal.devices_left_out],
    )?;
    connection.execute(
        "UPDATE device SET max_n = max_n + ?1 WHERE id = ?2",
        (Column(renewal.places_left_out), DeviceId::SERVER.0),
    )?;
    Ok(())
}
