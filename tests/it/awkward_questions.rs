//! Questions that break other searches: each gets an answer or a clear error, alone and in a batch.

use serde_json::Value;

use crate::world::{Run, World, hits, json, run};

const NOTES: &[(&str, &str)] = &[(
    "k8s.md",
    "# Kubernetes\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 监听 API server，把访问 Service 的流量转给 Pod。\n\n\
     ## Service\n\nservice 的类型有 ClusterIP 和 NodePort。NodePort 在每个节点上开一个端口。\n\n\
     ## Pod\n\nPod 是最小的调度单位。\n\n## kubectl\n\n用 `kubectl get pods -o yaml` 看 Pod 的 YAML。\n\n\
     ## 默认 Service\n\nkubernetes 这个 Service 的地址是 10.96.0.1:443，属于 API server。\n",
)];

/// The question is one argument.
#[track_caller]
fn check(world: &World, question: &str, codes: &[i32]) -> Run {
    let mut command = world.command(&["ask"]);
    command.arg("--").arg(question);
    let run = run(command, b"");
    assert!(codes.contains(&run.code), "{question:?} gave {run:?}");
    let said = if run.code == 2 { &run.stderr } else { &run.stdout };
    assert!(!said.trim().is_empty(), "{question:?} was answered with silence");
    run
}

#[track_caller]
fn check_answered(world: &World, question: &str, anchor: &str) {
    let answer = world.ask(question);
    assert_eq!(answer["outcome"], "answered", "{question:?}: {answer}");
    assert_eq!(answer["hits"][0]["anchor"], anchor, "{question:?}: {answer}");
}

/// The objects that a batch gives, one a line.
#[track_caller]
fn check_batch(world: &World, input: &[u8], code: i32, outcomes: &[&str]) -> Vec<Value> {
    let run = run(world.command(&["ask", "--format", "json", "--batch", "-"]), input);
    let rows: Vec<Value> = run.stdout.lines().map(json).collect();
    let found: Vec<&str> = rows.iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!((run.code, &found[..]), (code, outcomes), "{run:?}");
    rows.iter().for_each(check_keys);
    rows
}

/// What scripts rely on.
#[track_caller]
fn check_keys(row: &Value) {
    assert!(row["question"].is_string(), "{row}");
    assert!(matches!(row["outcome"].as_str(), Some("answered" | "related" | "not_found")), "{row}");
    for list in ["hits", "suggestions", "corrections"] {
        assert!(row[list].is_array(), "no list {list} in {row}");
    }
    assert!(row["took_ms"].is_number(), "{row}");
    for (hit, rank) in hits(row).iter().zip(1..) {
        assert_eq!(hit["rank"], rank, "{hit}");
        assert!(hit["score"].is_number(), "{hit}");
        for text in ["note", "title", "heading", "anchor", "snippet", "link"] {
            assert!(hit[text].is_string(), "no text {text} in {hit}");
        }
        assert!(hit["trail"].as_array().unwrap().iter().all(Value::is_string), "{hit}");
        let lines: Vec<u64> = hit["lines"].as_array().unwrap().iter().map(|line| line.as_u64().unwrap()).collect();
        assert!(matches!(lines[..], [first, last] if 1 <= first && first <= last && last < first + 60), "{hit}");
        let pair = |mark: &Value| mark.as_array().is_some_and(|mark| mark.len() == 2);
        assert!(hit["highlights"].as_array().unwrap().iter().all(pair), "{hit}");
    }
}

