//! What the server set aside: each record beside what the register says, one choice, undo.

use leptos::prelude::*;
use wellfield_core::access::Role;
use wellfield_core::event::decode_event;
use wellfield_core::ids::{EventId, ProgrammeId};
use wellfield_core::records::{Delivery, Records};
use wellfield_core::set_aside::{
    Choice, Item, Row, WayBack, may_be_taken_in, rows, settle_set_aside, take_decision_back,
    takeable, what_stands,
};
use wellfield_core::stream::Stream;
use wellfield_core::sync::{DeviceState, QuarantinedEvent};

use super::record::{
    Said, by_words, chosen_notice, device_words, outcome_words, register_says, said_by_bytes,
};
use crate::coordinator::{Asked, Trouble, ask_for_devices};
use crate::screen::Here;
use crate::ui::{Icon, focus_heading};
use crate::wording::{Moments, Words, words};

/// A record that was set aside, as it is shown.
#[derive(Clone, PartialEq)]
struct Case {
    event: EventId,
    bytes: Option<Vec<u8>>,
    says: Said,
    /// When it was recorded, by whom and on which device, as far as that is known.
    by: String,
    /// Why the server set it aside.
    why: Option<&'static str>,
    /// What the register says of the same thing.
    now: Vec<Said>,
    may_use: bool,
    /// Whether using it cannot be undone.
    for_good: bool,
    /// Two coordinators decided differently.
    different: bool,
    taken_in: bool,
    /// When it was settled and by whom.
    settled: Option<String>,
}

impl Case {
    /// Whether the same is to be seen of it as before.
    fn key(&self) -> (EventId, Vec<Said>, bool, bool) {
        (self.event, self.now.clone(), self.different, self.for_good)
    }
}

/// A choice that was made on this visit.
#[derive(Clone, PartialEq)]
struct Made {
    event: EventId,
    what: String,
    choice: Choice,
    way_back: Option<WayBack>,
}

fn case(
    w: Words,
    (records, delivery, programme): (&Records, &Delivery, ProgrammeId),
    devices: &[DeviceState],
    row: &Row<'_>,
) -> Case {
    let bytes = row.bytes.unwrap_or_default();
    let event = decode_event(bytes).ok();
    let original = takeable(row.event, Stream::Delivery(programme), bytes).ok();
    let may_use = may_be_taken_in(row.event, programme, bytes);
    let way_back = original
        .as_ref()
        .and_then(|original| what_stands(records, programme, original));
    let said = said_by_bytes(w, delivery, bytes, event.as_ref());
    let device = devices
        .iter()
        .find(|state| state.device == row.event.device);
    let by = match &event {
        Some(event) => by_words(w, delivery, &event.stamp()),
        None => {
            let name = device.map(|state| format!("{} · {}", state.staff_name, state.name));
            name.unwrap_or_else(|| device_words(w, delivery, row.event.device))
        }
    };
    let arrived = row.told.map(|(_, at)| w.aside_arrived(&w.moment(at)));
    let parts = [Some(by), arrived].into_iter().flatten();
    Case {
        event: row.event,
        bytes: row.bytes.map(<[u8]>::to_vec),
        says: said,
        by: parts.collect::<Vec<_>>().join(" · "),
        why: row.told.map(|(outcome, _)| outcome_words(w, outcome)),
        now: event
            .as_ref()
            .map(|event| register_says(w, delivery, &event.body))
            .unwrap_or_default(),
        may_use,
        for_good: may_use && way_back.is_none(),
        different: row.standing.needs_choice(),
        taken_in: row.is_taken_in(),
        settled: row
            .is_settled()
            .then(|| row.standing.shown())
            .flatten()
            .map(|head| by_words(w, delivery, &head.stamp)),
    }
}

