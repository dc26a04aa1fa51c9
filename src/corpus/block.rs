//! The smallest things of a note that are shown whole.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// One item of a list, without the lists within it.
    ListItem,
    /// A code block; its pieces are lines.
    Code,
    /// One row of a table; the cells stand apart by ` | `.
    TableRow,
    /// The text of HTML, without its tags.
    Html,
    /// A picture that stands for itself; the text is its description, maybe empty.
    Image,
}

/// A part of a block that a snippet never cuts: a sentence, a list item, a line of code, a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Plain text without Markdown's marks.
    pub text: String,
    /// Where it stands in the note.
    pub span: Span,
}

/// A leaf of the note's structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands in the note.
    pub span: Span,
    /// Its pieces, in order.
    pub pieces: Vec<Piece>,
}
