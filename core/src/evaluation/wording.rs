//! What people are asked, word for word.
//!
//! The words of an instrument are part of it: an answer to other words is an answer to another question.
//! So they stand here and not in the translations, nobody can edit them, and a test holds the fingerprint
//! of each. A validated instrument is never translated by us; where no wording in a language was found
//! that its owner published, it is asked in English, and the answer says so (ux findings §2.2). Sources:
//! domain findings §4.1 (ONS4), §4.2 (SWEMWBS), §4.4 (umbrella), §4.5 (loneliness), §4.6 (use of services).

use crate::language::Language;
use crate::measures::Instrument;

/// What stands at the answers of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerWords {
    /// A word for each answer, from the lowest to the highest.
    Each(&'static [&'static str]),
    /// Words at the two ends of numbers.
    Ends {
        /// At the lowest.
        low: &'static str,
        /// At the highest.
        high: &'static str,
    },
    /// A picture and a word for each answer, from the worst to the best.
    Pictures(&'static [&'static str]),
    /// How many times: typed.
    Times,
}

/// One question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemWords {
    /// The question.
    pub question: &'static str,
    /// Its answers.
    pub answers: AnswerWords,
}

/// The words of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentWords {
    /// The language that they are in.
    pub language: Language,
    /// What is read before the first question.
    pub intro: Option<&'static str>,
    /// Whether the introduction stands on the page of every question, because none can be understood
    /// without it.
    pub intro_stays: bool,
    /// The questions, in the order of the instrument's items.
    pub items: &'static [ItemWords],
}

/// The words of an instrument for somebody who reads this language; `None` where it is not asked.
pub fn words(instrument: &Instrument, language: Language) -> Option<InstrumentWords> {
    of(&instrument.key, language).filter(|words| words.items.len() == instrument.items.len())
}

/// The language in which somebody who reads this one is asked an instrument.
pub fn shown_in(key: &str, language: Language) -> Language {
    of(key, language).map_or(Language::English, |words| words.language)
}

fn of(key: &str, language: Language) -> Option<InstrumentWords> {
    let english = |intro, items| InstrumentWords {
        language: Language::English,
        intro,
        intro_stays: false,
        items,
    };
    let umbrella = |items| InstrumentWords {
        intro_stays: true,
        ..english(Some(UMBRELLA_INTRO), items)
    };
    Some(match (key, language) {
        ("ons4", _) => english(Some(ONS4_INTRO), ONS4),
        ("ucla3", _) => english(None, UCLA3),
        ("ons-loneliness", _) => english(None, LONELINESS),
        ("ucl-umbrella-older", _) => umbrella(UMBRELLA_OLDER),
        ("ucl-umbrella-positive", _) => umbrella(UMBRELLA_POSITIVE),
        ("ucl-umbrella-negative", _) => umbrella(UMBRELLA_NEGATIVE),
        ("swemwbs", _) => InstrumentWords {
            intro_stays: true,
            ..english(Some(SWEMWBS_INTRO), SWEMWBS)
        },
        ("wemwbs", _) => InstrumentWords {
            intro_stays: true,
            ..english(Some(SWEMWBS_INTRO), WEMWBS)
        },
        ("service-use", Language::English) => english(None, SERVICE),
        ("service-use", Language::Welsh) => InstrumentWords {
            language: Language::Welsh,
            ..english(None, SERVICE_CY)
        },
        ("easy3", Language::English) => english(Some(EASY_INTRO), EASY),
        ("easy3", Language::Welsh) => InstrumentWords {
            language: Language::Welsh,
            ..english(Some(EASY_INTRO_CY), EASY_CY)
        },
        _ => return None,
    })
}

/// What stands at the two ends of the numbers of a project's own question.
pub(super) const fn own_answers(language: Language) -> AnswerWords {
    match language {
        Language::English => COMPLETELY,
        Language::Welsh => AnswerWords::Ends {
            low: "ddim o gwbl",
            high: "yn llwyr",
        },
    }
}

