//! Publishing an offer.

use super::{OfferPublished, Offers};
use crate::event::{Draft, SUPERSEDES_MAX};
use crate::heads::Heads;
use crate::stream::Stream;

/// Why an offer was not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// Just this offer stands already, and no other of its programme.
    #[error("nothing to change")]
    NothingToChange,
}

/// Publishes an offer in place of what stands of its programme.
///
/// So many offers that did not know of each other that one record cannot name them all are a
/// mistake; publishing again replaces the rest of them.
///
/// # Errors
/// See [`OfferError`].
pub fn publish(offers: &Offers, offer: OfferPublished) -> Result<Draft, OfferError> {
    let standing = offers.heads(offer.programme);
    let heads = standing.map(Heads::heads).unwrap_or_default();
    if !heads.is_empty() && heads.iter().all(|head| head.value == offer) {
        return Err(OfferError::NothingToChange);
    }
    let mut supersedes = standing.map(Heads::ids).unwrap_or_default();
    supersedes.truncate(SUPERSEDES_MAX);
    Ok(Draft {
        stream: Stream::Public,
        supersedes,
        body: offer.into(),
    })
}
