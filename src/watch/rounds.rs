//! The watch itself: waits, looks, reindexes, tells.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::bell::Rung;
use super::eyes::{self, Eyes};
use super::{Bell, Blind, Checkout, Update, Work, record};
use crate::engine::Engine;
use crate::error::{Failure, GitProblem, Holder};
use crate::index::{BuildReport, Lock, hold};

/// How often it is seen to that the notes folder is still the same one. The system does not tell when a folder above it goes.
const FOLDER_EVERY: Duration = Duration::from_secs(5);
/// The same while there is none.
const GONE_EVERY: Duration = Duration::from_millis(500);
/// When a reindex that failed is tried again, if nothing happens before.
const AGAIN: Duration = Duration::from_secs(30);
/// The same while another kewen writes the index, and how many tries in a row are made before that is told.
const LOCKED_AGAIN: Duration = Duration::from_secs(1);
const LOCKED_QUIETLY: usize = 10;
/// Seconds between two looks when nothing was set and the system does not tell of changes.
const POLL: u64 = 10;

/// Held, in the index's folder, by the first who watches these notes.
const WATCH_LOCK: &str = "watch.lock";

/// What makes the index be brought up, beside whoever asks for it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whether changes and the clock do; else only who asks.
    pub is_watching: bool,
    /// Seconds between two looks at the notes; 0 to be told by the system.
    pub poll: u64,
    /// Whether notes and repository are looked at right at the beginning.
    pub at_once: bool,
}

/// What a watch tells.
#[derive(Debug)]
pub enum Told<'t> {
    /// The index was brought up: there is a new generation, or somebody asked.
    Indexed(&'t BuildReport),
    /// Something does not go well any more; told once, and again for whoever asks.
    Failed(&'t Failure),
    /// It goes well again.
    Recovered(Work),
    /// The system tells of no changes; the notes are looked at every so many seconds instead.
    Polling(u64, &'t Blind),
    /// Another process watches these notes already, and goes on; told once.
    Another(Option<&'t Holder>),
}

/// Builds the index; lets the caller show how far it is.
pub type Build<'b> = Box<dyn FnMut(&Engine) -> Result<BuildReport, Failure> + Send + 'b>;
/// Hears what is told.
pub type Tell<'b> = Box<dyn FnMut(Told<'_>) + Send + 'b>;

/// A watch over one notes folder.
pub struct Watch<'w> {
    engine: Arc<Engine>,
    checkout: Option<Checkout>,
    plan: Plan,
    bell: Arc<Bell>,
    build: Build<'w>,
    tell: Tell<'w>,
    index_dir: PathBuf,
    eyes: Option<Eyes>,
    next: Times,
    index_failure: Option<Failure>,
    git_failure: Option<Failure>,
    locked: usize,
    /// Whether this is the one that watches these notes, by the lock.
    place: Place,
}

/// Who else watches the same notes.
#[derive(Debug)]
enum Place {
    /// Not looked for yet, or there was none that could be seen.
    Unknown,
    /// Nobody, for as long as this file is held.
    Alone { _lock: Lock },
    /// Another process, which was told.
    Second,
}

/// When something is due; `None` for never.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    git: Option<Instant>,
    poll: Option<Instant>,
    folder: Option<Instant>,
    again: Option<Instant>,
}

impl Times {
    fn first(self) -> Option<Instant> {
        [self.git, self.poll, self.folder, self.again].into_iter().flatten().min()
    }
}

fn is_due(time: Option<Instant>) -> bool {
    time.is_some_and(|time| time <= Instant::now())
}

fn within(pause: Duration) -> Option<Instant> {
    Instant::now().checked_add(pause)
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("plan", &self.plan).field("next", &self.next).finish_non_exhaustive()
    }
}

impl<'w> Watch<'w> {
    /// A watch whose eyes are open from now on: what changes before [`Watch::run`] is not lost.
    pub fn new(
        engine: Arc<Engine>,
        checkout: Option<Checkout>,
        plan: Plan,
        bell: Arc<Bell>,
        build: Build<'w>,
        tell: Tell<'w>,
    ) -> Self {
        let index_dir = engine.index_dir().parent().unwrap_or(Path::new("")).to_owned();
        let index_dir = index_dir.canonicalize().or_else(|_| std::path::absolute(&index_dir)).unwrap_or(index_dir);
        let next = Times {
            git: checkout
                .as_ref()
                .filter(|_| plan.is_watching)
                .and_then(|checkout| within(if plan.at_once { Duration::ZERO } else { checkout.every() })),
            ..Times::default()
        };
        let at_once = plan.is_watching && plan.at_once;
        let mut watch = Self {
            engine,
            checkout,
            plan,
            bell,
            build,
            tell,
            index_dir,
            eyes: None,
            next,
            index_failure: None,
            git_failure: None,
            locked: 0,
            place: Place::Unknown,
        };
        if watch.plan.is_watching {
            watch.open_eyes();
        }
        if at_once {
            watch.bell.changed();
        }
        watch
    }

    /// Reindexes whenever there is a reason, until the bell ends it.
    pub fn run(&mut self) {
        loop {
            let rung = self.bell.wait(self.next.first());
            let is_asked = rung == Rung::Asked;
            let mut is_due_now = matches!(rung, Rung::Changed | Rung::Asked);
            match rung {
                Rung::Ended => return,
                Rung::Blind(why) => self.poll_instead(&why),
                Rung::Changed | Rung::Asked | Rung::Time => {}
            }
            if self.checkout.is_some() && (is_asked || is_due(self.next.git)) {
                is_due_now |= self.update(is_asked);
            }
            if self.plan.is_watching {
                is_due_now |= self.look_at_folder();
            }
            if is_due(self.next.poll) {
                self.next.poll = within(Duration::from_secs(self.plan.poll));
                is_due_now |= self.engine.is_behind().unwrap_or(true);
            }
            if is_due_now || is_due(self.next.again) {
                self.reindex(is_asked);
            }
        }
    }

