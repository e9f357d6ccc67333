//! The instruments, against what was published of them.

use std::collections::BTreeMap;

use super::pulse_replies;
use crate::measures::instrument::{
    Checked, Direction, Flaw, Item, Level, LicenceReference, NotLicensed, Part, Standing,
};
use crate::measures::{
    Catalogue, Instrument, OwnQuestion, Question, Reply, Score, own_questions, score,
};
use crate::pulse;

#[track_caller]
fn near(found: f64, expected: f64, within: f64) {
    assert!(
        (found - expected).abs() <= within,
        "{found} is not {expected}"
    );
}

#[test]
fn every_built_in_instrument_is_sound_and_its_name_is_its_own() {
    let catalogue = Catalogue::built_in();
    let mut names = BTreeMap::new();
    for (place, instrument) in catalogue.all() {
        assert_eq!(instrument.flaws(), [], "{}", instrument.key);
        assert_eq!(catalogue.find(&instrument.key, None), Some(place));
        *names.entry(instrument.key.as_ref()).or_insert(0) += 1;
    }
    assert!(names.values().all(|count| *count == 1));
    for name in [
        "ons4",
        "swemwbs",
        "wemwbs",
        "ucl-umbrella-older",
        "ucl-umbrella-positive",
        "ucl-umbrella-negative",
        "ucl-questionnaire",
        "ucla3",
        "ons-loneliness",
        "pulse",
        "easy3",
        "service-use",
        "linkworker6",
    ] {
        assert!(names.contains_key(name), "{name}");
    }
}

#[test]
fn flaws_of_an_instrument_are_found() {
    let catalogue = Catalogue::built_in();
    let ons4 = catalogue
        .get(catalogue.find("ons4", None).unwrap())
        .unwrap();
    let broken = |change: &dyn Fn(&mut Instrument)| {
        let mut copy = ons4.clone();
        change(&mut copy);
        copy.flaws().len()
    };
    assert_eq!(broken(&|_| ()), 0);
    assert!(broken(&|one| one.key = "ONS 4".into()) > 0);
    assert!(broken(&|one| one.items.to_mut()[1].key = "satisfied".into()) > 0);
    assert!(broken(&|one| one.items.to_mut()[1].key = "2".into()) > 0);
    assert!(broken(&|one| one.items.to_mut()[0].low = 10) > 0);
    assert!(broken(&|one| one.items.to_mut()[0].practice = true) > 0);
    assert!(broken(&|one| one.scales.to_mut()[0].items = vec![4].into()) > 0);
    assert!(broken(&|one| one.scales.to_mut()[0].items = vec![0, 0].into()) > 0);
    assert!(broken(&|one| one.scales.to_mut()[0].items = vec![].into()) > 0);
    assert!(broken(&|one| one.citation = " ".into()) > 0);
}

/// ONS: four scores that are never summed or averaged, each with its published thresholds.
#[test]
fn ons4_is_four_scores_with_the_published_bands() {
    let catalogue = Catalogue::built_in();
    let ons4 = catalogue
        .get(catalogue.find("ons4", None).unwrap())
        .unwrap();
    assert_eq!(ons4.scales.len(), 4);
    for scale in ons4.scales.iter() {
        assert_eq!(scale.items.len(), 1, "{}", scale.key);
        let bands = scale.bands.unwrap();
        let names: Vec<_> = (0..=10)
            .map(|score| bands.bands[bands.of(Score::points(score))].key)
            .collect();
        let (low, medium, high, top) = ("low", "medium", "high", "very-high");
        if scale.key == "anxious" {
            assert_eq!(scale.direction, Direction::LowerIsBetter);
            let (a, b, c, d) = ("very-low", "low", "medium", "high");
            assert_eq!(names, [a, a, b, b, c, c, d, d, d, d, d]);
            assert_eq!(bands.bands[bands.least_well].key, "high");
        } else {
            assert_eq!(scale.direction, Direction::HigherIsBetter);
            assert_eq!(
                names,
                [
                    low, low, low, low, low, medium, medium, high, high, top, top
                ]
            );
            assert_eq!(bands.bands[bands.least_well].key, "low");
        }
    }
}

