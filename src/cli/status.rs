//! `kewen status`: how the index stands beside the notes.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::arguments::{Format, StatusArguments};
use super::session::Session;
use super::{Exit, put, say_failure};
use crate::error::Failure;
use crate::index::Outdated;
use crate::log::{Standing, Store};
use crate::render::{json, sanitise};
use crate::watch::{Trouble, troubles};

/// How an index stands.
#[derive(Serialize)]
struct Status {
    notes_dir: String,
    index_dir: String,
    generation: u64,
    /// Seconds since 1970.
    built_at: u64,
    notes: usize,
    sections: usize,
    passages: usize,
    /// The Git commit that the notes are in, and how many are not as they are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    differing: Option<usize>,
    /// Files that are not as they were.
    outdated: Outdated,
    /// The question log, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Standing>,
    /// What went wrong last and has not gone well since.
    last_failures: Vec<Trouble>,
}

pub(super) fn run(session: &Session, typed: &StatusArguments) -> Result<Exit, Failure> {
    let engine = session.engine()?;
    let (index_dir, notes_dir) = (engine.index_dir(), engine.notes_dir());
    if engine.open().is_err() {
        put(&(session.language.no_index(&sanitise(&notes_dir.to_string_lossy())) + "\n"))?;
        return Ok(Exit::NotFound);
    }
    let log_file = session.log_file(&engine);
    let Some(manifest) = engine.manifest() else { return Ok(Exit::NotFound) };
    let checkout = engine.checkout();
    let status = Status {
        notes_dir: notes_dir.to_string_lossy().into_owned(),
        index_dir: index_dir.to_string_lossy().into_owned(),
        generation: engine.generation(),
        built_at: manifest.built_at,
        notes: manifest.notes,
        sections: manifest.sections,
        passages: manifest.passages,
        commit: checkout.as_ref().map(|checkout| checkout.commit.clone()),
        differing: checkout.as_ref().map(|checkout| checkout.differing.len()),
        outdated: engine.outdated()?,
        // A log that cannot be read is no reason to hide the rest.
        log: Store::existing(&log_file)
            .and_then(|store| store.map(|store| store.standing()).transpose())
            .unwrap_or_else(|failure| {
                say_failure(&failure, session.language);
                None
            }),
        last_failures: troubles(index_dir),
    };
    if typed.format == Format::Json {
        put(&(json(&status) + "\n"))?;
        return Ok(Exit::Done);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let mut lines = vec![
        session.language.notes_and_index(&sanitise(&status.notes_dir), &sanitise(&status.index_dir)),
        session.language.standing(status.generation, &manifest, now.saturating_sub(manifest.built_at)),
    ];
    lines.extend(session.language.at_commit(status.commit.as_deref(), status.differing));
    lines.push(session.language.outdated(&status.outdated).unwrap_or_else(|| session.language.up_to_date().to_owned()));
    if let Some(standing) = &status.log {
        let retention_days = session.loaded.settings.log.retention_days;
        lines.push(sanitise(&session.language.log_standing(&log_file, standing, retention_days)));
    }
    lines.extend(
        status
            .last_failures
            .iter()
            .map(|trouble| session.language.last_failure(&sanitise(&trouble.text), now.saturating_sub(trouble.at))),
    );
    put(&(lines.join("\n") + "\n"))?;
    Ok(Exit::Done)
}
