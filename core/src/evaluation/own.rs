//! What a project asks of its own, beside the instruments that others made.

use sha2::{Digest, Sha256};

use crate::language::Language;
use crate::measures::instrument::{Instrument, OwnWords};
use crate::measures::{Catalogue, OWN_KEY, own_outcome};
use crate::text::Text;

/// At most so many questions of a project's own: each is one more for every participant, every time.
pub const OWN_MAX: usize = 3;

/// A question of the project's own, answered with a number from 0, not at all, to 10, completely. More is
/// better.
///
/// It is an instrument by itself, known by its words: whoever changes a word asks another question, and
/// answers to two questions are never compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnOutcome {
    /// The question, as it is read.
    pub text: Text<100>,
    /// The language that it is in.
    pub language: Language,
}

impl OwnOutcome {
    /// The short name of its instrument.
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"wellfield own outcome");
        hash.update([self.language.code()]);
        hash.update(self.text.as_str());
        let hash: [u8; 32] = hash.finalize().into();
        let digits = hash[..8].iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let digits = digits.filter_map(|digit| char::from_digit(digit.into(), 16));
        OWN_KEY.chars().chain(digits).collect()
    }

    fn instrument(&self) -> Instrument {
        let words = OwnWords {
            language: self.language,
            text: self.text.as_str().to_owned(),
        };
        own_outcome(self.key(), Some(words))
    }
}

/// The instruments that are built in, and questions of a project's own.
pub(super) fn with_own<'a>(own: impl IntoIterator<Item = &'a OwnOutcome>) -> Catalogue {
    let mut catalogue = Catalogue::built_in();
    for outcome in own {
        catalogue.add_own(outcome.instrument());
    }
    catalogue
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::tests::{course, keep_all, plan};
    use crate::evaluation::wording::AnswerWords;
    use crate::evaluation::{
        EvaluationPlanned, Period, PlanError, Questions, Size, Survey, SurveyTap, Topic, asks,
        collect, decode_survey, encode_survey, plan_evaluation, question_count,
    };
    use crate::event::Recorded;
    use crate::ids::ResponseId;
    use crate::measures::{Mode, Moment, Question, Reply};
    use crate::records::testing::{ANN, FIRST, PROGRAMME, june, text};

    const FIND: &str = "How confident are you that you can find things to do near you?";

    fn own(question: &str, language: Language) -> OwnOutcome {
        OwnOutcome {
            text: text(question),
            language,
        }
    }

    fn with(size: Size, own: Vec<OwnOutcome>) -> EvaluationPlanned {
        EvaluationPlanned {
            own,
            ..EvaluationPlanned::new(size, Vec::new())
        }
    }

    fn begin(plan: &EvaluationPlanned, language: Language) -> Survey {
        let asked = (ANN, FIRST, Moment::Baseline);
        let how = (Mode::Alone, language, Questions::Usual);
        Survey::begin(plan, asked, how, || ResponseId(7)).unwrap()
    }

    #[test]
    fn another_word_or_language_is_another_question() {
        let key = own(FIND, Language::English).key();
        assert_eq!(key, own(FIND, Language::English).key());
        assert_ne!(key, own(FIND, Language::Welsh).key());
        assert_ne!(
            key,
            own(&FIND.replace("near", "by"), Language::English).key()
        );
        assert_eq!((key.len(), key.starts_with(OWN_KEY)), (20, true));
    }

    #[test]
    fn they_are_asked_in_their_own_language_where_a_lot_is_asked_and_around_no_session() {
        let welsh = own("Pa mor hyderus ydych chi?", Language::Welsh);
        let small = with(Size::Small, vec![welsh.clone()]);
        assert!(!asks(&small, Moment::Baseline));
        let full = with(Size::Full, vec![welsh]);
        assert!(asks(&full, Moment::Middle) && !asks(&full, Moment::BeforeSession));
        assert_eq!(
            question_count(&full, Moment::SixMonths, Questions::Usual),
            1
        );
        let mut survey = begin(&full, Language::English);
        let catalogue = survey.catalogue();
        survey.tap(SurveyTap::Start, &catalogue).unwrap();
        let shown = survey.shown(&catalogue).unwrap();
        assert_eq!(
            (shown.question.as_ref(), shown.language),
            ("Pa mor hyderus ydych chi?", Language::Welsh)
        );
        assert_eq!((shown.low, shown.high), (0, 10));
        assert!(matches!(
            shown.answers,
            AnswerWords::Ends {
                low: "ddim o gwbl",
                ..
            }
        ));
    }

    #[test]
    fn a_survey_carries_them_over_a_crash_and_their_answers_stay_when_the_plan_asks_no_more() {
        let mut tablet = course();
        plan(
            &mut tablet,
            with(Size::Full, vec![own(FIND, Language::English)]),
        );
        let planned = tablet.delivery().evaluation.plan().unwrap().clone();
        let mut survey = begin(&planned, Language::Welsh);
        let catalogue = survey.catalogue();
        survey.tap(SurveyTap::Start, &catalogue).unwrap();
        survey.tap(SurveyTap::Choose(8), &catalogue).unwrap();
        let survey = decode_survey(&encode_survey(&survey)).unwrap();
        assert_eq!(survey.shown(&survey.catalogue()).unwrap().question, FIND);
        tablet.agree(ANN, true);
        keep_all(&mut tablet, &survey, june(2));
        plan(
            &mut tablet,
            EvaluationPlanned::new(Size::Small, vec![Topic::Wellbeing]),
        );
        let casework = tablet.records.casework(PROGRAMME);
        let period = Period {
            from: june(1),
            to: june(30),
        };
        let measured = casework.map(|casework| &casework.measured);
        let collected = collect(tablet.delivery(), measured, period);
        let [answer] = &collected.answers[..] else {
            panic!("one answer");
        };
        let Question::Known { instrument, .. } = answer.question else {
            panic!("it is known");
        };
        let known = collected.catalogue.get(instrument).unwrap();
        assert_eq!(known.own.as_ref().unwrap().text, FIND);
        // It was asked in its own language, whatever was around it.
        assert_eq!(
            (answer.reply, answer.language),
            (Reply::Given(8), Some(Language::English))
        );
    }

    #[test]
    fn there_are_few_and_each_once() {
        let mut tablet = course();
        let many = |count| {
            let all =
                (0..count).map(|number| own(&format!("Question {number}?"), Language::English));
            with(Size::Full, all.collect())
        };
        let refused = plan_evaluation(&tablet.records, PROGRAMME, many(OWN_MAX + 1));
        assert_eq!(refused, Err(PlanError::TooManyOwn));
        let mut twice = many(1);
        twice.own.extend(many(OWN_MAX).own);
        plan(&mut tablet, twice);
        assert_eq!(tablet.delivery().evaluation.plan(), Some(&many(OWN_MAX)));
        // What another version wrote against these rules is not taken in.
        for wrong in [
            many(OWN_MAX + 1),
            with(Size::Full, [many(1).own, many(1).own].concat()),
        ] {
            let version = <EvaluationPlanned as Recorded>::VERSION;
            assert!(EvaluationPlanned::from_bytes(version, &wrong.to_bytes()).is_err());
        }
    }
}
