//! Plain text that is collected from Markdown events and knows where each byte came from; cut into pieces.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{BlockKind, Opening, Piece};
use crate::text::Span;

/// No piece is longer than this, so that a page in one line can still be shown in part; bytes.
const PIECE_BYTES_MAX: usize = 1200;

/// Text without marks, with breakpoints back into the source.
#[derive(Debug, Default)]
pub(super) struct PlainText {
    text: String,
    /// Byte of `text`, and the source range it was made from up to the next breakpoint.
    marks: Vec<(usize, Span)>,
}

impl PlainText {
    /// Appends `text`, made from `source`.
    pub(super) fn push(&mut self, text: &str, source: Span) {
        if !text.is_empty() {
            self.marks.push((self.text.len(), source));
            self.text.push_str(text);
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where the source of the text ends; 0 for an empty text.
    pub(super) fn source_end(&self) -> usize {
        self.marks.last().map_or(0, |(_, source)| source.end)
    }

    pub(super) fn ends_with_space(&self) -> bool {
        self.text.is_empty() || self.text.ends_with(char::is_whitespace)
    }

    /// The source of `plain`, a span of the text.
    pub(super) fn source_span(&self, plain: Span) -> Span {
        let mark = |byte: usize| {
            let at = self.marks.partition_point(|(start, _)| *start <= byte).saturating_sub(1);
            let (start, source) = self.marks.get(at).copied().unwrap_or_default();
            let length = self.marks.get(at + 1).map_or(self.text.len(), |(next, _)| *next) - start;
            // Text that is not the source letter by letter (an entity, an escape) maps as a whole.
            (byte - start, source, length == source.len())
        };
        let (from, source, linear) = mark(plain.start);
        let start = if linear { source.start + from } else { source.start };
        let (to, source, linear) = mark(plain.end.saturating_sub(1).max(plain.start));
        let end = if linear { source.start + to + 1 } else { source.end };
        Span::new(start, end)
    }

    /// Cuts the text into pieces as `kind` wants it: sentences, lines, or the whole.
    pub(super) fn pieces(&self, kind: BlockKind) -> Vec<Piece> {
        let spans = match kind {
            BlockKind::Paragraph | BlockKind::Html => sentences(&self.text),
            BlockKind::Code | BlockKind::Diagram => lines(&self.text),
            BlockKind::ListItem | BlockKind::TableHead | BlockKind::TableRow | BlockKind::Image => {
                vec![Span::new(0, self.text.len())]
            }
        };
        let is_table = matches!(kind, BlockKind::TableHead | BlockKind::TableRow);
        // Whether a line has begun since the last piece; blanks in between are no piece.
        let mut begins = true;
        spans
            .into_iter()
            .flat_map(|span| bounded(&self.text, span))
            .filter_map(|span| {
                let text = span.of(&self.text);
                let shown = if kind == BlockKind::Code { text.trim_end() } else { text.trim() };
                let start = span.start + (text.len() - text.trim_start().len());
                let trimmed = if kind == BlockKind::Code { span.start } else { start };
                let borders_only = is_table && shown.chars().all(|c| c == '|' || c.is_whitespace());
                let opening = if begins { Opening::Line } else { Opening::Running };
                let is_shown = !shown.trim().is_empty() && !borders_only;
                begins = text.ends_with('\n') || (begins && !is_shown);
                is_shown.then(|| Piece {
                    text: shown.to_owned(),
                    span: self.source_span(Span::new(trimmed, trimmed + shown.len())),
                    opening,
                })
            })
            .collect()
    }

    /// Replaces image links that are no Markdown because of blanks in their path (`![a](b c.png)`) by their
    /// description. `None` when there is none, else whether there is nothing but such links.
    pub(super) fn take_loose_images(&mut self) -> Option<bool> {
        let mut kept = Self::default();
        let mut only_images = true;
        let mut at = 0;
        while let Some((whole, alt)) = loose_image(&self.text, at) {
            let before = Span::new(at, whole.start);
            only_images &= before.of(&self.text).trim().is_empty();
            kept.copy(self, before);
            kept.push(alt.of(&self.text), self.source_span(whole));
            at = whole.end;
        }
        if at == 0 {
            return None;
        }
        let rest = Span::new(at, self.text.len());
        only_images &= rest.of(&self.text).trim().is_empty();
        kept.copy(self, rest);
        *self = kept;
        Some(only_images)
    }

    /// The same text without HTML's tags and comments; an image leaves its `alt` text, a tag a blank.
    pub(super) fn without_tags(&self) -> Self {
        let mut visible = Self::default();
        let mut at = 0;
        while let Some(tag) = next_tag(&self.text, at) {
            visible.copy(self, Span::new(at, tag.start));
            let inside = tag.of(&self.text);
            visible.push(attribute(inside, "alt").unwrap_or(" "), self.source_span(tag));
            at = tag.end;
        }
        visible.copy(self, Span::new(at, self.text.len()));
        visible
    }

    fn copy(&mut self, other: &Self, span: Span) {
        for (at, &(start, source)) in other.marks.iter().enumerate() {
            let end = other.marks.get(at + 1).map_or(other.text.len(), |(next, _)| *next);
            let (from, to) = (start.max(span.start), end.min(span.end));
            if from < to {
                let linear = end - start == source.len();
                let source =
                    if linear { Span::new(source.start + from - start, source.start + to - start) } else { source };
                self.push(Span::new(from, to).of(&other.text), source);
            }
        }
    }
}

/// The next `![alt](path)` at or after `from`: the whole and its alt text.
fn loose_image(text: &str, from: usize) -> Option<(Span, Span)> {
    let start = from + text.get(from..)?.find("![")?;
    let alt_end = start + text.get(start..)?.find("](")?;
    let end = alt_end + text.get(alt_end..)?.find(')')? + 1;
    Some((Span::new(start, end), Span::new(start + 2, alt_end)))
}

/// The next HTML tag or comment at or after byte `from`. A `<` that opens none is text; a comment without end
/// reaches to the end.
pub(super) fn next_tag(text: &str, from: usize) -> Option<Span> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find('<')?;
        let inside = text.get(start + 1..)?;
        if inside.starts_with("!--") {
            let end = inside.find("-->").map_or(text.len(), |end| start + 1 + end + "-->".len());
            return Some(Span::new(start, end));
        }
        let opens = inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        match inside.find('>') {
            Some(end) if opens => return Some(Span::new(start, start + 1 + end + 1)),
            _ => at = start + 1,
        }
    }
}

