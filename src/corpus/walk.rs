//! Finds the notes of a folder.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, fs, mem};

use ignore::overrides::{Override, OverrideBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};

use super::{NoteId, Warning, WarningKind};

/// Threads that walk a folder: most of the time is the system's, which serves few at a time.
const THREADS: usize = 2;
/// Files that say what of a folder is left out, and their size at most; bytes.
const RULES: [&str; 2] = [".gitignore", ".ignore"];
const RULES_BYTES_MAX: u64 = 1 << 20;
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
    // Folders with rules that are not to be read.
    let odd = Arc::new(Mutex::new(Vec::new()));
    let mut builder = WalkBuilder::new(root);
    builder.follow_links(true).require_git(false).git_global(has_global_rules()).overrides(overrides).filter_entry({
        let (root, odd) = (root.to_owned(), Arc::clone(&odd));
        move |entry| entry.depth() == 0 || entry.file_name() != "node_modules" && has_rules(&root, entry, &odd)
    });
    let mut found = Walk::default();
    if !are_rules(root) {
        found.warnings.push(rules(root, root));
    } else if has_folders(root) {
        // Several threads look for rules only where a list of files has them; one asks the system for each folder and kind.
        found = walk_by_threads(root, &mut builder);
    } else {
        builder.build().for_each(|entry| visit(root, entry, &mut found));
    }
    found.warnings.append(&mut odd.lock().unwrap_or_else(PoisonError::into_inner));
    found.files.sort();
    found.warnings.sort_by(|a, b| a.note.cmp(&b.note));
    Ok(found)
}

/// Whether an entry is no folder, or one whose rules can be read.
fn has_rules(root: &Path, entry: &DirEntry, odd: &Mutex<Vec<Warning>>) -> bool {
    let readable = !entry.file_type().is_some_and(|kind| kind.is_dir()) || are_rules(entry.path());
    if !readable {
        odd.lock().unwrap_or_else(PoisonError::into_inner).push(rules(root, entry.path()));
    }
    readable
}

/// Whether the rules of a folder can be read: a pipe would be waited for without end, and a link may lead to what has none.
fn are_rules(folder: &Path) -> bool {
    RULES.iter().all(|name| match fs::metadata(folder.join(name)) {
        Ok(found) => found.is_file() && found.len() <= RULES_BYTES_MAX,
        Err(error) => error.kind() == ErrorKind::NotFound,
    })
}

fn rules(root: &Path, folder: &Path) -> Warning {
    Warning { note: note_id(root, folder), line: 1, kind: WarningKind::Rules }
}

fn walk_by_threads(root: &Path, builder: &mut WalkBuilder) -> Walk {
    let all = Mutex::new(Walk::default());
    builder.threads(THREADS).build_parallel().run(|| {
        let mut share = Share { found: Walk::default(), all: &all };
        Box::new(move |entry| {
            visit(root, entry, &mut share.found);
            WalkState::Continue
        })
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// What one thread finds; it goes to the others' when the thread is done.
struct Share<'a> {
    found: Walk,
    all: &'a Mutex<Walk>,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let Walk { files, others, warnings } = mem::take(&mut self.found);
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.files.extend(files);
        others.into_iter().for_each(|(extension, count)| *all.others.entry(extension).or_default() += count);
        all.warnings.extend(warnings);
    }
}

/// Whether there are folders in this one.
fn has_folders(root: &Path) -> bool {
    let is_folder = |entry: fs::DirEntry| entry.file_type().is_ok_and(|kind| !kind.is_file());
    fs::read_dir(root).is_ok_and(|entries| entries.flatten().any(is_folder))
}

/// Whether git may have rules for all folders of this user: its settings name a file of them, or the file of the usual name is there.
/// The crate looks for them by a regular expression, whose making takes longer than walking a hundred notes.
fn has_global_rules() -> bool {
    let set = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| !path.as_os_str().is_empty());
    let home = env::home_dir();
    let of_user = set("XDG_CONFIG_HOME").or_else(|| home.as_ref().map(|home| home.join(".config")));
    let of_user = of_user.map(|folder| folder.join("git"));
    let settings = [
        set("GIT_CONFIG_GLOBAL"),
        home.map(|home| home.join(".gitconfig")),
        of_user.as_ref().map(|folder| folder.join("config")),
        Some(set("GIT_CONFIG_SYSTEM").unwrap_or_else(|| PathBuf::from("/etc/gitconfig"))),
    ];
    let names_file = |path: PathBuf| {
        fs::read(path).is_ok_and(|text| text.to_ascii_lowercase().windows(12).any(|part| part == b"excludesfile"))
    };
    of_user.is_some_and(|folder| folder.join("ignore").is_file()) || settings.into_iter().flatten().any(names_file)
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

fn visit(root: &Path, entry: Result<DirEntry, ignore::Error>, found: &mut Walk) {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return found.warnings.push(warning(root, &error)),
    };
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
    // Bytes that are no UTF-8 (a name of another encoding) are told apart: two notes are not to be one.
    let chunks = relative.as_os_str().as_encoded_bytes().utf8_chunks();
    let name = chunks.fold(String::new(), |mut name, chunk| {
        name.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| name.push_str(&format!("\\x{byte:02X}")));
        name
    });
    NoteId(name.replace(MAIN_SEPARATOR, "/"))
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
