//! A postcode's district, the first half of it: SY9 of SY9 5AB.

use std::fmt;

/// A postcode's district. It never holds more of a postcode.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct District(String);

/// What was typed has no district of a postcode of the United Kingdom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no postcode")]
pub struct NotADistrict;

impl District {
    /// Takes a district, or a whole postcode, of which only the district is kept. Small letters and spaces
    /// do not matter.
    ///
    /// # Errors
    /// [`NotADistrict`] where it is neither.
    pub fn typed(typed: &str) -> Result<Self, NotADistrict> {
        let letters = typed.chars().filter(|c| !c.is_whitespace());
        let plain: String = letters.map(|c| c.to_ascii_uppercase()).collect();
        if is_district(&plain) {
            return Ok(Self(plain));
        }
        // The second half is a digit and two letters.
        let cut = plain.len().checked_sub(3).ok_or(NotADistrict)?;
        let (first, second) = plain.split_at_checked(cut).ok_or(NotADistrict)?;
        if is_district(first) && has_shape(second, "9AA") {
            Ok(Self(first.to_owned()))
        } else {
            Err(NotADistrict)
        }
    }

    /// Takes a district, and nothing more of a postcode.
    ///
    /// # Errors
    /// [`NotADistrict`].
    pub fn parse(text: &str) -> Result<Self, NotADistrict> {
        let district = is_district(text).then(|| Self(text.to_owned()));
        district.ok_or(NotADistrict)
    }

    /// The district.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The shapes of the first half (Royal Mail, Programmers' Guide to the PAF): A9, A99, AA9, AA99, A9A, AA9A.
fn is_district(text: &str) -> bool {
    let shapes = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"];
    shapes.iter().any(|shape| has_shape(text, shape))
}

/// Whether a text has a capital letter for each A of a shape and a digit for each 9.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'A' => byte.is_ascii_uppercase(),
        _ => byte.is_ascii_digit(),
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

impl fmt::Display for District {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where somebody lives is in no log.
impl fmt::Debug for District {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("District(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postcode_is_kept_as_its_district_and_no_more() {
        for (typed, kept) in [
            ("SY9 5AB", "SY9"),
            ("sy95ab", "SY9"),
            (" ll57 2dg ", "LL57"),
            ("SW1A 1AA", "SW1A"),
            ("W1A", "W1A"),
            ("M1 1AE", "M1"),
            ("B33", "B33"),
            ("cf10", "CF10"),
        ] {
            assert_eq!(District::typed(typed).unwrap().as_str(), kept, "{typed}");
        }
        for typed in [
            "",
            "SY",
            "9",
            "SY9 5A",
            "SY9 55B",
            "SY9-5AB",
            "Ŵ1",
            "SYY9 5AB",
            "ｓｙ９",
        ] {
            assert_eq!(District::typed(typed), Err(NotADistrict), "{typed}");
        }
        // From elsewhere comes a district or nothing.
        assert_eq!(District::parse("SY95AB"), Err(NotADistrict));
        assert_eq!(
            format!("{:?}", District::parse("SY9").unwrap()),
            "District(..)"
        );
    }
}
