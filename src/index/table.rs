//! What a generation holds of each note, so that the next one need not look at what has not changed.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::TextField;
use crate::corpus::{NoteId, Warning};

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
    /// The table of the generation in `folder`; `None` when it has none that can be read.
    pub(super) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()
    }

    pub(super) fn write(&self, folder: &Path) -> std::io::Result<()> {
        super::generation::write_flushed(&folder.join(FILE), &serde_json::to_vec(self)?)
    }

    pub(super) fn get(&self, id: &NoteId) -> Option<&Entry> {
        self.0.get(self.0.binary_search_by(|entry| entry.id.cmp(id)).ok()?)
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
