//! What a snippet shows of a passage: steps, commands, items and rows as they were written, and what a diagram says.

use crate::world::{World, run};

/// The first snippet for a question over one note.
#[track_caller]
fn snippet(name: &str, note: &str, question: &str) -> String {
    let answer = World::new(&[(name, note)]).ask(question);
    answer["hits"][0]["snippet"].as_str().unwrap_or_else(|| panic!("no hit: {answer}")).to_owned()
}

const ERRORS: &str = "## 连不上\n\nconnection was refused\n    服务没起来。先看它的日志。\n\npermission denied\n    文件没有执行权限, \
                      chmod +x 就好。\n";

#[test]
fn lines_of_plain_text_stay_lines() {
    let shown = snippet("速查.txt", ERRORS, "permission denied 怎么办");
    assert!(shown.contains("permission denied\n文件没有执行权限, chmod +x 就好。"), "{shown}");
    let listed = snippet("a.txt", "NodePort 开端口\nClusterIP 只在集群里\nLoadBalancer 找云厂商\n", "ClusterIP");
    assert_eq!(listed, "NodePort 开端口\nClusterIP 只在集群里\nLoadBalancer 找云厂商");
}

#[test]
fn lines_of_markdown_are_joined_unless_they_were_written_as_lines() {
    // A wrapped sentence is one sentence; no blank between Han characters, also beside a mark.
    let wrapped = snippet("a.md", "容器是一个\n**隔离**的\n进程 on\na host。\n", "容器");
    assert_eq!(wrapped, "容器是一个隔离的进程 on a host。");
    let shown = snippet("a.md", ERRORS, "permission denied 怎么办");
    assert!(shown.contains("permission denied\n文件没有"), "{shown}");
    let entries = snippet("a.md", "课程：容器\n教师：见课表\n地点：机房\n", "课程地点");
    assert_eq!(entries, "课程：容器\n教师：见课表\n地点：机房");
    let hard = snippet("a.md", "容器开放端口 (8080)  \n镜像分层\n", "容器端口");
    assert_eq!(hard, "容器开放端口 (8080)\n镜像分层", "a hard break is a break");
}

#[test]
fn steps_keep_their_numbers() {
    let note = "# 部署\n\n3. 构建镜像\n4. 推送镜像\n   - 先登录仓库\n\n   登录一次就够。\n5. 部署镜像\n";
    let shown = snippet("a.md", note, "镜像怎么部署");
    assert_eq!(shown, "3. 构建镜像\n4. 推送镜像\n  - 先登录仓库\n登录一次就够。\n5. 部署镜像");
    assert!(snippet("a.md", "1) 构建镜像\n2) 推送镜像\n", "推送镜像").contains("2) 推送镜像"));
}

#[test]
fn a_question_how_something_is_done_shows_the_commands() {
    let filler = "回滚会用到旧的版本，回滚以前先看清楚历史，回滚不是删除。".repeat(3);
    let note = format!(
        "# 回滚\n\n回滚很常见。{filler}\n\n用这一条命令：\n\n```bash\nkubectl rollout undo deployment/web\n```\n\n{filler}\n"
    );
    let shown = snippet("a.md", &note, "Deployment 怎么回滚");
    assert!(shown.contains("用这一条命令：\nkubectl rollout undo deployment/web"), "{shown}");
}

#[test]
fn a_question_for_a_list_shows_the_items_from_the_first_on() {
    let note = format!(
        "# 服务\n\n服务把流量转给后端。{}\n\n常见的服务类型有这些\n\n- ClusterIP\n- NodePort\n- LoadBalancer 服务\n- ExternalName\n",
        "服务的端口和服务的地址都可以改，服务的类型也一样。".repeat(6)
    );
    let shown = snippet("a.md", &note, "服务有哪些类型");
    assert!(shown.contains("- ClusterIP\n- NodePort\n- LoadBalancer 服务\n- ExternalName"), "{shown}");
}

