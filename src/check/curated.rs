//! Answers that instructors curated for single questions: those that contradict each other, have expired, or are not complete.

use std::collections::HashMap;

use super::folder::ReadNote;
use super::{Finding, Folder, Problem};
use crate::corpus::{Day, Note, NoteId, Passage, WarningKind};
use crate::engine::Engine;
use crate::error::Failure;
use crate::query::curated::is_vague;

/// An answer that expires within so many days is told.
const SOON_DAYS: i64 = 14;

/// All findings that need no index. `keys` gives the keys under which the answer to a question is looked up.
#[must_use]
pub fn check(folder: &Folder, keys: &dyn Fn(&str) -> Vec<String>, today: Day) -> Vec<Finding> {
    let mut findings = conflicts(folder, keys, today);
    for note in curated(folder) {
        let found = |key: &str, problem| Finding { note: note.id.clone(), line: note.line_of_key(key), problem };
        if let Some(last) = note.expires.filter(|last| *last != Day::LONG_AGO) {
            let days = today.days_until(last);
            match days {
                ..0 => findings.push(found("expires", Problem::CuratedExpired(last))),
                0..=SOON_DAYS => findings.push(found("expires", Problem::CuratedExpiring(last, days))),
                _ => {}
            }
        }
        if let Some(see) = note.see.as_ref().filter(|_| !leads_somewhere(folder, note)) {
            findings.push(found("see", Problem::BrokenSee(see.clone())));
        }
        if note.is_curated_file() && note.questions.is_empty() {
            findings.push(found("questions", Problem::NoQuestions));
        }
        if note.is_curated_file() && note.passages().iter().all(Passage::is_bare_heading) {
            findings.push(found("questions", Problem::NoAnswer));
        }
    }
    findings
}

/// The notes that are curated for a question, or are meant to be.
fn curated(folder: &Folder) -> impl Iterator<Item = &Note> {
    let notes = folder.notes().iter().map(|read| &read.note);
    notes.filter(|note| note.is_curated_file() || !note.questions.is_empty())
}

fn leads_somewhere(folder: &Folder, note: &Note) -> bool {
    let Some((path, anchor)) = note.see_place() else { return false };
    folder.note(&path).is_some_and(|target: &ReadNote| anchor.is_empty() || target.has_anchor(&anchor))
}

fn has_expired(note: &Note, today: Day) -> bool {
    note.expires.is_some_and(|last| last < today)
}

fn conflicts(folder: &Folder, keys: &dyn Fn(&str) -> Vec<String>, today: Day) -> Vec<Finding> {
    let mut first: HashMap<String, &NoteId> = HashMap::new();
    let mut findings = Vec::new();
    for note in curated(folder).filter(|note| !has_expired(note, today)) {
        for question in &note.questions {
            let keys = keys(question);
            let others = keys.iter().filter(|key| !is_vague(key)).filter_map(|key| first.get(key));
            if let Some(other) = others.filter(|other| **other != &note.id).min() {
                let problem = Problem::Odd(WarningKind::CuratedTwice(question.clone(), (*other).clone()));
                findings.push(Finding { note: note.id.clone(), line: note.line_of_key("questions"), problem });
            }
            for key in keys {
                first.entry(key).or_insert(&note.id);
            }
        }
    }
    findings
}

