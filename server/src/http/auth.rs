//! Which device makes a request.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use wellfield_core::access::Action;
use wellfield_core::ids::DeviceId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{GRANT_SCHEME, Problem};
use wellfield_core::vault::{NotOpened, SendGrant};

use super::App;
use super::error::ApiError;
use crate::enrolment::{Token, TokenHash, bytes_from_hex};
use crate::storage::{Caller, Reader};

/// A contact is written down again after this long, or when the device holds more or less unsent.
const CONTACT_MS: u64 = 30_000;

/// No grant is longer than this.
const GRANT_BYTES_MAX: usize = 1_024;

/// The device whose key stands in the header. One that was taken out of use is told so, and one that asks
/// without end has to wait.
pub(super) async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let token = token(headers).ok_or(Problem::UnknownDevice)?.hash();
    let caller = known(app, token).await?;
    if caller.standing.revoked {
        return Err(Problem::Revoked.into());
    }
    Ok(caller)
}

/// The fingerprint of the key of a device that sends. One that was taken out of use may: what it sends is
/// set aside, and then it is told.
pub(super) async fn sender(app: &App, headers: &HeaderMap) -> Result<TokenHash, ApiError> {
    let token = token(headers).ok_or(Problem::UnknownDevice)?.hash();
    known(app, token).await?;
    Ok(token)
}

/// The device that sends while it is locked, by the grant in the header, with its key's fingerprint. It may
/// have been taken out of use.
pub(super) async fn locked_caller(
    app: &App,
    headers: &HeaderMap,
) -> Result<(SendGrant, TokenHash), ApiError> {
    let grant =
        shown(headers, GRANT_SCHEME).and_then(|grant| bytes_from_hex(grant, GRANT_BYTES_MAX));
    let grant = grant.ok_or(Problem::UnknownDevice)?;
    let grant = app.sealing.open(&grant);
    let grant = grant.map_err(|NotOpened| Problem::StaysSealed)?;
    let token = Token(*grant.token()).hash();
    known(app, token).await?;
    Ok((grant, token))
}

/// The device with this key, in use or not, if it does not ask without end.
async fn known(app: &App, token: TokenHash) -> Result<Caller, ApiError> {
    let caller = app
        .storage
        .caller(token)
        .await?
        .ok_or(Problem::UnknownDevice)?;
    app.limits
        .devices
        .take(caller.standing.device, app.clock.now())
        .map_err(ApiError::too_many_tries)?;
    Ok(caller)
}

/// Whoever reads, and what they may read.
pub(super) struct Reading {
    /// The device; `None` for whoever reads what is public.
    pub(super) device: Option<DeviceId>,
    /// What they may read at all, which the storage holds every statement to.
    pub(super) reader: Reader,
}

/// Refuses whoever may not read a stream. What everybody may read needs no key, and a revoked one does
/// no harm there.
pub(super) async fn may_read(
    app: &App,
    headers: &HeaderMap,
    stream: Stream,
) -> Result<Reading, ApiError> {
    if stream == Stream::Public {
        return Ok(Reading {
            device: None,
            reader: Reader::Of(vec![Stream::Public]),
        });
    }
    let caller = caller(app, headers).await?;
    if caller.standing.may(Action::Read, stream) {
        Ok(Reading {
            device: Some(caller.standing.device),
            reader: Reader::Of(caller.standing.streams()),
        })
    } else {
        Err(Problem::Forbidden.into())
    }
}

fn token(headers: &HeaderMap) -> Option<Token> {
    Token::from_hex(shown(headers, "bearer")?)
}

/// What follows a scheme in the header that says who asks.
fn shown<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (named, shown) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| shown.trim())
}

/// Notes that the device was in contact, without waiting and not more often than is of use.
pub(super) fn note_contact(app: &App, caller: &Caller, pending: Option<u64>) {
    let now = app.clock.now();
    let pending = pending.unwrap_or(caller.pending);
    let recent = caller
        .last_seen
        .is_some_and(|seen| now.0.abs_diff(seen.0) < CONTACT_MS);
    if !recent || pending != caller.pending {
        app.storage.saw(caller.standing.device, pending, now);
    }
}
