//! Notes as people really keep them: encodings, sizes, names, links, and folders that are not what they should be.

use std::fs;

use serde_json::{Value, json};

use crate::world::{World, of_hits, run};

const POD: &str = "# Pod\n\nPod 是最小的调度单位。\n";
/// "# 什么是容器\n\n容器是进程。\n" in GBK.
const GBK: &[u8] = b"# \xca\xb2\xc3\xb4\xca\xc7\xc8\xdd\xc6\xf7\n\n\xc8\xdd\xc6\xf7\xca\xc7\xbd\xf8\xb3\xcc\xa1\xa3\n";

/// Every command that needs notes fails with 2 and says all of `parts`.
#[track_caller]
fn check_refused(world: &World, parts: &[&str]) {
    for arguments in [&["ask", "Pod 是什么"][..], &["index"]] {
        let run = world.kewen(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}: {run:?}");
        for part in parts {
            assert!(run.stderr.contains(part), "{arguments:?}: {part:?} is not in {}", run.stderr);
        }
    }
}

/// The ids of all notes in the index, which the notes show by speaking of Pod each.
#[track_caller]
fn indexed(world: &World) -> Vec<String> {
    let mut notes = of_hits(&world.ask_with(&["--limit", "50"], "Pod"), "note");
    notes.sort();
    notes.dedup();
    notes
}

/// Note, line and kind of each warning.
#[track_caller]
fn warnings(report: &Value) -> Vec<(&str, u64, &Value)> {
    let rows = report["warnings"].as_array().unwrap().iter();
    rows.map(|row| (row["note"].as_str().unwrap(), row["line"].as_u64().unwrap(), &row["kind"])).collect()
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let world = World::new(&[]);
    fs::remove_dir(world.notes()).unwrap();
    check_refused(&world, &[world.notes().to_str().unwrap(), "--notes"]);
    assert!(!world.index().exists());
}

#[test]
fn a_file_in_place_of_the_folder_is_named() {
    let world = World::new(&[]);
    fs::remove_dir(world.notes()).unwrap();
    world.write("notes", POD);
    check_refused(&world, &[world.notes().to_str().unwrap()]);
}

#[test]
fn an_empty_folder_is_an_error() {
    let world = World::new(&[]);
    check_refused(&world, &["no note", "0 other files"]);
}

#[test]
fn a_folder_of_other_files_is_an_error_that_counts_them() {
    let world = World::new(&[("a.png", "x"), ("b.pdf", "x"), ("c", "x")]);
    check_refused(&world, &["no note", "3 other files"]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(&[("a.md", POD), ("locked/b.md", POD)]);
    let set = |path: &str, mode| fs::set_permissions(world.path(path), fs::Permissions::from_mode(mode)).unwrap();
    set("notes/locked", 0o000);
    let may_read_all = fs::read_dir(world.path("notes/locked")).is_ok();
    let report = world.build();
    set("notes/locked", 0o755);
    set("notes", 0o000);
    let refused = world.kewen(&["ask", "Pod"]);
    set("notes", 0o755);
    // Root reads everything.
    if !may_read_all {
        assert_eq!(report["notes"], 1, "{report}");
        assert!(matches!(warnings(&report)[..], [("locked", 1, _)]), "{report}");
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains("notes") && refused.stderr.contains("ermission"), "{refused:?}");
    }
}

