//! `kewen index`: build and report.

use serde::Serialize;

use super::arguments::{Format, IndexArguments};
use super::session::Session;
use super::{Exit, put};
use crate::error::Failure;
use crate::index::{BuildReport, Effort};
use crate::render::{json, sanitise};

#[derive(Serialize)]
struct Report<'r> {
    notes_dir: String,
    index_dir: String,
    #[serde(flatten)]
    report: &'r BuildReport,
}

pub(super) fn run(session: &Session, typed: &IndexArguments) -> Result<Exit, Failure> {
    let engine = session.engine()?;
    let effort = if typed.verify { Effort::Verify } else { Effort::Changes };
    let report = session.reindex(&engine, effort)?;
    if typed.format == Format::Json {
        let places =
            (engine.notes_dir().to_string_lossy().into_owned(), engine.index_dir().to_string_lossy().into_owned());
        put(&(json(&Report { notes_dir: places.0, index_dir: places.1, report: &report }) + "\n"))?;
        return Ok(Exit::Done);
    }
    let mut lines = vec![session.language.indexed(&report)];
    lines.extend(session.language.changes(&report));
    lines.extend(session.language.at_commit(report.commit.as_deref(), report.differing));
    lines.extend(session.language.left_out(&report));
    lines.extend(report.warnings.iter().map(|warning| {
        format!(
            "  {}:{}: {}",
            sanitise(&warning.note.0),
            warning.line,
            sanitise(&session.language.warning(&warning.kind))
        )
    }));
    put(&(lines.join("\n") + "\n"))?;
    Ok(Exit::Done)
}
