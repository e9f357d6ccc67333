//! The network of the public pages: fetch the offer, send forms that wait. A form waits sealed: nothing that
//! can be read of it is ever on the phone's disk.

use std::rc::Rc;

use leptos::prelude::*;
use wellfield_core::ids::{ProgrammeId, ReferralId};
use wellfield_core::offer::{OfferPublished, Offers, read_published};
use wellfield_core::referral::{
    Challenge, Outcome, Proof, SOLVING_MS_MAX, SealedForm, SelfReferral, Signals, Solver,
    encode_sealed, encode_signals, encode_submission, outcome, sealed_place,
};
use wellfield_core::sync::{Message, PullReply, SealingKeyReply};
use wellfield_core::vault::SealingKey;

use crate::platform::{document, listen, now, window};
use crate::sealing::Sealer;
use crate::storage::{PublicStore, QueuedReferral};
use crate::sync::{get, post};

/// A form that waits is tried again this often while the page is open, in milliseconds.
const RETRY_MS: u32 = 60_000;

/// Where a form goes; the programme follows.
const FORMS: &str = "/v1/referrals?";

/// Where a sealed form goes; the programme follows.
const SEALED_FORMS: &str = "/v1/sealed-referrals?";

/// Where the key is that forms are sealed to.
const SEALING_KEY: &str = "/v1/sealing-key";

/// Where the sum comes from that a phone does before it sends; the programme follows.
const CHALLENGES: &str = "/v1/referrals/challenge?";

/// So many tries between two looks at the clock.
const TRIES: u32 = 256;

/// The sum is put away after so many milliseconds, so that the page answers to whoever touches it.
const SLICE_MS: u64 = 12;

/// Where the offers are.
const OFFERS: &str = "/v1/pull?stream=public&after=0&limit=2000";

/// Why a confirmed form is still on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotSent {
    /// It could be neither kept on this phone nor sent.
    NotKept,
    /// The server cannot take it; the person has to ring.
    Refused,
}

/// What this phone knows of the offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offered {
    /// They are being asked for.
    Asking,
    /// They could not be had, and there are none from an earlier visit.
    NoSignal,
    /// These stand, or stood when there was signal last. There may be none.
    These(Vec<OfferPublished>),
}

impl Offered {
    /// The offers; none while they are not known.
    pub(super) fn all(&self) -> &[OfferPublished] {
        match self {
            Self::These(offers) => offers,
            Self::Asking | Self::NoSignal => &[],
        }
    }
}

/// Sends what waits, and tells what became of it.
#[derive(Clone, Copy)]
pub(super) struct Sender {
    store: StoredValue<Option<Rc<PublicStore>>, LocalStorage>,
    offers: RwSignal<Offered>,
    /// What forms are sealed to, once it is known.
    key: StoredValue<Option<SealingKey>, LocalStorage>,
    /// How many forms are being sent at this moment.
    pub(super) sending: RwSignal<u32>,
    /// The form that was confirmed last, and what became of it.
    pub(super) last: RwSignal<Option<(ReferralId, Outcome)>>,
}

impl Sender {
    /// A sender without a store yet.
    pub(super) fn begin(offers: RwSignal<Offered>) -> Self {
        Self {
            store: StoredValue::new_local(None),
            offers,
            key: StoredValue::new_local(None),
            sending: RwSignal::new(0),
            last: RwSignal::new(None),
        }
    }

