//! What somebody's own phone keeps while they answer by a link: where they are, and answers that wait for
//! signal. Once the server has them nothing of them is left but that they were sent.

use indexed_db_futures::prelude::*;
use indexed_db_futures::typed_array::{TypedArray, TypedArraySlice};
use wellfield_core::own_phone::{Kept, PhoneAnswers, SignedLink};

use super::StoreError;
use super::connection::{Connection, Durability, Schema, reading, writing};

const LINKS: &str = "links";

static SCHEMA: Schema = Schema {
    name: "wellfield-answers",
    version: 1,
    stores: &[LINKS],
};

/// The store of the questions that somebody answers on their own phone.
pub struct AnswerStore {
    connection: Connection,
}

/// Under which key a link's row lies: by its tag, which says nothing.
fn key(link: &SignedLink) -> String {
    link.tag().iter().fold(String::new(), |mut key, byte| {
        key.push_str(&format!("{byte:02x}"));
        key
    })
}

impl AnswerStore {
    /// Opens the store, and creates it on first use.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open() -> Result<Self, StoreError> {
        Ok(Self {
            connection: Connection::open(&SCHEMA).await?,
        })
    }

    /// Keeps how far somebody came with a link, in the place of what was kept before.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep(&self, link: &SignedLink, kept: &Kept) -> Result<(), StoreError> {
        let row = kept.to_bytes();
        self.connection
            .run(async |database| {
                let tx = writing(database, &[LINKS], Durability::Strict)?;
                tx.object_store(LINKS)?
                    .put(TypedArraySlice::new(&row))
                    .with_key(key(link))
                    .without_key_type()
                    .primitive()?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// How far somebody came with a link; `None` where they have not begun.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn kept(&self, link: &SignedLink) -> Result<Option<Kept>, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[LINKS])?;
                let row: Option<TypedArray<u8>> =
                    tx.object_store(LINKS)?.get(key(link)).primitive()?.await?;
                let Some(row) = row else {
                    return Ok(None);
                };
                let kept = Kept::from_bytes(&row).map_err(|_| StoreError::Unreadable)?;
                Ok(Some(kept))
            })
            .await
    }

    /// The answers that wait, of whatever link. A row that can not be read is left alone.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn waiting(&self) -> Result<Vec<PhoneAnswers>, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[LINKS])?;
                let rows = tx
                    .object_store(LINKS)?
                    .get_all::<TypedArray<u8>>()
                    .primitive()?
                    .await?;
                let rows: Vec<TypedArray<u8>> = rows.collect::<Result<_, _>>()?;
                let waiting = rows.iter().filter_map(|row| match Kept::from_bytes(row) {
                    Ok(Kept::Waiting(answers)) => Some(answers),
                    _ => None,
                });
                Ok(waiting.collect())
            })
            .await
    }
}
