//! What the people at the tablets do, through the commands of the core.

use wellfield_core::access::Role;
use wellfield_core::attendance::{self, Absence, AttendanceMarked, Mark, Presence};
use wellfield_core::clock::{Date, Hlc, Instant, TimeOfDay};
use wellfield_core::consent::{self, Answer, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::evaluation::MeasureAnswered;
use wellfield_core::event::{Body, Draft, Event, Kind, Unread, UnreadBody, encode_event};
use wellfield_core::ids::{
    DeviceId, EventId, PersonId, ProgrammeId, ReferralId, ResponseId, SessionId,
};
use wellfield_core::language::Language;
use wellfield_core::measures::{self, Mode, Moment};
use wellfield_core::notes;
use wellfield_core::people::{self, Joined, PersonDetails, PersonRecorded};
use wellfield_core::programme::{ProgrammeOpened, SessionPlanned};
use wellfield_core::pulse::{self, Answers, Felt, PulseAnswered, Reply};
use wellfield_core::records::Delivery;
use wellfield_core::referral::{ContactWay, ReferralReceived, SelfReferral};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Outcome, PushInput};
use wellfield_core::text::Text;

use super::disk::{Entry, Own};
use super::faults::Fault;
use super::flaw::Flaw;
use super::invariants::every_step;
use super::lanes::Commit;
use super::random::Random;
use super::tablet::Software;
use super::world::{Saved, World};

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
    Casework,
    Survey,
}

const ACTS: [(u64, Act); 11] = [
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
    (4, Act::Casework),
];

/// The same where people answer surveys as well.
const ACTS_WITH_SURVEYS: [(u64, Act); 12] = {
    let mut all = [(4, Act::Survey); 12];
    let mut place = 0;
    while place < ACTS.len() {
        all[place] = ACTS[place];
        place += 1;
    }
    all
};

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

/// Somebody of those whom the programme was set up with.
pub(super) fn somebody(random: &mut Random) -> PersonId {
    PersonId(1 + random.below(PEOPLE))
}

/// What somebody answered to an instrument, which whoever asked them may not read.
fn answered(person: PersonId, response: u64) -> Option<Draft> {
    let body = MeasureAnswered {
        response: ResponseId(response),
        person,
        moment: Moment::Baseline,
        session: None,
        instrument: text("ons4")?,
        version: 1,
        language: Language::English,
        mode: Mode::Alone,
        day: today()?,
        time: TimeOfDay::from_minutes(600)?,
        finished: true,
        replies: vec![measures::Reply::Given(7); 4],
    };
    Some(Draft {
        stream: Stream::Casework(PROGRAMME),
        supersedes: Vec::new(),
        body: body.into(),
    })
}

