//! Scores that were worked out elsewhere: who has some, and writing one down.

use leptos::prelude::*;
use wellfield_core::clock::{Date, iso_date, parse_iso_date};
use wellfield_core::ids::{PersonId, ScoreId};
use wellfield_core::measures::{Moment, Score};
use wellfield_core::scored_elsewhere::{
    ElsewhereError, ElsewhereLine, ScoredElsewhere, elsewhere_list, parse_figure, score_elsewhere,
    take_score_out,
};

use super::{PersonLine, PersonList};
use crate::evaluation::moment_words;
use crate::people::NoPerson;
use crate::platform::random_u64;
use crate::screen::{Here, person_param};
use crate::ui::{
    ErrorSummary, FieldError, FieldErrors, Page, Radios, TextField, WrittenRow, WrittenTable,
    needed,
};
use crate::wording::{Words, words};

const LIST: &str = "/app/coordinator/scores";
const TOOL: &str = "tool";
const AREA: &str = "area";
const FIGURE: &str = "figure";
const LOW: &str = "lowest";
const HIGH: &str = "highest";
const MOMENT: &str = "moment";
const DAY: &str = "day";
const LICENCE: &str = "licence";

/// The moments of a course at which other tools are used.
const MOMENTS: [Moment; 5] = [
    Moment::Baseline,
    Moment::Middle,
    Moment::End,
    Moment::ThreeMonths,
    Moment::SixMonths,
];

/// Everybody, with how many scores they have.
#[component]
pub fn ScoresElsewherePage() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let people = Memo::new(move |_| {
        let all = here.tablet.records.with(|records| {
            let delivery = records.delivery(here.programme)?;
            Some(elsewhere_list(delivery, records.casework(here.programme)))
        });
        let line = |line: ElsewhereLine| PersonLine {
            person: line.person,
            name: line.name,
            note: Some(w.elsewhere_count(line.scores as u64)),
        };
        all.unwrap_or_default().into_iter().map(line).collect()
    });
    view! {
        <Page title=w.elsewhere_title() back="/app/coordinator">
            <p class="govuk-body">{w.elsewhere_text()}</p>
            <PersonList list=LIST people/>
        </Page>
    }
}

/// The scores of the person in the address, and a form for another.
#[component]
pub fn ScoresOf() -> impl IntoView {
    let w = words();
    let here = Here::find();
    let known = person_param().and_then(|person| {
        here.with_now(|delivery| {
            let recorded = delivery.person(person)?;
            Some((person, recorded.details.preferred_name.to_string()))
        })
        .flatten()
    });
    match known {
        Some((person, name)) => view! {
            <Page title=name window=w.elsewhere_title() caption=w.elsewhere_title() back=LIST narrow=true>
                <Written person/>
                <Another person/>
            </Page>
        }
        .into_any(),
        None => view! { <NoPerson/> }.into_any(),
    }
}

fn points(score: Score) -> String {
    score.as_points().to_string()
}

/// What is written down of somebody.
#[component]
fn Written(person: PersonId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let all = Memo::new(move |_| {
        here.tablet.records.with(|records| {
            let casework = records.casework(here.programme);
            let of = casework.map(|casework| casework.elsewhere.of(person));
            let all = of.into_iter().flatten();
            all.map(|head| head.value.clone()).collect::<Vec<_>>()
        })
    });
    let take_out = move |score: ScoreId| {
        here.save_with(move |records| {
            take_score_out(records, here.programme, score).map(|draft| vec![draft])
        });
    };
    let line = move |scored: ScoredElsewhere| {
        let score = scored.score;
        let when = format!(
            "{}, {}",
            moment_words(w, scored.moment),
            w.dated(scored.day)
        );
        let figure = w.elsewhere_of(&points(scored.figure), &points(scored.range.1));
        WrittenRow {
            name: format!("{}: {}", scored.tool, scored.area),
            cells: [when, figure],
            take_back: Callback::new(move |()| take_out(score)),
        }
    };
    let columns = [
        w.elsewhere_area(),
        w.elsewhere_moment(),
        w.elsewhere_figure(),
    ];
    move || match all.get() {
        none if none.is_empty() => {
            view! { <p class="govuk-body">{w.elsewhere_none()}</p> }.into_any()
        }
        all => {
            let rows = all.into_iter().map(line).collect();
            view! { <WrittenTable caption=w.elsewhere_written() columns take_back=w.elsewhere_take_out() rows/> }
                .into_any()
        }
    }
}

/// What is typed of another score.
#[derive(Clone, Copy)]
struct Typed {
    tool: RwSignal<String>,
    area: RwSignal<String>,
    figure: RwSignal<String>,
    low: RwSignal<String>,
    high: RwSignal<String>,
    moment: RwSignal<Option<Moment>>,
    day: RwSignal<String>,
    licence: RwSignal<String>,
}

