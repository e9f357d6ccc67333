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
    // Placed one by one, and capitals folded in ASCII only: sorting, and the tables of Unicode, would be
    // a tenth of what a phone has to load, for the order of a short list.
    let key = |offer: &OfferPublished, text: &OfferText| {
        (text.name.as_str().to_ascii_lowercase(), offer.programme)
    };
    let mut shown: Vec<(&OfferPublished, &OfferText)> = Vec::new();
    for offer in offers {
        let Some(text) = offer.text(language) else {
            continue;
        };
        let new = key(offer, text);
        let place = shown.partition_point(|(offer, text)| key(offer, text) < new);
        shown.insert(place, (offer, text));
    }
    shown
}
