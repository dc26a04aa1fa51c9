//! Passages: what is indexed, ranked and shown. A section, or a part of a long one cut at block borders.

use super::lines::Lines;
use super::{Block, BlockKind, LineRange, Note, NoteId, PassageId, Piece, Section, SectionId};
use crate::text::Span;

/// No passage has more source lines than this.
pub const PASSAGE_LINES_MAX: u32 = 60;
/// A passage is closed before it grows beyond this many bytes of plain text, if it can be cut.
const PASSAGE_BYTES_MAX: usize = 4000;

/// A part of a section with its own lines.
#[derive(Clone, Debug)]
pub struct Passage {
    /// The section's number in [`Note::sections`].
    pub section: usize,
    /// The passage's number within its section, counted from 0.
    pub ordinal: u32,
    /// The bytes of the note that it covers; the passages of a note touch each other.
    pub span: Span,
    /// The lines of `span` without blank ones at its ends.
    pub lines: LineRange,
    /// Its pieces with the kind of their block.
    pub pieces: Vec<(BlockKind, Piece)>,
}

impl Passage {
    /// The passage's name within `note`.
    #[must_use]
    pub fn id(&self, note: &Note) -> PassageId {
        let anchor = note.sections.get(self.section).map(|section| section.anchor.clone()).unwrap_or_default();
        PassageId { section: SectionId { note: NoteId(note.id.0.clone()), anchor }, ordinal: self.ordinal }
    }

    /// Whether there is nothing to show but a heading.
    #[must_use]
    pub fn is_bare_heading(&self) -> bool {
        self.pieces.is_empty()
    }
}

impl Note {
    /// The passages of the note in the order of the text. Bare headings are among them.
    #[must_use]
    pub fn passages(&self) -> Vec<Passage> {
        self.sections
            .iter()
            .enumerate()
            .flat_map(|(number, section)| cut(&self.text, &self.lines, number, section))
            .collect()
    }
}

/// A run of pieces that stays together if it fits into a passage.
struct Unit<'s> {
    start: usize,
    kind: BlockKind,
    pieces: &'s [Piece],
}

fn cut(text: &str, lines: &Lines, number: usize, section: &Section) -> Vec<Passage> {
    let mut starts = vec![section.span.start];
    let mut bytes = 0;
    let mut covered = section.span.start;
    let mut first_line = section.lines.first;
    let mut units: Vec<Unit<'_>> = section.blocks.iter().flat_map(|block| units(lines, block)).collect();
    units.sort_by_key(|unit| unit.start);
    for unit in &units {
        let unit_bytes: usize = unit.pieces.iter().map(|piece| piece.text.len()).sum();
        let end = unit.pieces.last().map_or(unit.start, |piece| piece.span.end);
        let last_line = lines.number(end.saturating_sub(1).max(unit.start));
        let too_long =
            last_line.saturating_sub(first_line) >= PASSAGE_LINES_MAX || bytes + unit_bytes > PASSAGE_BYTES_MAX;
        let cut_at = border(lines, unit.start, covered);
        covered = end;
        if too_long && bytes > 0 && starts.last().is_some_and(|&start| start < cut_at) {
            starts.push(cut_at);
            bytes = 0;
            first_line = lines.number(unit.start);
        }
        bytes += unit_bytes;
    }
    let ends = starts.iter().skip(1).copied().chain([section.span.end]);
    let mut passages: Vec<Passage> = starts
        .iter()
        .zip(ends)
        .zip(0..)
        .map(|((&start, end), ordinal)| {
            let span = Span::new(start, end);
            Passage { section: number, ordinal, span, lines: lines.range(text, span), pieces: Vec::new() }
        })
        .collect();
    for unit in units {
        for piece in unit.pieces {
            let at = starts.partition_point(|&start| start <= piece.span.start).saturating_sub(1);
            if let Some(passage) = passages.get_mut(at) {
                passage.pieces.push((unit.kind, piece.clone()));
            }
        }
    }
    for passage in &mut passages {
        // A heading of many lines, or a comment that is longer than a passage, is not what is to be read.
        let text_first =
            passage.pieces.first().map_or(passage.lines.first, |(_, piece)| lines.number(piece.span.start));
        if text_first.saturating_sub(passage.lines.first) >= PASSAGE_LINES_MAX {
            passage.lines.first = text_first;
        }
        passage.lines.last = passage.lines.last.min(passage.lines.first + PASSAGE_LINES_MAX - 1);
    }
    passages
}

