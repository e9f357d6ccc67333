//! "Listen": the browser reads out what stands on the page, for whoever does not read well or at all.
//!
//! What is read is what is shown, piece by piece and each in its own language, so that nothing that is
//! added to a page is left out. It works without signal where the device has voices of its own, as tablets
//! do.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlElement, SpeechSynthesis, SpeechSynthesisUtterance, SpeechSynthesisVoice,
};

use crate::platform::{document, listen, window};
use crate::ui::Icon;
use crate::wording::words;

/// What is read out, in the order of the page: the question, what explains it, and the answers.
const READ: &str = "#main h1, #main .app-kiosk__help, #main .govuk-hint, #main .app-choice__words, \
    #main .app-scale__step label, #main .govuk-radios__label, #main .app-thanks p";

/// How far the reading is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Quiet,
    Aloud,
    /// The device has voices, and none for this language.
    NoVoice,
}

/// A piece of the page with its language.
struct Piece {
    text: String,
    language: String,
}

fn pieces() -> Vec<Piece> {
    let Ok(found) = document().query_selector_all(READ) else {
        return Vec::new();
    };
    let elements = (0..found.length()).filter_map(|index| found.get(index));
    elements
        .filter_map(|node| node.dyn_into::<HtmlElement>().ok())
        .filter_map(|element| {
            let text = element.inner_text().trim().to_owned();
            let language = language_of(&element)?;
            (!text.is_empty()).then_some(Piece { text, language })
        })
        .collect()
}

fn language_of(element: &Element) -> Option<String> {
    let within = element.closest("[lang]").ok()??;
    within.get_attribute("lang")
}

/// Whether a voice speaks a language, by the part before the country.
fn speaks(voice: &SpeechSynthesisVoice, language: &str) -> bool {
    fn primary(tag: &str) -> &str {
        tag.split(['-', '_']).next().unwrap_or_default()
    }
    // Tags are letters of ASCII; to compare others would bring a table of all letters along.
    primary(&voice.lang()).eq_ignore_ascii_case(primary(language))
}

/// Reads the page out. Says whether there is a voice for each of its languages; a device that does not tell
/// its voices is believed to have them.
fn read_aloud(speech: &SpeechSynthesis, ended: impl FnMut() + Clone + 'static) -> bool {
    let all = pieces();
    let voices = speech.get_voices();
    let has_voice = |piece: &Piece| {
        let mut voices = voices.iter().filter_map(|voice| voice.dyn_into().ok());
        voices.any(|voice| speaks(&voice, &piece.language))
    };
    if voices.length() > 0 && !all.iter().all(has_voice) {
        return false;
    }
    speech.cancel();
    let last = all.len().saturating_sub(1);
    for (index, piece) in all.iter().enumerate() {
        let Ok(utterance) = SpeechSynthesisUtterance::new_with_text(&piece.text) else {
            continue;
        };
        utterance.set_lang(&piece.language);
        if index == last {
            listen(&utterance, "end", ended.clone());
            listen(&utterance, "error", ended.clone());
        }
        speech.speak(&utterance);
    }
    true
}

/// The button. There is none where the browser cannot read.
#[component]
pub fn Listen(
    /// Notes that somebody listened: answers that were read out are told apart.
    #[prop(optional)]
    used: Option<Callback<()>>,
) -> impl IntoView {
    let w = words();
    let speech = StoredValue::new_local(window().speech_synthesis().ok());
    let reading = RwSignal::new(Reading::Quiet);
    let quiet = move || {
        speech.with_value(|speech| {
            if let Some(speech) = speech {
                speech.cancel();
            }
        });
    };
    // Another page, or the end of the form: what is not on screen any more is not read out.
    on_cleanup(quiet);
    let click = move |_| {
        if reading.get_untracked() == Reading::Aloud {
            quiet();
            return reading.set(Reading::Quiet);
        }
        let ended = move || {
            reading.try_set(Reading::Quiet);
        };
        let began = speech.with_value(|speech| {
            speech
                .as_ref()
                .is_some_and(|speech| read_aloud(speech, ended))
        });
        reading.set(if began {
            Reading::Aloud
        } else {
            Reading::NoVoice
        });
        if let Some(used) = used.filter(|_| began) {
            used.run(());
        }
    };
    let is_there = speech.with_value(Option::is_some);
    is_there.then(|| {
        let pressed = move || {
            if reading.get() == Reading::Aloud {
                "true"
            } else {
                "false"
            }
        };
        let no_voice = move || (reading.get() == Reading::NoVoice).then(|| w.kiosk_no_voice());
        view! {
            <button type="button" class="app-listen" aria-pressed=pressed on:click=click>
                <Icon name="listen"/>
                {w.kiosk_listen()}
            </button>
            <span role="status" class="app-small">{no_voice}</span>
        }
    })
}
