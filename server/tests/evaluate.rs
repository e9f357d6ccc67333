//! `wellfield evaluate` over files, as people run it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

const HEADER: &str = "person,instrument,moment,item,answer\n";
/// The worked vector: the sums of the seven items of SWEMWBS, before and after.
const PRE: [u32; 12] = [18, 21, 16, 25, 20, 23, 19, 27, 14, 22, 24, 17];
const POST: [u32; 12] = [22, 24, 19, 24, 23, 26, 19, 29, 18, 25, 23, 22];

struct Run {
    _folder: tempfile::TempDir,
    file: PathBuf,
}

impl Run {
    fn over(bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("answers.csv");
        std::fs::write(&file, bytes).unwrap();
        Self {
            _folder: folder,
            file,
        }
    }

    fn with(&self, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_wellfield"))
            .arg("evaluate")
            .arg(&self.file)
            .args(options)
            .output()
            .unwrap()
    }
}

fn json(bytes: impl AsRef<[u8]>, options: &[&str]) -> Value {
    let output = Run::over(bytes).with(&[&["--json"], options].concat());
    assert!(output.status.success(), "{}", errors(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What is said about a file that gives no figures.
fn refused(bytes: impl AsRef<[u8]>) -> String {
    let output = Run::over(bytes).with(&["--json"]);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty(), "no figure beside a refusal");
    errors(&output)
}

fn scale<'j>(report: &'j Value, instrument: &str, scale: &str) -> &'j Value {
    report["scales"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["instrument"] == instrument && one["scale"] == scale)
        .unwrap()
}

#[track_caller]
fn near(found: &Value, expected: f64, within: f64) {
    let found = found.as_f64().unwrap();
    assert!(
        (found - expected).abs() <= within,
        "{found} is not {expected}"
    );
}

/// Rows of the seven items, which add up to `sum`.
fn seven(text: &mut String, person: usize, moment: &str, sum: u32) {
    let mut left = sum - 7;
    for item in 1..=7 {
        let more = left.min(4);
        left -= more;
        writeln!(text, "P{person},swemwbs,{moment},{item},{}", 1 + more).unwrap();
    }
    assert_eq!(left, 0);
}

fn worked_vector() -> String {
    let mut text = HEADER.to_owned();
    for (person, (pre, post)) in PRE.into_iter().zip(POST).enumerate() {
        seven(&mut text, person, "baseline", pre);
        seven(&mut text, person, "end", post);
    }
    text
}

/// So many people whose happiness went up.
fn happier(people: usize) -> String {
    let mut text = HEADER.to_owned();
    for person in 0..people {
        writeln!(text, "P{person},ons4,baseline,happy,{}", person % 4).unwrap();
        writeln!(
            text,
            "P{person},ons4,end,happy,{}",
            person % 4 + 1 + person % 3
        )
        .unwrap();
    }
    text
}

#[test]
fn the_worked_vector_comes_out() {
    let report = json(worked_vector(), &[]);
    let one = scale(&report, "swemwbs", "metric");
    assert_eq!(
        (&one["n_baseline"], &one["n_end"], &one["n_matched"]),
        (&12.into(), &12.into(), &12.into())
    );
    for (key, expected) in [
        ("mean_baseline", 19.2100),
        ("mean_end", 20.7892),
        ("change", 1.5792),
        ("sd", 1.3422),
        ("t", 4.0758),
        ("p", 0.001_833),
        ("d_z", 1.1766),
        ("g_z", 1.0945),
        ("d_av", 0.6240),
        ("wilcoxon_p", 0.004_882_8),
    ] {
        near(&one[key], expected, 5e-5);
    }
    near(&one["ci95"][0], 0.7264, 5e-5);
    near(&one["ci95"][1], 2.4319, 5e-5);
    assert_eq!(one["df"], 11);
    assert_eq!(one["wilcoxon_w"], 3.0);
    assert_eq!(one["wilcoxon_method"], "exact");
    assert_eq!(one["reliable_change"][0]["improved"], 9);
    assert_eq!(one["reliable_change"][1]["improved"], 1);
    assert!(one["copyright"].as_str().unwrap().contains("SWEMWBS"));
    let sentence = one["sentence"].as_str().unwrap();
    assert!(sentence.starts_with(
        "Of 12 people who answered both times, mental wellbeing (SWEMWBS) was higher at the end"
    ));
    assert!(sentence.contains("indicative"));
    assert_eq!(report["left_out"], Value::Array(vec![]));
}

