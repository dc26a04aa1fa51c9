//! Messages: which of them ask the bot, and the way of their answers.

use std::sync::atomic::Ordering;

use serenity::all::{ChannelId, GuildId, Message, MessageId, MessageInteractionMetadata, MessageType};

use super::Handler;
use crate::bot::conversations::{Asked, Follows, Tone};
use crate::bot::courses::Place;
use crate::bot::desk::Asker;
use crate::bot::rooms::{Heard, Way, titled};
use crate::bot::voice::Said;
use crate::query::Question;
use crate::render::Reply;
use crate::texts::Language;

impl Handler {
    /// How a message is answered, if a person asks the bot by it: in a direct message, by mentioning it, or where it listens to all.
    pub(super) async fn hear(&self, message: &Message) -> Option<Heard> {
        let own = self.own.load(Ordering::Relaxed);
        let by_a_person = !message.author.bot && !message.author.system && message.webhook_id.is_none();
        let written = matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
        if !by_a_person || !written {
            return None;
        }
        if message.guild_id.is_none() {
            return Some(Heard::here());
        }
        let mentioned = message.mentions.iter().any(|user| user.id.get() == own);
        let is_named = [format!("<@{own}>"), format!("<@!{own}>")].iter().any(|name| message.content.contains(name));
        if mentioned && !is_named && self.is_said_to_people(message, own) {
            return None;
        }
        let heard = self.rooms.hear(&self.rest, message, mentioned, own).await?;
        let is_reply = mentioned && !is_named && message.referenced_message.is_some();
        Some(if is_reply { Heard { tone: Tone::Replying, ..heard } } else { heard })
    }

    /// Whether a reply goes on from what the bot posted for instructors, and is meant for people.
    fn is_said_to_people(&self, message: &Message, own: u64) -> bool {
        let replied = message.referenced_message.as_ref().filter(|replied| replied.author.id.get() == own);
        let is_post = replied.is_some_and(|replied| {
            replied.message_reference.is_none()
                && replied.interaction_metadata.is_none()
                && replied.components.is_empty()
        });
        is_post && self.courses.are_read_in(message.channel_id.get())
    }

    /// What a message goes on from: the answer that it replies to, if it is one of the bot's. Which question that answered is told by
    /// Discord with it.
    fn follows(&self, message: &Message) -> Follows {
        let own = self.own.load(Ordering::Relaxed);
        let replied = message.referenced_message.as_ref().filter(|replied| replied.author.id.get() == own);
        let Some(answer) = replied else { return Follows::Own };
        let command = match answer.interaction_metadata.as_deref() {
            Some(MessageInteractionMetadata::Command(command)) => Some(command.id.get()),
            _ => None,
        };
        let question = answer.message_reference.as_ref().and_then(|reference| reference.message_id);
        // The first answer in a thread replies to nothing: the thread has the id of its question.
        let question = question.map_or(answer.channel_id.get(), MessageId::get);
        Follows::Question(command.unwrap_or(question))
    }

    /// Answers a message where and how it was heard.
    pub(super) async fn answer_message(&self, message: &Message, heard: Heard) {
        let language = self.door.language(None);
        let server = message.guild_id.map(GuildId::get);
        let place = Place { server, channel: message.channel_id.get(), above: heard.above };
        if self.courses.are_foreign_to(place) {
            return;
        }
        let question = titled(heard.title.as_deref(), &message.content);
        // It may be a thread of a channel that asks another course.
        let is_unknown = heard.is_lost && self.courses.depend_on_channels();
        let course = self.courses.at(place).filter(|_| !is_unknown);
        let seal = course.map_or_else(|| self.seal.clone(), |course| self.seal.of(course.mark));
        let asker = Asker {
            channel: message.channel_id.get(),
            user: message.author.id.get(),
            mentions: message.guild_id.is_some(),
            server: message.guild_id.is_some(),
        };
        // The seat is free again before the reply goes out, which Discord may hold up; its place on the way out is taken before,
        // so that a bot which is told to end between the two still waits for it.
        let Some(_outgoing) = self.door.outgoing() else { return };
        let turn = self.door.turn(asker, message.id.get());
        let mut thread = None;
        let overheard = heard.tone == Tone::Overheard;
        let admitted = if overheard {
            // Only what is answered counts as a question.
            self.door.admit_overheard(asker.user).then_some(()).ok_or_else(|| (Reply::default(), false))
        } else {
            self.door.admit(asker, true, language)
        };
        let reply = match admitted {
            Ok(()) => {
                turn.come().await;
                // The conversation goes on in the thread, if there is one; a notice needs none.
                let is_asked = course.is_some_and(|course| {
                    Question::new(&question).is_ok_and(|question| !course.desk.is_small_talk(question.text()))
                });
                if heard.way == Way::Thread && is_asked {
                    thread = self.open_thread(message, language).await;
                }
                match (course, self.door.seat()) {
                    (Some(course), Some(_seat)) => {
                        let asker = Asker { channel: thread.map_or(asker.channel, ChannelId::get), ..asker };
                        let follows = self.follows(message);
                        let asked = Asked {
                            question: question.clone(),
                            title: heard.title,
                            asker,
                            follows,
                            tone: heard.tone,
                            is_shared: heard.in_own || thread.is_some(),
                        };
                        let admit = || !overheard || self.door.admit(asker, false, language).is_ok();
                        let answered = course.desk.answer(asked, admit, language, message.id.get()).await;
                        let Some(reply) = answered else { return };
                        reply
                    }
                    _ if overheard => return,
                    (None, _) => self.no_course(place, language),
                    (_, None) => self.door.no_seat(language),
                }
            }
            // Everybody would see it: once is enough.
            Err((wait, true)) => wait,
            Err((_, false)) => return,
        };
        turn.come().await;
        let said = Said { message, question: &question, thread };
        let sent = self.voice.answer(&self.rest, &reply, said, &seal, language).await;
        self.log(message.id.get(), sent);
    }

    /// Opens a thread below a question, unless that was refused in its channel not long ago.
    async fn open_thread(&self, message: &Message, language: Language) -> Option<ChannelId> {
        let channel = message.channel_id.get();
        if !self.voice.may_open_threads(channel) {
            return None;
        }
        let thread = self.rooms.open(&self.rest, message).await;
        if thread.is_none() {
            self.voice.no_threads(channel, language);
        }
        thread
    }
}
