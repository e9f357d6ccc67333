//! Raising a concern, with or without signal. Nothing that is typed is kept before it is sealed.

use leptos::prelude::*;
use wellfield_core::ids::ConcernId;
use wellfield_core::safeguarding::{Concern, ConcernError, LeadNamed, Sharing, raise};

use crate::platform::{now, random_bytes, random_u64};
use crate::screen::{Here, person_param};
use crate::ui::{
    ErrorSummary, FieldErrors, Icon, Page, Radios, RingLink, TextArea, TextField, needed, optional,
};
use crate::wording::{Moments, Words, words};

#[derive(Clone, Copy)]
struct Fields {
    about: RwSignal<String>,
    words: RwSignal<String>,
    when: RwSignal<String>,
    place: RwSignal<String>,
    action: RwSignal<String>,
    emergency: RwSignal<Option<bool>>,
    told: RwSignal<String>,
    sharing: RwSignal<Option<Sharing>>,
    reason: RwSignal<String>,
    errors: FieldErrors,
}

impl Fields {
    fn new(w: Words, about: String) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            about: RwSignal::new(about),
            words: empty(),
            when: RwSignal::new(w.whole_moment(now())),
            place: empty(),
            action: empty(),
            emergency: RwSignal::new(None),
            told: empty(),
            sharing: RwSignal::new(None),
            reason: empty(),
            errors: RwSignal::new(Vec::new()),
        }
    }

    /// Nothing of what was typed stays on the page.
    fn clear(self) {
        for field in [
            self.about,
            self.words,
            self.when,
            self.place,
            self.action,
            self.told,
            self.reason,
        ] {
            field.set(String::new());
        }
    }
}

/// What was typed; the errors are on the fields where something is missing.
fn concern(w: Words, here: Here, fields: Fields) -> Option<Concern> {
    let mut errors = Vec::new();
    let about = needed(
        w,
        &mut errors,
        "about",
        fields.about,
        w.concern_about_missing(),
    );
    let said = needed(
        w,
        &mut errors,
        "words",
        fields.words,
        w.concern_words_missing(),
    );
    let when = needed(
        w,
        &mut errors,
        "when",
        fields.when,
        w.concern_when_missing(),
    );
    let place = needed(
        w,
        &mut errors,
        "place",
        fields.place,
        w.concern_place_missing(),
    );
    let action = optional(w, &mut errors, "action", fields.action);
    let emergency = fields.emergency.get_untracked();
    if emergency.is_none() {
        errors.push(("emergency", w.concern_emergency_missing().to_owned()));
    }
    let told = optional(w, &mut errors, "told", fields.told);
    let sharing = fields.sharing.get_untracked();
    if sharing.is_none() {
        errors.push(("sharing", w.concern_sharing_missing().to_owned()));
    }
    let reason = optional(w, &mut errors, "reason", fields.reason);
    fields.errors.set(errors);
    Some(Concern {
        programme: here.programme,
        person: person_param(),
        about: about?,
        words: said?,
        when: when?,
        place: place?,
        action,
        emergency_called: emergency?,
        told,
        sharing: sharing?,
        sharing_reason: reason,
    })
    .filter(|_| fields.errors.with_untracked(Vec::is_empty))
}

/// The page on which a concern is raised.
#[component]
pub fn RaiseConcern() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let lead = here.with_now(|delivery| delivery.lead().cloned()).flatten();
    let back = person_param().map_or_else(
        || "/app/".to_owned(),
        |person| format!("/app/person/{person}"),
    );
    let saved = RwSignal::new(false);
    let Some(lead) = lead else {
        return view! {
            <Page title=w.concern_title() back narrow=true>
                <Danger/>
                <p class="govuk-body">{w.concern_no_lead()}</p>
            </Page>
        }
        .into_any();
    };
    let for_form = lead.clone();
    view! {
        <Page title=w.concern_title() back narrow=true>
            <Show when=move || saved.get() fallback={
                let lead = for_form.clone();
                move || view! { <Form lead=lead.clone() saved/> }
            }>
                <Saved lead=lead.clone()/>
            </Show>
        </Page>
    }
    .into_any()
}

