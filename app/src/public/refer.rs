//! "Refer myself": one question a page, check answers, confirm.

use leptos::prelude::*;
use wellfield_core::clock::Instant;
use wellfield_core::ids::{ProgrammeId, ReferralId};
use wellfield_core::offer::OfferPublished;
use wellfield_core::people::AccessNeed;
use wellfield_core::referral::{
    ContactWay, FieldError, Form, Outcome, Question, Signals, check_question, complete,
};
use wellfield_core::text::Line;

use super::app::View;
use super::send::{NotSent, Sender};
use super::steps::QuestionPage;
use crate::platform::{nfc, now, random_bytes};
use crate::ui::{FieldErrors, Icon, Page, RingLink, SummaryList, SummaryRow, access_word};
use crate::wording::{Words, words};

/// What was typed so far. It lives as long as the page and lies nowhere else until it is confirmed.
#[derive(Clone, Copy)]
pub(super) struct FormState {
    /// The form's number, drawn when it was opened.
    pub(super) referral: RwSignal<ReferralId>,
    /// The programme that it is for.
    programme: StoredValue<Option<ProgrammeId>>,
    pub(super) name: RwSignal<String>,
    pub(super) contact_way: RwSignal<Option<ContactWay>>,
    pub(super) contact: RwSignal<String>,
    pub(super) access: RwSignal<Vec<AccessNeed>>,
    pub(super) access_note: RwSignal<String>,
    pub(super) hopes: RwSignal<String>,
    pub(super) supporter: RwSignal<String>,
    pub(super) agreed: RwSignal<Vec<bool>>,
    pub(super) errors: FieldErrors,
    /// "Change" on the check page leads back there.
    pub(super) checking: RwSignal<bool>,
    /// What stands in the field that people do not see.
    pub(super) trap: RwSignal<String>,
    /// When its first page was opened.
    opened: StoredValue<Option<Instant>>,
}

impl FormState {
    /// An empty form.
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            referral: RwSignal::new(draw()),
            programme: StoredValue::new(None),
            name: text(),
            contact_way: RwSignal::new(None),
            contact: text(),
            access: RwSignal::new(Vec::new()),
            access_note: text(),
            hopes: text(),
            supporter: text(),
            agreed: RwSignal::new(Vec::new()),
            errors: RwSignal::new(Vec::new()),
            checking: RwSignal::new(false),
            trap: text(),
            opened: StoredValue::new(None),
        }
    }

    /// The form is now for this programme. What was typed for another one stays, but the agreement was
    /// given to whoever runs that one, and the form's number may have been sent there.
    fn is_for(self, programme: ProgrammeId) {
        let before = self.programme.get_value();
        self.programme.set_value(Some(programme));
        if self.opened.get_value().is_none() {
            self.opened.set_value(Some(now()));
        }
        if before.is_some_and(|before| before != programme) {
            self.agreed.set(Vec::new());
            self.checking.set(false);
            self.referral.set(draw());
        }
    }

    fn form(self) -> Form {
        let typed = |text: RwSignal<String>| text.with_untracked(|typed| nfc(typed));
        Form {
            name: typed(self.name),
            contact_way: self.contact_way.get_untracked(),
            contact: typed(self.contact),
            access: self.access.get_untracked(),
            access_note: typed(self.access_note),
            hopes: typed(self.hopes),
            supporter: typed(self.supporter),
            agreed: self.agreed.with_untracked(|agreed| agreed.contains(&true)),
        }
    }

    /// What there is to say about how it was filled in.
    fn signals(self) -> Signals {
        let opened = self.opened.get_value();
        Signals {
            trap_filled: self.trap.with_untracked(|typed| !typed.is_empty()),
            took_ms: opened.map(|opened| now().0.saturating_sub(opened.0)),
            proof: None,
        }
    }

    /// Whether the answer to a question can stay; if not, the page says why.
    pub(super) fn check(self, w: Words, question: Question) -> bool {
        match check_question(&self.form(), question) {
            Ok(()) => {
                self.errors.set(Vec::new());
                true
            }
            Err(error) => {
                self.errors
                    .set(vec![(field(question, error), field_error(w, error))]);
                false
            }
        }
    }

    /// Empties the form once it is on its way: the phone may be somebody else's.
    fn clear(self) {
        for text in [
            self.name,
            self.contact,
            self.access_note,
            self.hopes,
            self.supporter,
            self.trap,
        ] {
            text.set(String::new());
        }
        self.contact_way.set(None);
        self.access.set(Vec::new());
        self.agreed.set(Vec::new());
        self.checking.set(false);
        self.opened.set_value(None);
        self.referral.set(draw());
    }
}

fn draw() -> ReferralId {
    ReferralId(u128::from_le_bytes(random_bytes()))
}

