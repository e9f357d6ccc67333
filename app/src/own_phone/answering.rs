//! Where somebody is in the questions of their link, what is kept of it, and sending it off.

use std::rc::Rc;

use futures::lock::Mutex;
use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::handover::Form;
use wellfield_core::ids::ResponseId;
use wellfield_core::language::Language;
use wellfield_core::measures::Mode;
use wellfield_core::own_phone::{
    AskedBy, Kept, Link, PhoneAnswers, SealedAnswers, SignedLink, answers_place, decode_answers,
    delivered, encode_answers,
};
use wellfield_core::referral::Outcome;
use wellfield_core::sync::SealingKeyReply;
use wellfield_core::vault::SealingKey;

use crate::platform::{document, listen, local, now, random_u64, today, window};
use crate::sealing::Sealer;
use crate::storage::AnswerStore;
use crate::sync::{get, post};
use crate::working::NoWork;

/// Where answers go.
const ANSWERS: &str = "/v1/answers";

/// Where sealed answers go.
const SEALED_ANSWERS: &str = "/v1/sealed-answers";

/// Where the key is that answers are sealed to.
const SEALING_KEY: &str = "/v1/sealing-key";

/// Answers that wait are tried again this often while the page is open, in milliseconds.
const RETRY_MS: u32 = 60_000;

/// How a link stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is not known yet whether it was begun before.
    Opening,
    /// The address holds no whole link, or one that asks nothing that is known here.
    NoLink,
    /// Its last day was this one.
    Over(Date),
    /// Nobody said yet who answers.
    Welcome,
    /// The questions, and the page after the last.
    Asking,
    /// The answers are kept on this phone and not known to be at the server.
    Waiting,
    /// The answers could be neither kept on this phone nor sent. They are still here.
    NotSent,
    /// The server has them.
    Sent,
    /// The server does not take them, however often they are sent.
    Refused,
}

/// The questions of one link.
#[derive(Clone, Copy)]
pub(super) struct Answering {
    store: StoredValue<Option<Rc<AnswerStore>>, LocalStorage>,
    /// What seals, once there was something to seal.
    sealer: StoredValue<Option<Rc<Sealer>>, LocalStorage>,
    /// It is asked one thing at a time.
    turn: StoredValue<Rc<Mutex<()>>, LocalStorage>,
    /// What answers are sealed to, once it is known.
    key: StoredValue<Option<SealingKey>, LocalStorage>,
    link: RwSignal<Option<SignedLink>>,
    /// How it stands.
    pub(super) stage: RwSignal<Stage>,
    /// The answers so far.
    pub(super) form: RwSignal<Option<Form>>,
    /// How many sets of answers are being sent at this moment.
    pub(super) sending: RwSignal<u32>,
}

