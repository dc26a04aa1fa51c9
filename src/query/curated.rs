//! The keys under which curated answers are found: two questions with a key in common ask the same.
//!
//! A key is how a question asks (`asks.toml`) and what it names, each thing by one name: simplified, in lower case, by the first
//! name of its lexicon group, in the order of the names and not of the words. What is polite or holds the sentence together is left
//! out. So 怎么安装 Docker, Docker 咋装啊 and how to install docker have one key, and Docker 是什么 another. A match is equality:
//! an answer that an instructor wrote for another question is worse than none.

use std::collections::BTreeSet;

use super::expansion::{Phrase, phrases};
use crate::index::VAGUE;
pub use crate::index::is_vague;
use crate::text::{Analyzer, Span, Token, TokenKind, WordClass, WordTable, alias_key, fold, word_class, word_table};

/// A question that names more things tells a story, for which nobody writes an answer.
const THINGS_MAX: usize = 10;
/// A longer question is not compared letter by letter; characters.
const LITERAL_CHARS_MAX: usize = 200;

/// Of each word of `asks.toml` the lists in which it stands.
static TABLE: WordTable = word_table!("asks");

/// What the table says of a word.
#[derive(Clone, Copy)]
struct Listed(&'static str);

impl Listed {
    fn of(word: &str) -> Self {
        Self(TABLE.get(word).unwrap_or_default())
    }

    /// How a question with this word asks.
    fn ask(self) -> Option<&'static str> {
        self.named("ask ")
    }

    /// What a yes or no with this word is about.
    fn modal(self) -> Option<&'static str> {
        self.named("modal ")
    }

    fn named(self, kind: &str) -> Option<&'static str> {
        self.0.split('\t').find_map(|list| list.strip_prefix(kind))
    }

    fn is(self, list: &str) -> bool {
        self.0.split('\t').any(|other| other == list)
    }
}

/// What a question asks, of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sense {
    asks: BTreeSet<String>,
    /// What is named, in the order of the words; each once.
    things: Vec<String>,
    /// Whether that order is part of what is asked.
    is_ordered: bool,
}

/// The keys that lead to an answer for `question`.
#[must_use]
pub fn claimed(question: &str, analyzer: &Analyzer) -> Vec<String> {
    let tokens = analyzer.tokens(question);
    let sense = Sense::of(&tokens, &phrases(question, &tokens, analyzer), analyzer);
    // Whoever types nothing but the names wants to know what a thing is, or how something is done.
    let bare = sense.is_plain().then(|| sense.key_of(&VAGUE.to_string())).flatten();
    literal(question).into_iter().chain(sense.key()).chain(bare).collect()
}

/// The keys to be looked up for a question, the surest first: `tokens` are what was typed with its slips mended, `names` the names of
/// the lexicon in it, and `assumed` what it was taken to be about.
pub(super) fn looked_up(
    typed: &str,
    tokens: &[Token],
    names: &[Phrase],
    assumed: &[String],
    analyzer: &Analyzer,
) -> Vec<String> {
    let sense = Sense::of(tokens, names, analyzer);
    let bare = sense.asks.is_empty().then(|| sense.key_of(&VAGUE.to_string())).flatten();
    let resolved = (!assumed.is_empty()).then(|| sense.clone().with(assumed, analyzer).key()).flatten();
    resolved.into_iter().chain(sense.key()).chain(literal(typed)).chain(bare).collect()
}

/// A question letter by letter, without what separates words.
fn literal(question: &str) -> Option<String> {
    let letters: String = fold(question).chars().filter(|c| c.is_alphanumeric()).collect();
    (!letters.is_empty() && letters.chars().count() <= LITERAL_CHARS_MAX).then(|| format!("={letters}"))
}

impl Sense {
    fn of(tokens: &[Token], names: &[Phrase], analyzer: &Analyzer) -> Self {
        let wholes: Vec<&Token> = tokens.iter().filter(|token| !token.part).collect();
        let mut sense = Self::default();
        let mut modals = BTreeSet::new();
        // Where an ordering word stood: how many things were named before it.
        let mut turns = Vec::new();
        let mut done: Option<Span> = None;
        for (number, token) in wholes.iter().enumerate() {
            if done.is_some_and(|done| done.contains(token.span)) {
                continue;
            }
            let word = token.text.as_str();
            let next = wholes.get(number + 1).map(|next| format!("{word} {}", next.text));
            if let Some((both, ask)) = next.and_then(|both| Some((number + 1, Listed::of(&both).ask()?))) {
                sense.asks.insert(ask.to_owned());
                done = wholes.get(both).map(|next| next.span);
                continue;
            }
            let listed = Listed::of(word);
            if listed.is("ordering") {
                turns.push((sense.things.len(), word.to_owned()));
            }
            if let Some(ask) = listed.ask() {
                sense.asks.insert(ask.to_owned());
                continue;
            }
            if let Some(modal) = listed.modal() {
                modals.insert(modal.to_owned());
            }
            if number == 0 && token.kind == TokenKind::Latin && listed.is("leading") {
                sense.asks.insert("whether".to_owned());
            }
            let class = word_class(word);
            if listed.is("filler") || class == WordClass::Function && !listed.is("kept") || word == "呢" {
                continue;
            }
            if class == WordClass::Question {
                sense.asks.insert(word.to_owned());
                continue;
            }
            let name = names.iter().find(|(span, _)| span.start == token.span.start && span.contains(token.span));
            let thing = name.map_or_else(|| word.to_owned(), |(_, key)| canonical(key, analyzer));
            done = name.map(|(span, _)| *span);
            sense.add(thing);
        }
        sense.is_ordered = turns.iter().any(|(before, _)| (1..sense.things.len()).contains(before));
        sense.settle(modals);
        sense
    }

