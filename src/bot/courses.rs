//! The courses that the bot answers for, and which of them a channel asks.

use std::collections::HashMap;
use std::sync::Arc;

use serenity::all::Permissions;

use super::desk::Desk;
use super::office::{Instructors, Office};
use super::{CourseOptions, Failure};
use crate::settings;

/// The number of a course that cannot be asked.
const MISSING: usize = usize::MAX;

/// One course: where its questions are answered, and where its instructors are served.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) desk: Desk,
    pub(super) office: Arc<Office>,
    /// The channel where its gaps are posted once a week.
    pub(super) gaps_channel: Option<u64>,
}

/// All courses.
#[derive(Debug)]
pub(super) struct Courses {
    all: Vec<Arc<Course>>,
    by_channel: HashMap<u64, usize>,
    by_server: HashMap<u64, usize>,
    default: Option<usize>,
}

impl Courses {
    /// These courses. Where a `missing` one is asked no other one is.
    pub(super) fn new(options: Vec<CourseOptions>, missing: &[settings::Course]) -> Self {
        let mut courses =
            Self { all: Vec::new(), by_channel: HashMap::new(), by_server: HashMap::new(), default: None };
        for course in missing {
            courses.by_channel.extend(course.channels.iter().map(|id| (*id, MISSING)));
            courses.by_server.extend(course.servers.iter().map(|id| (*id, MISSING)));
        }
        for (number, options) in options.into_iter().enumerate() {
            let asked = options.asked;
            courses.by_channel.extend(asked.channels.iter().map(|id| (*id, number)));
            courses.by_server.extend(asked.servers.iter().map(|id| (*id, number)));
            if asked.is_default {
                courses.default = Some(number);
            }
            let instructors = Instructors::new(&options.instructors);
            courses.all.push(Arc::new(Course {
                office: Arc::new(Office::new(Arc::clone(&options.engine), options.reports, instructors)),
                desk: Desk::new(options.engine, options.limit, options.recorder, options.instructor_channel),
                gaps_channel: options.gaps_channel.parse().ok().filter(|id| *id > 0),
            }));
        }
        courses
    }

    /// The course that is asked in a channel: that of the channel, of the channel above a thread, of the server, or the default one.
    pub(super) fn at(&self, server: Option<u64>, channel: u64, above: Option<u64>) -> Option<&Arc<Course>> {
        let of_channel = |id: u64| self.by_channel.get(&id).copied();
        let number = of_channel(channel)
            .or_else(|| of_channel(above?))
            .or_else(|| self.by_server.get(&server?).copied())
            .or(self.default)?;
        self.all.get(number)
    }

    /// Whether the channel above a thread may decide which course is asked.
    pub(super) fn depend_on_channels(&self) -> bool {
        !self.by_channel.is_empty()
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

    /// Takes everything that a member asked out of all logs; gives how much it was, `None` when nothing is logged.
    pub(super) async fn forget(&self, user: u64) -> Result<Option<usize>, Failure> {
        let mut sum = None;
        for course in &self.all {
            if let Some(count) = course.desk.forget(user).await? {
                sum = Some(sum.unwrap_or(0) + count);
            }
        }
        Ok(sum)
    }
}
