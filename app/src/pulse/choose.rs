//! Whom the tablet is handed to.

use leptos::prelude::*;
use wellfield_core::attendance::{Mark, register_rows};
use wellfield_core::ids::{PersonId, ResponseId};
use wellfield_core::pulse::Asking;

use crate::attendance::NoSession;
use crate::platform::random_u64;
use crate::screen::{Here, session_param};
use crate::ui::{Icon, Page};
use crate::wording::words;

/// The people of the session in the address, those who are here first.
#[component]
pub fn ChoosePerson() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let known = session_param()
        .filter(|session| here.with_now(|d| d.session(*session).is_some()) == Some(true));
    let Some(session) = known else {
        return view! { <NoSession/> }.into_any();
    };
    let people = Memo::new(move |_| {
        here.with(|delivery| {
            let answered: Vec<_> = delivery
                .pulses
                .all()
                .iter()
                .filter(|view| view.head.value.session == session && view.head.value.finished)
                .filter_map(|view| view.head.value.person)
                .collect();
            let mut people: Vec<_> = register_rows(delivery, session)
                .iter()
                .filter(|row| !matches!(row.mark(), Mark::NotHere { .. }))
                .map(|row| {
                    let here = matches!(row.mark(), Mark::Here(_));
                    let name = row.details.details.preferred_name.to_string();
                    (!here, row.person, name, answered.contains(&row.person))
                })
                .collect();
            people.sort_by_key(|(away, ..)| *away);
            people
        })
        .unwrap_or_default()
    });
    let hand_over = move |person: Option<PersonId>| {
        let asking = Asking::begin(ResponseId(random_u64()), session, person, w.0);
        here.run(
            async move |here: Here| here.tablet.keep_kiosk(Some(asking)).await,
            || {},
        );
    };
    view! {
        <Page title=w.pulse_choose_title() back=format!("/app/session/{session}")>
            <p class="govuk-body">{w.pulse_choose_text()}</p>
            <ul class="app-list">
                {move || {
                    people
                        .get()
                        .into_iter()
                        .map(|(away, person, name, answered)| {
                            let note = if answered {
                                Some(w.pulse_answered())
                            } else if away {
                                Some(w.pulse_not_marked())
                            } else {
                                None
                            };
                            view! {
                                <li>
                                    <button type="button" class="app-list__link" on:click=move |_| hand_over(Some(person))>
                                        <span class="app-list__main">{name}<small>{note}</small></span>
                                        <Icon name="hand-over"/>
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()
                }}
                <li>
                    <button type="button" class="app-list__link" on:click=move |_| hand_over(None)>
                        <span class="app-list__main">{w.pulse_no_name()}<small>{w.pulse_no_name_text()}</small></span>
                        <Icon name="hand-over"/>
                    </button>
                </li>
            </ul>
        </Page>
    }
    .into_any()
}
