//! What the server records itself: what was imported or published, the self-referrals that arrived, and
//! what participants answered on their own phones.
//! They lie in a log of its own, that of [`DeviceId::SERVER`].

use super::{Accepted, DeviceStanding, fingerprint};
use crate::access::may_record;
use crate::clock::{Date, Hlc, Instant};
use crate::device_key::KeyHash;
use crate::event::{Body, Draft, Event, check, encode_event};
use crate::ids::{DeviceId, ProgrammeId};
use crate::own_phone::{AnswersRefused, PhoneAnswers};
use crate::programme::is_called;
use crate::referral::ReferralReceived;
use crate::stream::Stream;
use crate::sync::{LogEnd, Problem};

/// A record that the server makes, and when it was made. A sample has a past.
#[derive(Clone, Debug)]
pub struct Dated {
    /// The record.
    pub draft: Draft,
    /// When it was made.
    pub at: Instant,
}

impl Dated {
    /// Records that are all made now.
    pub fn now(drafts: Vec<Draft>, now: Instant) -> Vec<Self> {
        let drafts = drafts.into_iter();
        drafts.map(|draft| Self { draft, at: now }).collect()
    }
}

/// Why records were not added. Then none of them was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnRefused {
    /// The record at this place, from 0, breaks the rules of its kind.
    #[error("record {0} breaks the rules of its kind")]
    Invalid(usize),
    /// The records open a programme that is there already, or one of the same name.
    #[error("a programme of the name {0} exists")]
    ProgrammeExists(String),
    /// The records name each other by places in the log that others have; this is the next place.
    #[error("the next place in the log is {0}")]
    OtherPlace(u64),
}

/// Decides whether records are added to the server's log, which is held up to `held_n`, and gives them
/// their places. `first_n` is the place that the first of them has to get, where they name each other;
/// `known` are the programmes that are there.
///
/// # Errors
/// See [`OwnRefused`].
pub fn plan_own<'a>(
    drafts: &[Dated],
    first_n: Option<u64>,
    known: impl Iterator<Item = (ProgrammeId, &'a str)> + Clone,
    held_n: u64,
) -> Result<Vec<Accepted>, OwnRefused> {
    if let Some(name) = clash(known, drafts) {
        return Err(OwnRefused::ProgrammeExists(name));
    }
    let next_n = held_n + 1;
    if first_n.is_some_and(|first_n| first_n != next_n) {
        return Err(OwnRefused::OtherPlace(next_n));
    }
    let placed = place(drafts, held_n);
    if let Some(invalid) = placed.iter().position(|event| check(event).is_err()) {
        return Err(OwnRefused::Invalid(invalid));
    }
    Ok(placed.into_iter().map(accepted).collect())
}

/// The record of a referral that arrived, at its place in the server's log.
pub fn received(
    programme: ProgrammeId,
    received: ReferralReceived,
    held_n: u64,
    now: Instant,
) -> Option<Accepted> {
    let draft = Draft {
        stream: Stream::Casework(programme),
        supersedes: Vec::new(),
        body: received.into(),
    };
    placed(vec![draft], held_n, now).pop()
}

/// Records that the server makes now, at their places in its log, which is held up to `held_n`.
pub fn placed(drafts: Vec<Draft>, held_n: u64, now: Instant) -> Vec<Accepted> {
    let placed = place(&Dated::now(drafts, now), held_n);
    placed.into_iter().map(accepted).collect()
}

/// The records of answers that came from somebody's own phone by a link. `key` and `standing` are those of
/// the device that the link names: what its links bring is what it could record itself.
///
/// # Errors
/// The problem that the phone is told.
pub fn answered(
    answers: &PhoneAnswers,
    key: &KeyHash,
    standing: &DeviceStanding,
    today: Date,
) -> Result<Vec<Draft>, Problem> {
    answers.link.proven(key).map_err(|_| Problem::Forbidden)?;
    if standing.revoked {
        return Err(Problem::LinkOver);
    }
    let records = answers.records(today).map_err(|refused| match refused {
        AnswersRefused::NotAsked => Problem::BadForm,
        AnswersRefused::TooOld => Problem::LinkOver,
    })?;
    let may_bring = |draft: &Draft| {
        standing.is_member(draft.stream) && may_record(standing.role, draft.stream, &draft.body)
    };
    if records.iter().all(may_bring) {
        Ok(records)
    } else {
        Err(Problem::Forbidden)
    }
}