    fn add(&mut self, thing: String) {
        if !self.things.contains(&thing) {
            self.things.push(thing);
        }
    }

    /// Takes out what other words of the question say better.
    fn settle(&mut self, modals: BTreeSet<String>) {
        if self.asks.remove("use") {
            self.asks.insert("how".to_owned());
            self.add("使用".to_owned());
        }
        // 有什么区别, 区别在哪里; 有什么作用.
        for (better, poorer) in
            [("difference", ["what", "all", "one", "where"]), ("purpose", ["what", "all", "one", "where"])]
        {
            if self.asks.contains(better) {
                self.asks.retain(|ask| !poorer.contains(&ask.as_str()));
            }
        }
        let is_whether = |ask: &String| ask.starts_with("whether");
        if self.asks.iter().any(|ask| !is_whether(ask)) {
            self.asks.retain(|ask| !is_whether(ask));
        } else {
            let said = self.asks.iter().filter_map(|ask| ask.strip_prefix("whether ")).map(str::to_owned);
            let modals: BTreeSet<String> = said.chain(modals).collect();
            self.asks = self.asks.iter().map(|ask| ask.split(' ').next().unwrap_or_default().to_owned()).collect();
            self.asks.extend(modals);
        }
    }

    /// With what the conversation was about.
    fn with(mut self, assumed: &[String], analyzer: &Analyzer) -> Self {
        for name in assumed {
            let key = alias_key(&fold(name));
            self.add(canonical(&key, analyzer));
        }
        self
    }

    /// Whether it only asks what something is or how it is done.
    fn is_plain(&self) -> bool {
        self.asks.len() == 1 && self.asks.iter().all(|ask| ask == "what" || ask == "how")
    }

    fn key(&self) -> Option<String> {
        let asks: Vec<&str> = self.asks.iter().map(String::as_str).collect();
        self.key_of(&asks.join("+"))
    }

    fn key_of(&self, asks: &str) -> Option<String> {
        if self.things.is_empty() || self.things.len() > THINGS_MAX {
            return None;
        }
        let mut things: Vec<&str> = self.things.iter().map(String::as_str).collect();
        if !self.is_ordered {
            things.sort_unstable();
        }
        let order = if self.is_ordered { ">" } else { "" };
        Some(format!("{asks}|{order}{}", things.join("|")))
    }
}

