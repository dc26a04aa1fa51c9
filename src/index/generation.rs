//! Generations of an index: build aside, validate, switch, clean up.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tantivy::directory::error::OpenWriteError;

use super::aside::Aside;
use super::manifest::digest;
use super::seen::Seen;
use super::table::Table;
use super::writer::{Known, Looked};
use super::{BuildReport, Builder, Changes, Fit, Manifest, Outdated, Progress, Snapshot, later, lock};
use crate::corpus::{Checkout, Day, LEXICON_FILE, Walk};
use crate::error::Failure;

const POINTER: &str = "CURRENT";
pub(super) const MANIFEST: &str = "manifest.json";
/// Where a generation is built; what an interrupted build left here is thrown away by the next.
const ASIDE: &str = "building";
const POINTER_ASIDE: &str = "CURRENT.new";
const PREFIX: &str = "gen-";
/// A generation may be tidied away between the look at the pointer and the opening, when others follow that fast.
const OPENINGS_MAX: usize = 10;

/// How much a build takes for granted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Notes of unchanged size and time are unchanged.
    #[default]
    Changes,
    /// Every note is read, and the files of the generation before are held against their checksums.
    Verify,
    /// Nothing: all is built anew.
    Anew,
}

/// Why the current generation cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is none yet.
    Missing,
    /// It was built by another version of kewen.
    Version,
    /// The lexicon has changed since.
    Lexicon,
    /// The settings that choose the notes have changed since.
    Selection,
    /// It cannot be read.
    Damaged,
}

/// How far a generation must agree with what is wanted now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// In everything.
    Same,
    /// In all but the lexicon. Notes that are not wanted any more are never shown.
    AnyLexicon,
}

/// The folder of one notes folder's index.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
    notes_dir: PathBuf,
}

impl Home {
    /// The home of the index of `notes_dir` (an absolute path) below `index_dir`.
    #[must_use]
    pub fn new(index_dir: &Path, notes_dir: &Path) -> Self {
        let name = digest(&[&notes_dir.to_string_lossy()]);
        Self { folder: index_dir.join(name), notes_dir: notes_dir.to_owned() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens the current generation if it fits.
    ///
    /// # Errors
    /// Why it cannot be used; for a damaged one, with the reason.
    pub fn open(&self, fit: &Fit) -> Result<Snapshot, (Unfit, String)> {
        self.open_current(|number| self.open_generation(number, fit, Wanted::Same))
    }

    /// Opens the current generation with whatever lexicon it was built; also gives the text of the notes folder's own one, if
    /// there was any.
    ///
    /// # Errors
    /// As [`Home::open`].
    pub fn open_as_built(&self, fit: &Fit) -> Result<(Snapshot, Option<String>), (Unfit, String)> {
        self.open_current(|number| {
            let snapshot = self.open_generation(number, fit, Wanted::AnyLexicon)?;
            match fs::read_to_string(self.generation(number).join(LEXICON_FILE)) {
                Ok(text) => Ok((snapshot, Some(text))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((snapshot, None)),
                Err(error) => Err((Unfit::Damaged, error.to_string())),
            }
        })
    }

    /// Opens the generation that the pointer names, and the one that has taken its place meanwhile if it cannot be opened.
    fn open_current<T>(&self, open: impl Fn(u64) -> Result<T, (Unfit, String)>) -> Result<T, (Unfit, String)> {
        let mut number = self.current()?;
        for _ in 0..OPENINGS_MAX {
            let opened = open(number);
            let now = self.current()?;
            if opened.is_ok() || now == number {
                return opened;
            }
            number = now;
        }
        open(number)
    }

    /// Number of the current generation, by the pointer file.
    ///
    /// # Errors
    /// When there is none, or the pointer cannot be read.
    pub fn current(&self) -> Result<u64, (Unfit, String)> {
        let name = fs::read_to_string(self.folder.join(POINTER)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => (Unfit::Missing, String::new()),
            _ => (Unfit::Damaged, error.to_string()),
        })?;
        number_of(name.trim()).ok_or((Unfit::Damaged, format!("{POINTER} names no generation")))
    }

    /// Whether `snapshot` is of generation `number` as it is on disk: after an index was deleted numbers begin with 1 again.
    #[must_use]
    pub fn is_generation(&self, number: u64, snapshot: &Snapshot) -> bool {
        number == snapshot.generation()
            && self.manifest(number).is_some_and(|manifest| manifest == *snapshot.manifest())
    }

    /// The manifest of the current generation, if it can be read.
    #[must_use]
    pub fn current_manifest(&self) -> Option<Manifest> {
        self.manifest(self.current().ok()?)
    }

    fn manifest(&self, number: u64) -> Option<Manifest> {
        serde_json::from_slice(&fs::read(self.generation(number).join(MANIFEST)).ok()?).ok()
    }

    fn open_generation(&self, number: u64, fit: &Fit, wanted: Wanted) -> Result<Snapshot, (Unfit, String)> {
        let folder = &self.generation(number);
        let damaged = |reason: String| (Unfit::Damaged, reason);
        let mut file = File::open(folder.join(MANIFEST)).map_err(|error| damaged(error.to_string()))?;
        let held = hold(&file).map_err(damaged)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| damaged(error.to_string()))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| match of_another_version(&text) {
            true => (Unfit::Version, String::new()),
            false => damaged(error.to_string()),
        })?;
        if manifest.fit.format != fit.format || manifest.fit.analyzer != fit.analyzer {
            return Err((Unfit::Version, String::new()));
        }
        match manifest.fit.differs_from(fit) {
            Some(Unfit::Lexicon) if wanted == Wanted::AnyLexicon => {}
            Some(unfit) => return Err((unfit, String::new())),
            None => {}
        }
        let found = sizes(folder).map_err(|error| damaged(error.to_string()))?;
        if let Some((name, _)) = manifest.files.iter().find(|(name, size)| found.get(*name) != Some(size)) {
            return Err(damaged(format!("{name} is not as it was written")));
        }
        let checkout = later::checkout(&self.folder, number, manifest.checkout.as_ref());
        let snapshot = Snapshot::open(folder, number, manifest, held.then_some(file)).map_err(damaged)?;
        Ok(snapshot.in_checkout(checkout))
    }