fn place(drafts: &[Dated], held_n: u64) -> Vec<Event> {
    let mut end = LogEnd {
        n: held_n,
        at: Hlc::ZERO,
    };
    let mut placed = Vec::with_capacity(drafts.len());
    for Dated { draft, at } in drafts {
        let one = end.place(core::slice::from_ref(draft), DeviceId::SERVER, None, *at);
        for event in one {
            end = LogEnd {
                n: event.id.n,
                at: event.at,
            };
            placed.push(event);
        }
    }
    placed
}

fn accepted(event: Event) -> Accepted {
    let bytes = encode_event(&event);
    Accepted {
        hash: fingerprint(&bytes),
        event,
        bytes,
    }
}

/// The name of a programme that the records open and that is there already, by number or by name.
fn clash<'a>(
    known: impl Iterator<Item = (ProgrammeId, &'a str)> + Clone,
    drafts: &[Dated],
) -> Option<String> {
    drafts.iter().find_map(|dated| match &dated.draft.body {
        Body::ProgrammeOpened(opened) => known
            .clone()
            .any(|(programme, name)| {
                programme == opened.programme || is_called(name, opened.name.as_str())
            })
            .then(|| opened.name.to_string()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::decode_event;
    use crate::ids::SessionId;
    use crate::notes::SessionNoted;
    use crate::programme::ProgrammeOpened;
    use crate::records::testing::{june, text};

    const NOW: Instant = Instant(1_780_000_000_000);

    fn opened(programme: u64, name: &str) -> Draft {
        let programme = ProgrammeId(programme);
        Draft {
            stream: Stream::Delivery(programme),
            supersedes: Vec::new(),
            body: ProgrammeOpened {
                programme,
                name: text(name),
                organisation: text("Wellfield"),
                site: text("Larkenhope"),
                first_day: june(2),
                last_day: june(30),
            }
            .into(),
        }
    }

    fn plan(drafts: &[Draft], first_n: Option<u64>) -> Result<Vec<Accepted>, OwnRefused> {
        let known = [(ProgrammeId(1), "Castell Dig")];
        let dated = Dated::now(drafts.to_vec(), NOW);
        plan_own(&dated, first_n, known.into_iter(), 40)
    }

    #[test]
    fn records_of_the_past_keep_their_times() {
        let yesterday = Instant(NOW.0 - 86_400_000);
        let at = |at, number| Dated {
            draft: opened(number, &format!("Walk {number}")),
            at,
        };
        let dated = [at(yesterday, 2), at(NOW, 3), at(yesterday, 4)];
        let planned = plan_own(&dated, None, core::iter::empty(), 40).unwrap();
        let times: Vec<_> = planned.iter().map(|one| one.event.at.instant()).collect();
        assert_eq!(times, [yesterday, NOW, yesterday]);
    }

    #[test]
    fn own_records_follow_on_the_log_and_carry_what_they_are_stored_with() {
        let planned = plan(&[opened(2, "Walk"), opened(3, "Museum")], Some(41)).unwrap();
        let numbers: Vec<_> = planned.iter().map(|accepted| accepted.event.id.n).collect();
        assert_eq!(numbers, [41, 42]);
        for accepted in planned {
            assert_eq!(decode_event(&accepted.bytes).as_ref(), Ok(&accepted.event));
            assert_eq!(accepted.hash, fingerprint(&accepted.bytes));
            assert_eq!(accepted.event.by, None, "nobody tapped it");
        }
    }

    #[test]
    fn a_programme_is_opened_once_by_number_and_by_name() {
        for twin in [opened(1, "Another"), opened(2, "castell dig")] {
            assert!(matches!(
                plan(&[twin], None),
                Err(OwnRefused::ProgrammeExists(_))
            ));
        }
    }

    #[test]
    fn records_that_name_each_other_get_the_places_they_name_or_none() {
        assert_eq!(
            plan(&[opened(2, "Walk")], Some(1)),
            Err(OwnRefused::OtherPlace(41))
        );
    }

    #[test]
    fn one_record_that_breaks_a_rule_keeps_all_out() {
        let noted = SessionNoted {
            session: SessionId(4),
            text: None,
        };
        let elsewhere = Draft {
            stream: Stream::Public,
            supersedes: Vec::new(),
            body: noted.into(),
        };
        assert_eq!(
            plan(&[opened(2, "Walk"), elsewhere], None),
            Err(OwnRefused::Invalid(1))
        );
    }
}
