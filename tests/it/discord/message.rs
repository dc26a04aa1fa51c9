//! Messages: what people say, what the bot posts, how Discord writes both, and how people see them.

use serde_json::{Value, json};

use super::mentions::mentions;
use super::people::{ALICE, APPLICATION, BOT, DIRECT, GENERAL, GUILD, Id, MOMENT, WEBHOOK, member, user};

/// Only the person who asked sees it.
pub(super) const EPHEMERAL: u64 = 1 << 6;
/// "kewen is thinking…"
const LOADING: u64 = 1 << 7;

/// The kinds of messages that play a part.
pub(crate) mod kind {
    pub(crate) const DEFAULT: u8 = 0;
    pub(crate) const CALL: u8 = 3;
    pub(crate) const JOIN: u8 = 7;
    pub(crate) const REPLY: u8 = 19;
    /// The answer to a slash command.
    pub(crate) const COMMAND: u8 = 20;
}

/// What somebody says in a channel; made in one line of a test.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    author: Id,
    channel: Id,
    content: String,
    kind: u8,
    pub(super) replies_to: Option<Id>,
}

impl Said {
    /// In the guild's channel.
    pub(crate) fn aloud(content: &str) -> Self {
        Self { author: ALICE, channel: GENERAL, content: content.to_owned(), kind: kind::DEFAULT, replies_to: None }
    }

    /// In the guild's channel, with the bot's name before it.
    pub(crate) fn mention(question: &str) -> Self {
        Self::aloud(&format!("<@{BOT}> {question}"))
    }

    /// To the bot alone.
    pub(crate) fn direct(content: &str) -> Self {
        Self { channel: DIRECT, ..Self::aloud(content) }
    }

    pub(crate) fn in_channel(self, channel: Id) -> Self {
        Self { channel, ..self }
    }

    pub(crate) fn by(self, author: Id) -> Self {
        Self { author, ..self }
    }

    pub(crate) fn of_kind(self, kind: u8) -> Self {
        Self { kind, ..self }
    }

    /// As a reply that pings, as it does by default.
    pub(crate) fn replying_to(self, message: Id) -> Self {
        Self { replies_to: Some(message), kind: kind::REPLY, ..self }
    }
}

/// A message that is there.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: Id,
    pub(super) channel: Id,
    pub(super) author: Id,
    pub(super) kind: u8,
    pub(super) content: String,
    pub(super) embeds: Value,
    pub(super) components: Value,
    pub(super) flags: u64,
    pub(super) nonce: Value,
    /// The message that it replies to, with that one's author.
    pub(super) replies_to: Option<(Id, Id)>,
    /// The interaction that it answers.
    pub(super) interaction: Option<Id>,
}

impl Message {
    /// `replied` is the author of the message replied to.
    pub(super) fn said(id: Id, said: Said, replied: Option<Id>) -> Self {
        let Said { author, channel, content, kind, replies_to } = said;
        let replies_to = replies_to.zip(replied);
        Self { author, channel, content, kind, replies_to, ..Self::of_the_bot(id, channel, &json!({})) }
    }

    /// What the bot sent to be shown.
    pub(super) fn of_the_bot(id: Id, channel: Id, body: &Value) -> Self {
        let mut message = Self {
            id,
            channel,
            author: BOT,
            kind: kind::DEFAULT,
            content: String::new(),
            embeds: json!([]),
            components: json!([]),
            flags: 0,
            nonce: body["nonce"].clone(),
            replies_to: None,
            interaction: None,
        };
        message.flags = body["flags"].as_u64().unwrap_or(0);
        message.edit(body);
        message
    }

    /// An answer to a slash command; `loading` when it is only promised yet.
    pub(super) fn of_an_interaction(id: Id, channel: Id, interaction: Id, body: &Value, loading: bool) -> Self {
        let mut message = Self::of_the_bot(id, channel, body);
        message.interaction = Some(interaction);
        message.kind = kind::COMMAND;
        message.flags |= if loading { LOADING } else { 0 };
        message
    }

    /// Takes over the fields that `body` has.
    pub(super) fn edit(&mut self, body: &Value) {
        self.flags &= !LOADING;
        if let Some(content) = body.get("content") {
            content.as_str().unwrap_or_default().clone_into(&mut self.content);
        }
        for (key, field) in [("embeds", &mut self.embeds), ("components", &mut self.components)] {
            if let Some(value) = body.get(key) {
                *field = if value.is_null() { json!([]) } else { value.clone() };
            }
        }
    }

    /// Whether there is nothing to be seen.
    pub(super) fn is_empty(&self) -> bool {
        self.content.trim().is_empty() && self.embeds.as_array().is_none_or(Vec::is_empty)
    }

    fn is_direct(&self) -> bool {
        self.channel == DIRECT
    }

    /// Whom it names, and the author of the message that it replies to; the bot's own messages ping nobody.
    fn mentioned(&self) -> Vec<Id> {
        if self.author == BOT {
            return Vec::new();
        }
        let mut users = mentions(&self.content).users;
        users.extend(self.replies_to.map(|(_, author)| author).filter(|author| !users.contains(author)));
        users
    }

