//! From a folder of notes to passages.
//!
//! ```text
//! folder -> walk -> read (encoding) -> front_matter -> markdown (blocks, byte offsets)
//!        -> section (heading tree, anchors) -> passage (what is indexed and shown)
//! ```
//!
//! Parsing never fails: it gives sections and warnings with path and line. Only `walk` and `read` touch the
//! file system, and only `checkout` runs another program.

mod anchor;
mod block;
mod checkout;
mod day;
mod diagram;
mod front_matter;
mod host_anchor;
mod html;
mod inline;
mod lines;
mod link;
mod markdown;
mod note;
mod passage;
mod picture;
mod read;
mod reference;
mod section;
mod soft_break;
mod walk;

pub use block::{Block, BlockKind, Opening, Piece};
pub use checkout::{Checkout, Look};
pub use day::Day;
pub use front_matter::{CURATED_CHARS_MAX, CURATED_MAX};
pub use lines::LineRange;
pub use link::{Host, LinkStyle, Links, PLACEHOLDERS, Target, is_template};
pub use note::{Note, NoteId, PassageId, SectionId, Warning, WarningKind, file_title};
pub use passage::{PASSAGE_LINES_MAX, Passage};
pub use picture::PICTURE_BYTES_MAX;
pub use read::{Unreadable, parse_bytes, read_bytes, read_note};
pub use reference::{Reference, ReferenceKind, References};
pub use section::Section;
pub use walk::{NoteFile, OtherFiles, Selection, Walk, is_note_name, walk};

/// The name of the lexicon that instructors keep in the notes folder.
pub const LEXICON_FILE: &str = "lexicon.toml";
/// The folder within the notes folder that holds answers to single questions, with a slash behind it.
pub const CURATED_FOLDER: &str = "qa/";
