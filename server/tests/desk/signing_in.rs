//! Setting up how somebody signs in, signing in and out.

use std::sync::Arc;

use tempfile::TempDir;
use wellfield_core::access::DeskRole;
use wellfield_core::audit::{Actor, Deed};
use wellfield_core::desk::{IDLE_MS, SESSION_MS};
use wellfield_server::http::Settings;

use crate::browser::{
    Browser, PRIYA, Person, account, between, code, form, invite, link_worker, next_step, seen,
};
use crate::common::{self, PROGRAMME, Received, Request, Server, opened};

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
