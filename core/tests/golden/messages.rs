//! Fixed messages of the protocol, and what else lies on disk.

use wellfield_core::access::Role;
use wellfield_core::clock::{Date, Instant};
use wellfield_core::device_key::KeyHash;
use wellfield_core::disclosure::Issue;
use wellfield_core::erasure::Subject;
use wellfield_core::event::encode_event;
use wellfield_core::ids::{DeviceId, PersonId, ProgrammeId, ReferralId, StaffId};
use wellfield_core::loss::{Held, PersonHeld};
use wellfield_core::records::Records;
use wellfield_core::start::{StartCopy, StartPicker};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    AnswersReply, CodeReply, Cursor, DeviceState, DevicesReply, DigestsReply, EnrolReply,
    EnrolRequest, Keepsake, LossReply, Message, Outcome, OwnErased, Problem, ProblemReply,
    PullReply, PulledEvent, PushReply, PushRequest, QuarantinedEvent, ReferralReply, RenewReply,
    RenewRequest, SNAPSHOT_PART_BYTES, SafetyCopy, SealingKeyReply, ShutOutReply, Snapshot,
    StreamHead, StreamsReply, UnprovenCopy, decode_block, decode_cursor, encode_block,
    encode_cursor,
};
use wellfield_core::vault::{
    DataKey, KeySlot, Lock, Manifest, PasskeySecret, Passphrase, RecoveryCode, SealingKey, SlotId,
    SlotSecret, Stretching,
};

use super::fixture::Case;
use super::{events, forms, outcomes};

fn message<M: Message + PartialEq + 'static>(name: &str, message: M) -> Case {
    Case {
        name: format!("message-v1-{name}"),
        bytes: message.to_bytes(),
        reads_back: Box::new(move |bytes| M::from_bytes(bytes).is_ok_and(|read| read == message)),
        rewrite: |bytes| M::from_bytes(bytes).ok().map(|message| message.to_bytes()),
    }
}

fn block(name: &str, events: Vec<PulledEvent>) -> Case {
    Case {
        name: format!("block-v2-{name}"),
        bytes: encode_block(&events),
        reads_back: Box::new(move |bytes| decode_block(bytes).as_ref() == Ok(&events)),
        rewrite: |bytes| decode_block(bytes).ok().map(|events| encode_block(&events)),
    }
}

/// A block as it was written before blocks were compressed. Tablets still hold some.
fn block_v1(name: &str, events: Vec<PulledEvent>) -> Case {
    Case {
        name: format!("block-v1-{name}"),
        bytes: encode_block_v1(&events),
        reads_back: Box::new(move |bytes| decode_block(bytes).as_ref() == Ok(&events)),
        rewrite: |bytes| {
            decode_block(bytes)
                .ok()
                .map(|events| encode_block_v1(&events))
        },
    }
}

fn encode_block_v1(events: &[PulledEvent]) -> Vec<u8> {
    let wire: Vec<_> = events
        .iter()
        .map(|event| {
            let bytes: &minicbor::bytes::ByteSlice = event.bytes.as_slice().into();
            (event.seq, event.received_at.0, bytes)
        })
        .collect();
    minicbor::to_vec(wire).unwrap()
}

/// A safety copy, made with a key of nines.
fn safety_copy(name: &str, copy: SafetyCopy) -> Case {
    const KEY: [u8; 32] = [9; 32];
    Case {
        name: format!("safety-copy-v1-{name}"),
        bytes: copy.to_file(&KEY),
        reads_back: Box::new(move |bytes| {
            let key_hash = KeyHash::of(&KEY);
            let read = UnprovenCopy::from_file(bytes).and_then(|read| read.proven(&key_hash));
            read.as_ref() == Ok(&copy)
        }),
        rewrite: |bytes| {
            UnprovenCopy::from_file(bytes)
                .ok()
                .map(|read| read.claims().to_file(&KEY))
        },
    }
}

/// What a report showed that was given out.
fn issue(name: &str, issue: Issue) -> Case {
    Case {
        name: format!("issue-v1-{name}"),
        bytes: issue.to_bytes(),
        reads_back: Box::new(move |bytes| Issue::from_bytes(bytes).as_ref() == Ok(&issue)),
        rewrite: |bytes| Issue::from_bytes(bytes).ok().map(|issue| issue.to_bytes()),
    }
}

