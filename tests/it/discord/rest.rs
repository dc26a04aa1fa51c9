//! The REST interface: reads and records requests, lets faults strike, and finds who answers.

use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER};
use axum::response::Response;
use serde_json::{Value, json};

use super::faults::Fault;
use super::people::{APPLICATION, BOT, application, user};
use super::state::{Fake, State};
use super::wire::Cut;
use super::{TOKEN, commands};

/// Where the interface lies.
const ROOT: &str = "/api/v10";
const BODY_BYTES_MAX: usize = 1 << 20;

/// A request of the bot's.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) at: Instant,
    /// Such as `POST /channels/1/messages`.
    pub(crate) line: String,
    /// Null when there is none.
    pub(crate) body: Value,
    /// The status that it was answered with; `None` when the answer is held back or the connection was reset.
    pub(crate) status: Option<u16>,
    authorized: bool,
}

impl Request {
    async fn read(request: axum::extract::Request) -> Self {
        let (head, body) = request.into_parts();
        let bytes = to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default();
        // Only a path below the root is one of Discord's; anything else stays as it is and is complained about.
        let whole = head.uri.to_string();
        let path = head.uri.path().strip_prefix(ROOT).unwrap_or(&whole);
        Self {
            at: Instant::now(),
            line: format!("{} {path}", head.method),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            status: None,
            authorized: head.headers.get(AUTHORIZATION).is_some_and(|value| value == &format!("Bot {TOKEN}")),
        }
    }

    pub(super) fn summary(&self) -> String {
        let status = self.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        format!("{} -> {status}", self.line)
    }
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    status: u16,
    kind: &'static str,
    body: String,
    header: Option<(HeaderName, String)>,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self { status, kind: "application/json", body: body.to_string(), header: None }
    }

    pub(super) fn nothing() -> Self {
        Self { status: 204, kind: "text/plain", body: String::new(), header: None }
    }

    pub(super) fn error(status: u16, code: u32, message: &str) -> Self {
        Self::json(status, &json!({"code": code, "message": message}))
    }

    fn page(status: u16) -> Self {
        let body = "<html><body>cloudflare</body></html>".to_owned();
        Self { status, kind: "text/html", body, header: None }
    }

    fn limited(after: Duration, global: bool) -> Self {
        let body =
            json!({"message": "You are being rate limited.", "retry_after": after.as_secs_f64(), "global": global});
        let seconds = after.as_secs_f64().ceil().to_string();
        Self { header: Some((RETRY_AFTER, seconds)), ..Self::json(429, &body) }
    }

    fn redirect(port: u16, request: &Request) -> Self {
        let path = request.line.split(' ').next_back().unwrap_or_default();
        let place = format!("http://127.0.0.1:{port}{ROOT}{path}");
        Self { status: 307, header: Some((LOCATION, place)), ..Self::nothing() }
    }

    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status).header(CONTENT_TYPE, self.kind);
        if let Some((name, value)) = self.header {
            response = response.header(name, value);
        }
        response.body(Body::from(self.body)).unwrap()
    }
}

/// The servers that the bot is in: it may do all in the one and lacks Embed Links in the other.
fn memberships() -> Value {
    json!([
        {"id": "1", "name": "camp", "permissions": (1_u64 << 53).wrapping_sub(1).to_string()},
        {"id": "2", "name": "annex", "permissions": (0x1_0C00_u64 | 1 << 38).to_string()},
    ])
}

/// Answers one request.
pub(super) async fn answer(fake: &Fake, cut: &Cut, request: axum::extract::Request) -> Response {
    let request = Request::read(request).await;
    // From before anybody can know of the request: its release may come at once.
    let mut releases = fake.releases();
    let (number, fault, reply) = fake.with(|state| state.take(request));
    match fault {
        Some(Fault::ResetBefore | Fault::ResetAfter) => {
            cut.cut();
            return reply.into_response();
        }
        Some(Fault::Hold) => drop(releases.changed().await),
        _ => {}
    }
    fake.with(|state| state.requests[number].status = Some(reply.status));
    reply.into_response()
}

