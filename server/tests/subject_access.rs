//! What is recorded about one person, written down for that person.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::fs;
use std::path::Path;

use common::binary::{Running, json, output, standard_output};
use serde_json::Value;

/// A demonstration on whose records nothing is done any more, and its export.
fn demonstration(data: &Path) -> Value {
    drop(Running::start("demo", data));
    let status = json(&standard_output(&["status", "--json"], data));
    let programme = status["programmes"][0]["name"].as_str().unwrap();
    json(&standard_output(
        &["export", "--programme", programme],
        data,
    ))
}

fn texts(list: &Value, key: &str) -> Vec<String> {
    let entries = list.as_array().unwrap().iter();
    entries
        .filter_map(|entry| entry[key].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn a_person_gets_everything_about_them_and_nothing_about_others() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("records");
    fs::create_dir(&data).unwrap();
    let export = demonstration(&data);
    let people = texts(&export["people"], "id");
    let names = texts(&export["people"], "preferred_name");
    let (person, name) = (&people[0], &names[0]);
    let out = folder.path().join("answer.json");
    let ask = [
        "subject-access",
        "--person",
        person,
        "--out",
        out.to_str().unwrap(),
    ];
    let said = standard_output(&ask, &data);
    assert!(said.contains("ask the safeguarding lead"), "{said}");

    let answer = json(&fs::read_to_string(&out).unwrap());
    assert_eq!(answer["subject"]["id"], **person);
    let records = answer["records"].as_array().unwrap();
    let kinds = |kind: &str| {
        records
            .iter()
            .filter(|record| record["what"] == kind)
            .count()
    };
    let about = |list: &str| {
        let entries = export[list].as_array().unwrap().iter();
        entries.filter(|entry| entry["person"] == **person).count()
    };
    assert_eq!(kinds("consent_recorded"), about("consents"));
    assert_eq!(kinds("pulse_answered"), about("pulses"));
    assert!(kinds("attendance_marked") >= about("register") && about("register") > 0);
    let recorded = records
        .iter()
        .find(|record| record["what"] == "person_recorded");
    assert_eq!(recorded.unwrap()["content"]["preferred_name"], **name);
    assert!(!recorded.unwrap()["content"]["emergency_contact"].is_null());
    assert!(records.iter().all(|record| record["content"].is_object()));

    let page = fs::read_to_string(out.with_extension("html")).unwrap();
    assert!(page.contains(name.as_str()) && page.contains("The safeguarding lead reviews them"));
    assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("http"));
    for other in &people[1..] {
        let written = format!("{answer}{page}");
        assert!(!written.contains(other.as_str()), "{other}");
    }
    let entries = json(&standard_output(&["audit", "list", "--json"], &data));
    let last = entries.as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "subject-access");
    assert_eq!(last["count"], records.len());

    // Nothing is written over, and nobody is told about who is not there.
    assert_eq!(output(&ask, &data).status.code(), Some(1));
    let nobody = [
        "subject-access",
        "--person",
        "0000000000000",
        "--out",
        "x.json",
    ];
    let refused = output(&nobody, &data);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("nothing is recorded about"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_somebody_wrote_into_the_form_is_theirs_and_nobody_else_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("records");
    fs::create_dir(&data).unwrap();
    let export = demonstration(&data);
    let form = &export["referrals"][0];
    let out = folder.path().join("answer.json");
    let referral = form["id"].as_str().unwrap();
    let ask = [
        "subject-access",
        "--referral",
        referral,
        "--out",
        out.to_str().unwrap(),
    ];
    standard_output(&ask, &data);
    let answer = json(&fs::read_to_string(&out).unwrap());
    let received = &answer["records"][0]["content"];
    for key in [
        "reference",
        "name",
        "contact",
        "hopes",
        "supporter",
        "access",
        "agreed",
    ] {
        assert_eq!(received[key], form[key], "{key}");
    }
    for file in [&out, &out.with_extension("html")] {
        let mode = fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
