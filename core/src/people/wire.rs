//! People on the wire, version 1.

use super::{AccessNeed, Contact, Joined, Met, NeedSeenTo, PersonDetails, PersonRecorded};
use crate::clock::Date;
use crate::event::{NotOurs, recorded_v1};
use crate::ids::PersonId;
use crate::text::Text;

wire_map! {
    pub(crate) struct ContactV1 {
        #[n(0)]
        name: String,
        #[n(1)]
        relation: Option<String>,
        #[n(2)]
        phone: String,
    }
}

impl From<&Contact> for ContactV1 {
    fn from(contact: &Contact) -> Self {
        Self {
            name: contact.name.to_string(),
            relation: contact.relation.as_ref().map(ToString::to_string),
            phone: contact.phone.to_string(),
        }
    }
}

impl TryFrom<ContactV1> for Contact {
    type Error = NotOurs;

    fn try_from(wire: ContactV1) -> Result<Self, NotOurs> {
        Ok(Self {
            name: Text::required_from_wire(&wire.name)?,
            relation: Text::from_wire(wire.relation)?,
            phone: Text::required_from_wire(&wire.phone)?,
        })
    }
}

wire_map! {
    struct PersonRecordedV1 {
        #[n(0)]
        person: u64,
        #[n(1)]
        joined: u8,
        /// Julian day.
        #[n(2)]
        from: i32,
        /// Julian day.
        #[n(3)]
        until: Option<i32>,
        #[n(4)]
        preferred_name: String,
        #[n(5)]
        access: Option<Vec<u8>>,
        #[n(6)]
        access_note: Option<String>,
        #[n(7)]
        agreed_support: Option<String>,
        #[n(8)]
        emergency: Option<ContactV1>,
        #[n(9)]
        supporter: Option<ContactV1>,
    }
}

recorded_v1!(PersonRecorded, PersonRecordedV1, subject: |recorded| Some(recorded.person));

impl From<&PersonRecorded> for PersonRecordedV1 {
    fn from(recorded: &PersonRecorded) -> Self {
        let details = &recorded.details;
        Self {
            person: recorded.person.0,
            joined: recorded.joined.code(),
            from: recorded.from.to_julian_day(),
            until: recorded.until.map(Date::to_julian_day),
            preferred_name: details.preferred_name.to_string(),
            access: access_codes(&details.access),
            access_note: details.access_note.as_ref().map(ToString::to_string),
            agreed_support: details.agreed_support.as_ref().map(ToString::to_string),
            emergency: details.emergency.as_ref().map(Into::into),
            supporter: details.supporter.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<PersonRecordedV1> for PersonRecorded {
    type Error = NotOurs;

    fn try_from(wire: PersonRecordedV1) -> Result<Self, NotOurs> {
        let day = |day| Date::from_julian_day(day).map_err(|_| NotOurs);
        Ok(Self {
            person: PersonId(wire.person),
            joined: Joined::from_code(wire.joined).ok_or(NotOurs)?,
            from: day(wire.from)?,
            until: wire.until.map(day).transpose()?,
            details: PersonDetails {
                preferred_name: Text::required_from_wire(&wire.preferred_name)?,
                access: access_from_codes(wire.access)?,
                access_note: Text::from_wire(wire.access_note)?,
                agreed_support: Text::from_wire(wire.agreed_support)?,
                emergency: wire.emergency.map(TryInto::try_into).transpose()?,
                supporter: wire.supporter.map(TryInto::try_into).transpose()?,
            },
        })
    }
}

/// The wire form of a set of access needs; nothing where there are none.
pub(crate) fn access_codes(needs: &[AccessNeed]) -> Option<Vec<u8>> {
    (!needs.is_empty()).then(|| needs.iter().map(|need| need.code()).collect())
}

/// Reads what [`access_codes`] wrote.
pub(crate) fn access_from_codes(codes: Option<Vec<u8>>) -> Result<Vec<AccessNeed>, NotOurs> {
    codes
        .unwrap_or_default()
        .into_iter()
        .map(|code| AccessNeed::from_code(code).ok_or(NotOurs))
        .collect()
}

wire_map! {
    struct NeedSeenToV1 {
        #[n(0)]
        person: u64,
        #[n(1)]
        need: u8,
        #[n(2)]
        met: u8,
    }
}

recorded_v1!(NeedSeenTo, NeedSeenToV1, subject: |seen| Some(seen.person));

impl From<&NeedSeenTo> for NeedSeenToV1 {
    fn from(seen: &NeedSeenTo) -> Self {
        Self {
            person: seen.person.0,
            need: seen.need.code(),
            met: seen.met.code(),
        }
    }
}

impl TryFrom<NeedSeenToV1> for NeedSeenTo {
    type Error = NotOurs;

    fn try_from(wire: NeedSeenToV1) -> Result<Self, NotOurs> {
        Ok(Self {
            person: PersonId(wire.person),
            need: AccessNeed::from_code(wire.need).ok_or(NotOurs)?,
            met: Met::from_code(wire.met).ok_or(NotOurs)?,
        })
    }
}
