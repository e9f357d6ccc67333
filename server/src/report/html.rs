//! A report as a page to read and to print on A4. It holds no script and loads nothing.

use std::fmt::Write;

use wellfield_wording::Words;
use wellfield_wording::report::{Figures, Picture, Section, Shape};

use super::Document;
use crate::markup::escaped;

const STYLE: &str = "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f1a14}\
h1{line-height:1.2;margin-bottom:.25rem}h2{line-height:1.25;margin:0 0 .5rem}\
section{border-top:2px solid #3f5229;padding-top:1rem;margin-top:2rem}\
table{border-collapse:collapse;width:100%;margin:1rem 0}\
caption{text-align:start;font-weight:bold;padding-bottom:.25rem}\
th,td{text-align:start;padding:.3rem .5rem .3rem 0;border-bottom:1px solid #c9c0b2;vertical-align:top}\
thead th{border-bottom:2px solid}tbody th{font-weight:normal}\
td.figure,th.figure{text-align:end;font-variant-numeric:tabular-nums}\
figure{margin:1rem 0;break-inside:avoid}figcaption{font-weight:bold}svg{width:100%;height:auto}\
svg text{font:15px system-ui,sans-serif;fill:#1f1a14}svg rect,svg .after{fill:#3f5229}\
svg line{stroke:#6b6257;stroke-width:2}svg .way{stroke:#3f5229;stroke-width:4}\
svg .before{fill:#fff;stroke:#3f5229;stroke-width:3}\
@media screen{.wide{overflow-x:auto}}@media (max-width:38em){figure{display:none}}\
h1,h2,figcaption,caption{break-after:avoid;break-inside:avoid}\
@media print{body{margin:0;max-width:none;font-size:9.5pt;line-height:1.4}section{margin-top:1rem;padding-top:.6rem}\
p{margin:.4rem 0;orphans:3;widows:3}table{margin:.6rem 0}th,td{padding:.15rem .5rem .15rem 0}thead{display:table-header-group}\
tr,table:not(:has(tbody tr:nth-child(10))){break-inside:avoid}figure{margin:.6rem auto .6rem 0;max-width:13cm}@page{size:A4;margin:16mm}}";

/// A report as a page.
pub fn html(document: &Document) -> String {
    let w = document.words;
    let language = w.0.tag();
    let title = escaped(&document.programme);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<main>\n<h1>{title}</h1>\n<p>{}</p>\n",
        escaped(&about(document)),
    );
    for section in &document.sections {
        page += &part(w, section);
    }
    page + "</main>\n</html>\n"
}

/// Who runs the programme, and which days the report is about.
fn about(document: &Document) -> String {
    let w = document.words;
    let (from, to) = (w.dated(document.period.from), w.dated(document.period.to));
    let made = document.made.utc_day().map(|day| w.dated(day));
    w.report_about(
        &from,
        &made.unwrap_or_default(),
        &document.organisation,
        &to,
    )
}

fn part(w: Words, section: &Section) -> String {
    let mut part = format!("<section>\n<h2>{}</h2>\n", escaped(&section.title));
    if !section.points.is_empty() {
        let points = section.points.iter();
        let points: String = points
            .map(|point| format!("<li>{}</li>\n", escaped(point)))
            .collect();
        let _ = writeln!(part, "<ul>\n{points}</ul>");
    }
    for text in &section.text {
        // Writing to a string cannot fail.
        let _ = writeln!(part, "<p>{}</p>", escaped(text));
    }
    for picture in &section.pictures {
        part += &svg(picture);
    }
    for figures in section.tables.iter().filter(|table| !table.rows.is_empty()) {
        part += &table(w, &section.title, figures);
    }
    part + "</section>\n"
}

fn table(w: Words, section: &str, figures: &Figures) -> String {
    // A wide table moves in a region of its own, whose name has to be its own as well.
    let mut table = format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}: {1}\"><table>\n<caption>{1}</caption>\n<thead><tr>",
        escaped(section),
        escaped(&figures.caption)
    );
    for (place, name) in figures.columns.iter().enumerate() {
        let class = match figures.holds_figures(place) {
            true => " class=\"figure\"",
            false => "",
        };
        let _ = write!(table, "<th scope=\"col\"{class}>{}</th>", escaped(name));
    }
    table += "</tr></thead>\n<tbody>\n";
    for row in &figures.rows {
        table += "<tr>";
        for (place, cell) in row.iter().enumerate() {
            let words = escaped(&cell.words(w));
            let _ = match place {
                0 => write!(table, "<th scope=\"row\">{words}</th>"),
                _ if cell.is_figure() => write!(table, "<td class=\"figure\">{words}</td>"),
                _ => write!(table, "<td>{words}</td>"),
            };
        }
        table += "</tr>\n";
    }
    table + "</tbody>\n</table></div>\n"
}

/// A picture: hidden from screen readers, because the table below it says the same.
fn svg(picture: &Picture) -> String {
    let mut svg = format!(
        "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {} {}\" aria-hidden=\"true\" focusable=\"false\">",
        escaped(&picture.title),
        Picture::WIDTH,
        picture.height
    );
    for shape in &picture.shapes {
        svg += &drawn(shape);
    }
    svg + "</svg></figure>\n"
}

fn drawn(shape: &Shape) -> String {
    match shape {
        Shape::Text { at, anchor, words } => format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{}\">{}</text>",
            at.0,
            at.1,
            anchor.name(),
            escaped(words)
        ),
        Shape::Bar { at, size } => format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            at.0, at.1, size.0, size.1
        ),
        Shape::Line { from, to, ink } => format!(
            "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" class=\"{}\"/>",
            from.0,
            from.1,
            to.0,
            to.1,
            ink.name()
        ),
        Shape::Dot { at, ink } => format!(
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{}\" class=\"{}\"/>",
            at.0,
            at.1,
            Picture::DOT,
            ink.name()
        ),
    }
}
