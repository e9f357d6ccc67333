//! Every figure against SciPy and against arithmetic of forty digits. `vectors.py` made `vectors.txt`.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use wellfield_core::measures::Score;
use wellfield_core::measures::instrument::Direction;
use wellfield_core::measures::statistics::{
    Pair, WilcoxonMethod, chi_squared_1_upper, mcnemar, normal_two_sided, paired, t_critical_95,
    t_two_sided, wilcoxon,
};

const VECTORS: &str = include_str!("vectors.txt");

/// How far a figure may be from the reference, as a share of it. SciPy's own figures are good to about
/// twelve digits, `statrs`' distributions to ten.
const WITHIN: f64 = 1e-9;
/// The same with millions of degrees of freedom, where `statrs` loses two more.
const WITHIN_MILLIONS: f64 = 1e-7;

#[track_caller]
fn near(what: &str, found: f64, expected: f64) {
    near_within(what, found, expected, WITHIN);
}

#[track_caller]
fn near_within(what: &str, found: f64, expected: f64, share: f64) {
    let apart = (found - expected).abs();
    assert!(
        apart <= share * expected.abs() || apart < 1e-13,
        "{what}: {found} is not {expected}"
    );
}

/// The cases of the file: what follows each key, as words.
fn cases() -> Vec<BTreeMap<&'static str, &'static str>> {
    VECTORS
        .split("\n\n")
        .filter_map(|block| block.find("case ").map(|start| &block[start..]))
        .map(|block| {
            block
                .lines()
                .filter_map(|line| line.split_once(' '))
                .collect()
        })
        .collect()
}

fn scores(text: &str) -> Vec<Score> {
    text.split(' ')
        .map(|score| Score(score.parse().unwrap()))
        .collect()
}

#[test]
fn paired_figures_are_those_of_scipy() {
    let cases = cases();
    assert!(cases.len() >= 11, "the worked vector and ten more");
    for case in cases {
        let name = case["case"];
        let direction = match case["direction"] {
            "lower" => Direction::LowerIsBetter,
            _ => Direction::HigherIsBetter,
        };
        let pairs: Vec<_> = scores(case["pre"])
            .into_iter()
            .zip(scores(case["post"]))
            .map(|(from, to)| Pair { from, to })
            .collect();
        let change = paired(&pairs, direction).unwrap();
        let test = change.t_test.unwrap();
        let changes: Vec<_> = pairs.iter().map(|pair| pair.change(direction)).collect();
        let ranks = wilcoxon(&changes).unwrap();
        let found = [
            ("mean_from", change.from.mean),
            ("mean_to", change.to.mean),
            // Where everybody began the same, the spread is nothing.
            ("sd_from", change.from.sd.unwrap()),
            ("sd_to", change.to.sd.unwrap()),
            ("mean", change.mean),
            ("sd", change.sd),
            ("t", test.t),
            ("df", test.df as f64),
            ("p", test.p),
            ("low", change.interval.0),
            ("high", change.interval.1),
            ("d_z", change.d_z.unwrap()),
            ("g_z", change.g_z.unwrap()),
            ("d_av", change.d_av.unwrap()),
            ("w", ranks.w),
            ("w_plus", ranks.w_plus),
            ("nonzero", ranks.n as f64),
            ("z", ranks.z),
            ("p_normal", ranks.p_normal),
        ];
        for (key, value) in found {
            near(&format!("{name}, {key}"), value, case[key].parse().unwrap());
        }
        match case.get("p_exact") {
            Some(exact) => {
                assert_eq!(ranks.method, WilcoxonMethod::Exact, "{name}");
                near(&format!("{name}, exact p"), ranks.p, exact.parse().unwrap());
            }
            None => {
                assert_eq!(ranks.method, WilcoxonMethod::Normal, "{name}");
                assert_eq!(ranks.p.to_bits(), ranks.p_normal.to_bits());
            }
        }
    }
}

#[test]
fn distributions_are_those_of_forty_digits() {
    let mut compared = 0;
    for line in VECTORS.lines() {
        let words: Vec<_> = line.split(' ').collect();
        let &[kind, first, second, expected] = words.as_slice() else {
            continue;
        };
        let number = |text: &str| text.parse::<f64>().unwrap();
        let found = match kind {
            "t" => t_two_sided(number(second), number(first)),
            "critical" => t_critical_95(number(first)),
            "normal" => normal_two_sided(number(second)),
            "chi" => chi_squared_1_upper(number(second)),
            "mcnemar" => {
                mcnemar(first.parse().unwrap(), second.parse().unwrap())
                    .unwrap()
                    .p
            }
            _ => continue,
        };
        let share = match first {
            "10000000" => WITHIN_MILLIONS,
            _ => WITHIN,
        };
        near_within(line, found, number(expected), share);
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn nothing_and_next_to_nothing_have_no_figures() {
    let pair = |from, to| Pair {
        from: Score::points(from),
        to: Score::points(to),
    };
    assert_eq!(paired(&[], Direction::HigherIsBetter), None);
    assert_eq!(paired(&[pair(1, 2)], Direction::HigherIsBetter), None);
    assert_eq!(wilcoxon(&[]), None);
    assert_eq!(wilcoxon(&[0, 0, 0]), None);
    assert_eq!(mcnemar(0, 0), None);
    let same = paired(&[pair(1, 2), pair(3, 4)], Direction::HigherIsBetter).unwrap();
    assert_eq!((same.t_test, same.d_z, same.g_z), (None, None, None));
    assert_eq!(same.interval, (1.0, 1.0));
    let one = wilcoxon(&[100]).unwrap();
    assert_eq!((one.w, one.w_plus, one.p), (0.0, 1.0, 1.0));
    // As much up as down: nothing to see, and no half step beyond it.
    let level = wilcoxon(&[100, -100]).unwrap();
    assert_eq!((level.z, level.p, level.p_normal), (0.0, 1.0, 1.0));
}

/// Sums of a million scores at the end of the scale stay exact.
#[test]
fn a_million_pairs_stay_exact() {
    let pairs: Vec<_> = (0..1_000_000)
        .map(|n| Pair {
            from: Score(3499),
            to: Score(3499 + n % 2),
        })
        .collect();
    let change = paired(&pairs, Direction::HigherIsBetter).unwrap();
    near("mean", change.mean, 0.005);
    near("sd", change.sd, 0.005 * (1_000_000.0f64 / 999_999.0).sqrt());
    assert_eq!(change.from.sd, Some(0.0));
}
