//! Every sentence for people, Chinese and English side by side.

mod answers;
mod checks;
mod discord;
mod eval;
mod explain;
mod failures;
mod gaps;
mod help;
mod lint;
mod reports;
mod standing;
mod usage;
mod watching;

pub use checks::{Check, Level};
pub use discord::{COMMAND_TEXTS, CommandText, CommandTexts, LOOK_UP_NAMES, MenuText};
pub use failures::Message;
pub use help::localise;

/// The language in which kewen speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Chinese, simplified.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language of a setting (`zh`, `en`, `auto`): for `auto` that of the locale, else Chinese.
    #[must_use]
    pub fn choose(setting: &str, locale: Option<&str>) -> Self {
        match setting {
            "zh" => Self::Zh,
            "en" => Self::En,
            _ if locale.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("en")) => Self::En,
            _ => Self::Zh,
        }
    }

    /// The one of both that is meant.
    fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_wins_then_the_locale_then_chinese() {
        assert_eq!(Language::choose("zh", Some("en_US")), Language::Zh);
        assert_eq!(Language::choose("auto", Some("en-US")), Language::En);
        assert_eq!(Language::choose("auto", Some("C")), Language::Zh);
        assert_eq!(Language::choose("auto", None), Language::Zh);
    }
}
