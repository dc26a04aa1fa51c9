//! Notes are edited, by editors of all kinds.

use std::fs;

use super::{NOTE, Watcher, answer, rename, wait_until};
use crate::world::{World, json};

#[test]
fn a_note_that_is_edited_is_reported_and_answered_from() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &[]);
    world.write("notes/a.md", NOTE.replace("最小的调度单位", "一组容器"));
    watcher.wait_for("1 note changed (2 sections)");
    assert!(answer(&world, "Pod 是什么").contains("一组容器"));
    watcher.end();
}

#[test]
fn notes_that_come_move_and_go_are_reported() {
    let world = World::new(&[("a.md", NOTE), ("k8s/b.md", "# 调度\n\n调度器挑节点。\n")]);
    let watcher = Watcher::start(&world, &[]);
    rename(&world, "notes/k8s", "notes/v1.2");
    watcher.wait_for("1 note renamed");
    // The folder is new to the system's watch, and what is in it must be seen all the same.
    world.write("notes/v1.2/c.md", "# 存储\n\n存储卷。\n");
    watcher.wait_for("1 note added");
    world.write("notes/new/deep/d.md", "# 网络\n\n网络策略。\n");
    watcher.wait_for_count("1 note added", 2);
    fs::remove_dir_all(world.path("notes/v1.2")).unwrap();
    watcher.wait_for("2 notes removed");
    watcher.end();
}

#[test]
fn a_save_by_renaming_is_a_change_of_the_note() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &[]);
    // As vim: the old file becomes the backup, and a new one takes its name.
    rename(&world, "notes/a.md", "notes/a.md~");
    world.write("notes/a.md", NOTE.replace("最小的调度单位", "一组容器"));
    fs::remove_file(world.path("notes/a.md~")).unwrap();
    wait_until("the new text", || answer(&world, "Pod 是什么").contains("一组容器"));
    // As others: written aside, and moved over the old one.
    world.write("notes/a.md.tmp", NOTE.replace("最小的调度单位", "豌豆荚"));
    rename(&world, "notes/a.md.tmp", "notes/a.md");
    wait_until("the newest text", || answer(&world, "Pod 是什么").contains("豌豆荚"));
    watcher.end();
}

#[test]
fn what_editors_put_beside_the_notes_is_not_reported() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &[]);
    for name in [".a.md.swp", "4913", "a.md~", ".#a.md", "#a.md#", "a.md.tmp", ".git/index", "picture.png"] {
        world.write(&format!("notes/{name}"), "x");
    }
    for name in ["4913", "a.md.tmp"] {
        fs::remove_file(world.path("notes").join(name)).unwrap();
    }
    // Touched, and as it was.
    world.write("notes/a.md", NOTE);
    world.write("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    watcher.wait_for("1 note added");
    assert_eq!(watcher.count("The index is built"), 2, "{}", watcher.said());
    assert_eq!(watcher.count("Nothing has changed"), 0, "{}", watcher.said());
    watcher.end();
}

#[test]
fn a_report_names_the_warnings_of_what_has_changed() {
    let world = World::new(&[("a.md", NOTE), ("b.md", "##没有空格\n\n字。\n")]);
    let watcher = Watcher::start(&world, &[]);
    watcher.wait_for("b.md:1:");
    world.write("notes/a.md", format!("{NOTE}\n##也没有\n"));
    watcher.wait_for("a.md:7:");
    assert_eq!(watcher.count("b.md:1:"), 1, "{}", watcher.said());
    watcher.end();
}

#[test]
fn each_report_is_an_object_in_a_line_when_programs_read_it() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &["--format", "json"]);
    world.write("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    watcher.wait_for_count("\"generation\"", 2);
    let said = watcher.end();
    let reports: Vec<_> = said.lines().filter(|line| line.starts_with('{')).map(json).collect();
    assert_eq!(reports[0]["changes"]["added"]["notes"], serde_json::json!(["a.md"]));
    assert_eq!(reports[1]["changes"]["added"]["notes"], serde_json::json!(["b.md"]));
    assert_eq!(reports.len(), 2, "{said}");
}

#[test]
fn another_lexicon_is_seen_and_a_broken_one_is_told_once_and_harms_nothing() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &[]);
    world.write("notes/lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"postino\"]\n");
    watcher.wait_for_count("The index is built", 2);
    assert!(answer(&world, "postino 是什么").contains("调度单位"));
    world.write("notes/lexicon.toml", "[[term]\n");
    watcher.wait_for("lexicon");
    // It goes on and fails again, which is known already.
    world.write("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    world.write("notes/lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"gamba\"]\n");
    watcher.wait_for("can be brought up to the notes again");
    watcher.wait_for("1 note added");
    assert_eq!(watcher.count("lexicon.toml:1 is wrong"), 1, "{}", watcher.said());
    watcher.end();
}
