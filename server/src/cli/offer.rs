//! `wellfield offer`: the public description of a programme, out of a file.

use std::sync::Arc;

use wellfield_core::offer::{OfferError, OfferPublished, publish};
use wellfield_core::records::Records;
use wellfield_core::stream::Stream;

use super::enrol::find_programme;
use super::failure::{Failure, read_file};
use super::{Offer, say};
use crate::clock::{Clock, SystemClock};
use crate::offer;
use crate::storage::{OwnRecords, Storage};

pub(super) async fn offer(command: Offer) -> Result<(), Failure> {
    let file = read_file(&command.file)?;
    let description = offer::read(&file).map_err(Failure::Fields)?;
    let storage = command.data.place()?.open_existing().await?;
    let programme = find_programme(&storage, &command.programme).await?;
    let name = command.programme.trim();
    let offer = description.of(programme);
    let languages = languages(&offer);
    let standing = public_records(&storage).await?;
    let draft = match publish(&standing.offers, offer) {
        Ok(draft) => draft,
        Err(OfferError::NothingToChange) => {
            return say(&format!(
                "Nothing changes: this offer of {name} is published already."
            ));
        }
    };
    if command.dry_run {
        return say(&format!(
            "Everything is in order: an offer of {name}, in {languages}. Nothing was kept."
        ));
    }
    let records = OwnRecords::made_now(vec![draft], SystemClock.now());
    storage.append(records).await?;
    say(&format!(
        "The offer of {name} is published, in {languages}."
    ))
}

fn languages(offer: &OfferPublished) -> String {
    let words = offer.texts.iter();
    let words: Vec<_> = words
        .map(|text| offer::language_word(text.language))
        .collect();
    words.join(", ")
}

async fn public_records(storage: &Arc<dyn Storage>) -> Result<Records, Failure> {
    let mut records = Records::default();
    for pulled in storage.events(vec![Stream::Public]).await? {
        match pulled.event() {
            Ok(event) => records.apply(&event),
            Err(error) => {
                tracing::warn!(seq = pulled.seq, %error, "a record cannot be read and is left out")
            }
        }
    }
    Ok(records)
}