/// Every figure of the table that Warwick publishes (Stewart-Brown et al. 2009).
#[test]
fn swemwbs_is_converted_by_the_published_table() {
    let published = [
        7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98,
        18.59, 19.25, 19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31,
        30.70, 32.55, 35.00,
    ];
    let catalogue = Catalogue::built_in();
    let swemwbs = catalogue
        .get(catalogue.find("swemwbs", None).unwrap())
        .unwrap();
    let metric = &swemwbs.scales[0];
    let bands = metric.bands.unwrap();
    for (raw, metric_score) in (7i16..=35).zip(published) {
        let mut answers = vec![Some(1i16); 7];
        let mut left = raw - 7;
        for one in &mut answers {
            let more = left.min(4);
            *one = Some(1 + more);
            left -= more;
        }
        let metric_of = score(swemwbs, metric, &answers).unwrap();
        near(metric_of.as_points(), metric_score, 1e-9);
        // The published cut points are 19.5 and 27.5 on the metric.
        let band = bands.bands[bands.of(metric_of)].key;
        let expected = match raw {
            ..=21 => "low",
            22..=30 => "medium",
            _ => "high",
        };
        assert_eq!(band, expected, "{raw}");
        answers[3] = None;
        assert_eq!(score(swemwbs, metric, &answers), None);
    }
}

#[test]
fn licensed_instruments_wait_for_their_reference_and_carry_their_line() {
    let reference = LicenceReference::typed(" 12345/ab ").unwrap();
    assert_eq!(reference.as_str(), "12345/ab");
    assert!(LicenceReference::typed(" x ").is_err());
    assert!(LicenceReference::typed(&"x".repeat(81)).is_err());
    for (_, instrument) in Catalogue::built_in().all() {
        let licensed = matches!(instrument.key.as_ref(), "swemwbs" | "wemwbs");
        assert_eq!(
            instrument.may_be_asked(None),
            if licensed { Err(NotLicensed) } else { Ok(()) }
        );
        assert_eq!(instrument.may_be_asked(Some(&reference)), Ok(()));
        assert_eq!(
            instrument
                .copyright()
                .is_some_and(|line| line.contains('©')),
            licensed
        );
    }
}

#[test]
fn what_was_not_compared_with_a_publication_says_so() {
    let from_memory: Vec<_> = Catalogue::built_in()
        .all()
        .filter(|(_, one)| one.checked == Checked::FromMemory)
        .map(|(_, one)| one.key.to_string())
        .collect();
    assert_eq!(
        from_memory,
        [
            "ucl-umbrella-positive",
            "ucl-umbrella-negative",
            "ucl-questionnaire"
        ]
    );
}

#[test]
fn sums_have_the_ranges_of_their_instruments() {
    let range = |key: &str| {
        let catalogue = Catalogue::built_in();
        let one = catalogue.get(catalogue.find(key, None).unwrap()).unwrap();
        let all = |end: &dyn Fn(&Item) -> i16| {
            let answers: Vec<_> = one.items.iter().map(|item| Some(end(item))).collect();
            score(one, &one.scales[0], &answers).unwrap().0 / 100
        };
        (all(&|item| item.low), all(&|item| item.high))
    };
    assert_eq!(range("wemwbs"), (14, 70));
    assert_eq!(range("swemwbs"), (7, 35));
    assert_eq!(range("ucla3"), (3, 9));
    for umbrella in ["older", "positive", "negative"] {
        assert_eq!(range(&format!("ucl-umbrella-{umbrella}")), (6, 30));
    }
    assert_eq!(range("ucl-questionnaire"), (6, 30));
}

