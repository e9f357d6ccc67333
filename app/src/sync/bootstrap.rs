//! Carries out what the receiving lane says of a long stream of which nothing is here yet.

use std::cell::Cell;
use std::rc::Rc;

use futures::future::LocalBoxFuture;
use wellfield_core::sync::{Cursor, PullEffect};

use super::as_device::{Asked, as_device};
use super::driver::{Driver, Fed};
use crate::storage::StoreError;

/// Brings the code for it, and runs it: a tablet needs it when it joins, and hardly ever after. Where it does
/// not come, it is as if the server had not answered.
pub type Bootstrapping = fn(Rc<Driver>, PullEffect) -> LocalBoxFuture<'static, Option<Fed>>;

thread_local! {
    static BOOTSTRAPPING: Cell<Option<Bootstrapping>> = const { Cell::new(None) };
}

/// Says where the code comes from. Whoever puts the client together does, once.
pub fn bootstrap_with(bootstrapping: Bootstrapping) {
    BOOTSTRAPPING.set(Some(bootstrapping));
}

/// Carries out an effect with the code that was brought for it.
pub(super) async fn bootstrap(driver: Rc<Driver>, effect: PullEffect) -> Option<Fed> {
    match BOOTSTRAPPING.get() {
        Some(bootstrapping) => bootstrapping(driver, effect).await,
        None => Some(Fed::NoReply),
    }
}

impl Driver {
    /// What belongs to a long stream of which nothing is here yet.
    pub async fn carry_out_bootstrap(self: Rc<Self>, effect: PullEffect) -> Option<Fed> {
        let done =
            |result: Result<(), StoreError>| Some(result.map_or(Fed::DiskFailed, |()| Fed::Saved));
        match effect {
            PullEffect::GetSnapshot { stream, epoch } => {
                let address = format!("/v1/snapshot?stream={stream}&epoch={epoch}");
                Some(self.get(&address).await)
            }
            PullEffect::ReadParts(snapshot) => {
                let parts = self.store.parts(&snapshot).await;
                Some(parts.map_or(Fed::DiskFailed, Fed::Parts))
            }
            PullEffect::GetFront { stream, epoch } => {
                let address = format!("/v1/front?stream={stream}&epoch={epoch}");
                Some(self.get(&address).await)
            }
            PullEffect::SaveFront(front) => {
                let saved = self.store.save_front(&front).await;
                if saved.is_ok() {
                    self.sink.front(&front);
                }
                done(saved)
            }
            PullEffect::GetPart { snapshot, bytes } => {
                self.receiving(Some((bytes.start, snapshot.length)));
                let Cursor { stream, epoch, .. } = snapshot.cursor;
                let name = snapshot.name();
                let address = format!("/v1/snapshots/{name}?stream={stream}&epoch={epoch}");
                let range = format!("bytes={}-{}", bytes.start, bytes.end.saturating_sub(1));
                let reply = as_device(&self.store, Asked::range(&address, &range)).await;
                Some(reply.map_or(Fed::NoReply, Fed::Reply))
            }
            PullEffect::SavePart {
                snapshot,
                part,
                bytes,
            } => done(self.store.save_part(&snapshot, part, &bytes).await),
            PullEffect::Install(snapshot) => {
                self.receiving(None);
                let installed = self.store.install(&snapshot).await;
                if installed.is_ok() {
                    self.sink.installed();
                }
                done(installed)
            }
            _ => None,
        }
    }
}
