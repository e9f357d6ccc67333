//! Taking in the safety copy of another tablet, and handing it to the server.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wellfield_core::sync::{
    Delivery, Problem, SAFETY_COPY_BYTES_MAX, SafetyCopyError, Tally, UnprovenCopy, delivery,
};

use crate::screen::Here;
use crate::sync::{Asked, as_device};
use crate::wording::{Words, words};

/// Why a file was not taken in. It is still whole, wherever it lies.
#[derive(Clone, Copy, PartialEq)]
enum NotTaken {
    /// It is no safety copy.
    OtherFile,
    /// A newer version of the app made it.
    Newer,
    /// The server cannot be reached, or asks to come back.
    Later,
    /// The server does not know who made it, or somebody changed it.
    Refused,
}

impl NotTaken {
    fn words(self, w: Words) -> &'static str {
        match self {
            Self::OtherFile => w.take_in_other_file(),
            Self::Newer => w.take_in_newer(),
            Self::Later => w.take_in_later(),
            Self::Refused => w.take_in_refused(),
        }
    }
}

impl From<SafetyCopyError> for NotTaken {
    fn from(error: SafetyCopyError) -> Self {
        match error {
            SafetyCopyError::NotOurs => Self::OtherFile,
            SafetyCopyError::Newer => Self::Newer,
            SafetyCopyError::Forged => Self::Refused,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Idle,
    Handing,
    Done(Tally),
    Failed(NotTaken),
}

/// Asks for the file and says what came of it.
#[component]
pub(super) fn TakeInCopy() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let state = RwSignal::new(State::Idle);
    let chosen = move |event: leptos::ev::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        state.set(State::Handing);
        leptos::task::spawn_local(async move {
            let came = match take_in(here, &file).await {
                Ok(tally) => State::Done(tally),
                Err(why) => State::Failed(why),
            };
            state.try_set(came);
            // The same file can be chosen again.
            input.set_value("");
        });
    };
    let failed = move || match state.get() {
        State::Failed(why) => Some(why.words(w)),
        _ => None,
    };
    let told = move || match state.get() {
        State::Handing => w.take_in_handing().to_owned(),
        State::Done(tally) => done_words(w, tally),
        State::Idle | State::Failed(_) => String::new(),
    };
    view! {
        <section class="app-sent">
            <h2 class="app-sent__heading">{w.take_in_title()}</h2>
            <div class="govuk-form-group" class=("govuk-form-group--error", move || failed().is_some())>
                <label class="govuk-label" for="take-in">{w.take_in_label()}</label>
                <p id="take-in-hint" class="govuk-hint">{w.take_in_hint()}</p>
                <p id="take-in-error" class="govuk-error-message" role="alert">{failed}</p>
                <input
                    class="app-file"
                    id="take-in"
                    type="file"
                    accept=".wellfield"
                    aria-describedby="take-in-hint take-in-error"
                    on:change=chosen
                />
            </div>
            <p class="govuk-body" role="status">{told}</p>
        </section>
    }
}

fn done_words(w: Words, tally: Tally) -> String {
    let mut told = vec![w.take_in_new(tally.new)];
    if tally.held > 0 {
        told.push(w.take_in_held(tally.held));
    }
    if tally.set_aside > 0 {
        told.push(w.take_in_aside(tally.set_aside));
    }
    told.join(" ")
}

/// Reads the file, and gives it to the server as it is: only the tablet that made it could change it.
async fn take_in(here: Here, file: &web_sys::File) -> Result<Tally, NotTaken> {
    if file.size() > SAFETY_COPY_BYTES_MAX as f64 {
        return Err(NotTaken::OtherFile);
    }
    let bytes = JsFuture::from(file.array_buffer())
        .await
        .map_err(|_| NotTaken::OtherFile)?;
    let bytes = Uint8Array::new(&bytes).to_vec();
    let copy = UnprovenCopy::from_file(&bytes)?;
    let asked = Asked::post("/v1/safety-copies", &bytes);
    let reply = as_device(&here.tablet.store(), asked)
        .await
        .map_err(|_| NotTaken::Later)?;
    match delivery(copy.claims(), &reply) {
        Delivery::Done(receipt) => {
            // What the other tablet recorded is on its way to this one now.
            here.tablet.wake();
            Ok(receipt.tally())
        }
        Delivery::Later => Err(NotTaken::Later),
        Delivery::Refused(Problem::Malformed | Problem::TooLarge) => Err(NotTaken::OtherFile),
        Delivery::Refused(_) => Err(NotTaken::Refused),
    }
}
