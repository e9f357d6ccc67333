//! How a device proves that a request is its own.
//!
//! What a device shows with its requests could be copied from wherever they pass. So each of them is signed as
//! well, with a key that the browser made and gives to nobody (ECDSA over P-256 with SHA-256), and what is
//! signed is the request itself and a challenge of the server's that is over after some minutes. Whoever
//! overhears a request can do nothing with it: not later, not once more, and not with another address or body.
//! The clocks of tablets take no part in it.
//!
//! What is shown changes every month ([`Credential`]), so that a copy of it ages.

use std::collections::HashSet;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::clock::Instant;
use crate::device_key::KeyHash;
use crate::event::NotOurs;
use crate::ids::DeviceId;
use crate::sync::problem::Problem;
use crate::sync::protocol::HttpReply;

/// The header in which a server says what its newest challenge is.
pub const CHALLENGE_HEADER: &str = "wellfield-challenge";

/// The header in which a device proves that a request is its own.
pub const PROOF_HEADER: &str = "wellfield-proof";

/// A server makes a new challenge this often, in milliseconds, and takes the one before it as well. A request may
/// wait that long for a weak line.
const WINDOW_MS: u64 = 5 * 60 * 1000;

/// A device that heard its challenge longer ago, by its own clock, in milliseconds, asks for another before it signs.
/// If its clock says otherwise the reply does, and it asks once more.
const HEARD_MS: u64 = 4 * 60 * 1000;

/// A device changes what it shows after this long, in milliseconds (security findings §2: 30 days).
const CREDENTIAL_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// What was shown before goes on being taken for this long, in milliseconds, for requests that were under way and
/// for another tab that has not heard yet.
const LATELY_MS: u64 = 10 * 60 * 1000;

/// What every signature of a request begins with, so that the key signs nothing else by mistake.
const PURPOSE: &[u8] = b"wellfield/request/1";

/// What every challenge begins with.
const CHALLENGE_PURPOSE: &[u8] = b"wellfield/request challenge/1";

/// What a server's challenges are made with.
pub type ChallengeSecret = [u8; 32];

/// The public half of a device's key: a point of P-256, not compressed (SEC 1 §2.3.3).
pub type PublicKey = [u8; 65];

/// What a device has to sign, so that a request is of these minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness(pub [u8; 16]);

impl Freshness {
    /// The challenge of this moment.
    pub fn at(secret: &ChallengeSecret, now: Instant) -> Self {
        Self::of(secret, now.0 / WINDOW_MS)
    }

    fn of(secret: &ChallengeSecret, window: u64) -> Self {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&padded(secret).into());
        mac.update(CHALLENGE_PURPOSE);
        mac.update(&window.to_be_bytes());
        let mut challenge = [0; 16];
        challenge.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        Self(challenge)
    }

    /// In which window this was the challenge, if it was in this one or the one before.
    fn window(self, secret: &ChallengeSecret, now: Instant) -> Option<u64> {
        let this = now.0 / WINDOW_MS;
        [Some(this), this.checked_sub(1)]
            .into_iter()
            .flatten()
            .find(|window| Self::of(secret, *window) == self)
    }

    /// As it stands in a header.
    pub fn to_text(self) -> String {
        hex(&self.0)
    }

    /// Reads a header.
    ///
    /// # Errors
    /// [`NotOurs`].
    pub fn from_text(text: &str) -> Result<Self, NotOurs> {
        read(text).map(Self)
    }
}

/// HMAC fills a short key up with zeros to the block of its hash; done here, it cannot fail.
fn padded(secret: &ChallengeSecret) -> [u8; 64] {
    let mut key = [0; 64];
    key[..secret.len()].copy_from_slice(secret);
    key
}

fn read<const LENGTH: usize>(text: &str) -> Result<[u8; LENGTH], NotOurs> {
    let mut bytes = [0; LENGTH];
    if text.len() != 2 * LENGTH {
        return Err(NotOurs);
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(digits[0])? << 4 | digit(digits[1])?;
    }
    Ok(bytes)
}

const fn digit(digit: u8) -> Result<u8, NotOurs> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(NotOurs),
    }
}

/// Bytes in hexadecimal digits, as they stand in headers.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}

/// What a device has heard of the server's challenges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The newest.
    pub challenge: Freshness,
    /// When it was heard, by the device's clock.
    pub at: Instant,
}

