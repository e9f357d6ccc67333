//! Asking a survey, one question a page: where a participant is, and what every button does.
//!
//! As in [`crate::pulse`], the screen shows a page and reports a tap and decides nothing, and what lies
//! between two pages is on disk before the second is shown.

#[cfg(test)]
mod tests;

use super::own::with_own;
use super::plan::{EASY, Question, questions};
use super::wording::{AnswerWords, own_answers, shown_in, words};
use super::{EvaluationPlanned, InstrumentKey, MeasureAnswered, Outcome, OwnOutcome, Questions};
use std::borrow::Cow;

use crate::clock::{Date, TimeOfDay};
use crate::ids::{PersonId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::{Catalogue, Mode, Moment, Reply};

/// The answers to one instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// This set of answers.
    pub response: ResponseId,
    /// The instrument.
    pub instrument: InstrumentKey,
    /// Its version.
    pub version: u16,
    /// One for each item; `Skipped` until it was answered.
    pub replies: Vec<Reply>,
}

/// A survey under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Who answers.
    pub person: PersonId,
    /// At which session.
    pub session: SessionId,
    /// At which moment of their course.
    pub moment: Moment,
    /// Who helps.
    pub mode: Mode,
    /// The language around the questions.
    pub language: Language,
    /// The instruments in their order.
    pub sheets: Vec<Sheet>,
    /// The project's own questions among them, word for word.
    pub(super) own: Vec<OwnOutcome>,
    /// What is asked, in order: sheet and item.
    pub(super) order: Vec<(u8, u8)>,
    /// The page: 0 for the welcome, then one for each question, then the thanks.
    pub page: u16,
}

/// What stands on the page of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The language of the question, which may be another than that of the form.
    pub language: Language,
    /// What is read before the question.
    pub intro: Option<&'static str>,
    /// The question.
    pub question: Cow<'static, str>,
    /// The words at its answers.
    pub answers: AnswerWords,
    /// The lowest answer.
    pub low: i16,
    /// The highest.
    pub high: i16,
    /// The line of the instrument's owner.
    pub copyright: Option<&'static str>,
}

/// What a participant did on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SurveyTap {
    /// "Start" on the first page.
    Start,
    /// An answer was chosen. It counts from here on, also if they stop.
    Choose(i16),
    /// How many times, as typed. It counts once they go on.
    Times(String),
    /// "Continue".
    Continue,
    /// "I do not want to answer".
    Decline,
    /// "Listen": the question is read out.
    Listen,
    /// Back one page.
    Back,
}

/// Why a tap changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SurveyError {
    /// The page does not offer this.
    #[error("the page does not offer this")]
    NotHere,
    /// "Continue", and nothing was answered.
    #[error("nothing was answered")]
    NothingChosen,
    /// Something was typed that is no whole number.
    #[error("not a whole number")]
    NotANumber,
    /// A number that the question does not take.
    #[error("outside the scale, which ends at {high}")]
    OutsideScale {
        /// The highest answer.
        high: i16,
    },
}

impl Survey {
    /// A survey that begins; `None` where the plan asks nothing at this moment. `response` draws the
    /// number of each set of answers.
    pub fn begin(
        plan: &EvaluationPlanned,
        (person, session, moment): (PersonId, SessionId, Moment),
        (mode, language, which): (Mode, Language, Questions),
        mut response: impl FnMut() -> ResponseId,
    ) -> Option<Self> {
        let mut sheets: Vec<Sheet> = Vec::new();
        let mut order = Vec::new();
        let catalogue = plan.catalogue();
        let asked = questions(plan, (moment, which), &catalogue);
        for (place, (instrument, items)) in (0u8..).zip(asked) {
            let definition = catalogue.get(instrument)?;
            sheets.push(Sheet {
                response: response(),
                instrument: InstrumentKey::parse(&definition.key).ok()?,
                version: definition.version,
                replies: vec![Reply::Skipped; definition.items.len()],
            });
            order.extend(items.iter().map(|question| (place, question.item)));
        }
        let is_asked = |own: &&OwnOutcome| {
            let key = own.key();
            sheets.iter().any(|sheet| sheet.instrument.as_str() == key)
        };
        let own = plan.own.iter().filter(is_asked).cloned().collect();
        (!order.is_empty()).then_some(Self {
            person,
            session,
            moment,
            mode,
            language,
            sheets,
            own,
            order,
            page: 0,
        })
    }