    /// Brings the index up to `walk`: makes a new generation the current one unless nothing has changed.
    ///
    /// # Errors
    /// When the folder cannot be written, another process writes, no note could be read, or the new generation
    /// does not open again; the generation before stays in force then.
    pub fn build(
        &self,
        builder: Builder<'_>,
        walk: &Walk,
        fit: &Fit,
        effort: Effort,
        progress: Progress<'_>,
    ) -> Result<(BuildReport, Snapshot), Failure> {
        let unwritable = |error: std::io::Error| Failure::IndexUnwritable(self.folder.clone(), error.to_string());
        fs::create_dir_all(&self.folder).map_err(unwritable)?;
        let _lock = lock::take(&self.folder)?;
        self.sweep().map_err(unwritable)?;
        let done = self.update(builder, walk, fit, effort, progress);
        if done.is_err() {
            // A disk that is full does not stay full because of it.
            let _ = self.sweep();
        }
        done
    }

    /// As [`Home::build`], with the lock held and nothing left of earlier builds. What fails leaves something behind.
    fn update(
        &self,
        builder: Builder<'_>,
        walk: &Walk,
        fit: &Fit,
        effort: Effort,
        progress: Progress<'_>,
    ) -> Result<(BuildReport, Snapshot), Failure> {
        let unwritable = |error: std::io::Error| Failure::IndexUnwritable(self.folder.clone(), error.to_string());
        let started = Instant::now();
        let current = self.current().ok();
        let before = current.and_then(|number| Table::read(&self.generation(number), &self.manifest(number)?.table));
        let base = self.base(fit, effort).filter(|_| before.is_some());
        let before = before.unwrap_or_default();
        let seen = if effort == Effort::Changes { Seen::read(&self.folder) } else { Seen::default() };
        let nothing = Table::default();
        let known = Known { table: if base.is_some() { &before } else { &nothing }, seen: &seen };
        let (aside, base_folder) =
            (self.folder.join(ASIDE), base.as_ref().map(|base| self.generation(base.generation())));
        let mut index = Aside::new(&aside, base.as_ref().zip(base_folder.as_deref()));
        let failed = |error: tantivy::TantivyError| match &base_folder {
            // What was built on is not as it was written.
            Some(base) if !is_of_the_disk(&error) => Failure::IndexDamaged(base.clone(), reason(&error)),
            _ => Failure::IndexUnwritable(self.folder.clone(), reason(&error)),
        };
        let Looked { table, seen: looked } = builder.update(walk, known, &mut index, progress).map_err(failed)?;
        if !self.notes_dir.is_dir() {
            // It went while it was read, and what was not read yet would be missing.
            return Err(Failure::NotesMissing(self.notes_dir.clone()));
        }
        let today = Day::of(SystemTime::now()).unwrap_or_default();
        let mut report = BuildReport::of(&table, today);
        if report.notes == 0 {
            return Err(Failure::NotesEmpty(self.notes_dir.clone(), walk.others.values().sum()));
        }
        report.changes = Changes::between(&before, &table);
        report.other_files.clone_from(&walk.others);
        report.warnings.splice(0..0, walk.warnings.iter().cloned());
        let checkout = builder.look.checkout().map(|found| found.among(|note| table.get(note).is_some()));
        report.commit = checkout.as_ref().map(|checkout| checkout.commit.clone());
        report.differing = checkout.as_ref().map(|checkout| checkout.differing.len());
        let snapshot = match base {
            Some(base) if table == before => {
                if base.checkout() != checkout.as_ref() {
                    later::note(&self.folder, base.generation(), checkout.as_ref());
                }
                base.in_checkout(checkout)
            }
            _ => {
                index.finish(progress).map_err(failed)?;
                // One that is there already is a link to that of the generation before, and is the same.
                if let Some(text) = builder.lexicon.filter(|_| base_folder.is_none()) {
                    write_flushed(&aside.join(LEXICON_FILE), text.as_bytes()).map_err(unwritable)?;
                }
                self.describe(&aside, fit, &report, &table, checkout).map_err(unwritable)?;
                let snapshot = self.enter(&aside, fit)?;
                self.clean(snapshot.generation(), current);
                report.new = true;
                snapshot
            }
        };
        if looked.differs_from(&seen) {
            looked.write(&self.folder);
        }
        report.generation = snapshot.generation();
        report.seconds = started.elapsed().as_secs_f64();
        Ok((report, snapshot))
    }

