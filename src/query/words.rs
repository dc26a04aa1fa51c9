//! The words that the notes know: what a misspelt word, or one typed in pinyin, is held against.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use crate::index::{Snapshot, TextField};
use crate::text::pinyin::is_read;
use crate::text::{Lexicon, WordTable, listed_stop_words, pinyin, word_table};

/// A word with several readings is listed under at most this many.
const READINGS_MAX: usize = 16;
/// How much rarer a word is in a reading that is not the usual one of its characters (其 as ji). Words of the lexicon that no note
/// holds have their usual one only.
const RARE_READING: u32 = 8;
/// The characters that may be read as each syllable, in their order.
const SYLLABLES: WordTable = word_table!("syllables");

/// The words in Han that ask or hold a question together.
static ASKING: LazyLock<Vec<&str>> = LazyLock::new(|| listed_stop_words().filter(|word| is_read(word)).collect());

/// The letters, digits and marks of an ASCII text as a set of bits: two texts that differ in so many slips differ in at most
/// twice as many bits, which is far quicker to see.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |set, byte| set | 1 << (byte % 64))
}

/// The words in ASCII of a lexicon, and those that ask.
fn latin(lexicon: &Lexicon) -> Vec<LatinWord> {
    let word = |asks| move |text: &str| LatinWord { text: text.to_owned(), letters: letters(text), asks };
    let is_one = |text: &&str| text.is_ascii() && !text.contains(' ');
    let of_lexicon = lexicon.keys().filter(is_one).map(word(false));
    of_lexicon.chain(listed_stop_words().filter(is_one).map(word(true))).collect()
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

/// Words of a generation and its lexicon, listed as they are needed to guess a word.
#[derive(Debug, Default)]
pub struct WordLists {
    /// The words in Han by the syllable that they may begin with.
    han: Mutex<HashMap<String, Arc<Vec<HanWord>>>>,
    /// Words in Han of a lexicon that has no readings prepared, in their order.
    unread: OnceLock<Vec<String>>,
    latin: OnceLock<Vec<LatinWord>>,
}

/// A word in ASCII of the lexicon, or one that asks.
#[derive(Debug)]
struct LatinWord {
    text: String,
    /// See [`letters`].
    letters: u64,
    asks: bool,
}

/// A word in Han.
#[derive(Clone, Debug, PartialEq, Eq)]
struct HanWord {
    word: Word,
    /// The letters that its second character may begin to be read with, as a set of bits (see [`letters`]); none of a word of one character.
    second: u64,
}

impl HanWord {
    fn new((text, passages): (String, u32)) -> Self {
        let readings = text.chars().nth(1).map(pinyin::readings).unwrap_or_default();
        let first = |reading: &str| letters(reading.get(..1).unwrap_or_default());
        let second = readings.iter().fold(0, |set, reading| set | first(reading) | first(&pinyin::blurred(reading)));
        Self { word: Word { text, passages }, second }
    }

    /// Whether its second character may begin to be read like `rest`: quicker to see than how the word is read.
    fn may_go_on(&self, rest: &str) -> bool {
        match rest.get(..1) {
            Some(letter) => self.second & letters(letter) > 0,
            // A letter that is not of ASCII, or the end.
            None => true,
        }
    }
}

/// Where a reading may end its first syllable: what stands before, and what behind.
fn beginnings(reading: &str) -> impl Iterator<Item = (&str, &str)> {
    (1..=pinyin::SYLLABLE_BYTES_MAX).filter_map(|bytes| reading.split_at_checked(bytes))
}

/// The words that are read like this, of those that begin with the syllables that it may begin with; the most frequent first.
fn read_as(
    reading: &str,
    beginning_with: impl Fn(&str) -> Result<Arc<Vec<HanWord>>, String>,
) -> Result<Vec<Word>, String> {
    let mut found = Vec::new();
    for (syllable, rest) in beginnings(reading) {
        for HanWord { word, .. } in beginning_with(syllable)?.iter().filter(|word| word.may_go_on(rest)) {
            if pinyin::may_be_read(&word.text, reading) {
                let read = with_readings(word).into_iter().filter(|(other, _)| other == reading);
                found.extend(read.map(|(_, word)| word));
            }
        }
    }
    Ok(in_order(found))
}

/// The words of several characters whose blurred reading this is (see [`pinyin::blurred`]), as [`read_as`].
fn blurred_as(
    reading: &str,
    beginning_with: impl Fn(&str) -> Result<Arc<Vec<HanWord>>, String>,
) -> Result<Vec<Word>, String> {
    let mut found = Vec::new();
    for (blurred, rest) in beginnings(reading) {
        for syllable in pinyin::unblurred(blurred) {
            let words = beginning_with(&syllable)?;
            let words = words.iter().filter(|word| word.may_go_on(rest)).map(|word| &word.word);
            let long = words.filter(|word| word.text.chars().nth(1).is_some());
            found.extend(long.filter(|word| pinyin::is_blurred_reading(&word.text, reading)).cloned());
        }
    }
    Ok(in_order(found))
}

/// The most frequent first, each once: several of its readings may begin alike.
fn in_order(mut words: Vec<Word>) -> Vec<Word> {
    words.sort_by(more_frequent);
    words.dedup();
    words
}

/// The order of words of one reading.
fn more_frequent(a: &Word, b: &Word) -> std::cmp::Ordering {
    b.passages.cmp(&a.passages).then_with(|| a.text.cmp(&b.text))
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
    /// Where lists are kept once they were made.
    pub lists: &'a WordLists,
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
    /// their order; of those of the notes that are two from it only such as begin alike.
    pub(super) fn near(&self, word: &str, slips: u8) -> Result<Vec<Word>, String> {
        let found = self.snapshot.words_near(TextField::Words, word, slips)?;
        let mut near: BTreeMap<String, u32> = found.into_iter().filter(|(text, _)| text.is_ascii()).collect();
        // So many of their letters may differ.
        let letters = letters(word);
        let may_be = |other: &&LatinWord| {
            other.text.len().abs_diff(word.len()) <= usize::from(slips)
                && (other.letters ^ letters).count_ones() <= 2 * u32::from(slips)
        };
        for other in self.lists.latin.get_or_init(|| latin(self.lexicon)).iter().filter(may_be) {
            let passages = if other.asks { often(self.snapshot) } else { 0 };
            *near.entry(other.text.clone()).or_default() += passages;
        }
        Ok(near.into_iter().map(|(text, passages)| Word { text, passages }).collect())
    }

    /// Words of Han characters that are read like this, the most frequent first.
    pub(super) fn read_as(&self, reading: &str) -> Result<Vec<Word>, String> {
        let words = read_as(reading, |syllable| self.beginning_with(syllable))?;
        Ok(self.with_lexicon(words, reading))
    }

    /// Words of several Han characters whose blurred reading this is (see [`pinyin::blurred`]), the most frequent first.
    pub(super) fn blurred_as(&self, reading: &str) -> Result<Vec<Word>, String> {
        let words = blurred_as(reading, |syllable| self.beginning_with(syllable))?;
        Ok(self.with_lexicon(words, &format!("~{reading}")))
    }

    /// The most frequent word that is read like this.
    pub(super) fn most_frequent(&self, reading: &str) -> Result<Option<Word>, String> {
        Ok(self.read_as(reading)?.into_iter().next())
    }

    /// With the words of the lexicon for a reading, which no note holds where they are not among `words`.
    fn with_lexicon(&self, mut words: Vec<Word>, reading: &str) -> Vec<Word> {
        for text in self.lexicon.read_as(reading) {
            if words.iter().all(|word| word.text != text) {
                words.push(Word { text: text.to_owned(), passages: 0 });
            }
        }
        words.sort_by(more_frequent);
        words
    }

    /// The words in Han whose first character may be read as this syllable: those of the notes, those that ask, and those of a lexicon
    /// that has no readings prepared.
    fn beginning_with(&self, syllable: &str) -> Result<Arc<Vec<HanWord>>, String> {
        let lists = || self.lists.han.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lists().get(syllable) {
            return Ok(Arc::clone(known));
        }
        let Some(chars) = SYLLABLES.get(syllable) else { return Ok(Arc::default()) };
        let unread = || sorted(self.lexicon.unread().filter(|word| is_read(word)).map(str::to_owned).collect());
        let unread = self.lists.unread.get_or_init(unread);
        let mut words = Vec::new();
        for c in chars.chars() {
            words.extend(self.snapshot.han_words(c)?);
            let own = unread.iter().skip(unread.partition_point(|word| word.chars().next() < Some(c)));
            words.extend(own.take_while(|word| word.starts_with(c)).map(|word| (word.clone(), 0)));
        }
        let chars: Vec<char> = chars.chars().collect();
        let begins = |word: &&str| word.chars().next().is_some_and(|c| chars.binary_search(&c).is_ok());
        let often = often(self.snapshot);
        words.extend(ASKING.iter().copied().filter(begins).map(|phrase| (phrase.to_owned(), often)));
        words.retain(|(word, _)| is_read(word));
        let words = Arc::new(summed(words).into_iter().map(HanWord::new).collect());
        lists().insert(syllable.to_owned(), Arc::clone(&words));
        Ok(words)
    }
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words
}

/// Words in their order with the numbers of passages that hold them; those of a word that is there twice are added up.
fn summed(mut words: Vec<(String, u32)>) -> Vec<(String, u32)> {
    words.sort_unstable();
    words.dedup_by(|again, word| {
        let is_same = again.0 == word.0;
        word.1 += if is_same { again.1 } else { 0 };
        is_same
    });
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_syllable_has_the_characters_that_may_be_read_so() {
        assert!(!pinyin::readings('〇').is_empty() && !pinyin::readings('\u{3005C}').is_empty());
        for c in ('\u{3400}'..='\u{9FFF}').chain('\u{20000}'..='\u{323AF}').chain(['〇']) {
            for reading in pinyin::readings(c) {
                assert!(SYLLABLES.get(&reading).is_some_and(|chars| chars.contains(c)), "{c} {reading}");
            }
        }
        for (syllable, chars) in SYLLABLES.words() {
            assert!(chars.chars().all(|c| pinyin::readings(c).iter().any(|reading| reading == syllable)), "{syllable}");
            assert!(chars.chars().is_sorted() && syllable.len() <= pinyin::SYLLABLE_BYTES_MAX, "{syllable}");
        }
    }

    #[test]
    fn words_are_found_by_all_their_readings_and_by_no_other() {
        let words = [
            "重启", "容器", "容", "蓉器", "长城", "南方", "兰芳", "绿色", "策略", "进程", "镜称", "年", "阿里", "安",
            "恶意",
        ];
        let list: Vec<HanWord> =
            (1..).zip(words).map(|(passages, word)| HanWord::new((word.to_owned(), passages))).collect();
        let beginning_with = |syllable: &str| {
            let begins = |word: &&HanWord| {
                word.word
                    .text
                    .chars()
                    .next()
                    .is_some_and(|c| pinyin::readings(c).iter().any(|reading| reading == syllable))
            };
            Ok(Arc::new(list.iter().filter(begins).cloned().collect()))
        };
        let list_read_as = |reading: &str| read_as(reading, beginning_with).unwrap();
        let list_blurred_as = |reading: &str| blurred_as(reading, beginning_with).unwrap();
        let keys: Vec<String> = words.iter().flat_map(|word| word_readings(word)).collect();
        for key in keys.iter().map(String::as_str).chain(["", "x", "r", "rongq"]) {
            let mut expected: Vec<Word> = list
                .iter()
                .map(|word| &word.word)
                .flat_map(with_readings)
                .filter(|(r, _)| r == key)
                .map(|(_, w)| w)
                .collect();
            expected.sort_by(more_frequent);
            assert_eq!(list_read_as(key), expected, "{key}");
            let blurred = pinyin::blurred(key);
            let is_read = |word: &&Word| {
                word.text.chars().nth(1).is_some() && pinyin::blurred_reading(&word.text).as_deref() == Some(&blurred)
            };
            let mut expected: Vec<Word> = list.iter().map(|word| &word.word).filter(is_read).cloned().collect();
            expected.sort_by(more_frequent);
            assert_eq!(list_blurred_as(&blurred), expected, "{blurred}");
        }
        let texts = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect::<Vec<_>>();
        assert_eq!(texts(list_read_as("rongqi")), ["蓉器", "容器"]);
        assert_eq!(texts(list_read_as("zhongqi")), ["重启"]);
        assert_eq!(texts(list_read_as("eyi")), ["恶意"]);
        assert_eq!(texts(list_blurred_as("lanfan")), ["兰芳", "南方"]);
    }
}
