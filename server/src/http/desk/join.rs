//! Setting up how somebody signs in, with the code of an invitation.

use maud::{Markup, html};
use wellfield_core::audit::Deed;
use wellfield_core::clock::Instant;
use wellfield_core::desk::CEREMONY_MS;
use wellfield_wording::SquareCode;

use super::super::address::Neighbourhood;
use super::super::enrol::{give_try_back, take_try};
use super::SIGN_IN;
use super::form::{Field, Typed, Wrong, submit, summary};
use super::page::{Answer, Failed, Page, Why, go_to, keeping};
use super::sign_in::{begin, passkey, stretching};
use super::visit::{INVITATION, STEP, Visit, keep, kept};
use crate::desk::{Credentials, NewWords, WordsAndApp};
use crate::enrolment::{CodeHash, InvitationCode, Token, TokenHash, hex};
use crate::storage::{AccountBy, AccountEntry, Slip, SlipHash, SlipKind};

const JOIN: &str = "/desk/join";
const CODE: &str = "code";

/// For how long a browser keeps a code that was typed, in seconds: as long as it takes to set a telephone up.
const INVITED_S: u64 = 60 * 60;

/// Setting an app up takes longer than a finger on a sensor, in milliseconds.
const WORDS_MS: u64 = 12 * CEREMONY_MS;

/// Somebody who was invited, and by which invitation.
pub(super) struct Invited {
    /// Who.
    pub(super) entry: AccountEntry,
    /// Their invitation.
    pub(super) by: SlipHash,
}

/// Whoever typed the code that this browser keeps.
///
/// # Errors
/// [`Why::TryLater`].
pub(super) async fn invited(visit: &Visit) -> Result<Option<Invited>, Failed> {
    let code = kept(&visit.headers, INVITATION).and_then(InvitationCode::parse);
    match code {
        Some(code) => invited_by(visit, &code).await,
        None => Ok(None),
    }
}

async fn invited_by(visit: &Visit, code: &InvitationCode) -> Result<Option<Invited>, Failed> {
    let CodeHash(hash) = code.hash();
    let by = SlipHash(hash);
    let storage = &visit.app.storage;
    let unavailable = Failed::unavailable(visit.w);
    let slip = storage.slip(SlipKind::Invitation, by, visit.now).await;
    let Some(account) = slip.map_err(&unavailable)?.and_then(|slip| slip.account) else {
        return Ok(None);
    };
    let entry = storage.account(AccountBy::Number(account)).await;
    let entry = entry.map_err(&unavailable)?;
    Ok(entry
        .filter(|entry| !entry.account.closed)
        .map(|entry| Invited { entry, by }))
}

pub(super) async fn page(visit: Visit) -> Answer {
    let w = visit.w;
    Ok(match invited(&visit).await? {
        Some(invited) => Page::new(w.desk_choose()).show(&visit, &ways(&visit, &invited)),
        None => Page::new(w.desk_join())
            .back(SIGN_IN, w.desk_sign_in())
            .show(&visit, &ask(&visit, &Wrong::new())),
    })
}

fn ask(visit: &Visit, wrong: &Wrong) -> Markup {
    let w = visit.w;
    html! {
        (summary(w, wrong))
        form method="post" action=(JOIN) novalidate {
            (Field::new(CODE, w.desk_invitation(), "").hint(w.desk_invitation_hint()).line(w, wrong))
            (submit(w.action_continue()))
        }
    }
}

/// Takes the code. Wrong ones are counted, here as with tablets that join.
pub(super) async fn with_code(visit: Visit, from: Neighbourhood, typed: Typed) -> Answer {
    let app = &visit.app;
    take_try(app, from).map_err(|refused| {
        visit.failed(Why::TooManyTries(
            refused.0.retry_after_s.unwrap_or_default(),
        ))
    })?;
    let code = InvitationCode::parse(typed.text(CODE));
    let found = match &code {
        Some(code) => invited_by(&visit, code).await?.map(|_| code),
        None => None,
    };
    let Some(code) = found else {
        let wrong = vec![(CODE, visit.w.desk_invitation_wrong().to_owned())];
        let content = ask(&visit, &wrong);
        return Ok(Page::new(visit.w.desk_join())
            .back(SIGN_IN, visit.w.desk_sign_in())
            .show_wrong(&visit, &content));
    };
    give_try_back(app, from);
    let kept = keep(INVITATION, &code.to_string(), INVITED_S);
    Ok(keeping(go_to(JOIN), &[kept]))
}

fn ways(visit: &Visit, invited: &Invited) -> Markup {
    let w = visit.w;
    let addresses = ("/desk/join/passkey/ask", "/desk/join/passkey/made");
    html! {
        p class="govuk-body-l" { (w.desk_welcome(&invited.entry.account.name)) }
        p class="govuk-body" { (w.desk_choose_text()) }
        (passkey(visit, addresses, w.desk_make_passkey()))
        form method="post" action="/desk/join/words" {
            button class="govuk-button govuk-button--secondary" type="submit" { (w.desk_take_words()) }
        }
        p class="govuk-hint" { (w.desk_take_words_hint()) }
    }
}

