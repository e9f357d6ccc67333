//! Safeguarding concerns over HTTP: everybody writes, the lead alone reads, and reading is entered.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::Server;
use wellfield_core::access::Role;
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::ids::ConcernId;
use wellfield_core::safeguarding::{ConcernFollowed, ConcernRaised};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Outcome, Problem, PullReply, StreamsReply};
use wellfield_core::vault::SealingKey;

const PULL: &str = "/v1/pull?stream=safeguarding&epoch=0&after=0";

fn raised() -> ConcernRaised {
    ConcernRaised {
        concern: ConcernId(1),
        sealed_with: SealingKey([9; 32]),
        sealed: b"sealed".to_vec(),
    }
}

#[test]
fn everybody_raises_concerns_and_the_lead_alone_reads_them() {
    let server = Server::start();
    let mut tablet = server.device(Role::Facilitator);
    let coordinator = server.device(Role::Coordinator);
    let lead = server.device(Role::SafeguardingLead);
    let concern = tablet.record(Stream::Safeguarding, raised());
    assert_eq!(
        tablet.push(1, vec![concern]).unwrap().outcomes,
        [Outcome::Stored]
    );
    let streams: StreamsReply = lead.get("/v1/streams?pending=0").message().unwrap();
    let head = streams
        .streams
        .iter()
        .find(|head| head.stream == Stream::Safeguarding)
        .unwrap();
    let pull = PULL.replace("epoch=0", &format!("epoch={}", head.epoch));
    for other in [&tablet, &coordinator] {
        let refused = other.get(&pull);
        assert_eq!(refused.problem().problem, Problem::Forbidden);
        let streams: StreamsReply = other.get("/v1/streams?pending=0").message().unwrap();
        let sees = |head: &wellfield_core::sync::StreamHead| head.stream == Stream::Safeguarding;
        assert!(!streams.streams.iter().any(sees), "nor how many there are");
    }
    let page: PullReply = lead.get(&pull).message().unwrap();
    assert_eq!(page.events.len(), 1);
    let entered = server.audit();
    assert_eq!(
        entered.last(),
        Some(&(
            Actor::Device(lead.device),
            Deed::ConcernsRead { records: 1 }
        ))
    );
}

#[test]
fn what_only_the_lead_may_add_is_set_aside_from_anybody_else() {
    let server = Server::start();
    let mut coordinator = server.device(Role::Coordinator);
    let ConcernRaised {
        concern,
        sealed_with,
        sealed,
    } = raised();
    let followed = ConcernFollowed {
        concern,
        sealed_with,
        sealed,
    };
    let event = coordinator.record(Stream::Safeguarding, followed);
    assert_eq!(
        coordinator.push(1, vec![event]).unwrap().outcomes,
        [Outcome::NotAllowed]
    );
}
