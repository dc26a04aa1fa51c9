//! Where a passage stands, so that a reader can go there.

use serde::Serialize;

use crate::corpus::{LineRange, LinkStyle, link_to};
use crate::index::Record;

/// The source of a passage.
#[derive(Clone, Debug, Serialize)]
pub struct Citation {
    /// The note's slash path, relative to the notes folder.
    pub note: String,
    /// The note's title.
    pub title: String,
    /// Headings above, outermost first.
    pub trail: Vec<String>,
    /// The section's heading; empty before the first heading.
    pub heading: String,
    /// The heading's anchor.
    pub anchor: String,
    /// Source lines of the passage, counted from 1, both ends included.
    #[serde(serialize_with = "as_pair")]
    pub lines: LineRange,
    /// The link to the section.
    pub link: String,
}

fn as_pair<S: serde::Serializer>(lines: &LineRange, serializer: S) -> Result<S::Ok, S::Error> {
    [lines.first, lines.last].serialize(serializer)
}

impl Citation {
    /// The citation of a stored passage.
    #[must_use]
    pub fn of(record: &Record, links: &LinkStyle) -> Self {
        let section = &record.id.section;
        Self {
            note: section.note.0.clone(),
            title: record.title.clone(),
            trail: record.trail.clone(),
            heading: record.heading.clone(),
            anchor: section.anchor.clone(),
            lines: record.lines,
            link: link_to(links, &section.note, &section.anchor, record.lines),
        }
    }

    /// Title, headings above and heading, each once, empty ones left out. A title that is only the file's name is no
    /// title: it stands for itself when there is nothing else.
    #[must_use]
    pub fn heading_path(&self) -> Vec<&str> {
        let stem = self.note.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
        let has_headings = !self.heading.is_empty() || !self.trail.is_empty();
        let mut path = Vec::new();
        if self.title != stem || !has_headings {
            path.push(self.title.as_str());
        }
        for heading in self.trail.iter().map(String::as_str).chain([self.heading.as_str()]) {
            if !heading.is_empty() && path.last() != Some(&heading) {
                path.push(heading);
            }
        }
        path
    }
}
