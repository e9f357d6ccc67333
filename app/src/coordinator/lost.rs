//! A device that was lost: shutting it out, and whom the loss may harm. Both need signal.

use leptos::prelude::*;
use wellfield_core::access::{Role, may_shut_out};
use wellfield_core::ids::DeviceId;
use wellfield_core::loss::{Held, PersonHeld};
use wellfield_core::sync::{DeviceState, LossReply, ShutOutReply};

use super::devices::{Asked, Trouble, ask, ask_for_devices, state_words};
use crate::platform::print_page;
use crate::screen::{Here, device_param};
use crate::ui::{Page, SummaryList, SummaryRow};
use crate::wording::{Moments, Words, words};

const LIST: &str = "/app/coordinator/devices";

/// Whether there is something to do about a device here: it is another one, and no safeguarding lead's.
pub(super) fn is_ours_to_shut_out(here: Here, device: DeviceId, used_by: Role) -> bool {
    here.tablet.identity.with_untracked(|identity| {
        identity
            .as_ref()
            .is_some_and(|own| own.device != device && may_shut_out(own.role, used_by))
    })
}

fn held_words(w: Words, held: Held) -> &'static str {
    match held {
        Held::Details => w.lost_held_details(),
        Held::Contacts => w.lost_held_contacts(),
        Held::Needs => w.lost_held_needs(),
        Held::Attendance => w.lost_held_attendance(),
        Held::Consents => w.lost_held_consents(),
        Held::Answers => w.lost_held_answers(),
        Held::Referral => w.lost_held_referral(),
        Held::Casework => w.lost_held_casework(),
    }
}

fn trouble_words(w: Words, trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoSignal => w.lost_no_signal(),
        Trouble::Refused => w.lost_refused(),
    }
}

/// The device in the address, as the server knows it.
#[component]
pub fn LostDevice() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let device = device_param();
    let asked: Asked = RwSignal::new(None);
    let fetch = move || ask_for_devices(here, asked);
    fetch();
    let found = move |devices: Vec<DeviceState>| {
        let mut ours = devices.into_iter().filter(|state| {
            Some(state.device) == device && is_ours_to_shut_out(here, state.device, state.role)
        });
        ours.next()
    };
    let shown = move || {
        match asked.get() {
        None => view! { <p class="govuk-body" role="status">{w.devices_asking()}</p> }.into_any(),
        Some(Err(trouble)) => view! {
            <p class="govuk-body" role="alert">{trouble_words(w, trouble)}</p>
            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| fetch()>{w.devices_refresh()}</button>
        }
        .into_any(),
        Some(Ok(reply)) => match found(reply.devices) {
            Some(state) => view! { <Lost state/> }.into_any(),
            None => view! { <p class="govuk-body">{w.lost_not_here()}</p> }.into_any(),
        },
    }
    };
    view! { <Page title=w.lost_title() back=LIST>{shown}</Page> }
}

#[component]
fn Lost(state: DeviceState) -> impl IntoView {
    let w = words();
    let seen = state
        .last_seen
        .map_or_else(|| w.devices_never().to_owned(), |at| w.moment(at));
    let is_out = RwSignal::new(state.revoked);
    let (name, device) = (state.name.clone(), state.device);
    view! {
        <h2 class="govuk-heading-m"><bdi>{state.name}</bdi></h2>
        <SummaryList>
            <SummaryRow key=w.settings_used_by() value=state.staff_name/>
            <SummaryRow key=w.devices_last_seen() value=seen/>
            <SummaryRow key=w.devices_unsent() value=state.pending.to_string()/>
            <SummaryRow key=w.devices_state() value=move || state_words(w, is_out.get())/>
        </SummaryList>
        <ShutOut name device is_out/>
        <Whom device/>
    }
}

