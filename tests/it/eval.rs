//! `kewen eval` as an instructor and as a CI job see it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::world::{Run, World, json, run};

const CONTAINERS: &str = "# 容器\n\n## 什么是容器\n\n容器是一组隔离的进程，跟宿主机共用内核。\n";
const IMAGES: &str = "# 镜像\n\n## 什么是镜像\n\n镜像是只读的模板，一层一层叠起来。\n";
const PODS: &str = "# Pod\n\n## Pod 是什么\n\nPod 是调度的最小单位。\n";

/// Both are answered, and the last one is not.
const QUESTIONS: &str = r#"
notes = ".."

[[question]]
ask = "什么是容器"
expect = ["a.md:3-5"]
shows = "隔离"
tags = ["zh", "overlap-high"]

[[question]]
ask = "什么是镜像"
expect = ["b.md#什么是镜像"]
tags = ["zh", "overlap-low"]

[[question]]
ask = "fluentd 怎么配"
tags = ["unanswerable"]
"#;

/// Notes with questions beside them.
#[track_caller]
fn world(questions: &str) -> World {
    World::new(&[("a.md", CONTAINERS), ("b.md", IMAGES), ("eval/q.toml", questions)])
}

#[track_caller]
fn eval(world: &World, options: &[&str], code: i32) -> Run {
    let run = world.kewen(&[&["eval"], options].concat());
    assert_eq!(run.code, code, "{options:?}: {run:?}");
    run
}

#[track_caller]
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "nothing says {part:?} in\n{text}");
    }
}

/// A file of one question, and what is said of it with exit code 2; the figures are printed all the same.
#[track_caller]
fn stale(expect: &str, said: &[&str]) {
    let world = world(&format!("notes = '..'\n[[question]]\nask = '什么是容器'\nexpect = ['{expect}']\n"));
    world.write("notes/draft.md", "---\ndraft: true\n---\n# 草稿\n\n还没写完。\n");
    let run = eval(&world, &[], 2);
    holds(&run.stderr, said);
    holds(&run.stderr, &["q: 什么是容器", expect]);
    holds(&run.stdout, &["TOTAL", "1+0"]);
}

#[test]
fn questions_beside_the_notes_are_found() {
    let run = eval(&world(QUESTIONS), &[], 0);
    let total = run.stdout.lines().find(|line| line.ends_with("TOTAL")).unwrap();
    assert!(
        total.starts_with("2+1      1.000    1.000    1.000    1.000    1.000    1.000    0.000    0.000 "),
        "{total}"
    );
    holds(&run.stdout, &["overlap-high", "overlap-low", "Wilson", "normal"]);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{}", run.stdout);
}

#[test]
fn without_questions_beside_the_notes_it_is_said_what_to_do() {
    let world = World::new(&[("a.md", CONTAINERS)]);
    holds(&eval(&world, &[], 2).stderr, &["eval holds no file of questions", "kewen eval FILES"]);
    holds(&eval(&world, &["--language", "zh"], 2).stderr, &["没有题目文件", "kewen eval 文件"]);
    fs::remove_dir_all(world.notes()).unwrap();
    holds(&eval(&world, &[], 2).stderr, &["There is no notes folder", "--notes"]);
}

#[test]
fn all_tags_are_shown_when_asked_for() {
    let world = world(QUESTIONS);
    assert!(!eval(&world, &[], 0).stdout.contains("  zh\n"));
    holds(&eval(&world, &["--by-tag"], 0).stdout, &["  zh\n", "  unanswerable\n", "  overlap-high\n"]);
}

#[test]
fn a_tag_to_be_left_out_that_no_question_has_is_told() {
    let world = world(QUESTIONS);
    let run = eval(&world, &["--without", "overlap-low,nope"], 0);
    holds(&run.stdout, &["1+1      1.000"]);
    assert_eq!(
        run.stderr,
        "no question has the tag nope, so none is left out for it; there are: overlap-high, overlap-low, unanswerable, zh\n"
    );
    assert_eq!(eval(&world, &["--without", "overlap-low"], 0).stderr, "");
}

