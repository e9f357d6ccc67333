//! Connecting to the database, and bringing it to the schema of this version.

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};

use super::failure::reason_of;
use super::tls::{self, TlsError};
use super::url::DatabaseUrl;

/// The steps from an empty database to the schema of this version. A step that was released never
/// changes; a new one is added. The table `schema_version` says how many were taken.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_events.sql"),
    include_str!("schema/0002_audit.sql"),
    include_str!("schema/0003_erasure.sql"),
    include_str!("schema/0004_own_phone.sql"),
    include_str!("schema/0005_own_erased.sql"),
    include_str!("schema/0006_row_level_security.sql"),
    include_str!("schema/0007_accounts.sql"),
    include_str!("schema/0008_device_proof.sql"),
];

/// The schema of this version.
const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// At most this many connections of one server for everything but what devices read.
const CONNECTIONS_MAX: usize = 12;

/// At most this many by which devices read.
const DEVICE_CONNECTIONS_MAX: usize = 6;

/// What a connection may read before it is told anything, as a list of streams: everything, or nothing.
const EVERYTHING: &str = "*";
const NOTHING: &str = "";

/// The connections of one server.
pub(super) struct Pools {
    /// Those by which it does what it decided itself.
    pub(super) server: Pool,
    /// Those by which devices read: each is told for whom before it reads anything.
    pub(super) devices: Pool,
}

/// The lock under which a server brings the database to its schema: "wellfiel" in ASCII.
const MIGRATION_LOCK: i64 = 0x7765_6c6c_6669_656c;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There are no records where they were looked for.
    #[error("there are no records in {place}")]
    Missing {
        /// The database.
        place: DatabaseUrl,
    },
    /// TLS towards the database cannot be prepared.
    #[error("the database {place} cannot be reached safely")]
    Tls {
        /// The database.
        place: DatabaseUrl,
        /// Why.
        source: TlsError,
    },
    /// The database cannot be reached, or lets nobody in.
    #[error("the database {place} cannot be opened: {reason}")]
    Connection {
        /// The database.
        place: DatabaseUrl,
        /// What it says, or what the network says.
        reason: String,
    },
    /// A newer version of this software wrote the records.
    #[error(
        "the database {place} was written by a newer version (schema {found}, this version knows {known})"
    )]
    TooNew {
        /// The database.
        place: DatabaseUrl,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
}

/// How long a whole operation may take: it may wait for a connection, for two locks, and work.
pub(super) fn time_limit(patience: Duration) -> Duration {
    statement_limit(patience) * 2
}

/// How long one statement may take, waiting for locks included.
fn statement_limit(patience: Duration) -> Duration {
    patience * 3
}

/// Connects, with the schema of this version.
pub(super) async fn open(url: &DatabaseUrl, patience: Duration) -> Result<Pools, OpenError> {
    let pool = pool(url, patience, (CONNECTIONS_MAX, EVERYTHING))?;
    let mut client = connect(&pool, url).await?;
    let found = migrate(&mut client)
        .await
        .map_err(|error| failed(url, &error))?;
    if found > SCHEMA {
        return Err(OpenError::TooNew {
            place: url.clone(),
            found,
            known: SCHEMA,
        });
    }
    warn_if_forgetful(&client)
        .await
        .map_err(|error| failed(url, &error))?;
    warn_if_above_policies(&client)
        .await
        .map_err(|error| failed(url, &error))?;
    drop(client);
    Ok(Pools {
        server: pool,
        devices: self::pool(url, patience, (DEVICE_CONNECTIONS_MAX, NOTHING))?,
    })
}

/// Whether somebody brought the database to a schema of ours.
pub(super) async fn exists(url: &DatabaseUrl, patience: Duration) -> Result<bool, OpenError> {
    let pool = pool(url, patience, (CONNECTIONS_MAX, EVERYTHING))?;
    let client = connect(&pool, url).await?;
    let row = client
        .query_one("SELECT to_regclass('schema_version') IS NOT NULL", &[])
        .await;
    row.and_then(|row| row.try_get(0))
        .map_err(|error| failed(url, &error))
}

fn failed(url: &DatabaseUrl, error: &tokio_postgres::Error) -> OpenError {
    OpenError::Connection {
        place: url.clone(),
        reason: reason_of(error),
    }
}

async fn connect(pool: &Pool, url: &DatabaseUrl) -> Result<Object, OpenError> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            failed(url, &error)
        }
        other => OpenError::Connection {
            place: url.clone(),
            reason: other.to_string(),
        },
    })
}

