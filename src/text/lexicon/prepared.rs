//! A lexicon's file in a form in which a name is found without reading the others. `build.rs` prepares those that are compiled in, so
//! that they cost nothing until they are asked; that of the notes folder is prepared when it is read.
//!
//! It is a text of lines and a hash table of the places where lines begin:
//!
//! ```text
//! TERMS HAN_CHARS_MAX KEY_CHARS_MAX DIGEST        numbers
//! name ⇥ name ⇥ …                                 the names of a term
//! word ⇥ place ⇥ place ⇥ …                        a name's key or a word of Han characters: the terms whose name it is
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::table::{self, Places};
use super::{fold, is_han};

/// Longer names are no names; characters.
const NAME_CHARS_MAX: usize = 60;

/// Why a lexicon file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconProblem {
    /// The line of the file where it stands, counted from 1, when known.
    pub line: Option<usize>,
    /// What the TOML reader expected.
    pub reason: String,
}

/// A lexicon's file, prepared.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) text: Cow<'static, str>,
    /// Where in the text the lines of words begin, see [`Places`].
    pub(super) places: Cow<'static, [[u8; 4]]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    term: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    #[serde(default)]
    also: Vec<String>,
}

impl Entry {
    fn names(&self) -> impl Iterator<Item = String> {
        let all = std::iter::once(&self.name).chain(&self.also);
        all.map(|name| name.trim().replace(['\t', '\n', '\r'], " "))
            .filter(|name| !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX)
    }
}

impl Prepared {
    /// Prepares the text of a TOML file.
    ///
    /// # Errors
    /// A [`LexiconProblem`] when it is not a lexicon.
    pub(super) fn new(source: &str) -> Result<Self, LexiconProblem> {
        let file: File = toml::from_str(source).map_err(|error| LexiconProblem {
            line: error.span().map(|span| 1 + source.bytes().take(span.start).filter(|&b| b == b'\n').count()),
            reason: error.message().to_owned(),
        })?;
        let (mut words, mut han_chars_max) = (BTreeMap::<String, Vec<usize>>::new(), 0);
        for (number, entry) in file.term.iter().enumerate() {
            for name in entry.names() {
                let folded = fold(&name);
                for word in folded.split(|c: char| !is_han(c)).filter(|word| word.chars().count() > 1) {
                    han_chars_max = han_chars_max.max(word.chars().count());
                    words.entry(word.to_owned()).or_default();
                }
                let terms = words.entry(alias_key(&folded)).or_default();
                if !terms.contains(&number) {
                    terms.push(number);
                }
            }
        }
        let keys = words.iter().filter(|(_, terms)| !terms.is_empty());
        let key_chars_max = keys.map(|(key, _)| key.chars().count()).max().unwrap_or(0);
        let digest = table::hash(source);
        let mut text = format!("{} {han_chars_max} {key_chars_max} {digest}\n", file.term.len());
        let mut terms = Vec::new();
        for entry in &file.term {
            terms.push(text.len());
            text += &(entry.names().collect::<Vec<_>>().join("\t") + "\n");
        }
        let mut places = Places::for_words(words.len());
        for (word, numbers) in &words {
            places.enter(word, text.len());
            let of_word = numbers.iter().filter_map(|number| terms.get(*number)).map(|term| format!("\t{term}"));
            text += &format!("{word}{}\n", of_word.collect::<String>());
        }
        Ok(Self { text: Cow::Owned(text), places: Cow::Owned(places.0) })
    }

    /// The first line: number of terms, characters of the longest Han word and of the longest key, digest of the file.
    pub(super) fn numbers(&self) -> [u64; 4] {
        let mut numbers = self.line(0).split(' ').map(|number| number.parse().unwrap_or_default());
        [(); 4].map(|()| numbers.next().unwrap_or_default())
    }

    /// The places of the terms of a key or a word, each with a tab behind it but the last; `None` when the lexicon does not have it.
    pub(super) fn terms(&self, word: &str) -> Option<&str> {
        table::find(&self.text, &self.places, word)
    }

    /// Whether the lexicon has a key or word, whose [`table::mixed`] bytes are known.
    pub(super) fn has(&self, word: &str, mixed: u64) -> bool {
        table::find_mixed(&self.text, &self.places, word, mixed).is_some()
    }

    /// The names of the term at a place.
    pub(super) fn names(&self, place: &str) -> impl Iterator<Item = &str> {
        self.line(place.parse().unwrap_or_default()).split('\t')
    }

    /// All keys and words with the places of their terms.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, &str)> {
        let [terms, ..] = self.numbers();
        self.text.lines().skip(1 + terms as usize).map(table::split)
    }

    fn line(&self, place: usize) -> &str {
        table::line(&self.text, place)
    }
}

/// The form in which names are compared: folded, with connectors and blanks as one blank, so that
/// `kube-proxy` and `Kube Proxy` are the same name.
#[must_use]
pub fn alias_key(folded: &str) -> String {
    let words: Vec<&str> =
        folded.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')).filter(|word| !word.is_empty()).collect();
    words.join(" ").to_lowercase()
}
