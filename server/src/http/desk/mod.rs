//! The pages on which people sign in who have no device here: link workers, the data-protection lead,
//! administrators.
//!
//! The server writes them, and they work without a script; one is needed for passkeys alone. What each role may
//! do is for `wellfield_core::access::decide` to say, and every handler asks it.

mod accounts;
mod complaints;
mod form;
mod join;
mod page;
mod passkey;
mod referrals;
mod sign_in;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::Semaphore;
use wellfield_core::access::{Action, Resource};

use super::{App, client, headers};
use crate::assets;
use crate::desk::Passkeys;
use page::{Answer, Failed, Why};
use visit::Visit;

/// Where somebody is after signing in.
pub(super) const HOME: &str = "/desk/";

/// Where somebody signs in.
const SIGN_IN: &str = "/desk/sign-in";

/// So many passphrases are stretched at the same time. Each takes 32 MiB and a good part of a second.
const STRETCHING_AT_ONCE_MAX: usize = 2;

/// What the pages share.
pub(super) struct Desk {
    passkeys: Option<Passkeys>,
    stretching: Semaphore,
}

impl Desk {
    /// For the address at which people reach the server, if it is known.
    pub(super) fn new(origin: Option<&str>) -> Self {
        Self {
            passkeys: origin.and_then(Passkeys::for_origin),
            stretching: Semaphore::new(STRETCHING_AT_ONCE_MAX),
        }
    }
}

/// Every address of the desk.
pub(super) fn routes() -> Router<Arc<App>> {
    let pages = Router::new()
        .route("/desk/", get(home))
        .route("/desk/language", post(sign_in::language))
        .route(SIGN_IN, get(sign_in::page).post(sign_in::with_words))
        .route("/desk/sign-out", post(sign_in::out))
        .route("/desk/passkey/ask", post(passkey::ask_to_sign_in))
        .route("/desk/passkey/shown", post(passkey::sign_in))
        .route("/desk/join", get(join::page).post(join::with_code))
        .route("/desk/join/passkey/ask", post(passkey::ask_to_make))
        .route("/desk/join/passkey/made", post(passkey::made))
        .route("/desk/join/words", post(join::draw_words))
        .route("/desk/join/words/code", post(join::with_app))
        .route("/desk/referrals", get(referrals::list))
        .route("/desk/refer", get(referrals::blank).post(referrals::refer))
        .route("/desk/referrals/{referral}", get(referrals::one))
        .route("/desk/people", get(accounts::list).post(accounts::invite))
        .route("/desk/people/{account}", get(accounts::one))
        .route("/desk/people/{account}/invite", post(accounts::invite_anew))
        .route("/desk/people/{account}/close", post(accounts::close))
        .route(
            "/desk/complaints",
            get(complaints::list).post(complaints::received),
        )
        .route("/desk/complaints/{number}/{step}", post(complaints::go_on))
        .route("/desk/audit", get(complaints::audit))
        .layer(from_fn(from_this_site))
        .layer(from_fn(headers::no_store));
    pages.route("/desk/{*file}", get(file))
}

/// The styles, the script of passkeys and the icons. No page is found by a name that is none.
async fn file(uri: Uri, headers: HeaderMap) -> Response {
    if assets::extension(uri.path()).is_some() {
        return client::file(uri, headers).await;
    }
    Failed(visit::language(&headers), Why::NoSuchPage).into_response()
}

/// Leads to what somebody's work begins with.
async fn home(visit: Visit) -> Answer {
    let account = visit.signed_in()?;
    let begins = [
        (Resource::OwnReferral, "/desk/referrals"),
        (Resource::Accounts, "/desk/people"),
        (Resource::Complaints, "/desk/complaints"),
    ];
    let first = begins
        .into_iter()
        .find(|(resource, _)| account.may(Action::Read, *resource));
    let (_, to) = first.ok_or(Failed(visit.w, Why::NoSuchPage))?;
    Ok(page::go_to(to))
}

/// Lets nothing be changed from another site: neither by its forms nor by its scripts. Browsers say where a
/// request comes from; what says nothing of the kind is no browser and has no cookie that somebody else put
/// there.
async fn from_this_site(request: Request, next: Next) -> Response {
    if request.method() != Method::GET
        && request.method() != Method::HEAD
        && !is_from_this_site(request.headers())
    {
        let w = visit::language(request.headers());
        return Failed(w, Why::NotAForm).into_response();
    }
    next.run(request).await
}

fn is_from_this_site(headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map(|said| said.to_str().unwrap_or("?"));
    if let Some(site) = said("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = said(ORIGIN.as_str()) else {
        return headers.contains_key(CONTENT_TYPE);
    };
    let host = said(HOST.as_str());
    origin
        .split_once("://")
        .is_some_and(|(_, from)| Some(from) == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        let headers = headers.iter();
        headers
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn what_another_site_sends_changes_nothing() {
        let own = ("host", "dig.example.org");
        for from_here in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[own, ("origin", "https://dig.example.org")],
        ] {
            assert!(is_from_this_site(&said(from_here)), "{from_here:?}");
        }
        for from_elsewhere in [
            &[("sec-fetch-site", "cross-site")][..],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://dig.example.org"),
                own,
            ],
            &[own, ("origin", "https://evil.example")],
            &[own, ("origin", "null")],
            &[own],
        ] {
            assert!(
                !is_from_this_site(&said(from_elsewhere)),
                "{from_elsewhere:?}"
            );
        }
    }
}