#[test]
fn a_note_in_gbk_is_read_with_a_warning() {
    let world = World::new(&[]);
    world.write("notes/gbk.md", GBK);
    let report = world.build();
    assert_eq!(warnings(&report), [("gbk.md", 1, &json!({"Encoding": "GB18030"}))]);
    let answer = world.ask("什么是容器");
    assert_eq!(answer["hits"][0]["snippet"], "容器是进程。", "{answer}");
    assert_eq!(answer["hits"][0]["anchor"], "什么是容器", "{answer}");
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_note() {
    let world = World::new(&[("a.md", &format!("\u{feff}{POD}")), ("b.md", "\u{feff}---\ntitle: 甲\n---\nPod 二\n")]);
    let report = world.build();
    assert!(warnings(&report).is_empty(), "{report}");
    let answer = world.ask("Pod");
    for (note, title, anchor) in [("a.md", "Pod", "pod"), ("b.md", "甲", "")] {
        let hit = answer["hits"].as_array().unwrap().iter().find(|hit| hit["note"] == note).unwrap();
        assert_eq!((&hit["title"], &hit["anchor"]), (&json!(title), &json!(anchor)), "{answer}");
    }
}

#[test]
fn utf16_with_its_mark_is_read_with_a_warning() {
    let world = World::new(&[]);
    let text: Vec<u8> = "\u{feff}# 容器\n\n容器是进程。\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    world.write("notes/u.txt", text);
    assert_eq!(warnings(&world.build()), [("u.txt", 1, &json!({"Encoding": "UTF-16LE"}))]);
    assert_eq!(world.ask("容器是什么")["hits"][0]["snippet"], "容器是进程。");
}

#[test]
fn windows_line_ends_change_nothing_but_bytes() {
    let unix =
        "---\ntitle: 甲\n---\n# 集群\n\n## Pod\n\nPod 是最小的\n调度单位。\n\n- Pod 一\n- Pod 二\n\n```\nPod: x\n```\n";
    let world = World::new(&[("a.md", unix)]);
    let other = World::new(&[("a.md", &unix.replace('\n', "\r\n"))]);
    let (one, two) = (world.ask("Pod 是什么"), other.ask("Pod 是什么"));
    assert_eq!(one["hits"][0]["lines"], json!([6, 16]), "{one}");
    for field in ["snippet", "lines", "anchor", "title", "trail", "highlights"] {
        assert_eq!(one["hits"][0][field], two["hits"][0][field], "{field}");
    }
    assert!(warnings(&other.build()).is_empty());
}

#[test]
fn a_note_over_the_limit_is_left_out_with_a_warning() {
    let large = format!("{POD}{}", "长".repeat(1_000));
    let world = World::new(&[
        ("a.md", POD),
        ("large.md", &large),
        ("edge.md", &(POD.to_owned() + &"x".repeat(2_048 - POD.len()))),
    ]);
    let mut command = world.command(&["index", "--format", "json"]);
    command.env("KEWEN_NOTES__BYTES_MAX", "2048");
    let run = run(command, b"");
    assert_eq!(run.code, 0, "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let kind = json!({"TooLarge": {"bytes": large.len(), "limit": 2048}});
    assert_eq!(warnings(&report), [("large.md", 1, &kind)]);
    assert_eq!(report["notes"], 2, "{report}");
}

#[test]
fn a_note_of_50_megabytes_is_left_out_by_default() {
    let world = World::new(&[("a.md", POD)]);
    world.write("notes/huge.md", POD.repeat((50 << 20) / POD.len() + 1));
    let report = world.build();
    assert_eq!(report["notes"], 1, "{report}");
    assert!(
        matches!(warnings(&report)[..], [("huge.md", 1, kind)] if kind["TooLarge"]["limit"] == 10 << 20),
        "{report}"
    );
    assert_eq!(indexed(&world), ["a.md"]);
}

#[test]
fn binary_content_is_left_out_whatever_its_name() {
    let world = World::new(&[("a.md", POD)]);
    world.write("notes/elf.md", b"\x7fELF\x02\x01\0\0\0 Pod Pod Pod");
    world.write("notes/noise.md", (0..4096u32).map(|n| (n * 7919 % 255 + 1) as u8).collect::<Vec<_>>());
    let report = world.build();
    assert_eq!(warnings(&report), [("elf.md", 1, &json!("Binary")), ("noise.md", 1, &json!("Binary"))]);
    assert_eq!(indexed(&world), ["a.md"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_goes_round_in_a_circle_is_left_out() {
    let world = World::new(&[("deep/a.md", POD)]);
    std::os::unix::fs::symlink("..", world.path("notes/deep/up")).unwrap();
    std::os::unix::fs::symlink("nowhere.md", world.path("notes/broken.md")).unwrap();
    let report = world.build();
    let circle = json!("SymlinkLoop");
    assert!(warnings(&report).contains(&("deep/up", 1, &circle)), "{report}");
    assert_eq!(report["notes"], 1, "{report}");
    assert_eq!(indexed(&world), ["deep/a.md"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_elsewhere_is_followed() {
    let world = World::new(&[("a.md", POD)]);
    world.write("elsewhere/b.md", POD);
    std::os::unix::fs::symlink(world.path("elsewhere"), world.path("notes/linked")).unwrap();
    world.build();
    assert_eq!(indexed(&world), ["a.md", "linked/b.md"]);
}

#[test]
fn notes_are_known_by_their_extension_in_any_case() {
    let world = World::new(&[
        ("a.MD", POD),
        ("b.markdown", POD),
        ("c.txt", POD),
        ("课 1/d.Md", POD),
        ("e.mdx", POD),
        ("md", POD),
    ]);
    world.build();
    assert_eq!(indexed(&world), ["a.MD", "b.markdown", "c.txt", "课 1/d.Md"]);
}

#[test]
fn hidden_and_ignored_files_and_node_modules_are_left_out() {
    let world = World::new(&[
        ("a.md", POD),
        (".hidden.md", POD),
        (".obsidian/b.md", POD),
        ("node_modules/c.md", POD),
        ("deep/node_modules/d.md", POD),
        (".gitignore", "ignored/\n*.tmp.md\n"),
        ("ignored/e.md", POD),
        ("f.tmp.md", POD),
        ("g.md", POD),
    ]);
    world.build();
    assert_eq!(indexed(&world), ["a.md", "g.md"]);
}

#[test]
fn what_git_leaves_out_of_all_folders_is_left_out_too() {
    let check = |setting: &str, notes: &[(&str, &str)], left: &[&str]| {
        let world = World::new(notes);
        world.write(
            setting,
            if setting.ends_with("ignore") { "b.md\n" } else { "[core]\n\tExcludesFile = \"~/rules\"\n" },
        );
        world.write("rules", "b.md\n");
        assert_eq!(world.ask_with(&["--limit", "50"], "Pod")["hits"].as_array().unwrap().len(), left.len());
        assert_eq!(indexed(&world), left, "{setting}");
    };
    for setting in [".gitconfig", ".config/git/config", ".config/git/ignore"] {
        check(setting, &[("a.md", POD), ("b.md", POD)], &["a.md"]);
        check(setting, &[("a.md", POD), ("deep/a.md", POD), ("deep/b.md", POD)], &["a.md", "deep/a.md"]);
    }
}

#[test]
fn include_and_exclude_choose_among_notes() {
    let world = World::new(&[("a/1.md", POD), ("a/2.md", POD), ("b/3.md", POD)]);
    let ask = |variables: &[(&str, &str)]| {
        let mut command = world.command(&["ask", "--format", "json", "--limit", "50", "Pod"]);
        command.envs(variables.iter().copied());
        let run = run(command, b"");
        assert_eq!(run.code, 0, "{run:?}");
        let mut notes = of_hits(&serde_json::from_str(&run.stdout).unwrap(), "note");
        notes.sort();
        notes
    };
    assert_eq!(ask(&[("KEWEN_NOTES__INCLUDE", "a/**")]), ["a/1.md", "a/2.md"]);
    assert_eq!(ask(&[("KEWEN_NOTES__EXCLUDE", "a/2.md,b/")]), ["a/1.md"]);
    assert_eq!(ask(&[]), ["a/1.md", "a/2.md", "b/3.md"]);
    let mut command = world.command(&["ask", "Pod"]);
    command.env("KEWEN_NOTES__EXCLUDE", "a{b");
    let broken = run(command, b"");
    assert!(broken.code == 2 && broken.stderr.contains("a{b"), "{broken:?}");
}

#[test]
fn drafts_are_left_out_and_counted() {
    let world = World::new(&[
        ("a.md", POD),
        ("b.md", &format!("---\ndraft: true\n---\n{POD}")),
        ("c.md", &format!("+++\ndraft = true\n+++\n{POD}")),
        ("d.md", &format!("---\ndraft: false\n---\n{POD}")),
    ]);
    assert_eq!(world.build()["drafts"], 2);
    assert_eq!(indexed(&world), ["a.md", "d.md"]);
}

#[test]
fn a_note_without_any_heading_is_found_by_its_lines() {
    let world = World::new(&[("课 1/随手记.md", "\n\nPod 是最小的调度单位。\n\nNodePort 开端口。\n")]);
    let hit = &world.ask("Pod 是什么")["hits"][0];
    let expected =
        json!({"title": "随手记", "heading": "", "anchor": "", "lines": [3, 5], "link": "课 1/随手记.md#L3-L5"});
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&hit[field], value, "{field} of {hit}");
    }
}

#[test]
fn other_files_are_counted_by_kind() {
    let world = World::new(&[
        ("a.md", POD),
        ("b.png", ""),
        ("c.PNG", ""),
        ("d/e.svg", ""),
        ("LICENSE", "x"),
        ("lexicon.toml", ""),
    ]);
    assert_eq!(world.build()["other_files"], json!({"": 1, "png": 2, "svg": 1}));
    let run = world.kewen(&["index"]);
    assert!(run.stdout.contains(".png 2, .svg 1"), "{run:?}");
}

#[test]
fn what_is_odd_is_reported_with_path_and_line() {
    let odd = "# 甲\n\n##没有空格\n\n![图](a b.png)\n\n```\nPod\n";
    let world = World::new(&[("课/odd.md", odd), ("blank.md", "\n \n"), ("front.md", "---\ntitle: [a\n---\nPod\n")]);
    let report = world.build();
    let found = warnings(&report);
    for (note, line, kind) in [
        ("课/odd.md", 3, json!("HeadingWithoutBlank")),
        ("课/odd.md", 5, json!("LooseImage")),
        ("课/odd.md", 7, json!("UnclosedFence")),
        ("blank.md", 1, json!("Empty")),
    ] {
        assert!(found.contains(&(note, line, &kind)), "{note}:{line} {kind} is not in {found:?}");
    }
    assert!(
        found.iter().any(|(note, line, kind)| (*note, *line) == ("front.md", 1) && kind["FrontMatter"].is_string()),
        "{found:?}"
    );
    assert_eq!(found.len(), 5, "{found:?}");
    let run = world.kewen(&["index"]);
    assert_eq!(run.code, 0, "{run:?}");
    for place in ["课/odd.md:3:", "课/odd.md:5:", "课/odd.md:7:", "blank.md:1:", "front.md:1:"] {
        assert!(run.stdout.contains(place), "{place:?} is not in {}", run.stdout);
    }
}

#[test]
fn names_that_a_terminal_would_obey_are_shown_without_that() {
    let world = World::new(&[("a\u{202e}b\u{1b}[31m.md", POD)]);
    for arguments in [&["ask", "Pod 是什么"][..], &["index"]] {
        let run = world.kewen(arguments);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(!run.stdout.contains(['\u{202e}', '\u{1b}']), "{run:?}");
    }
}

#[test]
fn a_draft_stays_hidden_when_its_front_matter_is_broken() {
    let world = World::new(&[
        ("a.md", "---\ntitle: a: b\ndraft: true\n---\n\n# 答案\n\npapaya\n"),
        ("b.md", "# Pod\n\nPod 是最小的调度单位。\n"),
    ]);
    let run = world.kewen(&["ask", "papaya"]);
    assert!(!run.stdout.contains("答案"), "{run:?}");
    assert_eq!(world.kewen(&["show", "a.md"]).code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_told_apart() {
    use std::os::unix::ffi::OsStrExt as _;
    let world = World::new(&[]);
    // 容器 and 镜像 as a zip from Windows has them: no byte of either is UTF-8.
    let names = [&b"\xc8\xdd\xc6\xf7.md"[..], b"\xbe\xb5\xcf\xf1.md"].map(std::ffi::OsStr::from_bytes);
    for (name, text) in names.iter().zip(["# 容器\n\n容器是进程。\n", "# 镜像\n\n镜像是模板。\n"]) {
        std::fs::write(world.notes().join(name), text).unwrap();
    }
    world.build();
    std::fs::write(world.notes().join(names[0]), "# 容器\n\n容器是隔离的进程。\n").unwrap();
    let report = world.build();
    assert_eq!(report["changes"]["changed"]["notes"], json!(["\\xC8\\xDD\\xC6\\xF7.md"]));
    for (question, answer) in [("容器是什么", "隔离的进程"), ("镜像是什么", "镜像是模板")] {
        let run = world.kewen(&["ask", question]);
        assert!(run.code == 0 && run.stdout.contains(answer), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_not_read_for_rules_or_words() {
    let pipe = |path: std::path::PathBuf| {
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let world = World::new(&[("a.md", "# 探针\n\n探针探测。\n"), ("deep/b.md", "# 调度\n\n调度器挑节点。\n")]);
    pipe(world.path("notes/deep/.gitignore"));
    let report = world.build();
    assert_eq!(report["notes"], 1);
    assert_eq!(warnings(&report), [("deep", 1, &json!("Rules"))]);
    assert_eq!(world.kewen(&["ask", "探针是什么"]).code, 0);
    std::fs::remove_file(world.path("notes/deep/.gitignore")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", world.path("notes/lexicon.toml")).unwrap();
    let run = world.kewen(&["index"]);
    assert!(run.code == 2 && run.stderr.contains("lexicon.toml"), "{run:?}");
    std::fs::remove_file(world.path("notes/lexicon.toml")).unwrap();
    assert_eq!(world.build()["notes"], 2);
    std::os::unix::fs::symlink("/dev/zero", world.path("notes/.ignore")).unwrap();
    let run = world.kewen(&["index"]);
    assert!(run.code == 2 && run.stderr.contains(".gitignore"), "{run:?}");
}
