//! Who sees which page; administrators and the lead for data protection.

use wellfield_core::access::{DeskRole, Role};
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::ids::AccountId;
use wellfield_core::language::Language;
use wellfield_core::stream::Stream;

use crate::browser::{Browser, PRIYA, Person, account, between, code, link_worker, seen};
use crate::common::{PROGRAMME, Request, Server};
use crate::referring::refer;

/// What each who signs in may see and send, and nobody else: 200 it is there, 303 it was taken or has to be
/// signed in for, 404 there is no such page for them, 422 the form has something wrong with it, which says that
/// it was looked at. Columns: nobody, link worker, data-protection lead, administrator.
const PAGES: [(&str, &str, [u16; 4]); 15] = [
    ("get", "/desk/", [303, 303, 303, 303]),
    ("get", "/desk/referrals", [303, 200, 404, 404]),
    (
        "get",
        "/desk/referrals/00000000000000000000000001",
        [303, 404, 404, 404],
    ),
    ("get", "/desk/refer", [303, 200, 404, 404]),
    ("post", "/desk/refer", [303, 403, 404, 404]),
    ("get", "/desk/people", [303, 404, 404, 200]),
    ("post", "/desk/people", [303, 404, 404, 422]),
    ("get", "/desk/people/0000000000005", [303, 404, 404, 200]),
    (
        "post",
        "/desk/people/0000000000005/invite",
        [303, 404, 404, 200],
    ),
    (
        "post",
        "/desk/people/0000000000009/close",
        [303, 404, 404, 404],
    ),
    ("get", "/desk/complaints", [303, 404, 200, 404]),
    ("post", "/desk/complaints", [303, 404, 303, 404]),
    (
        "post",
        "/desk/complaints/1/acknowledged",
        [303, 404, 303, 404],
    ),
    ("get", "/desk/audit", [303, 404, 200, 404]),
    ("get", "/desk/nothing", [404, 404, 404, 404]),
];

fn everybody_sees_what_the_table_says(server: &Server) {
    let people = [
        link_worker(server, PRIYA.0),
        Person::set_up(server, account(7, DeskRole::DataProtectionLead)),
        Person::set_up(server, account(8, DeskRole::Administrator)),
    ];
    let nobody = Browser::new(server);
    let browsers = [
        &nobody,
        &people[0].browser,
        &people[1].browser,
        &people[2].browser,
    ];
    for (method, path, expected) in PAGES {
        let answered = browsers.map(|browser| match method {
            "get" => browser.see(path).0,
            _ => browser.send(path, &[]).0,
        });
        assert_eq!(answered, expected, "{method} {path}");
    }
}

#[test]
fn everybody_sees_what_is_theirs_and_no_other_page_on_sqlite() {
    everybody_sees_what_the_table_says(&Server::start());
}

#[test]
fn everybody_sees_what_is_theirs_and_no_other_page_on_postgresql() {
    everybody_sees_what_the_table_says(&Server::start_on_postgres());
}

#[test]
fn no_key_of_a_device_opens_a_page_and_no_sign_in_reads_a_stream() {
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    let tablet = server.device(Role::Coordinator);
    let with_key = Request::get("/desk/referrals")
        .key(&tablet.key)
        .send(server.address);
    assert_eq!(with_key.status, 303);
    let stream = format!(
        "/v1/pull?stream={}&epoch=1&after=0&limit=10",
        Stream::Casework(PROGRAMME)
    );
    assert_eq!(priya.browser.ask(Request::get(&stream)).status, 401);
}

