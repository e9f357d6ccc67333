//! Passkeys in the browser: WebAuthn with the `prf` extension, by which the tablet's own fingerprint, face or
//! PIN gives out the same secret each time. Nothing of it needs a network, and nothing is sent to anybody.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wellfield_core::vault::PasskeySecret;

use crate::platform::{random_bytes, window};

/// For how long the browser waits for a finger, in milliseconds.
const PATIENCE_MS: u32 = 60_000;

/// How signatures are made that nobody looks at: ES256 and RS256 (RFC 8152), which every authenticator has
/// one of.
const ALGORITHMS: [i32; 2] = [-7, -257];

/// Why a passkey gave out nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotUsed {
    /// The browser or the tablet knows no passkeys, or none that give out a secret.
    #[error("no passkeys that give out a secret here")]
    NotHere,
    /// Nobody confirmed it, or it was called off.
    #[error("not confirmed")]
    NotConfirmed,
}

/// Whether the browser knows passkeys.
pub(super) fn are_known() -> bool {
    let known = Reflect::get(&window(), &"PublicKeyCredential".into());
    known.is_ok_and(|known| known.is_function()) && credentials().is_some()
}

fn credentials() -> Option<JsValue> {
    let credentials = Reflect::get(&window().navigator(), &"credentials".into()).ok()?;
    credentials.is_object().then_some(credentials)
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        // A new plain object takes every property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// What is asked of the extension: the secret that belongs to this salt.
fn extensions(salt: [u8; 16]) -> JsValue {
    let eval = object(&[("first", bytes(&salt))]);
    object(&[("prf", object(&[("eval", eval)]))])
}

/// Calls a function of `navigator.credentials` and waits for what comes of it.
async fn call(name: &str, public_key: JsValue) -> Result<JsValue, NotUsed> {
    let credentials = credentials().ok_or(NotUsed::NotHere)?;
    let function = Reflect::get(&credentials, &name.into())
        .and_then(JsCast::dyn_into::<Function>)
        .map_err(|_| NotUsed::NotHere)?;
    let options = object(&[("publicKey", public_key)]);
    let promise = function
        .call1(&credentials, &options)
        .and_then(JsCast::dyn_into::<Promise>)
        .map_err(|_| NotUsed::NotHere)?;
    let credential = JsFuture::from(promise).await;
    let credential = credential.map_err(|_| NotUsed::NotConfirmed)?;
    credential
        .is_object()
        .then_some(credential)
        .ok_or(NotUsed::NotConfirmed)
}

/// The name of a passkey, as bytes.
fn name_of(credential: &JsValue) -> Option<Vec<u8>> {
    let name = Reflect::get(credential, &"rawId".into()).ok()?;
    Some(Uint8Array::new(&name).to_vec())
}

/// What the extension says.
fn said(credential: &JsValue) -> Option<JsValue> {
    let results = Reflect::get(credential, &"getClientExtensionResults".into()).ok()?;
    let results = results
        .dyn_into::<Function>()
        .ok()?
        .call0(credential)
        .ok()?;
    let said = Reflect::get(&results, &"prf".into()).ok()?;
    said.is_object().then_some(said)
}

/// The secret that a passkey gave out, if it gave one.
fn secret_of(credential: &JsValue) -> Option<PasskeySecret> {
    let results = Reflect::get(&said(credential)?, &"results".into()).ok()?;
    if !results.is_object() {
        return None;
    }
    let first = Reflect::get(&results, &"first".into()).ok()?;
    let given = Uint8Array::new(&first).to_vec().try_into().ok()?;
    PasskeySecret::new(name_of(credential)?, given).ok()
}

/// Makes a passkey on this tablet and has it give out its secret. What the tablet shows of it names the
/// software and nobody.
///
/// # Errors
/// See [`NotUsed`].
pub(super) async fn made(salt: [u8; 16]) -> Result<PasskeySecret, NotUsed> {
    let algorithms = ALGORITHMS
        .map(|algorithm| object(&[("type", "public-key".into()), ("alg", algorithm.into())]));
    let brand = JsValue::from("Wellfield");
    let user: [u8; 16] = random_bytes();
    let challenge: [u8; 32] = random_bytes();
    let credential = call(
        "create",
        object(&[
            ("rp", object(&[("name", brand.clone())])),
            (
                "user",
                object(&[
                    ("id", bytes(&user)),
                    ("name", brand.clone()),
                    ("displayName", brand),
                ]),
            ),
            ("challenge", bytes(&challenge)),
            ("pubKeyCredParams", Array::from_iter(algorithms).into()),
            (
                "authenticatorSelection",
                object(&[
                    ("userVerification", "required".into()),
                    ("residentKey", "discouraged".into()),
                ]),
            ),
            ("timeout", PATIENCE_MS.into()),
            ("extensions", extensions(salt)),
        ]),
    )
    .await?;
    if let Some(secret) = secret_of(&credential) {
        return Ok(secret);
    }
    // Some give out nothing while they are made, and say that they will.
    let enabled = said(&credential)
        .and_then(|said| Reflect::get(&said, &"enabled".into()).ok())
        .is_some_and(|enabled| enabled.is_truthy());
    let name = name_of(&credential).filter(|_| enabled);
    given(&[&name.ok_or(NotUsed::NotHere)?], salt).await
}

/// Has one of these passkeys give out its secret.
///
/// # Errors
/// See [`NotUsed`].
pub(super) async fn given(names: &[&[u8]], salt: [u8; 16]) -> Result<PasskeySecret, NotUsed> {
    let names = names
        .iter()
        .map(|name| object(&[("type", "public-key".into()), ("id", bytes(name))]));
    let challenge: [u8; 32] = random_bytes();
    let credential = call(
        "get",
        object(&[
            ("challenge", bytes(&challenge)),
            ("allowCredentials", Array::from_iter(names).into()),
            ("userVerification", "required".into()),
            ("timeout", PATIENCE_MS.into()),
            ("extensions", extensions(salt)),
        ]),
    )
    .await?;
    secret_of(&credential).ok_or(NotUsed::NotHere)
}
