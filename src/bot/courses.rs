//! The courses that the bot answers for, and which of them a channel asks.

use std::collections::HashMap;
use std::sync::Arc;

use serenity::all::Permissions;
use tokio::sync::Mutex;

use super::button::Mark;
use super::desk::{self, Desk, Log};
use super::office::{Instructors, Office};
use super::servers::Servers;
use super::{CourseOptions, Failure, ForgetMember, MissingCourse};

/// The number of a course that cannot be asked.
const MISSING: usize = usize::MAX;

/// One course: where its questions are answered, and where its instructors are served.
#[derive(Debug)]
pub(super) struct Course {
    /// Its name; empty for the notes of no course.
    pub(super) name: String,
    /// By what its buttons know it.
    pub(super) mark: Mark,
    pub(super) desk: Desk,
    pub(super) office: Arc<Office>,
    /// The channel where its gaps are posted once a week.
    pub(super) gaps_channel: Option<u64>,
}

/// A place where something is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// `None` for a direct message.
    pub(super) server: Option<u64>,
    pub(super) channel: u64,
    /// The channel above a thread.
    pub(super) above: Option<u64>,
}

/// All courses.
pub(super) struct Courses {
    all: Vec<Arc<Course>>,
    by_channel: HashMap<u64, usize>,
    by_server: HashMap<u64, usize>,
    default: Option<usize>,
    /// Of the courses that cannot be asked.
    missing: Vec<ForgetMember>,
    /// Held while somebody is forgotten.
    forgetting: Mutex<()>,
    pub(super) servers: Servers,
}

impl std::fmt::Debug for Courses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courses").field("all", &self.all).field("servers", &self.servers).finish_non_exhaustive()
    }
}

impl Courses {
    /// These courses. Where a `missing` one is asked no other one is.
    pub(super) fn new(options: Vec<CourseOptions>, missing: Vec<MissingCourse>, servers: Servers) -> Self {
        let mut courses = Self {
            all: Vec::new(),
            by_channel: HashMap::new(),
            by_server: HashMap::new(),
            default: None,
            missing: Vec::new(),
            forgetting: Mutex::default(),
            servers,
        };
        for MissingCourse { asked, forget } in missing {
            courses.by_channel.extend(asked.channels.iter().map(|id| (*id, MISSING)));
            courses.by_server.extend(asked.servers.iter().map(|id| (*id, MISSING)));
            courses.missing.push(forget);
        }
        let mut read: Vec<(u64, usize)> = Vec::new();
        for (number, options) in options.into_iter().enumerate() {
            let asked = options.asked;
            courses.by_channel.extend(asked.channels.iter().map(|id| (*id, number)));
            courses.by_server.extend(asked.servers.iter().map(|id| (*id, number)));
            let gaps_channel = options.gaps_channel.parse().ok().filter(|id| *id > 0);
            // Its instructors' channels are its own, unless another course is asked there or they belong to more than one.
            read.extend([options.instructor_channel, gaps_channel].into_iter().flatten().map(|id| (id, number)));
            if asked.is_default {
                courses.default = Some(number);
            }
            let instructors = Instructors::new(&options.instructors);
            let log = Log { recorder: options.recorder, forget: options.forget };
            courses.all.push(Arc::new(Course {
                mark: Mark::of(&asked.name),
                name: asked.name,
                office: Arc::new(Office::new(Arc::clone(&options.engine), options.reports, instructors)),
                desk: Desk::new(options.engine, options.limit, log, options.instructor_channel),
                gaps_channel,
            }));
        }
        if !courses.by_channel.is_empty() {
            for &(id, number) in &read {
                let is_only = read.iter().all(|(other, of)| *other != id || *of == number);
                if is_only {
                    courses.by_channel.entry(id).or_insert(number);
                }
            }
        }
        courses
    }

    /// The course that is asked in a place: that of the channel, of the channel above a thread, of the server, or the default one,
    /// unless it is a server that is not served.
    pub(super) fn at(&self, place: Place) -> Option<&Arc<Course>> {
        let default = || self.default.filter(|_| place.server.is_none_or(|server| self.servers.serve(server)));
        self.all.get(self.bound(place).or_else(default)?)
    }

    /// Whether those who may do something in a place are instructors there: the settings know the place, or the server.
    pub(super) fn trust(&self, place: Place) -> bool {
        self.bound(place).is_some() || place.server.is_some_and(|server| self.servers.trust(server))
    }

    /// The number of the course that the settings bind to a place.
    fn bound(&self, place: Place) -> Option<usize> {
        let of_channel = |id: u64| self.by_channel.get(&id).copied();
        of_channel(place.channel)
            .or_else(|| of_channel(place.above?))
            .or_else(|| self.by_server.get(&place.server?).copied())
    }

    /// The course with this mark.
    pub(super) fn marked(&self, mark: Mark) -> Option<&Arc<Course>> {
        self.all.iter().find(|course| course.mark == mark)
    }

    /// Whether somebody has to be told which course something is about.
    pub(super) fn are_several(&self) -> bool {
        self.all.len() + self.missing.len() > 1
    }

    /// Whether the channel above a thread may decide which course is asked.
    pub(super) fn depend_on_channels(&self) -> bool {
        !self.by_channel.is_empty()
    }

    /// Whether nothing is answered on a server.
    pub(super) fn are_foreign_to(&self, place: Place) -> bool {
        self.bound(place).is_none() && place.server.is_some_and(|server| !self.servers.serve(server))
    }

    /// Whether a channel is one where instructors read what the bot posts for them.
    pub(super) fn are_read_in(&self, channel: u64) -> bool {
        self.all.iter().any(|course| course.gaps_channel == Some(channel) || course.desk.instructors() == Some(channel))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Course>> {
        self.all.iter()
    }

    /// The permission that the instructors of all courses have, if it is the same for all; commands are shown by it.
    pub(super) fn needed(&self) -> Option<Permissions> {
        let mut needed = self.all.iter().map(|course| course.office.instructors.needed());
        let first = needed.next()??;
        needed.all(|other| other == Some(first)).then_some(first)
    }

    /// Takes everything that a member asked before the event of this id out of all logs, those of courses that cannot be asked included; gives how much it was,
    /// `None` when nothing is logged. What fails in one log keeps no other from forgetting.
    pub(super) async fn forget(&self, user: u64, event: u64) -> Result<Option<usize>, Failure> {
        // Logs may be held by others: those who wait for them take one thread, and not all.
        let _one = self.forgetting.lock().await;
        let mut sum = Ok(None);
        let mut add = |forgotten: Result<Option<usize>, Failure>| match (&mut sum, forgotten) {
            (Ok(sum), Ok(Some(count))) => *sum = Some(sum.unwrap_or(0) + count),
            (Ok(_), Err(failure)) => sum = Err(failure),
            _ => {}
        };
        for course in &self.all {
            add(course.desk.forget(user, event).await);
        }
        for forget in &self.missing {
            add(desk::on_a_thread(forget, user).await);
        }
        sum
    }
}
