use super::*;
use crate::records::testing::text;
use crate::stream::Room;

fn account(role: DeskRole) -> Account {
    Account {
        account: AccountId(5),
        role,
        sign_in: SignInName::typed("priya@surgery.example", str::to_owned).unwrap(),
        name: text("Priya Nair, Alder Street Surgery"),
        contact: text("01632 960 200"),
        programmes: vec![ProgrammeId(7)],
        closed: false,
    }
}

#[test]
fn a_link_worker_refers_into_the_programmes_that_they_were_let_into() {
    let priya = account(DeskRole::LinkWorker);
    assert!(priya.may_refer_into(ProgrammeId(7)));
    assert!(!priya.may_refer_into(ProgrammeId(8)));
    assert!(!priya.may(Action::Read, Resource::OthersReferral));
    assert!(!priya.may(Action::Read, Room::Casework.into()));
    for role in [DeskRole::Administrator, DeskRole::DataProtectionLead] {
        assert!(!account(role).may_refer_into(ProgrammeId(7)), "{role:?}");
    }
}

#[test]
fn whoever_no_longer_signs_in_may_nothing_not_even_what_everybody_may() {
    for role in DeskRole::ALL {
        let closed = Account {
            closed: true,
            ..account(*role)
        };
        for action in [Action::Read, Action::Write] {
            for resource in [Resource::OwnReferral, Resource::Audit, Resource::Accounts] {
                assert!(!closed.may(action, resource));
            }
            assert!(!closed.may(action, Room::Public.into()));
        }
        assert!(!closed.may_refer_into(ProgrammeId(7)));
    }
}

#[test]
fn an_administrator_closes_the_accounts_of_others_and_not_their_own() {
    let own = account(DeskRole::Administrator);
    let other = Account {
        account: AccountId(6),
        ..account(DeskRole::LinkWorker)
    };
    assert!(own.may_close(&other));
    assert!(!own.may_close(&own));
    assert!(!other.may_close(&own));
    let closed = Account {
        closed: true,
        ..other
    };
    assert!(!own.may_close(&closed));
}

#[test]
fn a_link_worker_has_a_programme_and_nobody_else_has_any() {
    let chosen = vec![ProgrammeId(7)];
    let of = |role, chosen: &[ProgrammeId]| programmes_of(role, chosen.to_vec());
    assert_eq!(of(DeskRole::LinkWorker, &chosen), Some(chosen.clone()));
    assert_eq!(of(DeskRole::LinkWorker, &[]), None);
    for role in [DeskRole::Administrator, DeskRole::DataProtectionLead] {
        assert_eq!(of(role, &chosen), Some(Vec::new()));
        assert_eq!(of(role, &[]), Some(Vec::new()));
    }
}

#[test]
fn an_address_is_the_same_in_capitals_and_has_something_around_one_at() {
    let read = |typed: &str| SignInName::typed(typed, str::to_owned);
    let read_as = |typed: &str| read(typed).map(|name| name.as_str().to_owned());
    assert_eq!(
        read_as(" Priya@Surgery.Example ").as_deref(),
        Ok("priya@surgery.example")
    );
    for wrong in ["priya", "@surgery", "priya@", "a@b@c", "a b@c", "a@b c"] {
        assert_eq!(read(wrong), Err(SignInNameError::NotAnAddress), "{wrong}");
    }
    assert_eq!(read(""), Err(TextError::Empty.into()));
}

#[test]
fn a_sign_in_ends_when_it_is_not_used_after_a_days_work_and_when_the_clock_goes_back() {
    let at = |opened, seen| Session {
        opened: Instant(opened),
        seen: Instant(seen),
    };
    let start = 1_000_000;
    assert!(at(start, start).stands(Instant(start + IDLE_MS - 1)));
    assert!(!at(start, start).stands(Instant(start + IDLE_MS)));
    let late = start + SESSION_MS - 1;
    assert!(at(start, late).stands(Instant(late)));
    assert!(!at(start, late).stands(Instant(late + 1)));
    assert!(!at(start, start).stands(Instant(start - 1)));
    assert!(!at(start, start - 1).stands(Instant(start)));
}

#[test]
fn a_code_counts_around_its_time_and_once() {
    let now = Instant(100 * CODE_STEP_S * 1000);
    let steps = |used| steps_that_count(now, used).collect::<Vec<_>>();
    assert_eq!(steps(None), [99, 100, 101]);
    assert_eq!(steps(Some(98)), [99, 100, 101]);
    assert_eq!(steps(Some(99)), [100, 101]);
    assert_eq!(steps(Some(100)), [101]);
    assert!(steps(Some(101)).is_empty());
    assert_eq!(
        steps_that_count(Instant(0), None).collect::<Vec<_>>(),
        [0, 1]
    );
}
