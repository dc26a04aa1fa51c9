//! What people type and what is made of it: slips, pinyin, other names, and what stands around a question.

use serde_json::{Value, json};

use crate::world::{World, json as parsed, of_hits, run};

/// Six sections, each about one thing.
pub(crate) const NOTES: &[(&str, &str)] = &[
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

/// A section for small talk to be lost in, two on logs, and what people have trouble with.
pub(crate) const MORE_NOTES: &[(&str, &str)] = &[
    (
        "logs.md",
        "# 日志\n\n## 应用的日志\n\n应用的日志怎么看：用 docker logs 来看。\n\n\
     ## 转发的日志\n\nkube-proxy 的日志怎么看：用 kubectl logs 来看。\n\n\
     ## 求助\n\n你好，在吗？出错了怎么办？谢谢老师。\n",
    ),
    (
        "probe.md",
        "# 探针\n\n## 探针的参数\n\n探针默认超时 1 秒，每 10 秒探测一次。\n\n## 就绪探针\n\n就绪探针失败时，Pod 不接收流量。\n\n\
     # 重启\n\n## 重启策略\n\n重启策略有 Always、OnFailure 和 Never。Pod 一直 Pending 是因为资源不够。\n\n\
     ## 虚拟机\n\n虚拟机有自己的内核，容器没有。\n\n\
     ## CrashLoopBackOff\n\n容器反复退出时，kubelet 报 Back-off restarting failed container。\n",
    ),
];

/// The turns of one conversation, the outcome of the last, the headings of all its hits in their order, what is told beside them
/// (without what is empty), and why.
pub(crate) type Row = (&'static [&'static str], &'static str, &'static [&'static str], Value, &'static str);

/// Asks all rows in one batch, each in a conversation of its own.
#[track_caller]
pub(crate) fn check(rows: &[Row]) {
    let world = World::new(&[NOTES, MORE_NOTES].concat());
    let mut asked = String::new();
    for (session, (questions, ..)) in rows.iter().enumerate() {
        for question in *questions {
            asked += &(json!({"question": question, "session": session}).to_string() + "\n");
        }
    }
    let run = run(world.command(&["ask", "--format", "json", "--batch", "-"]), asked.as_bytes());
    assert!(run.code < 2, "{run:?}");
    let mut answers = run.stdout.lines();
    let mut wrong = String::new();
    for (questions, outcome, headings, remarks, why) in rows {
        let answer = parsed(answers.nth(questions.len() - 1).unwrap());
        let told = ["corrections", "assumed", "aliases", "unknown"].map(|key| (key, &answer[key]));
        let told = told.into_iter().filter(|(_, words)| words.as_array().is_some_and(|words| !words.is_empty()));
        let told: Value = told.map(|(key, words)| (key.to_owned(), words.clone())).collect();
        let found = (answer["outcome"].as_str().unwrap(), of_hits(&answer, "heading"), told);
        let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        if found != (*outcome, headings.clone(), remarks.clone()) {
            wrong += &format!("{questions:?}: {why}\n  found {found:?}\n  not   {:?}\n", (outcome, headings, remarks));
        }
    }
    assert_eq!(answers.next(), None);
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn other_names_find_the_same_and_a_name_that_decided_is_told() {
    check(&[
        (&["sts 是啥"], "answered", &["StatefulSet"], json!({"aliases": ["StatefulSet"]}), "an abbreviation"),
        (&["有状态集 管理什么"], "answered", &["StatefulSet"], json!({}), "a Chinese name for an English one"),
        (&["宣告式 API"], "answered", &["声明式 API"], json!({"aliases": ["声明式"]}), "Taiwan's name"),
        (
            &["容器映像檔怎麼建"],
            "answered",
            &["镜像", "容器是什么", "CrashLoopBackOff"],
            json!({"aliases": ["镜像"]}),
            "Taiwan's name in its own script",
        ),
        (
            &["ｋｕｂｅ－ｐｒｏｘｙ　监听什么"],
            "answered",
            &["kube-proxy", "模式", "转发的日志"],
            json!({}),
            "full width is half width, which is no other name",
        ),
        (
            &["how to install istio"],
            "answered",
            &["Istio 的安装"],
            json!({}),
            "English words for Chinese ones are everyday words and are not told",
        ),
        (&["Istio 怎么装"], "answered", &["Istio 的安装"], json!({}), "an everyday word for the written one"),
        (&["costs 是什么"], "not_found", &[], json!({"unknown": ["costs"]}), "sts within a word is no abbreviation"),
    ]);
}

#[test]
fn a_misspelt_latin_word_is_taken_for_the_nearest_known_one() {
    check(&[
        (
            &["itsio 怎么安装"],
            "answered",
            &["Istio 的安装"],
            json!({"corrections": ["itsio → istio"]}),
            "two letters changed places",
        ),
        (
            &["StatfulSet 是什么"],
            "answered",
            &["StatefulSet"],
            json!({"corrections": ["StatfulSet → statefulset"]}),
            "a letter was left out",
        ),
        (
            &["kube-porxy 监听什么"],
            "answered",
            &["kube-proxy", "模式", "转发的日志"],
            json!({"corrections": ["kube-porxy → kube-proxy"]}),
            "within a compound",
        ),
        (
            &["kube-porxy 和 itsio 和 itsio 的关系"],
            "answered",
            &["模式", "kube-proxy", "Istio 的安装"],
            json!({"corrections": ["kube-porxy → kube-proxy", "itsio → istio"], "unknown": ["关系"]}),
            "slips are told once each and in their order",
        ),
        (
            &["spring 怎么安装"],
            "related",
            &["Istio 的安装"],
            json!({"unknown": ["spring"]}),
            "a word of its own: string is no slip of it",
        ),
        (
            &["restarting 是什么"],
            "related",
            &["CrashLoopBackOff", "容器是什么"],
            json!({}),
            "the notes hold it: nothing to mend",
        ),
    ]);
}

#[test]
fn a_han_word_that_sounds_or_looks_right_is_mended() {
    check(&[
        (
            &["声名式 API 是什么"],
            "answered",
            &["声明式 API"],
            json!({"corrections": ["声名式 → 声明式"]}),
            "sounds alike",
        ),
        (&["怎么构建静像"], "answered", &["镜像"], json!({"corrections": ["静像 → 镜像"]}), "sounds alike"),
        (
            &["怎么构建进象"],
            "answered",
            &["镜像"],
            json!({"corrections": ["进象 → 镜像"]}),
            "sounds nearly alike, both characters, and is no word",
        ),
        (
            &["虚似机和容器的区别"],
            "answered",
            &["虚拟机", "容器是什么", "镜像"],
            json!({"corrections": ["虚似机 → 虚拟机"]}),
            "looks alike",
        ),
        (
            &["资源和实力"],
            "answered",
            &["重启策略"],
            json!({"unknown": ["实力"]}),
            "words of the dictionary that sound like no name stay as they are",
        ),
    ]);
}

#[test]
fn pinyin_is_read_from_the_words_of_the_notes() {
    check(&[
        (
            &["rongqi shi shenme"],
            "answered",
            &["容器是什么", "镜像", "CrashLoopBackOff"],
            json!({"corrections": ["rongqi shi shenme → 容器是什么"]}),
            "the whole question",
        ),
        (
            &["什么是 rongqi"],
            "answered",
            &["容器是什么", "镜像", "CrashLoopBackOff"],
            json!({"corrections": ["rongqi → 容器"]}),
            "one word among Han characters",
        ),
        (
            &["kube-proxy you ji zhong moshi"],
            "answered",
            &["模式", "kube-proxy", "转发的日志"],
            json!({"corrections": ["you ji zhong moshi → 有几种模式"]}),
            "beside an English name",
        ),
        (
            &["weishenme pod yizhi pending zenmeban"],
            "answered",
            &["重启策略", "就绪探针", "滚动更新"],
            json!({"corrections": ["weishenme → 为什么", "yizhi → 一直", "zenmeban → 怎么办"]}),
            "pending could be pinyin too, but the notes hold it as it is",
        ),
        (
            &["chongqi celue"],
            "answered",
            &["重启策略"],
            json!({"corrections": ["chongqi celue → 重启策略"]}),
            "重 in its other reading, and 略 as most people type it",
        ),
        (
            &["zhongqi celve"],
            "answered",
            &["重启策略"],
            json!({"corrections": ["zhongqi celve → 重启策略"]}),
            "重 in its first reading, and 略 as it is spelt",
        ),
        (
            &["can he change the long name"],
            "related",
            &["StatefulSet", "滚动更新", "kube-proxy"],
            json!({"unknown": ["change"]}),
            "English is not read as pinyin",
        ),
        (
            &["what is the name of the machine"],
            "not_found",
            &[],
            json!({"unknown": ["machine"]}),
            "name is 那么 only where no English stands around it",
        ),
    ]);
}

#[test]
fn a_compound_is_found_joined_split_and_as_it_is() {
    check(&[
        (&["kube-proxy"], "answered", &["kube-proxy", "模式", "转发的日志"], json!({}), "as it is"),
        (
            &["kubeproxy"],
            "answered",
            &["kube-proxy", "模式", "转发的日志"],
            json!({"aliases": ["kube-proxy"]}),
            "joined",
        ),
        (&["kube proxy"], "answered", &["kube-proxy", "模式", "转发的日志"], json!({}), "split"),
        (&["KubeProxy"], "answered", &["kube-proxy", "模式", "转发的日志"], json!({}), "by its humps"),
    ]);
}

#[test]
fn what_surrounds_a_question_does_not_matter() {
    check(&[
        (&["kube-proxy 是干啥用的"], "answered", &["kube-proxy", "模式", "转发的日志"], json!({}), "the bare question"),
        (
            &["<@123> 你好 👋 请问老师，kube-proxy 是干啥用的呀？谢谢 🙏"],
            "answered",
            &["kube-proxy", "模式", "转发的日志"],
            json!({}),
            "a mention, a greeting, emoji and thanks",
        ),
        (
            &["\"kube-proxy\" AND (是干啥用的~^)"],
            "answered",
            &["kube-proxy", "模式", "转发的日志"],
            json!({}),
            "signs of a query language",
        ),
    ]);
}

#[test]
fn the_question_in_a_long_message_leads() {
    check(&[
        (
            &["大家好，我是新来的同学，昨天装好了集群，又看了一遍教程，日志也看了，容器也建了，请问 Istio 怎么安装？"],
            "answered",
            &["Istio 的安装", "容器是什么", "镜像"],
            json!({"unknown": ["昨天", "装好", "集群", "一遍"]}),
            "the question at the end",
        ),
        (
            &[
                "大家好，我是新来的同学，昨天装好了集群，又看了一遍教程，请问 Istio 怎么安装？顺便说一下，日志也看了，容器也建了，谢谢",
            ],
            "answered",
            &["Istio 的安装", "应用的日志", "转发的日志"],
            json!({"unknown": ["一遍", "昨天", "装好", "集群", "顺便"]}),
            "the question in the middle",
        ),
        (
            &["Back-off restarting failed container web in pod web-7d4b9c6f8d-x2x9p 3m (x4 over 5m) 10.0.0.12:2379"],
            "related",
            &["CrashLoopBackOff", "容器是什么", "就绪探针"],
            json!({"unknown": ["web", "over"]}),
            "ids, times, counts and addresses of a pasted log do not weigh",
        ),
    ]);
}

#[test]
fn each_kind_of_question_finds_its_section_first() {
    check(&[
        (&["什么是虚拟机"], "answered", &["虚拟机"], json!({}), "definition: the section that says what it is"),
        (&["怎么安装 Istio"], "answered", &["Istio 的安装"], json!({}), "how-to"),
        (&["虚拟机和容器有什么不同"], "answered", &["虚拟机", "容器是什么", "镜像"], json!({}), "comparison"),
        (&["Pod 的重启策略有哪些"], "answered", &["重启策略", "就绪探针", "滚动更新"], json!({}), "list"),
        (&["为什么 Pod 一直 Pending"], "answered", &["重启策略", "就绪探针", "滚动更新"], json!({}), "reason"),
        (&["探针默认超时几秒"], "answered", &["探针的参数", "就绪探针"], json!({}), "fact"),
        (&["kube-proxy 有 ipvs 模式吗"], "answered", &["模式", "kube-proxy", "转发的日志"], json!({}), "yes or no"),
    ]);
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

#[test]
fn a_word_of_the_courses_own_lexicon_is_read_in_pinyin_and_with_a_slip() {
    let world = World::new(&[
        ("a.md", "# 调度\n\n## Pod\n\nPod 是调度的最小单位，里面有几个容器。\n"),
        ("lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"豆荚组\"]\n"),
    ]);
    for (question, correction) in
        [("doujiazu shi shenme", "doujiazu shi shenme → 豆荚组是什么"), ("豆夹组是什么", "豆夹组 → 豆荚组")]
    {
        let answer = world.ask(question);
        assert_eq!(answer["corrections"], json!([correction]), "{answer}");
        assert_eq!(
            (of_hits(&answer, "heading")[0].as_str(), &answer["outcome"]),
            ("Pod", &json!("answered")),
            "{answer}"
        );
    }
}
