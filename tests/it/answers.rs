//! Answers over small notes: which sections win, what the snippets show, where links and offsets point.

use std::fs;
use std::path::Path;

use kewen::engine::{Engine, Places};
use kewen::settings::{self, Sources};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::world::{World, hits, json, of_hits, run};

const NETWORK: &str = "### 什么是云？

云就是按需取用的计算资源，用多少付多少。

### kube-proxy 是干啥用的？

#### 第一步：先看职责

kube-proxy 跑在每个节点上，监听 API server 里 Service 和 Endpoints 的变化。

#### 第二步：再看模式

kube-proxy 有 iptables、ipvs 和 kernelspace 三种模式，把流量转发给 Pod。

### 机房拓扑图

![](/images/机房 拓扑.png)

### 什么是云原生？

云原生是为云而设计的一套方法，核心是声明式 API。
";

const SCHEDULER: &[(&str, &str)] = &[
    (
        "a.md",
        "# 调度\n\n## 调度器\n\n### 过滤\n\n调度器先过滤节点，调度器看资源。\n\n### 打分\n\n调度器再打分，调度器选最高的。\n\n\
         ### 绑定\n\n调度器最后绑定，调度器写回。\n\n### 抢占\n\n调度器会抢占，调度器赶走低优先级。\n",
    ),
    (
        "b.md",
        "# 组件\n\n## 控制面\n\n控制面有很多组件，其中一个是调度器，还有控制器、存储和接口，一起管理整个集群的状态和变化。\n",
    ),
];

fn world() -> World {
    World::new(&[("课 1/网络.md", NETWORK), ("课 1/网络.txt", NETWORK)])
}

/// What holds of every answer over `notes`, a folder of UTF-8 notes without byte order marks.
#[track_caller]
fn check_bounds(answer: &Value, notes: &Path) {
    for hit in hits(answer) {
        let snippet: Vec<char> = hit["snippet"].as_str().unwrap().chars().collect();
        assert!(snippet.len() <= 240, "{} characters in {hit}", snippet.len());
        check_apart(&pairs(&hit["highlights"]), snippet.len(), hit);
        let fragments = hit["fragments"].as_array().unwrap();
        check_apart(&fragments.iter().map(|fragment| pair(&fragment["chars"])).collect::<Vec<_>>(), snippet.len(), hit);
        let note = fs::read_to_string(notes.join(hit["note"].as_str().unwrap())).unwrap();
        for fragment in fragments {
            let [start, end] = pair(&fragment["source"]);
            let within = start <= end && note.get(start..end).is_some();
            assert!(within, "{fragment} is not within {} bytes or cuts a character: {hit}", note.len());
        }
    }
}

/// Each hit's fragments begin on the lines that it names.
#[track_caller]
fn check_lines(answer: &Value, notes: &Path) {
    for hit in hits(answer) {
        let note = fs::read_to_string(notes.join(hit["note"].as_str().unwrap())).unwrap();
        let [first, last] = pair(&hit["lines"]);
        assert!(last <= note.lines().count(), "lines beyond the note: {hit}");
        for fragment in hit["fragments"].as_array().unwrap() {
            let [start, _] = pair(&fragment["source"]);
            let line = 1 + note.bytes().take(start).filter(|&byte| byte == b'\n').count();
            assert!((first..=last).contains(&line), "line {line} of {fragment} is not among those of {hit}");
        }
    }
}

/// The ranges rise, do not overlap, and lie within `length`.
#[track_caller]
fn check_apart(ranges: &[[usize; 2]], length: usize, hit: &Value) {
    let mut end = 0;
    for &[from, to] in ranges {
        assert!(end <= from && from <= to && to <= length, "{ranges:?} within {length}: {hit}");
        end = to;
    }
}

#[track_caller]
fn pair(value: &Value) -> [usize; 2] {
    let numbers: Vec<usize> =
        value.as_array().unwrap().iter().map(|n| usize::try_from(n.as_u64().unwrap()).unwrap()).collect();
    numbers.try_into().unwrap()
}

#[track_caller]
fn pairs(value: &Value) -> Vec<[usize; 2]> {
    value.as_array().unwrap().iter().map(pair).collect()
}

/// The answer without what differs from run to run.
#[track_caller]
fn timeless(mut answer: Value) -> Value {
    answer.as_object_mut().unwrap().remove("took_ms").expect("the time it took");
    answer
}

