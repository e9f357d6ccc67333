//! Events, and what keeps or carries them: blocks, copies, a form, a hand-over.

use wellfield_core::clock::Instant;
use wellfield_core::device_key::KeyHash;
use wellfield_core::disclosure::{ISSUE_BYTES_MAX, Issue};
use wellfield_core::evaluation::{decode_survey, encode_survey};
use wellfield_core::event::{Body, Event, check, decode_event, encode_event};
use wellfield_core::handover::{decode_form, encode_form};
use wellfield_core::ids::{DeviceId, ReferralId};
use wellfield_core::offer::read_published;
use wellfield_core::own_phone::{
    Forged, Kept, SealedAnswers, SignedLink, decode_answers, encode_answers,
};
use wellfield_core::pulse::{decode_asking, encode_asking};
use wellfield_core::records::Records;
use wellfield_core::referral::{
    Submitted, decode_opened, decode_sealed, decode_signals, decode_submission, decode_submitted,
    encode_sealed, encode_signals, encode_submission,
};
use wellfield_core::safeguarding::{Concern, FollowUp};
use wellfield_core::start::StartCopy;
use wellfield_core::sync::Keepsake;
use wellfield_core::sync::{
    LogEnd, PulledEvent, SafetyCopyError, UnprovenCopy, decode_block, decode_cursor, each_event,
    encode_block, encode_cursor,
};
use wellfield_core::vault::{
    DataKey, KeySlot, Lock, Manifest, OpeningKey, Place, RecoveryCode, SendGrant,
};

use super::messages::memory_of_push;
use super::{Decoder, LITTLE, memory_skipping, written_and_read};

pub(super) const EVENT: &[Decoder] = &[
    Decoder {
        name: "decode_event",
        golden: "event-",
        read: |bytes| decode_event(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, decode_event, encode_event);
            if let Ok(event) = decode_event(bytes) {
                keeps_what_it_cannot_read(&event, bytes);
                take_in(&event);
                assert_eq!(LogEnd::at_row(event.id.n, bytes).at, event.at);
            }
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "read_published",
        golden: "event-0080",
        read: |bytes| read_published(&pulled(bytes)).is_some(),
        stays_the_same: |bytes| {
            let alone = read_published(&pulled(bytes)).map(|(_, _, offer)| Body::from(offer));
            let among_all = decode_event(bytes).ok().map(|event| event.body);
            // The public pages have a reader of their own for offers. It checks less around them.
            if let (Some(alone), Some(all @ Body::OfferPublished(_))) = (&alone, &among_all) {
                assert_eq!(alone, all);
            }
        },
        // The bytes are copied once more to be handed to it.
        memory_max: |length| memory_skipping(length) + length,
    },
    Decoder {
        name: "Issue::from_bytes",
        golden: "issue-",
        read: |bytes| Issue::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, Issue::from_bytes, Issue::to_bytes);
        },
        // A row of a table without cells is a byte, and a list of its own while the rows are read.
        memory_max: |length| LITTLE + 96 * length.min(ISSUE_BYTES_MAX),
    },
    Decoder {
        name: "decode_cursor",
        golden: "cursor-",
        read: |bytes| decode_cursor(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, decode_cursor, |cursor| encode_cursor(*cursor));
        },
        memory_max: memory_skipping,
    },
];

pub(super) const BLOCK: &[Decoder] = &[
    Decoder {
        name: "decode_block",
        golden: "block-",
        read: |bytes| decode_block(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, decode_block, |events| encode_block(events));
        },
        // What comes out, and a copy of it event by event. What is around it is gone by then.
        memory_max: |length| LISTED_EVENTS + memory_skipping(length).max(2 * unpacked(length)),
    },
    Decoder {
        name: "each_event",
        golden: "block-",
        read: |bytes| each_event(bytes, drop).is_ok(),
        stays_the_same: |bytes| {
            let mut each = Vec::new();
            let whole = each_event(bytes, |event| each.push(event));
            let listed = decode_block(bytes);
            assert_eq!(whole.is_ok(), listed.is_ok());
            if let Ok(listed) = listed {
                let listed = listed.iter().filter_map(|pulled| pulled.event().ok());
                assert!(listed.eq(each), "two readers of a block disagree");
            }
        },
        // What comes out, and one event at a time. That event may be the whole of it.
        memory_max: |length| unpacked(length) + memory_skipping(unpacked(length)),
    },
];

/// 256 events without their bytes, in a list that grows: `BLOCK_EVENTS_MAX` bounds it.
const LISTED_EVENTS: usize = 256 * 40 * 2;

