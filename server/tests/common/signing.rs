//! How the devices of the tests sign their requests. They all have one key, which is known: what differs between
//! them is what they show.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{LazyLock, Mutex};

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use wellfield_core::sync::{Freshness, PublicKey, Signed, body_digest};

/// The key of every device of the tests.
static KEY: LazyLock<SigningKey> = LazyLock::new(|| key(7));

/// What each server last asked to be signed.
static CHALLENGES: LazyLock<Mutex<HashMap<SocketAddr, Freshness>>> = LazyLock::new(Mutex::default);

/// A key that is made of a number.
pub fn key(number: u8) -> SigningKey {
    SigningKey::from_slice(&[number; 32]).unwrap()
}

/// The public half of a key, as a device brings it.
pub fn public(key: &SigningKey) -> PublicKey {
    let point = key.verifying_key().to_sec1_point(false);
    point.as_bytes().try_into().unwrap()
}

/// The public half of the key of every device of the tests.
pub fn public_key() -> PublicKey {
    public(&KEY)
}

/// What a server last asked to be signed; something that it never asked for before it was heard.
pub fn challenge(server: SocketAddr) -> Freshness {
    let known = CHALLENGES.lock().unwrap();
    known.get(&server).copied().unwrap_or_default()
}

/// Takes in what a server says in a header, and gives what it asks for from then on.
pub fn heard(server: SocketAddr, header: &str) -> Freshness {
    if let Ok(challenge) = Freshness::from_text(header) {
        CHALLENGES.lock().unwrap().insert(server, challenge);
    }
    challenge(server)
}

/// The header with which a request is a device's own.
pub fn proof(
    method: &str,
    address: &str,
    authorization: &str,
    body: &[u8],
    challenge: Freshness,
) -> String {
    proof_by(&KEY, method, address, authorization, body, challenge)
}

/// As [`proof`], by another key.
pub fn proof_by(
    key: &SigningKey,
    method: &str,
    address: &str,
    authorization: &str,
    body: &[u8],
    challenge: Freshness,
) -> String {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).unwrap();
    let signed = Signed {
        method,
        address,
        authorization,
        challenge,
        nonce,
        body: body_digest(body),
    };
    let signature: Signature = key.sign(&signed.to_bytes());
    signed.proof(signature.to_bytes().into()).to_text()
}
