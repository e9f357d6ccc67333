//! What only the browser knows: the time, the calendar day here, randomness, the signs of life of a
//! page. Everything that `core` takes as an argument comes from this one file.

use leptos::prelude::{GetUntracked, RwSignal, Set};
use wasm_bindgen::prelude::*;
use wellfield_core::clock::{Date, Instant, Month, TimeOfDay};

/// The wall clock.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the browser's milliseconds fit"
)]
pub fn now() -> Instant {
    Instant(js_sys::Date::now().max(0.0) as u64)
}

/// Calendar day and time of day here, at an instant.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "a browser's date fits"
)]
pub fn local(at: Instant) -> (Date, TimeOfDay) {
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    let month = u8::try_from(date.get_month() + 1)
        .ok()
        .and_then(|m| Month::try_from(m).ok());
    let day = u8::try_from(date.get_date()).unwrap_or(1);
    let year = date.get_full_year() as i32;
    let today =
        Date::from_calendar_date(year, month.unwrap_or(Month::January), day).unwrap_or(Date::MIN);
    let minutes = u16::try_from(date.get_hours() * 60 + date.get_minutes()).unwrap_or(0);
    (today, TimeOfDay::from_minutes(minutes).unwrap_or(MIDNIGHT))
}

const MIDNIGHT: TimeOfDay = match TimeOfDay::from_minutes(0) {
    Some(time) => time,
    None => unreachable!(),
};

/// Today here.
pub fn today() -> Date {
    local(now()).0
}

/// Today here, as a signal: a tablet that slept over midnight wakes up to the right session.
pub fn today_signal() -> RwSignal<Date> {
    let day = RwSignal::new(today());
    let look = move || {
        if day.get_untracked() != today() {
            day.set(today());
        }
    };
    listen(&document(), "visibilitychange", look);
    listen(&window(), "pageshow", look);
    gloo::timers::callback::Interval::new(MINUTE_MS, look).forget();
    day
}

const MINUTE_MS: u32 = 60_000;

/// Shows that the app has stopped, in place of screens that no longer answer. What was saved is on disk.
pub fn show_panics(text: fn() -> (&'static str, &'static str)) {
    std::panic::set_hook(Box::new(move |info| {
        console_error_panic_hook::hook(info);
        let (text, again) = text();
        let page = document();
        let Some(body) = page.body() else {
            return;
        };
        body.set_inner_text("");
        if let (Ok(notice), Ok(link)) = (page.create_element("p"), page.create_element("a")) {
            let _ = notice.set_attribute("role", "alert");
            let _ = notice.set_attribute("class", "app-notice app-notice--error");
            notice.set_text_content(Some(text));
            let _ = link.set_attribute("href", "");
            let _ = link.set_attribute("class", "govuk-button");
            link.set_text_content(Some(again));
            let _ = body.append_child(&notice);
            let _ = body.append_child(&link);
        }
    }));
}

/// Random bytes from the browser's generator for keys.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The generator fails only for requests over 65,536 bytes. Without it the app stops and says so: keys
    // and identities that are no secret are worse than none.
    let crypto = window().crypto().unwrap_throw();
    crypto
        .get_random_values_with_u8_array(&mut bytes)
        .unwrap_throw();
    bytes
}

/// 64 random bits, for a new person, response or member of staff.
pub fn random_u64() -> u64 {
    u64::from_le_bytes(random_bytes())
}

/// 32 random bits, to spread waits.
pub fn random_u32() -> u32 {
    u32::from_le_bytes(random_bytes())
}

/// The window. The client runs nowhere else.
pub fn window() -> web_sys::Window {
    web_sys::window().unwrap_throw()
}

/// The scheme and host that this page came from, as `https://dig.example.org`.
pub fn page_origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Asks the browser to print what is on screen.
pub fn print_page() {
    // A browser that cannot print shows nothing; what is on screen can be written down.
    let _ = window().print();
}

/// The document.
pub fn document() -> web_sys::Document {
    window().document().unwrap_throw()
}

/// A text in Unicode's normal form C, which the browser knows how to make.
pub fn nfc(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

/// A name as people look for it: without capitals and accents, so that "sian" finds Siân.
pub fn folded(text: &str) -> String {
    let apart = js_sys::JsString::from(text).normalize("NFD");
    let apart = String::from(apart);
    let marks = '\u{300}'..='\u{36f}';
    apart
        .chars()
        .filter(|c| !marks.contains(c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A setting of this browser that tells nothing about anybody: language, theme, text size.
pub fn setting(name: &str) -> Option<String> {
    window()
        .local_storage()
        .ok()
        .flatten()?
        .get_item(&format!("wellfield.{name}"))
        .ok()
        .flatten()
}

/// Keeps a setting. Where the browser refuses, the setting lasts as long as the page.
pub fn keep_setting(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(&format!("wellfield.{name}"), value);
    }
}

/// Asks the browser to keep what lies here even when it runs out of room, and tells what it said.
pub async fn ask_to_persist() -> Option<bool> {
    let asked = window().navigator().storage().persist().ok()?;
    wasm_bindgen_futures::JsFuture::from(asked)
        .await
        .ok()?
        .as_bool()
}

/// How many bytes this app uses and may use, as the browser tells.
pub async fn room() -> Option<(u64, u64)> {
    let asked = window().navigator().storage().estimate().ok()?;
    let estimate = wasm_bindgen_futures::JsFuture::from(asked).await.ok()?;
    let bytes = |name: &str| {
        let value = js_sys::Reflect::get(&estimate, &name.into()).ok()?;
        let value = value.as_f64()?;
        // The browser rounds it anyway, and it is never negative.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(value as u64)
    };
    Some((bytes("usage")?, bytes("quota")?))
}

/// Whether the browser promised to keep what lies here.
pub async fn is_persisted() -> Option<bool> {
    let asked = window().navigator().storage().persisted().ok()?;
    wasm_bindgen_futures::JsFuture::from(asked)
        .await
        .ok()?
        .as_bool()
}

/// Runs a closure on each of an event target's events for as long as the page lives.
pub fn listen(target: &web_sys::EventTarget, event: &'static str, mut run: impl FnMut() + 'static) {
    gloo::events::EventListener::new(target, event, move |_| run()).forget();
}
