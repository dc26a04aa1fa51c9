//! What only instructors may have: bringing the index up, how it stands, and the gaps. Each kind is done once at a time,
//! on a blocking thread.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serenity::all::{CommandDataOptionValue, CommandInteraction, Member, Permissions};

use super::commands;
use super::ending::Closing;
use crate::engine::Engine;
use crate::error::Failure;
use crate::log::Gaps;
use crate::render::{Reply, gaps_reply, report};
use crate::settings::InstructorSettings;
use crate::texts::Language;

/// How long something under way may still take when the bot is told to end, before its instructor is told.
const LAST_WORK: Duration = Duration::from_millis(1500);
/// Days that `/gaps` looks back when none are said, and the most that it looks back.
const DAYS: u64 = 7;
pub(super) const DAYS_MAX: u64 = 3650;

/// The reports of the command line. Each blocks and may take its time.
pub trait Reports: Send + Sync {
    /// Brings the index up to the notes, and says what was found and done.
    ///
    /// # Errors
    /// When the notes cannot be read, or another one writes the index.
    fn reindex(&self, engine: &Engine, language: Language) -> Result<String, Failure>;

    /// How the index stands beside the notes.
    ///
    /// # Errors
    /// When the notes cannot be looked at.
    fn status(&self, engine: &Engine, language: Language) -> Result<String, Failure>;

    /// The gaps of the last so many days.
    ///
    /// # Errors
    /// When there is no log, or it cannot be read.
    fn gaps(&self, engine: &Engine, days: u64) -> Result<Gaps, Failure>;

    /// The gaps that are to be posted now, once a week; `None` when it is not time, another copy of the bot is at it, or there
    /// are none.
    ///
    /// # Errors
    /// As [`Reports::gaps`].
    fn weekly(&self, engine: &Engine) -> Result<Option<Weekly>, Failure>;

    /// Remembers that the gaps of this week are posted.
    ///
    /// # Errors
    /// When it cannot be written.
    fn weekly_is_posted(&self, engine: &Engine) -> Result<(), Failure>;

    /// Writes a moment (milliseconds since 1970) as a date.
    fn date(&self, moment: i64) -> String;
}

/// The gaps of a week, to be posted once.
#[derive(Debug)]
pub struct Weekly {
    /// What was not answered well.
    pub gaps: Gaps,
    /// One name for the week's gaps of these notes, whoever posts them; at most 25 characters.
    pub name: String,
    /// Held until it is remembered that they are posted: no other copy of the bot on this index posts meanwhile.
    pub turn: Box<dyn Any + Send>,
}

/// A command of an instructor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Reindex,
    Status,
    /// Of so many days.
    Gaps(u64),
}

impl Wish {
    /// What a command wishes; `None` for commands of everybody.
    pub(super) fn of(command: &CommandInteraction) -> Option<Self> {
        match command.data.name.as_str() {
            commands::REINDEX => Some(Self::Reindex),
            commands::STATUS => Some(Self::Status),
            commands::GAPS => {
                let days = command.data.options.iter().find_map(|option| match option.value {
                    CommandDataOptionValue::Integer(days) if option.name == commands::DAYS => u64::try_from(days).ok(),
                    _ => None,
                });
                Some(Self::Gaps(days.unwrap_or(DAYS).clamp(1, DAYS_MAX)))
            }
            _ => None,
        }
    }
}

/// Who wishes something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wisher<'m> {
    /// What they are on the server; `None` in a direct message.
    pub(super) member: Option<&'m Member>,
    /// The server, when it is not known to be one of the course: what they may do there gives them no rights here.
    pub(super) stranger: Option<u64>,
}

/// By what instructors are known.
#[derive(Clone, Debug)]
pub(super) struct Instructors {
    roles: Vec<u64>,
    permission: Permissions,
}

impl Instructors {
    pub(super) fn new(settings: &InstructorSettings) -> Self {
        Self {
            roles: settings.roles.iter().filter_map(|role| role.parse().ok()).collect(),
            permission: Permissions::from_name(&settings.permission).unwrap_or(Permissions::ADMINISTRATOR),
        }
    }

