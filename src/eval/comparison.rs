//! Two evaluations held against each other, question by question: averages hide what is lost behind what is won.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use super::metrics::RANKS;
use super::{Entry, Evaluation, Score};
use crate::answer::Outcome;

/// What changed from one evaluation to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    /// Questions that fare worse.
    pub lost: Vec<Change>,
    /// Questions that fare better.
    pub won: Vec<Change>,
    /// Questions that were not there before.
    pub new: Vec<Entry>,
    /// Questions that were there before only.
    pub gone: Vec<Entry>,
}

/// A question that fares otherwise than before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The question as it fares now.
    #[serde(flatten)]
    pub now: Entry,
    /// How it fared.
    pub before: Score,
    /// The measures in which it changed.
    pub measures: Vec<&'static str>,
}

/// What makes a question the same: one that became answerable is another.
type Key<'e> = (&'e str, &'e str, &'e [String], bool);

impl Comparison {
    /// What changed from `before` to `now`.
    #[must_use]
    pub fn of(before: &[Entry], now: &Evaluation) -> Self {
        let mut comparison = Self::default();
        let known: HashMap<Key<'_>, &Entry> = before.iter().map(|entry| (key(entry), entry)).collect();
        for entry in now.entries() {
            match known.get(&key(entry)) {
                Some(earlier) => comparison.add(&earlier.score, entry),
                None => comparison.new.push(entry.clone()),
            }
        }
        let there: HashSet<Key<'_>> = now.entries().map(key).collect();
        comparison.gone = before.iter().filter(|entry| !there.contains(&key(entry))).cloned().collect();
        comparison
    }

    fn add(&mut self, before: &Score, now: &Entry) {
        let change = |measures| Change { now: now.clone(), before: before.clone(), measures };
        let (fell, rose) = (falls(before, &now.score), falls(&now.score, before));
        if !fell.is_empty() {
            self.lost.push(change(fell));
        } else if !rose.is_empty() {
            self.won.push(change(rose));
        }
    }

    /// How many more questions are lost than won.
    #[must_use]
    pub fn net_lost(&self) -> usize {
        self.lost.len().saturating_sub(self.won.len())
    }
}

fn key(entry: &Entry) -> Key<'_> {
    (&entry.file, &entry.ask, &entry.after, entry.score.answerable)
}

/// The measures in which a question falls from one score to another. `not_found` comes without hits, so a question
/// never falls in one measure and rises in another.
fn falls(from: &Score, to: &Score) -> Vec<&'static str> {
    let (was, is) = (from.outcome, to.outcome);
    let falls = [
        ("hit@1", from.is_first() && !to.is_first()),
        ("hit@3", from.is_in_top_three() && !to.is_in_top_three()),
        ("refused", from.answerable && was == Outcome::Answered && is == Outcome::NotFound),
        ("false", !from.answerable && was != Outcome::Answered && is == Outcome::Answered),
    ];
    falls.into_iter().filter(|(_, fell)| *fell).map(|(measure, _)| measure).collect()
}

/// One line: the measures, rank and outcome before and now, the question.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { now, before, measures } = self;
        write!(f, "{}  {} → {}  {}: {}", measures.join(" "), told(before), told(&now.score), now.file, now.ask)
    }
}

/// `#2 answered`; the rank of an unanswerable question is none.
fn told(score: &Score) -> String {
    let outcome = match score.outcome {
        Outcome::Answered => "answered",
        Outcome::Related => "related",
        Outcome::NotFound => "not_found",
    };
    match score.rank {
        _ if !score.answerable => outcome.to_owned(),
        0 => format!(">{RANKS} {outcome}"),
        rank => format!("#{rank} {outcome}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{FileResult, Metrics};

    fn entry(answerable: bool, rank: usize, outcome: Outcome) -> Entry {
        let score = Score { answerable, rank, outcome, shown: None };
        Entry { file: "f".to_owned(), ask: "q".to_owned(), after: Vec::new(), score }
    }

    fn compare(before: &Entry, now: &Entry) -> Comparison {
        let file = FileResult { name: "f".to_owned(), metrics: Metrics::default(), questions: vec![now.clone()] };
        Comparison::of(std::slice::from_ref(before), &Evaluation { files: vec![file], ..Evaluation::default() })
    }

    /// From the first to the second `expected` is lost, and won on the way back.
    #[track_caller]
    fn check(before: &Entry, now: &Entry, expected: &[&str]) {
        let measures = |changes: &[Change]| changes.iter().flat_map(|change| change.measures.clone()).collect();
        let (there, back) = (compare(before, now), compare(now, before));
        let [lost, won]: [Vec<&str>; 2] = [measures(&there.lost), measures(&back.won)];
        assert_eq!((lost.as_slice(), won.as_slice()), (expected, expected), "{there:#?}");
        assert!(there.won.is_empty() && back.lost.is_empty(), "{there:#?}");
    }

    #[test]
    fn what_is_lost_is_said_and_is_won_on_the_way_back() {
        use Outcome::{Answered, NotFound, Related};
        let answerable = |rank, outcome| entry(true, rank, outcome);
        check(&answerable(1, Answered), &answerable(2, Answered), &["hit@1"]);
        check(&answerable(1, Answered), &answerable(4, Related), &["hit@1", "hit@3"]);
        check(&answerable(3, Answered), &answerable(0, NotFound), &["hit@3", "refused"]);
        check(&answerable(0, Answered), &answerable(0, NotFound), &["refused"]);
        check(&answerable(2, Answered), &answerable(3, Answered), &[]);
        check(&answerable(1, Answered), &answerable(1, Related), &[]);
        check(&entry(false, 0, Related), &entry(false, 0, Answered), &["false"]);
        check(&entry(false, 0, Answered), &entry(false, 0, Answered), &[]);
    }

    #[test]
    fn a_question_that_became_answerable_is_another() {
        let (before, now) = (entry(false, 0, Outcome::NotFound), entry(true, 1, Outcome::Answered));
        let comparison = compare(&before, &now);
        assert_eq!((comparison.new, comparison.gone), (vec![now], vec![before]));
    }

    #[test]
    fn a_change_is_one_line() {
        let before = entry(true, 1, Outcome::Answered);
        let now = entry(true, 0, Outcome::Related);
        let comparison = compare(&before, &now);
        assert_eq!(comparison.lost[0].to_string(), "hit@1 hit@3  #1 answered → >10 related  f: q");
    }
}
