//! The bench: files of questions with the engines that answer them. Files over the same notes share an engine, so
//! each index is built once, however often it is asked.

use std::path::Path;

use super::metrics::RANKS;
use super::{Golden, GoldenQuestion};
use crate::answer::Answer;
use crate::engine::Engine;
use crate::error::Failure;

/// Files of questions, each with its engine.
#[derive(Debug, Default)]
pub struct Bench {
    files: Vec<(Golden, usize)>,
    engines: Vec<Engine>,
}

/// A file's questions with the answers that they got.
#[derive(Debug)]
pub struct Asked<'b> {
    /// The file.
    pub golden: &'b Golden,
    /// What answered.
    pub engine: &'b Engine,
    /// The questions that were asked, in the order of the file.
    pub answers: Vec<Answered<'b>>,
}

/// A question with the answer that it got.
#[derive(Debug)]
pub struct Answered<'b> {
    /// The question's number in its file, counted from 1.
    pub number: usize,
    /// The question.
    pub question: &'b GoldenQuestion,
    /// The answer.
    pub answer: Answer,
}

impl Bench {
    /// Whether there is an engine for the notes in `notes_dir` (an absolute path) already.
    #[must_use]
    pub fn knows(&self, notes_dir: &Path) -> bool {
        self.number_of(notes_dir).is_some()
    }

    /// Adds a file with an engine for its notes, which is dropped when there is one already. A file whose name is
    /// taken is named with as many of its folders as tell it apart.
    pub fn add(&mut self, mut golden: Golden, engine: Engine) {
        golden.name = self.free_name(&golden);
        let number = self.number_of(engine.notes_dir()).unwrap_or_else(|| {
            self.engines.push(engine);
            self.engines.len() - 1
        });
        self.files.push((golden, number));
    }

    /// The engines, one for each notes folder.
    pub fn engines_mut(&mut self) -> impl Iterator<Item = &mut Engine> {
        self.engines.iter_mut()
    }

    /// The files in the order in which they were added, with their engines.
    pub fn files(&self) -> impl Iterator<Item = (&Golden, &Engine)> {
        self.files.iter().filter_map(|(golden, number)| Some((golden, self.engines.get(*number)?)))
    }

    /// Asks all questions but those with a tag of `without`.
    ///
    /// # Errors
    /// When a question cannot be asked.
    pub fn ask(&self, without: &[String]) -> Result<Vec<Asked<'_>>, Failure> {
        self.files().map(|(golden, engine)| ask_file(golden, engine, without)).collect()
    }

    fn free_name(&self, golden: &Golden) -> String {
        let path = golden.path.with_extension("");
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        let mut names = (0..parts.len()).rev().map(|first| parts.get(first..).unwrap_or_default().join("/"));
        let is_free = |name: &String| self.files.iter().all(|(other, _)| other.name != *name);
        names.find(is_free).unwrap_or_else(|| golden.name.clone())
    }

    fn number_of(&self, notes_dir: &Path) -> Option<usize> {
        self.engines.iter().position(|engine| engine.notes_dir() == notes_dir)
    }
}

fn ask_file<'b>(golden: &'b Golden, engine: &'b Engine, without: &[String]) -> Result<Asked<'b>, Failure> {
    let left_out = |question: &GoldenQuestion| question.tags.iter().any(|tag| without.contains(tag));
    let answers = (1..)
        .zip(&golden.questions)
        .filter(|(_, question)| !left_out(question))
        .map(|(number, question)| Ok(Answered { number, question, answer: ask_turns(engine, question)? }))
        .collect::<Result<_, Failure>>()?;
    Ok(Asked { golden, engine, answers })
}

/// Asks the earlier turns of the conversation in their order, then the question.
fn ask_turns(engine: &Engine, question: &GoldenQuestion) -> Result<Answer, Failure> {
    let mut conversation = Default::default();
    for turn in &question.after {
        engine.converse(&mut conversation, turn, RANKS)?;
    }
    engine.converse(&mut conversation, &question.ask, RANKS)
}