    /// What of `walk` is not as it was when it was indexed; only sizes and times are looked at.
    #[must_use]
    pub fn outdated(&self, walk: &Walk) -> Outdated {
        Seen::read(&self.folder).outdated(&walk.files)
    }

    /// Throws away what an interrupted build left, a generation that never became the current one included.
    fn sweep(&self) -> std::io::Result<()> {
        remove_if_there(&self.folder.join(ASIDE))?;
        let _ = fs::remove_file(self.folder.join(POINTER_ASIDE));
        if let Ok(current) = self.current() {
            for number in self.generations().into_iter().filter(|&number| number > current) {
                let _ = fs::remove_dir_all(self.generation(number));
            }
        }
        Ok(())
    }

    /// The generation that the next one can begin with.
    fn base(&self, fit: &Fit, effort: Effort) -> Option<Snapshot> {
        if effort == Effort::Anew {
            return None;
        }
        let base = self.open(fit).ok()?;
        (effort != Effort::Verify || base.is_whole()).then_some(base)
    }

    /// Writes what goes with the index in `aside`.
    fn describe(
        &self,
        aside: &Path,
        fit: &Fit,
        report: &BuildReport,
        table: &Table,
        checkout: Option<Checkout>,
    ) -> std::io::Result<()> {
        let digest = table.write(aside)?;
        let manifest = Manifest {
            table: digest,
            fit: fit.clone(),
            notes_dir: self.notes_dir.to_string_lossy().into_owned(),
            built_at: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            notes: report.notes,
            sections: report.sections,
            passages: report.passages,
            tokens: table.tokens(),
            curated: table.0.iter().any(|entry| !entry.claims.is_empty()),
            expires: table.0.iter().any(|entry| entry.expires.is_some()),
            checkout,
            files: sizes(aside)?,
        };
        write_flushed(&aside.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)
    }

