//! Signing in with five words and an app, signing out, and the language.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::response::Response;
use maud::{Markup, html};
use wellfield_core::audit::{Actor, Deed, NewEntry};
use wellfield_core::desk::{Account, SESSION_MS, Session, SignInName};
use wellfield_core::vault::Passphrase;

use super::super::address::Neighbourhood;
use super::form::{Field, Typed, Wrong, submit, summary};
use super::page::{Answer, Failed, Page, Why, go_to, keeping};
use super::visit::{LANGUAGE, SESSION, Visit, keep, session_slip};
use super::{HOME, SIGN_IN};
use crate::desk::{Credentials, WordsAndApp};
use crate::enrolment::{Token, TokenHash, hex};
use crate::storage::{AccountBy, AccountEntry, CredentialsChange, Slip, SlipHash, SlipKind};
use crate::unicode::nfc;

const ADDRESS: &str = "address";
const WORDS: &str = "words";
const CODE: &str = "code";

/// For how long a browser keeps the language, in seconds.
const LANGUAGE_S: u64 = 365 * 24 * 60 * 60;

pub(super) async fn page(visit: Visit) -> Answer {
    if visit.who.is_some() {
        return Ok(go_to(HOME));
    }
    let content = form(&visit, &Wrong::new(), "");
    Ok(Page::new(visit.w.desk_sign_in()).show(&visit, &content))
}

fn form(visit: &Visit, wrong: &Wrong, address: &str) -> Markup {
    let w = visit.w;
    html! {
        (summary(w, wrong))
        (passkey(visit, ("/desk/passkey/ask", "/desk/passkey/shown"), w.desk_with_passkey()))
        h2 class="govuk-heading-m" { (w.desk_with_words()) }
        form method="post" action=(SIGN_IN) novalidate {
            (Field::new(ADDRESS, w.desk_address(), address).autocomplete("username").line(w, wrong))
            (Field::new(WORDS, w.desk_words(), "").hint(w.desk_words_hint()).autocomplete("current-password").line(w, wrong))
            (Field::new(CODE, w.desk_code(), "").hint(w.desk_code_hint()).autocomplete("one-time-code").line(w, wrong))
            (submit(w.desk_sign_in()))
        }
        p { a class="govuk-link govuk-link--tap" href="/desk/join" { (w.desk_have_invitation()) } }
    }
}

/// The button for passkeys. The script of this page shows it where the browser knows them, and asks and answers
/// at these two addresses.
pub(super) fn passkey(visit: &Visit, (ask, done): (&str, &str), label: &str) -> Markup {
    let w = visit.w;
    html! {
        @if visit.app.staff_desk.passkeys.is_some() {
            div data-passkey-ask=(ask) data-passkey-done=(done) data-passkey-home=(HOME) hidden {
                button class="govuk-button" type="button" { (label) }
                p class="govuk-error-message" role="alert" hidden { (w.desk_passkey_failed()) }
            }
        }
    }
}

/// Signs somebody in with their words and the code of their app. What was wrong is not told: which of the three
/// it was helps only who should not get in.
pub(super) async fn with_words(visit: Visit, from: Neighbourhood, typed: Typed) -> Answer {
    let name = SignInName::typed(typed.text(ADDRESS), nfc).ok();
    take_tries(&visit, from, name.as_ref())?;
    let words = Passphrase::typed(typed.text(WORDS));
    let known = known(&visit, name.as_ref()).await?;
    match prove(&visit, known, words, typed.text(CODE)).await? {
        Some((entry, credentials)) => {
            give_tries_back(&visit, from, name.as_ref());
            let deed = |account| Deed::SignedIn { account };
            begin(&visit, &entry, &credentials, None, deed).await
        }
        None => {
            let wrong = vec![(ADDRESS, visit.w.desk_not_right().to_owned())];
            let content = form(&visit, &wrong, typed.text(ADDRESS));
            Ok(Page::new(visit.w.desk_sign_in()).show_wrong(&visit, &content))
        }
    }
}

fn number(name: &SignInName) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

fn take_tries(visit: &Visit, from: Neighbourhood, name: Option<&SignInName>) -> Result<(), Failed> {
    let limits = &visit.app.limits;
    let too_many = |seconds| visit.failed(Why::TooManyTries(seconds));
    limits.sign_ins.take(from, visit.now).map_err(too_many)?;
    let Some(name) = name else { return Ok(()) };
    let taken = limits.sign_ins_of.take(number(name), visit.now);
    taken.map_err(too_many)
}

