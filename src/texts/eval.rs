//! What `kewen eval` says beside its figures: what is wrong with the questions, what changed, what to do.

use std::path::Path;

use super::{Language, Message};

impl Language {
    /// There is no file of questions beside the notes.
    #[must_use]
    pub fn no_questions_beside(self, folder: &Path) -> String {
        let folder = folder.display();
        self.pick(
            format!(
                "{folder} 里没有题目文件（*.toml）：放一个进去（写法见 docs/search.md），或写明文件：kewen eval 文件…"
            ),
            format!(
                "{folder} holds no file of questions (*.toml): put one there (docs/search.md shows how), or name files: kewen eval FILES…"
            ),
        )
    }

    /// How to say which question is meant.
    #[must_use]
    pub fn name_a_question(self) -> &'static str {
        self.pick(
            "选一个：kewen eval add 编号（方括号里的数）",
            "Name one: kewen eval add NUMBER (the one in brackets)",
        )
    }

    /// Asks which section answers a question.
    #[must_use]
    pub fn which_section(self) -> &'static str {
        self.pick(
            "答案在哪一节？编号，或 笔记.md#锚点；笔记里没有就写 0，回车放弃：",
            "Which section answers it? A number, or note.md#anchor; 0 when the notes do not; Enter to leave it: ",
        )
    }

    /// A golden question was added, or was there already.
    #[must_use]
    pub fn golden_added(self, path: &Path, added: bool, is_beside: bool) -> String {
        let path = path.display();
        if added && !is_beside {
            self.pick(
                format!("写进了 {path}。打分：kewen eval {path}"),
                format!("Added to {path}. Score it with kewen eval {path}"),
            )
        } else if added {
            self.pick(
                format!("写进了 {path}。kewen eval 会连它一起打分。"),
                format!("Added to {path}. kewen eval scores it with the others."),
            )
        } else {
            self.pick(format!("{path} 里已经有这个问题。"), format!("{path} has this question already."))
        }
    }

    /// There is no offer of this number.
    #[must_use]
    pub fn no_offer(self, number: usize, offers: usize) -> String {
        self.pick(
            format!("没有 {number} 号：上面列出了 {offers} 节。"),
            format!("There is no number {number}: {offers} are listed above."),
        )
    }

    /// What was given as a place in the notes is none.
    #[must_use]
    pub fn no_place(self, said: &str) -> String {
        self.pick(
            format!("{said:?} 不是笔记里的位置：写成 笔记.md#锚点 或 笔记.md:起行-止行。"),
            format!("{said:?} is no place in the notes: write note.md#anchor or note.md:FIRST-LAST."),
        )
    }

    /// There is no saved report.
    #[must_use]
    pub fn baseline_missing(self, path: &Path) -> String {
        let path = path.display();
        self.pick(
            format!("找不到基线文件 {path}：先用 kewen eval --save {path} 存一个。"),
            format!("There is no baseline {path}: save one first with kewen eval --save {path}."),
        )
    }

    /// A file is no saved report.
    #[must_use]
    pub fn baseline_broken(self, path: &Path, reason: &str) -> String {
        let path = path.display();
        self.pick(
            format!("{path} 不是 --save 存下的结果（{reason}）：用 kewen eval --save {path} 重新存一个。"),
            format!("{path} is no report of --save ({reason}): save one anew with kewen eval --save {path}."),
        )
    }

    /// How to read the figures.
    #[must_use]
    pub fn figures_legend(self) -> &'static str {
        self.pick(
            "n：有答案的题+没有答案的题。每个数下面是 95% 置信区间（Wilson；MRR 用正态近似）。\n",
            "n: answerable+unanswerable questions. Below each figure its 95 % interval (Wilson; of MRR the\nnormal approximation).\n",
        )
    }

    /// How to read an ablation.
    #[must_use]
    pub fn ablation_legend(self) -> &'static str {
        self.pick(
            "排序的每个部分各关掉一次；lost、won：跟 all 比变差、变好的题数。\n",
            "Each part of the ranking is switched off once; lost, won: questions against the row all.\n",
        )
    }

    /// Stands above the questions that fare worse than in the baseline.
    #[must_use]
    pub fn lost(self, count: usize) -> String {
        self.pick(format!("变差 {count} 道"), format!("Lost: {count}"))
    }

    /// Stands above the questions that fare better.
    #[must_use]
    pub fn won(self, count: usize) -> String {
        self.pick(format!("变好 {count} 道"), format!("Won: {count}"))
    }

    /// Stands above the questions that the baseline does not have.
    #[must_use]
    pub fn new_questions(self, count: usize) -> String {
        self.pick(format!("新题 {count} 道"), format!("New: {count}"))
    }

    /// Stands above the questions that only the baseline has.
    #[must_use]
    pub fn gone_questions(self, count: usize) -> String {
        self.pick(format!("没有了的题 {count} 道"), format!("Gone: {count}"))
    }

    /// More is lost than may be.
    #[must_use]
    pub fn worse_than_baseline(self, net: usize, tolerance: usize) -> String {
        self.pick(
            format!(
                "变差的题比变好的多 {net} 道，最多容许 {tolerance} 道。逐题看看上面变差的；确实要这样，就用 --save 存一份新的基线。"
            ),
            format!(
                "{net} more questions are lost than won, {tolerance} may be. Look at the lost ones above; if it is meant to be so, save a new baseline with --save."
            ),
        )
    }

    /// No question has a tag that was to be left out.
    #[must_use]
    pub fn no_question_with_tag(self, tag: &str, tags: &[&str]) -> String {
        self.pick(
            format!("没有一道题带标签 {tag}，所以没有因为它不算哪道；有的标签：{}", tags.join("、")),
            format!("no question has the tag {tag}, so none is left out for it; there are: {}", tags.join(", ")),
        )
    }

    /// A file holds no question.
    #[must_use]
    pub fn file_without_questions(self, file: &str) -> String {
        self.pick(
            format!("{file}：里面没有题目；用 [[question]] 加一道，或删掉这个文件"),
            format!("{file}: there is no question in it; add one with [[question]], or delete the file"),
        )
    }

    /// A question is there twice.
    #[must_use]
    pub fn duplicate_question(self, file: &str, ask: &str, other: &str) -> String {
        self.pick(
            format!("{file}：{ask}：{other} 里已经有这道题；留一道"),
            format!("{file}: {ask}: {other} has this question already; keep one"),
        )
    }

    /// A question expects what is not there, with the reason and what is near.
    #[must_use]
    pub fn stale_expectation(self, file: &str, ask: &str, place: &str, why: &Message) -> String {
        let Message { text, hints } = why;
        let hints: String = hints.iter().map(|hint| format!(" → {hint}")).collect();
        self.pick(
            format!("{file}：{ask}：expect {place}：{text}{hints}"),
            format!("{file}: {ask}: expect {place}: {text}{hints}"),
        )
    }

    /// An expected note is a draft.
    #[must_use]
    pub fn expected_draft(self, note: &str) -> Message {
        Message::new(
            self.pick(format!("{note} 是草稿，不在索引里"), format!("{note} is a draft and is not indexed")),
            self.pick("去掉它的 draft: true，或换一个地方。", "Take draft: true out of it, or expect another place."),
        )
    }

    /// Expected lines are beyond the end of the note; `nearest` is the anchor of the nearest section, or empty.
    #[must_use]
    pub fn expected_lines_missing(self, note: &str, last_line: u32, nearest: &str) -> Message {
        let near = format!("{note}#{nearest}");
        Message::new(
            self.pick(format!("{note} 只有 {last_line} 行"), format!("{note} has {last_line} lines only")),
            if nearest.is_empty() {
                String::new()
            } else {
                self.pick(format!("最近的小节是 {near}"), format!("The nearest section is {near}"))
            },
        )
    }
}
