//! What is said above the hits: how sure the answer is, and what the question was taken to mean. Foreign words are still
//! raw; each rendering makes them safe in its own way.

use crate::answer::{Answer, Outcome};
use crate::texts::Language;

/// Words that no note mentions: how many are named, and how much of each (characters).
const UNKNOWN_MAX: usize = 5;
const WORD_CHARS_MAX: usize = 40;

/// The remarks on an answer, a sentence each; `safe` makes a word from outside safe.
pub(super) fn remarks(answer: &Answer, language: Language, safe: impl Fn(&str) -> String) -> Vec<String> {
    let words = |words: &[String]| -> Vec<String> {
        words.iter().take(UNKNOWN_MAX).map(|word| safe(&super::one_line(word, WORD_CHARS_MAX))).collect()
    };
    let mut lines = Vec::new();
    if !answer.corrections.is_empty() {
        lines.push(language.corrected(&words(&answer.corrections)));
    }
    if !answer.assumed.is_empty() {
        lines.push(language.assumed(&words(&answer.assumed)));
    }
    match answer.outcome {
        Outcome::Answered if !answer.aliases.is_empty() => lines.push(language.also_searched(&words(&answer.aliases))),
        Outcome::Answered => {}
        Outcome::Related => lines.push(language.related().to_owned()),
        Outcome::NotFound => lines.push(language.not_found().to_owned()),
    }
    if answer.outcome != Outcome::Answered && !answer.unknown.is_empty() {
        lines.push(language.never_mentioned(&words(&answer.unknown)));
    }
    // 你好: nothing was asked, so nothing is missing from the notes.
    if answer.outcome == Outcome::NotFound && answer.unknown.is_empty() && answer.suggestions.is_empty() {
        lines.push(language.how_to_ask().to_owned());
    }
    lines
}
