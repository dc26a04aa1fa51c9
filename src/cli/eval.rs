//! `kewen eval`: score the search with golden questions, and compare with how it was before.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::arguments::{EvalArguments, EvalCommand, Format};
use super::session::Session;
use super::{Exit, eval_add, put, say};
use crate::engine::{Engine, Places};
use crate::error::Failure;
use crate::eval::{
    self, Ablated, Asked, BaselineProblem, Bench, Comparison, Entry, Evaluation, Place, Problem, Rows, Stale,
};
use crate::index::Effort;
use crate::render::{json, sanitise};
use crate::search::Weights;
use crate::texts::{Language, Message};

/// The folder of the notes folder where questions lie beside the notes.
pub(super) const FOLDER: &str = "eval";
/// More lost than may be ends with 1, as an answer that was not found does.
const WORSE: Exit = Exit::NotFound;

/// All that is reported.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    evaluation: Evaluation,
    problems: Vec<Problem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ablation: Option<Vec<Ablated>>,
}

pub(super) fn run(session: &Session, typed: &EvalArguments) -> Result<Exit, Failure> {
    if let Some(EvalCommand::Add(typed)) = &typed.command {
        return eval_add::run(session, typed);
    }
    let language = session.language;
    // Read before anything is saved: both may be the same file.
    let baseline = typed.baseline.as_deref().map(|path| baseline(language, path)).transpose()?;
    let mut bench = bench(session, &files(session, typed)?)?;
    say_unknown_tags(language, &bench, &typed.without);
    let asked = bench.ask(&typed.without)?;
    let evaluation = Evaluation::of(&asked);
    write(typed, &asked, &evaluation)?;
    let ablation = typed.ablate.then(|| ablate(&mut bench, &evaluation, &typed.without)).transpose()?;
    let comparison = baseline.map(|before| Comparison::of(&before, &evaluation));
    let report = Report { evaluation, problems: eval::problems(&bench), comparison, ablation };
    match typed.format {
        Format::Text => put(&sanitise(&text(language, typed, &report)))?,
        Format::Json => put(&(json(&report) + "\n"))?,
    }
    Ok(verdict(language, &report, typed.tolerance.unwrap_or_default()))
}

/// Says which tags to be left out no question has.
fn say_unknown_tags(language: Language, bench: &Bench, without: &[String]) {
    let questions = || bench.files().flat_map(|(golden, _)| &golden.questions);
    let tags: BTreeSet<&str> = questions().flat_map(|question| &question.tags).map(String::as_str).collect();
    for tag in without.iter().filter(|tag| !tags.contains(tag.as_str())) {
        say(&language.no_question_with_tag(tag, &tags.iter().copied().collect::<Vec<_>>()));
    }
}

/// The files that were named, else those that lie beside the notes.
fn files(session: &Session, typed: &EvalArguments) -> Result<Vec<PathBuf>, Failure> {
    if !typed.files.is_empty() {
        return Ok(typed.files.clone());
    }
    let notes = &session.places.notes;
    if !notes.is_dir() {
        return Err(Failure::NotesMissing(notes.clone()));
    }
    let folder = notes.join(FOLDER);
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "toml")).collect();
    files.sort();
    if files.is_empty() { Err(Failure::Usage(session.language.no_questions_beside(&folder))) } else { Ok(files) }
}

fn baseline(language: Language, path: &Path) -> Result<Vec<Entry>, Failure> {
    eval::baseline(path).map_err(|problem| match problem {
        BaselineProblem::Missing => Failure::Usage(language.baseline_missing(path)),
        BaselineProblem::Broken(reason) => Failure::Usage(language.baseline_broken(path, &reason)),
        BaselineProblem::Unreadable(failure) => failure,
    })
}

/// The files with engines whose indexes are new: figures are those of the notes as they are.
fn bench(session: &Session, files: &[PathBuf]) -> Result<Bench, Failure> {
    let mut bench = Bench::default();
    for path in files {
        let golden = eval::read(path)?;
        let places = Places { notes: golden.notes.clone(), index: session.places.index.clone() };
        let engine = Engine::new(&session.loaded.settings, &places);
        if !bench.knows(engine.notes_dir()) {
            session.reindex(&engine, Effort::Changes)?;
        }
        bench.add(golden, engine);
    }
    Ok(bench)
}

