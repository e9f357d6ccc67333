//! Promises that are looked at whenever something could break them.

use std::collections::{BTreeMap, BTreeSet};

use wellfield_core::attendance::AttendanceMarked;
use wellfield_core::consent::{Decision, Purpose};
use wellfield_core::event::{Body, Event};
use wellfield_core::ids::{DeviceId, EventId, PersonId, SessionId};
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Place, PulledEvent};

use super::{Held, Invariant, hold};
use crate::simulation::disk::Reading;
use crate::simulation::flaw::Flaw;
use crate::simulation::lanes::Commit;
use crate::simulation::people::PROGRAMME;
use crate::simulation::server::Server;
use crate::simulation::tablet::Tablet;
use crate::simulation::world::{World, set_up_events};

/// I2. A save found the log at `before`, and called saved what comes from `first` on.
pub(in crate::simulation) fn what_is_called_saved_is_on_disk(
    world: &World,
    tablet: usize,
    before: u64,
    first: usize,
) -> Held {
    let disk = &world.tablets[tablet].disk;
    let mut newest = before;
    for (index, saved) in world.saved.iter().enumerate().skip(first) {
        newest += 1;
        let there = disk.own(saved.n).and_then(|own| own.saved);
        hold(there == Some(index), Invariant::SavedIsTrue, || {
            let (device, n) = (saved.device, saved.n);
            format!("device {device} calls its event {n} saved and its disk does not hold it")
        })?;
    }
    hold(disk.newest() == newest, Invariant::SavedIsTrue, || {
        let device = world.tablets[tablet].device;
        format!("device {device} gave a number to a record that belonged to another one")
    })
}

/// I9. A save that nothing else kept from succeeding called saved what comes from `first` on.
pub(in crate::simulation) fn no_clock_blocks_a_write(
    world: &World,
    commit: Commit,
    first: usize,
) -> Held {
    let recorded = world.saved.len() > first;
    hold(
        recorded || commit != Commit::Done,
        Invariant::ClockBlocksNothing,
        || "a record was refused although the disk took it".to_owned(),
    )
}

/// I2. A server that was restored has held it once, and asks for it again. What was called sent
/// `before` was looked at then.
pub(in crate::simulation) fn what_is_called_sent_is_at_the_server(
    world: &World,
    tablet: usize,
    before: u64,
) -> Held {
    let here = &world.tablets[tablet];
    let device = here.device;
    for n in before + 1..=here.disk.acked() {
        let own = here.disk.own(n);
        hold(
            own.is_some_and(|own| own.told),
            Invariant::SentIsTrue,
            || format!("device {device} calls its event {n} sent and no receipt was for it"),
        )?;
        let saved = own.and_then(|own| own.saved);
        let saved = saved.map(|index| &world.saved[index]);
        // Of two records of one number, both about people who were erased, one place is left that says nothing.
        let held = world.server.held.get(&(device, n));
        let erased = held
            .filter(|held| saved.is_some_and(|saved| world.is_kept_as(&saved.bytes, &held.bytes)));
        let became = saved.and_then(|saved| saved.became);
        let became = became.or(erased.map(|held| held.outcome));
        hold(became.is_some(), Invariant::SentIsTrue, || {
            format!("device {device} calls its event {n} sent and the server never held it")
        })?;
        let aside = became.filter(|outcome| outcome.is_quarantined());
        let told = here.disk.is_set_aside(n);
        hold(told == aside, Invariant::SentIsTrue, || {
            format!("device {device} says of its event {n} {told:?} and the server {aside:?}")
        })?;
    }
    Ok(())
}

/// I3. The server took an event that no person recorded.
pub(in crate::simulation) fn nobody_recorded(device: DeviceId, n: u64) -> Held {
    hold(false, Invariant::OnceEach, || {
        format!("the server took event {device}-{n}, which nobody recorded")
    })
}

/// I3, after a push of this device.
pub(in crate::simulation) fn what_is_held_stays(world: &World, device: DeviceId) -> Held {
    let of_device = (device, 0)..=(device, u64::MAX);
    for (id, bytes) in world.holds.range(of_device) {
        let kept = world.server.held.get(id);
        let same = kept.is_some_and(|kept| kept.bytes == *bytes);
        hold(same, Invariant::HeldStays, || {
            let (device, n) = id;
            format!("event {device}-{n} is not at the server any more as it was")
        })?;
    }
    Ok(())
}

/// I4 and I7, for one stream of a tablet. They hold at every moment, not only at the end.
pub(in crate::simulation) fn what_was_read_is_right(
    world: &World,
    tablet: usize,
    stream: Stream,
) -> Held {
    let here = &world.tablets[tablet];
    let (shown, beside) = (here.disk.shown(), here.disk.beside());
    for reading in shown.chain(beside) {
        if reading.cursor.stream == stream {
            let allowed = world.ever_allowed.get(&here.device);
            let allowed = allowed.is_some_and(|streams| streams.contains(&stream));
            hold(allowed, Invariant::NothingBeyondRole, || {
                format!(
                    "device {} holds {stream}, which it never might",
                    here.device
                )
            })?;
            what_was_pulled_is_the_beginning_of_its_stream(here.device, reading, &world.server)?;
        }
    }
    Ok(())
}

