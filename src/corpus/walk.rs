//! Finds the notes of a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder};

use super::{NoteId, Warning, WarningKind};

/// Extensions of notes, in lower case.
const NOTE_EXTENSIONS: [&str; 3] = ["md", "markdown", "txt"];

/// Which files of the folder are notes, beyond their extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Globs; when there are any, only files that match one are notes.
    pub include: Vec<String>,
    /// Globs of files and folders to leave out.
    pub exclude: Vec<String>,
}

/// A note's file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoteFile {
    /// The note.
    pub id: NoteId,
    /// The file.
    pub path: PathBuf,
}

/// Files that are no notes, counted by extension (lower case; empty for none).
pub type OtherFiles = BTreeMap<String, usize>;

/// What a folder holds.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Notes in the order of their ids.
    pub files: Vec<NoteFile>,
    /// Everything else.
    pub others: OtherFiles,
    /// What could not be looked at.
    pub warnings: Vec<Warning>,
}

/// Walks `root`, following links; what .gitignore excludes, hidden files and `node_modules` stay out.
///
/// # Errors
/// The glob of `selection` that cannot be understood, with the reason.
pub fn walk(root: &Path, selection: &Selection) -> Result<Walk, (String, String)> {
    let overrides = globs(root, selection)?;
    let mut found = Walk::default();
    let walker = WalkBuilder::new(root)
        .follow_links(true)
        .require_git(false)
        .overrides(overrides)
        .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != "node_modules")
        .build();
    for entry in walker {
        match entry {
            Ok(entry) => visit(root, &entry, &mut found),
            Err(error) => found.warnings.push(warning(root, &error)),
        }
    }
    found.files.sort();
    Ok(found)
}

/// Whether a file of this name is a note, if nothing leaves it out.
#[must_use]
pub fn is_note_name(path: &Path) -> bool {
    NOTE_EXTENSIONS.contains(&extension(path).as_str())
}

/// In lower case; empty for none.
fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn visit(root: &Path, entry: &DirEntry, found: &mut Walk) {
    if !entry.file_type().is_some_and(|kind| kind.is_file()) || entry.file_name() == super::LEXICON_FILE {
        return;
    }
    if is_note_name(entry.path()) {
        found.files.push(NoteFile { id: note_id(root, entry.path()), path: entry.path().to_owned() });
    } else {
        *found.others.entry(extension(entry.path())).or_default() += 1;
    }
}

fn globs(root: &Path, selection: &Selection) -> Result<Override, (String, String)> {
    let mut builder = OverrideBuilder::new(root);
    let excluded = selection.exclude.iter().map(|glob| format!("!{glob}"));
    for glob in selection.include.iter().cloned().chain(excluded) {
        builder.add(&glob).map_err(|error| (glob.clone(), error.to_string()))?;
    }
    builder.build().map_err(|error| (String::new(), error.to_string()))
}

fn note_id(root: &Path, path: &Path) -> NoteId {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    NoteId(parts.join("/"))
}

fn warning(root: &Path, error: &ignore::Error) -> Warning {
    let (path, kind) = describe(error);
    Warning { note: path.map(|path| note_id(root, path)).unwrap_or_default(), line: 1, kind }
}

fn describe(error: &ignore::Error) -> (Option<&Path>, WarningKind) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), describe(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => describe(err),
        ignore::Error::Loop { child, .. } => (Some(child), WarningKind::SymlinkLoop),
        other => (None, WarningKind::Unreadable(other.to_string())),
    }
}
