//! What is recorded about one person as a page to print. It holds no script, loads nothing, and shows the
//! same as the JSON that it is made of.

use std::fmt::Write;

use serde_json::Value;

use crate::markup::escaped;

const STYLE: &str = "body{font:1.1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}\
section{border-top:1px solid;padding-top:.5rem;break-inside:avoid}\
dt{font-weight:bold}dd{margin:0 0 .3rem 1.5rem}dl dl{margin:0}";

/// The page of such a document.
pub fn page(document: &Value) -> String {
    let mut page = String::from("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    let id = document["subject"]["id"].as_str().unwrap_or_default();
    let made = document["made"].as_str().unwrap_or_default();
    page += &format!(
        "<title>What is recorded about you</title>\n<style>{STYLE}</style>\n\
         <h1>What is recorded about you</h1>\n<p>Made on {}, for number {}.</p>\n",
        escaped(made),
        escaped(id)
    );
    for sentence in list(&document["left_out"]) {
        page += &format!(
            "<p>{}</p>\n",
            escaped(sentence.as_str().unwrap_or_default())
        );
    }
    for record in list(&document["records"]) {
        page += "<section>\n";
        let what = record["what"].as_str().unwrap_or_default();
        let replaced = match record["replaced"].as_bool() {
            Some(true) => " (changed later)",
            _ => "",
        };
        page += &format!("<h2>{}{replaced}</h2>\n<dl>\n", escaped(&words(what)));
        for key in ["at", "recorded_by", "programme"] {
            line(&mut page, key, &record[key]);
        }
        for (key, value) in record["content"].as_object().into_iter().flatten() {
            line(&mut page, key, value);
        }
        page += "</dl>\n</section>\n";
    }
    page + "</html>\n"
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A value with its name; nothing where there is none.
fn line(page: &mut String, key: &str, value: &Value) {
    let shown = shown(value);
    if !shown.is_empty() {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "<dt>{}</dt><dd>{shown}</dd>", escaped(&words(key)));
    }
}

/// A value as markup.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("<bdi>{}</bdi>", escaped(text).replace('\n', "<br>")),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(values) => {
            let mut inside = String::new();
            for (key, value) in values {
                line(&mut inside, key, value);
            }
            if inside.is_empty() {
                return inside;
            }
            format!("<dl>{inside}</dl>")
        }
    }
}

/// A key as words.
fn words(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whatever_was_typed_stays_text() {
        let nasty = "<script>alert(1)</script> & \"'\nO’r gorau";
        let document = json!({
            "made": "2026-11-26T03:00:00Z",
            "subject": { "kind": "person", "id": nasty },
            "left_out": [nasty],
            "records": [{
                "what": "person_recorded", "replaced": true, "recorded_by": nasty,
                "content": { "name": nasty, "many": [nasty], "in": { "deep": nasty }, "none": null },
            }],
        });
        let page = page(&document);
        assert!(
            !page.contains("<script") && !page.contains("None"),
            "{page}"
        );
        assert_eq!(page.matches("&lt;script&gt;").count(), 6);
        assert!(page.contains("Person recorded (changed later)"));
        assert!(page.contains("<br>O’r gorau"));
    }
}