fn cases(
    w: Words,
    records: &Records,
    programme: ProgrammeId,
    devices: &[DeviceState],
    listed: &[QuarantinedEvent],
) -> Vec<Case> {
    let nothing = Delivery::default();
    let delivery = records.delivery(programme).unwrap_or(&nothing);
    let rows = rows(&delivery.set_aside, listed);
    let cases = rows
        .iter()
        .map(|row| case(w, (records, delivery, programme), devices, row));
    let mut cases: Vec<_> = cases.collect();
    let titles: Vec<_> = cases.iter().map(|case| case.says.title.clone()).collect();
    for case in &mut cases {
        // Two that are called alike are told apart by their places.
        let alike = titles.iter().filter(|title| **title == case.says.title);
        if alike.count() > 1 {
            let place = w.aside_place(&case.event.device, &case.event.n);
            case.says.title = format!("{} · {place}", case.says.title);
        }
    }
    cases
}

fn role(here: Here) -> Role {
    let identity = here.tablet.identity;
    identity.with_untracked(|identity| {
        identity
            .as_ref()
            .map_or(Role::Facilitator, |identity| identity.role)
    })
}

/// Everything that was set aside, for a coordinator. `waiting` is true while something waits for a
/// choice, or may do so.
#[component]
pub(super) fn SetAsideToCheck(waiting: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let asked: Asked = RwSignal::new(None);
    ask_for_devices(here, asked);
    let all = Memo::new(move |_| {
        asked.with(|asked| {
            let (devices, listed) = match asked {
                Some(Ok(reply)) => (&reply.devices[..], &reply.quarantined[..]),
                _ => (&[][..], &[][..]),
            };
            let records = here.tablet.records;
            records.with(|records| cases(w, records, here.programme, devices, listed))
        })
    });
    let open = move || {
        let mut open = all.get();
        open.retain(|case| case.settled.is_none());
        open
    };
    Effect::new(move |_| {
        let told = asked.with(|asked| matches!(asked, Some(Ok(_))));
        waiting.set(!told || !open().is_empty());
    });
    let made = RwSignal::new(Vec::<Made>::new());
    view! {
        {move || asking(here, asked)}
        <For each=open key=Case::key let:case>{one_case(here, case, made)}</For>
        {move || made_notices(here, all, made)}
        {move || settled_list(here, all, made)}
    }
}

/// That the server is being asked, or why it did not say; nothing once it did.
fn asking(here: Here, asked: Asked) -> Option<AnyView> {
    let w = words();
    let trouble =
        match asked.with(|asked| asked.as_ref().map(|asked| asked.as_ref().err().copied())) {
            None => {
                let waiting = view! { <p class="govuk-body" role="status">{w.aside_asking()}</p> };
                return Some(waiting.into_any());
            }
            Some(trouble) => trouble?,
        };
    let text = match trouble {
        Trouble::NoSignal => w.aside_no_signal(),
        Trouble::Refused => w.aside_refused(),
    };
    let again = move |_| {
        focus_heading();
        asked.set(None);
        ask_for_devices(here, asked);
    };
    let told = view! {
        <div class="app-notice app-notice--warn" role="alert">
            <Icon name="no-signal"/>
            <div class="app-notice__body">
                <p>{text}</p>
                <button type="button" class="govuk-button govuk-button--secondary" on:click=again>{w.action_try_again()}</button>
            </div>
        </div>
    };
    Some(told.into_any())
}

/// Makes a choice, and keeps the way back for this visit.
fn choose(here: Here, case: &Case, choice: Choice, made: RwSignal<Vec<Made>>) {
    // The button goes, and the focus with it.
    focus_heading();
    let (event, programme, role) = (case.event, here.programme, role(here));
    let bytes = case.bytes.clone();
    let original = takeable(
        event,
        Stream::Delivery(programme),
        bytes.as_deref().unwrap_or_default(),
    );
    let records = here.tablet.records;
    let way_back = original.ok().and_then(|original| {
        records.with_untracked(|records| what_stands(records, programme, &original))
    });
    let what = case.says.title.clone();
    made.update(|all| {
        all.retain(|one| one.event != event);
        all.push(Made {
            event,
            what,
            choice,
            way_back,
        });
    });
    here.save_with(move |records| {
        let item = Item {
            event,
            bytes: bytes.as_deref(),
        };
        settle_set_aside(records, programme, role, item, choice)
    });
}

