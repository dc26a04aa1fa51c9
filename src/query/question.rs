//! A question as typed, bounded and cleaned.

/// A longer question is refused; characters. Discord's messages have at most this many.
pub const QUESTION_CHARS_MAX: usize = 2000;

/// A question that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    text: String,
}

/// Why a text is no question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionProblem {
    /// Nothing but blanks and control characters.
    Empty,
    /// Longer than [`QUESTION_CHARS_MAX`]; with its length in characters.
    TooLong(usize),
}

impl Question {
    /// Takes what somebody typed: control characters and Discord's mentions and emoji codes become blanks.
    ///
    /// # Errors
    /// [`QuestionProblem`] when nothing is left or when it is too long.
    pub fn new(typed: &str) -> Result<Self, QuestionProblem> {
        let chars = typed.chars().count();
        if chars > QUESTION_CHARS_MAX {
            return Err(QuestionProblem::TooLong(chars));
        }
        let typed = without_styles(typed);
        let seen = typed.chars().filter(|c| !is_invisible(*c));
        let clean: String = seen.map(|c| if c.is_control() { ' ' } else { c }).collect();
        let clean = without_codes(&clean);
        // A mention that was typed and not chosen is a name with an @ in front of everything else.
        let mut words = clean.split_whitespace().peekable();
        words.next_if(|word| word.starts_with('@') && word.chars().skip(1).all(|c| c.is_alphanumeric() || c == '_'));
        let text = words.collect::<Vec<_>>().join(" ");
        if text.is_empty() { Err(QuestionProblem::Empty) } else { Ok(Self { text }) }
    }

    /// The cleaned text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Characters that nobody sees or types on purpose: joiners, direction marks, marks of byte order. Some phones put one
/// behind a mention.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Takes out what colours a terminal: ESC, [, parameters, a letter (ECMA-48's control sequences).
fn without_styles(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.trim_start_matches(|c: char| ('\u{20}'..='\u{3f}').contains(&c));
        clean.push_str(end.strip_prefix(|c: char| ('\u{40}'..='\u{7e}').contains(&c)).unwrap_or(end));
    }
    clean
}

/// Takes out `<@123>`, `<@!123>`, `<@&123>`, `<#123>`, `<:name:123>` and `<a:name:123>`.
fn without_codes(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        clean.push_str(before);
        match from.split_once('>') {
            Some((code, after)) if is_code(code) => {
                clean.push(' ');
                rest = after;
            }
            _ => {
                clean.push('<');
                rest = from;
            }
        }
    }
    clean.push_str(rest);
    clean
}

fn is_code(code: &str) -> bool {
    let id = code.rsplit([':', '@', '#', '!', '&']).next().unwrap_or_default();
    code.starts_with(['@', '#', ':', 'a']) && code != id && !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<&str, QuestionProblem>) {
        assert_eq!(Question::new(typed).as_ref().map(Question::text).map_err(|problem| *problem), expected);
    }

    #[test]
    fn mentions_and_control_characters_go() {
        check("<@!123> kube-proxy\0是干啥用的\n<:thinking:99> <#5>", Ok("kube-proxy 是干啥用的"));
        check("@bot kube-proxy 是干啥用的", Ok("kube-proxy 是干啥用的"));
        check("a < b > c <div>", Ok("a < b > c <div>"));
        check("\u{1b}[1;31mkubelet\u{1b}[0m 端口\u{1b}[", Ok("kubelet 端口"));
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        check(" \0\u{7} ", Err(QuestionProblem::Empty));
        check("<@1>", Err(QuestionProblem::Empty));
        check("<@1>\u{200B}\u{FEFF}", Err(QuestionProblem::Empty));
        check("kube\u{200B}-proxy", Ok("kube-proxy"));
        check(&"问".repeat(QUESTION_CHARS_MAX + 1), Err(QuestionProblem::TooLong(QUESTION_CHARS_MAX + 1)));
    }
}
