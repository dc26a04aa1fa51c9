//! Sections that hold nothing to find, too much at once, or what stands elsewhere already.

use super::folder::ReadNote;
use super::headings::{key, names_something};
use super::{Finding, Folder, Problem};
use crate::corpus::{Block, BlockKind, Note, Reference, ReferenceKind, Section};
use crate::search::is_generic;
use crate::text::{Fingerprint, fold};

/// What authors write where text is to come; letters and digits only.
const PLACEHOLDERS: &[&str] = &[
    "todo",
    "tbd",
    "wip",
    "fixme",
    "xxx",
    "comingsoon",
    "tobecontinued",
    "略",
    "待补充",
    "待续",
    "未完待续",
    "待完善",
    "待更新",
    "待写",
    "待整理",
    "待定",
    "敬请期待",
    "施工中",
    "建设中",
    "补充中",
    "占位",
];
/// Words that cameras and programs give to pictures.
const PICTURE_WORDS: &[&str] = &[
    "image",
    "img",
    "png",
    "jpg",
    "jpeg",
    "screenshot",
    "untitled",
    "alt",
    "text",
    "截屏",
    "截图",
    "屏幕快照",
    "图片",
    "图",
];
/// A description of fewer letters says nothing of a picture.
const DESCRIPTION_LETTERS_MIN: usize = 4;
/// A longer section should be parted; lines of text, without code and blank ones, and characters.
const LINES_MAX: usize = 80;
const CHARS_MAX: usize = 3500;
/// A list of fewer links is no page of contents.
const LINKS_MIN: usize = 5;
/// The share of its words that can be clicked on in a page of contents.
const LINKED_SHARE: f64 = 0.7;

/// All findings about sections.
pub(super) fn check(folder: &Folder) -> Vec<Finding> {
    let mut findings = near_duplicates(folder);
    for read in folder.notes() {
        for (number, section) in read.note.sections.iter().enumerate() {
            let problem = empty(read, number, section)
                .or_else(|| picture_only(section))
                .or_else(|| contents(read, section))
                .or_else(|| long(section));
            findings.extend(problem.map(|problem| Finding {
                note: read.note.id.clone(),
                line: section.lines.first,
                problem,
            }));
        }
    }
    findings
}

fn text_of(blocks: &[Block]) -> impl Iterator<Item = &str> {
    blocks.iter().flat_map(|block| &block.pieces).map(|piece| piece.text.as_str())
}

/// A heading with nothing below it, or with a placeholder only. One that is a link leads to its text.
fn empty(read: &ReadNote, number: usize, section: &Section) -> Option<Problem> {
    let note = &read.note;
    if section.level == 0 {
        return None;
    }
    let is_stub = if section.blocks.is_empty() {
        let has_sections = note.sections.get(number + 1).is_some_and(|next| next.level > section.level);
        let has_link = || read.references.all.iter().any(|reference| section.span.contains(reference.span));
        !has_sections && is_blank_below_heading(section.span.of(&note.text)) && !has_link()
    } else {
        let is_text = section.blocks.iter().all(|block| block.kind != BlockKind::Image);
        let words = key(&text_of(&section.blocks).collect::<String>());
        is_text && PLACEHOLDERS.contains(&words.as_str())
    };
    is_stub.then(|| Problem::Stub(section.heading.clone()))
}

/// Whether a section's source holds its heading and nothing else. What stands there without being text, such as a
/// film, is something.
fn is_blank_below_heading(source: &str) -> bool {
    let mut lines = source.lines().filter(|line| !line.trim().is_empty());
    lines.next();
    lines.all(|line| line.trim().chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | ' ')))
}

fn picture_only(section: &Section) -> Option<Problem> {
    let is_picture = |block: &Block| block.kind == BlockKind::Image;
    let only_pictures = section.level > 0 && !section.blocks.is_empty() && section.blocks.iter().all(is_picture);
    (only_pictures && !text_of(&section.blocks).any(describes)).then(|| Problem::PictureOnly(section.heading.clone()))
}

/// Whether a picture's description says more than the name of its file.
fn describes(text: &str) -> bool {
    let mut text = text.to_lowercase();
    for word in PICTURE_WORDS {
        text = text.replace(word, " ");
    }
    text.chars().filter(|c| c.is_alphabetic()).count() >= DESCRIPTION_LETTERS_MIN
}

/// A section whose words are mostly links to other notes.
fn contents(read: &ReadNote, section: &Section) -> Option<Problem> {
    let is_inner = |link: &&Reference| {
        link.kind == ReferenceKind::Link && section.span.contains(link.span) && !link.target.contains("://")
    };
    let links: Vec<&Reference> = read.references.all.iter().filter(is_inner).collect();
    let linked: usize = links.iter().map(|link| link.words).sum();
    let words = text_of(&section.blocks).flat_map(str::chars).filter(|c| c.is_alphanumeric()).count();
    #[expect(clippy::cast_precision_loss, reason = "numbers of characters")]
    let is_contents = links.len() >= LINKS_MIN && linked as f64 >= LINKED_SHARE * words as f64;
    is_contents.then(|| Problem::ContentsPage(heading_of(section), links.len()))
}

