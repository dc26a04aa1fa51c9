//! What a generation was made from, so that a reader knows whether it fits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Tokens, Unfit};
use crate::corpus::Checkout;
use crate::text::ANALYZER_VERSION;

/// Rises whenever schema or stored records change.
pub const FORMAT_VERSION: u32 = 11;

/// What must agree between the index and the program that reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// [`FORMAT_VERSION`].
    pub format: u32,
    /// [`ANALYZER_VERSION`].
    pub analyzer: u32,
    /// Digest of the lexicon in force.
    pub lexicon: String,
    /// Digest of the settings that choose the notes.
    pub selection: String,
}

impl Fit {
    /// The fit of this program with the lexicon of this digest and these settings.
    #[must_use]
    pub fn new(lexicon: &str, selection: &str) -> Self {
        Self {
            format: FORMAT_VERSION,
            analyzer: ANALYZER_VERSION,
            lexicon: lexicon.to_owned(),
            selection: digest(&[selection]),
        }
    }
}

impl Fit {
    /// In which of the choice of notes and the lexicon it differs from another one.
    #[must_use]
    pub fn differs_from(&self, other: &Self) -> Option<Unfit> {
        if self.selection != other.selection {
            Some(Unfit::Selection)
        } else if self.lexicon != other.lexicon {
            Some(Unfit::Lexicon)
        } else {
            None
        }
    }
}

/// The manifest of a generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What must agree.
    pub fit: Fit,
    /// The notes folder, for people.
    pub notes_dir: String,
    /// When it was built; seconds since 1970.
    pub built_at: u64,
    /// Notes in it.
    pub notes: usize,
    /// Sections in it.
    pub sections: usize,
    /// Passages in it.
    pub passages: usize,
    /// Tokens of these passages, field by field.
    pub tokens: Tokens,
    /// Whether any of them has a last day: without one it does not matter which day it is. A build that did not note it may have some.
    #[serde(default = "maybe")]
    pub expires: bool,
    /// Whether any of them is curated for a question, likewise.
    #[serde(default = "maybe")]
    pub curated: bool,
    /// The Git checkout that the notes were in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkout: Option<Checkout>,
    /// Digest of the table of its notes, which a build goes on from.
    pub table: String,
    /// The generation's other files with their sizes in bytes: one that is missing or cut short shows at once.
    pub files: BTreeMap<String, u64>,
}

fn maybe() -> bool {
    true
}

/// SHA-256 of texts, each with its length, in hexadecimal; 32 characters suffice to tell them apart.
pub(super) fn digest(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hexadecimal(hash)
}

/// SHA-256 of bytes, likewise.
pub(super) fn digest_of_bytes(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new().chain_update(bytes))
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
