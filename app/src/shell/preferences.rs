//! Language, theme and text size of this browser. They tell nothing about anybody.

use leptos::prelude::*;
use wellfield_core::language::Language;

use crate::platform::{document, keep_setting, setting, window};

/// The colours of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the tablet is set.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// For bright sun: black on white, thick lines.
    Sun,
}

impl Theme {
    /// Every theme, in the order of the settings page.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Light, Self::Dark, Self::Sun];

    const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Sun => "sun",
        }
    }
}

/// The size of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSize {
    /// As the browser is set.
    Usual,
    /// Larger.
    Large,
    /// Largest.
    Largest,
}

impl TextSize {
    /// Every size, in the order of the settings page.
    pub const ALL: [Self; 3] = [Self::Usual, Self::Large, Self::Largest];

    const fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }
}

/// The preferences, and what keeps the page and the browser in step with them.
#[derive(Clone, Copy)]
pub struct Preferences {
    /// The language. The page is made anew when it changes.
    pub language: RwSignal<Language>,
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// The text size.
    pub text: RwSignal<TextSize>,
}

impl Preferences {
    /// Reads the preferences and puts them into effect, now and at every change.
    pub fn begin() -> Self {
        let theme = setting("theme").unwrap_or_default();
        let preferences = Self {
            language: RwSignal::new(kept_language()),
            theme: RwSignal::new(
                Theme::ALL
                    .into_iter()
                    .find(|t| t.name() == theme)
                    .unwrap_or(Theme::Auto),
            ),
            text: RwSignal::new(kept_text_size()),
        };
        preferences.apply();
        provide_context(preferences.language);
        provide_context(preferences);
        preferences
    }

    fn apply(self) {
        Effect::new(move || {
            set_attribute("lang", self.language.get().tag());
            set_attribute("data-theme", self.theme.get().name());
            set_attribute("data-text", self.text.get().name());
        });
    }

    /// Goes back to what this browser keeps, after a participant chose otherwise for their form.
    pub fn restore(self) {
        self.language.set(kept_language());
        self.text.set(kept_text_size());
    }

    /// Sets and keeps the language.
    pub fn set_language(self, language: Language) {
        keep_setting("language", language.tag());
        self.language.set(language);
    }

    /// Sets and keeps the theme.
    pub fn set_theme(self, theme: Theme) {
        keep_setting("theme", theme.name());
        self.theme.set(theme);
    }

    /// Sets and keeps the text size.
    pub fn set_text(self, text: TextSize) {
        keep_setting("text", text.name());
        self.text.set(text);
    }
}

/// The language that was chosen here, or the browser's.
fn kept_language() -> Language {
    let tag = setting("language")
        .or_else(|| window().navigator().language())
        .unwrap_or_default();
    Language::from_tag(&tag)
}

fn kept_text_size() -> TextSize {
    let text = setting("text").unwrap_or_default();
    TextSize::ALL
        .into_iter()
        .find(|t| t.name() == text)
        .unwrap_or(TextSize::Usual)
}

fn set_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, value);
    }
}
