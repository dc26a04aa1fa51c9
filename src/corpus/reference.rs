//! What a note refers to: its links and images, wherever and however they are written.

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::inline::{attribute, next_tag};
use super::{Note, markdown};
use crate::text::Span;

/// What a reference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// A link to follow.
    Link,
    /// A picture to show.
    Image,
}

/// A link or an image of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Where it leads, as written.
    pub target: String,
    /// Where it stands in the note.
    pub span: Span,
    /// Letters and digits of the text that one can click on.
    pub words: usize,
    /// Whether blanks in the target keep every Markdown reader from seeing it.
    pub is_loose: bool,
}

/// All that a note refers to, and by what names others can refer to its parts.
#[derive(Clone, Debug, Default)]
pub struct References {
    /// Links and images in the order of the text.
    pub all: Vec<Reference>,
    /// Anchors that the note defines itself: `id` and `name` of HTML, `{#id}` behind headings.
    pub ids: Vec<String>,
    /// What stands in comments that begin with `kewen:`, without that word.
    pub orders: Vec<String>,
}

impl References {
    /// Those of a note. Code and comments refer to nothing.
    #[must_use]
    pub fn of(note: &Note) -> Self {
        Self::read(&note.text, note.body().start)
    }

    /// Those of a part of a note that can be read by itself.
    #[must_use]
    pub(super) fn within(text: &str) -> Self {
        Self::read(text, 0)
    }

    fn read(text: &str, from: usize) -> Self {
        let mut reader = Reader { text, ..Reader::default() };
        for (event, span) in markdown::events(text, from) {
            reader.event(event, span);
        }
        reader.end_run();
        reader.found.all.sort_by_key(|reference| reference.span);
        reader.found
    }
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    found: References,
    /// The links and images around, as numbers of `found.all`.
    open: Vec<usize>,
    /// Text without a break, in which links that are none are looked for.
    run: Option<Span>,
    html: Option<Span>,
    in_code: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Email, dest_url, .. }) => {
                self.begin(ReferenceKind::Link, &format!("mailto:{dest_url}"), span);
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.begin(ReferenceKind::Link, &dest_url, span),
            Event::Start(Tag::Image { dest_url, .. }) => self.begin(ReferenceKind::Image, &dest_url, span),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                self.open.pop();
            }
            Event::Start(Tag::CodeBlock(_)) => self.in_code = true,
            Event::End(TagEnd::CodeBlock) => self.in_code = false,
            Event::Start(Tag::HtmlBlock) => self.html = Some(span),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(html) = self.html.take() {
                    self.html(html);
                }
            }
            Event::InlineHtml(_) => self.html(span),
            Event::End(TagEnd::Heading(_)) => self.heading_id(span),
            Event::Text(words) if !self.in_code => self.words(&words, span),
            Event::Code(words) => self.count(&words),
            _ => {}
        }
    }

    fn begin(&mut self, kind: ReferenceKind, target: &str, span: Span) {
        self.end_run();
        self.open.push(self.found.all.len());
        self.found.all.push(Reference { kind, target: target.to_owned(), span, words: 0, is_loose: false });
    }

    fn count(&mut self, words: &str) {
        let count = words.chars().filter(|c| c.is_alphanumeric()).count();
        for &number in &self.open {
            if let Some(reference) = self.found.all.get_mut(number) {
                reference.words += count;
            }
        }
    }

    fn words(&mut self, words: &str, span: Span) {
        self.count(words);
        if !self.open.is_empty() {
            return;
        }
        // Marks of emphasis may stand between two parts of a run, a line's end may not.
        let joins = |run: &Span| {
            let gap = self.text.get(run.end..span.start).unwrap_or("\n");
            gap.len() <= 2 && !gap.contains('\n')
        };
        match self.run.take_if(|run| joins(run)) {
            Some(run) => self.run = Some(Span::new(run.start, span.end)),
            None => {
                self.end_run();
                self.run = Some(span);
            }
        }
    }

    /// Looks for `[text](a path)` in the text that ends here.
    fn end_run(&mut self) {
        let Some(run) = self.run.take() else { return };
        let source = run.of(self.text);
        let mut at = 0;
        while let Some(loose) = loose_target(source, at) {
            at = loose.end + 1;
            let before = source.get(..loose.start.saturating_sub(2)).unwrap_or_default();
            let opened = before.rfind('[');
            let is_image = opened.is_some_and(|at| before.get(..at).is_some_and(|before| before.ends_with('!')));
            self.found.all.push(Reference {
                kind: if is_image { ReferenceKind::Image } else { ReferenceKind::Link },
                target: loose.of(source).to_owned(),
                span: Span::new(run.start + opened.unwrap_or(loose.start), run.start + at),
                words: 0,
                is_loose: true,
            });
        }
    }

    fn html(&mut self, html: Span) {
        let source = html.of(self.text);
        let mut at = 0;
        while let Some(tag) = next_tag(source, at) {
            at = tag.end;
            let inside = tag.of(source);
            if let Some(comment) = inside.strip_prefix("<!--") {
                let order = comment.trim_end_matches("-->").trim().strip_prefix("kewen:");
                self.found.orders.extend(order.map(|order| order.trim().to_owned()));
                continue;
            }
            let name: String = inside.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
            let target = match name.to_ascii_lowercase().as_str() {
                "a" => attribute(inside, " href").map(|target| (ReferenceKind::Link, target)),
                "img" => attribute(inside, " src").map(|target| (ReferenceKind::Image, target)),
                _ => None,
            };
            if let Some((kind, target)) = target {
                let span = Span::new(html.start + tag.start, html.start + tag.end);
                let target = target.to_owned();
                self.found.all.push(Reference { kind, target, span, words: 0, is_loose: false });
            }
            let ids = [" id", " name"].into_iter().filter_map(|name| attribute(inside, name));
            self.found.ids.extend(ids.map(str::to_owned));
        }
    }

    /// `## 标题 {#id}`, as Hugo and Pandoc write it.
    fn heading_id(&mut self, heading: Span) {
        self.end_run();
        let line = heading.of(self.text).trim().trim_end_matches('#').trim_end();
        let id = line.strip_suffix('}').and_then(|rest| rest.rsplit_once("{#"));
        self.found.ids.extend(id.and_then(|(_, id)| Some(id.split_whitespace().next()?.to_owned())));
    }
}

