//! Long streams for devices that have nothing of them, over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{Device, PROGRAMME, Received, Request, Server};
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::ids::ConcernId;
use wellfield_core::records::Records;
use wellfield_core::safeguarding::ConcernRaised;
use wellfield_core::start::StartCopy;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    Problem, PulledEvent, Snapshot, SnapshotMaker, blocks_after, each_event,
};
use wellfield_core::vault::SealingKey;

const DELIVERY: Stream = Stream::Delivery(PROGRAMME);

/// More than one snapshot has, so that there is a tail.
const EVENTS: u64 = 9_000;

fn sent(server: &Server, count: u64) -> Device {
    let mut device = server.device(Role::Facilitator);
    let notes = device.notes(count);
    for (part, first_n) in notes.chunks(4_000).zip((1..).step_by(4_000)) {
        device.push(first_n, part.to_vec()).unwrap();
    }
    device
}

fn pulled(device: &Device) -> Vec<PulledEvent> {
    let mut all = Vec::new();
    loop {
        let page = device.pull(DELIVERY, all.len() as u64, 2_000).unwrap();
        all.extend(page.events);
        if all.len() as u64 >= page.head {
            return all;
        }
    }
}

fn named(device: &Device) -> Snapshot {
    device
        .get(&format!("/v1/snapshot?stream={DELIVERY}&epoch=1"))
        .message()
        .unwrap()
}

fn address(snapshot: &Snapshot) -> String {
    let name = common::hex(&snapshot.hash);
    format!("/v1/snapshots/{name}?stream={DELIVERY}&epoch=1")
}

fn part(server: &Server, device: &Device, snapshot: &Snapshot, range: &str) -> Received {
    Request::get(&address(snapshot))
        .key(&device.key)
        .header("Range", range)
        .send(server.address)
}

fn parts(server: &Server, device: &Device, snapshot: &Snapshot) -> Vec<Vec<u8>> {
    (0..snapshot.parts.len() as u32)
        .map(|number| {
            let bytes = snapshot.bytes_of(number).unwrap();
            let (first, last) = (bytes.start, bytes.end - 1);
            let reply = part(server, device, snapshot, &format!("bytes={first}-{last}"));
            assert_eq!(reply.status, 206);
            let place = format!("bytes {first}-{last}/{}", snapshot.length);
            assert_eq!(reply.header("content-range"), place);
            let reply = reply.as_device_reads_it();
            reply.content().unwrap().to_vec()
        })
        .collect()
}

#[test]
fn a_snapshot_and_its_tail_are_the_stream() {
    let server = Server::start();
    let device = sent(&server, EVENTS);
    assert_eq!(device.streams(0).unwrap().snapshots, [DELIVERY]);
    let snapshot = named(&device);
    assert_eq!(snapshot.cursor.after, 8_192);
    let parts = parts(&server, &device, &snapshot);
    let all = pulled(&device);
    let pages = blocks_after(None, &all[..8_192]);
    assert_eq!(snapshot.blocks(&parts), Ok(pages));
}

#[test]
fn a_server_that_was_started_again_hands_out_the_same_parts() {
    let server = Server::start();
    let device = sent(&server, EVENTS);
    let snapshot = named(&device);
    let before = part(&server, &device, &snapshot, "bytes=10-99").body;
    let server = server.restart();
    // It was not asked for the snapshot since, so it has to make it anew.
    let after = part(&server, &device, &snapshot, "bytes=10-99");
    assert_eq!((after.status, after.body), (206, before));
    assert_eq!(named(&device_at(&server, &device)), snapshot);
}

/// The device, talking to a server that was started again.
fn device_at(server: &Server, device: &Device) -> Device {
    Device {
        address: server.address,
        ..device.clone()
    }
}

#[test]
fn a_stream_that_grows_gets_another_snapshot_and_the_older_one_is_still_to_be_had() {
    let server = Server::start();
    let mut device = sent(&server, EVENTS);
    let older = named(&device);
    let more = device.notes(8_000);
    for (part, first_n) in more.chunks(4_000).zip((EVENTS + 1..).step_by(4_000)) {
        device.push(first_n, part.to_vec()).unwrap();
    }
    let newer = named(&device);
    assert_eq!(newer.cursor.after, 16_384);
    assert_ne!(newer.hash, older.hash);
    assert_eq!(
        parts(&server, &device, &older).concat().len(),
        older.length as usize
    );
}

#[test]
fn the_whole_is_handed_out_to_whoever_names_no_range() {
    let server = Server::start();
    let device = sent(&server, EVENTS);
    let snapshot = named(&device);
    let whole = device.get(&address(&snapshot));
    assert_eq!(whole.status, 200);
    let parts: Vec<_> = whole.body.chunks(256 * 1024).map(<[u8]>::to_vec).collect();
    assert!(snapshot.blocks(&parts).is_ok());
}

