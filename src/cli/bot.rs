//! `kewen bot`: answer in Discord.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::arguments::PlaceOptions;
use super::office::Office;
use super::session::Session;
use super::{Exit, say};
use crate::bot::{self, CourseOptions, GatewayWatch, Options};
use crate::engine::Engine;
use crate::error::Failure;
use crate::settings::Course;
use crate::watch::{self, Bell};

/// Beside the generations of the index: when the bot was connected last, in seconds since 1970.
const ALIVE: &str = "bot.alive";

pub(super) fn run(session: &Session, places: &PlaceOptions) -> Result<Exit, Failure> {
    let settings = &session.loaded.settings;
    let token = session.token()?;
    let language = session.language;
    let courses = courses(session, places)?;
    let is_told = || courses.iter().any(|(_, _, bell)| bell.is_ended());
    for (_, session, bell) in &courses {
        if session.loaded.settings.bot.watch {
            super::watch::first_fetch(session, &|| bell.is_ended())?;
        }
    }
    if is_told() {
        return Ok(Exit::Done);
    }
    let alive: Arc<Vec<PathBuf>> =
        Arc::new(courses.iter().map(|(_, session, _)| alive_file(&session.engine())).collect());
    // What another run left behind is no sign of life of this one.
    let forget_signs = || alive.iter().for_each(|file| drop(std::fs::remove_file(file)));
    forget_signs();
    let options = Options {
        language,
        api_base: settings.discord.api_base.clone(),
        pulse: Arc::new({
            let alive = Arc::clone(&alive);
            move || {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                alive.iter().for_each(|file| drop(std::fs::write(file, now.to_string())));
            }
        }),
        limits: settings.discord.limits,
        channels: settings.discord.channels.clone(),
        message_content: settings.discord.message_content,
    };
    let _log = start_log(session);
    say(language.bot_starts());
    let watching = Arc::new(Mutex::new(Vec::new()));
    let bells: Vec<Arc<Bell>> = courses.iter().map(|(_, _, bell)| Arc::clone(bell)).collect();
    let done = bot::run(&token, options, {
        let watching = Arc::clone(&watching);
        move || courses.iter().map(|(asked, session, bell)| open(asked, session, bell, &watching)).collect()
    });
    let is_told = bells.iter().any(|bell| bell.is_ended());
    bells.iter().for_each(|bell| bell.end());
    watching.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(super::watch::clear_up);
    forget_signs();
    // A signal that came before the bot listened ends it all the same.
    if is_told { Ok(Exit::Done) } else { done.map(|()| Exit::Done) }
}

/// A course, what was typed for it, and what wakes its watch; signals ring all bells from now on.
type Running = (Course, Arc<Session>, Arc<Bell>);

/// All courses that the settings name, with one of their own for `[notes]`; only the one that was wanted, if one was.
fn courses(session: &Session, places: &PlaceOptions) -> Result<Vec<Running>, Failure> {
    let loaded = &session.loaded;
    let everywhere = Course { name: String::new(), servers: Vec::new(), channels: Vec::new(), is_default: true };
    let mut courses = Vec::new();
    let mut add = |course: Course| {
        let name = Some(course.name.clone()).filter(|name| !name.is_empty());
        let places = PlaceOptions { course: name.or_else(|| places.course.clone()), ..places.clone() };
        let bell = Arc::new(Bell::default());
        watch::listen(&bell)?;
        courses.push((course, Arc::new(Session::new(&places, false)?), bell));
        Ok::<(), Failure>(())
    };
    if loaded.courses.is_empty() || loaded.course.is_some() || places.notes.is_some() {
        add(everywhere)?;
        return Ok(courses);
    }
    for course in &loaded.courses {
        // With notes of no course these are what is asked everywhere else.
        add(Course { is_default: course.is_default && !loaded.has_notes(), ..course.clone() })?;
    }
    if loaded.has_notes() {
        add(everywhere)?;
    }
    Ok(courses)
}

/// Opens the index of a course, and begins to watch its notes, if that is set.
fn open(
    asked: &Course,
    session: &Arc<Session>,
    bell: &Arc<Bell>,
    watching: &Mutex<Vec<JoinHandle<()>>>,
) -> Result<CourseOptions, Failure> {
    let engine = Arc::new(session.engine());
    let settings = &session.loaded.settings;
    session.open(&engine)?;
    let thread = super::watch::beside_the_bot(session, &engine, bell)?;
    watching.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    Ok(CourseOptions {
        asked: asked.clone(),
        limit: settings.answer.limit,
        recorder: session.recorder(&engine),
        instructor_channel: settings.discord.instructor_channel.parse().ok(),
        gaps_channel: settings.discord.gaps_channel.clone(),
        instructors: settings.discord.instructors.clone(),
        reports: Arc::new(Office { session: Arc::clone(session), bell: Arc::clone(bell) }),
        engine,
    })
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
