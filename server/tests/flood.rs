//! Ten thousand forms that no person filled in, while a hundred people send theirs.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]
#![allow(
    clippy::print_stdout,
    reason = "how long people waited is what is asked for"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::{PROGRAMME, Received, Request, Server, agent, form, opened};
use tempfile::TempDir;
use wellfield_core::access::Role;
use wellfield_core::event::Body;
use wellfield_core::ids::ReferralId;
use wellfield_core::referral::{
    Challenge, Doubt, Signals, Solver, encode_signals, encode_submission,
};
use wellfield_core::stream::Stream;
use wellfield_server::http::Settings;

const AUTOMATED: usize = 10_000;
const GENUINE: usize = 100;
const SENDERS: usize = 4;

/// Forms of people have small numbers.
const AUTOMATED_FROM: usize = 1_000_000;

/// A surgery whose address a machine uses too.
const SURGERY: &str = "192.0.2.1";

/// Somebody, or something, that sends forms over one connection.
struct Sender<'s> {
    server: &'s Server,
    agent: ureq::Agent,
}

impl Sender<'_> {
    fn send(&self, number: usize, from: &str, signals: Option<Signals>) -> Received {
        let mut body = encode_submission(&form(number as u128));
        if let Some(signals) = signals {
            body.extend(encode_signals(&signals));
        }
        let path = format!("/v1/referrals?programme={PROGRAMME}");
        Request::post(&path, body)
            .header("x-forwarded-for", from)
            .send_by(&self.agent, self.server.address)
            .unwrap()
    }

    /// What a phone does: asks for a sum, does it, sends.
    fn send_as_a_person(&self, number: usize, from: &str) -> Received {
        let path = format!("/v1/referrals/challenge?programme={PROGRAMME}");
        let asked = Request::get(&path).send_by(&self.agent, self.server.address);
        let challenge: Challenge = asked.unwrap().message().unwrap();
        let proof = Solver::begin(challenge, ReferralId(number as u128))
            .and_then(|mut solver| solver.step(u32::MAX));
        let signals = Signals {
            trap_filled: false,
            took_ms: Some(90_000),
            proof,
        };
        self.send(number, from, Some(signals))
    }

    /// Every second one from one of twenty addresses, one of them a surgery's; the others each from an
    /// address of its own. Some fill in every field.
    fn send_as_a_machine(&self, index: usize) -> u16 {
        let from = match (index % 2, index / 2 % 20) {
            (0, 0) => SURGERY.to_owned(),
            (0, address) => format!("198.51.100.{address}"),
            _ => format!("2001:db8:{:x}:{:x}::1", index >> 16, index & 0xffff),
        };
        let signals = index.is_multiple_of(3).then_some(Signals {
            trap_filled: true,
            took_ms: Some(5),
            proof: None,
        });
        self.send(AUTOMATED_FROM + index, &from, signals).status
    }

    /// Thirty people at the surgery, ten with a page from before there was a sum, the others at home.
    fn send_as_somebody(&self, index: usize) -> Received {
        match index {
            0..30 => self.send_as_a_person(index, SURGERY),
            30..40 => self.send(index, &format!("203.0.113.{index}"), None),
            _ => self.send_as_a_person(index, &format!("203.0.113.{index}")),
        }
    }
}

/// What is doubted of each referral that arrived.
fn arrived(server: &Server) -> BTreeMap<u128, Vec<Doubt>> {
    let coordinator = server.device(Role::Coordinator);
    let mut arrived = BTreeMap::new();
    loop {
        let after = arrived.len() as u64;
        let page = coordinator.pull(Stream::Casework(PROGRAMME), after, 2_000);
        let events = page.unwrap().events;
        if events.is_empty() {
            return arrived;
        }
        for pulled in events {
            if let Body::ReferralReceived(received) = pulled.event().unwrap().body {
                arrived.insert(received.form.referral.0, received.doubts);
            }
        }
    }
}

/// Sends everything at once, and answers how long each person waited.
fn flood(server: &Server) -> Vec<Duration> {
    let next = AtomicUsize::new(0);
    let sender = || Sender {
        server,
        agent: agent(),
    };
    std::thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| {
                let sender = sender();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= AUTOMATED {
                        return;
                    }
                    let status = sender.send_as_a_machine(index);
                    assert!(matches!(status, 202 | 429 | 503), "{status}");
                }
            });
        }
        let people = sender();
        let mut waits = Vec::new();
        for index in 0..GENUINE {
            // Spread over the flood, by what it has sent and not by a clock.
            while next.load(Ordering::Relaxed) < index * AUTOMATED / GENUINE {
                std::thread::yield_now();
            }
            let began = Instant::now();
            let received = people.send_as_somebody(index);
            waits.push(began.elapsed());
            assert_eq!(received.status, 202, "person {index}");
        }
        waits
    })
}

#[test]
fn a_hundred_people_are_received_while_ten_thousand_forms_are_sent_by_machines() {
    let settings = Settings {
        behind_tls_proxy: true,
        ..Settings::default()
    };
    let server = Server::start_with(Arc::new(TempDir::new().unwrap()), settings);
    server.append(vec![opened(PROGRAMME, "Larkenhope Dig")]);
    let mut waits = flood(&server);
    let arrived = arrived(&server);
    let people: Vec<_> = (0..GENUINE as u128)
        .filter_map(|number| arrived.get(&number))
        .collect();
    assert_eq!(people.len(), GENUINE, "every person is received");
    let at_home = &people[40..];
    assert!(at_home.iter().all(|doubts| doubts.is_empty()));
    let in_list = people.iter().filter(|doubts| doubts.is_empty()).count();
    let machines = arrived
        .iter()
        .filter(|(number, _)| **number >= AUTOMATED_FROM as u128);
    let (unseen, sorted_out): (Vec<_>, Vec<_>) =
        machines.partition(|(_, doubts)| doubts.is_empty());
    // Before the flood is known for one, its first forms look like those of an old page.
    assert!(
        unseen.len() <= 60,
        "{} forms of machines in the list",
        unseen.len()
    );
    waits.sort_unstable();
    println!(
        "{in_list} of {GENUINE} people in the list, the others to be looked at; of {AUTOMATED} automated \
         forms {} in the list, {} to be looked at; people waited {:?} at the median, {:?} at most",
        unseen.len(),
        sorted_out.len(),
        waits[GENUINE / 2],
        waits[GENUINE - 1]
    );
}
