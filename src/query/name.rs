//! A question that asks for a thing and nothing more of it (etcd 是什么, etcd), and headings that are the name of one.

use super::expansion::Phrase;
use super::intent::{Intent, definition_words};
use super::{Role, Unit};
use crate::text::{Lexicon, Span, TermKind, Token, WordClass, fold, word_class};

/// What a heading has behind a name of which it says what it is.
const ABOUT: &[&str] = &["概述", "简介", "介绍", "概览", "overview", "introduction"];

/// The letters and digits of a name, by which two names are compared: folded, and without an English plural.
fn letters(folded: &str) -> String {
    let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_word = letters.len() > 3 && letters.is_ascii();
    letters.strip_suffix('s').filter(|_| is_word).map(str::to_owned).unwrap_or(letters)
}

/// The names of what a question asks for, when it is a thing and no more is asked of it: as typed and as the lexicon has them.
pub(super) fn asked(
    text: &str,
    tokens: &[Token],
    units: &[Unit],
    intent: Intent,
    phrases: &[Phrase],
    lexicon: &Lexicon,
) -> Vec<String> {
    let content = || units.iter().filter(|unit| unit.role == Role::Content);
    let is_story = content().any(|unit| unit.focus < 1.0);
    if !matches!(intent, Intent::Definition | Intent::Other) || is_story {
        return Vec::new();
    }
    let mut named = tokens.iter().filter(|token| !token.part && word_class(&token.text) == WordClass::Content);
    let Some(first) = named.next() else { return Vec::new() };
    let span = Span::new(first.span.start, named.map(|token| token.span.end).fold(first.span.end, usize::max));
    // With the small words in it (节点的状态), and without.
    let joined: String = content().map(|unit| unit.text.as_str()).collect();
    let typed = [fold(span.of(text)), fold(&joined)];
    let groups = phrases.iter().filter(|(phrase, _)| phrase.contains(span)).flat_map(|(_, key)| lexicon.groups(key));
    let others = groups.filter(|group| group.kind == TermKind::Name).flat_map(|group| group.names);
    let mut names: Vec<String> = typed.into_iter().chain(others.map(fold)).map(|name| letters(&name)).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a heading (folded) is one of these names: whole, before brackets or in them, or without words that ask what it is (什么是云？).
#[must_use]
pub(crate) fn is_called(heading: &str, names: &[String]) -> bool {
    if names.is_empty() {
        return false;
    }
    let whole = letters(heading);
    // Each of these is a part of the whole, and hardly any heading has a name in it.
    names.iter().any(|name| whole.contains(name.as_str())) && of_heading(heading).any(|name| names.contains(&name))
}

/// The names that a heading (folded) is.
fn of_heading(heading: &str) -> impl Iterator<Item = String> {
    let brackets = heading.split_once(['(', '（']);
    let before = brackets.map(|(before, _)| before);
    let within = brackets.and_then(|(_, rest)| rest.trim_end().strip_suffix([')', '）']));
    [Some(heading), Some(without_question(heading)), before, within].into_iter().flatten().map(letters)
}

/// A heading without what asks for a definition, at either end, or announces it.
fn without_question(heading: &str) -> &str {
    let small = |c: char| !c.is_alphanumeric() || matches!(c, '是' | '的');
    let end = heading.trim_end_matches(small);
    let start = heading.trim_start_matches(|c: char| !c.is_alphanumeric());
    let behind = definition_words().chain(ABOUT.iter().copied()).filter_map(|word| end.strip_suffix(word));
    // 定义 Service is something to be done.
    let asks = |word: &&str| ["什么", "啥", "何谓", "what"].iter().any(|asking| word.contains(asking));
    let before = definition_words().filter(asks).filter_map(|word| start.strip_prefix(word));
    let (behind, before) = (behind.min_by_key(|rest| rest.len()), before.min_by_key(|rest| rest.len()));
    let named = behind.map(|rest| rest.trim_end_matches(small)).or(before).unwrap_or(heading);
    // 容器到底是什么
    ["到底", "究竟"].iter().fold(named, |named, word| named.strip_suffix(word).unwrap_or(named))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;
    use crate::text::Analyzer;

    #[test]
    fn a_heading_is_a_name_whole_in_brackets_or_asked_for() {
        for (heading, name) in [
            ("etcd", "etcd"),
            ("Kube-Proxy", "kubeproxy"),
            ("Pods", "pod"),
            ("联邦 (federation)", "联邦"),
            ("联邦（federation）", "federation"),
            ("什么是云？", "云"),
            ("云原生是什么?", "云原生"),
            ("kube-proxy 是干啥用的？", "kubeproxy"),
            ("What is a Pod", "apod"),
            ("容器到底是什么？", "容器"),
            ("Service 概述", "service"),
            ("调度器的作用", "调度器"),
            ("C++", "c"),
        ] {
            assert!(is_called(&fold(heading), &[name.to_owned()]), "{heading}");
        }
        for (heading, name) in [
            ("Etcd 2", "etcd"),
            ("非 Kubernetes", "kubernetes"),
            ("CronJob 删除", "cronjob"),
            ("定义 Service", "service"),
        ] {
            assert!(!is_called(&fold(heading), &[name.to_owned()]), "{heading}");
        }
    }

    #[test]
    fn a_question_asks_for_a_thing_when_it_asks_nothing_more() {
        let analyzer = Analyzer::new(Lexicon::standard());
        let names = |question: &str| Query::of(question.to_owned(), &analyzer).called;
        for (question, name) in [
            ("etcd 是什么", "etcd"),
            ("etcd", "etcd"),
            ("什么是 Pods？", "pod"),
            ("节点的状态是什么", "节点的状态"),
            ("service mesh", "服务网格"),
            ("what is a service mesh", "服务网格"),
            ("请问命名空间是啥呀", "namespace"),
            ("R 是什么", "r"),
        ] {
            assert!(names(question).contains(&name.to_owned()), "{question}: {:?}", names(question));
        }
        for question in
            ["etcd 怎么备份", "服务网格要不要上", "容器有哪些", "为什么要 etcd", "etcd 和 Redis 的区别", "是什么"]
        {
            assert!(names(question).is_empty(), "{question}: {:?}", names(question));
        }
        assert!(!names("kube-proxy 监听什么").contains(&"kubeproxy".to_owned()));
    }
}
