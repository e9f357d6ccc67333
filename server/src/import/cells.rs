//! What single cells say: texts, dates, times, telephone numbers and access needs.

use wellfield_core::clock::{Date, Month, TimeOfDay, parse_iso_date};
use wellfield_core::people::AccessNeed;
use wellfield_core::text::{Line, Paragraph};

use super::columns::normal;
use super::error::{shown, text_reason};
use crate::unicode::nfc;

/// The years in which a programme can plausibly be. Others are slips of the pen.
const YEARS: core::ops::RangeInclusive<i32> = 2000..=2099;
/// Digits of the shortest number that can be dialled from anywhere in the country.
const PHONE_DIGITS_MIN: usize = 9;

/// Takes back the `'` that careful programs put before a text which a spreadsheet would otherwise
/// take for a formula.
pub(crate) fn without_guard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.starts_with(['=', '+', '-', '@']) => text,
        _ => cell,
    }
}

/// A single line; `None` for an empty cell. Line breaks inside the cell become spaces.
pub(super) fn line(cell: &str) -> Result<Option<Line>, String> {
    let words: Vec<_> = without_guard(cell).split_whitespace().collect();
    Line::typed_optional(&words.join(" "), nfc).map_err(text_reason)
}

/// A few sentences; `None` for an empty cell. Line breaks stay.
pub(super) fn paragraph(cell: &str) -> Result<Option<Paragraph>, String> {
    Paragraph::typed_optional(without_guard(cell), nfc).map_err(text_reason)
}

/// A telephone number that can be dialled; `None` for an empty cell.
pub(super) fn phone(cell: &str) -> Result<Option<Line>, String> {
    let Some(phone) = line(cell)? else {
        return Ok(None);
    };
    let typed = phone.as_str();
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let first = typed.chars().find(|c| c.is_ascii_digit() || *c == '+');
    let in_powers = typed.to_ascii_lowercase().contains("e+");
    if in_powers || (digits >= PHONE_DIGITS_MIN && !matches!(first, Some('0' | '+'))) {
        // Whoever needs this number needs it at once: one that cannot be dialled is not taken.
        return Err(format!(
            "“{}” begins with neither 0 nor +; spreadsheets take the 0 away unless the column is formatted as text",
            shown(typed)
        ));
    }
    if digits < PHONE_DIGITS_MIN {
        return Err(format!(
            "“{}” is too short for a telephone number with its area code",
            shown(typed)
        ));
    }
    Ok(Some(phone))
}

/// A calendar day; `None` for an empty cell.
pub(super) fn date(cell: &str) -> Result<Option<Date>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let date = parse_iso_date(cell)
        .or_else(|| day_first(cell))
        .ok_or_else(|| {
            format!(
                "“{}” is no date; write 2026-05-31 or 31/05/2026, day first",
                shown(cell)
            )
        })?;
    if YEARS.contains(&date.year()) {
        Ok(Some(date))
    } else {
        Err(format!("the year of “{}” cannot be right", shown(cell)))
    }
}

/// Reads `31/05/2026` and `1/5/2026`. Day first, as it is written here.
fn day_first(cell: &str) -> Option<Date> {
    let mut parts = cell.split('/').map(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        (digits && part.len() <= 4).then_some(part)
    });
    let (day, month, year) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// A time of day; `None` for an empty cell.
pub(super) fn time(cell: &str) -> Result<Option<TimeOfDay>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    TimeOfDay::parse(cell)
        .map(Some)
        .ok_or_else(|| format!("“{}” is no time of day; write 9:30 or 13:00", shown(cell)))
}

/// A whole number from 1; `None` for an empty cell.
pub(super) fn number(cell: &str) -> Result<Option<u16>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    match cell.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(format!(
            "“{}” is no whole number from 1 to {}",
            shown(cell),
            u16::MAX
        )),
    }
}

/// The words by which each access need is known, the first being its own, in the form that
/// [`normal`] gives them.
const NEEDS: &[(AccessNeed, &[&str])] = &[
    (
        AccessNeed::StepFree,
        &[
            "step_free",
            "stepfree",
            "no_steps",
            "level_access",
            "wheelchair",
            "wheelchair_access",
            "ramp",
        ],
    ),
    (
        AccessNeed::Seating,
        &["seating", "seat", "chair", "sitting", "kneeling_support"],
    ),
    (
        AccessNeed::Hearing,
        &["hearing", "hearing_loop", "loop", "captions", "lip_reading"],
    ),
    (
        AccessNeed::Sight,
        &["sight", "seeing", "vision", "large_print", "good_light"],
    ),
    (
        AccessNeed::Reading,
        &[
            "reading",
            "writing",
            "reading_and_writing",
            "reading_or_writing",
            "easy_read",
        ],
    ),
    (
        AccessNeed::Language,
        &[
            "language",
            "interpreter",
            "other_language",
            "sign_language",
            "bsl",
        ],
    ),
    (
        AccessNeed::QuietSpace,
        &["quiet_space", "quiet", "quiet_room", "quiet_place"],
    ),
    (
        AccessNeed::Toilet,
        &["toilet", "toilets", "accessible_toilet", "toilet_nearby"],
    ),
    (AccessNeed::Breaks, &["breaks", "break", "rest", "rests"]),
    (
        AccessNeed::ClearSteps,
        &[
            "clear_steps",
            "clear_instructions",
            "simple_instructions",
            "one_step_at_a_time",
        ],
    ),
    (
        AccessNeed::Companion,
        &[
            "companion",
            "carer",
            "support_worker",
            "personal_assistant",
            "pa",
        ],
    ),
    (
        AccessNeed::AssistanceDog,
        &["assistance_dog", "guide_dog", "hearing_dog"],
    ),
    (
        AccessNeed::Transport,
        &["transport", "travel", "lift", "getting_there"],
    ),
];