impl Heard {
    /// Nothing yet.
    pub const NOTHING: Self = Self {
        challenge: Freshness([0; 16]),
        at: Instant(0),
    };

    /// Whether it is to be asked for anew before a request is signed.
    pub const fn is_over(&self, now: Instant) -> bool {
        now.0.abs_diff(self.at.0) >= HEARD_MS
    }
}

/// What a device signs of a request.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The path and the query, as they are sent.
    pub address: &'a str,
    /// What the device shows: the value of the header that says who asks.
    pub authorization: &'a str,
    /// The challenge of the server's that the device heard last.
    pub challenge: Freshness,
    /// Drawn for this request alone.
    pub nonce: [u8; 16],
    /// The SHA-256 of the body, before it is compressed; that of nothing where there is none.
    pub body: [u8; 32],
}

impl Signed<'_> {
    /// The bytes that are signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts: [&[u8]; 7] = [
            PURPOSE,
            self.method.as_bytes(),
            self.address.as_bytes(),
            self.authorization.as_bytes(),
            &self.challenge.0,
            &self.nonce,
            &self.body,
        ];
        let mut bytes = Vec::new();
        for part in parts {
            // With its length before it no part can be read as the end of another.
            bytes.extend((part.len() as u32).to_be_bytes());
            bytes.extend(part);
        }
        bytes
    }

    /// The proof, with the signature over [`Self::to_bytes`].
    pub const fn proof(&self, signature: [u8; 64]) -> Proof {
        Proof {
            challenge: self.challenge,
            nonce: self.nonce,
            body: self.body,
            signature,
        }
    }
}

/// The fingerprint of a body.
pub fn body_digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

/// What a device sends with a request beside what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What the server asked to be signed.
    pub challenge: Freshness,
    /// Drawn for the request alone.
    pub nonce: [u8; 16],
    /// The SHA-256 of the body.
    pub body: [u8; 32],
    /// ECDSA over P-256 with SHA-256: r and s, 32 bytes each.
    pub signature: [u8; 64],
}

/// The bytes of a proof.
const PROOF_LEN: usize = 16 + 16 + 32 + 64;

impl Proof {
    /// As it stands in a header.
    pub fn to_text(&self) -> String {
        let mut bytes = [0; PROOF_LEN];
        let (challenge, rest) = bytes.split_at_mut(16);
        let (nonce, rest) = rest.split_at_mut(16);
        let (body, signature) = rest.split_at_mut(32);
        challenge.copy_from_slice(&self.challenge.0);
        nonce.copy_from_slice(&self.nonce);
        body.copy_from_slice(&self.body);
        signature.copy_from_slice(&self.signature);
        hex(&bytes)
    }

    /// Reads a header.
    ///
    /// # Errors
    /// [`NotOurs`].
    pub fn from_text(text: &str) -> Result<Self, NotOurs> {
        let bytes: [u8; PROOF_LEN] = read(text)?;
        let (challenge, rest) = bytes.split_first_chunk().ok_or(NotOurs)?;
        let (nonce, rest) = rest.split_first_chunk().ok_or(NotOurs)?;
        let (body, rest) = rest.split_first_chunk().ok_or(NotOurs)?;
        Ok(Self {
            challenge: Freshness(*challenge),
            nonce: *nonce,
            body: *body,
            signature: rest.try_into().map_err(|_| NotOurs)?,
        })
    }

    /// What the device must have signed, for a request that came like this.
    pub const fn signed<'a>(
        &self,
        method: &'a str,
        address: &'a str,
        authorization: &'a str,
    ) -> Signed<'a> {
        Signed {
            method,
            address,
            authorization,
            challenge: self.challenge,
            nonce: self.nonce,
            body: self.body,
        }
    }
}

/// The requests of the last minutes, so that none counts twice. A server forgets them when it starts anew; what it
/// would take twice then is what the protocol takes twice without harm, from a few minutes before.
#[derive(Debug, Default)]
pub struct Requests {
    window: u64,
    this: HashSet<(DeviceId, [u8; 16])>,
    before: HashSet<(DeviceId, [u8; 16])>,
}

