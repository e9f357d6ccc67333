//! What several screens do alike: find the session or person in the address, save and go on.

use core::str::FromStr;

use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use wellfield_core::event::Draft;
use wellfield_core::ids::{
    AccidentId, ChangeId, ConcernId, DeviceId, PersonId, ProgrammeId, ReferralId, SessionId,
};
use wellfield_core::programme::SessionPlanned;
use wellfield_core::records::{Delivery, Records};

use crate::storage::StoreError;
use crate::tablet::Tablet;

/// Where a screen is: the tablet and the programme on it.
#[derive(Clone, Copy)]
pub struct Here {
    /// This tablet.
    pub tablet: Tablet,
    /// The programme on it.
    pub programme: ProgrammeId,
    problem: RwSignal<Option<StoreError>>,
    saving: StoredValue<bool>,
}

/// Decides what to save, given the records as they are then; nothing if there is nothing to change.
type Decide = Box<dyn FnOnce(&Records) -> Vec<Draft>>;

impl Here {
    /// Finds out where a screen is. Before the first pull there is a programme without records.
    pub fn find() -> Self {
        let tablet: Tablet = expect_context();
        let programme = tablet.identity.with_untracked(|identity| {
            identity
                .as_ref()
                .and_then(|identity| identity.programmes.first().copied())
        });
        let problem: RwSignal<Option<StoreError>> = expect_context();
        Self {
            tablet,
            programme: programme.unwrap_or(ProgrammeId(0)),
            problem,
            saving: StoredValue::new(false),
        }
    }

    /// Reads something of the programme, and again whenever records change.
    pub fn with<T>(self, read: impl FnOnce(&Delivery) -> T) -> Option<T> {
        self.tablet
            .records
            .with(|records| records.delivery(self.programme).map(read))
    }

    /// Reads something of one person, and again whenever records of that person change.
    pub fn with_person<T>(self, person: PersonId, read: impl FnOnce(&Delivery) -> T) -> Option<T> {
        self.tablet
            .with_person(person, |records| records.delivery(self.programme).map(read))
    }

    /// Reads something of the programme as it is now.
    pub fn with_now<T>(self, read: impl FnOnce(&Delivery) -> T) -> Option<T> {
        self.tablet
            .records
            .with_untracked(|records| records.delivery(self.programme).map(read))
    }

    /// The plan of the session in the address, if this tablet has it.
    pub fn session_plan(self) -> Option<SessionPlanned> {
        let session = session_param()?;
        self.with_now(|delivery| delivery.session(session).cloned())
            .flatten()
    }

    /// The number of this device; `None` where it has not joined.
    pub fn device(self) -> Option<DeviceId> {
        self.tablet
            .identity
            .with_untracked(|identity| identity.as_ref().map(|identity| identity.device))
    }

    /// Saves a form, then goes on. If saving fails the screen stays as it is and says so. A second
    /// submission while the first is being saved does nothing.
    pub fn save_then(self, drafts: Vec<Draft>, then: impl FnOnce() + 'static) {
        if self.saving.get_value() {
            return;
        }
        self.saving.set_value(true);
        let work = async move |here: Self| {
            let save = async move |tablet: Tablet| tablet.save(drafts).await;
            let saved = here.tablet.in_turn(save).await;
            here.saving.try_set_value(false);
            saved
        };
        self.run(work, then);
    }

    /// Decides what to save when everything before it is saved, then saves it and stays. For taps that
    /// may come faster than the disk.
    pub fn save_with<E: 'static>(
        self,
        decide: impl FnOnce(&Records) -> Result<Vec<Draft>, E> + 'static,
    ) {
        self.save_decided(Box::new(move |records| {
            // There is nothing to change where it cannot be decided, which the screen shows already.
            decide(records).unwrap_or_default()
        }));
    }

    /// As [`Here::save_with`]; made once and not for each screen anew.
    fn save_decided(self, decide: Decide) {
        let work = async move |tablet: Tablet| {
            let drafts = tablet.records.with_untracked(decide);
            if drafts.is_empty() {
                return Ok(());
            }
            tablet.save(drafts).await
        };
        self.run(
            async move |here: Self| here.tablet.in_turn(work).await,
            || {},
        );
    }

    /// Does something with the store, then goes on; says so if it fails.
    pub fn run(
        self,
        work: impl AsyncFnOnce(Self) -> Result<(), StoreError> + 'static,
        then: impl FnOnce() + 'static,
    ) {
        self.run_boxed(Box::pin(work(self)), Box::new(then));
    }

    /// As [`Here::run`]; made once and not for each screen anew.
    fn run_boxed(
        self,
        work: LocalBoxFuture<'static, Result<(), StoreError>>,
        then: Box<dyn FnOnce()>,
    ) {
        leptos::task::spawn_local(async move {
            match work.await {
                Ok(()) => {
                    self.problem.try_set(None);
                    then();
                }
                Err(error) => {
                    self.problem.try_set(Some(error));
                }
            }
        });
    }
}

fn param<T: FromStr>(name: &'static str) -> Option<T> {
    use_params_map().with_untracked(|params| params.get(name)?.parse().ok())
}

/// The session in the address.
pub fn session_param() -> Option<SessionId> {
    param("session")
}

/// The person in the address.
pub fn person_param() -> Option<PersonId> {
    param("person")
}

/// The safeguarding concern in the address.
pub fn concern_param() -> Option<ConcernId> {
    param("concern")
}

/// The accident in the address.
pub fn accident_param() -> Option<AccidentId> {
    param("accident")
}

/// The device in the address.
pub fn device_param() -> Option<DeviceId> {
    param("device").map(DeviceId)
}

/// What came of feedback, in the address.
pub fn change_param() -> Option<ChangeId> {
    param("change")
}

/// The referral in the address.
pub fn referral_param() -> Option<ReferralId> {
    param("referral")
}

/// A number in the address.
pub fn code_param(name: &'static str) -> Option<u8> {
    param(name)
}

/// Goes to another screen of the app.
pub fn go_to() -> impl Fn(String) + Clone + 'static {
    let navigate = use_navigate();
    // The addresses are whole; resolving them would put the base in front a second time.
    move |address| {
        navigate(
            &address,
            NavigateOptions {
                resolve: false,
                ..NavigateOptions::default()
            },
        )
    }
}
