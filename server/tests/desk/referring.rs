//! Link workers: referring somebody, and following what becomes of it.

use wellfield_core::attendance::{AttendanceMarked, Mark};
use wellfield_core::clock::Date;
use wellfield_core::consent::{ConsentRecorded, Decision, GivenBy, Method, Purpose, WordingRef};
use wellfield_core::event::{Body, Draft};
use wellfield_core::ids::{PersonId, ReferralId, SessionId};
use wellfield_core::language::Language;
use wellfield_core::records::Records;
use wellfield_core::referral::{Answer, ReferralReceived, answer, take_on};
use wellfield_core::stream::Stream;
use wellfield_core::text::Text;

use crate::browser::{Browser, OTHER, PRIYA, Person, between, link_worker};
use crate::common::{PROGRAMME, Server};

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
pub fn refer(person: &Person) -> ReferralId {
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
    let taken = take_on(&records(&server), PROGRAMME, referral, person, today).unwrap();
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
