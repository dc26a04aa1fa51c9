//! Figures as tables of at most 100 columns. Names stand last in a row, where wide characters shift nothing. There are
//! names of measures here and no sentences; those are in `texts`.

use super::{Ablated, Evaluation, Figure, FileResult, Metrics};

/// Width of a figure or its interval; characters.
const CELL: usize = 9;
/// Width of the numbers of questions; characters.
const COUNTS: usize = 9;
/// The tags that are always shown: how many words a question shares with its section.
const OVERLAP: &str = "overlap-";
/// The measures of an ablation.
const ABLATED: [&str; 5] = ["hit@1", "hit@3", "MRR", "sure", "false"];

/// Which rows are shown beside those of the files and of all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows {
    /// Questions whose first hit is wrong.
    pub misses: bool,
    /// All tags, not only the overlap.
    pub tags: bool,
}

/// The evaluation as a table: each row has the figures, and below them their intervals.
#[must_use]
pub fn figures(evaluation: &Evaluation, rows: Rows) -> String {
    let mut lines = vec![head(evaluation)];
    for file in &evaluation.files {
        lines.extend(row(&file.name, &file.metrics));
        if rows.misses {
            lines.extend(misses(file));
        }
    }
    for (tag, metrics) in evaluation.tags.iter().filter(|(tag, _)| rows.tags || tag.starts_with(OVERLAP)) {
        lines.extend(row(tag, metrics));
    }
    lines.extend(row("TOTAL", &evaluation.total));
    text(&lines)
}

fn head(evaluation: &Evaluation) -> String {
    format!("{:<COUNTS$}{}", "n", cells(evaluation.total.figures().map(|figure| figure.name)))
}

fn row(name: &str, metrics: &Metrics) -> [String; 2] {
    let counts = format!("{}+{}", metrics.answerable(), metrics.unanswerable());
    let values = metrics.figures().map(value);
    let intervals =
        metrics.figures().map(|figure| if figure.of > 0 { figure.interval.to_string() } else { String::new() });
    [format!("{counts:<COUNTS$}{}{name}", cells(values)), format!("{:COUNTS$}{}", "", cells(intervals))]
}

/// The rank of the first hit, and the question.
fn misses(file: &FileResult) -> impl Iterator<Item = String> {
    let missed = file.questions.iter().filter(|entry| entry.score.answerable && !entry.score.is_first());
    missed.map(|entry| format!("    {:>2}  {}", entry.score.rank, entry.ask))
}

/// What is left without each feature, below what there is with all of them.
#[must_use]
pub fn ablation(all: &Metrics, ablated: &[Ablated]) -> String {
    let values = |metrics: &Metrics| {
        cells(metrics.figures().into_iter().filter(|figure| ABLATED.contains(&figure.name)).map(value))
    };
    let mut lines = vec![cells(ABLATED.into_iter().chain(["lost", "won"]))];
    lines.push(values(all) + &cells(["", ""]) + "all");
    for Ablated { feature, metrics, comparison } in ablated {
        let changes = cells([comparison.lost.len(), comparison.won.len()]);
        lines.push(format!("{}{changes}-{feature}", values(metrics)));
    }
    text(&lines)
}

/// Three decimals; a dash for what no question measures.
fn value(figure: Figure) -> String {
    if figure.of > 0 { format!("{:.3}", figure.value) } else { "-".to_owned() }
}

fn cells(values: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    values.into_iter().map(|value| format!("{value:<CELL$}")).collect()
}

fn text(lines: &[String]) -> String {
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Outcome;
    use crate::eval::Score;

    fn evaluation() -> Evaluation {
        let mut evaluation = Evaluation::default();
        for rank in [1, 1, 1, 0] {
            evaluation.total.add(&Score { answerable: true, rank, outcome: Outcome::Answered, shown: Some(true) });
        }
        evaluation.tags.insert("overlap-low".to_owned(), evaluation.total.clone());
        evaluation.tags.insert("troubleshooting".to_owned(), evaluation.total.clone());
        evaluation
    }

    #[test]
    fn figures_stand_above_their_intervals_within_100_columns() {
        let table = figures(&evaluation(), Rows { tags: true, ..Rows::default() });
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0], "n        hit@1    hit@3    hit@10   MRR      shown    sure     refused  false");
        assert!(lines[5].starts_with("4+0      0.750    0.750    0.750    0.750    1.000 "), "{table}");
        assert!(lines[6].starts_with("         .30-.95  .30-.95  .30-.95  .26-1.0  .51-1.0  "), "{table}");
        assert!(table.lines().all(|line| line.chars().count() <= 100), "{table}");
    }

    #[test]
    fn of_the_tags_only_the_overlap_is_always_there() {
        let table = figures(&evaluation(), Rows::default());
        assert!(table.contains("overlap-low") && !table.contains("troubleshooting"), "{table}");
    }
}