impl Typed {
    /// An empty form, with the tool of the score that was written down last: the next is likely to be of it.
    fn begin(here: Here, today: Date) -> Self {
        let last = here.tablet.records.with_untracked(|records| {
            let casework = records.casework(here.programme)?;
            casework.elsewhere.last().map(|head| head.value.clone())
        });
        let of = |text: fn(&ScoredElsewhere) -> String| {
            RwSignal::new(last.as_ref().map(text).unwrap_or_default())
        };
        Self {
            tool: of(|last| last.tool.to_string()),
            area: RwSignal::default(),
            figure: RwSignal::default(),
            low: of(|last| points(last.range.0)),
            high: of(|last| points(last.range.1)),
            moment: RwSignal::new(None),
            day: RwSignal::new(iso_date(today)),
            licence: of(|last| last.licence_holder.to_string()),
        }
    }

    fn read(self, w: Words, person: PersonId) -> Result<ScoredElsewhere, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let tool = needed(w, &mut wrong, TOOL, self.tool, w.elsewhere_tool_missing());
        let area = needed(w, &mut wrong, AREA, self.area, w.elsewhere_area_missing());
        let mut number = |id, typed: RwSignal<String>| {
            let score = typed.with_untracked(|typed| parse_figure(typed));
            if score.is_none() {
                wrong.push((id, w.elsewhere_no_number().to_owned()));
            }
            score
        };
        let figure = number(FIGURE, self.figure);
        let (low, high) = (number(LOW, self.low), number(HIGH, self.high));
        let moment = self.moment.get_untracked();
        if moment.is_none() {
            wrong.push((MOMENT, w.elsewhere_moment_missing().to_owned()));
        }
        let day = self.day.with_untracked(|day| parse_iso_date(day));
        if day.is_none() {
            wrong.push((DAY, w.reporting_no_day().to_owned()));
        }
        let licence = needed(
            w,
            &mut wrong,
            LICENCE,
            self.licence,
            w.elsewhere_licence_missing(),
        );
        let texts = tool.zip(area).zip(licence);
        let figures = figure.zip(low.zip(high));
        match (texts, figures, moment.zip(day)) {
            (Some(((tool, area), licence_holder)), Some((figure, range)), Some((moment, day))) => {
                Ok(ScoredElsewhere {
                    score: ScoreId(random_u64()),
                    person,
                    tool,
                    area,
                    figure,
                    range,
                    moment,
                    day,
                    licence_holder,
                    is_taken_out: false,
                })
            }
            _ => Err(wrong),
        }
    }
}

#[component]
fn Another(person: PersonId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let today: RwSignal<Date> = expect_context();
    let typed = Typed::begin(here, today.get_untracked());
    let errors: FieldErrors = RwSignal::new(Vec::new());
    let is_saved = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        is_saved.set(false);
        let scored = match typed.read(w, person) {
            Ok(scored) => scored,
            Err(wrong) => return errors.set(wrong),
        };
        let drafted = here
            .tablet
            .records
            .with_untracked(|records| score_elsewhere(records, here.programme, scored));
        let (field, wrong) = match drafted {
            Ok(draft) => {
                errors.set(Vec::new());
                return here.save_then(vec![draft], move || {
                    // The next area of the same tool.
                    typed.area.try_set(String::new());
                    typed.figure.try_set(String::new());
                    is_saved.try_set(true);
                });
            }
            Err(ElsewhereError::NoRange) => (HIGH, w.elsewhere_no_range()),
            Err(ElsewhereError::OutsideRange) => (FIGURE, w.elsewhere_outside()),
            Err(ElsewhereError::Twice) => (MOMENT, w.elsewhere_twice()),
            Err(ElsewhereError::NoPerson | ElsewhereError::NoScore) => {
                (TOOL, w.elsewhere_no_person())
            }
        };
        errors.set(vec![(field, wrong.to_owned())]);
    };
    let moments = MOMENTS.map(|moment| (moment, moment_words(w, moment).to_owned()));
    view! {
        <h2 class="govuk-heading-m">{w.elsewhere_another()}</h2>
        <ErrorSummary errors/>
        <form on:submit=submit novalidate>
            <TextField id=TOOL label=w.elsewhere_tool() hint=w.elsewhere_tool_hint() value=typed.tool errors/>
            <TextField id=AREA label=w.elsewhere_area() hint=w.elsewhere_area_hint() value=typed.area errors/>
            <TextField id=FIGURE label=w.elsewhere_figure() value=typed.figure errors inputmode="decimal"/>
            <TextField id=LOW label=w.elsewhere_lowest() value=typed.low errors inputmode="decimal"/>
            <TextField id=HIGH label=w.elsewhere_highest() value=typed.high errors inputmode="decimal"/>
            <Radios id=MOMENT legend=w.elsewhere_moment() options=moments.to_vec() value=typed.moment errors/>
            <TextField id=DAY label=w.elsewhere_day() value=typed.day errors kind="date"/>
            <TextField id=LICENCE label=w.elsewhere_licence() hint=w.elsewhere_licence_hint() value=typed.licence errors/>
            <button type="submit" class="govuk-button">{w.action_save()}</button>
        </form>
        <div role="status">{move || is_saved.get().then(|| view! { <p class="govuk-body"><b>{w.elsewhere_saved()}</b></p> })}</div>
    }
}
