//! A coordinator writes what came of what people said.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::feedback::{FeedbackActedOn, FeedbackError, Progress, act_on_feedback};
use wellfield_core::ids::ChangeId;
use wellfield_core::text::{Paragraph, TextError};

use crate::attendance::text_error;
use crate::platform::{nfc, random_u64};
use crate::screen::{Here, change_param, go_to};
use crate::ui::{ErrorSummary, FieldErrors, Page, Radios, TextArea};
use crate::wording::{Words, words};

const SAID: &str = "said";
const DID: &str = "did";
const PROGRESS: &str = "progress";

/// The list, where a form leads back to.
const LIST: &str = "/app/feedback";

#[derive(Clone, Copy)]
struct Fields {
    said: RwSignal<String>,
    did: RwSignal<String>,
    progress: RwSignal<Option<Progress>>,
    errors: FieldErrors,
    /// What may tell who somebody is and was pointed at already.
    looked_at: StoredValue<Vec<String>>,
}

impl Fields {
    fn of(stands: Option<&FeedbackActedOn>) -> Self {
        let text = |text: Option<&Paragraph>| {
            RwSignal::new(text.map(ToString::to_string).unwrap_or_default())
        };
        Self {
            said: text(stands.map(|acted| &acted.said)),
            did: text(stands.map(|acted| &acted.did)),
            progress: RwSignal::new(stands.map(|acted| acted.progress)),
            errors: RwSignal::new(Vec::new()),
            looked_at: StoredValue::new(Vec::new()),
        }
    }

    /// What was typed, or what is wrong with it.
    fn build(self, w: Words, (change, day): (ChangeId, Date)) -> Option<FeedbackActedOn> {
        let mut errors = Vec::new();
        let mut paragraph = |id: &'static str, typed: RwSignal<String>, missing: &'static str| {
            let typed = typed.with_untracked(|typed| Paragraph::typed(typed, nfc));
            let error = |error| match error {
                TextError::Empty => missing.to_owned(),
                error @ TextError::TooLong { .. } => text_error(w, error),
            };
            typed.map_err(|wrong| errors.push((id, error(wrong)))).ok()
        };
        let said = paragraph(SAID, self.said, w.feedback_said_missing());
        let did = paragraph(DID, self.did, w.feedback_did_missing());
        let progress = self.progress.get_untracked();
        if progress.is_none() {
            errors.push((PROGRESS, w.feedback_progress_missing().to_owned()));
        }
        self.errors.set(errors);
        Some(FeedbackActedOn {
            change,
            said: said?,
            did: did?,
            progress: progress?,
            day,
            dropped: false,
        })
    }
}

/// Something new, or what stands under the number in the address.
#[component]
pub fn WriteFeedback() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let go = go_to();
    let today: RwSignal<Date> = expect_context();
    let stands = change_param().and_then(|change| {
        here.with_now(|delivery| {
            let all = delivery.feedback.all();
            let mut all = all.into_iter().map(|head| &head.value);
            all.find(|acted| acted.change == change).cloned()
        })
        .flatten()
    });
    let fields = Fields::of(stands.as_ref());
    let key = stands.as_ref().map_or_else(
        || (ChangeId(random_u64()), today.get_untracked()),
        |acted| (acted.change, acted.day),
    );
    let save = StoredValue::new_local(move |acted: FeedbackActedOn| {
        let drafted = here.tablet.records.with_untracked(|records| {
            fields
                .looked_at
                .with_value(|looked| act_on_feedback(records, here.programme, acted, looked))
        });
        match drafted {
            Ok(draft) => {
                let go = go.clone();
                here.save_then(vec![draft], move || go(LIST.to_owned()));
            }
            Err(FeedbackError::Telling(parts)) => {
                fields
                    .errors
                    .set(vec![(SAID, w.stories_telling(&parts.join(", ")))]);
                fields.looked_at.update_value(|looked| looked.extend(parts));
            }
            Err(FeedbackError::NothingToChange | FeedbackError::NoProgramme) => {
                fields
                    .errors
                    .set(vec![(SAID, w.feedback_unchanged().to_owned())]);
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(acted) = fields.build(w, key) {
            save.with_value(|save| save(acted));
        }
    };
    let all = Progress::ALL
        .iter()
        .map(move |progress| (*progress, w.how_far(*progress).to_owned()));
    let errors = fields.errors;
    let title = if stands.is_some() {
        w.feedback_change()
    } else {
        w.feedback_add()
    };
    let drop = stands.map(|stands| {
        let drop = move |_| {
            let dropped = FeedbackActedOn { dropped: true, ..stands.clone() };
            save.with_value(|save| save(dropped));
        };
        view! { <button type="button" class="govuk-button govuk-button--secondary" on:click=drop>{w.feedback_drop()}</button> }
    });
    view! {
        <Page title caption=w.feedback_title() back=LIST narrow=true>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextArea id=SAID label=w.feedback_said() hint=w.feedback_said_hint() value=fields.said errors rows=2/>
                <TextArea id=DID label=w.feedback_did() hint=w.feedback_did_hint() value=fields.did errors rows=3/>
                <Radios id=PROGRESS legend=w.feedback_progress() options=all.collect() value=fields.progress errors/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button">{w.action_save()}</button>
                    {drop}
                </div>
            </form>
        </Page>
    }
}
