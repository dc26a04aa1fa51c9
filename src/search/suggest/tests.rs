//! What is suggested to somebody who types.

use proptest::prelude::*;

use super::*;

fn suggestions(texts: &[&str]) -> Suggestions {
    let worth = |number: usize| 1.0 - number as f32 / 100.0;
    let candidate = |(number, text): (usize, &&str)| Candidate { text: (*text).to_owned(), worth: worth(number) };
    Suggestions::new(texts.iter().enumerate().map(candidate).collect())
}

const TEXTS: &[&str] = &[
    "Pod 是什么",
    "kube-proxy 是干啥用的？",
    "容器编排",
    "什么是容器",
    "Deployment 怎么回滚",
    "重启策略",
    "Kubernetes 里的调度",
    "How does a Service find its Pods?",
];

/// The first suggestion for each thing typed.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let suggestions = suggestions(TEXTS);
    for (typed, expected) in cases {
        let found = suggestions.of(typed);
        assert_eq!(found.first().copied().unwrap_or_default(), *expected, "{typed}: {found:?}");
    }
}

#[test]
fn every_beginning_of_a_name_suggests_it() {
    let suggestions = suggestions(TEXTS);
    for end in 1..="kube-proxy".len() {
        let typed: String = "kube-proxy".chars().take(end).collect();
        assert!(suggestions.of(&typed).contains(&"kube-proxy 是干啥用的？"), "{typed}: {:?}", suggestions.of(&typed));
    }
    check(&[
        ("KUBE-P", "kube-proxy 是干啥用的？"),
        ("ｋｕｂｅ-p", "kube-proxy 是干啥用的？"),
        ("proxy", "kube-proxy 是干啥用的？"),
    ]);
}

#[test]
fn chinese_is_found_anywhere_in_a_text_and_traditional_characters_too() {
    check(&[("容", "容器编排"), ("编排", "容器编排"), ("調度", "Kubernetes 里的调度"), ("pod是", "Pod 是什么")]);
}

#[test]
fn pinyin_is_found_whole_begun_parted_and_by_its_first_letters() {
    check(&[
        ("rongqi", "容器编排"),
        ("rongq", "容器编排"),
        ("rong'qi'b", "容器编排"),
        ("rong qi", "容器编排"),
        ("rqbp", "容器编排"),
        // 重 is read in two ways.
        ("chongqi", "重启策略"),
        ("zhongqi", "重启策略"),
        ("pod shi", "Pod 是什么"),
        ("diaodu", "Kubernetes 里的调度"),
    ]);
}

#[test]
fn a_slip_is_forgiven() {
    check(&[
        ("kube-porxy", "kube-proxy 是干啥用的？"),
        ("kubeproxi", "kube-proxy 是干啥用的？"),
        ("deploiment", "Deployment 怎么回滚"),
        ("delpoy", "Deployment 怎么回滚"),
        // One character that only sounds right, and one that is wrong altogether.
        ("容器编派", "容器编排"),
        ("重启测略", "重启策略"),
        ("容器编制", "容器编排"),
    ]);
}

#[test]
fn words_may_stand_in_any_order_and_a_whole_question_names_its_thing() {
    check(&[
        ("回滚 deployment", "Deployment 怎么回滚"),
        ("pods service", "How does a Service find its Pods?"),
        ("请问一下 kube-proxy", "kube-proxy 是干啥用的？"),
        ("什么是容器编排，跟虚拟机有什么不一样", "容器编排"),
    ]);
}

#[test]
fn nothing_typed_gives_what_is_worth_most_and_nonsense_gives_nothing() {
    let suggestions = suggestions(TEXTS);
    for nothing in ["", " ", "\u{200B}", "？！", "@"] {
        assert_eq!(suggestions.of(nothing), TEXTS, "{nothing:?}");
    }
    for nonsense in ["红烧肉", "zzzzqqq", "🤔x🤔"] {
        assert_eq!(suggestions.of(nonsense), Vec::<&str>::new(), "{nonsense}");
    }
}

#[test]
fn a_text_is_cleaned_cut_and_suggested_once() {
    let long = "字".repeat(300);
    let flags = format!("x{}", "🇨🇳".repeat(40));
    let suggestions =
        suggestions(&["Pod 是什么？", "pod  是什么", "", " \u{202E} ", "<@12>", "a\nb\u{202E}c", &long, &flags]);
    let all = suggestions.of("");
    assert_eq!(all[..2], ["Pod 是什么？", "a bc"]);
    assert_eq!(all[2], format!("{}…", "字".repeat(99)));
    assert_eq!(all[3], format!("x{}…", "🇨🇳".repeat(24)), "cut between two graphemes");
    assert_eq!(all.len(), 4);
}

#[test]
fn no_more_are_given_than_discord_shows() {
    let texts: Vec<String> = (0..200).map(|number| format!("k8s 第 {number} 课")).collect();
    let suggestions = suggestions(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    for typed in ["", "k", "k8s", "课", "ke"] {
        assert_eq!(suggestions.of(typed).len(), SUGGESTIONS_MAX, "{typed}");
    }
}

proptest! {
    #[test]
    fn whatever_is_typed_the_suggestions_keep_the_limits(
        texts in prop::collection::vec("([@<>#*`~ \\n\u{202E}\u{200B}-]|[a-e]|容|器|重|🤔|👩‍👧|kube-proxy){0,150}", 0..40),
        typed in "([@<>#'` \\n\u{202E}-]|[a-e]|容|器|rongqi|🤔|kube){0,2000}",
    ) {
        let candidates = texts.into_iter().map(|text| Candidate { text, worth: 0.5 }).collect();
        let suggestions = Suggestions::new(candidates);
        let found = suggestions.of(&typed);
        prop_assert!(found.len() <= SUGGESTIONS_MAX);
        let different: HashSet<&str> = found.iter().copied().collect();
        prop_assert_eq!(different.len(), found.len());
        for text in found {
            prop_assert!(!text.trim().is_empty() && text.encode_utf16().count() <= SUGGESTION_LENGTH_MAX, "{text:?}");
            prop_assert!(!text.contains(|c: char| c.is_control() || c == '\u{202E}'), "{text:?}");
        }
    }
}
