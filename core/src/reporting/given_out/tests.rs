use super::*;
use crate::attendance::{AttendanceMarked, Mark};
use crate::disclosure::Policy;
use crate::disclosure::Shown::{self, Hidden, Number};
use crate::ids::{PersonId, SessionId};
use crate::records::testing::{FIRST, PROGRAMME, SECOND, Tablet, enrolled, june, tablet, text};
use crate::reporting::{ProgrammeReport, programme_report};

const REPORT: ReportId = ReportId(7);

fn days(from: u8, to: u8) -> Period {
    Period {
        from: june(from),
        to: june(to),
    }
}

fn made(tablet: &Tablet, period: Period) -> (ProgrammeReport, Issue) {
    let casework = tablet.records.casework(PROGRAMME);
    let (report, behind) = programme_report(tablet.delivery(), casework, period, Policy::default());
    (report, behind.issue)
}

fn given(period: Period, issue: &Issue) -> Given<'_> {
    Given {
        report: REPORT,
        period,
        issue,
        to_whom: Some(text("Larkenhope Trust")),
        day: period.to,
    }
}

/// A programme of twenty, of whom the first so many were at the first session.
fn programme(here: u64) -> Tablet {
    let mut tablet = tablet();
    for number in 0..20 {
        let recorded = enrolled(PersonId(1_000 + number), &format!("P{number}"));
        tablet.record_body(&[], recorded);
    }
    for number in 0..here {
        mark(&mut tablet, FIRST, number);
    }
    tablet
}

fn mark(tablet: &mut Tablet, session: SessionId, number: u64) {
    let marked = AttendanceMarked {
        session,
        person: PersonId(1_000 + number),
        mark: Mark::HERE,
        note: None,
    };
    tablet.record_body(&[], marked);
}

fn give(tablet: &mut Tablet, period: Period) {
    let (_, issue) = made(tablet, period);
    let draft = given(period, &issue).draft(PROGRAMME).unwrap();
    tablet.record(draft);
}

fn here(report: &ProgrammeReport) -> Vec<Shown> {
    let sessions = report.reach.sessions.iter();
    sessions.map(|session| session.here).collect()
}

#[test]
fn the_next_report_is_held_against_the_one_that_was_given_out() {
    let mut tablet = programme(12);
    let first = days(1, 2);
    give(&mut tablet, first);
    // A mark comes late, and a second session is held.
    mark(&mut tablet, FIRST, 12);
    for number in 0..14 {
        mark(&mut tablet, SECOND, number);
    }
    let (report, _) = made(&tablet, days(1, 30));
    assert_eq!(report.against, [(first, june(2))]);
    // That one more came to the first session would follow from both reports.
    assert_eq!(here(&report), [Hidden, Hidden]);
    // Before anybody had the first one, there was nothing to hide.
    let draft = was_not_given_out(&tablet.records, PROGRAMME, REPORT).unwrap();
    tablet.record(draft);
    let (report, _) = made(&tablet, days(1, 30));
    assert_eq!(
        (here(&report), report.against),
        (vec![Number(13), Number(14)], vec![])
    );
}

#[test]
fn the_same_report_may_be_given_out_again() {
    let mut tablet = programme(12);
    let (report, _) = made(&tablet, days(1, 30));
    give(&mut tablet, days(1, 30));
    let (again, _) = made(&tablet, days(1, 30));
    assert_eq!(again.reach, report.reach);
}

#[test]
fn a_report_says_which_others_share_days_with_it_that_it_is_not_held_against() {
    let mut tablet = programme(12);
    give(&mut tablet, days(2, 10));
    for (period, beside) in [
        // It begins on another day, ends earlier, or has no day in common.
        (days(1, 30), vec![days(2, 10)]),
        (days(2, 9), vec![days(2, 10)]),
        (days(11, 30), vec![]),
        (days(2, 10), vec![]),
    ] {
        assert_eq!(made(&tablet, period).0.beside, beside, "{period:?}");
    }
}

#[test]
fn what_cannot_be_read_is_no_reason_to_show_more() {
    let mut tablet = programme(12);
    let period = days(1, 30);
    let broken = ReportGivenOut {
        report: REPORT,
        period,
        day: june(2),
        to_whom: None,
        shown: Some(KeptIssue(vec![0xff])),
    };
    let draft = Draft {
        stream: Stream::Casework(PROGRAMME),
        supersedes: Vec::new(),
        body: broken.into(),
    };
    tablet.record(draft);
    let (report, _) = made(&tablet, period);
    assert_eq!((report.against, report.beside), (vec![], vec![period]));
}

#[test]
fn only_a_report_that_is_out_can_be_taken_back_and_only_once() {
    let mut tablet = programme(12);
    assert_eq!(
        was_not_given_out(&tablet.records, PROGRAMME, REPORT),
        Err(GivenOutError::NotHere)
    );
    give(&mut tablet, days(1, 30));
    let listed = |tablet: &Tablet| {
        let casework = tablet.records.casework(PROGRAMME).unwrap();
        let all = casework.given_out.all();
        all.iter().map(|head| head.value.report).collect::<Vec<_>>()
    };
    assert_eq!(listed(&tablet), [REPORT]);
    let draft = was_not_given_out(&tablet.records, PROGRAMME, REPORT).unwrap();
    tablet.record(draft);
    assert_eq!(listed(&tablet), []);
    assert_eq!(
        was_not_given_out(&tablet.records, PROGRAMME, REPORT),
        Err(GivenOutError::NothingToChange)
    );
}

/// Two coordinators, one of whom did not know what the other knew: what is in the world stays there.
#[test]
fn where_one_says_it_is_out_and_another_that_it_is_not_it_is_out() {
    let mut tablet = programme(12);
    let period = days(1, 30);
    give(&mut tablet, period);
    let draft = was_not_given_out(&tablet.records, PROGRAMME, REPORT).unwrap();
    let (_, issue) = made(&tablet, period);
    let again = given(period, &issue).draft(PROGRAMME).unwrap();
    tablet.record(draft);
    tablet.record(again);
    let casework = tablet.records.casework(PROGRAMME).unwrap();
    assert_eq!(casework.given_out.all().len(), 1);
}

#[test]
fn what_is_too_large_to_be_kept_is_not() {
    let mut issuing = crate::disclosure::Issuing::new(Policy::default(), Vec::new());
    let parts = (0..20_000).map(|number| crate::disclosure::Part::of(&[number]));
    assert!(issuing.may_show("scale", parts.collect()));
    let issue = issuing.finish();
    let drafted = given(days(1, 30), &issue).draft(PROGRAMME);
    assert_eq!(drafted.unwrap_err(), TooLarge);
}
