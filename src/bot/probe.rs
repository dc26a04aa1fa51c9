//! What Discord says about the bot, asked once for `kewen doctor`.

use std::time::Duration;

use serenity::all::Permissions;
use serenity::http::Route;

use super::rest::{Refusal, Rest};
use super::{gateway, permissions};
use crate::error::Failure;
use crate::settings::ChannelSettings;

/// A check that takes longer has failed.
const PROBE_WITHIN: Duration = Duration::from_secs(20);

/// The bot as Discord knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Name of the bot.
    pub name: String,
    /// Where to invite it with all that it needs.
    pub invite: String,
    /// Servers that it is in.
    pub guilds: Vec<Guild>,
    /// Whether the command is registered.
    pub registered: bool,
    /// Whether anybody may add it to a server of their own.
    pub is_public: bool,
}

/// A server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guild {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Permissions that the bot lacks there, in Discord's English names.
    pub missing: Vec<&'static str>,
}

#[derive(serde::Deserialize)]
struct Application {
    id: String,
    name: String,
    #[serde(default)]
    bot_public: bool,
}

#[derive(serde::Deserialize)]
struct Membership {
    id: String,
    name: String,
    permissions: Permissions,
}

#[derive(serde::Deserialize)]
struct Named {
    name: String,
}

/// Asks Discord, or what stands at `api_base`, and tries to reach the gateway, which can fail by itself.
///
/// # Errors
/// When the token is refused or Discord cannot be reached.
pub fn probe(token: &str, api_base: &str, channels: &ChannelSettings) -> Result<(Probe, Result<(), Failure>), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Internal(error.to_string()))?;
    let rest = Rest::new(token, api_base)?;
    let needed = permissions(channels);
    let probed = runtime.block_on(async {
        let asked = async { Ok((ask(&rest, needed).await.map_err(failure)?, gateway::check(&rest).await)) };
        tokio::time::timeout(PROBE_WITHIN, asked).await
    });
    runtime.shutdown_background();
    probed.unwrap_or_else(|_| Err(Failure::Discord("no answer in time".to_owned())))
}

fn failure(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Status(401, _) => Failure::TokenRefused,
        reason => Failure::Discord(reason.to_string()),
    }
}

async fn ask(rest: &Rest, needed: Permissions) -> Result<Probe, Refusal> {
    let application: Application = rest.get(Route::Oauth2ApplicationCurrent).await?;
    let memberships: Vec<Membership> = rest.get(Route::UserMeGuilds).await?;
    let number = application.id.parse().unwrap_or(1);
    let commands: Vec<Named> = rest.get(Route::Commands { application_id: number.into() }).await?;
    Ok(Probe {
        invite: invite_link(&application.id, needed),
        name: application.name,
        is_public: application.bot_public,
        guilds: memberships.into_iter().map(|membership| guild(membership, needed)).collect(),
        registered: commands.iter().any(|command| command.name == super::commands::ASK),
    })
}

fn guild(membership: Membership, needed: Permissions) -> Guild {
    let has = membership.permissions;
    let missing = if has.contains(Permissions::ADMINISTRATOR) { Permissions::empty() } else { needed - has };
    Guild { id: membership.id, name: membership.name, missing: missing.get_permission_names() }
}

/// The address at which a server's owner invites the bot, with the permissions that it needs and no others.
fn invite_link(application_id: &str, needed: Permissions) -> String {
    let permissions = needed.bits();
    format!(
        "https://discord.com/oauth2/authorize?client_id={application_id}&scope=bot+applications.commands&permissions={permissions}"
    )
}
