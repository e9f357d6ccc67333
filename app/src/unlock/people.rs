//! Who opens this tablet, each with words of their own: added, and taken away.

use leptos::prelude::*;
use wellfield_core::handover::PinLatch;
use wellfield_core::ids::StaffId;
use wellfield_core::staff::{DeviceEnrolled, introduce};
use wellfield_core::text::Line;
use wellfield_core::vault::{DataKey, KeySlot, Lock, Passphrase, SLOTS_MAX, SlotId, SlotSecret};

use super::cover::lock_now;
use super::lock_screen::Locked;
use super::new_words::{ChosenWords, NewWords};
use super::own_passkey::{OwnPasskey, SetUpPasskey};
use super::pin::is_known;
use crate::enrol::pin_error;
use crate::platform::{nfc, random_bytes, random_u64};
use crate::screen::Here;
use crate::storage::{Identity, StoreError};
use crate::stretching::stretched;
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField};
use crate::wording::words;

/// The field in which whoever takes somebody away says who they are.
const OWN: &str = "own";

/// Which page of it is shown.
#[derive(Clone)]
enum Step {
    List,
    /// Who is to be added.
    Who,
    /// Their words; the tablet is in their hands.
    Words(Newcomer),
    /// Whether to take somebody away.
    TakeAway(SlotId, String),
    /// A passkey of whoever opened the tablet.
    Passkey(SlotId),
}

/// Somebody who is being added, and the key that somebody else's words opened for them.
#[derive(Clone)]
struct Newcomer {
    lock: Lock,
    key: DataKey,
    name: Line,
    pin: PinLatch,
}

/// The people, one more, one less, and locking at once.
#[component]
pub fn PeopleWhoUnlock() -> impl IntoView {
    let step = RwSignal::new_local(Step::List);
    let done = RwSignal::new(None::<String>);
    move || match step.get() {
        Step::List => view! { <List step done/> }.into_any(),
        Step::Who => view! { <Who step/> }.into_any(),
        Step::Words(newcomer) => view! { <TheirWords newcomer step done/> }.into_any(),
        Step::TakeAway(id, name) => view! { <TakeAway id name step done/> }.into_any(),
        Step::Passkey(me) => view! {
            <SetUpPasskey
                me
                back=Callback::new(move |told| {
                    done.set(told);
                    step.set(Step::List);
                })
            />
        }
        .into_any(),
    }
}

#[component]
fn List(step: RwSignal<Step, LocalStorage>, done: RwSignal<Option<String>>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let store = here.tablet.store();
    let people = RwSignal::new_local(Vec::<(SlotId, Identity)>::new());
    let me = store.opened_by();
    here.run(
        async move |_| {
            people.try_set(store.people().await?);
            Ok(())
        },
        || {},
    );
    let line = move |(slot, identity): (SlotId, Identity)| {
        let name = identity.staff_name.clone();
        let whom = name.clone();
        let ask = {
            let name = name.clone();
            move |_| step.set(Step::TakeAway(slot, name.clone()))
        };
        view! {
            <li>
                <span class="app-tasks__name">{name} {(me == Some(slot)).then(|| view! { <small>{w.lock_me()}</small> })}</span>
                {(me != Some(slot))
                    .then(|| {
                        view! { <button type="button" class="govuk-button govuk-button--secondary" on:click=ask>{w.lock_take_away()}<span class="govuk-visually-hidden">" "{whom.clone()}</span></button> }
                    })}
            </li>
        }
    };
    view! {
        <Page title=w.lock_people() back="/app/settings">
            <p class="govuk-body" role="status">{move || done.get()}</p>
            <ul class="app-tasks">{move || people.get().into_iter().map(line).collect_view()}</ul>
            {me.map(|me| view! { <OwnPasskey me done set_up=Callback::new(move |()| step.set(Step::Passkey(me)))/> })}
            <div class="govuk-button-group">
                <button
                    type="button"
                    class="govuk-button"
                    on:click=move |_| {
                        done.set(None);
                        step.set(Step::Who);
                    }
                >
                    {w.lock_add()}
                </button>
                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| lock_now()>{w.lock_now()}</button>
            </div>
        </Page>
    }
}

/// Their name and PIN, and the words of whoever lets them in: with the screen open and the owner away,
/// nobody adds themselves.
#[component]
fn Who(step: RwSignal<Step, LocalStorage>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let (name, pin) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let mine = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let staff_name = name.with_untracked(|typed| Line::typed(typed, nfc));
        let latch = pin.with_untracked(|typed| PinLatch::set(typed, random_bytes()));
        let mut wrong = Vec::new();
        if staff_name.is_err() {
            wrong.push(("staff", w.enrol_staff_missing().to_owned()));
        }
        if let Err(error) = &latch {
            wrong.push(("pin", pin_error(w, *error).to_owned()));
        }
        errors.set(wrong);
        let (Ok(staff_name), Ok(latch)) = (staff_name, latch) else {
            return;
        };
        busy.set(true);
        let passphrase = mine.with_untracked(|typed| Passphrase::typed(typed));
        leptos::task::spawn_local(async move {
            let refusal = match key_of(here, &passphrase).await {
                Ok((lock, _, key)) => {
                    let (name, pin) = (staff_name, latch);
                    step.try_set(Step::Words(Newcomer {
                        lock,
                        key,
                        name,
                        pin,
                    }));
                    return;
                }
                Err(NoKey::WrongWords) => w.lock_wrong(),
                Err(NoKey::NotTried) => w.lead_not_tried(),
                Err(NoKey::TooMany) => w.lock_too_many(),
            };
            errors.try_set(vec![("own-words", refusal.to_owned())]);
            busy.try_set(false);
        });
    };
    view! {
        <Page title=w.lock_add() narrow=true>
            <ErrorSummary errors/>
            <p class="govuk-body">{w.lock_add_text()}</p>
            <form on:submit=submit novalidate autocomplete="off">
                <TextField id="staff" label=w.lock_their_name() value=name errors autocomplete="off"/>
                <TextField id="pin" label=w.lock_their_pin() hint=w.enrol_pin_hint() value=pin errors inputmode="numeric" autocomplete="off"/>
                <TextField id="own-words" label=w.lock_own_words() hint=w.lock_own_words_hint() value=mine errors kind="password" autocomplete="current-password"/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>{w.action_continue()}</button>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| step.set(Step::List)>{w.action_back()}</button>
                </div>
            </form>
        </Page>
    }
}

