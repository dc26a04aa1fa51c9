//! `kewen ask`: one question, or a batch of them.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal as _, Read as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::arguments::{AskArguments, Format};
use super::session::Session;
use super::{Exit, chat, put, say, say_failure};
use crate::answer::{Answer, Explanation, Outcome};
use crate::engine::Engine;
use crate::error::Failure;
use crate::index::{Outdated, Unfit};
use crate::query::{Conversation, QuestionProblem, Sessions};
use crate::render::{self, Palette};

/// A longer line of a batch is refused; bytes.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Notes that are looked through for changes beside every answer. Of more, the look takes longer than the answer.
const GLANCED_AT_MAX: usize = 10_000;

/// A batch is asked at one moment: its conversations do not grow old.
const NOW: Duration = Duration::ZERO;

/// A line of a batch as an object. Lines with the same session are one conversation.
#[derive(Clone, Deserialize)]
struct Row {
    question: String,
    #[serde(default)]
    session: Option<serde_json::Value>,
}

/// What stands in a batch's output for a question that could not be asked.
#[derive(Serialize)]
struct Refused<'a> {
    question: &'a str,
    outcome: Outcome,
    hits: [(); 0],
    suggestions: [(); 0],
    corrections: [(); 0],
    unknown: [(); 0],
    took_ms: f64,
    error: String,
}

pub(super) fn run(session: &Session, typed: &AskArguments) -> Result<Exit, Failure> {
    let limit = typed.limit.map_or(session.loaded.settings.answer.limit, usize::from);
    let engine = session.engine();
    if let Some(path) = &typed.batch {
        let reader: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(std::io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(path).map_err(Failure::file(path))?))
        };
        session.open(&engine)?;
        let exit = batch(session, &engine, reader, path, typed.format, limit)?;
        tell_at_a_glance(session, &engine);
        return Ok(exit);
    }
    if typed.question.is_empty() && typed.format == Format::Text && std::io::stdin().is_terminal() {
        session.open(&engine)?;
        return chat::run(session, &engine, limit);
    }
    let question = typed.question.join(" ");
    crate::query::Question::new(&question).map_err(Failure::from)?;
    if typed.explain {
        session.open(&engine)?;
        let exit = explain(session, &engine, &question, typed.format, limit)?;
        tell_at_a_glance(session, &engine);
        return Ok(exit);
    }
    let answer = thread::scope(|scope| {
        // The folder is walked meanwhile, and what has changed is told last: the answer is not to wait for it.
        let looked = scope.spawn(|| (engine.current(), Beside::glance(session, &engine)));
        session.open(&engine)?;
        let answer = ask(session, &engine, &mut Conversation::default(), &question, limit)?;
        show(session, &answer, typed.format)?;
        let found = answer.outcome != Outcome::NotFound;
        match looked.join() {
            // Many notes are looked through only for who found nothing and wonders whether there is more by now.
            Ok((_, None)) if found => {}
            // The look was at the notes of the generation that has answered.
            Ok((Some(generation), Some(beside))) if generation == engine.generation() => beside.tell(session, &engine),
            _ => tell_outdated(session, &engine),
        }
        Ok::<Answer, Failure>(answer)
    })?;
    // The process ends, and its memory with it: taking down what was read can take as long as half an answer.
    std::mem::forget(engine);
    Ok(if answer.outcome == Outcome::NotFound { Exit::NotFound } else { Exit::Done })
}

/// What is to be said beside answers.
enum Beside {
    /// Why the notes cannot be indexed any more.
    Hindrance(Failure),
    /// What has changed since they were indexed.
    Changes(Outdated),
}

impl Beside {
    /// Looks at the notes.
    fn look(session: &Session, engine: &Engine) -> Self {
        // The walk takes longest; meanwhile the index may have been opened, and its lexicon need not be read twice.
        let changes = engine.outdated().unwrap_or_default();
        session.hindrance(engine).map_or(Self::Changes(changes), Self::Hindrance)
    }

    /// Looks at the notes beside an answer; `None` when they are too many to be looked through.
    fn glance(session: &Session, engine: &Engine) -> Option<Self> {
        if engine.current_notes().is_none_or(|notes| notes <= GLANCED_AT_MAX) {
            return Some(Self::look(session, engine));
        }
        session.hindrance(engine).map(Self::Hindrance)
    }

    fn tell(self, session: &Session, engine: &Engine) {
        match self {
            Self::Hindrance(failure) => drop(session.say_hindrance(engine, &failure)),
            Self::Changes(outdated) => session.language.outdated(&outdated).into_iter().for_each(|told| say(&told)),
        }
    }
}

/// Says beside an answer that the notes have changed since they were indexed, or that they cannot be indexed any more.
pub(super) fn tell_outdated(session: &Session, engine: &Engine) {
    Beside::look(session, engine).tell(session, engine);
}

