//! Setting up a device: the code, its name, who uses it, and the code that ends a hand-over.

mod taken_out;

pub use taken_out::TakenOut;

use leptos::prelude::*;
use wellfield_core::handover::{PinError, PinLatch};
use wellfield_core::ids::{DeviceId, StaffId};
use wellfield_core::staff::{DeviceEnrolled, introduce};
use wellfield_core::sync::{EnrolReply, EnrolRequest, Message, Problem, ProblemReply};
use wellfield_core::text::Line;
use wellfield_core::vault::{DataKey, KeySlot, Lock, RecoveryCode, SlotId, SlotSecret, Stretching};

use crate::platform::{ask_to_persist, nfc, random_bytes, random_u64};
use crate::shell::BrandHeader;
use crate::signing::KeyPair;
use crate::storage::{Identity, StoreError};
use crate::stretching::{NotStretched, stretched_anew};
use crate::sync::post;
use crate::tablet::Tablet;
use crate::ui::{ErrorSummary, FieldErrors, Page, TextField};
use crate::unlock::{ChosenWords, NewWords, PrintedSheet};
use crate::wording::{Words, words};

#[derive(Clone, Copy)]
struct Fields {
    code: RwSignal<String>,
    device_name: RwSignal<String>,
    staff_name: RwSignal<String>,
    pin: RwSignal<String>,
    errors: FieldErrors,
    /// Drawn once, so that a repeated request is one enrolment.
    staff: StaffId,
}

/// What was typed, checked.
#[derive(Clone)]
struct Checked {
    device_name: Line,
    staff_name: Line,
    pin: PinLatch,
}

/// The first screen of a device that does not belong to a programme yet.
#[component]
pub fn Enrol() -> impl IntoView {
    let w = words();
    let problem: RwSignal<Option<StoreError>> = expect_context();
    let fields = Fields {
        code: RwSignal::new(String::new()),
        device_name: RwSignal::new(String::new()),
        staff_name: RwSignal::new(String::new()),
        pin: RwSignal::new(String::new()),
        errors: RwSignal::new(Vec::new()),
        staff: StaffId(random_u64()),
    };
    // The second step: words and the sheet. What was typed before stays.
    let checked = RwSignal::new_local(None::<Checked>);
    // One of each: somebody may have printed them before the server refused the code.
    let (chosen, sheet) = (ChosenWords::begin(), RecoveryCode::new(random_bytes()));
    let sheet = StoredValue::new_local(sheet);
    let next = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(right) = check(fields, w) {
            checked.set(Some(right));
        }
    };
    let refused = Callback::new(move |failed| {
        checked.set(None);
        match failed {
            Failed::Refused(text) => fields.errors.set(vec![("code", text(w))]),
            Failed::NotSaved(error) => problem.set(Some(error)),
        }
    });
    view! {
        <div class="app-layout">
            <BrandHeader/>
            {move || match checked.get() {
                Some(checked) => view! { <KeepSafe fields checked chosen sheet=sheet.get_value() refused/> }.into_any(),
                None => view! { <WhoAndWhere fields next=Callback::new(next)/> }.into_any(),
            }}
        </div>
    }
}

/// The code, the device's name, who uses it, and their PIN.
#[component]
fn WhoAndWhere(fields: Fields, next: Callback<leptos::ev::SubmitEvent>) -> impl IntoView {
    let w = words();
    view! {
        <Page title=w.enrol_title() narrow=true>
            <ErrorSummary errors=fields.errors/>
            <p class="govuk-body">{w.enrol_intro()}</p>
            <form on:submit=move |event| next.run(event) novalidate>
                <TextField id="code" label=w.enrol_code() hint=w.enrol_code_hint() value=fields.code errors=fields.errors/>
                <TextField id="device" label=w.enrol_device() hint=w.enrol_device_hint() value=fields.device_name errors=fields.errors/>
                <TextField id="staff" label=w.enrol_staff() hint=w.enrol_staff_hint() value=fields.staff_name errors=fields.errors autocomplete="name"/>
                <TextField id="pin" label=w.enrol_pin() hint=w.enrol_pin_hint() value=fields.pin errors=fields.errors inputmode="numeric" autocomplete="off"/>
                <button type="submit" class="govuk-button">{w.action_continue()}</button>
            </form>
        </Page>
    }
}

