//! What is read from text: identifiers in an address, days and times in a spreadsheet, what people
//! typed. Bytes that are no UTF-8 become text as a browser makes it of them. And a latch, whose bytes
//! are no CBOR either.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use wellfield_core::clock::{TimeOfDay, iso_date, parse_iso_date};
use wellfield_core::handover::PinLatch;
use wellfield_core::ids::{
    PersonId, ProgrammeId, ReferralId, ResponseId, SessionId, StaffId, base32, from_base32,
};
use wellfield_core::language::Language;
use wellfield_core::stream::Stream;
use wellfield_core::sync::{Freshness, Proof};
use wellfield_core::text::Text;

use super::{Decoder, LITTLE, written_and_read};

pub(super) const TEXTS: &[Decoder] = &[
    named::<Stream>("Stream"),
    named::<ProgrammeId>("ProgrammeId"),
    named::<SessionId>("SessionId"),
    named::<PersonId>("PersonId"),
    named::<StaffId>("StaffId"),
    named::<ResponseId>("ResponseId"),
    named::<ReferralId>("ReferralId"),
    typed::<100>("Line"),
    typed::<2000>("Paragraph"),
    Decoder {
        name: "Proof::from_text",
        golden: "",
        read: |bytes| Proof::from_text(&text(bytes)).is_ok(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| Proof::from_text(&text(bytes));
            written_and_read(bytes, read, |proof| proof.to_text().into_bytes());
        },
        memory_max: memory_of_text,
    },
    Decoder {
        name: "Freshness::from_text",
        golden: "",
        read: |bytes| Freshness::from_text(&text(bytes)).is_ok(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| Freshness::from_text(&text(bytes));
            written_and_read(bytes, read, |challenge| challenge.to_text().into_bytes());
        },
        memory_max: memory_of_text,
    },
    Decoder {
        name: "from_base32",
        golden: "",
        read: |bytes| from_base32(&text(bytes)).is_some(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| from_base32(&text(bytes)).ok_or(());
            written_and_read(bytes, read, |value| base32(*value, 26).into_bytes());
        },
        memory_max: memory_of_text,
    },
    Decoder {
        name: "TimeOfDay::parse",
        golden: "",
        read: |bytes| TimeOfDay::parse(&text(bytes)).is_some(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| TimeOfDay::parse(&text(bytes)).ok_or(());
            written_and_read(bytes, read, |time| time.to_string().into_bytes());
        },
        memory_max: memory_of_text,
    },
    Decoder {
        name: "parse_iso_date",
        golden: "",
        read: |bytes| parse_iso_date(&text(bytes)).is_some(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| parse_iso_date(&text(bytes)).ok_or(());
            written_and_read(bytes, read, |day| iso_date(*day).into_bytes());
        },
        memory_max: memory_of_text,
    },
    Decoder {
        name: "Language::from_tag",
        golden: "",
        read: |bytes| Language::ALL.contains(&Language::from_tag(&text(bytes))),
        stays_the_same: |bytes| {
            let language = Language::from_tag(&text(bytes));
            assert_eq!(Language::from_tag(language.tag()), language);
        },
        memory_max: memory_of_text,
    },
    Decoder {
        name: "PinLatch::from_bytes",
        golden: "",
        read: |bytes| PinLatch::from_bytes(bytes).is_some(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| PinLatch::from_bytes(bytes).ok_or(());
            written_and_read(bytes, read, PinLatch::to_bytes);
        },
        memory_max: |_| LITTLE,
    },
];

/// Something that has a name in addresses.
const fn named<T: FromStr + Display + PartialEq>(name: &'static str) -> Decoder {
    Decoder {
        name,
        golden: "",
        read: |bytes| text(bytes).parse::<T>().is_ok(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| text(bytes).parse::<T>();
            written_and_read(bytes, read, |value| value.to_string().into_bytes());
        },
        memory_max: memory_of_text,
    }
}

/// What somebody typed into a field of so many characters.
const fn typed<const MAX: usize>(name: &'static str) -> Decoder {
    Decoder {
        name,
        golden: "",
        read: |bytes| Text::<MAX>::parse(&text(bytes)).is_ok(),
        stays_the_same: |bytes| {
            let read = |bytes: &[u8]| Text::<MAX>::parse(&text(bytes));
            written_and_read(bytes, read, |value| value.as_str().as_bytes().to_vec());
            if let Ok(value) = read(bytes) {
                assert!(value.as_str().chars().count() <= MAX, "longer than {MAX}");
            }
        },
        memory_max: memory_of_text,
    }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// A byte that is no UTF-8 becomes a sign of three, in a text that grows and is there a second time
/// while it moves. What was read is a copy of that, once it no longer grows.
const fn memory_of_text(length: usize) -> usize {
    LITTLE + 9 * length
}
