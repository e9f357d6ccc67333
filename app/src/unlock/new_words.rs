//! Five words for somebody, drawn by lot, shown once and typed once.

use diceware_wordlists::EFF_LONG_WORDLIST;
use leptos::prelude::*;
use wellfield_core::vault::{Passphrase, RecoveryCode};

use crate::platform::{print_page, random_u32};
use crate::ui::{FieldErrors, TextField};
use crate::wording::{Words, words};

/// The words that are on screen, and what was typed after them.
#[derive(Clone, Copy)]
pub struct ChosenWords {
    drawn: RwSignal<Option<Passphrase>, LocalStorage>,
    typed: RwSignal<String>,
}

impl ChosenWords {
    /// Draws words.
    pub fn draw() -> Self {
        Self {
            drawn: RwSignal::new_local(drawn()),
            typed: RwSignal::new(String::new()),
        }
    }

    /// The words, if they were typed as they stand there.
    ///
    /// # Errors
    /// The field, and what is wrong with it.
    pub fn check(self, w: Words) -> Result<Passphrase, (&'static str, String)> {
        let again = self.typed.with_untracked(|typed| Passphrase::typed(typed));
        let drawn = self.drawn.get_untracked();
        drawn
            .filter(|drawn| *drawn == again)
            .ok_or_else(|| ("passphrase", w.lead_words_differ().to_owned()))
    }
}

fn drawn() -> Option<Passphrase> {
    Passphrase::drawn(EFF_LONG_WORDLIST.as_slice(), random_u32).ok()
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
    let spoken = move || {
        chosen.drawn.with(|drawn| {
            let words = drawn.as_ref()?.words();
            Some(words.collect::<Vec<_>>().join(" "))
        })
    };
    view! {
        // The sheet on the same page is printed; whoever finds it shall not find the words as well.
        <div class="app-no-print">
            <h2 class="govuk-heading-m">{w.lead_passphrase()}</h2>
            <p class="govuk-body">{text}</p>
            <code class="app-code" id="drawn-words">{spoken}</code>
            <p class="govuk-body">
                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| chosen.drawn.set(drawn())>{w.lead_other_words()}</button>
            </p>
            <TextField id="passphrase" label=w.lead_type_words() hint=w.lead_type_words_hint() value=chosen.typed errors autocomplete="off"/>
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