impl Requests {
    /// Whether a request is of these minutes and was not here before. Asked once of a request whose signature
    /// holds: by asking it is known.
    pub fn is_new(
        &mut self,
        device: DeviceId,
        proof: &Proof,
        secret: &ChallengeSecret,
        now: Instant,
    ) -> bool {
        let Some(window) = proof.challenge.window(secret, now) else {
            return false;
        };
        self.turn_to(now.0 / WINDOW_MS);
        let known = match window == self.window {
            true => &mut self.this,
            false => &mut self.before,
        };
        known.insert((device, proof.nonce))
    }

    fn turn_to(&mut self, window: u64) {
        if window == self.window {
            return;
        }
        let this = core::mem::take(&mut self.this);
        // A clock that is set back or far ahead makes every challenge before it worthless, and with them these.
        self.before = match self.window.checked_add(1) == Some(window) {
            true => this,
            false => HashSet::new(),
        };
        self.window = window;
    }
}

/// What a server keeps of a device, to know its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceProof {
    /// With what it signs.
    pub public_key: PublicKey,
    /// What it shows.
    pub credential: Credential,
}

/// What a server keeps of what a device shows: fingerprints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential {
    /// What it shows.
    pub shown: KeyHash,
    /// What it asked to show from now on. It takes the place of the other once it is used, and not before: a
    /// device that never got the answer goes on with what it has.
    pub next: Option<KeyHash>,
    /// What it showed before.
    pub before: Option<KeyHash>,
    /// When it last changed.
    pub changed_at: Instant,
}

/// What something that is shown is to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// What the device shows.
    Current,
    /// What it asked to show from now on: the change is done.
    Next,
    /// What it showed until some minutes ago.
    Lately,
    /// What it showed before that. Either somebody has a copy, or the tablet's disk was put back to an earlier day.
    Old,
}

/// Why a device does not change what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewRefused {
    /// It signs with no key yet, and brought none.
    #[error("no key to sign with")]
    NoKey,
    /// It signs with another key, or showed this before.
    #[error("another key, or shown before")]
    Taken,
}

impl Credential {
    /// What something that is shown is; `None` if it is nothing of this device's.
    pub fn standing(&self, shown: KeyHash, now: Instant) -> Option<Shown> {
        if shown == self.shown {
            return Some(Shown::Current);
        }
        if Some(shown) == self.next {
            return Some(Shown::Next);
        }
        let is_recent = now.0.abs_diff(self.changed_at.0) < LATELY_MS;
        (Some(shown) == self.before).then_some(match is_recent {
            true => Shown::Lately,
            false => Shown::Old,
        })
    }
}

impl DeviceProof {
    /// That of a device that joins: it shows the key that it was given.
    pub const fn begin(public_key: PublicKey, shown: KeyHash, now: Instant) -> Self {
        Self {
            public_key,
            credential: Credential {
                shown,
                next: None,
                before: None,
                changed_at: now,
            },
        }
    }

    /// After a device said what it will show. `kept` is what there was; a device that joined before devices signed
    /// brings its key now, and shows `first` until then.
    ///
    /// # Errors
    /// See [`RenewRefused`]; then nothing changes.
    pub fn renewed(
        kept: Option<Self>,
        first: KeyHash,
        (next, public_key): (KeyHash, Option<PublicKey>),
        now: Instant,
    ) -> Result<Self, RenewRefused> {
        let mut proof = match (kept, public_key) {
            (Some(kept), None) => kept,
            (Some(kept), Some(key)) if key == kept.public_key => kept,
            (Some(_), Some(_)) => return Err(RenewRefused::Taken),
            (None, Some(key)) => Self::begin(key, first, now),
            (None, None) => return Err(RenewRefused::NoKey),
        };
        if proof.credential.before == Some(next) {
            return Err(RenewRefused::Taken);
        }
        // Asked once more after it was used, because an answer was lost: all is done.
        if proof.credential.shown != next {
            proof.credential.next = Some(next);
        }
        Ok(proof)
    }

    /// After the next one was used; nothing where there is no such next one, because another request was first.
    #[must_use]
    pub fn turned_over(self, next: KeyHash, now: Instant) -> Option<Self> {
        let Self {
            public_key,
            credential,
        } = self;
        (credential.next == Some(next)).then_some(Self {
            public_key,
            credential: Credential {
                shown: next,
                next: None,
                before: Some(credential.shown),
                changed_at: now,
            },
        })
    }
}