#[test]
fn an_evaluation_as_json_is_complete() {
    let report = json(&eval(&world(QUESTIONS), &["--format", "json"], 0).stdout);
    let total = &report["total"];
    assert_eq!((&total["answerable"], &total["unanswerable"], &total["hit@1"]), (&2.into(), &1.into(), &1.0.into()));
    // Wilson, 2 of 2 and 0 of 1.
    for (measure, low, high) in [("hit@1", 0.342, 1.0), ("false", 0.0, 0.793), ("MRR", 1.0, 1.0)] {
        let ends = [0, 1].map(|end| total["intervals"][measure][end].as_f64().unwrap());
        assert!((ends[0] - low).abs() < 5e-4 && (ends[1] - high).abs() < 5e-4, "{measure}: {ends:?}");
    }
    assert!(report["tags"]["zh"]["intervals"]["shown"].is_array(), "{report}");
    let question = &report["files"][0]["questions"][0];
    assert_eq!((&question["file"], &question["rank"]), (&"q".into(), &1.into()), "{report}");
    assert_eq!(report["problems"], Value::Array(Vec::new()));
}

/// Both notes change places: what is expected is no longer where it was.
#[track_caller]
fn swap(world: &World) {
    let read = |note: &str| fs::read_to_string(world.path(note)).unwrap();
    let (a, b) = (read("notes/a.md"), read("notes/b.md"));
    world.write("notes/a.md", b);
    world.write("notes/b.md", a);
}

#[test]
fn lost_and_won_questions_are_named() {
    let world = world(&QUESTIONS.replace("b.md#什么是镜像", "b.md:3-5"));
    eval(&world, &["--save", "before.json"], 0);
    holds(&eval(&world, &["--baseline", "before.json"], 0).stdout, &["Lost: 0\n", "Won: 0\n", "New: 0\n", "Gone: 0\n"]);
    swap(&world);
    let run = eval(&world, &["--baseline", "before.json", "--save", "swapped.json"], 1);
    holds(&run.stdout, &["Lost: 2\n  hit@1", "#1 answered →", "q: 什么是容器\n", "q: 什么是镜像\n", "Won: 0\n"]);
    holds(&run.stderr, &["2 more questions are lost than won, 0 may be", "--save"]);
    eval(&world, &["--baseline", "before.json", "--tolerance", "1"], 1);
    eval(&world, &["--baseline", "before.json", "--tolerance", "2"], 0);
    swap(&world);
    let run = eval(&world, &["--baseline", "swapped.json", "--language", "zh"], 0);
    holds(&run.stdout, &["变差 0 道\n变好 2 道\n  hit@1", "q: 什么是镜像\n"]);
}

#[test]
fn a_report_can_be_compared_with_and_saved_over_at_once() {
    let world = world(&QUESTIONS.replace("b.md#什么是镜像", "b.md:3-5"));
    eval(&world, &["--save", "report.json"], 0);
    swap(&world);
    eval(&world, &["--baseline", "report.json", "--save", "report.json"], 1);
    eval(&world, &["--baseline", "report.json"], 0);
}