impl Answering {
    /// Reads the link of the address, and sends what waits now and whenever there may be signal again.
    pub(super) fn begin() -> Self {
        let this = Self {
            store: StoredValue::new_local(None),
            sealer: StoredValue::new_local(None),
            turn: StoredValue::new_local(Rc::default()),
            key: StoredValue::new_local(None),
            link: RwSignal::new(None),
            stage: RwSignal::new(Stage::Opening),
            form: RwSignal::new(None),
            sending: RwSignal::new(0),
        };
        leptos::task::spawn_local(async move {
            // Without storage the questions can still be answered where there is signal.
            this.store
                .set_value(AnswerStore::open().await.ok().map(Rc::new));
            this.open().await;
            this.find_key().await;
            this.send_waiting().await;
        });
        let again = move || leptos::task::spawn_local(this.send_waiting());
        gloo::timers::callback::Interval::new(RETRY_MS, again).forget();
        listen(&window(), "online", again);
        listen(&document(), "visibilitychange", move || {
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                again();
            }
        });
        listen(&window(), "hashchange", move || {
            leptos::task::spawn_local(this.open());
        });
        this
    }

    /// Shows where the link of the address stands.
    async fn open(self) {
        let hash = window().location().hash().unwrap_or_default();
        let link = SignedLink::from_text(hash.trim_start_matches('#')).ok();
        self.link.set(link.clone());
        self.form.set(None);
        let Some(link) = link else {
            return self.stage.set(Stage::NoLink);
        };
        let kept = match self.store.get_value() {
            Some(store) => store.kept(&link.tag()).await.ok().flatten(),
            None => None,
        };
        let stage = match kept {
            Some(Kept::Sent) => Stage::Sent,
            Some(Kept::Refused) => Stage::Refused,
            Some(
                Kept::Waiting(_)
                | Kept::Readable {
                    is_finished: true, ..
                },
            ) => Stage::Waiting,
            _ if link.claims().is_over(today()) => Stage::Over(link.claims().until()),
            Some(Kept::UnderWay(sealed)) => match self.opened(&link, &sealed).await {
                Some(answers) => self.go_on(answers),
                // What does not open is as good as not there.
                None => Stage::Welcome,
            },
            Some(Kept::Readable { answers, .. }) => self.go_on(*answers),
            None if begun(&link, Mode::Alone, Language::English).is_none() => Stage::NoLink,
            None => Stage::Welcome,
        };
        self.stage.set(stage);
    }

    fn go_on(self, answers: PhoneAnswers) -> Stage {
        self.form.set(Some(answers.form));
        Stage::Asking
    }

    /// What seals; nothing where it cannot be had.
    fn sealer(self) -> Option<Rc<Sealer>> {
        if self.sealer.with_value(Option::is_none) {
            self.sealer.set_value(Sealer::start("/a").ok().map(Rc::new));
        }
        self.sealer.get_value()
    }

    /// What the sealer made. One that failed is not asked again, because each time would cost its patience: the next
    /// thing to seal starts another.
    fn done(self, made: Result<Vec<u8>, NoWork>) -> Option<Vec<u8>> {
        if made.is_err() {
            self.sealer.set_value(None);
        }
        made.ok()
    }

    /// Opens what was sealed with a link.
    async fn opened(self, link: &SignedLink, sealed: &[u8]) -> Option<PhoneAnswers> {
        let sealer = self.sealer()?;
        let turn = self.turn.get_value();
        let _turn = turn.lock().await;
        let opened = self.done(sealer.open_with_link(link.secret(), sealed).await)?;
        let answers = decode_answers(&opened).ok()?;
        (answers.link == *link).then_some(answers)
    }

    /// The key that answers are sealed to: as it was last known, or as the server has it.
    async fn find_key(self) {
        let Some(store) = self.store.get_value() else {
            return;
        };
        let known = store.sealing_key().await.ok().flatten();
        self.key.set_value(known);
        let Ok(reply) = get(SEALING_KEY).await else {
            return;
        };
        let Ok(SealingKeyReply { key }) = reply.read() else {
            return;
        };
        self.key.set_value(Some(key));
        if known != Some(key) {
            // Keeping it is for when there is no signal; now there is.
            let _ = store.keep_sealing_key(key).await;
        }
    }

    /// How many questions the link asks.
    pub(super) fn questions(self) -> usize {
        self.link
            .with_untracked(|link| {
                let form = begun(link.as_ref()?, Mode::Alone, Language::English)?;
                Some(form.questions())
            })
            .unwrap_or(0)
    }

    /// Who asks.
    pub(super) fn asked_by(self) -> Option<AskedBy> {
        self.link
            .with_untracked(|link| link.as_ref()?.claims().asked_by().cloned())
    }

    /// Whether it asks how a session was, and nothing about whoever answers.
    pub(super) fn is_pulse(self) -> bool {
        let is_pulse = |link: &SignedLink| matches!(link.claims(), Link::Pulse(_));
        self.link
            .with_untracked(|link| link.as_ref().is_some_and(is_pulse))
    }

    /// Begins, with whoever answers.
    pub(super) fn start(self, mode: Mode, language: Language) {
        let begun = self
            .link
            .with_untracked(|link| begun(link.as_ref()?, mode, language));
        let Some(form) = begun else {
            return self.stage.set(Stage::NoLink);
        };
        self.form.set(Some(form));
        self.change(|form| {
            form.start();
            true
        });
        self.stage.set(Stage::Asking);
    }

    /// Goes on in another language.
    pub(super) fn set_language(self, language: Language) {
        self.form.update_untracked(|form| {
            *form = form.take().map(|form| form.in_language(language));
        });
    }

    /// Changes the form by what was done on the page, if the page takes it. What is on screen next is on the
    /// phone's disk first, where the phone keeps anything.
    pub(super) fn change(self, done: impl FnOnce(&mut Form) -> bool) {
        let Some(mut form) = self.form.get_untracked() else {
            return;
        };
        let place = form.place();
        if !done(&mut form) {
            return;
        }
        leptos::task::spawn_local(async move {
            if let Some(answers) = self.answers(&form)
                && let Some(sealed) = self.sealed_with_link(&answers).await
            {
                self.keep(&answers, &Kept::UnderWay(sealed)).await;
            }
            // A tap that came meanwhile, on the same page, came first.
            let now = self
                .form
                .with_untracked(|now| now.as_ref().map(Form::place));
            if now == Some(place) {
                self.form.set(Some(form));
            }
        });
    }

    fn answers(self, form: &Form) -> Option<PhoneAnswers> {
        Some(PhoneAnswers {
            link: self.link.get_untracked()?,
            form: form.clone(),
            at: local(now()),
        })
    }

    async fn sealed_with_link(self, answers: &PhoneAnswers) -> Option<Vec<u8>> {
        let sealer = self.sealer()?;
        let turn = self.turn.get_value();
        let _turn = turn.lock().await;
        let plain = encode_answers(answers);
        self.done(sealer.with_link(answers.link.secret(), &plain).await)
    }

    async fn sealed_for_organisation(self, answers: &PhoneAnswers) -> Option<SealedAnswers> {
        let (key, sealer) = (self.key.get_value()?, self.sealer()?);
        let turn = self.turn.get_value();
        let _turn = turn.lock().await;
        let link = answers.link.tag();
        let plain = encode_answers(answers);
        let place = answers_place(&link);
        let sealed = self.done(sealer.for_organisation(key, &place, &plain).await)?;
        Some(SealedAnswers { link, sealed })
    }

    /// Keeps how far it came; whether this phone kept it.
    async fn keep(self, answers: &PhoneAnswers, kept: &Kept) -> bool {
        match self.store.get_value() {
            Some(store) => store.keep(&answers.link.tag(), kept).await.is_ok(),
            None => false,
        }
    }

    /// Sends the answers off. They are kept on the phone, sealed, until the server has them; where the phone keeps
    /// nothing, or cannot seal, they are sent at once, and stay on screen if that fails.
    pub(super) fn send(self) {
        let form = self.form.get_untracked();
        let Some(answers) = form.and_then(|form| self.answers(&form)) else {
            return;
        };
        leptos::task::spawn_local(async move {
            if let Some(sealed) = self.sealed_for_organisation(&answers).await
                && self.keep(&answers, &Kept::Waiting(sealed.clone())).await
            {
                self.stage.set(Stage::Waiting);
                self.deliver_sealed(&sealed).await;
            } else if self.deliver(&answers).await == Outcome::Waiting {
                self.stage.set(Stage::NotSent);
            }
        });
    }

    /// Sends what waits now, because somebody wants it to.
    pub(super) fn send_now(self) {
        if self.sending.get_untracked() == 0 {
            leptos::task::spawn_local(self.send_waiting());
        }
    }

    async fn send_waiting(self) {
        let waiting = match self.store.get_value() {
            Some(store) => store.waiting().await.unwrap_or_default(),
            None => Vec::new(),
        };
        for kept in waiting {
            match kept {
                Kept::Waiting(sealed) => {
                    self.deliver_sealed(&sealed).await;
                }
                Kept::Readable {
                    answers,
                    is_finished: true,
                } => {
                    self.deliver(&answers).await;
                }
                _ => {}
            }
        }
    }

    async fn deliver(self, answers: &PhoneAnswers) -> Outcome {
        let body = encode_answers(answers);
        self.hand_over(ANSWERS, answers.link.tag(), &body).await
    }

    async fn deliver_sealed(self, sealed: &SealedAnswers) -> Outcome {
        self.hand_over(SEALED_ANSWERS, sealed.link, &sealed.to_bytes())
            .await
    }

    /// Sends one set of answers. They leave the phone when the server echoes their link in our media type,
    /// or says that it will never take them.
    async fn hand_over(self, address: &str, link: [u8; 16], body: &[u8]) -> Outcome {
        self.sending.update(|sending| *sending += 1);
        let reply = post(address, body).await;
        self.sending.update(|sending| *sending -= 1);
        let outcome = delivered(&link, reply.ok());
        let Some(left) = Kept::after(outcome) else {
            return outcome;
        };
        let stage = match left {
            Kept::Refused => Stage::Refused,
            _ => Stage::Sent,
        };
        if let Some(store) = self.store.get_value() {
            // If this fails they are sent again later, which the server takes as the same.
            let _ = store.keep(&link, &left).await;
        }
        let is_shown = self
            .link
            .with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.tag() == link));
        if is_shown {
            self.form.set(None);
            self.stage.set(stage);
        }
        outcome
    }
}

/// The form of a link from the beginning, with a number that this phone drew.
fn begun(link: &SignedLink, mode: Mode, language: Language) -> Option<Form> {
    link.begin(mode, language, ResponseId(random_u64()))
}
