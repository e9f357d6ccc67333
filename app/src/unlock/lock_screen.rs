//! The locked tablet: five words, or the sheet. It shows nothing about anybody.

use std::rc::Rc;

use leptos::prelude::*;
use wellfield_core::vault::{DataKey, Lock, Passphrase, SlotError, SlotId, SlotSecret};

use super::passkey::{self, NotUsed};
use crate::shell::BrandHeader;
use crate::storage::TabletStore;
use crate::stretching::{NotStretched, stretched};
use crate::sync::LockedSending;
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField};
use crate::wording::words;

/// A tablet whose keys are not in memory.
#[derive(Clone)]
pub struct Locked {
    /// Its store, of which only the lock can be read.
    pub store: Rc<TabletStore>,
    /// Which secrets open it.
    pub lock: Lock,
}

impl Locked {
    /// The tablet's key, and whose words these are; nothing for other words.
    ///
    /// # Errors
    /// [`NotStretched`].
    pub async fn try_words(
        &self,
        words: &Passphrase,
    ) -> Result<Option<(SlotId, DataKey)>, NotStretched> {
        let stretched = stretched(words, self.lock.stretching, self.lock.salt).await?;
        Ok(self.open(&SlotSecret::Passphrase(stretched)).ok())
    }

    /// The tablet's key, and the slot that a secret opened.
    ///
    /// # Errors
    /// [`SlotError::WrongSecret`].
    pub fn open(&self, secret: &SlotSecret) -> Result<(SlotId, DataKey), SlotError> {
        self.lock.open(secret)
    }

    /// The tablet's key, and whose passkey gave out a secret that opens it.
    ///
    /// # Errors
    /// [`NotUsed`].
    async fn try_passkey(&self) -> Result<(SlotId, DataKey), NotUsed> {
        let names: Vec<_> = self.lock.passkeys().map(|one| one.credential).collect();
        let secret = passkey::given(&names, self.lock.salt).await?;
        self.open(&SlotSecret::Passkey(secret))
            .map_err(|_| NotUsed::NotConfirmed)
    }

    /// From here on the tablet's rows open.
    pub fn unlock(&self, slot: SlotId, key: &DataKey) {
        self.store.unlock(self.lock.device, key, slot);
    }
}

/// What happens once the tablet's rows open. It outlives the screen: opening takes a second, and the
/// screen is made anew when somebody changes the language meanwhile.
#[derive(Clone)]
pub struct WhenOpened(Rc<dyn Fn()>);

impl WhenOpened {
    /// Does this.
    pub fn new(work: impl Fn() + 'static) -> Self {
        Self(Rc::new(work))
    }

    pub(super) fn run(&self) {
        (self.0)();
    }
}

/// Asks for the five words. `forgotten` leads to the sheet; `sending` is how far what was saved has come.
#[component]
pub fn LockScreen(
    locked: Locked,
    opened: WhenOpened,
    forgotten: Callback<()>,
    sending: ArcRwSignal<Option<LockedSending>>,
) -> impl IntoView {
    let w = words();
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let sent = move || {
        sending.get().map(|sending| match sending {
            LockedSending::AllSent => w.lock_all_sent().to_owned(),
            LockedSending::Unsent(n) => w.lock_sending(n),
            LockedSending::Stays(n) => w.lock_stays(n),
        })
    };
    let has_passkey = locked.lock.passkeys().next().is_some() && passkey::are_known();
    let both = StoredValue::new_local((locked, opened));
    let use_passkey = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        errors.set(Vec::new());
        let (locked, opened) = both.get_value();
        leptos::task::spawn_local(async move {
            let refusal = match locked.try_passkey().await {
                Ok((slot, key)) => {
                    locked.unlock(slot, &key);
                    return opened.run();
                }
                Err(NotUsed::NotHere) => w.lock_passkey_none(),
                Err(NotUsed::NotConfirmed) => w.lock_passkey_failed(),
            };
            errors.try_set(vec![("tablet-words", refusal.to_owned())]);
            busy.try_set(false);
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        errors.set(Vec::new());
        let passphrase = typed.with_untracked(|typed| Passphrase::typed(typed));
        let (locked, opened) = both.get_value();
        leptos::task::spawn_local(async move {
            let refusal = match locked.try_words(&passphrase).await {
                Ok(Some((slot, key))) => {
                    typed.try_set(String::new());
                    locked.unlock(slot, &key);
                    opened.run();
                    return;
                }
                Ok(None) => w.lock_wrong(),
                Err(NotStretched::NotFetched | NotStretched::NoAnswer) => w.lead_not_tried(),
            };
            errors.try_set(vec![("tablet-words", refusal.to_owned())]);
            busy.try_set(false);
        });
    };
    view! {
        <div class="app-layout">
            <BrandHeader/>
            <Page title=w.lock_title() narrow=true>
                <ErrorSummary errors/>
                {has_passkey.then(|| view! {
                    <p class="govuk-body">
                        <button type="button" class="govuk-button" aria-disabled=move || busy.get().then_some("true") on:click=use_passkey>{w.lock_passkey_use()}</button>
                    </p>
                })}
                <p class="govuk-body">{w.lock_text()}</p>
                <form on:submit=submit novalidate>
                    <TextField id="tablet-words" label=w.lock_words() hint=w.lock_words_hint() value=typed errors kind="password" autocomplete="current-password"/>
                    <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>
                        {move || if busy.get() { w.lock_opening() } else { w.lock_open() }}
                    </button>
                </form>
                <p class="govuk-body">
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| forgotten.run(())>{w.lock_forgotten()}</button>
                </p>
                <p class="govuk-body">{w.lock_nothing_lost()} " " <span role="status" id="lock-sending">{sent}</span></p>
            </Page>
        </div>
    }
}
