//! Expectations that can no longer come true, and files that do not say what they mean to say. Notes change, and their
//! questions are forgotten: a place that is gone would count as a miss for ever.

use std::collections::HashMap;

use serde::Serialize;

use super::{Bench, GoldenQuestion, Place};
use crate::corpus::{LineRange, Note, WarningKind};
use crate::engine::Engine;
use crate::error::Failure;

/// What is wrong with the files of questions. The figures are not to be trusted then.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Problem {
    /// A file without questions.
    NoQuestions {
        /// The file's name.
        file: String,
    },
    /// A question that is there twice, after the same turns.
    Duplicate {
        /// The file's name.
        file: String,
        /// The question.
        ask: String,
        /// The name of the file that has it before this one.
        other: String,
    },
    /// A question that expects a place which is not there.
    Stale {
        /// The file's name.
        file: String,
        /// The question.
        ask: String,
        /// The place.
        place: Place,
        /// Why it is not there.
        #[serde(flatten)]
        why: Stale,
    },
}

/// Why an expected place is not there, with what is nearest.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Stale {
    /// There is no such note.
    NoteMissing {
        /// The notes whose names are most like it.
        nearest: Vec<String>,
    },
    /// The note is there and gives no text.
    NoteUnreadable {
        /// The reason.
        reason: WarningKind,
    },
    /// The note is a draft, which is not indexed.
    Draft,
    /// The note has no such anchor.
    AnchorMissing {
        /// The anchor.
        anchor: String,
        /// Its anchors that are most like it.
        nearest: Vec<String>,
    },
    /// The range ends beyond the note.
    LinesMissing {
        /// The note's last line.
        last_line: u32,
        /// The anchor of the section that stands nearest; empty where there is no heading.
        nearest: String,
    },
}

/// Everything that is wrong with the files of `bench`, in their order.
#[must_use]
pub fn problems(bench: &Bench) -> Vec<Problem> {
    let mut asked = HashMap::new();
    let mut problems = Vec::new();
    for (golden, engine) in bench.files() {
        let file = golden.name.as_str();
        if golden.questions.is_empty() {
            problems.push(Problem::NoQuestions { file: file.to_owned() });
        }
        let mut shelf = Shelf::new(engine);
        for question in &golden.questions {
            if let Some(other) = asked.insert((&question.ask, &question.after), file) {
                let (file, ask, other) = (file.to_owned(), question.ask.clone(), other.to_owned());
                problems.push(Problem::Duplicate { file, ask, other });
            }
            problems.extend(stale_places(&mut shelf, file, question));
        }
    }
    problems
}

fn stale_places(shelf: &mut Shelf<'_>, file: &str, question: &GoldenQuestion) -> Vec<Problem> {
    let stale = |place: &Place| {
        let why = shelf.find(place).err()?;
        Some(Problem::Stale { file: file.to_owned(), ask: question.ask.clone(), place: place.clone(), why })
    };
    question.expect.iter().filter_map(stale).collect()
}

/// The notes that expectations name, each read once.
pub(super) struct Shelf<'e> {
    engine: &'e Engine,
    notes: HashMap<String, Result<Note, Stale>>,
}

impl<'e> Shelf<'e> {
    pub(super) fn new(engine: &'e Engine) -> Self {
        Self { engine, notes: HashMap::new() }
    }

    /// The note of a place that is there.
    pub(super) fn find(&mut self, place: &Place) -> Result<&Note, Stale> {
        let engine = self.engine;
        let path = place.note();
        let note = self.notes.entry(path.to_owned()).or_insert_with(|| read(engine, path));
        let note = note.as_ref().map_err(Stale::clone)?;
        match place {
            Place::Lines(_, lines) => within(note, *lines)?,
            Place::Anchor(_, anchor) if note.section(anchor).is_none() => {
                return Err(anchor_missing(engine, place, anchor));
            }
            Place::Anchor(..) => {}
        }
        Ok(note)
    }
}

/// Reads a note by the engine's own door, so that what no student can see is no expectation either.
fn read(engine: &Engine, path: &str) -> Result<Note, Stale> {
    match engine.show(path) {
        Ok(shown) if shown.note.0 == path => Ok(Note::parse(shown.note, shown.text)),
        // `./a.md` can be shown, and is not what answers call it.
        Ok(shown) => Err(Stale::NoteMissing { nearest: vec![shown.note.0] }),
        Err(Failure::NoteUnreadable(_, reason)) => Err(Stale::NoteUnreadable { reason }),
        Err(Failure::NoteDraft(_)) => Err(Stale::Draft),
        Err(Failure::NoteUnknown(_, nearest)) => Err(Stale::NoteMissing { nearest }),
        Err(_) => Err(Stale::NoteMissing { nearest: Vec::new() }),
    }
}

fn within(note: &Note, lines: LineRange) -> Result<(), Stale> {
    let last_line = u32::try_from(note.text.lines().count()).unwrap_or(u32::MAX);
    if lines.last <= last_line {
        return Ok(());
    }
    let nearest = note.sections.iter().rfind(|section| section.lines.first <= lines.first);
    Err(Stale::LinesMissing { last_line, nearest: nearest.map(|section| section.anchor.clone()).unwrap_or_default() })
}

/// The engine knows what is near, and says so when it is asked to show the place.
fn anchor_missing(engine: &Engine, place: &Place, anchor: &str) -> Stale {
    let nearest = match engine.show(&place.to_string()) {
        Err(Failure::SectionUnknown { nearest, .. }) => nearest,
        _ => Vec::new(),
    };
    Stale::AnchorMissing { anchor: anchor.to_owned(), nearest }
}