#[test]
fn a_person_reads_the_same_figures() {
    let output = Run::over(worked_vector()).with(&[]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "swemwbs (version 1)",
        "all rights reserved",
        "n: 12 baseline, 12 end, 12 matched (100% of those with a baseline)",
        "mean 19.21 → 20.79; change for the better +1.58 (sd 1.34; 95% interval +0.73 to +2.43)",
        "t(11) = 4.0758, p = 0.0018",
        "Wilcoxon W = 3 over 11 changes, p = 0.0049 (exact; by the approximation that R uses with ties or zeros 0.0087)",
        "d_z 1.1766, g_z 1.0945, d_av 0.6240",
        "There was no group to compare with",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    assert!(output.stderr.is_empty());
}

#[test]
fn a_file_from_any_spreadsheet_gives_the_same_figures() {
    let plain = worked_vector();
    let expected = json(&plain, &[])["scales"].clone();
    let windows = plain.replace('\n', "\r\n");
    let excel = format!("\u{FEFF}{windows}");
    let semicolons = format!("\u{FEFF}{}", windows.replace(',', ";"));
    let tabs = plain.replace(',', "\t");
    let quoted = plain
        .lines()
        .map(|line| format!("\"{}\"\n", line.replace(',', "\",\"")))
        .collect::<String>();
    let mut reversed: Vec<_> = plain.lines().skip(1).collect();
    reversed.reverse();
    let reversed = format!("{HEADER}{}", reversed.join("\n"));
    let titles = plain.replacen("person,", "Participant,", 1);
    let spaced = plain.replace(',', " , ").replace("swemwbs", "SWEMWBS");
    let guarded = plain.replace("\nP", "\n'=P").replace('\n', "\n\n ,,,,\n");
    for (name, text) in [
        ("excel", excel),
        ("semicolons", semicolons),
        ("tabs", tabs),
        ("quoted", quoted),
        ("reversed", reversed),
        ("titles", titles),
        ("spaced", spaced),
        ("guarded", guarded),
    ] {
        assert_eq!(json(text, &[])["scales"], expected, "{name}");
    }
}

#[test]
fn semicolons_and_columns_that_are_not_known_are_told() {
    let text = happier(8).replace(',', ";");
    let output = Run::over(text).with(&[]);
    assert!(output.status.success());
    assert_eq!(
        errors(&output),
        "The cells are separated by semicolons and not by commas; they were read so.\n"
    );
    let mut wide = String::new();
    for (line, number) in happier(8).lines().zip(0..) {
        let more = if number == 0 { "notes" } else { "" };
        writeln!(wide, "{line},{more}").unwrap();
    }
    let output = Run::over(wide).with(&[]);
    assert!(output.status.success());
    assert_eq!(
        errors(&output),
        "The column notes is not known and was not looked at.\n"
    );
}

/// A file with one row of each kind that cannot be used, after eight people who can.
fn bad_rows() -> String {
    let mut text = happier(8);
    text.push_str(concat!(
        "Q1,ons4,baseline,happy,11\n",
        "Q1,ons5,baseline,happy,3\n",
        "Q1,ons4,baseline,joy,3\n",
        "Q1,ons4,start,happy,3\n",
        ",ons4,baseline,happy,3\n",
        "Q1,ons4,baseline,happy,three\n",
        "Q1,ons4,baseline,happy\n",
        "Q1,ons4,baseline,happy,3,4\n",
        "\"Q\n1\",ons4,baseline,happy,=1+1\n",
        "Q2,ons4,end,happy,4\n",
        "Q2,ONS-4,end,3,4\n",
        "Q3,ons4,start,happy,x\n",
    ));
    text
}

#[test]
fn each_bad_row_is_told_by_line_and_column_and_nothing_is_worked_out() {
    let told = refused(bad_rows());
    let expected = [
        "line 18, column answer: outside the scale: ons4 takes whole numbers from 0 to 10 here",
        "line 19, column instrument: unknown instrument; known are: ons4, swemwbs, wemwbs, ",
        "line 20, column item: the instrument has no such item; name it by its key or by its number",
        "line 21, column moment: “start” is no moment; known are: baseline, middle, end, 3 months,",
        "line 22, column person: says nobody",
        "line 23, column answer: “three” is no whole number; leave the cell empty where nothing was",
        "line 24: has 4 cells where the header has 5",
        "line 25: has 6 cells where the header has 5",
        "line 26, column answer: “=1+1” is no whole number;",
        "line 28, column item: this person answered this item more than once at this moment;",
        "line 29, column item: this person answered this item more than once at this moment;",
        "line 30, column moment: “start” is no moment;",
        "line 30, column answer: “x” is no whole number;",
        "Nothing was worked out. Put these rows right, or say --leave-out-bad-rows",
    ];
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{told}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
    }
}

