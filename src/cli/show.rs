//! `kewen show`: a whole section.

use super::arguments::ShowArguments;
use super::session::Session;
use super::{Exit, put};
use crate::error::Failure;
use crate::render::sanitise;

pub(super) fn run(session: &Session, typed: &ShowArguments) -> Result<Exit, Failure> {
    let shown = session.engine().show(&typed.section)?;
    let style = anstyle::Style::new().dimmed();
    let place = format!("{} · {}", sanitise(&shown.note.0), session.language.lines(shown.first_line, shown.last_line));
    put(&format!("{style}{place}{style:#}\n\n{}\n", sanitise(shown.text.trim_end())))?;
    Ok(Exit::Done)
}
