//! Rows of bytes in an object store, and small values as CBOR.

use indexed_db_futures::KeyRange;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::typed_array::{TypedArray, TypedArraySlice};
use js_sys::Uint8Array;
use minicbor::{Decode, Encode};
use wasm_bindgen::JsValue;

use super::StoreError;

pub(super) fn encode(value: impl Encode<()>) -> Vec<u8> {
    // Writing to a vector cannot fail.
    minicbor::to_vec(value).unwrap_or_default()
}

pub(super) fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, StoreError> {
    minicbor::decode(bytes).map_err(|_| StoreError::Unreadable)
}

pub(super) fn put(store: &ObjectStore<'_>, key: &str, bytes: &[u8]) -> Result<(), StoreError> {
    store
        .put(TypedArraySlice::new(bytes))
        .with_key(key.to_owned())
        .without_key_type()
        .primitive()?;
    Ok(())
}

pub(super) fn put_number(
    store: &ObjectStore<'_>,
    key: u64,
    bytes: &[u8],
) -> Result<(), StoreError> {
    store
        .put(TypedArraySlice::new(bytes))
        .with_key(number(key))
        .without_key_type()
        .primitive()?;
    Ok(())
}

/// Adds a row under a number that no row has; where one has it, the browser undoes the transaction.
pub(super) fn add_number(
    store: &ObjectStore<'_>,
    key: u64,
    bytes: &[u8],
) -> Result<(), StoreError> {
    store
        .add(TypedArraySlice::new(bytes))
        .with_key(number(key))
        .without_key_type()
        .primitive()?;
    Ok(())
}

pub(super) fn delete(store: &ObjectStore<'_>, key: &str) -> Result<(), StoreError> {
    store
        .delete::<String, _>(KeyRange::Only(key.to_owned()))
        .primitive()?;
    Ok(())
}

/// A log would have to hold 2⁵³ events before a number no longer fits.
#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of events stay far below 2 to the 53rd"
)]
pub(super) const fn number(n: u64) -> f64 {
    n as f64
}

/// The number of a key that [`number`] made.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "keys of the log are whole and positive"
)]
pub(super) const fn from_number(key: f64) -> u64 {
    key as u64
}

pub(super) async fn get(store: &ObjectStore<'_>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = get_value(store, key).await?;
    Ok(row.map(|row| Uint8Array::new(&row).to_vec()))
}

/// What lies in a row, which may be something of the browser's own.
pub(super) async fn get_value(
    store: &ObjectStore<'_>,
    key: &str,
) -> Result<Option<JsValue>, StoreError> {
    Ok(store.get(key.to_owned()).primitive()?.await?)
}

pub(super) async fn get_number(
    store: &ObjectStore<'_>,
    key: u64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row: Option<TypedArray<u8>> = store.get(number(key)).primitive()?.await?;
    Ok(row.map(Into::into))
}

pub(super) async fn all(store: &ObjectStore<'_>) -> Result<Vec<Vec<u8>>, StoreError> {
    collect(store.get_all::<TypedArray<u8>>().primitive()?.await?)
}

/// Rows with their numbers.
pub(super) async fn numbered_after(
    store: &ObjectStore<'_>,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let range = || KeyRange::LowerBound(number(after), true);
    let keys = store
        .get_all_keys::<f64>()
        .with_query::<f64, _>(range())
        .with_limit(limit)
        .primitive()?;
    let rows = store
        .get_all::<TypedArray<u8>>()
        .with_query::<f64, _>(range())
        .with_limit(limit)
        .primitive()?;
    let numbers = keys.await?.collect::<Result<Vec<_>, _>>()?;
    let rows = collect(rows.await?)?;
    Ok(numbers.into_iter().map(from_number).zip(rows).collect())
}

pub(super) fn collect<E>(
    rows: impl Iterator<Item = Result<TypedArray<u8>, E>>,
) -> Result<Vec<Vec<u8>>, StoreError>
where
    StoreError: From<E>,
{
    Ok(rows
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(Into::into)
        .collect())
}
