//! Pinyin typed instead of Han characters, taken for the words of the notes that are read like that.

use super::spelling::Found;
use super::words::{Known, Word};
use crate::text::{Span, Token, TokenKind, WordClass, normalise, pinyin, word_class};

/// A run of so many single syllables is pinyin even without a long word in it.
const SYLLABLES_MIN: usize = 4;
/// What a single character is worth beside a word, as a natural logarithm.
const SINGLE_PENALTY: f32 = 2.5;
/// What a syllable costs that is left as typed: more than a word of the notes, and less than a rare character. One that stands alone
/// costs double: hardly anything else is typed like that.
const KEPT_PENALTY: f32 = 6.0;

/// Runs of pinyin, as the Han text that they most probably stand for.
pub(super) fn runs(text: &str, tokens: &[Token], known: Known<'_>) -> Found {
    let mut runs = Vec::new();
    for run in runs_of_syllables(text, tokens) {
        runs.extend(Reading::of(text, &run, known)?);
    }
    let long: usize = runs.iter().map(|run| run.long).sum();
    let short: usize = runs.iter().map(|run| run.short).sum();
    if long == 0 && short < SYLLABLES_MIN {
        return Ok(Vec::new());
    }
    // name is 那么 only where no English stands around it, and there nothing is anything that no note holds.
    let is_english = tokens.iter().any(|token| is_english(text, token));
    let speaks = |word: &String| -> Result<bool, String> {
        let long = word.chars().nth(1).is_some();
        Ok(long && (!is_english || word_class(word) == WordClass::Content && known.holds(word)?))
    };
    let mut found = Vec::new();
    for run in runs {
        for (span, words) in run.most_probable(known)? {
            // By itself a lone syllable could be any character.
            let is_all = span == run.span() && short >= SYLLABLES_MIN && !is_english;
            let mut has_word = false;
            for word in &words {
                has_word |= speaks(word)?;
            }
            if is_all || has_word {
                found.push((span, words.concat()));
            }
        }
    }
    Ok(found)
}

/// Whether a token is one of the small words of English, and no syllable.
fn is_english(text: &str, token: &Token) -> bool {
    token.kind == TokenKind::Latin && word_class(&token.text) != WordClass::Content && syllables(text, token).is_none()
}

