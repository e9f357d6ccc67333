//! Writing down that a report was given out, and the list of those that were.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::disclosure::Issue;
use wellfield_core::evaluation::Period;
use wellfield_core::ids::ReportId;
use wellfield_core::reporting::{Given, ReportGivenOut, TooLarge, was_not_given_out};

use crate::platform::random_u64;
use crate::screen::Here;
use crate::ui::{ErrorSummary, FieldErrors, TextField, WrittenRow, WrittenTable, optional};
use crate::wording::{Words, words};

const TO_WHOM: &str = "to-whom";

/// A report that is on screen.
#[derive(Clone, PartialEq)]
pub(super) struct OnScreen {
    /// Its days.
    pub(super) period: Period,
    /// What it shows.
    pub(super) issue: Issue,
    /// The days of those that were given out and share some with it, which it is not held against.
    pub(super) beside: Vec<Period>,
}

/// Below a report: that it is given out, and the list of those that were. It is not printed.
#[component]
pub(super) fn GivenOutReports(
    /// The report on screen.
    report: Signal<OnScreen>,
) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let to_whom = RwSignal::new(String::new());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let is_kept = RwSignal::new(false);
    // Whoever looks at other days has another report before them.
    Effect::new(move |_| {
        report.track();
        is_kept.set(false);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut wrong = Vec::new();
        let reader = optional(w, &mut wrong, TO_WHOM, to_whom);
        if !wrong.is_empty() {
            return errors.set(wrong);
        }
        let shown = report.get_untracked();
        let given = Given {
            report: ReportId(random_u64()),
            period: shown.period,
            issue: &shown.issue,
            to_whom: reader,
            day: today.get_untracked(),
        };
        match given.draft(here.programme) {
            Ok(draft) => {
                errors.set(Vec::new());
                here.save_then(vec![draft], move || {
                    is_kept.try_set(true);
                    to_whom.try_set(String::new());
                });
            }
            Err(TooLarge) => errors.set(vec![(TO_WHOM, w.given_out_too_large().to_owned())]),
        }
    };
    let beside = move || {
        let beside = report.with(|report| report.beside.clone());
        (!beside.is_empty()).then(|| {
            let lines = beside
                .into_iter()
                .map(|period| view! { <li>{days(w, period)}</li> });
            view! {
                <div class="govuk-inset-text" role="status">
                    <p class="govuk-body">{w.given_out_beside()}</p>
                    <ul class="govuk-list govuk-list--bullet">{lines.collect_view()}</ul>
                </div>
            }
        })
    };
    view! {
        <section class="app-no-print" aria-labelledby="given-out">
            <h2 class="govuk-heading-m" id="given-out">{w.given_out_title()}</h2>
            <p class="govuk-body">{w.given_out_text()}</p>
            {beside}
            <ErrorSummary errors/>
            <form on:submit=submit novalidate>
                <TextField id=TO_WHOM label=w.given_out_to_whom() hint=w.given_out_to_whom_hint() value=to_whom errors/>
                <button type="submit" class="govuk-button govuk-button--secondary">{w.given_out_do()}</button>
            </form>
            <div role="status">{move || is_kept.get().then(|| view! { <p class="govuk-body"><b>{w.given_out_done()}</b></p> })}</div>
            <List/>
        </section>
    }
}

fn days(w: Words, period: Period) -> String {
    w.reporting_days(&w.dated(period.from), &w.dated(period.to))
}

/// The reports that are out, the latest first.
#[component]
fn List() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let all = Memo::new(move |_| {
        here.tablet.records.with(|records| {
            let casework = records.casework(here.programme);
            let all = casework.map_or_else(Vec::new, |casework| casework.given_out.all());
            all.into_iter()
                .map(|head| head.value.clone())
                .collect::<Vec<_>>()
        })
    });
    let take_back = move |report: ReportId| {
        here.save_with(move |records| {
            was_not_given_out(records, here.programme, report).map(|draft| vec![draft])
        });
    };
    let line = move |given: ReportGivenOut| {
        let report = given.report;
        let reader = given.to_whom.map(|reader| reader.to_string());
        WrittenRow {
            name: days(w, given.period),
            cells: [w.dated(given.day), reader.unwrap_or_default()],
            take_back: Callback::new(move |()| take_back(report)),
        }
    };
    let columns = [w.given_out_days(), w.given_out_on(), w.given_out_to_whom()];
    move || match all.get() {
        none if none.is_empty() => {
            view! { <p class="govuk-body">{w.given_out_none()}</p> }.into_any()
        }
        all => {
            let rows = all.into_iter().map(line).collect();
            view! { <WrittenTable caption=w.given_out_list() columns take_back=w.given_out_take_back() rows/> }
                .into_any()
        }
    }
}
