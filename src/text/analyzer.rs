//! The analyzer: one text in, tokens with their places in the source out.
//!
//! | for | Han | Latin |
//! |---|---|---|
//! | the index | words of the dictionary, the words within them, and every lexicon word | whole and parts |
//! | a question | words of the dictionary; a lexicon word beside its parts | whole and parts |
//!
//! No word is guessed: jieba's hidden Markov model would, and it glues an unknown character to its neighbour. Every
//! token of a question is a token of the same text in the index.

use std::sync::OnceLock;

use serde::Serialize;

use super::cut::{cut, cut_for_search};
use super::han_words::HanWords;
use super::segment::{Run, runs};
use super::stopwords::{is_listed, phrase_chars_max};
use super::{Lexicon, Normalised, Span, TokenList, latin, normalise};

/// Rises whenever the same text may give other tokens; an index with another version does not fit.
pub const ANALYZER_VERSION: u32 = 1;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Han characters only.
    Han,
    /// Letters and digits of any other script.
    Latin,
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Normalised, lower case, singular.
    pub text: String,
    /// Where it stands in the source text, in bytes.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
    /// Whether it is a part of a longer token (or another spelling of it) at the same place.
    pub part: bool,
}

/// The tokens of a text for the fields of the index.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Analysis {
    /// Words, and the words within them.
    pub words: TokenList,
    /// Single Han characters; Latin words stay whole.
    pub chars: TokenList,
    /// Pairs of neighbouring Han characters.
    pub bigrams: TokenList,
}

/// Cuts notes and questions into tokens.
pub struct Analyzer {
    lexicon: Lexicon,
    /// Made when the first note is cut; no question needs them.
    han_words: OnceLock<HanWords>,
}

impl std::fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Analyzer").field("terms", &self.lexicon.len()).finish_non_exhaustive()
    }
}

impl Analyzer {
    /// An analyzer with the dictionary and the words of `lexicon`.
    #[must_use]
    pub fn new(lexicon: Lexicon) -> Self {
        Self { lexicon, han_words: OnceLock::new() }
    }

    /// The lexicon in force.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The tokens of a piece of a note, for the index.
    #[must_use]
    pub fn analyze(&self, text: &str) -> Analysis {
        let mut analysis = Analysis::default();
        self.analyze_onto(text, &mut analysis);
        analysis
    }

    /// Adds the tokens of a piece of a note to those of the pieces before it.
    pub fn analyze_onto(&self, text: &str, analysis: &mut Analysis) {
        let normalised = normalise(text);
        let source = normalised.text();
        for run in runs(source) {
            match run {
                Run::Latin(span) if let Some(word) = latin::only_word(span.of(source)) => {
                    analysis.chars.push(word);
                    analysis.words.push(word);
                }
                Run::Latin(span) => {
                    for word in latin::words(span.of(source)) {
                        analysis.chars.push(&word.text);
                        analysis.words.push(&word.text);
                    }
                }
                Run::Han(span) => self.analyze_han(span.of(source), analysis),
            }
        }
    }

    fn analyze_han(&self, run: &str, analysis: &mut Analysis) {
        let words = cut_for_search(run);
        words.iter().for_each(|word| analysis.words.push(word.of(run)));
        let lexicon_words = self.han_words.get_or_init(|| HanWords::of(&self.lexicon));
        let others = lexicon_words.within(run).filter(|span| !words.contains(span));
        others.for_each(|word| analysis.words.push(word.of(run)));
        let mut before = None;
        for (at, c) in run.char_indices() {
            analysis.chars.push_char(c);
            if let Some(pair) = before.and_then(|before| run.get(before..at + c.len_utf8())) {
                analysis.bigrams.push(pair);
            }
            before = Some(at);
        }
    }

