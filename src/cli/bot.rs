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
use super::{Exit, say, say_failure};
use crate::bot::{self, CourseOptions, ForgetMember, GatewayWatch, MissingCourse, Options};
use crate::engine::Engine;
use crate::error::Failure;
use crate::log::{Forget, Store};
use crate::render::sanitise;
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
    for (course, session, bell) in &courses {
        if session.loaded.settings.bot.watch
            && let Err(failure) = super::watch::first_fetch(session, &|| bell.is_ended())
        {
            if courses.len() == 1 {
                return Err(failure);
            }
            say(&language.course_failed(&sanitise(&course.name)));
            say_failure(&failure, language);
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
        servers: settings.discord.servers.clone(),
        message_content: settings.discord.message_content,
    };
    let _log = start_log(session);
    say(language.bot_starts());
    let watching = Arc::new(Mutex::new(Vec::new()));
    let bells: Vec<Arc<Bell>> = courses.iter().map(|(_, _, bell)| Arc::clone(bell)).collect();
    let done = bot::run(&token, options, {
        let watching = Arc::clone(&watching);
        move || open_all(&courses, &watching)
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

/// The courses that are to be answered for.
fn courses(session: &Session, places: &PlaceOptions) -> Result<Vec<Running>, Failure> {
    let ready = |(course, session)| {
        let bell = Arc::new(Bell::default());
        watch::listen(&bell)?;
        Ok((course, Arc::new(session), bell))
    };
    session.courses(places)?.into_iter().map(ready).collect()
}

/// Opens all courses. One that cannot be opened is told and left out, as long as there is another one.
fn open_all(courses: &[Running], watching: &Mutex<Vec<JoinHandle<()>>>) -> bot::Opened {
    let (mut opened, mut missing, mut first) = (Vec::new(), Vec::new(), None);
    for (asked, session, bell) in courses {
        match open(asked, session, bell, watching) {
            Ok(options) => opened.push(options),
            Err(failure) => {
                if courses.len() > 1 {
                    let message = session.language.failure(&failure).text;
                    tracing::error!(
                        "{} {}",
                        session.language.course_failed(&sanitise(&asked.name)),
                        sanitise(&message)
                    );
                }
                first = first.or(Some(failure));
                missing.push(MissingCourse { asked: asked.clone(), forget: forget(session) });
            }
        }
    }
    match first {
        Some(failure) if opened.is_empty() => Err(failure),
        _ => Ok((opened, missing)),
    }
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
    session.tidy_log(&engine)?;
    let thread = super::watch::beside_the_bot(session, &engine, bell)?;
    watching.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    Ok(CourseOptions {
        asked: asked.clone(),
        limit: settings.answer.limit,
        recorder: session.recorder(&engine),
        forget: forget(session),
        instructor_channel: settings.discord.instructor_channel.parse().ok(),
        gaps_channel: settings.discord.gaps_channel.clone(),
        instructors: settings.discord.instructors.clone(),
        reports: Arc::new(Office { session: Arc::clone(session), bell: Arc::clone(bell) }),
        engine,
    })
}

/// What takes a member out of the question log of a course that is not being written.
fn forget(session: &Arc<Session>) -> ForgetMember {
    let session = Arc::clone(session);
    Arc::new(move |user| {
        let engine = session.engine();
        let Some(mut store) = Store::existing(&session.log_file(&engine))? else { return Ok(None) };
        // Another key would be of no use.
        if !session.has_log_key(&engine) {
            return Err(Failure::LogKeyLost(session.log_key_file(&engine)));
        }
        store.forget(&session.log_key(&engine)?, Forget::Member(user)).map(Some)
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
