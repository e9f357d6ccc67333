//! A survey under way on disk, version 1: what a reload or a crash resumes.

use minicbor::{Decode, Encode};

use super::wire::{from_wire, own_from_wire, own_to_wire, to_wire};
use super::{Sheet, Survey};
use crate::event::NotOurs;
use crate::ids::{PersonId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::instrument::ITEMS_MAX;
use crate::measures::{Mode, Moment};
use crate::text::Text;

/// The most instruments of a survey.
const SHEETS_MAX: usize = 16;

/// An array, so that it is never taken for a pulse under way, which is a map.
#[derive(Encode, Decode)]
#[cbor(array)]
struct SurveyV1 {
    #[n(0)]
    version: u8,
    #[n(1)]
    person: u64,
    #[n(2)]
    session: u64,
    #[n(3)]
    moment: u8,
    #[n(4)]
    mode: u8,
    #[n(5)]
    language: u8,
    #[n(6)]
    page: u16,
    #[n(7)]
    sheets: Vec<SheetV1>,
    #[n(8)]
    order: Vec<(u8, u8)>,
    /// Left out where there are none.
    #[n(9)]
    own: Option<Vec<(String, u8)>>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct SheetV1 {
    #[n(0)]
    response: u64,
    #[n(1)]
    instrument: String,
    #[n(2)]
    version: u16,
    #[n(3)]
    replies: Vec<Option<i16>>,
}

const VERSION: u8 = 1;

/// The bytes of a survey under way.
pub fn encode_survey(survey: &Survey) -> Vec<u8> {
    let wire = SurveyV1 {
        version: VERSION,
        person: survey.person.0,
        session: survey.session.0,
        moment: survey.moment.code(),
        mode: survey.mode.code(),
        language: survey.language.code(),
        page: survey.page,
        sheets: survey
            .sheets
            .iter()
            .map(|sheet| SheetV1 {
                response: sheet.response.0,
                instrument: sheet.instrument.to_string(),
                version: sheet.version,
                replies: sheet.replies.iter().map(|reply| to_wire(*reply)).collect(),
            })
            .collect(),
        order: survey.order.clone(),
        own: own_to_wire(&survey.own),
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(&wire).unwrap_or_default()
}

/// Reads a survey under way.
///
/// # Errors
/// [`NotOurs`] if the bytes are none of this version.
pub fn decode_survey(bytes: &[u8]) -> Result<Survey, NotOurs> {
    let wire: SurveyV1 = minicbor::decode(bytes).map_err(|_| NotOurs)?;
    if wire.version != VERSION || wire.sheets.len() > SHEETS_MAX {
        return Err(NotOurs);
    }
    let sheets: Vec<_> = wire
        .sheets
        .into_iter()
        .map(sheet)
        .collect::<Result<_, _>>()?;
    let holds = |(sheet, item): &(u8, u8)| {
        let sheet: Option<&Sheet> = sheets.get(usize::from(*sheet));
        sheet.is_some_and(|sheet| usize::from(*item) < sheet.replies.len())
    };
    let in_place = wire.order.iter().all(holds) && usize::from(wire.page) <= wire.order.len() + 1;
    if !in_place {
        return Err(NotOurs);
    }
    Ok(Survey {
        person: PersonId(wire.person),
        session: SessionId(wire.session),
        moment: Moment::from_code(wire.moment).ok_or(NotOurs)?,
        mode: Mode::from_code(wire.mode).ok_or(NotOurs)?,
        language: Language::from_code(wire.language).ok_or(NotOurs)?,
        sheets,
        own: own_from_wire(wire.own)?,
        order: wire.order,
        page: wire.page,
    })
}

fn sheet(wire: SheetV1) -> Result<Sheet, NotOurs> {
    if wire.replies.len() > ITEMS_MAX {
        return Err(NotOurs);
    }
    let replies = wire.replies.into_iter().map(from_wire);
    Ok(Sheet {
        response: ResponseId(wire.response),
        instrument: Text::required_from_wire(&wire.instrument)?,
        version: wire.version,
        replies: replies.collect::<Result<_, _>>()?,
    })
}