/// Writes the files that were asked for.
fn write(typed: &EvalArguments, asked: &[Asked<'_>], evaluation: &Evaluation) -> Result<(), Failure> {
    let write = |path: &Option<PathBuf>, text: &dyn Fn() -> String| match path {
        Some(path) => fs::write(path, text()).map_err(Failure::file(path)),
        None => Ok(()),
    };
    write(&typed.save, &|| eval::to_save(evaluation))?;
    write(&typed.trec, &|| eval::run(asked))?;
    write(&typed.qrels, &|| eval::qrels(asked))
}

/// Asks everything again without each feature of the ranking, on the indexes that there are.
fn ablate(bench: &mut Bench, all: &Evaluation, without: &[String]) -> Result<Vec<Ablated>, Failure> {
    let before: Vec<Entry> = all.entries().cloned().collect();
    let ablate = |(feature, switch_off): &(&'static str, fn(&mut Weights))| {
        let mut weights = Weights::default();
        switch_off(&mut weights);
        bench.engines_mut().for_each(|engine| engine.set_weights(weights));
        let evaluation = Evaluation::of(&bench.ask(without)?);
        let comparison = Comparison::of(&before, &evaluation);
        Ok(Ablated { feature, metrics: evaluation.total, comparison })
    };
    Weights::FEATURES.iter().map(ablate).collect()
}

fn text(language: Language, typed: &EvalArguments, report: &Report) -> String {
    let rows = Rows { misses: typed.misses, tags: typed.by_tag };
    let mut parts = vec![eval::figures(&report.evaluation, rows) + language.figures_legend()];
    if let Some(ablation) = &report.ablation {
        parts.push(eval::ablation(&report.evaluation.total, ablation) + language.ablation_legend());
    }
    if let Some(comparison) = &report.comparison {
        parts.push(compared(language, comparison));
    }
    parts.join("\n")
}

fn compared(language: Language, comparison: &Comparison) -> String {
    let Comparison { lost, won, new, gone } = comparison;
    let question = |entry: &Entry| format!("{}: {}", entry.file, entry.ask);
    let parts: [(String, Vec<String>); 4] = [
        (language.lost(lost.len()), lost.iter().map(ToString::to_string).collect()),
        (language.won(won.len()), won.iter().map(ToString::to_string).collect()),
        (language.new_questions(new.len()), new.iter().map(question).collect()),
        (language.gone_questions(gone.len()), gone.iter().map(question).collect()),
    ];
    parts.into_iter().map(|(head, lines)| head + "\n" + &indented(&lines)).collect()
}

fn indented(lines: &[String]) -> String {
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// Says what is wrong, and how the run ends: questions that are wrong weigh more than figures that fell.
fn verdict(language: Language, report: &Report, tolerance: usize) -> Exit {
    for problem in &report.problems {
        say(&sanitise(&told(language, problem)));
    }
    let net = report.comparison.as_ref().map_or(0, Comparison::net_lost);
    if net > tolerance {
        say(&language.worse_than_baseline(net, tolerance));
    }
    match (report.problems.is_empty(), net > tolerance) {
        (false, _) => Exit::Error,
        (true, true) => WORSE,
        (true, false) => Exit::Done,
    }
}

fn told(language: Language, problem: &Problem) -> String {
    match problem {
        Problem::NoQuestions { file } => language.file_without_questions(file),
        Problem::Duplicate { file, ask, other } => language.duplicate_question(file, ask, other),
        Problem::Stale { file, ask, place, why } => {
            language.stale_expectation(file, ask, &place.to_string(), &reason(language, place, why))
        }
    }
}

fn reason(language: Language, place: &Place, stale: &Stale) -> Message {
    let note = place.note().to_owned();
    match stale.clone() {
        Stale::NoteMissing { nearest } => language.failure(&Failure::NoteUnknown(note, nearest)),
        Stale::NoteUnreadable { reason } => language.failure(&Failure::NoteUnreadable(note, reason)),
        Stale::Draft => language.expected_draft(&note),
        Stale::AnchorMissing { anchor, nearest } => {
            language.failure(&Failure::SectionUnknown { note, anchor, nearest })
        }
        Stale::LinesMissing { last_line, nearest } => language.expected_lines_missing(&note, last_line, &nearest),
    }
}
