//! What has to hold, whatever happened. The numbers are those of the sync findings, §7.3.

use std::collections::{BTreeMap, BTreeSet};

use wellfield_core::consent::{Decision, Purpose};
use wellfield_core::event::{Body, Event, decode_event};
use wellfield_core::ids::{DeviceId, EventId, PersonId};
use wellfield_core::records::Records;

use super::flaw::Flaw;
use super::people::{PROGRAMME, PURPOSES};
use super::server::Server;
use super::tablet::{Doing, Tablet};
use super::world::World;

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// I1: every tablet shows what the server's records of its streams add up to.
    Convergence,
    /// I2: every event that was made durable on a tablet is at the server, byte for byte.
    NothingLost,
    /// I2: what a tablet calls sent, the server has held.
    SentIsTrue,
    /// I3: the server holds no number of a device twice and leaves none out.
    OnceEach,
    /// I4: what a tablet pulled is the beginning of the stream, without a gap, up to its cursor.
    CursorNeverSkips,
    /// I5: a refusal or withdrawal that nothing answered permits nothing, on any replica.
    WithdrawalStands,
    /// I9: once the faults stop, everything comes to rest within a few rounds with nothing unsent.
    ComesToRest,
    /// I9: a broken record is set aside for a person, with its reason, and no other record is.
    OnlyPoisonSetAside,
    /// The same seed gives the same history.
    Determinism,
}

impl Invariant {
    /// Its number and name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Convergence => "I1 convergence",
            Self::NothingLost => "I2 nothing lost",
            Self::SentIsTrue => "I2 \"Sent\" is true",
            Self::OnceEach => "I3 once each, without gaps",
            Self::CursorNeverSkips => "I4 the cursor never skips",
            Self::WithdrawalStands => "I5 an unanswered withdrawal stands",
            Self::ComesToRest => "I9 comes to rest with nothing unsent",
            Self::OnlyPoisonSetAside => "I9 poison is set aside and delays nothing",
            Self::Determinism => "determinism",
        }
    }
}

/// A promise that was broken.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub invariant: Invariant,
    /// By what.
    pub what: String,
}

impl Broken {
    pub(super) fn new(invariant: Invariant, what: impl Into<String>) -> Self {
        Self {
            invariant,
            what: what.into(),
        }
    }
}

impl core::fmt::Display for Broken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.invariant.name(), self.what)
    }
}

type Held = Result<(), Broken>;

/// Fails with what is said unless the promise holds.
fn hold(holds: bool, invariant: Invariant, what: impl FnOnce() -> String) -> Held {
    if holds {
        Ok(())
    } else {
        Err(Broken::new(invariant, what()))
    }
}

/// Everything that has to hold once the world has come to rest.
pub(super) fn all(world: &World) -> Held {
    every_number_is_held_once_and_none_is_left_out(&world.server)?;
    every_durable_event_is_at_the_server(world)?;
    only_poison_was_set_aside(world)?;
    for tablet in &world.tablets {
        what_was_pulled_is_the_beginning_of_its_stream(tablet, &world.server)?;
        no_unanswered_no_permits(&tablet.disk.events(), &tablet.records, world.flaw())?;
        the_tablet_shows_what_the_server_holds(tablet, &world.server)?;
        let (events, folded) = (
            world.server.events_for(tablet.device),
            world.server.fold_for(tablet.device),
        );
        no_unanswered_no_permits(&events, &folded, world.flaw())?;
    }
    Ok(())
}

/// I1.
fn the_tablet_shows_what_the_server_holds(tablet: &Tablet, server: &Server) -> Held {
    let device = tablet.device;
    let there = server.fold_for(device);
    hold(tablet.disk.fold() == there, Invariant::Convergence, || {
        format!("the disk of device {device} adds up to something else than the server's streams")
    })?;
    hold(tablet.records == there, Invariant::Convergence, || {
        format!("the screen of device {device} shows something else than its disk")
    })
}

