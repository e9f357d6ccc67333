//! What a tablet has not sent, in words that people know, and when that needs a person.

use std::collections::BTreeMap;

use crate::clock::Instant;
use crate::event::{Body, Event, decode_event};

/// Records that have been only on the tablet for longer than this need a person: nobody is in a field
/// for two days, and a tablet that is lost or broken now takes them with it.
pub const STUCK_AFTER_MS: u64 = 48 * 60 * 60 * 1_000;

/// What a record is about, as people on the site call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Marks on a register.
    Marks,
    /// People who were added, and changed details.
    People,
    /// Consents.
    Consents,
    /// What participants said.
    Answers,
    /// Notes of sessions.
    Notes,
    /// Safeguarding concerns.
    Concerns,
    /// Accidents and near misses.
    Accidents,
    /// Anything else, and what cannot be read.
    Other,
}

impl About {
    /// What an event is about.
    pub fn of(event: &Event) -> Self {
        match &event.body {
            Body::AttendanceMarked(_) => Self::Marks,
            Body::PersonRecorded(_) | Body::NeedSeenTo(_) | Body::MovedOn(_) => Self::People,
            Body::ConsentRecorded(_) | Body::WithdrawalSeenTo(_) => Self::Consents,
            Body::PulseAnswered(_)
            | Body::MeasureAnswered(_)
            | Body::MeasuresAsked(_)
            | Body::WordsShared(_)
            | Body::MonitoringAnswered(_)
            | Body::ScoredElsewhere(_)
            | Body::FeedbackActedOn(_) => Self::Answers,
            Body::SessionNoted(_) => Self::Notes,
            Body::ConcernRaised(_) | Body::ConcernFollowed(_) => Self::Concerns,
            Body::AccidentReported(_) => Self::Accidents,
            Body::ProgrammeOpened(_)
            | Body::SessionPlanned(_)
            | Body::EvaluationPlanned(_)
            | Body::StoryOfChangeWritten(_)
            | Body::QualityReviewed(_)
            | Body::PulseFlagSeen(_)
            | Body::DeviceEnrolled(_)
            | Body::LeadNamed(_)
            | Body::SetAsideSettled(_)
            | Body::ReferralReceived(_)
            | Body::ReferralSorted(_)
            | Body::ReferralAnswered(_)
            | Body::ReportGivenOut(_)
            | Body::OfferPublished(_)
            | Body::Erased(_)
            | Body::Unread(_) => Self::Other,
        }
    }
}

/// What is unsent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// How many records there are of each kind; kinds without any are left out.
    pub counts: BTreeMap<About, u64>,
    /// When the first of them was recorded, by the tablet's clock.
    pub since: Option<Instant>,
}

impl Unsent {
    /// Looks through the unsent part of a log. A row that cannot be read counts all the same.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut unsent = Self::default();
        for row in rows {
            let event = decode_event(row);
            let about = event.as_ref().map_or(About::Other, About::of);
            *unsent.counts.entry(about).or_default() += 1;
            if unsent.since.is_none() {
                unsent.since = event.ok().map(|event| event.at.instant());
            }
        }
        unsent
    }
}

/// Whether records that have waited since then need a person. A clock that was set back since makes
/// them look new and never stuck; the next record has the right time again.
pub fn is_stuck(since: Option<Instant>, now: Instant) -> bool {
    since.is_some_and(|since| now.0.saturating_sub(since.0) > STUCK_AFTER_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::{AttendanceMarked, Mark};
    use crate::clock::Hlc;
    use crate::event::{Draft, encode_event};
    use crate::ids::{DeviceId, EventId, PersonId, ProgrammeId, SessionId};
    use crate::notes::SessionNoted;
    use crate::stream::Stream;

    const NOW: Instant = Instant(1_780_000_000_000);

    fn row(n: u64, body: impl Into<Body>) -> Vec<u8> {
        let draft = Draft {
            stream: Stream::Delivery(ProgrammeId(3)),
            supersedes: Vec::new(),
            body: body.into(),
        };
        let id = EventId {
            device: DeviceId(7),
            n,
        };
        encode_event(&draft.place(id, Hlc((NOW.0 + n) << 16), None))
    }

    #[test]
    fn what_is_unsent_is_counted_by_what_it_is_about_and_dated_by_its_first() {
        let marked = AttendanceMarked {
            session: SessionId(1),
            person: PersonId(2),
            mark: Mark::HERE,
            note: None,
        };
        let noted = SessionNoted {
            session: SessionId(1),
            text: None,
        };
        let rows = [
            b"damaged".to_vec(),
            row(2, marked.clone()),
            row(3, noted),
            row(4, marked),
        ];
        let unsent = Unsent::of(rows.iter().map(Vec::as_slice));
        let counts: Vec<_> = unsent.counts.into_iter().collect();
        assert_eq!(
            counts,
            [(About::Marks, 2), (About::Notes, 1), (About::Other, 1)]
        );
        assert_eq!(unsent.since, Some(Instant(NOW.0 + 2)));
    }

    #[test]
    fn a_queue_is_stuck_after_two_days_and_not_by_a_clock_that_was_set_back() {
        let after = |ms: i64| Instant(NOW.0.saturating_add_signed(ms));
        let day = 24 * 60 * 60 * 1_000;
        assert!(!is_stuck(None, NOW));
        assert!(!is_stuck(Some(NOW), after(2 * day)));
        assert!(is_stuck(Some(NOW), after(2 * day + 1)));
        assert!(!is_stuck(Some(NOW), after(-10 * 365 * day)));
    }
}
