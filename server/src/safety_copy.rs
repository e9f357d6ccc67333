//! Taking in a safety copy: the unsent records of a device that could not send them itself.
//!
//! Whoever brings the file, only the device that it names can have made it, and what is in it goes the
//! way of a push. So a file that is brought twice, or late, stores nothing a second time. The last records
//! of a device that was shut out arrive this way and no other, and are set aside.

use wellfield_core::audit::Actor;
use wellfield_core::clock::Instant;
use wellfield_core::device_key::KeyHash;
use wellfield_core::sync::{
    PUSH_EVENTS_MAX, ProblemReply, PushReply, PushRequest, SafetyCopyError, UnprovenCopy,
};

use crate::storage::{Carrier, Push, Storage, StorageError, Unavailable};

/// Why a safety copy was not taken in. Parts before the one that was refused may be stored; bringing it
/// again stores nothing a second time.
#[derive(Debug, thiserror::Error)]
pub enum NotTakenIn {
    /// It is no safety copy, or not made by the device that it names.
    #[error(transparent)]
    File(#[from] SafetyCopyError),
    /// The server does not take these records from this device.
    #[error("the records are refused: {}", .0.problem.name())]
    Refused(ProblemReply),
    /// The records cannot be stored at the moment.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Takes in a safety copy that somebody brings. The receipt is that of a push of everything in it.
///
/// # Errors
/// See [`NotTakenIn`].
pub async fn take_in(
    storage: &dyn Storage,
    file: &[u8],
    by: Actor,
    now: Instant,
) -> Result<PushReply, NotTakenIn> {
    let unproven = UnprovenCopy::from_file(file)?;
    let device = unproven.claims().push.device;
    // For a device that there is not, the answer is that for a file with a wrong tag.
    let key = storage
        .key_of(device)
        .await?
        .ok_or(SafetyCopyError::Forged)?;
    let PushRequest {
        first_n,
        events,
        pending,
        ..
    } = unproven.proven(&KeyHash(key.0))?.push;
    let mut receipt = PushReply {
        device,
        max_n: 0,
        first_n,
        outcomes: Vec::with_capacity(events.len()),
        server_time: now,
        taken_out: false,
    };
    let mut rest = events.into_iter();
    loop {
        let part: Vec<_> = rest.by_ref().take(PUSH_EVENTS_MAX).collect();
        let taken = receipt.outcomes.len() as u64;
        let is_last = part.len() < PUSH_EVENTS_MAX;
        let push = Push {
            carrier: Carrier::SafetyCopy(by),
            token: key,
            request: PushRequest {
                device,
                first_n: first_n + taken,
                events: part,
                pending: pending.saturating_sub(taken),
            },
            now,
        };
        let reply = storage.push(push).await.map_err(|error| match error {
            StorageError::Refused(problem) => NotTakenIn::Refused(problem),
            StorageError::Unavailable(unavailable) => NotTakenIn::Unavailable(unavailable),
        })?;
        receipt.max_n = reply.max_n;
        receipt.outcomes.extend(reply.outcomes);
        if is_last {
            return Ok(receipt);
        }
    }
}
