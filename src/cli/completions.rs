//! `kewen completions`: what the shell needs to complete a command line.

use clap::CommandFactory as _;

use super::arguments::{Arguments, CompletionsArguments};
use super::session::Session;
use super::{Exit, put};
use crate::error::Failure;
use crate::texts::localise;

pub(super) fn run(session: &Session, typed: &CompletionsArguments) -> Result<Exit, Failure> {
    let mut command = localise(Arguments::command(), session.language, &|_| true);
    let mut script = Vec::new();
    clap_complete::generate(typed.shell, &mut command, "kewen", &mut script);
    put(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
