//! Slash commands: what a person sends, the bot's acknowledgement within three seconds, and what it may do with the
//! token for a quarter of an hour.

use std::time::Duration;

use serde_json::{Value, json};

use super::commands;
use super::message::{EPHEMERAL, Message};
use super::people::{
    ALICE, APPLICATION, DIRECT, GENERAL, GUILD, Id, MANAGE_GUILD, STUDENT, direct, full_member, general, user,
};
use super::rest::{Reply, Request};
use super::rules;
use super::sessions::Event;
use super::state::State;

const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(3);
const TOKEN_LASTS: Duration = Duration::from_mins(15);

/// Types of an acknowledgement.
const MESSAGE: u64 = 4;
const DEFERRED: u64 = 5;
const CHOICES: u64 = 8;

/// A command as somebody uses it; made in one line of a test.
#[derive(Clone, Debug)]
pub(crate) struct Used {
    name: &'static str,
    author: Id,
    channel: Id,
    permissions: u64,
    roles: Vec<Id>,
    options: Value,
    /// Whether it comes although Discord does not show the command to the author.
    is_forged: bool,
}

impl Used {
    /// By Alice, who manages the server, in the guild's channel.
    pub(crate) fn of(name: &'static str) -> Self {
        let permissions = STUDENT | MANAGE_GUILD;
        Self {
            name,
            author: ALICE,
            channel: GENERAL,
            permissions,
            roles: Vec::new(),
            options: json!([]),
            is_forged: false,
        }
    }

    /// By somebody with these permissions and roles.
    pub(crate) fn by(self, author: Id, permissions: u64, roles: &[Id]) -> Self {
        Self { author, permissions, roles: roles.to_vec(), ..self }
    }

    pub(crate) fn in_channel(self, channel: Id) -> Self {
        Self { channel, ..self }
    }

    /// `/ask question` by somebody.
    pub(crate) fn asking(question: &str, author: Id) -> Self {
        let options = json!([{"name": "question", "type": 3, "value": question}]);
        Self { options, ..Self::of("ask").by(author, STUDENT, &[]) }
    }

    pub(crate) fn with(self, option: &str, value: i64) -> Self {
        Self { options: json!([{"name": option, "type": 4, "value": value}]), ..self }
    }

    pub(crate) fn forged(self) -> Self {
        Self { is_forged: true, ..self }
    }
}

#[derive(Debug)]
pub(super) struct Interaction {
    pub(super) token: String,
    pub(super) question: String,
    channel: Id,
    /// By the fake's clock.
    made: Duration,
    is_acknowledged: bool,
    /// The message that answers it; gone when it was deleted.
    original: Option<Id>,
    /// Whether only the person sees what follows.
    only_to_asker: bool,
}

impl State {
    /// Alice sends `/ask question`; gives the interaction's id.
    pub(super) fn ask(&mut self, channel: Id, question: &str) -> Id {
        self.command(channel, "ask", question)
    }

    /// Somebody uses a command; gives the interaction's id, or `None` when Discord does not show them the command.
    pub(super) fn use_command(&mut self, used: &Used) -> Option<Id> {
        let in_server = used.channel != DIRECT;
        let command = self.commands.iter().find(|command| command["name"] == used.name).expect("it is not registered");
        if !used.is_forged && !commands::is_shown(command, used.permissions, in_server) {
            return None;
        }
        let id = self.next_id();
        let token = format!("aW50ZXJhY3Rpb246{id}:secret");
        let mut data = self.interaction(id, &token, used.channel, used.name, "");
        data["data"]["options"] = used.options.clone();
        if in_server {
            data["member"]["user"] = user(used.author);
            data["member"]["permissions"] = json!(used.permissions.to_string());
            data["member"]["roles"] = used.roles.iter().map(Id::to_string).collect();
        } else {
            data["user"] = user(used.author);
        }
        self.gateway.dispatch(&Event { name: "INTERACTION_CREATE", data, needs: 0 });
        let question = used.options[0]["value"].as_str().unwrap_or_default().to_owned();
        self.await_answer(id, token, used.channel, question);
        Some(id)
    }

    /// Alice sends a command; one without options when the question is empty.
    pub(super) fn command(&mut self, channel: Id, name: &str, question: &str) -> Id {
        let id = self.next_id();
        let token = format!("aW50ZXJhY3Rpb246{id}:secret");
        self.gateway.dispatch(&Event {
            name: "INTERACTION_CREATE",
            data: self.interaction(id, &token, channel, name, question),
            needs: 0,
        });
        self.await_answer(id, token, channel, question.to_owned());
        id
    }

    fn await_answer(&mut self, id: Id, token: String, channel: Id, question: String) {
        let interaction = Interaction {
            token,
            question,
            channel,
            made: self.clock.now(),
            is_acknowledged: false,
            original: None,
            only_to_asker: false,
        };
        self.interactions.insert(id, interaction);
    }

