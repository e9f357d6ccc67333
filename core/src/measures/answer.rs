//! One answer to one item, with everything that has to be known of it.

use core::cmp::Ordering;

use super::catalogue::Question;
use crate::clock::{Date, TimeOfDay};
use crate::ids::{PersonId, SessionId};
use crate::language::Language;

coded_enum! {
    /// When in somebody's course an instrument is asked.
    pub enum Moment {
        /// At the welcome, before the first session.
        Baseline = 1,
        /// Before a session.
        BeforeSession = 2,
        /// After the same session.
        AfterSession = 3,
        /// Half-way.
        Middle = 4,
        /// At the end.
        End = 5,
        /// Three months after the last session.
        ThreeMonths = 6,
        /// Six months after the last session.
        SixMonths = 7,
    }
}

impl Moment {
    /// Whether it is about one session, so that a person has one for each.
    pub const fn of_session(self) -> bool {
        matches!(self, Self::BeforeSession | Self::AfterSession)
    }
}

coded_enum! {
    /// Who helped. Answers that somebody helped with come out higher (Warwick), so this is reported.
    pub enum Mode {
        /// The person answered alone.
        Alone = 1,
        /// The tablet or phone read the questions aloud.
        ReadByApp = 2,
        /// A member of staff read the questions aloud.
        ReadByStaff = 3,
        /// A carer answered or helped to answer.
        ByCarer = 4,
    }
}

impl Mode {
    /// Whether another person took part.
    pub const fn helped(self) -> bool {
        matches!(self, Self::ReadByStaff | Self::ByCarer)
    }
}

/// What was said to one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reply {
    /// Nothing: missing, never zero.
    Skipped,
    /// "Prefer not to say": missing, never zero.
    PreferNotToSay,
    /// An answer, as it was given. It may lie outside the scale.
    Given(i32),
}

/// A day, and the time of day where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct When {
    /// The day at the site.
    pub date: Date,
    /// The time at the site.
    pub time: Option<TimeOfDay>,
}

impl When {
    /// A day without a time.
    pub const fn day(date: Date) -> Self {
        Self { date, time: None }
    }

    /// Whether it is certainly before another: on an earlier day, or on the same day at an earlier time
    /// where both times are known.
    pub fn before(self, other: Self) -> bool {
        match self.date.cmp(&other.date) {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => self.time.zip(other.time).is_some_and(|(a, b)| a < b),
        }
    }
}

impl PartialOrd for When {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// For sorting alone: a day without a time comes before its times.
impl Ord for When {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.date, self.time).cmp(&(other.date, other.time))
    }
}

/// One answer to one item. It is kept whatever it says; what is wrong with it is worked out each time by
/// [`super::sort_out`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who answered.
    pub person: PersonId,
    /// What was asked: instrument, version and item.
    pub question: Question,
    /// When in the person's course.
    pub moment: Moment,
    /// At which session.
    pub session: Option<SessionId>,
    /// On which day.
    pub when: Option<When>,
    /// What was said.
    pub reply: Reply,
    /// Who helped.
    pub mode: Option<Mode>,
    /// The language in which it was asked.
    pub language: Option<Language>,
}
