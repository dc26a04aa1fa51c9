//! The command line: what was typed (arguments), what it means (session), one file a command. Only this module
//! prints; everything below returns values.

mod analyze;
mod arguments;
mod ask;
mod bar;
mod bot;
mod chat;
mod check;
mod completions;
mod config;
mod doctor;
mod eval;
mod eval_add;
mod gaps;
mod index;
mod office;
mod session;
mod show;
mod status;
mod watch;
mod weekly;
mod when;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

pub use arguments::{Arguments, Command, Format};
use session::Session;

use crate::error::Failure;
use crate::texts::{Language, localise};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Done,
    /// The notes do not say.
    NotFound,
    /// Something went wrong and was said.
    Error,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::NotFound => 1,
            Exit::Error => 2,
        })
    }
}

/// Runs kewen with these arguments, the program's name first.
pub fn run(arguments: Vec<OsString>) -> Exit {
    let language = session::language_before_parsing(&arguments);
    tell_panics(language);
    let is_named = |name: &str| arguments.iter().any(|argument| argument == name);
    let command = localise(Arguments::command(), language, &is_named);
    let arguments =
        match command.try_get_matches_from(arguments).and_then(|matches| Arguments::from_arg_matches(&matches)) {
            Ok(arguments) => arguments,
            Err(error) if !error.use_stderr() => {
                return match put(&error.render().ansi().to_string()) {
                    Ok(()) => Exit::Done,
                    Err(failure) => say_failure(&failure, language),
                };
            }
            Err(error) => {
                if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
                    say(error.render().ansi().to_string().trim_end());
                    return Exit::Error;
                }
                return say_failure(&Failure::Usage(language.usage(&error)), language);
            }
        };
    let session = match Session::new(&arguments.places, arguments.command.needs_notes()) {
        Ok(session) => session,
        Err(failure) => return say_failure(&failure, language),
    };
    let spoken = session.language;
    let done = match &arguments.command {
        Command::Ask(typed) => ask::run(&session, typed),
        Command::Analyze(typed) => analyze::run(&session, typed),
        Command::Show(typed) => show::run(&session, typed),
        Command::Index(typed) if typed.watch => watch::run(session, typed),
        Command::Index(typed) => index::run(&session, typed),
        Command::Check(typed) => check::run(&session, typed),
        Command::Status(typed) => status::run(&session, typed),
        Command::Eval(typed) => eval::run(&session, typed),
        Command::Gaps(typed) => gaps::run(&session, typed),
        Command::Forget(typed) => gaps::forget(&session, typed),
        Command::Bot => bot::run(&session, &arguments.places),
        Command::Doctor(typed) => doctor::run(&session, &arguments.places, typed),
        Command::Completions(typed) => completions::run(&session, typed),
        Command::Config => config::run(&session),
    };
    done.unwrap_or_else(|failure| say_failure(&failure, spoken))
}

/// A panic is a defect: it is told in a sentence with its place. One that the engine catches is told there.
fn tell_panics(language: Language) {
    std::panic::set_hook(Box::new(move |panic| {
        if !crate::engine::is_reading_index() {
            say_failure(&Failure::Internal(panic.to_string()), language);
        }
    }));
}

fn say_failure(failure: &Failure, language: Language) -> Exit {
    let message = language.failure(failure);
    say(&crate::render::sanitise(&message.text));
    for hint in &message.hints {
        say(&format!("  → {}", crate::render::sanitise(hint)));
    }
    Exit::Error
}

/// A line for the person, on standard error.
fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// The result, on standard output. A reader that went away (`| head`) is no error; a full disk is.
///
/// # Errors
/// When it cannot be written.
fn put(text: &str) -> Result<(), Failure> {
    let out = std::io::stdout();
    let written = match anstream::AutoStream::choice(&out) {
        // Whole, in one call of the system, and not piece by piece between what is left out.
        anstream::ColorChoice::Never => write_whole(out, &anstream::adapter::strip_str(text).to_string()),
        _ => write_whole(anstream::stdout(), text),
    };
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::File(std::path::PathBuf::from("stdout"), error.to_string()))
        }
        _ => Ok(()),
    }
}

fn write_whole(mut out: impl std::io::Write, text: &str) -> std::io::Result<()> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}