/// The one name of a thing, by any of its names in the form of [`alias_key`]. A name that the lexicon has for two things stands for itself.
fn canonical(key: &str, analyzer: &Analyzer) -> String {
    let mut groups = analyzer.lexicon().groups(key);
    let first = groups.next().and_then(|group| group.names.first().copied());
    match first {
        Some(first) if groups.next().is_none() => alias_key(&fold(first)),
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::text::Lexicon;

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(Lexicon::standard()));

    /// The keys that are looked up for a question.
    fn keys(typed: &str, assumed: &[String]) -> Vec<String> {
        let tokens = ANALYZER.tokens(typed);
        looked_up(typed, &tokens, &phrases(typed, &tokens, &ANALYZER), assumed, &ANALYZER)
    }

    /// Whether a question that is typed is taken for one that an answer is curated for.
    fn meets(curated: &str, typed: &str) -> bool {
        let claimed = claimed(curated, &ANALYZER);
        keys(typed, &[]).iter().any(|key| claimed.contains(key))
    }

    #[test]
    fn the_words_of_the_table_are_folded_and_stand_for_one_thing_each() {
        assert!(TABLE.words().filter(|(word, _)| Listed::of(word).ask().is_some()).count() > 60);
        for (word, lists) in TABLE.words() {
            assert_eq!(word, fold(word), "write it normalised and in lower case");
            for kind in ["ask ", "modal "] {
                assert!(lists.split('\t').filter(|list| list.starts_with(kind)).count() < 2, "{word} is {lists}");
            }
        }
    }

    #[test]
    fn the_same_question_in_other_words_has_the_key() {
        for (curated, typed) in [
            ("怎么安装 Docker", "Docker 怎么安装"),
            ("怎么安装 Docker", "请问老师，Docker 咋装啊？谢谢"),
            ("怎么安装 Docker", "如何安装docker"),
            ("怎么安装 Docker", "安装 Docker 的步骤"),
            ("怎么安装 Docker", "how do I install docker?"),
            ("怎么安装 Docker", "docker 安装"),
            ("怎么安装 Docker", "我想知道具体怎么安装 Docker 呢"),
            ("怎么安装 Docker", "怎麼安裝 Docker"),
            ("Docker 是什么", "什么是 docker"),
            ("Docker 是什么", "docker 是啥意思"),
            ("Docker 是什么", "What is Docker?"),
            ("Docker 是什么", "Docker"),
            ("Docker 有什么用", "docker 是干啥用的"),
            ("Docker 有什么用", "Docker 的作用是什么"),
            ("Docker 和虚拟机有什么区别", "虚拟机跟 Docker 的区别"),
            ("Docker 和虚拟机有什么区别", "docker 与虚拟机有啥不同"),
            ("Docker 和虚拟机有什么区别", "虚拟机和 Docker 区别在哪里"),
            ("Pod 怎么删除", "怎样删掉 pod"),
            ("Pod 怎么删除", "如何移除 Pod"),
            ("kubectl 怎么用", "如何使用 kubectl"),
            ("kubectl 怎么用", "kubectl 怎么使用"),
            ("kubectl 怎么用", "kubectl 咋用啊"),
            ("怎么用 kubectl 删除 Pod", "怎么使用 kubectl 删除 Pod"),
            ("作业什么时候交", "何时交作业"),
            ("作业什么时候交", "作业啥时候交呀"),
            ("作业交在哪里", "作业在哪儿交"),
            ("作业可以迟交吗", "作业能不能迟交"),
            ("作业可以迟交吗", "能迟交作业吗？"),
            ("svc 怎么创建", "Service 怎么新建"),
            ("怎么从 Docker 迁移到 Podman", "如何从 docker 迁移到 podman"),
            ("你是谁", "你是谁？"),
            ("Pod 为什么一直 Pending", "pod 一直 pending 的原因"),
        ] {
            assert!(
                meets(curated, typed),
                "{typed} is not {curated}: {:?} {:?}",
                claimed(curated, &ANALYZER),
                claimed(typed, &ANALYZER)
            );
        }
    }

    #[test]
    fn another_question_about_the_same_things_has_another_key() {
        for (curated, typed) in [
            ("Pod 怎么创建", "Pod 怎么删除"),
            ("Docker 是什么", "Docker 和虚拟机区别"),
            ("Docker 是什么", "怎么安装 Docker"),
            ("Docker 是什么", "Docker 有什么用"),
            ("怎么安装 Docker", "怎么卸载 Docker"),
            ("怎么安装 Docker", "为什么安装 Docker"),
            ("怎么安装 Docker", "Docker 安装在哪里"),
            ("怎么安装 Docker", "Docker 安装失败"),
            ("怎么安装 Docker", "Docker 安装失败怎么办"),
            ("怎么安装 Docker", "要不要安装 Docker"),
            ("怎么安装 Docker", "can I install docker"),
            ("怎么安装 Docker", "怎么在 Windows 上安装 Docker"),
            ("怎么安装 Docker", "Docker 和 Podman 怎么安装"),
            ("怎么安装 Docker", "怎么安装 Docker Compose"),
            ("作业什么时候交", "作业交到哪里"),
            ("作业什么时候交", "作业怎么交"),
            ("作业什么时候交", "作业什么时候发"),
            ("作业可以迟交吗", "作业必须迟交吗"),
            ("作业可以迟交吗", "作业会迟交吗"),
            ("作业要交吗", "作业能交吗"),
            ("作业交了吗", "作业没交吗"),
            ("Pod 有几个容器", "Pod 有哪些容器"),
            ("怎么从 Docker 迁移到 Podman", "怎么从 Podman 迁移到 Docker"),
            ("migrate from docker to podman", "migrate from podman to docker"),
            ("Service 比 Ingress 好在哪", "Ingress 比 Service 好在哪"),
            ("Pod 怎么重启", "Pod 为什么重启"),
            ("Pod 怎么重启", "Pod 怎么停止"),
            ("期末考试多久", "期末考试什么时候"),
            ("最大的 Pod 是什么", "Pod 是什么"),
            ("Deployment 是什么", "StatefulSet 是什么"),
            ("how many pods", "how long pods"),
            ("你是谁", "你能做什么"),
        ] {
            assert!(!meets(curated, typed), "{typed} is taken for {curated}: {:?}", claimed(curated, &ANALYZER));
        }
    }

    #[test]
    fn what_the_conversation_was_about_is_part_of_the_question() {
        let claimed = claimed("怎么安装 Docker", &ANALYZER);
        let asked = |typed: &str, assumed: &[&str]| {
            let assumed: Vec<String> = assumed.iter().map(|&name| name.to_owned()).collect();
            keys(typed, &assumed).iter().any(|key| claimed.contains(key))
        };
        assert!(asked("那怎么安装呢", &["Docker"]) && asked("怎么安装它", &["docker"]));
        assert!(!asked("那怎么安装呢", &["Podman"]) && !asked("那怎么卸载呢", &["Docker"]) && !asked("怎么安装", &[]));
    }
}