/// What comes before any form.
#[component]
fn Danger() -> impl IntoView {
    let w = words();
    view! {
        <div class="app-notice app-notice--warn">
            <Icon name="triangle-alert"/>
            <div class="app-notice__body"><p class="app-notice__title">{w.concern_danger()}</p></div>
        </div>
    }
}

#[component]
fn Ring(lead: LeadNamed) -> impl IntoView {
    let w = words();
    let name = lead.name.to_string();
    view! {
        <p class="govuk-body">
            <RingLink phone=lead.phone words=move |number: &str| w.concern_ring(&name, &number)/>
        </p>
    }
}

#[component]
fn Saved(lead: LeadNamed) -> impl IntoView {
    let w = words();
    view! {
        <div class="app-notice">
            <Icon name="tick-solid"/>
            <div class="app-notice__body">
                <p class="app-notice__title" role="status">{w.concern_saved(&lead.name)}</p>
                <p>{w.concern_saved_text()}</p>
            </div>
        </div>
        <Ring lead/>
        <p class="govuk-body"><a class="govuk-link govuk-link--tap" href="/app/">{w.shell_to_today()}</a></p>
    }
}

#[component]
fn Form(lead: LeadNamed, saved: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let name = person_param().and_then(|person| {
        here.with_now(|delivery| {
            let person = delivery.person(person)?;
            Some(person.details.preferred_name.to_string())
        })
        .flatten()
    });
    let fields = Fields::new(w, name.unwrap_or_default());
    // Drawn once, so that a form that is sent twice is one concern.
    let number = ConcernId(random_u64());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(said) = concern(w, here, fields) else {
            return;
        };
        let draft = here
            .tablet
            .records
            .with_untracked(|records| raise(records, number, &said, random_bytes()));
        match draft {
            Ok(draft) => here.save_then(vec![draft], move || {
                fields.clear();
                saved.set(true);
                crate::ui::focus_heading();
            }),
            Err(ConcernError::NoReason) => {
                fields
                    .errors
                    .set(vec![("reason", w.concern_reason_missing().to_owned())]);
            }
            Err(ConcernError::NoLead | ConcernError::NotAKey) => {
                fields
                    .errors
                    .set(vec![("about", w.concern_no_lead().to_owned())]);
            }
        }
    };
    let yes_no = vec![
        (true, w.concern_yes().to_owned()),
        (false, w.concern_no().to_owned()),
    ];
    let agreed = Sharing::ALL
        .iter()
        .map(|sharing| (*sharing, sharing_words(w, *sharing).to_owned()))
        .collect::<Vec<_>>();
    let errors = fields.errors;
    let needs_reason = move || {
        fields
            .sharing
            .get()
            .is_some_and(|sharing| sharing != Sharing::Agreed)
    };
    let only = w.concern_only(&lead.name);
    view! {
        <Danger/>
        <Ring lead/>
        <p class="govuk-body">{only}</p>
        <ErrorSummary errors/>
        <form on:submit=submit novalidate autocomplete="off">
            <TextField id="about" label=w.concern_about() value=fields.about errors/>
            <TextArea id="words" label=w.concern_words() hint=w.concern_words_hint() value=fields.words errors rows=6/>
            <TextField id="when" label=w.concern_when() value=fields.when errors/>
            <TextField id="place" label=w.concern_place() value=fields.place errors/>
            <TextArea id="action" label=w.concern_action() value=fields.action errors rows=3/>
            <Radios id="emergency" legend=w.concern_emergency() options=yes_no value=fields.emergency errors/>
            <TextField id="told" label=w.concern_told() hint=w.concern_told_hint() value=fields.told errors/>
            <Radios id="sharing" legend=w.concern_sharing() options=agreed value=fields.sharing errors/>
            <Show when=needs_reason>
                <TextField id="reason" label=w.concern_reason() hint=w.concern_reason_hint() value=fields.reason errors/>
            </Show>
            <button type="submit" class="govuk-button">{w.concern_submit()}</button>
        </form>
    }
}

/// What the person said to this being passed on, in words.
pub(super) fn sharing_words(w: Words, sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Agreed => w.concern_sharing_agreed(),
        Sharing::Refused => w.concern_sharing_refused(),
        Sharing::NotAsked => w.concern_sharing_not_asked(),
    }
}
