//! How sure an answer is: a logistic model of few signals, fitted on questions with known answers (docs/search.md).

use serde::Serialize;

use crate::query::{Intent, Query, Unit};
use crate::search::{Hit, Part, Ranking};
use crate::text::TokenKind;

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The notes say it.
    Answered,
    /// The notes say something near it.
    Related,
    /// The notes do not say it.
    NotFound,
}

/// From these probabilities on the notes answer, or say something near it.
const ANSWERED_FROM: f32 = 0.42;
const RELATED_FROM: f32 = 0.03;
const RELATED_FROM_WITHOUT_NAME: f32 = 0.1;
/// With more than this unknown of several things, what is not answered is not related either.
const RELATED_UNKNOWN_MAX: f32 = 0.75;
/// More of a question than this must not be unknown to all notes, unless it goes on from another.
const UNKNOWN_MAX: f32 = 0.95;
/// From this likeness on a heading is the question itself.
const HEADING_ITSELF: f32 = 0.8;
/// Hits that are looked at.
const LOOKED_AT: usize = 3;

/// What speaks for and against an answer; from 0 to 1 unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// Share of the things asked for that no two neighbouring pieces of the best hit hold together.
    pub missed: f32,
    /// Share of the question that the best hit's heading holds; 0 where a section is asked for by its name, which then says what that is.
    pub heading: f32,
    /// The part of a question for a number that stands near no such number in the best hits.
    pub number_far: f32,
    /// The part of the question that no note mentions.
    pub unknown: f32,
    /// Whether a name is among that.
    pub name_unknown: f32,
    /// The first look's best score over the sum of the question's importance; not bounded.
    pub score: f32,
    /// Number of things asked for, as a natural logarithm.
    pub things: f32,
    /// Share of the best candidates' scores in the best hit's note.
    pub note: f32,
    /// Whether commands, a number, a definition, a list or a comparison is wanted, and the best hit has none.
    pub kind_missed: f32,
    /// How probable it is that the notes answer, from all of these.
    pub probability: f32,
}

impl Evidence {
    pub(super) fn of(query: &Query, ranking: &Ranking) -> Self {
        let total: f32 = ranking.importance.iter().sum::<f32>().max(f32::EPSILON);
        let most = |value: fn(&Hit) -> f32| ranking.hits.iter().take(LOOKED_AT).map(value).fold(0.0, f32::max);
        let is_unknown = |unit: &&Unit| ranking.unknown.contains(&unit.text);
        let unknown: f32 = query
            .content()
            .zip(&ranking.importance)
            .filter(|(unit, _)| is_unknown(unit))
            .map(|(_, weight)| weight)
            .sum();
        let name_unknown = query.content().any(|unit| is_name(unit) && is_unknown(&unit));
        let best = ranking.hits.first().map(|hit| hit.features).unwrap_or_default();
        let wanted = query.quantity.is_some()
            || matches!(query.intent, Intent::HowTo | Intent::Definition | Intent::List | Intent::Comparison);
        let is_itself = best.named > 0.0;
        let met = is_itself || best.how_to + best.fact + best.definition + best.list + best.comparison > 0.0;
        let flag = |there: bool| f32::from(u8::from(there));
        Self {
            missed: best.missed,
            heading: if is_itself { 0.0 } else { best.heading },
            number_far: if query.quantity.is_some() { 1.0 - most(|hit| hit.features.fact) } else { 0.0 },
            unknown: unknown / total,
            name_unknown: flag(name_unknown),
            score: ranking.first_score / total,
            things: (query.content().count() as f32).max(1.0).ln(),
            note: best.note,
            kind_missed: flag(wanted && !met),
            probability: 0.0,
        }
        .judged()
    }

    /// With the probability: a logistic regression (docs/search.md says on what it was fitted).
    fn judged(mut self) -> Self {
        let sum = -2.57 + 0.93 * self.score + 1.86 * self.things + 1.80 * self.note
            - 2.86 * self.missed
            - 3.13 * self.number_far
            - 1.44 * self.heading
            - 1.11 * self.kind_missed
            - 1.12 * self.name_unknown;
        self.probability = 1.0 / (1.0 + (-sum).exp());
        self
    }
}

/// Judges a ranking. A name that no note has, in any spelling and by no other name, is what the question is about more often
/// than not, and so is a question of which no note knows a word: that is no answer, however well the rest fits.
pub(super) fn outcome(evidence: &Evidence, query: &Query, ranking: &Ranking) -> Outcome {
    let goes_on = !query.carried.assumed.is_empty();
    let all_unknown = evidence.unknown > UNKNOWN_MAX && !goes_on;
    let misses_the_point = evidence.name_unknown > 0.0 || all_unknown;
    // 在吗, 谢谢老师: unless a heading is just that, and unless the conversation says what is meant.
    let small_talk =
        query.names_nothing && !goes_on && !ranking.hits.iter().any(|hit| hit.features.likeness > HEADING_ITSELF);
    let unsure = evidence.probability < ANSWERED_FROM;
    let astray = unsure && evidence.unknown > RELATED_UNKNOWN_MAX && evidence.things > 0.0 && !goes_on;
    let related_from = if misses_the_point { RELATED_FROM_WITHOUT_NAME } else { RELATED_FROM };
    if ranking.hits.first().is_some_and(|hit| hit.part == Part::Curated) {
        Outcome::Answered
    } else if ranking.hits.is_empty() || small_talk || astray || evidence.probability < related_from {
        Outcome::NotFound
    } else if unsure || misses_the_point {
        Outcome::Related
    } else {
        Outcome::Answered
    }
}

/// Whether a unit can name a thing: a number or a version (3, v2) cannot.
fn is_name(unit: &Unit) -> bool {
    unit.kind == TokenKind::Latin && unit.text.chars().filter(|c| c.is_alphabetic()).count() > 1
}
