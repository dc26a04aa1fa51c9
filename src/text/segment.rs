//! Cuts normalised text into runs: Han and Latin, everything else is a gap.

use super::{Span, is_han, latin};

/// A stretch of text of one kind; the span lies in the text that was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    Han(Span),
    Latin(Span),
}

/// The runs of `text`, left to right. A Latin run may hold connectors between letters and digits
/// (`kube-proxy`, `10.96.0.1`, `etc/hosts`); Han and Latin beside each other are two runs (`12g内存`).
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if is_han(first) {
            let mut end = start + first.len_utf8();
            while let Some((at, c)) = chars.next_if(|&(_, c)| is_han(c)) {
                end = at + c.len_utf8();
            }
            found.push(Run::Han(Span::new(start, end)));
        } else if first.is_alphanumeric() {
            let mut end = start + first.len_utf8();
            while let Some((at, c)) = chars.next_if(|&(_, c)| is_word(c) || latin::is_connector(c)) {
                if is_word(c) {
                    end = at + c.len_utf8();
                } else if !chars.peek().is_some_and(|&(_, next)| is_word(next)) {
                    break;
                }
            }
            found.push(Run::Latin(Span::new(start, end)));
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let made: Vec<&str> = runs(text)
            .into_iter()
            .map(|run| match run {
                Run::Han(span) | Run::Latin(span) => span.of(text),
            })
            .collect();
        assert_eq!(made, expected);
    }

    #[test]
    fn connectors_hold_only_between_letters_and_digits() {
        check("kube-proxy 是干啥用的?", &["kube-proxy", "是干啥用的"]);
        check("-o yaml. (v1.20.)", &["o", "yaml", "v1.20"]);
        check("service: NodePort", &["service", "NodePort"]);
        check("a--b", &["a", "b"]);
    }

    #[test]
    fn han_and_latin_are_apart() {
        check("12g内存K8s集群", &["12g", "内存", "K8s", "集群"]);
    }

    #[test]
    fn emoji_and_marks_are_gaps() {
        check("🤔「容器」!!", &["容器"]);
    }
}
