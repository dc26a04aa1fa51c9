//! The gateway: sessions, what they were sent, and what is said on each connection. Frames go out through a channel;
//! `socket` carries them.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::message::blank;
use super::people::{APPLICATION, BOT, GUILD, guild, user};

/// Bits of the intents.
pub(super) mod intent {
    pub(crate) const GUILDS: u64 = 1;
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(crate) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Those that Discord must approve.
    pub(crate) const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    pub(crate) const KNOWN: u64 = 0x1_FFFF | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;
}

/// Codes with which a connection is closed.
pub(crate) mod close {
    pub(crate) const GOING_AWAY: u16 = 1001;
    pub(crate) const UNKNOWN_ERROR: u16 = 4000;
    pub(crate) const UNKNOWN_OPCODE: u16 = 4001;
    pub(crate) const DECODE_ERROR: u16 = 4002;
    pub(crate) const WRONG_TOKEN: u16 = 4004;
    pub(crate) const ALREADY_IDENTIFIED: u16 = 4005;
    pub(crate) const INVALID_SEQUENCE: u16 = 4007;
    pub(crate) const SESSION_TIMED_OUT: u16 = 4009;
    pub(crate) const INVALID_INTENTS: u16 = 4013;
    pub(crate) const DISALLOWED_INTENTS: u16 = 4014;
}

/// Codes of payloads.
mod op {
    pub(super) const DISPATCH: u64 = 0;
    pub(super) const HEARTBEAT: u64 = 1;
    pub(super) const IDENTIFY: u64 = 2;
    pub(super) const PRESENCE: u64 = 3;
    pub(super) const RESUME: u64 = 6;
    pub(super) const RECONNECT: u64 = 7;
    pub(super) const INVALID_SESSION: u64 = 9;
    pub(super) const HELLO: u64 = 10;
    pub(super) const HEARTBEAT_ACK: u64 = 11;
}

/// What goes down a connection.
#[derive(Debug)]
pub(super) enum Frame {
    Payload(Value),
    Close(u16),
    /// The connection breaks without a word.
    Cut,
}

/// Something that happens, and the intent without which a session does not learn of it; 0 for none.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) name: &'static str,
    pub(super) data: Value,
    pub(super) needs: u64,
}

/// A payload of the bot's.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) at: Instant,
    /// Counted from 0.
    pub(crate) connection: usize,
    pub(crate) op: u64,
    pub(crate) data: Value,
}

impl Heard {
    pub(crate) fn is_identify(&self) -> bool {
        self.op == op::IDENTIFY
    }

    pub(crate) fn is_resume(&self) -> bool {
        self.op == op::RESUME
    }

    pub(crate) fn is_heartbeat(&self) -> bool {
        self.op == op::HEARTBEAT
    }
}

/// A connection: where its frames go, and its session once it has one.
#[derive(Debug)]
struct Link {
    frames: UnboundedSender<Frame>,
    session: Option<String>,
}

#[derive(Debug)]
struct Session {
    intents: u64,
    /// All dispatches so far, the first with number 1.
    sent: Vec<Value>,
    /// The connection that carries it; none between two of them.
    link: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct Gateway {
    pub(super) heard: Vec<Heard>,
    /// How often READY was sent.
    pub(super) ready: usize,
    /// How often RESUMED was sent.
    pub(super) resumed: usize,
    pub(crate) heartbeat_ms: u64,
    pub(crate) acknowledges: bool,
    /// Closes every connection that identifies with this code.
    pub(crate) refusal: Option<u16>,
    /// Whether Discord has approved of the intent for the content of messages.
    pub(crate) grants_content: bool,
    /// Leaves those who want to connect without any answer.
    pub(crate) is_mute: bool,
    /// Sends a session that resumes everything again, not only what it has not seen.
    pub(crate) repeats: bool,
    token: &'static str,
    address: String,
    links: BTreeMap<usize, Link>,
    connections: usize,
    sessions: BTreeMap<String, Session>,
}

impl Gateway {
    pub(super) fn new(token: &'static str, address: String) -> Self {
        Self {
            heard: Vec::new(),
            ready: 0,
            resumed: 0,
            heartbeat_ms: 41_250,
            acknowledges: true,
            refusal: None,
            grants_content: false,
            is_mute: false,
            repeats: false,
            token,
            address,
            links: BTreeMap::new(),
            connections: 0,
            sessions: BTreeMap::new(),
        }
    }

