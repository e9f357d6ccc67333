//! How values of the domain lie in columns.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;
use wellfield_core::access::{DeskRole, Role};
use wellfield_core::clock::Instant;
use wellfield_core::desk::SignInName;
use wellfield_core::ids::{DeviceId, ProgrammeId};
use wellfield_core::sync::Outcome;
use wellfield_core::text::Line;

use super::failure::Failed;

/// Sixty-four bits as the signed integer of the same bits.
pub(super) const fn bits(value: u64) -> i64 {
    value.cast_signed()
}

pub(super) const fn instant(at: Instant) -> i64 {
    bits(at.0)
}

pub(super) fn device(device: DeviceId) -> i64 {
    i64::from(device.0)
}

pub(super) fn role(role: Role) -> i16 {
    i16::from(role.code())
}

pub(super) fn desk_role(role: DeskRole) -> i16 {
    i16::from(role.code())
}

pub(super) fn outcome(outcome: Outcome) -> i16 {
    i16::from(outcome.code())
}

/// Programmes, separated by spaces.
pub(super) fn programmes(programmes: &[ProgrammeId]) -> String {
    let written: Vec<String> = programmes.iter().map(ToString::to_string).collect();
    written.join(" ")
}

/// A row, read column by column.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a>(pub(super) &'a Row);

impl<'a> Columns<'a> {
    /// A value that the database knows how to give.
    pub(super) fn get<T: FromSql<'a>>(self, place: usize) -> Result<T, Failed> {
        Ok(self.0.try_get(place)?)
    }

    pub(super) fn bits(self, place: usize) -> Result<u64, Failed> {
        self.get::<i64>(place).map(i64::cast_unsigned)
    }

    pub(super) fn instant(self, place: usize) -> Result<Instant, Failed> {
        self.bits(place).map(Instant)
    }

    pub(super) fn instant_if_any(self, place: usize) -> Result<Option<Instant>, Failed> {
        let at = self.get::<Option<i64>>(place)?;
        Ok(at.map(|at| Instant(at.cast_unsigned())))
    }

    pub(super) fn number(self, place: usize) -> Result<u32, Failed> {
        u32::try_from(self.get::<i64>(place)?).map_err(|_| Failed::Unreadable("a number"))
    }

    pub(super) fn device(self, place: usize) -> Result<DeviceId, Failed> {
        self.number(place).map(DeviceId)
    }

    pub(super) fn role(self, place: usize) -> Result<Role, Failed> {
        let code = u8::try_from(self.get::<i16>(place)?).ok();
        code.and_then(Role::from_code)
            .ok_or(Failed::Unreadable("a role"))
    }

    pub(super) fn desk_role(self, place: usize) -> Result<DeskRole, Failed> {
        let code = u8::try_from(self.get::<i16>(place)?).ok();
        code.and_then(DeskRole::from_code)
            .ok_or(Failed::Unreadable("a role"))
    }

    pub(super) fn line(self, place: usize) -> Result<Line, Failed> {
        Line::typed(self.get(place)?, str::to_owned).map_err(|_| Failed::Unreadable("a line"))
    }

    pub(super) fn address(self, place: usize) -> Result<SignInName, Failed> {
        SignInName::typed(self.get(place)?, str::to_owned)
            .map_err(|_| Failed::Unreadable("an address"))
    }

    pub(super) fn outcome(self, place: usize) -> Result<Outcome, Failed> {
        self.optional_outcome(place)?
            .ok_or(Failed::Unreadable("an outcome"))
    }

    pub(super) fn optional_outcome(self, place: usize) -> Result<Option<Outcome>, Failed> {
        let Some(code) = self.get::<Option<i16>>(place)? else {
            return Ok(None);
        };
        let outcome = u8::try_from(code).ok().and_then(Outcome::from_code);
        outcome.map(Some).ok_or(Failed::Unreadable("an outcome"))
    }

    pub(super) fn hash(self, place: usize) -> Result<[u8; 32], Failed> {
        self.get::<&[u8]>(place)?
            .try_into()
            .map_err(|_| Failed::Unreadable("a fingerprint"))
    }

    /// Anything that is written as text and reads back from it: streams and identifiers.
    pub(super) fn written<T: std::str::FromStr>(self, place: usize) -> Result<T, Failed> {
        self.get::<&str>(place)?
            .parse()
            .map_err(|_| Failed::Unreadable("an identifier"))
    }

    pub(super) fn programmes(self, place: usize) -> Result<Vec<ProgrammeId>, Failed> {
        let written = self.get::<&str>(place)?.split_whitespace();
        let programmes =
            written.map(|id| id.parse().map_err(|_| Failed::Unreadable("an identifier")));
        programmes.collect()
    }
}
