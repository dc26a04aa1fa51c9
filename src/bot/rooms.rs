//! Channels: how the bot answers in which, by the settings, and where a message that does not mention it is a question.
//!
//! A message says in which channel it is, and not what kind of channel that is. That is asked of Discord, once for each, and only
//! where the answer depends on it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serenity::all::{ChannelId, ChannelType, Message, PartialChannel, UserId};
use serenity::http::Route;

use super::conversations::Tone;
use super::rest::{Refusal, Rest};
use crate::query::{QUESTION_CHARS_MAX, Question};
use crate::render::one_line;
use crate::settings::ChannelSettings;

/// Channels that are remembered; of more, all are forgotten.
const KNOWN_MAX: usize = 4096;
/// Discord's bound for the name of a thread; characters.
const NAME_CHARS_MAX: usize = 100;
/// A thread without messages is put away after a day; minutes.
const RESTS: u16 = 1440;
/// Discord's code: the message has a thread already.
const HAS_THREAD: u64 = 160_004;

/// How the bot answers in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Not at all; commands are answered to the asker alone.
    Off,
    /// Those who mention it, by a reply.
    Mention,
    /// Those who mention it, in a thread.
    Thread,
}

impl Mode {
    fn named(name: &str) -> Self {
        match name {
            "off" => Self::Off,
            "thread" => Self::Thread,
            _ => Self::Mention,
        }
    }
}

/// A message that is a question, or may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    /// Where it is answered.
    pub(super) way: Way,
    /// The channel above a thread, as far as that matters.
    pub(super) above: Option<u64>,
    /// The name of the forum post that it opens.
    pub(super) title: Option<String>,
    /// How it was said.
    pub(super) tone: Tone,
    /// Whether it is in a thread that the bot opened.
    pub(super) in_own: bool,
    /// Whether Discord did not say what kind of channel it is, though that matters.
    pub(super) is_lost: bool,
}

impl Heard {
    /// A question to the bot, in a place that is no matter.
    pub(super) fn here() -> Self {
        Self { way: Way::Here, above: None, title: None, tone: Tone::Addressed, in_own: false, is_lost: false }
    }
}

/// Where a message is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Where it was written.
    Here,
    /// In a thread of its own.
    Thread,
}

/// What Discord says of a channel.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Room {
    #[serde(rename = "type")]
    kind: ChannelType,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    parent_id: Option<ChannelId>,
    #[serde(default)]
    owner_id: Option<UserId>,
}

impl Room {
    /// The channel that a thread is in.
    pub(super) fn above(&self) -> Option<u64> {
        let is_thread =
            matches!(self.kind, ChannelType::PublicThread | ChannelType::PrivateThread | ChannelType::NewsThread);
        self.parent_id.filter(|_| is_thread).map(ChannelId::get)
    }
}

impl From<&PartialChannel> for Room {
    fn from(channel: &PartialChannel) -> Self {
        Self { kind: channel.kind, name: None, parent_id: channel.parent_id, owner_id: None }
    }
}

/// The channels of all servers.
#[derive(Debug)]
pub(super) struct Rooms {
    default: Mode,
    modes: HashMap<u64, Mode>,
    forums: Vec<u64>,
    reads_content: bool,
    /// Whether it matters for more than the mode in which channel a thread is.
    asks_above: bool,
    known: Mutex<HashMap<u64, Room>>,
}

#[derive(Serialize)]
struct NewThread {
    name: String,
    auto_archive_duration: u16,
}

impl Rooms {
    /// Rooms as the settings want them; of two modes for one channel the quieter one holds. With `reads_content` the bot sees
    /// messages that do not mention it.
    /// `asks_above` is for callers to whom it matters in any case in which channel a thread is.
    pub(super) fn new(settings: &ChannelSettings, reads_content: bool, asks_above: bool) -> Self {
        let lists = [(&settings.mention, Mode::Mention), (&settings.thread, Mode::Thread), (&settings.off, Mode::Off)];
        let modes = lists.into_iter().flat_map(|(ids, mode)| numbers(ids).map(move |id| (id, mode))).collect();
        Self {
            default: Mode::named(&settings.default),
            modes,
            forums: numbers(&settings.forum).collect(),
            reads_content,
            asks_above,
            known: Mutex::default(),
        }
    }

    /// Whether the bot has to be able to open threads.
    pub(super) fn opens_threads(settings: &ChannelSettings) -> bool {
        !settings.thread.is_empty() || Mode::named(&settings.default) == Mode::Thread
    }

    /// How a channel is answered in. A list that names a thread comes before what holds for the channel above it.
    pub(super) fn mode(&self, channel: u64, room: Option<&Room>) -> Mode {
        let listed = |id: u64| self.modes.get(&id).copied();
        listed(channel).or_else(|| listed(room?.above()?)).unwrap_or(self.default)
    }

