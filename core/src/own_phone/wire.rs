//! Links and answers as they travel, version 1: CBOR arrays. The first number of a link says of which kind and
//! version it is: 1 for a survey, 2 for how a session was.
//!
//! A link has the tag of its device at its end and is written in the letters of an address (base64url,
//! RFC 4648 §5).

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::Mac;
use minicbor::bytes::{ByteSlice, ByteVec};
use minicbor::{Decode, Encode};

use super::{AskedBy, Link, PURPOSE, PhoneAnswers, PulseLink, SignedLink, SurveyLink, TAG_BYTES};
use crate::clock::{Date, TimeOfDay};
use crate::device_key::KeyHash;
use crate::evaluation::{EvaluationPlannedV1, Questions};
use crate::event::NotOurs;
use crate::handover::{decode_form, encode_form};
use crate::ids::{DeviceId, PersonId, ProgrammeId, SessionId};
use crate::measures::Moment;
use crate::text::Text;

const VERSION: u8 = 1;

const SURVEY: u8 = 1;
const PULSE: u8 = 2;

/// At most so many bytes in a link: what is asked, with the words of the project's own questions, numbers,
/// and the reference of a licence.
const LINK_BYTES_MAX: usize = 2_048;

#[derive(Encode, Decode)]
#[cbor(array)]
struct SurveyLinkV1 {
    #[n(0)]
    kind: u8,
    #[n(1)]
    device: u32,
    #[n(2)]
    programme: u64,
    #[n(3)]
    person: u64,
    #[n(4)]
    session: u64,
    #[n(5)]
    moment: u8,
    #[n(6)]
    which: u8,
    #[n(7)]
    plan: EvaluationPlannedV1,
    #[n(8)]
    until: i32,
    #[n(9)]
    programme_name: Option<String>,
    #[n(10)]
    organisation: Option<String>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct PulseLinkV1 {
    #[n(0)]
    kind: u8,
    #[n(1)]
    device: u32,
    #[n(2)]
    programme: u64,
    #[n(3)]
    session: u64,
    #[n(4)]
    until: i32,
    #[n(5)]
    programme_name: Option<String>,
    #[n(6)]
    organisation: Option<String>,
}

fn name_of(asked_by: Option<&AskedBy>) -> Option<String> {
    asked_by.map(|by| by.programme.to_string())
}

fn organisation_of(asked_by: Option<&AskedBy>) -> Option<String> {
    asked_by.map(|by| by.organisation.to_string())
}

fn asked_by(
    name: Option<String>,
    organisation: Option<String>,
) -> Result<Option<AskedBy>, NotOurs> {
    let (Some(name), Some(organisation)) = (name, organisation) else {
        return Ok(None);
    };
    Ok(Some(AskedBy {
        programme: Text::required_from_wire(&name)?,
        organisation: Text::required_from_wire(&organisation)?,
    }))
}

impl From<&SurveyLink> for SurveyLinkV1 {
    fn from(link: &SurveyLink) -> Self {
        Self {
            kind: SURVEY,
            device: link.device.0,
            programme: link.programme.0,
            person: link.person.0,
            session: link.session.0,
            moment: link.moment.code(),
            which: link.which.code(),
            plan: (&link.plan).into(),
            until: link.until.to_julian_day(),
            programme_name: name_of(link.asked_by.as_ref()),
            organisation: organisation_of(link.asked_by.as_ref()),
        }
    }
}

impl TryFrom<SurveyLinkV1> for SurveyLink {
    type Error = NotOurs;

    fn try_from(wire: SurveyLinkV1) -> Result<Self, NotOurs> {
        Ok(Self {
            device: DeviceId(wire.device),
            programme: ProgrammeId(wire.programme),
            person: PersonId(wire.person),
            session: SessionId(wire.session),
            moment: Moment::from_code(wire.moment).ok_or(NotOurs)?,
            which: Questions::from_code(wire.which).ok_or(NotOurs)?,
            plan: wire.plan.try_into()?,
            until: Date::from_julian_day(wire.until).map_err(|_| NotOurs)?,
            asked_by: asked_by(wire.programme_name, wire.organisation)?,
        })
    }
}

impl From<&PulseLink> for PulseLinkV1 {
    fn from(link: &PulseLink) -> Self {
        Self {
            kind: PULSE,
            device: link.device.0,
            programme: link.programme.0,
            session: link.session.0,
            until: link.until.to_julian_day(),
            programme_name: name_of(link.asked_by.as_ref()),
            organisation: organisation_of(link.asked_by.as_ref()),
        }
    }
}

impl TryFrom<PulseLinkV1> for PulseLink {
    type Error = NotOurs;

