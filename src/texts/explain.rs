//! Words of `kewen ask --explain` and `kewen analyze`.

use super::Language;

impl Language {
    /// Above the tokens of a question.
    #[must_use]
    pub fn tokens_of_a_question(self) -> &'static str {
        self.pick("作为问题，切成：", "As a question it is cut into:")
    }

    /// Behind a token that is a part of a longer one.
    #[must_use]
    pub fn part_of_a_word(self) -> &'static str {
        self.pick("（长词的一部分）", "(part of a longer word)")
    }

    /// Above the words that the index would hold.
    #[must_use]
    pub fn words_of_the_index(self) -> &'static str {
        self.pick("作为笔记，索引里存：", "As a note the index holds:")
    }

    /// The question as searched for.
    #[must_use]
    pub fn understood_as(self, text: &str) -> String {
        self.pick(format!("搜的是：{text}"), format!("Searched for: {text}"))
    }

    /// What kind of answer is wanted.
    #[must_use]
    pub fn intent(self, name: &str) -> String {
        self.pick(format!("问的类型：{name}"), format!("Kind of question: {name}"))
    }

    /// The keys under which curated answers are looked up.
    #[must_use]
    pub fn keys(self, keys: &[String]) -> String {
        let keys = keys.join("  ");
        self.pick(format!("整理的回答按这些键找：{keys}"), format!("Keys of curated answers: {keys}"))
    }

    /// Above the units of a question.
    #[must_use]
    pub fn things_asked_for(self) -> &'static str {
        self.pick("问到的东西（叫法×权重）：", "What is asked for (names×weight):")
    }

    /// Behind a word that no note holds.
    #[must_use]
    pub fn in_no_note(self) -> &'static str {
        self.pick("  笔记里没有", "  in no note")
    }

    /// How the outcome came about.
    #[must_use]
    pub fn judged(self, outcome: &str, probability: f32) -> String {
        self.pick(
            format!("判断：{outcome}，笔记里有答案的可能性 {probability:.2}"),
            format!("Judged: {outcome}, probability that the notes answer {probability:.2}"),
        )
    }

    /// Above the hits with their features.
    #[must_use]
    pub fn hits_by_features(self) -> &'static str {
        self.pick("每条结果的分数和依据（见 docs/search.md）：", "Score and features of each hit (see docs/search.md):")
    }
}
