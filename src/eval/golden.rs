//! Files of golden questions: what students ask, and where the notes answer it.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::corpus::LineRange;
use crate::error::Failure;

/// A file of questions over one notes folder.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The file.
    pub path: PathBuf,
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
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    let wrong = |line: Option<usize>, reason: String| Failure::Golden { path: path.to_owned(), line, reason };
    let file: File = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| 1 + text.bytes().take(span.start).filter(|&b| b == b'\n').count());
        wrong(line, error.message().to_owned())
    })?;
    let questions = file
        .question
        .into_iter()
        .map(|entry| {
            // Earlier turns of a conversation do not change an answer yet.
            drop(entry.after);
            let expect = entry.expect.iter().map(|place| {
                parse_place(place)
                    .ok_or_else(|| wrong(None, format!("{place:?} is neither PATH:FIRST-LAST nor PATH#anchor")))
            });
            Ok(GoldenQuestion {
                ask: entry.ask,
                expect: expect.collect::<Result<_, _>>()?,
                shows: entry.shows,
                tags: entry.tags,
            })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(Golden { path: path.to_owned(), notes: folder.join(file.notes), questions })
}

fn parse_place(place: &str) -> Option<Place> {
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

    #[test]
    fn places_are_lines_or_anchors() {
        assert_eq!(parse_place("a/b.md:3-9"), Some(Place::Lines("a/b.md".to_owned(), LineRange { first: 3, last: 9 })));
        assert_eq!(
            parse_place("a.md#第一步官方文档"),
            Some(Place::Anchor("a.md".to_owned(), "第一步官方文档".to_owned()))
        );
        assert_eq!(parse_place("a.md:9-3"), None);
        assert_eq!(parse_place("a.md"), None);
    }
}
