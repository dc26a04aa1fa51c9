//! Whether the connection stands: told to others while it does, and given up when it has been away for too long.

use std::time::Duration;

use serenity::all::{ConnectionStage, ShardManager};
use tokio::time::Instant;

/// How often the bot says that it is alive.
const PULSE: Duration = Duration::from_secs(15);
const PULSE_AWAITED: Duration = Duration::from_secs(1);
/// A connection that is away for longer is given up and made anew.
const AWAY_MAX: Duration = Duration::from_secs(45);

/// Tells that the bot is alive as long as its connection stands. Ends when it has been away for too long, and gives whether it
/// ever stood for a while. serenity itself waits without limit for a gateway that says nothing, and asks one that throws it out
/// again every 5 s, which uses up the connections that Discord allows in a day.
pub(super) async fn watch_over(is_connected: impl AsyncFn() -> bool, tell: &(dyn Fn() + Send + Sync)) -> bool {
    let mut seen = Instant::now();
    let mut pulses = 0;
    while seen.elapsed() < AWAY_MAX {
        let connected = is_connected().await;
        if connected {
            tell();
            seen = Instant::now();
            pulses += 1;
        }
        // Who starts the bot waits for the first sign.
        tokio::time::sleep(if connected { PULSE } else { PULSE_AWAITED }).await;
    }
    pulses > 1
}

/// Whether all that there is of a connection stands.
pub(super) async fn beats(shards: &ShardManager) -> bool {
    let runners = shards.runners.lock().await;
    !runners.is_empty() && runners.values().all(|runner| runner.stage == ConnectionStage::Connected)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Watches over a connection that stands as long as `stands` says, which is told the time since the beginning, and gives when it
    /// was given up, whether it ever stood for a while, and how often it was said to be alive.
    async fn watched(stands: impl Fn(Duration) -> bool) -> (Duration, bool, usize) {
        let (began, pulses) = (Instant::now(), AtomicUsize::new(0));
        let tell = || {
            pulses.fetch_add(1, Ordering::Relaxed);
        };
        let stood = watch_over(async || stands(began.elapsed()), &tell).await;
        (began.elapsed(), stood, pulses.into_inner())
    }

    #[tokio::test(start_paused = true)]
    async fn a_gateway_that_says_nothing_is_given_up() {
        assert_eq!(watched(|_| false).await, (AWAY_MAX, false, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_comes_back_in_time_is_kept_and_one_that_does_not_is_given_up() {
        let minute = Duration::from_secs(60);
        let stands = |at: Duration| at < 2 * minute || (at >= 2 * minute + AWAY_MAX / 2 && at < 5 * minute);
        let (given_up, stood, pulses) = watched(stands).await;
        assert!(stood && pulses >= 16, "{pulses}");
        assert!(given_up > 5 * minute && given_up <= 5 * minute + AWAY_MAX + PULSE, "{given_up:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_stood_for_a_moment_only_did_not_stand() {
        assert_eq!(watched(|at| at < PULSE).await, (AWAY_MAX, false, 1));
    }
}