/// I4.
pub(super) fn what_was_pulled_is_the_beginning_of_its_stream(
    device: DeviceId,
    reading: &Reading,
    server: &Server,
) -> Held {
    let cursor = reading.cursor;
    let (stream, after) = (cursor.stream, cursor.after);
    // What was damaged is known to be, and waits to be mended.
    let whole = |seq: &u64| !reading.damaged.contains(seq);
    let numbers = reading.rows.iter().map(|row| row.wire.seq);
    let all = (1..=after).filter(whole);
    hold(
        numbers.filter(whole).eq(all),
        Invariant::CursorNeverSkips,
        || format!("device {device} has a cursor at {after} of {stream} and not all before it"),
    )?;
    let shelf = server.streams.get(&stream);
    let Some(shelf) = shelf.filter(|shelf| shelf.epoch == cursor.epoch) else {
        // Read in an epoch that is over: it will be read again.
        return Ok(());
    };
    let there = shelf.events.iter().take(after as usize);
    let there = there
        .map(|event| &event.wire)
        .filter(|wire| whole(&wire.seq));
    let here = reading.rows.iter().map(|row| &row.wire);
    let here = here.filter(|wire| whole(&wire.seq));
    hold(here.eq(there), Invariant::CursorNeverSkips, || {
        format!("what device {device} pulled of {stream} is not what the server holds there")
    })
}

/// I4. The programme as it was set up is at the beginning of every epoch.
pub(in crate::simulation) fn the_programme_stays_on_screen(
    world: &mut World,
    tablet: usize,
) -> Held {
    let here = &mut world.tablets[tablet];
    let reading = here.disk.reading(Stream::Delivery(PROGRAMME));
    let whole = reading.is_some_and(|reading| reading.cursor.after >= set_up_events());
    let shut_out = world.ever_revoked.contains(&here.device);
    let vanished = here.had_programme && !whole && !shut_out;
    here.had_programme |= whole;
    hold(!vanished, Invariant::NothingVanishes, || {
        let device = here.device;
        format!("the programme vanished from the screen of device {device}, which may hold it")
    })
}

/// I11, for those events of a page that was just saved that the tablet's software does not know.
pub(in crate::simulation) fn what_it_does_not_know_is_kept(
    tablet: &Tablet,
    stream: Stream,
    place: Place,
    unknown: &[PulledEvent],
) -> Held {
    let reading = if place == Place::Beside {
        tablet.disk.beside().find(|r| r.cursor.stream == stream)
    } else {
        tablet.disk.reading(stream)
    };
    let rows = reading.map(|reading| &reading.rows[..]).unwrap_or_default();
    for event in unknown {
        let kept = rows.iter().rev().any(|row| row.wire == *event);
        hold(kept, Invariant::UnknownIsKept, || {
            let (device, seq) = (tablet.device, event.seq);
            format!("device {device} did not keep event {seq} of {stream} as it came")
        })?;
    }
    Ok(())
}

/// I1 and I5, for what a tablet shows at this moment, knowing only a part of what happened.
pub(in crate::simulation) fn the_screen_is_true(tablet: &Tablet, flaw: Option<Flaw>) -> Held {
    let known = tablet.disk.events();
    let known: Vec<_> = known.filter(|e| tablet.software.knows(&e.body)).collect();
    no_unanswered_no_permits(known.iter().copied(), &tablet.records, flaw)?;
    of_two_who_differ_both_are_kept(known.iter().copied(), &tablet.records, flaw)
}

/// I5, by going through all events without the ledger's help.
pub(super) fn no_unanswered_no_permits<'a>(
    events: impl Iterator<Item = &'a Event>,
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
    delivery.consent.status(person, purpose).permits()
}

/// I1, by going through all marks without the register's help.
pub(super) fn of_two_who_differ_both_are_kept<'a>(
    events: impl Iterator<Item = &'a Event>,
    records: &Records,
    flaw: Option<Flaw>,
) -> Held {
    let mut marks: BTreeMap<(SessionId, PersonId), Vec<(EventId, &AttendanceMarked)>> =
        BTreeMap::new();
    let mut replaced = BTreeSet::new();
    for event in events {
        if let Body::AttendanceMarked(mark) = &event.body
            && event.stream == Stream::Delivery(PROGRAMME)
        {
            let about = (mark.session, mark.person);
            marks.entry(about).or_default().push((event.id, mark));
            let others = event.supersedes.iter().filter(|id| **id != event.id);
            replaced.extend(others.map(|id| (about, *id)));
        }
    }
    for (about, marks) in marks {
        if is_given_twice(&marks) {
            // A tablet restored from an image: its halt says so, the register cannot.
            continue;
        }
        let mut standing = marks
            .into_iter()
            .filter(|(id, _)| !replaced.contains(&(about, *id)))
            .map(|(_, mark)| mark);
        let first = standing.next();
        let differ = standing.any(|mark| Some(mark) != first);
        let (session, person) = about;
        let shown = shows_difference(records, session, person, flaw);
        hold(differ == shown, Invariant::DifferenceShown, || {
            format!("marks of {person} at {session} differ: {differ}, and the screen says {shown}")
        })?;
    }
    Ok(())
}

/// Whether two different marks bear one number.
fn is_given_twice(marks: &[(EventId, &AttendanceMarked)]) -> bool {
    let others = |i: usize| marks[..i].iter();
    let twice = |(i, mark): (usize, &(EventId, &AttendanceMarked))| {
        others(i).any(|other| other.0 == mark.0 && other.1 != mark.1)
    };
    marks.iter().enumerate().any(twice)
}

fn shows_difference(
    records: &Records,
    session: SessionId,
    person: PersonId,
    flaw: Option<Flaw>,
) -> bool {
    let delivery = records.delivery(PROGRAMME);
    let heads = delivery.and_then(|delivery| delivery.attendance.heads(session, person));
    flaw != Some(Flaw::LatestMarkWins) && heads.is_some_and(|heads| heads.standing().needs_choice())
}
