//! Looks through the notes for what their readers would stumble over, and for what the search cannot find.
//!
//! ```text
//! Folder (notes, their references, their names)
//!    -> links, headings, sections, lexicon, curated, asking   one file an idea, each gives findings
//!    -> what a note allows is taken out, the rest ordered -> cli (text), render (JSON, SARIF)
//! ```
//!
//! No address of the network is ever asked for.

mod asking;
mod curated;
mod folder;
mod headings;
mod lexicon;
mod links;
mod rule;
mod sections;

use std::collections::HashSet;

use serde::Serialize;

pub use asking::check as ask_headings;
pub use curated::{ask as ask_curated, check as look_at_curated};
pub use folder::Folder;
pub use rule::{Problem, Rule, Severity};

use crate::corpus::{CURATED_FOLDER, NoteId, WarningKind};

/// Something that was found, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the notes folder.
    pub note: NoteId,
    /// The line, counted from 1.
    pub line: u32,
    /// What it is.
    pub problem: Problem,
}

impl Finding {
    /// The rule that is broken.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.problem.rule()
    }

    /// How much it weighs.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule().severity()
    }
}

/// Numbers of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Hints.
    pub hints: usize,
}

impl Counts {
    /// Counts findings by what they weigh.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity() == severity).count();
        Self { errors: count(Severity::Error), warnings: count(Severity::Warning), hints: count(Severity::Hint) }
    }
}

/// All that can be found without asking anything.
#[must_use]
pub fn look_through(folder: &Folder) -> Vec<Finding> {
    let mut findings = oddities(folder);
    findings.extend(links::check(folder));
    findings.extend(headings::check(folder));
    findings.extend(sections::check(folder));
    findings.extend(lexicon::check(folder));
    findings
}

/// Takes out what `skipped` or the note itself allows, and puts the rest in the order of the notes.
#[must_use]
pub fn sift(folder: &Folder, mut findings: Vec<Finding>, skipped: &[Rule]) -> Vec<Finding> {
    let allowed: HashSet<(&NoteId, Rule)> =
        folder.notes().iter().flat_map(|read| read.allowed().map(|rule| (&read.note.id, rule))).collect();
    findings
        .retain(|finding| !skipped.contains(&finding.rule()) && !allowed.contains(&(&finding.note, finding.rule())));
    findings.sort_by(|a, b| (&a.note, a.line, a.rule()).cmp(&(&b.note, b.line, b.rule())));
    findings
}

/// What the reading of the notes brought to light.
fn oddities(folder: &Folder) -> Vec<Finding> {
    let of_notes = folder.notes().iter().flat_map(|read| &read.note.warnings);
    let odd = folder.unread().iter().chain(of_notes);
    odd.filter(|warning| match warning.kind {
        // `links` sees these one by one and knows their targets.
        WarningKind::LooseImage => false,
        // Hugo's page of a folder often is nothing but its settings.
        // What an answer without text lacks is told by `curated`.
        WarningKind::Empty => !warning.note.0.ends_with("_index.md") && !warning.note.0.starts_with(CURATED_FOLDER),
        _ => true,
    })
    .map(|warning| Finding {
        note: warning.note.clone(),
        line: warning.line,
        problem: Problem::Odd(warning.kind.clone()),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::folder::tests::folder;
    use super::*;

    #[test]
    fn a_note_can_allow_what_is_meant() {
        let folder = folder(&[("a.md", "# 甲\n\n<!-- kewen: allow stub, broken-link -->\n\n[乙](b.md)\n\n## 丙\n")]);
        let findings = look_through(&folder);
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(sift(&folder, findings, &[]).is_empty());
    }

    #[test]
    fn what_is_skipped_is_left_out_and_the_rest_is_in_order() {
        let folder = folder(&[("b.md", "# 甲\n\n[乙](b.png)\n\n```\n"), ("a.md", "# 乙\n\n[乙](c.md)\n")]);
        let found = sift(&folder, look_through(&folder), &[Rule::UnclosedFence]);
        let places: Vec<_> = found.iter().map(|finding| (finding.note.0.as_str(), finding.line)).collect();
        assert_eq!(places, [("a.md", 3), ("b.md", 3)]);
        assert_eq!(Counts::of(&found), Counts { errors: 2, warnings: 0, hints: 0 });
    }
}
