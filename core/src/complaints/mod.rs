//! Complaints about data protection, and the thirty days within which the law has each acknowledged.
//!
//! The server keeps when each arrived, was acknowledged and was answered, and nothing of what it says: the
//! letter is where the organisation keeps its letters. These are entries of the audit, so that nobody moves
//! a day afterwards; what stands here is read out of them.

use crate::audit::{Deed, NewEntry};
use crate::clock::{Instant, parse_iso_date};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A complaint has to be acknowledged within so many days of its arrival (Data (Use and Access) Act 2025).
pub const ACKNOWLEDGE_DAYS: u64 = 30;

/// A day, counted from the first of January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayNumber(pub u64);

impl DayNumber {
    /// The day of a moment, by UTC.
    pub const fn of(at: Instant) -> Self {
        Self(at.0 / DAY_MS)
    }

    /// The moment at which the day begins.
    pub const fn begins(self) -> Instant {
        Instant(self.0.saturating_mul(DAY_MS))
    }
}

/// The day on which a complaint arrived, as somebody types it: as 2026-05-31, or nothing for today. `None` for
/// what is no day, and for one that is still to come.
pub fn day_of_arrival(typed: &str, today: DayNumber) -> Option<DayNumber> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(today);
    }
    let begins = parse_iso_date(typed)?.midnight().assume_utc();
    let ms = u64::try_from(begins.unix_timestamp())
        .ok()?
        .checked_mul(1000)?;
    Some(DayNumber::of(Instant(ms))).filter(|day| *day <= today)
}

/// A complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Its number, from 1, in the order in which they were entered.
    pub number: u64,
    /// The day on which it arrived.
    pub received: DayNumber,
    /// When it was acknowledged.
    pub acknowledged: Option<Instant>,
    /// When it was answered.
    pub answered: Option<Instant>,
}

/// Where a complaint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has to be acknowledged within so many days, today included.
    ToAcknowledge(u64),
    /// It should have been acknowledged so many days ago.
    Overdue(u64),
    /// It was acknowledged, and has to be answered without undue delay.
    ToAnswer,
    /// It was answered.
    Done,
}

impl Complaint {
    /// The last day on which it can be acknowledged in time.
    pub const fn due(&self) -> DayNumber {
        DayNumber(self.received.0.saturating_add(ACKNOWLEDGE_DAYS))
    }

    /// Where it stands on a day. Who answers has acknowledged.
    pub fn standing(&self, today: DayNumber) -> Standing {
        match (self.answered, self.acknowledged) {
            (Some(_), _) => Standing::Done,
            (None, Some(_)) => Standing::ToAnswer,
            (None, None) => match self.due().0.checked_sub(today.0) {
                Some(left) => Standing::ToAcknowledge(left.saturating_add(1)),
                None => Standing::Overdue(today.0 - self.due().0),
            },
        }
    }
}

/// Every complaint, as the entries of the audit tell it in their order. What is entered twice counts from
/// the first time.
pub fn complaints(entries: impl Iterator<Item = NewEntry>) -> Vec<Complaint> {
    let mut complaints: Vec<Complaint> = Vec::new();
    for NewEntry { at, deed, .. } in entries {
        match deed {
            Deed::ComplaintReceived { day } => complaints.push(Complaint {
                number: complaints.len() as u64 + 1,
                received: DayNumber(day),
                acknowledged: None,
                answered: None,
            }),
            Deed::ComplaintAcknowledged { complaint } => {
                if let Some(found) = numbered(&mut complaints, complaint) {
                    found.acknowledged.get_or_insert(at);
                }
            }
            Deed::ComplaintAnswered { complaint } => {
                if let Some(found) = numbered(&mut complaints, complaint) {
                    found.answered.get_or_insert(at);
                }
            }
            _ => {}
        }
    }
    complaints
}

fn numbered(complaints: &mut [Complaint], number: u64) -> Option<&mut Complaint> {
    complaints
        .iter_mut()
        .find(|complaint| complaint.number == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Actor;

    fn read(deeds: &[(u64, Deed)]) -> Vec<Complaint> {
        complaints(deeds.iter().map(|(day, deed)| NewEntry {
            at: DayNumber(*day).begins(),
            actor: Actor::CommandLine,
            deed: *deed,
        }))
    }

    #[test]
    fn a_complaint_arrives_on_a_day_up_to_today() {
        let today = DayNumber(20_000);
        let told = |typed: &str| day_of_arrival(typed, today).map(|day| day.0);
        assert_eq!(told("  "), Some(20_000));
        assert_eq!(told(" 2024-10-04 "), Some(20_000));
        assert_eq!(told("1970-01-02"), Some(1));
        for wrong in ["2024-10-05", "1969-12-31", "tomorrow", "2024-13-01"] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_thirty_days_count_from_the_day_of_arrival() {
        let [complaint] = read(&[(105, Deed::ComplaintReceived { day: 100 })])[..] else {
            panic!("one complaint")
        };
        for (today, standing) in [
            (100, Standing::ToAcknowledge(31)),
            (129, Standing::ToAcknowledge(2)),
            (130, Standing::ToAcknowledge(1)),
            (131, Standing::Overdue(1)),
            (200, Standing::Overdue(70)),
        ] {
            assert_eq!(complaint.standing(DayNumber(today)), standing, "{today}");
        }
    }

    #[test]
    fn each_goes_its_own_way_and_the_first_time_counts() {
        let read = read(&[
            (1, Deed::ComplaintReceived { day: 1 }),
            (2, Deed::ComplaintReceived { day: 2 }),
            (3, Deed::ComplaintAcknowledged { complaint: 2 }),
            (4, Deed::BackedUp),
            (9, Deed::ComplaintAcknowledged { complaint: 2 }),
            (9, Deed::ComplaintAcknowledged { complaint: 3 }),
            (9, Deed::ComplaintAnswered { complaint: 1 }),
            (9, Deed::ComplaintReceived { day: 9 }),
        ]);
        let today = DayNumber(50);
        let standings: Vec<_> = read.iter().map(|one| one.standing(today)).collect();
        let late = Standing::Overdue(11);
        assert_eq!(standings, [Standing::Done, Standing::ToAnswer, late]);
        assert_eq!(read[1].acknowledged, Some(DayNumber(3).begins()));
    }

    #[test]
    fn no_day_overflows() {
        let read = read(&[(0, Deed::ComplaintReceived { day: u64::MAX })]);
        let [today, first] = [DayNumber::of(Instant(u64::MAX)), DayNumber(0)];
        for day in [today, first, DayNumber(u64::MAX)] {
            assert!(matches!(read[0].standing(day), Standing::ToAcknowledge(_)));
        }
    }
}