    /// The instruments that it may ask.
    pub fn catalogue(&self) -> Catalogue {
        with_own(&self.own)
    }

    /// The language in which an instrument is asked.
    fn language_of(&self, instrument: &InstrumentKey) -> Language {
        let own = self.own.iter().find(|own| own.key() == instrument.as_str());
        own.map_or_else(
            || shown_in(instrument.as_str(), self.language),
            |own| own.language,
        )
    }

    /// Which questions they are.
    pub fn which(&self) -> Questions {
        let mut keys = self.sheets.iter().map(|sheet| sheet.instrument.as_str());
        if keys.any(|key| key == EASY) {
            Questions::Easy
        } else {
            Questions::Usual
        }
    }

    /// How many questions there are.
    pub fn questions(&self) -> usize {
        self.order.len()
    }

    /// The number of the question on screen, from 1; `None` on the first and the last page.
    pub fn question_number(&self) -> Option<usize> {
        let page = usize::from(self.page);
        (1..=self.order.len()).contains(&page).then_some(page)
    }

    /// The question on screen, with its sheet.
    pub fn question(&self, catalogue: &Catalogue) -> Option<(Question, &Sheet)> {
        let (sheet, item) = self.place()?;
        let sheet = self.sheets.get(usize::from(sheet))?;
        let instrument = catalogue.find(sheet.instrument.as_str(), Some(sheet.version))?;
        Some((Question { instrument, item }, sheet))
    }

    /// What stands on the page; `None` where no question is on screen, or this version does not know it.
    pub fn shown(&self, catalogue: &Catalogue) -> Option<Shown> {
        let (question, _) = self.question(catalogue)?;
        let instrument = catalogue.get(question.instrument)?;
        let item = instrument.items.get(usize::from(question.item))?;
        if let Some(own) = &instrument.own {
            return Some(Shown {
                language: own.language,
                intro: None,
                question: Cow::Owned(own.text.clone()),
                answers: own_answers(own.language),
                low: item.low,
                high: item.high,
                copyright: None,
            });
        }
        let words = words(instrument, self.language)?;
        let asked = words.items.get(usize::from(question.item))?;
        Some(Shown {
            language: words.language,
            intro: words
                .intro
                .filter(|_| words.intro_stays || self.begins_instrument()),
            question: Cow::Borrowed(asked.question),
            answers: asked.answers,
            low: item.low,
            high: item.high,
            copyright: instrument.copyright(),
        })
    }

    /// What was said to the question on screen.
    pub fn reply(&self) -> Option<Reply> {
        let (sheet, item) = self.place()?;
        let sheet = self.sheets.get(usize::from(sheet))?;
        sheet.replies.get(usize::from(item)).copied()
    }

    /// Whether the question on screen is the first of its instrument, where its introduction is read.
    pub fn begins_instrument(&self) -> bool {
        let before = self
            .question_number()
            .and_then(|number| number.checked_sub(2));
        let before = before.and_then(|place| self.order.get(place));
        self.place()
            .is_some_and(|(sheet, _)| before.is_none_or(|(other, _)| *other != sheet))
    }

    fn place(&self) -> Option<(u8, u8)> {
        self.order.get(self.question_number()? - 1).copied()
    }

