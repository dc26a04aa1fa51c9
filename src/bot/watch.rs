//! What serenity says in its log, in our words: some of its lines hold whole messages of users, and what it cannot read
//! it drops without a count.

use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::texts::Language;

/// Where serenity tells of events that it cannot read, and of connections that fail.
const EVENTS: &str = "serenity::gateway::ws";
const CONNECTIONS: &str = "serenity::gateway::bridge::shard_queuer";
/// Where it tells that the session is gone or resumed anew.
const RUNNER: &str = "serenity::gateway::bridge::shard_runner";
const SHARD: &str = "serenity::gateway::shard";

/// A layer of the log that watches serenity's gateway. The lines of serenity itself should be filtered out.
#[derive(Debug, Default)]
pub struct GatewayWatch {
    language: Language,
    unreadable: AtomicU64,
}

impl GatewayWatch {
    /// A watch that speaks `language`.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language, unreadable: AtomicU64::new(0) }
    }
}

impl<S: Subscriber> Layer<S> for GatewayWatch {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        if *metadata.level() > Level::WARN {
            return;
        }
        match metadata.target() {
            EVENTS => {
                let unreadable = self.unreadable.fetch_add(1, Ordering::Relaxed) + 1;
                tracing::warn!(unreadable, "an event of Discord's could not be read");
            }
            CONNECTIONS => tracing::warn!("{}", self.language.gateway_again()),
            RUNNER | SHARD => tracing::warn!("{}", self.language.connection_lost()),
            _ => {}
        }
    }
}