/// How far a tablet has read a stream.
fn cursor(name: &str, cursor: Cursor) -> Case {
    Case {
        name: format!("cursor-v1-{name}"),
        bytes: encode_cursor(cursor),
        reads_back: Box::new(move |bytes| decode_cursor(bytes) == Ok(cursor)),
        rewrite: |bytes| decode_cursor(bytes).ok().map(encode_cursor),
    }
}

/// The copy for the start of a tablet.
fn start_copy(name: &str, copy: StartCopy) -> Case {
    Case {
        name: format!("start-copy-v1-{name}"),
        bytes: copy.to_bytes(),
        reads_back: Box::new(move |bytes| StartCopy::from_bytes(bytes).as_ref() == Ok(&copy)),
        rewrite: |bytes| {
            StartCopy::from_bytes(bytes)
                .ok()
                .map(|copy| copy.to_bytes())
        },
    }
}

/// What lies readable on a locked tablet.
fn lock(name: &str, secret: Option<SlotSecret>) -> Case {
    let mut lock = Lock::new(DeviceId(7), [3; 16], Stretching::FLOOR);
    if let Some(secret) = secret {
        let key = DataKey::new([5; 32]);
        let slot = KeySlot::new(DeviceId(7), &key, &secret, [3; 16], [9; 24]);
        lock.put(SlotId(1), slot).expect("room for a slot");
    }
    Case {
        name: format!("lock-v1-{name}"),
        bytes: lock.to_bytes(),
        reads_back: Box::new(move |bytes| Lock::from_bytes(bytes).as_ref() == Ok(&lock)),
        rewrite: |bytes| Lock::from_bytes(bytes).ok().map(|lock| lock.to_bytes()),
    }
}

/// Which version of each row counts.
/// What a device keeps of what it shows with its requests.
fn keepsake(name: &str, kept: Keepsake) -> Case {
    Case {
        name: format!("keepsake-v1-{name}"),
        bytes: kept.to_bytes(),
        reads_back: Box::new(move |bytes| Keepsake::from_bytes(bytes).as_ref() == Ok(&kept)),
        rewrite: |bytes| Keepsake::from_bytes(bytes).ok().map(|kept| kept.to_bytes()),
    }
}

fn manifest(name: &str, manifest: Manifest) -> Case {
    Case {
        name: format!("manifest-v1-{name}"),
        bytes: manifest.to_bytes(),
        reads_back: Box::new(move |bytes| Manifest::from_bytes(bytes).as_ref() == Ok(&manifest)),
        rewrite: |bytes| Manifest::from_bytes(bytes).ok().map(|kept| kept.to_bytes()),
    }
}

/// The key of a tablet, wrapped for a secret.
fn key_slot(name: &str, secret: SlotSecret) -> Case {
    let key = DataKey::new([5; 32]);
    let slot = KeySlot::new(DeviceId(7), &key, &secret, [3; 16], [9; 24]);
    Case {
        name: format!("key-slot-v1-{name}"),
        bytes: slot.to_bytes(),
        reads_back: Box::new(move |bytes| {
            KeySlot::from_bytes(bytes).is_ok_and(|slot| slot.open(&secret).is_ok())
        }),
        rewrite: |bytes| KeySlot::from_bytes(bytes).ok().map(|slot| slot.to_bytes()),
    }
}

const ALL_OUTCOMES: [Outcome; 7] = [
    Outcome::Stored,
    Outcome::Held,
    Outcome::Unreadable,
    Outcome::Misplaced,
    Outcome::WrongStream,
    Outcome::Content,
    Outcome::NotAllowed,
];

#[test]
fn the_fixtures_show_every_outcome() {
    assert_eq!(Outcome::ALL, ALL_OUTCOMES);
}

fn pulled(seq: u64, bytes: &[u8]) -> PulledEvent {
    PulledEvent {
        seq,
        received_at: Instant(1_780_000_000_000 + seq),
        bytes: bytes.to_vec(),
    }
}