    // What `socket` tells.

    /// A new connection; says HELLO and gives its number.
    pub(super) fn connect(&mut self, frames: UnboundedSender<Frame>) -> usize {
        let number = self.connections;
        self.connections += 1;
        self.links.insert(number, Link { frames, session: None });
        self.send(number, json!({"op": op::HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}}));
        number
    }

    /// The end of a connection, with the code by which the bot closed it. 1000 and 1001 end the session too.
    pub(super) fn disconnect(&mut self, connection: usize, code: Option<u16>) {
        let session = self.links.remove(&connection).and_then(|link| link.session);
        let Some(name) = session else { return };
        if matches!(code, Some(1000 | 1001)) {
            self.sessions.remove(&name);
        } else if let Some(session) = self.sessions.get_mut(&name).filter(|session| session.link == Some(connection)) {
            session.link = None;
        }
    }

    /// Takes a payload of the bot's.
    pub(super) fn hear(&mut self, connection: usize, text: &str) {
        let payload: Value = serde_json::from_str(text).unwrap_or_default();
        let data = payload["d"].clone();
        let Some(op) = payload["op"].as_u64() else { return self.close(connection, close::DECODE_ERROR) };
        self.heard.push(Heard { at: Instant::now(), connection, op, data: data.clone() });
        match op {
            op::HEARTBEAT if self.acknowledges => self.send(connection, json!({"op": op::HEARTBEAT_ACK})),
            op::HEARTBEAT | op::PRESENCE => {}
            op::IDENTIFY => self.identify(connection, &data),
            op::RESUME => self.resume(connection, &data),
            _ => self.close(connection, close::UNKNOWN_OPCODE),
        }
    }

    fn identify(&mut self, connection: usize, data: &Value) {
        if let Some(code) = self.refusal.or_else(|| self.fault_of(connection, data)) {
            return self.close(connection, code);
        }
        // A connection identifies once, so its number makes a name that never comes again.
        let name = format!("session-{connection}");
        let intents = data["intents"].as_u64().unwrap_or_default();
        self.sessions.insert(name.clone(), Session { intents, sent: Vec::new(), link: Some(connection) });
        self.join(connection, &name);
        let ready = json!({
            "v": 10, "user": user(BOT), "guilds": [{"id": GUILD.to_string(), "unavailable": true}], "session_id": name,
            "resume_gateway_url": self.address, "shard": [0, 1],
            "application": {"id": APPLICATION.to_string(), "flags": 0},
        });
        self.tell(&name, "READY", ready);
        if intents & intent::GUILDS != 0 {
            self.tell(&name, "GUILD_CREATE", guild());
        }
        self.ready += 1;
    }

    /// The code that an IDENTIFY is refused with.
    fn fault_of(&self, connection: usize, data: &Value) -> Option<u16> {
        let has_session = self.links.get(&connection).is_some_and(|link| link.session.is_some());
        let properties = ["os", "browser", "device"].iter().all(|key| data["properties"][key].is_string());
        let intents = data["intents"].as_u64();
        let approved = if self.grants_content { intent::MESSAGE_CONTENT } else { 0 };
        match intents {
            _ if has_session => Some(close::ALREADY_IDENTIFIED),
            _ if !self.knows(&data["token"]) => Some(close::WRONG_TOKEN),
            None => Some(close::DECODE_ERROR),
            _ if !properties => Some(close::DECODE_ERROR),
            Some(intents) if intents & !intent::KNOWN != 0 => Some(close::INVALID_INTENTS),
            Some(intents) if intents & intent::PRIVILEGED & !approved != 0 => Some(close::DISALLOWED_INTENTS),
            Some(_) => None,
        }
    }

    fn knows(&self, token: &Value) -> bool {
        token.as_str().is_some_and(|token| token.strip_prefix("Bot ").unwrap_or(token) == self.token)
    }

