//! `kewen eval`: score the search with golden questions.

use super::arguments::{EvalArguments, Format};
use super::session::Session;
use super::{Exit, put};
use crate::engine::{Engine, Places};
use crate::error::Failure;
use crate::eval::{self, Evaluation};
use crate::render::json;

/// Results that are asked for.
const LIMIT: usize = 10;

pub(super) fn run(session: &Session, typed: &EvalArguments) -> Result<Exit, Failure> {
    let mut evaluation = Evaluation::default();
    for path in &typed.files {
        let golden = eval::read(path)?;
        let places = Places { notes: golden.notes.clone(), index: session.places.index.clone() };
        let engine = Engine::new(&session.loaded.settings, &places)?;
        // Notes may have changed since the last build: figures are those of the notes as they are.
        session.reindex(&engine)?;
        let mut scored = Vec::new();
        for question in
            golden.questions.iter().filter(|question| !question.tags.iter().any(|tag| typed.without.contains(tag)))
        {
            let answer = engine.ask(&question.ask, LIMIT)?;
            scored.push((question, eval::score(question, &answer, engine.notes_dir())));
        }
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        evaluation.add(&name, scored);
    }
    match typed.format {
        Format::Text => put(&eval::text(&evaluation, typed.misses))?,
        Format::Json => put(&(json(&evaluation) + "\n"))?,
    }
    Ok(Exit::Done)
}
