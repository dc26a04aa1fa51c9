//! What somebody may be about to ask: of many headings and questions the few that begin like what was typed so far, hold it, sound
//! like it or differ from it in a slip.
//!
//! Everything that does not depend on what is typed is made once ([`Suggestions::new`]); a keystroke then costs a walk over the
//! texts and a look at three lists: Latin words, pairs of Han characters, readings.

mod reading;
mod slips;
mod typed;

use std::collections::{HashMap, HashSet};

use unicode_segmentation::UnicodeSegmentation as _;

use crate::query::Question;
use crate::text::{Span, fold, is_han};
use reading::Readings;
use slips::LatinWords;
use typed::Typed;

/// Suggestions at a time, as many as Discord shows.
pub const SUGGESTIONS_MAX: usize = 25;
/// Length of a suggestion. Counted in UTF-16, so that it is short enough whichever way somebody counts.
pub const SUGGESTION_LENGTH_MAX: usize = 100;
/// Texts that are held at most: those that are worth most.
const CANDIDATES_MAX: usize = 20_000;
/// What a match counts: all that was typed stands at the beginning, at the beginning of a word, or within one.
const SAME: f32 = 3.6;
const BEGINS: f32 = 3.0;
const BEGINS_WORD: f32 = 2.0;
const WITHIN_WORD: f32 = 1.1;
/// As pinyin or its first letters, at the beginning or further on.
const READ: [f32; 2] = [1.5, 1.2];
const INITIALS: [f32; 2] = [1.0, 0.8];
/// The text stands within what was typed.
const NAMED: f32 = 0.7;
/// Share of what was typed that must be found at least.
const COVERED_MIN: f32 = 0.45;
/// What the worth of a text counts beside how well it fits.
const WORTH: f32 = 0.5;
/// So many characters within a word are too few to mean it.
const WITHIN_MIN: usize = 3;

/// A text that may be suggested.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The text; it is cleaned and cut.
    pub text: String,
    /// How good a question it is by itself, from 0 to 1.
    pub worth: f32,
}

/// Texts that can be suggested, ready to be looked through.
#[derive(Debug, Default)]
pub struct Suggestions {
    /// The ones worth most first.
    entries: Vec<Entry>,
    /// The folded texts, one a line, so that one pass finds a part in all of them.
    lines: String,
    words: LatinWords,
    /// In which texts two Han characters stand side by side.
    pairs: HashMap<[char; 2], Vec<u32>>,
    readings: Readings,
}

#[derive(Debug)]
struct Entry {
    /// As shown, and as asked when it is chosen.
    text: String,
    /// Where it stands folded in the lines.
    folded: Span,
    /// Its length there, in characters.
    chars: usize,
    worth: f32,
    reading: Vec<u16>,
}

impl Suggestions {
    /// Takes what can be suggested. Of texts that differ in nothing but marks and case the one worth most is kept, of equal worth
    /// the first.
    #[must_use]
    pub fn new(mut candidates: Vec<Candidate>) -> Self {
        candidates.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        let mut made = Self::default();
        let mut known = HashSet::new();
        for Candidate { text, worth } in candidates {
            let Some(text) = presentable(&text) else { continue };
            let folded = fold(&text);
            let key: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
            if key.is_empty() || !known.insert(key) {
                continue;
            }
            if made.entries.len() == CANDIDATES_MAX {
                break;
            }
            made.add(text, &folded, worth);
        }
        made
    }

    fn add(&mut self, text: String, folded: &str, worth: f32) {
        let number = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.words.add(folded, number);
        for pair in pairs(folded) {
            let texts = self.pairs.entry(pair).or_default();
            if texts.last() != Some(&number) {
                texts.push(number);
            }
        }
        let reading = self.readings.of(folded);
        let span = Span::new(self.lines.len(), self.lines.len() + folded.len());
        self.lines.push_str(folded);
        self.lines.push('\n');
        self.entries.push(Entry { text, folded: span, chars: folded.chars().count(), worth, reading });
    }