/// The field of a page that an error belongs to.
fn field(question: Question, error: FieldError) -> &'static str {
    match (question, error) {
        (Question::Contact, FieldError::ContactWayMissing) => "way",
        (Question::Name, _) => "name",
        (Question::Contact, _) => "contact",
        (Question::Access, _) => "access-note",
        (Question::Hopes, _) => "hopes",
        (Question::Supporter, _) => "supporter",
        (Question::Agreement, _) => "agree",
    }
}

fn field_error(w: Words, error: FieldError) -> String {
    match error {
        FieldError::NameMissing => w.refer_name_missing().to_owned(),
        FieldError::ContactWayMissing => w.refer_way_missing().to_owned(),
        FieldError::ContactMissing => w.refer_contact_missing().to_owned(),
        FieldError::PhoneTooShort => w.refer_phone_too_short().to_owned(),
        FieldError::NotAnEmail => w.refer_not_an_email().to_owned(),
        FieldError::TooLong(max) => w.form_too_long(&max),
        FieldError::AgreementMissing => w.refer_agreement_missing().to_owned(),
    }
}

/// The form, at the page in the address.
#[component]
pub(super) fn ReferMyself(offer: OfferPublished, view: View) -> impl IntoView {
    let form: FormState = expect_context();
    form.is_for(offer.programme);
    // An address in the middle of the form leads to its beginning while nothing is typed.
    let untouched = form.name.with_untracked(String::is_empty);
    match view {
        View::Question(question) if question == Question::Name || !untouched => {
            view! { <QuestionPage offer question/> }.into_any()
        }
        View::Check if !untouched => view! { <CheckAnswers offer/> }.into_any(),
        View::Done => view! { <Done offer/> }.into_any(),
        View::Offer | View::Check | View::Question(_) => {
            view! { <QuestionPage offer question=Question::Name/> }.into_any()
        }
    }
}

