//! What a device that makes a request may do.

use wellfield_core::access::Action;
use wellfield_core::ids::DeviceId;
use wellfield_core::stream::Stream;
use wellfield_core::sync::Problem;
use wellfield_core::vault::SendGrant;

use super::App;
use super::error::ApiError;
use super::proof::{Known, Who};
use crate::enrolment::TokenHash;
use crate::storage::{Caller, Reader};

/// A contact is written down again after this long, or when the device holds more or less unsent.
const CONTACT_MS: u64 = 30_000;

/// The device that asks, if it is open and in use. One that was taken out of use is told so.
pub(super) fn caller(who: Who) -> Result<Caller, ApiError> {
    let known = open(who)?;
    if known.caller.standing.revoked {
        return Err(Problem::Revoked.into());
    }
    Ok(known.caller)
}

/// The device that sends. One that was taken out of use may: what it sends is set aside, and then it is told.
pub(super) fn sender(who: Who) -> Result<Known, ApiError> {
    open(who)
}

/// The locked tablet that sends, by what it shows in place of a key. It may have been taken out of use.
pub(super) fn locked_sender(Who(known): Who) -> Result<(SendGrant, TokenHash), ApiError> {
    let known = known?;
    let grant = known.grant.ok_or(Problem::UnknownDevice)?;
    Ok((grant, known.key))
}

fn open(Who(known): Who) -> Result<Known, ApiError> {
    let known = known?;
    match known.grant {
        // What a locked tablet sends with is good for sending alone.
        Some(_) => Err(Problem::UnknownDevice.into()),
        None => Ok(known),
    }
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
pub(super) fn may_read(who: Who, stream: Stream) -> Result<Reading, ApiError> {
    if stream == Stream::Public {
        return Ok(Reading {
            device: None,
            reader: Reader::Of(vec![Stream::Public]),
        });
    }
    let caller = caller(who)?;
    if caller.standing.may(Action::Read, stream) {
        Ok(Reading {
            device: Some(caller.standing.device),
            reader: Reader::Of(caller.standing.streams()),
        })
    } else {
        Err(Problem::Forbidden.into())
    }
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
