//! The public offer: what a programme is, where, when, how to get there, cost, access, what to
//! expect. Everything here may be read by anybody.

mod choose;
mod commands;
#[cfg(test)]
mod tests;
mod wire;

use crate::event::decode_only;
use crate::heads::{Heads, Stamp};
use crate::ids::{EventId, ProgrammeId};
use crate::language::Language;
use crate::sync::PulledEvent;
use crate::text::{Line, Paragraph};
use std::collections::BTreeMap;

pub use choose::{Choice, choice, in_order};
pub use commands::{OfferError, publish};

/// The offer in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferText {
    /// The language.
    pub language: Language,
    /// The programme's name.
    pub name: Line,
    /// What it is, in two or three sentences.
    pub what: Paragraph,
    /// Where it is.
    pub place: Paragraph,
    /// When it is.
    pub when: Paragraph,
    /// How to get there.
    pub getting_there: Paragraph,
    /// What it costs.
    pub cost: Paragraph,
    /// Access at the site.
    pub access: Paragraph,
    /// What to expect on the first day.
    pub expect: Paragraph,
}

/// The public description of a programme was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferPublished {
    /// The programme.
    pub programme: ProgrammeId,
    /// Who runs it.
    pub organisation: Line,
    /// The telephone number for people who would rather talk.
    pub phone: Line,
    /// The offer in each language, at least one.
    pub texts: Vec<OfferText>,
}

impl OfferPublished {
    /// The text in a language, or in the first that there is.
    pub fn text(&self, language: Language) -> Option<&OfferText> {
        self.texts
            .iter()
            .find(|text| text.language == language)
            .or(self.texts.first())
    }
}

/// Reads a published offer from a page of the public stream; `None` for anything else in it.
pub fn read_published(pulled: &PulledEvent) -> Option<(Stamp, Vec<EventId>, OfferPublished)> {
    decode_only(&pulled.bytes)
}

/// Every published offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    published: BTreeMap<ProgrammeId, Heads<OfferPublished>>,
}

impl Offers {
    /// Takes a published offer in.
    pub fn insert(&mut self, stamp: Stamp, supersedes: &[EventId], offer: OfferPublished) {
        self.published
            .entry(offer.programme)
            .or_default()
            .insert(stamp, supersedes, offer);
    }

    /// Every offer as it stands.
    pub fn all(&self) -> impl Iterator<Item = &OfferPublished> {
        self.published
            .values()
            .filter_map(Heads::latest)
            .map(|head| &head.value)
    }

    /// The offer of one programme.
    pub fn get(&self, programme: ProgrammeId) -> Option<&OfferPublished> {
        self.published
            .get(&programme)?
            .latest()
            .map(|head| &head.value)
    }

    /// The register of one programme's offer: a new offer has to name all of its heads.
    pub fn heads(&self, programme: ProgrammeId) -> Option<&Heads<OfferPublished>> {
        self.published.get(&programme)
    }
}
