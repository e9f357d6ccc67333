//! What in somebody's words may tell who they or others are.
//!
//! No rule finds everything that tells: "the one with the blue tent" is a name to whoever was there. So a
//! person reads every quote before it is shared, and this only points at what is easily overlooked. It
//! would rather point at "May was warm" than pass over May.

use std::collections::BTreeSet;

use crate::records::Delivery;

/// So many digits in a word are a telephone number or a date of birth.
const DIGITS_MIN: usize = 5;

/// The words of a text that are the name of a participant or of somebody who works with them, an address
/// of electronic mail or a long number, in their order and each once.
pub fn telling(delivery: &Delivery, text: &str) -> Vec<String> {
    let names = names(delivery);
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        // "Morag's" is Morag.
        let stem = bare.split(['\'', '\u{2019}']).next().unwrap_or(bare);
        let digits = bare.chars().filter(char::is_ascii_digit).count();
        let tells = names.contains(&stem.to_lowercase())
            || names.contains(&bare.to_lowercase())
            || digits >= DIGITS_MIN
            || (bare.contains('@') && bare.contains('.'));
        if tells && !found.iter().any(|known| known == bare) {
            found.push(bare.to_owned());
        }
    }
    found
}

/// That a text has nothing that may tell who somebody is, but for what somebody has looked at.
///
/// # Errors
/// What nobody has looked at yet, as [`telling`] finds it.
pub fn not_looked_at(
    delivery: &Delivery,
    text: &str,
    looked_at: &[String],
) -> Result<(), Vec<String>> {
    let mut parts = telling(delivery, text);
    parts.retain(|part| !looked_at.contains(part));
    if parts.is_empty() { Ok(()) } else { Err(parts) }
}

/// Every word of every name that the programme knows, in small letters. Words of one or two letters are
/// left out: they stand in every text.
fn names(delivery: &Delivery) -> BTreeSet<String> {
    let people = delivery.people().flat_map(|(_, recorded)| {
        let details = &recorded.details;
        let contacts = [&details.emergency, &details.supporter];
        let contacts = contacts.into_iter().flatten().map(|contact| &contact.name);
        [&details.preferred_name].into_iter().chain(contacts)
    });
    let people = people.map(|name| name.as_str());
    let staff = delivery.staff_names();
    let words = people.chain(staff).flat_map(str::split_whitespace);
    words
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect()
}
