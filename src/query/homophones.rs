//! Han words with a slip: a character that only sounds right (声名式 for 声明式), that sounds nearly right (争对 for 针对), or that only
//! looks right (虚似机 for 虚拟机).
//!
//! What looks alike stands in `lookalikes.txt`, one group of characters a line.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::spelling::Found;
use super::words::{Known, Word};
use crate::text::{Span, TermKind, Token, TokenKind, WordClass, alias_key, fold, is_han, pinyin, word_class};

/// Lengths of Han words that are held against what they sound like; characters.
const LENGTHS: [usize; 4] = [5, 4, 3, 2];
/// Slips are looked for within so many characters of a question.
const LOOKED_AT: usize = 200;

static LOOKALIKES: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut alike: HashMap<char, Vec<char>> = HashMap::new();
    for group in lookalike_groups() {
        for c in group.chars() {
            alike.entry(c).or_default().extend(group.chars().filter(|other| *other != c));
        }
    }
    alike
});

fn lookalike_groups() -> impl Iterator<Item = &'static str> {
    include_str!("lookalikes.txt").lines()
}

/// The Han words of `text` that no note has, and what they were taken for.
pub(super) fn slips(text: &str, tokens: &[Token], known: Known<'_>) -> Found {
    let han = || tokens.iter().filter(|token| token.kind == TokenKind::Han);
    let borders: HashSet<usize> = han().flat_map(|token| [token.span.start, token.span.end]).collect();
    let words: HashSet<Span> = han().map(|token| token.span).collect();
    let chars: Vec<(usize, char)> = text.char_indices().take(LOOKED_AT).collect();
    let mut found: Vec<(Span, String)> = Vec::new();
    for length in LENGTHS {
        for window in chars.windows(length) {
            let end = window.last().map_or(0, |(at, c)| at + c.len_utf8());
            let span = Span::new(window[0].0, end);
            let apart = !found.iter().any(|(other, _)| other.start < span.end && span.start < other.end);
            let at_borders = borders.contains(&span.start) && borders.contains(&span.end);
            // 怎么续, or 干啥用 and 是干 where 干啥用的 is a phrase: what asks is no part of a name.
            let asks = han().any(|token| {
                token.span.start < span.end
                    && span.start < token.span.end
                    && token.text.chars().nth(1).is_some()
                    && word_class(&token.text) != WordClass::Content
            });
            if !apart || asks || !at_borders || !window.iter().all(|(_, c)| is_han(*c)) {
                continue;
            }
            let single = |&(at, c): &(usize, char)| words.contains(&Span::new(at, at + c.len_utf8()));
            let holds_together = window.iter().any(|(_, c)| word_class(&c.to_string()) != WordClass::Content);
            let goes_on = tokens.iter().any(|token| {
                let beside = token.span.end == span.start || token.span.start == end;
                beside
                    && !token.part
                    && token.text.chars().count() == 1
                    && word_class(&token.text) == WordClass::Content
            });
            let typed = Typed {
                text: fold(span.of(text)),
                is_word: words.contains(&span),
                in_pieces: window.iter().all(single) && !goes_on && !holds_together,
            };
            if let Some(word) = typed.meant(known)? {
                found.push((span, word));
            }
        }
    }
    found.sort_by_key(|(span, _)| span.start);
    Ok(found)
}

/// A row of Han characters of a question.
struct Typed {
    text: String,
    /// Whether the dictionary has it: then it was hardly meant to be an everyday word, or one that only sounds nearly or looks like it.
    is_word: bool,
    /// Whether the dictionary makes nothing of it but single characters, and of what stands beside it something: then more than
    /// one of them may be wrong.
    in_pieces: bool,
}

impl Typed {
    /// The word that was meant, when no note holds what was typed.
    fn meant(&self, known: Known<'_>) -> Result<Option<String>, String> {
        if word_class(&self.text) != WordClass::Content || known.lexicon.has_han_word(&self.text) {
            return Ok(None);
        }
        let chars: Vec<char> = self.text.chars().collect();
        let mut unseen = false;
        for pair in chars.windows(2) {
            unseen |= !known.holds_pair(&pair.iter().collect::<String>())?;
        }
        if !unseen {
            return Ok(None);
        }
        let (Some(reading), Some(blurred)) = (pinyin::word_reading(&self.text), pinyin::blurred_reading(&self.text))
        else {
            return Ok(None);
        };
        let is_name = |word: &&Word| is_name(&word.text, known);
        let is_long_or_name = |word: &&Word| chars.len() > 2 || is_name(word);
        let is_everyday = |word: &Word| !self.is_word && known.lexicon.has_han_word(&word.text);
        let is_known = |word: &&Word| is_long_or_name(word) || is_everyday(word);
        let in_one = |word: &&Word| self.differs_by(&word.text) == Some(1);
        let alike = known.read_as(&reading)?;
        if let Some(word) = alike.iter().filter(is_known).find(in_one) {
            return Ok(Some(word.text.clone()));
        }
        if self.is_word {
            return Ok(None);
        }
        let nearly = known.blurred_as(&blurred)?;
        let found = nearly.iter().filter(is_long_or_name).find(in_one);
        match found.or_else(|| nearly.iter().filter(|_| self.in_pieces).find(is_name)) {
            Some(word) => Ok(Some(word.text.clone())),
            None => self.looks_like(&chars, known),
        }
    }

    /// In how many characters a word of the same length differs.
    fn differs_by(&self, word: &str) -> Option<usize> {
        let same_length = word.chars().count() == self.text.chars().count();
        same_length.then(|| self.text.chars().zip(word.chars()).filter(|(a, b)| a != b).count())
    }

    /// A known word that one character makes of it when another that looks alike stands in its place.
    fn looks_like(&self, chars: &[char], known: Known<'_>) -> Result<Option<String>, String> {
        for (place, typed) in chars.iter().enumerate() {
            for other in LOOKALIKES.get(typed).into_iter().flatten() {
                let with = |(at, c): (usize, &char)| if at == place { *other } else { *c };
                let word: String = chars.iter().enumerate().map(with).collect();
                if is_name(&word, known) || chars.len() > 2 && known.holds(&word)? {
                    return Ok(Some(word));
                }
            }
        }
        Ok(None)
    }
}

/// Whether the lexicon has a word as the name of a thing of the field. An everyday word is too easily met by chance.
fn is_name(word: &str, known: Known<'_>) -> bool {
    known.lexicon.groups(&alias_key(word)).any(|group| group.kind == TermKind::Name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_look_alike_stand_in_one_group_once() {
        for group in lookalike_groups() {
            let chars: HashSet<char> = group.chars().collect();
            assert!(chars.len() > 1 && chars.len() == group.chars().count(), "{group}");
            assert!(chars.iter().all(|c| is_han(*c)) && fold(group) == group, "{group}: simplified characters only");
        }
    }
}
