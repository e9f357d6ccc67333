//! A browser with its cookies, and people who sign in with it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use wellfield_core::access::DeskRole;
use wellfield_core::audit::Actor;
use wellfield_core::clock::Instant;
use wellfield_core::desk::{Account, CODE_STEP_S, SignInName};
use wellfield_core::ids::{AccountId, ProgrammeId};
use wellfield_core::text::Text;
use wellfield_server::enrolment::{CodeHash, InvitationCode};
use wellfield_server::storage::{Invitation, Slip, SlipHash, SlipKind};

use crate::common::{PROGRAMME, Received, Request, Server};

/// A programme into which nobody here refers.
pub const OTHER: ProgrammeId = ProgrammeId(78);

pub const PRIYA: AccountId = AccountId(5);

pub fn account(number: u64, role: DeskRole) -> Account {
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
pub fn invite(server: &Server, account: Account) -> String {
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
pub struct Browser {
    pub address: SocketAddr,
    pub kept: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(server: &Server) -> Self {
        Self {
            address: server.address,
            kept: RefCell::default(),
        }
    }

    pub fn ask(&self, request: Request) -> Received {
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

    pub fn see(&self, path: &str) -> (u16, String) {
        seen(&self.ask(Request::get(path)))
    }

    pub fn send(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        seen(&self.ask(form(path, fields)))
    }

    /// Where a form leads that was taken.
    pub fn goes_to(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let reply = self.ask(form(path, fields));
        assert_eq!(reply.status, 303, "{}", seen(&reply).1);
        reply.header("location").to_owned()
    }
}

pub fn form(path: &str, fields: &[(&str, &str)]) -> Request {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Request::post(path, body.into_bytes())
        .header("content-type", "application/x-www-form-urlencoded")
}

pub fn seen(reply: &Received) -> (u16, String) {
    (reply.status, String::from_utf8(reply.body.clone()).unwrap())
}

/// What stands between two parts of a page.
pub fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let (_, rest) = page
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split_once(after).unwrap().0
}

/// Somebody who set up words and an app.
pub struct Person {
    pub browser: Browser,
    pub words: String,
    pub secret: String,
    pub sign_in: String,
}

pub fn code(server: &Server, secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = wellfield_server::clock::Clock::now(&*server.clock);
    app.generate(now.0 / 1000).to_string()
}

pub fn next_step(server: &Server) {
    server.clock.advance_ms(CODE_STEP_S * 1000);
}

impl Person {
    pub fn set_up(server: &Server, account: Account) -> Self {
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

    pub fn sign_in(&self, server: &Server, words: &str, code: &str) -> (Browser, Received) {
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

pub fn link_worker(server: &Server, number: u64) -> Person {
    Person::set_up(server, account(number, DeskRole::LinkWorker))
}
