//! Link workers: whom they referred, what became of it, and referring somebody.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse;
use maud::{Markup, html};
use wellfield_core::access::{Action, Resource};
use wellfield_core::clock::Date;
use wellfield_core::desk::Account;
use wellfield_core::ids::{ProgrammeId, ReferralId};
use wellfield_core::people::AccessNeed;
use wellfield_core::records::Records;
use wellfield_core::referral::wording::agreement_for;
use wellfield_core::referral::{
    Answer as Answered, Attended, ContactWay, Field as At, FieldError, Form, MadeFor, Progress,
    Question, ReferralReceived, Referrer, complete_for, progress,
};
use wellfield_core::stream::Stream;
use wellfield_wording::Words;

use super::super::App;
use super::form::{Choice, Field, Many, Typed, Wrong, choices, row, submit, summary};
use super::page::{Answer, Failed, Page, Why};
use super::visit::Visit;
use crate::entropy::random;
use crate::storage::{ProgrammeEntry, Submission};

const LIST: &str = "/desk/referrals";

const PROGRAMME: &str = "programme";
const NAME: &str = "name";
const WAY: &str = "contact_way";
const CONTACT: &str = "contact";
const ACCESS: &str = "access";
const ACCESS_NOTE: &str = "access_note";
const HOPES: &str = "hopes";
const SUPPORT: &str = "agreed_support";
const EMERGENCY: &str = "emergency_name";
const EMERGENCY_PHONE: &str = "emergency_phone";
const AGREED: &str = "agreed";
const REFERRAL: &str = "referral";

/// What is behind the address of a referral that was made just now.
const MADE: &str = "made";

/// Everything recorded of the programmes that somebody refers into, as far as it tells what became of whom they
/// referred.
async fn records(visit: &Visit, account: &Account) -> Result<Records, Failed> {
    let of = |programme: &ProgrammeId| [Stream::Delivery(*programme), Stream::Casework(*programme)];
    let streams = account.programmes.iter().flat_map(of).collect();
    let events = visit.app.storage.events(streams).await;
    let events = events.map_err(Failed::unavailable(visit.w))?;
    let folded = tokio::task::spawn_blocking(move || {
        let mut records = Records::default();
        for event in events.iter().filter_map(|pulled| pulled.event().ok()) {
            records.apply(&event);
        }
        records
    });
    folded.await.map_err(|_| visit.failed(Why::TryLater))
}

/// A referral of whoever asks.
struct Own {
    programme: ProgrammeId,
    received: ReferralReceived,
    day: Option<Date>,
    progress: Progress,
}

fn own(visit: &Visit, records: &Records, account: &Account) -> Vec<Own> {
    let Some(today) = visit.now.utc_day() else {
        return Vec::new();
    };
    let of = |programme: &ProgrammeId| {
        let casework = records.casework(*programme)?;
        let all = casework.referrals.all().into_iter().filter_map(|view| {
            let received = &view.head.value;
            let referral = received.form.referral;
            let far = progress(records, *programme, referral, account.account, today)?;
            Some(Own {
                programme: *programme,
                received: received.clone(),
                day: view.head.stamp.at.instant().utc_day(),
                progress: far,
            })
        });
        Some(all.collect::<Vec<_>>())
    };
    account.programmes.iter().filter_map(of).flatten().collect()
}

/// How far somebody got, in a few words.
fn far(w: Words, answer: Option<Answered>) -> &'static str {
    match answer {
        None => w.desk_far_received(),
        Some(Answered::PlaceOffered) => w.desk_far_offered(),
        Some(Answered::Joined) => w.desk_far_joined(),
        Some(Answered::NotReached) => w.desk_far_not_reached(),
        Some(Answered::NotSuitable) => w.desk_far_not_suitable(),
        Some(Answered::Withdrawn) => w.desk_far_withdrawn(),
    }
}

