//! What is said about the question log and the gaps that it shows.

use std::path::Path;

use super::Language;
use super::reports::counted;
use crate::answer::Outcome;
use crate::log::{Advice, Came, Cluster, Gaps, Standing};

impl Language {
    /// What the period held; `since` and `until` are dates, where the period has such ends.
    #[must_use]
    pub fn gaps_of(self, gaps: &Gaps, since: Option<&str>, until: Option<&str>) -> String {
        let Gaps { questions, failed, gaps, .. } = gaps;
        let period = match (since, until) {
            (Some(since), Some(until)) => {
                self.pick(format!("从 {since} 到 {until}"), format!("From {since} to {until}"))
            }
            (Some(since), None) => self.pick(format!("从 {since} 起"), format!("Since {since}")),
            (None, Some(until)) => self.pick(format!("到 {until} 为止"), format!("Until {until}")),
            (None, None) => self.pick("到现在为止", "So far").to_owned(),
        };
        let outages = if *failed == 0 {
            String::new()
        } else {
            self.pick(
                format!("（因为出错没答成的 {failed} 个不算）"),
                format!(" ({failed} that failed for other reasons not counted)"),
            )
        };
        self.pick(
            format!("{period}：记下了 {questions} 个问题，{gaps} 个没答好{outages}。"),
            format!("{period}: {} logged, {gaps} not answered well{outages}.", counted(*questions, "question")),
        )
    }

