//! What can go wrong around an index, and what is said then: folders that move or vanish, notes that change while they are read,
//! clocks that go back, full disks, two writers. Whatever it is, the last good generation answers on.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use kewen::index::Step;
use serde_json::{Value, json};

use crate::generations::engine;
use crate::incremental::{age, answers, check_like_new, counts, text, world, write};
use crate::world::{Run, World, json as parsed, of_hits, run};

/// What is said when something stands in the way of a reindex and there is a generation.
const GOES_ON: [&str; 2] = [
    "  → 这期间照常用第  代索引（ 秒前建的）回答。\n",
    "  → Until then answers come from generation , built  s ago.\n",
];

/// As [`World::kewen`], in a language.
fn kewen(world: &World, language: &str, arguments: &[&str]) -> Run {
    let mut command = world.command(arguments);
    command.env("KEWEN_UI__LANGUAGE", language);
    run(command, b"")
}

/// The command fails with 2 and says exactly this in Chinese and in English; DIR is the world's folder and HOME that of its index.
#[track_caller]
fn check_told(world: &World, arguments: &[&str], chinese: &str, english: &str) {
    for (language, text) in [("zh", chinese), ("en", english)] {
        let run = kewen(world, language, arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert_eq!(masked(world, &run.stderr), text);
    }
}

/// The index cannot be brought up, which is told so by `kewen index` and beside answers; a new process answers, and tells how the
/// index stands, all the same.
#[track_caller]
fn check_answers_on(world: &World, before: &[Value], chinese: &str, english: &str) {
    let [zh, en] = GOES_ON;
    let (chinese, english) = (chinese.to_owned() + zh, english.to_owned() + en);
    check_told(world, &["index"], &chinese, &english);
    assert_eq!(answers(world, &world.index()), before);
    for (language, text) in [("zh", &chinese), ("en", &english)] {
        let asked = kewen(world, language, &["ask", "Pod 怎么调度"]);
        assert_eq!((asked.code, &masked(world, &asked.stderr)), (0, text));
        let status = kewen(world, language, &["status"]);
        let told = text.split_once("  → ").unwrap().0;
        assert!(status.code == 0 && masked(world, &status.stdout).contains(told), "{told:?} is not in {status:?}");
    }
}

fn masked(world: &World, text: &str) -> String {
    let home = fs::read_dir(world.index()).unwrap().next().unwrap().unwrap().path();
    let text = text.replace(home.to_str().unwrap(), "HOME");
    // Which generation it is and how old matters to none of these tests.
    let without_numbers = |line: &str| match line.starts_with("  → 这期间") || line.starts_with("  → Until then")
    {
        true => line.replace(|c: char| c.is_ascii_digit(), ""),
        false => line.to_owned(),
    };
    let text: String = text.split_inclusive('\n').map(without_numbers).collect();
    let folder = world.path("").canonicalize().unwrap();
    text.replace(folder.to_str().unwrap(), "DIR").replace(world.path("").to_str().unwrap(), "DIR/")
}

fn set_time(path: &Path, time: SystemTime) {
    fs::OpenOptions::new().write(true).open(path).unwrap().set_modified(time).unwrap();
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

/// Names below the folder of the index that are neither generations nor always there.
fn left_over(world: &World) -> Vec<String> {
    let home = fs::read_dir(world.index()).unwrap().next().unwrap().unwrap().path();
    let current = fs::read_to_string(home.join("CURRENT")).unwrap();
    let mut names: Vec<String> =
        fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    // What went wrong is told there until it goes well.
    let kept = ["CURRENT", "lock", "lock.holder", "seen.json", "failed.index.json"];
    names.retain(|name| !kept.contains(&name.as_str()));
    names.retain(|name| !(name.starts_with("gen-") && *name <= current));
    names
}

#[test]
fn a_renamed_folder_is_so_many_renamed_notes() {
    let world = world();
    world.build();
    fs::rename(world.notes().join("c"), world.notes().join("第三周")).unwrap();
    let report = world.build();
    assert_eq!(counts(&report), [0, 0, 2, 0]);
    let renamed = json!([{"from": "c/a.md", "to": "第三周/a.md"}, {"from": "c/d.md", "to": "第三周/d.md"}]);
    assert_eq!(report["changes"]["renamed"], renamed);
    check_like_new(&world);

    // Two folders that change places, with notes of the same names.
    fs::create_dir(world.notes().join("c")).unwrap();
    write(&world, "c/a.md", &text(31));
    write(&world, "c/d.md", &text(32));
    world.build();
    for (from, to) in [("c", "aside"), ("第三周", "c"), ("aside", "第三周")] {
        fs::rename(world.notes().join(from), world.notes().join(to)).unwrap();
    }
    assert_eq!(counts(&world.build()), [0, 4, 0, 0]);
    check_like_new(&world);
    let shown = kewen(&world, "zh", &["index"]);
    assert!(shown.stdout.starts_with("没有改动，索引照旧：8 篇笔记，"), "{shown:?}");
}

#[test]
fn a_renamed_notes_folder_has_an_index_of_its_own() {
    let world = world();
    world.build();
    fs::rename(world.notes(), world.path("other")).unwrap();
    let ask = |language: &str| {
        let mut command = world.bare_command(&["ask", "Pod 怎么调度", "--notes", "other", "--index", "index"]);
        command.env("KEWEN_UI__LANGUAGE", language);
        let run = run(command, b"");
        assert_eq!(run.code, 0, "{run:?}");
        run.stderr
    };
    assert!(ask("zh").starts_with("还没有索引，正在为 "));
    assert_eq!(ask("zh"), "");
    fs::rename(world.path("other"), world.notes()).unwrap();
    let asked = world.kewen(&["ask", "Pod 怎么调度"]);
    assert_eq!((asked.code, asked.stderr.as_str()), (0, ""), "the index before is still there");
}

/// More notes than are read ahead of the first that is done.
const MANY: usize = 200;

fn many() -> World {
    let world = World::new(&[]);
    for number in 0..MANY {
        write(&world, &format!("{number:03}.md"), &format!("# 笔记 {number}\n\nPod 写在 {number} 版。\n"));
        age(&world.notes().join(format!("{number:03}.md")), 1000);
    }
    world
}

/// Does something as soon as one note has been read, and long before the last is.
fn index_while(world: &World, mut something: impl FnMut()) -> Result<Value, kewen::error::Failure> {
    let report = engine(world).reindex(&mut |step| {
        if matches!(step, Step::Reading { notes: 1, .. }) {
            something();
        }
    })?;
    Ok(serde_json::to_value(report).unwrap())
}

#[test]
fn notes_that_change_while_others_are_read_are_as_they_are_after_the_next_index() {
    let world = many();
    let note = |number: usize| world.notes().join(format!("{number:03}.md"));
    let report = index_while(&world, || {
        // One that has been read, and one of the same size that has not.
        fs::write(note(0), "# 笔记 0\n\nPod 写在 777 版。\n").unwrap();
        fs::write(note(190), "# 笔记 190\n\nPod 写在 999 版。\n").unwrap();
        // An editor is in the middle of it.
        fs::write(note(191), "# 笔记 191\n\nPod ").unwrap();
        fs::rename(note(192), note(992)).unwrap();
        fs::remove_file(note(193)).unwrap();
        write(&world, "new.md", "# 新\n\nPod 写在新版。\n");
    });
    let report = report.unwrap();
    assert_eq!((&report["notes"], &report["warnings"]), (&json!(MANY - 2), &json!([])), "gone is gone");
    fs::write(note(191), "# 笔记 191\n\nPod 写在 991 版。\n").unwrap();
    let report = world.build();
    // 190 was read in its new form already.
    assert_eq!(report["changes"]["changed"]["notes"], json!(["000.md", "191.md"]));
    assert_eq!(report["changes"]["added"]["notes"], json!(["992.md", "new.md"]));
    assert_eq!(counts(&world.build()), [0; 4]);
    check_like_new(&world);
    for (text, found) in [("777", "000.md"), ("999", "190.md"), ("991", "191.md"), ("新", "new.md")] {
        assert_eq!(of_hits(&world.ask_with(&["--limit", "1"], &format!("Pod 写在 {text} 版")), "note"), [found]);
    }
}

#[test]
fn a_note_that_goes_while_it_is_indexed_makes_no_generation_of_its_own() {
    let world = many();
    index_while(&world, || fs::remove_file(world.notes().join("195.md")).unwrap()).unwrap();
    let report = world.build();
    assert_eq!((counts(&report), &report["new"]), ([0; 4], &json!(false)));
}

#[test]
fn a_notes_folder_that_vanishes_while_it_is_read_is_not_one_of_few_notes() {
    let world = many();
    world.build();
    let before = answers(&world, &world.index());
    for number in 0..MANY {
        write(&world, &format!("{number:03}.md"), &text(number as u32));
    }
    let away = world.path("away");
    let failed = index_while(&world, || fs::rename(world.notes(), &away).unwrap());
    assert!(matches!(failed, Err(kewen::error::Failure::NotesMissing(_))), "{:?}", failed.err());
    assert_eq!(left_over(&world), [""; 0]);
    fs::rename(&away, world.notes()).unwrap();
    assert_eq!(answers(&world, &world.index()), before);
    assert_eq!(counts(&world.build()), [0, MANY, 0, 0]);
}

#[test]
fn a_notes_folder_that_has_gone_is_named_and_its_index_stays() {
    let world = world();
    world.build();
    let before = answers(&world, &world.index());
    let away = world.path("away");
    fs::rename(world.notes(), &away).unwrap();
    check_answers_on(
        &world,
        &before,
        "找不到笔记文件夹：DIR/notes\n  → 用 --notes 文件夹 指定，或在 kewen.toml 的 [notes] dir 里写上。\n",
        "There is no notes folder DIR/notes\n  → Name one with --notes DIR, or as [notes] dir in kewen.toml.\n",
    );
    for arguments in [&["show", "a.md"][..], &["check"]] {
        let run = kewen(&world, "en", arguments);
        assert!(run.code == 2 && run.stderr.starts_with("There is no notes folder"), "{run:?}");
    }
    fs::rename(&away, world.notes()).unwrap();
    assert_eq!(counts(&world.build()), [0; 4]);
}

#[test]
fn a_lexicon_that_is_broken_meanwhile_leaves_the_one_that_the_index_was_built_with() {
    let world = world();
    world.write("notes/lexicon.toml", "[[term]]\nname = \"存储卷\"\nalso = [\"postino\"]\n");
    world.build();
    let before = answers(&world, &world.index());
    world.write("notes/lexicon.toml", "[[term]]\nname = 3\n");
    check_answers_on(
        &world,
        &before,
        "词表 DIR/notes/lexicon.toml:2 有错：invalid type: integer `3`, expected a string\n  → 一条的写法：[[term]] 换行 name = \"Pod\" 换行 also = [\"容器组\"]\n",
        "The lexicon DIR/notes/lexicon.toml:2 is wrong: invalid type: integer `3`, expected a string\n  → A term is written: [[term]], name = \"Pod\", also = [\"容器组\"], each on its own line.\n",
    );
    assert_eq!(world.ask("postino")["outcome"], "answered", "its other names are still known");
    let failures = parsed(&kewen(&world, "en", &["status", "--format", "json"]).stdout)["last_failures"].clone();
    assert!(failures[0]["text"].as_str().unwrap().contains("lexicon.toml:2"), "{failures}");
    // Another note does not make it take half of what is there.
    write(&world, "new.md", &text(33));
    assert_eq!(kewen(&world, "en", &["index"]).code, 2);
    fs::remove_file(world.notes().join("lexicon.toml")).unwrap();
    assert_eq!(world.kewen(&["ask", "Pod 怎么调度"]).code, 0);
    check_like_new(&world);
}

#[test]
fn while_another_lexicon_cannot_be_taken_up_the_one_before_answers() {
    let world = world();
    let home = world.home();
    let before = world.ask("Pod 怎么调度")["hits"].clone();
    world.write("notes/lexicon.toml", "[[term]]\nname = \"存储卷\"\nalso = [\"postino\"]\n");
    let holder = fs::File::create(home.join("lock")).unwrap();
    holder.lock().unwrap();
    let asked = kewen(&world, "en", &["ask", "Pod 怎么调度", "--format", "json"]);
    assert!(asked.code == 0 && asked.stderr.contains("Another kewen is writing"), "{asked:?}");
    assert!(asked.stderr.contains("Until then answers come from generation 1"), "{asked:?}");
    assert_eq!(parsed(&asked.stdout)["hits"], before);
    let status = kewen(&world, "en", &["status"]);
    assert!(status.code == 0 && status.stdout.contains("The lexicon has changed: run kewen index"), "{status:?}");
    drop(holder);
    assert_eq!(world.ask("postino")["outcome"], "answered");
    assert_eq!(kewen(&world, "en", &["status"]).code, 0);
}

#[test]
fn notes_that_are_not_wanted_any_more_are_not_shown_for_want_of_a_new_index() {
    let world = world();
    let holder = fs::File::create(world.home().join("lock")).unwrap();
    holder.lock().unwrap();
    let asked = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("KEWEN_NOTES__EXCLUDE", "c/**");
        run(command, b"")
    };
    let refused = asked(&["ask", "Pod 怎么调度"]);
    assert!(refused.code == 2 && refused.stdout.is_empty(), "{refused:?}");
    let status = asked(&["status"]);
    assert!(status.stdout.contains("The settings that choose the notes have changed"), "{status:?}");
}

#[test]
fn a_lexicon_in_another_encoding_or_behind_a_broken_link_is_told_so() {
    let world = world();
    world.build();
    world.write("notes/lexicon.toml", b"[[term]]\nname = \"\xc8\xdd\xc6\xf7\"\n");
    let run = kewen(&world, "en", &["index"]);
    assert!(run.code == 2 && run.stderr.contains("lexicon.toml:2 is wrong: it is not UTF-8"), "{run:?}");
    #[cfg(unix)]
    {
        fs::remove_file(world.notes().join("lexicon.toml")).unwrap();
        std::os::unix::fs::symlink("nowhere", world.notes().join("lexicon.toml")).unwrap();
        let run = kewen(&world, "en", &["index"]);
        assert!(run.code == 2 && run.stderr.contains("lexicon.toml"), "{run:?}");
    }
}

#[test]
fn without_an_index_what_stands_in_its_way_is_told_first() {
    let world = World::new(&[]);
    world.write("notes/a.md", "# Pod\n\nPod 是最小的调度单位。\n");
    world.write("notes/lexicon.toml", "[[term]]\nname = 3\n");
    for arguments in [&["ask", "Pod 是什么"][..], &["index"]] {
        let run = kewen(&world, "en", arguments);
        assert!(
            run.code == 2 && run.stderr.starts_with("The lexicon ") && !run.stderr.contains("Until then"),
            "{run:?}"
        );
    }
    let status = kewen(&world, "en", &["status"]);
    assert!(status.code == 1 && status.stdout.contains("lexicon.toml:2 is wrong"), "{status:?}");
}

#[test]
fn when_all_notes_are_deleted_the_last_ones_answer_on() {
    let world = world();
    world.build();
    let before = answers(&world, &world.index());
    fs::remove_dir_all(world.notes()).unwrap();
    fs::create_dir(world.notes()).unwrap();
    let [zh, en] = GOES_ON;
    check_told(
        &world,
        &["index"],
        &("DIR/notes 里没有可以索引的笔记（其他文件 0 个）。\n  → 笔记是 .md、.markdown 或 .txt 文件；也看看 notes.include、notes.exclude 和 .gitignore。\n".to_owned() + zh),
        &("DIR/notes holds no note to index (0 other files).\n  → Notes are .md, .markdown or .txt files; look at notes.include, notes.exclude and .gitignore too.\n".to_owned() + en),
    );
    assert_eq!(answers(&world, &world.index()), before);
    let beside = |language| kewen(&world, language, &["ask", "Pod 怎么调度"]).stderr;
    assert_eq!(beside("zh"), "建索引之后笔记有改动（新文件 0 个，改过 0 个，没了 6 个）：运行 kewen index。\n");
    assert_eq!(
        beside("en"),
        "Notes have changed since they were indexed (files: 0 new, 0 changed, 6 gone): run kewen index.\n"
    );
    // The first note of a new start.
    write(&world, "new.md", &text(33));
    assert_eq!(counts(&world.build()), [1, 0, 0, 6]);
    check_like_new(&world);
}

#[test]
fn times_that_go_back_or_lie_ahead_hide_no_change() {
    let world = world();
    let (note, one, two) = (world.notes().join("a.md"), "## 甲\n\nPod 一\n", "## 甲\n\nPod 二\n");
    fs::write(&note, one).unwrap();
    age(&note, 1000);
    world.build();
    // Another text of the same size with an older time, as from a backup.
    fs::write(&note, two).unwrap();
    age(&note, 5000);
    assert_eq!(counts(&world.build()), [0, 1, 0, 0]);
    // The same text with an older and with a later time.
    for time in [SystemTime::now() - Duration::from_secs(9000), SystemTime::now() + Duration::from_secs(9000)] {
        set_time(&note, time);
        let report = world.build();
        assert_eq!((counts(&report), &report["new"]), ([0; 4], &json!(false)));
    }
    // Ahead of the clock nothing is believed.
    let time = modified(&note);
    fs::write(&note, one).unwrap();
    set_time(&note, time);
    assert_eq!(counts(&world.build()), [0, 1, 0, 0]);
    check_like_new(&world);
}

#[test]
fn a_note_from_before_1970_is_one_like_any_other() {
    let world = world();
    let note = world.notes().join("a.md");
    let time = SystemTime::UNIX_EPOCH - Duration::from_secs(86_400);
    set_time(&note, time);
    // Not every file system has such times.
    if modified(&note) == time {
        world.build();
        let asked = world.kewen(&["ask", "Pod 怎么调度"]);
        assert_eq!(asked.stderr, "", "nothing has changed");
    }
}

#[test]
fn a_clock_that_went_back_since_the_index_was_built_does_no_harm() {
    let world = world();
    let home = world.home();
    let manifest = home.join(fs::read_to_string(home.join("CURRENT")).unwrap()).join("manifest.json");
    let mut value = parsed(&fs::read_to_string(&manifest).unwrap());
    value["built_at"] = json!(4_000_000_000_u64);
    fs::write(&manifest, value.to_string()).unwrap();
    let shown = kewen(&world, "en", &["status"]);
    assert!(shown.code == 0 && shown.stdout.contains("built 0 s ago"), "{shown:?}");
    write(&world, "a.md", &text(30));
    assert_eq!(counts(&world.build()), [0, 1, 0, 0]);
    check_like_new(&world);
}

#[test]
fn two_writers_cannot_meet_and_the_second_is_told_who_the_first_is() {
    let world = many();
    world.build();
    let before = answers(&world, &world.index());
    write(&world, "000.md", &text(1));
    let (us, host) = (std::process::id(), gethostname::gethostname().into_string().unwrap());
    let mut told = Vec::new();
    let report = index_while(&world, || {
        told = ["zh", "en"].map(|language| kewen(&world, language, &["index"])).into();
        let asked = kewen(&world, "en", &["ask", "Pod"]);
        assert!(asked.code == 0 && asked.stderr.starts_with("Notes have changed"), "{asked:?}");
        assert_eq!(answers(&world, &world.index()), before);
    });
    assert_eq!(report.unwrap()["new"], true);
    let seconds = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let texts = [
        format!("另一个 kewen 正在写索引 HOME：{host} 上的进程 {us}，0 秒前开始\n  → 等它写完再试。\n"),
        format!(
            "Another kewen is writing the index HOME: process {us} on {host}, for 0 s\n  → Try again when it is done.\n"
        ),
    ];
    for (run, text) in told.iter().zip(&texts) {
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains(&us.to_string()), "{run:?}");
        assert_eq!(seconds(&masked(&world, &run.stderr)), seconds(text));
    }
    check_like_new(&world);
}

