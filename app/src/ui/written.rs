//! What was written down, as a table in which each row can be taken back.

use leptos::prelude::*;

/// A row of the table.
pub struct WrittenRow {
    /// What it is about.
    pub name: String,
    /// What else is said of it.
    pub cells: [String; 2],
    /// Takes it back.
    pub take_back: Callback<()>,
}

/// A table of what was written down.
#[component]
pub fn WrittenTable(
    /// What it is of.
    caption: &'static str,
    /// What stands in its three columns; the first names the rows.
    columns: [&'static str; 3],
    /// What the button of each row says.
    take_back: &'static str,
    /// The rows.
    rows: Vec<WrittenRow>,
) -> impl IntoView {
    let line = move |row: WrittenRow| {
        let named = row.name.clone();
        let cells = row.cells.into_iter().zip([columns[1], columns[2]]);
        let cells = cells.map(|(cell, column)| {
            view! { <td class="govuk-table__cell" data-label=column><bdi>{cell}</bdi></td> }
        });
        view! {
            <tr>
                <th scope="row" class="govuk-table__header"><bdi>{row.name}</bdi></th>
                {cells.collect_view()}
                <td class="govuk-table__cell">
                    <button type="button" class="govuk-button govuk-button--secondary" on:click=move |_| row.take_back.run(())>
                        {take_back}
                        <span class="govuk-visually-hidden">": "{named}</span>
                    </button>
                </td>
            </tr>
        }
    };
    let head = columns
        .map(|name| view! { <th scope="col" class="govuk-table__header">{name}</th> })
        .collect_view();
    view! {
        <div class="app-table">
            <table class="govuk-table">
                <caption class="govuk-table__caption govuk-table__caption--m">{caption}</caption>
                <thead>
                    <tr>
                        {head}
                        <th scope="col" class="govuk-table__header"><span class="govuk-visually-hidden">{take_back}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