/// I2. An event that was set aside is at the server too.
fn every_durable_event_is_at_the_server(world: &World) -> Held {
    let server = &world.server;
    let stored = server.streams.values().flat_map(|shelf| &shelf.events);
    let mut there: BTreeSet<(DeviceId, &[u8])> = stored
        .filter_map(|event| Some((decode_event(&event.bytes).ok()?.id.device, &event.bytes[..])))
        .collect();
    there.extend(
        server
            .quarantine
            .iter()
            .map(|aside| (aside.device, &aside.bytes[..])),
    );
    for saved in &world.saved {
        let held = there.contains(&(saved.device, &saved.bytes));
        hold(held, Invariant::NothingLost, || {
            format!(
                "event {}-{} was durable and is not at the server",
                saved.device, saved.n
            )
        })?;
    }
    Ok(())
}

/// I2. A server that was restored has held it once, and asks for it again.
pub(super) fn sent_is_true(tablet: &Tablet, ever_held: u64) -> Held {
    let (device, acked) = (tablet.device, tablet.disk.acked());
    hold(acked <= ever_held, Invariant::SentIsTrue, || {
        format!(
            "device {device} calls {acked} events sent and the server never held more than {ever_held}"
        )
    })
}

/// I3.
fn every_number_is_held_once_and_none_is_left_out(server: &Server) -> Held {
    let stored = server.streams.values().flat_map(|shelf| &shelf.events);
    let mut numbers: Vec<(DeviceId, u64)> = stored
        .filter_map(|event| decode_event(&event.bytes).ok())
        .map(|event| (event.id.device, event.id.n))
        .collect();
    numbers.extend(
        server
            .quarantine
            .iter()
            .map(|aside| (aside.device, aside.n)),
    );
    numbers.sort_unstable();
    for pair in numbers.windows(2) {
        hold(pair[0] != pair[1], Invariant::OnceEach, || {
            format!("event {}-{} is held twice", pair[0].0, pair[0].1)
        })?;
    }
    let mut held: BTreeMap<DeviceId, u64> = BTreeMap::new();
    for (device, n) in numbers {
        let before = held.insert(device, n).unwrap_or(0);
        hold(n == before + 1, Invariant::OnceEach, || {
            format!("device {device} has {n} after {before}")
        })?;
    }
    for (device, n) in held {
        let claimed = server.standing(device).map_or(n, |standing| standing.max_n);
        hold(claimed == n, Invariant::OnceEach, || {
            format!("the server claims {claimed} of device {device} and holds {n}")
        })?;
    }
    Ok(())
}

/// I4. Holds at every moment, not only at the end.
pub(super) fn what_was_pulled_is_the_beginning_of_its_stream(
    tablet: &Tablet,
    server: &Server,
) -> Held {
    for cursor in tablet.disk.cursors() {
        let pulled = tablet.disk.pulled(cursor.stream);
        let numbers = pulled.iter().map(|event| event.seq);
        hold(
            numbers.eq(1..=cursor.after),
            Invariant::CursorNeverSkips,
            || {
                let (device, stream) = (tablet.device, cursor.stream);
                let after = cursor.after;
                format!("device {device} has a cursor at {after} of {stream} and not all before it")
            },
        )?;
        let shelf = server.streams.get(&cursor.stream);
        let Some(shelf) = shelf.filter(|shelf| shelf.epoch == cursor.epoch) else {
            // Read in an epoch that is over: it will be read again.
            continue;
        };
        hold(
            shelf.events.starts_with(&pulled),
            Invariant::CursorNeverSkips,
            || {
                let (device, stream) = (tablet.device, cursor.stream);
                format!(
                    "what device {device} pulled of {stream} is not what the server holds there"
                )
            },
        )?;
    }
    Ok(())
}