#[test]
fn a_question_while_another_kewen_builds_the_first_index_is_told_so() {
    let world = many();
    let mut told = Vec::new();
    index_while(&world, || told = ["zh", "en"].map(|language| kewen(&world, language, &["ask", "Pod"])).into())
        .unwrap();
    let texts = [
        ["还没有索引，正在为 ", "另一个 kewen 正在写索引 "],
        ["There is no index yet: ", "Another kewen is writing the index "],
    ];
    for (run, parts) in told.iter().zip(&texts) {
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(parts.iter().all(|part| run.stderr.contains(part)), "{run:?}");
    }
    let asked = world.kewen(&["ask", "Pod"]);
    assert_eq!((asked.code, asked.stderr.as_str()), (0, ""), "{asked:?}");
}

#[test]
fn a_holder_that_is_dead_or_of_the_future_holds_nothing_up() {
    let world = world();
    let home = world.home();
    for (seed, holder) in [
        r#"{"pid":4711,"host":"teacher","since":1000}"#,
        r#"{"pid":4711,"host":"teacher","since":9999999999}"#,
        "{",
        "",
    ]
    .into_iter()
    .enumerate()
    {
        fs::write(home.join("lock.holder"), holder).unwrap();
        write(&world, "a.md", &text(40 + seed as u32));
        assert_eq!(counts(&world.build()), [0, 1, 0, 0], "left over by a process that has ended: {holder:?}");
    }
    let lock = fs::OpenOptions::new().write(true).open(home.join("lock")).unwrap();
    lock.lock().unwrap();
    fs::write(home.join("lock.holder"), r#"{"pid":4711,"host":"teacher","since":9999999999}"#).unwrap();
    check_told(
        &world,
        &["index"],
        "另一个 kewen 正在写索引 HOME：teacher 上的进程 4711，0 秒前开始\n  → 等它写完再试。\n",
        "Another kewen is writing the index HOME: process 4711 on teacher, for 0 s\n  → Try again when it is done.\n",
    );
    // Whoever holds it may not have said who it is yet.
    fs::write(home.join("lock.holder"), "").unwrap();
    check_told(
        &world,
        &["index"],
        "另一个 kewen 正在写索引 HOME\n  → 等它写完再试。\n",
        "Another kewen is writing the index HOME\n  → Try again when it is done.\n",
    );
}

/// Indexes with files of at most so many blocks of 512 bytes, and an error instead of a signal for what is larger.
#[cfg(unix)]
fn index_within(world: &World, language: &str, blocks: u32) -> Run {
    let kewen = world.command(&["index"]);
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""), "sh"]);
    limited.arg(kewen.get_program()).args(kewen.get_args());
    limited.env_clear().envs(kewen.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.env("KEWEN_UI__LANGUAGE", language);
    run(limited, b"")
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_in_the_midst_of_the_notes_is_named_as_the_reason() {
    let world = World::new(&[]);
    // What cannot be made smaller, so that it is written long before the last note is read.
    let mut number = 1_u32;
    let mut letter = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4e00 + (number >> 16) % 4096).unwrap()
    };
    for note in 0..150 {
        write(&world, &format!("{note:03}.md"), &(0..300).map(|_| letter()).collect::<String>());
    }
    let done = index_within(&world, "en", 4);
    assert!(done.code == 2 && done.stderr.contains("File too large (os error 27)"), "{done:?}");
}

