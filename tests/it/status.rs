//! What is said of an index whose notes go on changing.

use std::fs;

use serde_json::{Value, json};

use crate::world::{World, json as parsed, run};

fn world() -> World {
    let world = World::new(&[("a.md", "# 探针\n\n探针每 10 秒探测一次。\n"), ("b.md", "# 调度\n\n调度器挑节点。\n")]);
    // Left out, and no reason to say that the notes have changed.
    world.write("notes/large.md", "字".repeat(4_000_000));
    world.write("notes/empty.md", "");
    world.write("notes/draft.md", "---\ndraft: true\n---\n# 草稿\n");
    world
}

#[track_caller]
fn outdated(world: &World) -> Value {
    let run = world.kewen(&["status", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    parsed(&run.stdout)["outdated"].clone()
}

#[test]
fn changes_since_the_index_are_counted() {
    let world = world();
    world.build();
    assert_eq!(outdated(&world), json!({"added": 0, "changed": 0, "removed": 0}));
    world.write("notes/a.md", "# 探针\n\n探针每 20 秒探测一次。就这样。\n");
    world.write("notes/c/new.md", "# 新的\n");
    fs::remove_file(world.notes().join("b.md")).unwrap();
    assert_eq!(outdated(&world), json!({"added": 1, "changed": 1, "removed": 1}));
    world.build();
    assert_eq!(outdated(&world), json!({"added": 0, "changed": 0, "removed": 0}), "the index was brought up to them");
}

#[test]
fn an_answer_from_an_old_index_says_so_beside_it() {
    let world = world();
    world.build();
    let fresh = world.kewen(&["ask", "探针多久探测一次"]);
    assert_eq!((fresh.code, fresh.stderr.as_str()), (0, ""), "{fresh:?}");
    world.write("notes/a.md", "# 探针\n\n探针每 20 秒探测一次。就这样。\n");
    let old = world.kewen(&["ask", "探针多久探测一次"]);
    assert!(old.stdout.contains("10 秒") && old.stderr.contains("kewen index"), "{old:?}");
}

#[test]
fn many_notes_are_looked_through_only_for_who_found_nothing() {
    let world = world();
    let home = world.home();
    let manifest = home.join(fs::read_to_string(home.join("CURRENT")).unwrap().trim()).join("manifest.json");
    let built = parsed(&fs::read_to_string(&manifest).unwrap());
    world.write("notes/a.md", "# 探针\n\n探针每 20 秒探测一次。就这样。\n");
    let is_told = |notes: usize, question: &str| {
        let mut counted = built.clone();
        counted["notes"] = json!(notes);
        fs::write(&manifest, counted.to_string()).unwrap();
        world.kewen(&["ask", question]).stderr.contains("kewen index")
    };
    assert!(is_told(10_000, "探针多久探测一次") && is_told(10_000, "openyurt 的边缘自治"));
    assert!(!is_told(10_001, "探针多久探测一次"));
    assert!(is_told(10_001, "openyurt 的边缘自治"));
}

#[test]
fn without_an_index_the_way_to_one_is_said() {
    let world = world();
    let mut command = world.command(&["status"]);
    command.env("KEWEN_UI__LANGUAGE", "en");
    let run = run(command, b"");
    assert!(run.code == 1 && run.stdout.contains("kewen index"), "{run:?}");
}

#[test]
fn without_an_index_it_is_said_what_went_wrong_last() {
    let world = World::new(&[("a.md", "---\ndraft: true\n---\n# 草稿\n")]);
    assert_eq!(world.kewen(&["index"]).code, 2, "there is nothing to index");
    let status = world.kewen(&["status"]);
    assert!(status.code == 1 && status.stdout.contains("holds no note to index"), "{status:?}");
    assert!(status.stdout.contains("\n  → "), "with what to do about it: {status:?}");
    let mut chinese = world.command(&["status"]);
    chinese.env("KEWEN_UI__LANGUAGE", "zh");
    let status = run(chinese, b"");
    assert!(
        status.stdout.contains("上次更新失败") && !status.stdout.contains("no note"),
        "in the reader's language: {status:?}"
    );
}
