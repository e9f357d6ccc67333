use super::*;

const SECRET: ChallengeSecret = [7; 32];
const DEVICE: DeviceId = DeviceId(4);
const NOON: Instant = Instant(1_800_000_000_000);
const BODY: &[u8] = b"a body";

fn later(ms: u64) -> Instant {
    Instant(NOON.0 + ms)
}

fn hash(byte: u8) -> KeyHash {
    KeyHash([byte; 32])
}

fn signed<'a>() -> Signed<'a> {
    Signed {
        method: "POST",
        address: "/v1/push?a=1",
        authorization: "Bearer 01",
        challenge: Freshness::at(&SECRET, NOON),
        nonce: [5; 16],
        body: body_digest(BODY),
    }
}

#[test]
fn every_part_of_a_request_is_signed() {
    let whole = signed();
    let others = [
        Signed {
            method: "GET",
            ..whole
        },
        Signed {
            address: "/v1/push?a=2",
            ..whole
        },
        Signed {
            authorization: "Bearer 02",
            ..whole
        },
        Signed {
            challenge: Freshness([9; 16]),
            ..whole
        },
        Signed {
            nonce: [6; 16],
            ..whole
        },
        Signed {
            body: body_digest(b"another"),
            ..whole
        },
        // What ends one part cannot be taken for the beginning of the next.
        Signed {
            method: "POST/",
            address: "v1/push?a=1",
            ..whole
        },
    ];
    for other in others {
        assert_ne!(other.to_bytes(), whole.to_bytes(), "{other:?}");
    }
    assert!(
        whole
            .to_bytes()
            .windows(PURPOSE.len())
            .any(|part| part == PURPOSE)
    );
}

#[test]
fn a_proof_stands_in_a_header_and_says_what_was_signed() {
    let proof = signed().proof([8; 64]);
    let text = proof.to_text();
    assert_eq!(Proof::from_text(&text), Ok(proof));
    let read = proof.signed("POST", "/v1/push?a=1", "Bearer 01");
    assert_eq!(read.to_bytes(), signed().to_bytes());
    for wrong in [
        "",
        "00",
        &text[1..],
        &format!("{text}00"),
        &text.replace(|_| true, "g"),
        &text.to_uppercase(),
        &text.replace("08", "é"),
    ] {
        assert_eq!(Proof::from_text(wrong), Err(NotOurs), "{wrong}");
    }
    let challenge = Freshness::at(&SECRET, NOON);
    assert_eq!(Freshness::from_text(&challenge.to_text()), Ok(challenge));
    assert_eq!(Freshness::from_text(&text), Err(NotOurs));
}

#[test]
fn a_challenge_is_good_in_its_window_and_the_next() {
    let proof = signed().proof([8; 64]);
    let start = NOON.0 / WINDOW_MS * WINDOW_MS;
    let is_new = |now: u64| Requests::default().is_new(DEVICE, &proof, &SECRET, Instant(now));
    assert!(is_new(start));
    assert!(is_new(start + 2 * WINDOW_MS - 1));
    assert!(!is_new(start + 2 * WINDOW_MS));
    assert!(!is_new(start - 1), "a challenge that is not made yet");
    assert!(!is_new(0));
    let other = Requests::default().is_new(DEVICE, &proof, &[8; 32], NOON);
    assert!(!other, "another server's");
}

#[test]
fn no_request_counts_twice() {
    let mut requests = Requests::default();
    let proof = signed().proof([8; 64]);
    let mut ask =
        |device, nonce, now| requests.is_new(device, &Proof { nonce, ..proof }, &SECRET, now);
    assert!(ask(DEVICE, [1; 16], NOON));
    assert!(!ask(DEVICE, [1; 16], NOON));
    assert!(ask(DEVICE, [2; 16], NOON));
    assert!(ask(DeviceId(5), [1; 16], NOON));
    // In the next window it is known still, and after that the challenge is over.
    assert!(!ask(DEVICE, [1; 16], later(WINDOW_MS)));
    assert!(ask(DEVICE, [3; 16], later(WINDOW_MS)));
    assert!(!ask(DEVICE, [3; 16], later(WINDOW_MS)));
    assert!(!ask(DEVICE, [1; 16], later(2 * WINDOW_MS)));
}