const DELIVERY: Stream = Stream::Delivery(ProgrammeId(0x0123_4567_89AB_CDEF));

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = pushes();
    cases.extend([issues(), heads(), pulls()].into_iter().flatten());
    cases.extend(joining());
    cases.extend(devices());
    cases.extend(Problem::ALL.iter().map(|problem| {
        let name = problem.name().to_lowercase();
        message(
            &format!("problem-{:02}-{name}", problem.code()),
            ProblemReply::from(*problem),
        )
    }));
    let full = ProblemReply {
        problem: Problem::Gap,
        expected_n: Some(301),
        n: Some(u64::MAX),
        retry_after_s: Some(90),
    };
    cases.push(message("problem-full", full));
    let push = |first_n, events: Vec<Vec<u8>>| PushRequest {
        device: DeviceId(7),
        first_n,
        pending: events.len() as u64,
        events,
    };
    for (name, push, made_at) in [
        ("bare", push(1, vec![]), 0),
        (
            "full",
            push(4, vec![vec![1, 2], vec![0xff; 40]]),
            1_780_000_000_000,
        ),
    ] {
        let made_at = Instant(made_at);
        cases.push(safety_copy(name, SafetyCopy { push, made_at }));
    }
    let mut picker = StartPicker::new(
        &Records::default(),
        Date::from_julian_day(2_461_221).unwrap(),
    );
    let read = Cursor {
        stream: Stream::Delivery(ProgrammeId(77)),
        epoch: 3,
        after: 1_000,
    };
    let unread = Cursor {
        stream: Stream::Public,
        epoch: 0,
        after: 0,
    };
    cases.push(cursor("bare", unread));
    cases.push(cursor("full", read));
    let words = Passphrase::typed("trowel lantern copper meadow finch");
    let stretched = SlotSecret::Passphrase(Stretching::FLOOR.stretch(&words, [3; 16]));
    cases.push(key_slot("passphrase", stretched.clone()));
    let code = RecoveryCode::new([1; 16]);
    cases.push(key_slot("recovery", SlotSecret::Recovery(code)));
    let passkey = PasskeySecret::new((1..=20).collect(), [7; 32]).unwrap();
    cases.push(key_slot("passkey", SlotSecret::Passkey(passkey)));
    cases.push(lock("bare", None));
    cases.push(lock("full", Some(stretched)));
    let given = Keepsake::begin([1; 32]);
    let asking = given.asking([2; 32]);
    cases.push(keepsake(
        "full",
        asking.changed(Instant(1_750_000_000_000)).asking([3; 32]),
    ));
    cases.push(keepsake("bare", given));
    cases.push(manifest("bare", Manifest::default()));
    let mut kept = Manifest::default();
    kept.raise([1; 16]);
    kept.raise([2; 16]);
    cases.push(manifest("full", kept));
    cases.push(start_copy("bare", picker.clone().finish(vec![])));
    picker.take_row(&encode_event(&events::unread(40)));
    cases.push(start_copy("full", picker.finish(vec![read])));
    for case in [block, block_v1] {
        cases.push(case("empty", vec![]));
        cases.push(case("full", vec![pulled(1, b""), pulled(2, &[0xff; 300])]));
    }
    cases.push(message("challenge", forms::challenge()));
    cases
}

fn pushes() -> Vec<Case> {
    let first_event = events::cases().remove(0).bytes;
    vec![
        message(
            "push-request-bare",
            PushRequest {
                device: DeviceId(2),
                first_n: 1,
                events: vec![],
                pending: 0,
            },
        ),
        message(
            "push-request-full",
            PushRequest {
                device: DeviceId(70_000),
                first_n: 5_000_000_000,
                events: vec![first_event, b"not an event".to_vec()],
                pending: 300,
            },
        ),
        message(
            "push-reply-bare",
            PushReply {
                device: DeviceId(2),
                max_n: 0,
                first_n: 1,
                outcomes: vec![],
                server_time: Instant(0),
                taken_out: false,
            },
        ),
        message(
            "push-reply-full",
            PushReply {
                device: DeviceId(70_000),
                max_n: 5_000_000_006,
                first_n: 5_000_000_000,
                outcomes: ALL_OUTCOMES.to_vec(),
                server_time: Instant(1_780_000_000_000),
                taken_out: true,
            },
        ),
    ]
}