    /// How a message of a server is answered; `None` when it is no question. `mentioned` tells whether it names the bot, whose own id
    /// is `own`.
    pub(super) async fn hear(&self, rest: &Rest, message: &Message, mentioned: bool, own: u64) -> Option<Heard> {
        let channel = message.channel_id.get();
        // The message that opens a post has the id of the post.
        let opens_post = channel == message.id.get();
        let may_be_meant = mentioned || (self.reads_content && is_for_all(message, own, opens_post));
        if !may_be_meant {
            return None;
        }
        let all_alike = self.modes.is_empty() && self.default != Mode::Thread && !self.asks_above;
        if mentioned && all_alike && !opens_post {
            return (self.default != Mode::Off).then(Heard::here);
        }
        match self.room(rest, message.channel_id).await {
            Some(room) => self.hear_in(channel, &room, (mentioned, opens_post), own),
            None => self.hear_lost(channel, mentioned),
        }
    }

    fn hear_in(&self, channel: u64, room: &Room, (mentioned, opens_post): (bool, bool), own: u64) -> Option<Heard> {
        let mode = self.mode(channel, Some(room));
        let above = room.above();
        let way = match mode {
            Mode::Off => return None,
            Mode::Thread if above.is_none() => Way::Thread,
            Mode::Mention | Mode::Thread => Way::Here,
        };
        let is_post = opens_post && above.is_some();
        let is_asked = is_post && above.is_some_and(|above| self.forums.contains(&above));
        let in_own = above.is_some() && room.owner_id.is_some_and(|owner| owner.get() == own);
        let is_overheard = in_own && mode == Mode::Thread;
        let title = room.name.clone().filter(|_| is_post);
        let tone = match (mentioned, is_asked, is_overheard) {
            (true, ..) => Tone::Addressed,
            (_, true, _) => Tone::Posted,
            (.., true) => Tone::Overheard,
            _ => return None,
        };
        Some(Heard { way, above, title, tone, in_own, is_lost: false })
    }

    /// A mention in a channel of which Discord does not say what it is: of all that it may be, the bot takes the quietest.
    fn hear_lost(&self, channel: u64, mentioned: bool) -> Option<Heard> {
        let listed = self.modes.get(&channel);
        let may_be_off = self.default == Mode::Off || self.modes.values().any(|mode| *mode == Mode::Off);
        let is_off = listed.map_or(may_be_off, |mode| *mode == Mode::Off);
        (mentioned && !is_off).then(|| Heard { is_lost: true, ..Heard::here() })
    }

    /// What kind of channel it is; `None` when Discord does not say.
    async fn room(&self, rest: &Rest, channel: ChannelId) -> Option<Room> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&channel.get()).cloned();
        if known.is_some() {
            return known;
        }
        match rest.get::<Room>(Route::Channel { channel_id: channel }).await {
            Ok(room) => {
                let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
                if known.len() >= KNOWN_MAX {
                    known.clear();
                }
                known.insert(channel.get(), room.clone());
                Some(room)
            }
            Err(reason) => {
                tracing::warn!(channel = channel.get(), %reason, "a channel could not be looked at");
                None
            }
        }
    }

    /// Opens a thread below a question; `None` where that is not allowed.
    pub(super) async fn open(&self, rest: &Rest, message: &Message) -> Option<ChannelId> {
        let route = Route::ChannelMessageThreads { channel_id: message.channel_id, message_id: message.id };
        let body = NewThread { name: name(&message.content), auto_archive_duration: RESTS };
        // It has the id of the message that it hangs on.
        let id = ChannelId::new(message.id.get());
        match rest.call(serenity::http::LightMethod::Post, route, &body, None).await {
            Ok(()) | Err(Refusal::Status(_, HAS_THREAD)) => Some(id),
            Err(reason) => {
                tracing::info!(channel = message.channel_id.get(), %reason, "no thread could be opened");
                None
            }
        }
    }
}

/// Whether a message that does not mention the bot may be meant for it: it names nobody else and replies to nobody else. One that
/// `opens_post` asks whoever reads it, and may say everything in the name of the post.
fn is_for_all(message: &Message, own: u64, opens_post: bool) -> bool {
    let replied = message.referenced_message.as_ref();
    opens_post
        || message.mentions.is_empty()
            && message.mention_roles.is_empty()
            && !message.mention_everyone
            && replied.is_none_or(|replied| replied.author.id.get() == own)
            && !message.content.trim().is_empty()
}

/// The question of a message that opens a post, whose name says what it is about: that name and the message, as much of both as a
/// question may hold.
pub(super) fn titled(title: Option<&str>, content: &str) -> String {
    let Some(title) = title else { return content.to_owned() };
    let body = Question::new(content).map(|question| question.text().to_owned());
    // What is too long is cut, not refused: the name alone may be the question.
    let body = body.unwrap_or_else(|_| content.to_owned());
    format!("{title}\n{body}").trim().chars().take(QUESTION_CHARS_MAX).collect()
}

fn numbers(ids: &[String]) -> impl Iterator<Item = u64> + '_ {
    ids.iter().filter_map(|id| id.parse().ok())
}

/// What was asked, as the name of a thread; it is plain text, in which nobody is mentioned.
fn name(typed: &str) -> String {
    Question::new(typed).map_or_else(|_| "?".to_owned(), |question| one_line(question.text(), NAME_CHARS_MAX))
}
