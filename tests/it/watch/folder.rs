//! The notes folder goes, comes back, or is emptied.

use std::fs;

use serde_json::{Value, json};

use super::{NOTE, Watcher, rename, wait_until};
use crate::world::{World, json as parsed};

const GONE: &str = "There is no notes folder";
const EMPTY: &str = "holds no note to index";
const RECOVERED: &str = "can be brought up to the notes again";

#[track_caller]
fn failures(world: &World) -> Value {
    let run = world.kewen(&["status", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    parsed(&run.stdout)["last_failures"].clone()
}

#[test]
fn a_folder_that_goes_is_told_once_and_watched_again_when_it_is_back() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &[]);
    rename(&world, "notes", "elsewhere");
    watcher.wait_for(GONE);
    world.write("elsewhere/b.md", "# 调度\n\n调度器挑节点。\n");
    rename(&world, "elsewhere", "notes");
    watcher.wait_for(RECOVERED);
    watcher.wait_for("1 note added");
    world.write("notes/c.md", "# 存储\n\n存储卷。\n");
    watcher.wait_for_count("1 note added", 2);
    assert_eq!(failures(&world), json!([]));
    assert_eq!(watcher.count(GONE), 1, "{}", watcher.said());
    watcher.end();
}

#[test]
fn a_folder_that_is_replaced_is_the_one_that_is_watched() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &[]);
    world.write("next/b.md", "# 调度\n\n调度器挑节点。\n");
    rename(&world, "notes", "before");
    rename(&world, "next", "notes");
    watcher.wait_for("1 note added (1 section), 1 note removed");
    world.write("notes/c.md", "# 存储\n\n存储卷。\n");
    watcher.wait_for_count("1 note added", 2);
    watcher.end();
}

#[test]
fn a_folder_above_that_goes_is_noticed_too() {
    let world = World::new(&[]);
    world.write("above/notes/a.md", NOTE);
    let mut command = world.bare_command(&["index", "--watch", "--notes", "above/notes", "--index"]);
    command.arg(world.index());
    let watcher = Watcher::spawn(command);
    watcher.wait_for("themselves");
    rename(&world, "above", "away");
    watcher.wait_for(GONE);
    rename(&world, "away", "above");
    watcher.wait_for(RECOVERED);
    watcher.end();
}

#[test]
fn notes_that_are_all_deleted_leave_the_last_index_in_force_and_the_status_says_why() {
    let world = World::new(&[("a.md", NOTE), ("b.md", "# 调度\n\n调度器挑节点。\n")]);
    let watcher = Watcher::start(&world, &[]);
    for note in ["a.md", "b.md"] {
        fs::remove_file(world.notes().join(note)).unwrap();
    }
    watcher.wait_for(EMPTY);
    let failures_now = failures(&world);
    assert_eq!(failures_now[0]["work"], "index", "{failures_now}");
    let run = world.kewen(&["status"]);
    assert!(run.stdout.contains("The last update failed") && run.stdout.contains(EMPTY), "{run:?}");
    let asked = world.kewen(&["ask", "Pod 是什么"]);
    assert!(asked.code == 0 && asked.stdout.contains("调度单位"), "{asked:?}");
    world.write("notes/c.md", "# 存储\n\n存储卷。\n");
    watcher.wait_for(RECOVERED);
    wait_until("the status to be well", || failures(&world) == json!([]));
    watcher.end();
}

#[test]
fn a_reindex_that_fails_is_kept_for_the_status_until_one_goes_well() {
    let world = World::new(&[("a.md", NOTE)]);
    world.build();
    world.write("notes/lexicon.toml", "[[term]]\nname = 3\n");
    // Read before anything else is, so that there is no index to tell of it.
    assert_eq!(world.kewen(&["index"]).code, 2);
    fs::remove_file(world.notes().join("lexicon.toml")).unwrap();
    fs::remove_file(world.notes().join("a.md")).unwrap();
    assert_eq!(world.kewen(&["index"]).code, 2);
    assert!(failures(&world)[0]["text"].as_str().unwrap().contains(EMPTY));
    world.write("notes/a.md", NOTE);
    world.build();
    assert_eq!(failures(&world), json!([]));
}
