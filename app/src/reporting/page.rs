//! The page of the report: which days, then the findings.

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wellfield_core::clock::{Date, iso_date, parse_iso_date};
use wellfield_core::disclosure::{Issue, Policy};
use wellfield_core::evaluation::Period;
use wellfield_core::measures::wellby::Lasting;
use wellfield_core::reporting::programme_report;
use wellfield_wording::report::{Cell, Figures, Section, sections};

use super::chart::Chart;
use super::given_out::{GivenOutReports, OnScreen};
use crate::platform::window;
use crate::screen::Here;
use crate::ui::{ErrorSummary, FieldErrors, Page, Radios, TextField};
use crate::wording::{Words, words};

const FROM: &str = "from";
const TO: &str = "to";

/// The days that a report is about before anybody chose others.
pub(super) fn usual_days(here: Here, today: Date) -> Period {
    let opened = here.with_now(|delivery| {
        let opened = delivery.programme();
        opened.map(|opened| Period::usual(opened, today))
    });
    opened.flatten().unwrap_or(Period {
        from: today,
        to: today,
    })
}

/// Works the report out, as the records are now.
fn work_out(
    here: Here,
    w: Words,
    (period, lasting): (Period, Option<Lasting>),
) -> (Vec<Section>, OnScreen) {
    let nothing = OnScreen {
        period,
        issue: Issue::default(),
        beside: Vec::new(),
    };
    here.tablet.records.with_untracked(|records| {
        let Some(delivery) = records.delivery(here.programme) else {
            return (Vec::new(), nothing);
        };
        let casework = records.casework(here.programme);
        let (report, behind) = programme_report(delivery, casework, period, Policy::default());
        let catalogue = &behind.collected.catalogue;
        let report = report.with_worth(catalogue, lasting);
        let sections = sections(w, &report, catalogue);
        let on_screen = OnScreen {
            issue: behind.issue,
            beside: report.beside,
            ..nothing
        };
        (sections, on_screen)
    })
}

/// For how long a change is assumed to last, as somebody chooses it.
#[derive(Clone, Copy, PartialEq)]
enum Assumed {
    NotAsked,
    Quarter,
    Half,
    Year,
}

impl Assumed {
    fn options(w: Words) -> Vec<(Self, String)> {
        vec![
            (Self::NotAsked, w.reporting_worth_no().to_owned()),
            (Self::Quarter, w.reporting_worth_quarter().to_owned()),
            (Self::Half, w.reporting_worth_half().to_owned()),
            (Self::Year, w.reporting_worth_year().to_owned()),
        ]
    }

    fn lasting(self) -> Option<Lasting> {
        let years = match self {
            Self::NotAsked => return None,
            Self::Quarter => 0.25,
            Self::Half => 0.5,
            Self::Year => 1.0,
        };
        Lasting::years(years).ok()
    }
}

/// The report of the programme.
#[component]
pub fn ReportPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let usual = usual_days(here, today.get_untracked());
    let from = RwSignal::new(iso_date(usual.from));
    let to = RwSignal::new(iso_date(usual.to));
    let worth = RwSignal::new(Some(Assumed::NotAsked));
    // Whoever asked for an estimate hears why there is none.
    let not_estimated = RwSignal::new(false);
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let shown = RwSignal::new(work_out(here, w, (usual, None)));
    // What is folded away is not printed.
    let unfolded = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match days(w, &from.get_untracked(), &to.get_untracked()) {
            Ok(period) => {
                errors.set(Vec::new());
                let lasting = worth.get_untracked().and_then(Assumed::lasting);
                let made = work_out(here, w, (period, lasting));
                let estimated = made.0.iter().any(|section| section.key == "worth");
                not_estimated.set(lasting.is_some() && !estimated);
                shown.set(made);
            }
            Err(wrong) => errors.set(wrong),
        }
    };
    let print = move |_| {
        unfolded.set(true);
        // Once the page shows it.
        Timeout::new(0, || {
            // A browser that cannot print says so itself.
            let _ = window().print();
        })
        .forget();
    };
    let about = move || {
        let period = shown.with(|(_, on_screen)| on_screen.period);
        w.reporting_days(&w.dated(period.from), &w.dated(period.to))
    };
    let each = move || {
        let all = shown.with(|(sections, _)| sections.clone());
        all.into_iter()
            .map(|section| view! { <Finding section unfolded/> })
            .collect_view()
    };
    view! {
        <Page title=w.reporting_title() back="/app/coordinator">
            <div class="app-no-print">
                <p class="govuk-body">{w.reporting_text()}</p>
                <ErrorSummary errors/>
                <form on:submit=submit novalidate>
                    <TextField id=FROM label=w.reporting_from() value=from errors kind="date"/>
                    <TextField id=TO label=w.reporting_to() value=to errors kind="date"/>
                    <Radios id="worth" legend=w.reporting_worth() hint=w.reporting_worth_hint() options=Assumed::options(w) value=worth errors/>
                    <div class="govuk-button-group">
                        <button type="submit" class="govuk-button">{w.reporting_show()}</button>
                        <button type="button" class="govuk-button govuk-button--secondary" on:click=print>{w.reporting_print()}</button>
                    </div>
                </form>
            </div>
            <p class="govuk-body" role="status">
                <b>{about}</b>
                {move || not_estimated.get().then(|| view! { <br/>{w.reporting_worth_none()} })}
            </p>
            {each}
            <GivenOutReports report=Signal::derive(move || shown.with(|(_, on_screen)| on_screen.clone()))/>
        </Page>
    }
}

