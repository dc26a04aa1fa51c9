//! Words around an answer.

use super::Language;
use super::reports::counted;

impl Language {
    /// Above hits that are only near what was asked for.
    #[must_use]
    pub fn related(self) -> &'static str {
        self.pick("笔记里没有直接的答案，这些内容可能相关：", "The notes do not say it directly. These may be related:")
    }

    /// When nothing was found.
    #[must_use]
    pub fn not_found(self) -> &'static str {
        self.pick("笔记里没有找到答案。", "The notes do not say.")
    }

    /// To somebody who asked nothing.
    #[must_use]
    pub fn how_to_ask(self) -> &'static str {
        self.pick(
            "想查什么就写出它的名字、命令或者报错，比如「Pod 是什么」。",
            "Name what you look for: a term, a command or an error, as in “what is a Pod”.",
        )
    }

    /// Names words that no note mentions.
    #[must_use]
    pub fn never_mentioned(self, words: &[String]) -> String {
        let words = words.join(self.pick("、", ", "));
        self.pick(format!("笔记里从没提到：{words}"), format!("No note mentions: {words}"))
    }

    /// Above the headings that come nearest.
    #[must_use]
    pub fn nearest_headings(self) -> &'static str {
        self.pick("最接近的小节：", "The nearest sections:")
    }

    /// Beside an answer that an instructor wrote for this question.
    #[must_use]
    pub fn curated(self) -> &'static str {
        self.pick("老师整理的回答", "an instructor's answer")
    }

    /// How long ago a note was worked on, in days: in the largest unit of which there is one.
    #[must_use]
    pub fn updated(self, days: u32) -> String {
        let (count, zh, en) = match days {
            0 => return self.pick("今天更新", "updated today").to_owned(),
            1..30 => (days, "天", "day"),
            30..365 => (days / 30, "个月", "month"),
            _ => (days / 365, "年", "year"),
        };
        let english = counted(usize::try_from(count).unwrap_or_default(), en);
        self.pick(format!("更新于 {count} {zh}前"), format!("updated {english} ago"))
    }

    /// For a passage that holds nothing but pictures.
    #[must_use]
    pub fn only_a_picture(self) -> &'static str {
        self.pick("（这一节是一张图片，请打开笔记查看）", "(this section is a picture: open the note to see it)")
    }

    /// When a chat begins.
    #[must_use]
    pub fn chat_begins(self) -> &'static str {
        self.pick(
            "问吧，可以接着上一个问题往下问。Ctrl-D 或 exit 结束。",
            "Ask away; a question may go on from the one before. Ctrl-D or exit ends it.",
        )
    }

    /// What was typed and what it was taken for, as in "itsio → istio".
    #[must_use]
    pub fn corrected(self, corrections: &[String]) -> String {
        let corrections = corrections.join(self.pick("，", ", "));
        self.pick(format!("按「{corrections}」理解。"), format!("Taken as: {corrections}"))
    }

    /// What a question of a conversation was taken to be about.
    #[must_use]
    pub fn assumed(self, subject: &[String]) -> String {
        let subject = subject.join(self.pick("、", ", "));
        self.pick(format!("接着上面的「{subject}」来找。"), format!("Going on from: {subject}"))
    }

    /// Other names by which the best hit was found.
    #[must_use]
    pub fn also_searched(self, names: &[String]) -> String {
        let names = names.join(self.pick("、", ", "));
        self.pick(format!("也按「{names}」找过。"), format!("Also searched for: {names}"))
    }

    /// Source lines, as in "第 90-144 行", or the one line.
    #[must_use]
    pub fn lines(self, first: u32, last: u32) -> String {
        if first == last {
            return self.pick(format!("第 {first} 行"), format!("line {first}"));
        }
        self.pick(format!("第 {first}-{last} 行"), format!("lines {first}-{last}"))
    }

    /// Places that say the same as a hit.
    #[must_use]
    pub fn also_in(self, places: &[String]) -> String {
        self.pick(format!("同样的内容：{}", places.join("、")), format!("the same: {}", places.join(", ")))
    }
}
