//! Who asks for a page, and in which language.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use wellfield_core::access::{Action, Resource};
use wellfield_core::clock::Instant;
use wellfield_core::desk::{Account, IDLE_MS, SESSION_MS, Session};
use wellfield_core::ids::AccountId;
use wellfield_core::language::Language;
use wellfield_wording::Words;

use super::super::App;
use super::page::{Failed, Why};
use crate::enrolment::{Token, TokenHash};
use crate::storage::{AccountBy, AccountEntry, Slip, SlipHash, SlipKind, Unavailable};

/// Somebody is signed in.
pub(super) const SESSION: &str = "__Host-wellfield";

/// Somebody is in the middle of signing in, or of setting it up.
pub(super) const STEP: &str = "__Host-wellfield-step";

/// Somebody typed an invitation.
pub(super) const INVITATION: &str = "__Host-wellfield-invitation";

/// The language that somebody chose.
pub(super) const LANGUAGE: &str = "__Host-wellfield-language";

/// That somebody was seen is written down again after so long, in milliseconds.
const SEEN_MS: u64 = 60_000;

/// A request for a page of the desk.
pub(super) struct Visit {
    /// What all requests share.
    pub(super) app: Arc<App>,
    /// The words of the language that somebody reads.
    pub(super) w: Words,
    /// When.
    pub(super) now: Instant,
    /// Who, if they are signed in.
    pub(super) who: Option<AccountEntry>,
    /// What their browser keeps.
    pub(super) headers: HeaderMap,
    trouble: bool,
}

impl Visit {
    /// Whoever is signed in.
    ///
    /// # Errors
    /// [`Why::NotSignedIn`]; [`Why::TryLater`] where nobody can say.
    pub(super) fn signed_in(&self) -> Result<&Account, Failed> {
        if self.trouble {
            return Err(self.failed(Why::TryLater));
        }
        let who = self.who.as_ref().map(|entry| &entry.account);
        who.ok_or(self.failed(Why::NotSignedIn))
    }

    /// Whoever is signed in and may do this. To others there is no such page.
    ///
    /// # Errors
    /// As [`Visit::signed_in`], and [`Why::NoSuchPage`].
    pub(super) fn may(&self, action: Action, resource: Resource) -> Result<&Account, Failed> {
        let account = self.signed_in()?;
        if account.may(action, resource) {
            Ok(account)
        } else {
            Err(self.failed(Why::NoSuchPage))
        }
    }

    /// Why a page is not shown, in the language that is read.
    pub(super) const fn failed(&self, why: Why) -> Failed {
        Failed(self.w, why)
    }

    /// Where somebody types an invitation.
    pub(super) fn join_address(&self) -> String {
        let origin = self.app.settings.origin.as_deref().unwrap_or_default();
        format!("{}/desk/join", origin.trim_end_matches('/'))
    }

    /// What a browser keeps under a name, as the fingerprint of a slip.
    pub(super) fn slip_of(&self, cookie: &str) -> Option<SlipHash> {
        slip_of(&self.headers, cookie)
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let now = app.clock.now();
        let who = who(app, &parts.headers, now).await;
        if let Err(error) = &who {
            tracing::error!(%error, "nobody can say who is signed in");
        }
        Ok(Self {
            app: Arc::clone(app),
            w: language(&parts.headers),
            now,
            headers: parts.headers.clone(),
            trouble: who.is_err(),
            who: who.unwrap_or_default(),
        })
    }
}

async fn who(
    app: &App,
    headers: &HeaderMap,
    now: Instant,
) -> Result<Option<AccountEntry>, Unavailable> {
    let Some(hash) = slip_of(headers, SESSION) else {
        return Ok(None);
    };
    let slip = app.storage.slip(SlipKind::Session, hash, now).await?;
    let Some((account, session)) = slip.as_ref().and_then(read_session) else {
        return Ok(None);
    };
    if !session.stands(now) {
        return Ok(None);
    }
    if now.0 - session.seen.0 >= SEEN_MS {
        let seen = Session {
            seen: now,
            ..session
        };
        app.storage
            .put_slip(session_slip(hash, account, seen), now)
            .await?;
    }
    let entry = app.storage.account(AccountBy::Number(account)).await?;
    Ok(entry.filter(|entry| !entry.account.closed))
}