    fn try_from(wire: PulseLinkV1) -> Result<Self, NotOurs> {
        Ok(Self {
            device: DeviceId(wire.device),
            programme: ProgrammeId(wire.programme),
            session: SessionId(wire.session),
            until: Date::from_julian_day(wire.until).map_err(|_| NotOurs)?,
            asked_by: asked_by(wire.programme_name, wire.organisation)?,
        })
    }
}

impl Link {
    /// The link, signed with the key of the device that it names.
    pub fn sign(self, key: &[u8; 32]) -> SignedLink {
        // Writing to a vector cannot fail.
        let mut bytes = match &self {
            Self::Survey(link) => minicbor::to_vec(SurveyLinkV1::from(link)),
            Self::Pulse(link) => minicbor::to_vec(PulseLinkV1::from(link)),
        }
        .unwrap_or_default();
        let mut mac = KeyHash::of(key).mac(PURPOSE);
        mac.update(&bytes);
        bytes.extend_from_slice(&mac.finalize().into_bytes()[..TAG_BYTES]);
        SignedLink { link: self, bytes }
    }

    fn read(said: &[u8]) -> Result<Self, NotOurs> {
        match first_number(said).map_err(|_| NotOurs)? {
            SURVEY => whole::<SurveyLinkV1>(said)?.try_into().map(Self::Survey),
            PULSE => whole::<PulseLinkV1>(said)?.try_into().map(Self::Pulse),
            _ => Err(NotOurs),
        }
    }
}

/// The first number of an array.
fn first_number(bytes: &[u8]) -> Result<u8, minicbor::decode::Error> {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.array()?;
    decoder.u8()
}

/// Reads bytes of which nothing may be left over.
fn whole<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, NotOurs> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let read = decoder.decode().map_err(|_| NotOurs)?;
    if decoder.position() == bytes.len() {
        Ok(read)
    } else {
        Err(NotOurs)
    }
}

impl SignedLink {
    /// The link in the letters of an address.
    pub fn to_text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.bytes)
    }

    /// Reads a link from an address.
    ///
    /// # Errors
    /// [`NotOurs`] if it is none, or not all of one.
    pub fn from_text(text: &str) -> Result<Self, NotOurs> {
        if text.len() > LINK_BYTES_MAX * 4 / 3 {
            return Err(NotOurs);
        }
        let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| NotOurs)?;
        Self::from_bytes(bytes)
    }

    fn from_bytes(bytes: Vec<u8>) -> Result<Self, NotOurs> {
        let length = bytes.len().checked_sub(TAG_BYTES).ok_or(NotOurs)?;
        let said = bytes.get(..length).ok_or(NotOurs)?;
        if bytes.len() > LINK_BYTES_MAX {
            return Err(NotOurs);
        }
        Ok(Self {
            link: Link::read(said)?,
            bytes,
        })
    }
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct PhoneAnswersV1<'b> {
    #[n(0)]
    version: u8,
    #[n(1)]
    link: ByteVec,
    #[b(2)]
    form: &'b ByteSlice,
    #[n(3)]
    day: i32,
    #[n(4)]
    time: u16,
}

/// The bytes of answers.
pub fn encode_answers(answers: &PhoneAnswers) -> Vec<u8> {
    let form = encode_form(&answers.form);
    let (day, time) = answers.at;
    let wire = PhoneAnswersV1 {
        version: VERSION,
        link: answers.link.bytes.clone().into(),
        form: form.as_slice().into(),
        day: day.to_julian_day(),
        time: time.minutes(),
    };
    // Writing to a vector cannot fail.
    minicbor::to_vec(&wire).unwrap_or_default()
}

/// Reads answers.
///
/// # Errors
/// [`NotOurs`] if the bytes are none of this version.
pub fn decode_answers(bytes: &[u8]) -> Result<PhoneAnswers, NotOurs> {
    let wire: PhoneAnswersV1<'_> = minicbor::decode(bytes).map_err(|_| NotOurs)?;
    if wire.version != VERSION {
        return Err(NotOurs);
    }
    let day = Date::from_julian_day(wire.day).map_err(|_| NotOurs)?;
    let time = TimeOfDay::from_minutes(wire.time).ok_or(NotOurs)?;
    Ok(PhoneAnswers {
        link: SignedLink::from_bytes(wire.link.into())?,
        form: decode_form(wire.form)?,
        at: (day, time),
    })
}
