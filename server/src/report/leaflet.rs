//! The page for link workers, to print on one sheet of A4. It holds no script and loads nothing.

use wellfield_wording::report::LeafletWords;
use wellfield_wording::{SquareCode, Words};

use super::Document;
use crate::markup::escaped;

const STYLE: &str = "body{font:1rem/1.4 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f1a14}\
h1{line-height:1.15;margin:0}h2{font-size:1.1rem;line-height:1.25;margin:1rem 0 .25rem;color:#3f5229;border-bottom:2px solid}\
p{margin:.35rem 0}ul{margin:.35rem 0;padding-inline-start:1.2rem}li{margin:.15rem 0}.basis{font-size:.9rem}\
blockquote{margin:.4rem 0;padding-inline-start:.8rem;border-inline-start:4px solid #3f5229;font-style:italic}\
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.4rem 1.5rem;margin:.35rem 0}\
dt{font-weight:bold}dd{margin:0}h2,dt{break-after:avoid}.code{width:28mm;height:28mm}\
@media print{body{margin:0;max-width:none;padding:0;font-size:9.5pt}dl{grid-template-columns:1fr 1fr}@page{size:A4;margin:14mm}}";

/// The page.
pub fn leaflet(document: &Document) -> String {
    let w = document.words;
    let LeafletWords {
        title,
        by,
        what,
        found,
        basis,
        quotes,
        facts,
        next,
        refer,
        code,
    } = &document.leaflet;
    let title = escaped(title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n",
        w.0.tag(),
        escaped(by),
    );
    if !what.is_empty() {
        page += &paragraphs("", std::slice::from_ref(what));
    }
    page += &findings(w, found, *basis);
    if !quotes.is_empty() {
        let quotes = quotes.iter();
        let quotes = quotes.map(|quote| format!("<blockquote>{}</blockquote>\n", escaped(quote)));
        page += &heading(w.leaflet_words());
        page.extend(quotes);
    }
    if !facts.is_empty() {
        let facts = facts.iter().map(|(about, words)| {
            format!(
                "<div><dt>{}</dt><dd>{}</dd></div>\n",
                escaped(about),
                escaped(words)
            )
        });
        page += &heading(w.leaflet_facts());
        page += &format!("<dl>\n{}</dl>\n", facts.collect::<String>());
    }
    page += &heading(w.leaflet_next());
    page += &list(next);
    page += &heading(w.leaflet_refer());
    page += &list(refer);
    if let Some(code) = code {
        page += &square(code, w.leaflet_code());
    }
    page + "</main>\n</html>\n"
}

fn findings(w: Words, found: &[String], basis: Option<&str>) -> String {
    let said = match found {
        [] => paragraphs("", &[w.leaflet_nothing_found().to_owned()]),
        found => {
            let basis = basis.map(|basis| paragraphs(" class=\"basis\"", &[basis.to_owned()]));
            list(found) + &basis.unwrap_or_default()
        }
    };
    heading(w.leaflet_found()) + &said
}

fn square(code: &SquareCode, label: &str) -> String {
    let SquareCode { side, path } = code;
    format!(
        "<svg class=\"code\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>\n",
        escaped(label)
    )
}

fn heading(words: &str) -> String {
    format!("<h2>{}</h2>\n", escaped(words))
}

fn list(lines: &[String]) -> String {
    let lines = lines.iter();
    let lines = lines.map(|line| format!("<li>{}</li>\n", escaped(line)));
    format!("<ul>\n{}</ul>\n", lines.collect::<String>())
}

fn paragraphs(attributes: &str, lines: &[String]) -> String {
    let lines = lines.iter();
    lines
        .map(|line| format!("<p{attributes}>{}</p>\n", escaped(line)))
        .collect()
}
