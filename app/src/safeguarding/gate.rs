//! The key to concerns: in memory while the lead reads, and gone when they do not.

use gloo::timers::callback::Interval;
use leptos::prelude::*;
use wellfield_core::access::{Action, decide};
use wellfield_core::clock::Instant;
use wellfield_core::stream::Room;
use wellfield_core::vault::{
    DataKey, KeySlot, OpeningKey, Passphrase, SlotError, SlotSecret, is_idle,
};

use super::set_up::SetUp;
use crate::platform::{document, listen, now};
use crate::screen::Here;
use crate::shell::NotFound;
use crate::stretching::{NotStretched, stretched};
use crate::tablet::Tablet;
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField};
use crate::wording::words;

/// It is looked at so often whether the key has to go, in milliseconds.
const LOOK_MS: u32 = 15_000;

/// The key, while it is open. One for all screens of a tab; a reload drops it.
#[derive(Clone, Copy)]
pub struct ConcernsKey {
    key: RwSignal<Option<OpeningKey>, LocalStorage>,
    used: StoredValue<Instant>,
}

impl ConcernsKey {
    /// No key, and somebody who looks whether one has to go again.
    pub fn watch() -> Self {
        let this = Self {
            key: RwSignal::new_local(None),
            used: StoredValue::new(now()),
        };
        let look = move || {
            if this
                .used
                .try_get_value()
                .is_none_or(|used| is_idle(used, now()))
            {
                this.lock();
            }
        };
        // A tablet that slept has slept through its timers.
        listen(&document(), "visibilitychange", look);
        Interval::new(LOOK_MS, look).forget();
        this
    }

    /// Opens what is sealed.
    pub(super) fn open(self, key: OpeningKey) {
        self.used.set_value(now());
        self.key.set(Some(key));
    }

    /// Drops the key.
    pub(super) fn lock(self) {
        if self.key.try_with_untracked(Option::is_some) == Some(true) {
            self.key.set(None);
        }
    }

    /// Reads with the key, which counts as a use of it.
    pub(super) fn with<T>(self, read: impl FnOnce(&OpeningKey) -> T) -> Option<T> {
        self.used.set_value(now());
        self.key.with(|key| key.as_ref().map(read))
    }
}

/// Whether whoever uses this device reads concerns.
pub fn is_lead(tablet: Tablet) -> bool {
    tablet.identity.with_untracked(|identity| {
        identity.as_ref().is_some_and(|identity| {
            decide(
                identity.role.into(),
                Action::Read,
                Room::Safeguarding.into(),
            )
        })
    })
}

/// Shows a screen to the lead, once the key is open; to others there is no such page.
#[component]
pub fn OfLead(children: ChildrenFn) -> impl IntoView {
    let here = Here::find();
    let key: ConcernsKey = expect_context();
    if !is_lead(here.tablet) {
        return view! { <NotFound/> }.into_any();
    }
    // Asked of the disk once: nothing until then.
    let slot = RwSignal::new(None::<Option<Vec<u8>>>);
    let ask = move || {
        leptos::task::spawn_local(async move {
            let kept = here.tablet.store().lead_slot().await;
            slot.try_set(Some(kept.ok().flatten()));
        });
    };
    ask();
    let is_open = Memo::new(move |_| key.key.with(Option::is_some));
    (move || match (is_open.get(), slot.get()) {
        (true, _) => children().into_any(),
        (false, None) => ().into_any(),
        (false, Some(None)) => view! { <SetUp/> }.into_any(),
        (false, Some(Some(bytes))) => view! { <Unlock bytes/> }.into_any(),
    })
    .into_any()
}

/// The passphrase, or the sheet for whoever has forgotten it.
#[component]
fn Unlock(bytes: Vec<u8>) -> impl IntoView {
    let forgotten = RwSignal::new(false);
    move || {
        if forgotten.get() {
            view! { <SetUp/> }.into_any()
        } else {
            view! { <AskForWords bytes=bytes.clone() forgotten/> }.into_any()
        }
    }
}

/// What a slot gives for a passphrase; nothing for another one.
async fn try_slot(
    slot: Result<KeySlot, SlotError>,
    passphrase: &Passphrase,
) -> Result<Option<DataKey>, NotStretched> {
    let Ok(slot) = slot else {
        return Ok(None);
    };
    let Some((stretching, salt)) = slot.asks() else {
        return Ok(None);
    };
    let secret = SlotSecret::Passphrase(stretched(passphrase, stretching, salt).await?);
    Ok(slot.open(&secret).ok())
}

#[component]
fn AskForWords(bytes: Vec<u8>, forgotten: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let key: ConcernsKey = expect_context();
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let passphrase = typed.with_untracked(|typed| Passphrase::typed(typed));
        let slot = KeySlot::from_bytes(&bytes);
        leptos::task::spawn_local(async move {
            match try_slot(slot, &passphrase).await {
                Ok(Some(opened)) => {
                    typed.set(String::new());
                    key.open(OpeningKey::of(&opened));
                }
                Ok(None) => errors.set(vec![("passphrase", w.lead_wrong().to_owned())]),
                Err(NotStretched::NotFetched | NotStretched::NoAnswer) => {
                    errors.set(vec![("passphrase", w.lead_not_tried().to_owned())])
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <Page title=w.lead_title() narrow=true>
            <ErrorSummary errors/>
            <p class="govuk-body">{w.lead_locked()}</p>
            <form on:submit=submit novalidate>
                <TextField id="passphrase" label=w.lead_passphrase() hint=w.lead_passphrase_hint() value=typed errors kind="password" autocomplete="current-password"/>
                <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { w.lead_opening() } else { w.lead_open() }}
                </button>
            </form>
            <p class="govuk-body">
                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| forgotten.set(true)>{w.lead_forgotten()}</button>
            </p>
        </Page>
    }
}
