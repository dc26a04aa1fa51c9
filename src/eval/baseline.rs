//! What is kept of a report, so that a later one can be compared with it.

use std::fs;
use std::path::Path;

use super::{Entry, Evaluation};
use crate::error::Failure;

/// The questions as a file for `baseline`: JSON with one question a line, so that a version control shows which of them
/// changed. Files stand in the order of their names, however they were given.
#[must_use]
pub fn to_save(evaluation: &Evaluation) -> String {
    let mut entries: Vec<&Entry> = evaluation.entries().collect();
    entries.sort_by(|a, b| a.file.cmp(&b.file));
    let lines: Vec<String> = entries.iter().filter_map(|entry| serde_json::to_string(entry).ok()).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// Why there is no baseline to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaselineProblem {
    /// There is no such file.
    Missing,
    /// It is no saved report; with the reason.
    Broken(String),
    /// It cannot be read.
    Unreadable(Failure),
}

/// Reads what [`to_save`] wrote.
///
/// # Errors
/// Why it cannot be read.
pub fn baseline(path: &Path) -> Result<Vec<Entry>, BaselineProblem> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => BaselineProblem::Missing,
        std::io::ErrorKind::InvalidData => BaselineProblem::Broken(error.to_string()),
        _ => BaselineProblem::Unreadable(Failure::file(path)(error)),
    })?;
    serde_json::from_str(&text).map_err(|error| BaselineProblem::Broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Outcome;
    use crate::eval::{FileResult, Metrics, Score};

    fn entry(file: &str, ask: &str) -> Entry {
        let score = Score { answerable: true, rank: 2, outcome: Outcome::NotFound, shown: None };
        Entry { file: file.to_owned(), ask: ask.to_owned(), after: Vec::new(), score }
    }

    fn of(files: &[&[Entry]]) -> Evaluation {
        let result = |entries: &&[Entry]| FileResult {
            name: entries[0].file.clone(),
            metrics: Metrics::default(),
            questions: entries.to_vec(),
        };
        Evaluation { files: files.iter().map(result).collect(), ..Evaluation::default() }
    }

    #[test]
    fn a_saved_report_has_one_line_a_question_in_a_stable_order() {
        let (a, b) = ([entry("a", "2"), entry("a", "1")], [entry("b", "3")]);
        let text = to_save(&of(&[&b, &a]));
        assert_eq!(text, to_save(&of(&[&a, &b])));
        let line = r#"{"file":"a","ask":"2","answerable":true,"rank":2,"outcome":"not_found","shown":null},"#;
        assert_eq!(text.lines().nth(1), Some(line));
        assert_eq!(serde_json::from_str::<Vec<Entry>>(&text).unwrap(), [a.as_slice(), &b].concat());
    }
}
