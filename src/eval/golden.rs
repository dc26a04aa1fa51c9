//! Files of golden questions: what students ask, and where the notes answer it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::corpus::{LineRange, PASSAGE_LINES_MAX};
use crate::error::Failure;

/// A file of questions over one notes folder.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The file.
    pub path: PathBuf,
    /// Its name in reports: without folder and extension.
    pub name: String,
    /// The notes folder that the file names, relative to itself.
    pub notes: PathBuf,
    /// The questions, in the order of the file.
    pub questions: Vec<GoldenQuestion>,
}

/// A question with its known answer.
#[derive(Clone, Debug)]
pub struct GoldenQuestion {
    /// What the student types.
    pub ask: String,
    /// Earlier turns of the same conversation, oldest first.
    pub after: Vec<String>,
    /// Where the answer stands, any one of them; none when the notes do not answer it.
    pub expect: Vec<Place>,
    /// What a good snippet shows.
    pub shows: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// A place in the notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `PATH:FIRST-LAST`
    Lines(String, LineRange),
    /// `PATH#anchor`
    Anchor(String, String),
}

impl Place {
    /// The note's path.
    #[must_use]
    pub fn note(&self) -> &str {
        let (Self::Lines(note, _) | Self::Anchor(note, _)) = self;
        note
    }

    /// Whether a passage stands here: it has the note and shares a line, or has the note and the anchor. A passage
    /// that is longer than one may be is no answer.
    #[must_use]
    pub fn is_met_by(&self, note: &str, anchor: &str, lines: LineRange) -> bool {
        lines.count() <= PASSAGE_LINES_MAX
            && note == self.note()
            && match self {
                Self::Lines(_, wanted) => lines.meets(*wanted),
                Self::Anchor(_, wanted) => anchor == wanted,
            }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines(note, lines) => write!(f, "{note}:{}-{}", lines.first, lines.last),
            Self::Anchor(note, anchor) => write!(f, "{note}#{anchor}"),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    notes: PathBuf,
    #[serde(default)]
    question: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    ask: String,
    #[serde(default)]
    expect: Vec<String>,
    shows: Option<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Reads a file of questions.
///
/// # Errors
/// When it cannot be read or is no such file.
pub fn read(path: &Path) -> Result<Golden, Failure> {
    parse(path, &fs::read_to_string(path).map_err(Failure::file(path))?)
}

/// The questions of a file at `path` that holds `text`.
pub(super) fn parse(path: &Path, text: &str) -> Result<Golden, Failure> {
    let wrong = |line: Option<usize>, reason: String| Failure::Golden { path: path.to_owned(), line, reason };
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| 1 + text.bytes().take(span.start).filter(|&b| b == b'\n').count());
        wrong(line, error.message().to_owned())
    })?;
    let questions = file.question.into_iter().map(question).collect::<Result<_, _>>();
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Golden {
        path: path.to_owned(),
        name: path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        notes: folder.join(file.notes),
        questions: questions.map_err(|reason| wrong(None, reason))?,
    })
}

fn question(entry: Entry) -> Result<GoldenQuestion, String> {
    let Entry { ask, expect, shows, after, tags } = entry;
    let place =
        |text: &String| parse_place(text).ok_or_else(|| format!("{text:?} is neither PATH:FIRST-LAST nor PATH#anchor"));
    let expect = expect.iter().map(place).collect::<Result<_, _>>()?;
    Ok(GoldenQuestion { ask, after, expect, shows, tags })
}

/// The place that a text names; `None` when it is neither `PATH:FIRST-LAST` nor `PATH#anchor`.
#[must_use]
pub fn parse_place(place: &str) -> Option<Place> {
    let as_lines = || {
        let (path, range) = place.rsplit_once(':')?;
        let (first, last) = range.split_once('-')?;
        let lines = LineRange { first: first.parse().ok()?, last: last.parse().ok()? };
        (lines.first >= 1 && lines.first <= lines.last).then(|| Place::Lines(path.to_owned(), lines))
    };
    let as_anchor = || place.split_once('#').map(|(path, anchor)| Place::Anchor(path.to_owned(), anchor.to_owned()));
    as_lines().or_else(as_anchor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(first: u32, last: u32) -> LineRange {
        LineRange { first, last }
    }

    #[test]
    fn places_are_lines_or_anchors() {
        assert_eq!(parse_place("a/b.md:3-9"), Some(Place::Lines("a/b.md".to_owned(), lines(3, 9))));
        assert_eq!(
            parse_place("a.md#第一步官方文档"),
            Some(Place::Anchor("a.md".to_owned(), "第一步官方文档".to_owned()))
        );
        assert_eq!(parse_place("a.md:9-3"), None);
        assert_eq!(parse_place("a.md"), None);
        for text in ["a/b.md:3-9", "a.md#第一步官方文档"] {
            assert_eq!(parse_place(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_place_is_met_by_a_shared_line_or_by_the_anchor() {
        let met = |place: &str, anchor, at| parse_place(place).unwrap().is_met_by("a.md", anchor, at);
        assert!(met("a.md:3-9", "", lines(9, 20)));
        assert!(!met("a.md:3-9", "", lines(10, 20)));
        assert!(!met("b.md:3-9", "", lines(3, 9)));
        assert!(met("a.md#x", "x", lines(1, 60)));
        assert!(!met("a.md#x", "y", lines(1, 2)));
        assert!(!met("a.md#x", "x", lines(1, 61)), "61 lines are no answer");
    }
}
