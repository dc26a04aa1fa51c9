//! The buttons below an answer, as plain data.

use super::{one_line, web};
use crate::answer::{Answer, AnswerHit, Outcome};
use crate::texts::Language;

/// Hits that can be leafed through.
pub const BUTTON_HITS_MAX: usize = 5;
/// Discord's limit of a label; characters.
const LABEL_CHARS_MAX: usize = 80;
/// A heading in a label is cut earlier, so that three fit on a phone; characters.
const HEADING_CHARS_MAX: usize = 30;

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What stands on it; 1 to 80 characters.
    pub label: String,
    /// What it does.
    pub does: Does,
    /// Whether it can be pressed now.
    pub enabled: bool,
}

/// What a button does. Numbers are places among the keys of its message, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Shows this hit in place of the one that is shown: the one before it, or the next.
    Hit(usize),
    /// Shows a page (from 0) of the whole section of this hit, to whoever pressed it.
    Section(usize, usize),
    /// Says that the answer was useful.
    Useful,
    /// Says that it was not.
    NotUseful,
    /// Hands the question on to the instructors.
    AskInstructors,
    /// Leads to this address.
    Open(String),
}

/// What the bot can offer beside the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// There is a question log that takes opinions.
    pub feedback: bool,
    /// There is a channel where instructors see what was not found.
    pub instructors: bool,
}

/// The buttons below the hit `at` of several; where the notes are not `sure` to answer, also the way to people.
pub(super) fn of_hits(
    hits: &[AnswerHit],
    (at, sure): (usize, bool),
    language: Language,
    offers: Offers,
) -> Vec<Vec<Button>> {
    let Some(hit) = hits.get(at) else { return Vec::new() };
    let count = hits.len().min(BUTTON_HITS_MAX);
    let mut first = Vec::new();
    if count > 1 {
        // At an end the button stays where it is, so that thumbs find the others.
        first.push(button(language.previous_hit(), Does::Hit(at.saturating_sub(1)), at > 0));
        first.push(button(language.next_hit(), Does::Hit((at + 1).min(count - 1)), at + 1 < count));
    }
    first.push(button(language.whole_section(), Does::Section(at, 0), true));
    // On a phone three fit beside each other.
    let mut second: Vec<Button> = open(&hit.citation.link, language).into_iter().collect();
    if offers.feedback {
        second.push(button(language.useful(), Does::Useful, true));
        second.push(button(language.not_useful(), Does::NotUseful, true));
    }
    let asks = !sure && offers.instructors;
    let people = asks.then(|| button(language.ask_instructors(), Does::AskInstructors, true)).into_iter().collect();
    [first, second, people].into_iter().filter(|row: &Vec<Button>| !row.is_empty()).collect()
}

/// The buttons below what says that nothing was found: the nearest headings, and the way to people.
pub(super) fn of_nothing(answer: &Answer, language: Language, offers: Offers) -> Vec<Vec<Button>> {
    let headings = answer.suggestions.iter().take(BUTTON_HITS_MAX).enumerate().map(|(number, one)| {
        let last = one.heading.rsplit(" › ").next().unwrap_or_default();
        let label = one_line(last.trim(), HEADING_CHARS_MAX);
        let label = if label.trim().is_empty() { language.whole_section().to_owned() } else { label };
        button(&label, Does::Section(number, 0), true)
    });
    let headings: Vec<Button> = headings.collect();
    let asks = answer.outcome == Outcome::NotFound && !answer.topics.is_empty() && offers.instructors;
    let people = asks.then(|| vec![button(language.ask_instructors(), Does::AskInstructors, true)]);
    [Some(headings), people].into_iter().flatten().filter(|row| !row.is_empty()).collect()
}

/// The buttons below a page of a section.
pub(super) fn of_section(hit: usize, page: usize, pages: usize, link: &str, language: Language) -> Vec<Vec<Button>> {
    let mut row = Vec::new();
    if pages > 1 {
        row.push(button(language.previous_page(), Does::Section(hit, page.saturating_sub(1)), page > 0));
        row.push(button(language.next_page(), Does::Section(hit, (page + 1).min(pages - 1)), page + 1 < pages));
    }
    row.extend(open(link, language));
    if row.is_empty() { Vec::new() } else { vec![row] }
}

fn open(link: &str, language: Language) -> Option<Button> {
    web(link).map(|address| button(language.open_note(), Does::Open(address.to_owned()), true))
}

fn button(label: &str, does: Does, enabled: bool) -> Button {
    Button { label: one_line(label, LABEL_CHARS_MAX), does, enabled }
}
