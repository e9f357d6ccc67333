//! A safety copy: what is unsent, as a file to carry away.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};
use wellfield_core::sync::{PushRequest, SAFETY_COPY_ENDING, SafetyCopy};

use crate::platform::{document, now, today};
use crate::screen::Here;
use crate::storage::StoreError;
use crate::tablet::Tablet;
use crate::ui::Icon;
use crate::wording::words;

/// Offers a safety copy of what is unsent, and says what to do with it.
#[component]
pub(super) fn MakeCopy() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let made = RwSignal::new(None::<u64>);
    let make = move |_| {
        made.set(None);
        here.run(
            async move |here: Here| {
                let count = make_copy(here.tablet).await?;
                made.try_set(Some(count));
                Ok(())
            },
            || {},
        );
    };
    view! {
        <section class="app-sent">
            <h2 class="app-sent__heading">{w.copy_title()}</h2>
            <p class="govuk-body">{w.copy_text()}</p>
            <p class="govuk-body">{w.copy_private()}</p>
            <Show
                when=move || { here.tablet.unsent() > 0 }
                fallback=move || view! { <p class="govuk-body">{w.copy_nothing()}</p> }
            >
                <button type="button" class="govuk-button govuk-button--secondary" on:click=make>
                    <Icon name="note"/>{w.copy_make()}
                </button>
            </Show>
            <p class="govuk-body" role="status">{move || made.get().map(|n| w.copy_made(n))}</p>
        </section>
    }
}

/// Makes the file and hands it to the browser. Nothing on the tablet changes: what is in the copy is
/// still sent when there is signal, and counts once.
async fn make_copy(tablet: Tablet) -> Result<u64, StoreError> {
    let Some(identity) = tablet.identity.get_untracked() else {
        return Err(StoreError::Unavailable);
    };
    let page = tablet.store().outbox(&identity, usize::MAX).await?;
    let count = page.events.len() as u64;
    let copy = SafetyCopy {
        push: PushRequest {
            device: page.device,
            first_n: page.acked + 1,
            pending: count,
            events: page.events,
        },
        made_at: now(),
    };
    // The name says which tablet and day, and nothing of people.
    let name = format!(
        "wellfield-{}-{}.{SAFETY_COPY_ENDING}",
        identity.device.0,
        today()
    );
    hand_over(&copy.to_file(&identity.token), &name)
        .map_err(|_| StoreError::Other("the file could not be made".to_owned()))?;
    Ok(count)
}

/// Has the browser keep bytes as a file.
fn hand_over(bytes: &[u8], name: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser has taken the bytes with the click; the address would keep them for as long as the
    // app is open.
    set_timeout(
        move || drop(Url::revoke_object_url(&address)),
        core::time::Duration::from_secs(60),
    );
    Ok(())
}
