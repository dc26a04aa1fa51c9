//! Markdown into headings and blocks with byte offsets, by pulldown-cmark's event stream.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::html::is_placeholder;
use super::inline::PlainText;
use super::soft_break::are_apart;
use super::{Block, BlockKind, Opening, Piece, WarningKind, diagram};
use crate::text::Span;

/// A longer description of a picture is cut; characters.
const DESCRIPTION_CHARS_MAX: usize = 200;

/// Items in deeper lists are shown like those at this depth.
const ITEM_DEPTH_MAX: usize = 3;

/// A heading as it stands in the text.
#[derive(Debug)]
pub(super) struct Heading {
    pub text: String,
    pub level: u8,
    pub span: Span,
    /// A heading inside a quote or a list has an anchor but opens no section.
    pub opens_section: bool,
}

/// What a text holds, in its order; positions are bytes of the whole text.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub headings: Vec<Heading>,
    pub blocks: Vec<Block>,
    pub warnings: Vec<(usize, WarningKind)>,
}

/// Parses the text from `body_start` on. In a note of plain text every line is a line, in Markdown a line break within a
/// paragraph mostly is none.
pub(super) fn parse(text: &str, body_start: usize, is_plain: bool) -> Parsed {
    let mut builder = Builder { text, is_plain, ..Builder::default() };
    for (event, span) in events(text, body_start) {
        builder.event(event, span);
    }
    builder.parsed
}

/// The Markdown that kewen understands, event by event with its place in the whole text.
pub(super) fn events(text: &str, body_start: usize) -> impl Iterator<Item = (Event<'_>, Span)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    Parser::new_ext(text.get(body_start..).unwrap_or_default(), options)
        .into_offset_iter()
        .map(move |(event, range)| (event, Span::new(range.start + body_start, range.end + body_start)))
}

