//! Going on from numbers that were never used, after records were put back out of a backup.

use deadpool_postgres::{Object, Transaction};
use wellfield_core::ids::DeviceId;
use wellfield_core::restore::Renewal;

use super::failure::Failed;
use super::rows::{self, Columns};

/// The entry of `meta` that tells the epoch of streams that are opened from now on.
pub(super) const EPOCH: &str = "epoch";

/// The epoch of a stream before anything was stored in it, where no backup was ever restored.
pub(super) const FIRST_EPOCH: u32 = 1;

/// The epoch of streams that nothing was stored in yet.
pub(super) async fn first_epoch(client: &Object) -> Result<u32, Failed> {
    let statement = client
        .prepare_cached("SELECT value FROM meta WHERE key = $1")
        .await?;
    match client.query_opt(&statement, &[&EPOCH]).await? {
        Some(row) => Columns(&row).written(0),
        None => Ok(FIRST_EPOCH),
    }
}

/// Moves everything that is counted to numbers that were never used.
pub(super) async fn renew(transaction: &Transaction<'_>, renewal: Renewal) -> Result<(), Failed> {
    let server = rows::device(DeviceId::SERVER);
    let places = rows::bits(renewal.places_left_out);
    transaction
        .execute(
            "UPDATE device SET max_n = max_n + $1 WHERE id = $2",
            &[&places, &server],
        )
        .await?;
    // The largest number that was given may be beyond the counter where rows were put back without it.
    transaction
        .execute(
            "SELECT setval(pg_get_serial_sequence('device', 'id'),
                           greatest(nextval(pg_get_serial_sequence('device', 'id')),
                                    (SELECT max(id) FROM device)) + $1)",
            &[&i64::from(renewal.devices_left_out)],
        )
        .await?;
    transaction
        .execute(
            "INSERT INTO meta (key, value) VALUES ($1, $2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            &[&EPOCH, &renewal.epoch.to_string()],
        )
        .await?;
    transaction
        .execute("UPDATE stream SET epoch = $1", &[&i64::from(renewal.epoch)])
        .await?;
    Ok(())
}
