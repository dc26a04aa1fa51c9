//! A fake Discord on this machine, for tests of the real bot: HTTP and WebSocket on one port of 127.0.0.1.
//!
//! A test says what people do and what goes wrong, and looks at what the bot did; all of it blocks, and nothing waits
//! for a fixed time. The fake keeps Discord's limits, refuses what Discord refuses, and notes what must never happen:
//! a ping, a message that breaks a limit, a secret in the log. `Bot::end` fails the test for any of these.
//!
//! - `wire`, `server`, `socket`: the port, connections that can be cut, the gateway's frames
//! - `rest`, `channels`, `interactions`: what each request does; `sessions`: what the gateway does
//! - `rules`, `commands`, `form`, `mentions`: limits and pings; `faults`: what goes wrong
//! - `people`, `message`: who is there and what they say; `clock`, `state`: time and everything the fake knows
//! - `bot`: the program under test

mod bot;
mod channels;
mod clock;
mod commands;
mod faults;
mod form;
mod interactions;
mod mentions;
mod message;
mod people;
mod rest;
mod rules;
mod server;
mod sessions;
mod socket;
mod state;
mod wire;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) use bot::Bot;
pub(crate) use channels::permission;
pub(crate) use faults::Fault;
pub(crate) use interactions::Used;
pub(crate) use message::{Said, Shown, kind};
pub(crate) use people::{
    ALICE, BORIS, BOT, DIRECT, FORUM, GENERAL, GUILD, Id, MANAGE_GUILD, OTHER_BOT, ROLE, STUDENT, THREAD, WEBHOOK,
};
pub(crate) use rest::Request;
pub(crate) use sessions::{Gateway, Heard, close};
pub(crate) use state::PATIENCE;

use message::Message;
use server::Server;
use sessions::Event;
use state::Fake;

/// The bot's token: no real one, but nothing that occurs by chance.
pub(crate) const TOKEN: &str = "not-a-token.but-secret-all-the-same.7f3a9c";

/// Routes that faults are set up for and requests are looked up by; `*` stands for one part.
pub(crate) mod route {
    pub(crate) const GATEWAY: &str = "GET /gateway";
    pub(crate) const GATEWAY_BOT: &str = "GET /gateway/bot";
    pub(crate) const COMMANDS: &str = "PUT /applications/*/commands";
    pub(crate) const CHANNEL: &str = "GET /channels/*";
    pub(crate) const OPEN_THREAD: &str = "POST /channels/*/messages/*/threads";
    pub(crate) const OPEN_DIRECT: &str = "POST /users/@me/channels";
    pub(crate) const POST: &str = "POST /channels/*/messages";
    pub(crate) const CALLBACK: &str = "POST /interactions/*/*/callback";
    pub(crate) const FOLLOW_UP: &str = "POST /webhooks/*/*";
    pub(crate) const EDIT_ANSWER: &str = "PATCH /webhooks/*/*/messages/@original";
}

/// The fake as a test sees it.
pub(crate) struct Discord {
    fake: Arc<Fake>,
    server: Server,
}

impl Discord {
    /// Within reach from the beginning.
    pub(crate) fn open() -> Self {
        let discord = Self::refusing();
        discord.open_door();
        discord
    }

    /// Nobody listens: the system refuses connections.
    pub(crate) fn refusing() -> Self {
        let server = Server::reserve();
        Self { fake: Arc::new(Fake::new(TOKEN, server.port, true)), server }
    }

    /// Every connection is reset, and noted.
    pub(crate) fn resetting() -> Self {
        let discord = Self::refusing();
        discord.fake.with(|state| state.is_open = false);
        discord.server.listen(&discord.fake);
        discord
    }

    /// Takes connections from now on.
    pub(crate) fn open_door(&self) {
        self.fake.with(|state| state.is_open = true);
        self.server.listen(&self.fake);
    }

    /// Resets every new connection from now on; those that stand stay.
    pub(crate) fn shut_door(&self) {
        self.fake.with(|state| state.is_open = false);
    }

    /// Times of all attempts to connect.
    pub(crate) fn knocks(&self) -> Vec<Instant> {
        self.fake.with(|state| state.knocks.clone())
    }

    /// Waits until somebody has tried to connect `count` times.
    #[track_caller]
    pub(crate) fn wait_for_knocks(&self, count: usize) -> Vec<Instant> {
        self.fake.wait("a connection", |state| (state.knocks.len() >= count).then(|| state.knocks.clone()))
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.port
    }

