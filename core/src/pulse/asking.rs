//! Asking, one question a page: where a participant is, and what every button does.
//!
//! The pages and their order stand here, so that the screen shows a page and reports a tap and
//! decides nothing. What is kept between pages is [`Asking`]; a reload or a crash resumes it.

use super::{Answers, Day, Felt, PulseAnswered, Reply};
use crate::consent::{Purpose, Status};
use crate::ids::{PersonId, ResponseId, SessionId};
use crate::language::Language;
use crate::measures::Mode;
use crate::records::Delivery;
use crate::text::{Paragraph, TextError};

coded_enum! {
    /// A page of the hand-over.
    pub enum Page {
        /// "Give the tablet to …".
        Welcome = 1,
        /// How was today?
        Day = 2,
        /// What was good?
        Good = 3,
        /// What should change?
        Change = 4,
        /// Did you feel safe and included?
        Safe = 5,
        /// Thank you: the answers are kept and gone from the screen.
        Thanks = 6,
        /// May we use your words? After the others, and only of whoever wrote some.
        Quote = 7,
    }
}

/// Whether somebody's words may be quoted, as it is asked at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// It is not asked: they answer without their name, or have decided about it before.
    NotAsked,
    /// It is asked if they write anything.
    ToAsk,
    /// They may be.
    Yes,
    /// They may not be.
    No,
}

impl Page {
    /// The pages that ask something, in order.
    pub const QUESTIONS: &'static [Self] =
        &[Self::Day, Self::Good, Self::Change, Self::Safe, Self::Quote];

    /// The number of the question, from 1; `None` for pages that ask nothing.
    pub fn question_number(self) -> Option<usize> {
        Self::QUESTIONS
            .iter()
            .position(|page| *page == self)
            .map(|index| index + 1)
    }
}

/// What a participant did on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tap {
    /// "Start" on the first page.
    Start,
    /// An answer to "How was today?" was chosen. It counts from here on, also if they stop.
    Day(Day),
    /// Words, in normal form C, were written to a question that asks for them. They count from here on.
    Words(String),
    /// An answer to "Did you feel safe and included?" was chosen. It counts from here on.
    Safe(Felt),
    /// Whether their words may be quoted was chosen. It counts from here on.
    Quote(bool),
    /// "Continue". Words that were left out count as declined.
    Continue,
    /// "I do not want to answer".
    Decline,
    /// Back one page.
    Back,
    /// "Listen": the question is read out.
    Listen,
}

/// Why a tap changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TapError {
    /// The page does not offer this.
    #[error("the page does not offer this")]
    NotHere,
    /// "Continue" on a question that asks for a choice, and none was made.
    #[error("nothing was chosen")]
    NothingChosen,
    /// The words are too long or cannot be shown.
    #[error(transparent)]
    Words(#[from] TextError),
}

/// A hand-over under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// This set of answers.
    pub response: ResponseId,
    /// The session.
    pub session: SessionId,
    /// Who has the tablet, unless they answer without their name.
    pub person: Option<PersonId>,
    /// The language that they read.
    pub language: Language,
    /// How they are asked; `None` where it was begun before that was kept.
    pub mode: Option<Mode>,
    /// The page on screen.
    pub page: Page,
    /// What they said so far.
    pub answers: Answers,
    /// Whether their words may be quoted.
    pub quote: Quoting,
}

impl Asking {
    /// A hand-over that begins.
    pub fn begin(
        response: ResponseId,
        session: SessionId,
        person: Option<PersonId>,
        language: Language,
    ) -> Self {
        Self {
            response,
            session,
            person,
            language,
            mode: Some(Mode::Alone),
            page: Page::Welcome,
            answers: Answers::default(),
            quote: Quoting::NotAsked,
        }
    }

    /// The same, with the question whether their words may be quoted, where they have not decided that yet.
    #[must_use]
    pub fn asking_for_quotes(mut self, delivery: &Delivery) -> Self {
        let undecided = |person| {
            let status = delivery.consent.status(person, Purpose::Quote);
            matches!(status, Status::NotAsked)
        };
        if self.person.is_some_and(undecided) {
            self.quote = Quoting::ToAsk;
        }
        self
    }

