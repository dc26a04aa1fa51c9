//! `kewen bot`: answer in Discord.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::office::Office;
use super::session::Session;
use super::{Exit, say};
use crate::bot::{self, GatewayWatch, Options};
use crate::engine::Engine;
use crate::error::Failure;
use crate::watch::{self, Bell};

/// Beside the generations of the index: when the bot was connected last, in seconds since 1970.
const ALIVE: &str = "bot.alive";

pub(super) fn run(session: Session) -> Result<Exit, Failure> {
    let session = Arc::new(session);
    let settings = &session.loaded.settings;
    let token = session.token()?;
    let language = session.language;
    let bell = Arc::new(Bell::default());
    watch::listen(&bell)?;
    if settings.bot.watch {
        super::watch::first_fetch(&session, &|| bell.is_ended())?;
    }
    if bell.is_ended() {
        return Ok(Exit::Done);
    }
    let engine = session.engine();
    let alive = alive_file(&engine);
    // What another run left behind is no sign of life of this one.
    let _ = std::fs::remove_file(&alive);
    let options = Options {
        limit: settings.answer.limit,
        language,
        api_base: settings.discord.api_base.clone(),
        recorder: session.recorder(&engine),
        instructor_channel: settings.discord.instructor_channel.parse().ok(),
        pulse: Arc::new({
            let alive = alive.clone();
            move || {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                let _ = std::fs::write(&alive, now.to_string());
            }
        }),
        gaps_channel: settings.discord.gaps_channel.clone(),
        limits: settings.discord.limits,
        channels: settings.discord.channels.clone(),
        message_content: settings.discord.message_content,
        instructors: settings.discord.instructors.clone(),
        reports: Arc::new(Office { session: Arc::clone(&session), bell: Arc::clone(&bell) }),
    };
    let _log = start_log(&session);
    say(language.bot_starts());
    let watching = Arc::new(OnceLock::new());
    let done = bot::run(&token, options, {
        let (session, bell, watching) = (Arc::clone(&session), Arc::clone(&bell), Arc::clone(&watching));
        move || {
            let engine = Arc::new(session.engine());
            session.open(&engine)?;
            let _ = watching.set(super::watch::beside_the_bot(&session, &engine, &bell)?);
            Ok(engine)
        }
    });
    let is_told = bell.is_ended();
    bell.end();
    if let Some(thread) = watching.get() {
        super::watch::clear_up(thread);
    }
    let _ = std::fs::remove_file(alive);
    // A signal that came before the bot listened ends it all the same.
    if is_told { Ok(Exit::Done) } else { done.map(|()| Exit::Done) }
}

/// The file by which others see that the bot is connected.
fn alive_file(engine: &Engine) -> PathBuf {
    engine.index_dir().join(ALIVE)
}

/// How long ago the bot was connected; `None` when none runs.
pub(super) fn last_alive(engine: &Engine) -> Option<Duration> {
    let seconds = std::fs::read_to_string(alive_file(engine)).ok()?.trim().parse().ok()?;
    Some(SystemTime::now().duration_since(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap_or_default())
}

/// kewen's own lines on standard error. serenity's are left out, since they can hold what people wrote; what they tell of
/// the connection is said in our words.
///
/// The lines are written by a thread of their own: a reader that has stopped reading holds up nothing else, and loses lines.
fn start_log(session: &Session) -> WorkerGuard {
    let (writer, guard) = tracing_appender::non_blocking(std::io::stderr());
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal())
        .with_filter(Targets::new().with_target("kewen", Level::INFO));
    let watch = GatewayWatch::new(session.language).with_filter(Targets::new().with_target("serenity", Level::WARN));
    tracing_subscriber::registry().with(lines).with(watch).init();
    guard
}
