//! How long records are kept: whom a person is asked about, because nothing was recorded about them for as
//! long as was agreed.
//!
//! These are proposals and nothing else. No clock erases anybody: a clock can be wrong, the law may ask for
//! longer, and a concern that only the safeguarding lead can open may be a reason to keep what surrounds it.
//! A person approves each, and then it is an erasure as any other ([`crate::erasure`]).

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Instant;
use crate::erasure::{Subject, subject_of};
use crate::event::{Body, Event};
use crate::ids::ProgrammeId;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How long records are kept, in days, counted from the last that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    /// Those about people. Eight years where a health service commissioned the work.
    pub people: u32,
    /// Forms that people filled in themselves.
    pub referrals: u32,
}

impl Default for Periods {
    /// Three years for people, and half a year for forms.
    fn default() -> Self {
        Self {
            people: 1096,
            referrals: 183,
        }
    }
}

/// Somebody whom a person is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who.
    pub subject: Subject,
    /// When something was last recorded about them, or their programme ended.
    pub last: Instant,
    /// How many records there are.
    pub records: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Age {
    last_ms: u64,
    records: u64,
    programmes: BTreeSet<ProgrammeId>,
}

/// How old what is recorded is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    subjects: BTreeMap<Subject, Age>,
    ends_ms: BTreeMap<ProgrammeId, u64>,
    /// Forms by which somebody came onto a list of people. They go with them and not before.
    joined: BTreeSet<Subject>,
}

impl Ages {
    /// Looks at a record. What counts is when it arrived: a device's clock may have been years off.
    pub fn take(&mut self, event: &Event, received_at: Instant) {
        if let Body::ProgrammeOpened(opened) = &event.body {
            // Of several that were recorded the last day that is latest, so that nobody goes too early.
            let end = self.ends_ms.entry(opened.programme).or_default();
            let last_day = opened.last_day.midnight().assume_utc().unix_timestamp();
            let last_day = u64::try_from(last_day).unwrap_or_default() * 1000;
            *end = (*end).max(last_day.saturating_add(DAY_MS));
        }
        if let Body::ReferralAnswered(answered) = &event.body
            && answered.person().is_some()
        {
            self.joined.insert(Subject::Referral(answered.referral));
        }
        if let Some(subject) = subject_of(event) {
            let age = self.subjects.entry(subject).or_default();
            age.last_ms = age.last_ms.max(received_at.0);
            age.records += 1;
            age.programmes.extend(event.stream.programme());
        }
    }

