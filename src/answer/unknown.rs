//! The words that no note mentions, as they are told: a character that is left over from a word which nobody knows is told
//! with its neighbours, as they were typed, or not at all.

use crate::query::{Query, says_what_kind};
use crate::text::{Analyzer, Span, Token, TokenKind, WordClass, fold, is_han, word_class};

/// What stands in front of a measure word (这门课): that is no part of a word.
const BEFORE_MEASURES: &[char] =
    &['这', '那', '哪', '每', '几', '某', '一', '两', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/// The unknown words of a question, in its order.
pub(super) fn told(query: &Query, unknown: &[String], analyzer: &Analyzer) -> Vec<String> {
    // Of a question that names nothing (谢谢), what it is made of is no word that the notes could mention.
    if query.names_nothing {
        return Vec::new();
    }
    // 区别, 步骤, 几次: a note that answers need not hold the word that asks.
    let asks = |word: &String| says_what_kind(&fold(word)) || query.quantity.is_some() && word.starts_with('几');
    let unknown: Vec<&String> = unknown.iter().filter(|word| !asks(word)).collect();
    if !unknown.iter().any(|word| is_single(word)) {
        return unknown.into_iter().cloned().collect();
    }
    let tokens = analyzer.tokens(&query.text);
    let compounds = compounds(&query.text, &tokens);
    let mut told: Vec<String> = Vec::new();
    for word in unknown {
        let whole = if is_single(word) {
            let within = |span: &&Span| span.of(&query.text).contains(word.as_str());
            compounds.iter().find(within).map(|span| span.of(&query.text))
        } else {
            Some(word.as_str())
        };
        if let Some(whole) = whole.filter(|whole| !told.iter().any(|other| other == whole)) {
            told.push(whole.to_owned());
        }
    }
    told
}

fn is_single(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_han) && chars.next().is_none()
}

/// Runs of single characters side by side, of two or more: what is left of a word that the dictionary does not have.
fn compounds(text: &str, tokens: &[Token]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut run: Option<Span> = None;
    let mut before: Option<&Token> = None;
    for token in tokens.iter().filter(|token| !token.part) {
        let measures =
            before.is_some_and(|before| before.span.end == token.span.start && before.text.ends_with(BEFORE_MEASURES));
        let single = token.kind == TokenKind::Han && is_single(&token.text) && !measures;
        before = Some(token);
        if !single || word_class(&token.text) != WordClass::Content {
            found.extend(run.take());
            continue;
        }
        run = match run {
            Some(run) if run.end == token.span.start => Some(Span::new(run.start, token.span.end)),
            other => {
                found.extend(other);
                Some(token.span)
            }
        };
    }
    found.extend(run);
    found.retain(|span| !is_single(span.of(text)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Role;
    use crate::text::Lexicon;

    #[track_caller]
    fn check(text: &str, unknown: &[&str], expected: &[&str]) {
        let analyzer = Analyzer::new(Lexicon::empty());
        let query = Query::of(text.to_owned(), &analyzer);
        let unknown: Vec<String> = unknown.iter().map(|word| (*word).to_owned()).collect();
        for word in &unknown {
            assert!(
                query.units.iter().any(|unit| unit.role == Role::Content && unit.text == *word),
                "{word} of {text}"
            );
        }
        assert_eq!(told(&query, &unknown, &analyzer), expected, "{text}");
    }

    #[test]
    fn a_character_left_over_is_told_with_its_neighbours_or_not_at_all() {
        check("请问藏镜人是什么", &["镜"], &["藏镜人"]);
        check("請問藏鏡人是什麼", &["鏡"], &["藏鏡人"]);
        check("藏镜人和量子", &["藏", "镜", "人", "量子"], &["藏镜人", "量子"]);
        check("什么时候交作业", &["交"], &[]);
        check("这门课的作业", &["门", "课"], &[]);
    }

    #[test]
    fn whole_words_are_told_as_they_are() {
        check("karmada 的量子", &["karmada", "量子"], &["karmada", "量子"]);
    }
}
