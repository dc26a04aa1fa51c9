//! How the index stands beside the notes.

use super::Language;
use super::reports::counted;
use crate::index::{Manifest, Outdated};

impl Language {
    /// There is no index that can be used.
    #[must_use]
    pub fn no_index(self, notes_dir: &str) -> String {
        self.pick(
            format!("{notes_dir} 还没有能用的索引。\n  → 运行 kewen index，或者直接用 kewen ask 提问。"),
            format!("There is no index of {notes_dir} that can be used.\n  → Run kewen index, or just kewen ask."),
        )
    }

    /// The folders of notes and index.
    #[must_use]
    pub fn notes_and_index(self, notes_dir: &str, index_dir: &str) -> String {
        self.pick(format!("笔记：{notes_dir}\n索引：{index_dir}"), format!("Notes: {notes_dir}\nIndex: {index_dir}"))
    }

    /// The generation in force, `age` seconds old.
    #[must_use]
    pub fn standing(self, generation: u64, manifest: &Manifest, age: u64) -> String {
        let Manifest { notes, sections, passages, .. } = manifest;
        let age = self.duration(age);
        self.pick(
            format!("第 {generation} 代，{age}前建的：{notes} 篇笔记，{sections} 个小节，{passages} 个段落。"),
            format!(
                "Generation {generation}, built {age} ago: {}, {}, {}.",
                counted(*notes, "note"),
                counted(*sections, "section"),
                counted(*passages, "passage")
            ),
        )
    }

    /// The Git commit that the notes are in, and how many are not as they are there; `None` outside of Git.
    #[must_use]
    pub fn at_commit(self, commit: Option<&str>, differing: Option<usize>) -> Option<String> {
        let short = commit?.get(..10)?;
        Some(match differing.unwrap_or_default() {
            0 => self.pick(format!("提交：{short}。"), format!("Commit: {short}.")),
            count => self.pick(
                format!("提交：{short}，{count} 篇笔记和它不一样。"),
                format!(
                    "Commit: {short}; {} in it as indexed.",
                    match count {
                        1 => "1 note is not".to_owned(),
                        count => format!("{count} notes are not"),
                    }
                ),
            ),
        })
    }

    /// The notes are as they were indexed.
    #[must_use]
    pub fn up_to_date(self) -> &'static str {
        self.pick("之后笔记没有改动。", "The notes have not changed since.")
    }

    /// Files have changed since they were indexed; `None` when none has.
    #[must_use]
    pub fn outdated(self, outdated: &Outdated) -> Option<String> {
        let Outdated { added, changed, removed } = *outdated;
        (outdated.files() > 0).then(|| {
            self.pick(
                format!("建索引之后笔记有改动（新文件 {added} 个，改过 {changed} 个，没了 {removed} 个）：运行 kewen index。"),
                format!(
                    "Notes have changed since they were indexed (files: {added} new, {changed} changed, {removed} gone): run kewen index."
                ),
            )
        })
    }
}