/// As [`tell_outdated`], of no more notes than are looked through beside an answer.
fn tell_at_a_glance(session: &Session, engine: &Engine) {
    Beside::glance(session, engine).into_iter().for_each(|beside| beside.tell(session, engine));
}

/// An answer with why it is as it is.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    answer: &'a Answer,
    explanation: &'a Explanation,
}

fn explain(session: &Session, engine: &Engine, question: &str, format: Format, limit: usize) -> Result<Exit, Failure> {
    let (answer, explanation) = engine.explain(question, limit)?;
    match format {
        Format::Json => put(&(render::json(&Explained { answer: &answer, explanation: &explanation }) + "\n"))?,
        Format::Text => {
            show(session, &answer, format)?;
            put(&format!("\n{}", render::understanding(&explanation, session.language)))?;
            put(&render::judgement(&explanation, session.language))?;
        }
    }
    Ok(if answer.outcome == Outcome::NotFound { Exit::NotFound } else { Exit::Done })
}

pub(super) fn show(session: &Session, answer: &Answer, format: Format) -> Result<(), Failure> {
    match format {
        Format::Text => put(&render::answer(answer, session.language, Palette::default())),
        Format::Json => put(&(render::json(answer) + "\n")),
    }
}

/// Whether more than a quarter of a text that was read as UTF-8 is none: a stray byte does no harm.
fn is_another_encoding(text: &str) -> bool {
    text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count() * 4 > text.chars().count()
}

/// Answers line by line; what cannot be asked is said, has its place in the output, and makes the exit code 2.
fn batch(
    session: &Session,
    engine: &Engine,
    mut reader: Box<dyn BufRead>,
    path: &Path,
    format: Format,
    limit: usize,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    let mut line = Vec::new();
    let mut sessions: Sessions<String> = Sessions::default();
    let mut number = 0;
    loop {
        line.clear();
        number += 1;
        let read = reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line).map_err(Failure::file(path))?;
        if read == 0 {
            return Ok(exit);
        }
        let cut_off = read as u64 == LINE_BYTES_MAX && line.last() != Some(&b'\n');
        if cut_off {
            skip_line(&mut reader).map_err(Failure::file(path))?;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() && !cut_off {
            continue;
        }
        let row = if is_another_encoding(text) { Err(Failure::BatchEncoding(number)) } else { row(text, number) };
        let question = row.as_ref().map_or_else(|_| text.trim().to_owned(), |row| row.question.clone());
        let answer = if cut_off {
            Err(QuestionProblem::TooLong(text.chars().count()).into())
        } else {
            row.and_then(|row| {
                let name = row.session.map(|name| name.to_string());
                let mut conversation = name.as_ref().map_or_else(Conversation::default, |name| sessions.get(name, NOW));
                let answer = ask(session, engine, &mut conversation, &row.question, limit)?;
                if let Some(name) = name {
                    sessions.put(name, conversation, NOW);
                }
                Ok(answer)
            })
        };
        match answer {
            Ok(answer) => {
                if format == Format::Text {
                    put(&format!("# {}\n\n", render::sanitise(&answer.question)))?;
                }
                show(session, &answer, format)?;
                if format == Format::Text {
                    put("\n")?;
                }
            }
            Err(failure) => {
                exit = say_failure(&failure, session.language);
                let start: String = question.chars().take(60).collect();
                say(&format!("  {}", render::sanitise(&start)));
                if format == Format::Json {
                    let error = session.language.failure(&failure).text;
                    let refused = Refused {
                        question: &start,
                        outcome: Outcome::NotFound,
                        hits: [],
                        suggestions: [],
                        corrections: [],
                        unknown: [],
                        took_ms: 0.0,
                        error,
                    };
                    put(&(render::json(&refused) + "\n"))?;
                }
            }
        }
    }
}

/// The question of a line with its number: an object's, or the line itself when it is no object.
fn row(line: &str, number: usize) -> Result<Row, Failure> {
    let line = line.trim();
    match serde_json::from_str::<Row>(line) {
        Ok(row) => Ok(row),
        Err(_) if line.starts_with('{') => Err(Failure::BatchRow(number)),
        Err(_) => Ok(Row { question: line.to_owned(), session: None }),
    }
}

/// Asks; an index that turns out to be damaged is rebuilt once.
pub(super) fn ask(
    session: &Session,
    engine: &Engine,
    conversation: &mut Conversation,
    question: &str,
    limit: usize,
) -> Result<Answer, Failure> {
    match engine.converse(conversation, question, limit) {
        Err(Failure::IndexDamaged(..)) => {
            session.rebuild(engine, Unfit::Damaged)?;
            engine.converse(conversation, question, limit)
        }
        answered => answered,
    }
}

/// Reads on to the end of a line that is too long.
fn skip_line(reader: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let end = buffer.iter().position(|&b| b == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        let done = end.is_some() || buffer.is_empty();
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}