#[test]
fn refused_and_false_answers_are_lost_too() {
    let questions =
        "notes = '..'\n[[question]]\nask = 'Pod 是什么'\n[[question]]\nask = '只读的模板'\nexpect = ['b.md:1-5']\n";
    let world = world(questions);
    eval(&world, &["--save", "before.json"], 0);
    world.write("notes/c.md", PODS);
    world.write("notes/b.md", "# 别的\n\n## 天气\n\n今天下雨。\n");
    let report = json(&eval(&world, &["--baseline", "before.json", "--format", "json"], 1).stdout);
    let lost = report["comparison"]["lost"].as_array().unwrap();
    let measures: Vec<(&Value, &Value)> = lost.iter().map(|lost| (&lost["ask"], &lost["measures"])).collect();
    let expected =
        [("Pod 是什么".into(), json(r#"["false"]"#)), ("只读的模板".into(), json(r#"["hit@1","hit@3","refused"]"#))];
    assert_eq!(measures, expected.each_ref().map(|(ask, measures)| (ask, measures)), "{report}");
}

#[test]
fn new_and_gone_questions_are_named_and_cost_nothing() {
    let world = world(QUESTIONS);
    eval(&world, &["--save", "before.json"], 0);
    world.write("notes/eval/q.toml", QUESTIONS.replace("什么是镜像\"\n", "镜像是什么\"\n"));
    let run = eval(&world, &["--baseline", "before.json"], 0);
    holds(&run.stdout, &["New: 1\n  q: 镜像是什么\n", "Gone: 1\n  q: 什么是镜像\n"]);
}

#[test]
fn a_baseline_that_cannot_be_read_is_said_with_what_to_do() {
    let world = world(QUESTIONS);
    let missing = eval(&world, &["--baseline", "none.json"], 2);
    holds(&missing.stderr, &["There is no baseline none.json", "kewen eval --save none.json"]);
    for broken in ["{\"total\":{}}", "[{\"file\":\"q\"}]", "", "[\u{0}"] {
        world.write("broken.json", broken);
        let run = eval(&world, &["--baseline", "broken.json"], 2);
        holds(&run.stderr, &["broken.json is no report of --save (", "kewen eval --save broken.json"]);
        assert_eq!(run.stdout, "");
    }
    holds(&eval(&world, &["--baseline", "broken.json", "--language", "zh"], 2).stderr, &["不是 --save 存下的结果"]);
    holds(&eval(&world, &["--tolerance", "1"], 2).stderr, &["--baseline"]);
}

#[test]
fn a_stale_expectation_is_named_with_what_is_nearest() {
    stale("aa.md:3-5", &["There is no note aa.md", "Did you mean a.md?"]);
    stale("./a.md:3-5", &["There is no note ./a.md", "Did you mean a.md?"]);
    stale("a.md#什么是容器呢", &["a.md has no section #什么是容器呢", "什么是容器,"]);
    stale("a.md:3-60", &["a.md has 5 lines only", "a.md#什么是容器\n"]);
    stale("draft.md:1-2", &["draft.md is a draft and is not indexed", "draft: true"]);
}

#[test]
fn stale_expectations_are_data_in_json() {
    let world = world("notes = '..'\n[[question]]\nask = '什么是容器'\nexpect = ['a.md:3-60', 'b.md#x']\n");
    let report = json(&eval(&world, &["--format", "json"], 2).stdout);
    let lines = json(
        r##"{"kind":"stale","file":"q","ask":"什么是容器","place":"a.md:3-60","why":"lines_missing","last_line":5,"nearest":"什么是容器"}"##,
    );
    assert_eq!(report["problems"][0], lines);
    assert_eq!(report["problems"][1]["why"], "anchor_missing");
}

#[test]
fn a_file_without_questions_and_a_question_asked_twice_are_named() {
    let world = world(QUESTIONS);
    world.write("notes/eval/empty.toml", "notes = '..'\n");
    world.write("notes/eval/r.toml", "notes = '..'\n[[question]]\nask = '什么是容器'\nexpect = ['a.md:3-5']\n");
    let run = eval(&world, &[], 2);
    holds(&run.stderr, &["empty: there is no question in it", "r: 什么是容器: q has this question already"]);
    holds(&eval(&world, &["--language", "zh"], 2).stderr, &["empty：里面没有题目", "r：什么是容器：q 里已经有这道题"]);
    let after = "notes = '..'\n[[question]]\nask = '什么是容器'\nafter = ['什么是镜像']\nexpect = ['a.md:3-5']\n";
    world.write("notes/eval/r.toml", after);
    fs::remove_file(world.path("notes/eval/empty.toml")).unwrap();
    assert_eq!(eval(&world, &[], 0).stderr, "", "after other turns it is another question");
}

#[test]
fn what_is_wrong_with_the_questions_weighs_more_than_what_is_lost() {
    let world = world(&QUESTIONS.replace("b.md#什么是镜像", "b.md:3-5"));
    eval(&world, &["--save", "before.json"], 0);
    swap(&world);
    world.write("notes/eval/empty.toml", "notes = '..'\n");
    holds(&eval(&world, &["--baseline", "before.json"], 2).stderr, &["2 more questions", "there is no question in it"]);
}

#[test]
fn an_ablation_has_a_row_for_each_feature_and_builds_once() {
    let world = world(QUESTIONS);
    let run = eval(&world, &["--ablate"], 0);
    let names: Vec<&str> = kewen::search::Weights::FEATURES.iter().map(|(name, _)| *name).collect();
    assert!(names.contains(&"likeness"), "{names:?}");
    holds(&run.stdout, &["hit@1    hit@3    MRR      sure     false    lost     won\n", "  all\n"]);
    for name in &names {
        holds(&run.stdout, &[&format!("  -{name}\n")]);
    }
    let generations = fs::read_dir(world.index()).unwrap().map(|home| home.unwrap().path().join("gen-000001"));
    assert_eq!(generations.filter(|generation| generation.is_dir()).count(), 1);
    let report = json(&eval(&world, &["--ablate", "--format", "json"], 0).stdout);
    let features: Vec<&Value> = report["ablation"].as_array().unwrap().iter().map(|row| &row["feature"]).collect();
    assert_eq!(features, names);
    assert!(report["ablation"][0]["comparison"]["lost"].is_array());
}

#[test]
fn a_run_and_its_judgements_are_in_the_format_of_trec() {
    let world = world(&QUESTIONS.replace("b.md#", "课 1/b.md#"));
    fs::remove_file(world.path("notes/b.md")).unwrap();
    world.write("notes/课 1/b.md", IMAGES);
    eval(&world, &["--trec", "run.txt", "--qrels", "qrels.txt"], 0);
    let columns = |file: &str| -> Vec<Vec<String>> {
        let text = fs::read_to_string(world.path(file)).unwrap();
        text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
    };
    let qrels = columns("qrels.txt");
    assert_eq!(qrels, [["q-1", "0", "a.md#L3-L5", "1"], ["q-2", "0", "课%201/b.md#L3-L5", "1"]]);
    let run = columns("run.txt");
    let mut last = (String::new(), f32::INFINITY);
    for line in &run {
        let [qid, q0, docno, rank, score, tag] = line.as_slice() else { panic!("{line:?}") };
        assert_eq!((q0.as_str(), tag.as_str()), ("Q0", "kewen"));
        assert!(docno.contains("#L") && rank.parse::<usize>().unwrap() >= 1, "{line:?}");
        let score: f32 = score.parse().unwrap();
        assert!(*qid != last.0 || score < last.1, "scores fall: {run:?}");
        last = (qid.clone(), score);
    }
    let best: Vec<&str> = run.iter().filter(|line| line[3] == "1").map(|line| line[2].as_str()).collect();
    assert_eq!(best[..2], ["a.md#L3-L5", "课%201/b.md#L3-L5"]);
}

#[test]
fn files_of_one_name_stay_apart() {
    let world = world(QUESTIONS);
    let file =
        |ask: &str, expect: &str| format!("notes = '../notes'\n[[question]]\nask = '{ask}'\nexpect = ['{expect}']\n");
    world.write("x/q.toml", file("什么是容器", "a.md:3-5"));
    world.write("y/q.toml", file("什么是镜像", "b.md:3-5"));
    let run = eval(&world, &["x/q.toml", "y/q.toml", "--save", "both.json"], 0);
    holds(&run.stdout, &["  q\n", "  y/q\n"]);
    let saved = json(&fs::read_to_string(world.path("both.json")).unwrap());
    assert_eq!((&saved[0]["file"], &saved[1]["file"]), (&"q".into(), &"y/q".into()));
}

/// The figures of a line of score.py, behind its name: `n 28 hit@1 0.857 …`
fn scored(line: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let rest: Vec<&str> = words.collect();
    Some((name, rest.chunks_exact(2).skip(1).map(|pair| (pair[0], pair[1])).collect()))
}

/// Needs the questions beside the repository and python3, and has nothing to say without them.
#[test]
fn the_figures_are_those_of_the_outside_script() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let script = shared.join("eval/score.py");
    if !script.is_file() || Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let theirs = Command::new("python3").arg(&script).arg(env!("CARGO_BIN_EXE_kewen")).arg(&shared).output().unwrap();
    let theirs = String::from_utf8(theirs.stdout).unwrap();
    let world = World::new(&[]);
    let mut command = world.command(&["eval", "--format", "json"]);
    command.args(
        ["seed", "jimmy", "tutorials", "ladder"].map(|name| shared.join("eval").join(name).with_extension("toml")),
    );
    let ours = json(&run(command, b"").stdout);
    let metrics = |name: &str| {
        let file = ours["files"].as_array().unwrap().iter().find(|file| file["name"] == name);
        if name == "TOTAL" { &ours["total"] } else { file.map_or(&ours["tags"][name], |file| &file["metrics"]) }
    };
    let lines: Vec<_> = theirs.lines().filter_map(scored).collect();
    assert!(lines.len() > 20, "{theirs}");
    for (name, figures) in lines {
        for (measure, value) in figures {
            assert_eq!(format!("{:.3}", metrics(name)[measure].as_f64().unwrap()), value, "{measure} of {name}");
        }
    }
}
