//! The bot: answers in Discord until it is told to end.
//!
//! ```text
//! gateway -> handler (is it a question?) -> desk (search, on a blocking thread) -> render::reply -> outgoing -> rest
//! ```
//!
//! Only this module names serenity. [`run`] goes through the phases (open the index, find the gateway, answer) and can
//! be told to end in each of them. Every call of Discord's API goes through [`rest::Rest`].

mod commands;
mod desk;
mod ending;
mod gateway;
mod handler;
mod outgoing;
mod pause;
mod probe;
mod rest;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use serenity::all::{ConnectionStage, GatewayIntents, Permissions, ShardManager};

pub use probe::{Guild, Probe, invite_link, probe};
pub use watch::GatewayWatch;

use crate::engine::Engine;
use crate::error::Failure;
use crate::texts::Language;
use desk::Desk;
use ending::Ending;
use rest::Rest;

/// Everything that the bot listens to. Nothing of it needs an approval by Discord: the content of a message comes with
/// a mention of the bot, and in direct messages.
const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES).union(GatewayIntents::DIRECT_MESSAGES);
/// Everything that the bot needs in a channel.
const PERMISSIONS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::READ_MESSAGE_HISTORY);
/// How long questions under way may take when the bot is told to end; half a second more is for the connection, and
/// both together stay below the 5 s that people and supervisors wait.
const LAST_ANSWERS: Duration = Duration::from_millis(2500);
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How often the bot says that it is alive.
const PULSE: Duration = Duration::from_secs(15);
const PULSE_AWAITED: Duration = Duration::from_secs(1);
/// Threads for searches; further ones wait.
const SEARCH_THREADS: usize = 8;

/// What the bot needs.
#[derive(Clone)]
pub struct Options {
    /// Number of hits.
    pub limit: usize,
    /// The language of its words.
    pub language: Language,
    /// Another address of Discord's API; empty for Discord's. Then no request goes anywhere else.
    pub api_base: String,
    /// Called every 15 s while the bot is connected.
    pub pulse: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("limit", &self.limit).field("language", &self.language).finish_non_exhaustive()
    }
}

/// Runs the bot until SIGINT or SIGTERM, which end it within 5 s whatever it is doing. `open` opens the index and may
/// take its time. The log is written by `tracing`; it holds no text of a question.
///
/// # Errors
/// When `open` fails, or Discord does not accept the token or the intents. Being out of reach is no error: it keeps trying.
pub fn run(
    token: &str,
    options: Options,
    open: impl FnOnce() -> Result<Engine, Failure> + Send + 'static,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(SEARCH_THREADS)
        .enable_all()
        .build()
        .map_err(|error| Failure::Internal(error.to_string()))?;
    let done = runtime.block_on(serve(token, options, open));
    runtime.shutdown_background();
    done
}

async fn serve(
    token: &str,
    options: Options,
    open: impl FnOnce() -> Result<Engine, Failure> + Send + 'static,
) -> Result<(), Failure> {
    let mut ending = Ending::listen()?;
    let opening = tokio::task::spawn_blocking(move || {
        let engine = open()?;
        engine.warm_up();
        Ok::<Engine, Failure>(engine)
    });
    let Some(opened) = ending.unless_told(opening).await else { return Ok(()) };
    let engine = opened.map_err(|error| Failure::Internal(error.to_string()))??;

    let rest = Arc::new(Rest::new(token, &options.api_base)?);
    let Some(found) = ending.unless_told(gateway::find(&rest, options.language)).await else { return Ok(()) };
    let url = found?;

    let desk = Arc::new(Desk::new(engine, options.limit, options.language));
    let handler = handler::Handler::new(Arc::clone(&desk), Arc::clone(&rest));
    let mut client = gateway::client(&rest, url, handler).await?;
    let shards = Arc::clone(&client.shard_manager);
    let pulse = tokio::spawn(pulse(Arc::clone(&shards), options.pulse));
    let ended = ending.unless_told(client.start()).await;
    pulse.abort();
    match ended {
        Some(ended) => gateway::ended(token, ended),
        None => {
            tracing::info!("told to end");
            let _ = tokio::time::timeout(LAST_ANSWERS, desk.close()).await;
            let _ = tokio::time::timeout(LAST_WORDS, shards.shutdown_all()).await;
            Ok(())
        }
    }
}

/// Tells that the bot is alive, as long as all its connections stand.
async fn pulse(shards: Arc<ShardManager>, tell: Arc<dyn Fn() + Send + Sync>) {
    loop {
        let runners = shards.runners.lock().await;
        let connected =
            !runners.is_empty() && runners.values().all(|runner| runner.stage == ConnectionStage::Connected);
        drop(runners);
        if connected {
            tell();
        }
        // Who starts the bot waits for the first sign.
        tokio::time::sleep(if connected { PULSE } else { PULSE_AWAITED }).await;
    }
}
