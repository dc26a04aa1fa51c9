//! The files of words that are edited as TOML, in the forms in which the library reads them: as tables in which a word is looked up, or
//! as JSON. A file that does not parse ends the build.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::han::is_han;
use super::prepared::Prepared;
use super::readings;
use super::table::Places;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StopWords {
    question: Vec<String>,
    function: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asks {
    ask: Vec<Row>,
    modal: BTreeMap<String, Vec<String>>,
    leading: Words,
    kept: Words,
    ordering: Words,
    filler: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

/// A text that is read at run time, and the places of its words where they are looked up.
pub struct Made {
    pub text: String,
    pub places: Option<Vec<[u8; 4]>>,
}

/// The table of `src/text/stopwords.rs`. A word of both lists asks.
pub fn stop_words(source: &Path) -> Made {
    let StopWords { question, function } = read(source);
    let with = |class: &'static str| move |word| (word, class);
    let asking = question.iter().map(String::as_str).map(with("question"));
    let holding = function.iter().filter(|word| !question.contains(word)).map(String::as_str).map(with("function"));
    table_of(asking.chain(holding))
}

/// The table of `src/query/curated.rs`.
pub fn asks(source: &Path) -> Made {
    let Asks { ask, modal, leading, kept, ordering, filler } = read(source);
    let asks = ask.into_iter().map(|Row { name, words }| (format!("ask {name}"), words));
    let modals = modal.into_iter().map(|(name, words)| (format!("modal {name}"), words));
    let lists = [("leading", leading), ("kept", kept), ("ordering", ordering), ("filler", filler)];
    let lists = lists.map(|(name, Words { words })| (name.to_owned(), words));
    let all: Vec<(String, Vec<String>)> = asks.chain(modals).chain(lists).collect();
    table_of(all.iter().flat_map(|(name, words)| words.iter().map(|word| (word.as_str(), name.as_str()))))
}

/// The words in Han of a lexicon by their usual readings, and behind `~` by those that are blurred, as
/// `src/text/lexicon.rs` looks them up.
pub fn readings(lexicon: &Prepared) -> Made {
    let mut pairs: Vec<(String, &str)> = Vec::new();
    for (word, _) in lexicon.words().filter(|(word, _)| readings::is_read(word)) {
        pairs.extend(readings::word_reading(word).map(|reading| (reading, word)));
        let blurred = readings::blurred_reading(word).filter(|_| word.chars().nth(1).is_some());
        pairs.extend(blurred.map(|reading| (format!("~{reading}"), word)));
    }
    table_of(pairs.iter().map(|(reading, word)| (reading.as_str(), *word)))
}

/// The Han characters that may be read as each syllable, in their order, as `src/query/words.rs` looks them up.
pub fn syllables() -> Made {
    let mut chars: BTreeMap<String, String> = BTreeMap::new();
    for c in ('\u{0}'..=char::MAX).filter(|&c| is_han(c)) {
        readings::readings(c).into_iter().for_each(|reading| chars.entry(reading).or_default().push(c));
    }
    table_of(chars.iter().map(|(reading, chars)| (reading.as_str(), chars.as_str())))
}

/// The same as JSON.
pub fn as_json(source: &Path) -> Made {
    let text = serde_json::to_string(&read::<toml::Table>(source));
    Made { text: text.unwrap_or_else(|error| panic!("{}: {error}", source.display())), places: None }
}

/// A table in the form of `src/text/table.rs`: values of words that stand in several pairs follow each other, each once.
fn table_of<'w>(pairs: impl IntoIterator<Item = (&'w str, &'w str)>) -> Made {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (word, value) in pairs {
        let known = values.entry(word).or_default();
        if !known.contains(&value) {
            known.push(value);
        }
    }
    let longest = values.keys().map(|word| word.chars().count()).max().unwrap_or_default();
    let mut text = format!("{longest}\n");
    let mut places = Places::for_words(values.len());
    for (word, values) in values {
        places.enter(word, text.len());
        text += &format!("{word}\t{}\n", values.join("\t"));
    }
    Made { text, places: Some(places.0) }
}

fn read<T: DeserializeOwned>(source: &Path) -> T {
    let text = fs::read_to_string(source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", source.display()))
}
