//! The fake's clock, by which its deadlines run: real time, and whatever a test has added to it.

use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    added: Duration,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { started: Instant::now(), added: Duration::ZERO }
    }

    /// Time since the fake was made, with what was added.
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed() + self.added
    }

    pub(super) fn advance(&mut self, by: Duration) {
        self.added += by;
    }
}
