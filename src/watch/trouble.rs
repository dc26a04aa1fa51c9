//! What went wrong last, kept in the index's folder until it goes well again: `kewen status` tells it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::error::Failure;
use crate::index::{BuildReport, Effort, Progress};
use crate::texts::{Language, Message};

/// Length of a text that is kept; characters.
const TEXT_MAX: usize = 1000;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// Bringing the index up to the notes.
    Index,
    /// Bringing the checkout up to its remote.
    Git,
}

/// What went wrong and has not gone well since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// With what.
    pub work: Work,
    /// When; seconds since 1970.
    pub at: u64,
    /// The failure and what to do about it, in Chinese and in English: who reads it may speak another language than who met it.
    zh: Message,
    en: Message,
}

impl Trouble {
    /// The failure in a language.
    #[must_use]
    pub fn message(&self, language: Language) -> &Message {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    at: u64,
    zh: Message,
    en: Message,
}

fn file(index_dir: &Path, work: Work) -> PathBuf {
    index_dir.join(match work {
        Work::Index => "failed.index.json",
        Work::Git => "failed.git.json",
    })
}

/// What went wrong last with the index in this folder.
#[must_use]
pub fn troubles(index_dir: &Path) -> Vec<Trouble> {
    let read = |work| {
        let Kept { at, zh, en } = serde_json::from_slice(&fs::read(file(index_dir, work)).ok()?).ok()?;
        Some(Trouble { work, at, zh, en })
    };
    [Work::Git, Work::Index].into_iter().filter_map(read).collect()
}

/// Keeps a failure, or forgets the last one.
pub fn record(index_dir: &Path, work: Work, failure: Option<&Failure>) {
    let file = file(index_dir, work);
    let Some(failure) = failure else {
        let _ = fs::remove_file(file);
        return;
    };
    // While another one writes the index, what it finds is what counts.
    if matches!(failure, Failure::IndexLocked(..)) {
        return;
    }
    // Whoever mistypes a folder of notes gets no folder of an index.
    if !matches!(failure, Failure::NotesMissing(_)) {
        let _ = fs::create_dir_all(index_dir);
    }
    let [zh, en] = [Language::Zh, Language::En].map(|language| {
        let message = language.failure(failure);
        Message { text: message.text.chars().take(TEXT_MAX).collect(), ..message }
    });
    let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let aside = file.with_extension("new");
    let written = fs::write(&aside, serde_json::to_vec(&Kept { at, zh, en }).unwrap_or_default());
    if written.and_then(|()| fs::rename(&aside, &file)).is_err() {
        // On a full disk not even this can be kept, and what was begun is only in the way.
        let _ = fs::remove_file(&aside);
    }
}

/// Brings the index up to the notes, and keeps what goes wrong.
///
/// # Errors
/// As [`Engine::reindex_with`].
pub fn reindex(engine: &Engine, effort: Effort, progress: Progress<'_>) -> Result<BuildReport, Failure> {
    let done = engine.reindex_with(effort, progress);
    record(engine.index_dir(), Work::Index, done.as_ref().err());
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_kept_until_it_goes_well_and_each_work_has_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let keep = |work, failure: Option<&Failure>| record(folder.path(), work, failure);
        assert_eq!(troubles(folder.path()), []);
        keep(Work::Index, Some(&Failure::Internal("x".repeat(5000))));
        keep(Work::Git, Some(&Failure::Internal("later".to_owned())));
        let kept = troubles(folder.path());
        assert_eq!(kept.iter().map(|trouble| trouble.work).collect::<Vec<_>>(), [Work::Git, Work::Index]);
        assert_eq!(kept[1].message(Language::Zh).text.chars().count(), TEXT_MAX);
        keep(Work::Git, None);
        assert_eq!(troubles(folder.path()).len(), 1);
        keep(Work::Index, Some(&Failure::IndexLocked(folder.path().to_owned(), None)));
        assert!(troubles(folder.path())[0].message(Language::En).text.contains("xxx"), "another writer is no trouble");
        keep(Work::Git, Some(&Failure::TokenMissing));
        let kept = troubles(folder.path());
        for language in [Language::Zh, Language::En] {
            assert_eq!(kept[0].message(language), &language.failure(&Failure::TokenMissing), "with what to do");
        }
        keep(Work::Git, None);
        keep(Work::Index, None);
        assert_eq!(troubles(folder.path()), []);
    }
}
