//! Words that no note has, taken for one that the notes have: misspelt Latin words, Han words with a character that only
//! sounds right, and pinyin typed instead of Han.
//!
//! Only what the index never saw is touched, and what was taken for what is said in the answer.

use std::collections::HashSet;

use super::words::{Known, Word, letters};
use crate::text::{
    Analyzer, Span, Token, TokenKind, WordClass, alias_key, fold, is_han, normalise, pinyin, word_class,
};

/// A shorter Latin word is not corrected; letters. Within an English sentence (so many of its small words) only longer ones
/// are, since most words that the index never saw are just English there.
const LATIN_MIN: usize = 4;
const LATIN_MIN_IN_ENGLISH: usize = 7;
const ENGLISH_WORDS: usize = 2;
/// From this length on two slips are allowed instead of one.
const TWO_SLIPS_FROM: usize = 8;
/// Lengths of Han words that are held against what they sound like; characters.
const HAN_LENGTHS: [usize; 4] = [5, 4, 3, 2];
/// Slips are looked for within so many characters of a question.
const HAN_LOOKED_AT: usize = 200;
/// A run of so many single syllables is pinyin even without a long word in it.
const SYLLABLES_MIN: usize = 4;
/// What a single character is worth beside a word, as a natural logarithm.
const SINGLE_PENALTY: f32 = 2.5;

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
    for find in [pinyin_runs, latin_slips, han_slips] {
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

type Found = Result<Vec<(Span, String)>, String>;

/// Misspelt Latin words.
fn latin_slips(text: &str, tokens: &[Token], known: Known<'_>) -> Found {
    let is_english = tokens.iter().filter(|token| is_english(token)).count() >= ENGLISH_WORDS;
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
        let words = known.list()?.latin();
        if let Some(word) = nearest(&typed, words).or_else(|| nearest(&token.text, words)) {
            found.push((token.span, word.text.clone()));
        }
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
fn nearest<'w>(typed: &str, words: &'w [Word]) -> Option<&'w Word> {
    let length = typed.chars().count();
    let slips_max = if length >= TWO_SLIPS_FROM { 2 } else { 1 };
    let first = typed.chars().next();
    let letters = letters(typed);
    words
        .iter()
        .filter(|word| word.text.len() > 2 && word.text.len().abs_diff(length) <= slips_max)
        .filter(|word| (word.letters ^ letters).count_ones() as usize <= 2 * slips_max)
        .filter_map(|word| {
            let slips = strsim::osa_distance(typed, &word.text);
            let begins_alike = word.text.chars().next() == first;
            (slips <= slips_max && is_plausible(typed, &word.text)).then_some((
                slips,
                !begins_alike,
                std::cmp::Reverse(word.passages),
                word,
            ))
        })
        .min_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)).then_with(|| a.3.text.cmp(&b.3.text)))
        .map(|(.., word)| word)
}

/// Whether somebody can have meant `word` when typing `typed`. Letters that are left out, doubled or change places happen to everyone;
/// one that stands for another must be its neighbour on the keyboard, or a vowel for a vowel. Else `spring` would be `string`.
fn is_plausible(typed: &str, word: &str) -> bool {
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

/// Han words in which a character only sounds right: 声名式 for 声明式.
fn han_slips(text: &str, tokens: &[Token], known: Known<'_>) -> Found {
    let borders: HashSet<usize> = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Han)
        .flat_map(|token| [token.span.start, token.span.end])
        .collect();
    let chars: Vec<(usize, char)> = text.char_indices().take(HAN_LOOKED_AT).collect();
    let mut found: Vec<(Span, String)> = Vec::new();
    for length in HAN_LENGTHS {
        for window in chars.windows(length) {
            let end = window.last().map_or(0, |(at, c)| at + c.len_utf8());
            let span = Span::new(window[0].0, end);
            let apart = !found.iter().any(|(other, _)| other.start < span.end && span.start < other.end);
            let at_borders = borders.contains(&span.start) && borders.contains(&span.end);
            if !apart || !at_borders || !window.iter().all(|(_, c)| is_han(*c)) {
                continue;
            }
            if let Some(word) = sounds_like(&fold(span.of(text)), known)? {
                found.push((span, word));
            }
        }
    }
    found.sort_by_key(|(span, _)| span.start);
    Ok(found)
}

/// The word of the notes that sounds like `typed`, when no note holds it and a single character differs.
fn sounds_like(typed: &str, known: Known<'_>) -> Result<Option<String>, String> {
    let chars: Vec<char> = typed.chars().collect();
    let mut unseen = false;
    for pair in chars.windows(2) {
        unseen |= !known.holds_pair(&pair.iter().collect::<String>())?;
    }
    if !unseen || word_class(typed) != WordClass::Content || known.lexicon.has_han_word(typed) {
        return Ok(None);
    }
    let Some(reading) = pinyin::word_reading(typed) else { return Ok(None) };
    let differs_in_one = |word: &Word| {
        let mut other = word.text.chars();
        let same = chars.iter().filter(|c| other.next() == Some(**c)).count();
        other.next().is_none() && same + 1 == chars.len()
    };
    let is_name = |word: &Word| known.lexicon.has_han_word(&word.text) || chars.len() > 2;
    let word = known.list()?.read_as(&reading).iter().find(|word| differs_in_one(word) && is_name(word));
    Ok(word.map(|word| word.text.clone()))
}

