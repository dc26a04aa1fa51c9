//! Commands: what a person sends or types, the bot's acknowledgement within three seconds, and what it may do with the
//! token for a quarter of an hour.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::commands;
use super::message::{EPHEMERAL, Message};
use super::people::{
    ALICE, APPLICATION, DIRECT, GENERAL, GUILD, Id, MANAGE_GUILD, STUDENT, direct, full_member, general, thread, user,
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
/// Answers to a press: the message is edited later, or now.
const UPDATE_LATER: u64 = 6;
const UPDATE: u64 = 7;
const CHOICES: u64 = 8;

/// Types of interactions.
const COMMAND: u64 = 2;
const PRESS: u64 = 3;
const AUTOCOMPLETE: u64 = 4;

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
    kind: u64,
    channel: Id,
    /// The message whose button was pressed, if it was one.
    pressed: Option<Id>,
    /// By the fake's clock.
    made: Duration,
    is_acknowledged: bool,
    /// The message that answers it; gone when it was deleted.
    original: Option<Id>,
    /// Whether only the person sees what follows.
    only_to_asker: bool,
    /// What is offered to somebody who types.
    pub(super) choices: Option<Vec<String>>,
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
        let chosen = json!({"name": used.name, "type": 1, "options": used.options});
        let mut data = self.interaction(used.author, used.channel, &chosen);
        data["id"] = json!(id.to_string());
        data["token"] = json!(token);
        data["type"] = json!(COMMAND);
        if in_server {
            data["member"]["user"] = user(used.author);
            data["member"]["permissions"] = json!(used.permissions.to_string());
            data["member"]["roles"] = used.roles.iter().map(Id::to_string).collect();
        } else {
            data["user"] = user(used.author);
        }
        self.gateway.dispatch(&Event { name: "INTERACTION_CREATE", data, needs: 0 });
        let question = used.options[0]["value"].as_str().unwrap_or_default().to_owned();
        self.await_answer(id, token, used.channel, COMMAND, question);
        Some(id)
    }

    /// Alice sends a command; one without options when the question is empty.
    pub(super) fn command(&mut self, channel: Id, name: &str, question: &str) -> Id {
        let options: Vec<Value> = match name {
            "ask" => vec![json!({"name": "question", "type": 3, "value": question})],
            _ => Vec::new(),
        };
        self.interact(ALICE, channel, COMMAND, &json!({"name": name, "type": 1, "options": options}), question)
    }

    /// Alice sends `/ask question private:True`.
    pub(super) fn ask_privately(&mut self, channel: Id, question: &str) -> Id {
        let options = json!([
            {"name": "question", "type": 3, "value": question},
            {"name": "private", "type": 5, "value": true},
        ]);
        self.interact(ALICE, channel, COMMAND, &json!({"name": "ask", "type": 1, "options": options}), question)
    }

    /// Alice has typed so much of the question of `/ask`.
    pub(super) fn type_in(&mut self, channel: Id, typed: &str) -> Id {
        let options = json!([{"name": "question", "type": 3, "value": typed, "focused": true}]);
        self.interact(ALICE, channel, AUTOCOMPLETE, &json!({"name": "ask", "type": 1, "options": options}), typed)
    }

    /// Somebody chooses a command in the menu of a message. Its text comes along whatever the bot may read otherwise.
    pub(super) fn use_on(&mut self, person: Id, name: &str, message: Id) -> Id {
        let (channel, payload) = (self.messages[&message].channel, self.messages[&message].payload());
        let (target, mut resolved) = (message.to_string(), json!({"messages": {}}));
        resolved["messages"][&target] = payload;
        let data = json!({"name": name, "type": 3, "target_id": target, "resolved": resolved});
        self.interact(person, channel, COMMAND, &data, "")
    }

    fn interact(&mut self, person: Id, channel: Id, kind: u64, data: &Value, question: &str) -> Id {
        let id = self.next_id();
        let token = format!("aW50ZXJhY3Rpb246{id}:secret");
        let mut event = self.interaction(person, channel, data);
        event["id"] = json!(id.to_string());
        event["token"] = json!(token);
        event["type"] = json!(kind);
        self.gateway.dispatch(&Event { name: "INTERACTION_CREATE", data: event, needs: 0 });
        self.await_answer(id, token, channel, kind, question.to_owned());
        id
    }

    fn await_answer(&mut self, id: Id, token: String, channel: Id, kind: u64, question: String) {
        let interaction = Interaction {
            token,
            question,
            kind,
            channel,
            pressed: None,
            made: self.clock.now(),
            is_acknowledged: false,
            original: None,
            only_to_asker: false,
            choices: None,
        };
        self.interactions.insert(id, interaction);
    }

    /// Somebody presses a button of a message; gives the interaction's id.
    pub(super) fn press(&mut self, message: Id, custom_id: &str, by: Id) -> Id {
        let id = self.next_id();
        let token = format!("aW50ZXJhY3Rpb246{id}:secret");
        let pressed = &self.messages[&message];
        let channel = pressed.channel;
        let mut shown = pressed.payload();
        if let Some((replied, _)) = pressed.replies_to {
            shown["referenced_message"] = self.messages.get(&replied).map_or(Value::Null, Message::payload);
        }
        let mut event = self.frame(by, channel, json!({"custom_id": custom_id, "component_type": 2, "id": 2}));
        event["id"] = json!(id.to_string());
        event["token"] = json!(token);
        event["type"] = json!(PRESS);
        event["message"] = shown;
        self.gateway.dispatch(&Event { name: "INTERACTION_CREATE", data: event, needs: 0 });
        self.await_answer(id, token, channel, PRESS, String::new());
        self.interactions.entry(id).and_modify(|interaction| interaction.pressed = Some(message));
        id
    }

    /// The interaction of a command without its id, token and type.
    fn interaction(&self, person: Id, channel: Id, data: &Value) -> Value {
        let is_it = |command: &&Value| command["name"] == data["name"] && command["type"] == data["type"];
        let mut data = data.clone();
        data["id"] = self.commands.iter().find(is_it).expect("it is not registered")["id"].clone();
        self.frame(person, channel, data)
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
        let is_typed = self.interactions[&id].kind == AUTOCOMPLETE;
        match kind {
            Some(CHOICES) if is_typed => {
                self.judge(request, &rules::choices(data))?;
                let names =
                    data["choices"].as_array().into_iter().flatten().filter_map(|choice| choice["name"].as_str());
                let names = names.map(str::to_owned).collect();
                self.interactions.entry(id).and_modify(|interaction| interaction.choices = Some(names));
                return Ok(None);
            }
            _ if is_typed => {
                self.complain(request, "type: somebody who types is answered with choices only");
                return Err(Reply::error(400, 50035, "Invalid Form Body"));
            }
            Some(MESSAGE) => self.judge(request, &rules::new_message(data))?,
            Some(DEFERRED) => {}
            Some(UPDATE_LATER | UPDATE) if self.interactions[&id].pressed.is_some() => {
                let pressed = self.interactions[&id].pressed;
                self.judge(request, &rules::edited_message(data))?;
                self.note_pings(request, data, None);
                let mut message = pressed.and_then(|pressed| self.messages.get(&pressed)).cloned();
                if let Some(message) = message.as_mut().filter(|_| kind == Some(UPDATE)) {
                    message.edit(data);
                }
                return Ok(message);
            }
            _ => {
                self.complain(request, "type: a command is not answered with this");
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

    /// What every interaction holds beside its id, token and type: who does it and where.
    fn frame(&self, person: Id, channel: Id, data: Value) -> Value {
        let mut interaction = json!({
            "application_id": APPLICATION.to_string(), "version": 1, "data": data,
            "channel_id": channel.to_string(), "locale": "zh-CN", "app_permissions": "2248473465835073",
            "entitlements": [], "attachment_size_limit": 10_485_760,
        });
        let place = if channel == DIRECT {
            json!({"user": user(person), "channel": direct(), "context": 1, "authorizing_integration_owners": {"0": "0"}})
        } else {
            json!({
                "member": full_member(person), "channel": place(&self.threads, channel), "context": 0, "guild_id": GUILD.to_string(),
                "guild_locale": "zh-CN", "authorizing_integration_owners": {"0": GUILD.to_string()},
            })
        };
        interaction.as_object_mut().into_iter().for_each(|fields| fields.extend(place.as_object().cloned().unwrap()));
        interaction
    }
}

/// Every channel that is no thread is GENERAL.
fn place(threads: &BTreeMap<Id, (Id, Id, String)>, channel: Id) -> Value {
    threads.get(&channel).map_or_else(general, |opened| thread(channel, opened))
}
