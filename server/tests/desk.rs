//! The pages on which people sign in: over HTTP, with a browser's cookies, on both engines where it is about
//! who may do what.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod common;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use common::{PROGRAMME, Received, Request, Server, opened};
use tempfile::TempDir;
use wellfield_core::access::{DeskRole, Role};
use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::clock::{Date, Instant};
use wellfield_core::consent::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::desk::{Account, CODE_STEP_S, IDLE_MS, SESSION_MS, SignInName};
use wellfield_core::event::{Body, Draft};
use wellfield_core::ids::{AccountId, PersonId, ProgrammeId, ReferralId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::records::Records;
use wellfield_core::referral::{Answer, ReferralReceived, answer, take_on};
use wellfield_core::stream::Stream;
use wellfield_core::text::Text;
use wellfield_server::enrolment::{CodeHash, InvitationCode};
use wellfield_server::http::Settings;
use wellfield_server::storage::{Invitation, Slip, SlipHash, SlipKind};

/// A programme into which nobody here refers.
const OTHER: ProgrammeId = ProgrammeId(78);

const PRIYA: AccountId = AccountId(5);

fn account(number: u64, role: DeskRole) -> Account {
    Account {
        account: AccountId(number),
        role,
        sign_in: SignInName::typed(&format!("p{number}@surgery.example"), str::to_owned).unwrap(),
        name: Text::parse(&format!("Person {number}, Alder Street Surgery")).unwrap(),
        contact: Text::parse("01632 960 200").unwrap(),
        programmes: match role {
            DeskRole::LinkWorker => vec![PROGRAMME],
            _ => Vec::new(),
        },
        closed: false,
    }
}

/// An invitation of the test's own making, valid for an hour.
fn invite(server: &Server, account: Account) -> String {
    let code = InvitationCode::draw().unwrap();
    let CodeHash(hash) = code.hash();
    let now = wellfield_server::clock::Clock::now(&*server.clock);
    let invitation = Invitation {
        slip: Slip {
            hash: SlipHash(hash),
            kind: SlipKind::Invitation,
            account: Some(account.account),
            value: Vec::new(),
            expires_at: Instant(now.0 + 60 * 60 * 1000),
        },
        account,
        by: Actor::CommandLine,
        now,
    };
    server.wait(server.storage.invite(invitation)).unwrap();
    code.to_string()
}

/// A browser as far as the server can tell: it keeps what it is told to keep.
struct Browser {
    address: SocketAddr,
    kept: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    fn new(server: &Server) -> Self {
        Self {
            address: server.address,
            kept: RefCell::default(),
        }
    }

    fn ask(&self, request: Request) -> Received {
        let kept = self.kept.borrow().clone().into_iter();
        let kept: Vec<_> = kept
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let reply = request
            .header("cookie", &kept.join("; "))
            .header("sec-fetch-site", "same-origin")
            .send(self.address);
        for told in reply.headers.get_all("set-cookie") {
            let told = told.to_str().unwrap();
            assert!(
                told.contains("; Path=/; Secure; HttpOnly; SameSite=Strict;"),
                "{told}"
            );
            let (name, rest) = told.split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{name}");
            let value = rest.split(';').next().unwrap();
            if told.ends_with("Max-Age=0") {
                self.kept.borrow_mut().remove(name);
            } else {
                self.kept
                    .borrow_mut()
                    .insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    fn see(&self, path: &str) -> (u16, String) {
        seen(&self.ask(Request::get(path)))
    }

    fn send(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        seen(&self.ask(form(path, fields)))
    }

    /// Where a form leads that was taken.
    fn goes_to(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let reply = self.ask(form(path, fields));
        assert_eq!(reply.status, 303, "{}", seen(&reply).1);
        reply.header("location").to_owned()
    }
}

fn form(path: &str, fields: &[(&str, &str)]) -> Request {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Request::post(path, body.into_bytes())
        .header("content-type", "application/x-www-form-urlencoded")
}

fn seen(reply: &Received) -> (u16, String) {
    (reply.status, String::from_utf8(reply.body.clone()).unwrap())
}

/// What stands between two parts of a page.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let (_, rest) = page
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

/// Somebody who set up words and an app.
struct Person {
    browser: Browser,
    words: String,
    secret: String,
    sign_in: String,
}

fn code(server: &Server, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = wellfield_server::clock::Clock::now(&*server.clock);
    app.generate(now.0 / 1000).to_string()
}

fn next_step(server: &Server) {
    server.clock.advance_ms(CODE_STEP_S * 1000);
}

impl Person {
    fn set_up(server: &Server, account: Account) -> Self {
        let sign_in = account.sign_in.as_str().to_owned();
        let browser = Browser::new(server);
        let invitation = invite(server, account);
        assert_eq!(
            browser.goes_to("/desk/join", &[("code", &invitation)]),
            "/desk/join"
        );
        let (status, page) = browser.send("/desk/join/words", &[]);
        assert_eq!(status, 200, "{page}");
        let words: Vec<_> = page
            .split("<b lang=\"en\">")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap())
            .collect();
        assert_eq!(words.len(), 5);
        let secret = between(&page, "<code>", "</code>").to_owned();
        let code = code(server, &secret);
        assert_eq!(
            browser.goes_to("/desk/join/words/code", &[("code", &code)]),
            "/desk/"
        );
        Self {
            words: words.join(" "),
            browser,
            secret,
            sign_in,
        }
    }

    fn sign_in(&self, server: &Server, words: &str, code: &str) -> (Browser, Received) {
        let browser = Browser::new(server);
        let fields = [
            ("address", self.sign_in.as_str()),
            ("words", words),
            ("code", code),
        ];
        let reply = browser.ask(form("/desk/sign-in", &fields));
        (browser, reply)
    }
}

fn link_worker(server: &Server, number: u64) -> Person {
    Person::set_up(server, account(number, DeskRole::LinkWorker))
}

#[test]
fn somebody_who_was_invited_sets_up_words_and_an_app_and_signs_in_with_them() {
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    assert_eq!(priya.browser.see("/desk/referrals").0, 200);
    assert_eq!(
        priya.browser.goes_to("/desk/sign-out", &[]),
        "/desk/sign-in"
    );
    assert_eq!(priya.browser.see("/desk/referrals").0, 303);
    let used = code(&server, &priya.secret);
    let (_, refused) = priya.sign_in(&server, &priya.words, &used);
    assert_eq!(refused.status, 422, "the code counted already");
    next_step(&server);
    let fresh = code(&server, &priya.secret);
    let (browser, taken) = priya.sign_in(&server, &priya.words.to_uppercase(), &fresh);
    assert_eq!((taken.status, taken.header("location")), (303, "/desk/"));
    assert_eq!(browser.see("/desk/referrals").0, 200);
    let deeds: Vec<_> = server.audit().into_iter().collect();
    let by = Actor::Account(PRIYA);
    assert!(deeds.contains(&(by, Deed::SignInSetUp { account: PRIYA })));
    assert!(deeds.contains(&(by, Deed::SignedIn { account: PRIYA })));
}

#[test]
fn whatever_is_not_right_is_told_in_the_same_words_and_tries_run_out() {
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    next_step(&server);
    let right = code(&server, &priya.secret);
    let (_, wrong_words) = priya.sign_in(&server, "not the right five words", &right);
    let (_, wrong_code) = priya.sign_in(&server, &priya.words, "000000");
    let nobody = Person {
        sign_in: "nobody@surgery.example".to_owned(),
        ..link_worker(&server, 6)
    };
    let (_, unknown) = nobody.sign_in(&server, &priya.words, &right);
    let plain = |reply: &Received| {
        let (status, page) = seen(reply);
        (
            status,
            page.replace(&priya.sign_in, "")
                .replace(&nobody.sign_in, ""),
        )
    };
    assert_eq!(plain(&wrong_words).0, 422);
    assert_eq!(plain(&wrong_words), plain(&wrong_code));
    assert_eq!(plain(&wrong_words), plain(&unknown));
    for _ in 0..3 {
        priya.sign_in(&server, "not the right five words", "000000");
    }
    let (_, too_many) = priya.sign_in(&server, &priya.words, &right);
    assert_eq!(too_many.status, 429, "five wrong ones for one account");
    assert_ne!(too_many.header("retry-after"), "");
    server.clock.advance_ms(10 * 60 * 1000);
    let later = code(&server, &priya.secret);
    assert_eq!(priya.sign_in(&server, &priya.words, &later).1.status, 303);
}

#[test]
fn an_invitation_counts_once_until_its_time_and_guesses_run_out() {
    let server = Server::start();
    let invitation = invite(&server, account(PRIYA.0, DeskRole::LinkWorker));
    let browser = Browser::new(&server);
    let (status, page) = browser.send("/desk/join", &[("code", "0123-ABCD-4567")]);
    assert_eq!(status, 422);
    assert!(page.contains("older than a week"));
    assert_eq!(
        browser.goes_to("/desk/join", &[("code", &invitation.to_lowercase())]),
        "/desk/join"
    );
    assert!(browser.see("/desk/join").1.contains("Person 5"));
    // It is used with the app's first code and no sooner.
    let (_, drawn) = browser.send("/desk/join/words", &[]);
    let secret = between(&drawn, "<code>", "</code>");
    let (status, again) = browser.send("/desk/join/words/code", &[("code", "000000")]);
    assert_eq!(status, 422);
    assert!(
        !again.contains(secret),
        "what was shown once is not shown again"
    );
    let right = code(&server, secret);
    assert_eq!(
        browser.goes_to("/desk/join/words/code", &[("code", &right)]),
        "/desk/"
    );
    let other = Browser::new(&server);
    assert_eq!(
        other.send("/desk/join", &[("code", &invitation)]).0,
        422,
        "spent"
    );
    for _ in 0..3 {
        other.send("/desk/join", &[("code", "0123-ABCD-4567")]);
    }
    assert_eq!(
        other.send("/desk/join", &[("code", "0123-ABCD-4567")]).0,
        429
    );
}

#[test]
fn whoever_is_invited_anew_leaves_nothing_open_that_was_open_before() {
    let server = Server::start();
    let before = link_worker(&server, PRIYA.0);
    assert_eq!(before.browser.see("/desk/referrals").0, 200);
    next_step(&server);
    let after = link_worker(&server, PRIYA.0);
    assert_eq!(before.browser.see("/desk/referrals").0, 303, "signed out");
    next_step(&server);
    let old = code(&server, &before.secret);
    assert_eq!(before.sign_in(&server, &before.words, &old).1.status, 422);
    let new = code(&server, &after.secret);
    assert_eq!(after.sign_in(&server, &after.words, &new).1.status, 303);
}

#[test]
fn a_sign_in_ends_when_it_is_not_used_and_after_a_days_work() {
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    let is_in = || priya.browser.see("/desk/referrals").0 == 200;
    // Used every half hour it lasts, and all the same no longer than a day's work.
    for _ in 0..(SESSION_MS / IDLE_MS) {
        server.clock.advance_ms(IDLE_MS - 1);
        assert!(is_in());
    }
    server.clock.advance_ms(SESSION_MS / IDLE_MS);
    assert!(!is_in());
    let again = link_worker(&server, PRIYA.0);
    server.clock.advance_ms(IDLE_MS);
    assert_eq!(again.browser.see("/desk/referrals").0, 303);
}

const SIAN: [(&str, &str); 8] = [
    ("name", "Siân"),
    ("contact_way", "1"),
    ("contact", "01632 960 123"),
    ("access", "2"),
    ("access", "13"),
    ("agreed_support", "A seat, and breaks."),
    ("hopes", "<script>alert(1)</script>"),
    ("agreed", "yes"),
];

/// Refers Siân, and says by which number.
fn refer(person: &Person) -> ReferralId {
    let (_, blank) = person.browser.see("/desk/refer");
    let referral = between(&blank, "name=\"referral\" value=\"", "\"").to_owned();
    let programme = PROGRAMME.to_string();
    let mut fields = SIAN.to_vec();
    fields.extend([("referral", referral.as_str()), ("programme", &programme)]);
    let to = person.browser.goes_to("/desk/refer", &fields);
    assert_eq!(to, format!("/desk/referrals/{referral}?made"));
    // Somebody presses twice.
    assert_eq!(person.browser.goes_to("/desk/refer", &fields), to);
    referral.parse().unwrap()
}

fn records(server: &Server) -> Records {
    let streams = vec![Stream::Delivery(PROGRAMME), Stream::Casework(PROGRAMME)];
    let mut records = Records::default();
    for pulled in server.wait(server.storage.events(streams)).unwrap() {
        records.apply(&pulled.event().unwrap());
    }
    records
}

#[test]
fn a_link_worker_refers_somebody_once_and_follows_what_becomes_of_it() {
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    assert!(
        priya
            .browser
            .see("/desk/referrals")
            .1
            .contains("not referred anybody")
    );
    let referral = refer(&priya);
    let recorded = records(&server);
    let casework = recorded.casework(PROGRAMME).unwrap();
    let [view] = casework.referrals.all()[..] else {
        panic!("one referral")
    };
    let ReferralReceived {
        form,
        referrer,
        doubts,
    } = &view.head.value;
    let referrer = referrer.as_ref().unwrap();
    assert_eq!((form.referral, referrer.account), (referral, PRIYA));
    assert_eq!(form.name.as_str(), "Siân");
    assert_eq!(form.access.len(), 2);
    assert!(doubts.is_empty());
    assert_eq!(
        referrer.agreed_support,
        Some(Text::parse("A seat, and breaks.").unwrap())
    );
    let (_, list) = priya.browser.see("/desk/referrals");
    assert!(list.contains("Siân") && list.contains("Nobody has answered yet"));
    let (_, made) = priya
        .browser
        .see(&format!("/desk/referrals/{referral}?made"));
    assert!(made.contains("We have received it"));
    let title = between(&made, "<title>", "</title>");
    assert!(
        !title.contains("Siân"),
        "no name in the history of the browser"
    );
    // A coordinator answers, and takes her on.
    let today = Date::from_julian_day(2_461_000).unwrap();
    let note = Some(Text::parse("Starts on <b>Tuesday</b>.").unwrap());
    let offered = answer(
        &recorded,
        PROGRAMME,
        referral,
        Answer::PlaceOffered,
        note,
        today,
    );
    server.append(vec![offered.unwrap()]);
    let (_, page) = priya.browser.see(&format!("/desk/referrals/{referral}"));
    assert!(page.contains("offered a place"));
    assert!(page.contains("Starts on &lt;b&gt;Tuesday&lt;/b&gt;."));
    let person = PersonId(70);
    let taken = take_on(&records(&server), PROGRAMME, referral, person, today, today).unwrap();
    server.append(taken.to_vec());
    let (_, page) = priya.browser.see(&format!("/desk/referrals/{referral}"));
    assert!(page.contains("have a place") && page.contains("have not agreed that we tell you"));
    attend(&server, person);
    let (_, page) = priya.browser.see(&format!("/desk/referrals/{referral}"));
    assert!(page.contains("1 of 1 sessions"), "{page}");
}

/// Somebody came to a session, and agrees that whoever referred them is talked to.
fn attend(server: &Server, person: PersonId) {
    let delivery = Stream::Delivery(PROGRAMME);
    let draft = |body: Body| Draft {
        stream: delivery,
        supersedes: Vec::new(),
        body,
    };
    let session = wellfield_core::programme::SessionPlanned {
        session: SessionId(1),
        number: 1,
        date: Date::from_julian_day(2_461_001).unwrap(),
        starts: wellfield_core::clock::TimeOfDay::from_minutes(600).unwrap(),
        ends: wellfield_core::clock::TimeOfDay::from_minutes(700).unwrap(),
        place: None,
    };
    let here = AttendanceMarked {
        session: SessionId(1),
        person,
        mark: Mark::HERE,
        note: None,
    };
    let agreed = ConsentRecorded {
        person,
        purpose: Purpose::TalkToReferrer,
        decision: Decision::Given,
        wording: WordingRef {
            version: 1,
            language: Language::English,
            sha256: [1; 32],
        },
        method: Method::Ticked,
        given_by: GivenBy::Themselves,
        giver_name: None,
    };
    server.append(vec![
        draft(session.into()),
        draft(here.into()),
        draft(agreed.into()),
    ]);
}

#[test]
fn what_is_wrong_with_a_referral_is_told_all_at_once_and_nothing_typed_is_lost() {
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    let (_, blank) = priya.browser.see("/desk/refer");
    let referral = between(&blank, "name=\"referral\" value=\"", "\"").to_owned();
    let fields = [
        ("referral", referral.as_str()),
        ("programme", &OTHER.to_string()),
        ("contact", "123"),
        ("contact_way", "1"),
        ("hopes", "\"><img src=x onerror=alert(1)>"),
        ("emergency_name", "Mair"),
    ];
    let (status, page) = priya.browser.send("/desk/refer", &fields);
    assert_eq!(status, 422);
    assert!(page.contains("Check this: "));
    for told in [
        "Choose a programme",
        "Enter their name",
        "with the area code",
        "if they agree",
        "Enter the number of whom to call",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(page.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"));
    assert!(!page.contains("<img"));
    assert!(
        page.contains(&format!("value=\"{referral}\"")),
        "the same referral"
    );
    let casework = records(&server);
    assert!(
        casework
            .casework(PROGRAMME)
            .is_none_or(|known| known.referrals.all().is_empty())
    );
}

#[test]
fn nobody_sees_whom_somebody_else_referred() {
    let server = Server::start();
    let (priya, other) = (link_worker(&server, PRIYA.0), link_worker(&server, 6));
    let referral = refer(&priya);
    assert_eq!(
        priya.browser.see(&format!("/desk/referrals/{referral}")).0,
        200
    );
    assert_eq!(
        other.browser.see(&format!("/desk/referrals/{referral}")).0,
        404
    );
    assert!(!other.browser.see("/desk/referrals").1.contains("Siân"));
    assert_eq!(
        Browser::new(&server)
            .see(&format!("/desk/referrals/{referral}"))
            .0,
        303
    );
}

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
    assert!(audit.contains("Complaint 1 was answered.") && audit.contains("Account 0000000000007"));
}

#[test]
fn what_another_site_sends_changes_nothing() {
    let server = Server::start();
    let iwan = Person::set_up(&server, account(7, DeskRole::DataProtectionLead));
    let entered = server.audit().len();
    let kept = iwan.browser.kept.borrow()["__Host-wellfield"].clone();
    let cookie = format!("__Host-wellfield={kept}");
    let from = |headers: &[(&'static str, &str)]| {
        let mut request = form("/desk/complaints", &[]).header("cookie", &cookie);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.send(server.address).status
    };
    assert_eq!(from(&[("sec-fetch-site", "cross-site")]), 403);
    assert_eq!(from(&[("sec-fetch-site", "same-site")]), 403);
    assert_eq!(from(&[("origin", "https://evil.example")]), 403);
    assert_eq!(
        from(&[
            ("content-type", "text/plain"),
            ("sec-fetch-site", "same-origin")
        ]),
        403
    );
    assert_eq!(server.audit().len(), entered);
    assert_eq!(
        from(&[("origin", &format!("http://{}", server.address))]),
        303
    );
    assert_eq!(server.audit().len(), entered + 1);
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
    assert!(page.contains("Mewngofnodi") && page.contains("lang=\"cy"));
    assert!(browser.see("/desk/sign-in").1.contains("Sign in"));
    browser.goes_to("/desk/language", &[("language", Language::Welsh.tag())]);
    assert!(browser.see("/desk/sign-in").1.contains("Mewngofnodi"));
}

#[test]
fn passkeys_are_offered_where_the_address_is_known_and_nowhere_else() {
    let server = Server::start();
    let json =
        |path: &str| Request::post(path, Vec::new()).header("content-type", "application/json");
    let ask = |server: &Server| Browser::new(server).ask(json("/desk/passkey/ask"));
    assert_eq!(ask(&server).status, 404);
    assert!(
        !Browser::new(&server)
            .see("/desk/sign-in")
            .1
            .contains("data-passkey-ask")
    );
    let settings = Settings {
        origin: Some("https://dig.example.org".to_owned()),
        ..Settings::default()
    };
    let named = Server::start_with(Arc::new(TempDir::new().unwrap()), settings);
    named.append(vec![opened(PROGRAMME, "Larkenhope Dig")]);
    let asked = ask(&named);
    assert_eq!(asked.status, 200);
    let asked: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(asked["publicKey"]["rpId"], "dig.example.org");
    assert_eq!(asked["publicKey"]["userVerification"], "required");
    assert!(asked.get("mediation").is_none());
    assert!(
        Browser::new(&named)
            .see("/desk/sign-in")
            .1
            .contains("data-passkey-ask")
    );
    // What nobody was asked for is not taken, and neither is noise.
    let browser = Browser::new(&named);
    for path in [
        "/desk/passkey/shown",
        "/desk/join/passkey/made",
        "/desk/join/passkey/ask",
    ] {
        assert_eq!(browser.ask(json(path)).status, 403, "{path}");
    }
    // Whoever was invited is asked to keep it themselves, so that no name has to be typed.
    let invitation = invite(&named, account(PRIYA.0, DeskRole::LinkWorker));
    browser.goes_to("/desk/join", &[("code", &invitation)]);
    let asked = browser.ask(json("/desk/join/passkey/ask"));
    let asked: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    let selection = &asked["publicKey"]["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(asked["publicKey"]["user"]["name"], "p5@surgery.example");
}

#[test]
fn after_a_restore_nobody_is_signed_in_who_was_when_the_backup_was_made() {
    use wellfield_core::audit::NewEntry;
    use wellfield_core::restore::Renewal;
    use wellfield_server::storage::Restoration;
    let server = Server::start();
    let priya = link_worker(&server, PRIYA.0);
    let restoration = Restoration {
        renewal: Renewal {
            epoch: 2,
            devices_left_out: 1,
            places_left_out: 1,
        },
        entry: NewEntry {
            at: common::START,
            actor: Actor::CommandLine,
            deed: Deed::Restored { erased: 0 },
        },
    };
    server.wait(server.storage.renew(restoration)).unwrap();
    assert_eq!(priya.browser.see("/desk/referrals").0, 303);
}
