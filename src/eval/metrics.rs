//! What is counted: hit@k, MRR@10, shown, sure, false answers and false refusals.

use std::path::Path;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use super::{GoldenQuestion, Place};
use crate::answer::{Answer, AnswerHit, Outcome};
use crate::corpus::PASSAGE_LINES_MAX;

/// Results that are looked at.
const RANKS: usize = 10;
/// Of a longer snippet only the start is read; characters.
const SNIPPET_CHARS: usize = 240;

/// How one question fared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Whether the notes answer it.
    pub answerable: bool,
    /// The rank of the first hit, counted from 1; 0 beyond the tenth.
    pub rank: usize,
    /// How sure the answer was.
    pub outcome: Outcome,
    /// Whether the hit's snippet shows what it should; `None` when that is not asked or could not be.
    pub shown: Option<bool>,
}

/// Scores `answer` to a question over the notes in `notes_dir`.
#[must_use]
pub fn score(question: &GoldenQuestion, answer: &Answer, notes_dir: &Path) -> Score {
    let hit = |hit: &&AnswerHit| question.expect.iter().any(|place| meets(hit, place));
    let rank = answer.hits.iter().take(RANKS).position(|h| hit(&h)).map_or(0, |at| at + 1);
    let shown = question.shows.as_deref().filter(|_| (1..=3).contains(&rank)).and_then(|shows| {
        let found = answer.hits.get(rank - 1)?;
        let could = question.expect.iter().any(|place| meets(found, place) && holds(notes_dir, place, shows));
        let start: String = found.snippet.text.chars().take(SNIPPET_CHARS).collect();
        could.then(|| plain(&start).contains(&plain(shows)))
    });
    Score { answerable: !question.expect.is_empty(), rank, outcome: answer.outcome, shown }
}

fn meets(hit: &AnswerHit, place: &Place) -> bool {
    let citation = &hit.citation;
    citation.lines.count() <= PASSAGE_LINES_MAX
        && match place {
            Place::Lines(path, lines) => citation.note == *path && citation.lines.meets(*lines),
            Place::Anchor(path, anchor) => citation.note == *path && citation.anchor == *anchor,
        }
}

/// Whether the place's own text holds `shows` at all.
fn holds(notes_dir: &Path, place: &Place, shows: &str) -> bool {
    let Place::Lines(path, lines) = place else { return false };
    let bytes = std::fs::read(notes_dir.join(path)).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let wanted: String = text.lines().skip(lines.first as usize - 1).take(lines.count() as usize).collect();
    plain(&wanted).contains(&plain(shows))
}

/// NFKC, lower case, without blanks.
fn plain(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// Sums over questions; the rates are computed from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    answerable: usize,
    unanswerable: usize,
    at_1: usize,
    at_3: usize,
    at_10: usize,
    reciprocal: f64,
    shown: usize,
    showable: usize,
    sure: usize,
    refused: usize,
    false_answers: usize,
}

impl Metrics {
    /// Counts one question.
    pub fn add(&mut self, score: &Score) {
        let count = |yes: bool| usize::from(yes);
        if !score.answerable {
            self.unanswerable += 1;
            self.false_answers += count(score.outcome == Outcome::Answered);
            return;
        }
        let found = score.rank > 0;
        self.answerable += 1;
        self.at_1 += count(score.rank == 1);
        self.at_3 += count(found && score.rank <= 3);
        self.at_10 += count(found);
        self.reciprocal += if found { 1.0 / score.rank as f64 } else { 0.0 };
        self.sure += count(score.outcome == Outcome::Answered && found && score.rank <= 3);
        self.refused += count(score.outcome == Outcome::NotFound);
        self.showable += count(score.shown.is_some());
        self.shown += count(score.shown == Some(true));
    }

    /// Number of answerable questions.
    #[must_use]
    pub fn answerable(&self) -> usize {
        self.answerable
    }

    /// Number of unanswerable questions.
    #[must_use]
    pub fn unanswerable(&self) -> usize {
        self.unanswerable
    }

    /// Name and rate of each measure, in the order of the reports.
    #[must_use]
    pub fn rates(&self) -> [(&'static str, f64); 8] {
        let of = |count: usize, all: usize| count as f64 / all.max(1) as f64;
        [
            ("hit@1", of(self.at_1, self.answerable)),
            ("hit@3", of(self.at_3, self.answerable)),
            ("hit@10", of(self.at_10, self.answerable)),
            ("MRR", self.reciprocal / self.answerable.max(1) as f64),
            ("shown", of(self.shown, self.showable)),
            ("sure", of(self.sure, self.answerable)),
            ("refused", of(self.refused, self.answerable)),
            ("false", of(self.false_answers, self.unanswerable)),
        ]
    }
}

impl Serialize for Metrics {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("answerable", &self.answerable)?;
        map.serialize_entry("unanswerable", &self.unanswerable)?;
        for (name, rate) in self.rates() {
            map.serialize_entry(name, &rate)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_of_the_questions_they_are_about() {
        let mut metrics = Metrics::default();
        let score = |answerable, rank, outcome| Score { answerable, rank, outcome, shown: None };
        metrics.add(&score(true, 1, Outcome::Answered));
        metrics.add(&score(true, 4, Outcome::Related));
        metrics.add(&score(true, 0, Outcome::NotFound));
        metrics.add(&score(false, 0, Outcome::Answered));
        let rate = |name| metrics.rates().iter().find(|(known, _)| *known == name).unwrap().1;
        assert!((rate("hit@1") - 1.0 / 3.0).abs() < 1e-9);
        assert!((rate("hit@10") - 2.0 / 3.0).abs() < 1e-9);
        assert!((rate("MRR") - 1.25 / 3.0).abs() < 1e-9);
        assert!((rate("refused") - 1.0 / 3.0).abs() < 1e-9);
        assert!((rate("false") - 1.0).abs() < 1e-9);
    }
}
