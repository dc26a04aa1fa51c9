//! `kewen check`: looks through the notes.

use std::collections::HashMap;
use std::io::IsTerminal as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::arguments::{CheckArguments, CheckFormat};
use super::bar::Bar;
use super::session::Session;
use super::{Exit, put};
use crate::check::{
    Counts, Finding, Folder, Rule, Severity, ask_curated, ask_headings, look_at_curated, look_through, sift,
};
use crate::corpus::{NoteId, Selection};
use crate::engine::Engine;
use crate::error::Failure;
use crate::index::Effort;
use crate::render::{json, sanitise, sarif};
use crate::texts::Language;

/// More findings of one rule in one note are counted on a terminal, and not shown.
const SHOWN_MAX: usize = 5;
/// Errors were found.
const FOUND: Exit = Exit::NotFound;

pub(super) fn run(session: &Session, typed: &CheckArguments) -> Result<Exit, Failure> {
    let language = session.language;
    if let Some(name) = &typed.explain {
        let rules = if name.is_empty() { Rule::all().collect() } else { vec![named(name, language)?] };
        put(&rules.into_iter().map(|rule| explained(rule, language)).collect::<String>())?;
        return Ok(Exit::Done);
    }
    let skipped = typed.skip.iter().map(|name| named(name, language)).collect::<Result<Vec<Rule>, Failure>>()?;
    let engine = session.engine();
    session.hindrance(&engine).map_or(Ok(()), Err)?;
    let notes = &session.loaded.settings.notes;
    let selection = Selection { include: notes.include.clone(), exclude: notes.exclude.clone() };
    let folder = Folder::read(engine.notes_dir(), &selection, notes.bytes_max)?;
    if folder.notes().is_empty() {
        let count = engine.count_files()?;
        if count.notes + count.drafts == 0 {
            return Err(Failure::NotesEmpty(engine.notes_dir().to_owned(), count.others));
        }
    }
    let mut findings = look_through(&folder);
    findings.extend(look_at_curated(&folder, &engine.keys()?, engine.today()));
    if !skipped.contains(&Rule::HeadingNotFound) && !folder.notes().is_empty() {
        // The questions are for the notes as they are now.
        session.reindex(&engine, Effort::Changes)?;
        findings.extend(Bar::over(language, |bar| {
            ask_headings(&folder, &engine, &mut |done, total| bar.asked(done, total))
        })?);
        findings.extend(ask_curated(&folder, &engine, engine.today())?);
    }
    let report = Report {
        findings: sift(&folder, findings, &skipped),
        notes: folder.notes().len(),
        prefix: prefix(&engine),
        language,
    };
    put(&match typed.format {
        CheckFormat::Text => report.text(std::io::stdout().is_terminal().then_some(SHOWN_MAX)),
        CheckFormat::Json => json(&report.rows()) + "\n",
        CheckFormat::Sarif => json(&sarif(&report.findings, &report.prefix, language)) + "\n",
    })?;
    Ok(if report.counts().errors > 0 { FOUND } else { Exit::Done })
}

fn named(name: &str, language: Language) -> Result<Rule, Failure> {
    Rule::named(name).ok_or_else(|| Failure::Usage(language.rule_unknown(name)))
}

fn explained(rule: Rule, language: Language) -> String {
    format!("{}  {}  {}\n", rule.name(), language.severity(rule.severity()), language.rule(rule))
}

/// The way from the working folder to the notes, if they are below it: editors and code hosts find the files then.
fn prefix(engine: &Engine) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    let below = engine.notes_dir().strip_prefix(&here).unwrap_or(std::path::Path::new(""));
    below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
}

struct Report {
    findings: Vec<Finding>,
    notes: usize,
    prefix: String,
    language: Language,
}

#[derive(Serialize)]
struct Rows<'r> {
    notes: usize,
    #[serde(flatten)]
    counts: Counts,
    findings: Vec<Row<'r>>,
}

#[derive(Serialize)]
struct Row<'r> {
    rule: Rule,
    severity: Severity,
    note: &'r NoteId,
    line: u32,
    message: String,
}

impl Report {
    fn counts(&self) -> Counts {
        Counts::of(&self.findings)
    }

    fn rows(&self) -> Rows<'_> {
        let rows = self.findings.iter().map(|finding| Row {
            rule: finding.rule(),
            severity: finding.severity(),
            note: &finding.note,
            line: finding.line,
            message: self.language.problem(&finding.problem),
        });
        Rows { notes: self.notes, counts: self.counts(), findings: rows.collect() }
    }

    /// One finding a line, at most `shown_max` of one rule in one note, and the sums below.
    fn text(&self, shown_max: Option<usize>) -> String {
        let mut seen: HashMap<(&NoteId, Rule), usize> = HashMap::new();
        for finding in &self.findings {
            *seen.entry((&finding.note, finding.rule())).or_default() += 1;
        }
        let mut shown: HashMap<(&NoteId, Rule), usize> = HashMap::new();
        let mut text = String::new();
        for finding in &self.findings {
            let place = (&finding.note, finding.rule());
            let count = shown.entry(place).or_default();
            *count += 1;
            match shown_max {
                Some(limit) if *count == limit + 1 => {
                    let more = seen.get(&place).map_or(0, |all| all - limit);
                    let more = self.language.more_findings(more, finding.rule());
                    text.push_str(&format!("{}: {more}\n", self.path(finding)));
                }
                Some(limit) if *count > limit => {}
                _ => text.push_str(&self.line(finding)),
            }
        }
        text + &self.language.checked(self.notes, self.counts()) + "\n"
    }

    fn path(&self, finding: &Finding) -> String {
        // A name with a line break must not make a line of its own, which a CI could take for a command.
        sanitise(&format!("{}{}", self.prefix, finding.note)).replace('\n', " ")
    }

    fn line(&self, finding: &Finding) -> String {
        let colour = match finding.severity() {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Hint => AnsiColor::Cyan,
        };
        let style = Style::new().fg_color(Some(colour.into()));
        let message = sanitise(&self.language.problem(&finding.problem)).replace('\n', " ");
        format!(
            "{}:{}: {style}{}{style:#} {}: {message}\n",
            self.path(finding),
            finding.line,
            self.language.severity(finding.severity()),
            finding.rule().name(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Problem;

    #[test]
    fn what_is_not_shown_is_counted() {
        let finding =
            |line| Finding { note: NoteId("a.md".to_owned()), line, problem: Problem::BrokenImage("x.png".to_owned()) };
        let report = Report {
            findings: (1..=4).map(finding).collect(),
            notes: 1,
            prefix: "notes/".to_owned(),
            language: Language::En,
        };
        let text = report.text(Some(2));
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains("notes/a.md: 2 more of broken-image"), "{text}");
        assert_eq!(report.text(None).lines().count(), 5);
    }
}
