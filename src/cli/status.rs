//! `kewen status`: how the index stands beside the notes.

use std::path::Path;

use serde::Serialize;

use super::arguments::{Format, StatusArguments};
use super::session::{Session, seconds_since};
use super::{Exit, put, say_failure};
use crate::engine::Engine;
use crate::error::Failure;
use crate::index::{Manifest, Outdated, Unfit};
use crate::log::{Standing, Store};
use crate::render::{json, sanitise};
use crate::settings::LogSettings;
use crate::texts::{Language, Message};
use crate::watch::{Trouble, Work, troubles};

/// How an index stands.
#[derive(Serialize)]
pub(super) struct Status {
    #[serde(skip)]
    manifest: Manifest,
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
    /// Why the index could not be brought up to the notes now.
    #[serde(skip_serializing_if = "Option::is_none")]
    hindrance: Option<String>,
    /// Why it will be built anew.
    #[serde(skip)]
    unfit: Option<Unfit>,
    /// What went wrong last and has not gone well since.
    last_failures: Vec<LastFailure>,
}

/// A failure in the language of who reads it.
#[derive(Serialize)]
struct LastFailure {
    work: Work,
    /// Seconds since 1970.
    at: u64,
    text: String,
    /// What to do about it.
    hints: Vec<String>,
}

pub(super) fn run(session: &Session, typed: &StatusArguments) -> Result<Exit, Failure> {
    let engine = session.engine();
    let _ = engine.open().or_else(|_| engine.open_anyway());
    let language = session.language;
    let tell = |failure: Failure| {
        say_failure(&failure, language);
    };
    let Some(status) = of(session, &engine, language, tell)? else {
        put(&missing(session, &engine, language))?;
        return Ok(Exit::NotFound);
    };
    put(&match typed.format {
        Format::Json => json(&status) + "\n",
        Format::Text => status.text(&session.log_file(&engine), &session.loaded.settings.log, language),
    })?;
    Ok(Exit::Done)
}

/// What is said when there is no index: that, what stands in its way, and what went wrong last.
pub(super) fn missing(session: &Session, engine: &Engine, language: Language) -> String {
    let hindrance = hindrance(session, engine, language);
    if let Err((unfit @ (Unfit::Selection | Unfit::Version), _)) = engine.open() {
        return language.must_be_rebuilt(unfit) + "\n";
    }
    let mut lines = vec![language.no_index(&sanitise(&engine.notes_dir().to_string_lossy()))];
    lines.extend(failures(&last_failures(engine.index_dir(), language), hindrance.as_deref(), language));
    lines.extend(hindrance);
    lines.join("\n") + "\n"
}

/// Why the index could not be brought up to the notes now, with what to do, a line each.
fn hindrance(session: &Session, engine: &Engine, language: Language) -> Option<String> {
    let Message { text, hints } = language.failure(&session.hindrance(engine)?);
    let lines: Vec<String> = std::iter::once(text).chain(hints).map(|line| sanitise(&line)).collect();
    Some(lines.join("\n  → "))
}

/// What went wrong last and has not gone well since.
fn last_failures(index_dir: &Path, language: Language) -> Vec<LastFailure> {
    let told = |trouble: Trouble| {
        let Message { text, hints } = trouble.message(language).clone();
        LastFailure { work: trouble.work, at: trouble.at, text, hints }
    };
    troubles(index_dir).into_iter().map(told).collect()
}

/// The same for people: a line each, and below it what to do. What is told as a hindrance already is left out.
fn failures(failures: &[LastFailure], hindrance: Option<&str>, language: Language) -> Vec<String> {
    let is_told = |text: &str| hindrance.is_some_and(|told| told.starts_with(&sanitise(text)));
    let mut lines = Vec::new();
    for LastFailure { at, text, hints, .. } in failures.iter().filter(|failure| !is_told(&failure.text)) {
        lines.push(language.last_failure(&sanitise(text), seconds_since(*at)));
        lines.extend(hints.iter().map(|hint| format!("  → {}", sanitise(hint))));
    }
    lines
}

/// How the index stands that an engine holds open; `None` when it holds none. A log that cannot be read is told and is no
/// reason to hide the rest.
pub(super) fn of(
    session: &Session,
    engine: &Engine,
    language: Language,
    tell: impl FnOnce(Failure),
) -> Result<Option<Status>, Failure> {
    let (index_dir, notes_dir) = (engine.index_dir(), engine.notes_dir());
    let Some(manifest) = engine.manifest() else { return Ok(None) };
    let checkout = engine.checkout();
    let log = Store::existing(&session.log_file(engine));
    Ok(Some(Status {
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
        log: log.and_then(|store| store.map(|store| store.standing()).transpose()).unwrap_or_else(|failure| {
            tell(failure);
            None
        }),
        hindrance: hindrance(session, engine, language),
        unfit: engine.unfit(),
        last_failures: last_failures(index_dir, language),
        manifest,
    }))
}

impl Status {
    /// As people read it, ending in a line break.
    pub(super) fn text(&self, log_file: &Path, log: &LogSettings, language: Language) -> String {
        let age = seconds_since(self.built_at);
        let mut lines = vec![
            language.notes_and_index(&sanitise(&self.notes_dir), &sanitise(&self.index_dir)),
            language.standing(self.generation, &self.manifest, age),
        ];
        lines.extend(language.at_commit(self.commit.as_deref(), self.differing));
        lines.push(match &self.hindrance {
            Some(hindrance) => hindrance.clone(),
            None if self.unfit.is_some() => self.unfit.map(|unfit| language.must_be_rebuilt(unfit)).unwrap_or_default(),
            None => language.outdated(&self.outdated).unwrap_or_else(|| language.up_to_date().to_owned()),
        });
        if let Some(standing) = &self.log {
            lines.push(sanitise(&language.log_standing(log_file, standing, log.retention_days)));
        }
        lines.extend(failures(&self.last_failures, self.hindrance.as_deref(), language));
        lines.join("\n") + "\n"
    }
}
