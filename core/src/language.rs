//! The languages that people are asked and answer in.

coded_enum! {
    /// A language of the product.
    pub enum Language {
        /// English.
        English = 1,
        /// Welsh.
        Welsh = 2,
    }
}

impl Language {
    /// The language tag (BCP 47) for `lang` attributes and the browser's formats.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Welsh => "cy",
        }
    }

    /// The language for a tag such as `cy-GB`; English for anything that is not known.
    pub fn from_tag(tag: &str) -> Self {
        match tag.get(..2) {
            Some("cy" | "CY") => Self::Welsh,
            _ => Self::English,
        }
    }
}