/// What the database keeps of somebody who is signed in. It is gone when it no longer counts.
pub(super) fn session_slip(hash: SlipHash, account: AccountId, session: Session) -> Slip {
    let idle = session.seen.0.saturating_add(IDLE_MS);
    let over = session.opened.0.saturating_add(SESSION_MS);
    Slip {
        hash,
        kind: SlipKind::Session,
        account: Some(account),
        value: [session.opened.0.to_be_bytes(), session.seen.0.to_be_bytes()].concat(),
        expires_at: Instant(idle.min(over)),
    }
}

fn read_session(slip: &Slip) -> Option<(AccountId, Session)> {
    let (opened, seen) = slip.value.split_at_checked(8)?;
    let instant = |bytes: &[u8]| Some(Instant(u64::from_be_bytes(bytes.try_into().ok()?)));
    let session = Session {
        opened: instant(opened)?,
        seen: instant(seen)?,
    };
    Some((slip.account?, session))
}

fn slip_of(headers: &HeaderMap, cookie: &str) -> Option<SlipHash> {
    let TokenHash(hash) = Token::from_hex(kept(headers, cookie)?)?.hash();
    Some(SlipHash(hash))
}

/// What a browser keeps under a name.
pub(super) fn kept<'h>(headers: &'h HeaderMap, cookie: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE).iter();
    let cookies = cookies.filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == cookie).then_some(value))
}

/// The language that somebody chose, else the first that their browser asks for and we have, else English.
pub(super) fn language(headers: &HeaderMap) -> Words {
    let known = |tag: &str| {
        let main = tag.trim().split(['-', ';']).next()?;
        Language::ALL
            .iter()
            .copied()
            .find(|language| language.tag().split('-').next() == Some(main))
    };
    let chosen = kept(headers, LANGUAGE).and_then(known);
    let asked = || {
        let asked = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        asked.split(',').find_map(known)
    };
    Words(chosen.or_else(asked).unwrap_or(Language::English))
}

/// Has a browser keep something: only for this server, only over TLS, out of the reach of scripts, and with no
/// request that another site makes. An empty value is forgotten at once.
pub(super) fn keep(cookie: &str, value: &str, seconds: u64) -> Option<HeaderValue> {
    let age = if value.is_empty() { 0 } else { seconds };
    let kept =
        format!("{cookie}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={age}");
    HeaderValue::from_str(&kept).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        [(name.parse().unwrap(), value.parse().unwrap())]
            .into_iter()
            .collect()
    }

    #[test]
    fn what_a_browser_keeps_is_found_by_its_whole_name() {
        let kept_by = headers("cookie", "a=1; __Host-wellfield=2;__Host-wellfield-step=3");
        assert_eq!(kept(&kept_by, SESSION), Some("2"));
        assert_eq!(kept(&kept_by, STEP), Some("3"));
        assert_eq!(kept(&kept_by, INVITATION), None);
        assert_eq!(kept(&HeaderMap::new(), SESSION), None);
    }

    #[test]
    fn the_language_is_the_one_chosen_then_the_first_that_is_asked_for_and_known() {
        let read = |headers: &HeaderMap| language(headers).0;
        assert_eq!(read(&HeaderMap::new()), Language::English);
        for (asked, language) in [
            ("cy", Language::Welsh),
            ("fr, cy-GB;q=0.9, en;q=0.8", Language::Welsh),
            ("en-GB,cy;q=0.5", Language::English),
            ("de", Language::English),
        ] {
            assert_eq!(
                read(&headers("accept-language", asked)),
                language,
                "{asked}"
            );
        }
        let mut both = headers("accept-language", "en");
        let chosen = format!("{LANGUAGE}=cy");
        both.extend(headers("cookie", &chosen));
        assert_eq!(read(&both), Language::Welsh);
    }

    #[test]
    fn a_sign_in_is_kept_for_as_long_as_it_can_count_and_reads_back() {
        let session = Session {
            opened: Instant(1_000),
            seen: Instant(2_000),
        };
        let slip = session_slip(SlipHash([1; 32]), AccountId(5), session);
        assert_eq!(slip.expires_at, Instant(2_000 + IDLE_MS));
        assert_eq!(read_session(&slip), Some((AccountId(5), session)));
        let late = Session {
            seen: Instant(SESSION_MS),
            ..session
        };
        let slip = session_slip(SlipHash([1; 32]), AccountId(5), late);
        assert_eq!(slip.expires_at, Instant(1_000 + SESSION_MS));
        let cut = Slip {
            value: vec![1; 9],
            ..slip
        };
        assert_eq!(read_session(&cut), None);
    }
}
