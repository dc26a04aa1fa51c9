//! Links to where the notes are published, the commit that they were indexed at, and how old they are: on real repositories.

use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

use kewen::corpus::Day;
use serde_json::Value;

use crate::world::{Run, World, hits, json, of_hits, run};

const BASE: &str = "https://github.com/o/r/blob/main/notes";

fn world(links: &str) -> World {
    let world = World::new(&[
        ("课/云.md", "# 云\n\n云是别人的机器。\n"),
        ("k8s/pod.md", "# Pod\n\nPod 是一组容器。\n"),
        ("qa/问.md", "---\nquestions: [云是什么]\n---\n云就是网上的机器。\n"),
    ]);
    world.write("kewen.toml", format!("[links]\nbase_url = \"{BASE}\"\n{links}\n"));
    world
}

/// Git in the folder of a world, on a day, with nothing of the machine's own settings.
#[track_caller]
fn git(world: &World, day: &str, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(world.path("")).args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
    command.args(["-c", "init.defaultBranch=main", "-c", "commit.gpgSign=false"]).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    for name in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        command.env(name, format!("{day}T12:00:00+00:00"));
    }
    let done = command.output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {done:?}");
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

#[track_caller]
fn commit(world: &World, day: &str) -> String {
    git(world, day, &["add", "-A", "notes"]);
    git(world, day, &["commit", "-q", "--allow-empty", "-m", "x"]);
    git(world, day, &["rev-parse", "HEAD"])
}

#[track_caller]
fn links(world: &World, question: &str) -> Vec<String> {
    of_hits(&world.ask(question), "link")
}

#[track_caller]
fn status(world: &World) -> Value {
    json(&world.kewen(&["status", "--format", "json"]).stdout)
}

fn generation(world: &World) -> Value {
    status(world)["generation"].clone()
}

#[test]
fn outside_of_git_there_is_no_commit_and_nothing_is_said() {
    let world = world("pin = true");
    let report = world.build();
    assert!(report.get("commit").is_none() && report.get("differing").is_none(), "{report}");
    assert!(status(&world).get("commit").is_none());
    assert!(links(&world, "Pod 是什么")[0].starts_with("https://github.com/o/r/blob/main/notes/k8s/pod.md#pod"));
}

#[test]
fn without_a_git_program_the_index_is_built_all_the_same() {
    let world = world("pin = true");
    git(&world, "2026-01-01", &["init", "-q"]);
    commit(&world, "2026-01-01");
    let mut command = world.command(&["index", "--format", "json"]);
    command.env("PATH", "/nowhere");
    let report = run(command, b"");
    assert_eq!((report.code, report.stderr.as_str()), (0, ""), "{report:?}");
    assert!(json(&report.stdout).get("commit").is_none(), "{report:?}");
}

#[test]
fn a_link_names_the_commit_for_notes_that_are_in_it_as_they_were_indexed() {
    let world = world("pin = true");
    git(&world, "2026-01-01", &["init", "-q"]);
    let first = commit(&world, "2026-01-01");
    let report = world.build();
    assert_eq!((&report["commit"], &report["differing"]), (&first.clone().into(), &0.into()), "{report}");
    assert_eq!(links(&world, "Pod 是什么")[0], format!("https://github.com/o/r/blob/{first}/notes/k8s/pod.md#pod"));
    assert_eq!(
        links(&world, "云是什么")[0],
        format!("https://github.com/o/r/blob/{first}/notes/qa/%E9%97%AE.md?plain=1#L4")
    );

    world.write("notes/k8s/pod.md", "# Pod\n\nPod 是一组容器，一起调度。\n");
    world.write("notes/new.md", "# Helm\n\nHelm 是包管理器。\n");
    world.write("other.txt", "no note\n");
    let report = world.build();
    assert_eq!((&report["commit"], &report["differing"]), (&first.clone().into(), &2.into()), "{report}");
    assert!(links(&world, "Pod 是什么")[0].starts_with(&format!("{BASE}/k8s/pod.md")), "changed since");
    assert!(links(&world, "Helm 是什么")[0].starts_with(&format!("{BASE}/new.md")), "never committed");
    let shown = world.kewen(&["status"]);
    assert!(
        shown.stdout.contains(&format!("Commit: {}; 2 notes are not in it as indexed.", &first[..10])),
        "{shown:?}"
    );
}

#[test]
fn a_commit_of_what_was_indexed_makes_no_generation_and_its_notes_can_be_pinned() {
    let world = world("pin = true");
    git(&world, "2026-01-01", &["init", "-q"]);
    let first = commit(&world, "2026-01-01");
    world.write("notes/k8s/pod.md", "# Pod\n\nPod 是一组容器，一起调度。\n");
    world.build();
    let before = generation(&world);
    let second = commit(&world, "2026-01-02");
    let report = world.build();
    assert_eq!((&report["new"], &report["commit"]), (&false.into(), &second.clone().into()), "{report}");
    assert_eq!(generation(&world), before);
    assert_eq!((&status(&world)["commit"], &status(&world)["differing"]), (&second.clone().into(), &0.into()));
    assert!(links(&world, "Pod 是什么")[0].contains(&second));
    // Without what was noted later the commit of the generation counts, in which the other notes stand just the same.
    fs::remove_file(world.home().join("commit.json")).ok();
    let asked = world.kewen(&["ask", "云是什么", "--format", "json"]);
    assert!(asked.stdout.contains(&second) || asked.stdout.contains(&first), "{asked:?}");
    // A new generation knows it by itself.
    world.write("notes/k8s/pod.md", "# Pod\n\nPod 是几个容器。\n");
    world.build();
    assert_eq!((&status(&world)["commit"], &status(&world)["differing"]), (&second.into(), &1.into()));
}

