//! The lexicon: words of the field for the segmenter, and names that mean the same.
//!
//! It is data that instructors edit. The standard one for cloud-native notes is compiled in; a
//! `lexicon.toml` in the notes folder adds to it:
//!
//! ```toml
//! [[term]]
//! name = "Pod"
//! also = ["容器组", "po"]
//! ```

mod prepared;

use std::borrow::Cow;

use serde::Serialize;

use prepared::Prepared;
pub use prepared::{LexiconProblem, alias_key};

use super::{WordTable, fold, is_han, table, word_table};

/// A lexicon that `build.rs` has prepared.
macro_rules! compiled {
    ($name:literal) => {
        Prepared {
            text: Cow::Borrowed(include_str!(concat!(env!("OUT_DIR"), "/", $name, ".lexicon"))),
            places: Cow::Borrowed(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".places")).as_chunks().0),
        }
    };
}

static EVERYDAY: Prepared = compiled!("everyday");
static CLOUD_NATIVE: Prepared = compiled!("cloud_native");

/// Names for one thing, as written in the lexicon; the first is the one to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermGroup<'l> {
    /// All names, the canonical one first.
    pub names: Vec<&'l str>,
    /// What they are.
    pub kind: TermKind,
}

/// What the names of a lexicon are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum TermKind {
    /// Names of one thing: each is as good as the other.
    Name,
    /// Everyday words that mean about the same (装, 安装): a hint, no more.
    Everyday,
}

/// The words and aliases in force.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    parts: Vec<Part>,
    han_chars_max: usize,
    key_chars_max: usize,
}

/// What one file has added.
#[derive(Clone, Debug)]
struct Part {
    kind: TermKind,
    file: Cow<'static, Prepared>,
    /// Its words by their readings, when `build.rs` has prepared that too.
    readings: Option<WordTable>,
}

impl Lexicon {
    /// A lexicon without any word.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Everyday words.
    #[must_use]
    pub fn everyday() -> Self {
        let mut lexicon = Self::empty();
        lexicon.push(TermKind::Everyday, Cow::Borrowed(&EVERYDAY), Some(word_table!("everyday_readings")));
        lexicon
    }

    /// Everyday words and the names of the cloud-native field.
    #[must_use]
    pub fn standard() -> Self {
        let mut lexicon = Self::everyday();
        lexicon.push(TermKind::Name, Cow::Borrowed(&CLOUD_NATIVE), Some(word_table!("cloud_native_readings")));
        lexicon
    }

    /// Adds the terms of a TOML file's text.
    ///
    /// # Errors
    /// A [`LexiconProblem`] when the text is not a lexicon; nothing was added then.
    pub fn add(&mut self, source: &str, kind: TermKind) -> Result<(), LexiconProblem> {
        self.push(kind, Cow::Owned(Prepared::new(source)?), None);
        Ok(())
    }

    fn push(&mut self, kind: TermKind, file: Cow<'static, Prepared>, readings: Option<WordTable>) {
        let [_, han, key, _] = file.numbers();
        self.han_chars_max = self.han_chars_max.max(han as usize);
        self.key_chars_max = self.key_chars_max.max(key as usize);
        self.parts.push(Part { kind, file, readings });
    }

    /// Whether a word of Han characters stands in the lexicon.
    #[must_use]
    pub fn has_han_word(&self, word: &str) -> bool {
        let mixed = table::mixed(word);
        is_han_word(word) && self.parts.iter().any(|part| part.file.has(word, mixed))
    }

    /// All words of Han characters.
    pub fn han_words(&self) -> impl Iterator<Item = &str> {
        self.words().map(|(word, _)| word).filter(|word| is_han_word(word))
    }

