//! How marks become a register, who is on site, and what the counts are.

use std::collections::{BTreeMap, BTreeSet};

use super::{AttendanceMarked, Mark};
use crate::clock::Date;
use crate::heads::{Heads, Stamp, Standing};
use crate::ids::{EventId, PersonId, SessionId};
use crate::people::{Joined, PersonRecorded};
use crate::programme::SessionDay;
use crate::records::Delivery;

/// Every mark of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttendanceRegister {
    marks: BTreeMap<SessionId, BTreeMap<PersonId, Heads<AttendanceMarked>>>,
    /// Where people disagree. Kept with every mark, because the header of every screen asks for it and
    /// must not look through years of registers at each tap.
    disagreements: BTreeSet<(SessionId, PersonId)>,
}

impl AttendanceRegister {
    pub(crate) fn insert(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        marked: AttendanceMarked,
    ) {
        let place = (marked.session, marked.person);
        let heads = self
            .marks
            .entry(marked.session)
            .or_default()
            .entry(marked.person)
            .or_default();
        heads.insert(stamp, supersedes, marked);
        if heads.standing().needs_choice() {
            self.disagreements.insert(place);
        } else {
            self.disagreements.remove(&place);
        }
    }

    /// The register value of one person at one session.
    pub fn heads(&self, session: SessionId, person: PersonId) -> Option<&Heads<AttendanceMarked>> {
        self.marks.get(&session)?.get(&person)
    }

    /// How one person stands at one session.
    pub fn standing(&self, session: SessionId, person: PersonId) -> Standing<'_, AttendanceMarked> {
        self.heads(session, person)
            .map_or(Standing::Unrecorded, Heads::standing)
    }

    /// Every person who has a mark at a session, with how they stand.
    pub fn of_session(
        &self,
        session: SessionId,
    ) -> impl Iterator<Item = (PersonId, Standing<'_, AttendanceMarked>)> {
        self.marks
            .get(&session)
            .into_iter()
            .flatten()
            .map(|(person, heads)| (*person, heads.standing()))
    }

    /// Every register value, for exports that have to show each mark that stands.
    pub fn all(&self) -> impl Iterator<Item = (SessionId, PersonId, &Heads<AttendanceMarked>)> {
        self.marks.iter().flat_map(|(session, people)| {
            people
                .iter()
                .map(|(person, heads)| (*session, *person, heads))
        })
    }

    /// Every register value on which two people disagree.
    pub fn to_check(
        &self,
    ) -> impl Iterator<Item = (SessionId, PersonId, Standing<'_, AttendanceMarked>)> {
        self.disagreements
            .iter()
            .map(|&(session, person)| (session, person, self.standing(session, person)))
    }

    /// How many register values people disagree on.
    pub fn to_check_count(&self) -> usize {
        self.disagreements.len()
    }
}

/// One row of a session's register.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// The person.
    pub person: PersonId,
    /// Their details as they stand.
    pub details: &'a PersonRecorded,
    /// Whether this is the first day on which they are expected.
    pub first_day: bool,
    /// Their mark.
    pub standing: Standing<'a, AttendanceMarked>,
}

impl Row<'_> {
    /// The mark that the row shows; "not marked" where there is none.
    pub fn mark(&self) -> &Mark {
        self.standing
            .shown()
            .map_or(&Mark::Unmarked, |head| &head.value.mark)
    }

    /// Whether any of the marks that stand says that the person is here.
    pub fn may_be_here(&self) -> bool {
        self.standing
            .all()
            .any(|head| matches!(head.value.mark, Mark::Here(_)))
    }
}

/// Whether somebody belongs on the register of a day: membership is read as at the session's date,
/// not as of today, so that an old register keeps its people (domain findings §1.2).
pub fn is_expected(person: &PersonRecorded, day: Date) -> bool {
    person.from <= day && person.until.is_none_or(|until| day <= until)
}

/// The register of a session: everybody expected that day and everybody marked, by preferred name.
pub fn register_rows(delivery: &Delivery, session: SessionId) -> Vec<Row<'_>> {
    let Some(plan) = delivery.session(session) else {
        return Vec::new();
    };
    let mut rows: Vec<_> = delivery
        .people()
        .filter(|(person, details)| {
            is_expected(details, plan.date) || delivery.attendance.heads(session, *person).is_some()
        })
        .map(|(person, details)| Row {
            person,
            details,
            first_day: details.from == plan.date,
            standing: delivery.attendance.standing(session, person),
        })
        .collect();
    rows.sort_by_cached_key(|row| {
        (
            row.details.details.preferred_name.as_str().to_lowercase(),
            row.person,
        )
    });
    rows
}

/// The people on site now: arrived and not left. This is the list for an evacuation.
pub fn on_site(delivery: &Delivery, session: SessionId) -> Vec<Row<'_>> {
    let mut rows = register_rows(delivery, session);
    rows.retain(|row| {
        // Where two tablets disagree, somebody who may be on site is counted as on site.
        let heads = delivery
            .attendance
            .heads(session, row.person)
            .map(Heads::heads)
            .unwrap_or_default();
        heads
            .iter()
            .any(|head| matches!(head.value.mark, Mark::Here(presence) if presence.left.is_none()))
    });
    rows
}

/// The counts at the head of a register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Marked here.
    pub here: usize,
    /// Marked not here.
    pub not_here: usize,
    /// Not marked yet.
    pub to_mark: usize,
    /// Here for the first time, added at the gate.
    pub walk_ins: usize,
    /// On which two tablets disagree.
    pub to_check: usize,
}

/// Counts the rows of a register.
pub fn summary(rows: &[Row<'_>]) -> Summary {
    let mut counts = Summary::default();
    for row in rows {
        match row.mark() {
            Mark::Here(_) => counts.here += 1,
            Mark::NotHere { .. } => counts.not_here += 1,
            Mark::Unmarked => counts.to_mark += usize::from(!row.standing.needs_choice()),
        }
        let here = matches!(row.mark(), Mark::Here(_));
        let came_by = row.first_day && row.details.joined == Joined::WalkIn;
        counts.walk_ins += usize::from(here && came_by);
        counts.to_check += usize::from(row.standing.needs_choice());
    }
    counts
}

/// The counts of a session as a list of sessions shows them. Nothing stands where there is nothing to
/// count yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Marked here.
    pub here: Option<usize>,
    /// Marked not here.
    pub not_here: Option<usize>,
    /// Not marked.
    pub to_mark: Option<usize>,
}

/// Before its day nobody has missed a mark at a session. What was marked beforehand counts all the same,
/// because people let us know.
pub fn tally(counts: Summary, day: SessionDay) -> Tally {
    let ahead = day == SessionDay::ToCome;
    let marked = |count: usize| (!ahead || count > 0).then_some(count);
    Tally {
        here: marked(counts.here),
        not_here: marked(counts.not_here),
        to_mark: (!ahead).then_some(counts.to_mark),
    }
}
