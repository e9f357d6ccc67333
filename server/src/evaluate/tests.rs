//! Sentences, and what cells may say.

use std::collections::BTreeSet;

use wellfield_core::measures::statistics::{Summary, TTest};
use wellfield_core::measures::{
    Caveat, Compared, Counts, EffectSize, Figures, Finding, Movement, ScaleReport, Strength,
};

use wellfield_wording::report::sentence;

use super::*;
use wellfield_core::measures::statistics::PairedChange;

/// Every sentence that can be said of anything.
fn sentences() -> Vec<String> {
    let catalogue = Catalogue::built_in();
    let movements = [
        Movement::Better,
        Movement::Worse,
        Movement::Rose,
        Movement::Fell,
        Movement::NotClear,
    ];
    let caveats = vec![
        Caveat::NoComparisonGroup,
        Caveat::RegressionToTheMean,
        Caveat::Unvalidated,
        Caveat::ReportedApart,
        Caveat::ManyLeft,
        Caveat::Helped { people: 3 },
    ];
    let mut sentences = Vec::new();
    for (place, instrument) in catalogue.all() {
        for (number, scale) in instrument.scales.iter().enumerate() {
            for (strength, matched) in [
                (Strength::Stories, 0),
                (Strength::Stories, 3),
                (Strength::Stories, 7),
                (Strength::Indicative, 12),
                (Strength::Inferential, 40),
            ] {
                for movement in movements {
                    for mean in [-1.234, 1.234] {
                        let report =
                            report(place, number, strength, matched, movement, mean, &caveats);
                        sentences.push(sentence(ENGLISH, instrument, scale, &report));
                    }
                }
            }
        }
    }
    sentences
}

fn report(
    instrument: InstrumentNo,
    scale: usize,
    strength: Strength,
    matched: usize,
    movement: Movement,
    mean: f64,
    caveats: &[Caveat],
) -> ScaleReport {
    let summary = Summary {
        n: matched,
        mean: 5.0,
        sd: Some(1.0),
    };
    let told = strength > Strength::Stories;
    ScaleReport {
        instrument,
        scale,
        counts: Counts {
            eligible: matched,
            baseline: matched,
            end: matched,
            matched,
            helped: 0,
        },
        leavers_mean: None,
        compared: Compared::default(),
        figures: told.then(|| Figures {
            change: Some(PairedChange {
                n: matched,
                from: summary,
                to: summary,
                mean,
                sd: 1.0,
                interval: (mean - 0.5, mean + 0.5),
                t_test: Some(TTest {
                    t: mean,
                    df: matched - 1,
                    p: 0.01,
                }),
                d_z: Some(mean),
                g_z: Some(mean),
                d_av: Some(mean),
            }),
            ranks: None,
            bands: None,
            reliable: Vec::new(),
        }),
        finding: Finding {
            strength,
            movement: told.then_some(movement),
            basis: None,
            size: told.then_some(EffectSize::Large),
            matched,
            caveats: caveats.to_vec(),
        },
    }
}

#[test]
fn no_sentence_says_that_anything_brought_a_change_about() {
    let sentences = sentences();
    assert!(sentences.len() > 1_000);
    for sentence in sentences {
        let lower = sentence.to_lowercase();
        for word in [
            "cause",
            "because of",
            "thanks to",
            "due to",
            "led to",
            "resulted",
            "effect of",
            "proof",
            "proves",
            "diagnos",
        ] {
            assert!(!lower.contains(word), "{sentence}");
        }
    }
}

/// Whoever reads a report does not learn that two people answered.
#[test]
fn no_sentence_tells_a_small_number_of_people() {
    for sentence in sentences() {
        let words: BTreeSet<_> = sentence.split([' ', '(', ')', ',', ':']).collect();
        for small in ["1", "2", "3", "4"] {
            assert!(!words.contains(small), "{sentence}");
        }
    }
}

/// Nine of twelve had help: that three had none would follow.
#[test]
fn how_many_had_help_is_not_told_where_few_had_none() {
    let catalogue = Catalogue::built_in();
    let ons4 = catalogue.find("ons4", None).unwrap();
    let instrument = catalogue.get(ons4).unwrap();
    let say = |people| {
        let helped = [Caveat::Helped { people }];
        let report = report(
            ons4,
            0,
            Strength::Indicative,
            12,
            Movement::Better,
            1.0,
            &helped,
        );
        sentence(ENGLISH, instrument, &instrument.scales[0], &report)
    };
    assert!(say(9).ends_with("Some had help in answering, and answers come out higher then."));
    assert!(say(6).contains("help in answering (6)"));
    assert!(say(2).contains("help in answering (fewer than 5)"));
}