#[test]
fn a_row_comes_with_the_names_of_its_columns() {
    let rows: String = (0..30).map(|number| format!("| 组件{number} | {} |\n", 9000 + number)).collect();
    let note = format!("# 端口\n\n| 组件 | 默认端口 |\n|---|---|\n{rows}| etcd | 2379 |\n");
    let shown = snippet("a.md", &note, "etcd 默认端口是多少");
    assert!(shown.starts_with("组件 | 默认端口\n") && shown.contains("etcd | 2379"), "{shown}");
}

#[test]
fn a_definition_comes_before_sentences_that_only_use_the_word() {
    let filler = "镜像仓库存放镜像，镜像仓库里的镜像可以拉取，换一个镜像仓库也行。".repeat(9);
    let note = format!("# 概念\n\n{filler}\n\n镜像仓库是存放和分发镜像的服务。\n\n{filler}\n");
    assert!(snippet("a.md", &note, "什么是镜像仓库").contains("镜像仓库是存放和分发镜像的服务。"));
}

#[test]
fn a_diagram_is_found_by_its_names_and_shown_in_words() {
    let note = "# 请求\n\n```mermaid\nflowchart TD\n  U[\"浏览器\"] --> G[入口网关]\n  G -->|转发| S(订单服务)\n  style U fill:#fff\n```\n";
    assert_eq!(snippet("a.md", note, "入口网关"), "🖼 浏览器 → 入口网关\n入口网关 → 订单服务（转发）");
    let world = World::new(&[("a.md", note)]);
    let text = world.kewen(&["ask", "订单服务"]);
    assert!(text.stdout.contains("→ 订单服务") && !text.stdout.contains("is a picture"), "{text:?}");
    assert_eq!(world.ask("flowchart fill")["outcome"], "not_found", "syntax is not what the note says");
}

#[test]
fn particles_are_never_marked() {
    let answer = World::new(&[("a.md", "# 的\n\n容器的端口是的。\n")]).ask("的");
    for hit in answer["hits"].as_array().unwrap() {
        assert!(hit["highlights"].as_array().unwrap().is_empty(), "{hit}");
    }
}

#[test]
fn a_heading_that_stands_anywhere_is_shown_with_the_name_of_its_note() {
    let world = World::new(&[("镜像分层.md", "## 小结\n\n层是共享的单位。\n")]);
    let text = world.kewen(&["ask", "层的单位"]);
    assert!(text.stdout.starts_with("1. 镜像分层 › 小结\n"), "{text:?}");
}

#[test]
fn a_misspelt_note_is_guessed_and_a_draft_is_called_one() {
    let world = World::new(&[
        ("网络/kube-proxy.md", "# kube-proxy\n\n转发。\n"),
        ("网络/总览.md", "# 总览\n\n网络。\n"),
        ("草稿.md", "---\ndraft: true\n---\n# 草稿\n"),
    ]);
    let run = world.kewen(&["show", "kube-porxy"]);
    assert!(run.code == 2 && run.stderr.contains("Did you mean 网络/kube-proxy.md?"), "{run:?}");
    let run = world.kewen(&["show", "完全不同的名字"]);
    assert!(run.code == 2 && !run.stderr.contains("Did you mean"), "{run:?}");
    let run = world.kewen(&["show", "草稿.md"]);
    assert!(run.code == 2 && run.stderr.contains("草稿.md is a draft"), "{run:?}");
    let doctor = world.kewen(&["doctor", "--offline"]);
    assert!(doctor.stdout.contains("2 notes and 1 draft, not indexed"), "{doctor:?}");
    let built = world.kewen(&["index"]);
    assert!(
        built.stderr.contains("1 draft was left out.") || built.stdout.contains("1 draft was left out."),
        "{built:?}"
    );
}

#[test]
fn a_broken_line_of_a_batch_is_named_by_its_number() {
    let world = World::new(&[("a.md", "# 容器\n\n容器是进程。\n")]);
    let mut command = world.command(&["ask", "--format", "json", "--batch", "-"]);
    command.env("KEWEN_UI__LANGUAGE", "zh");
    let run = run(command, "容器\n\n{\"frage\": 1}\n".as_bytes());
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("第 3 行以 { 开头") && run.stderr.contains("{\"question\": \"…\"}"), "{run:?}");
    assert!(!run.stderr.contains("missing field"), "{run:?}");
}
