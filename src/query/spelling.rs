//! Words that no note has, taken for one that the notes have: misspelt Latin words, Han words with a character that only
//! sounds right, and pinyin typed instead of Han.
//!
//! Only what the index never saw is touched, and what was taken for what is said in the answer.

use super::words::Known;
use super::{homophones, pinyin_runs};
use crate::text::{Analyzer, Span, Token, TokenKind, WordClass, alias_key, fold, word_class};

/// A shorter Latin word is not corrected; letters. Within an English sentence (so many of its small words) only longer ones
/// are, since most words that the index never saw are just English there.
const LATIN_MIN: usize = 4;
const LATIN_MIN_IN_ENGLISH: usize = 7;
const ENGLISH_WORDS: usize = 2;
/// So many Latin words are a sentence even without its small words, such as an error message.
const LOG_WORDS: usize = 6;
/// From this length on two slips are allowed instead of one.
const TWO_SLIPS_FROM: usize = 8;

/// A word that was taken for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// As typed.
    pub typed: String,
    /// What it was taken for.
    pub taken: String,
}

/// A question with its slips mended.
pub(super) struct Mended {
    pub text: String,
    /// The tokens of that text.
    pub tokens: Vec<Token>,
    /// What was mended.
    pub corrections: Vec<Correction>,
}

/// Mends the slips of a question.
pub(super) fn mend(text: &str, analyzer: &Analyzer, known: Known<'_>) -> Result<Mended, String> {
    let mut mended = Mended { text: text.to_owned(), tokens: analyzer.tokens(text), corrections: Vec::new() };
    for find in [pinyin_runs::runs, latin_slips, homophones::slips] {
        let found = find(&mended.text, &mended.tokens, known)?;
        if found.is_empty() {
            continue;
        }
        for (span, taken) in &found {
            let correction = Correction { typed: span.of(&mended.text).to_owned(), taken: taken.clone() };
            if !mended.corrections.contains(&correction) {
                mended.corrections.push(correction);
            }
        }
        for (span, taken) in found.iter().rev() {
            mended.text.replace_range(span.start..span.end, taken);
        }
        mended.tokens = analyzer.tokens(&mended.text);
    }
    Ok(mended)
}

/// What was found: where it stands, and what it was taken for.
pub(super) type Found = Result<Vec<(Span, String)>, String>;

/// Misspelt Latin words.
fn latin_slips(text: &str, tokens: &[Token], known: Known<'_>) -> Found {
    let latin = tokens.iter().filter(|token| token.kind == TokenKind::Latin && !token.part).count();
    let is_english = latin >= LOG_WORDS || tokens.iter().filter(|token| is_english(token)).count() >= ENGLISH_WORDS;
    let shortest = if is_english { LATIN_MIN_IN_ENGLISH } else { LATIN_MIN };
    let mut found = Vec::new();
    for token in tokens.iter().filter(|token| token.kind == TokenKind::Latin && !token.part) {
        let letters = token.text.chars().filter(char::is_ascii_alphabetic).count();
        let plain = token.text.is_ascii() && word_class(&token.text) == WordClass::Content;
        if letters < shortest || !plain || is_known(token, tokens, known)? {
            continue;
        }
        // The token has lost what looked like a plural; `ingres` is nearer to `ingress` as it was typed.
        let typed = fold(token.span.of(text));
        let mut word = nearest(&typed, known)?;
        if word.is_none() && token.text != typed {
            word = nearest(&token.text, known)?;
        }
        found.extend(word.filter(|word| *word != typed).map(|word| (token.span, word)));
    }
    Ok(found)
}

fn is_english(token: &Token) -> bool {
    token.kind == TokenKind::Latin && word_class(&token.text) != WordClass::Content
}

