//! Participants' own words for reports: those that are in them, and putting more in.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::ids::{PersonId, StoryId};
use wellfield_core::records::Records;
use wellfield_core::stories::{
    Candidate, Form, StoryError, WordsShared, candidates, may_be_quoted, quotable, share_words,
    take_back,
};
use wellfield_core::text::{Paragraph, TextError};

use super::{PersonLine, PersonList};
use crate::attendance::text_error;
use crate::people::NoPerson;
use crate::platform::{nfc, random_u64};
use crate::screen::{Here, go_to, person_param};
use crate::ui::{ErrorSummary, FieldErrors, Page, Radios, TextArea};
use crate::wording::{Words, words};

const LIST: &str = "/app/coordinator/stories";
const FORM: &str = "form";
const WORDS: &str = "words";

/// Words that are in reports, or would be if whose they are still agreed.
#[derive(Clone, PartialEq)]
struct Shared {
    words: WordsShared,
    name: String,
    agrees: bool,
}

fn shared(records: &Records, here: Here) -> Vec<Shared> {
    let both = records
        .delivery(here.programme)
        .zip(records.casework(here.programme));
    let Some((delivery, casework)) = both else {
        return Vec::new();
    };
    let stand = casework
        .stories
        .all()
        .map(|head| &head.value)
        .filter(|words| words.text.is_some());
    stand
        .map(|words| Shared {
            words: words.clone(),
            name: delivery
                .person(words.person)
                .map(|recorded| recorded.details.preferred_name.to_string())
                .unwrap_or_default(),
            agrees: may_be_quoted(delivery, words.person),
        })
        .collect()
}

/// What is in reports, then who agrees to be quoted.
#[component]
pub fn StoriesPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let all = Memo::new(move |_| here.tablet.records.with(|records| shared(records, here)));
    let people = Memo::new(move |_| {
        let line = |(person, name)| PersonLine {
            person,
            name,
            note: None,
        };
        let all = here.with(quotable).unwrap_or_default();
        all.into_iter().map(line).collect::<Vec<_>>()
    });
    view! {
        <Page title=w.stories_title() back="/app/coordinator">
            <p class="govuk-body">{w.stories_text()}</p>
            <section class="app-section">
                <h2 class="app-section__heading">{w.stories_in_reports()}</h2>
                <Show when=move || all.with(Vec::is_empty)>
                    <div class="app-empty"><p>{w.stories_none()}</p></div>
                </Show>
                <For each=move || all.get() key=|one| (one.words.story, one.agrees, one.words.text.clone()) let:one>
                    <InReports one/>
                </For>
            </section>
            <section class="app-section">
                <h2 class="app-section__heading">{w.stories_share()}</h2>
                <p class="govuk-body">{w.stories_who()}</p>
                <Show when=move || people.with(Vec::is_empty)>
                    <div class="app-empty"><p>{w.stories_nobody()}</p></div>
                </Show>
                <PersonList list=LIST people/>
            </section>
        </Page>
    }
}

fn form_words(w: Words, form: Form) -> &'static str {
    match form {
        Form::Quote => w.stories_form_quote(),
        Form::Story => w.stories_form_story(),
    }
}

#[component]
fn InReports(one: Shared) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let story = one.words.story;
    let heading = format!("story-{story}");
    let labelled = heading.clone();
    let back = move |_| {
        here.save_with(move |records| {
            take_back(records, here.programme, story).map(|draft| vec![draft])
        });
    };
    let text = one.words.text.map(|text| text.to_string());
    view! {
        <article class="app-card" aria-labelledby=labelled>
            <h3 class="app-card__heading" id=heading>{one.name.clone()}" "<small>{w.dated(one.words.day)}</small></h3>
            <blockquote class="govuk-inset-text">{text}</blockquote>
            {(!one.agrees).then(|| view! { <p class="govuk-body"><b>{w.stories_consent_gone()}</b></p> })}
            <button type="button" class="govuk-button govuk-button--secondary" on:click=back>
                {w.stories_take_back()}
                <span class="govuk-visually-hidden">": "{one.name}</span>
            </button>
        </article>
    }
}