/// What reports showed that were given out.
fn issues() -> Vec<Case> {
    vec![
        issue("bare", Issue::default()),
        issue("full", outcomes::shown()),
    ]
}

/// Where the streams stand.
fn heads() -> Vec<Case> {
    let head = |stream, epoch, head| StreamHead {
        stream,
        epoch,
        head,
    };
    let Stream::Delivery(programme) = DELIVERY else {
        unreachable!("a delivery stream");
    };
    vec![
        message(
            "streams-reply-bare",
            StreamsReply {
                streams: vec![],
                server_time: Instant(0),
                snapshots: vec![],
                sealing: None,
                erased: OwnErased::default(),
            },
        ),
        message(
            "streams-reply-full",
            StreamsReply {
                streams: vec![
                    head(Stream::Public, 1, 0),
                    head(Stream::Organisation, 2, 9),
                    head(Stream::Safeguarding, 3, 300),
                    head(DELIVERY, u32::MAX, 100_000),
                    head(Stream::Casework(programme), 5, 1),
                ],
                server_time: Instant(1_780_000_000_000),
                snapshots: vec![],
                sealing: None,
                erased: OwnErased::default(),
            },
        ),
        message(
            "streams-reply-snapshots",
            StreamsReply {
                streams: vec![head(DELIVERY, 1, 9_000)],
                server_time: Instant(1_780_000_000_000),
                snapshots: vec![DELIVERY],
                sealing: None,
                erased: OwnErased::default(),
            },
        ),
        message(
            "streams-reply-sealing",
            StreamsReply {
                streams: vec![head(DELIVERY, 1, 9_000)],
                server_time: Instant(1_780_000_000_000),
                snapshots: vec![],
                sealing: Some(SealingKey([0x5a; 32])),
                erased: OwnErased::default(),
            },
        ),
        message(
            "streams-reply-erased",
            StreamsReply {
                streams: vec![head(DELIVERY, 1, 9_000)],
                server_time: Instant(1_780_000_000_000),
                snapshots: vec![],
                sealing: None,
                erased: OwnErased {
                    numbers: vec![3, 700],
                    through: 9,
                },
            },
        ),
    ]
}

fn pulls() -> Vec<Case> {
    vec![
        message("snapshot-bare", snapshot(0)),
        message("snapshot-full", snapshot(600_000)),
        message(
            "digests-reply-bare",
            DigestsReply {
                stream: Stream::Public,
                epoch: 1,
                bucket: 0,
                through: 0,
                digests: vec![],
            },
        ),
        message(
            "digests-reply-full",
            DigestsReply {
                stream: DELIVERY,
                epoch: 4,
                bucket: 64,
                through: 70_000,
                digests: vec![0, 9, u64::MAX],
            },
        ),
        message(
            "pull-reply-bare",
            PullReply {
                stream: Stream::Public,
                epoch: 1,
                after: 0,
                head: 0,
                events: vec![],
            },
        ),
        message(
            "pull-reply-full",
            PullReply {
                stream: DELIVERY,
                epoch: 4,
                after: 300,
                head: 1_000,
                events: vec![pulled(301, b"first"), pulled(302, b"")],
            },
        ),
    ]
}

/// A snapshot of so many bytes, which are not here.
fn snapshot(length: u32) -> Snapshot {
    let hash = |n| core::array::from_fn(|index| index as u8 ^ n);
    Snapshot {
        cursor: Cursor {
            stream: DELIVERY,
            epoch: 4,
            after: 16_384,
        },
        length,
        hash: hash(0xff),
        parts: (0..length.div_ceil(SNAPSHOT_PART_BYTES))
            .map(|part| hash(part as u8))
            .collect(),
    }
}

