//! Gaps as text, Markdown or CSV. What members wrote is foreign text: it is shown as it is and obeyed by nothing.

use super::{one_line, sanitise};
use crate::log::{Cluster, Gaps};
use crate::texts::Language;

/// A longer question or heading is cut; characters.
const LINE_CHARS_MAX: usize = 100;
/// Topics that name a cluster.
const TOPICS_MAX: usize = 6;

/// Writes a moment (milliseconds since 1970) as a date.
pub type Date<'d> = &'d dyn Fn(i64) -> String;

/// The gaps for a terminal, ending in a line break.
#[must_use]
pub fn gaps_text(gaps: &Gaps, date: Date<'_>, language: Language) -> String {
    let mut lines = vec![head(gaps, date, language)];
    for (number, cluster) in gaps.clusters.iter().enumerate() {
        let period = period(cluster, date);
        lines.push(String::new());
        lines.push(format!("{}. {} · {} · {period}", number + 1, topics(cluster), language.cluster(cluster)));
        for example in &cluster.examples {
            let times = if example.asked > 1 { language.times(example.asked) } else { String::new() };
            lines.push(format!("   [{}] {}{times}", example.id, line(&example.question)));
        }
        if let Some(nearest) = cluster.nearest.first() {
            lines.push(format!("   {}{}  {}", language.nearest_now(), line(&nearest.heading), line(&nearest.link)));
        }
        lines.push(format!("   → {}", language.advice(cluster.advice, id(cluster))));
    }
    if !gaps.clusters.is_empty() {
        lines.push(format!("\n{}", language.what_numbers_are()));
    }
    lines.extend(tail(gaps, language).map(|tail| format!("\n{tail}")));
    sanitise(&lines.join("\n")) + "\n"
}

/// The gaps as Markdown, ending in a line break.
#[must_use]
pub fn gaps_markdown(gaps: &Gaps, date: Date<'_>, language: Language) -> String {
    let mut lines = vec![head(gaps, date, language)];
    for cluster in &gaps.clusters {
        lines.push(String::new());
        lines.push(format!("## {}", code(&topics(cluster))));
        lines.push(String::new());
        lines.push(format!("{} · {}", language.cluster(cluster), period(cluster, date)));
        lines.push(String::new());
        for example in &cluster.examples {
            let times = if example.asked > 1 { language.times(example.asked) } else { String::new() };
            lines.push(format!("- [ ] {} {}{times}", example.id, code(&line(&example.question))));
        }
        let nearest: Vec<String> = cluster.nearest.iter().map(|one| code(&line(&one.heading))).collect();
        if !nearest.is_empty() {
            lines.push(format!("- {}{}", language.nearest_now(), nearest.join(" · ")));
        }
        lines.push(format!("- {}", language.advice(cluster.advice, id(cluster))));
    }
    lines.extend(tail(gaps, language).map(|tail| format!("\n{tail}")));
    sanitise(&lines.join("\n")) + "\n"
}

/// The gaps as CSV (RFC 4180) with a head, one row a cluster.
#[must_use]
pub fn gaps_csv(gaps: &Gaps, date: Date<'_>, language: Language) -> String {
    let mut rows = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = rows.write_record(language.gap_columns());
    for cluster in &gaps.clusters {
        let example = cluster.examples.first();
        let nearest = cluster.nearest.first().map(|one| one.heading.as_str());
        let numbers = [cluster.asked, cluster.members, cluster.not_found, cluster.related, cluster.not_useful]
            .map(|n| n.to_string());
        let _ = rows.write_record(std::iter::once(cell(&topics(cluster))).chain(numbers).chain([
            date(cluster.first),
            date(cluster.last),
            id(cluster).to_string(),
            cell(example.map_or("", |example| &example.question)),
            cell(nearest.unwrap_or_default()),
            language.advice(cluster.advice, id(cluster)),
        ]));
    }
    rows.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

pub(super) fn head(gaps: &Gaps, date: Date<'_>, language: Language) -> String {
    let since = (gaps.period.since > i64::MIN).then(|| date(gaps.period.since));
    // The moment itself lies in the day after.
    let until = (gaps.period.until < i64::MAX).then(|| date(gaps.period.until - 1));
    language.gaps_of(gaps, since.as_deref(), until.as_deref())
}

fn tail(gaps: &Gaps, language: Language) -> Option<String> {
    if gaps.clusters.is_empty() {
        return Some(language.no_gaps().to_owned());
    }
    (gaps.more > 0).then(|| language.more_clusters(gaps.more))
}

pub(super) fn topics(cluster: &Cluster) -> String {
    let topics: Vec<&str> = cluster.topics.iter().take(TOPICS_MAX).map(String::as_str).collect();
    line(&topics.join(" "))
}

pub(super) fn period(cluster: &Cluster, date: Date<'_>) -> String {
    let (first, last) = (date(cluster.first), date(cluster.last));
    if first == last { first } else { format!("{first} – {last}") }
}

/// The number by which a cluster's question is named.
pub(super) fn id(cluster: &Cluster) -> i64 {
    cluster.examples.first().map(|example| example.id).unwrap_or_default()
}

pub(super) fn line(text: &str) -> String {
    one_line(text, LINE_CHARS_MAX)
}

/// Foreign text in a code span: nothing in it is read as Markdown, and nobody is mentioned.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// Foreign text in a cell. A spreadsheet takes one that begins with these for a formula (OWASP, "CSV injection").
fn cell(text: &str) -> String {
    let text = sanitise(text);
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Advice, Example, Period};

    fn gaps(question: &str) -> Gaps {
        let cluster = Cluster {
            topics: vec![question.to_owned()],
            asked: 3,
            members: 2,
            not_found: 2,
            related: 1,
            not_useful: 0,
            first: 1,
            last: 2,
            examples: vec![Example { id: 7, question: question.to_owned(), asked: 3 }],
            nearest: Vec::new(),
            advice: Advice::NewSection,
        };
        Gaps { period: Period::ALWAYS, questions: 9, failed: 0, gaps: 3, clusters: vec![cluster], more: 0 }
    }

    #[test]
    fn a_question_is_no_formula_no_mention_and_no_markdown() {
        let date = |_: i64| "2026-01-01".to_owned();
        let csv = gaps_csv(&gaps("=HYPERLINK(\"x\",\"y\")"), &date, Language::En);
        assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""), "{csv}");
        assert_eq!(csv.lines().count(), 2, "{csv}");
        let markdown = gaps_markdown(&gaps("@everyone `# [x](y)\u{1b}[31m"), &date, Language::En);
        assert!(markdown.contains("- [ ] 7 `@everyone '# [x](y)[31m` (3 times)"), "{markdown}");
        let text = gaps_text(&gaps("a\nb\u{1b}[31m"), &date, Language::Zh);
        assert!(text.contains("[7] a b[31m（3 次）"), "{text}");
    }
}