/// The days that somebody chose, or what is wrong with them.
fn days(w: Words, from: &str, to: &str) -> Result<Period, Vec<crate::ui::FieldError>> {
    let wrong = |field| (field, w.reporting_no_day().to_owned());
    match (parse_iso_date(from), parse_iso_date(to)) {
        (Some(from), Some(to)) if from <= to => Ok(Period { from, to }),
        (Some(_), Some(_)) => Err(vec![(TO, w.reporting_wrong_order().to_owned())]),
        (None, Some(_)) => Err(vec![wrong(FROM)]),
        (Some(_), None) => Err(vec![wrong(TO)]),
        (None, None) => Err(vec![wrong(FROM), wrong(TO)]),
    }
}

/// A finding, its picture with its table, and whatever else was worked out folded away below.
#[component]
fn Finding(section: Section, unfolded: RwSignal<bool>) -> impl IntoView {
    let w = words();
    let mut tables = section
        .tables
        .into_iter()
        .filter(|table| !table.rows.is_empty());
    let first = tables.next();
    let more: Vec<Figures> = tables.collect();
    let more = (!more.is_empty()).then(|| {
        view! {
            <details class="govuk-details" open=move || unfolded.get()>
                <summary class="govuk-details__summary">
                    <span class="govuk-details__summary-text">
                        {w.reporting_more()}
                        <span class="govuk-visually-hidden">": "{section.title.clone()}</span>
                    </span>
                </summary>
                <div class="govuk-details__text">{more.into_iter().map(|figures| view! { <Table figures/> }).collect_view()}</div>
            </details>
        }
    });
    view! {
        <section class="app-finding">
            <h2 class="app-finding__title">{section.title}</h2>
            {(!section.points.is_empty()).then(|| view! {
                <ul class="govuk-list govuk-list--bullet">
                    {section.points.into_iter().map(|point| view! { <li>{point}</li> }).collect_view()}
                </ul>
            })}
            {section.text.into_iter().map(|text| view! { <p class="app-finding__basis">{text}</p> }).collect_view()}
            {section.pictures.into_iter().map(|picture| view! { <Chart picture/> }).collect_view()}
            {first.map(|figures| view! { <Table figures/> })}
            {more}
        </section>
    }
}

#[component]
fn Table(figures: Figures) -> impl IntoView {
    let w = words();
    let numeric: Vec<bool> = (0..figures.columns.len())
        .map(|place| figures.holds_figures(place))
        .collect();
    // A name with one figure fits a phone as it is; more, and words, become a card each.
    let words_beside = numeric.iter().skip(1).any(|numeric| !numeric);
    let class = match figures.columns.len() {
        _ if words_beside => "app-table",
        3.. => "app-table app-table--counts app-table--two",
        _ => "",
    };
    let columns = figures.columns.clone();
    let row = move |cells: Vec<Cell>| {
        let mut cells = cells.into_iter().zip(columns.clone());
        let name = cells.next().map(|(cell, _)| cell.words(w));
        let figures = cells.map(|(cell, column)| {
            let class = match cell.is_figure() {
                true => "govuk-table__cell govuk-table__cell--numeric",
                false => "govuk-table__cell app-table__words",
            };
            view! { <td class=class data-label=column>{cell.words(w)}</td> }
        });
        view! { <tr><th scope="row" class="govuk-table__header">{name}</th>{figures.collect_view()}</tr> }
    };
    let head = figures
        .columns
        .into_iter()
        .zip(numeric)
        .map(|(name, numeric)| {
            let class = match numeric {
                false => "govuk-table__header",
                true => "govuk-table__header govuk-table__header--numeric",
            };
            view! { <th scope="col" class=class>{name}</th> }
        });
    view! {
        <div class=class>
            <table class="govuk-table">
                <caption class="govuk-table__caption govuk-table__caption--s">{figures.caption}</caption>
                <thead><tr>{head.collect_view()}</tr></thead>
                <tbody>{figures.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
