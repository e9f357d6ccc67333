//! Form fields: label, hint, error and control, tied together for everybody who cannot see them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::platform::document;
use crate::wording::words;

/// The `id` of a field and what is wrong with it.
pub type FieldError = (&'static str, String);

/// The errors of a form.
pub type FieldErrors = RwSignal<Vec<FieldError>>;

/// What is wrong with one field.
pub fn error_of(errors: FieldErrors, id: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        errors.with(|errors| {
            errors
                .iter()
                .find(|(field, _)| *field == id)
                .map(|(_, error)| error.clone())
        })
    })
}

/// The id of a field's element. Where a page holds the same form several times, `of` tells which of them
/// it belongs to.
fn element_id(id: &'static str, of: Option<&str>) -> String {
    match of {
        Some(of) => format!("{id}-{of}"),
        None => id.to_owned(),
    }
}

/// The errors of a form, above it. It takes the focus when it appears.
#[component]
pub fn ErrorSummary(
    /// The errors.
    errors: FieldErrors,
    /// Which of several forms of one kind this is.
    #[prop(optional, into)]
    of: Option<String>,
    /// The questions of fields whose error says too little away from its question.
    #[prop(optional)]
    questions: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let w = words();
    let summary = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if errors.with(|errors| !errors.is_empty()) {
            request_animation_frame(move || {
                if let Some(summary) = summary.try_get_untracked().flatten() {
                    let _ = summary.focus();
                }
            });
        }
    });
    let about = StoredValue::new((of, questions));
    let lines = move || {
        about.with_value(|(of, questions)| {
            let errors = errors.get().into_iter();
            errors
                .map(|(id, error)| {
                    let question = questions.iter().find(|(field, _)| *field == id);
                    let text = match question {
                        Some((_, question)) => format!("{question} {error}"),
                        None => error,
                    };
                    (element_id(id, of.as_deref()), text)
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        <Show when=move || errors.with(|errors| !errors.is_empty())>
            <div class="govuk-error-summary" tabindex="-1" node_ref=summary>
                <div role="alert">
                    <h2 class="govuk-error-summary__title">{w.form_problem()}</h2>
                    <div class="govuk-error-summary__body">
                        <ul class="govuk-list govuk-error-summary__list">
                            {move || {
                                lines()
                                    .into_iter()
                                    .map(|(id, text)| view! { <li><ErrorLink id text/></li> })
                                    .collect_view()
                            }}
                        </ul>
                    </div>
                </div>
            </div>
        </Show>
    }
}

/// A link that moves the focus to a field without leaving a trace in the address bar.
#[component]
fn ErrorLink(id: String, text: String) -> impl IntoView {
    let address = format!("#{id}");
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(field) = document().get_element_by_id(&id)
            && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
        {
            field.scroll_into_view();
            let _ = field.focus();
        }
    };
    view! { <a href=address rel="external" on:click=go>{text}</a> }
}

/// What is wrong with a field, at the field.
#[component]
pub fn ErrorMessage(
    /// The id of the field's element.
    #[prop(into)]
    id: String,
    /// What is wrong, if anything is.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let w = words();
    move || {
        error.get().map(|error| {
            view! {
                <p class="govuk-error-message" id=format!("{id}-error")>
                    <span class="govuk-visually-hidden">{w.form_error_prefix()}" "</span>
                    {error}
                </p>
            }
        })
    }
}

fn group_class(error: Signal<Option<String>>) -> impl Fn() -> &'static str {
    move || {
        if error.get().is_some() {
            "govuk-form-group govuk-form-group--error"
        } else {
            "govuk-form-group"
        }
    }
}

/// What describes a field: its hint, and what is wrong with it.
pub fn described_by(
    id: impl Into<String>,
    hint: bool,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> {
    let id = id.into();
    move || match (hint, error.get().is_some()) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

/// One line of text.
#[component]
pub fn TextField(
    /// The element's id, by which errors find it.
    id: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// A hint below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What was typed.
    value: RwSignal<String>,
    /// The errors of the form.
    errors: FieldErrors,
    /// The kind of input.
    #[prop(default = "text")]
    kind: &'static str,
    /// Which keyboard a tablet shows.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether the label is the heading of the page.
    #[prop(optional)]
    heading: bool,
) -> impl IntoView {
    let error = error_of(errors, id);
    let hinted = hint.is_some();
    let class = move || {
        if error.get().is_some() {
            "govuk-input govuk-input--error"
        } else {
            "govuk-input"
        }
    };
    view! {
        <div class=group_class(error)>
            <Label id label heading/>
            {hint.map(|hint| view! { <div class="govuk-hint" id=format!("{id}-hint")>{hint}</div> })}
            <ErrorMessage id error/>
            <input
                class=class
                id=id
                name=id
                type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                aria-describedby=described_by(id, hinted, error)
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// The element's id, by which errors find it.
    id: &'static str,
    /// Which of several forms of one kind the field belongs to.
    #[prop(optional, into)]
    of: Option<String>,
    /// The label.
    #[prop(into)]
    label: String,
    /// A hint below the label.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What was typed.
    value: RwSignal<String>,
    /// The errors of the form.
    errors: FieldErrors,
    /// The height in lines.
    #[prop(default = 4)]
    rows: u32,
    /// Whether the label is the heading of the page.
    #[prop(optional)]
    heading: bool,
) -> impl IntoView {
    let error = error_of(errors, id);
    let hinted = hint.is_some();
    let element = element_id(id, of.as_deref());
    let class = move || {
        if error.get().is_some() {
            "govuk-textarea govuk-textarea--error"
        } else {
            "govuk-textarea"
        }
    };
    view! {
        <div class=group_class(error)>
            <Label id=element.clone() label heading/>
            {hint.map(|hint| view! { <div class="govuk-hint" id=format!("{element}-hint")>{hint}</div> })}
            <ErrorMessage id=element.clone() error/>
            <textarea
                class=class
                id=element.clone()
                name=id
                rows=rows
                autocomplete="off"
                aria-describedby=described_by(element, hinted, error)
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
        </div>
    }
}

#[component]
fn Label(#[prop(into)] id: String, label: String, heading: bool) -> impl IntoView {
    if heading {
        view! {
            <h1 class="govuk-label-wrapper" tabindex="-1">
                <label class="govuk-label govuk-label--l" for=id>{label}</label>
            </h1>
        }
        .into_any()
    } else {
        view! { <label class="govuk-label" for=id>{label}</label> }.into_any()
    }
}

#[component]
fn Legend(legend: String, heading: bool) -> impl IntoView {
    if heading {
        view! {
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--l">
                <h1 class="govuk-fieldset__heading" tabindex="-1">{legend}</h1>
            </legend>
        }
        .into_any()
    } else {
        view! { <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{legend}</legend> }
            .into_any()
    }
}

/// What tells radios from checkboxes.
struct Kind {
    input: &'static str,
    group: &'static str,
    item_class: &'static str,
    input_class: &'static str,
    label_class: &'static str,
}

const RADIOS: Kind = Kind {
    input: "radio",
    group: "govuk-radios",
    item_class: "govuk-radios__item",
    input_class: "govuk-radios__input",
    label_class: "govuk-label govuk-radios__label",
};

const CHECKBOXES: Kind = Kind {
    input: "checkbox",
    group: "govuk-checkboxes",
    item_class: "govuk-checkboxes__item",
    input_class: "govuk-checkboxes__input",
    label_class: "govuk-label govuk-checkboxes__label",
};

/// A question with its options, of which one or several may be chosen.
#[component]
fn Choices<T>(
    kind: Kind,
    id: &'static str,
    legend: String,
    hint: Option<String>,
    options: Vec<(T, String)>,
    errors: FieldErrors,
    heading: bool,
    is_chosen: impl Fn(T) -> bool + Copy + Send + Sync + 'static,
    choose: impl Fn(T, bool) + Copy + 'static,
) -> impl IntoView
where
    T: Copy + Send + Sync + 'static,
{
    let error = error_of(errors, id);
    let hinted = hint.is_some();
    let items = options
        .into_iter()
        .enumerate()
        .map(|(index, (option, label))| {
            let item = if index == 0 {
                id.to_owned()
            } else {
                format!("{id}-{index}")
            };
            view! {
                <div class=kind.item_class>
                    <input
                        class=kind.input_class
                        id=item.clone()
                        name=id
                        type=kind.input
                        prop:checked=move || is_chosen(option)
                        on:change:target=move |event| choose(option, event.target().checked())
                    />
                    <label class=kind.label_class for=item>{label}</label>
                </div>
            }
        })
        .collect_view();
    view! {
        <div class=group_class(error)>
            <fieldset class="govuk-fieldset" aria-describedby=described_by(id, hinted, error)>
                <Legend legend heading/>
                {hint.map(|hint| view! { <div class="govuk-hint" id=format!("{id}-hint")>{hint}</div> })}
                <ErrorMessage id error/>
                <div class=kind.group>{items}</div>
            </fieldset>
        </div>
    }
}

/// One of several. Nothing is chosen beforehand.
#[component]
pub fn Radios<T>(
    /// The id of the first option, by which errors find it.
    id: &'static str,
    /// The question.
    #[prop(into)]
    legend: String,
    /// A hint below the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The options with their words.
    options: Vec<(T, String)>,
    /// The chosen option.
    value: RwSignal<Option<T>>,
    /// The errors of the form.
    errors: FieldErrors,
    /// Whether the question is the heading of the page.
    #[prop(optional)]
    heading: bool,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let is_chosen = move |option: T| value.get() == Some(option);
    let choose = move |option: T, _| value.set(Some(option));
    view! { <Choices kind=RADIOS id legend hint options errors heading is_chosen choose/> }
}

/// Any of several.
#[component]
pub fn Checkboxes<T>(
    /// The id of the first option, by which errors find it.
    id: &'static str,
    /// The question.
    #[prop(into)]
    legend: String,
    /// A hint below the question.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The options with their words.
    options: Vec<(T, String)>,
    /// The chosen options.
    value: RwSignal<Vec<T>>,
    /// The errors of the form.
    errors: FieldErrors,
    /// Whether the question is the heading of the page.
    #[prop(optional)]
    heading: bool,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let is_chosen = move |option: T| value.with(|chosen| chosen.contains(&option));
    let choose = move |option: T, on: bool| {
        value.update(|chosen| {
            chosen.retain(|other| *other != option);
            if on {
                chosen.push(option);
            }
        });
    };
    view! { <Choices kind=CHECKBOXES id legend hint options errors heading is_chosen choose/> }
}
