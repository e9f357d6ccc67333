//! A square code on screen.

use leptos::prelude::*;
use wellfield_wording::SquareCode;

/// The code, black on white in every theme. `label` says what it leads to.
#[component]
pub fn Square(code: SquareCode, label: &'static str) -> impl IntoView {
    let side = code.side;
    view! {
        <svg class="app-square" role="img" aria-label=label viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
            <path class="app-square__paper" d=format!("M0 0h{side}v{side}H0z")/>
            <path class="app-square__ink" d=code.path/>
        </svg>
    }
}
