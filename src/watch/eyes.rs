//! Being told of changes in the notes folder by the system, and which of them matter.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use notify::event::{CreateKind, ModifyKind, RemoveKind};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::{Bell, Blind};
use crate::corpus::{LEXICON_FILE, is_note_name};

/// A watch of the system's on the notes folder; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Eyes {
    _watcher: RecommendedWatcher,
    folder: Option<Identity>,
}

/// Which folder a path leads to; a folder that was put in the place of another is another one.
type Identity = (u64, u64);

/// The folder at `path`; `None` when there is none.
#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_dir)?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    path.is_dir().then_some((0, 0))
}

/// Whether there is a folder at `path`.
pub(super) fn is_there(path: &Path) -> bool {
    identity(path).is_some()
}

impl Eyes {
    /// Rings `bell` for what changes below `notes` from now on; what happens below `index` does not count.
    pub(super) fn open(notes: &Path, index: &Path, bell: &Arc<Bell>) -> Result<Self, Blind> {
        let folder = identity(notes);
        let scope = Scope { notes: notes.to_owned(), index: index.to_owned() };
        let bell = Arc::clone(bell);
        let mut watcher = notify::recommended_watcher(move |told: notify::Result<Event>| match told {
            Ok(event) if scope.concerns(&event) => bell.changed(),
            Ok(_) => {}
            Err(error) => {
                if matches!(error.kind, ErrorKind::MaxFilesWatch) {
                    bell.blinded(Blind::Limit);
                }
                bell.changed();
            }
        })
        .map_err(blind)?;
        watcher.watch(notes, RecursiveMode::Recursive).map_err(blind)?;
        Ok(Self { _watcher: watcher, folder })
    }

    /// Whether the folder that is watched is still the one at `notes`.
    pub(super) fn still_see(&self, notes: &Path) -> bool {
        self.folder.is_some() && identity(notes) == self.folder
    }
}

fn blind(error: notify::Error) -> Blind {
    match error.kind {
        ErrorKind::MaxFilesWatch => Blind::Limit,
        _ => Blind::Other(error.to_string()),
    }
}

/// The folder whose notes matter.
#[derive(Debug)]
struct Scope {
    notes: PathBuf,
    index: PathBuf,
}

impl Scope {
    /// Whether an event may have changed what is to be indexed. When in doubt it has: a look that finds nothing costs little.
    fn concerns(&self, event: &Event) -> bool {
        if event.need_rescan() {
            return true;
        }
        !event.kind.is_access() && event.paths.iter().any(|path| self.concerns_path(path, event.kind))
    }

    fn concerns_path(&self, path: &Path, kind: EventKind) -> bool {
        if path.starts_with(&self.index) {
            return false;
        }
        // What a link leads to may be told under its own path.
        let inside = path.strip_prefix(&self.notes).unwrap_or(path);
        let parts: Vec<_> = inside
            .components()
            .filter_map(|part| if let Component::Normal(name) = part { Some(name.to_string_lossy()) } else { None })
            .collect();
        let Some((name, above)) = parts.split_last() else { return true };
        if above.iter().any(|folder| is_left_out(folder)) {
            return false;
        }
        match &**name {
            ".gitignore" | ".ignore" | LEXICON_FILE => true,
            name if is_left_out(name) => false,
            _ if is_note_name(path) => true,
            // A folder, perhaps, with notes in it. Of one that was moved away nobody can tell what it was.
            _ => match kind {
                EventKind::Create(CreateKind::File) | EventKind::Remove(RemoveKind::File) => false,
                EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)) => path.is_dir(),
                _ => path.is_dir() || !path.exists(),
            },
        }
    }
}

fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, DataChange, Flag, RenameMode};

    use super::*;

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const MADE: EventKind = EventKind::Create(CreateKind::File);
    const GONE: EventKind = EventKind::Remove(RemoveKind::File);
    const MOVED: EventKind = EventKind::Modify(ModifyKind::Name(RenameMode::From));

    #[track_caller]
    fn check(kind: EventKind, path: &str, expected: bool) {
        let scope = Scope { notes: "/n".into(), index: "/n/index".into() };
        let event = Event::new(kind).add_path(Path::new("/n").join(path));
        assert_eq!(scope.concerns(&event), expected, "{event:?}");
    }

    #[test]
    fn notes_lexicons_and_rules_of_what_to_leave_out_matter() {
        for path in ["a.md", "k8s/Pod 与工作负载.MD", "a.txt", "lexicon.toml", ".gitignore", "k8s/.ignore"] {
            for kind in [WRITTEN, MADE, GONE, MOVED, EventKind::Any] {
                check(kind, path, true);
            }
        }
    }

    #[test]
    fn what_editors_put_beside_a_note_does_not_matter() {
        for path in [".a.md.swp", "a.md~", "#a.md#", ".#a.md", "4913", "a.md.tmp", "a.md___jb_tmp___", "sedAb3dE"] {
            check(MADE, path, false);
            check(WRITTEN, path, false);
            check(GONE, path, false);
        }
    }

    #[test]
    fn what_is_no_note_or_left_out_does_not_matter() {
        for path in
            ["a.png", ".git/index", ".git/notes.md", "x/node_modules/y.md", "index/gen-000001/a.md", ".DS_Store"]
        {
            check(WRITTEN, path, false);
            check(MADE, path, false);
        }
    }

    #[test]
    fn reading_does_not_matter() {
        check(EventKind::Access(AccessKind::Any), "a.md", false);
    }

    #[test]
    fn folders_matter_and_what_may_have_been_one() {
        check(EventKind::Create(CreateKind::Folder), "k8s", true);
        check(EventKind::Remove(RemoveKind::Folder), "v1.2", true);
        check(MOVED, "k8s", true);
    }

    #[test]
    fn the_folder_itself_and_events_that_were_lost_matter() {
        check(EventKind::Remove(RemoveKind::Folder), "", true);
        let scope = Scope { notes: "/n".into(), index: "/i".into() };
        assert!(scope.concerns(&Event::new(EventKind::Other).set_flag(Flag::Rescan)));
    }
}