fn pool(
    url: &DatabaseUrl,
    patience: Duration,
    (connections_max, reads): (usize, &str),
) -> Result<Pool, OpenError> {
    let connector = tls::connector(&url.verify).map_err(|source| OpenError::Tls {
        place: url.clone(),
        source,
    })?;
    let mut config = url.config();
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(patience);
    }
    // A database whose machine is gone answers nothing at all, not even that it is gone.
    config.tcp_user_timeout(time_limit(patience));
    let manager = Manager::from_config(
        config,
        connector,
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    let set_up = set_up(patience, reads);
    let built = Pool::builder(manager)
        .max_size(connections_max)
        .wait_timeout(Some(patience))
        .create_timeout(Some(patience * 2))
        .recycle_timeout(Some(patience))
        .runtime(Runtime::Tokio1)
        .post_create(Hook::async_fn(move |client, _| {
            let set_up = set_up.clone();
            Box::pin(async move {
                let done = client.batch_execute(&set_up).await;
                done.map_err(HookError::Backend)
            })
        }))
        .build();
    built.map_err(|error| OpenError::Connection {
        place: url.clone(),
        reason: error.to_string(),
    })
}

/// What holds on each connection. An acknowledgement is a promise, so a commit that is not on the disk
/// is not accepted, whatever the database's settings; one that waits for a second machine as well is
/// left as it is.
///
/// Every statement of ours finds what it wants by an index, in the index's order. A planner that has no
/// statistics yet, as after a day of many events, would read and sort the rest of a stream for a page
/// of it; so it is told not to.
fn set_up(patience: Duration, reads: &str) -> String {
    let lock = patience.as_millis();
    let statement = statement_limit(patience).as_millis();
    format!(
        "SET lock_timeout = {lock};
         SET statement_timeout = {statement};
         SET idle_in_transaction_session_timeout = {statement};
         SET default_transaction_isolation = 'read committed';
         SET plan_cache_mode = force_generic_plan;
         SET enable_seqscan = off;
         SET enable_bitmapscan = off;
         SET jit = off;
         SET wellfield.streams = '{reads}';
         SELECT set_config('synchronous_commit', 'on', FALSE)
           WHERE current_setting('synchronous_commit') = 'off';"
    )
}

/// Takes the steps that are missing, all or none, and answers the schema that is there now. Servers
/// that start at the same time take them one after the other.
async fn migrate(client: &mut Object) -> Result<u32, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
        .await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])
        .await?;
    transaction
        .batch_execute("CREATE TABLE IF NOT EXISTS schema_version (steps BIGINT NOT NULL)")
        .await?;
    let row = transaction
        .query_one("SELECT coalesce(max(steps), 0) FROM schema_version", &[])
        .await?;
    let found = u32::try_from(row.try_get::<_, i64>(0)?).unwrap_or(u32::MAX);
    for step in MIGRATIONS.iter().skip(found as usize) {
        transaction.batch_execute(step).await?;
    }
    let now = found.max(SCHEMA);
    if now != found {
        transaction
            .execute("DELETE FROM schema_version", &[])
            .await?;
        transaction
            .execute(
                "INSERT INTO schema_version (steps) VALUES ($1)",
                &[&i64::from(now)],
            )
            .await?;
    }
    transaction.commit().await?;
    Ok(now)
}

/// Whoever is above the policies of a database is not held to ours either. Who may read what is decided
/// before anything is asked; without them nothing stands behind that.
async fn warn_if_above_policies(client: &Object) -> Result<(), tokio_postgres::Error> {
    let row = client
        .query_one(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
            &[],
        )
        .await?;
    if row.try_get::<_, bool>(0)? {
        tracing::warn!(
            "the database's user is a superuser or bypasses row-level security: it would not stop a mistake of this server's"
        );
    }
    Ok(())
}

/// A database that does not wait for its disk loses what it acknowledged when the power fails. That
/// cannot be changed from here; it can be said.
async fn warn_if_forgetful(client: &Object) -> Result<(), tokio_postgres::Error> {
    let row = client
        .query_one(
            "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'",
            &[],
        )
        .await?;
    if !row.try_get::<_, bool>(0)? {
        tracing::warn!(
            "the database has fsync or full_page_writes off: records that are acknowledged are lost when its machine's power fails"
        );
    }
    Ok(())
}
