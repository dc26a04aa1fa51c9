//! Keeps those who read notes from running ahead of who writes them: notes are written in their order, and one that takes long would
//! let all behind it wait in memory.

use std::sync::{Condvar, Mutex, PoisonError};

/// How far reading may be ahead of writing; bytes of notes.
const AHEAD_MAX: u64 = 4 << 20;
/// What a note counts at least, however small it is; bytes.
const NOTE_MIN: u64 = AHEAD_MAX / 64;

/// What a note of this size counts.
pub(super) fn weight(bytes: u64) -> u64 {
    bytes.max(NOTE_MIN)
}

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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    const NOTE: u64 = AHEAD_MAX / 4;

    #[test]
    fn readers_stay_as_near_to_the_writer_as_they_must() {
        let (pace, next) = (Pace::default(), AtomicU64::new(0));
        let (sender, receiver) = channel();
        thread::scope(|scope| {
            for _ in 0..3 {
                let (sender, pace, next) = (sender.clone(), &pace, &next);
                scope.spawn(move || {
                    while let Some(note) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&note| note < 40) {
                        pace.wait(note * NOTE, (note + 1) * NOTE);
                        sender.send(note).unwrap();
                    }
                });
            }
            drop(sender);
            let (mut read, mut written) = (Vec::new(), 0);
            for note in receiver {
                assert!(note < written + AHEAD_MAX / NOTE, "note {note} was read when {written} were written");
                read.push(note);
                while read.contains(&written) {
                    written += 1;
                    pace.reach(written * NOTE);
                }
            }
            assert_eq!(written, 40);
        });
    }

    #[test]
    fn a_note_larger_than_all_room_is_read_in_its_turn_and_nobody_waits_for_who_has_failed() {
        let pace = Pace::default();
        pace.wait(0, 2 * AHEAD_MAX);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| pace.wait(2 * AHEAD_MAX, 3 * AHEAD_MAX));
            drop(Release(&pace));
            waiting.join().unwrap();
        });
    }
}
