//! Which of several offers somebody looks at.

use super::{OfferPublished, OfferText};
use crate::ids::ProgrammeId;
use crate::language::Language;

/// What there is to show to whoever opens the public pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'a> {
    /// Nothing is offered.
    Nothing,
    /// This offer.
    One(&'a OfferPublished),
    /// The person chooses.
    Several,
}

/// What is shown of the published offers. `named` is the programme in the address, if one is.
///
/// The only offer is shown at once. An offer that is named and gone is never replaced by another one,
/// even the only one: a form that was begun for one programme would go to the other.
pub fn choice(offers: &[OfferPublished], named: Option<ProgrammeId>) -> Choice<'_> {
    let found = named.and_then(|named| offers.iter().find(|offer| offer.programme == named));
    match (found, named, offers) {
        (Some(offer), _, _) | (None, None, [offer]) => Choice::One(offer),
        (None, _, []) => Choice::Nothing,
        (None, _, _) => Choice::Several,
    }
}

/// The offers with the text that is shown of each, by name, so that the list stays as it was when it
/// is read again.
pub fn in_order(
    offers: &[OfferPublished],
    language: Language,
) -> Vec<(&OfferPublished, &OfferText)> {
    let mut shown: Vec<_> = offers
        .iter()
        .filter_map(|offer| Some((offer, offer.text(language)?)))
        .collect();
    shown.sort_by_cached_key(|(offer, text)| (text.name.as_str().to_lowercase(), offer.programme));
    shown
}
