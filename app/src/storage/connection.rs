//! One connection to one database, opened again whenever the browser drops it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, LocalBoxFuture, select};
use gloo::timers::future::TimeoutFuture;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};

use super::StoreError;

/// How long another tab may hold up the opening before the person is told, in milliseconds.
const BLOCKED_AFTER_MS: u32 = 4_000;

/// What a database is called and which stores it has.
pub(super) struct Schema {
    pub(super) name: &'static str,
    pub(super) version: u32,
    pub(super) stores: &'static [&'static str],
}

/// How much a commit has to survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    /// A pulled plug: for everything that a person was told is saved.
    Strict,
    /// A closed tab: for what can be fetched again.
    Relaxed,
}

/// A connection that opens itself again.
pub(super) struct Connection {
    schema: &'static Schema,
    database: RefCell<Option<Rc<Database>>>,
}

impl Connection {
    pub(super) async fn open(schema: &'static Schema) -> Result<Self, StoreError> {
        let connection = Self {
            schema,
            database: RefCell::new(None),
        };
        connection.database().await?;
        Ok(connection)
    }

    /// The database, opened if it is not. Boxed, because every operation waits for it, and each would
    /// carry a copy of the way to open one.
    pub(super) fn database(&self) -> LocalBoxFuture<'_, Result<Rc<Database>, StoreError>> {
        Box::pin(async move {
            if let Some(database) = self.database.borrow().as_ref() {
                return Ok(Rc::clone(database));
            }
            let database = Rc::new(open(self.schema).await?);
            *self.database.borrow_mut() = Some(Rc::clone(&database));
            Ok(database)
        })
    }

    /// Runs a piece of work on the database, once more on a fresh connection if the browser had
    /// dropped the old one. The work must be one transaction, so that running it twice is safe.
    pub(super) async fn run<T>(
        &self,
        work: impl AsyncFn(&Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut may_reopen = true;
        loop {
            let database = self.database().await?;
            match work(&database).await {
                Err(StoreError::Lost) if may_reopen => {
                    may_reopen = false;
                    drop(database);
                    *self.database.borrow_mut() = None;
                }
                other => return other,
            }
        }
    }
}

/// A transaction that reads.
pub(super) fn reading<'a>(
    database: &'a Database,
    stores: &[&str],
) -> Result<Transaction<'a>, StoreError> {
    Ok(database
        .transaction(stores)
        .with_mode(TransactionMode::Readonly)
        .build()?)
}

/// A transaction that writes. It does nothing unless it is committed.
pub(super) fn writing<'a>(
    database: &'a Database,
    stores: &[&str],
    durability: Durability,
) -> Result<Transaction<'a>, StoreError> {
    let durability = match durability {
        Durability::Strict => TransactionDurability::Strict,
        Durability::Relaxed => TransactionDurability::Relaxed,
    };
    Ok(database
        .transaction(stores)
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(durability))
        .build()?)
}

async fn open(schema: &'static Schema) -> Result<Database, StoreError> {
    let blocked = Rc::new(Cell::new(false));
    let seen = Rc::clone(&blocked);
    let opening = Database::open(schema.name)
        .with_version(schema.version)
        .with_on_blocked(move |_| {
            seen.set(true);
            Ok(())
        })
        .with_on_upgrade_needed(|_, database| {
            // Version 1 creates every store; a later version adds to them and never rewrites in place.
            let there: Vec<String> = database.object_store_names().collect();
            for store in schema
                .stores
                .iter()
                .filter(|store| !there.iter().any(|name| name == *store))
            {
                database.create_object_store(store).build()?;
            }
            Ok(())
        })
        .into_future();
    // The request lives on in the browser whatever happens here, and must keep its handlers: one that
    // goes through without them makes a database without stores.
    let (done, mut opened) = oneshot::channel();
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(Ok(late)) = done.send(opening.await) {
            late.close();
        }
    });
    for patience in (0..2).rev() {
        match select(opened, TimeoutFuture::new(BLOCKED_AFTER_MS)).await {
            Either::Left((database, _)) => {
                let database = database.map_err(|_| StoreError::Lost)??;
                close_for_newer_versions(&database);
                return Ok(database);
            }
            // A slow disk is given twice the time.
            Either::Right((_, waiting)) if !blocked.get() && patience > 0 => opened = waiting,
            Either::Right(_) => break,
        }
    }
    Err(StoreError::Blocked)
}

/// Lets go of the database as soon as another tab wants a newer version of it, so that this tab never
/// blocks that one. The next piece of work opens it again.
fn close_for_newer_versions(database: &Database) {
    let Ok(mut changes) = database.version_changes() else {
        return;
    };
    let held = database.clone();
    wasm_bindgen_futures::spawn_local(async move {
        if changes.recv().await.is_some() {
            held.close();
        }
    });
}