    /// No question was answered badly.
    #[must_use]
    pub fn no_gaps(self) -> &'static str {
        self.pick("没有缺口。", "There are no gaps.")
    }

    /// How often and by how many a thing was asked, and what came of it.
    #[must_use]
    pub fn cluster(self, cluster: &Cluster) -> String {
        let Cluster { asked, members, not_found, related, not_useful, .. } = cluster;
        let kinds = [
            (*not_found, self.pick("没找到", "not found")),
            (*related, self.pick("只有相近的", "related only")),
            (*not_useful, self.pick("说没用", "not useful")),
        ];
        let kinds: Vec<String> =
            kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{kind} {count}")).collect();
        self.pick(
            format!("问了 {asked} 次（{members} 人）：{}", kinds.join("，")),
            format!(
                "asked {} by {}: {}",
                if *asked == 1 { "once".to_owned() } else { format!("{asked} times") },
                counted(*members, "member"),
                kinds.join(", ")
            ),
        )
    }

    /// A wording that came more than once.
    #[must_use]
    pub fn times(self, asked: usize) -> String {
        self.pick(format!("（{asked} 次）"), format!(" ({asked} times)"))
    }

    /// In front of the headings that come nearest.
    #[must_use]
    pub fn nearest_now(self) -> &'static str {
        self.pick("最接近：", "Nearest: ")
    }

    /// What may close a gap; `id` is the number of a question.
    #[must_use]
    pub fn advice(self, advice: Advice, id: i64) -> String {
        match advice {
            Advice::Closed => self.pick(
                format!("笔记现在答得上了。kewen eval add {id} 把它留作标准问题。"),
                format!("The notes answer it by now. kewen eval add {id} keeps it as a golden question."),
            ),
            Advice::NewSection => self
                .pick("笔记没有讲：加一节。", "The notes say nothing of it: write a section.")
                .to_owned(),
            Advice::Alias => self
                .pick(
                    "笔记讲了相近的，缺其中的词：只是叫法不同，就写进 lexicon.toml 或那篇笔记的 aliases；不然补一段。",
                    "The notes come near and lack a word of it: if it is another name, put it into lexicon.toml or that note's aliases; else write a paragraph.",
                )
                .to_owned(),
            Advice::CuratedAnswer => self
                .pick(
                    "笔记有这些词，但没有答到点上：在 qa/ 里写一条回答，或把问题写进那篇笔记开头的 questions。",
                    "The notes have its words and miss the point: write an answer in qa/, or put the question into that note's questions.",
                )
                .to_owned(),
        }
    }

    /// What the numbers before questions are for.
    #[must_use]
    pub fn what_numbers_are(self) -> &'static str {
        self.pick(
            "[ ] 里是问题的编号：kewen eval add 编号 把它做成标准问题。",
            "In [ ] stands the number of a question: kewen eval add NUMBER makes a golden question of it.",
        )
    }

    /// A period that ends before it begins.
    #[must_use]
    pub fn no_period(self, since: &str, until: &str) -> String {
        self.pick(
            format!("--since {since} 比 --until {until} 晚：这段时间里什么都没有，把两个换过来"),
            format!("--since {since} is later than --until {until}, so nothing lies between: exchange them"),
        )
    }

    /// Clusters that are not shown.
    #[must_use]
    pub fn more_clusters(self, more: usize) -> String {
        self.pick(
            format!("还有 {more} 组没有列出，--limit 可以调大。"),
            format!(
                "{} not shown; raise --limit.",
                if more == 1 { "1 more is".to_owned() } else { format!("{more} more are") }
            ),
        )
    }

    /// The head of a table of gaps.
    #[must_use]
    pub fn gap_columns(self) -> [&'static str; 12] {
        self.pick(
            [
                "主题",
                "次数",
                "人数",
                "没找到",
                "只有相近的",
                "说没用",
                "最早",
                "最近",
                "编号",
                "问题",
                "最接近",
                "建议",
            ],
            [
                "topics",
                "asked",
                "members",
                "not found",
                "related only",
                "not useful",
                "first",
                "last",
                "number",
                "question",
                "nearest",
                "advice",
            ],
        )
    }

    /// A moment that cannot be understood.
    #[must_use]
    pub fn moment_to_come(self, typed: &str) -> String {
        self.pick(
            format!("{typed:?} 还没有到：--before 要写过去的时间。"),
            format!("{typed:?} is still to come: --before wants a time that has passed."),
        )
    }

    /// A time that cannot be understood.
    #[must_use]
    pub fn bad_moment(self, typed: &str) -> String {
        self.pick(
            format!("看不懂时间 {typed:?}：写成日期（2026-11-01）或多久以前（7d、2w、12h）。"),
            format!(
                "The time {typed:?} cannot be understood: write a date (2026-11-01) or how long ago (7d, 2w, 12h)."
            ),
        )
    }

    /// Questions are gone from the log.
    #[must_use]
    pub fn forgotten(self, questions: usize) -> String {
        self.pick(format!("删掉了 {questions} 个问题。"), format!("{} deleted.", counted(questions, "question")))
    }

    /// Asks whether all questions are to go.
    #[must_use]
    pub fn forget_all(self, questions: i64) -> String {
        self.pick(
            format!("提问记录里的 {questions} 个问题全部删掉，删了找不回来。删吗？（是/否，默认否）"),
            format!(
                "All of the log ({}) will be deleted for good. Delete it? (yes/no, default: no) ",
                counted(usize::try_from(questions).unwrap_or_default(), "question")
            ),
        )
    }

    /// Nobody can be asked whether all questions are to go.
    #[must_use]
    pub fn forget_needs_yes(self) -> &'static str {
        self.pick(
            "--all 会删掉全部提问记录，这里没有终端可以问：确实要删，就加上 --yes",
            "--all deletes the whole question log, and there is no terminal to ask on: add --yes if that is meant",
        )
    }

    /// The questions are still there.
    #[must_use]
    pub fn nothing_forgotten(self) -> &'static str {
        self.pick("没有删，提问记录还是原样。", "Nothing was deleted; the log is as it was.")
    }

    /// Questions of one's own are gone from the log.
    #[must_use]
    pub fn forgotten_yours(self, questions: usize) -> String {
        if questions == 0 {
            return self.pick("记录里没有你的问题。", "There is nothing of yours in the log.").to_owned();
        }
        self.pick(
            format!("记录里你的 {questions} 个问题都删掉了。"),
            format!(
                "Your {} gone from the log.",
                if questions == 1 { "1 question is".to_owned() } else { format!("{questions} questions are") }
            ),
        )
    }

    /// Nothing is logged here.
    #[must_use]
    pub fn nothing_logged(self) -> &'static str {
        self.pick("这里不记录提问。", "Questions are not logged here.")
    }

    /// How the question log stands.
    #[must_use]
    pub fn log_standing(self, path: &Path, standing: &Standing, retention_days: u64) -> String {
        let Standing { questions, dropped, bytes, .. } = standing;
        let kilobytes = bytes.div_ceil(1024);
        let lost = if *dropped == 0 {
            String::new()
        } else {
            self.pick(format!("，另有 {dropped} 个没记上"), format!(", {dropped} more were not logged"))
        };
        self.pick(
            format!("提问记录：{}，{questions} 个问题{lost}，{kilobytes} KB，留 {retention_days} 天。", path.display()),
            format!(
                "Question log: {}, {}{lost}, {kilobytes} KB, kept for {retention_days} days.",
                path.display(),
                counted(usize::try_from(*questions).unwrap_or_default(), "question")
            ),
        )
    }

    /// The log could not be opened, and the bot goes on without it.
    #[must_use]
    pub fn goes_without_log(self) -> &'static str {
        self.pick("这次不记录提问。", "Questions are not logged this time.")
    }

    /// Questions are not in the log, since it could not be written when kewen ended.
    #[must_use]
    pub fn not_logged(self, questions: u64) -> String {
        self.pick(
            format!("有 {questions} 个问题没记上：提问记录正被别的进程占着，或写不进去。"),
            format!(
                "{} not logged: another process holds the log, or it cannot be written.",
                if questions == 1 { "1 question was".to_owned() } else { format!("{questions} questions were") }
            ),
        )
    }

    /// What came of a logged question.
    #[must_use]
    pub fn came(self, came: Came) -> &'static str {
        match came {
            Came::Of(Outcome::Answered) => self.pick("答了", "answered"),
            Came::Of(Outcome::Related) => self.pick("相近", "related"),
            Came::Of(Outcome::NotFound) => self.pick("没找到", "not found"),
            Came::Failed => self.pick("出错", "failed"),
        }
    }
}