/// Draws words and a secret, shows them once, and asks for the code that the app makes of it.
pub(super) async fn draw_words(visit: Visit) -> Answer {
    let Some(invited) = invited(&visit).await? else {
        return Ok(go_to(JOIN));
    };
    let account = invited.entry.account.account;
    let sign_in = invited.entry.account.sign_in.as_str().to_owned();
    let keys = visit.app.sealing.clone();
    let drawn = stretching(&visit, move || NewWords::draw(account, &sign_in, &keys)).await?;
    let (new, words) = drawn.map_err(|error| {
        tracing::error!(%error, "no words were drawn");
        visit.failed(Why::TryLater)
    })?;
    let token = Token::draw().map_err(Failed::no_entropy(visit.w))?;
    let TokenHash(hash) = token.hash();
    let step = Slip {
        hash: SlipHash(hash),
        kind: SlipKind::Ceremony,
        account: Some(account),
        value: serde_json::to_vec(&words).unwrap_or_default(),
        expires_at: Instant(visit.now.0 + WORDS_MS),
    };
    let put = visit.app.storage.put_slip(step, visit.now).await;
    put.map_err(Failed::unavailable(visit.w))?;
    let content = drawn_words(&visit, &new);
    let response = Page::new(visit.w.desk_your_words()).show(&visit, &content);
    Ok(keeping(
        response,
        &[keep(STEP, &hex(&token.0), WORDS_MS / 1000)],
    ))
}

fn drawn_words(visit: &Visit, new: &NewWords) -> Markup {
    let w = visit.w;
    html! {
        p class="govuk-body" { (w.desk_your_words_text()) }
        ol class="govuk-list govuk-list--number" {
            @for word in new.words.words() { li { b lang="en" { (word) } } }
        }
        h2 class="govuk-heading-m" { (w.desk_app()) }
        p class="govuk-body" { (w.desk_app_text()) }
        @if let Some(SquareCode { side, path }) = SquareCode::of(&new.address) {
            svg class="app-square" role="img" aria-label=(w.desk_app_square())
                viewBox={ "0 0 " (side) " " (side) } shape-rendering="crispEdges" {
                path fill="#fff" d={ "M0 0h" (side) "v" (side) "H0z" } {}
                path d=(path) {}
            }
        }
        p class="govuk-body" { (w.desk_app_secret()) " " code { (new.secret) } }
        (code_form(visit, &Wrong::new()))
    }
}

fn code_form(visit: &Visit, wrong: &Wrong) -> Markup {
    let w = visit.w;
    html! {
        form method="post" action="/desk/join/words/code" novalidate {
            (Field::new(CODE, w.desk_code(), "").hint(w.desk_code_hint()).autocomplete("one-time-code").line(w, wrong))
            (submit(w.desk_finish()))
        }
    }
}

/// Takes the first code of the app: with it somebody shows that both are set up, and is signed in.
pub(super) async fn with_app(visit: Visit, typed: Typed) -> Answer {
    let (Some(invited), Some(step)) = (invited(&visit).await?, visit.slip_of(STEP)) else {
        return Ok(go_to(JOIN));
    };
    let account = invited.entry.account.account;
    let kind = SlipKind::Ceremony;
    let slip = visit.app.storage.slip(kind, step, visit.now).await;
    let slip = slip.map_err(Failed::unavailable(visit.w))?;
    let slip = slip.filter(|slip| slip.account == Some(account));
    let words = slip.and_then(|slip| serde_json::from_slice::<WordsAndApp>(&slip.value).ok());
    let Some(words) = words else {
        return Ok(go_to(JOIN));
    };
    let counted = words.with_code(account, typed.text(CODE), &visit.app.sealing, visit.now);
    let Ok(words) = counted else {
        let wrong = vec![(CODE, visit.w.desk_code_wrong().to_owned())];
        let content = html! {
            (summary(visit.w, &wrong))
            p class="govuk-body" { (visit.w.desk_words_kept()) }
            (code_form(&visit, &wrong))
        };
        return Ok(Page::new(visit.w.desk_your_words()).show_wrong(&visit, &content));
    };
    // Whoever is invited anew has lost what they signed in with: it lets nobody in any more.
    let credentials = Credentials {
        words: Some(words),
        passkeys: Vec::new(),
    };
    let deed = |account| Deed::SignInSetUp { account };
    let begun = begin(&visit, &invited.entry, &credentials, Some(invited.by), deed).await?;
    Ok(keeping(
        begun,
        &[keep(STEP, "", 0), keep(INVITATION, "", 0)],
    ))
}