    /// All names, in the form of [`alias_key`].
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words().filter(|(_, terms)| !terms.is_empty()).map(|(key, _)| key)
    }

    /// Words of Han characters whose usual reading this is; behind `~` those whose blurred one it is. Only of the files that have their
    /// readings at hand, see [`Lexicon::unread`]. Two files may have the same word.
    pub fn read_as(&self, reading: &str) -> impl Iterator<Item = &'static str> {
        let tables = self.parts.iter().filter_map(|part| part.readings);
        tables.filter_map(move |table| table.get(reading)).flat_map(|words| words.split('\t'))
    }

    /// All words and names of the other files.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        let others = self.parts.iter().filter(|part| part.readings.is_none());
        others.flat_map(|part| part.file.words()).map(|(word, _)| word)
    }

    fn words(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parts.iter().flat_map(|part| part.file.words())
    }

    /// The longest Han word, in characters; 0 for an empty lexicon.
    #[must_use]
    pub fn han_chars_max(&self) -> usize {
        self.han_chars_max
    }

    /// The longest key that [`Lexicon::groups`] knows, in characters.
    #[must_use]
    pub fn key_chars_max(&self) -> usize {
        self.key_chars_max
    }

    /// The groups that hold a name with this [`alias_key`].
    pub fn groups(&self, key: &str) -> impl Iterator<Item = TermGroup<'_>> {
        self.parts.iter().flat_map(move |part| {
            let terms = part.file.terms(key).unwrap_or_default().split_terminator('\t');
            terms.map(|term| TermGroup { names: part.file.names(term).collect(), kind: part.kind })
        })
    }

    /// The first name of the thing that a word names, whatever name of it the word is; the folded word itself where the
    /// lexicon does not know it.
    #[must_use]
    pub fn name_of(&self, word: &str) -> String {
        let folded = fold(word);
        let key = alias_key(&folded);
        let name = |key: &str| {
            let mut groups = self.groups(key);
            groups.find(|group| group.kind == TermKind::Name)?.names.first().map(|name| (*name).to_owned())
        };
        name(&key).or_else(|| name(key.strip_suffix('s')?)).unwrap_or_else(|| folded.to_lowercase())
    }

    /// What tells this lexicon from any other.
    #[must_use]
    pub fn digest(&self) -> String {
        let digest = |part: &Part| format!("{:?} {:016x}", part.kind, part.file.numbers()[3]);
        self.parts.iter().map(digest).collect::<Vec<_>>().join(", ")
    }

    /// Number of terms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.file.numbers()[0] as usize).sum()
    }

    /// Whether there is no term at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Whether a word of a lexicon is one for the segmenter.
fn is_han_word(word: &str) -> bool {
    word.chars().all(is_han) && word.chars().nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_lexicon_parses_and_is_large_enough() {
        assert!(Lexicon::standard().len() >= 150, "{} terms", Lexicon::standard().len());
    }

    #[test]
    fn names_find_their_group_in_any_spelling() {
        let mut lexicon = Lexicon::empty();
        lexicon.add("[[term]]\nname = \"kube-proxy\"\nalso = [\"服務代理\"]\n", TermKind::Name).unwrap();
        for key in ["kube proxy", "服务代理"] {
            assert_eq!(lexicon.groups(key).count(), 1, "{key}");
        }
        assert!(lexicon.has_han_word("服务代理"));
        assert_eq!(alias_key(&fold("Kube_Proxy")), "kube proxy");
    }

    #[test]
    fn every_name_of_a_thing_leads_to_its_first() {
        let mut lexicon = Lexicon::empty();
        lexicon.add("[[term]]\nname = \"Pod\"\nalso = [\"容器组\"]\n", TermKind::Name).unwrap();
        lexicon.add("[[term]]\nname = \"拿\"\nalso = [\"取\"]\n", TermKind::Everyday).unwrap();
        for (word, name) in [("pods", "Pod"), ("容器組", "Pod"), ("Karmada", "karmada"), ("取", "取")] {
            assert_eq!(lexicon.name_of(word), name, "{word}");
        }
    }

    #[test]
    fn a_broken_file_names_its_line_and_adds_nothing() {
        let mut lexicon = Lexicon::empty();
        let problem = lexicon.add("[[term]]\nname = \"a\"\n[[term]]\nnick = 1\n", TermKind::Name).unwrap_err();
        assert_eq!(problem.line, Some(4));
        assert!(lexicon.is_empty());
    }
}
