//! A watch is asked for a report, or told to end.

#![cfg(unix)]

use std::fs;

use super::{NOTE, Watcher, wait_until};
use crate::world::World;

#[test]
fn a_hang_up_asks_for_a_report_now() {
    let world = World::new(&[("a.md", NOTE)]);
    let watcher = Watcher::start(&world, &[]);
    watcher.signal("HUP");
    watcher.wait_for("Nothing has changed");
    // It looks by itself no more than every so often.
    let other = Watcher::start(&world, &["--poll", "86400"]);
    world.write("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    watcher.wait_for("1 note added");
    other.signal("HUP");
    other.wait_for_count("Nothing has changed", 2);
    watcher.end();
    other.end();
}

#[test]
fn an_interrupt_ends_it_in_peace() {
    let world = World::new(&[("a.md", NOTE)]);
    let mut watcher = Watcher::start(&world, &[]);
    watcher.signal("INT");
    assert_eq!(watcher.code(), Some(0), "{}", watcher.said());
}

#[test]
fn it_ends_in_the_middle_of_its_first_index_and_the_next_one_builds_it() {
    let world = World::new(&[("a.md", NOTE)]);
    let text = format!("# 集群\n\n## Pod\n\n{}\n", "Pod 是最小的调度单位。".repeat(300));
    (0..400).for_each(|number| world.write(&format!("notes/many/{number}.md"), &text));
    let mut watcher = Watcher::spawn(world.command(&["index", "--watch"]));
    let is_building = || {
        let homes = fs::read_dir(world.index()).into_iter().flatten();
        homes.flatten().any(|home| home.path().join("building").exists())
    };
    wait_until("the build", is_building);
    watcher.signal("TERM");
    assert_eq!(watcher.code(), Some(0), "{}", watcher.said());
    fs::remove_dir_all(world.path("notes/many")).unwrap();
    assert_eq!(world.build()["notes"], 1);
}

#[test]
fn two_watches_over_the_same_notes_do_not_disturb_each_other() {
    let world = World::new(&[("a.md", NOTE)]);
    let (one, other) = (Watcher::start(&world, &[]), Watcher::start(&world, &[]));
    for number in 0..3 {
        world.write(&format!("notes/{number}.md"), format!("# 调度 {number}\n\n调度器挑节点。\n"));
        wait_until("the note", || super::answer(&world, &format!("调度 {number}")).contains("挑节点"));
    }
    let pid = one.pid();
    let said = [one, other].map(Watcher::end);
    assert!(said.iter().all(|said| !said.contains("Another kewen")), "{said:?}");
    assert!(!said[0].contains("watched by a kewen already"), "{said:?}");
    assert_eq!(said[1].matches("watched by a kewen already").count(), 1, "it is said once: {said:?}");
    assert!(said[1].contains(&format!("process {pid} on ")) && said[1].contains("one is enough"), "{said:?}");
}
