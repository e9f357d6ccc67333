//! Reports that were given out, so that the next one can be held against them.
//!
//! Somebody who gives a report to a funder says so, and what it showed is kept in casework. Nobody has to be
//! asked which figures are in the world already, and the next report says nothing that follows from both.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use super::Period;
use crate::clock::Date;
use crate::disclosure::{ISSUE_BYTES_MAX, Issue};
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{EventId, ProgrammeId, ReportId};
use crate::records::{Casework, Records};
use crate::stream::Stream;
use crate::text::Line;

/// What a report showed, as the bytes that are kept. They are read when a report is made: a tablet that
/// starts has no use for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptIssue(Vec<u8>);

impl KeptIssue {
    /// What a report showed.
    pub fn of(issue: &Issue) -> Self {
        Self(issue.to_bytes())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A report was given out, or was not after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportGivenOut {
    /// Which.
    pub report: ReportId,
    /// The days that it is about.
    pub period: Period,
    /// The day on which it was given out.
    pub day: Date,
    /// To whom.
    pub to_whom: Option<Line>,
    /// What it showed; `None` where it was not given out after all.
    pub shown: Option<KeptIssue>,
}

impl ReportGivenOut {
    fn keeps_rules(&self) -> bool {
        let fits = |shown: &KeptIssue| shown.0.len() <= ISSUE_BYTES_MAX;
        self.period.from <= self.period.to && self.shown.as_ref().is_none_or(fits)
    }
}

/// A report showed more than can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the report is too large to be kept")]
pub struct TooLarge;

/// Why it was not written down that a report was not given out after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GivenOutError {
    /// The device holds no such report.
    #[error("no such report")]
    NotHere,
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// A report in somebody's hands, and to whom it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Given<'r> {
    /// The number under which it is kept, drawn anew.
    pub report: ReportId,
    /// The days that it is about.
    pub period: Period,
    /// What it shows.
    pub issue: &'r Issue,
    /// To whom.
    pub to_whom: Option<Line>,
    /// The day.
    pub day: Date,
}

impl Given<'_> {
    /// Writes down that it is given out, in the programme that it is about.
    ///
    /// # Errors
    /// [`TooLarge`]
    pub fn draft(self, programme: ProgrammeId) -> Result<Draft, TooLarge> {
        let given_out = ReportGivenOut {
            report: self.report,
            period: self.period,
            day: self.day,
            to_whom: self.to_whom,
            shown: Some(KeptIssue::of(self.issue)),
        };
        if !given_out.keeps_rules() {
            return Err(TooLarge);
        }
        Ok(Draft {
            stream: Stream::Casework(programme),
            supersedes: Vec::new(),
            body: given_out.into(),
        })
    }
}

/// Writes down that a report was not given out after all. The next is then not held against it.
///
/// # Errors
/// See [`GivenOutError`].
pub fn was_not_given_out(
    records: &Records,
    programme: ProgrammeId,
    report: ReportId,
) -> Result<Draft, GivenOutError> {
    let casework = records.casework(programme);
    let heads = casework.and_then(|casework| casework.given_out.all.get(&report));
    let (heads, stands) = heads
        .and_then(|heads| Some((heads, heads.latest()?)))
        .ok_or(GivenOutError::NotHere)?;
    if stands.value.shown.is_none() {
        return Err(GivenOutError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.ids(),
        body: ReportGivenOut {
            shown: None,
            ..stands.value.clone()
        }
        .into(),
    })
}

/// The reports of a programme that were given out, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenOut {
    all: BTreeMap<ReportId, Heads<ReportGivenOut>>,
}

impl GivenOut {
    pub(crate) fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], given: ReportGivenOut) {
        self.all
            .entry(given.report)
            .or_default()
            .insert(stamp, supersedes, given);
    }

    /// Those that are out, the latest first.
    pub fn all(&self) -> Vec<&Head<ReportGivenOut>> {
        let mut all: Vec<_> = self.all.values().filter_map(Self::stands).collect();
        all.sort_by_key(|head| core::cmp::Reverse((head.value.day, head.value.report)));
        all
    }

    /// Where one says that it is out and another that it is not, it is: what is in the world stays there.
    fn stands(heads: &Heads<ReportGivenOut>) -> Option<&Head<ReportGivenOut>> {
        heads.heads().iter().find(|head| head.value.shown.is_some())
    }
}

/// The earlier reports that one is held against, and those that it is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    /// What those showed that begin on the same day and end no later; the earliest first.
    pub(super) issues: Vec<Issue>,
    /// Their days, and on which day they were given out.
    pub against: Vec<(Period, Date)>,
    /// The days of the others that share some with it. What few people said may follow from one of these
    /// and this one together, which nobody has looked at.
    pub beside: Vec<Period>,
}

/// What a report over these days is held against.
pub(super) fn earlier(casework: Option<&Casework>, period: Period) -> Earlier {
    let mut earlier = Earlier::default();
    let all = casework.map_or_else(Vec::new, |casework| casework.given_out.all());
    for given in all.into_iter().rev().map(|head| &head.value) {
        let of = given.period;
        let begins_alike = of.from == period.from && of.to <= period.to;
        let issue = given.shown.as_ref().filter(|_| begins_alike);
        match issue.and_then(|kept| Issue::from_bytes(kept.bytes()).ok()) {
            Some(issue) => {
                earlier.issues.push(issue);
                earlier.against.push((of, given.day));
            }
            None if of.from <= period.to && period.from <= of.to => earlier.beside.push(of),
            None => {}
        }
    }
    earlier
}