const ONS4_INTRO: &str = "Next I would like to ask you four questions about your feelings on aspects of your life. There are no right or wrong answers. For each of these questions I'd like you to give an answer on a scale of 0 to 10, where 0 is \u{201c}not at all\u{201d} and 10 is \u{201c}completely\u{201d}.";

const COMPLETELY: AnswerWords = AnswerWords::Ends {
    low: "not at all",
    high: "completely",
};

const ONS4: &[ItemWords] = &[
    ItemWords {
        question: "Overall, how satisfied are you with your life nowadays?",
        answers: COMPLETELY,
    },
    ItemWords {
        question: "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
        answers: COMPLETELY,
    },
    ItemWords {
        question: "Overall, how happy did you feel yesterday?",
        answers: COMPLETELY,
    },
    ItemWords {
        question: "On a scale where 0 is \u{201c}not at all anxious\u{201d} and 10 is \u{201c}completely anxious\u{201d}, overall, how anxious did you feel yesterday?",
        answers: AnswerWords::Ends {
            low: "not at all anxious",
            high: "completely anxious",
        },
    },
];

const OFTEN: AnswerWords =
    AnswerWords::Each(&["Hardly ever or never", "Some of the time", "Often"]);

const UCLA3: &[ItemWords] = &[
    ItemWords {
        question: "How often do you feel that you lack companionship?",
        answers: OFTEN,
    },
    ItemWords {
        question: "How often do you feel left out?",
        answers: OFTEN,
    },
    ItemWords {
        question: "How often do you feel isolated from others?",
        answers: OFTEN,
    },
];

/// The six words were compared with a publication, the words at the answers were not (docs/measures.md).
const UMBRELLA_INTRO: &str = "How do you feel right now?";

const AMOUNT: AnswerWords = AnswerWords::Each(&[
    "Not at all",
    "A little bit",
    "Fairly",
    "Quite a bit",
    "Extremely",
]);

const fn feeling(question: &'static str) -> ItemWords {
    ItemWords {
        question,
        answers: AMOUNT,
    }
}

const UMBRELLA_OLDER: &[ItemWords] = &[
    feeling("I feel absorbed"),
    feeling("I feel active"),
    feeling("I feel cheerful"),
    feeling("I feel encouraged"),
    feeling("I feel enlightened"),
    feeling("I feel inspired"),
];

/// Asked where whoever plans it compared the words with the toolkit (`Topic::needs_comparing`).
const UMBRELLA_POSITIVE: &[ItemWords] = &[
    feeling("I feel active"),
    feeling("I feel alert"),
    feeling("I feel enthusiastic"),
    feeling("I feel excited"),
    feeling("I feel happy"),
    feeling("I feel inspired"),
];

/// As the positive one.
const UMBRELLA_NEGATIVE: &[ItemWords] = &[
    feeling("I feel distressed"),
    feeling("I feel irritable"),
    feeling("I feel nervous"),
    feeling("I feel scared"),
    feeling("I feel unhappy"),
    feeling("I feel upset"),
];

const LONELINESS: &[ItemWords] = &[ItemWords {
    question: "How often do you feel lonely?",
    answers: AnswerWords::Each(&[
        "Often/always",
        "Some of the time",
        "Occasionally",
        "Hardly ever",
        "Never",
    ]),
}];

const SWEMWBS_INTRO: &str = "Below are some statements about feelings and thoughts. Please tick the box that best describes your experience of each over the last 2 weeks";

const TIME: AnswerWords = AnswerWords::Each(&[
    "None of the time",
    "Rarely",
    "Some of the time",
    "Often",
    "All of the time",
]);

const fn statement(question: &'static str) -> ItemWords {
    ItemWords {
        question,
        answers: TIME,
    }
}

