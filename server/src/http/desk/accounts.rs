//! Administrators: who signs in here, inviting somebody, and closing an account.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wellfield_core::access::{Action, DeskRole, Resource};
use wellfield_core::audit::Actor;
use wellfield_core::desk::{Account, SignInName, SignInNameError, programmes_of};
use wellfield_core::ids::{AccountId, ProgrammeId};
use wellfield_core::text::{Line, TextError};
use wellfield_wording::Words;

use super::form::{Choice, Field, Many, Typed, Wrong, choices, row, submit, summary};
use super::page::{Answer, Failed, Page, Why, go_to};
use super::visit::Visit;
use crate::entropy::random;
use crate::invitations::{Invited, Uninvited, invite as keep_invitation};
use crate::storage::{
    AccountBy, AccountEntry, CloseRefused, Closing, ProgrammeEntry, StorageError,
};
use crate::unicode::nfc;

const PEOPLE: &str = "/desk/people";
const ROLE: &str = "role";
const NAME: &str = "name";
const CONTACT: &str = "contact";
const ADDRESS: &str = "address";
const PROGRAMMES: &str = "programmes";

fn role_words(w: Words, role: DeskRole) -> &'static str {
    match role {
        DeskRole::LinkWorker => w.desk_role_link_worker(),
        DeskRole::DataProtectionLead => w.desk_role_data_protection(),
        DeskRole::Administrator => w.desk_role_administrator(),
    }
}

fn standing(w: Words, entry: &AccountEntry) -> &'static str {
    match (entry.account.closed, entry.credentials.is_empty()) {
        (true, _) => w.desk_closed(),
        (false, true) => w.desk_not_set_up(),
        (false, false) => w.desk_signs_in(),
    }
}

async fn programmes(visit: &Visit) -> Result<Vec<ProgrammeEntry>, Failed> {
    let overview = visit.app.storage.overview().await;
    Ok(overview.map_err(Failed::unavailable(visit.w))?.programmes)
}

pub(super) async fn list(visit: Visit) -> Answer {
    visit.may(Action::Read, Resource::Accounts)?;
    let content = people(&visit, &Typed::default(), &Wrong::new()).await?;
    Ok(Page::new(visit.w.desk_people()).show(&visit, &content))
}

async fn people(visit: &Visit, typed: &Typed, wrong: &Wrong) -> Result<Markup, Failed> {
    let w = visit.w;
    let accounts = visit.app.storage.accounts().await;
    let accounts = accounts.map_err(Failed::unavailable(w))?;
    let programmes = programmes(visit).await?;
    Ok(html! {
        (summary(w, wrong))
        @for entry in &accounts {
            article class="app-card" {
                h2 class="app-card__heading" {
                    a class="govuk-link govuk-link--tap" href={ (PEOPLE) "/" (entry.account.account) } {
                        bdi { (entry.account.name) }
                    }
                    small { (role_words(w, entry.account.role)) }
                }
                p class="govuk-body" { (standing(w, entry)) }
            }
        }
        h2 class="govuk-heading-m" id="invite" { (w.desk_invite()) }
        form method="post" action=(PEOPLE) novalidate {
            (choices(w, wrong, (ROLE, w.desk_role(), None), &roles(w, typed), Many::One))
            (Field::new(NAME, w.desk_name(), typed.text(NAME)).hint(w.desk_name_hint()).line(w, wrong))
            (Field::new(CONTACT, w.desk_contact(), typed.text(CONTACT)).line(w, wrong))
            (Field::new(ADDRESS, w.desk_address(), typed.text(ADDRESS)).hint(w.desk_address_hint()).line(w, wrong))
            (choices(w, wrong, (PROGRAMMES, w.desk_into(), Some(w.desk_into_hint())), &into(&programmes, typed), Many::Any))
            (submit(w.desk_invite()))
        }
    })
}

fn roles(w: Words, typed: &Typed) -> Vec<Choice> {
    let choice = |role: &DeskRole| Choice {
        value: role.code().to_string(),
        label: role_words(w, *role).to_owned(),
        chosen: typed.text(ROLE) == role.code().to_string(),
    };
    DeskRole::ALL.iter().map(choice).collect()
}

