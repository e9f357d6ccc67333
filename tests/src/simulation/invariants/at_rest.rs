//! Promises that are looked at once the faults have stopped: liveness, and the safety of everything.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use wellfield_core::ids::DeviceId;
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Halt, Outcome};

use super::every_step::{
    no_unanswered_no_permits, of_two_who_differ_both_are_kept, the_screen_is_true,
    what_was_pulled_is_the_beginning_of_its_stream,
};
use super::{Held, Invariant, hold};
use crate::simulation::faults::Fault;
use crate::simulation::server::Server;
use crate::simulation::tablet::{Doing, Software, Tablet};
use crate::simulation::world::World;

/// Everything that has to hold once the world has come to rest.
pub(in crate::simulation) fn everything(world: &mut World) -> Held {
    every_number_is_held_once_and_none_is_left_out(&world.server)?;
    who_was_erased_is_gone(world)?;
    every_durable_event_is_at_the_server(world)?;
    only_poison_was_set_aside(world)?;
    what_was_lost_is_told(world)?;
    let mut folds = Folds::default();
    for tablet in &world.tablets {
        nothing_is_held_beyond_the_role(tablet, &world.server)?;
        for reading in tablet.disk.shown().chain(tablet.disk.beside()) {
            let server = &world.server;
            what_was_pulled_is_the_beginning_of_its_stream(tablet.device, reading, server)?;
        }
        the_screen_is_true(tablet, world.plan.flaw)?;
        if why_it_may_differ(tablet, &world.server).is_none() {
            who_was_erased_is_gone_from(tablet, world)?;
            the_tablet_shows_what_the_server_holds(tablet, &world.server, &mut folds)?;
        }
    }
    folds.are_true(world)?;
    let forks = world.tablets.iter().filter(|t| is_forked(t, &world.server));
    for _ in 0..forks.count() {
        world.happened.count(Fault::Forked);
    }
    Ok(())
}

/// What the server's streams add up to, once for each set of streams and software.
#[derive(Default)]
struct Folds(Vec<((Vec<Stream>, Software), Records)>);

impl Folds {
    fn of(&mut self, server: &Server, tablet: &Tablet) -> &Records {
        let key = (server.streams_of(tablet.device), tablet.software);
        let known = self.0.iter().position(|(known, _)| *known == key);
        let index = known.unwrap_or_else(|| {
            let records = server.fold(&key.0, key.1);
            self.0.push((key, records));
            self.0.len() - 1
        });
        &self.0[index].1
    }

    /// I1 and I5 on the server.
    fn are_true(&self, world: &World) -> Held {
        for ((streams, software), records) in &self.0 {
            let known = || {
                let events = world.server.events(streams);
                events.filter(|event| software.knows(&event.body))
            };
            no_unanswered_no_permits(known(), records, world.plan.flaw)?;
            of_two_who_differ_both_are_kept(known(), records, world.plan.flaw)?;
        }
        Ok(())
    }
}

/// I1.
fn the_tablet_shows_what_the_server_holds(
    tablet: &Tablet,
    server: &Server,
    folds: &mut Folds,
) -> Held {
    let device = tablet.device;
    let allowed = server.streams_of(device);
    // What it recorded where it does not read stays in its own log.
    let brought_in = tablet.disk.own_events();
    let brought_in = brought_in.filter(|event| !allowed.contains(&event.stream));
    let mut there = Cow::Borrowed(folds.of(server, tablet));
    for event in brought_in.filter(|event| tablet.software.knows(&event.body)) {
        there.to_mut().apply(event);
    }
    hold(tablet.records == *there, Invariant::Convergence, || {
        format!("the screen of device {device} shows something else than the server holds")
    })?;
    let again = tablet.disk.fold(tablet.software);
    hold(again == *there, Invariant::Convergence, || {
        format!("after a start device {device} shows something else than before")
    })
}

/// I8. On a tablet, in what it received and in its own log.
fn who_was_erased_is_gone_from(tablet: &Tablet, world: &World) -> Held {
    let own = tablet.disk.log().iter();
    let own = own.filter_map(|own| own.event.as_deref());
    let pulled = tablet.disk.shown().chain(tablet.disk.beside());
    let pulled = pulled
        .flat_map(|reading| &reading.rows)
        .filter_map(|row| row.event.as_deref());
    for event in own.chain(pulled) {
        hold(
            !world.erased.concern(event),
            Invariant::ErasedIsGone,
            || {
                let (device, id) = (tablet.device, event.id);
                format!("device {device} still holds {id}, about somebody who was erased")
            },
        )?;
    }
    Ok(())
}

/// I8. At the server, in what it hands out and in what it set aside.
fn who_was_erased_is_gone(world: &World) -> Held {
    for ((device, n), kept) in &world.server.held {
        hold(
            world.erased.tombstone_of(&kept.bytes).is_none(),
            Invariant::ErasedIsGone,
            || format!("the server still holds {device}-{n}, about somebody who was erased"),
        )?;
    }
    Ok(())
}

