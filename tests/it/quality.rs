//! The ranking's figures: on the questions kept beside the repository, where they are, and on the names of the sample notes' sections.

use std::collections::HashMap;
use std::path::Path;

use kewen::corpus::{NoteId, Section, Selection, read_note, walk};

use crate::world::{World, hits, json, run};

/// Measure and the least that is acceptable.
const LEAST: [(&str, f64); 3] = [("hit@1", 0.76), ("hit@3", 0.86), ("hit@10", 0.91)];

#[test]
fn most_questions_find_their_section() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    if !folder.is_dir() {
        return;
    }
    let world = World::new(&[]);
    let mut command = world.command(&["eval", "--format", "json"]);
    command.args(["seed", "jimmy", "tutorials", "ladder"].map(|name| folder.join(name).with_extension("toml")));
    let run = run(command, b"");
    assert_eq!(run.code, 0, "{run:?}");
    let total = &json(&run.stdout)["total"];
    for (measure, least) in LEAST {
        let rate = total[measure].as_f64().unwrap();
        assert!(rate >= least, "{measure} is {rate:.3}, below {least}: {total}");
    }
}

/// Headings with one of these ask or tell rather than name something.
const NO_NAMES: [&str; 9] = ["什么", "怎么", "如何", "为什么", "？", "?", "：", ":", "|"];
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=18;
/// Of the sections that are called by a name, so many must come first for who asks what that is.
const NAMED_FIRST: f64 = 0.95;

/// Whether a section has text of its own below a heading that is a name.
fn is_called_by_name(section: &Section) -> bool {
    let heading = &section.heading;
    let is_name = NAME_CHARS.contains(&heading.chars().count()) && !NO_NAMES.iter().any(|sign| heading.contains(sign));
    section.level > 1 && section.blocks.len() > 1 && is_name
}

#[test]
fn who_asks_what_a_section_is_called_by_gets_that_section_and_not_one_below_it() {
    let notes = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let files = walk(&notes, &Selection::default()).unwrap().files.into_iter();
    let notes_read = files.filter_map(|file| read_note(&file.path, file.id, 1 << 20).ok()).filter(|note| !note.draft);
    let mut places: HashMap<String, Vec<(NoteId, String)>> = HashMap::new();
    for note in notes_read.filter(|note| !note.is_curated_file()) {
        for section in note.sections.iter().filter(|section| is_called_by_name(section)) {
            places.entry(section.heading.clone()).or_default().push((note.id.clone(), section.anchor.clone()));
        }
    }
    places.retain(|_, places| places.len() == 1);
    let asked: Vec<(String, Vec<(NoteId, String)>)> = places.into_iter().collect();
    assert!(asked.len() > 50, "{} headings", asked.len());
    let world = World::new(&[]);
    let mut command = world.bare_command(&["ask", "--format", "json", "--batch", "-"]);
    command.arg("--notes").arg(&notes).arg("--index").arg(world.index());
    let questions: String = asked.iter().map(|(heading, _)| format!("{heading} 是什么\n")).collect();
    let run = run(command, questions.as_bytes());
    let answers: Vec<_> = run.stdout.lines().map(json).collect();
    assert_eq!(answers.len(), asked.len(), "{run:?}");
    let others = asked.iter().zip(&answers).filter(|((_, places), answer)| {
        let first = hits(answer).first();
        !first.is_some_and(|hit| places.iter().any(|(note, anchor)| hit["note"] == note.0 && hit["anchor"] == *anchor))
    });
    let others: Vec<&String> = others.map(|((heading, _), _)| heading).collect();
    let first = 1.0 - others.len() as f64 / asked.len() as f64;
    assert!(first >= NAMED_FIRST, "{first:.3} of {}, but not {others:?}", asked.len());
}
