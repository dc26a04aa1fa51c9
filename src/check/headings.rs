//! Titles and headings by which nobody can tell what they are of.

use std::collections::HashMap;

use super::{Finding, Folder, Problem};
use crate::answer::says_nothing;
use crate::corpus::{Note, Section};
use crate::search::is_generic;
use crate::text::fold;

/// Headings of lists of sources that the search does not know as such; letters and digits only.
const READINGS: &[&str] = &["reading", "readings", "furtherreadings", "readmore", "阅读材料", "推荐阅读", "相关阅读"];

/// All findings about titles and headings.
pub(super) fn check(folder: &Folder) -> Vec<Finding> {
    let notes = || folder.notes().iter().map(|read| &read.note);
    let mut findings = same_titles(notes());
    for note in notes() {
        let has_text = note.sections.iter().any(|section| !section.blocks.is_empty());
        // Some write their title in HTML, to have it in the middle.
        if !note.has_title && has_text && !note.text.contains("<h1") {
            let problem = Problem::MissingTitle(note.title.clone());
            findings.push(Finding { note: note.id.clone(), line: 1, problem });
        }
        findings.extend(repeated(note));
    }
    findings
}

/// The letters and digits of a heading: `什么是 云？` and `什么是云` are the same.
pub(super) fn key(heading: &str) -> String {
    fold(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a heading names a thing that can be asked for.
pub(super) fn names_something(heading: &str) -> bool {
    let folded = fold(heading);
    let key = key(heading);
    !says_nothing(heading) && !is_generic(&folded) && !READINGS.contains(&key.as_str()) && key.chars().count() > 1
}

/// Notes that say the same title as one before.
fn same_titles<'f>(notes: impl Iterator<Item = &'f Note>) -> Vec<Finding> {
    let mut first: HashMap<String, &Note> = HashMap::new();
    let mut findings = Vec::new();
    for note in notes.filter(|note| note.has_title && names_something(&note.title)) {
        match first.get(&key(&note.title)) {
            // Two answers to one question are told as that.
            Some(other) if other.questions.iter().any(|question| note.questions.contains(question)) => {}
            Some(other) => {
                let problem = Problem::SameTitle(note.title.clone(), other.id.0.clone());
                findings.push(Finding { note: note.id.clone(), line: 1, problem });
            }
            None => {
                first.insert(key(&note.title), note);
            }
        }
    }
    findings
}

/// Headings that stand more than once: one finding for each, at the second.
fn repeated(note: &Note) -> Vec<Finding> {
    let mut by_key: HashMap<String, Vec<&Section>> = HashMap::new();
    for section in note.sections.iter().filter(|section| section.level > 0) {
        by_key.entry(key(&section.heading)).or_default().push(section);
    }
    by_key.remove("");
    by_key.values().filter_map(|alike| problem(alike)).map(|(line, problem)| found(note, line, problem)).collect()
}

fn found(note: &Note, line: u32, problem: Problem) -> Finding {
    Finding { note: note.id.clone(), line, problem }
}

fn problem(alike: &[&Section]) -> Option<(u32, Problem)> {
    // Under one heading, the second of two cannot be told from the first.
    for section in alike {
        let siblings: Vec<_> = alike.iter().filter(|other| other.parent == section.parent).collect();
        if let [first, second, ..] = siblings.as_slice() {
            let (heading, count) = (second.heading.clone(), siblings.len());
            let problem = Problem::RepeatedHeading { heading, count, first: first.lines.first };
            return Some((second.lines.first, problem));
        }
    }
    let [first, second, ..] = alike else { return None };
    // A heading below one of the same name goes on with it.
    let is_nested = second.trail.iter().any(|above| key(above) == key(&second.heading));
    (names_something(&second.heading) && !is_nested).then(|| {
        let (heading, count) = (second.heading.clone(), alike.len());
        (second.lines.first, Problem::RecurringHeading { heading, count, first: first.lines.first })
    })
}

#[cfg(test)]
mod tests {
    use super::super::folder::tests::folder;
    use super::*;

    #[track_caller]
    fn check_note(text: &str, expected: &[(u32, Problem)]) {
        let found: Vec<_> =
            check(&folder(&[("课/a.md", text)])).into_iter().map(|found| (found.line, found.problem)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_note_says_its_title_in_its_first_heading_or_in_its_settings() {
        check_note("# 甲\n\n文\n\n## 乙\n", &[]);
        check_note("---\ntitle: a\n---\n## 甲\n\n文\n\n## 乙\n", &[]);
        check_note("<h1 align=center>甲</h1>\n\n## 乙\n\n文\n\n## 丙\n", &[]);
        check_note("## 甲\n\n文\n\n## 乙\n", &[(1, Problem::MissingTitle("a".to_owned()))]);
    }

    #[test]
    fn a_heading_that_stands_twice_under_the_same_one_is_told_once() {
        let heading = "什么是 云".to_owned();
        check_note(
            "# 甲\n\n## 什么是云？\n\n## 什么是 云\n\n## 什么是云\n",
            &[(5, Problem::RepeatedHeading { heading, count: 3, first: 3 })],
        );
        let heading = "小结".to_owned();
        check_note("# 甲\n\n## 小结\n\n## 小结\n", &[(5, Problem::RepeatedHeading { heading, count: 2, first: 3 })]);
    }

    #[test]
    fn a_heading_that_stands_under_several_recurs_unless_it_stands_anywhere() {
        let heading = "路径".to_owned();
        check_note(
            "# 甲\n\n## 乙\n\n### 路径\n\n### 小结\n\n## 丙\n\n### 路径\n\n### 小结\n",
            &[(11, Problem::RecurringHeading { heading, count: 2, first: 5 })],
        );
        check_note("# 容器\n\n## 容器\n", &[]);
    }

    #[test]
    fn two_notes_of_the_same_title_are_told() {
        let found = check(&folder(&[("a.md", "# 容器"), ("b.md", "# 容器！"), ("c.md", "# 小结"), ("d.md", "# 小结")]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].problem, Problem::SameTitle("容器！".to_owned(), "a.md".to_owned()));
    }
}
