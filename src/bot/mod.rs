//! The bot: answers in Discord until it is told to end.
//!
//! ```text
//! gateway -> handler (is it a question?) -> desk (search, on a blocking thread) -> render::reply -> outgoing -> rest
//! ```
//!
//! Only this module names serenity. [`run`] goes through the phases (open the index, find the gateway, answer) and can
//! be told to end in each of them. Every call of Discord's API goes through `rest::Rest`.

mod button;
mod commands;
mod conversations;
mod courses;
mod desk;
mod door;
mod ending;
mod gateway;
mod handler;
mod limits;
mod office;
mod outgoing;
mod pause;
mod pressed;
mod probe;
mod pulse;
mod rest;
mod rooms;
mod servers;
mod suggester;
mod turns;
mod voice;
mod watch;
mod weekly;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serenity::all::{GatewayIntents, Permissions};
use tokio::task::JoinSet;

pub use office::{Reports, Weekly};
pub use probe::{Guild, Probe, probe};
pub use watch::GatewayWatch;

use crate::engine::Engine;
use crate::error::Failure;
use crate::log::Recorder;
use crate::settings::{self, ChannelSettings, InstructorSettings, LimitSettings};
use crate::texts::Language;
use button::Seal;
use courses::Courses;
use door::Door;
use ending::Ending;
use handler::{Channels, Handler};
use limits::Limits;
use rest::Rest;
use rooms::Rooms;
use servers::Servers;

/// Everything that the bot listens to. Nothing of it needs an approval by Discord: the content of a message comes with
/// a mention of the bot, and in direct messages. That of all messages has to be wanted by the settings.
const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGES).union(GatewayIntents::DIRECT_MESSAGES);
/// Everything that the bot needs in a channel.
const PERMISSIONS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::READ_MESSAGE_HISTORY);

/// What the bot needs in a channel, and to open threads, if it is to do that.
fn permissions(channels: &ChannelSettings) -> Permissions {
    let threads =
        if Rooms::opens_threads(channels) { Permissions::CREATE_PUBLIC_THREADS } else { Permissions::empty() };
    PERMISSIONS | threads
}

/// How long questions under way may take when the bot is told to end; half a second more is for the connection, and
/// both together stay below the 5 s that people and supervisors wait.
const LAST_ANSWERS: Duration = Duration::from_millis(2500);
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Threads for searches; further ones wait.
const SEARCH_THREADS: usize = 8;

/// What the bot needs for all courses.
#[derive(Clone)]
pub struct Options {
    /// The language of its words.
    pub language: Language,
    /// Another address of Discord's API; empty for Discord's. Then no request goes anywhere else.
    pub api_base: String,
    /// Called every 15 s while the bot is connected.
    pub pulse: Arc<dyn Fn() + Send + Sync>,
    /// How much may be asked.
    pub limits: LimitSettings,
    /// How channels are answered.
    pub channels: ChannelSettings,
    /// Ids of the servers that are answered; none for all.
    pub servers: Vec<String>,
    /// Whether messages are read that do not mention the bot.
    pub message_content: bool,
}

/// What the bot needs for a course.
pub struct CourseOptions {
    /// Where it is asked.
    pub asked: settings::Course,
    /// What answers.
    pub engine: Arc<Engine>,
    /// Number of hits.
    pub limit: usize,
    /// What writes the question log; `None` when it is switched off.
    pub recorder: Option<Recorder>,
    /// Takes a member out of the question log when nothing writes it.
    pub forget: ForgetMember,
    /// The channel where instructors read what was not found.
    pub instructor_channel: Option<u64>,
    /// Id of the channel where gaps are posted once a week; empty for none.
    pub gaps_channel: String,
    /// Who is an instructor.
    pub instructors: InstructorSettings,
    /// What instructors ask for.
    pub reports: Arc<dyn Reports>,
}

impl std::fmt::Debug for CourseOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CourseOptions").field("asked", &self.asked).field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("language", &self.language).finish_non_exhaustive()
    }
}

/// A course that cannot be opened.
pub struct MissingCourse {
    /// Where it would be asked.
    pub asked: settings::Course,
    /// Takes a member out of its question log.
    pub forget: ForgetMember,
}

impl std::fmt::Debug for MissingCourse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MissingCourse").field("asked", &self.asked).finish_non_exhaustive()
    }
}

/// Takes everything that the member with this id of Discord's asked out of a question log that is not being written; gives how many
/// questions that were, `None` when there is no log. It blocks.
pub type ForgetMember = Arc<dyn Fn(u64) -> Result<Option<usize>, Failure> + Send + Sync>;