/// I5, by going through all events without the ledger's help.
pub(super) fn no_unanswered_no_permits(
    events: &[Event],
    records: &Records,
    flaw: Option<Flaw>,
) -> Held {
    let mut noes: Vec<(EventId, PersonId, Purpose)> = Vec::new();
    let mut answered: BTreeSet<(EventId, PersonId, Purpose)> = BTreeSet::new();
    for event in events {
        let Body::ConsentRecorded(recorded) = &event.body else {
            continue;
        };
        let about = |id| (id, recorded.person, recorded.purpose);
        if recorded.decision.forbids() {
            noes.push(about(event.id));
        }
        if recorded.decision != Decision::Given {
            answered.extend(event.supersedes.iter().map(|id| about(*id)));
        }
    }
    for no in noes.into_iter().filter(|no| !answered.contains(no)) {
        let (id, person, purpose) = no;
        let permitted = permits(records, person, purpose, flaw);
        hold(!permitted, Invariant::WithdrawalStands, || {
            format!("{purpose:?} is permitted for {person} although nothing answers {id}")
        })?;
    }
    Ok(())
}

fn permits(records: &Records, person: PersonId, purpose: Purpose, flaw: Option<Flaw>) -> bool {
    let Some(delivery) = records.delivery(PROGRAMME) else {
        return false;
    };
    if flaw == Some(Flaw::LatestConsentWins) {
        let history = delivery.consent.history(person, purpose);
        return history
            .last()
            .is_some_and(|head| !head.value.decision.forbids());
    }
    debug_assert!(PURPOSES.contains(&purpose), "only these are asked about");
    delivery.consent.status(person, purpose).permits()
}

/// I9.
fn only_poison_was_set_aside(world: &World) -> Held {
    let mut expected: BTreeMap<_, _> = world
        .saved
        .iter()
        .filter_map(|saved| Some(((saved.device, saved.n), saved.set_aside?)))
        .collect();
    for aside in &world.server.quarantine {
        let outcome = expected.remove(&(aside.device, aside.n));
        hold(
            outcome == Some(aside.outcome),
            Invariant::OnlyPoisonSetAside,
            || {
                let (device, n, got) = (aside.device, aside.n, aside.outcome);
                format!("event {device}-{n} was set aside as {got:?}, expected {outcome:?}")
            },
        )?;
    }
    hold(expected.is_empty(), Invariant::OnlyPoisonSetAside, || {
        format!(
            "these were not set aside: {:?}",
            expected.keys().collect::<Vec<_>>()
        )
    })
}

/// I9. Whether the world has come to rest, or else what has not.
pub(super) fn everything_is_sent_and_read(world: &World) -> Held {
    for tablet in &world.tablets {
        let (device, newest, acked) = (tablet.device, tablet.disk.newest(), tablet.disk.acked());
        hold(newest == acked, Invariant::ComesToRest, || {
            format!("device {device} holds {newest} events and the server is known to hold {acked}")
        })?;
        for tab in &tablet.tabs {
            let resting = (tab.push_doing, tab.pull_doing) == (Doing::Resting, Doing::Resting);
            let halt = tab.push.halt();
            hold(resting && halt.is_none(), Invariant::ComesToRest, || {
                let (push, pull) = (tab.push_doing, tab.pull_doing);
                format!("device {device}: sending {push:?}, reading {pull:?}, halt {halt:?}")
            })?;
        }
        let streams = world
            .server
            .standing(device)
            .map(|standing| standing.streams());
        for stream in streams.unwrap_or_default() {
            let head = world
                .server
                .streams
                .get(&stream)
                .map_or(0, |shelf| shelf.events.len());
            let read = tablet
                .disk
                .cursors()
                .into_iter()
                .find(|cursor| cursor.stream == stream);
            let read = read.map_or(0, |cursor| cursor.after);
            hold(read == head as u64, Invariant::ComesToRest, || {
                format!("device {device} has read {read} of the {head} events of {stream}")
            })?;
        }
    }
    Ok(())
}
