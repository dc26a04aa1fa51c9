//! Notes on a network folder, of whose changes the system does not tell.

use std::process::Command;

use super::{NOTE, Watcher};
use crate::world::World;

#[test]
fn changes_are_found_by_looking() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &["--poll", "1"]);
    watcher.wait_for("every 1 s");
    world.write("notes/a.md", NOTE.replace("最小的调度单位", "一组容器"));
    watcher.wait_for("1 note changed");
    world.write("notes/lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"postino\"]\n");
    watcher.wait_for_count("The index is built", 3);
    std::fs::rename(world.notes(), world.path("away")).unwrap();
    watcher.wait_for("There is no notes folder");
    std::fs::rename(world.path("away"), world.notes()).unwrap();
    world.write("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    watcher.wait_for("1 note added");
    assert_eq!(watcher.count("There is no notes folder"), 1, "{}", watcher.said());
    watcher.end();
}

#[test]
fn a_setting_asks_for_it_too() {
    let world = World::new(&[("a.md", NOTE)]);
    let mut command = world.command(&["index", "--watch"]);
    command.env("KEWEN_WATCH__POLL", "1");
    let watcher = Watcher::spawn(command);
    watcher.wait_for("every 1 s");
    world.write("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    watcher.wait_for("1 note added");
    watcher.end();
}

#[test]
fn polling_without_watching_is_refused() {
    let world = World::new(&[("a.md", NOTE)]);
    assert_eq!(world.kewen(&["index", "--poll", "1"]).code, 2);
}

/// In a namespace of its own the limit of watches can be lowered; where none can be made there is nothing to test.
#[test]
#[cfg(target_os = "linux")]
fn without_watches_left_it_looks_instead_and_says_how_to_get_more() {
    let limited = "echo 2 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";
    let unshared = |command: &mut Command| {
        let mut outer = Command::new("unshare");
        outer.args(["-Ur", "sh", "-c", limited]).arg(command.get_program()).args(command.get_args());
        outer
    };
    if !unshared(&mut Command::new("true")).output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let world = World::new(&[("a.md", NOTE), ("b/b.md", NOTE), ("c/c.md", NOTE), ("d/d.md", NOTE)]);
    let mut command = unshared(&mut world.command(&["index", "--watch"]));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("KEWEN_UI__LANGUAGE", "en");
    let watcher = Watcher::spawn(command);
    watcher.wait_for("watches no more folders");
    watcher.wait_for("max_user_watches");
    watcher.wait_for("The index is built");
    world.write("notes/d/e.md", "# 调度\n\n调度器挑节点。\n");
    watcher.wait_for("1 note added");
}
