//! Which device makes a request, and whether the request is its own.
//!
//! What a device shows says who it is; the signature beside it says that this request, with this address and this
//! body, comes from it now (`wellfield_core::sync::Proof`). The body is read later, so what was signed of it is
//! remembered with the request and compared when it is read.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, OriginalUri, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use wellfield_core::device_key::KeyHash;
use wellfield_core::sync::{
    CHALLENGE_HEADER, ChallengeSecret, DeviceProof, Freshness, GRANT_SCHEME, MEDIA_TYPE,
    PROOF_HEADER, Problem, Proof, PublicKey, Requests, Shown, body_digest,
};
use wellfield_core::vault::{NotOpened, SendGrant};

use super::App;
use super::error::ApiError;
use super::referral;
use crate::enrolment::{Token, TokenHash, bytes_from_hex};
use crate::storage::{Caller, Showing};

/// No grant is longer than this.
const GRANT_BYTES_MAX: usize = 1_024;

/// The requests of the last minutes.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Requests>);

impl Seen {
    /// Whether a request is of these minutes and was not here before.
    fn is_new(
        &self,
        device: &Caller,
        proof: &Proof,
        secret: &ChallengeSecret,
        now: wellfield_core::clock::Instant,
    ) -> bool {
        // What a thread that stopped left behind is whole: an entry is in it or is not.
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        requests.is_new(device.standing.device, proof, secret, now)
    }
}

/// A device that a request comes from, in use or not.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) caller: Caller,
    /// The fingerprint of the device's key, by which its pushes are carried out.
    pub(super) key: TokenHash,
    /// What a locked tablet sends with.
    pub(super) grant: Option<SendGrant>,
}

/// Who a request says it comes from, with the reason where that is not believed.
#[derive(Debug)]
pub(super) struct Who(pub(super) Result<Known, ApiError>);

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let known = identify(app, parts).await;
        if let Ok((_, Some(proof))) = &known {
            parts.extensions.insert(SignedBody(proof.body));
        }
        Ok(Self(known.map(|(known, _)| known)))
    }
}

/// What a device signed of a body.
#[derive(Clone, Copy)]
struct SignedBody([u8; 32]);

/// Refuses a body that is not the one that was signed.
pub(super) fn check_body(extensions: &Extensions, body: &[u8]) -> Result<(), ApiError> {
    match extensions.get::<SignedBody>() {
        Some(SignedBody(signed)) if *signed != body_digest(body) => Err(Problem::Unproven.into()),
        _ => Ok(()),
    }
}

async fn identify(app: &App, parts: &Parts) -> Result<(Known, Option<Proof>), ApiError> {
    let (shown, grant) = shown(app, &parts.headers)?;
    let showing = app.storage.showing(shown).await?;
    let Showing { caller, key, proof } = showing.ok_or(Problem::UnknownDevice)?;
    let proof = match proof {
        Some(kept) => {
            let proof = proven(app, parts, &caller, &kept.public_key).await?;
            stands(app, &caller, &kept, shown).await?;
            Some(proof)
        }
        // One that joined before devices signed brings its key as soon as its client knows how, and signs from
        // then on.
        None => None,
    };
    // Counted last: whoever has a copy of what a device shows, and no key, must not use its requests up.
    app.limits
        .devices
        .take(caller.standing.device, app.clock.now())
        .map_err(ApiError::too_many_tries)?;
    Ok((Known { caller, key, grant }, proof))
}

/// The fingerprint of what the device shows, and what a locked one sends with.
fn shown(app: &App, headers: &HeaderMap) -> Result<(TokenHash, Option<SendGrant>), ApiError> {
    if let Some(token) = after_scheme(headers, "bearer").and_then(Token::from_hex) {
        return Ok((token.hash(), None));
    }
    let grant = after_scheme(headers, GRANT_SCHEME);
    let grant = grant.and_then(|grant| bytes_from_hex(grant, GRANT_BYTES_MAX));
    let grant = app.sealing.open(&grant.ok_or(Problem::UnknownDevice)?);
    let grant = grant.map_err(|NotOpened| Problem::StaysSealed)?;
    Ok((Token(*grant.token()).hash(), Some(grant)))
}