#[test]
fn variables_of_a_hook_do_not_lead_git_elsewhere() {
    let world = world("");
    git(&world, "2026-01-01", &["init", "-q"]);
    let head = commit(&world, "2026-01-01");
    let mut command = world.command(&["index", "--format", "json"]);
    command.env("GIT_DIR", "/nowhere/.git").env("GIT_INDEX_FILE", "/nowhere/index");
    assert_eq!(json(&run(command, b"").stdout)["commit"], head);
}

#[test]
fn a_note_is_as_old_as_it_says_else_as_its_last_commit_else_as_its_file() {
    let world = world("[answer]\nage = true");
    let updated = |question: &str| world.ask(question)["hits"][0]["updated"].clone();
    let age = |note: &str, days: u64| {
        let file = fs::OpenOptions::new().write(true).open(world.notes().join(note)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(days * 86400)).unwrap();
    };
    let today = Day::of(SystemTime::now()).unwrap();
    age("k8s/pod.md", 10);
    world.write("notes/helm.md", "---\nlastmod: 2025-02-03T10:00:00+08:00\n---\n# Helm\n\nHelm 是包管理器。\n");
    world.build();
    assert_eq!(updated("Pod 是什么"), today.plus(-10).to_string());
    assert_eq!(updated("Helm 是什么"), "2025-02-03");

    git(&world, "2026-01-01", &["init", "-q"]);
    commit(&world, "2026-01-01");
    world.write("notes/k8s/pod.md", "# Pod\n\nPod 是一组容器，一起调度。\n");
    commit(&world, "2026-02-02");
    commit(&world, "2026-03-03");
    fs::remove_dir_all(world.index()).unwrap();
    world.build();
    assert_eq!(updated("Pod 是什么"), "2026-02-02");
    assert_eq!(updated("云是什么"), "2026-01-01");
    // Changed and not committed yet.
    world.write("notes/k8s/pod.md", "# Pod\n\nPod 是几个容器。\n");
    world.build();
    assert_eq!(updated("Pod 是什么"), today.to_string());
}

#[test]
fn a_shallow_checkout_does_not_pass_its_oldest_commit_for_the_last() {
    let world = world("");
    git(&world, "2026-01-01", &["init", "-q"]);
    commit(&world, "2026-01-01");
    world.write("notes/k8s/pod.md", "# Pod\n\nPod 是几个容器。\n");
    commit(&world, "2026-02-02");
    let from = format!("file://{}", world.path("").display());
    git(&world, "2026-02-02", &["clone", "-q", "--depth", "1", &from, "copy"]);
    let mut command =
        world.bare_command(&["ask", "--format", "json", "--index", "copied", "--notes", "copy/notes", "云是什么"]);
    command.env("KEWEN_UI__LANGUAGE", "en");
    let answer = json(&run(command, b"").stdout);
    assert!(hits(&answer)[0].get("updated").is_none(), "{answer}");
}

#[test]
fn the_age_stands_beside_the_place_when_it_is_wanted() {
    let ask = |settings: &str, language: &str| -> Run {
        let world = world(settings);
        let day = Day::of(SystemTime::now()).unwrap().plus(-250);
        world.write("notes/k8s/pod.md", format!("---\nupdated: {day}\n---\n# Pod\n\nPod 是一组容器。\n"));
        world.build();
        let mut command = world.command(&["ask", "Pod 是什么"]);
        command.env("KEWEN_UI__LANGUAGE", language);
        run(command, b"")
    };
    let shown = ask("[answer]\nage = true", "zh");
    assert!(shown.stdout.contains("pod.md#pod · 第 4-6 行 · 更新于 8 个月前\n"), "{shown:?}");
    let shown = ask("[answer]\nage = true", "en");
    assert!(shown.stdout.contains("pod.md#pod · lines 4-6 · updated 8 months ago\n"), "{shown:?}");
    assert!(!ask("", "en").stdout.contains("updated"));
}

#[test]
fn settings_of_links_that_do_not_go_together_are_refused() {
    for (links, parts) in [
        ("template = \"https://their.site/{paht}\"", ["kewen.toml:2", "links.template", "{path}, {stem}"].as_slice()),
        ("style = \"template\"", &["kewen.toml", "links.style", "links.template"]),
        ("style = \"bitbucket\"", &["kewen.toml:2", "links.style", "gitee"]),
        ("pin = true", &["kewen.toml", "links.pin", "/blob/BRANCH"]),
        ("pin = true\nstyle = \"mdbook\"\nbase_url = \"https://their.site/blob/main\"", &["links.pin", "mdbook"]),
        ("pin = true\nstyle = \"template\"\ntemplate = \"https://their.site/{path}\"", &["links.pin", "{commit}"]),
    ] {
        let world = World::new(&[("a.md", "# a\n\nb\n")]);
        world.write("kewen.toml", format!("[links]\n{links}\n"));
        let run = world.kewen(&["ask", "a"]);
        assert_eq!(run.code, 2, "{links}: {run:?}");
        for part in parts {
            assert!(run.stderr.contains(part), "{links}: {run:?}");
        }
        assert!(!run.stderr.contains("paht") && !run.stderr.contains("their.site"), "a value is repeated: {run:?}");
    }
}
