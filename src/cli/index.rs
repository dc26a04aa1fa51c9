//! `kewen index`: build and report.

use serde::Serialize;

use super::arguments::{Format, IndexArguments};
use super::session::Session;
use super::{Exit, put};
use crate::corpus::Warning;
use crate::engine::Engine;
use crate::error::Failure;
use crate::index::{BuildReport, Effort};
use crate::render::{json, sanitise};
use crate::texts::Language;

#[derive(Serialize)]
struct Report<'r> {
    notes_dir: String,
    index_dir: String,
    #[serde(flatten)]
    report: &'r BuildReport,
}

pub(super) fn run(session: &Session, typed: &IndexArguments) -> Result<Exit, Failure> {
    let updated = session.fetch(&|| false, typed.refetch);
    if let Err(failure @ Failure::Usage(_)) = updated {
        return Err(failure);
    }
    let engine = session.engine();
    session.record_git(&engine, updated.as_ref().err());
    let effort = if typed.verify { Effort::Verify } else { Effort::Changes };
    let reindexed = match &updated {
        // Without a checkout there are no notes, and why there is none is what matters.
        Err(failure) if !session.has_notes() => Err(failure.clone()),
        _ => session.reindex(&engine, effort),
    };
    let report = match reindexed {
        Ok(report) => report,
        Err(failure) => {
            // Another one that writes is no matter of concern.
            if !matches!(failure, Failure::IndexLocked(..)) {
                let _ = engine.open().or_else(|_| engine.open_anyway());
            }
            return Ok(session.say_hindrance(&engine, &failure));
        }
    };
    put(&screen(&engine, &report, typed.format, session.language, false))?;
    // What is there was indexed; that it is not the newest is said last.
    Ok(updated.map_or_else(|failure| session.say_hindrance(&engine, &failure), |()| Exit::Done))
}

/// A report as it is printed. With `changed_only` the text leaves out what it is not about: drafts, other files, and warnings of
/// notes that are neither new nor changed.
pub(super) fn screen(
    engine: &Engine,
    report: &BuildReport,
    format: Format,
    language: Language,
    changed_only: bool,
) -> String {
    if format == Format::Json {
        let notes_dir = engine.notes_dir().to_string_lossy().into_owned();
        let index_dir = engine.index_dir().to_string_lossy().into_owned();
        return json(&Report { notes_dir, index_dir, report }) + "\n";
    }
    text(report, language, changed_only)
}

/// The text of a report, for terminals and for Discord.
pub(super) fn text(report: &BuildReport, language: Language, changed_only: bool) -> String {
    let mut lines = vec![language.indexed(report)];
    lines.extend(language.changes(report));
    lines.extend(language.at_commit(report.commit.as_deref(), report.differing));
    let warnings: Vec<_> = warnings(report, changed_only).collect();
    if !changed_only {
        lines.extend(language.left_out(report));
    }
    lines.extend(language.warnings_follow(warnings.len()));
    lines.extend(warnings.into_iter().map(|warning| format!("  {}", warning_line(warning, language))));
    lines.join("\n") + "\n"
}

/// All warnings, or those of notes that are new or have changed.
pub(super) fn warnings(report: &BuildReport, changed_only: bool) -> impl Iterator<Item = &Warning> {
    let changes = &report.changes;
    let of_changed = move |warning: &&Warning| {
        let in_list = |notes: &[crate::corpus::NoteId]| notes.contains(&warning.note);
        in_list(&changes.added.notes)
            || in_list(&changes.changed.notes)
            || changes.renamed.iter().any(|renamed| renamed.to == warning.note)
    };
    report.warnings.iter().filter(move |warning| !changed_only || of_changed(warning))
}

/// A warning with its place.
pub(super) fn warning_line(warning: &Warning, language: Language) -> String {
    format!("{}:{}: {}", sanitise(&warning.note.0), warning.line, sanitise(&language.warning(&warning.kind)))
}
