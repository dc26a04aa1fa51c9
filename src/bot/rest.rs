//! Every call of Discord's API: obeys 429, tries once more after a 5xx or a broken connection, and never posts twice.
//!
//! A message carries a nonce that Discord holds against repetition; an answer to an interaction that is there already is
//! refused with [`ALREADY_ANSWERED`], which counts as done. An answer of Discord's that cannot be read counts as done too:
//! what was sent has arrived. In production serenity's rate limiter stands below this wrapper; with another address of
//! the API it cannot be used, since it ignores that address.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use serde::Deserialize;
use serenity::http::{Http, HttpBuilder, HttpError, LightMethod, Ratelimiter, Request, Route};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use crate::error::Failure;

/// A connection or an answer that takes longer has failed.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// A call with all its waits and tries takes at most this long.
const CALL_WITHIN: Duration = Duration::from_secs(60);
/// Pause before the second try.
const SECOND_TRY_AFTER: Duration = Duration::from_millis(500);
/// Pause when Discord asks for one without saying how long, and the shortest.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_MIN: Duration = Duration::from_millis(50);
/// An answer to an interaction that has one already.
const ALREADY_ANSWERED: u64 = 40060;
/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Discord said no: status and Discord's own code (0 when there is none).
    Status(u16, u64),
    /// Discord could not be reached, or failed twice; the reason holds no address.
    Unreachable(String),
    /// It would have had to wait for too long.
    TooBusy,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(status, 0) => write!(f, "HTTP {status}"),
            Self::Status(status, code) => write!(f, "HTTP {status}, code {code}"),
            Self::Unreachable(reason) => f.write_str(reason),
            Self::TooBusy => f.write_str("rate limited"),
        }
    }
}

/// How one try ended.
enum Try {
    Done(Vec<u8>),
    Wait { pause: Duration, everywhere: bool },
    Broken(String),
    Refused(u16, u64),
}

/// What Discord says with an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Complaint {
    code: u64,
    retry_after: f64,
    global: bool,
}

