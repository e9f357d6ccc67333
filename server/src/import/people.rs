//! The rows of `people.csv`.

use std::collections::BTreeMap;

use wellfield_core::clock::{Date, iso_date};
use wellfield_core::people::{AccessNeed, Contact, PersonDetails};

use super::PEOPLE;
use super::cells;
use super::columns::Person;
use super::error::{RowError, shown};
use super::table::{self, Row, Table};

/// A person as their row describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The first day, if the row tells one.
    pub(super) from: Option<Date>,
    pub(super) until: Option<Date>,
    pub(super) details: PersonDetails,
}

/// The columns of a contact: name, relation, telephone.
type ContactColumns = [Person; 3];

const EMERGENCY: ContactColumns = [
    Person::EmergencyName,
    Person::EmergencyRelation,
    Person::EmergencyPhone,
];
const SUPPORTER: ContactColumns = [
    Person::SupporterName,
    Person::SupporterRelation,
    Person::SupporterPhone,
];

/// Reads the people in the order of their rows. `days` are the first and the last session's, where
/// the sessions are known. What is wrong goes to `errors`.
pub(super) fn read(
    bytes: &[u8],
    days: Option<(Date, Date)>,
    errors: &mut Vec<RowError>,
) -> Vec<Entry> {
    let Some(table) = table::read::<Person>(PEOPLE, bytes, errors) else {
        return Vec::new();
    };
    if table.rows.is_empty() {
        errors.push(RowError::of_file(PEOPLE, "has no person"));
    }
    refuse_doubles(&table, errors);
    table
        .rows
        .iter()
        .filter_map(|row| {
            let mut reader = RowReader {
                table: &table,
                row,
                errors,
            };
            reader.entry(days)
        })
        .collect()
}

/// One name for two people would put one's mark, or one's emergency contact, on the other.
fn refuse_doubles(table: &Table<Person>, errors: &mut Vec<RowError>) {
    let mut lines = BTreeMap::new();
    for row in &table.rows {
        let Ok(Some(name)) = cells::line(table.cell(row, Person::Name)) else {
            continue;
        };
        let known = *lines
            .entry(name.as_str().to_lowercase())
            .or_insert(row.line);
        if known != row.line {
            let reason = format!(
                "the same name as line {known}; add an initial to tell them apart, such as “{} B.”",
                shown(name.as_str())
            );
            errors.push(table.error(row, Person::Name, reason));
        }
    }
}

struct RowReader<'t, 'e> {
    table: &'t Table<Person>,
    row: &'t Row,
    errors: &'e mut Vec<RowError>,
}

impl RowReader<'_, '_> {
    fn entry(&mut self, days: Option<(Date, Date)>) -> Option<Entry> {
        let name = self.take(Person::Name, cells::line);
        if name == Some(None) {
            self.refuse(Person::Name, "is empty");
        }
        let access = self.access();
        let access_note = self.take(Person::AccessNote, cells::paragraph);
        let agreed_support = self.take(Person::AgreedSupport, cells::paragraph);
        let emergency = self.contact(EMERGENCY);
        let supporter = self.contact(SUPPORTER);
        let from = self.take(Person::From, cells::date);
        let until = self.take(Person::Until, cells::date);
        self.check_days(from.flatten(), until.flatten(), days);
        Some(Entry {
            from: from?,
            until: until?,
            details: PersonDetails {
                preferred_name: name??,
                access: access?,
                access_note: access_note?,
                agreed_support: agreed_support?,
                emergency: emergency?,
                supporter: supporter?,
            },
        })
    }

    fn refuse(&mut self, column: Person, reason: impl Into<String>) {
        self.errors.push(self.table.error(self.row, column, reason));
    }

    /// A cell that may be empty; `None` where it is wrong.
    fn take<T>(
        &mut self,
        column: Person,
        read: fn(&str) -> Result<Option<T>, String>,
    ) -> Option<Option<T>> {
        read(self.table.cell(self.row, column))
            .map_err(|reason| self.refuse(column, reason))
            .ok()
    }

    fn access(&mut self) -> Option<Vec<AccessNeed>> {
        match cells::access(self.table.cell(self.row, Person::Access)) {
            Ok(needs) => Some(needs),
            Err(reasons) => {
                for reason in reasons {
                    self.refuse(Person::Access, reason);
                }
                None
            }
        }
    }

    /// Somebody to call: a name and a number, or neither.
    fn contact(&mut self, [name, relation, phone]: ContactColumns) -> Option<Option<Contact>> {
        let called = self.take(name, cells::line);
        let related = self.take(relation, cells::line);
        let number = self.take(phone, cells::phone);
        match (called?, related?, number?) {
            (None, None, None) => Some(None),
            (Some(name), relation, Some(phone)) => Some(Some(Contact {
                name,
                relation,
                phone,
            })),
            (called, _, number) => {
                if called.is_none() {
                    self.refuse(name, "is empty, while other cells of this contact are not");
                }
                if number.is_none() {
                    self.refuse(phone, "is empty, while other cells of this contact are not");
                }
                None
            }
        }
    }

    /// Days on which somebody could never be on a register are slips of the pen.
    fn check_days(&mut self, from: Option<Date>, until: Option<Date>, days: Option<(Date, Date)>) {
        if let (Some(from), Some((_, last))) = (from, days)
            && from > last
        {
            let reason = format!("{} is after the last session", iso_date(from));
            self.refuse(Person::From, reason);
        }
        let starts = from.or(days.map(|(first, _)| first));
        if let (Some(starts), Some(until)) = (starts, until)
            && until < starts
        {
            let reason = format!(
                "{} is before the first day, {}",
                iso_date(until),
                iso_date(starts)
            );
            self.refuse(Person::Until, reason);
        }
    }
}
