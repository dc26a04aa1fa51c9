//! What people type and what is made of it: slips, pinyin, other names, follow-ups, and what is no question of the notes.

use serde_json::{Value, json};

use crate::world::{World, hits, json as parsed, of_hits, run};

/// Six sections, each about one thing.
const NOTES: &[(&str, &str)] = &[
    (
        "container.md",
        "# 容器\n\n## 容器是什么\n\n容器是一组被隔离的进程。\n\n## 镜像\n\n镜像是容器的模板，用 docker build 来构建。\n",
    ),
    (
        "k8s.md",
        "# Kubernetes\n\n## StatefulSet\n\nStatefulSet 管理有状态的应用，每个 Pod 有稳定的名字。\n\n\
         ## 声明式 API\n\n声明式 API 只写想要的结果。\n\n\
         ## kube-proxy\n\nkube-proxy 监听 Service 的变化。\n\n### 模式\n\nkube-proxy 有 iptables 和 ipvs 两种模式。\n",
    ),
    (
        "mesh.md",
        "# 服务网格\n\n## Istio 的安装\n\n用 istioctl install 安装 Istio。\n\n## 滚动更新\n\n滚动更新时旧的 Pod 一个一个被替换。\n",
    ),
];

/// A section for small talk to be lost in, and two on logs.
const MORE_NOTES: &[(&str, &str)] = &[(
    "logs.md",
    "# 日志\n\n## 应用的日志\n\n应用的日志怎么看：用 docker logs 来看。\n\n\
     ## 转发的日志\n\nkube-proxy 的日志怎么看：用 kubectl logs 来看。\n\n\
     ## 求助\n\n你好，在吗？出错了怎么办？谢谢老师。\n",
)];

/// The answer to the last of these questions, asked as one conversation.
#[track_caller]
fn converse(questions: &[&str]) -> Value {
    let world = World::new(&[NOTES, MORE_NOTES].concat());
    let rows = questions.iter().map(|question| json!({"question": question, "session": 1}).to_string() + "\n");
    let rows: String = rows.collect();
    let run = run(world.command(&["ask", "--format", "json", "--batch", "-"]), rows.as_bytes());
    assert_eq!(run.code, 0, "{run:?}");
    parsed(run.stdout.lines().last().unwrap())
}

/// Asks alone: the headings in their order begin with `first`, and what was mended is `corrections`.
#[track_caller]
fn check(question: &str, first: &str, corrections: &[&str]) -> Value {
    let answer = converse(&[question]);
    assert_eq!(of_hits(&answer, "heading").first().map(String::as_str), Some(first), "{answer:#}");
    assert_eq!(answer["corrections"], json!(corrections), "{answer:#}");
    answer
}

#[test]
fn a_misspelt_latin_word_is_taken_for_the_nearest_known_one() {
    let answer = check("itsio 怎么安装", "Istio 的安装", &["itsio → istio"]);
    assert_eq!(answer["outcome"], "answered", "what was mended is known: {answer:#}");
    check("StatfulSet 是什么", "StatefulSet", &["StatfulSet → statefulset"]);
    check("kube-porxy 监听什么", "kube-proxy", &["kube-porxy → kube-proxy"]);
}

#[test]
fn slips_are_told_once_each_and_in_their_order() {
    let answer = converse(&["kube-porxy 和 itsio 和 itsio 的关系"]);
    assert_eq!(answer["corrections"], json!(["kube-porxy → kube-proxy", "itsio → istio"]), "{answer:#}");
}

#[test]
fn a_word_of_its_own_is_not_taken_for_another() {
    let answer = converse(&["spring 怎么安装"]);
    assert_eq!(answer["corrections"], json!([]), "{answer:#}");
    assert_ne!(answer["outcome"], "answered", "no note knows spring: {answer:#}");
    assert_eq!(answer["unknown"], json!(["spring"]), "{answer:#}");
}

#[test]
fn a_character_that_only_sounds_right_is_mended() {
    check("声名式 API 是什么", "声明式 API", &["声名式 → 声明式"]);
}

