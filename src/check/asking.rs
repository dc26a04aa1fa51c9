//! Asks for every heading: a section that its own heading does not find will hardly be found by anybody.

use super::headings::{key, names_something};
use super::{Finding, Folder, Problem};
use crate::answer::{Answer, Citation};
use crate::corpus::{Note, Section};
use crate::engine::Engine;
use crate::error::Failure;
use crate::query::QUESTION_CHARS_MAX;

/// A section further down is not found.
const RANK_MAX: usize = 3;

/// Asks an engine whose index is open for every heading that names something. `progress` is told how many of how many
/// are done.
///
/// # Errors
/// When the index cannot be read.
pub fn check(
    folder: &Folder,
    engine: &Engine,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Finding>, Failure> {
    let notes = folder.notes().iter().map(|read| &read.note);
    let asked: Vec<(&Note, &Section)> =
        notes.flat_map(|note| asked(note).map(move |section| (note, section))).collect();
    let mut findings = Vec::new();
    for (done, (note, section)) in asked.iter().enumerate() {
        progress(done, asked.len());
        let mut is_found = false;
        for question in questions(note, section) {
            is_found |= finds(&engine.ask(&question, RANK_MAX)?, &section.heading);
            if is_found {
                break;
            }
        }
        if !is_found {
            let problem = Problem::HeadingNotFound(section.heading.clone());
            findings.push(Finding { note: note.id.clone(), line: section.lines.first, problem });
        }
    }
    progress(asked.len(), asked.len());
    Ok(findings)
}

/// The sections that have a text of their own and a heading that can be asked for.
fn asked(note: &Note) -> impl Iterator<Item = &Section> {
    note.sections.iter().filter(|section| {
        section.level > 0
            && !section.blocks.is_empty()
            && names_something(&section.heading)
            && section.heading.chars().count() < QUESTION_CHARS_MAX / 2
    })
}

/// The heading, and the heading with what stands above it, as somebody would ask who knows where it stands.
fn questions(note: &Note, section: &Section) -> Vec<String> {
    let above = section.trail.last().unwrap_or(&note.title);
    let above = above.chars().count() < QUESTION_CHARS_MAX / 2 && key(above) != key(&section.heading);
    let with_above = above.then(|| format!("{} {}", section.trail.last().unwrap_or(&note.title), section.heading));
    std::iter::once(section.heading.clone()).chain(with_above).collect()
}

/// Whether a hit is the section, one of the same name, or one below it.
fn finds(answer: &Answer, heading: &str) -> bool {
    let wanted = key(heading);
    let is_meant = |place: &Citation| {
        place.trail.iter().chain([&place.heading, &place.title]).any(|heading| key(heading) == wanted)
    };
    answer.hits.iter().any(|hit| std::iter::once(&hit.citation).chain(&hit.also_in).any(is_meant))
}
