//! What a person sees: help, answers, a section, errors. A changed screen is looked at before its snapshot is
//! accepted.

use crate::world::{World, run};

const NOTES: &[(&str, &str)] = &[
    (
        "k8s/kube-proxy.md",
        "### kube-proxy 是干啥用的？\n\n#### 第一步\n\nkube-proxy 监听 API server。\n\n#### 第二步\n\n- iptables\n- ipvs\n",
    ),
    ("a.txt", "### 什么是云？\n\n![](a b.png)\n\n### 环境配置\n\n虚拟机要 4 核。\n"),
];

/// The screen of a command in Chinese on built notes: both streams and the exit code, without temporary paths.
#[track_caller]
fn screen(arguments: &[&str]) -> String {
    let world = World::new(NOTES);
    world.build();
    let mut command = world.command(arguments);
    command.env("KEWEN_UI__LANGUAGE", "zh");
    let run = run(command, b"");
    let text = format!("{}---- stderr\n{}---- exit {}", run.stdout, run.stderr, run.code);
    let folder = world.path("").canonicalize().unwrap();
    let text = text.replace(&*world.path("").to_string_lossy(), "DIR/").replace(&*folder.to_string_lossy(), "DIR");
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn help_teaches() {
    insta::assert_snapshot!("help", screen(&["--help"]));
    insta::assert_snapshot!("help_ask", screen(&["ask", "--help"]));
}

#[test]
fn an_answer_shows_path_text_and_place() {
    insta::assert_snapshot!("answered", screen(&["ask", "kube-proxy 是干啥用的"]));
    insta::assert_snapshot!("picture", screen(&["ask", "什么是云"]));
    insta::assert_snapshot!("related", screen(&["ask", "iptables 是什么"]));
    insta::assert_snapshot!("not_found", screen(&["ask", "今天晚上吃火锅还是烧烤"]));
}

#[test]
fn a_section_is_shown_whole() {
    insta::assert_snapshot!("section", screen(&["show", "k8s/kube-proxy.md#kube-proxy-是干啥用的"]));
}

#[test]
fn an_error_says_what_to_do_next() {
    insta::assert_snapshot!("no_question", screen(&["ask"]));
    insta::assert_snapshot!("no_section", screen(&["show", "k8s/kube-proxy.md#第一"]));
    insta::assert_snapshot!("no_token", screen(&["bot"]));
    insta::assert_snapshot!("no_such_option", screen(&["ask", "--formt", "json", "Pod"]));
}
