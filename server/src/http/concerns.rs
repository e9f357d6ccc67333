//! That concerns were handed out is entered, whatever way they went.

use wellfield_core::audit::{Actor, Deed, NewEntry};
use wellfield_core::ids::DeviceId;
use wellfield_core::stream::Stream;

use super::App;
use super::error::ApiError;

/// Enters that a device was handed so many records of a stream, if they are concerns. It is done before the
/// reply, so that nothing is handed out that is not entered.
pub(super) async fn enter_read(
    app: &App,
    stream: Stream,
    reader: Option<DeviceId>,
    records: u64,
) -> Result<(), ApiError> {
    let Some(device) = reader.filter(|_| stream == Stream::Safeguarding && records > 0) else {
        return Ok(());
    };
    let entry = NewEntry {
        at: app.clock.now(),
        actor: Actor::Device(device),
        deed: Deed::ConcernsRead { records },
    };
    Ok(app.storage.enter(entry).await?)
}