/// The courses that can be asked, and those that cannot be opened; an error when none can.
pub type Opened = Result<(Vec<CourseOptions>, Vec<MissingCourse>), Failure>;

/// Runs the bot until SIGINT or SIGTERM, which end it within 5 s whatever it is doing. `open` opens the index of each course and may
/// take its time. The log is written by `tracing`; it holds no text of a question.
///
/// A connection that stays away for too long is given up with all that belongs to it, down to the runtime, and made anew.
///
/// # Errors
/// When `open` fails, or Discord does not accept the token or the intents. Being out of reach is no error: it keeps trying.
pub fn run(token: &str, options: Options, open: impl FnOnce() -> Opened + Send + 'static) -> Result<(), Failure> {
    let opened = inside_a_runtime(open_courses(open))?;
    let Some((courses, missing)) = opened else { return Ok(()) };
    let courses = Arc::new(Courses::new(courses, missing, Servers::new(&options.servers)));
    let rooms = Rooms::new(&options.channels, options.message_content, courses.depend_on_channels());
    let channels = Channels {
        door: Arc::new(Door::new(options.language, Limits::new(&options.limits))),
        courses,
        voice: Arc::default(),
        rooms: Arc::new(rooms),
    };
    let mut pauses = pause::growing();
    let mut pause = Duration::ZERO;
    loop {
        match inside_a_runtime(connection(token, &options, &channels, pause))? {
            Ended::Told => return Ok(()),
            Ended::Lost { stood } => {
                if stood {
                    pauses = pause::growing();
                }
                pause = pauses.next().unwrap_or_default();
                tracing::warn!("{}", options.language.gateway_given_up(pause.as_secs()));
            }
        }
    }
}

/// How a connection came to its end.
enum Ended {
    /// The bot was told to end.
    Told,
    /// It was away for too long; tells whether it ever stood.
    Lost { stood: bool },
}

fn inside_a_runtime<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(SEARCH_THREADS)
        .enable_all()
        .build()
        .map_err(|error| Failure::Internal(error.to_string()))?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}

/// Opens the indexes on a thread of its own; `None` when the bot is told to end meanwhile.
async fn open_courses(
    open: impl FnOnce() -> Opened + Send + 'static,
) -> Result<Option<(Vec<CourseOptions>, Vec<MissingCourse>)>, Failure> {
    let mut ending = Ending::listen()?;
    let opening = tokio::task::spawn_blocking(open);
    let Some(opened) = ending.unless_told(opening).await else { return Ok(None) };
    opened.map_err(|error| Failure::Internal(error.to_string()))?.map(Some)
}

/// Finds the gateway and answers over one connection until it is lost or the bot is told to end.
async fn connection(token: &str, options: &Options, channels: &Channels, pause: Duration) -> Result<Ended, Failure> {
    let mut ending = Ending::listen()?;
    if ending.unless_told(tokio::time::sleep(pause)).await.is_none() {
        return Ok(Ended::Told);
    }
    let rest = Arc::new(Rest::new(token, &options.api_base)?);
    let Some(found) = ending.unless_told(gateway::find(&rest, options.language)).await else { return Ok(Ended::Told) };
    let url = found?;
    let seal = Seal::new(token).ok_or_else(|| Failure::Internal("no key for buttons".to_owned()))?;
    let handler = Handler::new(channels.clone(), Arc::clone(&rest), seal);
    let intents = if options.message_content { INTENTS.union(GatewayIntents::MESSAGE_CONTENT) } else { INTENTS };
    let Some(client) = ending.unless_told(gateway::client(&rest, url, intents, handler)).await else {
        return Ok(Ended::Told);
    };
    let mut client = client?;
    let shards = Arc::clone(&client.shard_manager);
    let lost = pulse::watch_over(async || pulse::beats(&shards).await, &*options.pulse);
    let mut weeks = JoinSet::new();
    for course in channels.courses.all() {
        weeks.spawn(weekly::run(
            Arc::clone(&rest),
            Arc::clone(course),
            channels.courses.are_several(),
            options.language,
        ));
    }
    let ended = ending.unless_told(async {
        tokio::select! {
            ended = client.start() => gateway::ended(token, ended).map(|()| Ended::Told),
            stood = lost => Ok(Ended::Lost { stood }),
        }
    });
    let Some(ended) = ended.await else {
        tracing::info!("told to end");
        channels.courses.all().for_each(|course| course.office.end());
        let _ = tokio::time::timeout(LAST_ANSWERS, async {
            channels.door.close().await;
            for course in channels.courses.all() {
                course.desk.close().await;
            }
        })
        .await;
        let _ = tokio::time::timeout(LAST_WORDS, shards.shutdown_all()).await;
        return Ok(Ended::Told);
    };
    ended
}
