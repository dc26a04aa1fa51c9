//! `kewen config`: the settings in force and where each came from.

use super::session::Session;
use super::{Exit, put};
use crate::error::Failure;
use crate::render::sanitise;

pub(super) fn run(session: &Session) -> Result<Exit, Failure> {
    let language = session.language;
    let rows = session.loaded.effective.iter().map(|row| {
        let value = row.value.as_deref().unwrap_or(language.hidden());
        format!("{} = {}  # {}", row.path, sanitise(value), sanitise(&language.origin(&row.origin)))
    });
    let lines: Vec<String> = rows.collect();
    put(&(lines.join("\n") + "\n"))?;
    Ok(Exit::Done)
}
