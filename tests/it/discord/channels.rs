//! Channels: messages that the bot posts and edits there, and what people say.

use serde_json::{Value, json};

use super::mentions::{id, pings};
use super::message::{Message, Said};
use super::people::{ALICE, BOT, DIRECT, FORUM, GUILD, Id, direct, general, is_channel, thread};
use super::rest::{Reply, Request};
use super::rules;
use super::sessions::{Event, intent};
use super::state::State;

/// Permissions that play a part.
pub(crate) mod permission {
    pub(crate) const VIEW_CHANNEL: u64 = 1 << 10;
    pub(crate) const SEND_MESSAGES: u64 = 1 << 11;
    pub(crate) const EMBED_LINKS: u64 = 1 << 14;
    pub(crate) const READ_MESSAGE_HISTORY: u64 = 1 << 16;
    pub(crate) const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
    pub(crate) const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
}

impl State {
    pub(super) fn channel(&self, text: &str) -> Result<Id, Reply> {
        let is_there = |id: &Id| is_channel(*id) || self.threads.contains_key(id);
        let channel = text.parse().ok().filter(is_there);
        channel.ok_or_else(|| Reply::error(404, 10003, "Unknown Channel"))
    }

    /// A person says something; gives the message's id.
    pub(super) fn say(&mut self, said: Said) -> Id {
        let replied = said.replies_to.map(|message| self.messages[&message].author);
        let message = Message::said(self.next_id(), said, replied);
        self.add(message)
    }

    /// Alice opens a post in the forum with a message; gives the id of both.
    pub(super) fn post_in_forum(&mut self, name: &str, text: &str) -> Id {
        let id = self.next_id();
        self.threads.insert(id, (FORUM, ALICE, name.to_owned()));
        self.add(Message::said(id, Said::aloud(text).in_channel(id), None))
    }

    /// What kind of channel it is.
    pub(super) fn describe(&self, channel: &str) -> Result<Reply, Reply> {
        let channel = self.channel(channel)?;
        if !self.may(channel, permission::VIEW_CHANNEL) {
            return Err(Reply::error(403, 50001, "Missing Access"));
        }
        Ok(Reply::json(
            200,
            &match (self.threads.get(&channel), channel) {
                (Some(opened), _) => thread(channel, opened),
                (None, DIRECT) => direct(),
                (None, FORUM) => {
                    json!({"id": FORUM.to_string(), "type": 15, "guild_id": GUILD.to_string(), "name": "forum"})
                }
                (None, _) => general(),
            },
        ))
    }

    /// Opens a thread below a message.
    pub(super) fn open_thread(&mut self, request: &Request, channel: &str, message: &str) -> Result<Reply, Reply> {
        let channel = self.channel(channel)?;
        let wanted: Option<Id> = message.parse().ok();
        let found = self.messages.values().find(|message| Some(message.id) == wanted && message.channel == channel);
        let Some(id) = found.map(|message| message.id) else {
            return Err(Reply::error(404, 10008, "Unknown Message"));
        };
        self.judge(request, &rules::new_thread(&request.body))?;
        if !self.may(channel, permission::CREATE_PUBLIC_THREADS) {
            return Err(Reply::error(403, 50013, "Missing Permissions"));
        }
        if self.threads.contains_key(&channel) {
            return Err(Reply::error(400, 50024, "Cannot execute action on this channel type"));
        }
        if self.threads.contains_key(&id) {
            return Err(Reply::error(400, 160_004, "A thread has already been created for this message"));
        }
        let name = request.body["name"].as_str().unwrap_or_default().to_owned();
        let opened = (channel, BOT, name);
        let reply = Reply::json(201, &thread(id, &opened));
        self.threads.insert(id, opened);
        self.denied.insert(id, self.denied_in_threads);
        Ok(reply)
    }

    /// Adds a message, and tells whoever may know of it. The bot hears of its own too, as at Discord.
    pub(super) fn add(&mut self, message: Message) -> Id {
        let needs = if message.channel == DIRECT { intent::DIRECT_MESSAGES } else { intent::GUILD_MESSAGES };
        let replied = message.replies_to.and_then(|(replied, _)| self.messages.get(&replied));
        // What is said in a channel that the bot cannot see, it does not hear.
        if self.may(message.channel, permission::VIEW_CHANNEL) {
            self.gateway.dispatch(&Event { name: "MESSAGE_CREATE", data: message.event(replied), needs });
        }
        let id = message.id;
        self.messages.insert(id, message);
        id
    }

