//! docs/PROTOCOL.md says what the code does: its examples are read and written back by the code.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use wellfield_core::clock::Hlc;
use wellfield_core::event::{Body, Draft, decode_event, encode_event};
use wellfield_core::ids::{DeviceId, EventId, ProgrammeId};
use wellfield_core::own_phone::{decode_answers, encode_answers};
use wellfield_core::referral::{
    Challenge, decode_signals, decode_submission, encode_signals, encode_submission,
};
use wellfield_core::set_aside::{Decision, SetAsideSettled};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{
    AnswersReply, CodeReply, DevicesReply, DigestsReply, EnrolReply, EnrolRequest, LossReply,
    MEDIA_TYPE, Message, Outcome, Problem, ProblemReply, PullReply, PushReply, PushRequest,
    ReferralReply, RenewRequest, ShutOutReply, Snapshot, StreamsReply,
};

const DOCUMENT: &str = include_str!("../../docs/PROTOCOL.md");

/// The fenced examples: what each is, its diagnostic notation and its bytes.
fn examples() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let mut blocks = DOCUMENT.split("```cbor ").skip(1);
    let example = |block: &'static str| {
        let (label, rest) = block.split_once('\n').unwrap();
        let (diagnostic, rest) = rest.split_once('\n').unwrap();
        let digits: String = rest
            .split("```")
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        let bytes = (0..digits.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap());
        (
            label,
            diagnostic.strip_prefix("# ").unwrap(),
            bytes.collect(),
        )
    };
    blocks.by_ref().map(example).collect()
}

fn written_back<M: Message>(bytes: &[u8]) -> Vec<u8> {
    M::from_bytes(bytes).unwrap().to_bytes()
}

#[test]
fn every_example_is_read_and_written_back_by_the_code() {
    let examples = examples();
    assert_eq!(examples.len(), 24);
    for (label, diagnostic, bytes) in examples {
        assert_eq!(minicbor::display(&bytes).to_string(), diagnostic, "{label}");
        let back = match label {
            "Problem" => written_back::<ProblemReply>(&bytes),
            "PushRequest" => written_back::<PushRequest>(&bytes),
            "PushReply" => written_back::<PushReply>(&bytes),
            "StreamsReply" => written_back::<StreamsReply>(&bytes),
            "DigestsReply" => written_back::<DigestsReply>(&bytes),
            "Snapshot" => written_back::<Snapshot>(&bytes),
            "PullReply" => written_back::<PullReply>(&bytes),
            "EnrolRequest" => written_back::<EnrolRequest>(&bytes),
            "RenewRequest" => written_back::<RenewRequest>(&bytes),
            "EnrolReply" => written_back::<EnrolReply>(&bytes),
            "ReferralReply" => written_back::<ReferralReply>(&bytes),
            "DevicesReply" => written_back::<DevicesReply>(&bytes),
            "ShutOutReply" => written_back::<ShutOutReply>(&bytes),
            "LossReply" => written_back::<LossReply>(&bytes),
            "CodeReply" => written_back::<CodeReply>(&bytes),
            "Challenge" => written_back::<Challenge>(&bytes),
            "AnswersReply" => written_back::<AnswersReply>(&bytes),
            "PhoneAnswers" => encode_answers(&decode_answers(&bytes).unwrap()),
            "Signals" => encode_signals(&decode_signals(&bytes).unwrap()),
            "SelfReferral" => encode_submission(&decode_submission(&bytes).unwrap()),
            "Event" => encode_event(&decode_event(&bytes).unwrap()),
            // Read as a part of the event before it.
            "AttendanceMarked" => bytes.clone(),
            "SetAsideSettled" => left_out(),
            other => panic!("an example of nothing: {other}"),
        };
        assert_eq!(back, bytes, "{label}");
    }
}

/// The bytes of a decision to leave a record out, which an envelope ends with.
fn left_out() -> Vec<u8> {
    let id = |device, n| EventId {
        device: DeviceId(device),
        n,
    };
    let draft = Draft {
        stream: Stream::Delivery(ProgrammeId(1)),
        supersedes: Vec::new(),
        body: SetAsideSettled {
            event: id(2, 8),
            decision: Decision::LeftOut,
        }
        .into(),
    };
    let event = encode_event(&draft.place(id(3, 1), Hlc::ZERO, None));
    // The head of a byte string of this length stands before it.
    let length = usize::from(event[event.len() - 8] & 0x1f);
    event[event.len() - length..].to_vec()
}

#[test]
fn the_example_event_holds_the_example_body() {
    let examples = examples();
    let find = |wanted| {
        examples
            .iter()
            .find(|(label, _, _)| *label == wanted)
            .unwrap()
            .2
            .clone()
    };
    let event = find("Event");
    let body = find("AttendanceMarked");
    assert!(event.ends_with(&body));
    assert!(matches!(
        decode_event(&event).unwrap().body,
        Body::AttendanceMarked(_)
    ));
}

#[test]
fn every_problem_and_outcome_stands_in_its_table_with_its_number_and_status() {
    for problem in Problem::ALL {
        let status = ProblemReply::from(*problem).status();
        let row = format!("| {} | {} | {status} |", problem.code(), problem.name());
        assert!(DOCUMENT.contains(&row), "{row}");
    }
    for outcome in Outcome::ALL {
        let row = format!("| {} | {} |", outcome.code(), outcome.name());
        assert!(DOCUMENT.contains(&row), "{row}");
    }
    assert!(DOCUMENT.contains(MEDIA_TYPE));
}
