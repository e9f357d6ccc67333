//! What the people at the tablets do, through the commands of the core.

use wellfield_core::access::Role;
use wellfield_core::attendance::{self, Absence, AttendanceMarked, Mark, Presence};
use wellfield_core::clock::{Date, Hlc, TimeOfDay};
use wellfield_core::consent::{self, Answer, GivenBy, Method, Purpose};
use wellfield_core::event::{Body, Draft, Event, Kind, Unread, UnreadBody, encode_event};
use wellfield_core::ids::{EventId, PersonId, ProgrammeId, ResponseId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::notes;
use wellfield_core::people::{self, Joined, PersonDetails, PersonRecorded};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::pulse::{self, Answers, Felt, PulseAnswered, Reply};
use wellfield_core::records::Delivery;
use wellfield_core::stream::Stream;
use wellfield_core::sync::Outcome;
use wellfield_core::text::Text;

use super::disk::Entry;
use super::faults::Fault;
use super::world::World;

pub(super) const PROGRAMME: ProgrammeId = ProgrammeId(1);
const HERE: Stream = Stream::Delivery(PROGRAMME);
const SESSIONS: u64 = 2;
const PEOPLE: u64 = 4;

/// The purposes that are asked about: few, so that answers meet.
pub(super) const PURPOSES: [Purpose; 2] = [Purpose::Quote, Purpose::PhotoWebsite];

/// Something that a person does.
#[derive(Clone, Copy, Debug)]
enum Act {
    Mark,
    Undo,
    Settle,
    MarkTheRest,
    Consent,
    WalkIn,
    Notes,
    Pulse,
    FlagSeen,
    Details,
}

const ACTS: [(u64, Act); 10] = [
    (30, Act::Mark),
    (6, Act::Undo),
    (8, Act::Settle),
    (2, Act::MarkTheRest),
    (26, Act::Consent),
    (3, Act::WalkIn),
    (4, Act::Notes),
    (4, Act::Pulse),
    (3, Act::FlagSeen),
    (3, Act::Details),
];

/// A text that is known to be one.
fn text<const MAX: usize>(typed: &str) -> Option<Text<MAX>> {
    Text::parse(typed).ok()
}

fn today() -> Option<Date> {
    Date::from_ordinal_date(2026, 160).ok()
}

fn person(id: PersonId) -> Option<PersonRecorded> {
    Some(PersonRecorded {
        person: id,
        joined: Joined::Enrolled,
        from: today()?,
        until: None,
        details: details(&format!("Person {}", id.0))?,
    })
}

fn details(name: &str) -> Option<PersonDetails> {
    Some(PersonDetails {
        preferred_name: text(name)?,
        access: Vec::new(),
        access_note: None,
        agreed_support: None,
        emergency: None,
        supporter: None,
    })
}

fn session(id: u64) -> Option<SessionPlanned> {
    Some(SessionPlanned {
        session: SessionId(id),
        number: id as u16,
        date: today()?,
        starts: TimeOfDay::from_minutes(600)?,
        ends: TimeOfDay::from_minutes(900)?,
        place: None,
    })
}

/// The programme as the server was set up with it.
pub(super) fn programme() -> Vec<Body> {
    let opened = || {
        Some(ProgrammeOpened {
            programme: PROGRAMME,
            name: text("Castell Dig")?,
            organisation: text("Wellfield")?,
            site: text("The field")?,
            first_day: today()?,
            last_day: today()?,
        })
    };
    let mut bodies: Vec<Body> = opened().into_iter().map(Body::from).collect();
    bodies.extend((1..=SESSIONS).filter_map(session).map(Body::from));
    bodies.extend(
        (1..=PEOPLE)
            .filter_map(|id| person(PersonId(id)))
            .map(Body::from),
    );
    bodies
}

impl World {
    /// Somebody does something at a tablet; nothing where there is nothing to do it with.
    pub(super) fn act(&mut self, tablet: usize, tab: usize) {
        if self.strikes(Fault::Poison) {
            let n = self.next_n(tablet, tab);
            let (bytes, outcome) = self.poison(tablet, n);
            self.save(tablet, tab, vec![Entry::Raw(bytes)], Some(outcome));
            return;
        }
        let drafts = if self.strikes(Fault::FutureKind) {
            vec![future_kind()]
        } else {
            self.drafts(tablet).unwrap_or_default()
        };
        let entries: Vec<_> = drafts
            .into_iter()
            .map(|draft| Entry::Draft(Box::new(draft)))
            .collect();
        if !entries.is_empty() {
            self.save(tablet, tab, entries, None);
        }
    }

    fn drafts(&mut self, tablet: usize) -> Option<Vec<Draft>> {
        let act = self.random.weighted(&ACTS)?;
        let session = SessionId(1 + self.random.below(SESSIONS));
        let who = {
            let delivery = self.delivery(tablet)?;
            let everybody: Vec<_> = delivery.people().map(|(person, _)| person).collect();
            *self.random.pick(&everybody)?
        };
        let records = &self.tablets[tablet].records;
        let draft = match act {
            Act::Mark => {
                let mark = any_mark(self.random.below(5));
                attendance::mark(
                    &self.tablets[tablet].records,
                    PROGRAMME,
                    session,
                    who,
                    mark,
                    None,
                )
                .ok()
            }
            Act::Undo => attendance::undo(records, PROGRAMME, session, who).ok(),
            Act::Settle => self.settlement(tablet),
            Act::MarkTheRest => {
                return Some(attendance::mark_the_rest(records, PROGRAMME, session));
            }
            Act::Consent => {
                let purpose = *self.random.pick(&PURPOSES)?;
                let answer = any_answer(self.random.chance(550));
                let records = &self.tablets[tablet].records;
                consent::record(records, PROGRAMME, who, purpose, answer).ok()
            }
            Act::WalkIn => {
                let id = PersonId(self.random.next());
                let records = &self.tablets[tablet].records;
                let name = text("Walk-in")?;
                let both = people::add_walk_in(records, PROGRAMME, session, id, name).ok()?;
                return Some(both.to_vec());
            }
            Act::Notes => {
                let typed = text(&format!("Note {}", self.random.below(3)));
                let records = &self.tablets[tablet].records;
                notes::write_notes(records, PROGRAMME, session, typed).ok()
            }
            Act::Pulse => {
                let answered = self.answers(session, who);
                Some(pulse::answer(
                    &self.tablets[tablet].records,
                    PROGRAMME,
                    answered,
                ))
            }
            Act::FlagSeen if self.tablets[tablet].role == Role::Coordinator => {
                let response = self
                    .delivery(tablet)?
                    .pulses
                    .all()
                    .first()?
                    .head
                    .value
                    .response;
                let records = &self.tablets[tablet].records;
                pulse::flag_seen(records, PROGRAMME, response, None).ok()
            }
            Act::FlagSeen => None,
            Act::Details => {
                let learned = details(&format!("Person {}", self.random.below(9)))?;
                let records = &self.tablets[tablet].records;
                people::change_details(records, PROGRAMME, who, learned).ok()
            }
        };
        Some(draft.into_iter().collect())
    }

    fn delivery(&self, tablet: usize) -> Option<&Delivery> {
        self.tablets[tablet].records.delivery(PROGRAMME)
    }

    /// Settles a difference, if there is one.
    fn settlement(&mut self, tablet: usize) -> Option<Draft> {
        let (session, person, chosen) = {
            let register = &self.delivery(tablet)?.attendance;
            let (session, person, _) = register.to_check().next()?;
            (session, person, register.heads(session, person)?.ids())
        };
        self.happened.count(Fault::CheckThis);
        let chosen = *self.random.pick(&chosen)?;
        let records = &self.tablets[tablet].records;
        let draft = attendance::settle(records, PROGRAMME, session, person, chosen).ok()?;
        self.happened.count(Fault::Settled);
        Some(draft)
    }

    fn answers(&mut self, session: SessionId, who: PersonId) -> PulseAnswered {
        PulseAnswered {
            response: ResponseId(self.random.below(50)),
            session,
            person: Some(who),
            language: Language::English,
            finished: self.random.coin(),
            answers: Answers {
                safe: Reply::Given(if self.random.coin() {
                    Felt::No
                } else {
                    Felt::Yes
                }),
                ..Answers::default()
            },
        }
    }

    /// A record as broken software writes it at place `n`, and what the server has to make of it.
    fn poison(&mut self, tablet: usize, n: u64) -> (Vec<u8>, Outcome) {
        let here = &self.tablets[tablet];
        let at = |n| EventId {
            device: here.device,
            n,
        };
        let mark = Body::from(AttendanceMarked {
            session: SessionId(1),
            person: PersonId(1),
            mark: Mark::HERE,
            note: None,
        });
        let broken = Body::Unread(UnreadBody {
            kind: Kind(30),
            version: 1,
            subject: None,
            bytes: b"not a mark".to_vec(),
            why: Unread::Invalid,
        });
        let elsewhere = Stream::Delivery(ProgrammeId(999));
        let (id, stream, body, outcome) = match self.random.below(5) {
            0 => return (b"not an event".to_vec(), Outcome::Unreadable),
            1 => (at(n), HERE, broken, Outcome::Content),
            2 => (at(n + 5), HERE, mark, Outcome::Misplaced),
            3 => (at(n), Stream::Public, mark, Outcome::WrongStream),
            _ => (at(n), elsewhere, mark, Outcome::NotAllowed),
        };
        let event = Event {
            id,
            at: Hlc::ZERO,
            stream,
            by: None,
            supersedes: Vec::new(),
            body,
        };
        (encode_event(&event), outcome)
    }
}

fn any_mark(choice: u64) -> Mark {
    match choice {
        0 | 1 => Mark::HERE,
        2 => Mark::NOT_HERE,
        3 => Mark::NotHere {
            absence: Absence::Apologies,
            reason: None,
        },
        _ => Mark::Here(Presence {
            late: None,
            left: TimeOfDay::from_minutes(720),
        }),
    }
}

fn any_answer(yes: bool) -> Answer {
    Answer {
        yes,
        language: Language::Welsh,
        method: Method::Ticked,
        given_by: GivenBy::Themselves,
        giver_name: None,
    }
}

/// A record that a newer version of the software makes.
fn future_kind() -> Draft {
    Draft {
        stream: HERE,
        supersedes: Vec::new(),
        body: Body::Unread(UnreadBody {
            kind: Kind(900),
            version: 1,
            subject: None,
            bytes: b"from the future".to_vec(),
            why: Unread::Newer,
        }),
    }
}
