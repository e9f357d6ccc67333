//! Who unlocks this tablet, each with words of their own.

use leptos::prelude::*;

use crate::screen::Here;
use crate::wording::words;

use super::cover::lock_now;

/// The people, and locking at once.
#[component]
pub fn PeopleWhoUnlock() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let people = RwSignal::new(Vec::<String>::new());
    leptos::task::spawn_local(async move {
        let store = here.tablet.store();
        if let Ok(Some(lock)) = store.lock().await
            && let Ok(all) = store.people(&lock).await
        {
            let names = all
                .into_iter()
                .map(|(_, identity)| identity.staff_name.clone());
            people.try_set(names.collect());
        }
    });
    view! {
        <h2 class="govuk-heading-m">{w.lock_people()}</h2>
        <ul class="govuk-list govuk-list--bullet">
            {move || people.get().into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}
        </ul>
        <p class="govuk-body">
            <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| lock_now()>{w.lock_now()}</button>
        </p>
    }
}
