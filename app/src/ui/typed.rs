//! What was typed into the fields of a form.

use leptos::prelude::*;
use wellfield_core::text::{Text, TextError};

use super::FieldError;
use crate::attendance::text_error;
use crate::platform::nfc;
use crate::wording::Words;

/// A text that has to be there. What is wrong with it is added to the errors.
pub fn needed<const MAX: usize>(
    w: Words,
    errors: &mut Vec<FieldError>,
    id: &'static str,
    field: RwSignal<String>,
    missing: &'static str,
) -> Option<Text<MAX>> {
    match field.with_untracked(|typed| Text::typed(typed, nfc)) {
        Ok(text) => Some(text),
        Err(error) => {
            let text = match error {
                TextError::Empty => missing.to_owned(),
                other => text_error(w, other),
            };
            errors.push((id, text));
            None
        }
    }
}

/// A text that may be left empty. What is wrong with it is added to the errors.
pub fn optional<const MAX: usize>(
    w: Words,
    errors: &mut Vec<FieldError>,
    id: &'static str,
    field: RwSignal<String>,
) -> Option<Text<MAX>> {
    match field.with_untracked(|typed| Text::typed(typed, nfc)) {
        Ok(text) => Some(text),
        Err(TextError::Empty) => None,
        Err(other) => {
            errors.push((id, text_error(w, other)));
            None
        }
    }
}
