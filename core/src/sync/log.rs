//! The end of a device's own log, and how new records follow on it.

use crate::clock::{Hlc, Instant};
use crate::event::{Draft, Event, decode_event};
use crate::ids::{DeviceId, EventId, StaffId};

/// Where a device's log ends. What comes next gets the next number and a later time.
///
/// A device may remember it between two saves, because it is only a proposal: the store adds a row
/// under a number and never replaces one, so a number that another tab has taken is found out in the
/// transaction itself, and the end is then read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// The number of the newest event; 0 while there is none.
    pub n: u64,
    /// The time that it carries.
    pub at: Hlc,
}

impl LogEnd {
    /// The end of a log without events.
    pub const EMPTY: Self = Self {
        n: 0,
        at: Hlc::ZERO,
    };

    /// The end of a log whose last row is this one. A row that cannot be read keeps its number all the
    /// same: giving it a second time would make two records of one name.
    pub fn at_row(n: u64, bytes: &[u8]) -> Self {
        let at = decode_event(bytes).map_or(Hlc::ZERO, |event| event.at);
        Self { n, at }
    }

    /// Gives drafts their numbers and times, following on this end.
    pub fn place(
        self,
        drafts: &[Draft],
        device: DeviceId,
        by: Option<StaffId>,
        now: Instant,
    ) -> Vec<Event> {
        let mut at = self.at;
        (self.n + 1..)
            .zip(drafts)
            .map(|(n, draft)| {
                at = at.tick(now);
                draft.clone().place(EventId { device, n }, at, by)
            })
            .collect()
    }

    /// The end once these events were added.
    #[must_use]
    pub fn after(self, events: &[Event]) -> Self {
        events.last().map_or(self, |last| Self {
            n: last.id.n,
            at: last.at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::encode_event;
    use crate::ids::{ProgrammeId, SessionId};
    use crate::notes::SessionNoted;
    use crate::stream::Stream;

    fn drafts(count: usize) -> Vec<Draft> {
        let noted = SessionNoted {
            session: SessionId(4),
            text: None,
        };
        let draft = Draft {
            stream: Stream::Delivery(ProgrammeId(3)),
            supersedes: Vec::new(),
            body: noted.into(),
        };
        vec![draft; count]
    }

    fn place(end: LogEnd, count: usize, now: u64) -> Vec<Event> {
        end.place(&drafts(count), DeviceId(7), Some(StaffId(1)), Instant(now))
    }

    #[test]
    fn what_is_added_follows_on_without_a_gap_and_never_goes_back_in_time() {
        let first = place(LogEnd::EMPTY, 3, 1_000);
        let end = LogEnd::EMPTY.after(&first);
        // The tablet's clock was set back by a day in between.
        let second = place(end, 2, 10);
        let all: Vec<_> = first.iter().chain(&second).collect();
        let numbers: Vec<_> = all.iter().map(|event| event.id.n).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        assert!(all.windows(2).all(|pair| pair[0].at < pair[1].at));
    }

    #[test]
    fn the_end_read_from_the_last_row_is_the_end_that_was_left() {
        let events = place(LogEnd::EMPTY, 3, 1_000);
        let last = events.last().unwrap();
        let read = LogEnd::at_row(3, &encode_event(last));
        assert_eq!(read, LogEnd::EMPTY.after(&events));
    }

    #[test]
    fn a_last_row_that_cannot_be_read_keeps_its_number() {
        let end = LogEnd::at_row(9, b"damaged");
        assert_eq!(place(end, 1, 1_000)[0].id.n, 10);
    }

    #[test]
    fn adding_nothing_leaves_the_end_where_it_is() {
        let end = LogEnd { n: 4, at: Hlc(5) };
        assert_eq!(end.after(&[]), end);
    }
}
