//! The data-protection lead: complaints with their thirty days, and the audit.

use axum::extract::Path;
use maud::{Markup, html};
use wellfield_core::access::{Action, Resource};
use wellfield_core::audit::{Actor, Deed, Entry, NewEntry, decode_entry};
use wellfield_core::clock::Instant;
use wellfield_core::complaints::{Complaint, DayNumber, Standing, complaints, day_of_arrival};
use wellfield_wording::Words;

use super::form::{Field, Typed, Wrong, row, submit, summary};
use super::page::{Answer, Failed, Page, Why, go_to};
use super::visit::Visit;

const COMPLAINTS: &str = "/desk/complaints";
const DAY: &str = "day";

/// So many entries of the audit are on a page: the latest.
const ENTRIES_MAX: usize = 200;

async fn entries(visit: &Visit) -> Result<Vec<Entry>, Failed> {
    let audit = visit.app.storage.audit().await;
    let audit = audit.map_err(Failed::unavailable(visit.w))?;
    let links = audit.links.iter();
    // An entry that this version cannot read is for the command line, which tells of it.
    Ok(links
        .filter_map(|link| decode_entry(&link.bytes).ok())
        .collect())
}

async fn all(visit: &Visit) -> Result<Vec<Complaint>, Failed> {
    let entries = entries(visit).await?.into_iter();
    Ok(complaints(entries.map(|entry| entry.entered)))
}

fn dated(w: Words, at: Instant) -> String {
    at.utc_day().map(|day| w.dated(day)).unwrap_or_default()
}

pub(super) async fn list(visit: Visit) -> Answer {
    visit.may(Action::Read, Resource::Complaints)?;
    let content = content(&visit, "", &Wrong::new()).await?;
    Ok(Page::new(visit.w.desk_complaints()).show(&visit, &content))
}

async fn content(visit: &Visit, typed: &str, wrong: &Wrong) -> Result<Markup, Failed> {
    let w = visit.w;
    let all = all(visit).await?;
    let today = DayNumber::of(visit.now);
    Ok(html! {
        (summary(w, wrong))
        p class="govuk-body" { (w.desk_complaints_text()) }
        @if all.is_empty() { div class="app-empty" { p { (w.desk_no_complaints()) } } }
        @for complaint in all.iter().rev() { (one(w, complaint, today)) }
        h2 class="govuk-heading-m" { (w.desk_complaint_new()) }
        form method="post" action=(COMPLAINTS) novalidate {
            (Field::new(DAY, w.desk_complaint_day(), typed).hint(w.desk_complaint_day_hint()).line(w, wrong))
            (submit(w.action_save()))
        }
    })
}

fn one(w: Words, complaint: &Complaint, today: DayNumber) -> Markup {
    let standing = complaint.standing(today);
    let due = dated(w, complaint.due().begins());
    let (said, step) = match standing {
        Standing::ToAcknowledge(days) => (w.desk_acknowledge_by(&due, days), Some("acknowledged")),
        Standing::Overdue(days) => (w.desk_acknowledge_late(&due, days), Some("acknowledged")),
        Standing::ToAnswer => (w.desk_complaint_to_answer().to_owned(), Some("answered")),
        Standing::Done => (w.desk_complaint_done().to_owned(), None),
    };
    let does = |step: &str| match step {
        "acknowledged" => w.desk_complaint_acknowledged(),
        _ => w.desk_complaint_answered(),
    };
    html! {
        article class="app-card" {
            h2 class="app-card__heading" { (w.desk_complaint(&complaint.number)) }
            dl class="govuk-summary-list" {
                (row(w.desk_complaint_arrived(), &dated(w, complaint.received.begins())))
                (row(w.desk_standing(), &said))
            }
            @if let Some(step) = step {
                form method="post" action={ (COMPLAINTS) "/" (complaint.number) "/" (step) } {
                    button class="govuk-button govuk-button--secondary" type="submit" {
                        (does(step))
                        span class="govuk-visually-hidden" { ": " (w.desk_complaint(&complaint.number)) }
                    }
                }
            }
        }
    }
}

async fn enter(visit: &Visit, deed: Deed) -> Result<(), Failed> {
    let actor = Actor::Account(visit.signed_in()?.account);
    let entry = NewEntry {
        at: visit.now,
        actor,
        deed,
    };
    let entered = visit.app.storage.enter(entry).await;
    entered.map_err(Failed::unavailable(visit.w))
}

