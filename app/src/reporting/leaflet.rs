//! The page for link workers on a coordinator's screen, and printed from it.

use leptos::prelude::*;
use wellfield_core::clock::Date;
use wellfield_core::disclosure::Policy;
use wellfield_core::reporting::{leaflet, programme_report};
use wellfield_wording::report::{LeafletSource, LeafletWords, leaflet_words};

use super::given_out::{GivenOutReports, OnScreen};
use super::page::usual_days;
use crate::platform::{page_origin, print_page};
use crate::screen::Here;
use crate::ui::{Page, Square};
use crate::wording::{Words, words};

fn work_out(here: Here, w: Words, today: Date) -> Option<(LeafletWords, OnScreen)> {
    let address = format!("{}/r/", page_origin());
    here.tablet.records.with_untracked(|records| {
        let delivery = records.delivery(here.programme)?;
        let opened = delivery.programme()?;
        let period = usual_days(here, today);
        let casework = records.casework(here.programme);
        let (report, behind) = programme_report(delivery, casework, period, Policy::default());
        let catalogue = &behind.collected.catalogue;
        let chosen = leaflet(&report, catalogue, delivery, today);
        let words = leaflet_words(
            w,
            LeafletSource {
                leaflet: &chosen,
                report: &report,
                catalogue,
                offer: records.offers.get(here.programme),
                names: (opened.name.as_str(), opened.organisation.as_str()),
                address: Some(&address),
            },
        );
        let on_screen = OnScreen {
            period,
            issue: behind.issue.clone(),
            beside: report.beside.clone(),
        };
        Some((words, on_screen))
    })
}

/// What is published of the programme, with what was found.
#[component]
pub fn LeafletPage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let made = work_out(here, w, today.get_untracked());
    view! {
        <Page title=w.leaflet_title() back="/app/coordinator">
            <div class="app-no-print">
                <p class="govuk-body">{w.leaflet_text()}</p>
                <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| print_page()>{w.reporting_print()}</button>
            </div>
            {made.map(|(made, on_screen)| view! { <Sheet made/> <GivenOutReports report=Signal::stored(on_screen)/> })}
        </Page>
    }
}

#[component]
fn Sheet(made: LeafletWords) -> impl IntoView {
    let w = words();
    let what = if made.what.is_empty() {
        w.leaflet_no_offer().to_owned()
    } else {
        made.what
    };
    let facts = made.facts.into_iter();
    let facts = facts.map(|(about, words)| view! { <div><dt>{about}</dt><dd>{words}</dd></div> });
    let has_facts = facts.len() > 0;
    let facts = facts.collect_view();
    let quotes = made.quotes.into_iter();
    let quotes =
        quotes.map(|quote| view! { <blockquote class="govuk-inset-text">{quote}</blockquote> });
    let has_quotes = quotes.len() > 0;
    let quotes = quotes.collect_view();
    view! {
        <section class="app-finding app-leaflet">
            <h2 class="app-finding__title">{made.title}</h2>
            <p class="app-finding__basis">{made.by}</p>
            <p class="govuk-body">{what}</p>
            <h3 class="app-section__heading">{w.leaflet_found()}</h3>
            {if made.found.is_empty() {
                view! { <p class="govuk-body">{w.leaflet_nothing_found()}</p> }.into_any()
            } else {
                view! { <Lines lines=made.found/> {made.basis.map(|basis| view! { <p class="app-finding__basis">{basis}</p> })} }.into_any()
            }}
            {has_quotes.then(|| view! { <h3 class="app-section__heading">{w.leaflet_words()}</h3> {quotes} })}
            {has_facts.then(|| view! { <h3 class="app-section__heading">{w.leaflet_facts()}</h3> <dl class="app-leaflet__facts">{facts}</dl> })}
            <h3 class="app-section__heading">{w.leaflet_next()}</h3>
            <Lines lines=made.next/>
            <h3 class="app-section__heading">{w.leaflet_refer()}</h3>
            <Lines lines=made.refer/>
            {made.code.map(|code| view! { <Square code label=w.leaflet_code()/> })}
        </section>
    }
}

#[component]
fn Lines(lines: Vec<String>) -> impl IntoView {
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
    view! { <ul class="govuk-list govuk-list--bullet">{lines.collect_view()}</ul> }
}