/// Putting words of the person in the address into reports.
#[component]
pub fn ShareWords() -> impl IntoView {
    let here = Here::find();
    let known = person_param().and_then(|person| {
        here.tablet.records.with_untracked(|records| {
            let delivery = records.delivery(here.programme)?;
            let name = delivery.person(person)?.details.preferred_name.to_string();
            let offered = candidates(delivery, records.casework(here.programme)).into_iter();
            let offered: Vec<_> = offered.filter(|one| one.person == person).collect();
            Some((person, name, offered))
        })
    });
    match known {
        Some((person, name, offered)) => view! { <Share person name offered/> }.into_any(),
        None => view! { <NoPerson/> }.into_any(),
    }
}

#[derive(Clone, Copy)]
struct Fields {
    form: RwSignal<Option<Form>>,
    words: RwSignal<String>,
    /// The day on which they were said.
    day: RwSignal<Date>,
    errors: FieldErrors,
}

impl Fields {
    fn build(self, w: Words, (story, person): (StoryId, PersonId)) -> Option<WordsShared> {
        let mut errors = Vec::new();
        let form = self.form.get_untracked();
        if form.is_none() {
            errors.push((FORM, w.stories_form_missing().to_owned()));
        }
        let text = self
            .words
            .with_untracked(|typed| Paragraph::typed(typed, nfc));
        let text = text
            .map_err(|error| {
                let error = match error {
                    TextError::Empty => w.stories_words_missing().to_owned(),
                    error @ TextError::TooLong { .. } => text_error(w, error),
                };
                errors.push((WORDS, error));
            })
            .ok();
        self.errors.set(errors);
        Some(WordsShared {
            story,
            person,
            form: form?,
            day: self.day.get_untracked(),
            text: Some(text?),
        })
    }
}

#[component]
fn Share(person: PersonId, name: String, offered: Vec<Candidate>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let fields = Fields {
        form: RwSignal::new(None),
        words: RwSignal::new(String::new()),
        day: RwSignal::new(today.get_untracked()),
        errors: RwSignal::new(Vec::new()),
    };
    let errors = fields.errors;
    let key = (StoryId(random_u64()), person);
    let looked_at = StoredValue::new(Vec::<String>::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(shared) = fields.build(w, key) else {
            return;
        };
        let drafted = here.tablet.records.with_untracked(|records| {
            looked_at.with_value(|looked| share_words(records, here.programme, shared, looked))
        });
        let wrong = match drafted {
            Ok(draft) => {
                let go = go.clone();
                return here.save_then(vec![draft], move || go(LIST.to_owned()));
            }
            Err(StoryError::Telling(parts)) => {
                let wrong = w.stories_telling(&parts.join(", "));
                looked_at.update_value(|looked| looked.extend(parts));
                wrong
            }
            Err(StoryError::NoConsent | StoryError::NoPerson) => w.stories_no_consent().to_owned(),
            Err(StoryError::NothingToChange) => w.stories_unchanged().to_owned(),
        };
        errors.set(vec![(WORDS, wrong)]);
    };
    let forms = Form::ALL
        .iter()
        .map(move |form| (*form, form_words(w, *form).to_owned()));
    view! {
        <Page title=name window=w.stories_title() caption=w.stories_share() back=LIST narrow=true>
            <Offered offered fields/>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <Radios id=FORM legend=w.stories_form() options=forms.collect() value=fields.form errors/>
                <TextArea id=WORDS label=w.stories_words() hint=w.stories_words_hint() value=fields.words errors rows=5/>
                <button type="submit" class="govuk-button">{w.stories_put_in()}</button>
            </form>
        </Page>
    }
}

/// What the person wrote after sessions, each with a way into the form.
#[component]
fn Offered(offered: Vec<Candidate>, fields: Fields) -> impl IntoView {
    let w = words();
    if offered.is_empty() {
        return ().into_any();
    }
    let line = move |one: Candidate| {
        let (text, day) = (one.text.to_string(), one.day);
        let taken = text.clone();
        let take = move |_| {
            fields.words.set(taken.clone());
            fields.day.set(day);
            fields.form.set(Some(Form::Quote));
        };
        view! {
            <li>
                <button type="button" class="app-list__link" on:click=take>
                    <span class="app-list__main">{text}<small>{w.dated(day)}" · "{w.stories_use()}</small></span>
                </button>
            </li>
        }
    };
    view! {
        <section class="app-section">
            <h2 class="app-section__heading">{w.stories_offered()}</h2>
            <p class="govuk-body">{w.stories_offered_text()}</p>
            <ul class="app-list">{offered.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