fn joining() -> Vec<Case> {
    vec![
        message(
            "enrol-request",
            EnrolRequest {
                code: "AB12-CD34".to_owned(),
                device_name: "Blue tablet".to_owned(),
                staff_name: "Siân".to_owned(),
                staff: StaffId(9),
                public_key: None,
            },
        ),
        message(
            "enrol-request-signing",
            EnrolRequest {
                code: "AB12-CD34".to_owned(),
                device_name: "Blue tablet".to_owned(),
                staff_name: "Siân".to_owned(),
                staff: StaffId(9),
                public_key: Some(core::array::from_fn(|index| index as u8)),
            },
        ),
        message(
            "renew-request-bare",
            RenewRequest {
                shown: [0xAB; 32],
                public_key: None,
            },
        ),
        message(
            "renew-request-full",
            RenewRequest {
                shown: [0xAB; 32],
                public_key: Some([4; 65]),
            },
        ),
        message("renew-reply", RenewReply { shown: [0xAB; 32] }),
        message(
            "enrol-reply-bare",
            EnrolReply {
                device: DeviceId(2),
                token: [0; 32],
                role: Role::Facilitator,
                programmes: vec![],
            },
        ),
        message(
            "enrol-reply-full",
            EnrolReply {
                device: DeviceId(70_000),
                token: core::array::from_fn(|index| index as u8),
                role: Role::Coordinator,
                programmes: vec![ProgrammeId(1), ProgrammeId(u64::MAX)],
            },
        ),
        message(
            "code-reply",
            CodeReply {
                code: "AB12-CD34".to_owned(),
            },
        ),
        message(
            "shut-out-reply",
            ShutOutReply {
                device: DeviceId(7),
            },
        ),
        message("loss-reply", loss()),
        message("answers-reply", AnswersReply { link: [0xAB; 16] }),
        message(
            "sealing-key-reply",
            SealingKeyReply {
                key: SealingKey([0xCD; 32]),
            },
        ),
        message(
            "referral-reply",
            ReferralReply {
                referral: ReferralId(u128::MAX - 1),
            },
        ),
    ]
}

fn devices() -> Vec<Case> {
    let seen = DeviceState {
        device: DeviceId(70_000),
        name: "Blue tablet".to_owned(),
        staff_name: "Siân".to_owned(),
        role: Role::Coordinator,
        last_seen: Some(Instant(1_780_000_000_000)),
        max_n: 5_000_000_000,
        pending: 300,
        revoked: true,
    };
    let unseen = DeviceState {
        last_seen: None,
        revoked: false,
        ..seen.clone()
    };
    let quarantined = ALL_OUTCOMES
        .into_iter()
        .map(|outcome| QuarantinedEvent {
            device: DeviceId(3),
            n: u64::from(outcome.code()),
            outcome,
            received_at: Instant(1_780_000_000_000),
            bytes: None,
        })
        .collect();
    vec![
        message(
            "devices-reply-bare",
            DevicesReply {
                devices: vec![],
                quarantined: vec![],
                server_time: Instant(0),
            },
        ),
        message(
            "devices-reply-full",
            DevicesReply {
                devices: vec![seen, unseen],
                quarantined,
                server_time: Instant(1_780_000_000_000),
            },
        ),
        message(
            "devices-reply-full-with-bytes",
            DevicesReply {
                devices: vec![],
                quarantined: vec![QuarantinedEvent {
                    device: DeviceId(70_000),
                    n: 5_000_000_000,
                    outcome: Outcome::NotAllowed,
                    received_at: Instant(1_780_000_000_000),
                    bytes: Some(b"as it came".to_vec()),
                }],
                server_time: Instant(1_780_000_000_000),
            },
        ),
    ]
}

fn loss() -> LossReply {
    let held = |subject, name: &str, held: &[Held]| PersonHeld {
        subject,
        name: name.to_owned(),
        held: held.iter().copied().collect(),
    };
    LossReply {
        device: DeviceId(7),
        people: vec![
            held(
                Subject::Person(PersonId(9)),
                "Siân",
                &[Held::Details, Held::Needs],
            ),
            held(
                Subject::Referral(ReferralId(u128::MAX - 1)),
                "Ann",
                &[Held::Referral],
            ),
        ],
        notes: 3,
        concerns: 1,
    }
}