/// Runs of pinyin, as the Han text that they most probably stand for.
fn pinyin_runs(text: &str, tokens: &[Token], known: Known<'_>) -> Found {
    let mut runs = Vec::new();
    for run in runs_of_syllables(text, tokens) {
        runs.extend(Reading::of(text, &run, known)?);
    }
    let long: usize = runs.iter().map(|run| run.long).sum();
    let short: usize = runs.iter().map(|run| run.short).sum();
    if long == 0 && short < SYLLABLES_MIN {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for run in runs {
        let words = most_probable(&run.letters, &run.ends, known)?;
        // By itself a lone syllable could be any character.
        let has_word = words.iter().any(|word| word.chars().nth(1).is_some());
        if has_word || (short >= SYLLABLES_MIN && !words.is_empty()) {
            found.push((run.span, words.concat()));
        }
    }
    Ok(found)
}

/// Neighbouring tokens that can be pinyin, with nothing but blanks between them.
fn runs_of_syllables<'t>(text: &str, tokens: &'t [Token]) -> Vec<Vec<&'t Token>> {
    let mut runs: Vec<Vec<&Token>> = vec![Vec::new()];
    for token in tokens.iter().filter(|token| !token.part) {
        let last = runs.last().and_then(|run| run.last()).map(|last| last.span.end);
        let joins = last.is_none_or(|end| {
            text.get(end..token.span.start).is_some_and(|gap| gap.chars().all(|c| c == ' ' || c == '\''))
        });
        let is_pinyin = syllables(text, token).is_some();
        if !joins || !is_pinyin {
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut().filter(|_| is_pinyin) {
            run.push(token);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The typed letters of a token and where its syllables end. The token's own text may have lost its last letter to the stem.
fn syllables(text: &str, token: &Token) -> Option<(String, Vec<Vec<usize>>)> {
    let typed = normalise(token.span.of(text)).text().to_lowercase().replace('ü', "v");
    let ends = pinyin::syllable_ends(&typed)?;
    Some((typed, ends))
}

/// A run of syllables, ready to be read.
struct Reading {
    span: Span,
    letters: String,
    /// Where syllables can end, for each letter at which one begins.
    ends: Vec<Vec<usize>>,
    /// Tokens of several syllables that no note holds as they are, and tokens of a single syllable.
    long: usize,
    short: usize,
}

impl Reading {
    fn of(text: &str, run: &[&Token], known: Known<'_>) -> Result<Option<Self>, String> {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(None) };
        let span = Span::new(first.span.start, last.span.end);
        let mut reading = Self { span, letters: String::new(), ends: Vec::new(), long: 0, short: 0 };
        for token in run {
            let Some((typed, own)) = syllables(text, token) else { return Ok(None) };
            let at = reading.letters.len();
            if own.first().is_some_and(|ends| ends.contains(&typed.len())) {
                reading.short += 1;
            } else if !known.holds(&token.text)? {
                reading.long += 1;
            }
            reading
                .ends
                .extend(own.into_iter().map(|ends| ends.into_iter().map(|end| at + end).collect::<Vec<usize>>()));
            reading.letters.push_str(&typed);
        }
        Ok(Some(reading))
    }
}

/// The most probable words for a row of syllables: the product of how often each occurs (Viterbi over the row). Empty
/// when some part of it is no word of the notes.
fn most_probable(letters: &str, ends: &[Vec<usize>], known: Known<'_>) -> Result<Vec<String>, String> {
    let list = known.list()?;
    let all = known.snapshot.passages() as f32 + 1.0;
    // best[at]: the score up to there, where the last word began, and the word.
    let mut best: Vec<Option<(f32, usize, &str)>> = vec![None; letters.len() + 1];
    best[0] = Some((0.0, 0, ""));
    for start in 0..letters.len() {
        let Some((before, ..)) = best[start] else { continue };
        for end in word_ends(ends, start) {
            let Some(word) = letters.get(start..end).and_then(|reading| list.read_as(reading).first()) else {
                continue;
            };
            let single = word.text.chars().nth(1).is_none();
            let score = before + ((word.passages as f32 + 1.0) / all).ln() - if single { SINGLE_PENALTY } else { 0.0 };
            if best[end].is_none_or(|(known, ..)| score > known) {
                best[end] = Some((score, start, &word.text));
            }
        }
    }
    let mut words = Vec::new();
    let mut at = letters.len();
    while at > 0 {
        let Some((_, start, word)) = best[at] else { return Ok(Vec::new()) };
        words.push(word.to_owned());
        at = start;
    }
    words.reverse();
    Ok(words)
}

/// Where a word that begins at `start` can end: behind one to eight syllables.
fn word_ends(ends: &[Vec<usize>], start: usize) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut reached = vec![start];
    for _ in 0..8 {
        reached = reached.iter().filter_map(|&at| ends.get(at)).flatten().copied().collect();
        reached.sort_unstable();
        reached.dedup();
        found.extend(&reached);
    }
    found.sort_unstable();
    found.dedup();
    found
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
        ] {
            assert!(is_plausible(typed, word), "{typed} for {word}");
        }
        for (typed, word) in [("spring", "string"), ("replication", "application"), ("faster", "master")] {
            assert!(!is_plausible(typed, word), "{typed} for {word}");
        }
    }
}
