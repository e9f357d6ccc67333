//! What a device compresses is read as if it had not, and no further than that.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{PROGRAMME, Server};
use wellfield_core::access::Role;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{PUSH_BYTES_MAX, Problem, PullReply};

/// The stream from its second event: the first is the programme itself.
fn pulled(device: &common::Device) -> PullReply {
    device.pull(Stream::Delivery(PROGRAMME), 1, 2000).unwrap()
}

#[test]
fn a_compressed_push_is_stored_as_one_that_is_not() {
    let server = Server::start();
    let mut device = server.device(Role::Facilitator);
    let events = device.notes(300);
    let plain = device.push_request(1, events.clone());
    let compressed = device.push_request(1, events.clone()).gzip();
    assert!(compressed.body_len() < plain.body_len() / 2);
    let stored = compressed.send(server.address);
    assert_eq!(stored.status, 200);
    let page = pulled(&device);
    let came = page.events.iter().map(|event| event.bytes.clone());
    assert_eq!(came.collect::<Vec<_>>(), events);
}

#[test]
fn a_compressed_push_may_not_become_larger_than_one_that_is_not() {
    let server = Server::start();
    let device = server.device(Role::Facilitator);
    // A few kilobytes that claim to be sixty-four megabytes.
    let bomb = common::gzip(&vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < PUSH_BYTES_MAX);
    let whole = common::gzip(&[7; 100]);
    let damaged = whole[..whole.len() / 2].to_vec();
    for (body, encoding, status, problem) in [
        (bomb, "gzip", 413, Problem::TooLarge),
        (damaged, "gzip", 400, Problem::Malformed),
        (vec![1, 2, 3], "gzip", 400, Problem::Malformed),
        (vec![1, 2, 3], "br", 400, Problem::Malformed),
    ] {
        let refused = common::Request::post("/v1/push", body)
            .key(&device.key)
            .header("content-encoding", encoding)
            .send(server.address);
        assert_eq!(
            (refused.status, refused.problem().problem),
            (status, problem),
            "{encoding}"
        );
    }
    assert!(pulled(&device).events.is_empty());
}
