//! The pictures of a report.

use leptos::prelude::*;
use wellfield_wording::report::{Ink, Picture, Shape};

/// A picture. The table that stands below it says the same, so a screen reader passes it by.
#[component]
pub(super) fn Chart(picture: Picture) -> impl IntoView {
    let size = format!("0 0 {} {}", Picture::WIDTH, picture.height);
    view! {
        <figure class="app-figure" aria-hidden="true">
            <figcaption class="app-small app-soft">{picture.title}</figcaption>
            <svg class="app-chart" viewBox=size focusable="false">
                {picture.shapes.into_iter().map(drawn).collect_view()}
            </svg>
        </figure>
    }
}

const fn class(ink: Ink) -> &'static str {
    match ink {
        Ink::Axis => "app-chart__axis",
        Ink::Way => "app-chart__line app-chart__line--main",
        Ink::Before => "app-chart__dot",
        Ink::After => "app-chart__dot--main",
    }
}

fn drawn(shape: Shape) -> AnyView {
    match shape {
        Shape::Text { at, anchor, words } => {
            view! { <text x=at.0 y=at.1 text-anchor=anchor.name()>{words}</text> }.into_any()
        }
        Shape::Bar { at, size } => {
            view! { <rect class="app-chart__a" x=at.0 y=at.1 width=size.0 height=size.1></rect> }
                .into_any()
        }
        Shape::Line { from, to, ink } => {
            view! { <line class=class(ink) x1=from.0 y1=from.1 x2=to.0 y2=to.1></line> }.into_any()
        }
        Shape::Dot { at, ink } => {
            view! { <circle class=class(ink) cx=at.0 cy=at.1 r=Picture::DOT></circle> }.into_any()
        }
    }
}