/// Whether the notes or the lexicon have a Latin word, whole, joined, or all of its parts.
fn is_known(whole: &Token, tokens: &[Token], known: Known<'_>) -> Result<bool, String> {
    if known.lexicon.groups(&alias_key(&whole.text)).next().is_some() || known.holds(&whole.text)? {
        return Ok(true);
    }
    let parts = tokens.iter().filter(|token| token.part && whole.span.contains(token.span));
    let (joined, parts): (Vec<&Token>, Vec<&Token>) = parts.partition(|token| token.span == whole.span);
    for token in joined {
        if known.holds(&token.text)? {
            return Ok(true);
        }
    }
    let mut all = !parts.is_empty();
    for part in parts {
        all = all && known.holds(&part.text)?;
    }
    Ok(all)
}

/// The word with the fewest slips; among equals one that begins alike, then the most frequent.
fn nearest(typed: &str, known: Known<'_>) -> Result<Option<String>, String> {
    if !typed.is_ascii() {
        return Ok(None);
    }
    let slips_max = if typed.len() >= TWO_SLIPS_FROM { 2 } else { 1 };
    let first = typed.chars().next();
    let words = known.near(typed, slips_max)?;
    let near = words.iter().filter(|word| word.text.len() > 2).filter_map(|word| {
        let slips = strsim::osa_distance(typed, &word.text);
        let begins_alike = word.text.chars().next() == first;
        let plausible = is_plausible(typed, &word.text) && (slips < 2 || begins_alike);
        let rank = (slips, !begins_alike, std::cmp::Reverse(word.passages));
        (slips <= usize::from(slips_max) && plausible).then_some((rank, &word.text))
    });
    Ok(near.min().map(|(_, word)| word.clone()))
}

/// Whether somebody can have meant `word` when typing `typed`. Letters that are left out, doubled or change places happen to everyone;
/// one that stands for another must be its neighbour on the keyboard, or a vowel for a vowel. Else `spring` would be `string`.
/// A number is what it is: `lecture6` is not `lecture5`.
fn is_plausible(typed: &str, word: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    // A digit within a word may be a slip (kubern3tes).
    let may_slip =
        typed.len() == word.len() && digits(word).is_empty() && !typed.ends_with(|c: char| c.is_ascii_digit());
    if digits(typed) != digits(word) && !may_slip {
        return false;
    }
    if typed.len() != word.len() {
        return true;
    }
    let mut left: Vec<(u8, u8)> = typed.bytes().zip(word.bytes()).filter(|(a, b)| a != b).collect();
    if let [(a, b), (c, d)] = left[..]
        && a == d
        && b == c
    {
        left.clear();
    }
    let is_vowel = |letter: u8| b"aeiouy".contains(&letter);
    left.iter().all(|&(a, b)| (is_vowel(a) && is_vowel(b)) || are_neighbours(a, b))
}

/// Whether two keys touch each other on a QWERTY keyboard.
fn are_neighbours(a: u8, b: u8) -> bool {
    const ROWS: [&[u8]; 4] = [b"1234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let place = |key: u8| {
        let rows = ROWS.iter().enumerate();
        rows.filter_map(|(row, keys)| keys.iter().position(|other| *other == key).map(|column| (row, column))).next()
    };
    let (Some((row, column)), Some((other_row, other_column))) = (place(a), place(b)) else { return false };
    row.abs_diff(other_row) <= 1 && column.abs_diff(other_column) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_stands_for_its_neighbour_or_a_vowel_for_a_vowel() {
        for (typed, word) in [
            ("itsio", "istio"),
            ("kubarnetes", "kubernetes"),
            ("webhok", "webhook"),
            ("pld", "pod"),
            ("ingres", "ingress"),
            ("kubern3tes", "kubernetes"),
            ("lectrue5", "lecture5"),
        ] {
            assert!(is_plausible(typed, word), "{typed} for {word}");
        }
        for (typed, word) in [
            ("spring", "string"),
            ("replication", "application"),
            ("faster", "master"),
            ("lecture6", "lecture5"),
            ("lecture12", "lecture21"),
            ("lecture6", "lecture"),
            ("lecture", "lecture5"),
            ("lecture4", "lecturer"),
        ] {
            assert!(!is_plausible(typed, word), "{typed} for {word}");
        }
    }
}