/// Whether a tablet and the server hold different records under one number, or the server holds
/// numbers that the tablet never gave out.
fn is_forked(tablet: &Tablet, server: &Server) -> bool {
    last_difference(tablet, server).is_some()
}

/// The last number under which they differ.
fn last_difference(tablet: &Tablet, server: &Server) -> Option<u64> {
    let standing = server.standing(tablet.device)?;
    if standing.max_n > tablet.disk.newest() {
        return Some(standing.max_n);
    }
    let rows = (1..).zip(tablet.disk.log());
    let differs = |n: u64, own: &[u8]| {
        let held = server.held.get(&(tablet.device, n));
        held.is_some_and(|held| {
            let erased = server.erased.tombstone_of(own);
            *held.bytes != *own && erased.is_none_or(|erased| *erased.bytes != *held.bytes)
        })
    };
    let differing = rows.filter(|(n, own)| differs(*n, &own.bytes));
    differing.map(|(n, _)| n).last()
}

/// Why sending needs a person, if it does.
fn expected_halt(tablet: &Tablet, server: &Server) -> Option<Halt> {
    let Some(standing) = server.standing(tablet.device) else {
        return Some(Halt::UnknownDevice);
    };
    // What was compared before the server lost it and another copy of the tablet sent something else
    // under its number is not compared again: that would take a chain over the log.
    let forked = last_difference(tablet, server).is_some_and(|last| last > tablet.disk.acked());
    let taken_out = standing.revoked.then_some(Halt::Revoked);
    forked.then_some(Halt::Fork).or(taken_out)
}

/// Why a tablet may show something else than the server holds.
fn why_it_may_differ(tablet: &Tablet, server: &Server) -> Option<Halt> {
    let forked = is_forked(tablet, server).then_some(Halt::Fork);
    expected_halt(tablet, server).or(forked)
}

/// I2. An event that was set aside is at the server too.
fn every_durable_event_is_at_the_server(world: &World) -> Held {
    let server = &world.server;
    let waiting = world.tablets.iter();
    let waiting = waiting.filter(|tablet| why_it_may_differ(tablet, server).is_some());
    let kept: BTreeSet<usize> = waiting
        .flat_map(|tablet| tablet.disk.log())
        .filter_map(|own| own.saved)
        .collect();
    for (index, saved) in world.saved.iter().enumerate() {
        let there = server.held.get(&(saved.device, saved.n));
        let there = there.is_some_and(|held| world.is_kept_as(&saved.bytes, &held.bytes));
        hold(
            there || saved.lost || kept.contains(&index),
            Invariant::NothingLost,
            || {
                let (device, n) = (saved.device, saved.n);
                format!("event {device}-{n} was durable and is nowhere")
            },
        )?;
    }
    Ok(())
}

/// I2. The server knows what a device told when it was last heard, and no more. A server that was
/// restored knows what it knew then.
fn what_was_lost_is_told(world: &World) -> Held {
    let server = &world.server;
    // A tablet that was restored from images may have lost several records of one number.
    let mut lost: BTreeMap<DeviceId, BTreeSet<u64>> = BTreeMap::new();
    for saved in world.saved.iter().filter(|saved| saved.lost) {
        let told = server.books.get(&saved.device);
        let told = told.is_some_and(|book| saved.n <= book.told);
        if told && !server.held.contains_key(&(saved.device, saved.n)) {
            lost.entry(saved.device).or_default().insert(saved.n);
        }
    }
    for (device, lost) in lost {
        let lost = lost.len() as u64;
        let said = server.books.get(&device).map_or(0, |book| book.pending);
        hold(
            world.restores > 0 || said >= lost,
            Invariant::LossIsTold,
            || format!("device {device} is gone with {lost} events and the server says {said}"),
        )?;
    }
    Ok(())
}

/// I3.
fn every_number_is_held_once_and_none_is_left_out(server: &Server) -> Held {
    let stored = server.streams.values().flat_map(|shelf| &shelf.events);
    let mut numbers: Vec<(DeviceId, u64)> = stored
        .map(|event| (event.event.id.device, event.event.id.n))
        .chain(server.quarantine.iter().copied())
        .collect();
    numbers.sort_unstable();
    for pair in numbers.windows(2) {
        hold(pair[0] != pair[1], Invariant::OnceEach, || {
            format!("event {}-{} is held twice", pair[0].0, pair[0].1)
        })?;
    }
    let mut last: BTreeMap<DeviceId, u64> = BTreeMap::new();
    for (device, n) in &numbers {
        let before = last.insert(*device, *n).unwrap_or(0);
        hold(*n == before + 1, Invariant::OnceEach, || {
            format!("device {device} has {n} after {before}")
        })?;
    }
    for (device, book) in &server.books {
        let (claimed, held) = (book.standing.max_n, last.get(device).copied().unwrap_or(0));
        hold(claimed == held, Invariant::OnceEach, || {
            format!("the server claims {claimed} of device {device} and holds {held}")
        })?;
    }
    let known = server.held.keys().copied().eq(numbers);
    hold(known, Invariant::OnceEach, || {
        "the server knows other events than it holds".to_owned()
    })
}

