//! The words that the notes know: what a misspelt word, or one typed in pinyin, is held against.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use crate::index::{Snapshot, TextField};
use crate::text::pinyin::is_read;
use crate::text::{Lexicon, listed_stop_words, pinyin};

/// A word with several readings is listed under at most this many.
const READINGS_MAX: usize = 16;
/// How much rarer a word is in a reading that is not the usual one of its characters (其 as ji). Words of the lexicon that no note
/// holds have their usual one only.
const RARE_READING: u32 = 8;
/// No Han character comes before this one.
const FIRST_HAN: &str = "々";

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

/// Words of a generation and its lexicon, each kind listed when the first of it has to be guessed.
#[derive(Debug, Default)]
pub struct WordLists {
    han: OnceLock<WordList>,
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

/// The words in Han of a generation, those that ask, and those of a lexicon that has no readings prepared, ordered for looking up.
#[derive(Debug, Default)]
struct WordList {
    han: Vec<Word>,
    by_reading: OnceLock<Beginnings>,
    by_blurred: OnceLock<Beginnings>,
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
    fn blurred_as(&self, reading: &str) -> Vec<Word> {
        let begins = |word: &Word| {
            let first = word.text.chars().next().filter(|_| word.text.chars().nth(1).is_some());
            first.and_then(pinyin::reading).map(|reading| pinyin::blurred(&reading)).into_iter().collect()
        };
        let likely = self.by_blurred.get_or_init(|| Beginnings::of(&self.han, begins)).of_reading(reading);
        let words = likely.filter_map(|number| self.han.get(number));
        let mut found: Vec<Word> =
            words.filter(|word| pinyin::is_blurred_reading(&word.text, reading)).cloned().collect();
        found.sort_by(more_frequent);
        found
    }

    /// Words of Han characters that are read like this, the most frequent first.
    fn read_as(&self, reading: &str) -> Vec<Word> {
        let begins = |word: &Word| {
            let first = word.text.chars().next();
            let readings = first.map(pinyin::readings).unwrap_or_default();
            readings.into_iter().take(if word.passages > 0 { usize::MAX } else { 1 }).collect()
        };
        let likely = self.by_reading.get_or_init(|| Beginnings::of(&self.han, begins)).of_reading(reading);
        let mut found: Vec<Word> = Vec::new();
        // Words with the same first character follow each other: how that may be read is asked once.
        let (mut first, mut rests) = (None, Vec::new());
        for word in likely.filter_map(|number| self.han.get(number)) {
            let mut chars = word.text.chars();
            let c = chars.next();
            if c != first {
                first = c;
                rests = c.map(|c| pinyin::behind(c, reading)).unwrap_or_default();
            }
            if rests.iter().any(|rest| pinyin::may_be_read(chars.as_str(), rest)) {
                let read = with_readings(word).into_iter().filter(|(other, _)| other == reading);
                found.extend(read.map(|(_, word)| word));
            }
        }
        found.sort_by(more_frequent);
        found
    }
}

/// Numbers of words by the first two letters of how their first characters are read; 0 stands for no second letter.
#[derive(Debug, Default)]
struct Beginnings(HashMap<[u8; 2], Vec<usize>>);

impl Beginnings {
    /// Of words whose first characters are read as `begins` tells.
    fn of(words: &[Word], begins: impl Fn(&Word) -> Vec<String>) -> Self {
        let mut by_letters: HashMap<[u8; 2], Vec<usize>> = HashMap::new();
        for (number, word) in words.iter().enumerate() {
            for reading in begins(word) {
                let numbers = by_letters.entry(letters_of(&reading)).or_default();
                // Two readings may begin alike.
                if numbers.last() != Some(&number) {
                    numbers.push(number);
                }
            }
        }
        Self(by_letters)
    }

    /// The words that may have this reading.
    fn of_reading(&self, reading: &str) -> impl Iterator<Item = usize> {
        let [first, second] = letters_of(reading);
        // The first character may be read with one letter, behind which another one follows.
        let alone = (second != 0).then_some([first, 0]);
        [Some([first, second]), alone].into_iter().flatten().filter_map(|key| self.0.get(&key)).flatten().copied()
    }
}

fn letters_of(reading: &str) -> [u8; 2] {
    let mut letters = reading.bytes();
    [letters.next().unwrap_or(0), letters.next().unwrap_or(0)]
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
        Ok(self.with_lexicon(self.list()?.read_as(reading), reading))
    }

    /// Words of several Han characters whose blurred reading this is (see [`pinyin::blurred`]), the most frequent first.
    pub(super) fn blurred_as(&self, reading: &str) -> Result<Vec<Word>, String> {
        Ok(self.with_lexicon(self.list()?.blurred_as(reading), &format!("~{reading}")))
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

    /// The words in Han.
    fn list(&self) -> Result<&'a WordList, String> {
        if self.lists.han.get().is_none() {
            let _ = self.lists.han.set(WordList::of(self.snapshot, self.lexicon)?);
        }
        self.lists.han.get().ok_or_else(|| "the words of the index were not read".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_all_their_readings_and_by_no_other() {
        let words = [
            "重启", "容器", "容", "蓉器", "长城", "南方", "兰芳", "绿色", "策略", "进程", "镜称", "年", "阿里", "安",
            "恶意",
        ];
        let list = WordList::new((1..).zip(words).map(|(passages, word)| (word.to_owned(), passages)).collect());
        let keys: Vec<String> = words.iter().flat_map(|word| word_readings(word)).collect();
        for key in keys.iter().map(String::as_str).chain(["", "x", "r", "rongq"]) {
            let mut expected: Vec<Word> =
                list.han.iter().flat_map(with_readings).filter(|(r, _)| r == key).map(|(_, w)| w).collect();
            expected.sort_by(more_frequent);
            assert_eq!(list.read_as(key), expected, "{key}");
            let blurred = pinyin::blurred(key);
            let is_read = |word: &&Word| {
                word.text.chars().nth(1).is_some() && pinyin::blurred_reading(&word.text).as_deref() == Some(&blurred)
            };
            let mut expected: Vec<Word> = list.han.iter().filter(is_read).cloned().collect();
            expected.sort_by(more_frequent);
            assert_eq!(list.blurred_as(&blurred), expected, "{blurred}");
        }
        let texts = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect::<Vec<_>>();
        assert_eq!(texts(list.read_as("rongqi")), ["蓉器", "容器"]);
        assert_eq!(texts(list.read_as("zhongqi")), ["重启"]);
        assert_eq!(texts(list.read_as("eyi")), ["恶意"]);
        assert_eq!(texts(list.blurred_as("lanfan")), ["兰芳", "南方"]);
    }
}
