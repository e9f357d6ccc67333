//! Answering on one's own phone, by a link that a tablet gives out.
//!
//! The link says who is asked what, and until when; it carries no name. The tablet makes it without signal
//! and signs it with what it shares with the server ([`KeyHash`]), so that the server need not have heard
//! of it: whoever answers may have signal before the tablet has. All of it stands behind the `#` of an
//! address, which a browser sends to nobody.
//!
//! Whoever has the link can answer in that person's place, once, and can read nothing. A link that is used
//! again, or a second link for the same person and moment, brings the same sets of answers.

mod kept;
#[cfg(test)]
mod tests;
mod wire;

use sha2::{Digest, Sha256};

use super::commands::noted;
use super::due::{due, last_day};
use super::{
    Asked, EvaluationPlanned, InstrumentKey, MeasuresAsked, Occasion, Outcome, Questions, Survey,
    keep,
};
use crate::clock::{Date, TimeOfDay};
use crate::device_key::KeyHash;
use crate::event::Draft;
use crate::ids::{DeviceId, PersonId, ProgrammeId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::{Mode, Moment, When};
use crate::records::Records;
use crate::referral::{Outcome as Delivered, judged};
use crate::sync::{AnswersReply, HttpReply};

pub use kept::Kept;
pub use wire::{decode_answers, encode_answers};

/// How long after its last day a link still brings answers, in days: a phone may have been without signal.
/// Whether they count is decided by the day on which they were given.
pub const LATE_DAYS: u16 = 31;

/// Bytes of the tag that says which device made a link.
const TAG_BYTES: usize = 16;

/// What tags of links are made for.
const PURPOSE: &[u8] = b"wellfield answer link";

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerLink {
    /// The device that gave it out.
    pub device: DeviceId,
    /// The programme.
    pub programme: ProgrammeId,
    /// Who is asked.
    pub person: PersonId,
    /// At which session their answers are entered.
    pub session: SessionId,
    /// At which moment of their course.
    pub moment: Moment,
    /// Which questions.
    pub which: Questions,
    /// What is asked: the plan as it stood when the link was made.
    pub plan: EvaluationPlanned,
    /// The last day on which an answer counts.
    pub until: Date,
}

/// Why no link is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLink {
    /// Nothing is to be asked of this person now.
    #[error("nothing is to be asked")]
    NotDue,
    /// They have not said whether their answers may be used.
    #[error("they have not been asked for their consent")]
    ConsentFirst,
}

/// Makes a link, and the record that somebody has one, where there is none yet. The link may be shown once
/// the record is saved. Made again, it is the same link. There is none for before or after a session: where
/// people are then there is no signal.
///
/// # Errors
/// See [`NoLink`].
pub fn give_link(
    records: &Records,
    (programme, device): (ProgrammeId, DeviceId),
    (person, session, moment): (PersonId, SessionId, Moment),
    which: Questions,
    at: When,
) -> Result<(AnswerLink, Option<Draft>), NoLink> {
    let delivery = records.delivery(programme).ok_or(NoLink::NotDue)?;
    let plan = delivery.evaluation.plan().ok_or(NoLink::NotDue)?;
    let all = due(delivery, session, at);
    let one = all
        .iter()
        .find(|one| (one.person, one.moment) == (person, moment))
        .ok_or(NoLink::NotDue)?;
    if one.asked == Asked::ConsentFirst {
        return Err(NoLink::ConsentFirst);
    }
    let link = AnswerLink {
        device,
        programme,
        person,
        session,
        moment,
        which,
        plan: EvaluationPlanned {
            // Nobody who answers has to know it, and it would make the link longer.
            comparison: None,
            ..plan.clone()
        },
        until: last_day(delivery, session, (person, moment), at.date).ok_or(NoLink::NotDue)?,
    };
    let asked = MeasuresAsked {
        person,
        moment,
        session,
        outcome: Outcome::Linked,
        questions: which,
    };
    let known = delivery
        .evaluation
        .asked(person, Occasion::new(moment, session));
    let is_known = known.is_some_and(|head| head.value == asked);
    let record = (!is_known).then(|| noted(records, programme, asked));
    Ok((link, record))
}

/// A link as it is written, with what it says. Nobody has looked at its tag yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedLink {
    link: AnswerLink,
    bytes: Vec<u8>,
}

/// A link was not made by the device that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not made by the device that it names")]
pub struct Forged;

impl SignedLink {
    /// What it says.
    pub const fn claims(&self) -> &AnswerLink {
        &self.link
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
    pub fn proven(&self, key: &KeyHash) -> Result<&AnswerLink, Forged> {
        use hmac::Mac;
        let (said, tag) = self.parts();
        let mut mac = key.mac(PURPOSE);
        mac.update(said);
        // Compared in a time that does not depend on where the tags differ.
        mac.verify_truncated_left(tag).map_err(|_| Forged)?;
        Ok(&self.link)
    }

    /// The survey that it leads to, from the beginning; `None` where it asks nothing that is known here.
    pub fn begin(&self, mode: Mode, language: Language) -> Option<Survey> {
        let link = &self.link;
        let mut survey = Survey::begin(
            &link.plan,
            (link.person, link.session, link.moment),
            (mode, language, link.which),
            || ResponseId(0),
        )?;
        link.number(&mut survey);
        Some(survey)
    }
}

impl AnswerLink {
    /// Gives each set of answers its number. It is the same for every link of this person and moment, so
    /// that answers that come twice are there once.
    fn number(&self, survey: &mut Survey) {
        for sheet in &mut survey.sheets {
            sheet.response = self.response(&sheet.instrument);
        }
    }

    fn response(&self, instrument: &InstrumentKey) -> ResponseId {
        let mut hash = Sha256::new();
        hash.update(b"wellfield own phone");
        hash.update(self.person.0.to_be_bytes());
        hash.update(self.session.0.to_be_bytes());
        hash.update([self.moment.code()]);
        hash.update(instrument.as_str());
        let hash: [u8; 32] = hash.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        ResponseId(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// Whether its time is over for whoever opens it on a day.
    pub fn is_over(&self, today: Date) -> bool {
        today > self.until
    }
}

/// Answers from somebody's own phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneAnswers {
    /// The link that they were asked with.
    pub link: SignedLink,
    /// What they said.
    pub survey: Survey,
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
        let mut survey = self.survey.clone();
        let asked = (link.person, link.session, link.moment, link.which);
        if (survey.person, survey.session, survey.moment, survey.which()) != asked {
            return Err(AnswersRefused::NotAsked);
        }
        let late = today.to_julian_day() - link.until.to_julian_day();
        if late > i32::from(LATE_DAYS) {
            return Err(AnswersRefused::TooOld);
        }
        // The numbers are the server's to give: a number that a phone chose could be that of somebody
        // else's answers.
        link.number(&mut survey);
        // A phone whose clock is ahead has not answered tomorrow. Further east it may be tomorrow already.
        let (day, time) = self.at;
        let day = today.next_day().map_or(day, |tomorrow| day.min(tomorrow));
        let records = keep(&Records::default(), link.programme, &survey, (day, time));
        if records.is_empty() {
            return Err(AnswersRefused::NotAsked);
        }
        Ok(records)
    }
}

/// What became of answers that a phone sent, by the reply to them; `None` where there was no reply.
pub fn delivered(link: &SignedLink, reply: Option<HttpReply>) -> Delivered {
    judged(reply, |receipt: &AnswersReply| receipt.link == link.tag())
}