#[cfg(unix)]
#[test]
fn when_the_disk_is_full_the_last_good_generation_answers_and_nothing_is_left_behind() {
    let world = world();
    world.build();
    let before = answers(&world, &world.index());
    for k in 0..40 {
        write(&world, &format!("more/{k}.md"), &text(k));
    }
    let index = |language: &str, blocks: u32| index_within(&world, language, blocks);
    let mut failed = 0;
    for blocks in [0, 1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64] {
        let done = index("en", blocks);
        if done.code == 0 {
            break;
        }
        failed += 1;
        assert_eq!(done.code, 2, "{blocks}: {done:?}");
        let told = masked(&world, &done.stderr);
        assert!(told.starts_with("The index cannot be written in HOME: ") && told.contains("os error 27"), "{told}");
        assert_eq!(
            told.lines().nth(1).unwrap(),
            "  → Make room on the disk, or name a folder that can be written with --index DIR."
        );
        assert_eq!(left_over(&world), [""; 0], "{blocks} blocks");
        assert_eq!(answers(&world, &world.index()), before);
    }
    assert!(failed > 5, "{failed}");
    write(&world, "more/41.md", &text(41));
    let told = masked(&world, &index("zh", 1).stderr);
    assert!(told.starts_with("索引写不进 HOME："), "{told}");
    assert_eq!(told.lines().nth(1).unwrap(), "  → 腾出磁盘空间，或用 --index 文件夹 指定一个可以写的地方。");
    world.build();
    check_like_new(&world);
}

