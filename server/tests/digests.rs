//! What parts of a stream add up to, over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{Device, PROGRAMME, Request, Server};
use wellfield_core::access::Role;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{BUCKETS_MAX, Digests, DigestsReply, Problem};

const DELIVERY: Stream = Stream::Delivery(PROGRAMME);

fn path(stream: Stream, epoch: u32, bucket: u64, through: u64) -> String {
    format!("/v1/digests?stream={stream}&epoch={epoch}&bucket={bucket}&through={through}")
}

/// A tablet that sent so many notes.
fn sent(server: &Server, count: u64) -> Device {
    let mut device = server.device(Role::Facilitator);
    let notes = device.notes(count);
    device.push(1, notes).unwrap();
    device
}

/// Everything that a device pulls of the delivery stream, summed up.
fn summed_up(device: &Device, bucket: u64, through: u64) -> Vec<u64> {
    let mut digests = Digests::new(bucket, BUCKETS_MAX, through);
    let mut after = 0_u64;
    loop {
        let page = device.pull(DELIVERY, after, 2_000).unwrap();
        page.events.iter().for_each(|event| digests.add(event));
        after += page.events.len() as u64;
        if after >= page.head {
            return digests.to_vec();
        }
    }
}

#[test]
fn what_the_server_sums_up_is_what_it_hands_out() {
    let server = Server::start();
    let device = sent(&server, 3_000);
    for (bucket, through) in [(0, 3_000), (0, 1_500), (1, 3_000), (2, 2_100), (0, 1)] {
        let reply = device.get(&path(DELIVERY, 1, bucket, through));
        let reply: DigestsReply = reply.message().unwrap();
        let digests = summed_up(&device, bucket, through);
        assert!(!digests.contains(&0));
        let expected = DigestsReply {
            stream: DELIVERY,
            epoch: 1,
            bucket,
            through,
            digests,
        };
        assert_eq!(reply, expected);
    }
}

#[test]
fn whoever_read_further_than_the_server_holds_is_told_how_far_that_is() {
    let server = Server::start();
    let device = sent(&server, 5);
    let head = device.pull(DELIVERY, 0, 1).unwrap().head;
    for (bucket, through) in [
        (0, head + 1),
        (0, u64::MAX),
        (9, 99_999),
        (u64::MAX, u64::MAX),
    ] {
        let reply: DigestsReply = device
            .get(&path(DELIVERY, 1, bucket, through))
            .message()
            .unwrap();
        assert_eq!((reply.through, reply.bucket), (head, bucket));
    }
}

#[test]
fn digests_are_for_whoever_may_read_the_stream() {
    let server = Server::start();
    let facilitator = sent(&server, 1);
    let asked = |path: &str| facilitator.get(path).problem().problem;
    let casework = Stream::Casework(PROGRAMME);
    assert_eq!(asked(&path(casework, 1, 0, 1)), Problem::Forbidden);
    assert_eq!(asked(&path(DELIVERY, 2, 0, 1)), Problem::EpochChanged);
    assert_eq!(
        asked("/v1/digests?stream=delivery&epoch=1&bucket=0&through=1"),
        Problem::Malformed
    );
    let nobody = Request::get(&path(DELIVERY, 1, 0, 1)).send(server.address);
    assert_eq!(nobody.problem().problem, Problem::UnknownDevice);
}