    /// Shows the offer as it last came, fetches it anew, and sends what waits now and whenever there may
    /// be signal again.
    pub(super) fn start(self, store: Option<PublicStore>) {
        self.store.set_value(store.map(Rc::new));
        leptos::task::spawn_local(async move {
            // What waits is known before a page shows, and before the network is asked, which may take
            // long to say nothing.
            self.show_waiting().await;
            if let Some(store) = self.store.get_value()
                && let Ok(Some(body)) = store.offers().await
                && let Some(offers) = read_offers(&body)
            {
                self.offers.set(Offered::These(offers));
            }
            self.recall_key().await;
            // On a first visit nothing waits, and no form is filled in before there is a key to seal it to.
            let is_known = self.key.with_value(Option::is_some);
            if !is_known {
                self.find_key().await;
            }
            self.fetch_offers().await;
            self.send_waiting().await;
            if is_known {
                self.find_key().await;
            }
        });
        gloo::timers::callback::Interval::new(RETRY_MS, move || {
            leptos::task::spawn_local(self.send_waiting());
        })
        .forget();
        listen(&window(), "online", move || {
            leptos::task::spawn_local(self.send_waiting())
        });
        listen(&document(), "visibilitychange", move || {
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                leptos::task::spawn_local(self.send_waiting());
            }
        });
    }

    async fn fetch_offers(self) {
        if let Some((body, offers)) = fetched_offers().await {
            if let Some(store) = self.store.get_value() {
                // Keeping it is for the next visit; this one has it.
                let _ = store.keep_offers(&body).await;
            }
            let offers = Offered::These(offers);
            if self.offers.with_untracked(|known| *known != offers) {
                self.offers.set(offers);
            }
        } else if self
            .offers
            .with_untracked(|offers| *offers == Offered::Asking)
        {
            self.offers.set(Offered::NoSignal);
        }
    }

    /// The key as it was last known.
    async fn recall_key(self) {
        if let Some(store) = self.store.get_value() {
            self.key.set_value(store.sealing_key().await.ok().flatten());
        }
    }

    /// The key as the server has it now. It changes once in years; a form that was sealed to the one before
    /// still opens. What waits is sent first.
    async fn find_key(self) {
        let Ok(reply) = get(SEALING_KEY).await else {
            return;
        };
        let Ok(SealingKeyReply { key }) = reply.read() else {
            return;
        };
        self.key.set_value(Some(key));
        if let Some(store) = self.store.get_value() {
            // Keeping it is for the next visit; this one has it.
            let _ = store.keep_sealing_key(key).await;
        }
    }

    /// Asks for the offers once more, because somebody wants to see them.
    pub(super) fn ask_again(self) {
        self.offers.set(Offered::Asking);
        leptos::task::spawn_local(self.fetch_offers());
    }

    /// Sends what waits now, because somebody wants it to.
    pub(super) fn send_now(self) {
        leptos::task::spawn_local(self.send_waiting());
    }

    /// Keeps a confirmed form on the phone, sealed, then sends it. Where the phone keeps nothing, or cannot seal,
    /// it is sent at once, and if that fails the person is told and what they typed stays.
    ///
    /// # Errors
    /// See [`NotSent`].
    pub(super) async fn confirm(
        self,
        programme: ProgrammeId,
        form: &SelfReferral,
        signals: &Signals,
    ) -> Result<(), NotSent> {
        let plain = [encode_submission(form), encode_signals(signals)].concat();
        let queued = match self.seal(programme, form.referral, &plain).await {
            Some(queued) => queued,
            None => QueuedReferral {
                referral: form.referral,
                address: format!("{FORMS}programme={programme}"),
                body: plain,
            },
        };
        let kept = match self.store.get_value() {
            Some(store) if queued.is_sealed() => store.queue(&queued).await.is_ok(),
            _ => false,
        };
        self.last.set(Some((form.referral, Outcome::Waiting)));
        if kept {
            // It is safe on the phone. What becomes of it shows on the next page.
            leptos::task::spawn_local(async move {
                self.send(&queued).await;
            });
            return Ok(());
        }
        match self.send(&queued).await {
            Outcome::Received => Ok(()),
            Outcome::Refused => Err(NotSent::Refused),
            Outcome::Waiting => {
                self.last.set(None);
                Err(NotSent::NotKept)
            }
        }
    }

    async fn seal(
        self,
        programme: ProgrammeId,
        referral: ReferralId,
        plain: &[u8],
    ) -> Option<QueuedReferral> {
        let key = self.key.get_value()?;
        let place = sealed_place(programme, referral);
        let sealer = Sealer::start("/r").ok()?;
        let sealed = sealer.for_organisation(key, &place, plain).await.ok()?;
        Some(QueuedReferral {
            referral,
            address: format!("{SEALED_FORMS}programme={programme}"),
            body: encode_sealed(&SealedForm { referral, sealed }),
        })
    }

    async fn queued(self) -> Vec<QueuedReferral> {
        match self.store.get_value() {
            Some(store) => store.queued().await.unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Tells of a form that was confirmed on an earlier visit, if none was on this one.
    async fn show_waiting(self) {
        let queued = self.queued().await;
        if let Some(queued) = queued.first()
            && self.last.with_untracked(Option::is_none)
        {
            self.last.set(Some((queued.referral, Outcome::Waiting)));
        }
    }

    async fn send_waiting(self) {
        self.show_waiting().await;
        for queued in self.queued().await {
            self.send(&queued).await;
        }
    }

    /// Sends one form. It leaves the phone only when the server echoes its number in our media type, or
    /// says that it will never take it; lying there would then help nobody.
    async fn send(self, queued: &QueuedReferral) -> Outcome {
        self.sending.update(|sending| *sending += 1);
        let mut body = queued.body.clone();
        if let Some(proof) = prove(queued).await {
            let proof = Some(proof);
            body.extend(encode_signals(&Signals {
                proof,
                ..Signals::default()
            }));
        }
        let reply = post(&queued.address, &body).await;
        self.sending.update(|sending| *sending -= 1);
        let outcome = outcome(queued.referral, reply.ok());
        if outcome.is_final()
            && let Some(store) = self.store.get_value()
        {
            // If deleting fails the form is sent again later, which the server takes as the same one.
            let _ = store.sent(queued.referral).await;
        }
        if self
            .last
            .with_untracked(|last| last.is_some_and(|(referral, _)| referral == queued.referral))
        {
            self.last.set(Some((queued.referral, outcome)));
        }
        outcome
    }
}

/// Does the sum that the server asks for, a little at a time. Without it, because there is no signal or
/// the phone is too slow, the form is sent all the same.
async fn prove(queued: &QueuedReferral) -> Option<Proof> {
    let (_, query) = queued.address.split_once('?')?;
    let address = format!("{CHALLENGES}{query}");
    let challenge = get(&address).await.ok()?.read::<Challenge>().ok()?;
    let mut solver = Solver::begin(challenge, queued.referral)?;
    let began = now().0;
    // A clock that is set back, or ahead, ends it sooner and not later.
    while now().0.abs_diff(began) < SOLVING_MS_MAX {
        let slice = now().0;
        while now().0.abs_diff(slice) < SLICE_MS {
            if let Some(proof) = solver.step(TRIES) {
                return Some(proof);
            }
        }
        gloo::timers::future::TimeoutFuture::new(0).await;
    }
    None
}

/// The offers as the server has them now, with the bytes that they came in.
async fn fetched_offers() -> Option<(Vec<u8>, Vec<OfferPublished>)> {
    let reply = get(OFFERS).await.ok()?;
    // Only what our server says in our media type.
    reply.read::<PullReply>().ok()?;
    let offers = read_offers(&reply.body)?;
    Some((reply.body, offers))
}

impl QueuedReferral {
    /// Whether only the organisation can read it. One that a version before this one kept is not.
    fn is_sealed(&self) -> bool {
        self.address.starts_with(SEALED_FORMS)
    }
}

fn read_offers(body: &[u8]) -> Option<Vec<OfferPublished>> {
    let reply = PullReply::from_bytes(body).ok()?;
    let mut offers = Offers::default();
    for (stamp, supersedes, offer) in reply.events.iter().filter_map(read_published) {
        offers.insert(stamp, &supersedes, offer);
    }
    Some(offers.all().cloned().collect())
}
