//! `kewen analyze`: how a text is cut and understood.

use super::arguments::{AnalyzeArguments, Format};
use super::session::Session;
use super::{Exit, put};
use crate::error::Failure;
use crate::render;

pub(super) fn run(session: &Session, typed: &AnalyzeArguments) -> Result<Exit, Failure> {
    let engine = session.engine();
    // Without an index a text can be cut all the same; only slips are not mended.
    let _ = engine.open();
    let analysis = engine.analyze(&typed.text.join(" "))?;
    match typed.format {
        Format::Json => put(&(render::json(&analysis) + "\n"))?,
        Format::Text => {
            put(&render::tokens(&analysis.tokens, &analysis.indexed, session.language))?;
            put(&render::understanding(&analysis.explanation, session.language))?;
        }
    }
    Ok(Exit::Done)
}