    // What people do.

    /// Somebody says something; gives the message's id.
    #[track_caller]
    pub(crate) fn say(&self, said: Said) -> Id {
        self.fake.with(|state| state.say(said))
    }

    /// Alice opens a post of this name in the forum; gives its id, which its first message has too.
    #[track_caller]
    pub(crate) fn post_in_forum(&self, name: &str, text: &str) -> Id {
        self.fake.with(|state| state.post_in_forum(name, text))
    }

    /// The bot is added to another server.
    pub(crate) fn add_to(&self, server: Id) {
        self.dispatch("GUILD_CREATE", people::guild_with(server));
    }

    /// The bot is removed from a server.
    pub(crate) fn remove_from(&self, server: Id) {
        self.dispatch("GUILD_DELETE", json!({"id": server.to_string()}));
    }

    /// As [`Discord::say`], in the very moment in which the bot has its first session.
    pub(crate) fn say_behind_ready(&self, said: Said) {
        self.fake.with(|state| state.behind_ready.push(said));
    }

    /// Alice sends `/ask question` in the guild's channel; gives the interaction's id.
    #[track_caller]
    pub(crate) fn ask(&self, question: &str) -> Id {
        self.ask_in(GENERAL, question)
    }

    #[track_caller]
    pub(crate) fn ask_in(&self, channel: Id, question: &str) -> Id {
        self.fake.with(|state| state.ask(channel, question))
    }

    /// Alice sends `/ask question private:True` in the guild's channel; gives the interaction's id.
    #[track_caller]
    pub(crate) fn ask_privately(&self, question: &str) -> Id {
        self.fake.with(|state| state.ask_privately(GENERAL, question))
    }

    /// Somebody chooses a command in the menu of a message; gives the interaction's id.
    #[track_caller]
    pub(crate) fn use_on(&self, person: Id, name: &str, message: Id) -> Id {
        self.fake.with(|state| state.use_on(person, name, message))
    }

    /// Alice has typed so much of the question of `/ask`; gives what the bot offers.
    #[track_caller]
    pub(crate) fn type_in(&self, typed: &str) -> Vec<String> {
        let id = self.fake.with(|state| state.type_in(GENERAL, typed));
        self.fake.wait("choices", |state| state.interactions[&id].choices.clone())
    }

    /// As [`Discord::type_in`], and waits for nothing: the next key is pressed.
    pub(crate) fn type_in_and_go_on(&self, typed: &str) {
        self.fake.with(|state| state.type_in(GENERAL, typed));
    }

    /// Alice sends a command without options; gives the interaction's id.
    #[track_caller]
    pub(crate) fn command(&self, name: &str) -> Id {
        self.fake.with(|state| state.command(GENERAL, name, ""))
    }

    /// Somebody presses the button of a message on which this stands; gives the interaction's id.
    #[track_caller]
    pub(crate) fn press(&self, shown: &Shown, label: &str, by: Id) -> Id {
        let button = shown.button(label);
        assert_ne!(button["disabled"], true, "{button}");
        self.press_id(shown.id, button["custom_id"].as_str().unwrap(), by)
    }

    /// Somebody's client says that a button with this id was pressed.
    #[track_caller]
    pub(crate) fn press_id(&self, message: Id, custom_id: &str, by: Id) -> Id {
        self.fake.with(|state| state.press(message, custom_id, by))
    }

    /// Somebody uses a command; gives the interaction's id, or `None` when Discord does not show them the command.
    #[track_caller]
    pub(crate) fn use_command(&self, used: &Used) -> Option<Id> {
        self.fake.with(|state| state.use_command(used))
    }

    /// The bot has said this before the test begins; gives the message's id.
    pub(crate) fn bot_has_said(&self, content: &str) -> Id {
        self.fake.with(|state| {
            let message = Message::of_the_bot(state.next_id(), GENERAL, &json!({"content": content}));
            state.add(message)
        })
    }

    /// An event as it stands, whatever it holds.
    pub(crate) fn dispatch(&self, name: &'static str, data: Value) {
        self.fake.with(|state| state.gateway.dispatch(&Event { name, data, needs: 0 }));
    }

    // What goes wrong.

