//! Words for somebody: five drawn by lot, shown once and typed once, or a sentence of their own, typed twice.

use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use wellfield_core::vault::{EasyToGuess, OWN_LETTERS, OWN_WORDS, Passphrase, RecoveryCode};

use crate::platform::{print_page, random_u32};
use crate::ui::{FieldErrors, TextField};
use crate::wording::{Words, words};

const OWN: &str = "own-words";

/// Brings the list from which words are drawn; nothing where it does not come. It is as large as a tenth
/// of everything that a first visit loads, so it comes after the first screen, and whoever puts the client
/// together says from where.
#[derive(Clone, Copy)]
pub struct WordList(pub fn() -> LocalBoxFuture<'static, Option<&'static [&'static str]>>);

/// The words that are on screen, and what was typed after them.
#[derive(Clone, Copy)]
pub struct ChosenWords {
    list: WordList,
    drawn: RwSignal<Option<Passphrase>, LocalStorage>,
    /// Whether the list did not come.
    missing: RwSignal<bool>,
    typed: RwSignal<String>,
    /// Whether they would rather have a sentence of their own.
    is_own: RwSignal<bool>,
    own: RwSignal<String>,
}

impl ChosenWords {
    /// No words yet. They are drawn once when [`NewWords`] shows them first.
    pub fn begin() -> Self {
        Self {
            list: expect_context(),
            drawn: RwSignal::new_local(None),
            missing: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            is_own: RwSignal::new(false),
            own: RwSignal::new(String::new()),
        }
    }

    /// Draws words, others where there are some.
    fn draw(self) {
        self.missing.set(false);
        // The waiting for the list must not be given up half-way, so it is spawned.
        leptos::task::spawn_local(async move {
            let list = (self.list.0)().await;
            let drawn = list.and_then(|list| Passphrase::drawn(list, random_u32).ok());
            self.missing.try_set(drawn.is_none());
            if drawn.is_some() {
                self.drawn.try_set(drawn);
            }
        });
    }

    /// Changes between the words that were drawn and a sentence of their own.
    fn change(self) {
        self.typed.set(String::new());
        self.own.set(String::new());
        self.is_own.update(|is_own| *is_own = !*is_own);
    }

    /// The words, if they were typed as they stand there, or twice where they are somebody's own.
    ///
    /// # Errors
    /// The field, and what is wrong with it.
    pub fn check(self, w: Words) -> Result<Passphrase, (&'static str, String)> {
        let again = self.typed.with_untracked(|typed| Passphrase::typed(typed));
        let words = match self.is_own.get_untracked() {
            true => {
                let own = self.own.with_untracked(|own| Passphrase::own(own));
                let easy = |EasyToGuess { letters, words }| {
                    let easy = w.lead_own_easy(&letters, &OWN_LETTERS, &words, &OWN_WORDS);
                    (OWN, easy)
                };
                Some(own.map_err(easy)?)
            }
            false => self.drawn.get_untracked(),
        };
        words
            .filter(|words| *words == again)
            .ok_or_else(|| ("passphrase", w.lead_words_differ().to_owned()))
    }
}

/// Shows the words, others if they are asked for, and the field into which they are typed.
#[component]
pub fn NewWords(
    chosen: ChosenWords,
    /// What the words are for.
    text: &'static str,
    errors: FieldErrors,
) -> impl IntoView {
    let w = words();
    if chosen.drawn.with_untracked(Option::is_none) {
        chosen.draw();
    }
    let spoken = move || {
        chosen.drawn.with(|drawn| {
            let words = drawn.as_ref()?.words();
            Some(words.collect::<Vec<_>>().join(" "))
        })
    };
    let shown = move || match (spoken(), chosen.missing.get()) {
        (Some(spoken), _) => {
            view! { <code class="app-code" id="drawn-words">{spoken}</code> }.into_any()
        }
        (None, true) => {
            view! { <p class="govuk-body" role="alert">{w.later_text()}</p> }.into_any()
        }
        (None, false) => {
            view! { <p class="govuk-body" role="status">{w.shell_opening()}</p> }.into_any()
        }
    };
    let again = move || {
        if chosen.missing.get() {
            w.action_try_again()
        } else {
            w.lead_other_words()
        }
    };
    let instead = move || match chosen.is_own.get() {
        true => w.lead_words_instead(),
        false => w.lead_own_instead(),
    };
    view! {
        // The sheet on the same page is printed; whoever finds it shall not find the words as well.
        <div class="app-no-print">
            <h2 class="govuk-heading-m">{w.lead_passphrase()}</h2>
            <p class="govuk-body">{text}</p>
            <div hidden=move || chosen.is_own.get()>
                {shown}
                <p class="govuk-body">
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| chosen.draw()>{again}</button>
                </p>
            </div>
            <div hidden=move || !chosen.is_own.get()>
                <TextField id=OWN label=w.lead_own_words() hint=w.lead_own_words_hint(&OWN_LETTERS, &OWN_WORDS) value=chosen.own errors/>
            </div>
            <TextField id="passphrase" label=w.lead_type_words() hint=w.lead_type_words_hint() value=chosen.typed errors autocomplete="off"/>
            <p class="govuk-body">
                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| chosen.change()>{instead}</button>
            </p>
        </div>
    }
}

/// A code to print and lock away.
#[component]
pub fn PrintedSheet(
    code: RecoveryCode,
    /// What it is for.
    text: &'static str,
) -> impl IntoView {
    let w = words();
    view! {
        <h2 class="govuk-heading-m">{w.lead_sheet()}</h2>
        <p class="govuk-body">{text}</p>
        <code class="app-code" id="printed-sheet">{code.printed()}</code>
        <p class="govuk-body">
            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| print_page()>{w.lead_print()}</button>
        </p>
    }
}
