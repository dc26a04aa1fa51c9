//! The report of an evaluation: per file, per tag, over all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Asked, Comparison, Metrics, Score, score};

/// One question of a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of its file.
    pub file: String,
    /// What was asked.
    pub ask: String,
    /// Earlier turns, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// How it fared.
    #[serde(flatten)]
    pub score: Score,
}

/// The scores of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileResult {
    /// The file's name.
    pub name: String,
    /// Its measures.
    pub metrics: Metrics,
    /// Each question with its score.
    pub questions: Vec<Entry>,
}

/// The scores of all files.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Evaluation {
    /// Per file.
    pub files: Vec<FileResult>,
    /// Per tag, over all files.
    pub tags: BTreeMap<String, Metrics>,
    /// Over all.
    pub total: Metrics,
}

/// What is left when one feature of the ranking is switched off.
#[derive(Clone, Debug, Serialize)]
pub struct Ablated {
    /// The feature.
    pub feature: &'static str,
    /// The figures without it.
    pub metrics: Metrics,
    /// What is lost and won without it.
    pub comparison: Comparison,
}

impl Evaluation {
    /// Scores all answers.
    #[must_use]
    pub fn of(asked: &[Asked<'_>]) -> Self {
        let mut evaluation = Self::default();
        for file in asked {
            evaluation.add(file);
        }
        evaluation
    }

    fn add(&mut self, asked: &Asked<'_>) {
        let file = &asked.golden.name;
        let mut result = FileResult { name: file.clone(), metrics: Metrics::default(), questions: Vec::new() };
        for answered in &asked.answers {
            let question = answered.question;
            let score = score(question, &answered.answer, asked.engine.notes_dir());
            result.metrics.add(&score);
            self.total.add(&score);
            for tag in &question.tags {
                self.tags.entry(tag.clone()).or_default().add(&score);
            }
            let (ask, after) = (question.ask.clone(), question.after.clone());
            result.questions.push(Entry { file: file.clone(), ask, after, score });
        }
        self.files.push(result);
    }

    /// Every question, in the order of the files.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.files.iter().flat_map(|file| &file.questions)
    }
}
