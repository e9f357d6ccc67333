//! `POST /v1/devices/shut-out` and `GET /v1/devices/loss`: a coordinator shuts a lost device out, and sees
//! whom the loss may harm.

use std::sync::Arc;

use axum::extract::{Request, State};
use serde::Deserialize;
use wellfield_core::audit::Actor;
use wellfield_core::ids::{DeviceId, ProgrammeId};
use wellfield_core::sync::{LossReply, Problem, ShutOutReply};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::{Asked, Reply, read_body};
use super::proof::Who;
use crate::loss::{enter_handed_out, loss_of};
use crate::storage::{Caller, Revocation, RevokeRefused, StorageError};

#[derive(Deserialize)]
pub(super) struct Query {
    device: u32,
}

/// Shuts a device out for good. Once more changes nothing: a reply may have been lost.
pub(super) async fn shut_out(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
    request: Request,
) -> Result<Reply<ShutOutReply>, ApiError> {
    let (caller, lost) = both(&app, who, DeviceId(query.device)).await?;
    // The request says all in its address; the body must be empty.
    read_body(request, 0).await?;
    let device = lost.standing.device;
    if !lost.standing.revoked {
        let revoked = app.storage.revoke(Revocation {
            device,
            by: Actor::Device(caller.standing.device),
            now: app.clock.now(),
        });
        match revoked.await {
            Ok(()) => {}
            Err(StorageError::Refused(RevokeRefused::NoDevice)) => {
                return Err(Problem::Forbidden.into());
            }
            Err(StorageError::Unavailable(unavailable)) => return Err(unavailable.into()),
        }
    }
    Ok(Reply::ok(ShutOutReply { device }))
}

/// The most that a device can have held, of the people of the caller's programmes.
pub(super) async fn loss(
    State(app): State<Arc<App>>,
    Asked(query): Asked<Query>,
    who: Who,
) -> Result<Reply<LossReply>, ApiError> {
    let (caller, lost) = both(&app, who, DeviceId(query.device)).await?;
    let loss = loss_of(&*app.storage, &lost).await?;
    let shared = |programme: &&ProgrammeId| caller.standing.programmes.contains(programme);
    let programmes: Vec<_> = lost
        .standing
        .programmes
        .iter()
        .filter(shared)
        .copied()
        .collect();
    let by = Actor::Device(caller.standing.device);
    enter_handed_out(&*app.storage, &loss, &programmes, by, app.clock.now()).await?;
    let people = programmes
        .iter()
        .flat_map(|programme| loss.people(*programme));
    Ok(Reply::ok(LossReply {
        device: lost.standing.device,
        people: people.collect(),
        notes: loss.notes(),
        concerns: loss.concerns(),
    }))
}

/// Who asks, and the device that is meant, if the one may shut the other out. Whoever may not is not told
/// either whether there is such a device.
async fn both(app: &App, who: Who, device: DeviceId) -> Result<(Caller, Caller), ApiError> {
    let caller = auth::caller(who)?;
    let key = app.storage.key_of(device).await?;
    let lost = match key {
        Some(key) => app.storage.caller(key).await?,
        None => None,
    };
    let lost = lost.filter(|lost| caller.standing.may_shut_out(&lost.standing));
    Ok((caller, lost.ok_or(Problem::Forbidden)?))
}
