//! Passkeys on the pages that the server writes, at `/desk/`. Everything else there works without it.
//!
//! A page that offers passkeys has a part with `data-passkey-ask`: where the server says what to ask the browser
//! for, `data-passkey-done`: where the answer goes, and `data-passkey-home`: where to go on. It is hidden until
//! this finds that the browser knows passkeys. What is asked and answered is JSON of the platform's own making
//! (WebAuthn level 3), so nothing is taken apart here.

use js_sys::{Function, JSON, JsString, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement, RequestInit, Response, Window};

fn main() {
    if let Some(part) = find("[data-passkey-ask]")
        && let Some(passkeys) = Passkeys::of_this_browser()
    {
        offer(&part, &passkeys);
    }
}

fn find(selector: &str) -> Option<Element> {
    let document = web_sys::window()?.document()?;
    document.query_selector(selector).ok().flatten()
}

/// What the platform has for passkeys.
#[derive(Clone)]
struct Passkeys {
    class: JsValue,
    credentials: JsValue,
}

/// Which of the two things is done with a passkey.
#[derive(Clone, Copy)]
struct Ceremony {
    /// Of the platform's class: reads what is asked.
    reads: &'static str,
    /// Of `navigator.credentials`: asks the person.
    asks: &'static str,
}

const MAKE: Ceremony = Ceremony {
    reads: "parseCreationOptionsFromJSON",
    asks: "create",
};

const SHOW: Ceremony = Ceremony {
    reads: "parseRequestOptionsFromJSON",
    asks: "get",
};

impl Passkeys {
    /// `None` where the browser knows none, or cannot read them as JSON.
    fn of_this_browser() -> Option<Self> {
        let window = web_sys::window()?;
        let class = Reflect::get(&window, &"PublicKeyCredential".into()).ok()?;
        let credentials = Reflect::get(&window.navigator(), &"credentials".into()).ok()?;
        let reads = |name: &str| function(&class, name).is_ok();
        (reads(MAKE.reads) && reads(SHOW.reads)).then_some(Self { class, credentials })
    }

    /// Asks the person, and answers what the browser made of it.
    async fn ask(&self, asked: &JsValue, ceremony: Ceremony) -> Result<String, JsValue> {
        let public_key = Reflect::get(asked, &"publicKey".into())?;
        let read = function(&self.class, ceremony.reads)?.call1(&self.class, &public_key)?;
        let options = js_sys::Object::new();
        Reflect::set(&options, &"publicKey".into(), &read)?;
        let asks = function(&self.credentials, ceremony.asks)?;
        let answered = asks
            .call1(&self.credentials, &options)?
            .dyn_into::<Promise>()?;
        let answered = JsFuture::from(answered).await?;
        // Calls the credential's own `toJSON`.
        JSON::stringify(&answered).map(String::from)
    }
}

fn function(of: &JsValue, name: &str) -> Result<Function, JsValue> {
    Reflect::get(of, &name.into())?.dyn_into()
}

fn offer(part: &Element, passkeys: &Passkeys) {
    let (Ok(Some(button)), Ok(part)) = (
        part.query_selector("button"),
        part.clone().dyn_into::<HtmlElement>(),
    ) else {
        return;
    };
    let passkeys = passkeys.clone();
    let shown = part.clone();
    let pressed = Closure::<dyn Fn()>::new(move || {
        let (part, passkeys) = (part.clone(), passkeys.clone());
        spawn_local(async move {
            if carry_out(&part, &passkeys).await.is_err() {
                tell_failed(&part);
            }
        });
    });
    let heard = button.add_event_listener_with_callback("click", pressed.as_ref().unchecked_ref());
    if heard.is_ok() {
        shown.set_hidden(false);
        // It is pressed for as long as the page is there.
        pressed.forget();
    }
}

async fn carry_out(part: &HtmlElement, passkeys: &Passkeys) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let said = |name: &str| part.get_attribute(name).ok_or(JsValue::NULL);
    let asked = post(&window, &said("data-passkey-ask")?, "").await?;
    let asked = JsFuture::from(asked.json()?).await?;
    let options = Reflect::get(&asked, &"publicKey".into())?;
    // Who is asked to make one is told who they will be.
    let makes = Reflect::has(&options, &"user".into())?;
    let answered = passkeys
        .ask(&asked, if makes { MAKE } else { SHOW })
        .await?;
    post(&window, &said("data-passkey-done")?, &answered).await?;
    window.location().assign(&said("data-passkey-home")?)
}

/// Sends JSON to this server, and answers its reply if that is a good one.
async fn post(window: &Window, to: &str, body: &str) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsString::from(body));
    let headers = web_sys::Headers::new()?;
    headers.set("content-type", "application/json")?;
    init.set_headers(&headers);
    let reply = JsFuture::from(window.fetch_with_str_and_init(to, &init)).await?;
    let reply: Response = reply.dyn_into()?;
    if reply.ok() {
        Ok(reply)
    } else {
        Err(JsValue::NULL)
    }
}

fn tell_failed(part: &HtmlElement) {
    if let Ok(Some(message)) = part.query_selector("[role=alert]")
        && let Ok(message) = message.dyn_into::<HtmlElement>()
    {
        message.set_hidden(false);
    }
}
