//! Where the question is in a long message: the clauses that ask, and the one before each. The rest tells the story around it and
//! counts less.

use crate::text::{Span, Token, WordClass, word_class};

/// A shorter message is all question; characters and clauses.
const CHARS_MIN: usize = 50;
const CLAUSES_MIN: usize = 4;
/// What a word of the story counts beside one of the question.
const STORY: f32 = 0.4;

/// What each place of a message counts.
#[derive(Clone, Debug)]
pub(super) struct Focus {
    story: Vec<Span>,
}

impl Focus {
    pub(super) fn of(text: &str, tokens: &[Token]) -> Self {
        let clauses = clauses(text);
        if text.chars().count() < CHARS_MIN || clauses.len() < CLAUSES_MIN {
            return Self { story: Vec::new() };
        }
        let asks: Vec<bool> = clauses.iter().map(|clause| asks(*clause, text, tokens)).collect();
        if !asks.contains(&true) {
            return Self { story: Vec::new() };
        }
        let is_question = |number: usize| asks[number] || asks.get(number + 1) == Some(&true);
        let story = clauses.iter().enumerate().filter(|(number, _)| !is_question(*number)).map(|(_, clause)| *clause);
        Self { story: story.collect() }
    }

    /// What a word at `span` counts.
    pub(super) fn weight(&self, span: Span) -> f32 {
        if self.story.iter().any(|clause| clause.contains(span)) { STORY } else { 1.0 }
    }
}

/// The parts between marks of punctuation, each with the mark that ends it.
fn clauses(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, '，' | '。' | '！' | '？' | '；' | ',' | ';' | '!' | '?' | '\n') {
            let end = at + c.len_utf8();
            found.push(Span::new(start, end));
            start = end;
        }
    }
    if start < text.len() {
        found.push(Span::new(start, text.len()));
    }
    found
}

fn asks(clause: Span, text: &str, tokens: &[Token]) -> bool {
    let marked = clause.of(text).ends_with(['？', '?']);
    let mut inside = tokens.iter().filter(|token| clause.contains(token.span));
    marked || inside.any(|token| word_class(&token.text) == WordClass::Question)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Analyzer, Lexicon};

    #[test]
    fn the_story_around_a_question_counts_less() {
        let text = "大家好，我昨天装好了 minikube，又建了一个 Deployment，接着照教程装监控，请问 Service 的端口怎么改？谢谢，辛苦各位老师了";
        let tokens = Analyzer::new(Lexicon::empty()).tokens(text);
        let focus = Focus::of(text, &tokens);
        let weight = |word: &str| focus.weight(tokens.iter().find(|token| token.text == word).unwrap().span);
        assert!((weight("service") - 1.0).abs() < 1e-6, "it stands in the question");
        assert!((weight("监控") - 1.0).abs() < 1e-6, "it stands right before the question");
        assert!((weight("minikube") - STORY).abs() < 1e-6, "it belongs to the story");
        let short = "Service 的端口，怎么改？";
        let tokens = Analyzer::new(Lexicon::empty()).tokens(short);
        assert!(Focus::of(short, &tokens).story.is_empty());
    }
}
