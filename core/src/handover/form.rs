//! The form that a participant has in hand: the pulse of a session, or a survey of the evaluation.

use crate::clock::{Date, TimeOfDay};
use crate::evaluation::{self, Survey, SurveyTap, decode_survey, encode_survey};
use crate::event::{Draft, NotOurs};
use crate::ids::{PersonId, ProgrammeId, ResponseId, SessionId};
use crate::language::Language;
use crate::pulse::{Asking, Page, Tap, answer, decode_asking, encode_asking, may_be_quoted};
use crate::records::Records;

/// A form under way, and where in it the participant is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// How today was.
    Pulse(Asking),
    /// What the plan of the evaluation asks at a moment of a course.
    Survey(Survey),
}

/// A page of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The welcome, before the participant has the tablet.
    Welcome,
    /// A question.
    Question {
        /// Its number, from 1.
        number: usize,
        /// How many there are.
        of: usize,
    },
    /// Thank you: the answers are kept and gone from the screen.
    Thanks,
}

impl Form {
    /// What is in hand where what lies on disk cannot be read. It is still a hand-over: the thank-you page,
    /// which only staff end.
    pub fn unreadable() -> Self {
        let begun = Asking::begin(ResponseId(0), SessionId(0), None, Language::English);
        Self::Pulse(begun.cleared())
    }

    /// The language of the form.
    pub const fn language(&self) -> Language {
        match self {
            Self::Pulse(asking) => asking.language,
            Self::Survey(survey) => survey.language,
        }
    }

    /// The same form in another language.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        match &mut self {
            Self::Pulse(asking) => asking.language = language,
            Self::Survey(survey) => survey.language = language,
        }
        self
    }

    /// The page on screen.
    pub fn place(&self) -> Place {
        let number = match self {
            Self::Pulse(asking) => asking.page.question_number(),
            Self::Survey(survey) => survey.question_number(),
        };
        match number {
            Some(number) => Place::Question {
                number,
                of: self.questions(),
            },
            None if self.is_finished() => Place::Thanks,
            None => Place::Welcome,
        }
    }

    /// How many questions there are, as far as is known on this page.
    pub fn questions(&self) -> usize {
        match self {
            Self::Pulse(asking) => asking.questions(),
            Self::Survey(survey) => survey.questions(),
        }
    }

    /// From the welcome to the first question. On another page it does nothing.
    pub fn start(&mut self) {
        match self {
            Self::Pulse(asking) if asking.page == Page::Welcome => asking.page = Page::Day,
            Self::Survey(survey) if survey.page == 0 => survey.page = 1,
            Self::Pulse(_) | Self::Survey(_) => {}
        }
    }

    /// Notes that the question on screen was read out, and says whether there is one.
    pub fn listened(&mut self) -> bool {
        self.tapped(Tap::Listen, SurveyTap::Listen)
    }

    /// Goes back one page, and says whether there is one before.
    pub fn back(&mut self) -> bool {
        self.tapped(Tap::Back, SurveyTap::Back)
    }

    /// Takes in what both kinds of form know.
    fn tapped(&mut self, on_pulse: Tap, on_survey: SurveyTap) -> bool {
        match self {
            Self::Pulse(asking) => asking.tap(on_pulse).is_ok(),
            Self::Survey(survey) => {
                let catalogue = survey.catalogue();
                survey.tap(on_survey, &catalogue).is_ok()
            }
        }
    }

    /// Who answers, unless it is without their name.
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Pulse(asking) => asking.person,
            Self::Survey(survey) => Some(survey.person),
        }
    }

    /// Whether the last question has been passed.
    pub fn is_finished(&self) -> bool {
        match self {
            Self::Pulse(asking) => asking.is_finished(),
            Self::Survey(survey) => survey.is_finished(),
        }
    }

    /// The form once the answers are kept: the thank-you page, and nothing of the answers.
    #[must_use]
    pub fn cleared(&self) -> Self {
        match self {
            Self::Pulse(asking) => Self::Pulse(asking.cleared()),
            Self::Survey(survey) => Self::Survey(survey.cleared()),
        }
    }

    /// What is to be kept of the answers so far, finished or not: nothing where nothing was said. `at` is
    /// the time at the site.
    pub fn kept(
        &self,
        records: &Records,
        programme: ProgrammeId,
        at: (Date, TimeOfDay),
    ) -> Vec<Draft> {
        match self {
            Self::Pulse(asking) if asking.has_replies() => {
                let answered = answer(records, programme, asking.kept());
                let quote = may_be_quoted(records, programme, asking);
                [answered].into_iter().chain(quote).collect()
            }
            Self::Pulse(_) => Vec::new(),
            Self::Survey(survey) => evaluation::keep(records, programme, survey, at),
        }
    }
}

/// The bytes of a form under way.
pub fn encode_form(form: &Form) -> Vec<u8> {
    match form {
        Form::Pulse(asking) => encode_asking(asking),
        Form::Survey(survey) => encode_survey(survey),
    }
}

/// Reads a form under way. A pulse is a map and a survey an array, so that neither is taken for the other.
///
/// # Errors
/// [`NotOurs`] if the bytes are neither, in these versions.
pub fn decode_form(bytes: &[u8]) -> Result<Form, NotOurs> {
    decode_asking(bytes)
        .map(Form::Pulse)
        .or_else(|_| decode_survey(bytes).map(Form::Survey))
}
