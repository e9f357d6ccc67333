//! Devices: when they were last in contact, what they hold unsent, what was set aside, and new codes.

use leptos::prelude::*;
use wellfield_core::access::Role;
use wellfield_core::sync::{CodeReply, DeviceState, DevicesReply, Outcome, QuarantinedEvent};

use crate::screen::Here;
use crate::sync::{get, post};
use crate::ui::{Icon, Page};
use crate::wording::{Words, words};

/// Why the list cannot be shown.
#[derive(Clone, Copy, PartialEq)]
enum Trouble {
    NoSignal,
    Refused,
}

fn token(here: Here) -> Option<[u8; 32]> {
    here.tablet
        .identity
        .with_untracked(|identity| identity.as_ref().map(|identity| identity.token))
}

/// The devices as the server last knew them. This screen needs signal.
#[component]
pub fn Devices() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let reply = RwSignal::new(None::<Result<DevicesReply, Trouble>>);
    let fetch = move || {
        leptos::task::spawn_local(async move {
            let result = match get("/v1/devices", token(here).as_ref()).await {
                Ok(http) => http.read::<DevicesReply>().map_err(|_| Trouble::Refused),
                Err(_) => Err(Trouble::NoSignal),
            };
            reply.try_set(Some(result));
        });
    };
    fetch();
    view! {
        <Page title=w.devices_title() back="/app/coordinator">
            <div class="govuk-button-group">
                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| fetch()>{w.devices_refresh()}</button>
            </div>
            {move || match reply.get() {
                None => view! { <p class="govuk-body" role="status">{w.devices_asking()}</p> }.into_any(),
                Some(Err(Trouble::NoSignal)) => view! { <p class="govuk-body" role="alert">{w.devices_no_signal()}</p> }.into_any(),
                Some(Err(Trouble::Refused)) => view! { <p class="govuk-body" role="alert">{w.devices_refused()}</p> }.into_any(),
                Some(Ok(reply)) => view! { <Table devices=reply.devices/><SetAside events=reply.quarantined/> }.into_any(),
            }}
            <NewCode/>
        </Page>
    }
}

#[component]
fn Table(devices: Vec<DeviceState>) -> impl IntoView {
    let w = words();
    let line = move |device: DeviceState| {
        let seen = device
            .last_seen
            .map_or_else(|| w.devices_never().to_owned(), |at| w.moment(at));
        let state = if device.revoked {
            w.devices_revoked()
        } else {
            w.devices_in_use()
        };
        view! {
            <tr>
                <th scope="row" class="govuk-table__header">{device.name}</th>
                <td class="govuk-table__cell" data-label=w.settings_used_by()>{device.staff_name}</td>
                <td class="govuk-table__cell" data-label=w.devices_last_seen()>{seen}</td>
                <td class="govuk-table__cell govuk-table__cell--numeric" data-label=w.devices_unsent()>{device.pending}</td>
                <td class="govuk-table__cell" data-label=w.devices_state()>{state}</td>
            </tr>
        }
    };
    view! {
        <div class="app-table">
            <table class="govuk-table">
                <caption class="govuk-table__caption govuk-table__caption--m">{w.devices_caption()}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="govuk-table__header">{w.enrol_device()}</th>
                        <th scope="col" class="govuk-table__header">{w.settings_used_by()}</th>
                        <th scope="col" class="govuk-table__header">{w.devices_last_seen()}</th>
                        <th scope="col" class="govuk-table__header govuk-table__header--numeric">{w.devices_unsent()}</th>
                        <th scope="col" class="govuk-table__header">{w.devices_state()}</th>
                    </tr>
                </thead>
                <tbody>{devices.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
        <p class="govuk-body">{w.devices_unsent_explained()}</p>
    }
}

fn outcome_words(w: Words, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stored | Outcome::Held => w.devices_in_use(),
        Outcome::Unreadable => w.aside_unreadable(),
        Outcome::Misplaced => w.aside_misplaced(),
        Outcome::WrongStream => w.aside_wrong_stream(),
        Outcome::Content => w.aside_content(),
        Outcome::NotAllowed => w.aside_not_allowed(),
    }
}

#[component]
fn SetAside(events: Vec<QuarantinedEvent>) -> impl IntoView {
    let w = words();
    let none = events.is_empty();
    view! {
        <h2 class="govuk-heading-m">{w.aside_title()}</h2>
        {none.then(|| view! { <p class="govuk-body">{w.aside_none()}</p> })}
        <ul class="app-list">
            {events
                .into_iter()
                .map(|event| {
                    let place = w.aside_place(&event.device, &event.n);
                    view! {
                        <li>
                            <span class="app-list__main">{outcome_words(w, event.outcome)}<small>{place}" · "{w.moment(event.received_at)}</small></span>
                            <span class="app-state app-state--check"><Icon name="triangle-alert"/>{w.check_title()}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// A one-time code for another device.
#[component]
fn NewCode() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let code = RwSignal::new(None::<Result<(Role, String), Trouble>>);
    let ask = move |role: Role| {
        let name = match role {
            Role::Facilitator => "facilitator",
            Role::Coordinator => "coordinator",
        };
        let address = format!(
            "/v1/enrolment-codes?role={name}&programme={}",
            here.programme
        );
        leptos::task::spawn_local(async move {
            let result = match post(&address, token(here).as_ref(), &[]).await {
                Ok(http) => http
                    .read::<CodeReply>()
                    .map(|reply| (role, reply.code))
                    .map_err(|_| Trouble::Refused),
                Err(_) => Err(Trouble::NoSignal),
            };
            code.try_set(Some(result));
        });
    };
    view! {
        <h2 class="govuk-heading-m">{w.devices_add()}</h2>
        <p class="govuk-body">{w.devices_add_text()}</p>
        <div class="govuk-button-group">
            <button type="button" class="govuk-button" on:click=move |_| ask(Role::Facilitator)>{w.devices_code_tablet()}</button>
            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| ask(Role::Coordinator)>{w.devices_code_coordinator()}</button>
        </div>
        <div role="status">
            {move || {
                code.get()
                    .map(|code| match code {
                        Ok((role, code)) => {
                            let what = match role {
                                Role::Facilitator => w.devices_code_is_for_tablet(),
                                Role::Coordinator => w.devices_code_is_for_coordinator(),
                            };
                            view! { <p class="govuk-body">{what}</p><code class="app-code">{code}</code> }.into_any()
                        }
                        Err(Trouble::NoSignal) => view! { <p class="govuk-body">{w.devices_no_signal()}</p> }.into_any(),
                        Err(Trouble::Refused) => view! { <p class="govuk-body">{w.devices_refused()}</p> }.into_any(),
                    })
            }}
        </div>
    }
}
