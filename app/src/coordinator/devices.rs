//! Devices: when they were last in contact, what they hold unsent, what was set aside, and new codes.

use leptos::prelude::*;
use wellfield_core::access::Role;
use wellfield_core::set_aside::{SetAsides, rows};
use wellfield_core::sync::{CodeReply, DeviceState, DevicesReply, Message, QuarantinedEvent};

use super::lost::is_ours_to_shut_out;
use crate::screen::Here;
use crate::sync::{self, as_device};
use crate::ui::Page;
use crate::wording::{Moments, Words, words};

/// Why the list cannot be shown.
#[derive(Clone, Copy, PartialEq)]
pub enum Trouble {
    /// The server cannot be reached.
    NoSignal,
    /// The server did not give it.
    Refused,
}

/// What the server said of devices and of what it set aside; nothing until it answers.
pub type Asked = RwSignal<Option<Result<DevicesReply, Trouble>>>;

/// Asks the server for it.
pub fn ask_for_devices(here: Here, asked: Asked) {
    leptos::task::spawn_local(async move {
        asked.try_set(Some(ask(here, "/v1/devices", false).await));
    });
}

/// Asks the server something of devices, or with `post` to do something. There is nothing in the body.
pub(super) async fn ask<M: Message>(
    here: Here,
    address: &str,
    is_post: bool,
) -> Result<M, Trouble> {
    let asked = match is_post {
        true => sync::Asked::post(address, &[]),
        false => sync::Asked::get(address),
    };
    match as_device(&here.tablet.store(), asked).await {
        Ok(http) => http.read().map_err(|_| Trouble::Refused),
        Err(_) => Err(Trouble::NoSignal),
    }
}

/// Whether a device is in use, in words.
pub(super) fn state_words(w: Words, is_out: bool) -> &'static str {
    if is_out {
        w.devices_revoked()
    } else {
        w.devices_in_use()
    }
}

/// The devices as the server last knew them. This screen needs signal.
#[component]
pub fn Devices() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let reply: Asked = RwSignal::new(None);
    let fetch = move || ask_for_devices(here, reply);
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
    let here = Here::find();
    let line = move |device: DeviceState| {
        let seen = device
            .last_seen
            .map_or_else(|| w.devices_never().to_owned(), |at| w.moment(at));
        let state = state_words(w, device.revoked);
        let leads_on = is_ours_to_shut_out(here, device.device, device.role).then(|| {
            let (address, named) = (
                format!("/app/coordinator/devices/{}", device.device),
                device.name.clone(),
            );
            let what = if device.revoked {
                w.lost_what_it_held()
            } else {
                w.lost_link()
            };
            view! {
                " "
                <a class="govuk-link govuk-link--tap app-no-print" href=address>
                    {what}
                    <span class="govuk-visually-hidden">": "{named}</span>
                </a>
            }
        });
        view! {
            <tr>
                <th scope="row" class="govuk-table__header"><bdi>{device.name}</bdi></th>
                <td class="govuk-table__cell" data-label=w.settings_used_by()>{device.staff_name}</td>
                <td class="govuk-table__cell" data-label=w.devices_last_seen()>{seen}</td>
                <td class="govuk-table__cell govuk-table__cell--numeric" data-label=w.devices_unsent()>{device.pending}</td>
                <td class="govuk-table__cell" data-label=w.devices_state()>{state}{leads_on}</td>
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

/// How many records wait for a choice, and where it is made.
#[component]
fn SetAside(events: Vec<QuarantinedEvent>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let open = move || {
        let open = |decided: &SetAsides| {
            let rows = rows(decided, &events);
            rows.iter().filter(|row| !row.is_settled()).count() as u64
        };
        here.with(|delivery| open(&delivery.set_aside))
            .unwrap_or_else(|| open(&SetAsides::default()))
    };
    let told = move || match open() {
        0 => w.aside_none().into_any(),
        n => view! {
            {w.aside_open(n)}
            " "
            <a class="govuk-link govuk-link--tap" href="/app/check">{w.check_title()}</a>
        }
        .into_any(),
    };
    view! {
        <h2 class="govuk-heading-m">{w.aside_title()}</h2>
        <p class="govuk-body">{told}</p>
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
            // The server hands out no other codes here.
            Role::Coordinator | Role::SafeguardingLead => "coordinator",
        };
        let address = format!(
            "/v1/enrolment-codes?role={name}&programme={}",
            here.programme
        );
        leptos::task::spawn_local(async move {
            let made = ask::<CodeReply>(here, &address, true).await;
            code.try_set(Some(made.map(|reply| (role, reply.code))));
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
                                Role::Coordinator | Role::SafeguardingLead => w.devices_code_is_for_coordinator(),
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
