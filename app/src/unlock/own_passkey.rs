//! The passkey of whoever opened the tablet: set up with their own words, and taken away.

use leptos::prelude::*;
use wellfield_core::vault::{KeySlot, Passphrase, SlotId, SlotSecret};

use super::passkey::{self, NotUsed};
use super::people::{NoKey, key_of};
use crate::platform::{random_bytes, random_u64};
use crate::screen::Here;
use crate::storage::StoreError;
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField, store_error_text};
use crate::wording::{Words, words};

/// The field for the words.
const OWN_WORDS: &str = "own-words";

/// Whether there is one, and what can be done about it; nothing where the browser knows none.
#[component]
pub(super) fn OwnPasskey(
    /// The slot of whoever opened the tablet.
    me: SlotId,
    /// What is told above the list.
    done: RwSignal<Option<String>>,
    /// Leads to setting one up.
    set_up: Callback<()>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let mine = RwSignal::new_local(Vec::<SlotId>::new());
    here.run(
        async move |here: Here| {
            let lock = here.tablet.store().lock().await?;
            let mut found = Vec::new();
            if let Some(lock) = &lock {
                let own = lock.passkeys().filter(|one| one.owner == me);
                found.extend(own.map(|one| one.id));
            }
            mine.try_set(found);
            Ok(())
        },
        || {},
    );
    let remove = move |_| {
        let all = mine.get_untracked();
        let take = async move |here: Here| {
            for id in all {
                here.tablet.store().remove_passkey(id).await?;
            }
            Ok(())
        };
        here.run(take, move || {
            mine.try_set(Vec::new());
            done.try_set(Some(w.lock_passkey_removed().to_owned()));
        });
    };
    passkey::are_known().then(|| {
        view! {
            <section class="app-section">
                <h2 class="app-section__heading">{w.lock_passkey_title()}</h2>
                {move || if mine.get().is_empty() {
                    view! {
                        <p class="govuk-body">{w.lock_passkey_text()}</p>
                        <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| set_up.run(())>{w.lock_passkey_set_up()}</button>
                    }.into_any()
                } else {
                    view! {
                        <p class="govuk-body">{w.lock_passkey_there()}</p>
                        <button type="button" class="govuk-button govuk-button--secondary" on:click=remove>{w.lock_passkey_remove()}</button>
                    }.into_any()
                }}
            </section>
        }
    })
}

/// Why no passkey was set up.
enum NotSetUp {
    Key(NoKey),
    /// The words are somebody else's.
    OtherWords,
    Passkey(NotUsed),
    Store(StoreError),
}

impl NotSetUp {
    fn words(self, w: Words) -> &'static str {
        match self {
            Self::Key(NoKey::WrongWords) => w.lock_wrong(),
            Self::Key(NoKey::NotTried) => w.lead_not_tried(),
            Self::Key(NoKey::TooMany) => w.lock_too_many(),
            Self::OtherWords => w.lock_passkey_own_words(),
            Self::Passkey(NotUsed::NotHere) => w.lock_passkey_none(),
            Self::Passkey(NotUsed::NotConfirmed) => w.lock_passkey_not_made(),
            Self::Store(error) => store_error_text(w, &error),
        }
    }
}

/// Sets a passkey up: with the screen open and its owner away, nobody adds theirs.
async fn set_up(here: Here, me: SlotId, typed: &Passphrase) -> Result<(), NotSetUp> {
    let (lock, whose, key) = key_of(here, typed).await.map_err(NotSetUp::Key)?;
    if whose != me {
        return Err(NotSetUp::OtherWords);
    }
    let secret = passkey::made(lock.salt).await.map_err(NotSetUp::Passkey)?;
    let secret = SlotSecret::Passkey(secret);
    let slot = KeySlot::new(lock.device, &key, &secret, random_bytes(), random_bytes());
    let added = here
        .tablet
        .store()
        .add_passkey((SlotId(random_u64()), &slot), me)
        .await;
    added.map_err(NotSetUp::Store)
}

/// What it means, and the words of whoever sets it up.
#[component]
pub(super) fn SetUpPasskey(
    /// The slot of whoever opened the tablet.
    me: SlotId,
    /// Back to the list, with what is to be told there.
    back: Callback<Option<String>>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        errors.set(Vec::new());
        let passphrase = typed.with_untracked(|typed| Passphrase::typed(typed));
        leptos::task::spawn_local(async move {
            match set_up(here, me, &passphrase).await {
                Ok(()) => back.run(Some(w.lock_passkey_made().to_owned())),
                Err(refused) => {
                    errors.try_set(vec![(OWN_WORDS, refused.words(w).to_owned())]);
                    busy.try_set(false);
                }
            }
        });
    };
    view! {
        <Page title=w.lock_passkey_set_up() window=w.lock_people() narrow=true>
            <ErrorSummary errors/>
            <p class="govuk-body">{w.lock_passkey_text()}</p>
            <p class="govuk-body"><b>{w.lock_passkey_only_you()}</b></p>
            <p class="govuk-body">{w.lock_passkey_keep_words()}</p>
            <form on:submit=submit novalidate autocomplete="off">
                <TextField id=OWN_WORDS label=w.lock_own_words() hint=w.lock_own_words_hint() value=typed errors kind="password" autocomplete="current-password"/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>{w.lock_passkey_set_up()}</button>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| back.run(None)>{w.action_back()}</button>
                </div>
            </form>
        </Page>
    }
}