#[test]
fn the_rest_is_worked_out_when_somebody_says_so() {
    let report = json(bad_rows(), &["--leave-out-bad-rows"]);
    assert_eq!(report["rows"], 28);
    assert_eq!(report["rows_left_out"], 12);
    let left_out = report["left_out"].as_array().unwrap();
    let codes: Vec<_> = left_out
        .iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "outside_scale",
            "unknown_instrument",
            "unknown_item",
            "unknown_moment",
            "no_person",
            "not_a_number",
            "cells",
            "cells",
            "not_a_number",
            "twice",
            "twice",
            "unknown_moment",
            "not_a_number",
        ]
    );
    let one = scale(&report, "ons4", "happy");
    assert_eq!(one["n_matched"], 8);
    let clean = json(happier(8), &[]);
    for key in ["change", "t", "wilcoxon_p", "sentence"] {
        assert_eq!(one[key], scale(&clean, "ons4", "happy")[key]);
    }
    // The list goes to standard error too, so that nobody overlooks it.
    let output = Run::over(bad_rows()).with(&["--leave-out-bad-rows"]);
    assert!(errors(&output).ends_with("These rows were left out.\n"));
}

#[test]
fn a_version_that_is_not_known_is_told() {
    let text = "person,instrument,version,moment,item,answer\nP1,ons4,1,baseline,1,3\nP1,ons4,2,baseline,2,3\nP1,ons4,x,baseline,3,3\nP1,ons4,,baseline,4,3\n";
    let told = refused(text);
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[0].starts_with("line 3, column version: unknown version"));
    assert!(lines[1].starts_with("line 4, column version: unknown version"));
    assert_eq!(lines.len(), 3);
}

#[test]
fn of_very_many_bad_rows_the_first_are_told() {
    let mut text = HEADER.to_owned();
    for _ in 0..250 {
        text.push_str("P1,nothing,baseline,1,1\n");
    }
    let told = refused(text);
    assert_eq!(told.lines().count(), 102);
    assert!(told.contains("line 101,") && !told.contains("line 102,"));
    assert!(told.contains("and 150 more"));
}

#[test]
fn what_is_no_file_of_answers_says_why() {
    for (bytes, expected) in [
        (b"".to_vec(), "the file of answers: is empty\n"),
        (b"\n\n".to_vec(), "the file of answers: is empty\n"),
        (
            HEADER.as_bytes().to_vec(),
            "the file of answers: holds no answers: there is nothing below the names of the columns\n",
        ),
        (
            b"person,instrument\nP1,ons4\n".to_vec(),
            "the file of answers line 1: there is no column moment, item, answer; the first line names the columns: person,instrument,moment,item,answer\n",
        ),
        (
            b"person,instrument,moment,item,answer,value\n".to_vec(),
            "the file of answers line 1: a second column for answer\n",
        ),
        (
            [
                HEADER.as_bytes(),
                b"P1,ons4,baseline,1,3\nSi\xE2n,ons4,baseline,1,3\n",
            ]
            .concat(),
            "the file of answers line 3: is not UTF-8 at byte 61; save it again as “CSV UTF-8 (comma delimited)”\n",
        ),
        (
            [
                HEADER.as_bytes(),
                b"P1,ons4,baseline,1,\"3\nP2,ons4,baseline,1,3\n",
            ]
            .concat(),
            "the file of answers line 2: opens a quotation mark that is never closed\n",
        ),
    ] {
        assert_eq!(refused(bytes), expected);
    }
    let missing = Command::new(env!("CARGO_BIN_EXE_wellfield"))
        .args(["evaluate", "no-such-file.csv"])
        .output()
        .unwrap();
    assert!(!missing.status.success());
    assert!(errors(&missing).starts_with("no-such-file.csv cannot be read"));
}

