//! The REST interface: reads and records requests, lets faults strike, and finds who answers.

use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
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
    /// For 429: when to come again.
    retry_after: Option<Duration>,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self { status, kind: "application/json", body: body.to_string(), retry_after: None }
    }

    pub(super) fn nothing() -> Self {
        Self { status: 204, kind: "text/plain", body: String::new(), retry_after: None }
    }

    pub(super) fn error(status: u16, code: u32, message: &str) -> Self {
        Self::json(status, &json!({"code": code, "message": message}))
    }

    fn page(status: u16) -> Self {
        let body = "<html><body>cloudflare</body></html>".to_owned();
        Self { status, kind: "text/html", body, retry_after: None }
    }

    fn limited(after: Duration, global: bool) -> Self {
        let body =
            json!({"message": "You are being rate limited.", "retry_after": after.as_secs_f64(), "global": global});
        Self { retry_after: Some(after), ..Self::json(429, &body) }
    }

    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status).header(CONTENT_TYPE, self.kind);
        if let Some(after) = self.retry_after {
            response = response.header(RETRY_AFTER, after.as_secs_f64().ceil().to_string());
        }
        response.body(Body::from(self.body)).unwrap()
    }
}

/// Answers one request.
pub(super) async fn answer(fake: &Fake, cut: &Cut, request: axum::extract::Request) -> Response {
    let request = Request::read(request).await;
    let (number, fault, reply) = fake.with(|state| state.take(request));
    match fault {
        Some(Fault::ResetBefore | Fault::ResetAfter) => {
            cut.cut();
            return reply.into_response();
        }
        Some(Fault::Hold) => fake.released().await,
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
            Some(Fault::BadGateway) => Reply::page(502),
            Some(Fault::Limited { after, global }) => Reply::limited(after, global),
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
            ("PUT", ["applications", id, "commands"]) if *id == application_id => self.overwrite_commands(request),
            ("POST", ["channels", channel, "messages"]) => self.post_message(request, channel),
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
        let limit = json!({"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1});
        Reply::json(200, &json!({"url": self.gateway_url, "shards": 1, "session_start_limit": limit}))
    }

    fn overwrite_commands(&mut self, request: &Request) -> Result<Reply, Reply> {
        self.judge(request, &commands::check(&request.body))?;
        let sent = request.body.as_array().cloned().unwrap_or_default();
        self.commands = sent.iter().map(|command| commands::kept(command, self.next_id())).collect();
        Ok(Reply::json(200, &json!(self.commands)))
    }
}