/// The words that open the tablet, and the sheet for when they are forgotten. Nothing was asked of the
/// server and nothing is kept before both are there.
#[component]
fn KeepSafe(
    fields: Fields,
    checked: Checked,
    chosen: ChosenWords,
    sheet: RecoveryCode,
    refused: Callback<Failed>,
) -> impl IntoView {
    let w = words();
    let tablet: Tablet = expect_context();
    let shown = sheet.clone();
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = match chosen.check(w) {
            Ok(words) => words,
            Err(error) => return errors.set(vec![error]),
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (checked, sheet) = (checked.clone(), sheet.clone());
        leptos::task::spawn_local(async move {
            match stretched_anew(&words).await {
                Ok(stretched) => {
                    let secrets = (SlotSecret::Passphrase(stretched), sheet);
                    if let Err(failed) = enrol(tablet, fields, checked, secrets).await {
                        refused.run(failed);
                    }
                }
                // Before the browser has kept the app, what makes the keys is fetched too.
                Err(NotStretched::NotFetched) => {
                    refused.run(Failed::Refused(|w| w.enrol_no_signal().to_owned()));
                }
                Err(NotStretched::NoAnswer) => {
                    errors.set(vec![("passphrase", w.lead_not_tried().to_owned())]);
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <Page title=w.lock_keep_safe() narrow=true>
            <ErrorSummary errors/>
            <form on:submit=submit novalidate autocomplete="off">
                <NewWords chosen text=w.lock_words_text() errors/>
                <PrintedSheet code=shown text=w.lock_sheet_text()/>
                <button type="submit" class="govuk-button" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { w.enrol_busy() } else { w.enrol_submit() }}
                </button>
            </form>
        </Page>
    }
}

fn check(fields: Fields, w: Words) -> Option<Checked> {
    let mut errors = Vec::new();
    if fields.code.with_untracked(|code| code.trim().is_empty()) {
        errors.push(("code", w.enrol_code_missing().to_owned()));
    }
    let device_name = fields
        .device_name
        .with_untracked(|typed| Line::typed(typed, nfc));
    if device_name.is_err() {
        errors.push(("device", w.enrol_device_missing().to_owned()));
    }
    let staff_name = fields
        .staff_name
        .with_untracked(|typed| Line::typed(typed, nfc));
    if staff_name.is_err() {
        errors.push(("staff", w.enrol_staff_missing().to_owned()));
    }
    let pin = fields
        .pin
        .with_untracked(|typed| PinLatch::set(typed, random_bytes()));
    if let Err(error) = &pin {
        errors.push(("pin", pin_error(w, *error).to_owned()));
    }
    fields.errors.set(errors);
    Some(Checked {
        device_name: device_name.ok()?,
        staff_name: staff_name.ok()?,
        pin: pin.ok()?,
    })
    .filter(|_| fields.errors.with_untracked(Vec::is_empty))
}

/// What is wrong with a code that ends a hand-over.
pub fn pin_error(w: Words, error: PinError) -> &'static str {
    match error {
        PinError::WrongLength => w.enrol_pin_length(),
        PinError::NotDigits => w.enrol_pin_digits(),
    }
}

enum Failed {
    Refused(fn(Words) -> String),
    NotSaved(StoreError),
}

async fn enrol(
    tablet: Tablet,
    fields: Fields,
    checked: Checked,
    (words, sheet): (SlotSecret, RecoveryCode),
) -> Result<(), Failed> {
    let no_key = || Failed::NotSaved(StoreError::Unavailable);
    let pair = KeyPair::new().await.ok_or_else(no_key)?;
    let request = EnrolRequest {
        public_key: pair.public_key().await,
        code: fields.code.get_untracked(),
        device_name: checked.device_name.to_string(),
        staff_name: checked.staff_name.to_string(),
        staff: fields.staff,
    };
    let reply = post("/v1/enrol", &request.to_bytes())
        .await
        .map_err(|_| Failed::Refused(|w| w.enrol_no_signal().to_owned()))?
        .read::<EnrolReply>()
        .map_err(|problem| Failed::Refused(refusal(problem)))?;
    let introduction = DeviceEnrolled {
        device_name: checked.device_name,
        staff: fields.staff,
        staff_name: checked.staff_name,
        role: reply.role,
    };
    let introductions = reply
        .programmes
        .iter()
        .map(|programme| introduce(*programme, introduction.clone()))
        .collect();
    let identity = Identity {
        device: reply.device,
        token: reply.token,
        role: reply.role,
        programmes: reply.programmes,
        device_name: introduction.device_name.to_string(),
        staff: fields.staff,
        staff_name: introduction.staff_name.to_string(),
        pin: checked.pin,
    };
    let key = DataKey::new(random_bytes());
    let slot = SlotId(random_u64());
    let lock = lock_of(reply.device, &key, slot, &words, sheet);
    tablet
        .enrol(identity, introductions, (&lock, slot, &key), &pair)
        .await
        .map_err(Failed::NotSaved)?;
    // Asked last, because a browser may put the question to the person and wait. The settings page shows
    // the answer.
    let _ = ask_to_persist().await;
    Ok(())
}

/// The lock of a new tablet: the words of whoever sets it up, and the sheet.
fn lock_of(
    device: DeviceId,
    key: &DataKey,
    slot: SlotId,
    words: &SlotSecret,
    sheet: RecoveryCode,
) -> Lock {
    let (stretching, salt) = match words {
        SlotSecret::Passphrase(stretched) => stretched.made_with(),
        SlotSecret::Recovery(_) | SlotSecret::Passkey(_) => (Stretching::FLOOR, random_bytes()),
    };
    let mut lock = Lock::new(device, salt, stretching);
    let sheet = SlotSecret::Recovery(sheet);
    for (id, secret) in [(slot, words), (SlotId(random_u64()), &sheet)] {
        let slot = KeySlot::new(device, key, secret, random_bytes(), random_bytes());
        // Two are not too many.
        let _ = lock.put(id, slot);
    }
    lock
}

fn refusal(problem: Option<ProblemReply>) -> fn(Words) -> String {
    match problem.map(|problem| problem.problem) {
        Some(Problem::WrongCode) => |w| w.enrol_wrong_code().to_owned(),
        Some(Problem::SpentCode) => |w| w.enrol_spent_code().to_owned(),
        Some(Problem::TooManyTries) => |w| w.enrol_too_many_tries().to_owned(),
        Some(_) => |w| w.enrol_server_trouble().to_owned(),
        None => |w| w.enrol_not_our_server().to_owned(),
    }
}
