//! The index on disk: built when needed and never otherwise, rebuilt when it does not fit, never half there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::{Run, World, listing, run};

const NOTES: &[(&str, &str)] = &[
    ("a.md", "# 集群\n\n## Pod\n\nPod 是最小的调度单位。\n\n## Service\n\nService 给一组 Pod 一个地址。\n"),
    ("b.md", "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 把访问 Service 的流量转给 Pod。\n"),
];
const QUESTION: &str = "kube-proxy 是干啥用的";

/// Asks; the answer is right, and standard error says `reason` or, for an empty one, nothing at all.
#[track_caller]
fn check_ask(world: &World, reason: &str) -> Run {
    let run = world.kewen(&["ask", QUESTION]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("把访问 Service 的流量转给 Pod"), "{run:?}");
    if reason.is_empty() {
        assert_eq!(run.stderr, "", "{run:?}");
    } else {
        assert!(run.stderr.contains(reason), "{reason:?} is not in {}", run.stderr);
    }
    run
}

/// Breaks a fresh index; the next question says `reason` and rebuilds, the one after it is silent.
#[track_caller]
fn check_rebuilt(reason: &str, break_it: impl FnOnce(&World, &Path)) {
    let world = World::new(NOTES);
    let home = world.home();
    break_it(&world, &home);
    check_ask(&world, reason);
    check_ask(&world, "");
}

#[track_caller]
fn generations(home: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("gen-")).collect();
    found.sort();
    found
}

#[track_caller]
fn current(home: &Path) -> PathBuf {
    home.join(fs::read_to_string(home.join("CURRENT")).unwrap().trim())
}

#[track_caller]
fn edit_manifest(home: &Path, from: &str, to: &str) {
    let path = current(home).join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn the_first_question_builds_the_index_and_the_second_is_silent() {
    let world = World::new(NOTES);
    let first = check_ask(&world, "There is no index yet");
    assert!(first.stderr.contains("2 notes"), "{first:?}");
    let before = listing(&world.index());
    check_ask(&world, "");
    assert_eq!(listing(&world.index()), before, "the second question wrote something");
}

#[cfg(unix)]
#[test]
fn a_read_only_index_is_searched_and_nothing_is_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(NOTES);
    world.build();
    let set = |writable: bool| {
        let mut paths: Vec<PathBuf> = listing(&world.index()).into_iter().map(|(path, ..)| path).collect();
        paths.push(world.index());
        for path in paths {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            fs::set_permissions(path, fs::Permissions::from_mode(if writable { mode | 0o200 } else { mode & !0o222 }))
                .unwrap();
        }
    };
    set(false);
    let before = listing(&world.index());
    let asked = world.kewen(&["ask", QUESTION]);
    let after = listing(&world.index());
    // Root writes anywhere.
    let may_write = fs::write(world.index().join("probe"), "").is_ok();
    let built = (!may_write).then(|| world.kewen(&["index"]));
    set(true);
    assert_eq!((asked.code, asked.stderr.as_str()), (0, ""), "{asked:?}");
    assert_eq!(before, after);
    if let Some(built) = built {
        assert!(built.code == 2 && built.stderr.contains("--index"), "{built:?}");
    }
}

#[test]
fn an_index_of_another_format_is_rebuilt() {
    check_rebuilt("another version", |_, home| edit_manifest(home, "\"format\": ", "\"format\": 9"));
    check_rebuilt("another version", |_, home| edit_manifest(home, "\"analyzer\": ", "\"analyzer\": 9"));
    check_rebuilt("another version", |_, home| {
        fs::write(current(home).join("manifest.json"), "{\"format\": 0, \"notes\": \"all\"}").unwrap();
    });
}

#[test]
fn a_damaged_pointer_is_mended() {
    for text in ["garbage", "", "gen-", "gen-999999", "../../etc", "gen-00000x", "gen-99999999999999999999999"] {
        check_rebuilt("damaged", |_, home| fs::write(home.join("CURRENT"), text).unwrap());
    }
    check_rebuilt("damaged", |_, home| fs::write(home.join("CURRENT"), b"\xff\xfe\0").unwrap());
    check_rebuilt("no index yet", |_, home| fs::remove_file(home.join("CURRENT")).unwrap());
}

