//! Square codes, for cameras of phones: an address that nobody has to type.

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of white around a code, which readers need (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A square code, in modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SquareCode {
    /// Its width and height, with the white around it.
    pub side: i32,
    /// The dark modules as the path of an SVG.
    pub path: String,
}

impl SquareCode {
    /// A text as a code; `None` where it is too long for one.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let dark = (0..code.size())
            .flat_map(|y| (0..code.size()).map(move |x| (x, y)))
            .filter(|(x, y)| code.get_module(*x, *y));
        Some(Self {
            side: code.size() + 2 * QUIET,
            path: dark
                .map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_white_around_it_and_a_corner_to_be_found_by() {
        let code = SquareCode::of("https://dig.example.org/r/").unwrap();
        // Version 2 has 25 modules a side, and this address needs no more.
        assert_eq!(code.side, 25 + 8);
        // The outer ring of the finder in the upper left corner: seven dark modules in a row.
        for x in 4..11 {
            assert!(code.path.contains(&format!("M{x} 4h1v1h-1z")), "{x}");
        }
        assert!(!code.path.contains("M3 "), "the white around it");
        assert_eq!(SquareCode::of(&"long".repeat(2_000)), None);
    }
}