/// The way to Discord's API.
pub(super) struct Rest {
    client: reqwest::Client,
    /// serenity's rate limiter; none with another address.
    limiter: Option<Ratelimiter>,
    /// Another address of the API.
    base: Option<String>,
    token: String,
    /// No call before this moment, after a 429 that was for everything.
    not_before: Mutex<Instant>,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Rest {
    /// A way to Discord, or to `api_base` and nowhere else when that is not empty.
    pub(super) fn new(token: &str, api_base: &str) -> Result<Self, Failure> {
        let base = (!api_base.is_empty()).then(|| api_base.trim_end_matches('/').to_owned());
        // A redirect could lead anywhere, and so could a proxy.
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN);
        if base.is_some() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| Failure::Internal(broken(error)))?;
        let token = format!("Bot {token}");
        let limiter = base.is_none().then(|| Ratelimiter::new(client.clone(), &token));
        Ok(Self { client, limiter, base, token, not_before: Mutex::new(Instant::now()) })
    }

    /// serenity's own access with the same address, which its gateway client wants to have.
    pub(super) fn http(&self) -> Http {
        let builder = HttpBuilder::new(&self.token).client(self.client.clone());
        match &self.base {
            Some(base) => builder.proxy(base).ratelimiter_disabled(true).build(),
            None => builder.build(),
        }
    }

    /// Another address of the API, when one is set.
    pub(super) fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// GETs `route` and reads the answer.
    pub(super) async fn get<T: serde::de::DeserializeOwned>(&self, route: Route<'_>) -> Result<T, Refusal> {
        let answer = self.send(Request::new(route, LightMethod::Get), CALL_WITHIN).await?;
        read(&answer)
    }

    /// POSTs `body`, which must do no harm when it comes twice, and reads the answer.
    pub(super) async fn post<T: serde::de::DeserializeOwned>(
        &self,
        route: Route<'_>,
        body: &impl serde::Serialize,
    ) -> Result<T, Refusal> {
        let body = serde_json::to_vec(body).map_err(|error| Refusal::Unreachable(error.to_string()))?;
        let answer = self.send(Request::new(route, LightMethod::Post).body(Some(body)), CALL_WITHIN).await?;
        read(&answer)
    }

    /// Sends `body` to `route`. A POST that may be repeated after a broken connection must carry a nonce, or be an answer to an
    /// interaction.
    pub(super) async fn call(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: &impl serde::Serialize,
        within: Option<Duration>,
    ) -> Result<(), Refusal> {
        let body = serde_json::to_vec(body).map_err(|error| Refusal::Unreachable(error.to_string()))?;
        self.send(Request::new(route, method).body(Some(body)), within.unwrap_or(CALL_WITHIN)).await.map(drop)
    }

    async fn send(&self, request: Request<'_>, within: Duration) -> Result<Vec<u8>, Refusal> {
        let deadline = Instant::now() + within;
        let mut broken_before = false;
        loop {
            let not_before = *self.not_before.lock().await;
            if not_before > deadline {
                return Err(Refusal::TooBusy);
            }
            sleep_until(not_before).await;
            let tried = timeout_at(deadline, self.try_once(request.clone())).await;
            match tried.unwrap_or_else(|_| Try::Broken("no answer in time".to_owned())) {
                Try::Done(answer) => return Ok(answer),
                Try::Refused(_, ALREADY_ANSWERED) => return Ok(Vec::new()),
                Try::Refused(status, code) => return Err(Refusal::Status(status, code)),
                Try::Wait { pause, everywhere } => {
                    let until = Instant::now() + pause;
                    if everywhere {
                        let mut not_before = self.not_before.lock().await;
                        *not_before = until.max(*not_before);
                    }
                    if until > deadline {
                        return Err(Refusal::TooBusy);
                    }
                    sleep_until(until).await;
                }
                Try::Broken(reason) if broken_before || Instant::now() + SECOND_TRY_AFTER > deadline => {
                    return Err(Refusal::Unreachable(reason));
                }
                Try::Broken(_) => {
                    broken_before = true;
                    sleep(SECOND_TRY_AFTER).await;
                }
            }
        }
    }

    async fn try_once(&self, request: Request<'_>) -> Try {
        let answered = match &self.limiter {
            Some(limiter) => limiter.perform(request).await,
            None => self.perform(request).await,
        };
        match answered {
            Ok(response) => judge(response).await,
            Err(serenity::Error::Http(HttpError::Request(error))) => Try::Broken(broken(error)),
            Err(_) => Try::Broken("the request could not be made".to_owned()),
        }
    }

    async fn perform(&self, request: Request<'_>) -> serenity::Result<Response> {
        let request = request.build(&self.client, &self.token, self.base.as_deref())?;
        request.send().await.map_err(|error| HttpError::Request(error).into())
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(answer).map_err(|_| Refusal::Unreachable("an answer that is not Discord's".to_owned()))
}

/// What an answer of Discord's means.
async fn judge(mut response: Response) -> Try {
    let status = response.status();
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<f64>().ok());
    let mut answer = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        answer.extend_from_slice(&chunk);
        if answer.len() > ANSWER_BYTES_MAX {
            break;
        }
    }
    if status.is_success() {
        return Try::Done(answer);
    }
    let complaint: Complaint = serde_json::from_slice(&answer).unwrap_or_default();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = header.unwrap_or_default().max(complaint.retry_after);
        let pause =
            if seconds > 0.0 { Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX / 4) } else { PAUSE };
        return Try::Wait { pause: pause.clamp(PAUSE_MIN, CALL_WITHIN * 10), everywhere: complaint.global };
    }
    if status.is_server_error() {
        Try::Broken(format!("HTTP {}", status.as_u16()))
    } else {
        Try::Refused(status.as_u16(), complaint.code)
    }
}

/// Why a request failed, without its address, which may hold the secret of an interaction.
fn broken(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
