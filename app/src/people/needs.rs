//! Whether what somebody needs was there.

use leptos::prelude::*;
use wellfield_core::ids::PersonId;
use wellfield_core::people::{AccessNeed, Met, NeedSeenTo, see_to};

use super::NoPerson;
use crate::screen::{Here, go_to, person_param};
use crate::ui::{FieldErrors, Page, Radios, access_word};
use crate::wording::{Words, words};

/// What a tag says beside a need, once somebody said whether it was there.
pub(super) fn met_tag(w: Words, met: Met) -> &'static str {
    match met {
        Met::Yes => w.need_met_yes_tag(),
        Met::Partly => w.need_met_partly_tag(),
        Met::No => w.need_met_no_tag(),
    }
}

fn met_words(w: Words, met: Met) -> &'static str {
    match met {
        Met::Yes => w.need_met_yes(),
        Met::Partly => w.need_met_partly(),
        Met::No => w.need_met_no(),
    }
}

/// Each need of the person in the address, with whether it was there.
#[component]
pub fn NeedsMet() -> impl IntoView {
    let here = Here::find();
    let known = person_param().and_then(|person| {
        here.with_now(|delivery| {
            let recorded = delivery.person(person)?;
            let needs = recorded.details.access.iter();
            let needs: Vec<_> = needs
                .map(|need| (*need, delivery.needs.met(person, *need)))
                .collect();
            Some((person, recorded.details.preferred_name.to_string(), needs))
        })
        .flatten()
    });
    match known {
        Some((person, name, needs)) => view! { <Needs person name needs/> }.into_any(),
        None => view! { <NoPerson/> }.into_any(),
    }
}

#[component]
fn Needs(person: PersonId, name: String, needs: Vec<(AccessNeed, Option<Met>)>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let fields: Vec<_> = needs
        .into_iter()
        .map(|(need, met)| (need, RwSignal::new(met)))
        .collect();
    let said = fields.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let seen = said.iter().filter_map(|(need, met)| {
            Some(NeedSeenTo {
                person,
                need: *need,
                met: met.get_untracked()?,
            })
        });
        // What stands like that already needs no record.
        let drafts: Vec<_> = here.tablet.records.with_untracked(|records| {
            seen.filter_map(|seen| see_to(records, here.programme, seen).ok())
                .collect()
        });
        let back = format!("/app/person/{person}");
        if drafts.is_empty() {
            return go(back);
        }
        let go = go.clone();
        here.save_then(drafts, move || go(back));
    };
    let options: Vec<_> = Met::ALL
        .iter()
        .map(|met| (*met, met_words(w, *met).to_owned()))
        .collect();
    let field = move |(need, value): (AccessNeed, RwSignal<Option<Met>>)| {
        view! { <Radios id=need.name() legend=access_word(w, need).1 options=options.clone() value errors/> }
    };
    view! {
        <Page title=w.need_met_title() window=w.person_caption() caption=name.clone() back=format!("/app/person/{person}") narrow=true>
            <p class="govuk-body">{w.need_met_text(&name)}</p>
            <form on:submit=submit novalidate>
                {fields.into_iter().map(field).collect_view()}
                <button type="submit" class="govuk-button">{w.action_save()}</button>
            </form>
        </Page>
    }
}
