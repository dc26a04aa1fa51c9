//! A whole section, read from its note as it is now.

use super::Engine;
use super::nearest::{nearest, nearest_paths};
use crate::corpus::{LineRange, NoteFile, NoteId, read_note};
use crate::error::Failure;

/// A section as [`Engine::show`] gives it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ShownSection {
    /// The note.
    pub note: NoteId,
    /// The heading, or the note's title for a whole note.
    pub heading: String,
    /// First source line, counted from 1.
    pub first_line: u32,
    /// Last source line.
    pub last_line: u32,
    /// The Markdown.
    pub text: String,
}

impl Engine {
    /// A section's Markdown with everything below its heading, read from the note as it is now. `place` is a link
    /// as answers give it: `NOTE#ANCHOR` or `NOTE#LFIRST-LLAST`; the note alone gives the whole note. Drafts are
    /// not shown.
    ///
    /// # Errors
    /// When there is no such note or no such section.
    pub fn show(&self, place: &str) -> Result<ShownSection, Failure> {
        self.notes_are_there()?;
        let files = self.walk()?.files;
        let (file, anchor) = find_note(&files, place)?;
        let note = read_note(&file.path, file.id.clone(), self.note_bytes_max)
            .map_err(|warning| Failure::NoteUnreadable(file.id.0.clone(), warning.kind))?;
        if note.draft {
            return Err(Failure::NoteDraft(file.id.0.clone()));
        }
        let (text, lines, heading) = if anchor.is_empty() {
            let last = u32::try_from(note.text.lines().count()).unwrap_or(u32::MAX).max(1);
            (note.text.clone(), LineRange { first: 1, last }, note.title.clone())
        } else if let Some(section) = note.section(anchor) {
            let (text, lines) = note.whole_section(section);
            (text.to_owned(), lines, section.heading.clone())
        } else if let Some(lines) = line_range(anchor) {
            let all = note.text.lines().skip(lines.first as usize - 1).take(lines.count() as usize);
            (all.collect::<Vec<_>>().join("\n"), lines, note.title.clone())
        } else {
            let anchors = note.sections.iter().map(|section| section.anchor.as_str());
            let nearest = nearest(anchor, anchors);
            return Err(Failure::SectionUnknown { note: file.id.0.clone(), anchor: anchor.to_owned(), nearest });
        };
        Ok(ShownSection { note: note.id, heading, first_line: lines.first, last_line: lines.last, text })
    }
}

/// The note that `place` names and the anchor behind it; a note's name may hold a `#` itself.
fn find_note<'p, 'f>(files: &'f [NoteFile], place: &'p str) -> Result<(&'f NoteFile, &'p str), Failure> {
    let wanted = place.trim_start_matches("./");
    let ends = std::iter::once(wanted.len()).chain(wanted.rmatch_indices('#').map(|(at, _)| at));
    for end in ends {
        let (name, anchor) = wanted.split_at(end);
        if let Some(file) = files.iter().find(|file| file.id.0 == name) {
            return Ok((file, anchor.trim_start_matches('#')));
        }
    }
    let name = wanted.split('#').next().unwrap_or_default();
    let names = nearest_paths(name, files.iter().map(|file| file.id.0.as_str()));
    Err(Failure::NoteUnknown(name.to_owned(), names))
}

/// The lines of a fragment such as `L90-L144`.
fn line_range(fragment: &str) -> Option<LineRange> {
    let (first, last) = fragment.strip_prefix('L')?.split_once("-L")?;
    let lines = LineRange { first: first.parse().ok()?, last: last.parse().ok()? };
    (lines.first >= 1 && lines.first <= lines.last).then_some(lines)
}