    /// How many questions there are, as far as is known on this page: whether the last is asked depends on
    /// what was written.
    pub fn questions(&self) -> usize {
        match self.page {
            Page::Quote => Page::QUESTIONS.len(),
            _ => Page::QUESTIONS.len() - 1,
        }
    }

    /// Whether they wrote anything.
    pub(super) fn wrote(&self) -> bool {
        self.answers.good.given().is_some() || self.answers.change.given().is_some()
    }

    /// The page after the one on screen.
    fn next(&self) -> Page {
        match self.page {
            Page::Welcome => Page::Day,
            Page::Day => Page::Good,
            Page::Good => Page::Change,
            Page::Change => Page::Safe,
            Page::Safe if self.wrote() && self.quote != Quoting::NotAsked => Page::Quote,
            Page::Safe | Page::Quote | Page::Thanks => Page::Thanks,
        }
    }

    /// The page before the one on screen.
    fn before(&self) -> Option<Page> {
        match self.page {
            Page::Day => Some(Page::Welcome),
            Page::Good => Some(Page::Day),
            Page::Change => Some(Page::Good),
            Page::Safe => Some(Page::Change),
            Page::Quote => Some(Page::Safe),
            // Where nothing was sent yet, the last answer can still be changed.
            Page::Thanks if self.wrote() && self.quote != Quoting::NotAsked => Some(Page::Quote),
            Page::Thanks if self.has_replies() => Some(Page::Safe),
            Page::Welcome | Page::Thanks => None,
        }
    }

    /// Takes a tap in. On an error nothing changes, so that what was typed stays on screen.
    ///
    /// # Errors
    /// See [`TapError`].
    pub fn tap(&mut self, tap: Tap) -> Result<(), TapError> {
        match (self.page, tap) {
            (Page::Day, Tap::Day(day)) => self.answers.day = Reply::Given(day),
            (Page::Good, Tap::Words(typed)) => self.answers.good = words(&typed)?,
            (Page::Change, Tap::Words(typed)) => self.answers.change = words(&typed)?,
            (Page::Safe, Tap::Safe(felt)) => self.answers.safe = Reply::Given(felt),
            (Page::Welcome, Tap::Start) => self.page = Page::Day,
            (Page::Quote, Tap::Quote(yes)) => {
                self.quote = if yes { Quoting::Yes } else { Quoting::No };
            }
            // Whoever has somebody to help is helped by them, whatever is read out besides.
            (page, Tap::Listen) if page.question_number().is_some() => {
                if self.mode == Some(Mode::Alone) {
                    self.mode = Some(Mode::ReadByApp);
                }
            }
            (_, Tap::Back) => self.page = self.before().ok_or(TapError::NotHere)?,
            (_, Tap::Continue) => self.go_on()?,
            (_, Tap::Decline) => self.decline()?,
            _ => return Err(TapError::NotHere),
        }
        Ok(())
    }

    fn go_on(&mut self) -> Result<(), TapError> {
        match self.page {
            Page::Day if self.answers.day == Reply::NotReached => Err(TapError::NothingChosen),
            Page::Safe if self.answers.safe == Reply::NotReached => Err(TapError::NothingChosen),
            Page::Good if self.answers.good == Reply::NotReached => self.decline(),
            Page::Change if self.answers.change == Reply::NotReached => self.decline(),
            Page::Quote if self.quote == Quoting::ToAsk => Err(TapError::NothingChosen),
            Page::Day | Page::Good | Page::Change | Page::Safe | Page::Quote => {
                self.page = self.next();
                Ok(())
            }
            Page::Welcome | Page::Thanks => Err(TapError::NotHere),
        }
    }

    fn decline(&mut self) -> Result<(), TapError> {
        match self.page {
            Page::Day => self.answers.day = Reply::Declined,
            Page::Good => self.answers.good = Reply::Declined,
            Page::Change => self.answers.change = Reply::Declined,
            Page::Safe => self.answers.safe = Reply::Declined,
            // Nothing is decided, so that they can be asked another time.
            Page::Quote => self.quote = Quoting::ToAsk,
            Page::Welcome | Page::Thanks => return Err(TapError::NotHere),
        }
        self.page = self.next();
        Ok(())
    }

