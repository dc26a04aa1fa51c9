//! What is worth suggesting: questions that were asked before, and headings, named so that each says by itself what it is about.

use std::collections::{HashMap, HashSet};

use crate::answer::says_nothing;
use crate::corpus::Day;
use crate::index::Outline;
use crate::query::Intent;
use crate::search::Candidate;
use crate::text::fold;

/// A question that was asked before and answered well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastQuestion {
    /// As it was asked.
    pub text: String,
    /// How many members asked it or found its answer useful; at least one.
    pub members: u32,
}

/// What a candidate is worth. A question that many asked comes before all headings; of those, questions come first, one of each
/// note, and then the outermost.
const ASKED: [f32; 2] = [0.6, 0.4];
const QUESTION: [f32; 2] = [0.5, 0.1];
const HEADING: f32 = 0.4;
const SAYS_NOTHING: f32 = 0.05;

/// All that can be suggested on the day `today`.
pub(super) fn candidates(outlines: &[Outline], past: &[PastQuestion], today: Day) -> Vec<Candidate> {
    let asked = past.iter().map(|question| {
        let worth = ASKED[0] + ASKED[1] * (1.0 - 1.0 / question.members.max(1) as f32);
        Candidate { text: question.text.clone(), worth }
    });
    let shown: Vec<&Outline> = outlines.iter().filter(|outline| !outline.is_hidden(today)).collect();
    asked.chain(headings(&shown)).collect()
}

/// A heading: its note and the headings from the outermost to its own.
type Path<'o> = (&'o str, Vec<&'o str>);

fn headings(outlines: &[&Outline]) -> Vec<Candidate> {
    let (paths, titles) = (paths(outlines), titles(outlines));
    let mut times: HashMap<String, usize> = HashMap::new();
    for (_, path) in &paths {
        *times.entry(fold(path.last().copied().unwrap_or_default())).or_default() += 1;
    }
    let mut questions: HashMap<&str, usize> = HashMap::new();
    let mut found = Vec::new();
    for (note, path) in &paths {
        let Some((heading, above)) = path.split_last() else { continue };
        let silent = says_nothing(heading);
        let is_one_of_many = times.get(&fold(heading)).is_some_and(|times| *times > 1);
        let parent = above.iter().rev().copied().find(|above| !says_nothing(above));
        let parent = parent.or(titles.get(note).copied()).filter(|parent| parent != heading);
        let text = match parent.filter(|_| silent || is_one_of_many) {
            Some(parent) => format!("{parent} › {heading}"),
            None if silent => continue,
            None => (*heading).to_owned(),
        };
        let worth = if silent {
            SAYS_NOTHING
        } else if Intent::of(heading) == Intent::Other {
            HEADING / (1 + above.len()) as f32
        } else {
            let before = questions.entry(note).or_default();
            *before += 1;
            QUESTION[0] + QUESTION[1] / *before as f32
        };
        found.push(Candidate { text, worth });
    }
    found
}

/// Every heading once, also those that have no text of their own.
fn paths<'o>(outlines: &[&'o Outline]) -> Vec<Path<'o>> {
    let mut known: HashSet<Path<'o>> = HashSet::new();
    let mut paths = Vec::new();
    for outline in outlines {
        let note = outline.id.section.note.0.as_str();
        let whole: Vec<&str> = outline
            .trail
            .iter()
            .chain([&outline.heading])
            .map(String::as_str)
            .filter(|text| !text.is_empty())
            .collect();
        for length in 1..=whole.len() {
            let path = (note, whole.get(..length).unwrap_or_default().to_vec());
            if known.insert(path.clone()) {
                paths.push(path);
            }
        }
    }
    paths
}

/// The titles of notes that say something.
fn titles<'o>(outlines: &[&'o Outline]) -> HashMap<&'o str, &'o str> {
    let titles = outlines.iter().map(|outline| (outline.id.section.note.0.as_str(), outline.title.as_str()));
    titles.filter(|(_, title)| !says_nothing(title)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(note: &str, title: &str, trail: &[&str], heading: &str) -> Outline {
        serde_json::from_value(serde_json::json!({
            "id": {"section": {"note": note, "anchor": ""}, "ordinal": 0}, "title": title, "heading": heading, "trail": trail,
        }))
        .unwrap()
    }

    #[track_caller]
    fn check(outlines: &[Outline], past: &[PastQuestion], expected: &[&str]) {
        let mut found = candidates(outlines, past, Day::default());
        found.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        assert_eq!(found.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), expected, "{found:?}");
    }

    #[test]
    fn a_heading_that_says_nothing_alone_or_stands_twice_is_named_with_the_one_above() {
        let outlines = [
            outline("a.md", "集群", &["集群", "Pod"], "安装"),
            outline("a.md", "集群", &["集群", "Service"], "安装"),
            outline("a.md", "集群", &["集群"], "小结"),
            outline("b.md", "b", &[], ""),
        ];
        check(&outlines, &[], &["集群", "Pod", "Service", "Pod › 安装", "Service › 安装", "集群 › 小结"]);
    }

    #[test]
    fn what_many_asked_comes_first_then_one_question_of_each_note() {
        let asked = |text: &str, members| PastQuestion { text: text.to_owned(), members };
        let outlines = [
            outline("a.md", "a", &[], "什么是容器？"),
            outline("a.md", "a", &[], "容器怎么创建"),
            outline("b.md", "b", &[], "Pod 是什么"),
            outline("b.md", "b", &[], "调度"),
        ];
        let past = [asked("Pod 一直 Pending 怎么办", 2), asked("Service 有什么用", 9)];
        let expected =
            ["Service 有什么用", "Pod 一直 Pending 怎么办", "什么是容器？", "Pod 是什么", "容器怎么创建", "调度"];
        check(&outlines, &past, &expected);
    }
}
