//! How each purpose stands for a person.

use leptos::prelude::*;
use wellfield_core::consent::{Purpose, Status};
use wellfield_core::heads::Stamp;
use wellfield_core::ids::PersonId;

use crate::screen::Here;
use crate::ui::{CustodyMark, Icon};
use crate::wording::{Moments, Words, words};

/// What a purpose is called, in a few words.
pub fn purpose_words(w: Words, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::HoldSupport => w.purpose_hold_support(),
        Purpose::TalkToReferrer => w.purpose_talk_to_referrer(),
        Purpose::Evaluation => w.purpose_evaluation(),
        Purpose::Quote => w.purpose_quote(),
        Purpose::PhotoOwnRecords => w.purpose_photo_own_records(),
        Purpose::PhotoReports => w.purpose_photo_reports(),
        Purpose::PhotoWebsite => w.purpose_photo_website(),
        Purpose::PhotoSocialMedia => w.purpose_photo_social_media(),
        Purpose::PhotoPress => w.purpose_photo_press(),
        Purpose::ContactLater => w.purpose_contact_later(),
    }
}

/// The word, icon and class of a status.
pub fn status_words(w: Words, status: &Status<'_>) -> (&'static str, &'static str, &'static str) {
    match status {
        Status::Given(_) => (
            w.consent_given(),
            "tick-solid",
            "app-consent__status app-consent__status--given",
        ),
        Status::Refused(_) => (
            w.consent_refused(),
            "cross",
            "app-consent__status app-consent__status--refused",
        ),
        Status::Withdrawn(_) => (
            w.consent_withdrawn(),
            "undo",
            "app-consent__status app-consent__status--withdrawn",
        ),
        Status::NotAsked => (
            w.consent_not_asked(),
            "ring",
            "app-consent__status app-consent__status--unasked",
        ),
    }
}

#[derive(Clone, PartialEq)]
struct Line {
    purpose: Purpose,
    word: &'static str,
    icon: &'static str,
    class: &'static str,
    stamp: Option<Stamp>,
    recorded_by: Option<String>,
}

/// The purposes of a person with their status.
#[component]
pub fn ConsentList(person: PersonId) -> impl IntoView {
    let w = words();
    let here = Here::find();
    let lines = Memo::new(move |_| {
        here.with(|delivery| {
            Purpose::ALL
                .iter()
                .map(|purpose| {
                    let status = delivery.consent.status(person, *purpose);
                    let (word, icon, class) = status_words(w, &status);
                    let stamp = status.entry().map(|head| head.stamp);
                    let recorded_by = stamp
                        .and_then(|stamp| stamp.by)
                        .and_then(|staff| delivery.staff_name(staff))
                        .map(str::to_owned);
                    Line {
                        purpose: *purpose,
                        word,
                        icon,
                        class,
                        stamp,
                        recorded_by,
                    }
                })
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    });
    let line = move |line: Line| {
        let name = purpose_words(w, line.purpose);
        let href = format!("/app/person/{person}/consent/{}", line.purpose.code());
        let action = if line.stamp.is_some() {
            w.consent_change()
        } else {
            w.consent_ask()
        };
        let who = line.stamp.map(|stamp| {
            let when = w.moment(stamp.at.instant());
            match &line.recorded_by {
                Some(name) => w.consent_recorded_by(name, &when),
                None => w.consent_recorded(&when),
            }
        });
        view! {
            <li>
                <span class="app-consent__purpose">{name}<small>{who}</small></span>
                <span class=line.class><Icon name=line.icon/>{line.word}</span>
                {line
                    .stamp
                    .map(|stamp| {
                        let custody = Signal::derive(move || here.tablet.custody(&stamp));
                        view! { <CustodyMark custody/> }
                    })}
                <a class="govuk-button govuk-button--secondary" href=href>
                    {action}
                    <span class="govuk-visually-hidden">": "{name}</span>
                </a>
            </li>
        }
    };
    view! { <ul class="app-consent">{move || lines.get().into_iter().map(line).collect_view()}</ul> }
}
