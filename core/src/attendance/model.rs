//! What a mark on the register says.

use crate::clock::TimeOfDay;
use crate::ids::{PersonId, SessionId};
use crate::text::{Line, Paragraph};

coded_enum! {
    /// Why somebody who was expected is not here (domain findings §5, attendance rules).
    pub enum Absence {
        /// Nobody knows yet.
        Unknown = 1,
        /// They let us know: counts as apologies.
        Apologies = 2,
        /// No word: did not attend. Two of these running call for a welfare call.
        NoWord = 3,
        /// Agreed beforehand: stays out of the attendance rate.
        Excused = 4,
    }
}

/// What was marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Taken back: the person counts as not marked.
    Unmarked,
    /// The person came.
    Here(Presence),
    /// The person was expected and did not come.
    NotHere {
        /// What is known of the reason.
        absence: Absence,
        /// The reason in words.
        reason: Option<Line>,
    },
}

/// How long somebody was here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// When they came, if later than the start.
    pub late: Option<TimeOfDay>,
    /// When they left, if before the end.
    pub left: Option<TimeOfDay>,
}

impl Mark {
    /// One tap on "Here".
    pub const HERE: Self = Self::Here(Presence {
        late: None,
        left: None,
    });

    /// One tap on "Not here".
    pub const NOT_HERE: Self = Self::NotHere {
        absence: Absence::Unknown,
        reason: None,
    };
}

/// Somebody was marked on a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttendanceMarked {
    /// The session.
    pub session: SessionId,
    /// The person.
    pub person: PersonId,
    /// What was marked.
    pub mark: Mark,
    /// What the next facilitator should know of it.
    pub note: Option<Paragraph>,
}