/// What follows a scheme in the header that says who asks.
fn after_scheme<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (named, shown) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| shown.trim())
}

/// The proof that the request is the device's own, of these minutes and not here before.
async fn proven(
    app: &App,
    parts: &Parts,
    caller: &Caller,
    key: &PublicKey,
) -> Result<Proof, ApiError> {
    let proof = parts.headers.get(PROOF_HEADER);
    let proof = proof.and_then(|proof| Proof::from_text(proof.to_str().ok()?).ok());
    let proof = proof.ok_or(Problem::Unproven)?;
    // Below a router that is nested the path lacks its beginning.
    let uri = parts.extensions.get::<OriginalUri>();
    let uri = uri.map_or(&parts.uri, |OriginalUri(uri)| uri);
    let address = uri.path_and_query().map_or("", |address| address.as_str());
    let authorization = parts.headers.get(AUTHORIZATION);
    let authorization = authorization.and_then(|value| value.to_str().ok());
    let authorization = authorization.ok_or(Problem::UnknownDevice)?;
    let signed = proof.signed(parts.method.as_str(), address, authorization);
    let secret = referral::key(app).await?;
    // The signature is looked at first, so that nobody else can use a number up.
    let is_own = is_signed(key, &signed.to_bytes(), &proof.signature);
    if is_own && app.seen.is_new(caller, &proof, secret, app.clock.now()) {
        return Ok(proof);
    }
    Err(Problem::Unproven.into())
}

fn is_signed(key: &PublicKey, bytes: &[u8], signature: &[u8; 64]) -> bool {
    let key = VerifyingKey::from_sec1_bytes(key);
    let signature = Signature::from_slice(signature);
    match (key, signature) {
        (Ok(key), Ok(signature)) => key.verify(bytes, &signature).is_ok(),
        _ => false,
    }
}

/// Whether a key is one that a device can sign with.
pub(super) fn is_key(key: &PublicKey) -> bool {
    VerifyingKey::from_sec1_bytes(key).is_ok()
}

/// Carries out what it means that a device shows what it shows.
async fn stands(
    app: &App,
    caller: &Caller,
    proof: &DeviceProof,
    shown: TokenHash,
) -> Result<(), ApiError> {
    let (device, now) = (caller.standing.device, app.clock.now());
    match proof.credential.standing(KeyHash(shown.0), now) {
        Some(Shown::Current | Shown::Lately) => Ok(()),
        Some(Shown::Next) => Ok(app.storage.turn_over(device, shown, now).await?),
        Some(Shown::Old) => {
            app.storage.note_old(device, now).await?;
            Err(Problem::UnknownDevice.into())
        }
        None => Err(Problem::UnknownDevice.into()),
    }
}

/// `GET /v1/challenge`: what devices are to sign, for one that has heard nothing yet. It is no secret.
pub(super) async fn challenge(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let secret = referral::key(&app).await?;
    let said = Freshness::at(secret, app.clock.now()).to_text();
    Ok((
        [
            (CHALLENGE_HEADER, said),
            (CONTENT_TYPE.as_str(), MEDIA_TYPE.to_owned()),
        ],
        (),
    )
        .into_response())
}

/// Tells devices with each reply what they are to sign next.
pub(super) async fn tell_challenge(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let is_device = request.headers().contains_key(AUTHORIZATION);
    let mut response = next.run(request).await;
    if is_device && let Ok(secret) = referral::key(&app).await {
        let challenge = Freshness::at(secret, app.clock.now()).to_text();
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(CHALLENGE_HEADER, challenge);
        }
    }
    response
}
