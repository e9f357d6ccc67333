//! How values of the domain lie in columns.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use wellfield_core::access::{DeskRole, Role};
use wellfield_core::clock::Instant;
use wellfield_core::desk::SignInName;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::sync::Outcome;
use wellfield_core::text::Line;

/// A value as it lies in a column.
#[derive(Clone, Debug)]
pub(super) struct Column<T>(pub(super) T);

/// Sixty-four bits as the signed integer of the same bits.
impl ToSql for Column<u64> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.cast_signed().into())
    }
}

impl FromSql for Column<u64> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(|bits| Self(bits.cast_unsigned()))
    }
}

impl ToSql for Column<Instant> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.0.cast_signed().into())
    }
}

impl FromSql for Column<Instant> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Column::<u64>::column_result(value).map(|Column(ms)| Self(Instant(ms)))
    }
}

impl ToSql for Column<Role> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.code().into())
    }
}

impl FromSql for Column<Role> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let role = Role::from_code(u8::column_result(value)?);
        role.map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl ToSql for Column<DeskRole> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.code().into())
    }
}

impl FromSql for Column<DeskRole> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let role = DeskRole::from_code(u8::column_result(value)?);
        role.map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for Column<Line> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let line = Line::typed(value.as_str()?, str::to_owned);
        line.map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

/// An address with which somebody signs in.
#[derive(Clone, Debug)]
pub(super) struct Address(pub(super) SignInName);

impl FromSql for Address {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let address = SignInName::typed(value.as_str()?, str::to_owned);
        address.map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

impl ToSql for Column<Outcome> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.code().into())
    }
}

impl FromSql for Column<Outcome> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let outcome = Outcome::from_code(u8::column_result(value)?);
        outcome.map(Self).ok_or(FromSqlError::InvalidType)
    }
}

/// Anything that is written as text and reads back from it: streams and identifiers.
#[derive(Clone, Debug)]
pub(super) struct Written<T>(pub(super) T);

impl<T: std::fmt::Display> ToSql for Written<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl<T: std::str::FromStr> FromSql for Written<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value
            .as_str()?
            .parse()
            .map(Self)
            .map_err(|_| FromSqlError::InvalidType)
    }
}

/// Programmes, separated by spaces.
#[derive(Clone, Debug)]
pub(super) struct Programmes(pub(super) Vec<ProgrammeId>);

impl ToSql for Programmes {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let written: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        Ok(written.join(" ").into())
    }
}

impl FromSql for Programmes {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let written = value.as_str()?.split_whitespace();
        let programmes = written.map(|id| id.parse().map_err(|_| FromSqlError::InvalidType));
        programmes.collect::<Result<_, _>>().map(Self)
    }
}
