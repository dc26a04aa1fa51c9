//! Where a passage stands, so that a reader can go there.

use serde::Serialize;

use crate::corpus::{Day, LineRange, Links, Target, file_title};
use crate::index::{PassageKey, Record};
use crate::text::fold;

/// Headings that stand in any note, so that one alone does not say what a passage is of.
const ANYWHERE: &[&str] = &[
    "介绍",
    "简介",
    "概述",
    "概览",
    "概念",
    "背景",
    "前言",
    "引言",
    "目标",
    "定义",
    "原理",
    "用法",
    "使用",
    "安装",
    "配置",
    "准备",
    "步骤",
    "操作步骤",
    "示例",
    "例子",
    "举例",
    "实例",
    "练习",
    "作业",
    "思考题",
    "答案",
    "注意",
    "注意事项",
    "说明",
    "备注",
    "补充",
    "要点",
    "问题",
    "常见问题",
    "小结",
    "总结",
    "本章小结",
    "结论",
    "参考",
    "参考资料",
    "overview",
    "introduction",
    "intro",
    "background",
    "concepts",
    "definition",
    "usage",
    "installation",
    "setup",
    "configuration",
    "steps",
    "example",
    "examples",
    "exercise",
    "exercises",
    "answers",
    "note",
    "notes",
    "faq",
    "summary",
    "conclusion",
    "references",
];

/// The source of a passage.
#[derive(Clone, Debug, Serialize)]
pub struct Citation {
    /// The note's slash path, relative to the notes folder.
    pub note: String,
    /// The note's title.
    pub title: String,
    /// Headings above, outermost first.
    pub trail: Vec<String>,
    /// The section's heading; empty before the first heading.
    pub heading: String,
    /// The heading's anchor.
    pub anchor: String,
    /// Source lines of the passage, counted from 1, both ends included.
    #[serde(serialize_with = "as_pair")]
    pub lines: LineRange,
    /// The link to the section.
    pub link: String,
    /// The passage's name in eight bytes.
    #[serde(skip)]
    pub key: PassageKey,
    /// When the note was last worked on, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Day>,
}

fn as_pair<S: serde::Serializer>(lines: &LineRange, serializer: S) -> Result<S::Ok, S::Error> {
    [lines.first, lines.last].serialize(serializer)
}

impl Citation {
    /// The citation of a stored passage.
    #[must_use]
    pub fn of(record: &Record, links: &Links<'_>) -> Self {
        let section = &record.id.section;
        Self {
            note: section.note.0.clone(),
            title: record.title.clone(),
            trail: record.trail.clone(),
            heading: record.heading.clone(),
            anchor: section.anchor.clone(),
            lines: record.lines,
            link: links.to(Target { section, heading: &record.heading, lines: record.lines }),
            key: PassageKey::of(&record.id),
            updated: record.updated,
        }
    }

    /// Title, headings above and heading, each once, empty ones left out. A title that is only the file's name is no
    /// title: it stands there when there is nothing else that says what the passage is of.
    #[must_use]
    pub fn heading_path(&self) -> Vec<&str> {
        let name = file_title(&self.note);
        let headings = || self.trail.iter().map(String::as_str).chain([self.heading.as_str()]);
        let are_silent = headings().all(says_nothing);
        let mut path = Vec::new();
        if are_silent && says_nothing(&self.title) {
            path.push(name);
        } else if are_silent || self.title != name {
            path.push(self.title.as_str());
        }
        for heading in headings() {
            if !heading.is_empty() && path.last() != Some(&heading) {
                path.push(heading);
            }
        }
        path
    }
}

/// Whether a heading says nothing by itself: it is empty, a mere number, or one that stands anywhere.
pub(crate) fn says_nothing(heading: &str) -> bool {
    let heading = fold(heading);
    let words = heading.trim_matches(|c: char| !c.is_alphabetic());
    // 一、小结 is 小结.
    let words = words
        .split_once('、')
        .filter(|(number, _)| number.chars().all(|c| "一二三四五六七八九十".contains(c)))
        .map_or(words, |(_, rest)| rest);
    words.is_empty() || ANYWHERE.contains(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(title: &str, trail: &[&str], heading: &str, expected: &[&str]) {
        let citation = Citation {
            note: "课/容器.md".to_owned(),
            title: title.to_owned(),
            trail: trail.iter().map(|&heading| heading.to_owned()).collect(),
            heading: heading.to_owned(),
            anchor: String::new(),
            lines: LineRange { first: 1, last: 2 },
            link: String::new(),
            key: PassageKey::default(),
            updated: None,
        };
        assert_eq!(citation.heading_path(), expected);
    }

    #[test]
    fn a_heading_that_stands_anywhere_is_shown_with_what_it_is_of() {
        for heading in ["小结", "2. 示例", "二、概述", "Example", "3.1"] {
            check("容器", &[], heading, &["容器", heading]);
        }
        check("容器", &[], "", &["容器"]);
        check("小结", &[], "小结", &["容器", "小结"]);
        check("容器", &[], "镜像分层", &["镜像分层"]);
        check("容器", &["镜像分层"], "小结", &["镜像分层", "小结"]);
        check("容器", &["概述"], "小结", &["容器", "概述", "小结"]);
        check("容器入门", &[], "镜像分层", &["容器入门", "镜像分层"]);
    }
}