impl State {
    /// Records a request and does what it asks for, unless a fault keeps it from that.
    fn take(&mut self, request: Request) -> (usize, Option<Fault>, Reply) {
        let fault = self.faults.strike(&request.line, self.clock.now());
        let reply = match fault {
            Some(Fault::Status(status)) => Reply::error(status, 0, "something is wrong at Discord"),
            Some(Fault::Refused(status, code)) => Reply::error(status, code, "refused"),
            Some(Fault::BadGateway) => Reply::page(502),
            Some(Fault::Limited { after, global }) => Reply::limited(after, global),
            Some(Fault::RedirectTo(port)) => Reply::redirect(port, &request),
            Some(Fault::ResetBefore) => Reply::nothing(),
            Some(Fault::NoJson) => {
                self.perform(&request);
                Reply::page(200)
            }
            Some(Fault::ResetAfter | Fault::Hold) | None => self.perform(&request),
        };
        self.requests.push(request);
        (self.requests.len() - 1, fault, reply)
    }

    fn perform(&mut self, request: &Request) -> Reply {
        let (method, path) = request.line.split_once(' ').unwrap_or_default();
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let is_free = matches!(parts[..], ["gateway"] | ["interactions" | "webhooks", ..]);
        if !is_free && !request.authorized {
            return Reply::error(401, 0, "401: Unauthorized");
        }
        let application_id = APPLICATION.to_string();
        let done = match (method, parts.as_slice()) {
            ("GET", ["gateway"]) => Ok(Reply::json(200, &json!({"url": self.gateway_url}))),
            ("GET", ["gateway", "bot"]) => Ok(self.gateway_of_bot()),
            ("GET", ["users", "@me"]) => Ok(Reply::json(200, &user(BOT))),
            ("GET", ["applications", "@me"]) => Ok(Reply::json(200, &application())),
            ("GET", ["oauth2", "applications", "@me"]) => Ok(Reply::json(200, &application())),
            ("GET", ["users", "@me", "guilds"]) => Ok(Reply::json(200, &memberships())),
            ("GET", ["applications", id, "commands"]) if *id == application_id => {
                Ok(Reply::json(200, &json!(self.commands)))
            }
            ("PUT", ["applications", id, "commands"]) if *id == application_id => self.overwrite_commands(request),
            ("POST", ["users", "@me", "channels"]) => self.open_direct(request),
            ("POST", ["channels", channel, "messages"]) => self.post_message(request, channel),
            ("GET", ["channels", channel]) => self.describe(channel),
            ("POST", ["channels", channel, "messages", message, "threads"]) => {
                self.open_thread(request, channel, message)
            }
            ("PATCH", ["channels", channel, "messages", message]) => self.edit_message(request, channel, message),
            ("POST", ["channels", channel, "typing"]) => self.channel(channel).map(|_| Reply::nothing()),
            ("POST", ["interactions", id, token, "callback"]) => self.acknowledge(request, id, token),
            (_, ["webhooks", id, token, rest @ ..]) if *id == application_id => self.webhook(request, token, rest),
            _ => {
                self.complain(request, "there is nothing there");
                Err(Reply::error(404, 0, "404: Not Found"))
            }
        };
        done.unwrap_or_else(|refused| refused)
    }

    fn gateway_of_bot(&self) -> Reply {
        let wait = self.no_start_before.saturating_sub(self.clock.now());
        let remaining = if wait.is_zero() { 1000 } else { 0 };
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let limit = json!({"total": 1000, "remaining": remaining, "reset_after": wait_ms, "max_concurrency": 1});
        Reply::json(200, &json!({"url": self.gateway_url, "shards": 1, "session_start_limit": limit}))
    }

