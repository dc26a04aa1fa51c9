//! `kewen ask` without a question on a terminal: question after question, each going on from the one before.

use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::arguments::Format;
use super::ask::{ask, show};
use super::session::Session;
use super::{Exit, say, say_failure};
use crate::engine::Engine;
use crate::error::Failure;
use crate::log::{Channel, Entry};
use crate::query::Conversation;

const PROMPT: &str = "? ";
/// What people type to leave, and to be told how this works; neither is asked.
const LEAVE: &[&str] = &["exit", "quit", ":q", "/exit", "/quit", "退出", "再见"];
const HELP: &[&str] = &["help", "?", "？", "/help", "帮助"];

pub(super) fn run(session: &Session, engine: &Engine, limit: usize) -> Result<Exit, Failure> {
    let unreadable = |error: ReadlineError| Failure::File("stdin".into(), error.to_string());
    let mut editor = DefaultEditor::new().map_err(unreadable)?;
    say(session.language.chat_begins());
    let recorder = session.recorder(engine);
    let mut conversation = Conversation::default();
    let done = loop {
        let line = match editor.readline(PROMPT) {
            Ok(line) => line,
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => break Ok(Exit::Done),
            Err(error) => break Err(unreadable(error)),
        };
        let question = line.trim();
        if question.is_empty() {
            continue;
        }
        let word = question.to_lowercase();
        if LEAVE.contains(&word.as_str()) {
            break Ok(Exit::Done);
        }
        if HELP.contains(&word.as_str()) {
            say(session.language.chat_begins());
            continue;
        }
        let _ = editor.add_history_entry(question);
        // Notes may have been indexed meanwhile.
        let _ = engine.refresh();
        match ask(session, engine, &mut conversation, question, limit) {
            Ok(answer) => {
                if let Some(recorder) = &recorder {
                    recorder.record(Entry::of(&answer, Channel::Chat));
                }
                show(session, &answer, Format::Text)?;
            }
            Err(failure) => {
                say_failure(&failure, session.language);
            }
        }
    };
    if let Some(recorder) = recorder {
        let lost = recorder.close();
        if lost > 0 {
            say(&session.language.not_logged(lost));
        }
    }
    done
}
