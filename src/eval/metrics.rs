//! What is counted: hit@k, MRR@10, shown, sure, false answers and false refusals.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::{GoldenQuestion, Interval, Place};
use crate::answer::{Answer, AnswerHit, Outcome};

/// Results that are asked for and looked at.
pub(super) const RANKS: usize = 10;
/// Of a longer snippet only the start is read; characters.
const SNIPPET_CHARS: usize = 240;

/// How one question fared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Whether the notes answer it.
    pub answerable: bool,
    /// The rank of the first hit, counted from 1; 0 beyond the tenth.
    pub rank: usize,
    /// How sure the answer was.
    #[serde(deserialize_with = "SavedOutcome::deserialize")]
    pub outcome: Outcome,
    /// Whether the hit's snippet shows what it should; `None` when that is not asked or could not be.
    pub shown: Option<bool>,
}

/// An [`Outcome`] as JSON has it; answers are only ever written, saved reports are read again.
#[derive(Deserialize)]
#[serde(remote = "Outcome", rename_all = "snake_case")]
enum SavedOutcome {
    Answered,
    Related,
    NotFound,
}

impl Score {
    /// Whether the first result is a hit.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.rank == 1
    }

    /// Whether there is a hit among the first three.
    #[must_use]
    pub fn is_in_top_three(&self) -> bool {
        (1..=3).contains(&self.rank)
    }
}

/// Scores `answer` to a question over the notes in `notes_dir`.
#[must_use]
pub fn score(question: &GoldenQuestion, answer: &Answer, notes_dir: &Path) -> Score {
    let is_hit = |hit: &AnswerHit| question.expect.iter().any(|place| meets(hit, place));
    let rank = answer.hits.iter().take(RANKS).position(is_hit).map_or(0, |at| at + 1);
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
    place.is_met_by(&citation.note, &citation.anchor, citation.lines)
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
    reciprocal_squared: f64,
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
        let reciprocal = if score.rank > 0 { 1.0 / score.rank as f64 } else { 0.0 };
        self.answerable += 1;
        self.at_1 += count(score.is_first());
        self.at_3 += count(score.is_in_top_three());
        self.at_10 += count(score.rank > 0);
        self.reciprocal += reciprocal;
        self.reciprocal_squared += reciprocal * reciprocal;
        self.sure += count(score.outcome == Outcome::Answered && score.is_in_top_three());
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

    /// The figures, in the order of the reports.
    #[must_use]
    pub fn figures(&self) -> [Figure; 8] {
        [
            Figure::rate("hit@1", self.at_1, self.answerable),
            Figure::rate("hit@3", self.at_3, self.answerable),
            Figure::rate("hit@10", self.at_10, self.answerable),
            self.mrr(),
            Figure::rate("shown", self.shown, self.showable),
            Figure::rate("sure", self.sure, self.answerable),
            Figure::rate("refused", self.refused, self.answerable),
            Figure::rate("false", self.false_answers, self.unanswerable),
        ]
    }

    fn mrr(&self) -> Figure {
        Figure {
            name: "MRR",
            of: self.answerable,
            value: self.reciprocal / self.answerable.max(1) as f64,
            interval: Interval::of_mean(self.reciprocal, self.reciprocal_squared, self.answerable),
        }
    }
}

/// A measure with its value, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The measure.
    pub name: &'static str,
    /// The number of questions that it is measured on.
    pub of: usize,
    /// From 0 to 1; 0 when there is no question to measure it on.
    pub value: f64,
    /// The 95 % interval.
    pub interval: Interval,
}

impl Figure {
    fn rate(name: &'static str, count: usize, of: usize) -> Self {
        let value = count as f64 / of.max(1) as f64;
        Self { name, of, value, interval: Interval::wilson(count, of) }
    }
}

impl Serialize for Metrics {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("answerable", &self.answerable)?;
        map.serialize_entry("unanswerable", &self.unanswerable)?;
        let figures = self.figures();
        for figure in &figures {
            map.serialize_entry(figure.name, &figure.value)?;
        }
        let intervals: BTreeMap<_, _> = figures.iter().map(|figure| (figure.name, figure.interval)).collect();
        map.serialize_entry("intervals", &intervals)?;
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
        let rate = |name| metrics.figures().iter().find(|figure| figure.name == name).unwrap().value;
        assert!((rate("hit@1") - 1.0 / 3.0).abs() < 1e-9);
        assert!((rate("hit@10") - 2.0 / 3.0).abs() < 1e-9);
        assert!((rate("MRR") - 1.25 / 3.0).abs() < 1e-9);
        assert!((rate("refused") - 1.0 / 3.0).abs() < 1e-9);
        assert!((rate("false") - 1.0).abs() < 1e-9);
    }
}
