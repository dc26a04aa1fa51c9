//! What kind of answer a question wants, read from the words with which it asks.
//!
//! The words stand in `intents.toml`; the first intent of that file that has one in the question wins.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::text::fold;

/// What kind of answer is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// How two things differ.
    Comparison,
    /// Why something is so, or does not work.
    Reason,
    /// How something is done.
    HowTo,
    /// Which ones there are.
    List,
    /// How many, how long, where.
    Fact,
    /// What something is.
    Definition,
    /// Whether something is so.
    YesNo,
    /// Nothing of these.
    #[default]
    Other,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table<'t> {
    #[serde(borrow)]
    intent: Vec<Row<'t>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row<'t> {
    name: Intent,
    #[serde(borrow)]
    words: Vec<&'t str>,
}

static TABLE: LazyLock<Vec<Row<'static>>> = LazyLock::new(|| {
    let table = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/intents.json")));
    table.map_or_else(|_| Vec::new(), |table: Table<'_>| table.intent)
});

impl Intent {
    /// The intent of a question.
    #[must_use]
    pub fn of(question: &str) -> Self {
        let folded = format!(" {} ", fold(question));
        let has = |word: &&str| {
            // A Latin word must stand alone.
            if word.is_ascii() { has_word(&folded, word) } else { folded.contains(word) }
        };
        TABLE.iter().find(|row| row.words.iter().any(has)).map_or(Self::Other, |row| row.name)
    }
}

/// The words that ask what something is.
pub(super) fn definition_words() -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(|row| row.name == Intent::Definition).flat_map(|row| row.words.iter().copied())
}

/// Whether a word (folded) only says what kind of answer is wanted (区别, 步骤).
#[must_use]
pub fn says_what_kind(word: &str) -> bool {
    TABLE.iter().any(|row| row.words.contains(&word))
}

/// Whether a Latin word or phrase stands in `text` (folded) by itself.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        apart(before) && apart(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_parses_and_its_words_are_folded() {
        assert!(TABLE.len() >= 7, "intents.toml does not parse");
        for word in TABLE.iter().flat_map(|row| &row.words) {
            assert_eq!(*word, fold(word), "write it normalised and in lower case");
        }
    }

    #[test]
    fn questions_have_their_intents() {
        let check = |question: &str, expected| assert_eq!(Intent::of(question), expected, "{question}");
        check("kube-proxy 是干啥用的", Intent::Definition);
        check("什么是云原生", Intent::Definition);
        check("怎么部署集群", Intent::HowTo);
        check("how do I restart a pod", Intent::HowTo);
        check("Deployment 和 StatefulSet 有什么区别", Intent::Comparison);
        check("Pod 為什麼一直 Pending", Intent::Reason);
        check("Service 有哪几种类型", Intent::List);
        check("etcd 默认端口是多少", Intent::Fact);
        check("能在 Windows 上跑吗", Intent::YesNo);
        check("show pods", Intent::Other);
        check("containerd", Intent::Other);
    }
}
