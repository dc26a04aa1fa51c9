//! The way to Discord's gateway: found with growing pauses, never anywhere but where the API is said to be.

use std::time::Duration;

use serenity::all::{ClientBuilder, GatewayError, GatewayIntents};
use serenity::gateway::ActivityData;
use serenity::http::Route;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::handler::Handler;
use super::pause;
use super::rest::{Refusal, Rest};
use crate::error::Failure;
use crate::texts::Language;

/// A connection to the gateway that takes longer has failed.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// serenity tries about so often before a connection is given up: fewer must not be left of what Discord allows in a day.
const STARTS_KEPT: u64 = 10;

/// What Discord says of its gateway.
#[derive(Debug, serde::Deserialize)]
struct Gateway {
    url: String,
    session_start_limit: Starts,
}

/// How often the bot may still connect today. Who goes on when nothing is left loses the token.
#[derive(Debug, serde::Deserialize)]
struct Starts {
    remaining: u64,
    /// Milliseconds.
    reset_after: u64,
}

/// The address of the gateway; keeps trying until Discord answers and the gateway can be reached.
///
/// # Errors
/// When the token is wrong, or the gateway is somewhere else than the API that was set.
pub(super) async fn find(rest: &Rest, language: Language) -> Result<String, Failure> {
    let url = find_address(rest, language).await?;
    for pause in pause::growing() {
        match reach(rest, &url).await {
            Err(Failure::GatewayOutOfReach(reason)) => {
                tracing::warn!(%reason, "{}", language.gateway_out_of_reach(pause.as_secs()));
            }
            done => return done.map(|()| url),
        }
        tokio::time::sleep(pause).await;
    }
    Ok(url)
}

/// Whether a connection to the gateway can be made; for the doctor.
///
/// # Errors
/// When it is out of reach, or somewhere else than the API that was set.
pub(super) async fn check(rest: &Rest) -> Result<(), Failure> {
    match rest.get::<Gateway>(Route::GatewayBot).await {
        Ok(Gateway { url, .. }) => reach(rest, &url).await,
        Err(Refusal::Status(401, _)) => Err(Failure::TokenRefused),
        Err(reason) => Err(Failure::Discord(reason.to_string())),
    }
}

async fn reach(rest: &Rest, url: &str) -> Result<(), Failure> {
    let (host, port) = host_and_port(url).ok_or_else(|| Failure::Discord(format!("no gateway: {url}")))?;
    if let Some(base) = rest.base()
        && host_and_port(base).map(|(host, _)| host) != Some(host.clone())
    {
        return Err(Failure::GatewayElsewhere(host));
    }
    match timeout(CONNECT_WITHIN, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure::GatewayOutOfReach(error.to_string())),
        Err(_) => Err(Failure::GatewayOutOfReach("no answer in time".to_owned())),
    }
}

async fn find_address(rest: &Rest, language: Language) -> Result<String, Failure> {
    for pause in pause::growing() {
        let pause = match rest.get::<Gateway>(Route::GatewayBot).await {
            Ok(Gateway { url, session_start_limit: Starts { remaining: STARTS_KEPT.., .. } }) => return Ok(url),
            Ok(Gateway { session_start_limit, .. }) => {
                let pause = Duration::from_millis(session_start_limit.reset_after).max(pause);
                tracing::error!("{}", language.no_starts_left(pause.as_secs()));
                pause
            }
            Err(Refusal::Status(401, _)) => return Err(Failure::TokenRefused),
            Err(reason) => {
                tracing::warn!(%reason, "{}", language.discord_out_of_reach(pause.as_secs()));
                pause
            }
        };
        tokio::time::sleep(pause).await;
    }
    Err(Failure::Discord("no gateway".to_owned()))
}

/// serenity's client for this gateway. It asks for the address once more by itself and falls back to Discord's own when
/// that fails, so its address is set in any case.
pub(super) async fn client(
    rest: &Rest,
    url: String,
    intents: GatewayIntents,
    handler: Handler,
) -> Result<serenity::Client, Failure> {
    let client = ClientBuilder::new_with_http(rest.http(), intents)
        .event_handler(handler)
        .activity(ActivityData::listening("/ask"))
        .await
        .map_err(|_| Failure::Discord("no client".to_owned()))?;
    *client.ws_url.lock().await = url;
    Ok(client)
}

/// What it means that the connection ended by itself.
pub(super) fn ended(token: &str, ended: serenity::Result<()>) -> Result<(), Failure> {
    match ended {
        Ok(()) => Ok(()),
        Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication)) => Err(Failure::TokenRefused),
        Err(serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents)) => {
            Err(Failure::IntentsRefused)
        }
        Err(error) => Err(Failure::Discord(error.to_string().replace(token, "…"))),
    }
}

/// Host and port of an address such as `wss://gateway.example:443/?v=10`.
fn host_and_port(url: &str) -> Option<(String, u16)> {
    let url = reqwest::Url::parse(url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    Some((host, url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let check = |url: &str, expected: Option<(&str, u16)>| {
            assert_eq!(host_and_port(url), expected.map(|(host, port)| (host.to_owned(), port)), "{url}");
        };
        check("wss://gateway.discord.gg", Some(("gateway.discord.gg", 443)));
        check("ws://127.0.0.1:8080/x?y=1", Some(("127.0.0.1", 8080)));
        check("ws://[::1]:9", Some(("::1", 9)));
        check("gateway", None);
    }
}
