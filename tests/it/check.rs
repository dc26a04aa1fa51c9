//! `kewen check` as an instructor, a script and a code host see it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::world::{World, json, run};

/// One broken link, one section without text, and nothing else to complain of.
const NOTES: &[(&str, &str)] = &[
    ("k8s/pod.md", "# Pod 是什么\n\nPod 是一组容器，见[服务](service%201.md#没有)。\n\n## 待写的一节\n"),
    ("k8s/service 1.md", "# Service 怎么找到 Pod\n\nService 按标签选 Pod，见 [Pod](pod.md#pod-是什么)。\n"),
];

#[track_caller]
fn rules(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn findings_are_lines_with_path_and_place_and_errors_make_the_code_1() {
    let run = World::new(NOTES).kewen(&["check"]);
    assert_eq!(run.code, 1, "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("notes/k8s/pod.md:3: error broken-anchor: "), "{run:?}");
    assert!(lines[1].starts_with("notes/k8s/pod.md:5: warning stub: "), "{run:?}");
    assert_eq!(lines[2..], ["Looked through 2 notes: 1 error, 1 warning, 0 hints."], "{run:?}");
}

#[test]
fn warnings_alone_leave_the_code_at_0() {
    let world = World::new(NOTES);
    let run = world.kewen(&["check", "--skip", "broken-anchor,heading-not-found"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("warning stub"), "{run:?}");
    // Without questions no index is needed.
    assert!(!world.index().exists());
}

#[test]
fn programs_get_one_object_with_counts_and_findings() {
    let run = World::new(NOTES).kewen(&["check", "--format", "json"]);
    assert_eq!((run.code, run.stdout.lines().count()), (1, 1), "{run:?}");
    let report = json(&run.stdout);
    assert_eq!(
        (&report["notes"], &report["errors"], &report["warnings"], &report["hints"]),
        (&2.into(), &1.into(), &1.into(), &0.into())
    );
    let first = &report["findings"][0];
    assert_eq!(
        (&first["rule"], &first["severity"], &first["note"], &first["line"]),
        (&"broken-anchor".into(), &"error".into(), &"k8s/pod.md".into(), &3.into())
    );
    assert!(first["message"].as_str().unwrap().contains("service%201.md#没有"), "{first}");
}

/// What SARIF 2.1.0 requires, and what code hosts read: a version, a named driver, and for each result a message, a
/// rule that the driver describes, and a place whose path is a URI.
#[test]
fn code_hosts_get_sarif() {
    let world = World::new(&[NOTES, &[("课/甲 乙.md", "# 甲\n\n![](x.png)\n")]].concat());
    let run = world.kewen(&["check", "--format", "sarif"]);
    assert_eq!(run.code, 1, "{run:?}");
    let log = json(&run.stdout);
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif"));
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "kewen");
    let known = driver["rules"].as_array().unwrap();
    let results = runs[0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 4, "{log}");
    for result in results {
        let number = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(known[number]["id"], result["ruleId"]);
        assert!(!known[number]["shortDescription"]["text"].as_str().unwrap().is_empty());
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.starts_with("notes/") && uri.is_ascii() && !uri.contains(' '), "{uri}");
    }
}

#[test]
fn a_heading_that_finds_only_others_is_told() {
    // Forty notes speak of it in title, heading and text; another has it as a heading and says nothing of it.
    let spoken = |n: u32| {
        let twist = n.to_string().repeat(12);
        format!(
            "# 对象 {n}：集群的管理\n\n## 怎么做集群管理 {n}\n\n集群管理的对象 {n}：集群管理先看节点，集群管理再看命名空间，{twist}。\n"
        )
    };
    let mut notes: Vec<(String, String)> = (1..=40).map(|n| (format!("{n}.md"), spoken(n))).collect();
    notes.push(("z.md".to_owned(), "# 对象\n\n文。\n\n## 集群管理\n\n文。\n\n## 小结\n\n文。\n".to_owned()));
    let notes: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let report = json(&World::new(&notes).kewen(&["check", "--format", "json"]).stdout);
    let finding = &report["findings"][0];
    assert_eq!((&finding["note"], &finding["line"]), (&"z.md".into(), &5.into()), "{report}");
    assert_eq!(rules(&report), ["heading-not-found"], "{report}");
}

#[test]
fn questions_are_for_the_notes_as_they_are_now() {
    let world = World::new(&[("a.md", "# 容器\n\n容器是隔离的进程。\n")]);
    world.build();
    world.write("notes/b.md", "# 蓝绿发布\n\n蓝绿发布同时跑两套。\n");
    let report = json(&world.kewen(&["check", "--format", "json"]).stdout);
    assert_eq!(rules(&report), Vec::<String>::new(), "{report}");
}

#[test]
fn what_cannot_be_read_as_text_is_an_error_and_another_encoding_a_warning() {
    let world = World::new(&[("a.md", "# 容器\n\n容器是隔离的进程。\n")]);
    world.write("notes/b.md", b"\x00\x01\x02");
    let (gbk, ..) = encoding_rs::GB18030.encode("# 镜像\n\n镜像是一层一层的文件。\n");
    world.write("notes/c.md", gbk);
    let report = json(&world.kewen(&["check", "--format", "json"]).stdout);
    assert_eq!(rules(&report), ["unreadable", "encoding"], "{report}");
}

#[test]
fn a_rule_is_explained_and_an_unknown_one_is_a_mistake() {
    let world = World::new(NOTES);
    let all = world.kewen(&["check", "--explain"]);
    assert_eq!(all.code, 0, "{all:?}");
    assert!(all.stdout.lines().count() > 20, "{all:?}");
    let one = world.kewen(&["check", "--explain", "stub"]);
    assert_eq!((one.code, one.stdout.lines().count()), (0, 1), "{one:?}");
    for typed in [["check", "--explain", "stubs"], ["check", "--skip", "stubs"], ["check", "--format", "xml"]] {
        let run = world.kewen(&typed);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    }
    assert!(world.kewen(&["check", "--skip", "stubs"]).stderr.contains("broken-link"));
}

#[test]
fn a_folder_that_is_not_there_is_an_error_of_another_kind() {
    let world = World::new(&[]);
    let run = run(world.bare_command(&["check", "--notes", "nowhere"]), b"");
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn the_notes_that_come_with_kewen_have_no_errors() {
    let world = World::new(&[]);
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut command = world.bare_command(&["check", "--format", "json"]);
    command.arg("--notes").arg(corpus).arg("--index").arg(world.index());
    let run = run(command, b"");
    assert_eq!(run.code, 0, "{run:?}");
    let report = json(&run.stdout);
    assert_eq!(report["errors"], 0);
    // Those of the sample notes that are meant to be odd are found.
    let found = rules(&report);
    for rule in ["blank-in-link", "absolute-link", "missing-title"] {
        assert!(found.iter().any(|found| found == rule), "{rule} is not in {found:?}");
    }
}

/// The document for instructors names every rule, and no rule that does not exist.
#[test]
fn every_rule_is_in_the_document_for_instructors() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let listed = World::new(&[]).kewen(&["check", "--explain"]).stdout;
    let mut known: Vec<&str> = listed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    known.sort_unstable();
    for (document, heading) in [("docs/instructors.md", "\n## Rules\n"), ("docs/instructors.zh-CN.md", "\n## 规则\n")]
    {
        let text = fs::read_to_string(root.join(document)).unwrap();
        let section = text.split_once(heading).unwrap().1.split("\n## ").next().unwrap();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
        let mut named: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
        named.sort_unstable();
        assert_eq!(named, known, "{document}");
    }
}
