//! How sure an answer is.

use serde::Serialize;

use crate::query::{Query, Unit};
use crate::search::Ranking;
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

/// Share of the question that the best hits must hold to be an answer, or to be near one.
const ANSWERED_COVERAGE: f32 = 0.35;
const RELATED_COVERAGE: f32 = 0.1;
/// Hits that are looked at for coverage.
const LOOKED_AT: usize = 3;

/// Judges a ranking by the share of the question that its best hits hold. A Latin word that no note holds, in
/// no spelling and by no other name, is what the question is about more often than not: that is no answer.
pub(super) fn outcome(query: &Query, ranking: &Ranking) -> Outcome {
    let coverage = ranking.hits.iter().take(LOOKED_AT).map(|hit| hit.coverage).fold(0.0, f32::max);
    let names_unknown = query.content().any(|unit| is_name(unit) && ranking.unknown.contains(&unit.text));
    if ranking.hits.is_empty() || coverage < RELATED_COVERAGE {
        Outcome::NotFound
    } else if coverage < ANSWERED_COVERAGE || names_unknown {
        Outcome::Related
    } else {
        Outcome::Answered
    }
}

/// Whether a unit can name a thing: a number or a version (3, v2) cannot.
fn is_name(unit: &Unit) -> bool {
    unit.kind == TokenKind::Latin && unit.text.chars().filter(|c| c.is_alphabetic()).count() > 1
}
