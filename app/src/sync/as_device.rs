//! Requests of this device: what it shows, and its signature over each of them.
//!
//! A server that does not believe one says what it asks to be signed, and the request is made once more.

use web_sys::Headers;
use wellfield_core::sync::{
    Believed, CHALLENGE_HEADER, Freshness, GRANT_SCHEME, Heard, HttpReply, PROOF_HEADER, Signed,
    believed, body_digest, hex,
};

use super::transport::{Body, NoReply, send};
use crate::platform::{now, random_bytes};
use crate::signing::sign;
use crate::storage::TabletStore;

/// Where it is told what to sign, before anything was signed.
const CHALLENGE: &str = "/v1/challenge";

/// What a device asks or sends.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    address: &'a str,
    body: Option<&'a [u8]>,
    range: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// Asks for what is at an address.
    pub const fn get(address: &'a str) -> Self {
        Self {
            address,
            body: None,
            range: None,
        }
    }

    /// Asks for a range of the bytes of something, as the header says it.
    pub const fn range(address: &'a str, range: &'a str) -> Self {
        Self {
            address,
            body: None,
            range: Some(range),
        }
    }

    /// Sends something. Where it is large it is compressed, if that pays.
    pub const fn post(address: &'a str, body: &'a [u8]) -> Self {
        Self {
            address,
            body: Some(body),
            range: None,
        }
    }
}

/// Makes a request of this device, which is open.
///
/// # Errors
/// [`NoReply`]. A device whose disk does not say what it shows gets none either.
pub async fn as_device(store: &TabletStore, asked: Asked<'_>) -> Result<HttpReply, NoReply> {
    let body = match asked.body {
        Some(body) => Some(Body::compressed(body).await),
        None => None,
    };
    let kept = store.keepsake().await.map_err(|_| NoReply)?;
    let shown = format!("Bearer {}", hex(&kept.shown));
    signed_anew(store, &shown, asked, body.as_ref()).await
}

/// Makes a request, and once more, signed anew, where it is not believed: what was signed is over, or the browser had
/// sent it twice by itself.
async fn signed_anew(
    store: &TabletStore,
    shown: &str,
    asked: Asked<'_>,
    body: Option<&Body>,
) -> Result<HttpReply, NoReply> {
    let reply = once(store, shown, asked, body).await?;
    match believed(&reply) {
        Believed::SignAnew => once(store, shown, asked, body).await,
        Believed::Yes | Believed::NotKnown => Ok(reply),
    }
}

/// Sends what a locked tablet may send. `grant` is what it shows.
///
/// # Errors
/// [`NoReply`].
pub(super) async fn as_locked(
    store: &TabletStore,
    grant: &[u8],
    address: &str,
    body: &[u8],
) -> Result<HttpReply, NoReply> {
    let shown = format!("{GRANT_SCHEME} {}", hex(grant));
    // What is sealed no compression makes smaller.
    let sent = Body::plain(body);
    signed_anew(store, &shown, Asked::post(address, body), Some(&sent)).await
}

/// Makes a request once.
async fn once(
    store: &TabletStore,
    shown: &str,
    asked: Asked<'_>,
    body: Option<&Body>,
) -> Result<HttpReply, NoReply> {
    let method = match body {
        Some(_) => "POST",
        None => "GET",
    };
    if store.heard.get().is_over(now()) {
        let (_, came) = send("GET", CHALLENGE, &[], None).await?;
        hear(store, &came);
    }
    let signed = Signed {
        method,
        address: asked.address,
        authorization: shown,
        challenge: store.heard.get().challenge,
        nonce: random_bytes(),
        body: body_digest(asked.body.unwrap_or_default()),
    };
    let mut headers = vec![("authorization", shown)];
    if let Some(range) = asked.range {
        headers.push(("range", range));
    }
    // One that was set up before devices signed has no key to sign with yet.
    let pair = store.key_pair().await.map_err(|_| NoReply)?;
    let proof;
    if let Some(pair) = pair {
        let signature = sign(&pair, &signed.to_bytes()).await;
        proof = signed.proof(signature.ok_or(NoReply)?).to_text();
        headers.push((PROOF_HEADER, &proof));
    }
    let (reply, came) = send(method, asked.address, &headers, body).await?;
    hear(store, &came);
    Ok(reply)
}

/// Remembers what the server asks to be signed.
fn hear(store: &TabletStore, came: &Headers) {
    if let Ok(Some(said)) = came.get(CHALLENGE_HEADER)
        && let Ok(challenge) = Freshness::from_text(&said)
    {
        let at = now();
        store.heard.set(Heard { challenge, at });
    }
}