/// Shuts a device out; in its place, that it is.
#[component]
fn ShutOut(name: String, device: DeviceId, is_out: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let trouble = RwSignal::new(None::<Trouble>);
    let is_busy = RwSignal::new(false);
    let shut_out = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        leptos::task::spawn_local(async move {
            let address = format!("/v1/devices/shut-out?device={device}");
            let result = ask::<ShutOutReply>(here, &address, true).await;
            is_busy.try_set(false);
            match result {
                Ok(reply) if reply.device == device => {
                    trouble.try_set(None);
                    is_out.try_set(true);
                }
                // A reply that speaks of another device is none.
                Ok(_) => {
                    trouble.try_set(Some(Trouble::Refused));
                }
                Err(failed) => {
                    trouble.try_set(Some(failed));
                }
            }
        });
    };
    let button = w.lost_shut_out(&name);
    let said = move || {
        is_out
            .get()
            .then(|| view! { <p class="govuk-inset-text">{w.lost_is_out(&name)}</p> })
    };
    let problem = move || {
        let trouble = trouble.get()?;
        Some(view! { <p class="govuk-error-message" role="alert">{trouble_words(w, trouble)}</p> })
    };
    let offer = move || {
        let button = button.clone();
        (!is_out.get()).then(move || {
            view! {
                <h2 class="govuk-heading-m">{w.lost_when_shut_out()}</h2>
                <ul class="govuk-list govuk-list--bullet">
                    <li>{w.lost_no_more()}</li>
                    <li>{w.lost_sends_and_deletes()}</li>
                    <li>{w.lost_set_aside()}</li>
                    <li>{w.lost_joins_again()}</li>
                </ul>
                <p class="govuk-body"><strong>{w.lost_for_good()}</strong></p>
                {problem}
                <button type="button" class="govuk-button govuk-button--warning" on:click=shut_out aria-disabled=move || is_busy.get().to_string()>{button}</button>
            }
        })
    };
    view! { <div class="app-no-print">{offer}</div> <div role="status">{said}</div> }
}

/// Whom the loss may harm, once somebody asks: it hands names out, which is entered.
#[component]
fn Whom(device: DeviceId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let found = RwSignal::new(None::<Result<LossReply, Trouble>>);
    let is_busy = RwSignal::new(false);
    let show = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        leptos::task::spawn_local(async move {
            let address = format!("/v1/devices/loss?device={device}");
            let result = ask::<LossReply>(here, &address, false).await;
            // As above: what is said of another device is no answer.
            let result = result.and_then(|loss| {
                let is_meant = loss.device == device;
                is_meant.then_some(loss).ok_or(Trouble::Refused)
            });
            is_busy.try_set(false);
            found.try_set(Some(result));
        });
    };
    let list = move || match found.get() {
        None => ().into_any(),
        Some(Err(trouble)) => {
            view! { <p class="govuk-error-message" role="alert">{trouble_words(w, trouble)}</p> }
                .into_any()
        }
        Some(Ok(loss)) => view! { <List loss/> }.into_any(),
    };
    view! {
        <h2 class="govuk-heading-m">{w.lost_whom()}</h2>
        <p class="govuk-body">{w.lost_whom_text()}</p>
        <p class="govuk-body">{w.lost_locked()}</p>
        <div class="app-no-print">
            <p class="govuk-body">{w.lost_tell()}</p>
            <button type="button" class="govuk-button govuk-button--secondary" on:click=show>{w.lost_show()}</button>
            <p class="govuk-hint">{w.lost_entered()}</p>
        </div>
        <div role="status">{move || is_busy.get().then(|| w.devices_asking())}</div>
        {list}
    }
}

#[component]
fn List(loss: LossReply) -> impl IntoView {
    let w = words();
    let (notes, concerns) = (loss.notes, loss.concerns);
    let count = loss.people.len() as u64;
    let line = move |one: PersonHeld| {
        let held: Vec<_> = one.held.iter().map(|held| held_words(w, *held)).collect();
        let name = if one.name.is_empty() {
            w.lost_no_name().to_owned()
        } else {
            one.name
        };
        view! {
            <tr>
                <th scope="row" class="govuk-table__header"><bdi>{name}</bdi></th>
                <td class="govuk-table__cell" data-label=w.lost_held()>{held.join("; ")}</td>
            </tr>
        }
    };
    let table = (count > 0).then(|| {
        view! {
            <div class="app-table">
                <table class="govuk-table">
                    <caption class="govuk-table__caption govuk-table__caption--m">{w.lost_people(count)}</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="govuk-table__header">{w.lost_name()}</th>
                            <th scope="col" class="govuk-table__header">{w.lost_held()}</th>
                        </tr>
                    </thead>
                    <tbody>{loss.people.into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
            <button type="button" class="govuk-button govuk-button--secondary app-no-print" on:click=move |_| print_page()>{w.reporting_print()}</button>
        }
    });
    view! {
        {(count == 0).then(|| view! { <p class="govuk-body" role="status">{w.lost_nobody()}</p> })}
        {(notes > 0).then(|| view! { <p class="govuk-body">{w.lost_notes(notes)}</p> })}
        {(concerns > 0).then(|| view! { <p class="govuk-body">{w.lost_concerns(concerns)}</p> })}
        {table}
    }
}
