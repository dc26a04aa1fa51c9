//! Why an answer is as it is, for an instructor: how the question was understood, and what spoke for each hit.

use serde::Serialize;

use super::{Answer, Evidence, Features, Outcome};
use crate::query::{Form, Intent, Query, Role};
use crate::search::Ranking;

/// Why an answer is as it is.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The question as searched for.
    pub text: String,
    /// What kind of answer it wants.
    pub intent: Intent,
    /// What was typed and what it was taken for.
    pub corrections: Vec<String>,
    /// Keys under which curated answers are looked up, the surest first.
    pub keys: Vec<String>,
    /// What is asked for.
    pub units: Vec<ExplainedUnit>,
    /// What speaks for and against an answer, and how it came out.
    pub evidence: Evidence,
    /// The outcome.
    pub outcome: Outcome,
    /// The hits, in the order of the answer.
    pub hits: Vec<ExplainedHit>,
}

/// One thing that a question names.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedUnit {
    /// As typed.
    pub text: String,
    /// What it does in the question.
    pub role: Role,
    /// The names that are searched for, and what each counts.
    pub forms: Vec<Form>,
    /// Inverse document frequency; `None` for what is not held against an answer.
    pub importance: Option<f32>,
    /// Whether a note holds it, under any of its names.
    pub known: bool,
}

/// What spoke for a hit.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedHit {
    /// Headings down to the passage.
    pub path: String,
    /// The final score.
    pub score: f32,
    /// What the second look saw.
    pub features: Features,
}

impl ExplainedUnit {
    /// What it does in the question, by its name in JSON.
    #[must_use]
    pub fn role_name(&self) -> &'static str {
        match self.role {
            Role::Content => "content",
            Role::Asking => "asking",
            Role::Carried => "carried",
        }
    }
}

impl Explanation {
    /// The intent, by its name in JSON.
    #[must_use]
    pub fn intent_name(&self) -> &'static str {
        match self.intent {
            Intent::Comparison => "comparison",
            Intent::Reason => "reason",
            Intent::HowTo => "how-to",
            Intent::List => "list",
            Intent::Fact => "fact",
            Intent::Definition => "definition",
            Intent::YesNo => "yes-no",
            Intent::Other => "other",
        }
    }

    /// The outcome, by its name in JSON.
    #[must_use]
    pub fn outcome_name(&self) -> &'static str {
        match self.outcome {
            Outcome::Answered => "answered",
            Outcome::Related => "related",
            Outcome::NotFound => "not_found",
        }
    }

    /// How a question is understood, without any search.
    #[must_use]
    pub fn of_query(query: &Query) -> Self {
        Self::new(query, &Ranking::default(), None)
    }

    /// Why `answer` is as it is.
    #[must_use]
    pub fn of(query: &Query, ranking: &Ranking, answer: &Answer) -> Self {
        Self::new(query, ranking, Some(answer))
    }

    fn new(query: &Query, ranking: &Ranking, answer: Option<&Answer>) -> Self {
        let mut importance = ranking.importance.iter().copied();
        let units = query.units.iter().map(|unit| ExplainedUnit {
            text: unit.text.clone(),
            role: unit.role,
            forms: unit.forms.clone(),
            importance: if unit.role == Role::Content { importance.next() } else { None },
            known: !ranking.unknown.contains(&unit.text),
        });
        let hits = ranking.hits.iter().map(|hit| ExplainedHit {
            path: [&hit.record.title]
                .into_iter()
                .chain(&hit.record.trail)
                .chain([&hit.record.heading])
                .cloned()
                .collect::<Vec<_>>()
                .join(" › "),
            score: hit.score,
            features: hit.features,
        });
        Self {
            text: query.text.clone(),
            intent: query.intent,
            corrections: query.corrections.iter().map(|made| format!("{} → {}", made.typed, made.taken)).collect(),
            keys: query.curated.clone(),
            units: units.collect(),
            evidence: Evidence::of(query, ranking),
            outcome: answer.map_or(Outcome::NotFound, |answer| answer.outcome),
            hits: hits.collect(),
        }
    }
}
