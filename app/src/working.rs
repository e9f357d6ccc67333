//! Having a worker do one thing: the page answers meanwhile, and the memory that it takes is given back when
//! the worker ends.

use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Why a worker did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoWork {
    /// It did not come: a file of it is not on this device yet, and could not be fetched.
    #[error("the worker's files could not be fetched")]
    NotFetched,
    /// It came and did not answer, or refused what it was given.
    #[error("the worker did not answer")]
    NoAnswer,
}

/// What the worker at this address makes of what it is asked, which its module's `work` takes. One that says
/// nothing for `patience_ms` milliseconds will not say anything.
///
/// # Errors
/// See [`NoWork`].
pub async fn work(address: &str, asked: &Array, patience_ms: u32) -> Result<Vec<u8>, NoWork> {
    Working::start(address)?.ask(asked, patience_ms).await
}

/// A worker that stays for more than one thing, and ends when this goes. It is asked one thing at a time.
pub struct Working(Worker);

impl Working {
    /// Starts the worker at an address.
    ///
    /// # Errors
    /// See [`NoWork`].
    pub fn start(address: &str) -> Result<Self, NoWork> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(address, &options);
        worker.map(Self).map_err(|_| NoWork::NotFetched)
    }

    /// What it makes of what it is asked.
    ///
    /// # Errors
    /// See [`NoWork`].
    pub async fn ask(&self, asked: &Array, patience_ms: u32) -> Result<Vec<u8>, NoWork> {
        ask(&self.0, asked, patience_ms).await
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

async fn ask(worker: &Worker, asked: &Array, patience_ms: u32) -> Result<Vec<u8>, NoWork> {
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
    worker.post_message(asked).map_err(|_| NoWork::NoAnswer)?;
    let failed = select(failed, TimeoutFuture::new(patience_ms));
    match select(told, failed).await {
        Either::Left((Ok(answer), _)) if answer.is_string() => Err(NoWork::NotFetched),
        Either::Left((Ok(answer), _)) => {
            let answer: Uint8Array = answer.dyn_into().map_err(|_| NoWork::NoAnswer)?;
            Ok(answer.to_vec())
        }
        Either::Right((Either::Left((Ok(()), _)), _)) => Err(NoWork::NotFetched),
        Either::Left((Err(_), _)) | Either::Right(_) => Err(NoWork::NoAnswer),
    }
}