/// A self-referral as the server takes it in as its own event `n`.
pub(super) fn referral(number: u64, n: u64, now: Instant) -> Option<(Event, Vec<u8>)> {
    let form = SelfReferral {
        referral: ReferralId(u128::from(number)),
        name: text("Siân")?,
        contact_way: ContactWay::Telephone,
        contact: text("01632 960 123")?,
        access: Vec::new(),
        access_note: None,
        hopes: None,
        supporter: None,
        language: Language::Welsh,
        agreed: WordingRef {
            version: 1,
            language: Language::Welsh,
            sha256: [0; 32],
        },
    };
    let draft = Draft {
        stream: Stream::Casework(PROGRAMME),
        supersedes: Vec::new(),
        body: ReferralReceived {
            form,
            doubts: Vec::new(),
            referrer: None,
        }
        .into(),
    };
    let device = DeviceId::SERVER;
    let event = draft.place(EventId { device, n }, Hlc::ZERO.tick(now), None);
    let bytes = encode_event(&event);
    Some((event, bytes))
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
            vec![future_kind(HERE)]
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

    /// The number that the next event of a tablet gets.
    fn next_n(&self, tablet: usize, tab: usize) -> u64 {
        let here = &self.tablets[tablet];
        if self.flawed(Flaw::NumbersFromMemory) {
            here.tabs[tab].next_n
        } else {
            here.disk.newest() + 1
        }
    }

    /// Adds to a tablet's log, all or nothing, and sends.
    fn save(&mut self, tablet: usize, tab: usize, entries: Vec<Entry>, set_aside: Option<Outcome>) {
        let commit = self.next_commit(tablet);
        let first_n = self.next_n(tablet, tab);
        let (count, before) = (entries.len(), self.tablets[tablet].disk.newest());
        let first = self.saved.len();
        self.note(|| format!("tablet {tablet}: saves {count} from {first_n}: {commit:?}"));
        let now = self.tablets[tablet].clock(self.time);
        let here = &self.tablets[tablet];
        let backwards = here.disk.clock().is_some_and(|last| last.instant() > now);
        let refuses = backwards && self.flawed(Flaw::BackwardClockStopsWrite);
        let says_saved = commit == Commit::Done
            || (commit == Commit::Failed && self.flawed(Flaw::QuotaShownAsSaved));
        if (commit.is_durable() || says_saved) && !refuses {
            for (entry, n) in entries.into_iter().zip(first_n..) {
                self.add(tablet, n, entry, now, commit.is_durable(), set_aside);
                self.tablets[tablet].tabs[tab].next_n = n + 1;
            }
        }
        let seen = every_step::what_is_called_saved_is_on_disk(self, tablet, before, first);
        self.see(seen);
        let seen = every_step::no_clock_blocks_a_write(self, commit, first);
        self.see(seen);
        match commit {
            Commit::Done => self.push(tablet, tab, PushInput::Wake),
            Commit::Failed => {}
            Commit::CrashedBefore | Commit::CrashedAfter => self.tablets[tablet].restart(),
        }
    }

    fn add(
        &mut self,
        tablet: usize,
        n: u64,
        entry: Entry,
        now: Instant,
        durable: bool,
        set_aside: Option<Outcome>,
    ) {
        let here = &mut self.tablets[tablet];
        let (bytes, event, clock) = here.disk.freeze(here.device, n, entry, now);
        if let Some(event) = event.as_ref().filter(|e| here.software.knows(&e.body)) {
            here.records.apply(event);
        }
        let index = self.saved.len();
        // A tablet restored from an image may record the very same once more.
        let before = self.saved_as.get(&(here.device, n)).into_iter().flatten();
        let same = before.map(|i| &self.saved[*i]).find(|s| *s.bytes == *bytes);
        let became = same.and_then(|saved| saved.became);
        let saved = Saved {
            device: here.device,
            n,
            bytes: bytes.into(),
            set_aside,
            coordinators_own: event.as_ref().is_some_and(|event| {
                matches!(event.body, Body::PulseFlagSeen(_)) || event.stream != HERE
            }),
            became,
            lost: false,
        };
        if durable {
            let own = Own {
                bytes: saved.bytes.clone(),
                event: event.map(Into::into),
                saved: Some(index),
                told: false,
            };
            here.disk.append(n, own, clock);
        }
        self.happened.saved += 1;
        self.saved_as
            .entry((saved.device, n))
            .or_default()
            .push(index);
        self.saved.push(saved);
    }

    fn drafts(&mut self, tablet: usize) -> Option<Vec<Draft>> {
        let acts: &[(u64, Act)] = match self.plan.erasures {
            true => &ACTS_WITH_SURVEYS,
            false => &ACTS,
        };
        let act = self.random.weighted(acts)?;
        let newer = matches!(act, Act::Notes | Act::Pulse | Act::FlagSeen);
        if newer && self.tablets[tablet].software == Software::Old {
            return None;
        }
        if matches!(act, Act::Casework) {
            let coordinates = self.tablets[tablet].role == Role::Coordinator;
            return coordinates.then(|| vec![future_kind(Stream::Casework(PROGRAMME))]);
        }
        let session = SessionId(1 + self.random.below(SESSIONS));
        let who = {
            let delivery = self.delivery(tablet)?;
            let everybody: Vec<_> = delivery.people().map(|(person, _)| person).collect();
            *self.random.pick(&everybody)?
        };
        let records = &self.tablets[tablet].records;
        let draft = match act {
            Act::Survey => answered(who, self.random.next()),
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
            Act::FlagSeen | Act::Casework => None,
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
            mode: None,
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
            // So far on that no record of this tablet ever gets that number.
            2 => (at(n + 1_000_000), HERE, mark, Outcome::Misplaced),
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
fn future_kind(stream: Stream) -> Draft {
    Draft {
        stream,
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
