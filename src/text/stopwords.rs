//! Words that say how something is asked, not what is asked for.
//!
//! The lists stand in `stopwords.toml`, one place to edit. They are asked when a question is understood;
//! the index keeps every word, so a heading in question form (什么是云原生？) still holds its own.

use super::table::{WordTable, word_table};

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

static CLASSES: WordTable = word_table!("stopwords");

/// The class of a token's text (normalised, lower case, singular).
#[must_use]
pub fn word_class(word: &str) -> WordClass {
    match CLASSES.get(word) {
        Some("question") => WordClass::Question,
        Some(_) => WordClass::Function,
        None => WordClass::Content,
    }
}

/// The longest listed word in characters: bounds the look ahead for phrases such as 是干啥用的.
pub(super) fn phrase_chars_max() -> usize {
    CLASSES.chars_max()
}

/// All listed words and phrases.
pub fn listed() -> impl Iterator<Item = &'static str> {
    CLASSES.words().map(|(word, _)| word)
}

/// Whether `phrase` is listed in either class.
pub(super) fn is_listed(phrase: &str) -> bool {
    CLASSES.get(phrase).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_token_form() {
        assert!(listed().count() > 100);
        for word in listed() {
            assert_eq!(word, crate::text::fold(word), "write it normalised and in lower case");
        }
    }

    #[test]
    fn a_word_has_the_class_of_its_list() {
        assert_eq!(["什么", "how", "的", "please"].map(word_class), {
            use WordClass::{Function, Question};
            [Question, Question, Function, Function]
        });
    }

    #[test]
    fn names_are_content() {
        for word in ["pod", "容器", "部署", "network"] {
            assert_eq!(word_class(word), WordClass::Content, "{word}");
        }
    }
}
