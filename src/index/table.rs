//! What a generation holds of each note, so that the next one need not look at what has not changed.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::manifest::digest_of_bytes;
use super::{TextField, is_vague};
use crate::corpus::{Day, NoteId, Warning, WarningKind};

/// The table's file in a generation.
pub(super) const FILE: &str = "notes.json";

/// Numbers of tokens, one for each of [`TextField::ALL`].
pub type Tokens = [u64; TextField::ALL.len()];

/// What became of a note.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    /// It is in the index.
    #[default]
    Indexed,
    /// Its author marked it as a draft.
    Draft,
    /// It could not be read.
    Unreadable,
}

/// A note of a generation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub id: NoteId,
    /// Digest of the file's bytes; empty when they could not be had.
    pub digest: String,
    pub state: State,
    pub sections: usize,
    pub passages: usize,
    /// Tokens of its passages.
    pub tokens: Tokens,
    pub warnings: Vec<Warning>,
    /// The questions that it is curated for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// The last day on which it answers them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
}

/// A question that a note is curated for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claim {
    pub question: String,
    /// Its keys.
    pub keys: Vec<String>,
    /// The line of the note's list of questions.
    pub line: u32,
}

impl Entry {
    pub(super) fn is_indexed(&self) -> bool {
        self.state == State::Indexed
    }
}

/// The notes of a generation, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Table(pub Vec<Entry>);

impl Table {
    /// The table of the generation in `folder`; `None` when it has none that can be read, or is not the one with this digest.
    pub(super) fn read(folder: &Path, digest: &str) -> Option<Self> {
        let bytes = std::fs::read(folder.join(FILE)).ok()?;
        if digest_of_bytes(&bytes) != digest {
            return None;
        }
        serde_json::from_slice(&bytes).ok()
    }

    /// Writes the table and gives its digest.
    pub(super) fn write(&self, folder: &Path) -> std::io::Result<String> {
        let bytes = serde_json::to_vec(self)?;
        super::generation::write_flushed(&folder.join(FILE), &bytes)?;
        Ok(digest_of_bytes(&bytes))
    }

    pub(super) fn get(&self, id: &NoteId) -> Option<&Entry> {
        self.0.get(self.0.binary_search_by(|entry| entry.id.cmp(id)).ok()?)
    }

    /// The notes that are curated for a question which a note before them is curated for as well, those that have expired by
    /// `today` left out.
    pub(super) fn conflicts(&self, today: Day) -> Vec<Warning> {
        let mut first: HashMap<&str, &NoteId> = HashMap::new();
        let mut warnings = Vec::new();
        let current = |entry: &&Entry| entry.is_indexed() && entry.expires.is_none_or(|last| today <= last);
        for entry in self.0.iter().filter(current) {
            for claim in &entry.claims {
                let others = claim.keys.iter().filter(|key| !is_vague(key)).filter_map(|key| first.get(key.as_str()));
                if let Some(other) = others.filter(|other| **other != &entry.id).min() {
                    let kind = WarningKind::CuratedTwice(claim.question.clone(), (*other).clone());
                    warnings.push(Warning { note: entry.id.clone(), line: claim.line, kind });
                }
                for key in &claim.keys {
                    first.entry(key).or_insert(&entry.id);
                }
            }
        }
        warnings
    }

    /// Tokens of all notes.
    pub(super) fn tokens(&self) -> Tokens {
        let mut all = Tokens::default();
        for entry in &self.0 {
            all.iter_mut().zip(entry.tokens).for_each(|(sum, tokens)| *sum += tokens);
        }
        all
    }
}
