//! What the server knows of Unicode and the rules do not.

use unicode_normalization::UnicodeNormalization;

/// A text in normal form C.
pub(crate) fn nfc(text: &str) -> String {
    text.nfc().collect()
}