#[test]
fn a_damaged_manifest_is_mended() {
    for text in ["", "garbage", "{", "[]", "{}", "null"] {
        check_rebuilt("damaged", |_, home| fs::write(current(home).join("manifest.json"), text).unwrap());
    }
    check_rebuilt("damaged", |_, home| fs::remove_file(current(home).join("manifest.json")).unwrap());
    check_rebuilt("damaged", |_, home| edit_manifest(home, "\"passages\": ", "\"passages\": 9"));
}

/// The files that tantivy reads; its locks and the list of its files are only for writing.
#[track_caller]
fn tantivy_files(generation: &Path) -> Vec<PathBuf> {
    let files = listing(generation).into_iter().filter(|(_, bytes, _)| *bytes > 0).map(|(path, ..)| path);
    files.filter(|path| !path.file_name().unwrap().to_str().unwrap().starts_with(['.', 'm'])).collect()
}

#[test]
fn an_index_with_a_file_cut_short_or_missing_is_rebuilt() {
    let world = World::new(NOTES);
    let home = world.home();
    let extensions: Vec<String> = tantivy_files(&current(&home))
        .iter()
        .map(|path| path.extension().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(
        ["store", "term", "idx"].iter().all(|known| extensions.iter().any(|found| found == known)),
        "{extensions:?}"
    );
    for extension in extensions {
        for share in [None, Some(0), Some(2)] {
            let files = tantivy_files(&current(&home));
            let file = files.iter().find(|path| path.extension().unwrap().to_string_lossy() == extension).unwrap();
            let bytes = fs::read(file).unwrap();
            match share {
                None => fs::remove_file(file).unwrap(),
                Some(0) => fs::write(file, "").unwrap(),
                Some(part) => fs::write(file, &bytes[..bytes.len() / part]).unwrap(),
            }
            let run = check_ask(&world, "damaged");
            assert!(run.stderr.contains("2 notes"), "{extension}: {run:?}");
        }
    }
    fs::write(current(&home).join("meta.json"), "{").unwrap();
    check_ask(&world, "damaged");
    fs::remove_dir_all(current(&home)).unwrap();
    check_ask(&world, "damaged");
}

#[test]
fn an_index_without_its_file_of_positions_is_rebuilt() {
    check_rebuilt("damaged", |_, home| {
        let files = tantivy_files(&current(home));
        fs::remove_file(files.iter().find(|path| path.extension().unwrap() == "pos").unwrap()).unwrap();
    });
}

#[test]
fn a_changed_lexicon_rebuilds_the_index() {
    check_rebuilt("lexicon has changed", |world, _| {
        world.write("notes/lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"豆荚\"]\n");
    });
    let world = World::new(NOTES);
    world.build();
    assert_eq!(world.ask("豆荚是什么")["outcome"], "not_found");
    world.write("notes/lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"豆荚\"]\n");
    assert_eq!(world.ask("豆荚是什么")["hits"][0]["anchor"], "pod");
}

#[test]
fn a_broken_lexicon_is_named_with_its_line() {
    let world = World::new(NOTES);
    for (text, line) in [
        ("[[term]]\nname = \"Pod\"\nalso = 3\n", 3),
        ("[[term]]\n\nnames = \"Pod\"\n", 3),
        ("# x\n[[term]\n", 2),
        ("\n[[term]]\nalso = [\"po\"]\n", 2),
    ] {
        world.write("notes/lexicon.toml", text);
        for arguments in [&["ask", "Pod"][..], &["index"]] {
            let run = world.kewen(arguments);
            assert_eq!(run.code, 2, "{text:?}: {run:?}");
            assert!(run.stderr.contains(&format!("lexicon.toml:{line}")), "{text:?}: {run:?}");
        }
    }
    world.write("notes/lexicon.toml", b"\xff\xfe");
    let run = world.kewen(&["ask", "Pod"]);
    assert!(run.code == 2 && run.stderr.contains("lexicon.toml"), "{run:?}");
}

#[test]
fn an_index_folder_that_cannot_be_made_is_named() {
    let world = World::new(NOTES);
    world.write("index", "a file");
    for arguments in [&["ask", QUESTION][..], &["index"]] {
        let run = world.kewen(arguments);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(world.index().to_str().unwrap()) && run.stderr.contains("--index"), "{run:?}");
    }
}

#[test]
fn settings_that_choose_other_notes_rebuild_the_index() {
    let world = World::new(NOTES);
    world.build();
    let mut command = world.command(&["ask", QUESTION]);
    command.env("KEWEN_NOTES__EXCLUDE", "a.md");
    let run = run(command, b"");
    assert!(
        run.code == 0 && run.stderr.contains("settings that choose the notes") && run.stderr.contains("1 note,"),
        "{run:?}"
    );
}

