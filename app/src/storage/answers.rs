//! What somebody's own phone keeps while they answer by a link: where they are, and answers that wait for
//! signal, both sealed. Once the server has them nothing of them is left but that they were sent.

use indexed_db_futures::prelude::*;
use indexed_db_futures::typed_array::{TypedArray, TypedArraySlice};
use wellfield_core::own_phone::Kept;
use wellfield_core::sync::hex;
use wellfield_core::vault::SealingKey;

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
fn key(link: &[u8; 16]) -> String {
    hex(link)
}

/// Under which key the key lies that answers are sealed to.
const SEALING_KEY: &str = "sealing-key";

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
    pub async fn keep(&self, link: &[u8; 16], kept: &Kept) -> Result<(), StoreError> {
        self.put(key(link), &kept.to_bytes()).await
    }

    /// Keeps the key that answers are sealed to.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_sealing_key(&self, key: SealingKey) -> Result<(), StoreError> {
        self.put(SEALING_KEY.to_owned(), &key.0).await
    }

    async fn put(&self, key: String, row: &[u8]) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[LINKS], Durability::Strict)?;
                tx.object_store(LINKS)?
                    .put(TypedArraySlice::new(row))
                    .with_key(key.clone())
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
    pub async fn kept(&self, link: &[u8; 16]) -> Result<Option<Kept>, StoreError> {
        let row = self.row(key(link)).await?;
        let kept = row.map(|row| Kept::from_bytes(&row)).transpose();
        kept.map_err(|_| StoreError::Unreadable)
    }

    /// The key that answers are sealed to, as it was last known.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sealing_key(&self) -> Result<Option<SealingKey>, StoreError> {
        let row = self.row(SEALING_KEY.to_owned()).await?;
        Ok(row.and_then(|key| key.try_into().ok()).map(SealingKey))
    }

    async fn row(&self, key: String) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[LINKS])?;
                let store = tx.object_store(LINKS)?;
                let row: Option<TypedArray<u8>> = store.get(key.clone()).primitive()?.await?;
                Ok(row.map(Into::into))
            })
            .await
    }

    /// What waits, of whatever link. A row that can not be read is left alone.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn waiting(&self) -> Result<Vec<Kept>, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[LINKS])?;
                let rows = tx
                    .object_store(LINKS)?
                    .get_all::<TypedArray<u8>>()
                    .primitive()?
                    .await?;
                let rows: Vec<TypedArray<u8>> = rows.collect::<Result<_, _>>()?;
                let kept = rows.iter().filter_map(|row| Kept::from_bytes(row).ok());
                Ok(kept.collect())
            })
            .await
    }
}
