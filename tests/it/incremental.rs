//! An index that is brought up to its notes: only what changed is read, and the answers are those of an index built anew.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use kewen::engine::{Engine, Places};
use kewen::settings::{self, Sources};
use proptest::prelude::*;
use serde_json::Value;

use crate::world::{World, hits, json, listing, of_hits, run};

const WORDS: [&str; 12] =
    ["调度", "集群", "网络", "存储卷", "探针", "Pod", "Service", "kube-proxy", "镜像", "重启", "命名空间", "Ingress"];
/// The last three are taken for other words of the notes.
const QUESTIONS: [&str; 9] = [
    "Pod 怎么调度",
    "什么是 Service",
    "存储卷和镜像",
    "kube-proxy 的网络",
    "探针 重启",
    "命名空间里的 Ingress",
    "tanzhen zenme chongqi",
    "怎么调渡",
    "镜相和村储卷",
];
const NOTES: [&str; 6] = ["a.md", "b.md", "c/a.md", "c/d.md", "e.txt", "z.md"];
/// Notes that are edited at random: those, and answers beside them.
const EDITED: [&str; 8] = ["a.md", "b.md", "c/a.md", "c/d.md", "e.txt", "z.md", "qa/a.md", "qa/b.md"];

/// The text of a note by a number: some sections of some words, so that many passages score alike.
pub(crate) fn text(seed: u32) -> String {
    let word = |k: u32| WORDS[(seed.wrapping_mul(31).wrapping_add(k.wrapping_mul(seed / 7 + 3)) % 12) as usize];
    let sections = (0..1 + seed % 4).map(|k| {
        let body: Vec<&str> = (0..3 + (seed + k) % 5).map(|j| word(k * 5 + j)).collect();
        format!("## {}\n\n{}。\n", word(k + 1), body.join("和"))
    });
    sections.collect()
}

/// As [`text`]; some are curated for a question, and some of those have expired.
fn text_or_answer(seed: u32) -> String {
    let text = text(seed);
    match seed % 3 {
        0 => format!(
            "---\nquestions: [{}]\nexpires: {}-01-01\n---\n{text}",
            QUESTIONS[seed as usize % QUESTIONS.len()],
            2020 + seed % 2 * 70
        ),
        _ => text,
    }
}

/// Answers to all questions in the notes and the index that `command` names, without what differs from run to run; and what was said beside.
#[track_caller]
pub(crate) fn answers_of(mut command: Command) -> (Vec<Value>, String) {
    let questions: String = QUESTIONS.iter().map(|question| format!("{question}\n")).collect();
    command.args(["ask", "--batch", "-", "--format", "json", "--limit", "10"]);
    let run = run(command, questions.as_bytes());
    let mut answers: Vec<Value> = run.stdout.lines().map(json).collect();
    assert_eq!((run.code, answers.len()), (0, QUESTIONS.len()), "{run:?}");
    answers.iter_mut().for_each(|answer| drop(answer.as_object_mut().unwrap().remove("took_ms")));
    (answers, run.stderr)
}

#[track_caller]
pub(crate) fn answers(world: &World, index: &Path) -> Vec<Value> {
    let mut command = world.bare_command(&["--notes"]);
    command.arg(world.notes()).arg("--index").arg(index);
    answers_of(command).0
}

/// The index of `world` answers as one that is built from nothing.
#[track_caller]
pub(crate) fn check_like_new(world: &World) {
    let fresh = tempfile::tempdir().unwrap();
    let (ours, new) = (answers(world, &world.index()), answers(world, fresh.path()));
    for ((ours, new), question) in ours.iter().zip(&new).zip(QUESTIONS) {
        for (a, b) in hits(ours).iter().zip(hits(new)) {
            let score = |hit: &Value| hit["score"].as_f64().unwrap();
            assert!((score(a) - score(b)).abs() < 1e-4, "{question}: {a} is not {b}");
        }
        assert_eq!(ours, new, "{question}");
    }
}

/// Writes a note.
pub(crate) fn write(world: &World, note: &str, text: &str) {
    world.write(&format!("notes/{note}"), text);
}

/// Number of notes in each kind of change.
pub(crate) fn counts(report: &Value) -> [usize; 4] {
    let changes = &report["changes"];
    let notes = |value: &Value| value.as_array().unwrap().len();
    [
        notes(&changes["added"]["notes"]),
        notes(&changes["changed"]["notes"]),
        notes(&changes["renamed"]),
        notes(&changes["removed"]["notes"]),
    ]
}

