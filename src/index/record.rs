//! What the index stores of a passage: all that an answer shows, so that a snapshot needs no other file.

use serde::{Deserialize, Serialize};

use crate::corpus::{BlockKind, CURATED_FOLDER, Day, LineRange, Note, Opening, Passage, PassageId, Piece};
use crate::text::{Fingerprint, Span};

/// A passage as stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Which passage.
    pub id: PassageId,
    /// The note's title.
    pub title: String,
    /// The section's heading; empty before the first heading.
    pub heading: String,
    /// Headings above, outermost first.
    pub trail: Vec<String>,
    /// What the front matter of its note says that it is about; empty for none.
    pub about: String,
    /// Number of the section whose heading stands directly above, within the note.
    pub parent: Option<usize>,
    /// Number of the section within the note.
    pub section: usize,
    /// Source lines.
    pub lines: LineRange,
    /// By which it is seen that another passage says the same.
    pub fingerprint: Fingerprint,
    /// The last day on which its note answers the questions that it is curated for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
    /// The place where its note sends who wants to read on: note and anchor; an empty anchor is the note as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub see: Option<(String, String)>,
    /// When its note was last worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Day>,
    /// Where its first picture lies, as written, when it holds nothing but pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Kind, source bytes, plain text and opening of each piece.
    pieces: Vec<(BlockKind, usize, usize, String, Opening)>,
}

/// Whether a passage of a note that expires after a day is not shown any more.
pub(super) fn is_hidden(id: &PassageId, expires: Option<Day>, today: Day) -> bool {
    id.section.note.0.starts_with(CURATED_FOLDER) && expires.is_some_and(|last| last < today)
}

impl Record {
    /// The record of a passage of `note`.
    #[must_use]
    pub fn of(note: &Note, passage: &Passage) -> Self {
        let section = note.sections.get(passage.section);
        Self {
            id: passage.id(note),
            title: note.title.clone(),
            heading: section.map(|section| section.heading.clone()).unwrap_or_default(),
            trail: section.map(|section| section.trail.clone()).unwrap_or_default(),
            about: note.about(),
            parent: section.and_then(|section| section.parent),
            section: passage.section,
            lines: passage.lines,
            expires: note.expires,
            see: note.see_place(),
            updated: note.updated,
            picture: note.picture(passage),
            fingerprint: Fingerprint::of(passage.pieces.iter().map(|(_, piece)| piece.text.as_str())),
            pieces: passage
                .pieces
                .iter()
                .map(|(kind, piece)| {
                    (*kind, piece.span.start, piece.span.end, piece.text.clone(), piece.opening.clone())
                })
                .collect(),
        }
    }

    /// Whether it is not shown any more on the day `today`: of a note only the answers to curated questions end.
    #[must_use]
    pub fn is_hidden(&self, today: Day) -> bool {
        is_hidden(&self.id, self.expires, today)
    }

    /// Kind and plain text of each piece, in the order of the text.
    pub fn texts(&self) -> impl Iterator<Item = (BlockKind, &str)> {
        self.pieces.iter().map(|(kind, _, _, text, _)| (*kind, text.as_str()))
    }

    /// The pieces, in the order of the text.
    pub fn pieces(&self) -> impl Iterator<Item = (BlockKind, Piece)> + '_ {
        self.pieces.iter().map(|(kind, start, end, text, opening)| {
            let span = Span::new(*start, *end);
            (*kind, Piece { text: text.clone(), span, opening: opening.clone() })
        })
    }
}
