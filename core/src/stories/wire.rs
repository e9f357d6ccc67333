//! Shared words on the wire, version 1. The day is a Julian day number.

use super::{Form, WordsShared};
use crate::clock::Date;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::{PersonId, StoryId};
use crate::text::Text;

wire_map! {
    struct WordsSharedV1 {
        #[n(0)]
        story: u64,
        #[n(1)]
        person: u64,
        #[n(2)]
        form: u8,
        #[n(3)]
        day: i32,
        #[n(4)]
        text: Option<String>,
    }
}

recorded_v1!(WordsShared, WordsSharedV1, subject: |shared| Some(shared.person));

impl From<&WordsShared> for WordsSharedV1 {
    fn from(shared: &WordsShared) -> Self {
        Self {
            story: shared.story.0,
            person: shared.person.0,
            form: shared.form.code(),
            day: shared.day.to_julian_day(),
            text: shared.text.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<WordsSharedV1> for WordsShared {
    type Error = NotOurs;

    fn try_from(wire: WordsSharedV1) -> Result<Self, NotOurs> {
        Ok(Self {
            story: StoryId(wire.story),
            person: PersonId(wire.person),
            form: Form::from_code(wire.form).ok_or(NotOurs)?,
            day: Date::from_julian_day(wire.day).map_err(|_| NotOurs)?,
            text: Text::from_wire(wire.text)?,
        })
    }
}