#[test]
fn what_is_kept_of_requests_does_not_grow_for_ever() {
    let mut requests = Requests::default();
    for window in 0..20 {
        let now = later(window * WINDOW_MS);
        let challenge = Freshness::at(&SECRET, now);
        for nonce in 0..50 {
            let proof = Proof {
                challenge,
                nonce: [nonce; 16],
                ..signed().proof([0; 64])
            };
            assert!(requests.is_new(DEVICE, &proof, &SECRET, now));
        }
        assert!(requests.this.len() + requests.before.len() <= 100);
    }
    // A clock that jumped leaves nothing behind that would be looked at.
    let now = later(100 * WINDOW_MS);
    let proof = Proof {
        challenge: Freshness::at(&SECRET, now),
        ..signed().proof([0; 64])
    };
    assert!(requests.is_new(DEVICE, &proof, &SECRET, now));
    assert!(requests.before.is_empty());
}

const KEY: PublicKey = [4; 65];

fn renewed(kept: DeviceProof, next: KeyHash) -> Result<DeviceProof, RenewRefused> {
    DeviceProof::renewed(Some(kept), hash(9), (next, None), NOON)
}

#[test]
fn a_lost_answer_locks_nobody_out() {
    let begun = DeviceProof::begin(KEY, hash(1), NOON);
    let asked = renewed(begun, hash(2)).unwrap();
    let standing = |proof: DeviceProof, shown, now| proof.credential.standing(hash(shown), now);
    // Until the new one is used both are good, so a device that heard nothing goes on with the old one.
    assert_eq!(
        standing(asked, 1, later(CREDENTIAL_MS)),
        Some(Shown::Current)
    );
    assert_eq!(standing(asked, 2, NOON), Some(Shown::Next));
    assert_eq!(standing(asked, 3, NOON), None);
    assert_eq!(
        standing(begun, 0, NOON),
        None,
        "nothing is next and nothing was before"
    );
    // And it asks again with the same, before and after it was used.
    assert_eq!(renewed(asked, hash(2)), Ok(asked));
    let changed = asked.turned_over(hash(2), later(1_000)).unwrap();
    assert_eq!(renewed(changed, hash(2)), Ok(changed));
    assert_eq!(changed.turned_over(hash(2), NOON), None, "it is done once");
    assert_eq!(asked.turned_over(hash(3), NOON), None);
    assert_eq!(begun.turned_over(hash(2), NOON), None);
    assert_eq!(standing(changed, 2, NOON), Some(Shown::Current));
    assert_eq!(standing(changed, 1, later(LATELY_MS)), Some(Shown::Lately));
    assert_eq!(
        standing(changed, 1, later(1_000 + LATELY_MS)),
        Some(Shown::Old)
    );
    let again = renewed(changed, hash(3))
        .unwrap()
        .turned_over(hash(3), later(2_000))
        .unwrap();
    assert_eq!(standing(again, 1, later(2_000)), None);
    assert_eq!(standing(again, 2, later(2_000)), Some(Shown::Lately));
}

#[test]
fn the_key_that_a_device_signs_with_stays() {
    let begun = DeviceProof::begin(KEY, hash(1), NOON);
    let with = |kept, key| DeviceProof::renewed(kept, hash(1), (hash(2), key), NOON);
    assert!(with(Some(begun), Some(KEY)).is_ok());
    assert_eq!(with(Some(begun), Some([5; 65])), Err(RenewRefused::Taken));
    // One that joined before devices signed brings it with its first change.
    assert_eq!(with(None, None), Err(RenewRefused::NoKey));
    assert_eq!(with(None, Some(KEY)), renewed(begun, hash(2)));
}

#[test]
fn nothing_is_shown_again_that_was_shown_before() {
    let begun = DeviceProof::begin(KEY, hash(1), NOON);
    let changed = renewed(begun, hash(2))
        .unwrap()
        .turned_over(hash(2), NOON)
        .unwrap();
    assert_eq!(renewed(changed, hash(1)), Err(RenewRefused::Taken));
}