#[test]
fn the_number_of_people_decides_how_much_is_said() {
    let sentence = |people| {
        let report = json(happier(people), &[]);
        let one = scale(&report, "ons4", "happy");
        let text = one["sentence"].as_str().unwrap().to_owned();
        (one["change"].is_null(), one["t"].is_null(), text)
    };
    let (no_change, no_test, text) = sentence(3);
    assert!(no_change && no_test);
    assert_eq!(
        text,
        "Fewer than five people answered both times about happiness yesterday: too few for figures, so tell their stories."
    );
    let (no_change, no_test, text) = sentence(7);
    assert!(no_change && no_test && text.starts_with("Only 7 people"));
    let (no_change, no_test, text) = sentence(8);
    assert!(!no_change && !no_test && text.contains("indicative"));
    assert!(sentence(29).2.contains("indicative"));
    assert!(!sentence(30).2.contains("indicative"));
}

#[test]
fn only_people_who_answered_both_times_are_compared() {
    let mut text = happier(10);
    let before = json(&text, &[]);
    for person in 100..200 {
        writeln!(text, "L{person},ons4,baseline,happy,0").unwrap();
    }
    let after = json(&text, &[]);
    let (before, after) = (
        scale(&before, "ons4", "happy"),
        scale(&after, "ons4", "happy"),
    );
    for key in ["mean_baseline", "mean_end", "change", "p", "n_matched"] {
        assert_eq!(before[key], after[key], "{key}");
    }
    assert_eq!(
        (&after["n_baseline"], &after["n_left"]),
        (&110.into(), &100.into())
    );
    assert_eq!(after["mean_baseline_of_leavers"], 0.0);
}

#[test]
fn an_estimate_in_pounds_is_there_only_where_it_is_asked_for() {
    let text = happier(10).replace("happy", "satisfied");
    let without = json(&text, &[]);
    assert!(scale(&without, "ons4", "satisfied")["wellby"].is_null());
    let with = json(&text, &["--wellby-years", "0.5"]);
    let worth = &scale(&with, "ons4", "satisfied")["wellby"];
    assert_eq!(worth["price_year"], 2019);
    // Ten people, 1.9 points, half a year.
    near(&worth["wellbys"], 9.5, 1e-9);
    near(&worth["pounds_central"], 123_500.0, 1e-6);
    for years in ["0", "2", "nan"] {
        let output = Run::over(&text).with(&["--wellby-years", years]);
        assert!(!output.status.success());
        assert!(errors(&output).contains("at most a year"));
    }
}

#[test]
fn no_person_is_named_in_what_is_said() {
    let mut text = happier(8).replace("P1,", "Siân Morgan,");
    text.push_str("Siân Morgan,ons4,baseline,happy,99\n");
    let run = Run::over(text);
    for options in [
        &["--json"][..],
        &["--leave-out-bad-rows"],
        &["--json", "--leave-out-bad-rows"],
    ] {
        let output = run.with(options);
        let all = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8(all).unwrap().contains("Morgan"));
    }
}

/// Three hundred thousand rows, which a year of a large programme does not reach.
#[test]
fn a_large_file_is_read() {
    let mut text = HEADER.to_owned();
    for person in 0..37_500u32 {
        for moment in ["baseline", "end"] {
            for item in 1..=4 {
                let answer = (person * 7 + item * 3 + u32::from(moment == "end")) % 11;
                writeln!(text, "P{person},ons4,{moment},{item},{answer}").unwrap();
            }
        }
    }
    let report = json(text, &[]);
    assert_eq!(report["rows"], 300_000);
    assert_eq!(scale(&report, "ons4", "anxious")["n_matched"], 37_500);
}
