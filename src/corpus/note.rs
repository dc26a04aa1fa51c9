//! A note: a file of the notes folder as sections, with everything that was odd about it.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use super::anchor::anchors;
use super::lines::Lines;
use super::{CURATED_FOLDER, Day, LineRange, Section, front_matter, markdown, section};
use crate::text::Span;

/// A note's path relative to the notes folder, with slashes on every system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoteId(pub String);

impl fmt::Display for NoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A section that keeps its name when other sections change: the note and the heading's anchor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SectionId {
    /// The note.
    pub note: NoteId,
    /// The heading's anchor; empty for text before the first heading.
    pub anchor: String,
}

impl fmt::Display for SectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.note, self.anchor)
    }
}

/// A passage: its section, and its number within the section, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PassageId {
    /// The section.
    pub section: SectionId,
    /// Number within the section, counted from 0.
    pub ordinal: u32,
}

/// Something odd about a note that its author would want to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The file, relative to the notes folder.
    pub note: NoteId,
    /// The line, counted from 1.
    pub line: u32,
    /// What is odd.
    pub kind: WarningKind,
}

/// The kinds of oddities; the wording is in `texts`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WarningKind {
    /// Not UTF-8; read as the encoding named here.
    Encoding(String),
    /// Bytes that no encoding explains were replaced.
    BrokenBytes,
    /// Larger than the limit (both in bytes); left out.
    TooLarge {
        /// Size of the file.
        bytes: u64,
        /// The limit in force.
        limit: u64,
    },
    /// Not text; left out.
    Binary,
    /// Could not be read, with the system's reason; left out.
    Unreadable(String),
    /// The file is empty or blank.
    Empty,
    /// Front matter that cannot be read, with the reason; ignored.
    FrontMatter(String),
    /// A key of the front matter wants a day, and what stands there is none; the key is ignored.
    NoDay {
        /// The key.
        key: String,
        /// What stands there.
        text: String,
    },
    /// So many questions of `questions` are left out: too long, too many, or no texts.
    QuestionsLeftOut(usize),
    /// Another answer is curated for the same question: the question, and the note of the other.
    CuratedTwice(String, NoteId),
    /// A line such as `##标题`, which needs a blank after its `#` to be a heading.
    HeadingWithoutBlank,
    /// A code fence that is never closed.
    UnclosedFence,
    /// A comment that is never closed, so that nothing after it is seen.
    UnclosedComment,
    /// An image link with blanks in its path, which no Markdown reader shows.
    LooseImage,
    /// A link that goes round in a circle; left out.
    SymlinkLoop,
    /// A folder whose rules of what to leave out cannot be read; left out.
    Rules,
}

/// A note, parsed. Its text is the decoded file; all spans are byte ranges of it.
#[derive(Clone, Debug)]
pub struct Note {
    /// Where it is.
    pub id: NoteId,
    /// From the front matter, else the first heading when it stands above all others, else the file's name.
    pub title: String,
    /// Whether the note itself says its title, so that it is not that of the file.
    pub has_title: bool,
    /// What it is about, in its author's words: `description` and `summary` of the front matter; empty for none.
    pub summary: String,
    /// Words under which it wants to be found: `keywords`, `tags` and `aliases` of the front matter, each once.
    pub keywords: Vec<String>,
    /// Questions that its opening passage answers, as its author says in `questions` of the front matter; each once.
    pub questions: Vec<String>,
    /// The last day on which it answers them; of a file in the curated folder, the last on which it is shown at all.
    pub expires: Option<Day>,
    /// Where the front matter sends who wants to read on: a path with an anchor.
    pub see: Option<String>,
    /// When it was last worked on, as its front matter says.
    pub updated: Option<Day>,
    /// Whether its author marked it as a draft: it is not indexed then.
    pub draft: bool,
    /// The decoded text, without a byte order mark.
    pub text: String,
    /// Sections in the order of the text; together they cover the text after the front matter.
    pub sections: Vec<Section>,
    /// The anchors of all headings, also of those in quotes and lists, which open no section.
    pub anchors: Vec<String>,
    /// What was odd.
    pub warnings: Vec<Warning>,
    pub(super) lines: Lines,
    body_start: usize,
}

impl Note {
    /// What its front matter says that it is about, in one text.
    #[must_use]
    pub fn about(&self) -> String {
        std::iter::once(&self.summary)
            .chain(&self.keywords)
            .chain(&self.questions)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
            .trim()
            .to_owned()
    }

    /// Whether it is an answer of its own, beside the notes, and not a note.
    #[must_use]
    pub fn is_curated_file(&self) -> bool {
        self.id.0.starts_with(CURATED_FOLDER)
    }

    /// The note and the anchor that `see` names, the path relative to the notes folder; none for an address of the network.
    #[must_use]
    pub fn see_place(&self) -> Option<(String, String)> {
        let see = self.see.as_deref().filter(|see| !see.contains("://"))?;
        let see = percent_decode_str(see).decode_utf8_lossy();
        let (path, anchor) = see.split_once('#').unwrap_or((&see, ""));
        // From the note's own folder when it says so (./, ../), else from the notes folder.
        let mut parts: Vec<&str> = Vec::new();
        if path.starts_with('.') {
            parts.extend(self.id.0.split('/'));
            parts.pop();
        }
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        let note = if path.is_empty() { self.id.0.clone() } else { parts.join("/") };
        Some((note, anchor.to_owned()))
    }