/// The value of an attribute of a tag.
pub(super) fn attribute<'h>(tag: &'h str, name: &str) -> Option<&'h str> {
    let (_, value) = tag.split_once(&format!("{name}="))?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split_once(quote).map(|(inside, _)| inside)
}

/// Sentences end at 。！？；, at an ASCII stop before a blank, and at a line's end.
fn sentences(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let closes = next.is_some_and(|next| matches!(next, '」' | '』' | '”' | '’' | '）' | ')' | '"'));
        let ends = match c {
            '。' | '！' | '？' | '；' | '…' => !closes && next != Some(c),
            '」' | '』' | '”' | '’' | '）' | ')' | '"' => {
                text.get(..at).is_some_and(|before| before.ends_with(['。', '！', '？']))
            }
            '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
            '\n' => true,
            _ => false,
        };
        if ends {
            let end = at + c.len_utf8();
            spans.push(Span::new(start, end));
            start = end;
        }
    }
    spans.push(Span::new(start, text.len()));
    spans
}

fn lines(text: &str) -> Vec<Span> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let span = Span::new(start, start + line.len());
            start = span.end;
            span
        })
        .collect()
}

/// Cuts what is too long at a character that a reader sees as one.
fn bounded(text: &str, span: Span) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = span.start;
    while span.end - start > PIECE_BYTES_MAX {
        let rest = Span::new(start, span.end).of(text);
        let cut = rest
            .grapheme_indices(true)
            .map(|(at, _)| at)
            .take_while(|&at| at <= PIECE_BYTES_MAX)
            .last()
            .filter(|&at| at > 0);
        let Some(cut) = cut else { break };
        spans.push(Span::new(start, start + cut));
        start += cut;
    }
    spans.push(Span::new(start, span.end));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> PlainText {
        let mut plain = PlainText::default();
        plain.push(text, Span::new(10, 10 + text.len()));
        plain
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let pieces: Vec<String> =
            plain(text).pieces(BlockKind::Paragraph).into_iter().map(|piece| piece.text).collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn sentences_end_at_chinese_and_english_stops() {
        check("一。二！“三。”四；v1.20 is out. Yes", &["一。", "二！", "“三。”", "四；", "v1.20 is out.", "Yes"]);
    }

    #[test]
    fn pieces_know_their_source() {
        let pieces = plain("一。 二").pieces(BlockKind::Paragraph);
        assert_eq!(pieces[1].span, Span::new(17, 20));
    }

    #[test]
    fn an_image_link_with_blanks_becomes_its_description() {
        let mut text = plain("看 ![架构 图](/a/b 1.png) 吧");
        assert_eq!(text.take_loose_images(), Some(false));
        assert_eq!(text.text(), "看 架构 图 吧");
        let whole = text.source_span(Span::new(4, 7));
        assert_eq!(whole, Span::new(14, 10 + "看 ![架构 图](/a/b 1.png)".len()));
    }

    #[test]
    fn html_leaves_its_text() {
        let text = plain("<p class=\"x\">甲<!-- 乙 -->，1 < 2<img src=a alt=\"丙\"></p>");
        let visible = text.without_tags();
        assert_eq!(visible.text(), " 甲 ，1 < 2丙 ");
        assert_eq!(visible.pieces(BlockKind::Html)[0].span.start, 10 + "<p class=\"x\">".len());
    }

    #[test]
    fn a_piece_is_bounded() {
        let pieces = plain(&"字".repeat(1000)).pieces(BlockKind::ListItem);
        assert_eq!(pieces.len(), 3);
        assert!(pieces.iter().all(|piece| piece.text.len() <= PIECE_BYTES_MAX));
    }
}
