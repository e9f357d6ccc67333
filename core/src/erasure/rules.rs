//! Which records are about somebody, and what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Erased, ErasedSubjects, Subject};
use crate::clock::Hlc;
use crate::event::{Body, Event, Kind, decode_event, encode_event};
use crate::ids::SessionId;
use crate::records::Records;
use crate::stream::{Room, Stream};
use crate::sync::server::{Accepted, fingerprint};

/// Whom a record is about, if it goes with them.
pub fn subject_of(event: &Event) -> Option<Subject> {
    // Concerns are kept for as long as the law asks, whoever is erased. They name nobody in the open; what
    // a newer version may put there is not for this one to judge.
    if event.stream.room() == Room::Safeguarding {
        return None;
    }
    match &event.body {
        Body::ReferralReceived(received) => Some(Subject::Referral(received.form.referral)),
        Body::ReferralSorted(sorted) => Some(Subject::Referral(sorted.referral)),
        Body::ReferralAnswered(answered) => Some(Subject::Referral(answered.referral)),
        body => body.subject().map(Subject::Person),
    }
}

/// Everybody who is the same as somebody: with a person of a list go the forms by which they came onto it.
/// With a form goes nothing else, because whoever is on a list has more there than it.
pub fn one_somebody(records: &Records, subject: Subject) -> Vec<Subject> {
    let Subject::Person(person) = subject else {
        return vec![subject];
    };
    let forms = records
        .all_casework()
        .flat_map(|casework| casework.referrals.of_person(person));
    core::iter::once(subject)
        .chain(forms.map(Subject::Referral))
        .collect()
}

/// What stands in the place of a record that was erased: where it lay in whose log, and nothing else. When
/// it was recorded and by whom could tell what it was. It follows from the record alone, so that a device
/// that sends the record again is known to send what was erased.
pub fn tombstone(event: &Event) -> Event {
    Event {
        id: event.id,
        at: Hlc::ZERO,
        stream: event.stream,
        by: None,
        supersedes: Vec::new(),
        body: Erased.into(),
    }
}

/// What takes the place of a record of a device's own log that the server says was erased; `None` where it
/// was erased here already. What cannot be read stays for whoever tries to save it.
pub fn erased_in_place(bytes: &[u8]) -> Option<Vec<u8>> {
    let event = decode_event(bytes).ok()?;
    (!matches!(event.body, Body::Erased(_))).then(|| encode_event(&tombstone(&event)))
}

impl ErasedSubjects {
    /// Whether a record is about somebody who was erased.
    pub fn concern(&self, event: &Event) -> bool {
        !self.is_empty() && subject_of(event).is_some_and(|subject| self.has(subject))
    }

    /// What takes the place of a record as it is stored; `None` where it may stay. What cannot be read as a
    /// record names nobody.
    pub fn tombstone_of(&self, bytes: &[u8]) -> Option<Accepted> {
        if self.is_empty() {
            return None;
        }
        self.tombstone_for(&decode_event(bytes).ok()?)
    }

    /// The same of a record that was read already.
    pub fn tombstone_for(&self, event: &Event) -> Option<Accepted> {
        self.concern(event).then(|| {
            let event = tombstone(event);
            let bytes = encode_event(&event);
            let hash = fingerprint(&bytes);
            Accepted { event, bytes, hash }
        })
    }
}

/// Records of one kind in one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where they lie.
    pub stream: Stream,
    /// What they are.
    pub kind: Kind,
}

/// What there is about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    subjects: ErasedSubjects,
    /// How many records there are of each kind.
    pub counts: BTreeMap<Finding, u64>,
    /// The records themselves, as read.
    pub events: Vec<Event>,
    sessions: BTreeSet<SessionId>,
    noted: BTreeSet<SessionId>,
}

impl Findings {
    /// Nothing was looked at yet.
    pub fn about(subjects: ErasedSubjects) -> Self {
        Self {
            subjects,
            counts: BTreeMap::new(),
            events: Vec::new(),
            sessions: BTreeSet::new(),
            noted: BTreeSet::new(),
        }
    }

    /// Looks at a record.
    pub fn take(&mut self, event: Event) {
        if let Body::SessionNoted(noted) = &event.body {
            self.noted.insert(noted.session);
        }
        if !self.subjects.concern(&event) {
            return;
        }
        let session = match &event.body {
            Body::AttendanceMarked(marked) => Some(marked.session),
            Body::PulseAnswered(answered) => Some(answered.session),
            Body::MeasuresAsked(asked) => Some(asked.session),
            _ => None,
        };
        self.sessions.extend(session);
        let finding = Finding {
            stream: event.stream,
            kind: event.body.kind(),
        };
        *self.counts.entry(finding).or_default() += 1;
        self.events.push(event);
    }

    /// How many records there are.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many sessions that they are recorded at have notes, in which somebody may have written about
    /// them.
    pub fn sessions_with_notes(&self) -> usize {
        self.sessions.intersection(&self.noted).count()
    }
}
