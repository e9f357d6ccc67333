use wellfield_core::clock::{Hlc, parse_iso_date};
use wellfield_core::ids::{DeviceId, EventId};

use wellfield_core::disclosure::Shown;
use wellfield_core::language::Language;
use wellfield_wording::report::Cell;

use super::*;
use crate::evaluate::{evaluation, read};
use crate::sample;

const ENGLISH: Words = Words(Language::English);
const MADE: Instant = Instant(1_781_200_000_000);

/// The programme of the sample that is over.
fn sample_records() -> (Records, ProgrammeId) {
    let mut records = Records::default();
    let today = parse_iso_date("2026-06-11").unwrap();
    for (n, dated) in (1..).zip(sample::finished(today, 2, 1)) {
        let id = EventId {
            device: DeviceId::SERVER,
            n,
        };
        records.apply(&dated.draft.place(id, Hlc::ZERO.tick(dated.at), None));
    }
    let programme = records.programmes().next().unwrap().0;
    (records, programme)
}

fn made() -> (Document, Behind) {
    let (records, programme) = sample_records();
    document(
        &records,
        programme,
        (None, None),
        (ENGLISH, MADE),
        Wanted::default(),
    )
    .unwrap()
}

#[test]
fn no_form_shows_a_small_count() {
    let (document, _) = made();
    let mut counts = 0;
    for section in &document.sections {
        for table in &section.tables {
            for row in &table.rows {
                let is_of_sessions = row[0] == Cell::text("Sessions held");
                for cell in row.iter().filter(|_| !is_of_sessions) {
                    if let Cell::Count(Shown::Number(number)) = cell {
                        assert!(*number == 0 || *number >= 5, "{}: {row:?}", section.key);
                        counts += 1;
                    }
                }
            }
        }
    }
    assert!(counts > 30, "{counts}");
    let text = html(&document);
    assert!(text.contains("fewer than 5"));
}

#[test]
fn every_form_says_the_same() {
    let (document, _) = made();
    let page = html(&document);
    let json = json(&document);
    let mut reader =
        ::csv::Reader::from_reader(csv(&document).unwrap().into_bytes().leak() as &[u8]);
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut figures = 0;
    let sections = json["sections"].as_array().unwrap();
    assert_eq!(sections.len(), document.sections.len());
    for (section, of_json) in document.sections.iter().zip(sections) {
        assert_eq!(of_json["title"], section.title.as_str());
        assert!(
            page.contains(&crate::markup::escaped(&section.title)),
            "{}",
            section.title
        );
        for (place, table) in section.tables.iter().enumerate() {
            for (row, cells) in table.rows.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate().skip(1) {
                    let of_json = &of_json["tables"][place]["rows"][row][column];
                    let of_csv = rows.get(figures).unwrap();
                    assert_eq!(&of_csv[0], section.key.as_str());
                    assert_eq!(&of_csv[3], table.columns[column].as_str());
                    match cell {
                        Cell::Number(Some(number), _) => {
                            assert_eq!(of_json.as_f64(), Some(*number));
                            assert_eq!(of_csv[4].parse(), Ok(*number));
                        }
                        Cell::Count(Shown::Number(number)) => {
                            assert_eq!(of_json.as_u64(), Some((*number).into()));
                            assert_eq!(of_csv[4].parse(), Ok(*number));
                        }
                        Cell::Count(Shown::Under(least)) => {
                            assert_eq!(of_json["under"].as_u64(), Some((*least).into()));
                        }
                        Cell::Count(Shown::Hidden) => assert_eq!(of_json["hidden"], true),
                        Cell::Number(None, _) => assert!(of_json.is_null()),
                        Cell::Text(text) => assert_eq!(of_json.as_str(), Some(text.as_str())),
                    }
                    figures += 1;
                }
            }
        }
    }
    assert_eq!(figures, rows.len());
    assert!(figures > 100, "{figures}");
}

