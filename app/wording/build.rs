//! Turns the wording files into functions, so that a missing text or a
//! placeholder that one language forgot does not compile.
//!
//! `en.toml` and `cy.toml` hold the same keys in the same sections. A text with
//! `{name}` takes `name` as an argument. A table of `one`, `other` (and in Welsh `zero`, `two`, `few`,
//! `many`) is a text that depends on the number `n` (Unicode CLDR plural rules).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

type Texts = BTreeMap<String, Text>;

enum Text {
    Plain(String),
    Plural(BTreeMap<String, String>),
}

const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=en.toml");
    println!("cargo::rerun-if-changed=cy.toml");
    let english = read("en.toml")?;
    let welsh = read("cy.toml")?;
    compare(&english, &welsh)?;
    let mut code = String::from("impl Words {\n");
    for (key, english) in &english {
        write_function(&mut code, key, english, &welsh[key])?;
    }
    code.push_str("}\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("wording.rs"), code)?;
    Ok(())
}

fn read(path: &str) -> Result<Texts, Box<dyn std::error::Error>> {
    let sections: BTreeMap<String, BTreeMap<String, toml::Value>> =
        toml::from_str(&fs::read_to_string(path)?).map_err(|error| format!("{path}: {error}"))?;
    let mut texts = Texts::new();
    for (section, entries) in sections {
        for (key, value) in entries {
            let text = match value {
                toml::Value::String(text) => Text::Plain(text),
                toml::Value::Table(forms) => Text::Plural(
                    forms
                        .into_iter()
                        .filter_map(|(form, text)| Some((form, text.as_str()?.to_owned())))
                        .collect(),
                ),
                _ => {
                    return Err(
                        format!("{path}: {section}.{key} is neither a text nor a table").into(),
                    );
                }
            };
            texts.insert(format!("{section}_{key}"), text);
        }
    }
    Ok(texts)
}

fn compare(english: &Texts, welsh: &Texts) -> Result<(), String> {
    for key in english.keys().chain(welsh.keys()) {
        let (Some(en), Some(cy)) = (english.get(key), welsh.get(key)) else {
            return Err(format!("wording: {key} stands in one language only"));
        };
        if arguments(en) != arguments(cy) {
            return Err(format!(
                "wording: {key} takes {:?} in English and {:?} in Welsh",
                arguments(en),
                arguments(cy)
            ));
        }
        for text in [en, cy] {
            if let Text::Plural(forms) = text
                && (!forms.contains_key("other")
                    || forms
                        .keys()
                        .any(|form| !CATEGORIES.contains(&form.as_str())))
            {
                return Err(format!(
                    "wording: {key} needs `other` and knows only {CATEGORIES:?}"
                ));
            }
        }
    }
    Ok(())
}

fn arguments(text: &Text) -> BTreeSet<String> {
    match text {
        Text::Plain(text) => placeholders(text),
        Text::Plural(forms) => {
            let mut all: BTreeSet<_> = forms.values().flat_map(|text| placeholders(text)).collect();
            all.insert("n".to_owned());
            all
        }
    }
}

fn placeholders(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn write_function(
    code: &mut String,
    key: &str,
    english: &Text,
    welsh: &Text,
) -> Result<(), std::fmt::Error> {
    let arguments = arguments(english);
    if let (Text::Plain(en), Text::Plain(cy)) = (english, welsh)
        && arguments.is_empty()
    {
        writeln!(
            code,
            "    #[doc = {en:?}]\n    pub fn {key}(self) -> &'static str {{ self.pick({en:?}, {cy:?}) }}"
        )?;
        return Ok(());
    }
    let plural = matches!(english, Text::Plural(_));
    let parameters: Vec<String> = arguments
        .iter()
        .map(|name| {
            if plural && name == "n" {
                "n: u64".to_owned()
            } else {
                format!("{name}: &dyn core::fmt::Display")
            }
        })
        .collect();
    writeln!(
        code,
        "    #[doc = {:?}]\n    pub fn {key}(self, {}) -> String {{",
        shown(english),
        parameters.join(", ")
    )?;
    writeln!(code, "        let text = {};", choice(english, welsh))?;
    let values: Vec<String> = arguments
        .iter()
        .map(|name| format!("({name:?}, &{name} as &dyn core::fmt::Display)"))
        .collect();
    writeln!(code, "        fill(text, &[{}])\n    }}", values.join(", "))
}

/// A text as it reads, for whoever looks the function up.
fn shown(text: &Text) -> &str {
    match text {
        Text::Plain(text) => text,
        Text::Plural(forms) => forms.get("other").map_or("", String::as_str),
    }
}

fn choice(english: &Text, welsh: &Text) -> String {
    format!(
        "match self.0 {{ Language::English => {}, Language::Welsh => {} }}",
        form(english, "english"),
        form(welsh, "welsh")
    )
}

fn form(text: &Text, language: &str) -> String {
    match text {
        Text::Plain(text) => format!("{text:?}"),
        Text::Plural(forms) if forms.len() == 1 => format!("{:?}", forms["other"]),
        Text::Plural(forms) => {
            let arms: String = forms
                .iter()
                .filter(|(category, _)| *category != "other")
                .map(|(category, text)| format!("{category:?} => {text:?}, "))
                .collect();
            format!(
                "match {language}_plural(n) {{ {arms}_ => {:?} }}",
                forms["other"]
            )
        }
    }
}
