//! The wire form of most records: a CBOR map with integer keys, written and read field by field.
//!
//! `minicbor`'s derive writes the reading of a map out twice for each type, for maps of known and of unknown
//! length, with the reading of every field inside. There are more than fifty such types in the client's
//! first module, where every kilobyte is waited for. This does the same in calls that all types share, and
//! writes and reads the same bytes.

use minicbor::decode::Error;
use minicbor::encode::{Error as WriteError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

/// What is left of a map: so many entries, or as many as come before its end.
#[derive(Clone, Copy)]
pub(crate) struct Left(Option<u64>);

/// Begins a map.
pub(crate) fn begin(d: &mut Decoder<'_>) -> Result<Left, Error> {
    d.map().map(Left)
}

/// The key of the next entry; `None` after the last.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn next_key(d: &mut Decoder<'_>, left: &mut Left) -> Result<Option<i64>, Error> {
    match &mut left.0 {
        Some(0) => return Ok(None),
        Some(entries) => *entries -= 1,
        None if d.datatype()? == minicbor::data::Type::Break => {
            d.skip()?;
            return Ok(None);
        }
        None => {}
    }
    d.i64().map(Some)
}

/// Reads the value of an entry. Of two entries with one key the later counts.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn read<'b, T: Decode<'b, ()>>(
    d: &mut Decoder<'b>,
    field: &mut Option<T>,
) -> Result<(), Error> {
    *field = Some(d.decode()?);
    Ok(())
}

/// What was read of a field; a field that may be left out is empty where it was.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn found<'b, T: Decode<'b, ()>>(field: Option<T>, key: i64) -> Result<T, Error> {
    field
        .or_else(T::nil)
        .ok_or_else(|| Error::missing_value(key))
}

/// How many entries a field is: none where it is empty.
pub(crate) fn entries<T: Encode<()>>(field: &T) -> u64 {
    u64::from(!field.is_nil())
}

/// Writes an entry, unless the field is empty.
#[cfg_attr(target_arch = "wasm32", inline(never))]
pub(crate) fn write<W: Write, T: Encode<()>>(
    e: &mut Encoder<W>,
    key: i64,
    field: &T,
) -> Result<(), WriteError<W::Error>> {
    if field.is_nil() {
        return Ok(());
    }
    e.i64(key)?;
    e.encode(field)?;
    Ok(())
}

/// Gives a struct its wire form: a map in which each field has the key of its attribute, as
/// `#[n(0)] person: u64`. A field that is an `Option` is left out where it is empty.
macro_rules! wire_map {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $( $(#[doc = $doc:expr])* #[n($key:literal)] $field_visibility:vis $field:ident : $type:ty ),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $name {
            $( $(#[doc = $doc])* $field_visibility $field: $type ),*
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                $( let mut $field: Option<$type> = None; )*
                let mut left = $crate::wire_map::begin(d)?;
                while let Some(key) = $crate::wire_map::next_key(d, &mut left)? {
                    match key {
                        $( $key => $crate::wire_map::read(d, &mut $field)?, )*
                        _ => d.skip()?,
                    }
                }
                Ok(Self { $( $field: $crate::wire_map::found($field, $key)? ),* })
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.map(0 $( + $crate::wire_map::entries(&self.$field) )*)?;
                $( $crate::wire_map::write(e, $key, &self.$field)?; )*
                Ok(())
            }
        }
    };
}