#[test]
fn two_notes_folders_share_an_index_folder_in_peace() {
    let world = World::new(NOTES);
    world.write("other/c.md", "# 存储\n\n## PVC\n\nPVC 向集群要一块存储。\n");
    check_ask(&world, "There is no index yet");
    let mut other = world.bare_command(&["ask", "PVC 是什么", "--index", "index", "--notes", "other"]);
    let first = run(
        std::mem::replace(
            &mut other,
            world.bare_command(&["ask", "PVC 是什么", "--index", "index", "--notes", "./other/"]),
        ),
        b"",
    );
    assert!(first.code == 0 && first.stderr.contains("There is no index yet"), "{first:?}");
    let second = run(other, b"");
    assert_eq!(
        (second.code, second.stderr.as_str()),
        (0, ""),
        "another way to write the folder is another index: {second:?}"
    );
    check_ask(&world, "");
    assert_eq!(fs::read_dir(world.index()).unwrap().count(), 2);
}

#[test]
fn at_most_two_generations_remain() {
    let world = World::new(NOTES);
    let home = world.home();
    for number in 0..3 {
        world.write("notes/c.md", format!("第 {number} 次"));
        world.build();
    }
    let found = generations(&home);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found.last(), Some(&current(&home)));
    assert!(!home.join("building").exists());
}

#[test]
fn a_failed_build_keeps_the_last_good_generation() {
    let world = World::new(NOTES);
    let home = world.home();
    let before = current(&home);
    for (note, _) in NOTES {
        fs::remove_file(world.notes().join(note)).unwrap();
    }
    let run = world.kewen(&["index"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(current(&home), before);
    check_ask(
        &world,
        "Notes have changed since they were indexed (files: 0 new, 0 changed, 2 gone): run kewen index.\n",
    );
}

#[test]
fn what_an_interrupted_build_left_is_thrown_away() {
    let world = World::new(NOTES);
    let home = world.home();
    fs::create_dir(home.join("building")).unwrap();
    fs::write(home.join("building/meta.json"), "half").unwrap();
    fs::write(home.join("CURRENT.new"), "gen-9").unwrap();
    fs::create_dir(home.join("gen-000009")).unwrap();
    check_ask(&world, "");
    world.build();
    assert!(!home.join("building").exists() && !home.join("CURRENT.new").exists());
    assert_eq!(generations(&home), [current(&home)], "one that never became the current one");
    check_ask(&world, "");
}

#[test]
fn while_another_kewen_writes_questions_are_answered_and_a_build_is_refused() {
    let world = World::new(NOTES);
    let home = world.home();
    let lock = fs::OpenOptions::new().write(true).open(home.join("lock")).unwrap();
    lock.lock().unwrap();
    check_ask(&world, "");
    let run = world.kewen(&["index"]);
    assert!(run.code == 2 && run.stderr.contains("Another kewen"), "{run:?}");
    drop(lock);
    world.build();
}

#[test]
fn notes_that_changed_are_found_after_the_next_build() {
    let world = World::new(NOTES);
    world.build();
    world.write("notes/c.md", "# 存储\n\nPVC 向集群要一块存储。\n");
    assert_ne!(world.ask("PVC 是什么")["outcome"], "answered");
    world.build();
    assert_eq!(world.ask("PVC 是什么")["hits"][0]["note"], "c.md");
}

#[test]
fn flipped_bytes_in_an_index_never_end_in_a_panic() {
    let world = World::new(NOTES);
    let home = world.home();
    for extension in ["term", "idx", "store", "fieldnorm", "fast"] {
        for place in [0, 3, 7, 12, 40] {
            let files = tantivy_files(&current(&home));
            let file = files.iter().find(|path| path.extension().unwrap().to_string_lossy() == extension).unwrap();
            let mut bytes = fs::read(file).unwrap();
            let at = place % bytes.len();
            bytes[at] ^= 0xA5;
            fs::write(file, bytes).unwrap();
            let run = world.kewen(&["ask", QUESTION]);
            assert!((0..=2).contains(&run.code), "{extension} at {at}: {run:?}");
            assert!(!run.stderr.contains("panicked"), "{extension} at {at}: {run:?}");
            // A flipped byte is not seen by size and time alone.
            assert_eq!(world.kewen(&["index", "--verify"]).code, 0);
            check_ask(&world, "");
        }
    }
}