#[test]
fn an_administrator_invites_people_and_shuts_them_out_at_once() {
    let server = Server::start();
    let sadia = Person::set_up(&server, account(8, DeskRole::Administrator));
    let programme = PROGRAMME.to_string();
    let fields = [
        ("role", "1"),
        ("name", "Bethan Ellis, Alder Street Surgery"),
        ("contact", "01632 960 210"),
        ("address", "Bethan@Surgery.Example"),
        ("programmes", programme.as_str()),
    ];
    let (status, without) = sadia.browser.send("/desk/people", &fields[..4]);
    assert_eq!(status, 422);
    assert!(without.contains("at least one programme"));
    let (status, page) = sadia.browser.send("/desk/people", &fields);
    assert_eq!(status, 200, "{page}");
    let invitation = between(&page, "<b><code>", "</code>").to_owned();
    let (status, taken) = sadia.browser.send("/desk/people", &fields);
    assert_eq!(status, 422);
    assert!(taken.contains("Somebody else signs in with this address"));
    let bethan = Browser::new(&server);
    assert_eq!(
        bethan.goes_to("/desk/join", &[("code", &invitation)]),
        "/desk/join"
    );
    let (_, drawn) = bethan.send("/desk/join/words", &[]);
    let right = code(&server, between(&drawn, "<code>", "</code>"));
    assert_eq!(
        bethan.goes_to("/desk/join/words/code", &[("code", &right)]),
        "/desk/"
    );
    assert_eq!(bethan.see("/desk/refer").0, 200);
    let (_, people) = sadia.browser.see("/desk/people");
    let number = people
        .split("href=\"/desk/people/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .find(|number| **number != AccountId(8).to_string())
        .unwrap()
        .to_owned();
    let (_, one) = sadia.browser.see(&format!("/desk/people/{number}"));
    assert!(one.contains("Larkenhope Dig") && one.contains("Close this account"));
    let own = format!("/desk/people/{}", AccountId(8));
    assert!(!sadia.browser.see(&own).1.contains("Close this account"));
    assert_eq!(sadia.browser.send(&format!("{own}/close"), &[]).0, 404);
    assert_eq!(
        sadia
            .browser
            .goes_to(&format!("/desk/people/{number}/close"), &[]),
        "/desk/people"
    );
    assert_eq!(bethan.see("/desk/refer").0, 303);
    let by = Actor::Account(AccountId(8));
    let closed = number.parse().unwrap();
    assert!(
        server
            .audit()
            .contains(&(by, Deed::AccountClosed { account: closed }))
    );
}

#[test]
fn a_complaint_has_its_thirty_days_and_every_step_stands_in_the_audit() {
    let server = Server::start();
    let iwan = Person::set_up(&server, account(7, DeskRole::DataProtectionLead));
    let see = || iwan.browser.see("/desk/complaints").1;
    assert!(see().contains("No complaint has been entered"));
    let (status, wrong) = iwan
        .browser
        .send("/desk/complaints", &[("day", "2999-01-01")]);
    assert_eq!(status, 422);
    assert!(wrong.contains("a day up to today") && wrong.contains("2999-01-01"));
    iwan.browser
        .goes_to("/desk/complaints", &[("day", "2025-06-10")]);
    assert!(see().contains("To acknowledge by 10 July 2025"));
    iwan.browser.goes_to("/desk/complaints/1/acknowledged", &[]);
    assert!(see().contains("still has to be answered"));
    assert_eq!(iwan.browser.send("/desk/complaints/2/answered", &[]).0, 404);
    assert_eq!(iwan.browser.send("/desk/complaints/1/erased", &[]).0, 404);
    iwan.browser.goes_to("/desk/complaints/1/answered", &[]);
    let by = Actor::Account(AccountId(7));
    let answered = Deed::ComplaintAnswered { complaint: 1 };
    assert!(server.audit().contains(&(by, answered)));
    let (_, audit) = iwan.browser.see("/desk/audit");
    assert!(
        audit.contains("15 June 2025: Account 0000000000007. Complaint 1 was answered."),
        "{audit}"
    );
}

#[test]
fn pages_are_kept_nowhere_and_run_nothing_that_is_not_ours() {
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    refer(&priya);
    for path in [
        "/desk/referrals",
        "/desk/refer",
        "/desk/join",
        "/desk/nothing",
    ] {
        let reply = priya.browser.ask(Request::get(path));
        assert_eq!(
            reply.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        let mut policies = reply.headers.get_all("content-security-policy").iter();
        assert!(policies.any(|said| said.to_str().unwrap().contains("script-src 'self'")));
        let page = String::from_utf8(reply.body.clone()).unwrap();
        assert!(
            !["<script>", " style=", "onclick=", "onload="]
                .iter()
                .any(|run| page.contains(run)),
            "{path}"
        );
        if path != "/desk/nothing" {
            assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        }
    }
}

#[test]
fn the_pages_speak_the_language_that_somebody_asks_for_or_chose() {
    let server = Server::start();
    let browser = Browser::new(&server);
    let welsh = Request::get("/desk/sign-in").header("accept-language", "cy");
    let (_, page) = seen(&browser.ask(welsh));
    assert!(page.contains("Mewngofnodi") && page.replace('"', "").contains("<html lang=cy"));
    assert!(browser.see("/desk/sign-in").1.contains("Sign in"));
    browser.goes_to("/desk/language", &[("language", Language::Welsh.tag())]);
    assert!(browser.see("/desk/sign-in").1.contains("Mewngofnodi"));
}