#[component]
fn CheckAnswers(offer: OfferPublished) -> impl IntoView {
    let w = words();
    let form: FormState = expect_context();
    let sender: Sender = expect_context();
    let not_sent = RwSignal::new(None::<NotSent>);
    let busy = RwSignal::new(false);
    form.checking.set(true);
    let programme = offer.programme;
    let organisation = offer.organisation.to_string();
    let phone = offer.phone;
    let confirm = move |_| {
        if busy.get_untracked() {
            return;
        }
        let completed = complete(
            &form.form(),
            form.referral.get_untracked(),
            w.0,
            &organisation,
        );
        let referral = match completed {
            Ok(referral) => referral,
            Err(errors) => {
                if let Some((question, _)) = errors.first() {
                    form.check(w, *question);
                    View::Question(*question).go(programme);
                }
                return;
            }
        };
        busy.set(true);
        leptos::task::spawn_local(async move {
            match sender.confirm(programme, &referral, &form.signals()).await {
                Ok(()) => {
                    form.clear();
                    View::Done.go(programme);
                }
                Err(error) => not_sent.set(Some(error)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <Page title=w.refer_check_title() back=View::Question(Question::Agreement).of(programme) narrow=true>
            {move || {
                let why = not_sent.get()?;
                Some(view! { <StillHere why phone=phone.clone()/> })
            }}
            <Summary programme/>
            <button type="button" class="govuk-button" aria-disabled=move || busy.get().then_some("true") on:click=confirm>
                {move || if busy.get() { w.refer_sending() } else { w.refer_confirm() }}
            </button>
        </Page>
    }
}

/// Why the form is still on screen, and what to do about it.
#[component]
fn StillHere(why: NotSent, phone: Line) -> impl IntoView {
    let w = words();
    let form: FormState = expect_context();
    let (title, text) = match why {
        NotSent::NotKept => (w.refer_not_sent(), w.refer_not_sent_text()),
        NotSent::Refused => (w.refer_refused_title(), w.refer_refused_text()),
    };
    let reference = (why == NotSent::Refused)
        .then(|| w.refer_reference(&form.referral.get_untracked().reference()));
    view! {
        <div class="app-notice app-notice--error" role="alert">
            <Icon name="triangle-alert"/>
            <div class="app-notice__body">
                <p><b>{title}</b></p>
                <p>{text}</p>
                {reference.map(|reference| view! { <p>{reference}</p> })}
                <p><RingLink phone words=move |phone| w.refer_ring(&phone)/></p>
            </div>
        </div>
    }
}

#[component]
fn Summary(programme: ProgrammeId) -> impl IntoView {
    let w = words();
    let form: FormState = expect_context();
    let said = |text: String| {
        if text.trim().is_empty() {
            w.refer_not_said().to_owned()
        } else {
            text
        }
    };
    let way = match form.contact_way.get_untracked() {
        Some(ContactWay::Telephone) => w.refer_by_telephone(),
        Some(ContactWay::TextMessage) => w.refer_by_text(),
        Some(ContactWay::Email) => w.refer_by_email(),
        None => w.refer_not_said(),
    };
    let needs = form.access.with_untracked(|access| {
        access
            .iter()
            .map(|need| access_word(w, *need).1)
            .collect::<Vec<_>>()
            .join(", ")
    });
    let more = form.access_note.get_untracked();
    let access = [needs, more]
        .into_iter()
        .filter(|text| !text.trim().is_empty())
        .collect::<Vec<_>>()
        .join(". ");
    let agreed = if form.agreed.with_untracked(|agreed| agreed.contains(&true)) {
        w.refer_agreed()
    } else {
        w.refer_not_said()
    };
    let rows = [
        (
            Question::Name,
            w.refer_name(),
            said(form.name.get_untracked()),
        ),
        (
            Question::Contact,
            w.refer_contact(),
            format!("{way}: {}", form.contact.get_untracked()),
        ),
        (Question::Access, w.refer_access(), said(access)),
        (
            Question::Hopes,
            w.refer_hopes(),
            said(form.hopes.get_untracked()),
        ),
        (
            Question::Supporter,
            w.refer_supporter(),
            said(form.supporter.get_untracked()),
        ),
        (Question::Agreement, w.refer_agreement(), agreed.to_owned()),
    ];
    view! {
        <SummaryList>
            {rows
                .map(|(question, key, value)| {
                    view! { <SummaryRow key value change=View::Question(question).of(programme)/> }
                })
                .into_iter()
                .collect_view()}
        </SummaryList>
    }
}

/// How a form stands that was confirmed, as the panel shows it.
#[derive(Clone, Copy, PartialEq)]
struct Panel {
    class: &'static str,
    icon: &'static str,
    title: &'static str,
    text: &'static str,
}

/// Only what the server has looks done. What waits looks as if it waits.
fn panel(w: Words, outcome: Option<Outcome>) -> Panel {
    let (class, icon, title, text) = match outcome {
        Some(Outcome::Waiting) => (
            "govuk-panel app-panel--waiting",
            "clock",
            w.refer_waiting_title(),
            w.refer_waiting_text(),
        ),
        Some(Outcome::Received) => (
            "govuk-panel",
            "tick-solid",
            w.refer_received_title(),
            w.refer_received_text(),
        ),
        Some(Outcome::Refused) => (
            "govuk-panel app-panel--refused",
            "triangle-alert",
            w.refer_refused_title(),
            w.refer_refused_text(),
        ),
        None => (
            "govuk-panel app-panel--nothing",
            "info",
            w.refer_nothing_title(),
            w.refer_nothing_text(),
        ),
    };
    Panel {
        class,
        icon,
        title,
        text,
    }
}

#[component]
fn Done(offer: OfferPublished) -> impl IntoView {
    let w = words();
    let sender: Sender = expect_context();
    crate::platform::document().set_title(&format!(
        "{} – {}",
        w.refer_done_title(),
        w.brand_name()
    ));
    let outcome = Memo::new(move |_| sender.last.get().map(|(_, outcome)| outcome));
    let shown = Memo::new(move |_| panel(w, outcome.get()));
    let reference = move || {
        let last = sender.last.get();
        last.map(|(referral, _)| {
            view! { <div class="govuk-panel__body">{w.refer_reference(&referral.reference())}</div> }
        })
    };
    let waits = move || outcome.get() == Some(Outcome::Waiting);
    let send = move |_| {
        if sender.sending.get_untracked() == 0 {
            sender.send_now();
        }
    };
    view! {
        <main class="app-main app-main--narrow" id="main" tabindex="-1">
            // The heading stays the same element when the answer comes, and keeps the focus.
            <div class=move || shown.get().class role="status">
                <Icon name=Signal::derive(move || shown.get().icon) class="app-icon app-icon--big"/>
                <h1 class="govuk-panel__title" tabindex="-1">{move || shown.get().title}</h1>
                {reference}
            </div>
            <p class="govuk-body">{move || shown.get().text}</p>
            {move || {
                waits()
                    .then(|| {
                        view! {
                            <button type="button" class="govuk-button govuk-button--secondary" aria-disabled=move || (sender.sending.get() > 0).then_some("true") on:click=send>
                                <Icon name="send"/>
                                {move || if sender.sending.get() > 0 { w.refer_sending() } else { w.sent_send_now() }}
                            </button>
                        }
                    })
            }}
            <p class="govuk-body"><RingLink phone=offer.phone words=move |phone| w.refer_ring(&phone)/></p>
            <p class="govuk-body"><a class="govuk-link govuk-link--tap" href=View::Offer.of(offer.programme) rel="external">{w.refer_to_offer()}</a></p>
        </main>
    }
}