#[test]
fn a_sentence_says_which_way_and_that_this_is_better() {
    let catalogue = Catalogue::built_in();
    let ons4 = catalogue.find("ons4", None).unwrap();
    let instrument = catalogue.get(ons4).unwrap();
    let say = |scale: usize, strength, movement, mean| {
        let report = report(ons4, scale, strength, 12, movement, mean, &[]);
        sentence(ENGLISH, instrument, &instrument.scales[scale], &report)
    };
    assert_eq!(
        say(0, Strength::Indicative, Movement::Better, 1.234),
        "Of 12 people who answered both times, satisfaction with life was higher at the end, which is better, by 1.23 points on average (95% interval +0.73 to +1.73), a large change beside its spread. With so few people this is indicative and no more."
    );
    // An improvement in anxiety is a lower number.
    assert_eq!(
        say(3, Strength::Inferential, Movement::Better, 1.234),
        "Of 12 people who answered both times, anxiety yesterday was lower at the end, which is better, by 1.23 points on average (95% interval -1.73 to -0.73), a large change beside its spread."
    );
    assert_eq!(
        say(0, Strength::Inferential, Movement::NotClear, -0.001),
        "Of 12 people who answered both times, there was no clear change in satisfaction with life: 0.00 points on average (95% interval -0.50 to +0.50)."
    );
}

const HEADER: &str = "person,instrument,moment,item,answer\n";

fn rows(text: &str) -> Rows {
    read([HEADER, text].concat().as_bytes()).unwrap()
}

#[test]
fn an_answer_is_a_whole_number_or_a_word_for_none() {
    use wellfield_core::measures::Reply::{Given, PreferNotToSay, Skipped};
    for (cell, reply) in [
        ("7", Given(7)),
        (" 7 ", Given(7)),
        ("7.0", Given(7)),
        ("07", Given(7)),
        ("-1", Given(-1)),
        ("'-1", Given(-1)),
        ("99999999999999", Given(i32::MAX)),
        ("", Skipped),
        ("NA", Skipped),
        ("n/a", Skipped),
        ("prefer not to say", PreferNotToSay),
        ("\"Prefer not to say\"", PreferNotToSay),
    ] {
        let read = rows(&format!("P1,ons4,baseline,happy,{cell}\n"));
        assert_eq!(read.answers[0].reply, reply, "{cell}");
    }
    for cell in [
        "7.5", "\"7,0\"", "seven", "=7", "=1+1", "'=7", "+7", "@", "=NA()", "1e1", "٧", "７",
        "--7", ".", "-", "7-",
    ] {
        let read = rows(&format!("P1,ons4,baseline,happy,{cell}\n"));
        assert_eq!(read.answers, [], "{cell}");
        assert_eq!(read.bad[0].code, "not_a_number", "{cell}");
        assert_eq!(
            (read.bad[0].line, read.bad[0].column.as_str()),
            (2, "answer")
        );
    }
}

#[test]
fn the_same_person_is_the_same_however_a_keyboard_writes_the_name() {
    let read = rows(concat!(
        "Siân,ons4,baseline,happy,4\n",
        "Sia\u{302}n,ons4,end,happy,6\n",
        "\"Siân\",ons4,end,1,6\n",
        "sian,ons4,end,1,6\n",
    ));
    let people: Vec<_> = read.answers.iter().map(|answer| answer.person.0).collect();
    assert_eq!(people, [0, 0, 0, 1]);
}

#[test]
fn before_and_after_a_named_session_are_compared_session_by_session() {
    let mut file = String::from("person,instrument,moment,session,item,answer\n");
    for person in 0..9 {
        for (session, gain) in [("spring 1", 1), ("spring 2", 2)] {
            for item in 1..=6 {
                let said = |moment, answer: i32| {
                    format!("P{person},ucl-umbrella-older,{moment},{session},{item},{answer}\n")
                };
                file += &said("before session", 2);
                file += &said("after session", 2 + gain);
            }
        }
    }
    // Which session this is about nobody knows.
    file += "P1,ucl-umbrella-older,before session,,1,2\n";
    let evaluation = evaluation(read(file.as_bytes()).unwrap(), None);
    assert!(evaluation.report.scales.is_empty() && evaluation.left_out.is_empty());
    assert_eq!(evaluation.other_moments, 1);
    let sessions = evaluation.sessions.iter();
    let changes: Vec<_> = sessions
        .map(|(name, scales)| {
            let figures = scales[0].figures.as_ref().unwrap();
            (name.as_str(), figures.change.as_ref().unwrap().mean)
        })
        .collect();
    assert_eq!(changes, [("spring 1", 6.0), ("spring 2", 12.0)]);
    let text = text(&evaluation);
    assert!(text.contains("Before and after session spring 2"));
    assert!(text.contains("n: 9 before, 9 after, 9 matched"), "{text}");
    assert!(
        text.contains("was higher after the session by 12.00 points"),
        "{text}"
    );
    let json: serde_json::Value = serde_json::from_str(&json(&evaluation).unwrap()).unwrap();
    assert_eq!(json["sessions"][1]["session"], "spring 2");
    assert_eq!(json["sessions"][1]["scales"][0]["n_matched"], 9);
}