#[cfg(unix)]
#[test]
fn without_permission_to_write_the_last_good_generation_answers() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = world();
    let home = world.home();
    write(&world, "a.md", &text(50));
    let before = answers(&world, &world.index());
    let set = |mode| fs::set_permissions(&home, fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    // Root writes anywhere.
    if fs::write(home.join("probe"), "").is_err() {
        let [zh, en] = GOES_ON;
        check_told(
            &world,
            &["index"],
            &("索引写不进 HOME：Permission denied (os error 13)\n  → 腾出磁盘空间，或用 --index 文件夹 指定一个可以写的地方。\n".to_owned() + zh),
            &("The index cannot be written in HOME: Permission denied (os error 13)\n  → Make room on the disk, or name a folder that can be written with --index DIR.\n".to_owned() + en),
        );
        assert_eq!(answers(&world, &world.index()), before);
    }
    set(0o755);
    world.build();
    check_like_new(&world);
}

/// The files of the current generation with this ending.
fn files(home: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let generation = home.join(fs::read_to_string(home.join("CURRENT")).unwrap().trim());
    let entries = fs::read_dir(generation).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

#[test]
fn a_generation_that_was_damaged_is_no_base_and_is_built_anew() {
    let mut anew = 0;
    for ending in [".fast", ".idx", ".term", ".pos", ".store", ".fieldnorm"] {
        for eighth in [0, 1, 3, 5, 7] {
            let world = world();
            world.build();
            // A file may be shared with other generations by a link; it is replaced.
            for file in files(&world.home(), ending) {
                let mut bytes = fs::read(&file).unwrap();
                // Also nearly all of it; what stands last is tantivy's checksum.
                let whole = bytes.len().saturating_sub(256);
                let place = bytes.len() * eighth / 8;
                let places = if eighth == 0 { 0..whole } else { place..place + 1 };
                bytes[places].iter_mut().for_each(|byte| *byte ^= 0x80);
                fs::write(&file, bytes).unwrap();
            }
            // All but one, so that what is left is written anew as well.
            for note in ["a.md", "b.md", "c/a.md", "c/d.md"] {
                write(&world, note, &text(60));
            }
            let run = kewen(&world, "en", &["index", "--format", "json"]);
            assert_eq!(run.code, 0, "{ending} at {eighth}/8: {run:?}");
            assert!(!run.stderr.contains("panicked"), "{ending} at {eighth}/8: {run:?}");
            anew += usize::from(files(&world.home(), ".store").len() == 1);
            check_like_new(&world);
        }
    }
    assert!(anew > 0, "all damage was passed over");
}

#[test]
fn a_table_of_notes_that_was_changed_is_not_gone_on_from() {
    let world = world();
    world.build();
    for file in files(&world.home(), "notes.json") {
        let text = fs::read_to_string(&file).unwrap();
        // Of the same length.
        let place = text.find("\"tokens\":[").unwrap() + "\"tokens\":[".len();
        let mut changed = text.into_bytes();
        changed[place] = if changed[place] == b'9' { b'1' } else { b'9' };
        fs::write(&file, changed).unwrap();
    }
    write(&world, "new.md", &text(61));
    world.build();
    check_like_new(&world);
}
