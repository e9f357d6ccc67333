//! Stretching a passphrase, in a worker of its own: the page answers meanwhile, and the memory that it
//! takes is given back when the worker ends.

use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use wellfield_core::vault::{Passphrase, Stretched, Stretching};

use crate::platform::{now, random_bytes};

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

/// What a passphrase becomes, as a slot asks for it.
///
/// # Errors
/// [`NotStretched`].
pub async fn stretched(
    passphrase: &Passphrase,
    stretching: Stretching,
    salt: [u8; 16],
) -> Result<Stretched, NotStretched> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker =
        Worker::new_with_options(WORKER, &options).map_err(|_| NotStretched::NotFetched)?;
    let answer = ask(&worker, passphrase, stretching, salt).await;
    worker.terminate();
    Ok(Stretched::by_worker(answer?, stretching, salt))
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

async fn ask(
    worker: &Worker,
    passphrase: &Passphrase,
    stretching: Stretching,
    salt: [u8; 16],
) -> Result<[u8; 32], NotStretched> {
    let (tell, told) = oneshot::channel();
    let (tell_failed, failed) = oneshot::channel();
    let answered = Closure::once(move |event: MessageEvent| {
        // Nobody waits any more where the patience ran out.
        let _ = tell.send(event.data());
    });
    worker.set_onmessage(Some(answered.as_ref().unchecked_ref()));
    // A script that did not come. Where the module behind it does not, the worker says so in words.
    let not_fetched = Closure::once(move |_: Event| {
        let _ = tell_failed.send(());
    });
    worker.set_onerror(Some(not_fetched.as_ref().unchecked_ref()));
    let words: String = passphrase.words().collect::<Vec<_>>().join(" ");
    let asked = Array::of4(
        &words.into(),
        &Uint8Array::from(salt.as_slice()),
        &stretching.memory_kib().into(),
        &stretching.passes().into(),
    );
    let silent = |_| NotStretched::NoAnswer;
    worker.post_message(&asked).map_err(silent)?;
    let failed = select(failed, TimeoutFuture::new(PATIENCE_MS));
    match select(told, failed).await {
        Either::Left((Ok(answer), _)) if answer.is_string() => Err(NotStretched::NotFetched),
        Either::Left((Ok(answer), _)) => {
            let answer: Uint8Array = answer.dyn_into().map_err(silent)?;
            answer
                .to_vec()
                .try_into()
                .map_err(|_| NotStretched::NoAnswer)
        }
        Either::Right((Either::Left((Ok(()), _)), _)) => Err(NotStretched::NotFetched),
        Either::Left((Err(_), _)) | Either::Right(_) => Err(NotStretched::NoAnswer),
    }
}
