//! Answering on one's own phone, by a link that a tablet gives out: the survey of the evaluation
//! ([`SurveyLink`]), for one person, or how a session was ([`PulseLink`]), for everybody who was there and
//! without their names.
//!
//! The link says what is asked, and until when; it carries no name. The tablet makes it without signal
//! and signs it with what it shares with the server ([`KeyHash`]), so that the server need not have heard
//! of it: whoever answers may have signal before the tablet has. All of it stands behind the `#` of an
//! address, which a browser sends to nobody.
//!
//! Whoever has a link can answer by it, and can read nothing.

mod kept;
mod pulse;
mod survey;
#[cfg(test)]
mod tests;
mod wire;

use sha2::{Digest, Sha256};

use crate::clock::{Date, TimeOfDay};
use crate::device_key::KeyHash;
use crate::event::Draft;
use crate::handover::Form;
use crate::ids::{DeviceId, ProgrammeId, ResponseId};
use crate::language::Language;
use crate::measures::Mode;
use crate::records::{Delivery, Records};
use crate::referral::{Outcome as Delivered, judged};
use crate::sync::{AnswersReply, HttpReply};
use crate::text::Line;

pub use kept::{Kept, SealedAnswers, answers_place};
pub use pulse::{PULSE_DAYS, PULSES_MAX, PulseLink, pulse_link};
pub use survey::{NoLink, SurveyLink, give_link};
pub use wire::{decode_answers, encode_answers};

/// How long after its last day a link still brings answers, in days: a phone may have been without signal.
/// Whether they count is decided by the day on which they were given.
pub const LATE_DAYS: u16 = 31;

/// Bytes of the tag that says which device made a link.
const TAG_BYTES: usize = 16;

/// What tags of links are made for.
const PURPOSE: &[u8] = b"wellfield answer link";

/// Who asks, as a programme calls itself. It stands in the link, so that whoever opens it knows whom they
/// answer before anything is fetched, whether or not the programme has a public page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedBy {
    /// The name of the programme.
    pub programme: Line,
    /// Who runs it.
    pub organisation: Line,
}

impl AskedBy {
    /// Who asks in a programme; `None` where the device does not know it.
    pub(crate) fn of(delivery: &Delivery) -> Option<Self> {
        let opened = delivery.programme()?;
        Some(Self {
            programme: opened.name.clone(),
            organisation: opened.organisation.clone(),
        })
    }
}

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Questions of the survey, for one person.
    Survey(SurveyLink),
    /// How a session was, for everybody who was there.
    Pulse(PulseLink),
}

impl Link {
    /// The device that gave it out.
    pub const fn device(&self) -> DeviceId {
        match self {
            Self::Survey(link) => link.device,
            Self::Pulse(link) => link.device,
        }
    }

    /// The programme.
    pub const fn programme(&self) -> ProgrammeId {
        match self {
            Self::Survey(link) => link.programme,
            Self::Pulse(link) => link.programme,
        }
    }

    /// The last day on which an answer counts.
    pub const fn until(&self) -> Date {
        match self {
            Self::Survey(link) => link.until,
            Self::Pulse(link) => link.until,
        }
    }

    /// Who asks; `None` in links from before they said it.
    pub const fn asked_by(&self) -> Option<&AskedBy> {
        match self {
            Self::Survey(link) => link.asked_by.as_ref(),
            Self::Pulse(link) => link.asked_by.as_ref(),
        }
    }

    /// Whether its time is over for whoever opens it on a day.
    pub fn is_over(&self, today: Date) -> bool {
        today > self.until()
    }
}

/// A link as it is written, with what it says. Nobody has looked at its tag yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedLink {
    link: Link,
    bytes: Vec<u8>,
}

/// A link was not made by the device that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not made by the device that it names")]
pub struct Forged;

impl SignedLink {
    /// What it says.
    pub const fn claims(&self) -> &Link {
        &self.link
    }

    /// All of the link, which is known to whoever has it and to nobody else: what is sealed with it, only they open.
    pub fn secret(&self) -> &[u8] {
        &self.bytes
    }