    /// The tokens of a question (or of a snippet to be marked), each with its place in `text`.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let normalised = normalise(text);
        let source = normalised.text();
        let mut tokens = Vec::new();
        for run in runs(source) {
            match run {
                Run::Latin(span) => {
                    tokens.extend(latin::words(span.of(source)).into_iter().map(|word| Token {
                        span: normalised.source_span(Span::new(span.start + word.start, span.start + word.end)),
                        text: word.text,
                        kind: TokenKind::Latin,
                        part: word.part,
                    }));
                }
                Run::Han(span) => self.han_tokens(&normalised, span, &mut tokens),
            }
        }
        tokens
    }

    /// Words of exact mode; a phrase of the stop words or a word of the lexicon stands beside its parts.
    fn han_tokens(&self, normalised: &Normalised, span: Span, tokens: &mut Vec<Token>) {
        let run = span.of(normalised.text());
        let cut = cut(run);
        let wholes = self.whole_words(run, &cut);
        let mut push = |word: Span, part: bool| {
            tokens.push(Token {
                text: word.of(run).to_owned(),
                span: normalised.source_span(word.shifted(span.start)),
                kind: TokenKind::Han,
                part,
            });
        };
        for &whole in wholes.iter().filter(|whole| !cut.contains(whole)) {
            push(whole, false);
        }
        for &word in &cut {
            push(word, wholes.iter().any(|whole| whole.contains(word) && *whole != word));
        }
    }

    /// Longest known phrases that begin and end where jieba cuts, left to right, without overlap.
    fn whole_words(&self, run: &str, cut: &[Span]) -> Vec<Span> {
        let chars_max = self.lexicon.han_chars_max().max(phrase_chars_max());
        let mut wholes = Vec::new();
        let mut first = 0;
        while let Some(start) = cut.get(first).map(|span| span.start) {
            // No known phrase is longer than this.
            let mut chars = 0;
            let reach = cut.iter().skip(first).take_while(|span| {
                chars += span.of(run).chars().count();
                chars <= chars_max
            });
            let longest = (first..first + reach.count()).rev().find_map(|last| {
                let span = Span::new(start, cut.get(last)?.end);
                let word = span.of(run);
                let chars = word.chars().count();
                let known = (chars <= self.lexicon.han_chars_max() && self.lexicon.has_han_word(word))
                    || (chars <= phrase_chars_max() && is_listed(word));
                known.then_some((last, span))
            });
            if let Some((last, span)) = longest {
                wholes.push(span);
                first = last;
            }
            first += 1;
        }
        wholes
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| Analyzer::new(Lexicon::standard()));

    #[track_caller]
    fn check(question: &str, expected: &[&str]) {
        let made: Vec<String> = ANALYZER
            .tokens(question)
            .into_iter()
            .map(|token| if token.part { format!("({})", token.text) } else { token.text })
            .collect();
        assert_eq!(made, expected);
    }

    #[test]
    fn a_lexicon_word_stands_beside_its_parts() {
        check("云原生的意义", &["云原生", "(云)", "(原生)", "的", "意义"]);
    }

    #[test]
    fn an_unknown_character_is_not_glued_to_its_neighbour() {
        check("云是啥意思", &["是啥意思", "云", "(是)", "(啥意思)"]);
    }

    #[test]
    fn the_index_holds_words_characters_and_bigrams() {
        let made = ANALYZER.analyze("服务网格 Istio");
        assert!(made.words.iter().eq(["服务", "网格", "服务网格", "istio"]), "{made:?}");
        assert!(made.chars.iter().eq(["服", "务", "网", "格", "istio"]), "{made:?}");
        assert!(made.bigrams.iter().eq(["服务", "务网", "网格"]), "{made:?}");
        assert_eq!((made.words.len(), made.chars.len(), made.bigrams.len()), (4, 5, 3));
    }

    #[test]
    fn spans_point_into_the_source() {
        let question = "請問：ｋｕｂｅ－ｐｒｏｘｙ的用途";
        let whole = ANALYZER.tokens(question).into_iter().find(|token| token.text == "kube-proxy").unwrap();
        assert_eq!(whole.span.of(question), "ｋｕｂｅ－ｐｒｏｘｙ");
    }

    proptest! {
        #[test]
        fn a_text_is_analysed_alike_at_index_and_question_time(text in "([a-zA-Z0-9./_-]{1,8}|[云原生的服务网格容器编排是啥意思怎么部署集群]{1,8}|[ ，。:]){0,8}") {
            let index = ANALYZER.analyze(&text);
            for token in ANALYZER.tokens(&text) {
                let listed = token.kind == TokenKind::Han && is_listed(&token.text);
                prop_assert!(listed || index.words.iter().any(|word| word == token.text), "{token:?} is not in {:?}", index.words);
            }
        }

        #[test]
        fn full_width_equals_half_width(text in "[ -~]{0,30}") {
            let wide: String = text.chars().map(|c| match c {
                ' ' => '\u{3000}',
                c => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
            }).collect();
            prop_assert_eq!(ANALYZER.analyze(&text).words, ANALYZER.analyze(&wide).words);
        }

        #[test]
        fn token_spans_lie_on_character_boundaries(text in "\\PC{0,40}") {
            for token in ANALYZER.tokens(&text) {
                prop_assert!(text.get(token.span.start..token.span.end).is_some());
                prop_assert!(!token.span.is_empty());
            }
        }
    }
}