fn take_back(here: Here, event: EventId, way_back: Option<WayBack>) {
    focus_heading();
    let (programme, role) = (here.programme, role(here));
    here.save_with(move |records| {
        take_decision_back(records, programme, role, event, way_back.as_ref())
    });
}

/// A record, what the register says, and the choice.
fn one_case(here: Here, case: Case, made: RwSignal<Vec<Made>>) -> AnyView {
    let w = words();
    let heading = format!("aside-{}", case.event);
    let labelled = heading.clone();
    let leave_out = {
        let case = case.clone();
        (!case.taken_in).then(|| {
            let whose = case.says.title.clone();
            view! {
                <button
                    type="button"
                    class="govuk-button govuk-button--secondary"
                    on:click=move |_| choose(here, &case, Choice::LeaveOut, made)
                >
                    <span>{w.aside_leave_out()}<span class="govuk-visually-hidden">": "{whose}</span></span>
                </button>
            }
        })
    };
    let different = case.different.then(|| {
        let on_register = case.taken_in.then(|| w.aside_on_register());
        view! { <p class="app-check__why">{w.aside_decided_differently()}" "{on_register}</p> }
    });
    let kept_apart = (!case.taken_in).then(|| w.aside_why());
    let why = case.why.map(|why| format!("{why}. "));
    let undo = (!case.for_good).then(|| w.aside_undo_here());
    view! {
        <section class="app-check" aria-labelledby=labelled>
            <h2 class="app-check__title" id=heading><Icon name="triangle-alert"/>{case.says.title.clone()}</h2>
            <p class="app-check__why">{why}{kept_apart}</p>
            {different}
            <div class="app-check__versions">
                <div class="app-check__version">
                    <h3 class="govuk-heading-s">{w.aside_says()}</h3>
                    {lines(&case.says.lines, w.aside_no_words())}
                    <p class="app-check__by">{case.by.clone()}</p>
                    {case.may_use.then(|| use_button(here, case.clone(), made))}
                </div>
                <div class="app-check__version">
                    <h3 class="govuk-heading-s">{w.aside_now()}</h3>
                    {register_now(w, &case.now)}
                    {leave_out}
                </div>
            </div>
            <p class="app-check__after">{undo}</p>
        </section>
    }
    .into_any()
}

/// The button that uses a record. Where that counts for good, the box above it has to be ticked first.
fn use_button(here: Here, case: Case, made: RwSignal<Vec<Made>>) -> AnyView {
    let w = words();
    let (for_good, whose) = (case.for_good, case.says.title.clone());
    let ticked = RwSignal::new(!for_good);
    let missing = RwSignal::new(false);
    let id = format!("sure-{}", case.event);
    let error = format!("{id}-error");
    let use_it = move |_| {
        if ticked.get_untracked() {
            choose(here, &case, Choice::TakeIn, made);
        } else {
            missing.set(true);
        }
    };
    let sure = for_good.then(|| {
        let (name, described) = (id.clone(), error.clone());
        let tick = move |event| {
            ticked.set(event_target_checked(&event));
            missing.set(false);
        };
        view! {
            <p>{w.aside_for_good()}</p>
            <div class="govuk-form-group" class=("govuk-form-group--error", move || missing.get())>
                <p class="govuk-error-message" id=error role="alert">{move || missing.get().then(|| w.aside_confirm_missing())}</p>
                <div class="govuk-checkboxes">
                    <div class="govuk-checkboxes__item">
                        <input class="govuk-checkboxes__input" id=id type="checkbox" aria-describedby=described on:change=tick/>
                        <label class="govuk-label govuk-checkboxes__label" for=name>{w.aside_confirm()}</label>
                    </div>
                </div>
            </div>
        }
    });
    view! {
        {sure}
        <button type="button" class="govuk-button govuk-button--secondary" on:click=use_it>
            <span>{w.aside_use()}<span class="govuk-visually-hidden">": "{whose}</span></span>
        </button>
    }
    .into_any()
}

