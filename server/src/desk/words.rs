//! Five words and the code of an app, for those whose browser has no passkey.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};
use wellfield_core::clock::Instant;
use wellfield_core::desk::{CODE_STEP_S, steps_that_count};
use wellfield_core::ids::AccountId;
use wellfield_core::vault::{Passphrase, Stretching};

use crate::entropy::{NoEntropy, random};
use crate::keys::SealingKeys;

/// Bytes of what an app makes its codes of (RFC 4226, section 4, R6).
const SECRET_BYTES: usize = 20;

/// What an app's secret is sealed for: nobody opens it as anything else.
const PLACE: &[u8] = b"wellfield/desk/app/1";

/// Words and an app, as the database keeps them: neither can be read out of it. What opens the app's secret
/// lies with the server's keys, outside the database and its backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WordsAndApp {
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    /// The SHA-256 of what the words become.
    stretched: Vec<u8>,
    sealed_secret: Vec<u8>,
    /// The step whose code was used last.
    used: Option<u64>,
}

/// Words and an app that are being set up, as they are shown once.
pub(crate) struct NewWords {
    /// The words, in their order.
    pub(crate) words: Passphrase,
    /// What somebody types into an app that reads no square codes.
    pub(crate) secret: String,
    /// What the square code says (Key Uri Format).
    pub(crate) address: String,
}

/// Something is not right: the words, the code, or how they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the words and the code")]
pub(crate) struct NotRight;

/// Why words were not drawn.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDrawn {
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The list of words, or the key to seal with, is not what it should be.
    #[error("the list of words or the sealing key cannot be used")]
    NotUsable,
}

fn place(account: AccountId) -> Vec<u8> {
    [PLACE, &account.0.to_be_bytes()].concat()
}

fn app(secret: &[u8]) -> Option<Totp> {
    let builder = Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_skew(0)
        .with_step_duration(CODE_STEP_S);
    builder.build().ok()
}

fn fingerprint(words: &Passphrase, stretching: Stretching, salt: [u8; 16]) -> Vec<u8> {
    let stretched = stretching.stretch(words, salt).for_tablet();
    Sha256::digest(stretched).to_vec()
}

/// Whether two fingerprints are the same, in a time that does not depend on where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differing == 0
}

impl NewWords {
    /// Draws words and a secret for somebody. Takes as long as stretching the words does.
    ///
    /// # Errors
    /// See [`NotDrawn`].
    pub(crate) fn draw(
        account: AccountId,
        sign_in: &str,
        keys: &SealingKeys,
    ) -> Result<(Self, WordsAndApp), NotDrawn> {
        // Drawn beforehand, many more than are needed, because drawing words can not fail half way.
        let numbers: [u8; 256] = random()?;
        let mut numbers = numbers
            .chunks_exact(4)
            .map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
        let list = diceware_wordlists::EFF_LONG_WORDLIST;
        let words = Passphrase::drawn(&list, || numbers.next().unwrap_or_default());
        let words = words.map_err(|_| NotDrawn::NotUsable)?;
        let secret: [u8; SECRET_BYTES] = random()?;
        let (salt, stretching) = (random()?, Stretching::FLOOR);
        let sealed_secret = keys
            .newest()
            .and_then(|key| key.seal(&place(account), &secret, random().ok()?).ok())
            .ok_or(NotDrawn::NotUsable)?;
        let kept = WordsAndApp {
            salt,
            memory_kib: stretching.memory_kib(),
            passes: stretching.passes(),
            stretched: fingerprint(&words, stretching, salt),
            sealed_secret,
            used: None,
        };
        let secret = Secret::new_stack(secret).to_base32();
        let user: String = form_urlencoded::byte_serialize(sign_in.as_bytes()).collect();
        let address = format!("otpauth://totp/Wellfield:{user}?secret={secret}&issuer=Wellfield");
        Ok((
            Self {
                words,
                secret,
                address,
            },
            kept,
        ))
    }
}

impl WordsAndApp {
    /// Words that nobody has, so that to look whether they are right takes as long as with words that
    /// somebody has.
    pub(crate) fn of_nobody() -> Self {
        let floor = Stretching::FLOOR;
        Self {
            salt: [0; 16],
            memory_kib: floor.memory_kib(),
            passes: floor.passes(),
            stretched: Vec::new(),
            sealed_secret: Vec::new(),
            used: None,
        }
    }

    /// The same after a code of the app counted, which then counts no more.
    ///
    /// # Errors
    /// [`NotRight`] if it does not count.
    pub(crate) fn with_code(
        mut self,
        account: AccountId,
        code: &str,
        keys: &SealingKeys,
        now: Instant,
    ) -> Result<Self, NotRight> {
        let secret = keys
            .open_text(&place(account), &self.sealed_secret)
            .map_err(|_| NotRight)?;
        let app = app(&secret).ok_or(NotRight)?;
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let counts = |step: &u64| app.check(&code, step * CODE_STEP_S).is_some();
        let step = steps_that_count(now, self.used).find(counts);
        self.used = Some(step.ok_or(NotRight)?);
        // What was sealed to the key before the newest is sealed to the newest, so that it goes on opening.
        if let Some(key) = keys.newest()
            && let Ok(drawn) = random()
            && let Ok(sealed) = key.seal(&place(account), &secret, drawn)
        {
            self.sealed_secret = sealed;
        }
        Ok(self)
    }

    /// Whether these are the words. Takes as long as stretching them does, whatever it says.
    pub(crate) fn are(&self, words: &Passphrase) -> bool {
        Stretching::new(self.memory_kib, self.passes)
            .is_ok_and(|by| same(&fingerprint(words, by, self.salt), &self.stretched))
    }
}
