//! The words of the page for link workers.

use wellfield_core::measures::Catalogue;
use wellfield_core::offer::OfferPublished;
use wellfield_core::reporting::{Leaflet, ProgrammeReport};

use super::sections::{reach, scale_said};
use crate::{SquareCode, Words};

/// The page for link workers, ready to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafletWords {
    /// The programme.
    pub title: String,
    /// Who runs it, and whom the page is for.
    pub by: String,
    /// What the programme is; empty where nothing is published.
    pub what: String,
    /// What was found, a sentence each.
    pub found: Vec<String>,
    /// What has to stand beside figures of change, where there are some.
    pub basis: Option<&'static str>,
    /// Participants' own words.
    pub quotes: Vec<String>,
    /// What to tell somebody: what it is about, and the words.
    pub facts: Vec<(&'static str, String)>,
    /// The next sessions; a sentence that there are none otherwise.
    pub next: Vec<String>,
    /// How to refer.
    pub refer: Vec<String>,
    /// Where people refer themselves, for the camera of a phone.
    pub code: Option<SquareCode>,
}

/// What the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct LeafletSource<'r> {
    /// What was chosen for it.
    pub leaflet: &'r Leaflet,
    /// The report that it was chosen from.
    pub report: &'r ProgrammeReport,
    /// The instruments.
    pub catalogue: &'r Catalogue,
    /// What is published of the programme.
    pub offer: Option<&'r OfferPublished>,
    /// The programme and who runs it, where nothing is published.
    pub names: (&'r str, &'r str),
    /// Where people refer themselves, where that is known.
    pub address: Option<&'r str>,
}

/// The page in words.
pub fn leaflet_words(w: Words, source: LeafletSource<'_>) -> LeafletWords {
    let text = source.offer.and_then(|offer| offer.text(w.0));
    let title = text.map_or(source.names.0, |text| text.name.as_str());
    let organisation = source
        .offer
        .map_or(source.names.1, |offer| offer.organisation.as_str());
    let facts = text.map(|text| {
        [
            (w.offer_where(), &text.place),
            (w.offer_when(), &text.when),
            (w.offer_getting_there(), &text.getting_there),
            (w.offer_cost(), &text.cost),
            (w.offer_access(), &text.access),
            (w.offer_expect(), &text.expect),
        ]
        .map(|(about, words)| (about, words.to_string()))
    });
    LeafletWords {
        title: title.to_owned(),
        by: w.leaflet_by(&organisation),
        what: text.map(|text| text.what.to_string()).unwrap_or_default(),
        found: found(w, source),
        basis: (!source.leaflet.findings.is_empty()).then(|| w.leaflet_basis()),
        quotes: source
            .leaflet
            .quotes
            .iter()
            .map(ToString::to_string)
            .collect(),
        facts: facts.into_iter().flatten().collect(),
        next: next(w, source.leaflet),
        refer: refer(w, source),
        // Without an offer there is nothing to refer to.
        code: source.offer.and(source.address).and_then(SquareCode::of),
    }
}

fn found(w: Words, source: LeafletSource<'_>) -> Vec<String> {
    let LeafletSource {
        leaflet, report, ..
    } = source;
    let scales = leaflet.findings.iter();
    let scales = scales.filter_map(|place| report.scales.get(*place));
    let said = scales.filter_map(|figures| scale_said(w, source.catalogue, figures));
    let reached = (!report.reach.sessions.is_empty()).then(|| reach(w, report).title);
    reached.into_iter().chain(said).collect()
}

fn next(w: Words, leaflet: &Leaflet) -> Vec<String> {
    if leaflet.next.is_empty() {
        return vec![w.leaflet_next_none().to_owned()];
    }
    let next = leaflet.next.iter();
    next.map(|session| {
        let hours = w.hours(session.starts, session.ends);
        format!("{}, {hours}", w.day(session.date))
    })
    .collect()
}

fn refer(w: Words, source: LeafletSource<'_>) -> Vec<String> {
    let themselves = source
        .address
        .map(|address| w.leaflet_refer_themselves(&address));
    let phone = source
        .offer
        .map(|offer| w.leaflet_refer_phone(&offer.phone.as_str()));
    themselves
        .into_iter()
        .chain(phone)
        .chain([w.leaflet_care().to_owned()])
        .collect()
}
