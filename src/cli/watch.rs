//! Watching: `kewen index --watch` and the thread of a running bot.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::arguments::IndexArguments;
use super::bar::Bar;
use super::session::Session;
use super::{Exit, index, put, say, say_failure};
use crate::engine::Engine;
use crate::error::{Failure, GitProblem};
use crate::index::{BuildReport, Effort};
use crate::render::sanitise;
use crate::texts::{Language, Message};
use crate::watch::{self, Bell, Blind, Checkout, Plan, Told, Watch, Work};

/// How long a watch that was ended may take to clear up; a build that is under way is left to the next one to sweep.
const CLEARING_UP: Duration = Duration::from_millis(500);
/// Warnings of one report that go into the bot's log.
const LOGGED_WARNINGS: usize = 20;

/// `kewen index --watch`: builds, reports, and goes on until a signal ends it.
pub(super) fn run(session: Session, typed: &IndexArguments) -> Result<Exit, Failure> {
    let bell = Arc::new(Bell::default());
    watch::listen(&bell)?;
    let updated = session.fetch(&|| bell.is_ended(), typed.refetch);
    if bell.is_ended() {
        return Ok(Exit::Done);
    }
    let engine = Arc::new(session.engine());
    // What fails below leaves what was indexed before to answer.
    let _ = engine.open();
    if let Err(failure) = &updated
        && (matches!(failure, Failure::Usage(_)) || session.hindrance(&engine).is_some() && engine.manifest().is_none())
    {
        return Err(failure.clone());
    }
    let poll = typed.poll.unwrap_or(session.loaded.settings.watch.poll);
    let plan = Plan { is_watching: true, poll, at_once: false };
    let (language, format) = (session.language, typed.format);
    let mut effort = if typed.verify { Effort::Verify } else { Effort::Changes };
    let build = move |engine: &Engine| {
        let effort = std::mem::take(&mut effort);
        Bar::over(language, |bar| watch::reindex(engine, effort, &mut |step| bar.build(step)))
    };
    let told = Arc::clone(&engine);
    let mut is_first = true;
    let tell = move |event: Told<'_>| match event {
        Told::Indexed(report) => {
            let _ = put(&index::screen(&told, report, format, language, !is_first));
            is_first = false;
        }
        Told::Failed(failure) => say_message(&language.watch_failure(failure, told.manifest().is_some())),
        Told::Recovered(work) => say(recovered(language, work)),
        Told::Polling(seconds, why) => say_message(&polling(language, seconds, why)),
        Told::Another(holder) => say_message(&language.watched_already(holder)),
    };
    let ended = Arc::clone(&bell);
    let notes = engine.notes_dir().to_owned();
    let checkout = session.checkout;
    let thread = spawn(move || {
        let _ends = Ends(Arc::clone(&ended));
        let mut watch = Watch::new(engine, checkout, plan, Arc::clone(&ended), Box::new(build), Box::new(tell));
        if let Err(failure) = &updated {
            say_failure(failure, language);
        }
        watch.reindex(true);
        watch.know(updated.err());
        say(&language.watching(&notes, poll));
        watch.run();
    })?;
    bell.wait_until_ended();
    clear_up(&thread);
    // A panic was told when it happened.
    let has_panicked = thread.is_finished() && thread.join().is_err();
    Ok(if has_panicked { Exit::Error } else { Exit::Done })
}

/// Ends the wait for a watch when its thread ends, however that ends.
struct Ends(Arc<Bell>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// The thread on which a running bot brings its index up: when somebody asks, and by itself with `bot.watch`.
pub(super) fn beside_the_bot(
    session: &Session,
    engine: &Arc<Engine>,
    bell: &Arc<Bell>,
) -> Result<JoinHandle<()>, Failure> {
    let settings = &session.loaded.settings;
    let plan = Plan { is_watching: settings.bot.watch, poll: settings.watch.poll, at_once: true };
    let language = session.language;
    let build = move |engine: &Engine| watch::reindex(engine, Effort::Changes, &mut |_| {});
    let answers = Arc::clone(engine);
    let tell = move |event: Told<'_>| match event {
        Told::Indexed(report) => log_report(report, language),
        Told::Failed(failure) => log_message(&language.watch_failure(failure, answers.manifest().is_some())),
        Told::Recovered(work) => tracing::info!("{}", recovered(language, work)),
        Told::Polling(seconds, why) => log_message(&polling(language, seconds, why)),
        Told::Another(holder) => log_message(&language.watched_already(holder)),
    };
    let (engine, checkout, ended) = (Arc::clone(engine), session.checkout.clone(), Arc::clone(bell));
    spawn(move || {
        Watch::new(engine, checkout, plan, ended, Box::new(build), Box::new(tell)).run();
    })
}

/// Waits a little for a watch that was told to end.
pub(super) fn clear_up(thread: &JoinHandle<()>) {
    let started = Instant::now();
    while !thread.is_finished() && started.elapsed() < CLEARING_UP {
        thread::sleep(Duration::from_millis(5));
    }
}

fn spawn(watch: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Failure> {
    let thread = thread::Builder::new().name("watch".to_owned());
    thread.spawn(watch).map_err(|error| Failure::Internal(error.to_string()))
}

fn recovered(language: Language, work: Work) -> &'static str {
    match work {
        Work::Index => language.index_recovered(),
        Work::Git => language.git_recovered(),
    }
}

fn polling(language: Language, seconds: u64, why: &Blind) -> Message {
    language.polling_instead(
        seconds,
        match why {
            Blind::Limit => None,
            Blind::Other(reason) => Some(reason),
        },
    )
}

fn say_message(message: &Message) {
    say(&sanitise(&message.text));
    message.hints.iter().for_each(|hint| say(&format!("  → {}", sanitise(hint))));
}

fn log_message(message: &Message) {
    let parts: Vec<&str> = std::iter::once(&message.text).chain(&message.hints).map(String::as_str).collect();
    tracing::warn!("{}", sanitise(&parts.join(" → ")));
}

fn log_report(report: &BuildReport, language: Language) {
    let mut line = language.indexed(report);
    if let Some(changes) = language.changes(report) {
        line.push(' ');
        line.push_str(&changes);
    }
    tracing::info!(generation = report.generation, warnings = report.warnings.len(), "{line}");
    for warning in index::warnings(report, true).take(LOGGED_WARNINGS) {
        tracing::warn!("{}", index::warning_line(warning, language));
    }
}

/// Fetches a checkout that is not there; what was indexed before answers without it.
pub(super) fn first_fetch(session: &Session, is_ended: &dyn Fn() -> bool) -> Result<(), Failure> {
    if session.checkout.as_ref().is_none_or(Checkout::is_there) {
        return Ok(());
    }
    match session.update_checkout(is_ended) {
        Err(Failure::Git(GitProblem::Ended)) => Ok(()),
        Err(failure) => {
            let engine = session.engine();
            engine.open().map_err(|_| failure.clone())?;
            session.say_hindrance(&engine, &failure);
            Ok(())
        }
        done => done,
    }
}