    fn overwrite_commands(&mut self, request: &Request) -> Result<Reply, Reply> {
        self.judge(request, &commands::check(&request.body))?;
        let sent = request.body.as_array().cloned().unwrap_or_default();
        self.commands = sent.iter().map(|command| commands::kept(command, self.next_id())).collect();
        Ok(Reply::json(200, &json!(self.commands)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::Said;
    use super::super::people::{DIRECT, GENERAL, Id};
    use super::*;

    /// A fake without a port, and what is asked of it as if it came over the wire.
    struct Desk(Fake);

    impl Desk {
        fn new() -> Self {
            let desk = Self(Fake::new(TOKEN, 0, true));
            desk.0.with(|state| state.commands = vec![json!({"id": "1", "name": "ask", "type": 1})]);
            desk
        }

        /// The reply to a request: its status, and its JSON.
        fn ask(&self, line: &str, body: Value, authorized: bool) -> (u16, Value) {
            let request = Request { at: Instant::now(), line: line.to_owned(), body, status: None, authorized };
            let (_, _, reply) = self.0.with(|state| state.take(request));
            (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
        }

        /// The status and Discord's code of the reply.
        #[track_caller]
        fn check(&self, line: &str, body: Value, status: u16, code: u64) {
            let (got, reply) = self.ask(line, body, true);
            assert_eq!((got, reply["code"].as_u64().unwrap_or(0)), (status, code), "{line} {reply}");
        }

        fn complaints(&self) -> usize {
            self.0.with(|state| state.complaints.len())
        }

        /// An interaction: the lines of its acknowledgement, of its answer and of what follows.
        fn interaction(&self) -> [String; 3] {
            let (id, token) = self.0.with(|state| {
                let id = state.ask(GENERAL, "what");
                (id, state.interactions[&id].token.clone())
            });
            let webhook = format!("/webhooks/{APPLICATION}/{token}");
            [
                format!("POST /interactions/{id}/{token}/callback"),
                format!("PATCH {webhook}/messages/@original"),
                format!("POST {webhook}"),
            ]
        }

        fn shown(&self) -> Vec<String> {
            self.0.with(|state| state.shown()).into_iter().map(|shown| shown.content).collect()
        }
    }

    fn post(channel: Id) -> String {
        format!("POST /channels/{channel}/messages")
    }

    #[test]
    fn only_some_routes_need_no_authorization() {
        let desk = Desk::new();
        for line in ["GET /gateway/bot", "GET /users/@me", &post(GENERAL), "PUT /applications/1/commands"] {
            assert_eq!(desk.ask(line, json!({"content": "x"}), false).0, 401, "{line}");
        }
        assert_eq!(desk.ask("GET /gateway", Value::Null, false).0, 200);
        assert_eq!(desk.ask(&desk.interaction()[0], json!({"type": 5}), false).0, 204);
    }

    #[test]
    fn a_nonce_that_is_enforced_posts_once() {
        let desk = Desk::new();
        let body = |nonce: &str, enforce: bool| json!({"content": "x", "nonce": nonce, "enforce_nonce": enforce});
        let (_, first) = desk.ask(&post(GENERAL), body("a", true), true);
        let (_, again) = desk.ask(&post(GENERAL), body("a", true), true);
        assert_eq!(first["id"], again["id"]);
        desk.check(&post(GENERAL), body("a", false), 200, 0);
        desk.check(&post(GENERAL), body("b", true), 200, 0);
        assert_eq!(desk.shown().len(), 3);
    }

    #[test]
    fn a_reply_needs_a_message_of_the_same_channel() {
        let desk = Desk::new();
        let (here, there) = desk.0.with(|state| (state.say(Said::aloud("x")), state.say(Said::direct("x"))));
        let reply = |message: Id, fail: bool| {
            let reference = json!({"message_id": message.to_string(), "fail_if_not_exists": fail});
            json!({"content": "x", "allowed_mentions": {"parse": []}, "message_reference": reference})
        };
        desk.check(&post(GENERAL), reply(here, true), 200, 0);
        desk.check(&post(GENERAL), reply(there, false), 200, 0);
        assert_eq!(desk.complaints(), 0);
        desk.check(&post(GENERAL), reply(there, true), 400, 50035);
        assert_eq!(desk.complaints(), 1);
        let answered = desk.0.with(|state| state.shown()).into_iter().map(|shown| shown.answers);
        assert_eq!(answered.collect::<Vec<_>>(), [Some(here), None]);
    }

    #[test]
    fn what_the_bot_may_not_do_is_refused_with_discords_codes() {
        use super::super::channels::permission::*;
        let desk = Desk::new();
        let asked = desk.0.with(|state| state.say(Said::aloud("x")));
        let reference = json!({"message_id": asked.to_string(), "fail_if_not_exists": false});
        let (plain, boxed) = (json!({"content": "x"}), json!({"embeds": [{"title": "x"}]}));
        let reply = json!({"content": "x", "message_reference": reference, "allowed_mentions": {"parse": []}});
        for (denied, codes) in [
            (EMBED_LINKS, [0, 50013, 0]),
            (READ_MESSAGE_HISTORY, [0, 0, 160_002]),
            (SEND_MESSAGES, [50013; 3]),
            (SEND_MESSAGES_IN_THREADS, [0; 3]),
            (VIEW_CHANNEL, [50001; 3]),
        ] {
            desk.0.with(|state| state.denied.insert(GENERAL, denied));
            for (body, code) in [&plain, &boxed, &reply].into_iter().zip(codes) {
                desk.check(&post(GENERAL), body.clone(), if code == 0 { 200 } else { 403 }, code);
            }
        }
        desk.check(&post(DIRECT), boxed.clone(), 200, 0);
        desk.0.with(|state| state.takes_no_direct_messages = true);
        desk.check(&post(DIRECT), boxed, 403, 50007);
        desk.check("POST /users/@me/channels", json!({"recipient_id": "1"}), 400, 50033);
        assert_eq!(desk.complaints(), 0);
    }

    #[test]
    fn what_breaks_a_limit_or_pings_is_noted() {
        let desk = Desk::new();
        desk.check("POST /channels/7/messages", json!({"content": "x"}), 404, 10003);
        desk.check(&post(DIRECT), json!({"content": ""}), 400, 50035);
        assert_eq!(desk.complaints(), 1);
        desk.check(&post(DIRECT), json!({"content": "@here"}), 200, 0);
        assert_eq!(desk.complaints(), 2);
        desk.check("GET /somewhere/else", Value::Null, 404, 0);
        assert_eq!(desk.complaints(), 3);
    }

    #[test]
    fn an_interaction_is_acknowledged_once_and_in_time() {
        let desk = Desk::new();
        let [callback, answer, more] = desk.interaction();
        let body = json!({"type": 4, "data": {"content": "x"}});
        desk.check(&answer, json!({"content": "y"}), 404, 10015);
        desk.check(&callback, body.clone(), 204, 0);
        desk.check(&callback, body.clone(), 400, 40060);
        desk.check(&answer, json!({"content": "y"}), 200, 0);
        desk.check(&more, json!({"content": "z"}), 200, 0);
        assert_eq!(desk.shown(), ["y", "z"]);
        desk.check("POST /interactions/1/x/callback", body.clone(), 404, 10062);
        let [callback, ..] = desk.interaction();
        desk.0.with(|state| state.clock.advance(Duration::from_secs(4)));
        desk.check(&callback, body, 404, 10062);
    }

    #[test]
    fn a_promise_is_kept_for_a_quarter_of_an_hour() {
        let desk = Desk::new();
        let [callback, answer, more] = desk.interaction();
        desk.check(&callback, json!({"type": 5, "data": {"flags": 64}}), 204, 0);
        assert!(desk.0.with(|state| state.shown()[0].loading && state.shown()[0].only_to_asker));
        desk.check(&answer, json!({"content": "y"}), 200, 0);
        desk.check(&answer, json!({"content": ""}), 400, 50006);
        assert!(desk.0.with(|state| !state.shown()[0].loading && state.shown()[0].only_to_asker));
        desk.check(&answer.replace("PATCH", "GET"), Value::Null, 200, 0);
        desk.check(&answer.replace("PATCH", "DELETE"), Value::Null, 204, 0);
        desk.check(&answer, json!({"content": "y"}), 404, 10008);
        desk.0.with(|state| state.clock.advance(Duration::from_mins(16)));
        desk.check(&more, json!({"content": "z"}), 401, 50027);
    }

    #[test]
    fn a_rate_limit_lasts_until_it_is_over() {
        let desk = Desk::new();
        let after = Duration::from_mins(1);
        desk.0.with(|state| state.faults.arm("POST /channels/*/messages", Fault::Limited { after, global: true }));
        let body = json!({"content": "x"});
        desk.check(&post(GENERAL), body.clone(), 429, 0);
        let (_, again) = desk.ask(&post(DIRECT), body.clone(), true);
        assert!(again["global"] == true && again["retry_after"].as_f64().unwrap() > 59.0, "{again}");
        desk.check("GET /users/@me", Value::Null, 429, 0);
        desk.check(&desk.interaction()[0], json!({"type": 5}), 204, 0);
        desk.0.with(|state| state.clock.advance(after));
        desk.check(&post(GENERAL), body, 200, 0);
    }
}
