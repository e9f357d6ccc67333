//! `wellfield take-in`: the unsent records of a tablet, out of a file.

use wellfield_core::audit::Actor;
use wellfield_core::sync::{SAFETY_COPY_BYTES_MAX, Tally};

use super::failure::Failure;
use super::{TakeIn, say};
use crate::clock::{Clock, SystemClock};
use crate::safety_copy::take_in as take_in_copy;

pub(super) async fn take_in(command: TakeIn) -> Result<(), Failure> {
    let storage = command.data.place()?.open_existing().await?;
    for path in command.files {
        let read = || -> std::io::Result<Vec<u8>> {
            let length = std::fs::metadata(&path)?.len();
            if length > SAFETY_COPY_BYTES_MAX as u64 {
                return Err(std::io::Error::other("it is too large for a safety copy"));
            }
            std::fs::read(&path)
        };
        let file = read().map_err(|source| Failure::Read {
            path: path.clone(),
            source,
        })?;
        let receipt = take_in_copy(
            storage.as_ref(),
            &file,
            Actor::CommandLine,
            SystemClock.now(),
        )
        .await
        .map_err(|source| Failure::SafetyCopy {
            path: path.clone(),
            source,
        })?;
        let all = receipt.outcomes.len();
        let Tally {
            new,
            held,
            set_aside,
        } = receipt.tally();
        say(&format!(
            "{}: device {}, {all} records: {new} new, {held} were here already, {set_aside} set aside.",
            path.display(),
            receipt.device,
        ))?;
    }
    Ok(())
}