    /// Takes a tap in. On an error nothing changes, so that what was typed stays on screen.
    ///
    /// # Errors
    /// See [`SurveyError`].
    pub fn tap(&mut self, tap: SurveyTap, catalogue: &Catalogue) -> Result<(), SurveyError> {
        match (self.question_number(), tap) {
            (None, SurveyTap::Start) if self.page == 0 => self.page = 1,
            (Some(_), SurveyTap::Choose(answer)) => self.say(answer, catalogue)?,
            (Some(_), SurveyTap::Times(typed)) => {
                let typed = typed.trim();
                if !typed.is_empty() {
                    let number = typed.parse().map_err(|_| SurveyError::NotANumber)?;
                    self.say(number, catalogue)?;
                } else if matches!(self.reply(), Some(Reply::Given(_))) {
                    // What was typed before was taken away again. A "no" stays.
                    self.set(Reply::Skipped);
                }
            }
            (Some(_), SurveyTap::Continue) => {
                if self.reply() == Some(Reply::Skipped) {
                    return Err(SurveyError::NothingChosen);
                }
                self.page += 1;
            }
            (Some(_), SurveyTap::Decline) => {
                self.set(Reply::PreferNotToSay);
                self.page += 1;
            }
            // Whoever has somebody to help is helped by them, whatever is read out besides.
            (Some(_), SurveyTap::Listen) if self.mode == Mode::Alone => self.mode = Mode::ReadByApp,
            (Some(_), SurveyTap::Listen) => {}
            (Some(_), SurveyTap::Back) => self.page -= 1,
            // Where nothing was sent yet, the last answer can still be changed.
            (None, SurveyTap::Back) if self.is_finished() => self.page -= 1,
            _ => return Err(SurveyError::NotHere),
        }
        Ok(())
    }

    fn say(&mut self, answer: i16, catalogue: &Catalogue) -> Result<(), SurveyError> {
        let (question, _) = self.question(catalogue).ok_or(SurveyError::NotHere)?;
        let item = catalogue
            .get(question.instrument)
            .and_then(|instrument| instrument.items.get(usize::from(question.item)))
            .ok_or(SurveyError::NotHere)?;
        if !item.holds(i32::from(answer)) {
            return Err(SurveyError::OutsideScale { high: item.high });
        }
        self.set(Reply::Given(i32::from(answer)));
        Ok(())
    }

    fn set(&mut self, reply: Reply) {
        let Some((sheet, item)) = self.place() else {
            return;
        };
        let sheet = self.sheets.get_mut(usize::from(sheet));
        let place = sheet.and_then(|sheet| sheet.replies.get_mut(usize::from(item)));
        if let Some(place) = place {
            *place = reply;
        }
    }

    /// Whether the last question has been passed.
    pub fn is_finished(&self) -> bool {
        usize::from(self.page) > self.order.len()
    }

    /// Whether anything was said or declined, so that there is something to keep.
    pub fn has_replies(&self) -> bool {
        let replies = self.sheets.iter().flat_map(|sheet| &sheet.replies);
        replies.clone().any(|reply| *reply != Reply::Skipped)
    }

    /// What came of it so far.
    pub fn outcome(&self) -> Outcome {
        if self.is_finished() {
            Outcome::Finished
        } else {
            Outcome::Stopped
        }
    }

    /// What is kept, a record for each instrument that was reached.
    pub(super) fn kept(&self, (day, time): (Date, TimeOfDay)) -> Vec<MeasureAnswered> {
        self.sheets
            .iter()
            .filter(|sheet| sheet.replies.iter().any(|reply| *reply != Reply::Skipped))
            .map(|sheet| MeasureAnswered {
                response: sheet.response,
                person: self.person,
                moment: self.moment,
                session: Some(self.session),
                instrument: sheet.instrument.clone(),
                version: sheet.version,
                language: self.language_of(&sheet.instrument),
                mode: self.mode,
                day,
                time,
                finished: self.is_finished(),
                replies: sheet.replies.clone(),
            })
            .collect()
    }

    /// The state once the answers are kept: the thank-you page, and nothing of the answers.
    #[must_use]
    pub fn cleared(&self) -> Self {
        let mut cleared = self.clone();
        for sheet in &mut cleared.sheets {
            sheet.replies.fill(Reply::Skipped);
        }
        cleared.page = u16::try_from(self.order.len() + 1).unwrap_or(u16::MAX);
        cleared
    }
}