#[test]
fn an_umbrella_reports_each_word_beside_the_sum() {
    let catalogue = Catalogue::built_in();
    let one = catalogue
        .get(catalogue.find("ucl-umbrella-negative", None).unwrap())
        .unwrap();
    let words = one.scales.iter().filter(|scale| scale.part == Part::Word);
    assert_eq!(words.count(), 6);
    assert!(
        one.scales
            .iter()
            .all(|scale| scale.direction == Direction::LowerIsBetter)
    );
}

#[test]
fn the_easy_scale_stands_apart_and_its_practice_is_not_scored() {
    let catalogue = Catalogue::built_in();
    let easy = catalogue
        .get(catalogue.find("easy3", None).unwrap())
        .unwrap();
    assert_eq!(easy.standing, Standing::Apart);
    assert!(easy.items[0].practice);
    for scale in easy.scales.iter() {
        assert_eq!((scale.items.len(), scale.level), (1, Level::Ordinal));
        assert_ne!(scale.items[0], 0);
    }
}

#[test]
fn the_pulse_is_what_the_hand_over_asks() {
    let answers = pulse::Answers {
        day: pulse::Reply::Given(pulse::Day::Good),
        safe: pulse::Reply::Declined,
        ..pulse::Answers::default()
    };
    assert_eq!(
        pulse_replies(&answers),
        [Reply::Given(4), Reply::PreferNotToSay]
    );
    assert_eq!(
        pulse_replies(&pulse::Answers::default()),
        [Reply::Skipped, Reply::Skipped]
    );
    let catalogue = Catalogue::built_in();
    let pulse = catalogue
        .get(catalogue.find("pulse", None).unwrap())
        .unwrap();
    for day in pulse::Day::ALL {
        assert!(pulse.items[0].holds(i32::from(day.code())));
    }
    for felt in pulse::Felt::ALL {
        assert!(pulse.items[1].holds(i32::from(felt.code())));
    }
}

#[test]
fn a_project_asks_its_own_questions_and_slips_are_found() {
    let question = |key: &str, low, high| OwnQuestion {
        key: key.to_owned(),
        low,
        high,
        direction: Direction::HigherIsBetter,
    };
    let mut catalogue = Catalogue::built_in();
    let own = own_questions("dig-outcomes", 1, vec![question("found-it", 1, 5)]).unwrap();
    assert_eq!(own.standing, Standing::Unvalidated);
    let place = catalogue.add(own.clone()).unwrap();
    assert_eq!(
        catalogue.question("Dig-Outcomes", Some(1), "1"),
        Question::Known {
            instrument: place,
            item: 0
        }
    );
    assert_eq!(catalogue.add(own), Err(vec![Flaw::Twice]));
    assert!(own_questions("dig", 1, vec![]).is_err());
    assert!(own_questions("dig", 1, vec![question("a", 5, 5)]).is_err());
    assert!(own_questions("dig", 1, vec![question("a", 1, 5), question("a", 1, 5)]).is_err());
    let alike = vec![question("found-it", 1, 5), question("foundit", 1, 5)];
    assert!(own_questions("dig", 1, alike).is_err());
    assert!(own_questions("Dig!", 1, vec![question("a", 1, 5)]).is_err());
}

#[test]
fn names_are_known_however_they_are_written() {
    let catalogue = Catalogue::built_in();
    for (written, key) in [
        ("ONS4", "ons4"),
        ("ons-4", "ons4"),
        ("UCLA-3", "ucla3"),
        ("UCL umbrella (positive)", "ucl-umbrella-positive"),
    ] {
        let place = catalogue.find(written, None).unwrap();
        assert_eq!(catalogue.get(place).unwrap().key, key);
    }
    for unknown in ["", "ons", "ons44", "ŵ", "--"] {
        assert_eq!(catalogue.find(unknown, None), None, "{unknown}");
        let item = catalogue.question("ons4", None, unknown);
        assert_eq!(item, Question::UnknownItem, "{unknown}");
    }
    let of = |item: &str| catalogue.question("ucla3", None, item);
    assert_eq!(of("left_out"), of("2"));
    assert_eq!(of("0"), Question::UnknownItem);
    assert_eq!(of("4"), Question::UnknownItem);
}