#[test]
fn a_bare_heading_widens_to_what_stands_below_it() {
    let world = World::new(&[("网络.md", NETWORK)]);
    let answer = world.ask_with(&["--limit", "10"], "kube-proxy 是干啥用的");
    assert_eq!(answer["outcome"], "answered", "{answer}");
    let anchors = of_hits(&answer, "anchor");
    let mut best: Vec<&str> = anchors.iter().take(2).map(String::as_str).collect();
    best.sort_unstable();
    assert_eq!(best, ["第一步先看职责", "第二步再看模式"], "the children hold the answer: {answer}");
    assert!(!anchors.iter().any(|anchor| anchor == "kube-proxy-是干啥用的"), "a bare heading shows nothing: {answer}");
    assert_eq!(answer["hits"][0]["trail"], Value::from(vec!["kube-proxy 是干啥用的？"]));
    let run = world.kewen(&["ask", "kube-proxy 是干啥用的"]);
    assert!(run.stdout.contains("1. kube-proxy 是干啥用的？ › 第"), "{run:?}");
}

#[test]
fn a_section_asked_for_by_its_name_comes_before_those_below_it_and_answers() {
    let world = World::new(&[(
        "组件.md",
        "# 控制面\n\n## etcd\n\n- Raft 一致性，写入要多数派同意。\n- 对磁盘很敏感，要用 SSD。\n\n### 备份与恢复\n\n\
         etcd 用 snapshot save 备份。\n\netcd 恢复到新目录，再换掉 etcd 的数据目录。\n\n## Karmada\n\n多个集群的调度，一处下发。\n\n\
         ### 安装\n\nKarmada 用 karmadactl init 装。Karmada 的控制面单独放。\n\n## 命名空间\n\n把一个集群分给几个组。\n\n\
         ## 调度\n\nTODO\n\n### 队列\n\n调度从队列里取 Pod。调度是给 Pod 选节点。\n\n## 命名空间 2\n\n以前的命名空间，和现在的不一样。\n\n## 别的\n\n\
         ### 命令\n\n命名空间用 kubectl get ns 列出来，在命名空间里看别的。\n",
    )]);
    for (question, heading) in [
        ("etcd 是什么", "etcd"),
        ("Karmada 是啥意思", "Karmada"),
        ("什么是 namespace", "命名空间"),
        ("调度是什么", "队列"),
    ] {
        let answer = world.ask(question);
        assert_eq!(of_hits(&answer, "heading")[0], heading, "{answer}");
        assert_eq!(answer["outcome"], "answered", "{answer}");
    }
    for question in ["etcd 怎么用", "etcd 有哪些命令"] {
        let other = world.ask(question);
        assert_eq!(of_hits(&other, "heading")[0], "备份与恢复", "more is asked than what it is: {other}");
    }
    let other = world.ask("etcd 怎么恢复");
    assert_eq!(of_hits(&other, "heading")[0], "备份与恢复", "what is asked of a thing stands below it: {other}");
}

#[test]
fn notes_of_bare_headings_only_say_nothing() {
    let world = World::new(&[
        ("stub.md", "# kube-proxy\n\n## kube-proxy 模式\n\n## kube-proxy 职责\n"),
        ("a.md", "# 网络\n\nkube-proxy 转发流量。\n"),
    ]);
    assert_eq!(of_hits(&world.ask_with(&["--limit", "10"], "kube-proxy"), "note"), ["a.md"]);
}

