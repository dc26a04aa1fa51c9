//! The words that the notes know: what a misspelt word, or one typed in pinyin, is held against.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::index::{Snapshot, TextField};
use crate::text::pinyin::is_read;
use crate::text::{Lexicon, listed_stop_words, pinyin};

/// A word with several readings is listed under at most this many.
const READINGS_MAX: usize = 16;
/// How much rarer a word is in a reading that is not the usual one of its characters (其 as ji). Words of the lexicon that no note
/// holds have their usual one only.
const RARE_READING: u32 = 8;
/// So many readings are looked for among all words before a table of them is made, which takes as long as twenty such looks: one
/// question has no use for it.
const LOOKS_MAX: usize = 8;

/// No Han character comes before this one.
const FIRST_HAN: &str = "々";

/// The letters, digits and marks of an ASCII text as a set of bits: two texts that differ in so many slips differ in at most
/// twice as many bits, which is far quicker to see.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |set, byte| set | 1 << (byte % 64))
}

/// How often a word that asks is taken to occur: it is part of a question in pinyin, and more frequent there than in any note.
fn often(snapshot: &Snapshot) -> u32 {
    u32::try_from(snapshot.passages()).unwrap_or(u32::MAX) / 4 + 1
}

/// A word and the number of passages that hold it; 0 for one of the lexicon only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The word as the index has it.
    pub text: String,
    /// Number of passages.
    pub passages: u32,
}

/// The words in Han of a generation, those that ask, and those of a lexicon that has no readings prepared, ordered for looking up.
#[derive(Debug, Default)]
pub struct WordList {
    han: Vec<Word>,
    by_reading: Readings,
    by_blurred: Readings,
}

impl WordList {
    fn of(snapshot: &Snapshot, lexicon: &Lexicon) -> Result<Self, String> {
        let mut words = snapshot.words_from(TextField::Words, FIRST_HAN)?;
        words.retain(|(word, _)| is_read(word));
        words.extend(lexicon.unread().filter(|word| is_read(word)).map(|word| (word.to_owned(), 0)));
        let often = often(snapshot);
        words.extend(listed_stop_words().filter(|word| is_read(word)).map(|phrase| (phrase.to_owned(), often)));
        Ok(Self::new(words))
    }

    /// A list of words and the numbers of passages that hold them; those of a word that is there twice are added up.
    fn new(mut words: Vec<(String, u32)>) -> Self {
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        words.dedup_by(|again, word| {
            let is_same = again.0 == word.0;
            if is_same {
                word.1 += again.1;
            }
            is_same
        });
        let han = words.into_iter().map(|(text, passages)| Word { text, passages }).collect();
        Self { han, ..Self::default() }
    }

    /// Words of several Han characters whose blurred reading this is (see [`pinyin::blurred`]), the most frequent first.
    #[must_use]
    fn blurred_as(&self, reading: &str) -> Cow<'_, [Word]> {
        let read = |word: &Word| {
            let reading = pinyin::blurred_reading(&word.text).filter(|_| word.text.chars().nth(1).is_some());
            reading.into_iter().map(|reading| (reading, word.clone())).collect()
        };
        // Blurred, n is mostly l at the beginning.
        let begins = |letter, first| letter == first || (letter, first) == (b'n', b'l');
        self.by_blurred.words(reading, &self.han, begins, read)
    }

    /// Words of Han characters that are read like this, the most frequent first.
    #[must_use]
    fn read_as(&self, reading: &str) -> Cow<'_, [Word]> {
        self.by_reading.words(reading, &self.han, |letter, first| letter == first, with_readings)
    }

    /// The first of them; for who asks for many.
    #[must_use]
    fn most_frequent(&self, reading: &str) -> Option<&Word> {
        self.by_reading.table(&self.han, with_readings).get(reading)?.first()
    }
}

/// Words by how they are read.
#[derive(Debug, Default)]
struct Readings {
    table: OnceLock<HashMap<String, Vec<Word>>>,
    looks: AtomicUsize,
}

impl Readings {
    /// The words that `read` gives for this reading, the most frequent first. `begins` tells whether one whose first character is read
    /// with the first of two letters can be read with the second one: most words are passed over by that.
    fn words(
        &self,
        reading: &str,
        words: &[Word],
        begins: impl Fn(u8, u8) -> bool,
        read: impl Fn(&Word) -> Vec<(String, Word)>,
    ) -> Cow<'_, [Word]> {
        if self.table.get().is_some() || self.looks.fetch_add(1, Ordering::Relaxed) >= LOOKS_MAX {
            return Cow::Borrowed(self.table(words, read).get(reading).map_or(&[], Vec::as_slice));
        }
        let Some(first) = reading.bytes().next() else { return Cow::Borrowed(&[]) };
        let may_be = |word: &&Word| {
            let c = word.text.chars().next();
            c.is_some_and(|c| pinyin::initials(c).any(|letter| begins(letter, first)))
        };
        let read = words.iter().filter(may_be).flat_map(read);
        let mut found: Vec<Word> = read.filter(|(other, _)| other == reading).map(|(_, word)| word).collect();
        found.sort_by(more_frequent);
        Cow::Owned(found)
    }

    fn table(&self, words: &[Word], read: impl Fn(&Word) -> Vec<(String, Word)>) -> &HashMap<String, Vec<Word>> {
        self.table.get_or_init(|| by_key(words.iter().flat_map(read)))
    }
}

