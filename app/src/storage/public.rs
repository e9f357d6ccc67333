//! What somebody's own phone keeps: the offer and the key that forms are sealed to, so that the pages open
//! without signal, and a sealed form that waits for it. The form is deleted as soon as the server has it.

use indexed_db_futures::KeyRange;
use indexed_db_futures::prelude::*;
use indexed_db_futures::typed_array::{TypedArray, TypedArraySlice};
use wellfield_core::ids::ReferralId;
use wellfield_core::vault::SealingKey;

use super::StoreError;
use super::connection::{Connection, Durability, Schema, reading, writing};

const OFFER: &str = "offer";
const QUEUE: &str = "queue";

/// What lies in the store of the offers.
const OFFERS: &str = "offers";
const SEALING_KEY: &str = "sealing-key";

static SCHEMA: Schema = Schema {
    name: "wellfield-public",
    version: 1,
    stores: &[OFFER, QUEUE],
};

/// A form that waits for signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedReferral {
    /// The form's number.
    pub referral: ReferralId,
    /// Where it is to be sent.
    pub address: String,
    /// What is to be sent.
    pub body: Vec<u8>,
}

/// The store of the public pages.
pub struct PublicStore {
    connection: Connection,
}

impl PublicStore {
    /// Opens the store, and creates it on first use.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open() -> Result<Self, StoreError> {
        Ok(Self {
            connection: Connection::open(&SCHEMA).await?,
        })
    }

    /// Keeps the offers as they came.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_offers(&self, body: &[u8]) -> Result<(), StoreError> {
        self.keep(OFFERS, body).await
    }

    /// Keeps the key that forms are sealed to.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_sealing_key(&self, key: SealingKey) -> Result<(), StoreError> {
        self.keep(SEALING_KEY, &key.0).await
    }

    async fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[OFFER], Durability::Relaxed)?;
                let store = tx.object_store(OFFER)?;
                store
                    .put(TypedArraySlice::new(bytes))
                    .with_key(name.to_owned())
                    .without_key_type()
                    .primitive()?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// The offers as they last came.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn offers(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept(OFFERS).await
    }

    /// The key that forms are sealed to, as it was last known.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sealing_key(&self) -> Result<Option<SealingKey>, StoreError> {
        let kept = self.kept(SEALING_KEY).await?;
        Ok(kept.and_then(|key| key.try_into().ok()).map(SealingKey))
    }

    async fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.connection
            .run(async |database| {
                let tx = reading(database, &[OFFER])?;
                let row: Option<TypedArray<u8>> = tx
                    .object_store(OFFER)?
                    .get(name.to_owned())
                    .primitive()?
                    .await?;
                Ok(row.map(Into::into))
            })
            .await
    }

    /// Keeps a form until it is sent.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn queue(&self, queued: &QueuedReferral) -> Result<(), StoreError> {
        let row = minicbor::to_vec((
            minicbor::bytes::ByteArray::from(queued.referral.0.to_be_bytes()),
            &queued.address,
            minicbor::bytes::ByteVec::from(queued.body.clone()),
        ))
        .map_err(|_| StoreError::Unreadable)?;
        self.connection
            .run(async |database| {
                let tx = writing(database, &[QUEUE], Durability::Strict)?;
                let store = tx.object_store(QUEUE)?;
                let key = queued.referral.to_string();
                store
                    .put(TypedArraySlice::new(&row))
                    .with_key(key)
                    .without_key_type()
                    .primitive()?;
                Ok(tx.commit().await?)
            })
            .await
    }

    /// The forms that wait.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn queued(&self) -> Result<Vec<QueuedReferral>, StoreError> {
        type Row = (
            minicbor::bytes::ByteArray<16>,
            String,
            minicbor::bytes::ByteVec,
        );
        self.connection
            .run(async |database| {
                let tx = reading(database, &[QUEUE])?;
                let rows = tx
                    .object_store(QUEUE)?
                    .get_all::<TypedArray<u8>>()
                    .primitive()?
                    .await?;
                let rows: Vec<TypedArray<u8>> = rows.collect::<Result<_, _>>()?;
                rows.iter()
                    .map(|row| {
                        let (referral, address, body): Row =
                            minicbor::decode(row).map_err(|_| StoreError::Unreadable)?;
                        let referral = ReferralId(u128::from_be_bytes(referral.into()));
                        Ok(QueuedReferral {
                            referral,
                            address,
                            body: body.into(),
                        })
                    })
                    .collect()
            })
            .await
    }

    /// Deletes a form that the server has.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn sent(&self, referral: ReferralId) -> Result<(), StoreError> {
        self.connection
            .run(async |database| {
                let tx = writing(database, &[QUEUE], Durability::Strict)?;
                tx.object_store(QUEUE)?
                    .delete::<String, _>(KeyRange::Only(referral.to_string()))
                    .primitive()?;
                Ok(tx.commit().await?)
            })
            .await
    }
}