    /// What makes it unlike every other, and by which the server knows it again.
    pub fn tag(&self) -> [u8; TAG_BYTES] {
        let (_, tag) = self.parts();
        let mut own = [0; TAG_BYTES];
        own.copy_from_slice(tag);
        own
    }

    fn parts(&self) -> (&[u8], &[u8]) {
        // It was made, or read, with a tag at its end.
        self.bytes.split_at(self.bytes.len() - TAG_BYTES)
    }

    /// What it says, if the device that it names has made it.
    ///
    /// # Errors
    /// [`Forged`].
    pub fn proven(&self, key: &KeyHash) -> Result<&Link, Forged> {
        use hmac::Mac;
        let (said, tag) = self.parts();
        let mut mac = key.mac(PURPOSE);
        mac.update(said);
        // Compared in a time that does not depend on where the tags differ.
        mac.verify_truncated_left(tag).map_err(|_| Forged)?;
        Ok(&self.link)
    }

    /// The form that it leads to, from the beginning; `None` where it asks nothing that is known here.
    /// `drawn` is a random number, by which one phone's answers are told from another's.
    pub fn begin(&self, mode: Mode, language: Language, drawn: ResponseId) -> Option<Form> {
        match &self.link {
            Link::Survey(link) => link.begin(mode, language).map(Form::Survey),
            Link::Pulse(link) => Some(Form::Pulse(link.begin(mode, language, drawn))),
        }
    }
}

/// Answers from somebody's own phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneAnswers {
    /// The link that they were asked with.
    pub link: SignedLink,
    /// What they said.
    pub form: Form,
    /// The day and the time at which they said it, by the phone.
    pub at: (Date, TimeOfDay),
}

/// Why answers are not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswersRefused {
    /// They are answers to something else than what the link asks, or there are none.
    #[error("not the answers to what the link asks")]
    NotAsked,
    /// The link's time is over, and the time for late ones too.
    #[error("the link is too old")]
    TooOld,
}

impl PhoneAnswers {
    /// The records that the server makes of answers whose link is proven.
    ///
    /// # Errors
    /// See [`AnswersRefused`].
    pub fn records(&self, today: Date) -> Result<Vec<Draft>, AnswersRefused> {
        let link = &self.link.link;
        // The numbers are the server's to give: a number that a phone chose could be that of somebody
        // else's answers.
        let form = match (link, &self.form) {
            (Link::Survey(link), Form::Survey(survey)) => link.numbered(survey).map(Form::Survey),
            (Link::Pulse(link), Form::Pulse(asking)) => {
                link.numbered(asking, self.link.tag()).map(Form::Pulse)
            }
            (Link::Survey(_), Form::Pulse(_)) | (Link::Pulse(_), Form::Survey(_)) => None,
        };
        let form = form.ok_or(AnswersRefused::NotAsked)?;
        let late = today.to_julian_day() - link.until().to_julian_day();
        if late > i32::from(LATE_DAYS) {
            return Err(AnswersRefused::TooOld);
        }
        // A phone whose clock is ahead has not answered tomorrow. Further east it may be tomorrow already.
        let (day, time) = self.at;
        let day = today.next_day().map_or(day, |tomorrow| day.min(tomorrow));
        let records = form.kept(&Records::default(), link.programme(), (day, time));
        if records.is_empty() {
            return Err(AnswersRefused::NotAsked);
        }
        Ok(records)
    }

    /// Which of the sets of answers that its link may bring these are; `None` where the link brings one.
    pub fn set(&self) -> Option<ResponseId> {
        match (&self.link.link, &self.form) {
            (Link::Pulse(_), Form::Pulse(asking)) => Some(asking.response),
            _ => None,
        }
    }
}

/// What became of answers that a phone sent, by the reply to them; `None` where there was no reply.
pub fn delivered(link: &[u8; TAG_BYTES], reply: Option<HttpReply>) -> Delivered {
    judged(reply, |receipt: &AnswersReply| receipt.link == *link)
}

/// The number of a set of answers, by everything that it follows from.
fn numbered_by(parts: &[&[u8]]) -> ResponseId {
    let mut hash = Sha256::new();
    hash.update(b"wellfield own phone");
    for part in parts {
        hash.update(part);
    }
    let hash: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    ResponseId(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
}
