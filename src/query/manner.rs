//! How a text reads to somebody who overhears it: as a question to the notes, or as something that people say to each other.
//!
//! A question to the bot is answered however it is put. Where the bot listens to all, only what asks may be answered.

use serde::Serialize;

use super::conversation::{is_content, is_name};
use super::intent::has_word;
use super::unit::{Role, Unit};
use crate::text::{Token, TokenKind, WordClass, fold, is_han, word_class};

/// How a text reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// It says something (我先吃饭去了).
    #[default]
    Says,
    /// It says something about a thing that it names (我用 docker 跑起来了).
    Mentions,
    /// It is nothing but names of things (kube-proxy iptables), as one types into a search box.
    Names,
    /// It asks, and names no thing (作业怎么交).
    Wonders,
    /// It asks about a thing that it names, or that was named before.
    Asks,
}

/// Beginnings of a text that wants to know something and has no word that asks.
const DEMANDS: &[&str] = &[
    "请问",
    "请教",
    "想问",
    "问一下",
    "问下",
    "想知道",
    "求",
    "讲讲",
    "讲一下",
    "说说",
    "说一下",
    "介绍",
    "解释",
    "举例",
    "举个例子",
    "再举",
    "详细",
    "再说",
    "explain ",
    "show ",
    "tell me",
    "describe ",
    "any idea",
    "is ",
    "are ",
    "do ",
    "does ",
    "did ",
    "can ",
    "could ",
    "should ",
    "would ",
    "will ",
    "has ",
    "have ",
];

/// Words with which people answer each other. They are content where a question has them, and name nothing.
const CHATTER: &[&str] = &[
    "ok", "okay", "yes", "yep", "yeah", "no", "nope", "not", "thx", "ty", "thank", "great", "nice", "good", "cool",
    "got", "right", "wrong", "true", "helpful", "help", "helps", "helped", "answer", "awesome", "perfect", "lol",
    "sorry", "works", "worked", "s", "t", "don", "didn", "fine", "correct", "牛", "厉害", "不对", "有用", "没用",
    "明白", "懂", "解决", "搞定",
];
/// What points at something said before, so that others see that it is meant.
const POINTING: &[&str] = &["它", "这", "那", "其", "呢", "详细", "举例", "举个例子", "默认", "缺省"];
const POINTING_LATIN: &[&str] = &["it", "its", "that", "this", "they", "them", "those", "these", "default"];
/// Greetings that call nobody in particular.
const GREETINGS: &[&str] = &["你好", "您好", "你们好"];
/// Beginnings of what is asked of people.
const TO_PEOPLE: &[&str] =
    &["谁", "有人", "有没有人", "哪位", "anyone", "anybody", "somebody", "who has", "who is", "who can", "who wants"];

impl Manner {
    /// The manner of a question that was cut into `tokens` and understood as `units`; `assumed` is what it takes over from the
    /// conversation.
    pub(super) fn of(text: &str, tokens: &[Token], units: &[Unit], assumed: &[String]) -> Self {
        let own = || units.iter().filter(|unit| unit.role == Role::Content && is_content(unit));
        let says_more =
            |unit: &Unit| unit.text.chars().any(char::is_alphabetic) && !CHATTER.contains(&fold(&unit.text).as_str());
        let names = |unit: &Unit| is_name(unit) && says_more(unit);
        let chats = tokens.iter().any(|token| CHATTER.contains(&token.text.as_str()));
        let leans = !assumed.is_empty() && leans_aloud(text) && !chats;
        if asks(text, tokens) || leans {
            return match own().any(names) || leans {
                true => Self::Asks,
                // One character alone (交, 改) tells nothing.
                false if own().any(|unit| says_more(unit) && unit.text.chars().nth(1).is_some()) => Self::Wonders,
                false => Self::Says,
            };
        }
        // A long word in Chinese may be anything (哈哈哈哈); one that the lexicon has is a name.
        let is_known = |unit: &Unit| {
            names(unit) && (unit.kind == TokenKind::Latin || unit.forms.iter().any(|form| form.alias.is_some()))
        };
        let is_bare = tokens.iter().all(|token| word_class(&token.text) == WordClass::Content) && own().all(is_known);
        if is_bare && own().next().is_some() {
            Self::Names
        } else if own().any(is_known) {
            Self::Mentions
        } else {
            Self::Says
        }
    }
}

/// Whether a text asks by a mark, by a word, or by the way it begins.
fn asks(text: &str, tokens: &[Token]) -> bool {
    let folded = fold(text);
    text.contains(['?', '？'])
        || tokens.iter().any(|token| word_class(&token.text) == WordClass::Question)
        || DEMANDS.iter().any(|demand| folded.starts_with(demand))
}