#[test]
fn an_evaluator_who_reads_the_answers_gets_the_figures_of_the_report() {
    let (document, behind) = made();
    let file = answers(&behind).unwrap();
    let rows = read(file.as_bytes()).unwrap();
    assert_eq!(rows.bad, []);
    let again = evaluation(rows, None);
    assert_eq!(again.left_out, []);
    let mut compared = 0;
    for scale in &again.report.scales {
        let instrument = again.catalogue.get(scale.instrument).unwrap();
        let key = format!("{}-{}", instrument.key, instrument.scales[scale.scale].key);
        let section = document.sections.iter().find(|section| section.key == key);
        let Some(section) = section else { continue };
        let figure = |name: &str| {
            let rows = section.tables[0].rows.iter();
            rows.filter(|row| row[0] == Cell::text(name))
                .map(|row| row[1].clone())
                .next()
        };
        let matched = u32::try_from(scale.counts.matched).unwrap();
        assert_eq!(
            figure("People compared"),
            Some(Cell::Count(Shown::Number(matched))),
            "{key}"
        );
        let change = scale
            .figures
            .as_ref()
            .and_then(|figures| figures.change.as_ref());
        if let Some(change) = change {
            let mean = Cell::Number(Some(change.mean), 2);
            assert_eq!(figure("Mean change for the better"), Some(mean), "{key}");
            compared += 1;
        }
    }
    assert!(compared >= 6, "{compared}");
    // Around sessions likewise. The file numbers them as they come, so it is what was found that is compared.
    let sections = document.sections.iter();
    let around = sections.filter(|section| section.key.starts_with("feelings-"));
    let mut told: Vec<_> = around
        .flat_map(|section| &section.tables[0].rows)
        .filter(|row| row[0] == Cell::text("Mean change for the better"))
        .map(|row| row[1].words(ENGLISH))
        .collect();
    let sessions = again.sessions.iter();
    let mut found: Vec<_> = sessions
        .filter_map(|(_, scales)| scales[0].figures.as_ref()?.change.as_ref())
        .map(|change| format!("{:.2}", change.mean))
        .collect();
    told.sort();
    found.sort();
    assert_eq!(told, found);
    assert_eq!(told.len(), 3);
}

#[test]
fn what_is_read_first_tells_every_finding_and_the_unwelcome_ones_too() {
    let (document, behind) = made();
    let short = &document.sections[0];
    assert_eq!((short.key.as_str(), short.tables.len()), ("short", 0));
    let told = short.points.join("\n");
    let catalogue = &behind.collected.catalogue;
    let mut scales = 0;
    for section in &document.sections[1..] {
        let is_scale = catalogue.find(section.key.split_once('-').map_or("", |(key, _)| key), None);
        let is_told =
            ["needs", "pulse", "acted-on", "onward", "quality"].contains(&section.key.as_str());
        if is_told || section.key.starts_with("feelings-") {
            assert!(told.contains(&section.title), "{}", section.title);
        } else if is_scale.is_some() {
            let (name, _) = section.title.rsplit_once(": ").unwrap();
            assert!(told.to_lowercase().contains(&name.to_lowercase()), "{name}");
            scales += 1;
        }
    }
    assert!(scales >= 4, "{scales}");
    assert!(told.contains("No clear change: "), "{told}");
    let people = document
        .sections
        .iter()
        .find(|section| section.key == "reach");
    let people = people.unwrap().tables[0].rows[0][1].words(ENGLISH);
    assert!(told.starts_with(&people), "{told}");
    let basis = short.text.join(" ");
    assert!(
        basis.contains("They do not show that the programme was the reason."),
        "{basis}"
    );
}

#[test]
fn a_name_stays_text_and_no_cell_is_a_formula() {
    let (mut document, _) = made();
    document.programme = "<script>alert(1)</script> & \"Dig\"".to_owned();
    document.sections[1].key = "=1+1".to_owned();
    let page = html(&document);
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert!(csv(&document).unwrap().contains("'=1+1"));
    assert!(!csv(&document).unwrap().contains("\n="));
}

#[test]
fn each_table_of_the_page_has_a_caption_and_each_section_its_finding() {
    let (document, _) = made();
    let page = html(&document);
    assert_eq!(
        page.matches("<table>").count(),
        page.matches("<caption>").count()
    );
    assert_eq!(page.matches("<h2>").count(), document.sections.len());
    assert!(page.contains("<svg") && page.contains("aria-hidden=\"true\""));
    assert!(
        !page.contains("http"),
        "it fetches nothing and names no address"
    );
}

#[test]
fn a_time_without_anybody_is_a_report_as_well() {
    let (records, programme) = sample_records();
    let day = parse_iso_date("2020-01-01");
    let (document, _) = document(
        &records,
        programme,
        (day, day),
        (ENGLISH, MADE),
        Wanted::default(),
    )
    .unwrap();
    assert_eq!(
        document.sections[0].title,
        "Nobody came to a session in this time"
    );
    assert!(html(&document).contains("Every answer is in the figures"));
    assert!(
        super::document(
            &records,
            ProgrammeId(1),
            (None, None),
            (ENGLISH, MADE),
            Wanted::default()
        )
        .is_none()
    );
}