/// Asks an engine whose index is open for every question that an answer is curated for.
///
/// # Errors
/// When the index cannot be read.
pub fn ask(folder: &Folder, engine: &Engine, today: Day) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for note in curated(folder).filter(|note| !has_expired(note, today)) {
        for question in &note.questions {
            let answer = engine.ask(question, 3)?;
            if !answer.hits.iter().any(|hit| hit.curated && hit.citation.note == note.id.0) {
                let problem = Problem::CuratedNotFound(question.clone());
                findings.push(Finding { note: note.id.clone(), line: note.line_of_key("questions"), problem });
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::super::folder::tests::folder;
    use super::*;

    #[track_caller]
    fn check_notes(notes: &[(&str, &str)], expected: &[(&str, u32, Problem)]) {
        let today: Day = "2026-03-01".parse().unwrap();
        let found: Vec<_> = check(&folder(notes), &|question| vec![question.to_owned()], today);
        let found: Vec<_> =
            found.iter().map(|found| (found.note.0.as_str(), found.line, found.problem.clone())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn answers_end_and_it_is_told_before() {
        let text = |day: &str| format!("---\nquestions: [怎么交作业]\nexpires: {day}\n---\n网上交。\n");
        let day = |day: &str| day.parse::<Day>().unwrap();
        check_notes(&[("qa/a.md", &text("2026-02-28"))], &[("qa/a.md", 3, Problem::CuratedExpired(day("2026-02-28")))]);
        check_notes(
            &[("qa/a.md", &text("2026-03-01"))],
            &[("qa/a.md", 3, Problem::CuratedExpiring(day("2026-03-01"), 0))],
        );
        check_notes(
            &[("qa/a.md", &text("2026-03-15"))],
            &[("qa/a.md", 3, Problem::CuratedExpiring(day("2026-03-15"), 14))],
        );
        check_notes(&[("qa/a.md", &text("2026-03-16"))], &[]);
    }

    #[test]
    fn an_end_that_is_no_date_is_told_once_and_as_an_error() {
        let notes = [("qa/a.md", "---\nquestions: [怎么交作业]\nExpires: 期末\n---\n网上交。\n")];
        check_notes(&notes, &[]);
        let told = crate::check::look_through(&folder(&notes));
        let told: Vec<_> = told.iter().map(|found| (found.rule().name(), found.line, found.severity())).collect();
        assert_eq!(told, [("curated-no-date", 3, crate::check::Severity::Error)]);
        let other = folder(&[("a.md", "---\nexpires: never\n---\n# 甲\n\n一。\n")]);
        assert_eq!(crate::check::look_through(&other), [], "it ends nothing");
    }

    #[test]
    fn of_two_answers_to_one_question_the_conflict_alone_is_told() {
        let answer = |text: &str| format!("---\nquestions: [怎么交作业]\n---\n{text}\n");
        let notes = [("qa/a.md", answer("网上交，截止以后也可以补交。")), ("qa/b.md", answer("带着打印稿来教室。"))];
        let notes = notes.each_ref().map(|(path, text)| (*path, text.as_str()));
        assert_eq!(crate::check::look_through(&folder(&notes)), []);
        let found = check(&folder(&notes), &|question| vec![question.to_owned()], "2026-03-01".parse().unwrap());
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn two_answers_to_one_question_are_a_conflict_unless_one_has_expired() {
        let answer = "---\nquestions: [怎么交作业]\n---\n网上交。\n";
        let twice = Problem::Odd(WarningKind::CuratedTwice("怎么交作业".to_owned(), NoteId("a.md".to_owned())));
        check_notes(&[("a.md", answer), ("qa/b.md", answer)], &[("qa/b.md", 2, twice)]);
        let old = "---\nquestions: [怎么交作业]\nexpires: 2026-01-01\n---\n纸上交。\n";
        check_notes(
            &[("a.md", answer), ("qa/b.md", old)],
            &[("qa/b.md", 3, Problem::CuratedExpired("2026-01-01".parse().unwrap()))],
        );
    }

    #[test]
    fn an_answer_needs_questions_and_a_text_and_leads_to_what_is_there() {
        check_notes(&[("qa/a.md", "# 交作业\n\n网上交。\n")], &[("qa/a.md", 1, Problem::NoQuestions)]);
        check_notes(&[("qa/a.md", "---\nquestions: [怎么交作业]\n---\n")], &[("qa/a.md", 2, Problem::NoAnswer)]);
        let see = |see: &str| format!("---\nquestions: [怎么交作业]\nsee: \"{see}\"\n---\n网上交。\n");
        for there in ["课/a.md#作业", "课/a.md", "../课/a.md#作业", "%E8%AF%BE/a.md"] {
            check_notes(&[("qa/a.md", &see(there)), ("课/a.md", "# 作业\n\n一。\n")], &[]);
        }
        for gone in ["课/b.md", "课/a.md#考试", "https://example.org", "../../a.md"] {
            check_notes(
                &[("qa/a.md", &see(gone)), ("课/a.md", "# 作业\n\n一。\n")],
                &[("qa/a.md", 3, Problem::BrokenSee(gone.to_owned()))],
            );
        }
    }
}
