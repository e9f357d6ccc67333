//! What the script of passkeys asks and answers. What it sends and gets is JSON of the browser's own making.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};
use wellfield_core::audit::Deed;
use wellfield_core::clock::Instant;
use wellfield_core::desk::CEREMONY_MS;
use wellfield_core::ids::AccountId;

use super::super::App;
use super::super::address::Neighbourhood;
use super::join::invited;
use super::page::{Answer, Failed, Why, keeping};
use super::sign_in::begin;
use super::visit::{INVITATION, STEP, Visit, keep, language};
use crate::desk::{Credentials, Passkeys, Registering, SigningIn};
use crate::enrolment::{Token, TokenHash, hex};
use crate::storage::{AccountBy, Slip, SlipHash, SlipKind};

/// The longest answer of a browser, in bytes. A certificate of its maker may be in it.
const BYTES_MAX: usize = 32 * 1024;

const BODY_TIME: Duration = Duration::from_secs(30);

/// What a browser answered.
pub(super) struct Shown<T>(T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Shown<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Failed> {
        let not_a_form = Failed(language(request.headers()), Why::NotAForm);
        let kind = request.headers().get(CONTENT_TYPE);
        if kind.is_none_or(|kind| kind != "application/json") {
            return Err(not_a_form);
        }
        let body = tokio::time::timeout(BODY_TIME, to_bytes(request.into_body(), BYTES_MAX)).await;
        let body = body.ok().and_then(Result::ok).ok_or(not_a_form)?;
        serde_json::from_slice(&body)
            .map(Self)
            .map_err(|_| not_a_form)
    }
}

fn passkeys(visit: &Visit) -> Result<&Passkeys, Failed> {
    let passkeys = visit.app.staff_desk.passkeys.as_ref();
    passkeys.ok_or(visit.failed(Why::NoSuchPage))
}

/// Keeps what the server has to know when the browser answers, and hands out what it is asked.
async fn ask(
    visit: &Visit,
    asked: impl Serialize,
    state: impl Serialize,
    account: Option<AccountId>,
) -> Answer {
    let token = Token::draw().map_err(Failed::no_entropy(visit.w))?;
    let TokenHash(hash) = token.hash();
    let step = Slip {
        hash: SlipHash(hash),
        kind: SlipKind::Ceremony,
        account,
        value: serde_json::to_vec(&state).map_err(|_| visit.failed(Why::TryLater))?,
        expires_at: Instant(visit.now.0 + CEREMONY_MS),
    };
    let put = visit.app.storage.put_slip(step, visit.now).await;
    put.map_err(Failed::unavailable(visit.w))?;
    let kept = keep(STEP, &hex(&token.0), CEREMONY_MS / 1000);
    Ok(keeping(Json(asked).into_response(), &[kept]))
}

/// What the server kept for the answer. It counts once.
async fn step<T: DeserializeOwned>(visit: &Visit, account: Option<AccountId>) -> Result<T, Failed> {
    let too_late = visit.failed(Why::NotAForm);
    let step = visit.slip_of(STEP).ok_or(too_late)?;
    let kind = SlipKind::Ceremony;
    let taken = visit.app.storage.take_slip(kind, step, visit.now).await;
    let taken = taken.map_err(Failed::unavailable(visit.w))?;
    let taken = taken
        .filter(|slip| slip.account == account)
        .ok_or(too_late)?;
    serde_json::from_slice(&taken.value).map_err(|_| too_late)
}

/// The script goes on by itself; it needs no page.
fn done(mut begun: Response) -> Response {
    *begun.status_mut() = StatusCode::NO_CONTENT;
    begun.headers_mut().remove(axum::http::header::LOCATION);
    begun
}

pub(super) async fn ask_to_sign_in(visit: Visit, from: Neighbourhood) -> Answer {
    take_try(&visit, from)?;
    let asked = passkeys(&visit)?.ask_to_sign_in();
    let (asked, state) = asked.map_err(|_| visit.failed(Why::TryLater))?;
    ask(&visit, asked, state, None).await
}

/// Nobody guesses a passkey; this is against the work that asking makes.
fn take_try(visit: &Visit, from: Neighbourhood) -> Result<(), Failed> {
    let taken = visit.app.limits.passkeys.take(from, visit.now);
    taken.map_err(|seconds| visit.failed(Why::TooManyTries(seconds)))
}

pub(super) async fn sign_in(visit: Visit, Shown(shown): Shown<PublicKeyCredential>) -> Answer {
    let refused = visit.failed(Why::NotAForm);
    let passkeys = passkeys(&visit)?;
    let state: SigningIn = step(&visit, None).await?;
    let account = passkeys.who(&shown).map_err(|_| refused)?;
    let entry = visit.app.storage.account(AccountBy::Number(account)).await;
    let entry = entry.map_err(Failed::unavailable(visit.w))?;
    let entry = entry.filter(|entry| !entry.account.closed).ok_or(refused)?;
    let credentials = Credentials::read(&entry.credentials).map_err(|_| refused)?;
    let proven = passkeys.prove(&shown, state, credentials);
    let credentials = proven.map_err(|_| refused)?;
    let deed = |account| Deed::SignedIn { account };
    let begun = begin(&visit, &entry, &credentials, None, deed).await?;
    Ok(keeping(done(begun), &[keep(STEP, "", 0)]))
}

pub(super) async fn ask_to_make(visit: Visit, from: Neighbourhood) -> Answer {
    take_try(&visit, from)?;
    let passkeys = passkeys(&visit)?;
    let invited = invited(&visit).await?.ok_or(visit.failed(Why::NotAForm))?;
    let account = &invited.entry.account;
    let asked = passkeys.ask_to_make(account);
    let (asked, state) = asked.map_err(|_| visit.failed(Why::TryLater))?;
    ask(&visit, asked, state, Some(account.account)).await
}

pub(super) async fn made(visit: Visit, Shown(made): Shown<RegisterPublicKeyCredential>) -> Answer {
    let refused = visit.failed(Why::NotAForm);
    let passkeys = passkeys(&visit)?;
    let invited = invited(&visit).await?.ok_or(refused)?;
    let account = invited.entry.account.account;
    let state: Registering = step(&visit, Some(account)).await?;
    let passkey = passkeys.made(&made, &state).map_err(|_| refused)?;
    // Whoever is invited anew has lost what they signed in with: it lets nobody in any more.
    let credentials = Credentials {
        passkeys: vec![passkey],
        words: None,
    };
    let deed = |account| Deed::SignInSetUp { account };
    let begun = begin(&visit, &invited.entry, &credentials, Some(invited.by), deed).await?;
    Ok(keeping(
        done(begun),
        &[keep(STEP, "", 0), keep(INVITATION, "", 0)],
    ))
}