/// Whether it can be seen in a text itself that it goes on from something said before.
fn leans_aloud(text: &str) -> bool {
    let folded = fold(text);
    POINTING.iter().any(|word| folded.contains(word)) || POINTING_LATIN.iter().any(|word| has_word(&folded, word))
}

/// Whether a text is said to people, and not to notes: it calls somebody 你, beyond a greeting, or asks who.
#[must_use]
pub fn is_to_people(text: &str) -> bool {
    let folded = GREETINGS.iter().fold(fold(text), |text, greeting| text.replace(greeting, ""));
    folded.contains(['你', '您'])
        || ["you", "your", "yours"].iter().any(|word| has_word(&folded, word))
        || TO_PEOPLE.iter().any(|begin| folded.starts_with(begin))
}

/// Whether a text that asks is meant to be answered although the notes do not: by a mark, or in Chinese, where words that ask stand
/// in questions only. Many an English sentence has one (I know what you mean).
#[must_use]
pub fn insists(text: &str) -> bool {
    text.contains(['?', '？']) || text.chars().any(is_han)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;
    use crate::text::{Analyzer, Lexicon};

    #[track_caller]
    fn check(expected: Manner, texts: &[&str]) {
        let analyzer = Analyzer::new(Lexicon::standard());
        for text in texts {
            let query = Query::of((*text).to_owned(), &analyzer);
            let manner = Manner::of(text, &analyzer.tokens(text), &query.units, &[]);
            assert_eq!(manner, expected, "{text}");
        }
    }

    #[test]
    fn what_people_say_to_each_other_asks_nothing() {
        check(
            Manner::Says,
            &[
                "thanks, that helps",
                "that's wrong",
                "thank you so much, that helped",
                "ok",
                "got it",
                "ok the default is fine",
                "great answer",
                "not helpful",
                "thx",
                "nope",
                "right?",
                "牛",
                "不对",
                "解决了吗？",
                "什么意思？",
                "谢谢",
                "好的",
                "收到",
                "哈哈哈哈",
                "真的吗",
                "我先吃饭去了",
                "谢谢老师，讲得很清楚",
                "+1",
                "1",
                "我昨天部署失败了",
                "我一直在开会",
                "你在哪里",
                "在吗",
                "thanks, that works now",
                "where are you",
                "I was wrong, sorry",
                "👍",
            ],
        );
    }

    #[test]
    fn what_people_say_about_things_asks_nothing_either() {
        check(
            Manner::Mentions,
            &[
                "pod 已经 Running 了",
                "我用 docker 跑起来了",
                "云原生好难",
                "Kubernetes is hard",
                "my build failed again lol",
                "list is on the wiki",
                "better now, thanks",
            ],
        );
    }

    #[test]
    fn what_is_asked_of_people_is_told_from_what_is_asked_of_notes() {
        let to_people = [
            "你是在哪台机器上跑的？",
            "你的 kubectl 版本是多少",
            "有人在吗？",
            "谁能帮我看看",
            "did you restart it?",
            "who has the slides?",
            "anyone here?",
        ];
        assert!(to_people.iter().all(|text| is_to_people(text)));
        let to_notes = [
            "kube-proxy 是干啥用的",
            "Pod 能被谁访问",
            "你好，kube-proxy 是干啥用的？",
            "您好 Pod 是什么",
            "大家好，你们好，Pod 是什么",
        ];
        assert!(!to_notes.iter().any(|text| is_to_people(text)));
    }

    #[test]
    fn questions_and_requests_ask() {
        check(
            Manner::Asks,
            &[
                "kube-proxy 是干啥用的",
                "Does Helm support rollbacks?",
                "GPU 调度支持吗？",
                "ConfigMap 改了之后 Pod 会自动更新吗",
                "请问 etcd 可以备份",
                "operator 和 controller 是一回事吗",
                "any idea how operators work",
                "can we use podman instead",
                "my pod keeps restarting, what now",
                "求一个 CronJob 的例子",
                "考试考 etcd 吗",
            ],
        );
        check(Manner::Wonders, &["作业怎么交", "考试在哪里考"]);
        check(Manner::Names, &["kube-proxy", "Deployment StatefulSet"]);
    }

    #[test]
    fn what_goes_on_from_something_named_asks_about_that() {
        let analyzer = Analyzer::new(Lexicon::standard());
        let manner = |text: &str| {
            let query = Query::of(text.to_owned(), &analyzer);
            Manner::of(text, &analyzer.tokens(text), &query.units, &["Ingress".to_owned()])
        };
        assert_eq!(["举个例子", "那怎么用", "详细一点", "默认端口"].map(manner), [Manner::Asks; 4]);
        // Who does not point at it may mean anything.
        assert_eq!(["谢谢", "怎么解决的", "that helps, thanks"].map(manner), [Manner::Says; 3]);
    }
}
