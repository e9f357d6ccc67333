//! The report of a programme, as somebody at a terminal gets it.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::fs;
use std::path::Path;

use common::binary::{Running, json, output, standard_output, wellfield};
use wellfield_server::sample::FINISHED;

fn report(format: &str, data: &Path) -> String {
    let ask = ["report", "--programme", FINISHED, "--format", format];
    standard_output(&ask, data)
}

#[test]
fn a_programme_that_is_over_has_a_report_in_every_form_and_each_is_entered_in_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("records");
    fs::create_dir(&data).unwrap();
    drop(Running::start("demo", &data));
    let entered = || {
        let audit = standard_output(&["audit", "list", "--json"], &data);
        audit.matches("exported").count()
    };
    let before = entered();
    let page = report("html", &data);
    assert!(page.starts_with("<!doctype html>"));
    assert!(
        page.contains("Satisfaction with life: better at the end"),
        "{page}"
    );
    let document = json(&report("json", &data));
    assert_eq!(document["format"], "wellfield-report");
    assert_eq!(document["programme"], FINISHED);
    assert!(report("csv", &data).starts_with("section,table,row,column,value\n"));

    // Whoever recomputes it gets the same.
    let answers = report("answers", &data);
    let file = folder.path().join("answers.csv");
    fs::write(&file, &answers).unwrap();
    let again = wellfield(&["evaluate", file.to_str().unwrap(), "--json"])
        .output()
        .unwrap();
    assert!(again.status.success(), "{again:?}");
    let again = json(&String::from_utf8(again.stdout).unwrap());
    let scales = again["scales"].as_array().unwrap();
    let satisfied = scales
        .iter()
        .find(|scale| scale["scale"] == "satisfied")
        .unwrap();
    let sections = document["sections"].as_array().unwrap();
    let section = sections
        .iter()
        .find(|one| one["key"] == "ons4-satisfied")
        .unwrap();
    let rows = section["tables"][0]["rows"].as_array().unwrap();
    let change = rows
        .iter()
        .find(|row| row[0] == "Mean change for the better")
        .unwrap();
    assert_eq!(change[1], satisfied["change"]);

    assert_eq!(entered(), before + 4);
}

#[test]
fn days_and_names_that_cannot_be_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("records");
    fs::create_dir(&data).unwrap();
    drop(Running::start("demo", &data));
    for (arguments, said) in [
        (
            vec!["--programme", FINISHED, "--from", "1 June"],
            "is no day",
        ),
        (
            vec![
                "--programme",
                FINISHED,
                "--from",
                "2026-06-02",
                "--to",
                "2026-06-01",
            ],
            "--to is before --from",
        ),
        (vec!["--programme", "Walks"], FINISHED),
    ] {
        let ask: Vec<&str> = ["report"].into_iter().chain(arguments).collect();
        let answer = output(&ask, &data);
        assert!(!answer.status.success());
        let told = String::from_utf8(answer.stderr).unwrap();
        assert!(told.contains(said), "{told}");
    }
}

#[test]
fn a_pack_is_written_once_and_nothing_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("records");
    fs::create_dir(&data).unwrap();
    drop(Running::start("demo", &data));
    let pack = folder.path().join("pack");
    let ask = [
        "report",
        "--programme",
        FINISHED,
        "--language",
        "cy",
        "--with-answers",
        "--pack",
        pack.to_str().unwrap(),
    ];
    let said = standard_output(&ask, &data);
    assert!(said.contains("Do not publish them"), "{said}");
    let page = fs::read_to_string(pack.join("report.html")).unwrap();
    assert!(page.contains("<html lang=\"cy\">"));
    let sheet = fs::read_to_string(pack.join("link-workers.html")).unwrap();
    assert!(sheet.contains("<html lang=\"cy\">"));
    assert_eq!(fs::read_dir(&pack).unwrap().count(), 9);
    let refused = output(&ask, &data);
    assert!(!refused.status.success(), "what is there already stays");
    assert_eq!(fs::read_to_string(pack.join("report.html")).unwrap(), page);
}

#[test]
fn a_report_that_is_given_out_is_what_the_next_is_held_against() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("records");
    fs::create_dir(&data).unwrap();
    drop(Running::start("demo", &data));
    let sections = |document: &serde_json::Value| -> Vec<serde_json::Value> {
        document["sections"].as_array().unwrap().clone()
    };
    let before = sections(&json(&report("json", &data)));
    assert!(before.iter().all(|section| section["key"] != "earlier"));
    let give = |more: &[&str]| {
        let ask = ["report", "--programme", FINISHED, "--format", "json"];
        output(&[&ask, more].concat(), &data)
    };
    let too_long = "x".repeat(1_000);
    assert!(!give(&["--to-whom", "Nobody"]).status.success());
    let refused = give(&["--given-out", "--to-whom", &too_long]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--to-whom: "));
    let kept = || {
        let ask = ["export", "--programme", FINISHED];
        json(&standard_output(&ask, &data))["reports_given_out"].clone()
    };
    assert_eq!(kept(), serde_json::json!([]));

    let given = give(&["--given-out", "--to-whom", "Larkenhope Trust"]);
    assert!(given.status.success());
    assert_eq!(kept()[0]["to_whom"], "Larkenhope Trust");
    // Nothing changed since, so the next report of the same days says the same, and that it was checked.
    let mut after = sections(&json(&report("json", &data)));
    let earlier = after
        .iter()
        .position(|one| one["key"] == "earlier")
        .unwrap();
    let earlier = after.remove(earlier);
    assert_eq!(earlier["tables"][0]["rows"][0][1], "Checked against it");
    assert_eq!(after, before);
    // One of other days was not.
    let other = give(&["--from", "2020-01-01"]);
    let other = sections(&json(&String::from_utf8(other.stdout).unwrap()));
    let earlier = other.iter().find(|one| one["key"] == "earlier").unwrap();
    assert_eq!(earlier["tables"][0]["rows"][0][1], "Not checked against it");
}
