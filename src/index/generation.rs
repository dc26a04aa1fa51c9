//! Generations of an index: build aside, validate, switch, clean up.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::manifest::digest;
use super::{BuildReport, Builder, Fit, Manifest, Progress, Snapshot};
use crate::corpus::Walk;
use crate::error::Failure;

const POINTER: &str = "CURRENT";
const MANIFEST: &str = "manifest.json";
const LOCK: &str = "lock";
/// Where a generation is built; what an interrupted build left here is thrown away by the next.
const ASIDE: &str = "building";
const POINTER_ASIDE: &str = "CURRENT.new";
const PREFIX: &str = "gen-";

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
        self.open_generation(self.current()?, fit)
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

    fn open_generation(&self, number: u64, fit: &Fit) -> Result<Snapshot, (Unfit, String)> {
        let folder = &self.folder.join(name_of(number));
        let damaged = |reason: String| (Unfit::Damaged, reason);
        let text = fs::read_to_string(folder.join(MANIFEST)).map_err(|error| damaged(error.to_string()))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| match of_another_version(&text) {
            true => (Unfit::Version, String::new()),
            false => damaged(error.to_string()),
        })?;
        if manifest.fit.format != fit.format || manifest.fit.analyzer != fit.analyzer {
            return Err((Unfit::Version, String::new()));
        }
        if manifest.fit.lexicon != fit.lexicon {
            return Err((Unfit::Lexicon, String::new()));
        }
        if manifest.fit.selection != fit.selection {
            return Err((Unfit::Selection, String::new()));
        }
        let found = sizes(folder).map_err(|error| damaged(error.to_string()))?;
        if let Some((name, _)) = manifest.files.iter().find(|(name, size)| found.get(*name) != Some(size)) {
            return Err(damaged(format!("{name} is not as it was written")));
        }
        Snapshot::open(folder, number, manifest).map_err(damaged)
    }

    /// Builds a generation from `walk` and makes it the current one.
    ///
    /// # Errors
    /// When the folder cannot be written, another process writes, no note could be read, or the new generation
    /// does not open again; the generation before stays in force then.
    pub fn build(
        &self,
        builder: Builder<'_>,
        walk: Walk,
        fit: &Fit,
        progress: Progress<'_>,
    ) -> Result<(BuildReport, Snapshot), Failure> {
        let unwritable = |error: std::io::Error| Failure::IndexUnwritable(self.folder.clone(), error.to_string());
        let started = Instant::now();
        fs::create_dir_all(&self.folder).map_err(unwritable)?;
        let _lock = self.lock()?;
        let others: usize = walk.others.values().sum();
        let number = self.generations().last().map_or(1, |last| last.saturating_add(1));
        let aside = self.folder.join(ASIDE);
        remove_if_there(&aside).map_err(unwritable)?;
        fs::create_dir(&aside).map_err(unwritable)?;
        let mut report = builder
            .build_in(&aside, walk, progress)
            .map_err(|error| Failure::IndexUnwritable(self.folder.clone(), error.to_string()))?;
        if report.notes == 0 {
            let _ = remove_if_there(&aside);
            return Err(Failure::NotesEmpty(self.notes_dir.clone(), others));
        }
        let manifest = Manifest {
            fit: fit.clone(),
            notes_dir: self.notes_dir.to_string_lossy().into_owned(),
            built_at: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            notes: report.notes,
            sections: report.sections,
            passages: report.passages,
            files: sizes(&aside).map_err(unwritable)?,
        };
        let text = serde_json::to_string_pretty(&manifest).map_err(|error| Failure::Internal(error.to_string()))?;
        fs::write(aside.join(MANIFEST), text).map_err(unwritable)?;
        let folder = self.folder.join(name_of(number));
        fs::rename(&aside, &folder).map_err(unwritable)?;
        let snapshot =
            self.open_generation(number, fit).map_err(|(_, reason)| Failure::IndexDamaged(folder.clone(), reason))?;
        self.switch(number).map_err(unwritable)?;
        self.clean(number);
        report.seconds = started.elapsed().as_secs_f64();
        Ok((report, snapshot))
    }

    fn lock(&self) -> Result<File, Failure> {
        let path = self.folder.join(LOCK);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| Failure::IndexUnwritable(self.folder.clone(), error.to_string()))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Failure::IndexLocked(self.folder.clone())),
            Err(TryLockError::Error(error)) => Err(Failure::IndexUnwritable(self.folder.clone(), error.to_string())),
        }
    }

    /// Replaces the pointer file: written aside, flushed, renamed over the old one.
    fn switch(&self, number: u64) -> std::io::Result<()> {
        let aside = self.folder.join(POINTER_ASIDE);
        let mut pointer = File::create(&aside)?;
        pointer.write_all(name_of(number).as_bytes())?;
        pointer.sync_all()?;
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

    /// Removes what is older than the generation before `current`.
    /// What cannot be removed (Windows keeps mapped files) is left for the next time.
    fn clean(&self, current: u64) {
        let before = self.generations().into_iter().filter(|&number| number < current).max();
        for number in self.generations() {
            if number != current && Some(number) != before {
                let _ = fs::remove_dir_all(self.folder.join(name_of(number)));
            }
        }
    }
}

/// The files of a folder with their sizes in bytes, the manifest and tantivy's own notes left out.
fn sizes(folder: &Path) -> std::io::Result<BTreeMap<String, u64>> {
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
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn name_of(number: u64) -> String {
    format!("{PREFIX}{number:06}")
}

fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix(PREFIX)?.parse().ok()
}

/// Whether a manifest that does not parse is one of another version at least.
fn of_another_version(text: &str) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_str(text).ok();
    value.is_some_and(|value| value.get("fit").or_else(|| value.get("format")).is_some())
}