/// What was said, the first line large; or what to say where there is nothing.
fn lines(said: &[String], nothing: &'static str) -> AnyView {
    let Some((first, rest)) = said.split_first() else {
        return view! { <p>{nothing}</p> }.into_any();
    };
    let rest = rest.iter().cloned();
    view! {
        <p class="app-check__value">{first.clone()}</p>
        {rest.map(|line| view! { <p>{line}</p> }).collect_view()}
    }
    .into_any()
}

fn register_now(w: Words, now: &[Said]) -> AnyView {
    if now.is_empty() {
        return lines(&[], w.aside_now_nothing());
    }
    let version = |said: &Said| {
        view! {
            {lines(&said.lines, w.aside_now_nothing())}
            <p class="app-check__by">{said.title.clone()}</p>
        }
    };
    now.iter().map(version).collect_view().into_any()
}

/// What was chosen on this visit and still stands.
fn made_notices(here: Here, all: Memo<Vec<Case>>, made: RwSignal<Vec<Made>>) -> AnyView {
    let w = words();
    let settled = |event: EventId| {
        all.with(|all| {
            all.iter()
                .any(|case| case.event == event && case.settled.is_some())
        })
    };
    let standing = made.get().into_iter().filter(|one| settled(one.event));
    let notice = |one: Made| {
        let text = match one.choice {
            Choice::TakeIn => w.aside_you_used(&one.what),
            Choice::LeaveOut => w.aside_you_left_out(&one.what),
        };
        let returns = one.choice == Choice::LeaveOut || one.way_back.is_some();
        let whose = one.what.clone();
        let undo = returns.then(|| -> Box<dyn Fn() + Send + Sync> {
            Box::new(move || {
                made.update(|all| all.retain(|other| *other != one));
                take_back(here, one.event, one.way_back.clone());
            })
        });
        chosen_notice(text, whose, undo)
    };
    standing.map(notice).collect_view().into_any()
}

/// What was decided before this visit, closed until somebody wants to read it.
fn settled_list(here: Here, all: Memo<Vec<Case>>, made: RwSignal<Vec<Made>>) -> Option<AnyView> {
    let w = words();
    let now = made.with(|made| made.iter().map(|one| one.event).collect::<Vec<_>>());
    let settled: Vec<_> = all.with(|all| {
        let earlier = all.iter().filter(|case| !now.contains(&case.event));
        earlier
            .filter_map(|case| Some((case.clone(), case.settled.clone()?)))
            .collect()
    });
    if settled.is_empty() {
        return None;
    }
    let count = settled.len() as u64;
    let line = |(case, by): (Case, String)| {
        let what = if case.taken_in {
            w.aside_used()
        } else {
            w.aside_left_out()
        };
        let event = case.event;
        let whose = case.says.title.clone();
        // What was left out is nowhere, so that any coordinator may look at it once more.
        let again = (!case.taken_in).then(|| {
            view! {
                <button
                    type="button"
                    class="govuk-button govuk-button--secondary"
                    on:click=move |_| take_back(here, event, None)
                >
                    <Icon name="undo"/>
                    {w.action_undo()}
                    <span class="govuk-visually-hidden">": "{whose}</span>
                </button>
            }
        });
        view! {
            <li>
                <span class="app-list__main">{case.says.title}<small>{format!("{what} · {by}")}</small></span>
                {again}
            </li>
        }
    };
    let list = view! {
        <details class="govuk-details">
            <summary class="govuk-details__summary">
                <span class="govuk-details__summary-text">{w.aside_decided(count)}</span>
            </summary>
            <ul class="app-list">{settled.into_iter().map(line).collect_view()}</ul>
        </details>
    };
    Some(list.into_any())
}
