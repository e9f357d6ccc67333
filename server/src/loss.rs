//! What a device held, worked out from what is stored.

use wellfield_core::audit::{Actor, Deed, NewEntry};
use wellfield_core::clock::Instant;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::loss::Loss;
use wellfield_core::stream::Stream;
use wellfield_core::sync::PULL_EVENTS_MAX;

use crate::storage::{Caller, PageRefused, PageWanted, Reader, Storage, StorageError, Unavailable};

/// What a device held. Streams are read a page after the other, so that a long one fills no memory and holds
/// no reader up.
///
/// # Errors
/// Where the database did not answer, or its records were put back out of a backup meanwhile.
pub(crate) async fn loss_of<'c>(
    storage: &dyn Storage,
    caller: &'c Caller,
) -> Result<Loss<'c>, StorageError<PageRefused>> {
    let mut loss = Loss::of(&caller.standing, caller.last_seen);
    let of_programmes = caller
        .standing
        .programmes
        .iter()
        .flat_map(|programme| [Stream::Delivery(*programme), Stream::Casework(*programme)]);
    let everywhere = [Stream::Public, Stream::Organisation, Stream::Safeguarding];
    for stream in everywhere.into_iter().chain(of_programmes) {
        let (mut epoch, mut after) = (None, 0);
        loop {
            let page = PageWanted {
                reader: Reader::Server,
                stream,
                epoch,
                after,
                limit: PULL_EVENTS_MAX,
            };
            let page = storage.page(page).await?;
            if page.events.is_empty() {
                break;
            }
            epoch = Some(page.epoch);
            after = after.saturating_add(page.events.len() as u64);
            for pulled in &page.events {
                if let Ok(event) = pulled.event() {
                    loss.take(&event, pulled.received_at);
                }
            }
        }
    }
    Ok(loss)
}

/// Enters that the names of those whom a device held were handed out. It is entered as an export is, and
/// before anything is.
///
/// # Errors
/// [`Unavailable`] if it could not be entered; nothing may be handed out then.
pub(crate) async fn enter_handed_out(
    storage: &dyn Storage,
    loss: &Loss<'_>,
    programmes: &[ProgrammeId],
    by: Actor,
    now: Instant,
) -> Result<(), Unavailable> {
    for programme in programmes {
        let entry = NewEntry {
            at: now,
            actor: by,
            deed: Deed::Exported {
                programme: *programme,
                records: loss.records(*programme),
            },
        };
        storage.enter(entry).await?;
    }
    Ok(())
}