#[test]
fn nothing_to_answer_is_an_error_that_says_so() {
    let world = World::new(NOTES);
    for question in ["", "   ", "\t\n", "\u{3000}", "\u{7}", "<@123>"] {
        let run = check(&world, question, &[2]);
        assert!(run.stderr.contains("empty"), "{question:?}: {run:?}");
        assert!(run.stdout.is_empty(), "{run:?}");
    }
    let run = world.kewen(&["ask"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(!world.index().exists(), "an index was built for nothing");
}

#[test]
fn too_long_a_question_names_the_limit() {
    let world = World::new(NOTES);
    let run = check(&world, &"问".repeat(10_000), &[2]);
    assert!(run.stderr.contains("2000") && run.stderr.contains("10000"), "{run:?}");
    check(&world, &"网络 ".repeat(600), &[0, 1]);
    check(&world, &"问".repeat(2_000), &[0, 1]);
    // One character that stands for eighteen, in four words.
    check(&world, &"ﷺ".repeat(2_000), &[0, 1]);
}

#[test]
fn what_a_query_language_would_trip_over_is_answered() {
    let world = World::new(NOTES);
    check_answered(&world, "service: NodePort 是什么", "service");
    check_answered(&world, "[Pod] 是什么", "pod");
    check_answered(&world, "kubectl get pods -o yaml 怎么用", "kubectl");
    check_answered(&world, "10.96.0.1:443 是谁的", "默认-service");
    check_answered(&world, "-kube-proxy 是干啥用的", "kube-proxy-是干啥用的");
    check_answered(&world, "+service -pod NodePort~^", "service");
}

#[test]
fn loose_signs_are_no_syntax_errors() {
    let world = World::new(NOTES);
    for question in
        ["AND OR NOT", "*", ")(", "\"", "'", "\"kube-proxy 是", "（“Pod", "[* TO *]", "\\", "a:b:c", "/.*/", "IN []"]
    {
        check(&world, question, &[0, 1]);
    }
}

#[test]
fn emoji_alone_are_not_found() {
    let world = World::new(NOTES);
    for question in ["🚀", "🚀🎉👨‍👩‍👧‍👦", "❤️ 🇨🇳"] {
        check(&world, question, &[1]);
    }
}

#[test]
fn marks_that_turn_the_direction_do_not_hide_a_question_nor_reach_the_terminal() {
    let world = World::new(NOTES);
    for question in ["\u{202e}kube-proxy\u{202c} 是干啥用的", "\u{200f}kube-proxy 是干啥用的\u{200e}"] {
        check_answered(&world, question, "kube-proxy-是干啥用的");
    }
    let run = run(world.command(&["ask", "--batch", "-"]), "\u{202e}NodePort\u{202c} 是什么\n".as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("NodePort") && !run.stdout.contains('\u{202e}'), "{run:?}");
    check(&world, "\u{200f}\u{202e}", &[1, 2]);
}

#[test]
fn nul_bytes_and_broken_utf8_in_a_batch_are_blanks_at_worst() {
    let world = World::new(NOTES);
    let rows = check_batch(&world, "kube-proxy\0是干啥用的\n".as_bytes(), 0, &["answered"]);
    assert_eq!(rows[0]["question"], "kube-proxy 是干啥用的");
    check_batch(&world, b"NodePort \xff\xfe\n", 0, &["answered"]);
    let gbk = run(world.command(&["ask", "--batch", "-"]), b"\xca\xb2\xc3\xb4\xca\xc7\xc8\xdd\xc6\xf7\n");
    assert!(gbk.code == 2 && gbk.stderr.contains("UTF-8"), "what nobody can read is no question: {gbk:?}");
    check_batch(&world, b"\0\0\nNodePort\n", 2, &["not_found", "answered"]);
}

#[test]
fn a_batch_takes_lines_objects_and_both_mixed() {
    let world = World::new(NOTES);
    let input = "kube-proxy 是干啥用的\n\
                 {\"question\": \"NodePort 是什么\", \"session\": \"a\"}\r\n\
                 \n\
                 {\"session\": 7, \"question\": \"Pod 是什么\"}\n\
                 10.96.0.1:443 是谁的";
    let rows = check_batch(&world, input.as_bytes(), 0, &["answered"; 4]);
    let questions: Vec<&str> = rows.iter().map(|row| row["question"].as_str().unwrap()).collect();
    assert_eq!(questions, ["kube-proxy 是干啥用的", "NodePort 是什么", "Pod 是什么", "10.96.0.1:443 是谁的"]);
    assert!(rows.iter().all(|row| !hits(row).is_empty()));
}

#[test]
fn a_batch_is_read_from_a_file_and_a_missing_one_is_named() {
    let world = World::new(NOTES);
    world.write("questions.txt", "NodePort 是什么\nzzz\n");
    let run = world.kewen(&["ask", "--format", "json", "--batch", "questions.txt"]);
    assert_eq!((run.code, run.stdout.lines().count()), (0, 2), "{run:?}");
    let run = world.kewen(&["ask", "--batch", "nowhere.txt"]);
    assert!(run.code == 2 && run.stderr.contains("nowhere.txt"), "{run:?}");
}

#[test]
fn a_line_that_cannot_be_asked_keeps_its_place_in_a_batch() {
    let world = World::new(NOTES);
    for chars in [2_001, 10_000, 100_000] {
        let input = format!("NodePort 是什么\n{}\nPod 是什么\n", "问".repeat(chars));
        let rows = check_batch(&world, input.as_bytes(), 2, &["answered", "not_found", "answered"]);
        assert!(rows[1]["error"].as_str().unwrap().contains("2000"), "{}", rows[1]);
        assert_eq!(rows[2]["question"], "Pod 是什么");
    }
    check_batch(&world, b"{\"question\": \" \"}\nNodePort\n", 2, &["not_found", "answered"]);
}

#[test]
fn a_line_of_blanks_before_a_question_keeps_its_place_in_a_batch() {
    let world = World::new(NOTES);
    let input = format!("{}NodePort\nPod 是什么\n", " ".repeat(70_000));
    check_batch(&world, input.as_bytes(), 2, &["not_found", "answered"]);
}

#[test]
fn a_byte_order_mark_does_not_turn_an_object_into_text() {
    let world = World::new(NOTES);
    let input = "\u{feff}{\"question\": \"NodePort 是什么\"}\n";
    let rows = check_batch(&world, input.as_bytes(), 0, &["answered"]);
    assert_eq!(rows[0]["question"], "NodePort 是什么");
}

#[test]
fn an_answer_is_one_object_in_one_line_with_all_keys() {
    let world = World::new(&[("a.md", "# 甲\n\n## 乙\n\nNodePort 是\u{2028}一种\u{85}类型。\n\n```\nNodePort\n```\n")]);
    let run = world.kewen(&["ask", "--format", "json", "NodePort 是什么"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stdout.split(['\n', '\u{2028}', '\u{85}']).count(), 2, "{run:?}");
    let answer = json(&run.stdout);
    check_keys(&answer);
    assert!(!hits(&answer).is_empty());
}

#[test]
fn an_argument_that_is_no_option_is_named() {
    let world = World::new(NOTES);
    for arguments in [&["ask", "--formt", "json", "x"][..], &["ask", "--limit", "0", "x"], &["asks"], &[]] {
        let run = run(world.bare_command(arguments), b"");
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.stderr.contains("--help"), "{arguments:?}: {run:?}");
    }
}
