//! Being told to end: SIGTERM or SIGINT, in whatever phase the bot is.

use std::future::Future;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

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
