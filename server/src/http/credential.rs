//! `POST /v1/credential`: a device says what it will show from now on.

use std::sync::Arc;

use axum::extract::{Request, State};
use wellfield_core::sync::{Problem, RenewReply, RenewRequest};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Reply, read_message};
use super::proof::{Who, is_key};
use crate::enrolment::TokenHash;
use crate::storage::{CredentialChange, RenewRefused, StorageError};

const BODY_BYTES_MAX: usize = 1_024;

/// Nothing changes before the device shows it: if this reply is lost, the device goes on with what it has, and asks
/// again with the same.
pub(super) async fn renew(
    State(app): State<Arc<App>>,
    who: Who,
    request: Request,
) -> Result<Reply<RenewReply>, ApiError> {
    let caller = auth::caller(who)?;
    let RenewRequest { shown, public_key } = read_message(request, BODY_BYTES_MAX).await?;
    if public_key.as_ref().is_some_and(|key| !is_key(key)) {
        return Err(Problem::BadForm.into());
    }
    let renewed = app.storage.change_credential(CredentialChange {
        device: caller.standing.device,
        next: TokenHash(shown),
        public_key,
        now: app.clock.now(),
    });
    match renewed.await {
        Ok(()) => Ok(Reply::ok(RenewReply { shown })),
        Err(StorageError::Refused(RenewRefused::NoKey)) => Err(Problem::BadForm.into()),
        Err(StorageError::Refused(RenewRefused::Taken)) => Err(Problem::Forbidden.into()),
        Err(StorageError::Unavailable(unavailable)) => Err(unavailable.into()),
    }
}