pub(super) async fn list(visit: Visit) -> Answer {
    let account = visit.may(Action::Read, Resource::OwnReferral)?;
    let records = records(&visit, account).await?;
    let all = own(&visit, &records, account);
    let w = visit.w;
    let content = html! {
        p { a class="govuk-button" href="/desk/refer" { (w.desk_refer()) } }
        @if all.is_empty() { div class="app-empty" { p { (w.desk_none_referred()) } } }
        @for one in &all {
            article class="app-card" {
                h2 class="app-card__heading" {
                    a class="govuk-link govuk-link--tap" href={ "/desk/referrals/" (one.received.form.referral) } {
                        bdi { (one.received.form.name) }
                    }
                }
                p class="govuk-body" { (far(w, one.progress.answer)) }
                p class="govuk-hint" {
                    (w.desk_referred_on(&one.day.map(|day| w.dated(day)).unwrap_or_default()))
                }
            }
        }
    };
    Ok(Page::new(w.desk_referrals()).show(&visit, &content))
}

pub(super) async fn one(visit: Visit, Path(referral): Path<String>, uri: Uri) -> Answer {
    let account = visit.may(Action::Read, Resource::OwnReferral)?;
    let no_page = visit.failed(Why::NoSuchPage);
    let referral: ReferralId = referral.parse().map_err(|_| no_page)?;
    let records = records(&visit, account).await?;
    let all = own(&visit, &records, account);
    let is_it = |one: &&Own| one.received.form.referral == referral;
    let found = all.iter().find(is_it).ok_or(no_page)?;
    let programmes = offered(&visit, account).await?.programmes;
    let name = programmes
        .iter()
        .find(|entry| entry.programme == found.programme)
        .map(|entry| entry.name.as_str());
    let w = visit.w;
    let form = &found.received.form;
    let day = |day: Option<Date>| day.map(|day| w.dated(day)).unwrap_or_default();
    let content = html! {
        @if uri.query() == Some(MADE) {
            div class="govuk-inset-text" role="status" { (w.desk_made()) }
        }
        dl class="govuk-summary-list" {
            (row(w.desk_far(), far(w, found.progress.answer)))
            @if found.progress.day.is_some() { (row(w.desk_far_day(), &day(found.progress.day))) }
            @if let Some(note) = &found.progress.note { (row(w.desk_far_note(), note.as_str())) }
            @if let Some(attended) = found.progress.attended { (attendance(w, attended)) }
            (row(w.desk_programme(), name.unwrap_or_default()))
            (row(w.referrals_reference(), &form.referral.reference()))
            (row(w.desk_referred(), &day(found.day)))
        }
        @if found.progress.answer == Some(Answered::Joined) && found.progress.attended.is_none() {
            p class="govuk-body" { (w.desk_not_told()) }
        }
    };
    // Whose it is stands on the page and not in the browser's history.
    Ok(Page::new(form.name.as_str())
        .window(w.desk_referral())
        .back(LIST, w.desk_referrals())
        .show(&visit, &content))
}

fn attendance(w: Words, attended: Attended) -> Markup {
    let (came, of) = (u64::from(attended.came), u64::from(attended.of));
    let last = attended.last.map(|day| w.dated(day));
    html! {
        (row(w.desk_attended(), &w.desk_attended_of(&came, &of)))
        @if let Some(last) = last { (row(w.desk_attended_last(), &last)) }
        @if !attended.goes_on { (row(w.desk_course(), w.desk_course_over())) }
    }
}

/// Into what somebody refers, and who runs it.
struct Offered {
    /// The programmes, by name.
    programmes: Vec<ProgrammeEntry>,
    /// Whoever is named in what the person agrees to.
    organisation: String,
}

async fn offered(visit: &Visit, account: &Account) -> Result<Offered, Failed> {
    let overview = visit.app.storage.overview().await;
    let overview = overview.map_err(Failed::unavailable(visit.w))?;
    let mut programmes = overview.programmes;
    programmes.retain(|entry| account.may_refer_into(entry.programme));
    let organisation = overview.organisation;
    Ok(Offered {
        programmes,
        organisation: organisation.unwrap_or_else(|| visit.w.brand_name().to_owned()),
    })
}