/// Shown only where the reference of the licence was entered, and with the copyright line
/// ([`Instrument::copyright`]).
const SWEMWBS: &[ItemWords] = &[
    statement("I\u{2019}ve been feeling optimistic about the future"),
    statement("I\u{2019}ve been feeling useful"),
    statement("I\u{2019}ve been feeling relaxed"),
    statement("I\u{2019}ve been dealing with problems well"),
    statement("I\u{2019}ve been thinking clearly"),
    statement("I\u{2019}ve been feeling close to other people"),
    statement("I\u{2019}ve been able to make up my own mind about things"),
];

/// Shown as SWEMWBS is. The order and the words are those of figure 1 of Tennant et al. (2007).
const WEMWBS: &[ItemWords] = &[
    statement("I\u{2019}ve been feeling optimistic about the future"),
    statement("I\u{2019}ve been feeling useful"),
    statement("I\u{2019}ve been feeling relaxed"),
    statement("I\u{2019}ve been feeling interested in other people"),
    statement("I\u{2019}ve had energy to spare"),
    statement("I\u{2019}ve been dealing with problems well"),
    statement("I\u{2019}ve been thinking clearly"),
    statement("I\u{2019}ve been feeling good about myself"),
    statement("I\u{2019}ve been feeling close to other people"),
    statement("I\u{2019}ve been feeling confident"),
    statement("I\u{2019}ve been able to make up my own mind about things"),
    statement("I\u{2019}ve been feeling loved"),
    statement("I\u{2019}ve been interested in new things"),
    statement("I\u{2019}ve been feeling cheerful"),
];

const LESS_OR_MORE: AnswerWords = AnswerWords::Each(&["Less", "About the same", "More"]);
const LESS_OR_MORE_CY: AnswerWords = AnswerWords::Each(&["Llai", "Tua’r un faint", "Mwy"]);

const SERVICE: &[ItemWords] = &[
    ItemWords {
        question: "In the last 3 months, how many times have you seen or spoken to a GP or practice nurse about your own health?",
        answers: AnswerWords::Times,
    },
    ItemWords {
        question: "In the last 3 months, how many times have you been to A&E or urgent care?",
        answers: AnswerWords::Times,
    },
    ItemWords {
        question: "In the last 3 months, how many times have you stayed overnight in hospital?",
        answers: AnswerWords::Times,
    },
    ItemWords {
        question: "Compared with before you joined, do you use health services less, about the same or more?",
        answers: LESS_OR_MORE,
    },
    ItemWords {
        question: "Compared with before you joined, do you use medication less, about the same or more?",
        answers: LESS_OR_MORE,
    },
];

const SERVICE_CY: &[ItemWords] = &[
    ItemWords {
        question: "Yn y 3 mis diwethaf, sawl gwaith ydych chi wedi gweld neu siarad â meddyg teulu neu nyrs y feddygfa am eich iechyd eich hun?",
        answers: AnswerWords::Times,
    },
    ItemWords {
        question: "Yn y 3 mis diwethaf, sawl gwaith ydych chi wedi bod yn yr adran frys neu ofal brys?",
        answers: AnswerWords::Times,
    },
    ItemWords {
        question: "Yn y 3 mis diwethaf, sawl gwaith ydych chi wedi aros dros nos mewn ysbyty?",
        answers: AnswerWords::Times,
    },
    ItemWords {
        question: "O’i gymharu â chyn i chi ymuno, ydych chi’n defnyddio gwasanaethau iechyd llai, tua’r un faint neu fwy?",
        answers: LESS_OR_MORE_CY,
    },
    ItemWords {
        question: "O’i gymharu â chyn i chi ymuno, ydych chi’n defnyddio meddyginiaeth llai, tua’r un faint neu fwy?",
        answers: LESS_OR_MORE_CY,
    },
];

const EASY_INTRO: &str = "The first question is to try it. It does not count.";
const EASY_INTRO_CY: &str = "Mae’r cwestiwn cyntaf i roi cynnig arni. Nid yw’n cyfrif.";

