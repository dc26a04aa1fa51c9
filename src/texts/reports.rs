//! Words of the reports of `kewen index` and of what is said on the way.

use std::path::Path;

use super::Language;
use crate::corpus::{CURATED_CHARS_MAX, CURATED_MAX, WarningKind};
use crate::index::{BuildReport, Changes, Unfit};

/// A number of things in English: `1 note`, `2 notes`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

impl Language {
    /// Why an index is built before a question is answered.
    #[must_use]
    pub fn building(self, unfit: Unfit, notes: &Path) -> String {
        let why = self.unfit(unfit);
        self.pick(
            format!("{why}，正在为 {} 建索引 …", notes.display()),
            format!("{why}: building it for {} …", notes.display()),
        )
    }

    /// The index will be built anew, and why.
    #[must_use]
    pub fn must_be_rebuilt(self, unfit: Unfit) -> String {
        let why = self.unfit(unfit);
        self.pick(format!("{why}：运行 kewen index 重建。"), format!("{why}: run kewen index to build it anew."))
    }

    /// Why an index cannot be used.
    pub(super) fn unfit(self, unfit: Unfit) -> &'static str {
        match unfit {
            Unfit::Missing => self.pick("还没有索引", "There is no index yet"),
            Unfit::Version => self.pick("索引是另一个版本的 kewen 建的", "The index is of another version of kewen"),
            Unfit::Lexicon => self.pick("词表改过了", "The lexicon has changed"),
            Unfit::Selection => self.pick("选择笔记的设置改过了", "The settings that choose the notes have changed"),
            Unfit::Damaged => self.pick("索引坏了", "The index is damaged"),
        }
    }

    /// The line of a progress bar while notes are read; in the form of indicatif, as the two below.
    #[must_use]
    pub fn bar_reads(self) -> &'static str {
        self.pick(
            "{spinner} 读笔记 {msg} 篇，{bytes_per_sec}，还要 {eta} {bar:30}",
            "{spinner} Reading notes {msg}, {bytes_per_sec}, {eta} left {bar:30}",
        )
    }

    /// While the index is written as one.
    #[must_use]
    pub fn bar_merges(self) -> &'static str {
        self.pick(
            "{spinner} 合并索引 {bytes}/{total_bytes}，{bytes_per_sec}，还要 {eta} {bar:30}",
            "{spinner} Merging the index {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left {bar:30}",
        )
    }

    /// While headings are asked for.
    #[must_use]
    pub fn bar_asks(self) -> &'static str {
        self.pick(
            "{spinner} 拿标题提问 {pos}/{len} 个，每秒 {rate} 个，还要 {eta} {bar:30}",
            "{spinner} Asking for heading {pos} of {len}, {rate} a second, {eta} left {bar:30}",
        )
    }

    /// One line for a build that was done.
    #[must_use]
    pub fn built(self, report: &BuildReport) -> String {
        let BuildReport { notes, sections, passages, seconds, .. } = report;
        self.pick(
            format!("索引建好了：{notes} 篇笔记，{sections} 个小节，{passages} 个段落，用时 {seconds:.2} 秒。"),
            format!(
                "The index is built: {}, {}, {} in {seconds:.2} s.",
                counted(*notes, "note"),
                counted(*sections, "section"),
                counted(*passages, "passage")
            ),
        )
    }

    /// One line for what `kewen index` found and did.
    #[must_use]
    pub fn indexed(self, report: &BuildReport) -> String {
        if report.new {
            return self.built(report);
        }
        let BuildReport { notes, sections, passages, seconds, .. } = report;
        self.pick(
            format!("没有改动，索引照旧：{notes} 篇笔记，{sections} 个小节，{passages} 个段落，用时 {seconds:.2} 秒。"),
            format!(
                "Nothing has changed and the index stays as it is: {}, {}, {} in {seconds:.2} s.",
                counted(*notes, "note"),
                counted(*sections, "section"),
                counted(*passages, "passage")
            ),
        )
    }

    /// What is different from before; nothing for a first index.
    #[must_use]
    pub fn changes(self, report: &BuildReport) -> Option<String> {
        let Changes { added, changed, renamed, removed } = &report.changes;
        if added.notes.len() == report.notes && removed.notes.is_empty() {
            return None;
        }
        let kinds = [
            (self.pick("新增", "added"), added.notes.len(), Some(added.sections)),
            (self.pick("改动", "changed"), changed.notes.len(), Some(changed.sections)),
            (self.pick("改名", "renamed"), renamed.len(), None),
            (self.pick("删除", "removed"), removed.notes.len(), Some(removed.sections)),
        ];
        let parts: Vec<String> = kinds
            .into_iter()
            .filter(|(_, notes, _)| *notes > 0)
            .map(|(kind, notes, sections)| {
                let (chinese, english) = sections.map_or_else(Default::default, |sections| {
                    (format!("（{sections} 个小节）"), format!(" ({})", counted(sections, "section")))
                });
                self.pick(format!("{kind} {notes} 篇{chinese}"), format!("{} {kind}{english}", counted(notes, "note")))
            })
            .collect();
        let line = self.pick(format!("{}。", parts.join("，")), format!("{}.", parts.join(", ")));
        (!parts.is_empty()).then_some(line)
    }

    /// Further lines of the report: drafts and other files.
    #[must_use]
    pub fn left_out(self, report: &BuildReport) -> Vec<String> {
        let mut lines = Vec::new();
        if report.drafts > 0 {
            let drafts = report.drafts;
            lines.push(self.pick(
                format!("草稿 {drafts} 篇，没有收进来。"),
                if drafts == 1 {
                    "1 draft was left out.".to_owned()
                } else {
                    format!("{drafts} drafts were left out.")
                },
            ));
        }
        if !report.other_files.is_empty() {
            let kinds: Vec<String> = report
                .other_files
                .iter()
                .map(|(kind, count)| if kind.is_empty() { format!("- {count}") } else { format!(".{kind} {count}") })
                .collect();
            lines.push(
                self.pick(format!("其他文件：{}。", kinds.join("，")), format!("Other files: {}.", kinds.join(", "))),
            );
        }
        lines
    }

    /// The line above so many warnings; nothing above none.
    #[must_use]
    pub fn warnings_follow(self, count: usize) -> Option<String> {
        (count > 0).then(|| self.pick(format!("提醒 {count} 条："), format!("{}:", counted(count, "warning"))))
    }

    /// What is odd about a note.
    #[must_use]
    pub fn warning(self, kind: &WarningKind) -> String {
        match kind {
            WarningKind::Encoding(name) => self.pick(
                format!("不是 UTF-8，按 {name} 读的；建议转成 UTF-8"),
                format!("not UTF-8, read as {name}; better save it as UTF-8"),
            ),
            WarningKind::BrokenBytes => {
                self.pick("有些字节不是文字，已替换", "some bytes are no text and were replaced").to_owned()
            }
            WarningKind::TooLarge { bytes, limit } => self.pick(
                format!("太大（{bytes} 字节，上限 {limit}），没有收进来；可以拆开，或调大 notes.bytes_max"),
                format!("too large ({bytes} bytes, limit {limit}) and left out; split it or raise notes.bytes_max"),
            ),
            WarningKind::Binary => self.pick("不是文本文件，没有收进来", "not a text file, left out").to_owned(),
            WarningKind::Unreadable(reason) => {
                self.pick(format!("读不了，没有收进来：{reason}"), format!("cannot be read, left out: {reason}"))
            }
            WarningKind::Empty => self.pick("是空的", "empty").to_owned(),
            WarningKind::FrontMatter(reason) => self.pick(
                "看不懂开头的设置块，已忽略：它要么不是合法的 YAML（--- 之间）或 TOML（+++ 之间），要么有一项的值既不是文字也不是列表".to_owned(),
                format!("front matter cannot be read and is ignored: {reason}"),
            ),
            WarningKind::NoDay { key, text } => self.pick(
                format!("{key} 的值“{text}”不是日期，这个回答当作已经过期，不再给学生；写成 2026-12-31 这样"),
                format!("{key} is no date ({text}), so the answer counts as expired and is not given; write it as in 2026-12-31"),
            ),
            WarningKind::QuestionsLeftOut(count) => self.pick(
                format!(
                    "questions 里有 {count} 个问题没有用上：一篇最多 {CURATED_MAX} 个，每个最多 {CURATED_CHARS_MAX} 字；里面有冒号加空格的要写在引号里"
                ),
                format!(
                    "{count} of the questions are left out: at most {CURATED_MAX} in a note, of at most {CURATED_CHARS_MAX} characters; put one with a colon and a blank into quotes"
                ),
            ),
            WarningKind::CuratedTwice(question, other) => self.pick(
                format!("“{question}”在 {other} 里也有整理好的回答，学生会同时看到两个；留一处"),
                format!("{other} has a curated answer to “{question}” too, and students see both; keep one"),
            ),
            WarningKind::HeadingWithoutBlank => self
                .pick("# 后面缺一个空格，所以不是标题", "a blank is missing after #, so this is no heading")
                .to_owned(),
            WarningKind::UnclosedFence => self.pick("代码块没有结束", "the code fence is never closed").to_owned(),
            WarningKind::UnclosedComment => self
                .pick(
                    "注释 <!-- 没有结束，后面的内容都看不到",
                    "the comment <!-- is never closed, so nothing after it is seen",
                )
                .to_owned(),
            WarningKind::LooseImage => self
                .pick(
                    "图片路径里有空格，网页上显示不出来；用 %20 或 <…>",
                    "the image's path holds blanks, so no page shows it; use %20 or <…>",
                )
                .to_owned(),
            WarningKind::Rules => self
                .pick(
                    "这个文件夹的 .gitignore 或 .ignore 不是普通文件，或者大过 1 MB：整个文件夹没有收进来",
                    "the .gitignore or .ignore of this folder is no regular file, or larger than 1 MB: the folder is left out",
                )
                .to_owned(),
            WarningKind::SymlinkLoop => {
                self.pick("链接绕成了圈，没有进去", "a link goes round in a circle, left out").to_owned()
            }
        }
    }
}
