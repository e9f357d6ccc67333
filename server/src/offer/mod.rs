//! A coordinator's JSON file becomes the public description of a programme: all of it, or none.
//!
//! Everything that is wrong is told at once, with the place in the file, so that one visit to the
//! editor puts it right; what is not understood is refused and never left out, because somebody typed
//! it for people to read.

mod error;
mod tree;

use std::collections::BTreeMap;

use crate::unicode::nfc;
use wellfield_core::ids::ProgrammeId;
use wellfield_core::language::Language;
use wellfield_core::offer::{OfferPublished, OfferText};
use wellfield_core::text::{Line, Text};

use crate::import::shown;
pub use error::FieldError;
use error::text_reason;
use tree::Node;

/// The fields of the file.
const OF_OFFER: &[&str] = &["organisation", "phone", "texts"];

/// The fields of each of its texts.
const OF_TEXT: &[&str] = &[
    "language",
    "name",
    "what",
    "place",
    "when",
    "getting_there",
    "cost",
    "access",
    "expect",
];

/// What the file calls the languages.
const LANGUAGES: &[(&str, Language)] = &[("en", Language::English), ("cy", Language::Welsh)];

/// What a file says, before it is known which programme it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Who runs it.
    pub organisation: Line,
    /// The telephone number for people who would rather talk.
    pub phone: Line,
    /// The offer in each language, at least one, and none twice.
    pub texts: Vec<OfferText>,
}

impl Description {
    /// The offer of a programme.
    pub fn of(self, programme: ProgrammeId) -> OfferPublished {
        OfferPublished {
            programme,
            organisation: self.organisation,
            phone: self.phone,
            texts: self.texts,
        }
    }
}

/// Reads a description out of a file.
///
/// # Errors
/// Everything that is wrong. Then nothing may be published.
pub fn read(file: &[u8]) -> Result<Description, Vec<FieldError>> {
    let mut errors = Vec::new();
    let description = match tree::parse(file) {
        Ok(node) => description(node, &mut errors),
        Err(error) => {
            errors.push(FieldError::new("", format!("is not JSON: {error}")));
            None
        }
    };
    description.filter(|_| errors.is_empty()).ok_or(errors)
}

/// What the file calls a language.
pub fn language_word(language: Language) -> &'static str {
    LANGUAGES
        .iter()
        .find(|(_, known)| *known == language)
        .map_or(language.tag(), |(word, _)| word)
}

fn description(node: Node, errors: &mut Vec<FieldError>) -> Option<Description> {
    let mut fields = fields(node, "", OF_OFFER, errors)?;
    let organisation = text(fields.remove("organisation"), "organisation", errors);
    let phone = text(fields.remove("phone"), "phone", errors);
    let texts = fields.remove("texts").map(|node| texts(node, errors));
    Some(Description {
        organisation: organisation?,
        phone: phone?,
        texts: texts?,
    })
}

fn texts(node: Node, errors: &mut Vec<FieldError>) -> Vec<OfferText> {
    let Node::List(nodes) = node else {
        errors.push(FieldError::new("texts", "has to be a list: [ … ]"));
        return Vec::new();
    };
    if nodes.is_empty() {
        errors.push(FieldError::new("texts", "needs at least one text"));
    }
    let mut first_in = BTreeMap::new();
    nodes
        .into_iter()
        .enumerate()
        .filter_map(|(index, node)| one_text(node, index, &mut first_in, errors))
        .collect()
}

/// One text. `first_in` says which languages were there before, and in which text.
fn one_text(
    node: Node,
    index: usize,
    first_in: &mut BTreeMap<&'static str, usize>,
    errors: &mut Vec<FieldError>,
) -> Option<OfferText> {
    let path = format!("texts[{index}]");
    let mut fields = fields(node, &path, OF_TEXT, errors)?;
    let language_path = within(&path, "language");
    let language = language(fields.remove("language"), &language_path, errors);
    if let Some((word, _)) = language {
        match first_in.get(word) {
            Some(first) => errors.push(FieldError::new(
                language_path,
                format!("is \"{word}\", and so is that of texts[{first}]"),
            )),
            None => {
                first_in.insert(word, index);
            }
        }
    }
    let name = text(fields.remove("name"), &within(&path, "name"), errors);
    let mut paragraph = |field| text(fields.remove(field), &within(&path, field), errors);
    // All of them are looked at before the first one that is wrong ends this.
    let [what, place, when, getting_there, cost, access, expect] = [
        "what",
        "place",
        "when",
        "getting_there",
        "cost",
        "access",
        "expect",
    ]
    .map(&mut paragraph);
    Some(OfferText {
        language: language?.1,
        name: name?,
        what: what?,
        place: place?,
        when: when?,
        getting_there: getting_there?,
        cost: cost?,
        access: access?,
        expect: expect?,
    })
}

/// The fields of an object. Those that are unknown, there twice or missing are told.
fn fields(
    node: Node,
    path: &str,
    known: &'static [&'static str],
    errors: &mut Vec<FieldError>,
) -> Option<BTreeMap<&'static str, Node>> {
    let Node::Object(entries) = node else {
        errors.push(FieldError::new(path, "has to be an object: { … }"));
        return None;
    };
    let mut found = BTreeMap::new();
    for (key, value) in entries {
        let Some(&field) = known.iter().find(|field| **field == key) else {
            let reason = format!("is not known; the fields here are {}", known.join(", "));
            errors.push(FieldError::new(within(path, &shown(&key)), reason));
            continue;
        };
        if found.insert(field, value).is_some() {
            errors.push(FieldError::new(within(path, field), "stands there twice"));
        }
    }
    for field in known {
        if !found.contains_key(field) {
            errors.push(FieldError::new(within(path, field), "is missing"));
        }
    }
    Some(found)
}

/// A checked text. One that is not there was told of before.
fn text<const MAX: usize>(
    node: Option<Node>,
    path: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Text<MAX>> {
    let typed = string(node?, path, errors)?;
    Text::typed(&typed, nfc)
        .map_err(|error| errors.push(FieldError::new(path, text_reason(error))))
        .ok()
}

fn language(
    node: Option<Node>,
    path: &str,
    errors: &mut Vec<FieldError>,
) -> Option<(&'static str, Language)> {
    let typed = string(node?, path, errors)?;
    let known = LANGUAGES.iter().find(|(word, _)| *word == typed);
    if known.is_none() {
        let words: Vec<_> = LANGUAGES
            .iter()
            .map(|(word, _)| format!("\"{word}\""))
            .collect();
        let reason = format!("has to be one of {}", words.join(", "));
        errors.push(FieldError::new(path, reason));
    }
    known.copied()
}

fn string(node: Node, path: &str, errors: &mut Vec<FieldError>) -> Option<String> {
    if let Node::Text(typed) = node {
        return Some(typed);
    }
    errors.push(FieldError::new(path, "has to be a text: \"…\""));
    None
}

fn within(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else {
        format!("{path}.{field}")
    }
}