/// Where to cut before a unit: at its line's start, unless the unit before reaches into that line.
fn border(lines: &Lines, unit_start: usize, covered: usize) -> usize {
    let line_start = lines.start(unit_start);
    if line_start >= covered { line_start } else { unit_start }
}

/// A block as a whole, or its pieces one by one when it could not fit into a passage.
fn units<'s>(lines: &Lines, block: &'s Block) -> Vec<Unit<'s>> {
    let bytes: usize = block.pieces.iter().map(|piece| piece.text.len()).sum();
    let span = LineRange {
        first: lines.number(block.span.start),
        last: lines.number(block.span.end.saturating_sub(1).max(block.span.start)),
    };
    if bytes <= PASSAGE_BYTES_MAX && span.count() < PASSAGE_LINES_MAX / 2 {
        return vec![Unit { start: block.span.start, kind: block.kind, pieces: &block.pieces }];
    }
    block
        .pieces
        .chunks(1)
        .enumerate()
        .map(|(number, pieces)| {
            let start = if number == 0 {
                block.span.start
            } else {
                pieces.first().map_or(block.span.start, |piece| piece.span.start)
            };
            Unit { start, kind: block.kind, pieces }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn note(text: &str) -> Note {
        Note::parse(NoteId("n.md".to_owned()), text.to_owned())
    }

    #[track_caller]
    fn check_tiles(note: &Note) {
        let passages = note.passages();
        let mut at = note.body().start;
        for passage in &passages {
            assert_eq!(passage.span.start, at, "a gap or an overlap before {passage:?}");
            assert!(note.text.get(passage.span.start..passage.span.end).is_some());
            assert!(passage.lines.count() <= PASSAGE_LINES_MAX, "{:?}", passage.lines);
            for (_, piece) in &passage.pieces {
                assert!(passage.span.contains(piece.span), "{:?} sticks out of {:?}", piece.span, passage.span);
                assert!(note.text.get(piece.span.start..piece.span.end).is_some(), "{piece:?}");
            }
            at = passage.span.end;
        }
        if !note.sections.is_empty() {
            assert_eq!(at, note.text.len(), "the end of the note is in no passage");
        }
    }

    #[test]
    fn a_long_code_block_is_cut_at_lines() {
        let mut text = "# t\n\n引言\n\n```yaml\n".to_owned();
        for line in 0..200 {
            let _ = writeln!(text, "key{line}: value");
        }
        text.push_str("```\n尾\n");
        let note = note(&text);
        check_tiles(&note);
        assert_eq!(note.passages().len(), 4);
    }

    #[test]
    fn a_page_in_one_line_is_cut_at_sentences() {
        let note = note(&"很长的一句话。".repeat(2000));
        check_tiles(&note);
        assert!(note.passages().len() > 5);
        assert!(note.passages().iter().all(|passage| passage.lines == LineRange { first: 1, last: 1 }));
    }

    #[test]
    fn a_page_in_one_code_span_is_cut_too() {
        let note = note(&format!("®`{}\r\n尾`\n", "长句子，".repeat(900)));
        check_tiles(&note);
        assert!(note.passages().len() > 1);
    }

    #[test]
    fn a_heading_without_text_is_bare_and_a_picture_is_not() {
        let note = note("### a\n#### b\n![](x y.png)\n#### c\n![z](z.png)\n");
        let bare: Vec<bool> = note.passages().iter().map(Passage::is_bare_heading).collect();
        assert_eq!(bare, [true, false, false]);
    }

    proptest! {
        #[test]
        fn passages_tile_the_note(parts in proptest::collection::vec(
            prop_oneof![
                Just("# 标题\n".to_owned()), Just("### kube-proxy\n\n".to_owned()), Just("- a\n  - b\n\n    c\n".to_owned()),
                Just("```go\nx := 1\n".to_owned()), Just("```\n".to_owned()), Just("| a | b |\n|---|---|\n| 1 | 2 |\n".to_owned()),
                Just("<div>\n<p>x</p>\n\n".to_owned()), Just("![](a b.png)\n\n".to_owned()), Just("> 引用\n> # 内\n".to_owned()),
                Just("\r\n".to_owned()), Just("---\n".to_owned()), Just("一。二！three. &amp; \\* **粗**\n".to_owned()), Just("[x]: /u\n".to_owned()),
                Just("行\n".repeat(70)), Just("长句子，".repeat(900)), "\\PC{0,30}\n",
            ], 0..24)) {
            check_tiles(&note(&parts.concat()));
        }
    }
}
