//! Line breaks that Markdown takes for blanks, though their author meant them.

/// A longer word before a colon is no label; characters.
const LABEL_CHARS_MAX: usize = 16;

/// Whether two lines of a paragraph were written as lines of their own: the second is indented otherwise, begins with an
/// ideographic blank, or is an entry such as `作者：` with its value.
pub(super) fn are_apart(before: &str, after: &str) -> bool {
    let content = after.trim_start_matches([' ', '\t', '>']);
    indent(before).abs_diff(indent(after)) > 1 || content.starts_with('\u{3000}') || is_entry(content)
}

/// The width of the blanks at a line's start, or behind the marks of the quotes around it.
fn indent(line: &str) -> usize {
    let blanks = line.chars().take_while(|c| matches!(c, ' ' | '\t' | '\u{3000}' | '>'));
    blanks.fold(0, |width, c| match c {
        '>' => 0,
        '\t' => width + 4,
        '\u{3000}' => width + 2,
        _ => width + 1,
    })
}

/// Whether a line begins with one short word and a colon.
fn is_entry(line: &str) -> bool {
    let Some((label, rest)) = line.split_once([':', '：']) else { return false };
    let is_label = (1..=LABEL_CHARS_MAX).contains(&label.chars().count())
        && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '*' | '`'));
    let ends_there =
        line.chars().nth(label.chars().count()) == Some('：') || rest.starts_with([' ', '*']) || rest.trim().is_empty();
    is_label && ends_there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_written_as_lines_stay_apart() {
        let check = |before: &str, after: &str, expected| {
            assert_eq!(are_apart(before, after), expected, "{before:?} {after:?}");
        };
        check("connection refused", "    没有起来。", true);
        check("    没有起来。", "permission denied", true);
        check("    没有起来，", "    看日志。", false);
        check("　　第一段。", "　　第二段。", true);
        check("作者：张三", "日期：2024", true);
        check("**作者**: 张三", "**日期**: 2024", true);
        check("一句很长的话，", "写到下一行。", false);
        check("> 引用，", "> 接着写。", false);
        check(">引用，", "> 接着写。", false);
        // An address and a clock are no label with a value, nor is a whole clause.
        check("see", "https://example.org", false);
        check("从", "12:30 开始", false);
        check("说的是", "这样一件事, 就是: 容器", false);
    }
}