    fn resume(&mut self, connection: usize, data: &Value) {
        if !self.knows(&data["token"]) {
            return self.close(connection, close::WRONG_TOKEN);
        }
        let name = data["session_id"].as_str().unwrap_or_default().to_owned();
        // What comes again begins behind READY.
        let seen = if self.repeats { Some(1) } else { data["seq"].as_u64() };
        let seen = seen.and_then(|seen| usize::try_from(seen).ok());
        let Some(session) = self.sessions.get_mut(&name) else {
            return self.send(connection, json!({"op": op::INVALID_SESSION, "d": false}));
        };
        let Some(missed) = seen.and_then(|seen| session.sent.get(seen..)).map(<[Value]>::to_vec) else {
            self.sessions.remove(&name);
            return self.close(connection, close::INVALID_SEQUENCE);
        };
        session.link = Some(connection);
        self.join(connection, &name);
        for dispatch in missed {
            self.send(connection, dispatch);
        }
        self.tell(&name, "RESUMED", json!({}));
        self.resumed += 1;
    }

    fn join(&mut self, connection: usize, session: &str) {
        if let Some(link) = self.links.get_mut(&connection) {
            link.session = Some(session.to_owned());
        }
    }

    // What happens at Discord.

    /// Tells every session that may know; one without a connection hears of it when it resumes.
    pub(super) fn dispatch(&mut self, event: &Event) {
        let names: Vec<String> = self.sessions.keys().cloned().collect();
        for name in names {
            let intents = self.sessions[&name].intents;
            if event.needs & !intents != 0 {
                continue;
            }
            let mut data = event.data.clone();
            if event.name == "MESSAGE_CREATE" && intents & intent::MESSAGE_CONTENT == 0 {
                blank(&mut data);
            }
            self.tell(&name, event.name, data);
        }
    }

    fn tell(&mut self, session: &str, event: &str, data: Value) {
        let Some(session) = self.sessions.get_mut(session) else { return };
        let dispatch = json!({"op": op::DISPATCH, "t": event, "s": session.sent.len() + 1, "d": data});
        session.sent.push(dispatch.clone());
        if let Some(link) = session.link {
            self.send(link, dispatch);
        }
    }

    /// A connection that is gone hears nothing any more.
    fn send(&self, connection: usize, payload: Value) {
        if let Some(link) = self.links.get(&connection) {
            let _ = link.frames.send(Frame::Payload(payload));
        }
    }

    fn close(&self, connection: usize, code: u16) {
        if let Some(link) = self.links.get(&connection) {
            let _ = link.frames.send(Frame::Close(code));
        }
    }

    // What a test wants to happen, on every connection.

    pub(crate) fn demand_heartbeat(&self) {
        self.broadcast(&json!({"op": op::HEARTBEAT, "d": null}));
    }

    /// Acknowledges heartbeats that nobody sent.
    pub(super) fn acknowledge_all(&self) {
        self.broadcast(&json!({"op": op::HEARTBEAT_ACK}));
    }

    pub(crate) fn ask_to_reconnect(&self) {
        self.broadcast(&json!({"op": op::RECONNECT, "d": null}));
    }

    pub(crate) fn invalidate(&mut self, resumable: bool) {
        if !resumable {
            self.sessions.clear();
        }
        self.broadcast(&json!({"op": op::INVALID_SESSION, "d": resumable}));
    }

    /// Closes all connections; a session that has timed out is gone.
    pub(crate) fn close_all(&mut self, code: u16) {
        if code == close::SESSION_TIMED_OUT {
            self.sessions.clear();
        }
        self.links.keys().for_each(|connection| self.close(*connection, code));
    }

