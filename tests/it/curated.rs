//! Answers that instructors write for single questions.

use kewen::corpus::Day;
use serde_json::Value;

use crate::world::{World, hits, json, of_hits, run};

const POD: &str = "# Pod\n\n## 删除 Pod\n\nkubectl delete pod 会删除 Pod，Pod 里的容器先收到 SIGTERM。\n\n## 创建 Pod\n\n写好 Pod 的清单，再 kubectl apply。\n";
const HOMEWORK: &str = "---\nquestions: [作业怎么交, 作业交到哪个网站]\nsee: course.md#作业\n---\n作业在课程网站的“提交”页上传，一个压缩包，文件名是学号。\n";
const COURSE: &str =
    "# 课程\n\n## 作业\n\n一共四次作业，每次两周。作业占总分的一半。\n\n## 考试\n\n期末考试在第十八周，闭卷。\n";

fn world() -> World {
    World::new(&[("pod.md", POD), ("course.md", COURSE), ("qa/交作业.md", HOMEWORK)])
}

fn today() -> Day {
    Day::of(std::time::SystemTime::now()).unwrap()
}

/// Notes of the hits that are curated.
#[track_caller]
fn curated(answer: &Value) -> Vec<&str> {
    let curated = hits(answer).iter().filter(|hit| hit["curated"] == true);
    curated.map(|hit| hit["note"].as_str().unwrap()).collect()
}

#[test]
fn a_curated_answer_comes_first_then_where_it_leads_then_what_was_found() {
    let answer = world().ask_with(&["--limit", "5"], "请问老师，作业咋交啊？");
    assert_eq!(answer["outcome"], "answered");
    assert_eq!(curated(&answer), ["qa/交作业.md"], "{answer}");
    let first = &hits(&answer)[0];
    assert!(first["snippet"].as_str().unwrap().starts_with("作业在课程网站"), "{first}");
    assert_eq!((&first["title"], &first["link"]), (&"作业怎么交".into(), &"qa/交作业.md#L5".into()));
    assert_eq!((&hits(&answer)[1]["note"], &hits(&answer)[1]["anchor"]), (&"course.md".into(), &"作业".into()));
    let scores: Vec<f64> = hits(&answer).iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
    assert!(scores.windows(2).all(|two| two[0] >= two[1]), "{scores:?}");
    assert_eq!(
        of_hits(&answer, "link").iter().filter(|link| link.starts_with("qa/")).count(),
        1,
        "shown twice: {answer}"
    );
}

#[test]
fn other_answers_do_not_know_the_word() {
    let answer = world().ask("Pod 怎么删除");
    assert!(curated(&answer).is_empty() && hits(&answer)[0].get("curated").is_none(), "{answer}");
    // The same things, and another question.
    for question in ["作业怎么批改", "作业什么时候交", "作业交了怎么撤回", "作业是什么"] {
        let answer = world().ask(question);
        assert!(curated(&answer).is_empty(), "{question}: {answer}");
    }
}

#[test]
fn slips_are_mended_before_an_answer_is_looked_up() {
    let world = World::new(&[
        ("pod.md", POD),
        ("qa/a.md", "---\nquestions: kubectl 怎么安装\n---\n用课程的镜像，里面已经装好。\n"),
    ]);
    for question in ["kubeclt 怎么安装", "kubectl zenme anzhuang", "怎麼裝 kubectl"] {
        let answer = world.ask(question);
        assert_eq!(curated(&answer), ["qa/a.md"], "{question}: {answer}");
    }
}

#[test]
fn the_opening_passage_of_a_note_answers_its_questions() {
    let note = format!("---\nquestions: [Pod 一直 Pending 怎么办]\n---\n先看事件：kubectl describe pod。\n\n{POD}");
    let world =
        World::new(&[("pod.md", &note), ("b.md", "# 调度\n\nPending 的 Pod 在等调度，Pending 的原因看事件。\n")]);
    let answer = world.ask("我的 pod 一直是 pending，咋办");
    assert_eq!(curated(&answer), ["pod.md"], "{answer}");
    assert!(hits(&answer)[0]["snippet"].as_str().unwrap().starts_with("先看事件"), "{answer}");
}

#[test]
fn a_follow_up_is_matched_with_what_it_is_about() {
    let world = World::new(&[
        ("a.md", "# Docker\n\nDocker 是容器引擎。\n\n## 安装 Docker\n\n用发行版的软件源安装。\n"),
        ("b.md", "# Podman\n\nPodman 没有守护进程，安装它用软件源。\n"),
        ("qa/a.md", "---\nquestions: 怎么安装 Docker\n---\n实验室的机器上已经装好。\n"),
    ]);
    let asked = |first: &str, second: &str| {
        let rows = format!("{{\"question\":\"{first}\",\"session\":1}}\n{{\"question\":\"{second}\",\"session\":1}}\n");
        let run = run(world.command(&["ask", "--batch", "-", "--format", "json"]), rows.as_bytes());
        json(run.stdout.lines().nth(1).unwrap())
    };
    assert_eq!(curated(&asked("Docker 是什么", "那怎么安装呢")), ["qa/a.md"]);
    assert!(curated(&asked("Podman 是什么", "那怎么安装呢")).is_empty());
    // A curated answer is something to go on from.
    assert_eq!(asked("怎么安装 Docker", "它是什么")["hits"][0]["note"], "a.md");
}

