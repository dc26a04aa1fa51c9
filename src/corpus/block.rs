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
    /// The head of a table: the names of its columns, apart by ` | `.
    TableHead,
    /// One row of a table; the cells stand apart by ` | `.
    TableRow,
    /// What a diagram that is written as text (mermaid and the like) says: names, and what leads to what.
    Diagram,
    /// The text of HTML, without its tags.
    Html,
    /// A picture that stands for itself; the text is its description, maybe empty.
    Image,
}

/// How a piece is set off from the piece before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Opening {
    /// It goes on in the same line.
    Running,
    /// It begins a line.
    #[default]
    Line,
    /// It begins a list item, with this mark and a blank: `- `, `2. `; two blanks more for each list around it.
    Item(String),
}

/// A part of a block that a snippet never cuts: a sentence, a list item, a line of code, a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Plain text without Markdown's marks.
    pub text: String,
    /// Where it stands in the note.
    pub span: Span,
    /// How it is set off from the piece before it.
    pub opening: Opening,
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
