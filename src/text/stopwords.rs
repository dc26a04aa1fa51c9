//! Words that say how something is asked, not what is asked for.
//!
//! The lists stand in `stopwords.toml`, one place to edit. They are read when a question is understood;
//! the index keeps every word, so a heading in question form (什么是云原生？) still holds its own.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What a word does in a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WordClass {
    /// Names what is asked for.
    Content,
    /// Asks: 什么, 怎么, how. Matches headings in question form at a low weight.
    Question,
    /// Holds the sentence together or is polite: 的, 请问, the. Not searched.
    Function,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    question: Vec<String>,
    function: Vec<String>,
}

static CLASSES: LazyLock<HashMap<String, WordClass>> = LazyLock::new(|| {
    let lists: Lists =
        toml::from_str(include_str!("stopwords.toml")).unwrap_or(Lists { question: vec![], function: vec![] });
    let question = lists.question.into_iter().map(|word| (word, WordClass::Question));
    let function = lists.function.into_iter().map(|word| (word, WordClass::Function));
    function.chain(question).collect()
});

/// The class of a token's text (normalised, lower case, singular).
#[must_use]
pub fn word_class(word: &str) -> WordClass {
    CLASSES.get(word).copied().unwrap_or(WordClass::Content)
}

/// The longest listed word in characters: bounds the look ahead for phrases such as 是干啥用的.
pub(super) fn phrase_chars_max() -> usize {
    static MAX: LazyLock<usize> = LazyLock::new(|| CLASSES.keys().map(|word| word.chars().count()).max().unwrap_or(0));
    *MAX
}

/// All listed words and phrases.
pub fn listed() -> impl Iterator<Item = &'static str> {
    CLASSES.keys().map(String::as_str)
}

/// Whether `phrase` is listed in either class.
pub(super) fn is_listed(phrase: &str) -> bool {
    CLASSES.contains_key(phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_parse_and_are_in_token_form() {
        assert!(CLASSES.len() > 100, "the lists in stopwords.toml do not parse");
        for word in CLASSES.keys() {
            assert_eq!(*word, crate::text::fold(word), "write it normalised and in lower case");
        }
    }

    #[test]
    fn names_are_content() {
        for word in ["pod", "容器", "部署", "network"] {
            assert_eq!(word_class(word), WordClass::Content, "{word}");
        }
    }
}
