//! Where somebody is in the questions of their link, what is kept of it, and sending it off.

use std::rc::Rc;

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::handover::Form;
use wellfield_core::ids::ResponseId;
use wellfield_core::language::Language;
use wellfield_core::measures::Mode;
use wellfield_core::own_phone::{
    AskedBy, Kept, Link, PhoneAnswers, SignedLink, delivered, encode_answers,
};
use wellfield_core::referral::Outcome;

use crate::platform::{document, listen, local, now, random_u64, today, window};
use crate::storage::AnswerStore;
use crate::sync::post;

/// Where answers go.
const ANSWERS: &str = "/v1/answers";

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
            Some(store) => store.kept(&link).await.ok().flatten(),
            None => None,
        };
        let stage = match kept {
            Some(Kept::Sent) => Stage::Sent,
            Some(Kept::Refused) => Stage::Refused,
            Some(Kept::Waiting(answers)) => {
                self.form.set(Some(answers.form));
                Stage::Waiting
            }
            _ if link.claims().is_over(today()) => Stage::Over(link.claims().until()),
            Some(Kept::UnderWay(answers)) => {
                self.form.set(Some(answers.form));
                Stage::Asking
            }
            None if begun(&link, Mode::Alone, Language::English).is_none() => Stage::NoLink,
            None => Stage::Welcome,
        };
        self.stage.set(stage);
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
            if let Some(answers) = self.answers(&form) {
                let _ = self.keep(&Kept::UnderWay(answers)).await;
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

    /// Keeps how far it came; whether this phone kept it.
    async fn keep(self, kept: &Kept) -> bool {
        let link = match kept {
            Kept::UnderWay(answers) | Kept::Waiting(answers) => Some(answers.link.clone()),
            Kept::Sent | Kept::Refused => self.link.get_untracked(),
        };
        match (self.store.get_value(), link) {
            (Some(store), Some(link)) => store.keep(&link, kept).await.is_ok(),
            _ => false,
        }
    }

    /// Sends the answers off. They are kept on the phone until the server has them; where the phone keeps
    /// nothing they are sent at once, and stay on screen if that fails.
    pub(super) fn send(self) {
        let form = self.form.get_untracked();
        let Some(answers) = form.and_then(|form| self.answers(&form)) else {
            return;
        };
        leptos::task::spawn_local(async move {
            let kept = self.keep(&Kept::Waiting(answers.clone())).await;
            if kept {
                self.stage.set(Stage::Waiting);
            }
            let sent = self.deliver(&answers).await;
            if !kept && sent == Outcome::Waiting {
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
        for answers in waiting {
            self.deliver(&answers).await;
        }
    }

    /// Sends one set of answers. They leave the phone when the server echoes their link in our media type,
    /// or says that it will never take them.
    async fn deliver(self, answers: &PhoneAnswers) -> Outcome {
        self.sending.update(|sending| *sending += 1);
        let reply = post(ANSWERS, &encode_answers(answers)).await;
        self.sending.update(|sending| *sending -= 1);
        let outcome = delivered(&answers.link, reply.ok());
        let Some(left) = Kept::after(outcome) else {
            return outcome;
        };
        let stage = match left {
            Kept::Refused => Stage::Refused,
            Kept::Sent | Kept::UnderWay(_) | Kept::Waiting(_) => Stage::Sent,
        };
        if let Some(store) = self.store.get_value() {
            // If this fails they are sent again later, which the server takes as the same.
            let _ = store.keep(&answers.link, &left).await;
        }
        let is_shown = self
            .link
            .with_untracked(|link| link.as_ref() == Some(&answers.link));
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