/// I7, after contact.
fn nothing_is_held_beyond_the_role(tablet: &Tablet, server: &Server) -> Held {
    let device = tablet.device;
    let Some(standing) = server.standing(device) else {
        // Restored from a backup that does not know the device: it cannot say what it may hold.
        return Ok(());
    };
    let allowed = standing.streams();
    let read = tablet.disk.shown().chain(tablet.disk.beside());
    let read = read.map(|reading| reading.cursor.stream);
    for stream in read.chain(tablet.disk.begun()) {
        hold(
            allowed.contains(&stream),
            Invariant::NothingBeyondRole,
            || format!("device {device} still holds {stream}, which it may not any more"),
        )?;
    }
    Ok(())
}

/// I9.
fn only_poison_was_set_aside(world: &World) -> Held {
    for ((device, n), held) in &world.server.held {
        let recorded = world.saved_as.get(&(*device, *n));
        let mut recorded = recorded.into_iter().flatten().map(|i| &world.saved[*i]);
        let Some(saved) = recorded.find(|saved| saved.bytes == held.bytes) else {
            continue;
        };
        let aside = Some(held.outcome).filter(|outcome| outcome.is_quarantined());
        // What only coordinators record is set aside or not as the role was when it arrived.
        let by_role = saved.coordinators_own
            && aside == Some(Outcome::NotAllowed)
            && world.happened.times(Fault::RoleChanged) > 0;
        // And everything of a device that was taken out of use.
        let by_shutting_out =
            aside == Some(Outcome::NotAllowed) && world.ever_revoked.contains(device);
        hold(
            aside == saved.set_aside || by_role || by_shutting_out,
            Invariant::OnlyPoisonSetAside,
            || {
                let expected = saved.set_aside;
                format!("event {device}-{n} was set aside as {aside:?}, expected {expected:?}")
            },
        )?;
    }
    Ok(())
}

/// I9. Whether the world has come to rest, or else what has not.
pub(in crate::simulation) fn everything_is_sent_and_read(world: &World) -> Held {
    for tablet in &world.tablets {
        let halt = expected_halt(tablet, &world.server);
        what_was_taken_out_of_use_is_empty(tablet, halt)?;
        everything_is_sent_or_says_why_not(tablet, halt)?;
        let device = world.server.standing(tablet.device);
        if device.is_some_and(|standing| !standing.revoked) {
            everything_is_read(tablet, &world.server)?;
        }
    }
    Ok(())
}

/// I7. Only one whose records the server does not have keeps them.
fn what_was_taken_out_of_use_is_empty(tablet: &Tablet, halt: Option<Halt>) -> Held {
    let kept = halt == Some(Halt::Revoked);
    hold(!kept, Invariant::ComesToRest, || {
        let device = tablet.device;
        format!("device {device} was taken out of use and still keeps its records")
    })
}

fn everything_is_sent_or_says_why_not(tablet: &Tablet, expected: Option<Halt>) -> Held {
    let (device, newest, acked) = (tablet.device, tablet.disk.newest(), tablet.disk.acked());
    let sent = newest == acked || expected.is_some();
    hold(sent, Invariant::ComesToRest, || {
        format!("device {device} holds {newest} events and the server is known to hold {acked}")
    })?;
    for tab in &tablet.tabs {
        let (says, doing) = (tab.push.halt(), tab.push_doing);
        let rests = expected.is_some() || doing == Doing::Resting;
        hold(says == expected && rests, Invariant::ComesToRest, || {
            format!("device {device}: sending {doing:?}, halt {says:?}, expected {expected:?}")
        })?;
    }
    Ok(())
}

/// I9. Reading waits for nobody: not for what cannot be sent either.
fn everything_is_read(tablet: &Tablet, server: &Server) -> Held {
    let device = tablet.device;
    for tab in &tablet.tabs {
        let doing = tab.pull_doing;
        hold(doing == Doing::Resting, Invariant::ComesToRest, || {
            format!("device {device}: reading {doing:?}")
        })?;
    }
    for stream in server.streams_of(device) {
        let shelf = server.streams.get(&stream);
        let head = shelf.map_or(0, |shelf| shelf.events.len() as u64);
        let reading = tablet.disk.reading(stream).map(|reading| reading.cursor);
        let read = reading.map_or(0, |cursor| cursor.after);
        let damaged = tablet.disk.reading(stream).map(|r| r.damaged.len());
        hold(damaged.unwrap_or(0) == 0, Invariant::ComesToRest, || {
            format!("device {device} holds damaged events of {stream}: {damaged:?}")
        })?;
        let current = reading.is_none_or(|cursor| shelf.is_some_and(|s| s.epoch == cursor.epoch));
        hold(read == head && current, Invariant::ComesToRest, || {
            format!("device {device} has read {read} of the {head} events of {stream}")
        })?;
    }
    Ok(())
}