/// The most that a block of this length is inside: LZ4 makes nothing smaller than a 255th, and a
/// compressed block is no larger than four mebibytes. One that is not compressed is as long as it is.
fn unpacked(length: usize) -> usize {
    (255 * length + 255).min(4 * 1024 * 1024).max(length)
}

pub(super) const START_COPY: &[Decoder] = &[Decoder {
    name: "StartCopy::from_bytes",
    golden: "start-copy-",
    read: |bytes| StartCopy::from_bytes(bytes).is_ok(),
    stays_the_same: |bytes| {
        written_and_read(bytes, StartCopy::from_bytes, StartCopy::to_bytes);
        if let Ok(copy) = StartCopy::from_bytes(bytes) {
            // Folding ends with records or with an error.
            let _ = copy.fold_into(&mut Records::default());
        }
    },
    // An empty block is a byte, and a vector's 24 bytes in a list that grows.
    memory_max: |length| LITTLE + 72 * length,
}];

pub(super) const SAFETY_COPY: &[Decoder] = &[Decoder {
    name: "UnprovenCopy::from_file",
    golden: "safety-copy-",
    read: |bytes| UnprovenCopy::from_file(bytes).is_ok(),
    stays_the_same: |bytes| {
        const KEY: [u8; 32] = [9; 32];
        let claims = |bytes: &[u8]| {
            UnprovenCopy::from_file(bytes).map(|copy: UnprovenCopy| copy.claims().clone())
        };
        written_and_read(bytes, claims, |copy| copy.to_file(&KEY));
        if let Ok(copy) = UnprovenCopy::from_file(bytes) {
            let nobodys = copy.proven(&KeyHash([0; 32]));
            assert_eq!(nobodys.err(), Some(SafetyCopyError::Forged));
        }
    },
    // Its content is a push, and is kept for its tag besides.
    memory_max: |length| memory_of_push(length) + length,
}];

pub(super) const ASKING: &[Decoder] = &[
    Decoder {
        name: "decode_asking",
        golden: "hand-over-",
        read: |bytes| decode_asking(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, decode_asking, encode_asking),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "decode_survey",
        golden: "survey-",
        read: |bytes| decode_survey(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, decode_survey, encode_survey),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "decode_form",
        golden: "survey-",
        read: |bytes| decode_form(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, decode_form, encode_form),
        // It is read as a pulse first.
        memory_max: |length| 2 * memory_skipping(length),
    },
];

pub(super) const SUBMISSION: &[Decoder] = &[
    Decoder {
        name: "decode_answers",
        golden: "phone-answers-",
        read: |bytes| decode_answers(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, decode_answers, encode_answers);
            if let Ok(answers) = decode_answers(bytes) {
                let nobodys = answers.link.proven(&KeyHash([0; 32]));
                assert_eq!(nobodys.err(), Some(Forged));
                // Whatever a phone sends is refused or made into records, and nothing else.
                let _ = answers.records(answers.at.0);
            }
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "Kept::from_bytes",
        golden: "kept-answers-",
        read: |bytes| Kept::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, Kept::from_bytes, Kept::to_bytes),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "SealedAnswers::from_bytes",
        golden: "sealed-answers-",
        read: |bytes| SealedAnswers::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, SealedAnswers::from_bytes, SealedAnswers::to_bytes);
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "SignedLink::from_text",
        golden: "",
        read: |bytes| SignedLink::from_text(&String::from_utf8_lossy(bytes)).is_ok(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| SignedLink::from_text(&String::from_utf8_lossy(bytes));
            written_and_read(bytes, read, |link| link.to_text().into_bytes());
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "decode_submission",
        golden: "submission-",
        read: |bytes| decode_submission(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, decode_submission, encode_submission),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "decode_submitted",
        golden: "submission-",
        read: |bytes| decode_submitted(bytes).is_ok(),
        stays_the_same: |bytes| {
            written_and_read(bytes, decode_submitted, |Submitted { form, signals }| {
                let mut written = encode_submission(form);
                written.extend(encode_signals(signals));
                written
            });
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "decode_sealed",
        golden: "sealed-form-",
        read: |bytes| decode_sealed(bytes).is_ok(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| decode_sealed(bytes).map(|(form, _)| form);
            written_and_read(bytes, read, encode_sealed);
        },
        memory_max: memory_skipping,
    },
    Decoder {
        name: "decode_opened",
        golden: "submission-",
        read: |bytes| decode_opened(ReferralId(0), bytes, b"").is_ok(),
        stays_the_same: |bytes| {
            // It reads what `decode_submitted` reads, under the number that stands on it.
            if let Ok(submitted) = decode_submitted(bytes) {
                let number = submitted.form.referral;
                assert_eq!(decode_opened(number, bytes, b""), Ok(submitted));
            }
        },
        // The bytes are copied once, to stand before what came behind them.
        memory_max: |length| memory_skipping(length) + length,
    },
    Decoder {
        name: "decode_signals",
        golden: "signals-",
        read: |bytes| decode_signals(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, decode_signals, encode_signals),
        memory_max: memory_skipping,
    },
];

