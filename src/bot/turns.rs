//! One member's questions in one channel are answered in the order in which they were asked. Events come each on a task of its
//! own; Discord's ids tell their order.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// Nobody waits for longer than a call of Discord's may take: then the order counts less than the answer.
const WAIT_MAX: Duration = Duration::from_secs(65);

/// Who is in line, by who asks and where.
#[derive(Debug)]
pub(super) struct Turns<K> {
    lines: Mutex<HashMap<K, BTreeSet<u64>>>,
    moved: Notify,
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self { lines: Mutex::default(), moved: Notify::new() }
    }
}

/// A place in line, left when it is dropped.
#[derive(Debug)]
pub(super) struct Turn<K: Copy + Eq + Hash> {
    turns: Arc<Turns<K>>,
    key: K,
    id: u64,
}

impl<K: Copy + Eq + Hash> Turns<K> {
    /// Gets in line: before everything with a larger id.
    pub(super) fn enter(self: &Arc<Self>, key: K, id: u64) -> Turn<K> {
        self.lines().entry(key).or_default().insert(id);
        Turn { turns: Arc::clone(self), key, id }
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<K, BTreeSet<u64>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> Turn<K> {
    /// Waits until nothing in line was asked before, or for as long as an answer may be under way. Something may come later that
    /// was asked before, when two tasks overtake each other; so it is waited again before the answer goes out.
    pub(super) async fn come(&self) {
        let _ = timeout(WAIT_MAX, self.first()).await;
    }

    async fn first(&self) {
        loop {
            let mut moved = std::pin::pin!(self.turns.moved.notified());
            moved.as_mut().enable();
            if self.turns.lines().get(&self.key).and_then(BTreeSet::first).is_none_or(|first| *first >= self.id) {
                return;
            }
            moved.await;
        }
    }
}

impl<K: Copy + Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        let mut lines = self.turns.lines();
        if let Some(line) = lines.get_mut(&self.key) {
            line.remove(&self.id);
            if line.is_empty() {
                lines.remove(&self.key);
            }
        }
        drop(lines);
        self.turns.moved.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_one_asked_comes_first_and_nobody_else_waits_for_it() {
        let turns: Arc<Turns<u64>> = Arc::default();
        let (second, other) = (turns.enter(1, 20), turns.enter(2, 30));
        second.come().await;
        other.come().await;
        let first = turns.enter(1, 10);
        first.come().await;
        let order = Mutex::new(Vec::new());
        tokio::join!(
            async {
                second.come().await;
                order.lock().unwrap().push(20);
            },
            async {
                tokio::task::yield_now().await;
                order.lock().unwrap().push(10);
                drop(first);
            }
        );
        assert_eq!(order.into_inner().unwrap(), [10, 20]);
        drop((second, other));
        assert!(turns.lines().is_empty());
    }
}
