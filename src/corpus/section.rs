//! Sections: a heading and its own text, up to the next heading of any level.

use super::lines::Lines;
use super::markdown::Heading;
use super::{Block, LineRange};
use crate::text::Span;

/// A heading with the text that stands between it and the next heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading's plain text; empty for text before the first heading.
    pub heading: String,
    /// The heading's level, 1 to 6; 0 for text before the first heading. Only the order of levels counts.
    pub level: u8,
    /// GitHub's anchor, without `#`.
    pub anchor: String,
    /// The headings above this one, outermost first.
    pub trail: Vec<String>,
    /// The number of the section whose heading stands directly above.
    pub parent: Option<usize>,
    /// The heading and its own text; the sections of a note touch each other.
    pub span: Span,
    /// The lines of `span` without blank ones at its ends.
    pub lines: LineRange,
    /// The text as blocks, without the heading.
    pub blocks: Vec<Block>,
}

/// Builds the sections of a note from its headings with their anchors and from its blocks, all in the order of the text.
pub(super) fn build(
    text: &str,
    lines: &Lines,
    body_start: usize,
    headings: Vec<Heading>,
    anchors: &[String],
    blocks: Vec<Block>,
) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::with_capacity(headings.len() + 1);
    let first = headings
        .iter()
        .find(|heading| heading.opens_section)
        .map_or(text.len(), |heading| lines.start(heading.span.start));
    let preamble = Span::new(body_start, first.max(body_start));
    let has_preamble = !preamble.of(text).trim().is_empty();
    if has_preamble {
        sections.push(Section {
            heading: String::new(),
            level: 0,
            anchor: String::new(),
            trail: Vec::new(),
            parent: None,
            span: preamble,
            lines: lines.range(text, preamble),
            blocks: Vec::new(),
        });
    }
    let mut above: Vec<usize> = Vec::new();
    for (heading, anchor) in headings.into_iter().zip(anchors) {
        if !heading.opens_section {
            continue;
        }
        above.retain(|&number| sections[number].level < heading.level);
        let start = if sections.is_empty() { body_start } else { lines.start(heading.span.start) };
        if let Some(last) = sections.last_mut() {
            last.span.end = start;
        }
        let trail = above.iter().map(|&number| sections[number].heading.clone()).collect();
        sections.push(Section {
            heading: heading.text,
            level: heading.level,
            anchor: anchor.clone(),
            trail,
            parent: above.last().copied(),
            span: Span::new(start, text.len()),
            lines: LineRange { first: 1, last: 1 },
            blocks: Vec::new(),
        });
        above.push(sections.len() - 1);
    }
    for block in blocks {
        let number = sections.partition_point(|section| section.span.start <= block.span.start).saturating_sub(1);
        if let Some(section) = sections.get_mut(number) {
            section.blocks.push(block);
        }
    }
    for section in &mut sections {
        section.lines = lines.range(text, section.span);
    }
    sections
}

/// The first heading, if it opens the page and no other heading is as high.
pub(super) fn page_title(sections: &[Section]) -> Option<String> {
    let first = sections.iter().find(|section| section.level > 0)?;
    let alone = sections.iter().filter(|section| section.level > 0 && section.level <= first.level).count() == 1;
    (alone && !first.heading.is_empty()).then(|| first.heading.clone())
}