#[test]
fn pinyin_is_read_from_the_words_of_the_notes() {
    check("rongqi shi shenme", "容器是什么", &["rongqi shi shenme → 容器是什么"]);
    check("kube-proxy you ji zhong moshi", "模式", &["you ji zhong moshi → 有几种模式"]);
}

#[test]
fn english_is_not_read_as_pinyin() {
    let answer = converse(&["can he change the long name"]);
    assert_eq!(answer["corrections"], json!([]), "{answer:#}");
}

#[test]
fn compounds_are_found_joined_split_and_as_they_are() {
    for typed in ["kube-proxy", "kubeproxy", "kube proxy", "KubeProxy"] {
        let answer = converse(&[typed]);
        let found = of_hits(&answer, "snippet");
        assert!(found.first().is_some_and(|text| text.contains("kube-proxy")), "{typed}: {answer:#}");
    }
}

#[test]
fn other_names_and_other_scripts_find_the_same() {
    check("sts 是啥", "StatefulSet", &[]);
    check("宣告式 API", "声明式 API", &[]);
    check("容器映像檔怎麼建", "镜像", &[]);
    check("ｋｕｂｅ－ｐｒｏｘｙ　监听什么", "kube-proxy", &[]);
    check("how to install istio", "Istio 的安装", &[]);
    check("Istio 怎么装", "Istio 的安装", &[]);
}

#[test]
fn a_follow_up_goes_on_from_the_question_before_and_says_so() {
    let answer = converse(&["kube-proxy 是干啥用的", "它有哪几种模式"]);
    assert_eq!(of_hits(&answer, "heading")[0], "模式", "{answer:#}");
    assert_eq!(answer["assumed"], json!(["kube-proxy"]), "{answer:#}");
    let alone = converse(&["它有哪几种模式"]);
    assert!(alone["assumed"].is_null(), "nothing was said before: {alone:#}");
}

#[test]
fn what_it_means_decides_among_notes() {
    let answer = converse(&["kube-proxy 是干啥用的", "它的日志怎么看"]);
    assert_eq!(of_hits(&answer, "heading")[0], "转发的日志", "the section that names kube-proxy: {answer:#}");
}

#[test]
fn another_subject_lets_the_last_one_go() {
    let answer = converse(&["kube-proxy 是干啥用的", "Istio 怎么安装"]);
    assert_eq!(of_hits(&answer, "heading")[0], "Istio 的安装", "{answer:#}");
    assert!(answer["assumed"].is_null(), "{answer:#}");
}

#[test]
fn small_talk_is_no_question() {
    for said in ["在吗", "你好", "谢谢老师", "怎么办"] {
        let answer = converse(&[said]);
        assert_eq!(answer["outcome"], "not_found", "{said}: {answer:#}");
        assert!(hits(&answer).is_empty(), "{said}: {answer:#}");
    }
}

#[test]
fn a_name_that_no_note_has_is_named_and_not_answered() {
    let answer = converse(&["StatefulSet 管理有状态的应用，每个 Pod 有稳定的名字，karmada 也是吗"]);
    assert_ne!(answer["outcome"], "answered", "{answer:#}");
    assert_eq!(answer["unknown"], json!(["karmada"]), "{answer:#}");
}

#[test]
fn an_explanation_tells_how_the_question_was_understood() {
    let world = World::new(NOTES);
    world.build();
    let told = world.kewen(&["ask", "--explain", "itsio 怎么装"]);
    assert_eq!(told.code, 0, "{told:?}");
    for part in ["Searched for: istio 怎么装", "Kind of question: how-to", "安装×0.35", "Judged: answered", "coverage"]
    {
        assert!(told.stdout.contains(part), "{part:?} is not in {}", told.stdout);
    }
    let json = parsed(&world.kewen(&["ask", "--explain", "--format", "json", "Istio"]).stdout);
    assert!(json["explanation"]["units"][0]["importance"].is_number(), "{json:#}");
    let cut = world.kewen(&["analyze", "声明式 API 和 kube-proxy"]);
    for part in ["声明式", "kubeproxy  (part of a longer word)", "bigrams: 声明 明式"] {
        assert!(cut.stdout.contains(part), "{part:?} is not in {}", cut.stdout);
    }
}
