//! The server is killed under load, again and again. What it acknowledged is there, once.
//!
//! `KILLS=100` kills it so often.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use wellfield_core::access::Role;
use wellfield_core::sync::{Problem, PushReply};

use crate::common::{Device, hex};
use crate::place::{Count, Place, Tablet};
use crate::servers::Running;

const DEVICES: usize = 6;
const BATCH: u64 = 20;

/// So many events are acknowledged between two kills, so that each falls into the work.
const BETWEEN_KILLS: u64 = 600;

const KILLS: u64 = 5;

fn kills() -> u64 {
    match std::env::var("KILLS") {
        Ok(text) => text.parse().expect("KILLS is a number"),
        Err(_) => KILLS,
    }
}

/// What the devices and whoever kills the server share.
struct Field {
    server: Mutex<Running>,
    acknowledged: Count,
    unanswered: Count,
    done: AtomicBool,
}

impl Field {
    /// Where the server is; while it is killed and started again, this waits.
    fn address(&self) -> std::net::SocketAddr {
        self.server.lock().unwrap().address
    }

    /// Sends until somebody says that it is enough, and answers what was sent. A batch that was not
    /// acknowledged is sent again, as a device does.
    fn send(&self, mut device: Device) -> Vec<Vec<u8>> {
        let mut sent = Vec::new();
        while !self.done.load(Ordering::SeqCst) {
            let first_n = device.next_n;
            let batch = device.notes(BATCH);
            loop {
                device.address = self.address();
                let push = device.push_request(first_n, batch.clone());
                // It was killed before its answer, or in the middle of it.
                let Ok(received) = push.try_send(device.address) else {
                    self.unanswered.add(1);
                    continue;
                };
                match received.message::<PushReply>() {
                    Ok(receipt) => {
                        assert_eq!(receipt.max_n, first_n + BATCH - 1);
                        break;
                    }
                    Err(problem) => assert_eq!(problem.problem, Problem::TryLater),
                }
            }
            sent.extend(batch);
            self.acknowledged.add(BATCH);
        }
        sent
    }

    fn kill_and_start_again(&self, place: &Place, kills: u64) {
        for _ in 0..kills {
            let enough = self.acknowledged.get() + BETWEEN_KILLS;
            self.acknowledged.wait_for(enough);
            let mut server = self.server.lock().unwrap();
            server.kill();
            *server = Running::serve(place);
        }
        self.done.store(true, Ordering::SeqCst);
    }
}

pub fn nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed_under_load(place: &Place) {
    let storage = place.with_programme();
    let devices: Vec<_> = (0..DEVICES)
        .map(|_| place.tablet_over_http(&*storage))
        .collect();
    let field = Field {
        server: Mutex::new(Running::serve(place)),
        acknowledged: Count::default(),
        unanswered: Count::default(),
        done: AtomicBool::new(false),
    };
    let kills = kills();
    let sent: Vec<Vec<Vec<u8>>> = std::thread::scope(|scope| {
        let sending: Vec<_> = devices
            .into_iter()
            .map(|device| scope.spawn(|| field.send(device)))
            .collect();
        field.kill_and_start_again(place, kills);
        sending
            .into_iter()
            .map(|device| device.join().unwrap())
            .collect()
    });
    let mut times: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    for event in place.delivered(&*storage) {
        *times.entry(event).or_default() += 1;
    }
    let acknowledged: Vec<_> = sent.into_iter().flatten().collect();
    let lost = acknowledged
        .iter()
        .filter(|event| !times.contains_key(*event))
        .count();
    let doubled = times.values().filter(|times| **times > 1).count();
    println!(
        "{:?}: {kills} kills, {} events acknowledged, {} requests without an answer, {lost} lost, {doubled} doubled",
        place.engine(),
        acknowledged.len(),
        field.unanswered.get(),
    );
    assert_eq!((lost, doubled), (0, 0));
    assert_eq!(
        times.len(),
        acknowledged.len(),
        "and nothing is there that nobody sent"
    );
    assert!(kills == 0 || field.unanswered.get() > 0);
}

impl Place {
    /// An enrolled device that talks to a server; to which one is set before it does.
    pub fn tablet_over_http(&self, storage: &dyn wellfield_server::storage::Storage) -> Device {
        let key = self.draw();
        let mut token = [0; 32];
        token[..8].copy_from_slice(&key.to_be_bytes());
        let token = wellfield_server::enrolment::Token(token);
        let code = self.code(storage, Role::Facilitator);
        let staff = wellfield_core::ids::StaffId(key);
        let hash = token.hash();
        let enrolment = crate::place::enrolment(code, staff, hash, crate::common::START);
        let enrolled = self.wait(storage.enrol(enrolment)).unwrap();
        let tablet = Tablet {
            device: enrolled.device,
            token: hash,
            next_n: 1,
        };
        assert_eq!(self.push(storage, &tablet, 1, &[]).unwrap().max_n, 0);
        Device {
            address: ([127, 0, 0, 1], 0).into(),
            device: enrolled.device,
            key: hex(&token.0),
            next_n: 1,
        }
    }
}
