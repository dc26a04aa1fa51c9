//! `kewen show`: a whole section.

use super::arguments::ShowArguments;
use super::session::Session;
use super::{Exit, put};
use crate::error::Failure;
use crate::render::sanitise;

pub(super) fn run(session: &Session, typed: &ShowArguments) -> Result<Exit, Failure> {
    let (note, anchor) = typed.section.split_once('#').unwrap_or((&typed.section, ""));
    let shown = session.engine()?.show(note, anchor)?;
    let style = anstyle::Style::new().dimmed();
    let place = format!("{} · {}", sanitise(&shown.note.0), session.language.lines(shown.first_line, shown.last_line));
    put(&format!("{style}{place}{style:#}\n\n{}\n", sanitise(shown.text.trim_end())));
    Ok(Exit::Done)
}
