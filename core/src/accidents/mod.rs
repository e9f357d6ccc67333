//! Accidents and near misses: what happened, who was hurt, what was done, and what came of it.
//!
//! What an accident book asks for (HSE, "Accident Book", BI 510): who was hurt, when and where, what
//! happened, the injury, the treatment, and who wrote it down. A near miss is written down too, because it is
//! the accident of the next week. It lies in casework: whoever was there writes it and does not read it
//! again, because it is about health; a coordinator reads it, and writes what came of it. It is no
//! safeguarding concern, and a concern is none of these.

#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use crate::clock::{Date, TimeOfDay};
use crate::event::Draft;
use crate::heads::{Head, Heads, Stamp};
use crate::ids::{AccidentId, EventId, PersonId, ProgrammeId};
use crate::records::Records;
use crate::stream::Stream;
use crate::text::{Line, Paragraph};

coded_enum! {
    /// What it was.
    pub enum Event {
        /// Somebody was hurt, or was taken ill.
        Accident = 1,
        /// Somebody could have been hurt.
        NearMiss = 2,
    }
}

coded_enum! {
    /// Who was hurt, or could have been.
    pub enum Affected {
        /// Somebody who takes part.
        Participant = 1,
        /// Staff, or a volunteer.
        Staff = 2,
        /// Somebody else: a visitor, a passer-by.
        Visitor = 3,
        /// Nobody in particular.
        Nobody = 4,
    }
}

coded_enum! {
    /// How somebody who was hurt was looked after.
    pub enum Care {
        /// They needed nothing.
        Nothing = 1,
        /// First aid on site.
        FirstAid = 2,
        /// A doctor, a pharmacy, a minor injuries unit.
        Doctor = 3,
        /// They went to hospital from the site.
        Hospital = 4,
    }
}

/// What came of an accident: written by a coordinator, and written anew where more came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// What was done, so that it does not happen again.
    pub done: Paragraph,
    /// Under which reference it was reported to an authority, where it was.
    pub reported: Option<Line>,
    /// The day on which this was written.
    pub day: Date,
}

/// An accident or a near miss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccidentReported {
    /// Which.
    pub accident: AccidentId,
    /// What it was.
    pub event: Event,
    /// Who was hurt, or could have been.
    pub affected: Affected,
    /// Which participant.
    pub person: Option<PersonId>,
    /// The name of somebody who does not take part.
    pub name: Option<Line>,
    /// The day at the site.
    pub day: Date,
    /// The time at the site.
    pub time: TimeOfDay,
    /// Where on the site.
    pub place: Line,
    /// What happened.
    pub what: Paragraph,
    /// How they were hurt, or what they felt.
    pub injury: Option<Paragraph>,
    /// How they were looked after.
    pub care: Care,
    /// Who looked after them.
    pub care_by: Option<Line>,
    /// What was done at once.
    pub action: Option<Paragraph>,
    /// What came of it; nothing in the first report.
    pub followed: Option<Followed>,
}

impl AccidentReported {
    /// Whether what is said of who was hurt goes together.
    fn keeps_rules(&self, supersedes: &[EventId]) -> bool {
        // What came of it is written over a report, and a report over nothing.
        self.is_complete() && (self.followed.is_some() != supersedes.is_empty())
    }

    fn is_complete(&self) -> bool {
        let named = self.person.is_some() == (self.affected == Affected::Participant);
        let other_named =
            self.name.is_none() || matches!(self.affected, Affected::Staff | Affected::Visitor);
        let hurt = match self.event {
            Event::Accident => self.injury.is_some() && self.affected != Affected::Nobody,
            Event::NearMiss => self.injury.is_none() && self.care == Care::Nothing,
        };
        named && other_named && hurt
    }

    /// Whether it may have to be reported to the Health and Safety Executive or the council: somebody who
    /// does not work here went to hospital from the site, or somebody who does had to see a doctor (RIDDOR
    /// 2013, regulations 4 and 5). A person decides; this only says to look.
    pub fn may_be_reportable(&self) -> bool {
        let least = match self.affected {
            Affected::Staff => Care::Doctor,
            Affected::Participant | Affected::Visitor | Affected::Nobody => Care::Hospital,
        };
        self.event == Event::Accident && self.care >= least
    }

    /// Whether a coordinator still has to look at it.
    pub const fn is_open(&self) -> bool {
        self.followed.is_none()
    }
}

