//! Saved and sent: what is only on this tablet, and what the server has.

mod copy;
mod damaged;
mod room;
mod set_aside;
mod take_in;

use copy::MakeCopy;
use damaged::DamagedRecords;
use leptos::prelude::*;
pub use room::LowRoom;
use set_aside::SetAside;
use take_in::TakeInCopy;
use wellfield_core::clock::Date;
use wellfield_core::sync::{About, Halt, Unsent, is_stuck};

use crate::platform::now;
use crate::screen::Here;
use crate::tablet::Tablet;
use crate::ui::{Icon, Page};
use crate::wording::{Moments, Words, words};

/// Whether what is unsent has waited so long that it needs a person. Looks again each day.
pub fn stuck(tablet: Tablet) -> Memo<bool> {
    let today: RwSignal<Date> = expect_context();
    Memo::new(move |_| {
        today.track();
        is_stuck(tablet.unsent_since.get(), now())
    })
}

/// What is still to be sent, and "Send now".
#[component]
pub fn SavedAndSent() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let tablet = here.tablet;
    let halted = move || {
        tablet.progress.get().halt.map(|halt| match halt {
            // Only a locked tablet is told the latter, and it shows other words.
            Halt::UnknownDevice | Halt::StaysSealed => w.sent_unknown_device(),
            Halt::Revoked => w.sent_revoked(),
            Halt::Fork => w.sent_fork(),
        })
    };
    let last = move || match tablet.progress.get().last_contact {
        Some(at) => w.sent_last(&w.moment(at)),
        None => w.sent_never().to_owned(),
    };
    let mended = move || tablet.progress.get().mended;
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
            <Stuck/>
            <LowRoom/>
            <section class="app-sent">
                <h2 class="app-sent__heading">
                    <span class="app-state app-state--local"><Icon name="tick-outline"/>{w.state_saved_here()}</span>
                </h2>
                <p class="govuk-body" role="status">{move || w.sent_unsent(tablet.unsent())}</p>
                <WhatIsUnsent/>
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
            <DamagedRecords/>
            <Show when=move || tablet.progress.get().receiving.is_some()>
                <p class="govuk-body">{move || tablet.progress.get().receiving.map(|part| w.sent_receiving(&percent(part)))}</p>
            </Show>
            <Show when=move || { mended() > 0 }>
                <div class="app-notice">
                    <Icon name="tick-solid"/>
                    <div class="app-notice__body"><p>{move || w.sent_mended(mended())}</p></div>
                </div>
            </Show>
            <div class="govuk-button-group">
                <button type="button" class="govuk-button" on:click=move |_| tablet.send_now()>
                    <Icon name="send"/>
                    {move || if tablet.progress.get().sending { w.sent_sending() } else { w.sent_send_now() }}
                </button>
            </div>
            <p class="govuk-body">{w.sent_while_open()}</p>
            <MakeCopy/>
            <TakeInCopy/>
        </Page>
    }
}

/// Says that what is unsent has waited too long, and what to do.
#[component]
fn Stuck() -> impl IntoView {
    let w = words();
    let stuck = stuck(Here::find().tablet);
    view! {
        <Show when=move || stuck.get()>
            <div class="app-notice app-notice--warn" role="alert">
                <Icon name="triangle-alert"/>
                <div class="app-notice__body">
                    <p class="app-notice__title">{w.sent_stuck()}</p>
                    <p>{w.sent_stuck_text()}</p>
                </div>
            </div>
        </Show>
    }
}

/// What is only on this tablet, by what it is about, and since when.
#[component]
fn WhatIsUnsent() -> impl IntoView {
    let w = words();
    let tablet = Here::find().tablet;
    let unsent = RwSignal::new(Unsent::default());
    // Read from the disk, because that is what would be sent; not while it is being sent, which reads
    // there too and is what the person is waiting for.
    Effect::new(move |_| {
        tablet.newest.track();
        tablet.acked.track();
        if tablet.progress.with(|progress| progress.sending) {
            return;
        }
        let Some(identity) = tablet.identity.get() else {
            return;
        };
        leptos::task::spawn_local(async move {
            if let Ok(page) = tablet.store().outbox(&identity, usize::MAX).await {
                let rows = page.events.iter().map(Vec::as_slice);
                unsent.try_set(Unsent::of(rows));
            }
        });
    });
    view! {
        <Show when=move || unsent.with(|unsent| !unsent.counts.is_empty())>
            <ul class="govuk-list govuk-list--bullet">
                {move || {
                    unsent
                        .with(|unsent| {
                            let parts = unsent.counts.iter();
                            parts.map(|(about, n)| view! { <li>{about_words(w, *about, *n)}</li> }).collect_view()
                        })
                }}
            </ul>
            <p class="govuk-body">
                {move || unsent.with(|unsent| unsent.since.map(|since| w.sent_since(&w.moment(since))))}
            </p>
        </Show>
    }
}

/// How much of it is here, in whole hundredths.
fn percent((here, of): (u32, u32)) -> String {
    (u64::from(here) * 100 / u64::from(of).max(1)).to_string()
}

fn about_words(w: Words, about: About, n: u64) -> String {
    match about {
        About::Marks => w.sent_marks(n),
        About::People => w.sent_people(n),
        About::Consents => w.sent_consents(n),
        About::Answers => w.sent_answers(n),
        About::Notes => w.sent_notes(n),
        About::Concerns => w.sent_concerns(n),
        About::Accidents => w.sent_accidents(n),
        About::Other => w.sent_other(n),
    }
}
