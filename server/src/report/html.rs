//! A report as a page to read and to print on A4. It holds no script and loads nothing.

use std::fmt::Write;

use super::{Document, Figures, Section, day};
use crate::markup::escaped;

const STYLE: &str = "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1f1a14}\
h1{line-height:1.2;margin-bottom:.25rem}h2{line-height:1.25;margin:0 0 .5rem}\
section{border-top:2px solid #3f5229;padding-top:1rem;margin-top:2rem}\
table{border-collapse:collapse;width:100%;margin:1rem 0;break-inside:avoid}\
caption{text-align:start;font-weight:bold;padding-bottom:.25rem}\
th,td{text-align:start;padding:.3rem .5rem .3rem 0;border-bottom:1px solid #c9c0b2;vertical-align:top}\
thead th{border-bottom:2px solid}tbody th{font-weight:normal}\
td.figure,th.figure{text-align:end;font-variant-numeric:tabular-nums}\
figure{margin:1rem 0;break-inside:avoid}figcaption{font-weight:bold}svg{width:100%;height:auto}\
svg text{font:15px system-ui,sans-serif;fill:#1f1a14}svg rect,svg .after{fill:#3f5229}\
svg line{stroke:#6b6257;stroke-width:2}svg .way{stroke:#3f5229;stroke-width:4}\
svg .before{fill:#fff;stroke:#3f5229;stroke-width:3}\
.wide{overflow-x:auto}@media (max-width:38em){figure{display:none}}h2,figcaption,caption{break-after:avoid}\
@media print{body{margin:0;max-width:none;font-size:10.5pt}section{margin-top:1.2rem}@page{size:A4;margin:18mm}}";

/// A report as a page.
pub fn html(document: &Document) -> String {
    let title = escaped(&document.programme);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}: report</title>\n<style>{STYLE}</style>\n<main>\n<h1>{title}</h1>\n<p>{}, {} to {}. Made on {} with Wellfield.</p>\n",
        escaped(&document.organisation),
        day(document.period.from),
        day(document.period.to),
        document.made.utc_day().map(day).unwrap_or_default(),
    );
    for section in &document.sections {
        page += &part(section);
    }
    page + "</main>\n</html>\n"
}

fn part(section: &Section) -> String {
    let mut part = format!("<section>\n<h2>{}</h2>\n", escaped(&section.title));
    for text in &section.text {
        // Writing to a string cannot fail.
        let _ = writeln!(part, "<p>{}</p>", escaped(text));
    }
    if let Some(chart) = &section.chart {
        part += &chart.svg();
    }
    for figures in section.tables.iter().filter(|table| !table.rows.is_empty()) {
        part += &table(&section.title, figures);
    }
    part + "</section>\n"
}

fn table(section: &str, figures: &Figures) -> String {
    // A wide table moves in a region of its own, whose name has to be its own as well.
    let mut table = format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}: {1}\"><table>\n<caption>{1}</caption>\n<thead><tr>",
        escaped(section),
        escaped(&figures.caption)
    );
    for (place, name) in figures.columns.iter().enumerate() {
        let class = if place > 0 { " class=\"figure\"" } else { "" };
        let _ = write!(table, "<th scope=\"col\"{class}>{}</th>", escaped(name));
    }
    table += "</tr></thead>\n<tbody>\n";
    for row in &figures.rows {
        table += "<tr>";
        for (place, cell) in row.iter().enumerate() {
            let words = escaped(&cell.words());
            let _ = match place {
                0 => write!(table, "<th scope=\"row\">{words}</th>"),
                _ => write!(table, "<td class=\"figure\">{words}</td>"),
            };
        }
        table += "</tr>\n";
    }
    table + "</tbody>\n</table></div>\n"
}
