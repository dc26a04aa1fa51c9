//! The notes of a folder as the check needs them: parsed, with what they refer to, and found by path.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Rule;
use crate::corpus::{LEXICON_FILE, Note, NoteId, References, Selection, Warning, read_note, walk};
use crate::error::Failure;

/// A note and what it refers to.
#[derive(Debug)]
pub struct ReadNote {
    /// The note.
    pub note: Note,
    /// Its links, images and names.
    pub references: References,
}

impl ReadNote {
    /// The rules that the note itself allows to be broken: `<!-- kewen: allow RULE, RULE -->`.
    pub(super) fn allowed(&self) -> impl Iterator<Item = Rule> {
        let orders = self.references.orders.iter().filter_map(|order| order.strip_prefix("allow "));
        orders.flat_map(|names| names.split([' ', ','])).filter_map(Rule::named)
    }

    /// Whether a link to `#anchor` of this note leads somewhere. Browsers do not mind the case.
    pub(super) fn has_anchor(&self, anchor: &str) -> bool {
        let anchor = anchor.to_lowercase();
        self.note.anchors.iter().chain(&self.references.ids).any(|known| known.to_lowercase() == anchor)
    }
}

/// A folder of notes, read once.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    notes: Vec<ReadNote>,
    by_path: HashMap<String, usize>,
    unread: Vec<Warning>,
    lexicon: Option<String>,
}

impl Folder {
    /// Reads every note below `root`; drafts are left alone, but may be linked to.
    ///
    /// # Errors
    /// When a glob of `selection` or the lexicon cannot be read.
    pub fn read(root: &Path, selection: &Selection, note_bytes_max: u64) -> Result<Self, Failure> {
        let found = walk(root, selection).map_err(|(glob, reason)| Failure::BadGlob(glob, reason))?;
        let mut unread = found.warnings;
        let mut notes = Vec::with_capacity(found.files.len());
        for file in found.files {
            match read_note(&file.path, file.id, note_bytes_max) {
                Ok(note) => notes.push(note),
                Err(warning) => unread.push(warning),
            }
        }
        let path = root.join(LEXICON_FILE);
        let lexicon = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::File(path, error.to_string())),
        };
        Ok(Self::of(root.to_owned(), notes, unread, lexicon))
    }

    fn of(root: PathBuf, notes: Vec<Note>, unread: Vec<Warning>, lexicon: Option<String>) -> Self {
        let notes: Vec<ReadNote> = notes
            .into_iter()
            .filter(|note| !note.draft)
            .map(|note| ReadNote { references: References::of(&note), note })
            .collect();
        let by_path = notes.iter().enumerate().map(|(number, read)| (read.note.id.0.clone(), number)).collect();
        Self { root, notes, by_path, unread, lexicon }
    }

    /// The notes that are no drafts, in the order of their paths.
    #[must_use]
    pub fn notes(&self) -> &[ReadNote] {
        &self.notes
    }

    /// What could not be read, and why.
    pub(super) fn unread(&self) -> &[Warning] {
        &self.unread
    }

    /// The text of the folder's own lexicon.
    pub(super) fn lexicon(&self) -> Option<&str> {
        self.lexicon.as_deref()
    }

    pub(super) fn note(&self, path: &str) -> Option<&ReadNote> {
        self.by_path.get(path).and_then(|&number| self.notes.get(number))
    }

    /// Whether there is a file or a folder at a path below the notes folder.
    pub(super) fn has_file(&self, path: &str) -> bool {
        self.by_path.contains_key(path) || self.root.join(path).exists()
    }
}

/// The folder of a note, with a slash behind it unless it is the notes folder itself.
pub(super) fn folder_of(note: &NoteId) -> &str {
    note.0.rfind('/').and_then(|at| note.0.get(..=at)).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A folder that stands nowhere, with these notes; one named `lexicon.toml` is the lexicon.
    pub(in crate::check) fn folder(notes: &[(&str, &str)]) -> Folder {
        let lexicon = notes.iter().find(|(path, _)| *path == LEXICON_FILE).map(|(_, text)| (*text).to_owned());
        let mut notes: Vec<Note> = notes
            .iter()
            .filter(|(path, _)| *path != LEXICON_FILE)
            .map(|(path, text)| Note::parse(NoteId((*path).to_owned()), (*text).to_owned()))
            .collect();
        notes.sort_by(|a, b| a.id.cmp(&b.id));
        Folder::of(PathBuf::from("/nowhere"), notes, Vec::new(), lexicon)
    }

    #[test]
    fn the_folder_of_a_note_ends_with_a_slash() {
        let check = |path: &str, expected| assert_eq!(folder_of(&NoteId(path.to_owned())), expected);
        check("a/b.md", "a/");
        check("b.md", "");
    }
}
