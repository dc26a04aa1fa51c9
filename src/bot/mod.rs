//! The bot in its first form: answers messages that mention it and direct messages, until it is told to end.
//!
//! Only this module names serenity. Every reply is made by `render`; a search runs on a blocking thread, so the
//! connection's heartbeat never waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serenity::all::{
    Client, Context, CreateAllowedMentions, CreateEmbed, CreateEmbedFooter, CreateMessage, EventHandler,
    GatewayIntents, HttpBuilder, Message, Ready,
};
use serenity::async_trait;

use crate::engine::Engine;
use crate::error::Failure;
use crate::render::{Reply, reply};
use crate::texts::Language;

/// What the bot needs.
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of hits.
    pub limit: usize,
    /// The language of its words.
    pub language: Language,
    /// Another address of Discord's API; empty for Discord's.
    pub api_base: String,
}

/// Runs the bot until SIGINT or SIGTERM.
///
/// # Errors
/// When Discord cannot be reached or does not accept the token.
pub fn run(engine: Engine, token: &str, options: Options) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::Internal(error.to_string()))?;
    let done = runtime.block_on(serve(engine, token, options));
    runtime.shutdown_background();
    done
}

async fn serve(engine: Engine, token: &str, options: Options) -> Result<(), Failure> {
    let failed = |error: serenity::Error| Failure::Discord(without(token, &error.to_string()));
    let mut builder = HttpBuilder::new(token);
    if !options.api_base.is_empty() {
        // serenity ignores another address while its own rate limiter is on.
        builder = builder.proxy(options.api_base.clone()).ratelimiter_disabled(true);
    }
    let http = builder.build();
    // Asked for here: serenity would fall back to Discord's own address without a word.
    let gateway = http.get_gateway().await.map_err(failed)?;
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    let handler = Handler { engine: Arc::new(engine), options, own: AtomicU64::new(0) };
    let mut client =
        serenity::client::ClientBuilder::new_with_http(http, intents).event_handler(handler).await.map_err(failed)?;
    *client.ws_url.lock().await = gateway.url;
    run_until_told(&mut client).await.map_err(failed)
}

async fn run_until_told(client: &mut Client) -> serenity::Result<()> {
    tokio::select! {
        ended = client.start() => ended,
        () = told_to_end() => Ok(()),
    }
}

async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// A message of serenity's without the token, should one ever hold it.
fn without(token: &str, message: &str) -> String {
    message.replace(token, "…")
}

struct Handler {
    engine: Arc<Engine>,
    options: Options,
    /// The bot's own user id, known once it is ready.
    own: AtomicU64,
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, _context: Context, ready: Ready) {
        self.own.store(ready.user.id.get(), Ordering::Relaxed);
        tracing::info!(bot = %ready.user.name, guilds = ready.guilds.len(), "ready");
    }

    async fn message(&self, context: Context, message: Message) {
        let own = self.own.load(Ordering::Relaxed);
        let asked = message.guild_id.is_none() || message.mentions.iter().any(|user| user.id.get() == own);
        if message.author.bot || message.webhook_id.is_some() || !asked {
            return;
        }
        let reply = self.answer(message.content.clone()).await;
        if let Err(error) = message.channel_id.send_message(&context.http, to_message(&reply, &message)).await {
            tracing::warn!(%error, "a reply could not be sent");
        }
    }
}

impl Handler {
    async fn answer(&self, question: String) -> Reply {
        let (engine, limit, language) = (Arc::clone(&self.engine), self.options.limit, self.options.language);
        let answered = tokio::task::spawn_blocking(move || engine.ask(&question, limit)).await;
        match answered {
            Ok(Ok(answer)) => reply(&answer, language),
            Ok(Err(Failure::QuestionEmpty)) => Reply { content: language.ask_me().to_owned(), ..Reply::default() },
            Ok(Err(failure)) => Reply { content: language.failure(&failure).text, ..Reply::default() },
            Err(error) => {
                Reply { content: language.failure(&Failure::Internal(error.to_string())).text, ..Reply::default() }
            }
        }
    }
}

fn to_message(reply: &Reply, to: &Message) -> CreateMessage {
    let embeds = reply.embeds.iter().map(|embed| {
        let made = CreateEmbed::new()
            .title(&embed.title)
            .description(&embed.description)
            .footer(CreateEmbedFooter::new(&embed.footer));
        match &embed.url {
            Some(url) => made.url(url),
            None => made,
        }
    });
    CreateMessage::new()
        .content(&reply.content)
        .embeds(embeds.collect())
        .reference_message(to)
        .allowed_mentions(CreateAllowedMentions::new())
}
