//! What wakes the thread that watches: changes, which are waited out until they rest, and people who ask or end it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Editors write in several steps; a save is over when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(150);
/// Changes that never rest are looked at nevertheless.
const QUIET_AWAITED_MAX: Duration = Duration::from_millis(500);

/// Rung by the file system, by signals and by whoever ends the watch; one thread waits for it. However much happens, it
/// holds no more than what is to be done.
#[derive(Debug, Default)]
pub struct Bell {
    pending: Mutex<Pending>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct Pending {
    changes: Option<Stir>,
    blind: Option<Blind>,
    is_asked: bool,
    is_ended: bool,
}

/// When changes were seen that nobody has looked at yet.
#[derive(Clone, Copy, Debug)]
struct Stir {
    first: Instant,
    last: Instant,
}

impl Stir {
    /// When it is time to look.
    fn due(self) -> Instant {
        (self.last + QUIET).min(self.first + QUIET_AWAITED_MAX)
    }
}

/// Why the system does not tell of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blind {
    /// It watches no more folders for this user.
    Limit,
    /// Another reason, in the system's words.
    Other(String),
}

/// Why the bell was heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rung {
    /// The watch is over.
    Ended,
    /// Somebody asked for a reindex.
    Asked,
    /// The system will tell nothing more.
    Blind(Blind),
    /// Files have changed, and are at rest.
    Changed,
    /// The time has come.
    Time,
}

impl Bell {
    /// Asks for a reindex now.
    pub fn ask(&self) {
        self.ring(|pending| pending.is_asked = true);
    }

    /// Ends the watch.
    pub fn end(&self) {
        self.ring(|pending| pending.is_ended = true);
    }

    /// Whether the watch is to end.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.pending().is_ended
    }

    /// Waits until the watch is to end.
    pub fn wait_until_ended(&self) {
        let pending = self.rung.wait_while(self.pending(), |pending| !pending.is_ended);
        drop(pending.unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn changed(&self) {
        let now = Instant::now();
        self.ring(|pending| {
            let first = pending.changes.map_or(now, |stir| stir.first);
            pending.changes = Some(Stir { first, last: now });
        });
    }

    pub(super) fn blinded(&self, why: Blind) {
        self.ring(|pending| pending.blind = Some(why));
    }

    /// Waits until there is something to do, at most until a moment.
    pub(super) fn wait(&self, until: Option<Instant>) -> Rung {
        let mut pending = self.pending();
        loop {
            let now = Instant::now();
            if pending.is_ended {
                return Rung::Ended;
            }
            if std::mem::take(&mut pending.is_asked) {
                pending.changes = None;
                return Rung::Asked;
            }
            if let Some(why) = pending.blind.take() {
                return Rung::Blind(why);
            }
            let due = pending.changes.map(Stir::due);
            if due.is_some_and(|due| due <= now) {
                pending.changes = None;
                return Rung::Changed;
            }
            if until.is_some_and(|until| until <= now) {
                return Rung::Time;
            }
            pending = match [due, until].into_iter().flatten().min() {
                Some(next) => {
                    self.rung.wait_timeout(pending, next - now).map_or_else(|poisoned| poisoned.into_inner().0, |w| w.0)
                }
                None => self.rung.wait(pending).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn ring(&self, change: impl FnOnce(&mut Pending)) {
        change(&mut self.pending());
        self.rung.notify_all();
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_due_when_they_rest_and_at_last_when_they_do_not() {
        let first = Instant::now();
        assert_eq!(Stir { first, last: first }.due(), first + QUIET);
        let last = first + Duration::from_millis(100);
        assert_eq!(Stir { first, last }.due(), last + QUIET);
        let last = first + Duration::from_secs(9);
        assert_eq!(Stir { first, last }.due(), first + QUIET_AWAITED_MAX);
    }

    #[test]
    fn a_change_is_heard_after_its_rest_and_once() {
        let bell = Bell::default();
        let begun = Instant::now();
        bell.changed();
        assert_eq!(bell.wait(None), Rung::Changed);
        assert!(begun.elapsed() >= QUIET, "{:?}", begun.elapsed());
        assert_eq!(bell.wait(Some(Instant::now() + QUIET * 2)), Rung::Time);
    }

    #[test]
    fn who_asks_is_heard_at_once_and_takes_the_changes_with_it() {
        let bell = Bell::default();
        bell.changed();
        bell.ask();
        assert_eq!(bell.wait(None), Rung::Asked);
        assert_eq!(bell.wait(Some(Instant::now() + QUIET * 2)), Rung::Time);
    }

    #[test]
    fn the_end_comes_before_all_else_and_stays() {
        let bell = Bell::default();
        bell.blinded(Blind::Limit);
        assert_eq!(bell.wait(None), Rung::Blind(Blind::Limit));
        bell.ask();
        bell.end();
        assert_eq!(bell.wait(None), Rung::Ended);
        bell.wait_until_ended();
        assert!(bell.is_ended());
    }
}