pub(super) const VAULT: &[Decoder] = &[
    Decoder {
        name: "KeySlot::from_bytes",
        golden: "key-slot-",
        read: |bytes| KeySlot::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, KeySlot::from_bytes, KeySlot::to_bytes),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "Lock::from_bytes",
        golden: "lock-",
        read: |bytes| Lock::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, Lock::from_bytes, Lock::to_bytes),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "Keepsake::from_bytes",
        golden: "keepsake-",
        read: |bytes| Keepsake::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, Keepsake::from_bytes, Keepsake::to_bytes),
        memory_max: |_| LITTLE,
    },
    Decoder {
        name: "Manifest::from_bytes",
        golden: "manifest-",
        read: |bytes| Manifest::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, Manifest::from_bytes, Manifest::to_bytes),
        // A tree of entries of 24 bytes, in nodes that may be half empty.
        memory_max: |length| LITTLE + 4 * length,
    },
    Decoder {
        name: "SendGrant::open",
        golden: "",
        read: |bytes| SendGrant::open(&sheet_key(), bytes).is_ok(),
        stays_the_same: |bytes| assert!(SendGrant::open(&sheet_key(), bytes).is_err()),
        memory_max: |length| LITTLE + 3 * length,
    },
    Decoder {
        name: "Concern::from_bytes",
        golden: "concern-v1-",
        read: |bytes| Concern::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, Concern::from_bytes, Concern::to_bytes),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "FollowUp::from_bytes",
        golden: "follow-up-",
        read: |bytes| FollowUp::from_bytes(bytes).is_ok(),
        stays_the_same: |bytes| written_and_read(bytes, FollowUp::from_bytes, FollowUp::to_bytes),
        memory_max: memory_skipping,
    },
    Decoder {
        name: "OpeningKey::open",
        golden: "",
        read: |bytes| unsealed(bytes).is_some(),
        // Whoever knows the public key may seal, and these bytes were not sealed.
        stays_the_same: |bytes| assert_eq!(unsealed(bytes), None),
        memory_max: |length| LITTLE + 3 * length,
    },
    Decoder {
        name: "RowKey::open",
        golden: "",
        read: |bytes| opened(bytes).is_some(),
        // Nobody who does not have the key makes bytes that open.
        stays_the_same: |bytes| assert_eq!(opened(bytes), None),
        // A copy is opened in place, and what is inside is copied out of it.
        memory_max: |length| LITTLE + 2 * length,
    },
];

/// What was sealed to a sheet that no fixture was made for.
fn unsealed(sealed: &[u8]) -> Option<Vec<u8>> {
    let opened = sheet_key().open(b"place", sealed);
    opened.ok().map(|plain| plain.to_vec())
}

fn sheet_key() -> OpeningKey {
    OpeningKey::from_sheet(&RecoveryCode::new([8; 16]))
}

/// What a row holds, under a key that no fixture was made with.
fn opened(row: &[u8]) -> Option<Vec<u8>> {
    let place = Place {
        device: DeviceId(7),
        store: "log",
        key: b"1",
        revision: 0,
        schema: 1,
    };
    let opened = DataKey::new([5; 32]).keys().records.open(place, row);
    opened.ok().map(|plain| plain.to_vec())
}

/// An event as it comes from the server, with these bytes.
fn pulled(bytes: &[u8]) -> PulledEvent {
    PulledEvent {
        seq: 1,
        received_at: Instant(u64::MAX),
        bytes: bytes.to_vec(),
    }
}

/// What cannot be read is handed on byte for byte.
fn keeps_what_it_cannot_read(event: &Event, bytes: &[u8]) {
    if let Body::Unread(body) = &event.body {
        let inside = body.bytes.is_empty()
            || bytes
                .windows(body.bytes.len())
                .any(|part| part == body.bytes);
        assert!(inside, "an unread body is not what came");
    }
}

/// Whatever an event says, it can be checked and folded.
fn take_in(event: &Event) {
    // What breaks a rule is set aside; that is not asked here.
    let _ = check(event);
    Records::default().apply(event);
}