/// The order of words of one reading.
fn more_frequent(a: &Word, b: &Word) -> std::cmp::Ordering {
    b.passages.cmp(&a.passages).then_with(|| a.text.cmp(&b.text))
}

/// Words by their readings, the most frequent first.
fn by_key(words: impl Iterator<Item = (String, Word)>) -> HashMap<String, Vec<Word>> {
    let mut by_key: HashMap<String, Vec<Word>> = HashMap::new();
    for (key, word) in words {
        by_key.entry(key).or_default().push(word);
    }
    for words in by_key.values_mut() {
        words.sort_by(more_frequent);
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

    /// The Latin words of the notes, of the lexicon and of those that ask that are at most `slips` (1 or 2) from a word in ASCII, in
    /// their order.
    pub(super) fn near(&self, word: &str, slips: u8) -> Result<Vec<Word>, String> {
        let found = self.snapshot.words_near(TextField::Words, word, slips)?;
        let mut near: BTreeMap<String, u32> = found.into_iter().filter(|(text, _)| text.is_ascii()).collect();
        // So many of their letters may differ.
        let letters = letters(word);
        let may_be = |other: &&str| {
            other.is_ascii()
                && other.len().abs_diff(word.len()) <= usize::from(slips)
                && (self::letters(other) ^ letters).count_ones() <= 2 * u32::from(slips)
                && !other.contains(' ')
        };
        let of_lexicon = self.lexicon.keys().filter(may_be).map(|key| (key, 0));
        let asking = listed_stop_words().filter(may_be).map(|phrase| (phrase, often(self.snapshot)));
        for (text, passages) in of_lexicon.chain(asking) {
            *near.entry(text.to_owned()).or_default() += passages;
        }
        Ok(near.into_iter().map(|(text, passages)| Word { text, passages }).collect())
    }

    /// Words of Han characters that are read like this, the most frequent first.
    pub(super) fn read_as(&self, reading: &str) -> Result<Vec<Word>, String> {
        Ok(self.with_lexicon(self.list()?.read_as(reading), reading))
    }

    /// Words of several Han characters whose blurred reading this is (see [`pinyin::blurred`]), the most frequent first.
    pub(super) fn blurred_as(&self, reading: &str) -> Result<Vec<Word>, String> {
        Ok(self.with_lexicon(self.list()?.blurred_as(reading), &format!("~{reading}")))
    }

    /// The most frequent word that is read like this, and the number of passages that hold it; for who asks for many.
    pub(super) fn most_frequent(&self, reading: &str) -> Result<Option<(&'a str, u32)>, String> {
        let own = self.list()?.most_frequent(reading).map(|word| (word.text.as_str(), word.passages));
        let of_lexicon = self.lexicon.read_as(reading).map(|text| (text, 0));
        Ok(own.into_iter().chain(of_lexicon).min_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0))))
    }

    /// With the words of the lexicon for a reading, which no note holds where they are not among `words`.
    fn with_lexicon(&self, words: Cow<'_, [Word]>, reading: &str) -> Vec<Word> {
        let mut words = words.into_owned();
        for text in self.lexicon.read_as(reading) {
            if words.iter().all(|word| word.text != text) {
                words.push(Word { text: text.to_owned(), passages: 0 });
            }
        }
        words.sort_by(more_frequent);
        words
    }

    /// The words in Han.
    fn list(&self) -> Result<&'a WordList, String> {
        if self.list.get().is_none() {
            let _ = self.list.set(WordList::of(self.snapshot, self.lexicon)?);
        }
        self.list.get().ok_or_else(|| "the words of the index were not read".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_readings_with_a_table_and_without_one() {
        let words = ["重启", "容器", "容", "蓉器", "长城", "南方", "兰芳", "绿色", "策略", "进程", "镜称", "年"];
        let list = || WordList::new((1..).zip(words).map(|(passages, word)| (word.to_owned(), passages)).collect());
        let keys: Vec<String> = words.iter().filter_map(|word| pinyin::word_reading(word)).collect();
        for key in keys.iter().map(String::as_str).chain(["zhongqi", "changcheng", "zhangcheng", "", "x"]) {
            let (fresh, used, blurred) =
                (list(), list(), pinyin::blurred_reading(key).unwrap_or_else(|| key.to_owned()));
            for _ in 0..=LOOKS_MAX {
                let _ = (used.read_as("x"), used.blurred_as("x"));
            }
            assert!(used.by_reading.table.get().is_some() && fresh.by_reading.table.get().is_none());
            assert_eq!(fresh.read_as(key), used.read_as(key), "{key}");
            assert_eq!(fresh.blurred_as(&blurred), used.blurred_as(&blurred), "{blurred}");
        }
        let texts = |words: Cow<'_, [Word]>| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(list().read_as("rongqi")), ["蓉器", "容器"]);
        assert_eq!(texts(list().read_as("zhongqi")), ["重启"]);
        assert_eq!(texts(list().blurred_as("lanfan")), ["兰芳", "南方"]);
    }
}