#[test]
fn a_report_in_welsh_has_the_same_figures_in_other_words() {
    let (records, programme) = sample_records();
    let in_language = |language| {
        let words = Words(language);
        let made = document(
            &records,
            programme,
            (None, None),
            (words, MADE),
            Wanted::default(),
        );
        made.unwrap().0
    };
    let (english, welsh) = (in_language(Language::English), in_language(Language::Welsh));
    assert!(html(&welsh).contains("<html lang=\"cy\">"));
    assert_eq!(english.sections.len(), welsh.sections.len());
    for (english, welsh) in english.sections.iter().zip(&welsh.sections) {
        assert_eq!(english.key, welsh.key);
        assert_ne!(english.title, welsh.title);
        for (english, welsh) in english.tables.iter().zip(&welsh.tables) {
            let figures = |rows: &Vec<Vec<Cell>>| -> Vec<Cell> {
                let cells = rows.iter().flat_map(|row| row.iter().skip(1));
                // A word, as how far something has come, is in the language of the report.
                cells.filter(|cell| cell.is_figure()).cloned().collect()
            };
            assert_eq!(
                figures(&english.rows),
                figures(&welsh.rows),
                "{}",
                english.key
            );
        }
    }
}

#[test]
fn a_pack_says_what_each_column_means_and_leaves_the_answers_out_unless_asked() {
    let (document, behind) = made();
    let names = |with_answers| -> Vec<&str> {
        let files = pack(&document, &behind, with_answers).unwrap();
        files.iter().map(|file| file.name).collect()
    };
    assert!(names(false).iter().all(|name| !name.starts_with("answers")));
    let files = pack(&document, &behind, true).unwrap();
    let content = |name: &str| &files.iter().find(|file| file.name == name).unwrap().content;
    for table in ["report.csv", "answers.csv"] {
        let metadata: serde_json::Value =
            serde_json::from_str(content(&format!("{table}-metadata.json"))).unwrap();
        assert_eq!(metadata["url"], table);
        let columns = metadata["tableSchema"]["columns"].as_array().unwrap();
        let named: Vec<_> = columns
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        let header = content(table).lines().next().unwrap();
        assert_eq!(named.join(","), header);
        let told = |one: &serde_json::Value| !one["dc:description"].as_str().unwrap().is_empty();
        assert!(columns.iter().all(told));
    }
    let excel = content("report-excel.csv");
    assert!(excel.starts_with("\u{FEFF}section,"));
    assert_eq!(excel.matches('\n').count(), excel.matches("\r\n").count());
    let dictionary = content("answers-dictionary.csv");
    assert!(
        dictionary.contains("ons4,1,satisfied,0,10,\"Overall, how satisfied"),
        "{dictionary}"
    );
    assert!(dictionary.contains("0 not at all; 10 completely"));
}

#[test]
fn the_page_for_link_workers_says_what_is_published_and_what_was_found() {
    let (records, programme) = sample_records();
    let made = |records: &Records, address| {
        let wanted = Wanted {
            address,
            lasting: None,
        };
        let document = document(records, programme, (None, None), (ENGLISH, MADE), wanted);
        leaflet(&document.unwrap().0)
    };
    let page = made(&records, None);
    assert!(page.contains("Somebody remembered my name."), "{page}");
    assert!(page.contains("satisfaction with life"), "{page}");
    assert!(page.contains(ENGLISH.leaflet_basis()));
    assert!(page.contains(ENGLISH.leaflet_next_none()));
    assert!(!page.contains("<script") && !page.contains("<dl>"));
    // What somebody publishes is text, and so is where people refer themselves.
    let page = made(&records, Some("https://dig.example.org/<r>/"));
    assert!(page.contains("https://dig.example.org/&lt;r&gt;/"));
}

#[test]
fn a_worth_is_estimated_only_where_it_is_asked_for_and_never_without_what_has_to_stand_beside_it() {
    let (records, programme) = sample_records();
    let made = |lasting| {
        let wanted = Wanted {
            address: None,
            lasting,
        };
        let document = document(&records, programme, (None, None), (ENGLISH, MADE), wanted);
        document.unwrap().0
    };
    let is_worth = |section: &&Section| section.key == "worth";
    assert!(!made(None).sections.iter().any(|section| is_worth(&section)));
    let document = made(Lasting::years(0.25).ok());
    let section = document.sections.iter().find(is_worth).unwrap();
    assert_eq!(section.text.len(), 6, "what it is, and five caveats");
    let rows = &section.tables[0].rows;
    let figure = |place: usize| match rows[place][1] {
        Cell::Number(Some(figure), _) => figure,
        ref other => panic!("{other:?}"),
    };
    // The table of the change says how many people and by how much.
    assert!((figure(4) - figure(0) * 13_000.0).abs() < 1e-6);
    assert!(figure(6) <= figure(3) && figure(5) <= figure(7));
    assert_eq!(figure(8), 0.25);
}
