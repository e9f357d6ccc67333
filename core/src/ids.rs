//! Who and what a record is about.
//!
//! Events are identified by who recorded them and in which order ([`EventId`]); people, sessions
//! and the like by 64 random bits drawn by the caller. Identifiers carry no meaning and may stand
//! in an address bar.

use core::fmt;
use core::str::FromStr;

/// The number that the server gave a device at enrolment. Number 1 is the server itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub u32);

impl DeviceId {
    /// The server, as the author of imported records and received self-referrals.
    pub const SERVER: Self = Self(1);
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The identity of an event: the device that recorded it and its place in that device's log.
///
/// `n` starts at 1 and has no gaps. It is the idempotency key, the resume point of sending and the
/// detector of loss, all in one (sync design §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// The recording device.
    pub device: DeviceId,
    /// Place in the device's log, from 1, without gaps.
    pub n: u64,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.device, self.n)
    }
}

/// Crockford's base 32: no I, L, O or U, so that a code can be read out and typed back.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Writes the lowest `digits` × 5 bits of `value`, most significant first.
pub fn base32(value: u128, digits: usize) -> String {
    (0..digits)
        .rev()
        .map(|i| ALPHABET[((value >> (5 * i)) & 31) as usize] as char)
        .collect()
}

/// Reads what [`base32`] wrote, forgiving case, and I, L and O for 1, 1 and 0.
pub fn from_base32(text: &str) -> Option<u128> {
    if text.is_empty() || text.len() > 26 {
        return None;
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let byte = match byte.to_ascii_uppercase() {
            b'I' | b'L' => b'1',
            b'O' => b'0',
            other => other,
        };
        let digit = ALPHABET.iter().position(|&c| c == byte)?;
        Some((value << 5) | digit as u128)
    })
}

/// A text that is not an identifier of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

macro_rules! entity_ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base32(u128::from(self.0), 13))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if text.len() != 13 {
                    return Err(NotAnId);
                }
                let value = from_base32(text).ok_or(NotAnId)?;
                u64::try_from(value).map(Self).map_err(|_| NotAnId)
            }
        }
    )+ };
}

entity_ids! {
    /// A programme: a run of sessions with a start, an end and its people.
    ProgrammeId,
    /// One session of a programme.
    SessionId,
    /// A participant.
    PersonId,
    /// A member of staff or a volunteer who records.
    StaffId,
    /// One participant's set of answers to one questionnaire.
    ResponseId,
    /// A safeguarding concern.
    ConcernId,
    /// A participant's words as they may be published.
    StoryId,
    /// Something that was changed because of what participants said.
    ChangeId,
    /// An accident or a near miss.
    AccidentId,
    /// A report that was given out.
    ReportId,
    /// A score that was worked out elsewhere.
    ScoreId,
    /// Somebody who signs in on the server's pages.
    AccountId,
}

/// The identity of a referral, drawn when the form opens, so that the same form sent twice is one referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReferralId(pub u128);

impl ReferralId {
    /// The reference shown to the person: eight characters that can be read out on the telephone.
    pub fn reference(self) -> String {
        let code = base32(self.0, 8);
        format!("{}-{}", &code[..4], &code[4..])
    }
}

impl fmt::Display for ReferralId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32(self.0, 26))
    }
}

impl FromStr for ReferralId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != 26 || text.as_bytes()[0] > b'7' {
            return Err(NotAnId);
        }
        from_base32(text).map(Self).ok_or(NotAnId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_reads_back_from_its_text() {
        for value in [0, 1, 31, 32, u64::MAX] {
            let id = PersonId(value);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        let referral = ReferralId(u128::MAX);
        assert_eq!(referral.to_string().parse(), Ok(referral));
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        for text in ["", "abc", "UUUUUUUUUUUUU", "ZZZZZZZZZZZZZ", "éééééé1"] {
            assert_eq!(text.parse::<PersonId>(), Err(NotAnId), "{text}");
        }
        assert_eq!("é".repeat(13).parse::<ReferralId>(), Err(NotAnId));
    }

    #[test]
    fn a_reference_is_short_enough_to_read_out() {
        assert_eq!(ReferralId(0).reference(), "0000-0000");
        assert_eq!(ReferralId(u128::MAX).reference(), "ZZZZ-ZZZZ");
    }
}