/// What a device keeps of what it shows. It is wiped when it goes.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Keepsake {
    /// What it shows.
    pub shown: [u8; 32],
    /// What it asks to show from now on. It is kept before it is asked for, so that it is asked for again, the
    /// same, when the answer was lost.
    pub next: Option<[u8; 32]>,
    /// What it showed before: a server that was restored from a backup knows that one.
    pub before: Option<[u8; 32]>,
    /// When it last changed, by the device's clock.
    #[zeroize(skip)]
    pub since: Instant,
}

impl core::fmt::Debug for Keepsake {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keepsake")
    }
}

/// The version of what lies on a device's disk.
const KEEPSAKE_VERSION: u8 = 1;

impl Keepsake {
    /// That of a device that has just joined, or joined before there were any: what it was given goes out of use
    /// at the next contact.
    pub const fn begin(shown: [u8; 32]) -> Self {
        Self {
            shown,
            next: None,
            before: None,
            since: Instant(0),
        }
    }

    /// Whether it is to change, by the device's clock. One that jumps makes it change sooner, which does no harm.
    pub const fn is_due(&self, now: Instant) -> bool {
        self.next.is_some() || now.0.abs_diff(self.since.0) >= CREDENTIAL_MS
    }

    /// Asks to show something else: what was asked for before, or what was drawn now.
    #[must_use]
    pub fn asking(&self, drawn: [u8; 32]) -> Self {
        Self {
            next: self.next.or(Some(drawn)),
            ..self.clone()
        }
    }

    /// The server takes the next one from now on.
    #[must_use]
    pub fn changed(&self, now: Instant) -> Self {
        Self {
            shown: self.next.unwrap_or(self.shown),
            next: None,
            before: Some(self.shown),
            since: now,
        }
    }

    /// The server does not know this one. One that was restored from a backup knows the one before, and the change is
    /// asked for again; where it does not know that one either, this turns it round again. Nothing where there was
    /// none before.
    pub fn put_back(&self) -> Option<Self> {
        Some(Self {
            shown: self.before?,
            next: Some(self.shown),
            before: Some(self.shown),
            since: self.since,
        })
    }

    /// As it lies on the device's disk, sealed: the version, when it changed, and up to three secrets, the last two
    /// with a byte before them that says whether there is one.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![KEEPSAKE_VERSION];
        bytes.extend(self.since.0.to_be_bytes());
        bytes.extend(self.shown);
        for secret in [self.next, self.before] {
            bytes.push(u8::from(secret.is_some()));
            bytes.extend(secret.unwrap_or_default());
        }
        bytes
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`NotOurs`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotOurs> {
        let (&[version], rest) = bytes.split_first_chunk().ok_or(NotOurs)?;
        let (since, rest) = rest.split_first_chunk().ok_or(NotOurs)?;
        let (shown, rest) = rest.split_first_chunk().ok_or(NotOurs)?;
        let (next, rest) = secret_if_any(rest)?;
        let (before, rest) = secret_if_any(rest)?;
        if version != KEEPSAKE_VERSION || !rest.is_empty() {
            return Err(NotOurs);
        }
        Ok(Self {
            shown: *shown,
            next,
            before,
            since: Instant(u64::from_be_bytes(*since)),
        })
    }
}

type SecretIfAny<'b> = (Option<[u8; 32]>, &'b [u8]);

fn secret_if_any(bytes: &[u8]) -> Result<SecretIfAny<'_>, NotOurs> {
    let (&[is_there], rest) = bytes.split_first_chunk().ok_or(NotOurs)?;
    let (secret, rest) = rest.split_first_chunk().ok_or(NotOurs)?;
    match is_there {
        0 if *secret == [0; 32] => Ok((None, rest)),
        1 => Ok((Some(*secret), rest)),
        _ => Err(NotOurs),
    }
}

/// Whether the server believes that a request is the device's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Believed {
    /// It does, or it says nothing about it.
    Yes,
    /// The request is to be signed anew, over the challenge that came with the reply.
    SignAnew,
    /// It does not know what was shown.
    NotKnown,
}

/// What a reply says of whoever asked.
pub fn believed(reply: &HttpReply) -> Believed {
    // No content is read for a problem, so nothing large is.
    match reply.content() {
        Err(Some(problem)) if problem.problem == Problem::Unproven => Believed::SignAnew,
        Err(Some(problem)) if problem.problem == Problem::UnknownDevice => Believed::NotKnown,
        _ => Believed::Yes,
    }
}

#[cfg(test)]
mod tests;