fn into(programmes: &[ProgrammeEntry], typed: &Typed) -> Vec<Choice> {
    let choice = |entry: &ProgrammeEntry| {
        let value = entry.programme.to_string();
        Choice {
            chosen: typed.chosen(PROGRAMMES).any(|chosen| chosen == value),
            label: entry.name.clone(),
            value,
        }
    };
    programmes.iter().map(choice).collect()
}

/// Whom a form is about, or what is wrong with it.
fn read(
    w: Words,
    typed: &Typed,
    account: AccountId,
    known: &[ProgrammeEntry],
) -> Result<Account, Wrong> {
    let line = |field: &'static str, missing: &str| {
        Line::typed(typed.text(field), nfc).map_err(|error| match error {
            TextError::Empty => (field, missing.to_owned()),
            TextError::TooLong { max } => (field, w.form_too_long(&max)),
        })
    };
    let role = typed.text(ROLE).parse().ok().and_then(DeskRole::from_code);
    let role = role.ok_or((ROLE, w.desk_role_missing().to_owned()));
    let name = line(NAME, w.desk_name_missing());
    let contact = line(CONTACT, w.desk_contact_missing());
    let sign_in = SignInName::typed(typed.text(ADDRESS), nfc).map_err(|error| match error {
        SignInNameError::Text(TextError::TooLong { max }) => (ADDRESS, w.form_too_long(&max)),
        SignInNameError::Text(TextError::Empty) | SignInNameError::NotAnAddress => {
            (ADDRESS, w.refer_not_an_email().to_owned())
        }
    });
    let chosen = typed.chosen(PROGRAMMES).filter_map(|id| id.parse().ok());
    let there = |programme: &ProgrammeId| known.iter().any(|entry| entry.programme == *programme);
    let programmes: Vec<ProgrammeId> = chosen.filter(there).collect();
    // Where what they do is not chosen yet, nothing can be said of their programmes.
    let of_role = role
        .as_ref()
        .map_or(Some(Vec::new()), |role| programmes_of(*role, programmes));
    let programmes = of_role.ok_or((PROGRAMMES, w.desk_into_missing().to_owned()));
    match (role, name, contact, sign_in, programmes) {
        (Ok(role), Ok(name), Ok(contact), Ok(sign_in), Ok(programmes)) => Ok(Account {
            account,
            role,
            sign_in,
            name,
            contact,
            programmes,
            closed: false,
        }),
        (role, name, contact, sign_in, programmes) => Err([
            role.err(),
            name.err(),
            contact.err(),
            sign_in.err(),
            programmes.err(),
        ]
        .into_iter()
        .flatten()
        .collect()),
    }
}

pub(super) async fn invite(visit: Visit, typed: Typed) -> Answer {
    visit.may(Action::Write, Resource::Accounts)?;
    let number = random().map_err(Failed::no_entropy(visit.w))?;
    let known = programmes(&visit).await?;
    let account = AccountId(u64::from_be_bytes(number));
    let wrong = match read(visit.w, &typed, account, &known) {
        Ok(account) => match invited(&visit, account).await? {
            Ok(response) => return Ok(response),
            Err(wrong) => wrong,
        },
        Err(wrong) => wrong,
    };
    let content = people(&visit, &typed, &wrong).await?;
    Ok(Page::new(visit.w.desk_people()).show_wrong(&visit, &content))
}

