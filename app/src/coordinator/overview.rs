//! The figures of a programme and its sessions with attendance.

use leptos::prelude::*;
use wellfield_core::attendance::{Tally, register_rows, summary, tally};
use wellfield_core::clock::Date;
use wellfield_core::consent::Purpose;
use wellfield_core::evaluation::follow_ups_open;
use wellfield_core::ids::SessionId;
use wellfield_core::programme::{session_day, sessions_in_order};

use crate::consent::{purpose_words, withdrawals_open};
use crate::screen::Here;
use crate::ui::{Icon, Page};
use crate::wording::words;

#[derive(Clone, PartialEq)]
struct SessionLine {
    session: SessionId,
    title: String,
    day: String,
    counts: Tally,
}

/// The first screen of a coordinator.
#[component]
pub fn Overview() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let sessions = Memo::new(move |_| {
        let today = today.get();
        here.with(|delivery| {
            sessions_in_order(delivery)
                .into_iter()
                .map(|plan| SessionLine {
                    session: plan.session,
                    title: w.today_session(&plan.number),
                    day: w.day(plan.date),
                    counts: tally(
                        summary(&register_rows(delivery, plan.session)),
                        session_day(plan, today),
                    ),
                })
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    let flags = Memo::new(move |_| {
        here.with(|delivery| {
            delivery
                .pulses
                .all()
                .iter()
                .filter(|view| view.needs_attention())
                .count()
        })
        .unwrap_or(0)
    });
    let referrals = Memo::new(move |_| {
        here.tablet.records.with(|records| {
            records
                .casework(here.programme)
                .map_or(0, |casework| casework.referrals.waiting())
        })
    });
    let follow_ups = Signal::derive(move || {
        let today = today.get();
        let open = here.with(|delivery| follow_ups_open(delivery, today));
        let open = open.filter(|open| *open > 0)?;
        Some(w.follow_up_open(open as u64))
    });
    let withdrawn = Signal::derive(move || {
        let open = withdrawals_open(here);
        (open > 0).then(|| w.withdrawn_open_count(open as u64))
    });
    let accidents = Signal::derive(move || {
        let open = here.tablet.records.with(|records| {
            let casework = records.casework(here.programme)?;
            Some(casework.accidents.open()).filter(|open| *open > 0)
        })?;
        Some(w.accident_open_count(open as u64))
    });
    let people = Memo::new(move |_| here.with(|delivery| delivery.people().count()).unwrap_or(0));
    view! {
        <Page title=w.coordinator_title()>
            <Show when=move || { flags.get() > 0 }>
                <div class="app-flag app-flag--safeguarding">
                    <Icon name="flag"/>
                    <div class="app-flag__body">
                        <p><b>{move || w.coordinator_flags(flags.get() as u64)}</b></p>
                        <a class="govuk-link govuk-link--tap" href="/app/coordinator/answers">{w.coordinator_read_answers()}</a>
                    </div>
                </div>
            </Show>
            <dl class="app-stats">
                <Stat label=move |n| w.coordinator_people(n) value=people/>
                <Stat label=move |n| w.coordinator_referrals(n) value=referrals/>
                <Stat label=move |n| w.coordinator_open_flags(n) value=flags/>
            </dl>
            <ul class="app-list">
                <Goes href="/app/coordinator/referrals" title=w.referrals_title()/>
                <Goes href="/app/coordinator/answers" title=w.answers_title()/>
                <Goes href="/app/coordinator/withdrawn" title=w.withdrawn_title() note=withdrawn/>
                <Goes href="/app/coordinator/accidents" title=w.accident_list_title() note=accidents/>
                <Goes href="/app/feedback" title=w.feedback_title()/>
                <Goes href="/app/coordinator/stories" title=w.stories_title()/>
                <Goes href="/app/coordinator/monitoring" title=w.monitoring_title()/>
                <Goes href="/app/coordinator/onward" title=w.onward_title()/>
                <Goes href="/app/coordinator/scores" title=w.elsewhere_title()/>
                <Goes href="/app/coordinator/story-of-change" title=w.story_title()/>
                <Goes href="/app/coordinator/quality" title=w.quality_title()/>
                <Goes href="/app/coordinator/evaluation" title=w.evaluation_title()/>
                <Goes href="/app/coordinator/follow-up" title=w.follow_up_title() note=follow_ups/>
                <Goes href="/app/coordinator/report" title=w.reporting_title()/>
                <Goes href="/app/coordinator/link-workers" title=w.leaflet_title()/>
                <Goes href="/app/coordinator/devices" title=w.devices_title()/>
            </ul>
            <Sessions sessions/>
            <Consents/>
        </Page>
    }
}

#[component]
fn Stat(
    label: impl Fn(u64) -> String + Send + Sync + 'static,
    value: Memo<usize>,
) -> impl IntoView {
    view! { <div class="app-stat"><dt>{move || label(value.get() as u64)}</dt><dd>{move || value.get()}</dd></div> }
}

#[component]
fn Goes(
    href: &'static str,
    title: &'static str,
    /// What waits there.
    #[prop(optional, into)]
    note: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let note = move || note.and_then(|note| note.get());
    view! {
        <li>
            <a class="app-list__link" href=href>
                <span class="app-list__main">{title}{move || note().map(|note| view! { <small>{note}</small> })}</span>
                <Icon name="arrow-right" class="app-icon app-icon--turn"/>
            </a>
        </li>
    }
}

#[component]
fn Sessions(sessions: Memo<Vec<SessionLine>>) -> impl IntoView {
    let w = words();
    let count = |count: Option<usize>| count.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let line = move |line: SessionLine| {
        let counts = line.counts;
        view! {
            <tr>
                <th scope="row" class="govuk-table__header">
                    <a class="govuk-link govuk-link--tap" href=format!("/app/session/{}", line.session)>{line.title}</a>
                </th>
                <td class="govuk-table__cell" data-label=w.coordinator_day()>{line.day}</td>
                <td class="govuk-table__cell govuk-table__cell--numeric" data-label=w.register_mark_here()>{count(counts.here)}</td>
                <td class="govuk-table__cell govuk-table__cell--numeric" data-label=w.register_mark_not_here()>{count(counts.not_here)}</td>
                <td class="govuk-table__cell govuk-table__cell--numeric" data-label=w.coordinator_unmarked()>{count(counts.to_mark)}</td>
            </tr>
        }
    };
    view! {
        <div class="app-table app-table--counts">
            <table class="govuk-table">
                <caption class="govuk-table__caption govuk-table__caption--m">{w.coordinator_sessions()}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="govuk-table__header">{w.coordinator_session()}</th>
                        <th scope="col" class="govuk-table__header">{w.coordinator_day()}</th>
                        <th scope="col" class="govuk-table__header govuk-table__header--numeric">{w.register_mark_here()}</th>
                        <th scope="col" class="govuk-table__header govuk-table__header--numeric">{w.register_mark_not_here()}</th>
                        <th scope="col" class="govuk-table__header govuk-table__header--numeric">{w.coordinator_unmarked()}</th>
                    </tr>
                </thead>
                <tbody>{move || sessions.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// How many people gave, refused, withdrew or were not asked, for each purpose.
#[component]
fn Consents() -> impl IntoView {
    use wellfield_core::consent::Status;
    let w = words();
    let here = Here::find();
    let counts = Memo::new(move |_| {
        here.with(|delivery| {
            Purpose::ALL
                .iter()
                .map(|purpose| {
                    let mut counts = [0usize; 4];
                    for (person, _) in delivery.people() {
                        let place = match delivery.consent.status(person, *purpose) {
                            Status::Given(_) => 0,
                            Status::Refused(_) => 1,
                            Status::Withdrawn(_) => 2,
                            Status::NotAsked => 3,
                        };
                        counts[place] += 1;
                    }
                    (*purpose, counts)
                })
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    let heads = [
        w.consent_given(),
        w.consent_refused(),
        w.consent_withdrawn(),
        w.consent_not_asked(),
    ];
    let line = move |(purpose, counts): (Purpose, [usize; 4])| {
        let cells = counts
            .into_iter()
            .zip(heads)
            .map(|(count, head)| {
                view! { <td class="govuk-table__cell govuk-table__cell--numeric" data-label=head>{count}</td> }
            })
            .collect_view();
        view! { <tr><th scope="row" class="govuk-table__header">{purpose_words(w, purpose)}</th>{cells}</tr> }
    };
    view! {
        <div class="app-table app-table--counts app-table--two">
            <table class="govuk-table">
                <caption class="govuk-table__caption govuk-table__caption--m">{w.consent_title()}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="govuk-table__header">{w.coordinator_purpose()}</th>
                        {heads.map(|head| view! { <th scope="col" class="govuk-table__header govuk-table__header--numeric">{head}</th> }).into_iter().collect_view()}
                    </tr>
                </thead>
                <tbody>{move || counts.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
