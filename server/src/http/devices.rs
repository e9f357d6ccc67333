//! `GET /v1/devices`: a coordinator sees who holds unsent records and what was set aside, with what it
//! says where they may read it.

use std::sync::Arc;

use axum::extract::State;
use wellfield_core::access::may_manage_devices;
use wellfield_core::audit::{Actor, Deed, NewEntry};
use wellfield_core::ids::DeviceId;
use wellfield_core::set_aside::ORIGINAL_BYTES_MAX;
use wellfield_core::sync::server::may_see_set_aside;
use wellfield_core::sync::{DevicesReply, Problem, QuarantinedEvent};

use super::App;
use super::auth;
use super::error::ApiError;
use super::message::Reply;
use super::proof::Who;
use crate::storage::{DeviceEntry, OriginalsWanted};

/// At most this many events that were set aside are listed; `wellfield status` lists all.
const QUARANTINED_MAX: usize = 500;

/// At most this many bytes of them all are in one list: a tablet in a field fetches it.
const BYTES_MAX: usize = 1024 * 1024;

pub(super) async fn devices(
    State(app): State<Arc<App>>,
    who: Who,
) -> Result<Reply<DevicesReply>, ApiError> {
    let caller = auth::caller(who)?;
    if !may_manage_devices(caller.standing.role) {
        return Err(Problem::Forbidden.into());
    }
    let overview = app.storage.overview().await?;
    let ours = |device: &DeviceEntry| caller.standing.works_beside(&device.programmes);
    let devices: Vec<_> = overview
        .devices
        .into_iter()
        .filter(ours)
        .map(|entry| entry.state)
        .collect();
    let is_listed = |device: DeviceId| devices.iter().any(|state| state.device == device);
    let mut quarantined: Vec<_> = overview
        .quarantined
        .into_iter()
        .filter(|event| is_listed(event.device))
        .take(QUARANTINED_MAX)
        .collect();
    let wanted = OriginalsWanted {
        events: quarantined.iter().map(QuarantinedEvent::event).collect(),
        // One that is longer cannot be taken in.
        each_max: ORIGINAL_BYTES_MAX,
        bytes_max: BYTES_MAX,
    };
    let mut originals = app.storage.originals(wanted).await?;
    for event in &mut quarantined {
        event.bytes = originals
            .remove(&event.event())
            .filter(|bytes| may_see_set_aside(&caller.standing, bytes));
    }
    let shown = quarantined.iter().filter(|event| event.bytes.is_some());
    let records = shown.count() as u64;
    if records > 0 {
        // Before the reply, so that nothing is shown that is not entered.
        app.storage
            .enter(NewEntry {
                at: app.clock.now(),
                actor: Actor::Device(caller.standing.device),
                deed: Deed::SetAsideRead { records },
            })
            .await?;
    }
    Ok(Reply::ok(DevicesReply {
        devices,
        quarantined,
        server_time: app.clock.now(),
    }))
}