#[test]
fn what_is_shown_changes_every_month() {
    let kept = Keepsake {
        since: NOON,
        ..Keepsake::begin([1; 32])
    };
    assert!(!kept.is_due(later(CREDENTIAL_MS - 1)));
    assert!(kept.is_due(later(CREDENTIAL_MS)));
    let ahead = Keepsake {
        since: later(CREDENTIAL_MS),
        ..kept.clone()
    };
    assert!(ahead.is_due(NOON), "a clock that was far ahead");
    assert!(
        Keepsake::begin([1; 32]).is_due(NOON),
        "what a device was given goes out of use soon"
    );
    // What was asked for and not heard of is asked for again, the same.
    let asking = kept.asking([2; 32]);
    assert!(asking.is_due(NOON));
    assert_eq!(asking.asking([3; 32]), asking);
    assert_eq!((asking.shown, asking.next), ([1; 32], Some([2; 32])));
}

#[test]
fn a_device_and_its_server_agree_on_what_is_shown() {
    let kept = Keepsake::begin([1; 32]).asking([2; 32]);
    let changed = kept.changed(NOON);
    assert_eq!(
        (changed.shown, changed.next, changed.before, changed.since),
        ([2; 32], None, Some([1; 32]), NOON)
    );
    assert!(!changed.is_due(NOON));
    // A server that was restored knows the one before: the change is asked for again.
    let back = changed.put_back().unwrap();
    assert_eq!(
        (back.shown, back.next, back.before),
        ([1; 32], Some([2; 32]), Some([2; 32]))
    );
    let round = back.put_back().unwrap();
    assert_eq!((round.shown, round.before), ([2; 32], Some([1; 32])));
    assert_eq!(back.asking([3; 32]).changed(NOON), changed);
    assert_eq!(Keepsake::begin([1; 32]).put_back(), None);
    for kept in [Keepsake::begin([1; 32]), kept, changed, back] {
        let bytes = kept.to_bytes();
        assert_eq!(Keepsake::from_bytes(&bytes), Ok(kept.clone()));
        for end in 0..bytes.len() {
            assert_eq!(Keepsake::from_bytes(&bytes[..end]), Err(NotOurs));
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(Keepsake::from_bytes(&longer), Err(NotOurs));
        let mut other = bytes.clone();
        other[0] = 2;
        assert_eq!(
            Keepsake::from_bytes(&other),
            Err(NotOurs),
            "another version"
        );
        assert_eq!(format!("{kept:?}"), "Keepsake");
    }
}

#[test]
fn only_our_servers_word_makes_a_device_sign_again() {
    use crate::sync::{MEDIA_TYPE, Message, ProblemReply};
    let reply = |problem: Problem, media_type: &str| {
        let problem = ProblemReply::from(problem);
        let (status, body) = (problem.status(), problem.to_bytes());
        believed(&HttpReply {
            status,
            media_type: media_type.to_owned(),
            body,
        })
    };
    assert_eq!(reply(Problem::Unproven, MEDIA_TYPE), Believed::SignAnew);
    assert_eq!(
        reply(Problem::UnknownDevice, MEDIA_TYPE),
        Believed::NotKnown
    );
    assert_eq!(reply(Problem::Revoked, MEDIA_TYPE), Believed::Yes);
    assert_eq!(
        reply(Problem::Unproven, "text/html"),
        Believed::Yes,
        "a captive portal"
    );
    let fine = HttpReply {
        status: 200,
        media_type: MEDIA_TYPE.to_owned(),
        body: vec![],
    };
    assert_eq!(believed(&fine), Believed::Yes);
}

#[test]
fn a_device_asks_for_a_challenge_before_it_signs_an_old_one() {
    let heard = Heard {
        challenge: Freshness([1; 16]),
        at: NOON,
    };
    assert!(!heard.is_over(later(HEARD_MS - 1)));
    assert!(heard.is_over(later(HEARD_MS)));
    assert!(heard.is_over(Instant(0)), "a clock that went back");
    assert!(
        Heard::NOTHING.is_over(NOON),
        "at the start nothing was heard"
    );
}
