//! GitHub's anchors for headings.
//!
//! The rule: lower case, everything but letters, marks, digits, `_`, `-` and blanks is taken out, each blank
//! becomes `-`; a name that the page already has gets `-1`, `-2` …

use std::collections::HashMap;

use unicode_normalization::char::is_combining_mark;

use super::markdown::Heading;

/// The anchors of a page's headings, in their order.
pub(super) fn anchors(headings: &[Heading]) -> Vec<String> {
    let mut anchors = Anchors::default();
    headings.iter().map(|heading| anchors.next(&heading.text)).collect()
}

/// Gives out the anchors of one page, in the order of its headings.
#[derive(Debug, Default)]
struct Anchors {
    used: HashMap<String, u32>,
}

impl Anchors {
    /// The anchor of the next heading with the plain text `heading`; may be empty (a heading of emoji only).
    fn next(&mut self, heading: &str) -> String {
        let slug = slug(heading);
        let mut anchor = slug.clone();
        while self.used.contains_key(&anchor) {
            let count = self.used.entry(slug.clone()).or_default();
            *count += 1;
            anchor = format!("{slug}-{count}");
        }
        self.used.insert(anchor.clone(), 0);
        anchor
    }
}

/// The anchor of a heading that is the first of its name.
pub(super) fn slug(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() || is_combining_mark(c) => Some(c),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headings: &[&str], expected: &[&str]) {
        let mut anchors = Anchors::default();
        let made: Vec<String> = headings.iter().map(|heading| anchors.next(heading)).collect();
        assert_eq!(made, expected);
    }

    #[test]
    fn chinese_stays_and_punctuation_goes() {
        check(
            &["什么是云原生？", "第一步:官方文档", "kube-proxy 是干啥用的?"],
            &["什么是云原生", "第一步官方文档", "kube-proxy-是干啥用的"],
        );
        check(&["A  B", "C++ & Go_1.2", "🚀"], &["a--b", "c--go_12", ""]);
    }

    #[test]
    fn repeated_headings_are_numbered_and_never_collide() {
        check(&["小结", "小结", "小结-1", "小结"], &["小结", "小结-1", "小结-1-1", "小结-2"]);
    }
}
