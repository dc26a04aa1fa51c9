//! The words that notes and questions are cut with: the lexicons in force, and the analyzer made of them.

use std::io::ErrorKind;
use std::path::Path;

use crate::corpus::LEXICON_FILE;
use crate::error::Failure;
use crate::text::{Analyzer, Lexicon, LexiconProblem, TermKind};

/// The lexicons in force, and the analyzer made of them.
#[derive(Debug)]
pub(super) struct Vocabulary {
    texts: Vec<(String, TermKind)>,
    /// Whether the last of the texts is the notes folder's own.
    has_own: bool,
    analyzer: Analyzer,
}

impl Vocabulary {
    /// Everyday words, the names of the cloud-native field, if wanted, and those of the notes folder, if it has any.
    pub(super) fn read(notes_dir: &Path, standard: bool) -> Result<Self, Failure> {
        let path = notes_dir.join(LEXICON_FILE);
        let own = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::File(path, error.to_string())),
        };
        Self::new(standard, own).map_err(|LexiconProblem { line, reason }| Failure::Lexicon { path, line, reason })
    }

    /// As [`Vocabulary::read`], with the text of the notes folder's lexicon.
    pub(super) fn new(standard: bool, own: Option<String>) -> Result<Self, LexiconProblem> {
        let mut texts = vec![(Lexicon::everyday_source().to_owned(), TermKind::Everyday)];
        if standard {
            texts.push((Lexicon::standard_source().to_owned(), TermKind::Name));
        }
        let has_own = own.is_some();
        texts.extend(own.map(|text| (text, TermKind::Name)));
        let mut lexicon = Lexicon::empty();
        for (text, kind) in &texts {
            lexicon.add(text, *kind)?;
        }
        Ok(Self { texts, has_own, analyzer: Analyzer::new(lexicon) })
    }

    /// The texts of all lexicons.
    pub(super) fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(|(text, _)| text.as_str()).collect()
    }

    /// The text of the notes folder's own lexicon.
    pub(super) fn own(&self) -> Option<&str> {
        self.texts.last().filter(|_| self.has_own).map(|(text, _)| text.as_str())
    }

    /// Whether both are made of the same texts.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.texts == other.texts
    }

    pub(super) fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }
}