#[test]
fn an_expired_answer_is_not_shown_and_an_expired_note_only_does_not_win() {
    let dated =
        |day: Day| format!("---\nquestions: [期末考试怎么考]\nexpires: {day}\n---\n期末考试在线上考，用监考软件。\n");
    let (yesterday, today) = (today().plus(-1), today());
    let world = World::new(&[("course.md", COURSE), ("qa/考试.md", &dated(today))]);
    assert_eq!(curated(&world.ask("期末考试怎么考")), ["qa/考试.md"], "the last day is one on which it is given");
    world.write("notes/qa/考试.md", dated(yesterday));
    world.build();
    for question in ["期末考试怎么考", "监考软件"] {
        let answer = world.ask_with(&["--limit", "9"], question);
        assert!(!of_hits(&answer, "note").iter().any(|note| note.starts_with("qa/")), "{question}: {answer}");
    }
    world.write("notes/考试.md", dated(yesterday));
    world.build();
    let answer = world.ask("期末考试怎么考");
    assert!(curated(&answer).is_empty() && of_hits(&answer, "note").contains(&"考试.md".to_owned()), "{answer}");
}

#[test]
fn two_answers_to_one_question_are_both_shown_and_told() {
    let other = "---\nquestions: [怎样交作业]\n---\n发邮件给助教。\n";
    let world = World::new(&[("course.md", COURSE), ("qa/a.md", other), ("qa/b.md", HOMEWORK)]);
    let report = world.build();
    let warning = &report["warnings"][0];
    assert_eq!((&warning["note"], &warning["line"]), (&"qa/b.md".into(), &2.into()), "{report}");
    let answer = world.ask("作业怎么交");
    assert_eq!(curated(&answer), ["qa/a.md", "qa/b.md"], "{answer}");
    // Nothing was read again, and the warning stays.
    assert_eq!(world.build()["warnings"], report["warnings"]);
    let shown = world.kewen(&["index"]);
    assert!(shown.stdout.contains("qa/b.md:2: qa/a.md has a curated answer to “作业怎么交” too"), "{shown:?}");
}

#[test]
fn an_end_that_is_no_date_counts_as_over_and_is_a_warning_with_its_line() {
    let world =
        World::new(&[("course.md", COURSE), ("qa/a.md", "---\nquestions: 作业怎么交\nExpires: 期末\n---\n网上交。\n")]);
    let warning = &world.build()["warnings"][0];
    assert_eq!((&warning["note"], &warning["line"]), (&"qa/a.md".into(), &3.into()), "{warning}");
    let shown = world.kewen(&["index"]);
    assert!(
        shown.stdout.contains("qa/a.md:3: expires is no date (期末), so the answer counts as expired"),
        "{shown:?}"
    );
    let answer = world.ask("作业怎么交");
    assert!(!of_hits(&answer, "note").contains(&"qa/a.md".to_owned()), "an answer that may be out of date: {answer}");
    assert_eq!(world.kewen(&["check"]).code, 1, "it is an error");
}

#[test]
fn it_is_marked_for_people() {
    let world = world();
    world.build();
    let shown = world.kewen(&["ask", "作业怎么交"]);
    assert!(shown.stdout.starts_with("1. 作业怎么交\n"), "{shown:?}");
    assert!(shown.stdout.contains("   an instructor's answer · qa/交作业.md#L5 · "), "{shown:?}");
    let mut command = world.command(&["ask", "作业怎么交"]);
    command.env("KEWEN_UI__LANGUAGE", "zh");
    let shown = run(command, b"");
    assert!(shown.stdout.contains("   老师整理的回答 · "), "{shown:?}");
}

#[test]
fn the_check_looks_at_curated_answers() {
    let soon = today().plus(3);
    let note = |questions: &str, more: &str| format!("---\nquestions: {questions}\n{more}\n---\n网上交。\n");
    let world = World::new(&[
        ("course.md", COURSE),
        ("qa/a.md", &note("[作业怎么交]", "see: course.md#没有")),
        ("qa/b.md", &note("[怎么交作业]", &format!("expires: {soon}"))),
        ("qa/c.md", "没有问题的回答。\n"),
        ("qa/d.md", "---\nquestions: [考试考什么]\n---\n"),
    ]);
    let run = world.kewen(&["check", "--format", "json", "--skip", "near-duplicate"]);
    assert_eq!(run.code, 1, "{run:?}");
    let report = json(&run.stdout);
    let found: Vec<(String, String, u64)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| {
            let text = |key: &str| found[key].as_str().unwrap().to_owned();
            (text("note"), text("rule"), found["line"].as_u64().unwrap())
        })
        .collect();
    let expected = [
        ("qa/a.md", "broken-see", 3),
        ("qa/b.md", "curated-conflict", 2),
        ("qa/b.md", "curated-expiring", 3),
        ("qa/c.md", "missing-title", 1),
        ("qa/c.md", "curated-incomplete", 1),
        ("qa/d.md", "curated-incomplete", 2),
        ("qa/d.md", "curated-not-found", 2),
    ];
    assert_eq!(found, expected.map(|(note, rule, line)| (note.to_owned(), rule.to_owned(), line)), "{report}");
}
