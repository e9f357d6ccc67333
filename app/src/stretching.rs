//! Stretching a passphrase, in a worker of its own: the page answers meanwhile, and the memory that it
//! takes is given back when the worker ends.

use js_sys::{Array, Uint8Array};
use wellfield_core::vault::{Passphrase, Stretched, Stretching};

use crate::platform::{now, random_bytes};
use crate::working::{NoWork, work};

const WORKER: &str = "/app/stretching/worker.js";

/// A worker that says nothing for so long will not say anything, in milliseconds: ten times as long as
/// the slowest tablet took.
const PATIENCE_MS: u32 = 30_000;

/// Why a passphrase was not stretched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStretched {
    /// The worker did not come: a file of it is not on this device yet, and could not be fetched.
    #[error("the worker's files could not be fetched")]
    NotFetched,
    /// The worker came and did not answer: the memory does not suffice.
    #[error("the passphrase could not be stretched")]
    NoAnswer,
}

impl From<NoWork> for NotStretched {
    fn from(why: NoWork) -> Self {
        match why {
            NoWork::NotFetched => Self::NotFetched,
            NoWork::NoAnswer => Self::NoAnswer,
        }
    }
}

/// What a passphrase becomes, as a slot asks for it.
///
/// # Errors
/// [`NotStretched`].
pub async fn stretched(
    passphrase: &Passphrase,
    stretching: Stretching,
    salt: [u8; 16],
) -> Result<Stretched, NotStretched> {
    let words: String = passphrase.words().collect::<Vec<_>>().join(" ");
    let asked = Array::of4(
        &words.into(),
        &Uint8Array::from(salt.as_slice()),
        &stretching.memory_kib().into(),
        &stretching.passes().into(),
    );
    let answer = work(WORKER, &asked, PATIENCE_MS).await?;
    let secret = answer.try_into().map_err(|_| NotStretched::NoAnswer)?;
    Ok(Stretched::by_worker(secret, stretching, salt))
}

/// What a new passphrase becomes, with a salt of its own and as much stretching as this tablet manages
/// within a second: the first stretching tells how fast it is.
///
/// # Errors
/// [`NotStretched`].
pub async fn stretched_anew(passphrase: &Passphrase) -> Result<Stretched, NotStretched> {
    let salt = random_bytes();
    let began = now();
    let first = stretched(passphrase, Stretching::FLOOR, salt).await?;
    let took = now().0.saturating_sub(began.0);
    match Stretching::for_tablet(u32::try_from(took).unwrap_or(u32::MAX)) {
        Stretching::FLOOR => Ok(first),
        more => stretched(passphrase, more, salt).await,
    }
}
