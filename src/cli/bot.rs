//! `kewen bot`: answer in Discord.

use std::io::IsTerminal as _;

use super::session::Session;
use super::{Exit, say};
use crate::bot::{self, Options};
use crate::error::Failure;

pub(super) fn run(session: &Session) -> Result<Exit, Failure> {
    let settings = &session.loaded.settings;
    let token = token(session)?;
    let engine = session.engine()?;
    session.open(&engine)?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_max_level(tracing::Level::INFO)
        .init();
    let options = Options {
        limit: settings.answer.limit,
        language: session.language,
        api_base: settings.discord.api_base.clone(),
    };
    say(session.language.bot_starts());
    bot::run(engine, &token, options)?;
    Ok(Exit::Done)
}

fn token(session: &Session) -> Result<String, Failure> {
    let discord = &session.loaded.settings.discord;
    let mut token = discord.token.trim().to_owned();
    if token.is_empty() && !discord.token_file.as_os_str().is_empty() {
        let text = std::fs::read_to_string(&discord.token_file).map_err(Failure::file(&discord.token_file))?;
        text.lines().next().unwrap_or_default().trim().clone_into(&mut token);
    }
    if token.is_empty() { Err(Failure::TokenMissing) } else { Ok(token) }
}
