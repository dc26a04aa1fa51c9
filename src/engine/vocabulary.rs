//! The words that notes and questions are cut with: the lexicons in force, and the analyzer made of them.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use crate::corpus::LEXICON_FILE;
use crate::error::Failure;
use crate::text::{Analyzer, Lexicon, LexiconProblem, TermKind};

/// Bytes of a notes folder's lexicon.
const LEXICON_BYTES_MAX: u64 = 4 << 20;

/// The lexicons in force, and the analyzer made of them.
#[derive(Debug)]
pub(super) struct Vocabulary {
    own: Option<String>,
    analyzer: Analyzer,
}

impl Vocabulary {
    /// Everyday words, the names of the cloud-native field, if wanted, and those of the notes folder, if it has any; `known` itself when it
    /// is made of the same texts.
    pub(super) fn read(notes_dir: &Path, standard: bool, known: Option<Arc<Self>>) -> Result<Arc<Self>, Failure> {
        let path = notes_dir.join(LEXICON_FILE);
        let own = match read_bounded(&path).map(String::from_utf8) {
            Ok(Ok(text)) => Some(text),
            Ok(Err(error)) => {
                let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
                let line = Some(1 + before.filter(|&&byte| byte == b'\n').count());
                return Err(Failure::Lexicon { path, line, reason: "it is not UTF-8; save it as UTF-8".to_owned() });
            }
            // A link that leads nowhere is not none.
            Err(error) if error.kind() == ErrorKind::NotFound && path.symlink_metadata().is_err() => None,
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                return Err(Failure::Lexicon { path, line: None, reason: error.to_string() });
            }
            Err(error) => return Err(Failure::File(path, error.to_string())),
        };
        if let Some(known) = known.filter(|known| known.own == own) {
            return Ok(known);
        }
        let made = Self::new(standard, own).map(Arc::new);
        made.map_err(|LexiconProblem { line, reason }| Failure::Lexicon { path, line, reason })
    }

    /// As [`Vocabulary::read`], with the text of the notes folder's lexicon.
    pub(super) fn new(standard: bool, own: Option<String>) -> Result<Self, LexiconProblem> {
        let mut lexicon = if standard { Lexicon::standard() } else { Lexicon::everyday() };
        if let Some(text) = &own {
            lexicon.add(text, TermKind::Name)?;
        }
        Ok(Self { own, analyzer: Analyzer::new(lexicon) })
    }

    /// The text of the notes folder's own lexicon.
    pub(super) fn own(&self) -> Option<&str> {
        self.own.as_deref()
    }

    /// Whether both are made of the same texts, for notes and settings that are the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.own == other.own
    }

    pub(super) fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }
}

/// Reads a regular file. A pipe would be waited for without end, and a link may lead to what has none.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() || found.len() > LEXICON_BYTES_MAX {
        return Err(std::io::Error::new(
            ErrorKind::InvalidInput,
            format!("no regular file of at most {LEXICON_BYTES_MAX} bytes"),
        ));
    }
    std::fs::read(path)
}