    /// Whether somebody is one. Discord says with each interaction what its member may do; in direct messages, where it says
    /// nothing, nobody is one.
    fn include(&self, member: Option<&Member>) -> bool {
        member.is_some_and(|member| {
            let may = member.permissions.unwrap_or_default();
            may.administrator()
                || may.contains(self.permission)
                || member.roles.iter().any(|role| self.roles.contains(&role.get()))
        })
    }

    /// The permission without which Discord does not even show the commands. It cannot hide them by role, so that it must show
    /// them to all when roles are named.
    pub(super) fn needed(&self) -> Option<Permissions> {
        self.roles.is_empty().then_some(self.permission)
    }
}

/// Where instructors are served.
pub(super) struct Office {
    pub(super) engine: Arc<Engine>,
    pub(super) reports: Arc<dyn Reports>,
    pub(super) instructors: Instructors,
    /// Whether a wish is being done: reindex, status, gaps.
    under_way: [Arc<AtomicBool>; 3],
    /// Whether the bot is told to end.
    ends: Closing,
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office").field("instructors", &self.instructors).finish_non_exhaustive()
    }
}

/// Held while a wish is done.
struct Turn(Arc<AtomicBool>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Office {
    pub(super) fn new(engine: Arc<Engine>, reports: Arc<dyn Reports>, instructors: Instructors) -> Self {
        Self { engine, reports, instructors, under_way: Default::default(), ends: Closing::new() }
    }

    /// The bot is told to end: whoever waits is told soon.
    pub(super) fn end(&self) {
        self.ends.begin();
    }

    /// Does what a member wishes, or says why not. `event` is the id by which an error can be found in the log.
    pub(super) async fn answer(&self, wish: Wish, who: Wisher<'_>, language: Language, event: u64) -> Reply {
        if !self.instructors.include(who.member) {
            tracing::info!(event, ?wish, "refused: not an instructor");
            return Reply::notice(language.for_instructors());
        }
        if let Some(server) = who.stranger {
            tracing::warn!(event, ?wish, server, "refused: discord.servers does not name this server");
            return Reply::notice(&language.server_not_named(server));
        }
        let Some(turn) = self.turn(wish) else { return Reply::notice(language.under_way()) };
        let (engine, reports) = (Arc::clone(&self.engine), Arc::clone(&self.reports));
        let done = tokio::task::spawn_blocking(move || {
            // Whoever waits may go away; the work goes on, and its turn ends with it.
            let _turn = turn;
            match wish {
                Wish::Reindex => reports.reindex(&engine, language).map(|text| report(&text)),
                Wish::Status => reports.status(&engine, language).map(|text| report(&text)),
                Wish::Gaps(days) => {
                    let gaps = reports.gaps(&engine, days)?;
                    Ok(gaps_reply(&gaps, &|moment| reports.date(moment), language))
                }
            }
        });
        let done = tokio::select! {
            done = done => done,
            () = self.ends.has_lasted(LAST_WORK) => {
                tracing::warn!(event, ?wish, "the bot ends before it is done");
                let told = if wish == Wish::Reindex { language.ends_while_indexing() } else { language.going_down() };
                return Reply::notice(told);
            }
        };
        match done.unwrap_or_else(|panic| Err(Failure::Internal(panic.to_string()))) {
            Ok(reply) => {
                tracing::info!(event, ?wish, "done for an instructor");
                reply
            }
            // Neither is an error: the log may be switched off, and another kewen may be at it.
            Err(failure @ (Failure::LogMissing(_) | Failure::IndexLocked(..))) => {
                Reply::notice(&language.failure(&failure).text)
            }
            Err(failure) => {
                tracing::error!(event, ?wish, failure = %Language::En.failure(&failure).text, "a command came to nothing");
                Reply::notice(&language.command_failed(&language.failure(&failure).text, event))
            }
        }
    }

    fn turn(&self, wish: Wish) -> Option<Turn> {
        let [reindex, status, gaps] = &self.under_way;
        let flag = match wish {
            Wish::Reindex => reindex,
            Wish::Status => status,
            Wish::Gaps(_) => gaps,
        };
        (!flag.swap(true, Ordering::Acquire)).then(|| Turn(Arc::clone(flag)))
    }
}