    fn interaction(&self, id: Id, token: &str, channel: Id, name: &str, question: &str) -> Value {
        let command = self.commands.iter().find(|command| command["name"] == name).expect("it is not registered");
        let options: Vec<Value> = match name {
            "ask" => vec![json!({"name": "question", "type": 3, "value": question})],
            _ => Vec::new(),
        };
        let mut interaction = json!({
            "id": id.to_string(), "application_id": APPLICATION.to_string(), "type": 2, "token": token, "version": 1,
            "data": {"id": command["id"], "name": name, "type": 1, "options": options},
            "channel_id": channel.to_string(), "locale": "zh-CN", "app_permissions": "2248473465835073",
            "entitlements": [], "attachment_size_limit": 10_485_760,
        });
        let place = if channel == DIRECT {
            json!({"user": user(ALICE), "channel": direct(), "context": 1, "authorizing_integration_owners": {"0": "0"}})
        } else {
            json!({
                "member": full_member(ALICE), "channel": general(), "context": 0, "guild_id": GUILD.to_string(),
                "guild_locale": "zh-CN", "authorizing_integration_owners": {"0": GUILD.to_string()},
            })
        };
        interaction.as_object_mut().into_iter().for_each(|fields| fields.extend(place.as_object().cloned().unwrap()));
        interaction
    }

    /// `POST /interactions/ID/TOKEN/callback`
    pub(super) fn acknowledge(&mut self, request: &Request, id: &str, token: &str) -> Result<Reply, Reply> {
        let (id, channel) = self.awaited(id, token)?;
        let original = self.first_answer(request, id, channel)?;
        self.keep_acknowledged(id, original);
        Ok(Reply::nothing())
    }

    /// An interaction that may still be acknowledged, and its channel.
    fn awaited(&self, id: &str, token: &str) -> Result<(Id, Id), Reply> {
        let unknown = || Reply::error(404, 10062, "Unknown interaction");
        let id: Id = id.parse().map_err(|_| unknown())?;
        let interaction = self.interactions.get(&id).filter(|known| known.token == token).ok_or_else(unknown)?;
        if interaction.is_acknowledged {
            return Err(Reply::error(400, 40060, "Interaction has already been acknowledged."));
        }
        if self.clock.now() > interaction.made + ACKNOWLEDGED_WITHIN {
            return Err(unknown());
        }
        Ok((id, interaction.channel))
    }

    /// The message that an acknowledgement shows or promises; choices show none.
    fn first_answer(&mut self, request: &Request, id: Id, channel: Id) -> Result<Option<Message>, Reply> {
        let data = &request.body["data"];
        let kind = request.body["type"].as_u64();
        match kind {
            Some(MESSAGE) => self.judge(request, &rules::new_message(data))?,
            Some(DEFERRED) => {}
            Some(CHOICES) => return self.judge(request, &rules::choices(data)).map(|()| None),
            _ => {
                self.complain(request, "type: a slash command is not answered with this");
                return Err(Reply::error(400, 50035, "Invalid Form Body"));
            }
        }
        self.note_pings(request, data, None);
        Ok(Some(Message::of_an_interaction(self.next_id(), channel, id, data, kind == Some(DEFERRED))))
    }

    fn keep_acknowledged(&mut self, id: Id, original: Option<Message>) {
        if let Some(interaction) = self.interactions.get_mut(&id) {
            interaction.is_acknowledged = true;
            interaction.original = original.as_ref().map(|message| message.id);
            interaction.only_to_asker = original.as_ref().is_some_and(|message| message.flags & EPHEMERAL != 0);
        }
        self.messages.extend(original.map(|message| (message.id, message)));
    }

    /// `/webhooks/APPLICATION/TOKEN`, and what lies below it.
    pub(super) fn webhook(&mut self, request: &Request, token: &str, rest: &[&str]) -> Result<Reply, Reply> {
        let id = self.acknowledged(token)?;
        let original = self.interactions[&id].original.ok_or_else(|| Reply::error(404, 10008, "Unknown Message"));
        let method = request.line.split(' ').next().unwrap_or_default();
        match (method, rest) {
            ("POST", []) => self.follow_up(request, id),
            ("GET", ["messages", "@original"]) => Ok(Reply::json(200, &self.messages[&original?].payload())),
            ("PATCH", ["messages", "@original"]) => self.edit(request, original?),
            ("DELETE", ["messages", "@original"]) => {
                self.messages.remove(&original?);
                self.interactions.entry(id).and_modify(|interaction| interaction.original = None);
                Ok(Reply::nothing())
            }
            _ => Err(Reply::error(404, 10015, "Unknown Webhook")),
        }
    }

    /// The interaction whose token this is, acknowledged and not too old.
    fn acknowledged(&self, token: &str) -> Result<Id, Reply> {
        let found = self.interactions.iter().find(|(_, known)| known.token == token && known.is_acknowledged);
        let (id, interaction) = found.ok_or_else(|| Reply::error(404, 10015, "Unknown Webhook"))?;
        if self.clock.now() > interaction.made + TOKEN_LASTS {
            return Err(Reply::error(401, 50027, "Invalid Webhook Token"));
        }
        Ok(*id)
    }

    fn follow_up(&mut self, request: &Request, id: Id) -> Result<Reply, Reply> {
        self.judge(request, &rules::new_message(&request.body))?;
        self.note_pings(request, &request.body, None);
        let interaction = &self.interactions[&id];
        let (channel, hidden) = (interaction.channel, interaction.only_to_asker);
        let mut message = Message::of_an_interaction(self.next_id(), channel, id, &request.body, false);
        message.flags |= if hidden { EPHEMERAL } else { 0 };
        let reply = Reply::json(200, &message.payload());
        self.messages.insert(message.id, message);
        Ok(reply)
    }
}
