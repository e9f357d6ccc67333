//! What every page of the desk has around it, and the pages that say why there is none.

use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use wellfield_core::access::{Action, Resource};
use wellfield_core::desk::Account;
use wellfield_core::language::Language;
use wellfield_wording::Words;

use super::visit::Visit;
use super::{HOME, SIGN_IN};
use crate::assets;
use crate::entropy::NoEntropy;
use crate::storage::Unavailable;

/// What a handler answers.
pub(super) type Answer = Result<Response, Failed>;

/// Why a page is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Somebody has to sign in first.
    NotSignedIn,
    /// There is no such page, or not for whoever asks.
    NoSuchPage,
    /// What was sent is no form of ours, or comes from another site.
    NotAForm,
    /// Somebody tried too often. They come back after so many seconds.
    TooManyTries(u32),
    /// The server cannot answer at the moment.
    TryLater,
}

/// A page that is not shown, in the words of whoever asked for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed(pub(super) Words, pub(super) Why);

impl Failed {
    /// The database cannot answer.
    pub(super) fn unavailable(w: Words) -> impl Fn(Unavailable) -> Self {
        move |error| {
            tracing::error!(%error, "a page could not be shown");
            Self(w, Why::TryLater)
        }
    }

    /// There are no random numbers.
    pub(super) fn no_entropy(w: Words) -> impl Fn(NoEntropy) -> Self {
        move |error| {
            tracing::error!(%error, "a page could not be shown");
            Self(w, Why::TryLater)
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Self(w, why) = self;
        let (status, title, text) = match why {
            Why::NotSignedIn => return go_to(SIGN_IN),
            Why::NoSuchPage => (
                StatusCode::NOT_FOUND,
                w.desk_no_page(),
                w.desk_no_page_text(),
            ),
            Why::NotAForm => (
                StatusCode::FORBIDDEN,
                w.desk_not_a_form(),
                w.desk_not_a_form_text(),
            ),
            Why::TooManyTries(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                w.desk_too_many(),
                w.desk_too_many_text(),
            ),
            Why::TryLater => (
                StatusCode::SERVICE_UNAVAILABLE,
                w.desk_try_later(),
                w.desk_try_later_text(),
            ),
        };
        let content = html! {
            p class="govuk-body" { (text) }
            p { a class="govuk-link govuk-link--tap" href=(HOME) { (w.desk_to_start()) } }
        };
        let mut response =
            (status, around(w, None, &Page::new(title), title, &content)).into_response();
        let wait = match why {
            Why::TooManyTries(seconds) => Some(seconds),
            Why::TryLater => Some(5),
            _ => None,
        };
        if let Some(seconds) = wait {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Leads on, so that what was sent is not sent again when somebody reloads.
pub(super) fn go_to(to: &'static str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

/// A page for whoever asked.
pub(super) struct Page<'a> {
    title: &'a str,
    window: &'a str,
    back: Option<(&'static str, &'static str)>,
}

impl<'a> Page<'a> {
    /// A page with this heading, which the window is called too.
    pub(super) const fn new(title: &'a str) -> Self {
        Self {
            title,
            window: title,
            back: None,
        }
    }

    /// The same with something else for the window's title: a heading that names a person must not stand in the
    /// history of the browser.
    pub(super) const fn window(mut self, window: &'a str) -> Self {
        self.window = window;
        self
    }

    /// The same with a way back: where to, and what that is called.
    pub(super) const fn back(mut self, to: &'static str, name: &'static str) -> Self {
        self.back = Some((to, name));
        self
    }

    /// The page with its content.
    pub(super) fn show(&self, visit: &Visit, content: &Markup) -> Response {
        let who = visit.who.as_ref().map(|entry| &entry.account);
        around(visit.w, who, self, self.window, content).into_response()
    }

    /// The page with something in it that is not right: what it was is above the form, and at its field.
    pub(super) fn show_wrong(&self, visit: &Visit, content: &Markup) -> Response {
        let marked = visit.w.desk_error_title(&self.window);
        let who = visit.who.as_ref().map(|entry| &entry.account);
        let shown = around(visit.w, who, self, &marked, content);
        (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()
    }
}

/// Has a browser keep or forget something with a reply.
pub(super) fn keeping(mut response: Response, cookies: &[Option<HeaderValue>]) -> Response {
    for cookie in cookies.iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

/// What is around the content. The window's title says first what is wrong, because that is what somebody who
/// cannot see hears first.
fn around(
    w: Words,
    who: Option<&Account>,
    page: &Page<'_>,
    window: &str,
    content: &Markup,
) -> impl IntoResponse {
    let body = html! {
        div class="app-layout" {
            a class="govuk-skip-link" href="#main" { (w.shell_skip()) }
            (header(w, who))
            main class="app-main app-main--narrow" id="main" tabindex="-1" {
                @if let Some((to, name)) = page.back {
                    a class="govuk-back-link" href=(to) { (name) }
                }
                div class="app-page" { h1 class="app-page__heading" { bdi { (page.title) } } }
                (content)
            }
            (footer(w))
        }
    };
    let window = html! { (window) " – " (w.brand_name()) };
    let page = assets::desk_page(w.0.tag(), &window.0, &body.0);
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page)
}

fn header(w: Words, who: Option<&Account>) -> Markup {
    html! {
        header class="app-header" {
            div class="app-header__row" {
                a class="app-header__name" href=(HOME) {
                    svg class="app-icon app-header__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
                        use href="#i-name-mark" {}
                    }
                    span class="app-header__words" {
                        span class="app-header__title" { (w.brand_name()) }
                        @if let Some(account) = who {
                            span class="app-header__programme" { bdi { (account.name) } }
                        }
                    }
                }
                @if who.is_some() {
                    form class="app-header__extra" method="post" action="/desk/sign-out" {
                        button class="govuk-button govuk-button--secondary app-button--flush" type="submit" {
                            (w.desk_sign_out())
                        }
                    }
                }
            }
            @if let Some(account) = who { (places(w, account)) }
        }
    }
}

/// Where somebody can go, where there is more than one place.
fn places(w: Words, account: &Account) -> Markup {
    let all = [
        (
            Resource::Complaints,
            "/desk/complaints",
            w.desk_complaints(),
        ),
        (Resource::Audit, "/desk/audit", w.desk_audit()),
    ];
    let may = |resource| account.may(Action::Read, resource);
    let places: Vec<_> = all.iter().filter(|(resource, ..)| may(*resource)).collect();
    html! {
        @if places.len() > 1 {
            nav class="app-header__nav" aria-label=(w.shell_navigation()) {
                ul {
                    @for (_, to, name) in places { li { a href=(to) { (name) } } }
                }
            }
        }
    }
}

fn footer(w: Words) -> Markup {
    let other = Language::ALL.iter().find(|language| **language != w.0);
    html! {
        footer class="app-footer" {
            div class="app-footer__inner" {
                @if let Some(other) = other {
                    form method="post" action="/desk/language" {
                        button class="govuk-button govuk-button--secondary" type="submit" name="language"
                            value=(other.tag()) lang=(other.tag()) {
                            (Words(*other).settings_language_name())
                        }
                    }
                }
            }
        }
    }
}