#[test]
fn what_the_first_screens_need_is_what_the_stream_adds_up_to() {
    let server = Server::start();
    let device = sent(&server, EVENTS);
    let front = device.get(&format!("/v1/front?stream={DELIVERY}&epoch=1"));
    let reply = front.as_device_reads_it();
    let copy = StartCopy::from_bytes(reply.content().unwrap()).unwrap();
    assert_eq!((copy.cursors.len(), copy.log_n), (0, 0));
    let mut shown = Records::default();
    copy.fold_into(&mut shown).unwrap();
    let mut whole = Records::default();
    for block in blocks_after(None, &pulled(&device)) {
        each_event(&block.bytes, |event| whole.apply(&event)).unwrap();
    }
    let opened = |records: &Records| records.programmes().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(opened(&shown), [PROGRAMME]);
    assert_eq!(opened(&shown), opened(&whole));
    // The notes are of a session that nobody planned, so no first screen shows them.
    assert!(reply.body.len() < 10_000, "{}", reply.body.len());
}

#[test]
fn snapshots_are_for_whoever_may_read_the_stream() {
    let server = Server::start();
    let device = sent(&server, EVENTS);
    let snapshot = named(&device);
    let casework = Stream::Casework(PROGRAMME);
    let name = common::hex(&snapshot.hash);
    for (path, problem) in [
        (
            format!("/v1/snapshot?stream={casework}&epoch=1"),
            Problem::Forbidden,
        ),
        (
            format!("/v1/front?stream={casework}&epoch=1"),
            Problem::Forbidden,
        ),
        (
            format!("/v1/snapshots/{name}?stream={casework}&epoch=1"),
            Problem::Forbidden,
        ),
        // What somebody may read does not open what they may not.
        (
            format!("/v1/snapshots/{name}?stream=public&epoch=1"),
            Problem::NotFound,
        ),
        (
            format!("/v1/snapshots/{}?stream={DELIVERY}&epoch=1", "0".repeat(64)),
            Problem::NotFound,
        ),
        (
            format!("/v1/snapshots/x?stream={DELIVERY}&epoch=1"),
            Problem::NotFound,
        ),
        (
            format!("/v1/snapshot?stream={DELIVERY}&epoch=2"),
            Problem::EpochChanged,
        ),
        (
            format!("/v1/front?stream={DELIVERY}&epoch=2"),
            Problem::EpochChanged,
        ),
        (
            "/v1/snapshot?stream=organisation&epoch=1".to_owned(),
            Problem::NotFound,
        ),
    ] {
        assert_eq!(device.get(&path).problem().problem, problem, "{path}");
    }
    let nobody = Request::get(&address(&snapshot)).send(server.address);
    assert_eq!(nobody.problem().problem, Problem::UnknownDevice);
    for range in ["bytes=9999999-", "bytes=1-2,5-6", "lines=1-2", "bytes=5-2"] {
        let reply = part(&server, &device, &snapshot, range);
        assert_eq!(reply.problem().problem, Problem::Malformed, "{range}");
    }
}

#[test]
fn the_same_events_make_the_same_snapshot_here_and_there() {
    let server = Server::start();
    let device = sent(&server, EVENTS);
    let mut maker = SnapshotMaker::default();
    pulled(&device)
        .into_iter()
        .take(8_192)
        .for_each(|event| maker.take(event));
    assert_eq!(maker.finish(DELIVERY, 1).0, named(&device));
}

/// Whatever way concerns are handed out, it is entered before they are: page by page, as a part of a snapshot,
/// or with what the first screens need.
#[test]
fn concerns_that_are_handed_out_as_a_snapshot_are_entered_too() {
    let server = Server::start();
    let lead = server.device(Role::SafeguardingLead);
    let mut tablet = server.device(Role::Facilitator);
    let concerns = (0..8_200).map(|number| ConcernRaised {
        concern: ConcernId(number),
        sealed_with: SealingKey([9; 32]),
        sealed: b"sealed".to_vec(),
    });
    let concerns: Vec<_> = concerns
        .map(|concern| tablet.record(Stream::Safeguarding, concern))
        .collect();
    for (part, first_n) in concerns.chunks(4_000).zip((1..).step_by(4_000)) {
        tablet.push(first_n, part.to_vec()).unwrap();
    }
    let entered = || {
        let all = server.audit().into_iter();
        let read = all.filter(|(actor, _)| *actor == Actor::Device(lead.device));
        read.filter_map(|(_, deed)| match deed {
            Deed::ConcernsRead { records } => Some(records),
            _ => None,
        })
        .collect::<Vec<_>>()
    };
    let ask = "stream=safeguarding&epoch=1";
    let snapshot: Snapshot = lead.get(&format!("/v1/snapshot?{ask}")).message().unwrap();
    assert!(entered().is_empty(), "what it is called tells nothing");
    let name = common::hex(&snapshot.hash);
    let part = Request::get(&format!("/v1/snapshots/{name}?{ask}"))
        .key(&lead.key)
        .header("Range", "bytes=1-99")
        .send(server.address);
    assert_eq!((part.status, entered()), (206, vec![8_192]));
    assert_eq!(lead.get(&format!("/v1/front?{ask}")).status, 200);
    assert_eq!(entered(), vec![8_192, 8_200]);
    let refused = tablet.get(&format!("/v1/front?{ask}"));
    assert_eq!(refused.problem().problem, Problem::Forbidden);
    assert_eq!(entered().len(), 2);
}