    /// As REST gives it.
    pub(super) fn payload(&self) -> Value {
        let named = mentions(&self.content);
        let mentioned: Vec<Value> = self.mentioned().into_iter().map(user).collect();
        let mut payload = json!({
            "id": self.id.to_string(), "channel_id": self.channel.to_string(), "author": user(self.author),
            "content": self.content, "timestamp": MOMENT, "edited_timestamp": null, "tts": false, "pinned": false,
            "mention_everyone": named.everyone && self.author != BOT, "mentions": mentioned,
            "mention_roles": named.roles.iter().map(Id::to_string).collect::<Vec<_>>(), "attachments": [],
            "embeds": self.embeds, "components": self.components, "type": self.kind, "flags": self.flags,
        });
        if !self.nonce.is_null() {
            payload["nonce"] = self.nonce.clone();
        }
        if let Some((message, _)) = self.replies_to {
            payload["message_reference"] =
                json!({"type": 0, "message_id": message.to_string(), "channel_id": self.channel.to_string()});
        }
        if let Some(interaction) = self.interaction {
            payload["interaction_metadata"] = json!({
                "id": interaction.to_string(), "type": 2, "user": user(ALICE),
                "authorizing_integration_owners": {"0": GUILD.to_string()},
            });
        }
        if self.author == WEBHOOK {
            payload["webhook_id"] = json!(WEBHOOK.to_string());
        } else if self.interaction.is_some() {
            payload["webhook_id"] = json!(APPLICATION.to_string());
        }
        payload
    }

    /// As the gateway sends it: with the guild, the member and the message that it replies to.
    pub(super) fn event(&self, replied: Option<&Self>) -> Value {
        let mut payload = self.payload();
        if self.replies_to.is_some() {
            payload["referenced_message"] = replied.map_or(Value::Null, Self::payload);
        }
        if !self.is_direct() {
            payload["guild_id"] = json!(GUILD.to_string());
            for mentioned in payload["mentions"].as_array_mut().into_iter().flatten() {
                mentioned["member"] = member();
            }
            if self.author != WEBHOOK {
                payload["member"] = member();
            }
        }
        payload
    }

    pub(super) fn shown(&self) -> Shown {
        let rows = self.components.as_array().into_iter().flatten();
        Shown {
            id: self.id,
            buttons: rows.filter_map(|row| row["components"].as_array()).flatten().cloned().collect(),
            channel: self.channel,
            answers: self.interaction.or(self.replies_to.map(|(message, _)| message)),
            content: self.content.clone(),
            embeds: self.embeds.as_array().cloned().unwrap_or_default(),
            only_to_asker: self.flags & EPHEMERAL != 0,
            loading: self.flags & LOADING != 0,
        }
    }
}

/// Empties what a bot may not read without the intent for the content of messages: all that people write, unless it
/// is a direct message, mentions the bot or is the bot's own.
pub(super) fn blank(event: &mut Value) {
    let bot = BOT.to_string();
    let named = event["mentions"].as_array().is_some_and(|users| users.iter().any(|user| user["id"] == *bot));
    if event["guild_id"].is_null() || event["author"]["id"] == *bot || named {
        return;
    }
    empty(event);
    if event["referenced_message"].is_object() && event["referenced_message"]["author"]["id"] != *bot {
        empty(&mut event["referenced_message"]);
    }
}

fn empty(message: &mut Value) {
    message["content"] = json!("");
    for list in ["embeds", "attachments", "components"] {
        message[list] = json!([]);
    }
}

/// A message of the bot's as people see it now.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) id: Id,
    /// The buttons below it, row after row.
    pub(crate) buttons: Vec<Value>,
    pub(crate) channel: Id,
    /// The message or the interaction that it answers.
    pub(crate) answers: Option<Id>,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) only_to_asker: bool,
    /// Whether the answer is only promised.
    pub(crate) loading: bool,
}

impl Shown {
    /// The button on which this stands.
    #[track_caller]
    pub(crate) fn button(&self, label: &str) -> &Value {
        let found = self.buttons.iter().find(|button| button["label"].as_str().is_some_and(|on| on.contains(label)));
        found.unwrap_or_else(|| panic!("no button {label:?} in {:#?}", self.buttons))
    }

    /// All that can be read, without the marks of Markdown, one part a line.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec![self.content.as_str()];
        for embed in &self.embeds {
            let parts = [&embed["title"], &embed["description"], &embed["footer"]["text"]];
            lines.extend(parts.into_iter().filter_map(Value::as_str));
        }
        lines.join("\n").replace(['*', '\\', '`', '_', '\u{200B}'], "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_blanked_as_discord_does_it() {
        #[track_caller]
        fn check(said: Said, blanked: bool) {
            let mut event = Message::said(7, said, Some(BOT)).event(None);
            blank(&mut event);
            assert_eq!(event["content"] == "", blanked, "{event}");
        }
        check(Said::aloud("a word"), true);
        check(Said::aloud("@everyone"), true);
        check(Said::aloud("<@3> a word"), true);
        check(Said::mention("a word"), false);
        check(Said::direct("a word"), false);
        check(Said::aloud("a word").replying_to(6), false);
        check(Said::aloud("a word").by(BOT), false);
    }
}
