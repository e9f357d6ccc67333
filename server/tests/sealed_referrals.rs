//! A form that waited on somebody's phone, sealed: it arrives as any other, and nobody else opens it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use common::{PROGRAMME, Received, Request, SEALING_KEY, Server, form};
use wellfield_core::event::Body;
use wellfield_core::ids::{ProgrammeId, ReferralId};
use wellfield_core::referral::{
    Challenge, Doubt, ReferralReceived, SealedForm, SelfReferral, Signals, Solver, encode_sealed,
    encode_signals, encode_submission, sealed_place,
};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Message, Problem, ReferralReply, SealingKeyReply};
use wellfield_core::vault::{DataKey, OpeningKey, SealingKey};

const FORM: ReferralId = ReferralId(9);

/// What a phone is told to seal to.
fn key(server: &Server) -> SealingKey {
    let told = Request::get("/v1/sealing-key").send(server.address);
    told.message::<SealingKeyReply>().unwrap().key
}

fn sealed(key: SealingKey, programme: ProgrammeId, form: &SelfReferral) -> Vec<u8> {
    sealed_with(key, programme, form, &Signals::default())
}

fn sealed_with(
    key: SealingKey,
    programme: ProgrammeId,
    form: &SelfReferral,
    signals: &Signals,
) -> Vec<u8> {
    let plain = [encode_submission(form), encode_signals(signals)].concat();
    let place = sealed_place(programme, form.referral);
    encode_sealed(&SealedForm {
        referral: form.referral,
        sealed: key.seal(&place, &plain, [5; 32]).unwrap(),
    })
}

fn send(server: &Server, programme: ProgrammeId, body: Vec<u8>) -> Received {
    let address = format!("/v1/sealed-referrals?programme={programme}");
    Request::post(&address, body).send(server.address)
}

fn received(server: &Server) -> Vec<ReferralReceived> {
    let casework = vec![Stream::Casework(PROGRAMME)];
    let events = server.wait(server.storage.events(casework)).unwrap();
    let events = events.iter().map(|pulled| pulled.event().unwrap().body);
    events
        .map(|body| match body {
            Body::ReferralReceived(received) => received,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_sealed_form_arrives_as_any_other_and_once() {
    let server = Server::start();
    let body = sealed(key(&server), PROGRAMME, &form(FORM.0));
    for _ in 0..3 {
        let reply = send(&server, PROGRAMME, body.clone());
        assert_eq!(reply.status, 202);
        assert_eq!(reply.message::<ReferralReply>().unwrap().referral, FORM);
    }
    // The same form, which an older page sent as it is.
    let plain = format!("/v1/referrals?programme={PROGRAMME}");
    let plain = Request::post(&plain, encode_submission(&form(FORM.0)));
    assert_eq!(plain.send(server.address).status, 202);
    let [referral] = &received(&server)[..] else {
        panic!("one referral")
    };
    assert_eq!(referral.form, form(FORM.0));
}

#[test]
fn the_sum_that_a_phone_does_later_stands_behind_what_it_sealed_before() {
    let server = Server::start();
    let ask = format!("/v1/referrals/challenge?programme={PROGRAMME}");
    let challenge: Challenge = Request::get(&ask).send(server.address).message().unwrap();
    let proof = Solver::begin(challenge, FORM).unwrap().step(u32::MAX);
    let proven = Signals {
        proof,
        ..Signals::default()
    };
    let trapped = Signals {
        trap_filled: true,
        ..Signals::default()
    };
    let sealed = |number: u128| sealed_with(key(&server), PROGRAMME, &form(number), &trapped);
    let worked = [sealed(FORM.0), encode_signals(&proven)].concat();
    for body in [worked, sealed(10)] {
        assert_eq!(send(&server, PROGRAMME, body).status, 202);
    }
    let doubts: Vec<_> = received(&server)
        .into_iter()
        .map(|form| form.doubts)
        .collect();
    assert_eq!(
        doubts,
        [vec![Doubt::Trap], vec![Doubt::Trap, Doubt::NoProof]]
    );
}

#[test]
fn what_was_sealed_for_somebody_else_elsewhere_or_under_another_number_is_refused_for_good() {
    let server = Server::start();
    let ours = key(&server);
    let stranger = OpeningKey::of(&DataKey::new([77; 32])).sealing_key();
    let mut renumbered = sealed(ours, PROGRAMME, &form(FORM.0));
    // The number stands at the beginning, behind the head of the map and of the byte string.
    renumbered[3 + 15] ^= 1;
    let inside = sealed_place(PROGRAMME, FORM);
    let another = encode_submission(&form(10));
    let another = encode_sealed(&SealedForm {
        referral: FORM,
        sealed: ours.seal(&inside, &another, [5; 32]).unwrap(),
    });
    for body in [
        sealed(stranger, PROGRAMME, &form(FORM.0)),
        sealed(ours, ProgrammeId(78), &form(FORM.0)),
        renumbered,
        another,
        encode_submission(&form(FORM.0)),
        b"noise".to_vec(),
    ] {
        let refused = send(&server, PROGRAMME, body);
        assert_eq!(refused.problem().problem, Problem::BadForm);
    }
    assert!(received(&server).is_empty());
    let large = send(&server, PROGRAMME, vec![0; 40 * 1024 + 1]);
    assert_eq!(large.problem().problem, Problem::TooLarge);
}

#[test]
fn the_key_that_phones_are_told_is_the_servers_and_says_nothing_else() {
    let server = Server::start();
    let opens = OpeningKey::of(&DataKey::new(SEALING_KEY));
    assert_eq!(key(&server), opens.sealing_key());
    let told = Request::get("/v1/sealing-key").send(server.address);
    assert_eq!(told.header("cache-control"), "no-store");
    assert_eq!(
        SealingKeyReply::from_bytes(&told.body).unwrap().key,
        key(&server)
    );
}