/// Makes a file so much older than now.
pub(crate) fn age(path: &Path, seconds: u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
}

/// A world with a few notes.
pub(crate) fn world() -> World {
    let world = World::new(&[]);
    for (seed, note) in (1..).zip(NOTES) {
        write(&world, note, &text(seed));
    }
    world
}

#[derive(Clone, Debug)]
enum Edit {
    Write(usize, u32),
    Move(usize, usize),
    Remove(usize),
    Touch(usize),
    Index,
}

fn edit() -> impl Strategy<Value = Edit> {
    let note = 0..EDITED.len();
    prop_oneof![
        3 => (note.clone(), 0..40_u32).prop_map(|(note, seed)| Edit::Write(note, seed)),
        1 => (note.clone(), note.clone()).prop_map(|(from, to)| Edit::Move(from, to)),
        1 => note.clone().prop_map(Edit::Remove),
        1 => note.prop_map(Edit::Touch),
        3 => Just(Edit::Index),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_edits_the_answers_are_those_of_an_index_built_anew(edits in proptest::collection::vec(edit(), 1..14)) {
        let world = world();
        // It is never edited, so that there always is a note.
        write(&world, "keep.md", &text(5));
        world.build();
        for edit in edits {
            match edit {
                Edit::Write(note, seed) => write(&world, EDITED[note], &text_or_answer(seed)),
                Edit::Move(from, to) => drop(fs::rename(world.notes().join(EDITED[from]), world.notes().join(EDITED[to]))),
                Edit::Remove(note) => drop(fs::remove_file(world.notes().join(EDITED[note]))),
                Edit::Touch(note) if world.notes().join(EDITED[note]).exists() => age(&world.notes().join(EDITED[note]), 100),
                Edit::Touch(_) => {}
                Edit::Index => drop(world.build()),
            }
        }
        world.build();
        check_like_new(&world);
    }
}

#[test]
fn each_change_is_reported_as_what_it_is() {
    let world = world();
    assert_eq!(counts(&world.build()), [6, 0, 0, 0]);
    let before = listing(&world.home());
    let report = world.build();
    assert_eq!((counts(&report), &report["new"]), ([0; 4], &Value::Bool(false)));
    let generations = |listing: &[(std::path::PathBuf, u64, SystemTime)]| {
        listing.iter().filter(|(path, ..)| path.to_str().unwrap().contains("gen-")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(generations(&listing(&world.home())), generations(&before), "nothing changed and something was written");

    write(&world, "new.md", &text(20));
    write(&world, "a.md", &text(21));
    fs::rename(world.notes().join("b.md"), world.notes().join("b2.md")).unwrap();
    fs::remove_file(world.notes().join("z.md")).unwrap();
    let report = world.build();
    assert_eq!(counts(&report), [1, 1, 1, 1]);
    assert_eq!(report["changes"]["renamed"][0], serde_json::json!({"from": "b.md", "to": "b2.md"}));
    assert_eq!(report["changes"]["added"]["sections"], 1);
    check_like_new(&world);

    write(&world, "a.md", &format!("---\ndraft: true\n---\n{}", text(21)));
    let report = world.build();
    assert_eq!((counts(&report), &report["drafts"]), ([0, 0, 0, 1], &Value::from(1)));
    check_like_new(&world);
    let shown = world.kewen(&["index"]);
    assert!(shown.stdout.starts_with("Nothing has changed"), "{shown:?}");
    write(&world, "new.md", &text(22));
    let shown = world.kewen(&["index"]);
    assert!(shown.stdout.contains("\n1 note changed (3 sections).\n"), "{shown:?}");
}

#[test]
fn warnings_of_notes_that_were_not_read_again_are_kept() {
    let world = world();
    write(&world, "odd.md", "##标题\n\nPod\n");
    let first = world.build();
    assert_eq!(first["warnings"].as_array().unwrap().len(), 1);
    write(&world, "a.md", &text(9));
    assert_eq!(world.build()["warnings"], first["warnings"]);
    assert_eq!(world.build()["warnings"], first["warnings"]);
}

#[test]
fn a_note_of_the_same_size_and_time_is_read_only_when_it_is_fresh_or_when_asked_for() {
    let world = world();
    let (note, old, new) = (world.notes().join("a.md"), "## 甲\n\nPod 一\n", "## 甲\n\nPod 二\n");
    // Its time is not behind the build that reads it, as in the same tick: size and time say nothing yet.
    let time = SystemTime::now() + Duration::from_secs(60);
    let rewrite = |text: &str, time: SystemTime| {
        fs::write(&note, text).unwrap();
        fs::OpenOptions::new().write(true).open(&note).unwrap().set_modified(time).unwrap();
    };
    rewrite(old, time);
    world.build();
    rewrite(new, time);
    assert_eq!(counts(&world.build()), [0, 1, 0, 0]);

    let time = SystemTime::now() - Duration::from_secs(1000);
    rewrite(old, time);
    assert_eq!(counts(&world.build()), [0, 1, 0, 0]);
    rewrite(new, time);
    assert_eq!(counts(&world.build()), [0; 4], "it was read although it has settled");
    let report = world.kewen(&["index", "--verify", "--format", "json"]);
    assert_eq!(counts(&json(&report.stdout)), [0, 1, 0, 0]);

    // A clock that is ahead, and then goes back.
    let time = SystemTime::now() + Duration::from_secs(1000);
    rewrite(old, time);
    world.build();
    rewrite(new, time);
    assert_eq!(counts(&world.build()), [0, 1, 0, 0]);
    check_like_new(&world);
}

#[test]
fn many_small_builds_do_not_pile_up() {
    let world = world();
    let home = world.home();
    for seed in 0..24 {
        write(&world, NOTES[seed as usize % NOTES.len()], &text(seed + 50));
        world.build();
    }
    let current = home.join(fs::read_to_string(home.join("CURRENT")).unwrap());
    let segments = listing(&current).iter().filter(|(path, ..)| path.extension().is_some_and(|e| e == "store")).count();
    assert!(segments <= 8, "{segments} segments");
    assert_eq!(fs::read_dir(&home).unwrap().filter(|e| e.as_ref().unwrap().path().is_dir()).count(), 2);
    check_like_new(&world);
}

#[test]
fn a_notes_folder_that_has_gone_or_is_empty_leaves_the_index_as_it_is() {
    let world = world();
    let home = world.home();
    // Who wrote last, and what went wrong last, are no part of an index.
    let beside = |path: &Path| path.ends_with("lock.holder") || path.ends_with("failed.index.json");
    let index = || listing(&home).into_iter().filter(|(path, ..)| !beside(path)).collect::<Vec<_>>();
    let before = index();
    let away = world.path("away");
    fs::rename(world.notes(), &away).unwrap();
    let gone = world.kewen(&["index"]);
    assert!(gone.code == 2 && gone.stderr.contains("There is no notes folder"), "{gone:?}");
    fs::create_dir(world.notes()).unwrap();
    let empty = world.kewen(&["index"]);
    assert!(empty.code == 2 && empty.stderr.contains("Until then answers come from generation"), "{empty:?}");
    assert_eq!(index(), before);
    fs::remove_dir(world.notes()).unwrap();
    fs::rename(&away, world.notes()).unwrap();
    assert_eq!(counts(&world.build()), [0; 4]);
}

#[test]
fn a_generation_that_is_read_stays_until_it_is_not() {
    let world = world();
    let home = world.home();
    let places = Places { notes: world.notes(), index: world.index() };
    let engine = Engine::new(&settings::load(&Sources::default()).unwrap().settings, &places);
    engine.open().unwrap();
    let held = home.join(fs::read_to_string(home.join("CURRENT")).unwrap());
    let asked = |engine: &Engine| serde_json::to_value(engine.ask(QUESTIONS[0], 5).unwrap()).unwrap();
    let before = of_hits(&asked(&engine), "note");
    for seed in 0..4 {
        for note in NOTES {
            write(&world, note, &text(seed + 70));
        }
        world.build();
    }
    assert!(held.exists(), "it is being read");
    assert_eq!(of_hits(&asked(&engine), "note"), before, "an answer of another generation");
    assert!(engine.refresh().unwrap());
    write(&world, "a.md", &text(90));
    world.build();
    assert!(!held.exists(), "nobody reads it any more");
    check_like_new(&world);
}