fn heading_of(section: &Section) -> Option<String> {
    Some(section.heading.clone()).filter(|heading| !heading.is_empty())
}

fn long(section: &Section) -> Option<Problem> {
    let is_prose = |block: &&Block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Html);
    let pieces = || section.blocks.iter().filter(is_prose).flat_map(|block| &block.pieces);
    let chars: usize = pieces().map(|piece| piece.text.chars().count()).sum();
    let blocks = section.blocks.iter().filter(is_prose).count();
    (blocks > LINES_MAX || chars > CHARS_MAX).then(|| Problem::LongSection(heading_of(section), section.lines.count()))
}

/// Sections that say nearly what one before them says. Every pair is compared: 64 bits against 64. Lists of sources look
/// alike to fingerprints, since most of their letters are the same addresses, and may be repeated.
fn near_duplicates(folder: &Folder) -> Vec<Finding> {
    let mut before: Vec<(Fingerprint, &Note, &Section)> = Vec::new();
    let mut findings = Vec::new();
    for note in folder.notes().iter().map(|read| &read.note) {
        for section in note.sections.iter().filter(|section| !is_generic(&fold(&section.heading))) {
            let fingerprint = Fingerprint::of(text_of(&section.blocks));
            if !fingerprint.is_near(fingerprint) {
                // Too short for one.
                continue;
            }
            if let Some((_, other, twin)) = before.iter().find(|(known, ..)| known.is_near(fingerprint)) {
                let heading = if names_something(&section.heading) { &section.heading } else { &note.title };
                let problem = Problem::NearDuplicate(heading.clone(), other.id.0.clone(), twin.lines.first);
                findings.push(Finding { note: note.id.clone(), line: section.lines.first, problem });
            } else {
                before.push((fingerprint, note, section));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::folder::tests::folder;
    use super::*;

    #[track_caller]
    fn check_notes(notes: &[(&str, &str)], expected: &[(u32, Problem)]) {
        let found: Vec<_> = check(&folder(notes)).into_iter().map(|found| (found.line, found.problem)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_heading_with_nothing_below_is_a_stub() {
        let stub = |heading: &str| Problem::Stub(heading.to_owned());
        check_notes(
            &[(
                "a.md",
                "# 甲\n\n## 乙\n\n## 丙\n\nTODO：待补充\n\n## 丁\n\n待补充……\n\n## 戊\n\n---\n\n## 己\n\n<video src=\"a.mp4\"></video>\n\n## 庚\n\n见 TODO 一节。\n",
            )],
            &[(3, stub("乙")), (9, stub("丁")), (13, stub("戊"))],
        );
        check_notes(&[("a.md", "# 甲\n\n## 乙\n\n文\n\n## [丙](c.md)\n")], &[]);
    }

    #[test]
    fn pictures_need_words() {
        let bare = |heading: &str| Problem::PictureOnly(heading.to_owned());
        check_notes(
            &[(
                "a.md",
                "## 甲\n\n![image-20230923](a.png)\n\n## 乙\n\n![截屏2023-09-17](a b.png)\n\n## 丙\n\n![控制平面与节点](a.png)\n\n## 丁\n\n![](a.png)\n\n见图。\n",
            )],
            &[(1, bare("甲")), (5, bare("乙"))],
        );
    }

    #[test]
    fn a_section_of_links_to_other_notes_is_a_page_of_contents() {
        let links = |address: &str| (1..=6).map(|n| format!("- [第 {n} 课]({address}{n}.md)\n")).collect::<String>();
        check_notes(
            &[("a.md", &format!("# 目录\n\n{}", links("lesson")))],
            &[(1, Problem::ContentsPage(Some("目录".to_owned()), 6))],
        );
        check_notes(&[("a.md", &format!("# 参考\n\n{}", links("https://example.org/")))], &[]);
        check_notes(
            &[("a.md", &format!("# 甲\n\n{}\n{}", links("lesson"), "这一课讲容器怎么跑起来。".repeat(5)))],
            &[],
        );
    }

    #[test]
    fn a_long_text_is_told_and_long_code_is_not() {
        let text = format!("# 甲\n\n{}\n", "一句话。".repeat(1000));
        check_notes(&[("a.md", &text)], &[(1, Problem::LongSection(Some("甲".to_owned()), 3))]);
        let code = format!("# 甲\n\n```\n{}```\n", "let a = 1;\n".repeat(500));
        check_notes(&[("a.md", &code)], &[]);
    }

    #[test]
    fn a_text_that_stands_in_two_notes_is_told_at_the_second() {
        let text =
            "调度器给每个还没有安家的 Pod 挑一台节点：先把放不下的节点划掉，再给剩下的打分，分数最高的那台就是它的家。";
        check_notes(
            &[("a.md", &format!("# 甲\n\n{text}\n")), ("b.md", &format!("# 乙\n\n**{text}**\n"))],
            &[(1, Problem::NearDuplicate("乙".to_owned(), "a.md".to_owned(), 1))],
        );
        let sources = format!("# 参考资料\n\n{text}\n");
        check_notes(&[("a.md", &sources), ("b.md", &sources)], &[]);
    }
}
