//! Everything the fake knows, behind one lock, with a way to wait for what a test expects.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::sync::watch;

use super::TOKEN;
use super::clock::Clock;
use super::faults::{Faults, fits};
use super::form::Form;
use super::interactions::Interaction;
use super::message::{Message, Said, Shown};
use super::people::{ALICE, BOT, GENERAL, Id, THREAD};
use super::rest::{Reply, Request};
use super::sessions::Gateway;

/// What has not happened by then will not.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The first millisecond that a snowflake can hold.
const EPOCH_MS: u128 = 1_420_070_400_000;

#[derive(Debug)]
pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) gateway: Gateway,
    /// What /gateway/bot names; the fake's own address unless a test sends the bot elsewhere.
    pub(super) gateway_url: String,
    /// Until then, by the clock, /gateway/bot says that nobody may connect any more.
    pub(super) no_start_before: Duration,
    pub(super) faults: Faults,
    pub(super) requests: Vec<Request>,
    pub(super) commands: Vec<Value>,
    pub(super) messages: BTreeMap<Id, Message>,
    pub(super) interactions: BTreeMap<Id, Interaction>,
    /// Permissions that the bot lacks in a channel.
    pub(super) denied: BTreeMap<Id, u64>,
    /// Permissions that the bot lacks in threads that it opens.
    pub(super) denied_in_threads: u64,
    /// Threads and posts: the channel that each is in, and who opened it.
    pub(super) threads: BTreeMap<Id, (Id, Id, String)>,
    /// Whether people take no direct messages from the bot.
    pub(super) takes_no_direct_messages: bool,
    /// What is said right behind READY.
    pub(super) behind_ready: Vec<Said>,
    /// What the bot did that it must not do, each with the request.
    pub(super) complaints: Vec<String>,
    /// Whether connections are taken; else each is reset.
    pub(super) is_open: bool,
    /// When somebody tried to connect.
    pub(super) knocks: Vec<Instant>,
    /// Whether the bot's process has ended, so that nothing more will come.
    pub(super) bot_is_gone: bool,
    last_id: Id,
}

impl State {
    /// A new snowflake, larger than all before.
    pub(super) fn next_id(&mut self) -> Id {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let now = u64::try_from(since.saturating_sub(EPOCH_MS)).unwrap_or_default() << 22;
        self.last_id = now.max(self.last_id + 1);
        self.last_id
    }

    /// Takes a payload of the bot's.
    pub(super) fn hear(&mut self, connection: usize, text: &str) {
        self.gateway.hear(connection, text);
        if self.gateway.ready > 0 {
            for said in std::mem::take(&mut self.behind_ready) {
                self.say(said);
            }
        }
    }

    /// All requests to a route, in order.
    pub(super) fn requests_to(&self, route: &str) -> Vec<Request> {
        self.requests.iter().filter(|request| fits(route, &request.line)).cloned().collect()
    }

    /// The bot's messages as people see them now, in order.
    pub(super) fn shown(&self) -> Vec<Shown> {
        self.messages.values().filter(|message| message.author == BOT).map(Message::shown).collect()
    }

    /// What people said and asked, without mentions of the bot; what is too short to be told from other text is left out.
    fn questions(&self) -> impl Iterator<Item = String> {
        let said = self.messages.values().filter(|message| message.author != BOT).map(|message| &message.content);
        let asked = self.interactions.values().map(|interaction| &interaction.question);
        let alone = said.chain(asked).map(|text| text.replace(&format!("<@{BOT}>"), "").trim().to_owned());
        alone.filter(|text| text.chars().count() > 4)
    }

    /// Notes all findings in the body of a request, and refuses it if Discord would.
    pub(super) fn judge(&mut self, request: &Request, form: &Form) -> Result<(), Reply> {
        for finding in &form.findings {
            self.complain(request, &format!("{}: {}", finding.path, finding.what));
        }
        form.refusal().map_or(Ok(()), |error| Err(Reply::json(400, &error)))
    }

    /// All that a test must fail for, given the bot's whole log.
    pub(super) fn verdict(&self, log: &str) -> Vec<String> {
        let mut verdict = self.complaints.clone();
        let left = self.faults.left().into_iter();
        verdict.extend(left.map(|route| format!("{route}: a fault was set up and never struck")));
        let tokens = self.interactions.values().map(|interaction| interaction.token.clone());
        let secrets = tokens.chain([TOKEN.to_owned()]).filter(|secret| log.contains(secret));
        verdict.extend(secrets.map(|secret| format!("the log holds the secret {secret}")));
        let told = self.questions().filter(|question| log.contains(question));
        verdict.extend(told.map(|question| format!("the log holds what somebody said: {question}")));
        verdict
    }

    pub(super) fn complain(&mut self, request: &Request, what: &str) {
        self.complaints.push(format!("{}: {what}", request.line));
    }
}

/// The state and whoever waits for it.
#[derive(Debug)]
pub(super) struct Fake {
    state: Mutex<State>,
    changed: Condvar,
    /// Counts how often held answers were let go.
    releases: watch::Sender<u64>,
}

impl Fake {
    pub(super) fn new(token: &'static str, port: u16, is_open: bool) -> Self {
        let address = format!("ws://127.0.0.1:{port}");
        let state = State {
            clock: Clock::start(),
            gateway: Gateway::new(token, address.clone()),
            gateway_url: address,
            no_start_before: Duration::ZERO,
            faults: Faults::default(),
            requests: Vec::new(),
            commands: Vec::new(),
            messages: BTreeMap::new(),
            interactions: BTreeMap::new(),
            denied: BTreeMap::new(),
            denied_in_threads: 0,
            threads: BTreeMap::from([(THREAD, (GENERAL, ALICE, "a thread".to_owned()))]),
            takes_no_direct_messages: false,
            behind_ready: Vec::new(),
            complaints: Vec::new(),
            is_open,
            knocks: Vec::new(),
            bot_is_gone: false,
            last_id: 0,
        };
        Self { state: Mutex::new(state), changed: Condvar::new(), releases: watch::Sender::new(0) }
    }

    /// Reads or changes the state.
    pub(super) fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let done = change(&mut self.lock());
        self.changed.notify_all();
        done
    }

    /// Waits until `look` finds something; `what` names it should it never come.
    #[track_caller]
    pub(super) fn wait<T>(&self, what: &str, mut look: impl FnMut(&State) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        let mut state = self.lock();
        loop {
            if let Some(found) = look(&state) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || state.bot_is_gone {
                let why = if state.bot_is_gone { "the bot has ended" } else { "nothing more came" };
                let requests: Vec<String> = state.requests.iter().map(Request::summary).collect();
                drop(state);
                panic!("waited for {what}, but {why}; the requests were\n{}", requests.join("\n"));
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets all held answers go.
    pub(super) fn release(&self) {
        self.releases.send_modify(|count| *count += 1);
    }

    /// Sees every release from now on.
    pub(super) fn releases(&self) -> watch::Receiver<u64> {
        self.releases.subscribe()
    }

    /// A test that failed while it held the lock is told of by itself.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
