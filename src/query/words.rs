//! The words that the notes know: what a misspelt word, or one typed in pinyin, is held against.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::index::{Snapshot, TextField};
use crate::text::{Lexicon, is_han, listed_stop_words, pinyin};

/// A word with several readings is listed under at most this many.
const READINGS_MAX: usize = 16;
/// How much rarer a word is in a reading that is not the usual one of its characters (其 as ji). Words of the lexicon that no note
/// holds have their usual one only.
const RARE_READING: u32 = 8;
/// Longer words are not asked for in pinyin; characters.
const READ_CHARS_MAX: usize = 8;

/// A word and the number of passages that hold it; 0 for one of the lexicon only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word as the index has it.
    pub text: String,
    /// Number of passages.
    pub passages: u32,
    /// Its letters as a set, see [`letters`].
    pub letters: u64,
}

/// The letters, digits and marks of an ASCII text as a set of bits: two texts that differ in so many slips differ in at most
/// twice as many bits, which is far quicker to see.
#[must_use]
pub(super) fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |set, byte| set | 1 << (byte % 64))
}

/// All words of a generation and its lexicon, ordered for looking up.
#[derive(Clone, Debug, Default)]
pub struct WordList {
    latin: Vec<Word>,
    han: Vec<Word>,
    by_reading: OnceLock<HashMap<String, Vec<Word>>>,
    by_blurred: OnceLock<HashMap<String, Vec<Word>>>,
}

impl WordList {
    fn of(snapshot: &Snapshot, lexicon: &Lexicon) -> Result<Self, String> {
        let mut passages: HashMap<String, u32> = snapshot.words(TextField::Words)?.into_iter().collect();
        for word in lexicon.han_words() {
            passages.entry(word.to_owned()).or_default();
        }
        for key in lexicon.keys().filter(|key| !key.contains(' ')) {
            passages.entry(key.to_owned()).or_default();
        }
        // What asks is part of a question in pinyin, and more frequent there than in any note.
        let often = u32::try_from(snapshot.passages()).unwrap_or(u32::MAX) / 4 + 1;
        for phrase in listed_stop_words() {
            *passages.entry(phrase.to_owned()).or_default() += often;
        }
        let mut list = Self::default();
        for (text, passages) in passages {
            let letters = letters(&text);
            if text.is_ascii() {
                list.latin.push(Word { text, passages, letters });
            } else if text.chars().all(is_han) && text.chars().count() <= READ_CHARS_MAX {
                list.han.push(Word { text, passages, letters });
            }
        }
        list.latin.sort_by(|a, b| a.text.cmp(&b.text));
        Ok(list)
    }

    /// Words of Latin letters, in their order.
    #[must_use]
    pub fn latin(&self) -> &[Word] {
        &self.latin
    }

    /// Words of several Han characters whose blurred reading this is (see [`pinyin::blurred`]), the most frequent first.
    #[must_use]
    pub fn blurred_as(&self, reading: &str) -> &[Word] {
        let several = || self.han.iter().filter(|word| word.text.chars().nth(1).is_some());
        let read = || several().filter_map(|word| Some((pinyin::blurred_reading(&word.text)?, word.clone())));
        self.by_blurred.get_or_init(|| by_key(read())).get(reading).map_or(&[], Vec::as_slice)
    }

    /// Words of Han characters that are read like this, the most frequent first.
    #[must_use]
    pub fn read_as(&self, reading: &str) -> &[Word] {
        let read = || self.han.iter().flat_map(with_readings);
        self.by_reading.get_or_init(|| by_key(read())).get(reading).map_or(&[], Vec::as_slice)
    }
}

/// Words by their readings, the most frequent first.
fn by_key(words: impl Iterator<Item = (String, Word)>) -> HashMap<String, Vec<Word>> {
    let mut by_key: HashMap<String, Vec<Word>> = HashMap::new();
    for (key, word) in words {
        by_key.entry(key).or_default().push(word);
    }
    for words in by_key.values_mut() {
        words.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.text.cmp(&b.text)));
    }
    by_key
}

/// A word with each of its readings, as frequent as it is in that reading.
fn with_readings(word: &Word) -> Vec<(String, Word)> {
    let usual = pinyin::word_reading(&word.text);
    let readings = if word.passages > 0 { word_readings(&word.text) } else { usual.iter().cloned().collect() };
    let with = |reading| {
        let is_usual = usual.as_ref() == Some(&reading);
        let passages = if is_usual { word.passages } else { (word.passages / RARE_READING).max(1) };
        (reading, Word { passages, ..word.clone() })
    };
    readings.into_iter().map(with).collect()
}

/// The ways to read a word, those with the fewest unusual readings first.
fn word_readings(word: &str) -> Vec<String> {
    let mut found = vec![(0, String::new())];
    for c in word.chars() {
        let readings = pinyin::readings(c);
        found = found
            .iter()
            .flat_map(|(unusual, before)| {
                let with =
                    move |(number, reading): (usize, &String)| (unusual + number.min(1), format!("{before}{reading}"));
                readings.iter().enumerate().map(with)
            })
            .collect();
        found.sort();
        found.dedup_by(|a, b| a.1 == b.1);
        found.truncate(READINGS_MAX);
    }
    found.into_iter().map(|(_, reading)| reading).collect()
}

/// What is known of words: asked of the index word by word, and listed only when a word has to be guessed.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// The lexicon.
    pub lexicon: &'a Lexicon,
    /// Where the list is kept once it was made.
    pub list: &'a OnceLock<WordList>,
}

impl<'a> Known<'a> {
    /// Whether any note holds `word`.
    pub(super) fn holds(&self, word: &str) -> Result<bool, String> {
        Ok(self.passages(word)? > 0)
    }

    /// Number of passages that hold `word`.
    pub(super) fn passages(&self, word: &str) -> Result<u64, String> {
        self.snapshot.mentions(word)
    }

    /// Whether any passage holds all these words, in its text or in a heading above.
    pub(super) fn hold_together(&self, words: &[&str]) -> Result<bool, String> {
        self.snapshot.holds_all(words)
    }

    /// Whether any note holds these two characters side by side.
    pub(super) fn holds_pair(&self, pair: &str) -> Result<bool, String> {
        Ok(self.snapshot.doc_freq(TextField::Bigrams, pair)? > 0)
    }

    /// All words.
    pub(super) fn list(&self) -> Result<&'a WordList, String> {
        if self.list.get().is_none() {
            let _ = self.list.set(WordList::of(self.snapshot, self.lexicon)?);
        }
        self.list.get().ok_or_else(|| "the words of the index were not read".to_owned())
    }
}