#[test]
fn a_section_that_is_only_a_picture_is_an_answer() {
    let world = World::new(&[("网络.md", NETWORK)]);
    let answer = world.ask("机房拓扑图");
    assert_eq!(answer["hits"][0]["anchor"], "机房拓扑图", "{answer}");
    let run = world.kewen(&["ask", "机房拓扑图"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("open the note to see it") && run.stdout.contains("网络.md#机房拓扑图"), "{run:?}");
}

#[test]
fn two_under_one_heading_come_before_others_have_their_turn() {
    let world = World::new(SCHEDULER);
    let parents = |limit: &str| {
        let answer = world.ask_with(&["--limit", limit], "调度器");
        hits(&answer).iter().map(|hit| hit["heading"].as_str().unwrap() == "控制面").collect::<Vec<bool>>()
    };
    // The four below 调度器 say it twice in a short text, 控制面 once in a long one: it would be the last.
    assert_eq!(parents("3"), [false, false, true], "控制面 has its turn after two of 调度器");
    assert_eq!(parents("5"), [false, false, true, false, false], "the others fill up");
    assert_eq!(parents("1"), [false]);
}

#[test]
fn links_are_paths_or_full_addresses() {
    let world = world();
    let links = |variables: &[(&str, &str)]| {
        let mut command = world.command(&["ask", "--format", "json", "什么是云原生？"]);
        command.envs(variables.iter().copied());
        let run = run(command, b"");
        assert_eq!(run.code, 0, "{run:?}");
        let mut links = of_hits(&json(&run.stdout), "link");
        links.truncate(2);
        links.sort();
        links
    };
    assert_eq!(links(&[]), ["课 1/网络.md#什么是云原生", "课 1/网络.txt#L19-L21"]);
    let page = "https://example.org/n/%E8%AF%BE%201/%E7%BD%91%E7%BB%9C";
    let expected =
        [format!("{page}.md#%E4%BB%80%E4%B9%88%E6%98%AF%E4%BA%91%E5%8E%9F%E7%94%9F"), format!("{page}.txt#L19-L21")];
    for base in ["https://example.org/n", "https://example.org/n/"] {
        assert_eq!(links(&[("KEWEN_LINKS__BASE_URL", base)]), expected);
    }
}

#[test]
fn what_no_note_mentions_is_said() {
    let world = world();
    for (question, word) in [("karmada 是什么", "karmada"), ("怎么用 Terraform 管理云", "Terraform")] {
        let answer = world.ask(question);
        assert_ne!(answer["outcome"], "answered", "{answer}");
        assert!(answer["unknown"].as_array().unwrap().contains(&Value::from(word)), "{answer}");
        let run = world.kewen(&["ask", question]);
        assert_eq!(run.code, if answer["outcome"] == "not_found" { 1 } else { 0 }, "{run:?}");
        assert!(run.stdout.contains(word), "{run:?}");
    }
    let nothing = world.ask("zzzz qqqq");
    assert_eq!((&nothing["outcome"], hits(&nothing).len()), (&Value::from("not_found"), 0), "{nothing}");
}

#[test]
fn highlights_and_fragments_stay_within_snippet_and_note() {
    let long = format!(
        "# 长\n\n{}\n\n```yaml\n{}\n```\n\n| kube-proxy | **粗** |\n|---|---|\n| 👨‍👩‍👧‍👦 e\u{301} | kube-proxy |\n\n- kube-**proxy** &amp; [链接 kube-proxy](x)\n- ＫＵＢＥ－ＰＲＯＸＹ\n",
        "kube-proxy 很长很长的一句话，".repeat(100),
        "kube-proxy: ".repeat(400)
    );
    let world = World::new(&[("网络.md", NETWORK), ("长.md", &long), ("一行.txt", &"kube-proxy".repeat(500))]);
    for question in
        ["kube-proxy 是干啥用的", "什么是云原生？", "proxy 模式", "机房拓扑图", "長 的 一句話", "粗", "链接"]
    {
        let answer = world.ask_with(&["--limit", "50"], question);
        check_bounds(&answer, &world.notes());
        check_lines(&answer, &world.notes());
        assert!(!hits(&answer).is_empty(), "{question:?}: {answer}");
    }
    let hit = &world.ask("kube-proxy 有几种模式")["hits"][0];
    let snippet: Vec<char> = hit["snippet"].as_str().unwrap().chars().collect();
    let marked: Vec<String> =
        pairs(&hit["highlights"]).iter().map(|&[from, to]| snippet[from..to].iter().collect()).collect();
    assert!(marked.contains(&"kube-proxy".to_owned()) && marked.contains(&"模式".to_owned()), "{marked:?} in {hit}");
}

#[test]
fn the_lines_of_a_hit_hold_its_snippet_below_a_heading_of_many_lines() {
    let world = World::new(&[("a.md", &("标题 行\n".repeat(70) + "---\n\nNodePort 开端口。\n"))]);
    check_lines(&world.ask("NodePort"), &world.notes());
}

#[test]
fn a_table_row_that_is_only_a_picture_shows_no_border() {
    let world = World::new(&[("a.md", "| Pod | b |\n|---|---|\n| 1 | 2 |\n![](x.png)\n# 乙\n")]);
    let answer = world.ask("Pod");
    check_lines(&answer, &world.notes());
    let snippet = answer["hits"][0]["snippet"].as_str().unwrap();
    assert!(snippet.contains("1 | 2") && snippet.lines().all(|line| line.trim() != "|"), "{snippet:?}");
}

#[test]
fn the_source_of_a_plain_fragment_is_its_text() {
    let world = World::new(&[("网络.md", NETWORK)]);
    let answer = world.ask("kube-proxy 有几种模式");
    let hit = &answer["hits"][0];
    let snippet: Vec<char> = hit["snippet"].as_str().unwrap().chars().collect();
    let ([from, to], [start, end]) = (pair(&hit["fragments"][0]["chars"]), pair(&hit["fragments"][0]["source"]));
    assert_eq!(snippet[from..to].iter().collect::<String>(), NETWORK[start..end]);
}

#[test]
fn the_same_question_gives_the_same_answer() {
    let world = world();
    for question in ["kube-proxy 是干啥用的", "什么是云原生？", "zzz"] {
        assert_eq!(timeless(world.ask(question)), timeless(world.ask(question)));
    }
}

#[test]
fn two_builds_of_the_same_notes_answer_alike() {
    let mut notes: Vec<(String, String)> = Vec::new();
    for number in 0..40 {
        notes.push((
            format!("{}/n{number}.md", number % 3),
            format!("# 课 {}\n\n## Pod\n\nPod 和 Service。\n", number % 2),
        ));
    }
    let notes: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (one, two) = (World::new(&notes), World::new(&notes));
    for question in ["Pod 是什么", "Service"] {
        let first = timeless(one.ask_with(&["--limit", "50"], question));
        assert_eq!(hits(&first).len(), 40);
        assert_eq!(first, timeless(two.ask_with(&["--limit", "50"], question)));
        one.build();
        assert_eq!(first, timeless(one.ask_with(&["--limit", "50"], question)), "after another build");
    }
}

#[test]
fn equal_scores_are_ordered_by_path_and_place() {
    let same = "# 甲\n\n## 乙\n\nPod 是最小的单位。\n";
    let world = World::new(&[("c.md", same), ("a.md", same), ("b/a.md", same), ("a/z.md", same)]);
    let notes = of_hits(&world.ask_with(&["--limit", "10"], "Pod 是什么"), "note");
    let mut sorted = notes.clone();
    sorted.sort();
    assert_eq!(notes, sorted);
    assert_eq!(notes.len(), 4);
}

#[test]
fn a_section_is_shown_with_everything_below_it() {
    let world = World::new(&[("网络.md", NETWORK)]);
    let shown = world.kewen(&["show", "网络.md#kube-proxy-是干啥用的"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.stdout.contains("第一步") && shown.stdout.contains("kernelspace") && !shown.stdout.contains("机房"),
        "{shown:?}"
    );
    let unknown = world.kewen(&["show", "网络.md#kube-proxy"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("kube-proxy-是干啥用的"), "{unknown:?}");
    let no_note = world.kewen(&["show", "网路.md"]);
    assert!(no_note.code == 2 && no_note.stderr.contains("网络.md"), "{no_note:?}");
    let outside = world.kewen(&["show", "../kewen.toml"]);
    assert_eq!(outside.code, 2, "{outside:?}");
}

/// A part of a note: what Markdown knows, what people type wrong, and any characters.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("# 标题 Pod\n".to_owned()),
        Just("### kube-proxy\n\n".to_owned()),
        Just("Pod 是**最小**的单位。Service &amp; `Pod`！\n".to_owned()),
        Just("- Pod\n  - 容器組\n\n    ＰＯＤ\n1. x\n".to_owned()),
        Just("```go\nPod := 1\n".to_owned()),
        Just("```\n".to_owned()),
        Just("| Pod | b |\n|---|---|\n| 1 \\| 2 | 👩‍🚀 |\n".to_owned()),
        Just("<div>\n<p>Pod</p> <img src=\"Pod.png\">\n\n".to_owned()),
        Just("![Pod 图](a b.png)\n\n".to_owned()),
        Just("![](x.png)\n".to_owned()),
        Just("> Pod 引用\n> # 内\n".to_owned()),
        Just("[^1] Pod\n\n[^1]: 注 Pod\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("---\n".to_owned()),
        Just("Pod 行\n".repeat(70)),
        Just("Pod，很长的句子".repeat(100) + "\n"),
        Just("Pod".repeat(300) + "\n"),
        Just("ﬁPod㍿①²é\u{301}\u{200d}\u{feff}\n".to_owned()),
        "\\PC{0,40}\n",
        "[ -~]{0,40}\n",
    ]
}

#[test]
fn every_answer_over_any_notes_holds_its_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("notes");
    fs::create_dir(&notes).unwrap();
    let loaded = settings::load(&Sources::default()).unwrap();
    let engine = Engine::new(&loaded.settings, &Places { notes: notes.clone(), index: folder.path().join("index") });
    let mut runner = TestRunner::new(Config { cases: 32, failure_persistence: None, ..Config::default() });
    let cases = (prop::collection::vec(prop::collection::vec(part(), 0..20), 1..4), "\\PC{0,20}");
    let done = runner.run(&cases, |(texts, typed)| {
        for entry in fs::read_dir(&notes).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (number, parts) in texts.iter().enumerate() {
            fs::write(notes.join(format!("{number}.md")), parts.concat()).unwrap();
        }
        // A leading mark would be taken off, and the offsets with it.
        prop_assume!(texts.iter().all(|parts| !parts.concat().starts_with('\u{feff}')));
        engine.reindex(&mut |_| {}).unwrap();
        for question in ["Pod", "容器组 kube-proxy 是什么", "标题 图 引用 x", &format!("Pod {typed}")] {
            let answer = engine.ask(question, 50).unwrap();
            check_bounds(&serde_json::to_value(&answer).unwrap(), &notes);
        }
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

#[test]
fn a_number_that_no_note_holds_does_not_make_an_answer_doubtful() {
    let world =
        World::new(&[("a.md", "# 网络\n\n## kube-proxy 的模式\n\nkube-proxy 有三种模式。\n\n## 其他\n\n文字。\n")]);
    let run = world.kewen(&["ask", "--format", "json", "kube-proxy 的 3 种模式"]);
    assert!(run.stdout.contains("\"outcome\":\"answered\""), "{run:?}");
}

#[test]
fn passages_that_say_the_same_are_one_hit_that_names_the_others() {
    let text = "准入控制在对象写入之前检查它：先改的一批可以补上默认值，后查的一批只能放行或拒绝，任何一个说不，请求就到此为止，\
                客户端会看到是谁拒绝了它。";
    let note = |heading: &str, text: &str| format!("# 笔记\n\n## {heading}\n\n{text}\n");
    let world = World::new(&[
        ("a.md", &note("准入控制", text)),
        ("b/旧版.md", &note("准入控制", &format!("**{}**", text.replace('，', ", ")))),
        ("c.md", &note("准入控制的顺序", "准入控制先改后查。")),
    ]);
    let answer = world.ask("准入控制在对象写入之前检查什么");
    assert_eq!(of_hits(&answer, "note"), ["a.md", "c.md"], "{answer}");
    assert_eq!(answer["hits"][0]["also_in"][0]["note"], "b/旧版.md", "{answer}");
    let shown = world.kewen(&["ask", "准入控制在对象写入之前检查什么"]).stdout;
    assert!(shown.contains("b/旧版.md"), "told to the reader as well: {shown}");
}

#[test]
fn what_the_front_matter_says_a_note_is_about_is_searched() {
    let note = |about: &str| format!("---\n{about}\n---\n# 网络\n\n## 转发\n\n规则写在内核里。\n");
    let world = World::new(&[
        ("a.md", &note("tags: [其它]")),
        ("b.md", &note("keywords: 流量劫持, tproxy\ndescription: 边车怎样接管连接")),
    ]);
    for question in ["tproxy", "流量劫持", "边车怎样接管连接"] {
        let answer = world.ask(question);
        assert_eq!(of_hits(&answer, "note"), ["b.md"], "{question}: {answer}");
        assert_eq!(answer["unknown"], Value::Array(Vec::new()), "{question}: {answer}");
    }
}

#[test]
fn a_question_for_a_number_is_answered_where_one_of_that_kind_stands() {
    let notes = "# 令牌\n\n## 令牌的有效期\n\n令牌的有效期是 24 小时。\n\n## 令牌的用处\n\n令牌有 3 种用处。\n\n\
                 ## 证书\n\n证书的轮换由控制器自动完成，密钥也一起换。\n\n## 账单\n\n账单每月 5 号发出。\n";
    let world = World::new(&[("a.md", notes)]);
    let known = world.ask("令牌的有效期是多久");
    assert_eq!(
        (&known["outcome"], &*of_hits(&known, "heading")[0]),
        (&Value::from("answered"), "令牌的有效期"),
        "{known}"
    );
    let unknown = world.ask("证书多久轮换");
    assert_ne!(unknown["outcome"], "answered", "no time stands in what the notes say of it: {unknown}");
}

#[test]
fn who_asks_nothing_is_told_how_to_ask() {
    let world = world();
    let greeting = world.kewen(&["ask", "你好"]).stdout;
    assert!(greeting.contains("Name what you look for"), "{greeting}");
    let unknown = world.kewen(&["ask", "zzzz qqqq"]).stdout;
    assert!(!unknown.contains("Name what you look for"), "that was a question: {unknown}");
}
