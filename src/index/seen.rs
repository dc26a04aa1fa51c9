//! Which digest a note's file had when it was last read, so that a file of the same size and time is not read again.
//!
//! It is a memo and no part of a generation: without it every note is read, and nothing else changes.

use std::collections::HashMap;
use std::fs;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::Outdated;
use crate::corpus::{NoteFile, NoteId};

const FILE: &str = "seen.json";
const FILE_ASIDE: &str = "seen.json.new";
/// How coarse a file system's clock may be. A file that changed this shortly before it was looked at, or after it by a clock that went
/// back, may have changed again within the same tick.
const TICK: Duration = Duration::from_secs(2);

/// A thread that looks at fewer files costs more than it saves.
const SHARE_MIN: usize = 500;

/// Size in bytes and time of change in nanoseconds since 1970, which may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    modified: i64,
}

impl Stamp {
    /// The stamp of a file as it is now; `None` when it has none that can be relied on.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self { size: metadata.len(), modified: nanoseconds(metadata.modified().ok()?)? })
    }

    /// Those of `files`, in their order; on so many threads, if there are files enough for them.
    pub(super) fn of_all(files: &[NoteFile], threads: usize) -> Vec<Option<Self>> {
        let share = files.len().div_ceil(threads.max(1)).max(SHARE_MIN);
        let stamps = |part: &[NoteFile]| part.iter().map(|file| Self::of(&file.path)).collect::<Vec<_>>();
        if files.len() <= share {
            return stamps(files);
        }
        thread::scope(|scope| {
            let parts: Vec<_> = files.chunks(share).map(|part| scope.spawn(move || stamps(part))).collect();
            parts.into_iter().flat_map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    /// Bytes of the file.
    pub(super) fn size(self) -> u64 {
        self.size
    }
}

fn nanoseconds(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).ok(),
        Err(before) => i64::try_from(before.duration().as_nanos()).ok().map(std::ops::Neg::neg),
    }
}

/// The files that were read.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// When the look at them began; nanoseconds since 1970.
    as_of: i64,
    notes: HashMap<NoteId, (Stamp, String)>,
}

impl Seen {
    /// An empty memo of a look that begins now.
    pub(super) fn now() -> Self {
        Self { as_of: nanoseconds(SystemTime::now()).unwrap_or_default(), notes: HashMap::new() }
    }

    /// The memo in `folder`; an empty one when there is none that can be read.
    pub(super) fn read(folder: &Path) -> Self {
        fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Replaces the memo in `folder`. What goes wrong only costs the next build time.
    pub(super) fn write(&self, folder: &Path) {
        let aside = folder.join(FILE_ASIDE);
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        if fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, folder.join(FILE))).is_err() {
            let _ = fs::remove_file(aside);
        }
    }

    /// Whether it holds other files, or other stamps or digests, or believes a file that the other does not yet.
    pub(super) fn differs_from(&self, other: &Self) -> bool {
        let settles = |(stamp, _): &(Stamp, String)| self.has_settled(*stamp) && !other.has_settled(*stamp);
        self.notes != other.notes || self.notes.values().any(settles)
    }

    /// Whether a file with this stamp had not changed shortly before the look.
    fn has_settled(&self, stamp: Stamp) -> bool {
        stamp.modified.saturating_add(TICK.as_nanos() as i64) < self.as_of
    }

    pub(super) fn insert(&mut self, id: NoteId, stamp: Stamp, digest: String) {
        self.notes.insert(id, (stamp, digest));
    }

    /// What is different from these files, as far as sizes and times tell; nothing when the memo is lost.
    pub(super) fn outdated(&self, files: &[NoteFile]) -> Outdated {
        let mut outdated = Outdated::default();
        if self.notes.is_empty() {
            return outdated;
        }
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for (file, stamp) in files.iter().zip(Stamp::of_all(files, threads)) {
            match self.notes.get(&file.id) {
                None => outdated.added += 1,
                Some((known, _)) if stamp.as_ref() != Some(known) => outdated.changed += 1,
                Some(_) => {}
            }
        }
        outdated.removed = (self.notes.len() + outdated.added).saturating_sub(files.len());
        outdated
    }

    /// The digest of a file that has not changed since it was read.
    pub(super) fn digest(&self, id: &NoteId, stamp: Stamp) -> Option<&str> {
        let (known, digest) = self.notes.get(id)?;
        // A file that could not be read is known, and tried again.
        (*known == stamp && self.has_settled(stamp) && !digest.is_empty()).then_some(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_believed_only_when_it_had_settled_before_the_look() {
        let id = NoteId("a.md".to_owned());
        let second = 1_000_000_000;
        let mut seen = Seen { as_of: 100 * second, notes: HashMap::new() };
        let believed = |seen: &Seen, size, modified| seen.digest(&id, Stamp { size, modified }).is_some();
        assert!(!believed(&seen, 5, 7 * second), "it was never read");
        seen.insert(id.clone(), Stamp { size: 5, modified: 7 * second }, "d".to_owned());
        assert!(believed(&seen, 5, 7 * second));
        assert!(!believed(&seen, 5, -7 * second));
        assert!(!believed(&seen, 6, 7 * second));
        assert!(!believed(&seen, 5, 7 * second + 1));
        // Written in the same tick as the look, or by a clock that is ahead.
        for modified in [99 * second, 100 * second, 500 * second, i64::MAX] {
            seen.insert(id.clone(), Stamp { size: 5, modified }, "d".to_owned());
            assert!(!believed(&seen, 5, modified), "{modified}");
        }
    }

    #[test]
    fn a_memo_is_written_anew_once_what_it_holds_has_settled() {
        let second = 1_000_000_000;
        let look = |seconds: i64| {
            let mut seen = Seen { as_of: seconds * second, notes: HashMap::new() };
            seen.insert(NoteId("a.md".to_owned()), Stamp { size: 5, modified: 99 * second }, "d".to_owned());
            seen
        };
        assert!(!look(100).differs_from(&look(99)), "neither believes it");
        assert!(look(110).differs_from(&look(100)), "it would be read again each time");
        assert!(!look(120).differs_from(&look(110)) && !look(100).differs_from(&look(110)));
    }

    #[test]
    fn the_stamps_of_many_files_are_those_of_each_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let file =
            |number: usize| NoteFile { id: NoteId(number.to_string()), path: folder.path().join(number.to_string()) };
        let files: Vec<NoteFile> = (0..2 * SHARE_MIN + 3).map(file).collect();
        for (number, file) in files.iter().enumerate().filter(|(number, _)| number % 3 > 0) {
            fs::write(&file.path, "x".repeat(number % 100)).unwrap();
        }
        let each: Vec<_> = files.iter().map(|file| Stamp::of(&file.path)).collect();
        assert_eq!(Stamp::of_all(&files, 3), each);
        assert_eq!(Stamp::of_all(&files, 1), each);
    }

    #[test]
    fn a_memo_that_cannot_be_read_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Seen::read(folder.path()), Seen::default());
        let mut seen = Seen::now();
        seen.insert(NoteId("a.md".to_owned()), Stamp { size: 5, modified: 7 }, "d".to_owned());
        seen.write(folder.path());
        assert_eq!(Seen::read(folder.path()), seen);
        let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
        fs::write(folder.path().join(FILE), text.split_at(text.len() / 2).0).unwrap();
        assert_eq!(Seen::read(folder.path()), Seen::default());
    }
}
