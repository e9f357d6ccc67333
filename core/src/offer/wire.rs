//! Offers on the wire, version 1.

use super::{OfferPublished, OfferText};
use crate::event::{NotOurs, recorded_v1};
use crate::ids::ProgrammeId;
use crate::language::Language;
use crate::text::Text;

wire_map! {
    struct OfferTextV1 {
        #[n(0)]
        language: u8,
        #[n(1)]
        name: String,
        #[n(2)]
        what: String,
        #[n(3)]
        place: String,
        #[n(4)]
        when: String,
        #[n(5)]
        getting_there: String,
        #[n(6)]
        cost: String,
        #[n(7)]
        access: String,
        #[n(8)]
        expect: String,
    }
}

impl From<&OfferText> for OfferTextV1 {
    fn from(text: &OfferText) -> Self {
        Self {
            language: text.language.code(),
            name: text.name.to_string(),
            what: text.what.to_string(),
            place: text.place.to_string(),
            when: text.when.to_string(),
            getting_there: text.getting_there.to_string(),
            cost: text.cost.to_string(),
            access: text.access.to_string(),
            expect: text.expect.to_string(),
        }
    }
}

impl TryFrom<OfferTextV1> for OfferText {
    type Error = NotOurs;

    fn try_from(wire: OfferTextV1) -> Result<Self, NotOurs> {
        Ok(Self {
            language: Language::from_code(wire.language).ok_or(NotOurs)?,
            name: Text::required_from_wire(&wire.name)?,
            what: Text::required_from_wire(&wire.what)?,
            place: Text::required_from_wire(&wire.place)?,
            when: Text::required_from_wire(&wire.when)?,
            getting_there: Text::required_from_wire(&wire.getting_there)?,
            cost: Text::required_from_wire(&wire.cost)?,
            access: Text::required_from_wire(&wire.access)?,
            expect: Text::required_from_wire(&wire.expect)?,
        })
    }
}

wire_map! {
    struct OfferPublishedV1 {
        #[n(0)]
        programme: u64,
        #[n(1)]
        organisation: String,
        #[n(2)]
        phone: String,
        #[n(3)]
        texts: Vec<OfferTextV1>,
    }
}

recorded_v1!(OfferPublished, OfferPublishedV1, rules: |offer, _| !offer.texts.is_empty());

impl From<&OfferPublished> for OfferPublishedV1 {
    fn from(offer: &OfferPublished) -> Self {
        Self {
            programme: offer.programme.0,
            organisation: offer.organisation.to_string(),
            phone: offer.phone.to_string(),
            texts: offer.texts.iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<OfferPublishedV1> for OfferPublished {
    type Error = NotOurs;

    fn try_from(wire: OfferPublishedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            programme: ProgrammeId(wire.programme),
            organisation: Text::required_from_wire(&wire.organisation)?,
            phone: Text::required_from_wire(&wire.phone)?,
            texts: wire
                .texts
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Result<_, _>>()?,
        })
    }
}
