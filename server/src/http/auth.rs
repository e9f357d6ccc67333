//! Which device makes a request.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use wellfield_core::access::Action;
use wellfield_core::ids::DeviceId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::Problem;

use super::App;
use super::error::ApiError;
use crate::enrolment::{Token, TokenHash};
use crate::storage::Caller;

/// A contact is written down again after this long, or when the device holds more or less unsent.
const CONTACT_MS: u64 = 30_000;

/// The device whose key stands in the header, with the key's fingerprint. A revoked one is told so,
/// and one that asks without end has to wait.
pub(super) async fn caller(
    app: &App,
    headers: &HeaderMap,
) -> Result<(Caller, TokenHash), ApiError> {
    let token = token(headers).ok_or(Problem::UnknownDevice)?.hash();
    let caller = app
        .storage
        .caller(token)
        .await?
        .ok_or(Problem::UnknownDevice)?;
    if caller.standing.revoked {
        return Err(Problem::Revoked.into());
    }
    app.limits
        .devices
        .take(caller.standing.device, app.clock.now())
        .map_err(ApiError::too_many_tries)?;
    Ok((caller, token))
}

/// Refuses whoever may not read a stream. What everybody may read needs no key, and a revoked one does
/// no harm there.
pub(super) async fn may_read(
    app: &App,
    headers: &HeaderMap,
    stream: Stream,
) -> Result<Option<DeviceId>, ApiError> {
    if stream == Stream::Public {
        return Ok(None);
    }
    let (caller, _) = caller(app, headers).await?;
    if caller.standing.may(Action::Read, stream) {
        Ok(Some(caller.standing.device))
    } else {
        Err(Problem::Forbidden.into())
    }
}

fn token(headers: &HeaderMap) -> Option<Token> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Token::from_hex(token.trim()))?
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