/// Enters that a complaint arrived. The letter stays where letters are kept.
pub(super) async fn received(visit: Visit, typed: Typed) -> Answer {
    visit.may(Action::Write, Resource::Complaints)?;
    let typed = typed.text(DAY);
    let today = DayNumber::of(visit.now);
    let Some(day) = day_of_arrival(typed, today) else {
        let wrong = vec![(DAY, visit.w.desk_complaint_day_wrong().to_owned())];
        let content = content(&visit, typed, &wrong).await?;
        return Ok(Page::new(visit.w.desk_complaints()).show_wrong(&visit, &content));
    };
    enter(&visit, Deed::ComplaintReceived { day: day.0 }).await?;
    Ok(go_to(COMPLAINTS))
}

/// Enters what was done about a complaint.
pub(super) async fn go_on(visit: Visit, Path((number, step)): Path<(u64, String)>) -> Answer {
    visit.may(Action::Write, Resource::Complaints)?;
    let no_page = visit.failed(Why::NoSuchPage);
    let deed = match step.as_str() {
        "acknowledged" => Deed::ComplaintAcknowledged { complaint: number },
        "answered" => Deed::ComplaintAnswered { complaint: number },
        _ => return Err(no_page),
    };
    if !all(&visit).await?.iter().any(|one| one.number == number) {
        return Err(no_page);
    }
    enter(&visit, deed).await?;
    Ok(go_to(COMPLAINTS))
}

pub(super) async fn audit(visit: Visit) -> Answer {
    visit.may(Action::Read, Resource::Audit)?;
    let entries = entries(&visit).await?;
    let w = visit.w;
    let content = html! {
        p class="govuk-body" { (w.desk_audit_text()) }
        @if entries.is_empty() { div class="app-empty" { p { (w.desk_audit_none()) } } }
        ol class="govuk-list govuk-list--spaced" reversed start=(entries.last().map_or(0, |entry| entry.seq)) {
            @for entry in entries.iter().rev().take(ENTRIES_MAX) {
                li value=(entry.seq) {
                    (told(w, &entry.entered))
                }
            }
        }
        @if entries.len() > ENTRIES_MAX { p class="govuk-body" { (w.desk_audit_older()) } }
    };
    Ok(Page::new(w.desk_audit()).show(&visit, &content))
}

fn told(w: Words, entered: &NewEntry) -> String {
    let what = deed(w, entered.deed);
    let when = dated(w, entered.at);
    let who = actor(w, entered.actor);
    w.desk_audit_entry(&what, &when, &who)
}

fn actor(w: Words, actor: Actor) -> String {
    match actor {
        Actor::Nobody => w.desk_by_nobody().to_owned(),
        Actor::CommandLine => w.desk_by_command_line().to_owned(),
        Actor::Device(device) => w.desk_by_device(&device),
        Actor::Account(account) => w.desk_by_account(&account),
    }
}

fn deed(w: Words, deed: Deed) -> String {
    match deed {
        Deed::DeviceEnrolled { device } => w.desk_deed_enrolled(&device),
        Deed::DeviceRevoked { device } => w.desk_deed_revoked(&device),
        Deed::OldKeyShown { device } => w.desk_deed_old_key(&device),
        Deed::CodeMade { .. } => w.desk_deed_code().to_owned(),
        Deed::Exported { records, .. } => w.desk_deed_exported(&records),
        Deed::SafetyCopyTakenIn { device, .. } => w.desk_deed_copy(&device),
        Deed::SetAsideRead { records } => w.desk_deed_aside(&records),
        Deed::ConcernsRead { records } => w.desk_deed_concerns(&records),
        Deed::BackedUp => w.desk_deed_backed_up().to_owned(),
        Deed::Restored { .. } => w.desk_deed_restored().to_owned(),
        Deed::KeyChanged => w.desk_deed_key().to_owned(),
        Deed::Erased { records } => w.desk_deed_erased(&records),
        Deed::SubjectAccess { records } => w.desk_deed_subject(&records),
        Deed::ComplaintReceived { .. } => w.desk_deed_complaint().to_owned(),
        Deed::ComplaintAcknowledged { complaint } => w.desk_deed_acknowledged(&complaint),
        Deed::ComplaintAnswered { complaint } => w.desk_deed_answered(&complaint),
        Deed::AccountInvited { account } => w.desk_deed_invited(&account),
        Deed::SignInSetUp { account } => w.desk_deed_set_up(&account),
        Deed::SignedIn { account } => w.desk_deed_signed_in(&account),
        Deed::AccountClosed { account } => w.desk_deed_closed(&account),
    }
}