pub(super) async fn blank(visit: Visit) -> Answer {
    let account = visit.may(Action::Write, Resource::OwnReferral)?;
    let referral = random().map_err(Failed::no_entropy(visit.w))?;
    let referral = ReferralId(u128::from_be_bytes(referral));
    let offered = offered(&visit, account).await?;
    let content = form(&visit, &offered, &Typed::default(), &Wrong::new(), referral);
    Ok(Page::new(visit.w.desk_refer())
        .back(LIST, visit.w.desk_referrals())
        .show(&visit, &content))
}

fn form(
    visit: &Visit,
    Offered {
        programmes,
        organisation,
    }: &Offered,
    typed: &Typed,
    wrong: &Wrong,
    referral: ReferralId,
) -> Markup {
    let w = visit.w;
    let line = |name, label| Field::new(name, label, typed.text(name));
    let single = (programmes.len() == 1).then(|| programmes[0].programme.to_string());
    let into = programmes.iter().map(|entry| Choice {
        value: entry.programme.to_string(),
        label: entry.name.clone(),
        chosen: typed.text(PROGRAMME) == entry.programme.to_string(),
    });
    let into: Vec<_> = into.collect();
    html! {
        (summary(w, wrong))
        form method="post" action="/desk/refer" novalidate {
            input type="hidden" name=(REFERRAL) value=(referral);
            @if let Some(single) = &single { input type="hidden" name=(PROGRAMME) value=(single); }
            @else { (choices(w, wrong, (PROGRAMME, w.desk_programme(), None), &into, Many::One)) }
            (line(NAME, w.desk_their_name()).hint(w.desk_their_name_hint()).line(w, wrong))
            (choices(w, wrong, (WAY, w.desk_their_contact(), None), &ways(w, typed), Many::One))
            (line(CONTACT, w.desk_their_number()).line(w, wrong))
            (choices(w, wrong, (ACCESS, w.desk_their_needs(), Some(w.desk_their_needs_hint())), &needs(w, typed), Many::Any))
            (line(ACCESS_NOTE, w.person_access_note()).paragraph(w, wrong))
            (line(HOPES, w.desk_their_hopes()).hint(w.refer_optional()).paragraph(w, wrong))
            (line(SUPPORT, w.desk_support()).hint(w.desk_support_hint()).paragraph(w, wrong))
            (line(EMERGENCY, w.desk_emergency()).hint(w.refer_optional()).line(w, wrong))
            (line(EMERGENCY_PHONE, w.desk_emergency_phone()).line(w, wrong))
            h2 class="govuk-heading-m" { (w.desk_agreement()) }
            p class="govuk-body" { (agreement_for(w.0, organisation)) }
            (choices(w, wrong, (AGREED, w.desk_agree_legend(), None), &agreed(w, typed), Many::Any))
            (submit(w.desk_send()))
        }
    }
}

fn ways(w: Words, typed: &Typed) -> Vec<Choice> {
    let label = |way: ContactWay| match way {
        ContactWay::Telephone => w.refer_by_telephone(),
        ContactWay::TextMessage => w.refer_by_text(),
        ContactWay::Email => w.refer_by_email(),
    };
    let choice = |way: &ContactWay| Choice {
        value: way.code().to_string(),
        label: label(*way).to_owned(),
        chosen: typed.text(WAY) == way.code().to_string(),
    };
    ContactWay::ALL.iter().map(choice).collect()
}

fn needs(w: Words, typed: &Typed) -> Vec<Choice> {
    let choice = |need: &AccessNeed| Choice {
        value: need.code().to_string(),
        label: w.need(*need).to_owned(),
        chosen: typed
            .chosen(ACCESS)
            .any(|code| code == need.code().to_string()),
    };
    AccessNeed::ALL.iter().map(choice).collect()
}

fn agreed(w: Words, typed: &Typed) -> Vec<Choice> {
    vec![Choice {
        value: "yes".to_owned(),
        label: w.desk_agree().to_owned(),
        chosen: typed.text(AGREED) == "yes",
    }]
}

