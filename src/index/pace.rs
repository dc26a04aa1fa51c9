//! Keeps those who read notes from running ahead of who writes them: notes are written in their order, and one that takes long would
//! let all behind it wait in memory.

use std::sync::{Condvar, Mutex, PoisonError};

/// How far reading may be ahead of writing; bytes of notes.
const AHEAD_MAX: u64 = 4 << 20;

/// How far the writing has come.
#[derive(Default)]
pub(super) struct Pace {
    written: Mutex<u64>,
    moved: Condvar,
}

impl Pace {
    /// Waits until a note that ends behind so many bytes is near enough. The one that is to be written next always is.
    pub(super) fn wait(&self, start: u64, end: u64) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        while *written < start && end > written.saturating_add(AHEAD_MAX) {
            written = self.moved.wait(written).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The notes up to here are written.
    pub(super) fn reach(&self, written: u64) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = written;
        self.moved.notify_all();
    }
}

/// Lets nobody wait any longer once it goes: the work is done, or somebody has failed.
pub(super) struct Release<'p>(pub(super) &'p Pace);

impl Drop for Release<'_> {
    fn drop(&mut self) {
        self.0.reach(u64::MAX);
    }
}
