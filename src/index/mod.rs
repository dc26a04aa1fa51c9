//! The index of one notes folder, on disk.
//!
//! ```text
//! INDEX/<digest of the notes folder's path>/CURRENT        the name of the generation in force
//!                                          /lock           held while one process writes
//!                                          /gen-000001/    a tantivy index and its manifest.json
//! ```
//!
//! A generation is built aside, validated, and then made current by replacing the small pointer file; it never
//! changes afterwards, so a reader holds a snapshot. The generation before stays as the last good one.

mod directory;
mod generation;
mod manifest;
mod reader;
mod record;
mod schema;
mod writer;

pub use generation::{Home, Unfit};
pub use manifest::{FORMAT_VERSION, Fit, Manifest};
pub use reader::Snapshot;
pub use record::Record;
pub use schema::{Fields, TextField};
pub use writer::{BuildReport, Builder, Progress};
