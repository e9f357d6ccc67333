//! What this device shows changes: at the first contact after it was set up, and every month. And what to show
//! instead, where the server does not know it.

use std::rc::Rc;

use wellfield_core::device_key::KeyHash;
use wellfield_core::sync::{Message, RenewReply, RenewRequest};

use super::as_device::{Asked, as_device};
use super::driver::Driver;
use crate::platform::{now, random_bytes};
use crate::signing::KeyPair;

impl Driver {
    /// Changes what this device shows, if it is time to. Each step is on the disk before the next, and whatever is
    /// lost on the way, both sides go on with what they have: the next contact asks for the same again.
    pub(super) async fn renew_if_due(&self) {
        // Nobody waits for this.
        let _ = self.renew().await;
    }

    /// Shows something else from now on: what another tab has changed it to, or what was shown before, which a
    /// server knows that was restored from a backup.
    pub(super) async fn show_other(self: &Rc<Self>) {
        if self.turn_back().await.is_some() {
            self.send_and_receive();
        }
    }

    async fn turn_back(&self) -> Option<()> {
        let known = self.store.keepsake().await.ok()?;
        let kept = self.store.keepsake_anew().await.ok()?;
        if kept.shown == known.shown {
            self.store.keep_keepsake(&kept.put_back()?).await.ok()?;
        }
        Some(())
    }

    async fn renew(&self) -> Option<()> {
        let kept = self.store.keepsake_anew().await.ok()?;
        if !kept.is_due(now()) {
            return None;
        }
        let asking = kept.asking(random_bytes());
        let next = asking.next?;
        // One that was set up before devices signed makes its key now.
        let pair = match self.store.key_pair().await.ok()? {
            Some(pair) => pair,
            None => KeyPair::new().await?,
        };
        let public_key = pair.public_key().await;
        self.store.keep_asking(&asking, &pair).await.ok()?;
        let request = RenewRequest {
            shown: KeyHash::of(&next).0,
            public_key,
        };
        let asked = request.to_bytes();
        let reply = as_device(&self.store, Asked::post("/v1/credential", &asked)).await;
        let reply: RenewReply = reply.ok()?.read().ok()?;
        if reply.shown != request.shown {
            return None;
        }
        // What a locked tablet sends with holds what is shown too, and changes with it.
        self.store.keep_keepsake(&asking.changed(now())).await.ok()
    }
}