/// Why nobody can be added.
pub(super) enum NoKey {
    WrongWords,
    NotTried,
    TooMany,
}

/// The tablet's key, by the words of somebody who opens it, and whose they are.
pub(super) async fn key_of(
    here: Here,
    passphrase: &Passphrase,
) -> Result<(Lock, SlotId, DataKey), NoKey> {
    let store = here.tablet.store();
    let lock = store.lock().await.ok().flatten().ok_or(NoKey::NotTried)?;
    if lock.people().count() + lock.passkeys().count() + 1 >= SLOTS_MAX {
        return Err(NoKey::TooMany);
    }
    let locked = Locked { store, lock };
    let opened = locked.try_words(passphrase).await;
    let opened = opened.map_err(|_| NoKey::NotTried)?;
    let (whose, key) = opened.ok_or(NoKey::WrongWords)?;
    Ok((locked.lock, whose, key))
}

#[component]
fn TheirWords(
    newcomer: Newcomer,
    step: RwSignal<Step, LocalStorage>,
    done: RwSignal<Option<String>>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let chosen = ChosenWords::begin();
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let title = w.lock_their_words(&newcomer.name.to_string());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = match chosen.check(w) {
            Ok(words) => words,
            Err(error) => return errors.set(vec![error]),
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let newcomer = newcomer.clone();
        leptos::task::spawn_local(async move {
            let name = newcomer.name.to_string();
            let (stretching, salt) = (newcomer.lock.stretching, newcomer.lock.salt);
            let refusal = match stretched(&words, stretching, salt).await {
                Ok(stretched) => {
                    match add(here, newcomer, &SlotSecret::Passphrase(stretched)).await {
                        Ok(()) => {
                            done.try_set(Some(w.lock_added(&name)));
                            step.try_set(Step::List);
                            return;
                        }
                        Err(error) => crate::ui::store_error_text(w, &error),
                    }
                }
                Err(_) => w.lead_not_tried(),
            };
            errors.try_set(vec![("passphrase", refusal.to_owned())]);
            busy.try_set(false);
        });
    };
    view! {
        <Page title window=w.lock_people() narrow=true>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate autocomplete="off">
                <NewWords chosen text=w.lock_words_text() errors/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>{w.action_save()}</button>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| step.set(Step::List)>{w.action_back()}</button>
                </div>
            </form>
        </Page>
    }
}

/// Lets the newcomer in, and tells the others who they are.
async fn add(here: Here, newcomer: Newcomer, secret: &SlotSecret) -> Result<(), StoreError> {
    let identity = here.tablet.identity.get_untracked();
    let identity = identity.ok_or(StoreError::Unavailable)?;
    let staff = StaffId(random_u64());
    let identity = Identity {
        staff,
        staff_name: newcomer.name.to_string(),
        pin: newcomer.pin,
        ..identity
    };
    let introduction = DeviceEnrolled {
        device_name: Line::typed(&identity.device_name, nfc).map_err(|_| StoreError::Unreadable)?,
        staff,
        staff_name: newcomer.name,
        role: identity.role,
    };
    let programmes = identity.programmes.iter();
    let introductions = programmes
        .map(|programme| introduce(*programme, introduction.clone()))
        .collect();
    let device = newcomer.lock.device;
    let slot = KeySlot::new(
        device,
        &newcomer.key,
        secret,
        random_bytes(),
        random_bytes(),
    );
    let person = (SlotId(random_u64()), &slot, &identity);
    here.tablet.add_person(introductions, person).await
}

#[component]
fn TakeAway(
    id: SlotId,
    name: String,
    step: RwSignal<Step, LocalStorage>,
    done: RwSignal<Option<String>>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let title = w.lock_take_away_named(&name);
    let text = w.lock_take_away_text(&name);
    let name = StoredValue::new(name);
    let typed = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let take = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        errors.set(Vec::new());
        let taken = move || {
            done.set(Some(w.lock_taken_away(&name.get_value())));
            step.set(Step::List);
        };
        leptos::task::spawn_local(async move {
            if is_known(here, &typed.get_untracked()).await {
                let take = async move |here: Here| here.tablet.store().take_away(id).await;
                here.run(take, taken);
            } else {
                errors.try_set(vec![(OWN, w.settings_old_pin_wrong().to_owned())]);
            }
        });
    };
    view! {
        <Page title window=w.lock_people() narrow=true>
            <p class="govuk-body">{text}</p>
            <ErrorSummary errors/>
            <form on:submit=take novalidate autocomplete="off">
                <TextField id=OWN label=w.settings_old_pin() hint=w.settings_old_pin_hint() value=typed errors kind="password" autocomplete="off"/>
                <div class="govuk-button-group">
                    <button type="submit" class="govuk-button">{w.lock_take_away()}</button>
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| step.set(Step::List)>{w.action_back()}</button>
                </div>
            </form>
        </Page>
    }
}
