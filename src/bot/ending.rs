//! Being told to end: SIGTERM or SIGINT, in whatever phase the bot is.

use std::future::Future;
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::error::Failure;

/// Listens for signals from its making on; one that comes between two phases is not lost.
#[derive(Debug)]
pub(super) struct Ending {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
}

impl Ending {
    #[cfg(unix)]
    pub(super) fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::Internal(error.to_string()));
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "listening can fail elsewhere")]
    pub(super) fn listen() -> Result<Self, Failure> {
        Ok(Self {})
    }

    /// Does `work`, or gives `None` as soon as the bot is told to end.
    pub(super) async fn unless_told<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.told() => None,
        }
    }

    #[cfg(unix)]
    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn told(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Whether the bot takes nothing any more, for those who would be told.
#[derive(Debug)]
pub(super) struct Closing(watch::Sender<bool>);

impl Closing {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(super) fn begin(&self) {
        self.0.send_replace(true);
    }

    pub(super) fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it has begun, and what was under way then has had its `time`.
    pub(super) async fn has_lasted(&self, time: Duration) {
        // Without an end to come there is nothing to wait for: the sender lives as long as we do.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
        tokio::time::sleep(time).await;
    }
}