    pub(super) fn post_message(&mut self, request: &Request, channel: &str) -> Result<Reply, Reply> {
        let channel = self.channel(channel)?;
        self.judge(request, &rules::new_message(&request.body))?;
        self.permit(request, channel)?;
        if let Some(there) = self.with_nonce(request) {
            return Ok(Reply::json(200, &there.payload()));
        }
        let replies_to = self.replied(request, channel)?;
        self.note_pings(request, &request.body, replies_to.map(|(_, author)| author));
        let mut message = Message::of_the_bot(self.next_id(), channel, &request.body);
        message.replies_to = replies_to;
        let reply = Reply::json(200, &message.payload());
        self.add(message);
        Ok(reply)
    }

    fn may(&self, channel: Id, wanted: u64) -> bool {
        self.denied.get(&channel).is_none_or(|denied| denied & wanted == 0)
    }

    /// Refuses what the bot may not post.
    fn permit(&self, request: &Request, channel: Id) -> Result<(), Reply> {
        let body = &request.body;
        let send = if self.threads.contains_key(&channel) {
            permission::SEND_MESSAGES_IN_THREADS
        } else {
            permission::SEND_MESSAGES
        };
        let has_embeds = body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
        if channel == DIRECT && self.takes_no_direct_messages {
            return Err(Reply::error(403, 50007, "Cannot send messages to this user"));
        }
        if !self.may(channel, permission::VIEW_CHANNEL) {
            return Err(Reply::error(403, 50001, "Missing Access"));
        }
        if !self.may(channel, send) || (has_embeds && !self.may(channel, permission::EMBED_LINKS)) {
            return Err(Reply::error(403, 50013, "Missing Permissions"));
        }
        if !body["message_reference"].is_null() && !self.may(channel, permission::READ_MESSAGE_HISTORY) {
            return Err(Reply::error(403, 160_002, "Cannot reply without permission to read message history"));
        }
        Ok(())
    }

    /// `POST /users/@me/channels`: there is a direct channel with Alice only.
    pub(super) fn open_direct(&mut self, request: &Request) -> Result<Reply, Reply> {
        if id(&request.body["recipient_id"]) == Some(ALICE) {
            return Ok(Reply::json(200, &direct()));
        }
        Err(Reply::error(400, 50033, "Invalid Recipient(s)"))
    }

    /// The message that was posted with the same nonce, if it must be the only one.
    fn with_nonce(&self, request: &Request) -> Option<&Message> {
        let nonce = &request.body["nonce"];
        let enforced = request.body["enforce_nonce"] == true && !nonce.is_null();
        self.messages.values().find(|message| enforced && message.nonce == *nonce)
    }

    /// The message that is replied to and its author. One that is not in this channel is refused, or left out when
    /// the bot said that it may be.
    fn replied(&mut self, request: &Request, channel: Id) -> Result<Option<(Id, Id)>, Reply> {
        let reference = &request.body["message_reference"];
        let Some(wanted) = id(&reference["message_id"]) else { return Ok(None) };
        let found = self.messages.get(&wanted).filter(|message| message.channel == channel);
        if let Some(message) = found {
            return Ok(Some((message.id, message.author)));
        }
        if reference["fail_if_not_exists"] == false {
            return Ok(None);
        }
        self.complain(request, "message_reference: Unknown message");
        Err(Reply::error(400, 50035, "Invalid Form Body"))
    }

    pub(super) fn edit_message(&mut self, request: &Request, channel: &str, message: &str) -> Result<Reply, Reply> {
        let channel = self.channel(channel)?;
        let wanted: Option<Id> = message.parse().ok();
        let found = self.messages.values().find(|message| Some(message.id) == wanted && message.channel == channel);
        let Some(id) = found.map(|message| message.id) else {
            return Err(Reply::error(404, 10008, "Unknown Message"));
        };
        self.edit(request, id)
    }

    /// Edits a message; it must show something then.
    pub(super) fn edit(&mut self, request: &Request, id: Id) -> Result<Reply, Reply> {
        self.judge(request, &rules::edited_message(&request.body))?;
        self.note_pings(request, &request.body, None);
        let found = self.messages.get(&id).cloned();
        let mut message = found.ok_or_else(|| Reply::error(404, 10008, "Unknown Message"))?;
        message.edit(&request.body);
        if message.is_empty() {
            self.complain(request, "leaves an empty message");
            return Err(Reply::error(400, 50006, "Cannot send an empty message"));
        }
        let reply = Reply::json(200, &message.payload());
        self.messages.insert(id, message);
        Ok(reply)
    }

    /// The bot must ping nobody.
    pub(super) fn note_pings(&mut self, request: &Request, message: &Value, replied: Option<Id>) {
        for pinged in pings(message, replied) {
            self.complain(request, &format!("pings {pinged}"));
        }
    }
}