fn give_tries_back(visit: &Visit, from: Neighbourhood, name: Option<&SignInName>) {
    visit.app.limits.sign_ins.give_back(from);
    if let Some(name) = name {
        visit.app.limits.sign_ins_of.give_back(number(name));
    }
}

async fn known(visit: &Visit, name: Option<&SignInName>) -> Result<Option<AccountEntry>, Failed> {
    let Some(name) = name else { return Ok(None) };
    let by = AccountBy::SignIn(name.clone());
    let found = visit.app.storage.account(by).await;
    let found = found.map_err(Failed::unavailable(visit.w))?;
    Ok(found.filter(|entry| !entry.account.closed))
}

/// Whether the words and the code are those of an account. It takes as long where there is no account, or where
/// it has no words.
async fn prove(
    visit: &Visit,
    known: Option<AccountEntry>,
    typed: Passphrase,
    code: &str,
) -> Result<Option<(AccountEntry, Credentials)>, Failed> {
    let credentials = known
        .as_ref()
        .and_then(|entry| Credentials::read(&entry.credentials).ok());
    let kept = credentials
        .as_ref()
        .and_then(|credentials| credentials.words.clone());
    let kept = kept.unwrap_or_else(WordsAndApp::of_nobody);
    let looked_at = kept.clone();
    let are = stretching(visit, move || looked_at.are(&typed)).await?;
    let (Some(entry), Some(mut credentials), true) = (known, credentials, are) else {
        return Ok(None);
    };
    let account = entry.account.account;
    let counted = kept.with_code(account, code, &visit.app.sealing, visit.now);
    Ok(counted.ok().map(|counted| {
        credentials.words = Some(counted);
        (entry, credentials)
    }))
}

/// Does what stretches a passphrase away from where requests are answered, and not more often at a time than the
/// machine can.
pub(super) async fn stretching<T: Send + 'static>(
    visit: &Visit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failed> {
    let try_later = visit.failed(Why::TryLater);
    let turn = visit.app.staff_desk.stretching.acquire().await;
    let _turn = turn.map_err(|_| try_later)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| try_later)
}

/// Signs somebody in who has proven who they are, or who set up how they will.
pub(super) async fn begin(
    visit: &Visit,
    entry: &AccountEntry,
    credentials: &Credentials,
    spends: Option<SlipHash>,
    deed: impl FnOnce(wellfield_core::ids::AccountId) -> Deed,
) -> Answer {
    let account = entry.account.account;
    let (token, session) = new_session(visit, &entry.account)?;
    let change = CredentialsChange {
        account,
        from: entry.credentials.clone(),
        to: credentials.to_bytes(),
        spends,
        entry: NewEntry {
            at: visit.now,
            actor: Actor::Account(account),
            deed: deed(account),
        },
        session: Some(session),
    };
    let begun = visit.app.storage.change_credentials(change).await;
    if !begun.map_err(Failed::unavailable(visit.w))? {
        // Somebody else used the same code, or the same invitation, at this moment.
        return Err(visit.failed(Why::TryLater));
    }
    let kept = keep(SESSION, &hex(&token.0), SESSION_MS / 1000);
    Ok(keeping(go_to(HOME), &[kept]))
}

fn new_session(visit: &Visit, account: &Account) -> Result<(Token, Slip), Failed> {
    let token = Token::draw().map_err(Failed::no_entropy(visit.w))?;
    let TokenHash(hash) = token.hash();
    let session = Session {
        opened: visit.now,
        seen: visit.now,
    };
    let slip = session_slip(SlipHash(hash), account.account, session);
    Ok((token, slip))
}

/// Signs out: here, and in the database, so that a copy of what the browser kept is of no use.
pub(super) async fn out(visit: Visit) -> Answer {
    if let Some(session) = visit.slip_of(SESSION) {
        let storage = &visit.app.storage;
        let taken = storage
            .take_slip(SlipKind::Session, session, visit.now)
            .await;
        taken.map_err(Failed::unavailable(visit.w))?;
    }
    Ok(keeping(go_to(SIGN_IN), &[keep(SESSION, "", 0)]))
}

/// Keeps the language that somebody chose, and shows them where they begin.
pub(super) async fn language(typed: Typed) -> Response {
    let chosen = wellfield_core::language::Language::ALL
        .iter()
        .find(|language| language.tag() == typed.text("language"));
    let kept = chosen.and_then(|language| keep(LANGUAGE, language.tag(), LANGUAGE_S));
    keeping(go_to(HOME), &[kept])
}
