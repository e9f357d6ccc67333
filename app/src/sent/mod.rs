//! Saved and sent: what is only on this tablet, and what the server has.

use leptos::prelude::*;
use wellfield_core::sync::Halt;

use crate::screen::Here;
use crate::ui::{Icon, Page};
use crate::wording::words;

/// What is still to be sent, and "Send now".
#[component]
pub fn SavedAndSent() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let tablet = here.tablet;
    let halted = move || {
        tablet.progress.get().halt.map(|halt| match halt {
            Halt::UnknownDevice => w.sent_unknown_device(),
            Halt::Revoked => w.sent_revoked(),
            Halt::Fork => w.sent_fork(),
        })
    };
    let last = move || match tablet.progress.get().last_contact {
        Some(at) => w.sent_last(&w.moment(at)),
        None => w.sent_never().to_owned(),
    };
    view! {
        <Page title=w.sent_title()>
            {move || {
                halted()
                    .map(|text| {
                        view! {
                            <div class="app-notice app-notice--warn" role="alert">
                                <Icon name="triangle-alert"/>
                                <div class="app-notice__body"><p>{text}</p><p>{w.sent_nothing_lost()}</p></div>
                            </div>
                        }
                    })
            }}
            <section class="app-sent">
                <h2 class="app-sent__heading">
                    <span class="app-state app-state--local"><Icon name="tick-outline"/>{w.state_saved_here()}</span>
                </h2>
                <p class="govuk-body" role="status">{move || w.sent_unsent(tablet.unsent())}</p>
                <Show when=move || tablet.progress.get().failing>
                    <p class="govuk-body"><Icon name="no-signal"/>" "{w.sent_no_signal()}</p>
                </Show>
            </section>
            <section class="app-sent">
                <h2 class="app-sent__heading">
                    <span class="app-state app-state--sent"><Icon name="tick-solid"/>{w.state_sent()}</span>
                </h2>
                <p class="govuk-body">{move || w.sent_total(tablet.acked.get())}</p>
                <p class="govuk-body">{last}</p>
            </section>
            <SetAside/>
            <div class="govuk-button-group">
                <button type="button" class="govuk-button" on:click=move |_| tablet.send_now()>
                    <Icon name="send"/>
                    {move || if tablet.progress.get().sending { w.sent_sending() } else { w.sent_send_now() }}
                </button>
            </div>
            <p class="govuk-body">{w.sent_while_open()}</p>
        </Page>
    }
}

/// What the server set aside of this tablet's records.
#[component]
fn SetAside() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let count = move || here.tablet.aside.with(Vec::len) as u64;
    view! {
        <Show when=move || { count() > 0 }>
            <section class="app-sent">
                <h2 class="app-sent__heading">
                    <span class="app-state app-state--check"><Icon name="triangle-alert"/>{w.check_title()}</span>
                </h2>
                <p class="govuk-body">{move || w.sent_set_aside(count())}</p>
            </section>
        </Show>
    }
}