    /// Whom a person is asked about, the oldest first.
    pub fn proposals(&self, periods: Periods, now: Instant) -> Vec<Proposal> {
        let proposal = |(subject, age): (&Subject, &Age)| {
            let (days, ends) = match subject {
                Subject::Person(_) => (periods.people, Some(&age.programmes)),
                // A form is answered or it is not; the programme may go on for years.
                Subject::Referral(_) => (periods.referrals, None),
            };
            let ends = ends.into_iter().flatten();
            let ends = ends.filter_map(|programme| self.ends_ms.get(programme));
            let last = ends.fold(age.last_ms, |last, end| last.max(*end));
            let until = last.saturating_add(u64::from(days).saturating_mul(DAY_MS));
            (until <= now.0).then_some(Proposal {
                subject: *subject,
                last: Instant(last),
                records: age.records,
            })
        };
        let alone = self
            .subjects
            .iter()
            .filter(|(subject, _)| !self.joined.contains(subject));
        let mut proposals: Vec<_> = alone.filter_map(proposal).collect();
        proposals.sort_by_key(|proposal| (proposal.last.0, proposal.subject));
        proposals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::{AttendanceMarked, Mark};
    use crate::clock::Hlc;
    use crate::erasure::tombstone;
    use crate::ids::{DeviceId, EventId, PersonId, ReferralId, SessionId};
    use crate::programme::ProgrammeOpened;
    use crate::records::testing::{june, text};
    use crate::referral::{Answer, ReferralAnswered, ReferralSorted, Tray};
    use crate::stream::Stream;

    const PROGRAMME: ProgrammeId = ProgrammeId(3);
    /// The first of June 2026, on which the programme of the other tests begins.
    const JUNE: u64 = 1_780_272_000_000;
    const PERIODS: Periods = Periods {
        people: 100,
        referrals: 10,
    };

    fn event(stream: Stream, body: impl Into<Body>) -> Event {
        Event {
            id: EventId {
                device: DeviceId(4),
                n: 1,
            },
            at: Hlc::ZERO,
            stream,
            by: None,
            supersedes: Vec::new(),
            body: body.into(),
        }
    }

    fn mark(person: u64) -> Event {
        let body = AttendanceMarked {
            session: SessionId(1),
            person: PersonId(person),
            mark: Mark::HERE,
            note: None,
        };
        event(Stream::Delivery(PROGRAMME), body)
    }

    fn day(days: u64) -> Instant {
        Instant(JUNE + days * DAY_MS)
    }

    fn who(ages: &Ages, now: Instant) -> Vec<Subject> {
        let proposals = ages.proposals(PERIODS, now).into_iter();
        proposals.map(|proposal| proposal.subject).collect()
    }

    #[test]
    fn somebody_is_proposed_so_long_after_the_last_record_and_not_a_day_before() {
        let mut ages = Ages::default();
        for (person, days) in [(1, 0), (2, 5), (1, 20), (2, 1)] {
            ages.take(&mark(person), day(days));
        }
        let [first, second] = [1, 2].map(|person| Subject::Person(PersonId(person)));
        assert_eq!(who(&ages, Instant(day(105).0 - 1)), []);
        assert_eq!(who(&ages, day(105)), [second]);
        assert_eq!(who(&ages, day(120)), [second, first], "the oldest first");
        assert_eq!(ages.proposals(PERIODS, day(120))[0].records, 2);
    }

    #[test]
    fn people_are_kept_for_as_long_after_their_programme_and_forms_are_not() {
        let mut ages = Ages::default();
        let opened = |last_day| ProgrammeOpened {
            programme: PROGRAMME,
            name: text("Dig"),
            organisation: text("Wellfield"),
            site: text("Larkenhope"),
            first_day: june(1),
            last_day,
        };
        let sorted = ReferralSorted {
            referral: ReferralId(5),
            tray: Tray::List,
        };
        ages.take(&event(Stream::Casework(PROGRAMME), sorted), day(0));
        ages.take(&mark(1), day(0));
        // The programme was planned shorter afterwards, and the longer of the two counts.
        for last_day in [30, 20] {
            let opened = opened(june(last_day));
            ages.take(&event(Stream::Delivery(PROGRAMME), opened), day(0));
        }
        let form = Subject::Referral(ReferralId(5));
        assert_eq!(who(&ages, day(10)), [form]);
        assert_eq!(who(&ages, day(129)), [form]);
        let person = Subject::Person(PersonId(1));
        assert_eq!(who(&ages, day(130)), [form, person]);
    }

    #[test]
    fn a_form_by_which_somebody_came_onto_the_list_goes_with_them_and_not_before() {
        let mut ages = Ages::default();
        let (form, person) = (ReferralId(5), PersonId(1));
        let casework = Stream::Casework(PROGRAMME);
        let sorted = ReferralSorted {
            referral: form,
            tray: Tray::List,
        };
        let answered =
            |answer, person| ReferralAnswered::new(form, answer, person, None, june(1)).unwrap();
        ages.take(&event(casework, sorted), day(0));
        ages.take(
            &event(casework, answered(Answer::PlaceOffered, None)),
            day(0),
        );
        assert_eq!(who(&ages, day(10)), [Subject::Referral(form)]);
        ages.take(
            &event(casework, answered(Answer::Joined, Some(person))),
            day(0),
        );
        ages.take(&mark(1), day(0));
        assert_eq!(who(&ages, day(10)), []);
        assert_eq!(who(&ages, day(100)), [Subject::Person(person)]);
    }

    #[test]
    fn who_was_erased_is_not_proposed_again_and_no_clock_overflows() {
        let mut ages = Ages::default();
        ages.take(&tombstone(&mark(1)), day(0));
        assert_eq!(who(&ages, Instant(u64::MAX)), []);
        ages.take(&mark(2), Instant(u64::MAX));
        let forever = Periods {
            people: u32::MAX,
            referrals: u32::MAX,
        };
        assert_eq!(ages.proposals(forever, day(0)), []);
    }
}