/// Neighbouring tokens that can be pinyin, with nothing but blanks between them.
fn runs_of_syllables<'t>(text: &str, tokens: &'t [Token]) -> Vec<Vec<&'t Token>> {
    let mut runs: Vec<Vec<&Token>> = vec![Vec::new()];
    for token in tokens.iter().filter(|token| !token.part) {
        let last = runs.last().and_then(|run| run.last()).map(|last| last.span.end);
        let joins = last.is_none_or(|end| {
            text.get(end..token.span.start).is_some_and(|gap| gap.chars().all(|c| c == ' ' || c == '\''))
        });
        let is_pinyin = syllables(text, token).is_some();
        if !joins || !is_pinyin {
            runs.push(Vec::new());
        }
        if let Some(run) = runs.last_mut().filter(|_| is_pinyin) {
            run.push(token);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The typed letters of a token and where its syllables end. The token's own text may have lost its last letter to the stem.
fn syllables(text: &str, token: &Token) -> Option<(String, Vec<Vec<usize>>)> {
    let typed = normalise(token.span.of(text)).text().to_lowercase();
    let typed = pinyin::as_typed(&typed);
    let ends = pinyin::syllable_ends(&typed)?;
    Some((typed, ends))
}

/// A token of a run.
struct Typed {
    /// Its letters within those of the run.
    letters: Span,
    /// Where it stands in the question.
    span: Span,
    /// What leaving it as it is is worth, as a natural logarithm.
    kept: f32,
}

/// A run of syllables, ready to be read.
struct Reading {
    letters: String,
    /// Where syllables can end, for each letter at which one begins.
    ends: Vec<Vec<usize>>,
    /// The tokens, by where they begin and end in the letters.
    typed: Vec<Typed>,
    /// Tokens of several syllables that no note holds as they are, and tokens of a single syllable.
    long: usize,
    short: usize,
}

impl Reading {
    fn of(text: &str, run: &[&Token], known: Known<'_>) -> Result<Option<Self>, String> {
        let all = known.snapshot.passages() as f32 + 1.0;
        let mut reading = Self { letters: String::new(), ends: Vec::new(), typed: Vec::new(), long: 0, short: 0 };
        for token in run {
            let Some((typed, own)) = syllables(text, token) else { return Ok(None) };
            let at = reading.letters.len();
            let passages = known.passages(&token.text)?;
            let is_single = own.first().is_some_and(|ends| ends.contains(&typed.len()));
            if is_single {
                reading.short += 1;
            } else if passages == 0 {
                reading.long += 1;
            }
            let kept = if passages > 0 && word_class(&token.text) == WordClass::Content {
                ((passages as f32 + 1.0) / all).ln()
            } else {
                -KEPT_PENALTY * fewest_syllables(&own).max(2) as f32
            };
            let letters = Span::new(at, at + typed.len());
            reading.typed.push(Typed { letters, span: token.span, kept });
            reading
                .ends
                .extend(own.into_iter().map(|ends| ends.into_iter().map(|end| at + end).collect::<Vec<usize>>()));
            reading.letters.push_str(&typed);
        }
        Ok(Some(reading))
    }

    /// The most probable words for a row of syllables, where they stand in the question: the product of how often each occurs (Viterbi over
    /// the row). A token for which there are no good words stays as it is, and parts the row.
    fn most_probable(&self, known: Known<'_>) -> Result<Vec<(Span, Vec<String>)>, String> {
        let all = known.snapshot.passages() as f32 + 1.0;
        // best[at]: the score up to there, where the last word began, and the word; none for a token that stays.
        let mut best: Vec<Option<(f32, usize, Option<String>)>> = vec![None; self.letters.len() + 1];
        best[0] = Some((0.0, 0, None));
        for start in 0..self.letters.len() {
            let Some((before, ..)) = best[start] else { continue };
            let mut offer = |end: usize, score: f32, word| {
                if best[end].as_ref().is_none_or(|(known, ..)| score > *known) {
                    best[end] = Some((score, start, word));
                }
            };
            for end in word_ends(&self.ends, start) {
                let Some(reading) = self.letters.get(start..end) else { continue };
                if let Some(Word { text, passages }) = known.most_frequent(reading)? {
                    let single = text.chars().nth(1).is_none();
                    let score = ((passages as f32 + 1.0) / all).ln() - if single { SINGLE_PENALTY } else { 0.0 };
                    offer(end, before + score, Some(text));
                }
            }
            if let Some(token) = self.typed.iter().find(|token| token.letters.start == start) {
                offer(token.letters.end, before + token.kept, None);
            }
        }
        let mut found: Vec<(Span, Vec<String>)> = Vec::new();
        let mut at = self.letters.len();
        let mut goes_on = false;
        while at > 0 {
            let Some((_, start, word)) = best[at].take() else { return Ok(Vec::new()) };
            let is_word = word.is_some();
            if let Some(word) = word {
                let place = self.place(Span::new(start, at));
                match found.last_mut().filter(|_| goes_on) {
                    Some((span, words)) => {
                        span.start = place.start;
                        words.push(word);
                    }
                    None => found.push((place, vec![word])),
                }
            }
            goes_on = is_word;
            at = start;
        }
        found.reverse();
        found.iter_mut().for_each(|(_, words)| words.reverse());
        Ok(found)
    }

    /// Where the run stands in the question.
    fn span(&self) -> Span {
        self.place(Span::new(0, self.letters.len()))
    }

    /// The tokens that `letters` of the run stand in.
    fn place(&self, letters: Span) -> Span {
        let first = self.typed.iter().find(|token| token.letters.end > letters.start);
        let last = self.typed.iter().rev().find(|token| token.letters.start < letters.end);
        let start = first.map_or(0, |token| token.span.start);
        Span::new(start, last.map_or(start, |token| token.span.end))
    }
}

/// The fewest syllables of a row of letters.
fn fewest_syllables(ends: &[Vec<usize>]) -> usize {
    let mut fewest = vec![0; ends.len() + 1];
    for start in (0..ends.len()).rev() {
        let rest = ends[start].iter().filter_map(|end| fewest.get(*end)).min();
        fewest[start] = 1 + rest.copied().unwrap_or(0);
    }
    fewest[0]
}

/// Where a word that begins at `start` can end: behind one to eight syllables.
fn word_ends(ends: &[Vec<usize>], start: usize) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    let mut reached = vec![start];
    for _ in 0..8 {
        reached = reached.iter().filter_map(|&at| ends.get(at)).flatten().copied().collect();
        reached.sort_unstable();
        reached.dedup();
        found.extend(&reached);
    }
    found.sort_unstable();
    found.dedup();
    found
}
