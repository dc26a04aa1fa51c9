//! The index of one notes folder, on disk.
//!
//! ```text
//! INDEX/<digest of the notes folder's path>/CURRENT        the name of the generation in force
//!                                          /lock           held while one process writes
//!                                          /lock.holder    which process that is
//!                                          /commit.json    the Git commit that its notes are in by now
//!                                          /seen.json      sizes, times and digests of the notes' files when last read
//!                                          /gen-000001/    a tantivy index, its manifest.json and its notes.json
//! ```
//!
//! A generation is built aside, validated, and then made current by replacing the small pointer file; it never
//! changes afterwards, so a reader holds a snapshot. The generation before stays as the last good one, and any other for as
//! long as somebody reads it. Where it fits, a generation begins as hard links to the files of the one before, and only notes that
//! changed are read, taken out and put in again.

mod aside;
mod changes;
mod directory;
mod document;
mod generation;
mod key;
mod later;
mod lock;
mod manifest;
mod outline;
mod pace;
mod progress;
mod reader;
mod record;
mod schema;
mod seen;
mod table;
mod together;
mod tokens;
mod writer;

pub use changes::{Change, Changes, Outdated, Renamed};
pub use generation::{Effort, Home, Unfit};
pub use key::PassageKey;
pub use lock::{Lock, hold};
pub use manifest::{FORMAT_VERSION, Fit, Manifest};
pub use outline::Outline;
pub use progress::{Progress, Step};
pub use reader::{Lists, Snapshot};
pub use record::Record;
pub use schema::{Fields, TextField};
pub use table::Tokens;
pub use writer::{BuildReport, Builder};

/// How the key of a question begins that leaves out how it asks; several answers under one cast doubt on all of them.
pub const VAGUE: char = '~';

/// Whether a key leaves out how the question asks.
#[must_use]
pub fn is_vague(key: &str) -> bool {
    key.starts_with(VAGUE)
}