    /// The line on which a key of the front matter stands, counted from 1; the first when there is no such key.
    #[must_use]
    pub fn line_of_key(&self, key: &str) -> u32 {
        self.lines.number(front_matter::line_of(&self.text, self.body_start, key))
    }

    /// Parses the text of a note. Never fails; see [`Note::warnings`].
    #[must_use]
    pub fn parse(id: NoteId, text: String) -> Self {
        let lines = Lines::of(&text);
        let mut warnings = Vec::new();
        let (matter, body_start) = front_matter::split(&text).unwrap_or_else(|(draft, body_start, reason)| {
            warnings.push((0, WarningKind::FrontMatter(reason)));
            (front_matter::FrontMatter { draft, ..Default::default() }, body_start)
        });
        let is_plain = id.0.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("txt"));
        // A date that ends nothing is the business of other programs.
        let is_curated = id.0.starts_with(CURATED_FOLDER) || !matter.questions.is_empty();
        warnings.extend(matter.no_dates.iter().filter(|_| is_curated).map(|(at, key, text)| {
            (*at, WarningKind::NoDay { key: (*key).to_owned(), text: text.chars().take(40).collect() })
        }));
        warnings.extend(matter.lost_questions.map(|(at, lost)| (at, WarningKind::QuestionsLeftOut(lost))));
        let parsed = markdown::parse(&text, body_start, is_plain);
        warnings.extend(parsed.warnings);
        if text.get(body_start..).is_none_or(|body| body.trim().is_empty()) {
            warnings.push((body_start, WarningKind::Empty));
        }
        let anchors = anchors(&parsed.headings);
        let sections = section::build(&text, &lines, body_start, parsed.headings, &anchors, parsed.blocks);
        let first_question = || matter.questions.first().filter(|_| id.0.starts_with(CURATED_FOLDER)).cloned();
        let said = matter.title.clone().or_else(|| section::page_title(&sections)).or_else(first_question);
        let has_title = said.is_some();
        let title = said.unwrap_or_else(|| file_title(&id.0).to_owned());
        let warnings =
            warnings.into_iter().map(|(at, kind)| Warning { note: id.clone(), line: lines.number(at), kind }).collect();
        let front_matter::FrontMatter { draft, summary, keywords, questions, expires, see, updated, .. } = matter;
        Self {
            id,
            title,
            has_title,
            summary,
            keywords,
            questions,
            expires,
            see,
            updated,
            draft,
            text,
            sections,
            anchors,
            warnings,
            lines,
            body_start,
        }
    }

    /// The text after the front matter.
    #[must_use]
    pub fn body(&self) -> Span {
        Span::new(self.body_start, self.text.len())
    }

    /// The line that holds byte `at` of the text, counted from 1.
    #[must_use]
    pub fn line(&self, at: usize) -> u32 {
        self.lines.number(at)
    }

    /// The section with this anchor.
    #[must_use]
    pub fn section(&self, anchor: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.anchor == anchor)
    }

    /// A section with everything below it: its text and lines.
    #[must_use]
    pub fn whole_section(&self, section: &Section) -> (&str, LineRange) {
        let end = self
            .sections
            .iter()
            .find(|other| other.span.start > section.span.start && other.level <= section.level)
            .map_or(self.text.len(), |other| other.span.start);
        let span = Span::new(section.span.start, end);
        (span.of(&self.text).trim_end(), self.lines.range(&self.text, span))
    }
}

/// The name of the file at `path` without its extension; of an `index.md` or `README.md` the folder's name.
#[must_use]
pub fn file_title(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let generic = ["index", "_index", "readme"].iter().any(|name| stem.eq_ignore_ascii_case(name));
    if generic { parts.next().unwrap_or(stem) } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Note {
        Note::parse(NoteId("a/课 1.md".to_owned()), text.to_owned())
    }

    #[test]
    fn the_title_comes_from_front_matter_then_the_page_heading_then_the_file() {
        assert_eq!(note("---\ntitle: 甲\n---\n# 乙").title, "甲");
        assert_eq!(note("# 乙\n## 丙").title, "乙");
        assert_eq!(note("### 乙\n### 丙").title, "课 1");
        assert_eq!(file_title("pods/index.md"), "pods");
    }

    #[test]
    fn oddities_are_warnings_with_their_line() {
        let found: Vec<_> =
            note("好\n\n##标题\n\n![](a b.png)\n\n```\nx").warnings.into_iter().map(|w| (w.line, w.kind)).collect();
        assert_eq!(
            found,
            [(3, WarningKind::HeadingWithoutBlank), (5, WarningKind::LooseImage), (7, WarningKind::UnclosedFence)]
        );
    }

    #[test]
    fn a_whole_section_reaches_to_the_next_heading_of_its_level() {
        let note = note("## a\n1\n### b\n2\n## c\n3\n");
        let (text, lines) = note.whole_section(note.section("a").unwrap());
        assert_eq!((text, lines), ("## a\n1\n### b\n2", LineRange { first: 1, last: 4 }));
    }
}