/// One set of words for every question, so that nobody learns a second one.
const fn easy(question: &'static str) -> ItemWords {
    ItemWords {
        question,
        answers: AnswerWords::Pictures(&["Not good", "In between", "Good"]),
    }
}

const fn easy_cy(question: &'static str) -> ItemWords {
    ItemWords {
        question,
        answers: AnswerWords::Pictures(&["Ddim yn dda", "Yn y canol", "Da"]),
    }
}

const EASY: &[ItemWords] = &[
    easy("How is the weather today?"),
    easy("How do you feel today?"),
    easy("How do you get on with other people?"),
    easy("How are the things that you do?"),
];

const EASY_CY: &[ItemWords] = &[
    easy_cy("Sut mae’r tywydd heddiw?"),
    easy_cy("Sut ydych chi’n teimlo heddiw?"),
    easy_cy("Sut ydych chi’n dod ymlaen gyda phobl eraill?"),
    easy_cy("Sut mae’r pethau rydych chi’n eu gwneud?"),
];

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::measures::Catalogue;

    const KEYS: [&str; 10] = [
        "ons4",
        "ucla3",
        "ons-loneliness",
        "swemwbs",
        "service-use",
        "wemwbs",
        "easy3",
        "ucl-umbrella-older",
        "ucl-umbrella-positive",
        "ucl-umbrella-negative",
    ];

    /// The words of an instrument in a language, as one text.
    fn text(key: &str, language: Language) -> String {
        let words = of(key, language).unwrap();
        let mut lines: Vec<String> = words.intro.into_iter().map(ToOwned::to_owned).collect();
        for item in words.items {
            let answers = match item.answers {
                AnswerWords::Each(each) => each.join("|"),
                AnswerWords::Ends { low, high } => format!("{low}..{high}"),
                AnswerWords::Pictures(each) => format!("pictures {}", each.join("|")),
                AnswerWords::Times => "times".to_owned(),
            };
            lines.push(format!("{} [{answers}]", item.question));
        }
        lines.join("\n")
    }

    /// An answer to other words is an answer to another question. Whoever changes a word of an instrument
    /// gives it a new version; these fingerprints are of version 1 of each.
    #[test]
    fn no_word_of_an_instrument_changes_unnoticed() {
        let fingerprint = |key, language| {
            let digest = Sha256::digest(text(key, language));
            digest[..8]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let english = KEYS.map(|key| fingerprint(key, Language::English));
        assert_eq!(
            english,
            [
                "745e3f34eff9909d",
                "26414fc8d4de7fee",
                "8fbe900e6c6fefc9",
                "b2ebe5a69f1fc806",
                "74195f57bf2cbb65",
                "1813a94e6a3fffca",
                "c15fd4748cd51277",
                "5f2eacd7a8f2a859",
                "1ff85dccd6b841e3",
                "243d247491e4071c",
            ]
        );
        assert_eq!(
            fingerprint("service-use", Language::Welsh),
            "caad7a2dcdf45d7e"
        );
    }

    #[test]
    fn every_item_has_a_question_and_a_word_for_each_of_its_answers() {
        let catalogue = Catalogue::built_in();
        for key in KEYS {
            let place = catalogue.find(key, None).unwrap();
            let instrument = catalogue.get(place).unwrap();
            for language in Language::ALL {
                let words = words(instrument, *language).unwrap();
                assert_eq!(words.language, shown_in(key, *language));
                for (item, asked) in instrument.items.iter().zip(words.items) {
                    match asked.answers {
                        AnswerWords::Each(each) | AnswerWords::Pictures(each) => {
                            assert_eq!(
                                each.len(),
                                usize::try_from(item.high - item.low + 1).unwrap()
                            );
                        }
                        AnswerWords::Ends { .. } => assert_eq!((item.low, item.high), (0, 10)),
                        AnswerWords::Times => assert_eq!(item.low, 0),
                    }
                }
            }
        }
        assert!(
            of("ucl-questionnaire", Language::English).is_none(),
            "not asked before its words are checked"
        );
    }
}
