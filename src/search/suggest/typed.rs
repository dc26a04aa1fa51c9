//! What was typed so far, taken apart once for all texts.

use super::{Entry, Place, Suggestions, WITHIN_MIN, pairs};
use crate::query::Question;
use crate::text::{WordClass, fold, is_connector, is_han, pinyin, word_class};

/// Only the beginning of a long text is looked at; characters, and parts of it.
const TYPED_CHARS_MAX: usize = 100;
const PARTS_MAX: usize = 8;
/// What a part counts that stands in a text: where a word begins, or within one.
const AT_WORD: f32 = 1.0;
const IN_WORD: f32 = 0.6;
/// Pinyin, and Han text that only sounds like it.
const AS_PINYIN: f32 = 0.75;
const SOUNDS_ALIKE: f32 = 0.6;
/// Han text of which only some pairs of characters stand there: all of them, and the share that is the least.
const PAIRS: f32 = 0.8;
const PAIRS_SHARE_MIN: f32 = 0.34;
/// What a word weighs that only asks or holds the sentence together.
const LIGHT: f32 = 0.2;

/// What was typed, ready to be held against texts.
pub(super) struct Typed {
    pub(super) folded: String,
    /// Length in characters.
    pub(super) chars: usize,
    /// All of it as the letters of pinyin, if it can be that.
    pub(super) letters: Option<String>,
    places: Vec<Option<Place>>,
    parts: Vec<Part>,
}

/// A row of Han characters or a Latin word.
struct Part {
    weight: f32,
    chars: usize,
    han: bool,
    /// As pinyin: typed so, or how the Han characters are read.
    letters: Option<String>,
    places: Vec<Option<Place>>,
    /// What it counts in the texts that hold it nearly; none at all when it was not looked for.
    nearly: Vec<f32>,
}

impl Typed {
    /// `None` when there is nothing in it that could be looked for.
    pub(super) fn new(typed: &str, among: &Suggestions) -> Option<Self> {
        let head: String = typed.chars().take(TYPED_CHARS_MAX).collect();
        let folded = fold(Question::new(&head).ok()?.text());
        let parts: Vec<Part> = parts(&folded).take(PARTS_MAX).map(|part| Part::new(part, among)).collect();
        if parts.is_empty() {
            return None;
        }
        let (chars, letters, places) = (folded.chars().count(), letters(&folded), among.places(&folded));
        Some(Self { folded, chars, letters, places, parts })
    }

    /// Where all of it stands in a text.
    pub(super) fn place(&self, number: u32) -> Option<Place> {
        at(&self.places, number)
    }

    /// The share of what was typed that a text holds, one way or another.
    pub(super) fn covered(&self, among: &Suggestions, number: u32, entry: &Entry) -> f32 {
        let all: f32 = self.parts.iter().map(|part| part.weight).sum();
        self.parts.iter().map(|part| part.weight * part.found(among, number, entry)).sum::<f32>() / all
    }
}

impl Part {
    fn new(text: &str, among: &Suggestions) -> Self {
        let han = text.chars().next().is_some_and(is_han);
        let chars = text.chars().count();
        let is_content = word_class(text) == WordClass::Content;
        let places = among.places(text);
        let is_known = || places.iter().any(|place| is_at_word(*place));
        let nearly = match han {
            true => in_pairs(text, among),
            // Only what no text has is taken for a slip.
            false if is_known() => Vec::new(),
            false => among.words.nearly(text, among.entries.len()),
        };
        Self {
            weight: if is_content { chars as f32 } else { LIGHT * chars as f32 },
            letters: if han { pinyin::word_reading(text) } else { letters(text) },
            chars,
            han,
            nearly,
            places,
        }
    }

    /// What the part counts in a text, from 0 to 1.
    fn found(&self, among: &Suggestions, number: u32, entry: &Entry) -> f32 {
        let place = at(&self.places, number);
        if is_at_word(place) {
            return AT_WORD;
        }
        let nearly = self.nearly.get(number as usize).copied().unwrap_or_default();
        let within = if place.is_some() && self.chars >= WITHIN_MIN { IN_WORD } else { 0.0 };
        let sounds = || among.readings.find(&entry.reading, self.letters.as_deref().unwrap_or_default()).is_some();
        let is_read = (!self.han || self.chars > 1) && sounds();
        let read = if !is_read {
            0.0
        } else if self.han {
            SOUNDS_ALIKE
        } else {
            AS_PINYIN
        };
        nearly.max(within).max(read)
    }
}

fn at(places: &[Option<Place>], number: u32) -> Option<Place> {
    places.get(number as usize).copied().flatten()
}

fn is_at_word(place: Option<Place>) -> bool {
    matches!(place, Some(Place::Start | Place::Word))
}

/// What `text` counts in each text for the pairs of Han characters that it shares with it, if it shares enough.
fn in_pairs(text: &str, among: &Suggestions) -> Vec<f32> {
    let mut counts = vec![0.0; among.entries.len()];
    let mut all = 0.0;
    for pair in pairs(text) {
        all += 1.0;
        for number in among.pairs.get(&pair).into_iter().flatten() {
            counts.get_mut(*number as usize).into_iter().for_each(|count| *count += 1.0);
        }
    }
    for count in &mut counts {
        let share = *count / f32::max(all, 1.0);
        *count = if share >= PAIRS_SHARE_MIN { PAIRS * share } else { 0.0 };
    }
    counts
}

/// Han rows and Latin words, with what joins a Latin word (`kube-proxy`).
fn parts(folded: &str) -> impl Iterator<Item = &str> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        rest = rest.get(start..)?;
        let han = rest.chars().next().is_some_and(is_han);
        let belongs = |c: char| is_han(c) == han && (c.is_alphanumeric() || !han && is_connector(c));
        let (part, after) = rest.split_at(rest.find(|c| !belongs(c)).unwrap_or(rest.len()));
        rest = after;
        Some(part.trim_end_matches(is_connector))
    })
}

/// Letters as pinyin is typed, also with the marks of an input method (`rong'qi`, `rong qi`); `None` when it holds anything else.
fn letters(folded: &str) -> Option<String> {
    let joined: String = folded.chars().filter(|c| !" '’-".contains(*c)).collect();
    let joined = pinyin::as_typed(&joined);
    joined.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(joined)
}