/// Collects inline text into the block that is open.
#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    is_plain: bool,
    parsed: Parsed,
    open: PlainText,
    open_start: Option<usize>,
    /// A line break that waits for what follows it.
    soft_break: Option<Span>,
    /// The lists around, each with the number of its next item, if its items have numbers.
    lists: Vec<Option<u64>>,
    /// The mark of an item that has no text yet.
    mark: Option<String>,
    /// Depth of quotes and lists together.
    containers: usize,
    in_code: bool,
    in_diagram: bool,
    in_html: bool,
    images: usize,
    open_has_image: bool,
    open_has_words: bool,
    cells: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(&tag, span),
            Event::End(tag) => self.end(tag, span),
            Event::Code(text) => self.push_code(&text, span),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text, span);
            }
            Event::Html(html) if self.in_html => self.push(&html, span),
            Event::Html(html) | Event::InlineHtml(html) => {
                if html.to_ascii_lowercase().starts_with("<br") {
                    // A row is one line.
                    self.push(if self.cells > 0 { " " } else { "\n" }, span);
                } else if is_placeholder(&html) {
                    self.push(&html, span);
                }
            }
            Event::SoftBreak => self.soft_break(span),
            Event::HardBreak => self.push("\n", span),
            Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { .. } | Tag::TableHead | Tag::TableRow => self.flush(BlockKind::Paragraph),
            Tag::Paragraph => self.flush(self.text_kind()),
            Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) => {
                self.flush(self.text_kind());
                self.containers += 1;
            }
            Tag::List(first) => {
                self.flush(self.text_kind());
                self.lists.push(*first);
                self.containers += 1;
            }
            Tag::Item => {
                self.flush(self.text_kind());
                self.open_start = Some(span.start);
                self.mark = Some(self.item_mark(span));
            }
            Tag::CodeBlock(kind) => {
                self.flush(self.text_kind());
                self.mark = None;
                self.in_code = true;
                self.in_diagram = matches!(kind, CodeBlockKind::Fenced(info) if diagram::is_diagram(info));
                self.open_start = Some(span.start);
                if let CodeBlockKind::Fenced(_) = kind
                    && !is_closed_fence(span.of(self.text))
                {
                    self.parsed.warnings.push((span.start, WarningKind::UnclosedFence));
                }
            }
            Tag::HtmlBlock => {
                self.flush(self.text_kind());
                self.in_html = true;
            }
            Tag::Image { .. } => {
                self.images += 1;
                self.open_has_image = true;
                self.open_start.get_or_insert(span.start);
            }
            Tag::TableCell => {
                if self.cells > 0 {
                    self.push(" | ", Span::new(span.start, span.start));
                }
                self.cells += 1;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, span: Span) {
        match tag {
            TagEnd::Heading(level) => self.heading(level, span),
            TagEnd::Paragraph => self.flush(self.text_kind()),
            TagEnd::Item => {
                self.flush(self.text_kind());
                self.mark = None;
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.cells = 0;
                self.open_start = Some(span.start);
                self.flush(if tag == TagEnd::TableHead { BlockKind::TableHead } else { BlockKind::TableRow });
            }
            TagEnd::CodeBlock => {
                self.in_code = false;
                let is_diagram = std::mem::take(&mut self.in_diagram);
                if !is_diagram || !self.diagram(span) {
                    self.flush(BlockKind::Code);
                }
            }
            TagEnd::HtmlBlock => {
                self.in_html = false;
                self.html(span);
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.containers -= 1;
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.flush(self.text_kind());
                self.containers -= 1;
            }
            TagEnd::Image => self.images -= 1,
            _ => {}
        }
    }

    fn text_kind(&self) -> BlockKind {
        if !self.lists.is_empty() { BlockKind::ListItem } else { BlockKind::Paragraph }
    }

    fn push(&mut self, text: &str, span: Span) {
        if let Some(soft_break) = self.soft_break.take_if(|_| !text.is_empty()) {
            // A blank between Latin words, nothing between Han characters.
            let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
            let latin = is_latin(self.open.text().chars().next_back()) || is_latin(text.chars().next());
            if latin && !self.open.ends_with_space() {
                self.open.push(" ", soft_break);
            }
        }
        self.open_start.get_or_insert(span.start);
        self.open_has_words |= self.images == 0 && !text.trim().is_empty();
        self.open.push(text, span);
    }

    /// A code span. Its words are cut out of the source line by line where they stand there letter by letter, so
    /// that a long one can be cut into pieces.
    fn push_code(&mut self, code: &str, span: Span) {
        let source = span.of(self.text);
        let ticks = source.bytes().take_while(|&b| b == b'`').count();
        let inner = source.get(ticks..source.len().saturating_sub(ticks)).unwrap_or_default();
        let padding = usize::from(inner.len() > code.len() && inner.starts_with(' '));
        let inner = inner.get(padding..inner.len().saturating_sub(padding)).unwrap_or_default();
        if inner.replace(['\r', '\n'], " ") != code {
            return self.push(code, span);
        }
        let mut at = span.start + ticks + padding;
        for line in inner.split_inclusive('\n') {
            let words = line.trim_end_matches(['\r', '\n']);
            let end = at + words.len();
            self.push(words, Span::new(at, end));
            at += line.len();
            if words.len() < line.len() {
                self.push(" ", Span::new(end, at));
            }
        }
    }

    /// A line break inside a paragraph: the lines are one text, unless they were written as lines of their own.
    fn soft_break(&mut self, span: Span) {
        let before = self.text.get(..span.start).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        let after = self.text.get(span.end..).and_then(|after| after.lines().next()).unwrap_or_default();
        if self.is_plain || self.lists.is_empty() && are_apart(before, after) {
            self.push("\n", span);
        } else {
            self.soft_break = Some(span);
        }
    }

    /// The mark of the item at `span`, counted as Markdown counts.
    fn item_mark(&mut self, span: Span) -> String {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(ITEM_DEPTH_MAX));
        let Some(Some(number)) = self.lists.last_mut() else { return format!("{indent}- ") };
        let source = span.of(self.text).trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
        let end = if source.starts_with(')') { ')' } else { '.' };
        let mark = format!("{indent}{number}{end} ");
        *number = number.saturating_add(1);
        mark
    }

    /// What the diagram in the open block says; false when that is nothing, and the block is still open.
    fn diagram(&mut self, span: Span) -> bool {
        let pieces: Vec<Piece> = diagram::read(self.open.text())
            .into_iter()
            .map(|(at, text)| Piece { text, span: self.open.source_span(at), opening: Opening::Line })
            .collect();
        if pieces.is_empty() {
            return false;
        }
        self.open = PlainText::default();
        self.open_start = None;
        (self.open_has_image, self.open_has_words) = (false, false);
        self.parsed.blocks.push(Block { kind: BlockKind::Diagram, span, pieces });
        true
    }

    fn heading(&mut self, level: HeadingLevel, span: Span) {
        let open = std::mem::take(&mut self.open);
        self.open_start = None;
        self.soft_break = None;
        (self.open_has_image, self.open_has_words) = (false, false);
        let text = open.text().split_whitespace().collect::<Vec<_>>().join(" ");
        self.parsed.headings.push(Heading { text, level: level as u8, span, opens_section: self.containers == 0 });
        if self.containers > 0 {
            let pieces = open.pieces(BlockKind::Paragraph);
            self.parsed.blocks.push(Block { kind: BlockKind::Paragraph, span, pieces });
        }
    }

    /// The text of an HTML block.
    fn html(&mut self, span: Span) {
        let html = std::mem::take(&mut self.open);
        let visible = html.without_tags();
        if html.text().rfind("<!--").is_some_and(|at| !html.text().get(at..).unwrap_or_default().contains("-->")) {
            self.parsed.warnings.push((span.start, WarningKind::UnclosedComment));
        }
        self.open_start = None;
        (self.open_has_image, self.open_has_words) = (false, false);
        let pieces = visible.pieces(BlockKind::Html);
        if !pieces.is_empty() {
            self.parsed.blocks.push(Block { kind: BlockKind::Html, span, pieces });
        } else if html.text().to_ascii_lowercase().contains("<img") {
            self.image(&visible, span);
        }
    }

    /// Closes the open block, if there is one.
    fn flush(&mut self, kind: BlockKind) {
        let mut open = std::mem::take(&mut self.open);
        let start = self.open_start.take();
        self.soft_break = None;
        let (has_image, has_words) =
            (std::mem::take(&mut self.open_has_image), std::mem::take(&mut self.open_has_words));
        let Some(start) = start else { return };
        let end = open.source_end().max(start);
        let mut only_images = has_image && !has_words;
        if matches!(kind, BlockKind::Paragraph | BlockKind::ListItem) {
            if is_heading_without_blank(open.text()) {
                self.parsed.warnings.push((start, WarningKind::HeadingWithoutBlank));
            }
            if let Some(only_loose) = open.take_loose_images() {
                self.parsed.warnings.push((start, WarningKind::LooseImage));
                only_images |= only_loose;
            }
        }
        if only_images {
            return self.image(&open, Span::new(start, end));
        }
        let mut pieces = open.pieces(kind);
        if let Some(first) = pieces.first_mut()
            && kind == BlockKind::ListItem
            && let Some(mark) = self.mark.take()
        {
            first.opening = Opening::Item(mark);
        }
        if let Some(last) = pieces.last() {
            let span = Span::new(start, last.span.end);
            self.parsed.blocks.push(Block { kind, span, pieces });
        }
    }

    /// A picture that stands for itself: the span is its line at least, since a picture may have no words.
    fn image(&mut self, description: &PlainText, words: Span) {
        let rest = self.text.get(words.end..).unwrap_or_default();
        let line_end = words.end + rest.find('\n').unwrap_or(rest.len());
        let span = Span::new(words.start, line_end);
        let text: String = description.text().trim().chars().take(DESCRIPTION_CHARS_MAX).collect();
        self.parsed.blocks.push(Block {
            kind: BlockKind::Image,
            span,
            pieces: vec![Piece { text, span, opening: Opening::Line }],
        });
    }
}

fn is_heading_without_blank(text: &str) -> bool {
    let marks = text.chars().take_while(|&c| c == '#').count();
    (2..=6).contains(&marks)
        && text.chars().nth(marks).is_some_and(|c| !c.is_whitespace() && c != '!' && !c.is_ascii_digit())
}

/// Whether the source of a fenced block ends with a fence that closes it.
fn is_closed_fence(source: &str) -> bool {
    let marks = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '>']);
        let first = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        Some((first, line.chars().take_while(|&c| c == first).count()))
    };
    let mut lines = source.lines();
    let Some((fence, length)) = lines.next().and_then(marks) else { return true };
    lines.next_back().and_then(marks).is_some_and(|(last, count)| last == fence && count >= length)
}
