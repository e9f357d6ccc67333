//! The code by which everybody who was at a session says how it was, on their own phone.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::own_phone::{Link, pulse_link};

use crate::attendance::NoSession;
use crate::evaluation::{LinkForPhone, address_of};
use crate::screen::Here;
use crate::ui::Page;
use crate::wording::words;

/// The code for the session in the address.
#[component]
pub fn CodeForPhones() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let Some(plan) = here.session_plan() else {
        return view! { <NoSession/> }.into_any();
    };
    let session = plan.session;
    let back = format!("/app/session/{session}/hand-over");
    let made = here.device().and_then(|device| {
        let by = (here.programme, device);
        let today = today.get_untracked();
        here.with_now(|delivery| pulse_link(delivery, by, session, today))
            .flatten()
    });
    let code = made.and_then(|link| {
        let until = w.evaluation_link_until(&w.dated(link.until));
        let about = format!("{} {until}", w.pulse_phones_about());
        Some((address_of(here, Link::Pulse(link))?, about))
    });
    let shown = match code {
        Some((address, about)) => {
            let (scan, back) = (w.pulse_phones_scan(), back.clone());
            view! { <LinkForPhone title=None about scan address back/> }.into_any()
        }
        None => view! { <p class="govuk-body">{w.pulse_phones_over()}</p> }.into_any(),
    };
    view! {
        <Page title=w.pulse_phones_title() caption=w.session(&plan) back narrow=true>
            {shown}
        </Page>
    }
    .into_any()
}
