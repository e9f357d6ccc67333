//! A list of people, each with a way to a page about one thing.

use leptos::prelude::*;
use wellfield_core::ids::PersonId;

use crate::ui::Icon;

/// Somebody of the list.
#[derive(Clone, PartialEq)]
pub struct PersonLine {
    /// Who.
    pub person: PersonId,
    /// What they want to be called.
    pub name: String,
    /// How it stands with them, where that is said.
    pub note: Option<String>,
}

/// People, each with how it stands with them. Their pages lie below the address of the list.
#[component]
pub fn PersonList(
    /// The address of the list.
    list: &'static str,
    /// The people, in their order.
    people: Memo<Vec<PersonLine>>,
) -> impl IntoView {
    let line = move |PersonLine { person, name, note }: PersonLine| {
        view! {
            <li>
                <a class="app-list__link" href=format!("{list}/{person}")>
                    <span class="app-list__main">{name}{note.map(|note| view! { <small>{note}</small> })}</span>
                    <Icon name="arrow-right" class="app-icon app-icon--turn"/>
                </a>
            </li>
        }
    };
    view! { <ul class="app-list">{move || people.get().into_iter().map(line).collect_view()}</ul> }
}