    /// The next request to `route` goes wrong; said twice, the next two do.
    pub(crate) fn fault(&self, route: &'static str, fault: Fault) {
        self.fake.with(|state| state.faults.arm(route, fault));
    }

    /// Takes a permission from the bot in a channel.
    pub(crate) fn deny(&self, channel: Id, permission: u64) {
        self.fake.with(|state| *state.denied.entry(channel).or_default() |= permission);
    }

    /// Takes a permission from the bot in every thread that it opens from now on.
    pub(crate) fn deny_in_threads(&self, permission: u64) {
        self.fake.with(|state| state.denied_in_threads |= permission);
    }

    /// People take no direct messages from the bot any more.
    pub(crate) fn close_direct_messages(&self) {
        self.fake.with(|state| state.takes_no_direct_messages = true);
    }

    /// Lets all answers go that are held back.
    pub(crate) fn release(&self) {
        self.fake.release();
    }

    /// Puts the fake's clock forward.
    pub(crate) fn advance(&self, by: Duration) {
        self.fake.with(|state| state.clock.advance(by));
    }

    /// Nobody may begin a session any more, for so long.
    pub(crate) fn allow_no_start_for(&self, time: Duration) {
        self.fake.with(|state| state.no_start_before = state.clock.now() + time);
    }

    /// Names another gateway than the fake itself.
    pub(crate) fn name_gateway(&self, url: &str) {
        self.fake.with(|state| url.clone_into(&mut state.gateway_url));
    }

    /// Does something to the gateway.
    pub(crate) fn gateway(&self, change: impl FnOnce(&mut Gateway)) {
        self.fake.with(|state| change(&mut state.gateway));
    }

    // What the bot does.

    /// Waits until the bot has a session for the `count`th time, and has registered its commands.
    #[track_caller]
    pub(crate) fn wait_until_ready(&self, count: usize) {
        self.fake.wait("a session", |state| (state.gateway.ready >= count).then_some(()));
        self.wait_for_answered(route::COMMANDS, 1);
    }

    /// Waits until the bot has resumed its session for the `count`th time.
    #[track_caller]
    pub(crate) fn wait_until_resumed(&self, count: usize) {
        self.fake.wait("a session that is resumed", |state| (state.gateway.resumed >= count).then_some(()));
    }

    /// Waits until no connection to the gateway stands.
    #[track_caller]
    pub(crate) fn wait_until_disconnected(&self) {
        self.fake.wait("the end of the connection", |state| (!state.gateway.is_connected()).then_some(()));
    }

    /// Waits for something that the bot says on the gateway.
    #[track_caller]
    pub(crate) fn wait_for_heard(&self, what: &str, is_it: impl Fn(&Heard) -> bool) -> Heard {
        self.fake.wait(what, |state| state.gateway.heard.iter().find(|heard| is_it(heard)).cloned())
    }

    /// All that the bot has said on the gateway.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.fake.with(|state| state.gateway.heard.clone())
    }

    /// All requests to a route so far, in order.
    pub(crate) fn requests(&self, route: &str) -> Vec<Request> {
        self.fake.with(|state| state.requests_to(route))
    }

    /// Waits until `count` requests to a route have come.
    #[track_caller]
    pub(crate) fn wait_for_requests(&self, route: &str, count: usize) -> Vec<Request> {
        self.fake.wait(route, |state| Some(state.requests_to(route)).filter(|found| found.len() >= count))
    }

    /// Waits until `count` requests to a route have been answered.
    #[track_caller]
    pub(crate) fn wait_for_answered(&self, route: &str, count: usize) -> Vec<Request> {
        let answered = |requests: &[Request]| requests.iter().filter(|request| request.status.is_some()).count();
        self.fake.wait(&format!("an answered {route}"), |state| {
            Some(state.requests_to(route)).filter(|found| answered(found) >= count)
        })
    }

    /// The bot's messages as people see them now, in the order in which they were posted.
    pub(crate) fn shown(&self) -> Vec<Shown> {
        self.fake.with(|state| state.shown())
    }

    /// Waits until `count` messages of the bot's are there, none of them only promised.
    #[track_caller]
    pub(crate) fn wait_for_shown(&self, count: usize) -> Vec<Shown> {
        self.fake.wait("a message of the bot's", |state| {
            let shown: Vec<Shown> = state.shown().into_iter().filter(|shown| !shown.loading).collect();
            (shown.len() >= count).then_some(shown)
        })
    }
}