fn made_for(typed: &Typed) -> MadeFor {
    let text = |field: &str| typed.text(field).to_owned();
    let code = |text: &str| text.parse::<u8>().ok();
    MadeFor {
        person: Form {
            name: text(NAME),
            contact_way: code(typed.text(WAY)).and_then(ContactWay::from_code),
            contact: text(CONTACT),
            access: typed
                .chosen(ACCESS)
                .filter_map(code)
                .filter_map(AccessNeed::from_code)
                .collect(),
            access_note: text(ACCESS_NOTE),
            hopes: text(HOPES),
            supporter: String::new(),
            agreed: typed.text(AGREED) == "yes",
        },
        agreed_support: text(SUPPORT),
        emergency_name: text(EMERGENCY),
        emergency_phone: text(EMERGENCY_PHONE),
    }
}

/// Where something is wrong, and what to do about it.
fn told(w: Words, at: At, error: FieldError) -> (&'static str, String) {
    let field = match at {
        At::Person(Question::Name) => NAME,
        At::Person(Question::Contact) if error == FieldError::ContactWayMissing => WAY,
        At::Person(Question::Contact) => CONTACT,
        At::Person(Question::Access) => ACCESS_NOTE,
        At::Person(Question::Hopes | Question::Supporter) => HOPES,
        At::Person(Question::Agreement) => AGREED,
        At::AgreedSupport => SUPPORT,
        At::EmergencyName => EMERGENCY,
        At::EmergencyPhone => EMERGENCY_PHONE,
    };
    let what = match (error, at) {
        (FieldError::NameMissing, At::EmergencyName) => w.desk_emergency_missing().to_owned(),
        (FieldError::ContactMissing, At::EmergencyPhone) => {
            w.desk_emergency_phone_missing().to_owned()
        }
        (FieldError::NameMissing, _) => w.desk_their_name_missing().to_owned(),
        (FieldError::ContactWayMissing, _) => w.desk_their_contact_missing().to_owned(),
        (FieldError::ContactMissing, _) => w.desk_their_number_missing().to_owned(),
        (FieldError::PhoneTooShort, _) => w.refer_phone_too_short().to_owned(),
        (FieldError::NotAnEmail, _) => w.refer_not_an_email().to_owned(),
        (FieldError::TooLong(max), _) => w.form_too_long(&max),
        (FieldError::AgreementMissing, _) => w.desk_agree_missing().to_owned(),
    };
    (field, what)
}

/// Takes a referral in, once, however often its form is sent.
pub(super) async fn refer(State(app): State<Arc<App>>, visit: Visit, typed: Typed) -> Answer {
    let account = visit.may(Action::Write, Resource::OwnReferral)?;
    let not_a_form = visit.failed(Why::NotAForm);
    let referral: ReferralId = typed.text(REFERRAL).parse().map_err(|_| not_a_form)?;
    let programme = typed.text(PROGRAMME).parse().ok();
    let programme = programme.filter(|programme| account.may_refer_into(*programme));
    let by = Referrer {
        account: account.account,
        name: account.name.clone(),
        contact: account.contact.clone(),
        agreed_support: None,
        emergency: None,
    };
    let offered = offered(&visit, account).await?;
    let agreed_with = &offered.organisation;
    let completed = complete_for(&made_for(&typed), referral, by, visit.w.0, agreed_with);
    let (programme, received) = match (programme, completed) {
        (Some(programme), Ok(received)) => (programme, received),
        (programme, completed) => {
            let none = programme.is_none();
            let chosen = none.then(|| (PROGRAMME, visit.w.desk_programme_missing().to_owned()));
            let errors = completed.err().unwrap_or_default().into_iter();
            let errors = errors.map(|(at, error)| told(visit.w, at, error));
            let wrong: Wrong = chosen.into_iter().chain(errors).collect();
            let content = form(&visit, &offered, &typed, &wrong, referral);
            return Ok(Page::new(visit.w.desk_refer())
                .back(LIST, visit.w.desk_referrals())
                .show_wrong(&visit, &content));
        }
    };
    let submission = Submission {
        programme,
        received,
        now: visit.now,
    };
    let taken = app.storage.submit(submission).await;
    taken.map_err(|error| {
        tracing::error!(%error, "a referral was not taken in");
        visit.failed(Why::TryLater)
    })?;
    let to = format!("/desk/referrals/{referral}?{MADE}");
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}
