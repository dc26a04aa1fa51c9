//! Runs and judgements in TREC's format, for trec_eval and programs like it.
//!
//! A run has a line `qid Q0 docno rank score tag` for each result, judgements (qrels) one `qid 0 docno 1` for each
//! passage that answers. A `docno` is a passage, `note#Lfirst-Llast`; a `qid` the name of a file and the number of the
//! question in it.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::expectation::Shelf;
use super::{Answered, Asked, GoldenQuestion};
use crate::corpus::{LineRange, Note};

/// Who made the run.
const TAG: &str = "kewen";

/// All results as a run.
#[must_use]
pub fn run(asked: &[Asked<'_>]) -> String {
    lines(asked, |_, answered| results(answered))
}

/// All passages that stand at an expected place, whether they were found or not. A question without any has no line.
#[must_use]
pub fn qrels(asked: &[Asked<'_>]) -> String {
    lines(asked, |shelf, answered| {
        relevant(shelf, answered.question).into_iter().map(|docno| format!("0 {docno} 1")).collect()
    })
}

/// The lines that `of` gives for each question, behind its qid.
fn lines(asked: &[Asked<'_>], of: impl Fn(&mut Shelf<'_>, &Answered<'_>) -> Vec<String>) -> String {
    let mut text = String::new();
    for file in asked {
        let mut shelf = Shelf::new(file.engine);
        for answered in &file.answers {
            let qid = unblanked(&format!("{}-{}", file.golden.name, answered.number));
            for line in of(&mut shelf, answered) {
                text.push_str(&format!("{qid} {line}\n"));
            }
        }
    }
    text
}

/// Scores fall strictly: trec_eval reads the order from them alone, while kewen lets headings take turns and may put a
/// hit in front of one with a better score. Such a score is lowered to just below the one before. A passage on the same
/// lines as one before (a part of one very long line) is left out, since a docno may be there only once.
fn results(answered: &Answered<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut there = BTreeSet::new();
    let mut ceiling = f32::INFINITY;
    for hit in &answered.answer.hits {
        let docno = docno(&hit.citation.note, hit.citation.lines);
        if there.insert(docno.clone()) {
            let score = hit.score.min(ceiling);
            ceiling = score.next_down();
            lines.push(format!("Q0 {docno} {} {score} {TAG}", there.len()));
        }
    }
    lines
}

fn relevant(shelf: &mut Shelf<'_>, question: &GoldenQuestion) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for place in &question.expect {
        if let Ok(note) = shelf.find(place) {
            found.extend(
                passages(note)
                    .filter(|(anchor, lines)| place.is_met_by(&note.id.0, anchor, *lines))
                    .map(|(_, lines)| docno(&note.id.0, lines)),
            );
        }
    }
    found
}

/// Anchor and lines of each passage that is indexed.
fn passages(note: &Note) -> impl Iterator<Item = (String, LineRange)> {
    let indexed = note.passages().into_iter().filter(|passage| !passage.is_bare_heading());
    indexed.map(|passage| (passage.id(note).section.anchor, passage.lines))
}

fn docno(note: &str, lines: LineRange) -> String {
    unblanked(&format!("{note}#L{}-L{}", lines.first, lines.last))
}

/// Blanks part the columns, so they are percent-encoded, and so is `%` itself.
fn unblanked(text: &str) -> String {
    let encoded = |c: char| match c {
        _ if c == '%' || c.is_whitespace() => utf8_percent_encode(&c.to_string(), NON_ALPHANUMERIC).to_string(),
        _ => c.to_string(),
    };
    text.chars().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_docno_is_one_word() {
        let lines = LineRange { first: 3, last: 9 };
        assert_eq!(docno("课 1/a\u{3000}100%.md", lines), "课%201/a%E3%80%80100%25.md#L3-L9");
    }
}