    /// Reindexes now and tells the report, or the failure. Whether it went well.
    pub fn reindex(&mut self, is_asked: bool) -> bool {
        if self.bell.is_ended() {
            return false;
        }
        self.next.again = None;
        self.look_for_another();
        let built = catch_unwind(AssertUnwindSafe(|| (self.build)(&self.engine)));
        match built.unwrap_or_else(|_| Err(Failure::Internal("the index could not be built".to_owned()))) {
            Ok(report) => {
                self.locked = 0;
                if self.index_failure.take().is_some() {
                    (self.tell)(Told::Recovered(Work::Index));
                }
                if report.new || is_asked {
                    (self.tell)(Told::Indexed(&report));
                }
                true
            }
            Err(failure) => {
                let is_locked = matches!(failure, Failure::IndexLocked(..));
                self.locked = if is_locked { self.locked + 1 } else { 0 };
                if self.plan.is_watching {
                    self.next.again = within(if is_locked { LOCKED_AGAIN } else { AGAIN });
                }
                let is_known = match &self.index_failure {
                    // Who holds it and for how long is another each time.
                    Some(Failure::IndexLocked(..)) if is_locked => true,
                    // That the other watch writes now and then was said.
                    _ if is_locked && matches!(self.place, Place::Second) => true,
                    _ if is_locked && self.locked < LOCKED_QUIETLY => true,
                    known => known.as_ref() == Some(&failure),
                };
                if is_asked || !is_known {
                    (self.tell)(Told::Failed(&failure));
                    self.index_failure = Some(failure);
                }
                false
            }
        }
    }

    /// Sees whether another process watches the same notes, and tells it once. When that one ends, this one takes its place.
    fn look_for_another(&mut self) {
        if !self.plan.is_watching || matches!(self.place, Place::Alone { .. }) {
            return;
        }
        let folder = self.engine.index_dir();
        let held = std::fs::create_dir_all(folder).map(|()| hold(folder, WATCH_LOCK));
        match held {
            Ok(Ok(lock)) => self.place = Place::Alone { _lock: lock },
            Ok(Err(Failure::IndexLocked(_, holder))) if !matches!(self.place, Place::Second) => {
                self.place = Place::Second;
                (self.tell)(Told::Another(holder.as_ref()));
            }
            // Where no lock can be made, writing the index will say why.
            _ => {}
        }
    }

    /// Brings the checkout up; tells whether it has changed.
    fn update(&mut self, is_asked: bool) -> bool {
        let Some(checkout) = &self.checkout else { return false };
        let bell = Arc::clone(&self.bell);
        let done = checkout.update(&move || bell.is_ended());
        self.next.git = if self.plan.is_watching { within(checkout.every()) } else { None };
        if matches!(done, Err(Failure::Git(GitProblem::Ended))) {
            return false;
        }
        record(self.engine.index_dir(), Work::Git, done.as_ref().err());
        match done {
            Ok(update) => {
                if self.git_failure.take().is_some() {
                    (self.tell)(Told::Recovered(Work::Git));
                }
                update != Update::Nothing
            }
            Err(failure) => {
                if is_asked || self.git_failure.as_ref() != Some(&failure) {
                    (self.tell)(Told::Failed(&failure));
                }
                self.git_failure = Some(failure);
                false
            }
        }
    }

    /// Takes over how the checkout was brought up before: what went wrong was told already.
    pub fn know(&mut self, failure: Option<Failure>) {
        record(self.engine.index_dir(), Work::Git, failure.as_ref());
        self.git_failure = failure;
    }

    /// Sees to it that the folder is watched that is there now; tells whether that is another than before.
    fn look_at_folder(&mut self) -> bool {
        let notes = self.engine.notes_dir();
        if self.plan.poll > 0 {
            return false;
        }
        if self.eyes.as_ref().is_some_and(|eyes| eyes.still_see(notes)) {
            if is_due(self.next.folder) {
                self.next.folder = within(FOLDER_EVERY);
            }
            return false;
        }
        let was_watched = self.eyes.take().is_some();
        if eyes::is_there(notes) {
            self.open_eyes();
            return true;
        }
        self.next.folder = within(GONE_EVERY);
        was_watched
    }

    fn open_eyes(&mut self) {
        if self.plan.poll > 0 {
            self.next.poll = within(Duration::from_secs(self.plan.poll));
            return;
        }
        match Eyes::open(self.engine.notes_dir(), &self.index_dir, &self.bell) {
            Ok(eyes) => {
                self.eyes = Some(eyes);
                self.next.folder = within(FOLDER_EVERY);
            }
            // It may have gone in this moment.
            Err(_) if !eyes::is_there(self.engine.notes_dir()) => self.next.folder = within(GONE_EVERY),
            Err(why) => self.poll_instead(&why),
        }
    }

    fn poll_instead(&mut self, why: &Blind) {
        if self.plan.poll > 0 {
            return;
        }
        self.eyes = None;
        self.plan.poll = POLL;
        self.next.folder = None;
        self.next.poll = within(Duration::ZERO);
        (self.tell)(Told::Polling(POLL, why));
    }
}
