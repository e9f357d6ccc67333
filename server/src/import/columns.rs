//! The columns that an import knows, under the names that coordinators give them.

/// A column of a file.
pub(super) trait Column: Copy + Eq + 'static {
    /// Every column, with its own name first and then the other names that it is known by, in the
    /// form that [`normal`] gives them.
    const NAMES: &'static [(Self, &'static [&'static str])];
    /// The columns without which nothing can be imported.
    const REQUIRED: &'static [Self];

    /// The column that a header cell means.
    fn of_header(header: &str) -> Option<Self> {
        let header = normal(header);
        Self::NAMES
            .iter()
            .find(|(_, names)| names.contains(&header.as_str()))
            .map(|(column, _)| *column)
    }

    /// The column's own name.
    fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(column, _)| *column == self)
            .and_then(|(_, names)| names.first())
            .copied()
            .unwrap_or_default()
    }

    /// The names of every column, for a message.
    fn known() -> String {
        let names: Vec<_> = Self::NAMES
            .iter()
            .map(|(column, _)| column.name())
            .collect();
        names.join(", ")
    }
}

/// A name without capitals, and with `_` for anything between its words.
pub(crate) fn normal(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<_> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("_")
}

/// The columns of `people.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Person {
    Name,
    Access,
    AccessNote,
    AgreedSupport,
    EmergencyName,
    EmergencyRelation,
    EmergencyPhone,
    SupporterName,
    SupporterRelation,
    SupporterPhone,
    From,
    Until,
}

impl Column for Person {
    const NAMES: &'static [(Self, &'static [&'static str])] = &[
        (
            Self::Name,
            &[
                "name",
                "preferred_name",
                "known_as",
                "full_name",
                "participant",
                "person",
            ],
        ),
        (
            Self::Access,
            &["access", "access_needs", "access_requirements", "needs"],
        ),
        (
            Self::AccessNote,
            &["access_note", "access_notes", "access_details"],
        ),
        (
            Self::AgreedSupport,
            &["agreed_support", "support_agreed", "support"],
        ),
        (
            Self::EmergencyName,
            &[
                "emergency_name",
                "emergency_contact",
                "emergency_contact_name",
            ],
        ),
        (
            Self::EmergencyRelation,
            &[
                "emergency_relation",
                "emergency_relationship",
                "emergency_contact_relation",
                "emergency_contact_relationship",
            ],
        ),
        (
            Self::EmergencyPhone,
            &[
                "emergency_phone",
                "emergency_telephone",
                "emergency_number",
                "emergency_contact_phone",
                "emergency_contact_telephone",
                "emergency_contact_number",
            ],
        ),
        (
            Self::SupporterName,
            &[
                "supporter_name",
                "supporter",
                "link_worker",
                "link_worker_name",
            ],
        ),
        (
            Self::SupporterRelation,
            &[
                "supporter_relation",
                "supporter_relationship",
                "supporter_role",
            ],
        ),
        (
            Self::SupporterPhone,
            &[
                "supporter_phone",
                "supporter_telephone",
                "supporter_number",
                "link_worker_phone",
                "link_worker_telephone",
            ],
        ),
        (
            Self::From,
            &["from", "start_date", "joined", "first_day", "starts_on"],
        ),
        (
            Self::Until,
            &["until", "end_date", "left", "last_day", "to"],
        ),
    ];
    const REQUIRED: &'static [Self] = &[Self::Name];
}

/// The columns of `sessions.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Session {
    Number,
    Date,
    Starts,
    Ends,
    Place,
}

impl Column for Session {
    const NAMES: &'static [(Self, &'static [&'static str])] = &[
        (
            Self::Number,
            &["number", "no", "session", "session_number", "session_no"],
        ),
        (Self::Date, &["date", "day", "session_date"]),
        (
            Self::Starts,
            &["starts", "start", "start_time", "starts_at", "from"],
        ),
        (
            Self::Ends,
            &[
                "ends", "end", "end_time", "ends_at", "until", "finish", "to",
            ],
        ),
        (
            Self::Place,
            &["place", "site", "venue", "location", "where"],
        ),
    ];
    const REQUIRED: &'static [Self] = &[Self::Date, Self::Starts, Self::Ends];
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn headers_are_known_however_they_are_written() {
        for header in [
            "Emergency phone",
            " EMERGENCY_PHONE ",
            "emergency-contact number",
        ] {
            assert_eq!(Person::of_header(header), Some(Person::EmergencyPhone));
        }
        assert_eq!(Session::of_header("Start time:"), Some(Session::Starts));
        assert_eq!(Person::of_header("nmae"), None);
    }

    #[test]
    fn no_name_means_two_columns() {
        fn check<C: Column>() {
            let names: Vec<_> = C::NAMES.iter().flat_map(|(_, names)| *names).collect();
            let distinct: BTreeSet<_> = names.iter().collect();
            assert_eq!(names.len(), distinct.len());
            assert!(names.iter().all(|name| normal(name) == **name));
        }
        check::<Person>();
        check::<Session>();
    }
}