    /// Whether the last question has been passed.
    pub fn is_finished(&self) -> bool {
        self.page == Page::Thanks
    }

    /// Whether any question was reached, so that there is something to keep.
    pub fn has_replies(&self) -> bool {
        self.answers != Answers::default()
    }

    /// What is kept: finished if the end was reached, unfinished if it was stopped before.
    pub fn kept(&self) -> PulseAnswered {
        PulseAnswered {
            response: self.response,
            session: self.session,
            person: self.person,
            language: self.language,
            mode: self.mode,
            // Whether they may be quoted is no question about the day.
            finished: matches!(self.page, Page::Thanks | Page::Quote),
            answers: self.answers.clone(),
        }
    }

    /// The state once the answers are kept: the thank-you page, and nothing of the answers.
    pub fn cleared(&self) -> Self {
        Self {
            page: Page::Thanks,
            answers: Answers::default(),
            quote: Quoting::NotAsked,
            ..self.clone()
        }
    }
}

fn words(typed: &str) -> Result<Reply<Paragraph>, TextError> {
    Ok(Paragraph::parse_optional(typed)?.map_or(Reply::Declined, Reply::Given))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking() -> Asking {
        Asking::begin(
            ResponseId(1),
            SessionId(2),
            Some(PersonId(3)),
            Language::English,
        )
    }

    #[test]
    fn four_answers_lead_to_thank_you() {
        let mut asking = asking();
        for tap in [
            Tap::Start,
            Tap::Day(Day::Good),
            Tap::Continue,
            Tap::Words("The trench".to_owned()),
            Tap::Continue,
            Tap::Words("  ".to_owned()),
            Tap::Continue,
            Tap::Safe(Felt::Yes),
            Tap::Continue,
        ] {
            asking.tap(tap).unwrap();
        }
        assert!(asking.kept().finished);
        assert_eq!(asking.answers.change, Reply::Declined);
        assert_eq!(asking.cleared().answers, Answers::default());
        assert_eq!(
            asking.cleared().tap(Tap::Back),
            Err(TapError::NotHere),
            "nothing leads back from thank you, once the answers are kept"
        );
        // On somebody's own phone they are not sent yet.
        asking.tap(Tap::Back).unwrap();
        assert_eq!(asking.page, Page::Safe);
    }

    #[test]
    fn what_is_stopped_is_kept_as_unfinished() {
        let mut asking = asking();
        assert!(!asking.has_replies());
        asking.tap(Tap::Start).unwrap();
        asking.tap(Tap::Decline).unwrap();
        assert!(asking.has_replies());
        assert!(!asking.kept().finished);
        assert_eq!(asking.kept().answers.good, Reply::NotReached);
    }

    #[test]
    fn a_choice_counts_before_continue_so_that_stop_does_not_lose_it() {
        let mut asking = asking();
        asking.tap(Tap::Start).unwrap();
        assert_eq!(asking.tap(Tap::Continue), Err(TapError::NothingChosen));
        for _ in 0..3 {
            asking.tap(Tap::Decline).unwrap();
        }
        asking.tap(Tap::Safe(Felt::No)).unwrap();
        assert!(!asking.is_finished());
        assert!(asking.kept().raises_flag());
    }

    #[test]
    fn a_wrong_tap_changes_nothing() {
        let mut asking = asking();
        asking.tap(Tap::Start).unwrap();
        let before = asking.clone();
        assert_eq!(asking.tap(Tap::Safe(Felt::No)), Err(TapError::NotHere));
        assert_eq!(asking, before);
        asking.tap(Tap::Decline).unwrap();
        let too_long = Tap::Words("a".repeat(2001));
        assert_eq!(
            asking.tap(too_long),
            Err(TapError::Words(TextError::TooLong { max: 2000 }))
        );
        assert_eq!(asking.page, Page::Good);
    }
}