/// Why a report was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccidentError {
    /// The device holds no such programme, person or accident.
    #[error("no such programme, person or accident")]
    NotHere,
    /// Somebody was hurt, and it is not said who.
    #[error("it is not said who was hurt")]
    NobodyNamed,
    /// Somebody was hurt, and it is not said how.
    #[error("it is not said how they were hurt")]
    NoInjury,
    /// It stands like this already.
    #[error("nothing to change")]
    NothingToChange,
}

/// Reports an accident or a near miss. What does not go with a near miss is left out.
///
/// # Errors
/// See [`AccidentError`].
pub fn report(
    records: &Records,
    programme: ProgrammeId,
    mut reported: AccidentReported,
) -> Result<Draft, AccidentError> {
    let delivery = records.delivery(programme).ok_or(AccidentError::NotHere)?;
    match reported.affected {
        Affected::Participant => {
            let person = reported.person.ok_or(AccidentError::NobodyNamed)?;
            delivery.person(person).ok_or(AccidentError::NotHere)?;
            reported.name = None;
        }
        Affected::Staff | Affected::Visitor => reported.person = None,
        Affected::Nobody => (reported.person, reported.name) = (None, None),
    }
    match reported.event {
        Event::Accident if reported.affected == Affected::Nobody => {
            return Err(AccidentError::NobodyNamed);
        }
        Event::Accident if reported.injury.is_none() => return Err(AccidentError::NoInjury),
        Event::Accident => {}
        Event::NearMiss => {
            reported.injury = None;
            reported.care = Care::Nothing;
            reported.care_by = None;
        }
    }
    reported.followed = None;
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: Vec::new(),
        body: reported.into(),
    })
}

/// Writes what came of an accident. The report itself stays as it was written.
///
/// # Errors
/// See [`AccidentError`].
pub fn follow(
    records: &Records,
    programme: ProgrammeId,
    accident: AccidentId,
    followed: Followed,
) -> Result<Draft, AccidentError> {
    let casework = records.casework(programme);
    let heads = casework.and_then(|casework| casework.accidents.all.get(&accident));
    let (heads, stands) = heads
        .and_then(|heads| Some((heads, heads.latest()?)))
        .ok_or(AccidentError::NotHere)?;
    let same =
        |known: &Followed| (&known.done, &known.reported) == (&followed.done, &followed.reported);
    if stands.value.followed.as_ref().is_some_and(same) {
        return Err(AccidentError::NothingToChange);
    }
    Ok(Draft {
        stream: Stream::Casework(programme),
        supersedes: heads.ids(),
        body: AccidentReported {
            followed: Some(followed),
            ..stands.value.clone()
        }
        .into(),
    })
}

/// Every accident and near miss, for whoever may read casework.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accidents {
    all: BTreeMap<AccidentId, Heads<AccidentReported>>,
}

impl Accidents {
    pub(crate) fn insert(
        &mut self,
        stamp: Stamp,
        supersedes: &[EventId],
        reported: AccidentReported,
    ) {
        self.all
            .entry(reported.accident)
            .or_default()
            .insert(stamp, supersedes, reported);
    }

    /// One of them.
    pub fn get(&self, accident: AccidentId) -> Option<&Head<AccidentReported>> {
        self.all.get(&accident)?.latest()
    }

    /// What others wrote of it at the same time, without knowing of the latest.
    pub fn others(&self, accident: AccidentId) -> impl Iterator<Item = &Followed> {
        let heads = self.all.get(&accident);
        let latest = heads.and_then(Heads::latest).map(|head| head.stamp.id);
        let all = heads.into_iter().flat_map(Heads::heads);
        all.filter(move |head| Some(head.stamp.id) != latest)
            .filter_map(|head| head.value.followed.as_ref())
    }

    /// All of them: those first of which nobody wrote yet what came of it, and of these the latest first.
    pub fn all(&self) -> Vec<&Head<AccidentReported>> {
        let mut all: Vec<_> = self.all.values().filter_map(Heads::latest).collect();
        all.sort_by_key(|head| {
            let reported = &head.value;
            let at = (reported.day, reported.time, reported.accident);
            (!reported.is_open(), core::cmp::Reverse(at))
        });
        all
    }

    /// How many of them nobody wrote yet what came of.
    pub fn open(&self) -> usize {
        let all = self.all.values().filter_map(Heads::latest);
        all.filter(|head| head.value.is_open()).count()
    }
}