    /// Breaks all connections.
    pub(crate) fn cut_all(&self) {
        for link in self.links.values() {
            let _ = link.frames.send(Frame::Cut);
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        !self.links.is_empty()
    }

    fn broadcast(&self, payload: &Value) {
        self.links.keys().for_each(|connection| self.send(*connection, payload.clone()));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    const NEEDED: u64 = intent::GUILDS | intent::GUILD_MESSAGES | intent::DIRECT_MESSAGES;

    fn gateway() -> Gateway {
        Gateway::new("token", String::new())
    }

    /// A new connection that says `payload`, and the frames that it gets.
    fn connect(gateway: &mut Gateway, payload: &Value) -> (usize, UnboundedReceiver<Frame>) {
        let (sender, frames) = unbounded_channel();
        let connection = gateway.connect(sender);
        gateway.hear(connection, &payload.to_string());
        (connection, frames)
    }

    fn identify(token: &str, intents: u64) -> Value {
        let properties = json!({"os": "linux", "browser": "x", "device": "x"});
        json!({"op": op::IDENTIFY, "d": {"token": token, "intents": intents, "properties": properties}})
    }

    fn resume(session: &Value, seq: u64) -> Value {
        json!({"op": op::RESUME, "d": {"token": "token", "session_id": session, "seq": seq}})
    }

    /// Frames so far in short: `hello`, names of events with their numbers, codes.
    fn told(frames: &mut UnboundedReceiver<Frame>) -> Vec<String> {
        let mut told = Vec::new();
        while let Ok(frame) = frames.try_recv() {
            told.push(match frame {
                Frame::Payload(payload) => match payload["op"].as_u64() {
                    Some(op::DISPATCH) => format!("{} {}", payload["t"].as_str().unwrap(), payload["s"]),
                    Some(op::HELLO) => "hello".to_owned(),
                    op => format!("op {} {}", op.unwrap(), payload["d"]),
                },
                Frame::Close(code) => format!("close {code}"),
                Frame::Cut => "cut".to_owned(),
            });
        }
        told
    }

    #[track_caller]
    fn check_refused(payload: &Value, code: u16) {
        let (_, mut frames) = connect(&mut gateway(), payload);
        assert_eq!(told(&mut frames), ["hello".to_owned(), format!("close {code}")], "{payload}");
    }

    #[test]
    fn a_wrong_identify_is_refused_with_its_code() {
        check_refused(&identify("another", NEEDED), close::WRONG_TOKEN);
        check_refused(&identify("token", NEEDED | intent::MESSAGE_CONTENT), close::DISALLOWED_INTENTS);
        check_refused(&identify("token", 1 << 40), close::INVALID_INTENTS);
        check_refused(&json!({"op": op::IDENTIFY, "d": {"token": "token", "intents": NEEDED}}), close::DECODE_ERROR);
        check_refused(&json!({"op": 99}), close::UNKNOWN_OPCODE);
        check_refused(&json!("what"), close::DECODE_ERROR);
    }

    #[test]
    fn a_session_hears_what_its_intents_allow() {
        let mut gateway = gateway();
        let (_, mut frames) = connect(&mut gateway, &identify("Bot token", intent::GUILD_MESSAGES));
        for (name, needs) in [("A", intent::DIRECT_MESSAGES), ("B", intent::GUILD_MESSAGES), ("C", 0)] {
            gateway.dispatch(&Event { name, data: json!({}), needs });
        }
        assert_eq!(told(&mut frames), ["hello", "READY 1", "B 2", "C 3"]);
    }

    #[test]
    fn a_session_that_resumes_hears_what_it_has_not_seen() {
        let mut gateway = gateway();
        let (first, _frames) = connect(&mut gateway, &identify("token", NEEDED));
        let session = gateway.sessions.keys().next().map(|name| json!(name)).unwrap();
        gateway.disconnect(first, None);
        for name in ["A", "B"] {
            gateway.dispatch(&Event { name, data: json!({}), needs: 0 });
        }
        let (_, mut frames) = connect(&mut gateway, &resume(&session, 3));
        assert_eq!(told(&mut frames), ["hello", "B 4", "RESUMED 5"]);
        let (_, mut frames) = connect(&mut gateway, &resume(&session, 9));
        assert_eq!(told(&mut frames), ["hello", "close 4007"]);
        let (_, mut frames) = connect(&mut gateway, &resume(&session, 5));
        assert_eq!(told(&mut frames), ["hello", "op 9 false"], "a wrong number ends the session");
    }

    #[test]
    fn a_session_that_the_bot_closes_properly_is_over() {
        let mut gateway = gateway();
        let (connection, _frames) = connect(&mut gateway, &identify("token", NEEDED));
        gateway.disconnect(connection, Some(1000));
        assert!(gateway.sessions.is_empty());
    }

    #[test]
    fn a_heartbeat_is_acknowledged_unless_a_test_wants_otherwise() {
        let mut gateway = gateway();
        let (connection, mut frames) = connect(&mut gateway, &json!({"op": op::HEARTBEAT, "d": null}));
        assert_eq!(told(&mut frames), ["hello", "op 11 null"]);
        gateway.acknowledges = false;
        gateway.hear(connection, "{\"op\": 1}");
        assert!(told(&mut frames).is_empty());
    }
}
