//! The report of an evaluation: per file, per tag, over all.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{GoldenQuestion, Metrics, Score};

/// The scores of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileResult {
    /// The file's name without extension.
    pub name: String,
    /// Its measures.
    pub metrics: Metrics,
    /// Each question with its score.
    pub questions: Vec<(String, Score)>,
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

impl Evaluation {
    /// Adds the scored questions of a file.
    pub fn add(&mut self, name: &str, scored: Vec<(&GoldenQuestion, Score)>) {
        let mut metrics = Metrics::default();
        let mut questions = Vec::new();
        for (question, score) in scored {
            metrics.add(&score);
            self.total.add(&score);
            for tag in &question.tags {
                self.tags.entry(tag.clone()).or_default().add(&score);
            }
            questions.push((question.ask.clone(), score));
        }
        self.files.push(FileResult { name: name.to_owned(), metrics, questions });
    }
}

/// The evaluation as a table; with `misses` the questions whose first hit is wrong.
#[must_use]
pub fn text(evaluation: &Evaluation, misses: bool) -> String {
    let mut lines = Vec::new();
    for file in &evaluation.files {
        lines.push(row(&file.name, &file.metrics));
        for (question, score) in
            file.questions.iter().filter(|(_, score)| misses && score.answerable && score.rank != 1)
        {
            lines.push(format!("    {:>2}  {question}", score.rank));
        }
    }
    lines.extend(evaluation.tags.iter().map(|(tag, metrics)| row(&format!("  {tag}"), metrics)));
    lines.push(row("TOTAL", &evaluation.total));
    lines.join("\n") + "\n"
}

fn row(name: &str, metrics: &Metrics) -> String {
    let rates: Vec<String> = metrics.rates().iter().map(|(name, rate)| format!("{name} {rate:.3}")).collect();
    format!("{name:<20} n {:>3}+{:<3} {}", metrics.answerable(), metrics.unanswerable(), rates.join(" "))
}