    /// Gives the generation in `aside` its number, checks that it opens, and makes it the current one.
    fn enter(&self, aside: &Path, fit: &Fit) -> Result<Snapshot, Failure> {
        let unwritable = |error: std::io::Error| Failure::IndexUnwritable(self.folder.clone(), error.to_string());
        let number = self.generations().last().map_or(1, |last| last.saturating_add(1));
        let folder = self.generation(number);
        fs::rename(aside, &folder).map_err(unwritable)?;
        let snapshot = self
            .open_generation(number, fit, Wanted::Same)
            .map_err(|(_, reason)| Failure::IndexDamaged(folder, reason))?;
        self.switch(number).map_err(unwritable)?;
        Ok(snapshot)
    }

    fn generation(&self, number: u64) -> PathBuf {
        self.folder.join(name_of(number))
    }

    /// Replaces the pointer file: written aside, flushed, renamed over the old one.
    fn switch(&self, number: u64) -> std::io::Result<()> {
        let aside = self.folder.join(POINTER_ASIDE);
        write_flushed(&aside, name_of(number).as_bytes())?;
        fs::rename(aside, self.folder.join(POINTER))
    }

    /// Numbers of the generations that are there, rising.
    fn generations(&self) -> Vec<u64> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut numbers: Vec<u64> =
            entries.filter_map(|entry| number_of(&entry.file_name().to_string_lossy())).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Removes the generations that are neither `current` nor the one `before` and that nobody reads.
    /// What cannot be removed (Windows keeps mapped files) is left for the next time.
    fn clean(&self, current: u64, before: Option<u64>) {
        for number in self.generations() {
            let folder = self.generation(number);
            if number == current || Some(number) == before {
                continue;
            }
            // Held while the folder goes, so that whoever opens it meanwhile looks for the current one instead.
            let manifest = File::open(folder.join(MANIFEST));
            if !matches!(manifest.as_ref().map(File::try_lock), Ok(Err(TryLockError::WouldBlock))) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }
}

/// Marks the generation of this manifest as being read; tells whether that could be done, which it cannot on every file system.
fn hold(manifest: &File) -> Result<bool, String> {
    match manifest.try_lock_shared() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Err("it is being removed".to_owned()),
        Err(TryLockError::Error(_)) => Ok(false),
    }
}

/// Writes a file to the disk itself.
pub(super) fn write_flushed(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The files of a folder with their sizes in bytes, the manifest and tantivy's own notes left out.
pub(super) fn sizes(folder: &Path) -> std::io::Result<BTreeMap<String, u64>> {
    let mut sizes = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != MANIFEST && !name.starts_with('.') {
            sizes.insert(name, entry.metadata()?.len());
        }
    }
    Ok(sizes)
}

fn remove_if_there(folder: &Path) -> std::io::Result<()> {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == NotADirectory => fs::remove_file(folder),
        Err(error) if error.kind() != NotFound => Err(error),
        _ => Ok(()),
    }
}

fn name_of(number: u64) -> String {
    format!("{PREFIX}{number:06}")
}

fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.parse().ok()
}

/// What tantivy could not do; of the system's reasons only these.
fn reason(error: &tantivy::TantivyError) -> String {
    match error {
        tantivy::TantivyError::IoError(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// Whether the disk is full or may not be written, whatever was to be written.
fn is_of_the_disk(error: &tantivy::TantivyError) -> bool {
    use std::io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let kind = match error {
        tantivy::TantivyError::IoError(error) => error.kind(),
        tantivy::TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => io_error.kind(),
        _ => return false,
    };
    matches!(kind, PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull)
}

/// Whether a manifest that does not parse is one of another version at least.
fn of_another_version(text: &str) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_str(text).ok();
    value.is_some_and(|value| value.get("fit").or_else(|| value.get("format")).is_some())
}