    /// The best place of `part` in each text, by the number of the text.
    fn places(&self, part: &str) -> Vec<Option<Place>> {
        let mut places = vec![None; self.entries.len()];
        let begins_han = part.chars().next().is_some_and(is_han);
        let mut numbers = (0..).zip(&self.entries).peekable();
        for (at, _) in self.lines.match_indices(part) {
            while numbers.next_if(|(_, entry)| entry.folded.end <= at).is_some() {}
            let Some((number, entry)) = numbers.peek() else { break };
            let before = self.lines.get(..at).and_then(|before| before.chars().next_back());
            let place = match before {
                _ if at == entry.folded.start => Place::Start,
                Some(c) if !begins_han && c.is_alphanumeric() && !is_han(c) => Place::Within,
                _ => Place::Word,
            };
            if let Some(best) = places.get_mut::<usize>(*number) {
                *best = best.map_or(Some(place), |known: Place| Some(known.min(place)));
            }
        }
        places
    }

    /// The best suggestions for what was typed so far, at most [`SUGGESTIONS_MAX`], each of 1 to [`SUGGESTION_LENGTH_MAX`]
    /// characters and none twice. Nothing typed gives those worth most.
    #[must_use]
    pub fn of(&self, typed: &str) -> Vec<&str> {
        let Some(typed) = Typed::new(typed, self) else {
            return self.entries.iter().take(SUGGESTIONS_MAX).map(|entry| entry.text.as_str()).collect();
        };
        let scored = (0..).zip(&self.entries).filter_map(|(number, entry)| {
            let fit = self.fit(&typed, number, entry);
            (fit > 0.0).then_some((fit + WORTH * entry.worth, number, entry))
        });
        let mut found: Vec<(f32, u32, &Entry)> = scored.collect();
        let order = |a: &(f32, u32, &Entry), b: &(f32, u32, &Entry)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if found.len() > SUGGESTIONS_MAX {
            found.select_nth_unstable_by(SUGGESTIONS_MAX, order);
            found.truncate(SUGGESTIONS_MAX);
        }
        found.sort_by(order);
        found.into_iter().map(|(.., entry)| entry.text.as_str()).collect()
    }

    /// How well a text fits what was typed; 0 when it does not.
    fn fit(&self, typed: &Typed, number: u32, entry: &Entry) -> f32 {
        let whole = match typed.place(number) {
            Some(Place::Start) if entry.chars == typed.chars => SAME,
            Some(Place::Start) => BEGINS,
            Some(Place::Word) => BEGINS_WORD,
            Some(Place::Within) if typed.chars >= WITHIN_MIN => WITHIN_WORD,
            _ => 0.0,
        };
        if whole > 0.0 {
            return whole;
        }
        let read = typed.letters.as_ref().map_or(0.0, |letters| self.read(letters, &entry.reading));
        if read > 0.0 {
            return read;
        }
        let covered = typed.covered(self, number, entry);
        let is_named = typed.chars > entry.chars && typed.folded.contains(entry.folded.of(&self.lines));
        let named = if is_named { NAMED } else { 0.0 };
        if covered >= COVERED_MIN { covered.max(named) } else { named }
    }

    /// What letters count as the pinyin of a text, or as the first letters of its syllables.
    fn read(&self, letters: &str, reading: &[u16]) -> f32 {
        let at = |found: Option<usize>, worth: [f32; 2]| found.map(|at| if at == 0 { worth[0] } else { worth[1] });
        let read = at(self.readings.find(reading, letters), READ);
        read.or_else(|| at(self.readings.find_initials(reading, letters), INITIALS)).unwrap_or_default()
    }
}

/// Where a part stands in a text, the best place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Start,
    /// Where a word begins; in Han text that is anywhere.
    Word,
    Within,
}

/// The pairs of Han characters that stand side by side.
fn pairs(folded: &str) -> impl Iterator<Item = [char; 2]> + '_ {
    folded.chars().zip(folded.chars().skip(1)).filter(|(a, b)| is_han(*a) && is_han(*b)).map(|(a, b)| [a, b])
}

/// A text as it can be shown and asked: cleaned as questions are, in one line, and cut at a grapheme when it is too long.
fn presentable(text: &str) -> Option<String> {
    let head: String = text.chars().take(2 * SUGGESTION_LENGTH_MAX).collect();
    let clean = Question::new(&head).ok()?.text().to_owned();
    let length = |text: &str| text.encode_utf16().count();
    if length(&clean) <= SUGGESTION_LENGTH_MAX {
        return Some(clean);
    }
    let mut kept = String::new();
    let mut left = SUGGESTION_LENGTH_MAX - 1;
    for grapheme in clean.graphemes(true) {
        let Some(rest) = left.checked_sub(length(grapheme)) else { break };
        kept.push_str(grapheme);
        left = rest;
    }
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| format!("{kept}…"))
}

#[cfg(test)]
mod tests;
