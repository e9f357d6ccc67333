//! The key that this device signs its requests with. The browser makes it, keeps it and gives it to nobody: ECDSA
//! over P-256.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::CryptoKey;
use wellfield_core::sync::PublicKey;

use crate::platform::window;

/// A key: what the browser calls a pair, the half that signs and the half by which it is checked.
#[derive(Clone, Debug)]
pub struct KeyPair(pub(crate) JsValue);

impl KeyPair {
    /// Has the browser make a new one; nothing where it cannot.
    pub async fn new() -> Option<Self> {
        let usages = Array::of1(&"sign".into());
        let subtle = window().crypto().ok()?.subtle();
        let made = subtle.generate_key_with_object(&algorithm()?, false, &usages);
        wait(made).await.map(Self)
    }

    /// The half by which others check what was signed.
    pub async fn public_key(&self) -> Option<PublicKey> {
        let subtle = window().crypto().ok()?.subtle();
        let bytes = wait(subtle.export_key("raw", &self.half("publicKey")?)).await?;
        Uint8Array::new(&bytes).to_vec().try_into().ok()
    }

    fn half(&self, name: &str) -> Option<CryptoKey> {
        Reflect::get(&self.0, &name.into()).ok()?.dyn_into().ok()
    }
}

/// Signs bytes; nothing where the browser does not.
pub(crate) async fn sign(pair: &KeyPair, bytes: &[u8]) -> Option<[u8; 64]> {
    let subtle = window().crypto().ok()?.subtle();
    let half = pair.half("privateKey")?;
    let signed = subtle.sign_with_object_and_u8_array(&algorithm()?, &half, bytes);
    let signed = wait(signed).await?;
    Uint8Array::new(&signed).to_vec().try_into().ok()
}

/// How the key is made, and how it signs.
fn algorithm() -> Option<Object> {
    let algorithm = Object::new();
    for (name, value) in [
        ("name", "ECDSA"),
        ("namedCurve", "P-256"),
        ("hash", "SHA-256"),
    ] {
        Reflect::set(&algorithm, &name.into(), &value.into()).ok()?;
    }
    Some(algorithm)
}

async fn wait(promise: Result<Promise, JsValue>) -> Option<JsValue> {
    JsFuture::from(promise.ok()?).await.ok()
}