/// Words for having no needs.
const NONE: &[&str] = &["none", "no", "n_a", "nothing"];

/// A list of access needs, separated by `;`, `|`, `,` or line breaks.
///
/// # Errors
/// Every word that is not known, with the known ones. A need is not dropped because its word is new.
pub(super) fn access(cell: &str) -> Result<Vec<AccessNeed>, Vec<String>> {
    let mut needs = Vec::new();
    let mut unknown = Vec::new();
    for word in cell.split([';', '|', ',', '\n', '\r']) {
        let typed = without_guard(word.trim());
        let normal = normal(typed);
        if normal.is_empty() || NONE.contains(&normal.as_str()) {
            continue;
        }
        let known = NEEDS
            .iter()
            .find(|(_, words)| words.contains(&normal.as_str()));
        match known {
            Some((need, _)) if needs.contains(need) => {}
            Some((need, _)) => needs.push(*need),
            None => unknown.push(typed),
        }
    }
    if unknown.is_empty() {
        return Ok(needs);
    }
    let names: Vec<_> = NEEDS
        .iter()
        .filter_map(|(_, words)| words.first())
        .map(|word| word.replace('_', " "))
        .collect();
    let names = names.join(", ");
    Err(unknown
        .iter()
        .map(|typed| {
            format!(
                "“{}” is no access need; known are: {names}. Write anything else under access_note",
                shown(typed)
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use wellfield_core::clock::iso_date;

    #[test]
    fn dates_are_read_as_they_are_written_here() {
        for (typed, read) in [
            ("2026-05-31", "2026-05-31"),
            ("31/05/2026", "2026-05-31"),
            ("1/6/2026", "2026-06-01"),
            ("02/03/2026", "2026-03-02"),
        ] {
            assert_eq!(
                date(typed).map(|d| d.map(iso_date)),
                Ok(Some(read.to_owned()))
            );
        }
        assert_eq!(date(""), Ok(None));
        for wrong in [
            "05/31/2026",
            "31/05/26",
            "31.05.2026",
            "30/02/2026",
            "31/05/2026/1",
            "soon",
            "31/05/1926",
            "+1/05/2026",
            "31/05",
        ] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn telephone_numbers_have_to_be_diallable() {
        for right in [
            "01632 960123",
            "(01632) 960 123",
            "+44 7700 900123",
            "'+447700900123",
            "07700-900-123",
            "0044 1632 960123",
        ] {
            assert!(matches!(phone(right), Ok(Some(_))), "{right}");
        }
        assert_eq!(phone(" "), Ok(None));
        for wrong in ["960123", "1632960123", "1.63296E+09", "ask Ann", "999"] {
            assert!(phone(wrong).is_err(), "{wrong}");
        }
        let lost = phone("1632960123").unwrap_err();
        assert!(lost.contains("formatted as text"), "{lost}");
    }

    #[test]
    fn the_formula_guard_is_taken_back_and_an_apostrophe_stays() {
        for (typed, read) in [
            ("'=Ann", "=Ann"),
            ("'+44", "+44"),
            ("'-", "-"),
            ("'@home", "@home"),
            ("'t Hooft", "'t Hooft"),
            ("O'Donnell", "O'Donnell"),
        ] {
            assert_eq!(line(typed).unwrap().unwrap().as_str(), read);
        }
        assert_eq!(paragraph("'=a\r\nb").unwrap().unwrap().as_str(), "=a\nb");
    }

    #[test]
    fn access_needs_are_known_by_several_words() {
        assert_eq!(
            access("Step-free; wheelchair | Hearing loop,quiet"),
            Ok(vec![
                AccessNeed::StepFree,
                AccessNeed::Hearing,
                AccessNeed::QuietSpace
            ])
        );
        assert_eq!(access("none"), Ok(Vec::new()));
        assert_eq!(access(""), Ok(Vec::new()));
        let unknown = access("seat; parrot; unicorn").unwrap_err();
        assert_eq!(unknown.len(), 2);
        assert!(
            unknown[0].starts_with("“parrot” is no access need; known are: step free, seating")
        );
    }

    #[test]
    fn every_access_need_has_words_and_no_word_means_two() {
        let needs: Vec<_> = NEEDS.iter().map(|(need, _)| *need).collect();
        assert_eq!(needs, AccessNeed::ALL);
        let words: Vec<_> = NEEDS
            .iter()
            .flat_map(|(_, words)| *words)
            .chain(NONE)
            .collect();
        let distinct: BTreeSet<_> = words.iter().collect();
        assert_eq!(words.len(), distinct.len());
        assert!(words.iter().all(|word| normal(word) == **word));
    }

    #[test]
    fn numbers_count_from_one() {
        assert_eq!(number("7"), Ok(Some(7)));
        assert_eq!(number(""), Ok(None));
        for wrong in ["0", "-1", "1.5", "70000", "one"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
    }
}
