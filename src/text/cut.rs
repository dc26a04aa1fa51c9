//! Cuts a run of Han characters into words as jieba does without its hidden Markov model: of all ways to make it of words of the
//! dictionary the one whose words are most probable together. What is in no word is a word by itself.

use super::{Span, dictionary};

/// A word of the best way through a run.
#[derive(Clone, Copy)]
struct Step {
    /// Where the word ends, in bytes of the run.
    end: usize,
    /// The logarithm of the probability of this word and all that follow.
    probability: f64,
}

/// The words of a run of Han characters (see [`is_han`](super::is_han)), one behind the other; their spans lie in the run.
#[must_use]
pub fn cut(run: &str) -> Vec<Span> {
    let steps = best_steps(run);
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(step) = steps.get(at).filter(|step| step.end > at) {
        words.push(Span::new(at, step.end));
        at = step.end;
    }
    words
}

/// As [`cut`], with the words within words: before one of three or more characters those of two, then, if it has four, those of three.
#[must_use]
pub fn cut_for_search(run: &str) -> Vec<Span> {
    let mut words = Vec::new();
    for word in cut(run) {
        let borders: Vec<usize> =
            word.of(run).char_indices().map(|(at, _)| word.start + at).chain([word.end]).collect();
        let chars = borders.len() - 1;
        for length in (2..=3).filter(|&length| length < chars) {
            let parts = borders.iter().zip(borders.iter().skip(length)).map(|(&start, &end)| Span::new(start, end));
            words.extend(parts.filter(|part| dictionary::has(part.of(run))));
        }
        words.push(word);
    }
    words
}

/// For each byte at which a character begins the best word to go on with, found from the end of the run. Of equally probable words
/// it is the longest. Sums are taken in jieba's order, so that they are rounded alike and the same words are equally probable.
fn best_steps(run: &str) -> Vec<Step> {
    let total = (dictionary::total() as f64).ln();
    let mut steps = vec![Step { end: run.len(), probability: 0.0 }; run.len() + 1];
    for (at, c) in run.char_indices().rev() {
        let step = |(length, often): (usize, u32)| {
            let end = at + length;
            let after = steps.get(end).map_or(0.0, |step| step.probability);
            Step { end, probability: f64::from(often).ln() - total + after }
        };
        let better = |a: Step, b: Step| if b.probability >= a.probability { b } else { a };
        let mut best = dictionary::words_at(run.get(at..).unwrap_or_default())
            .map(step)
            .reduce(better)
            .unwrap_or_else(|| step((c.len_utf8(), 1)));
        if is_border(c) {
            best.probability = 0.0;
        }
        if let Some(place) = steps.get_mut(at) {
            *place = best;
        }
    }
    steps
}

/// Whether jieba takes `c` for no Han character. It is in no word; what stands before it is cut as if the run ended there.
fn is_border(c: char) -> bool {
    matches!(c, '々' | '〇' | '\u{2A6E0}'..='\u{2A6FF}' | '\u{2EBF0}'..='\u{2F7FF}' | '\u{2FA20}'..='\u{323AF}')
}

#[cfg(test)]
mod tests;
