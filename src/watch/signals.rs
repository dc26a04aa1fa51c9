//! Signals: SIGHUP asks for a reindex, SIGTERM and SIGINT end.

use std::sync::Arc;
use std::thread;

use super::Bell;
use crate::error::Failure;

/// Rings `bell` for signals from now on: `ask` for SIGHUP where there is one, `end` for SIGTERM and SIGINT (Ctrl-C elsewhere).
///
/// # Errors
/// When the system does not let us listen.
pub fn listen(bell: &Arc<Bell>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Internal(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let bell = Arc::clone(bell);
    let entered = runtime.enter();
    let ear = Ear::new().map_err(failed)?;
    drop(entered);
    let name = "signals".to_owned();
    thread::Builder::new().name(name).spawn(move || runtime.block_on(ear.listen(&bell))).map_err(failed)?;
    Ok(())
}

#[cfg(unix)]
struct Ear {
    hang_up: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ear {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            hang_up: signal(SignalKind::hangup())?,
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn listen(mut self, bell: &Bell) {
        loop {
            tokio::select! {
                _ = self.hang_up.recv() => bell.ask(),
                _ = self.terminate.recv() => bell.end(),
                _ = self.interrupt.recv() => bell.end(),
            }
        }
    }
}

#[cfg(not(unix))]
struct Ear;

#[cfg(not(unix))]
impl Ear {
    #[expect(clippy::unnecessary_wraps, reason = "listening can fail elsewhere")]
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn listen(self, bell: &Bell) {
        while tokio::signal::ctrl_c().await.is_ok() {
            bell.end();
        }
    }
}
