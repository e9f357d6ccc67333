//! Programmes and their sessions: a journey with a start and an end (guidance, "Planning").

#[cfg(test)]
mod tests;
mod wire;

use crate::clock::{Date, TimeOfDay};
use crate::ids::{ProgrammeId, SessionId};
use crate::records::Delivery;
use crate::text::Line;

/// A programme was set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeOpened {
    /// The programme.
    pub programme: ProgrammeId,
    /// Its name.
    pub name: Line,
    /// Who runs it, as consent wordings and footers name them.
    pub organisation: Line,
    /// Where it is.
    pub site: Line,
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
}

/// A session was planned, or its plan changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPlanned {
    /// The session.
    pub session: SessionId,
    /// Its place in the programme, from 1.
    pub number: u16,
    /// The day.
    pub date: Date,
    /// The start.
    pub starts: TimeOfDay,
    /// The end.
    pub ends: TimeOfDay,
    /// Where, if not at the programme's site.
    pub place: Option<Line>,
}

/// Whether people who type `typed` mean the programme of this name: capitals and the spaces around it
/// make no difference.
pub fn is_called(name: &str, typed: &str) -> bool {
    name.to_lowercase() == typed.trim().to_lowercase()
}

/// Where a session lies from the point of view of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionDay {
    /// It is on that day.
    Today,
    /// It is still to come.
    ToCome,
    /// It was before.
    Past,
}

/// Where a session lies from the point of view of `today`.
pub fn session_day(session: &SessionPlanned, today: Date) -> SessionDay {
    match session.date.cmp(&today) {
        core::cmp::Ordering::Equal => SessionDay::Today,
        core::cmp::Ordering::Greater => SessionDay::ToCome,
        core::cmp::Ordering::Less => SessionDay::Past,
    }
}

/// Every session in the order of their days and times.
pub fn sessions_in_order(delivery: &Delivery) -> Vec<&SessionPlanned> {
    let mut sessions: Vec<_> = delivery.sessions().collect();
    sessions.sort_by_key(|session| (session.date, session.starts, session.session));
    sessions
}

/// The session that a screen opens with: one of today, else the next, else the last.
pub fn current_session(delivery: &Delivery, today: Date) -> Option<&SessionPlanned> {
    let sessions = sessions_in_order(delivery);
    sessions
        .iter()
        .find(|session| session.date >= today)
        .or(sessions.last())
        .copied()
}