/// The next target with blanks in it, at or after byte `from`: what stands between `](` and `)` and looks like a path.
fn loose_target(text: &str, from: usize) -> Option<Span> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find("](")? + 2;
        let end = start + text.get(start..)?.find([')', '\n'])?;
        let inside = Span::new(start, end).of(text);
        // A title behind the path is not part of it.
        let path = inside.split(" \"").next().unwrap_or_default().trim();
        let is_path = path.contains(' ') && path.contains(['/', '.']) && !path.contains(['<', '{', '`']);
        if is_path && text.get(end..).is_some_and(|rest| rest.starts_with(')')) {
            let start = start + (inside.len() - inside.trim_start().len());
            return Some(Span::new(start, start + path.len()));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::NoteId;

    fn references(text: &str) -> References {
        References::of(&Note::parse(NoteId("a.md".to_owned()), text.to_owned()))
    }

    #[track_caller]
    fn check(text: &str, expected: &[(ReferenceKind, &str, bool)]) {
        let found = references(text).all;
        let found: Vec<_> = found.iter().map(|found| (found.kind, found.target.as_str(), found.is_loose)).collect();
        assert_eq!(found, expected, "{text}");
    }

    const LINK: ReferenceKind = ReferenceKind::Link;
    const IMAGE: ReferenceKind = ReferenceKind::Image;

    #[test]
    fn links_and_images_are_found_in_markdown_and_html() {
        check(
            "[甲](a.md#b) ![](c.png)\n\n- [乙][x]\n\n[x]: d.md\n\n<img src=\"e.png\"><a class='k' href='f.md'>丙</a>\n",
            &[
                (LINK, "a.md#b", false),
                (IMAGE, "c.png", false),
                (LINK, "d.md", false),
                (IMAGE, "e.png", false),
                (LINK, "f.md", false),
            ],
        );
        check(
            "<https://example.org> <a@example.org>",
            &[(LINK, "https://example.org", false), (LINK, "mailto:a@example.org", false)],
        );
        check("[![](a.png)](b.md)", &[(LINK, "b.md", false), (IMAGE, "a.png", false)]);
    }

    #[test]
    fn code_and_comments_refer_to_nothing() {
        check("`[a](b.md)`\n\n```\n[a](b.md)\n```\n\n    ![](c d.png)\n\n<!-- [a](b.md) <img src=\"c\"> -->\n", &[]);
    }

    #[test]
    fn a_target_with_blanks_is_seen_though_markdown_does_not() {
        check("看 ![图 1](/a/b 1.png) 和 [甲](c d.md)。", &[(IMAGE, "/a/b 1.png", true), (LINK, "c d.md", true)]);
        check("![](<a b.png>) [甲](a.md \"标题 1\")", &[(IMAGE, "a b.png", false), (LINK, "a.md", false)]);
        check("f[i](x y) 和 [甲]({{< ref \"a.md\" >}})", &[]);
    }

    #[test]
    fn names_that_a_note_gives_its_parts_are_known() {
        let found = references("## 甲 {#jia}\n\n<a name=\"b\"></a>\n\n文 <span id='c'>x</span>\n");
        assert_eq!(found.ids, ["jia", "b", "c"]);
    }

    #[test]
    fn orders_stand_in_comments() {
        assert_eq!(references("<!-- kewen: allow stub -->\n\n<!-- stub -->\n").orders, ["allow stub"]);
    }

    #[test]
    fn the_text_of_a_link_is_counted() {
        assert_eq!(references("- [容器 `ab`](a.md) 说明").all[0].words, 4);
    }
}