/// Keeps an invitation and shows its code, once.
async fn invited(visit: &Visit, account: Account) -> Result<Result<Response, Wrong>, Failed> {
    let w = visit.w;
    let by = visit.signed_in()?.account;
    let kept = keep_invitation(&*visit.app.storage, account, Actor::Account(by), visit.now).await;
    match kept {
        Ok(Invited { account, code }) => {
            let content = html! {
                p class="govuk-body" { (w.desk_invited_text(&account.name)) }
                p class="govuk-body-l" { b { code { (code) } } }
                p class="govuk-body" { (w.desk_invited_where()) " " code { (visit.join_address()) } }
                p class="govuk-body" { (w.desk_invited_once()) }
                p { a class="govuk-link govuk-link--tap" href=(PEOPLE) { (w.desk_people()) } }
            };
            Ok(Ok(Page::new(w.desk_invited()).show(visit, &content)))
        }
        Err(Uninvited::AddressTaken) => Ok(Err(vec![(ADDRESS, w.desk_address_taken().to_owned())])),
        Err(Uninvited::Unavailable(error)) => Err(Failed::unavailable(w)(error)),
        Err(Uninvited::Entropy(error)) => Err(Failed::no_entropy(w)(error)),
    }
}

async fn found(visit: &Visit, number: &str) -> Result<AccountEntry, Failed> {
    let no_page = visit.failed(Why::NoSuchPage);
    let account = number.parse().map_err(|_| no_page)?;
    let entry = visit.app.storage.account(AccountBy::Number(account)).await;
    entry.map_err(Failed::unavailable(visit.w))?.ok_or(no_page)
}

pub(super) async fn one(visit: Visit, Path(number): Path<String>) -> Answer {
    let own = visit.may(Action::Read, Resource::Accounts)?;
    let entry = found(&visit, &number).await?;
    let account = &entry.account;
    let w = visit.w;
    let known = programmes(&visit).await?;
    let into = known
        .iter()
        .filter(|entry| account.programmes.contains(&entry.programme));
    let into: Vec<_> = into.map(|entry| entry.name.as_str()).collect();
    let here = format!("{PEOPLE}/{}", account.account);
    let content = html! {
        dl class="govuk-summary-list" {
            (row(w.desk_role(), role_words(w, account.role)))
            (row(w.desk_address(), account.sign_in.as_str()))
            (row(w.desk_contact(), account.contact.as_str()))
            @if !into.is_empty() { (row(w.desk_into(), &into.join(", "))) }
            (row(w.desk_standing(), standing(w, &entry)))
        }
        h2 class="govuk-heading-m" { (w.desk_invite_anew()) }
        p class="govuk-body" { (w.desk_invite_anew_text()) }
        form method="post" action={ (here) "/invite" } {
            button class="govuk-button govuk-button--secondary" type="submit" { (w.desk_invite_anew()) }
        }
        @if own.may_close(account) {
            h2 class="govuk-heading-m" { (w.desk_close()) }
            p class="govuk-body" { (w.desk_close_text()) }
            form method="post" action={ (here) "/close" } {
                button class="govuk-button govuk-button--warning" type="submit" { (w.desk_close()) }
            }
        }
    };
    Ok(Page::new(account.name.as_str())
        .window(w.desk_people())
        .back(PEOPLE, w.desk_people())
        .show(&visit, &content))
}

/// Invites somebody anew who lost what they sign in with, or who comes back.
pub(super) async fn invite_anew(visit: Visit, Path(number): Path<String>) -> Answer {
    visit.may(Action::Write, Resource::Accounts)?;
    let entry = found(&visit, &number).await?;
    let account = Account {
        closed: false,
        ..entry.account
    };
    // They have their address already, so nobody else has it.
    let invited = invited(&visit, account).await?;
    invited.map_err(|_| visit.failed(Why::TryLater))
}

pub(super) async fn close(visit: Visit, Path(number): Path<String>) -> Answer {
    let own = visit.may(Action::Write, Resource::Accounts)?;
    let entry = found(&visit, &number).await?;
    if !own.may_close(&entry.account) {
        return Err(visit.failed(Why::NoSuchPage));
    }
    let closing = Closing {
        account: entry.account.account,
        by: Actor::Account(own.account),
        now: visit.now,
    };
    match visit.app.storage.close_account(closing).await {
        // Somebody else closed it a moment ago.
        Ok(()) | Err(StorageError::Refused(CloseRefused::NoAccount)) => Ok(go_to(PEOPLE)),
        Err(StorageError::Unavailable(error)) => Err(Failed::unavailable(visit.w)(error)),
    }
}
