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

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{fold, is_han};

static CLOUD_NATIVE: &str = include_str!("lexicon/cloud_native.toml");
static EVERYDAY: &str = include_str!("lexicon/everyday.toml");
/// Longer names are no names; characters.
const NAME_CHARS_MAX: usize = 60;

/// Names for one thing, as written in the lexicon; the first is the one to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TermGroup {
    /// All names, the canonical one first.
    pub names: Vec<String>,
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
    groups: Vec<TermGroup>,
    by_key: HashMap<String, Vec<usize>>,
    han_words: HashSet<String>,
    han_chars_max: usize,
    key_chars_max: usize,
}

/// Why a lexicon file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconProblem {
    /// The line of the file where it stands, counted from 1, when known.
    pub line: Option<usize>,
    /// What the TOML reader expected.
    pub reason: String,
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

impl Lexicon {
    /// A lexicon without any word.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The names of the cloud-native field and everyday words.
    ///
    /// # Panics
    /// Never in a released binary: a test reads the compiled-in file.
    #[must_use]
    pub fn standard() -> Self {
        let mut lexicon = Self::empty();
        for (source, kind) in [(CLOUD_NATIVE, TermKind::Name), (EVERYDAY, TermKind::Everyday)] {
            let read = lexicon.add(source, kind);
            debug_assert_eq!(read, Ok(()), "a compiled-in lexicon does not parse");
        }
        lexicon
    }

    /// The text of the compiled-in names of the cloud-native field.
    #[must_use]
    pub fn standard_source() -> &'static str {
        CLOUD_NATIVE
    }

    /// The text of the compiled-in everyday words.
    #[must_use]
    pub fn everyday_source() -> &'static str {
        EVERYDAY
    }

    /// Adds the terms of a TOML file's text.
    ///
    /// # Errors
    /// A [`LexiconProblem`] when the text is not a lexicon; nothing was added then.
    pub fn add(&mut self, source: &str, kind: TermKind) -> Result<(), LexiconProblem> {
        let file: File = toml::from_str(source).map_err(|error| LexiconProblem {
            line: error.span().map(|span| 1 + source.bytes().take(span.start).filter(|&b| b == b'\n').count()),
            reason: error.message().to_owned(),
        })?;
        for entry in file.term {
            let names: Vec<String> = std::iter::once(entry.name)
                .chain(entry.also)
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX)
                .collect();
            self.add_group(names, kind);
        }
        Ok(())
    }

    fn add_group(&mut self, names: Vec<String>, kind: TermKind) {
        let number = self.groups.len();
        for name in &names {
            let folded = fold(name);
            for word in folded.split(|c: char| !is_han(c)).filter(|word| word.chars().count() > 1) {
                self.han_chars_max = self.han_chars_max.max(word.chars().count());
                self.han_words.insert(word.to_owned());
            }
            let key = alias_key(&folded);
            self.key_chars_max = self.key_chars_max.max(key.chars().count());
            let groups = self.by_key.entry(key).or_default();
            if !groups.contains(&number) {
                groups.push(number);
            }
        }
        self.groups.push(TermGroup { names, kind });
    }

    /// Whether a word of Han characters stands in the lexicon.
    #[must_use]
    pub fn has_han_word(&self, word: &str) -> bool {
        self.han_words.contains(word)
    }

    /// All words of Han characters.
    pub fn han_words(&self) -> impl Iterator<Item = &str> {
        self.han_words.iter().map(String::as_str)
    }

    /// All names, in the form of [`alias_key`].
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.by_key.keys().map(String::as_str)
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
    pub fn groups(&self, key: &str) -> impl Iterator<Item = &TermGroup> {
        self.by_key.get(key).into_iter().flatten().filter_map(|&number| self.groups.get(number))
    }

    /// The first name of the thing that a word names, whatever name of it the word is; the folded word itself where the
    /// lexicon does not know it.
    #[must_use]
    pub fn name_of(&self, word: &str) -> String {
        let folded = fold(word);
        let key = alias_key(&folded);
        let names = |key: &str| self.groups(key).find(|group| group.kind == TermKind::Name)?.names.first().cloned();
        names(&key).or_else(|| names(key.strip_suffix('s')?)).unwrap_or_else(|| folded.to_lowercase())
    }

    /// Number of terms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is no term at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
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
