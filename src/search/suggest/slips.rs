//! Latin words of the texts, found although they are typed with a slip and not to their end.

use std::collections::BTreeMap;

use crate::text::{is_connector, is_han};

/// Shorter words are not taken for a slip; letters. From the second length on two slips are allowed.
const SLIP_FROM: usize = 4;
const TWO_SLIPS_FROM: usize = 8;
/// What a word with a slip counts, and what each further slip takes.
const WITH_A_SLIP: f32 = 0.65;
const FURTHER_SLIP: f32 = 0.15;

/// The Latin words of all texts, and in which of them each stands.
#[derive(Debug, Default)]
pub(super) struct LatinWords(BTreeMap<String, Vec<u32>>);

impl LatinWords {
    /// Adds the words of a folded text, whole and in parts (`kube-proxy`, `kube`, `proxy`).
    pub(super) fn add(&mut self, folded: &str, number: u32) {
        let is_part = |c: char| c.is_ascii_alphanumeric();
        for whole in folded.split(|c: char| is_han(c) || !(is_part(c) || is_connector(c))) {
            let whole = whole.trim_matches(|c: char| !is_part(c));
            let parts = whole.split(|c: char| !is_part(c)).filter(|part| part.len() < whole.len());
            for word in std::iter::once(whole).chain(parts).filter(|word| word.len() + 1 >= SLIP_FROM) {
                let texts = self.0.entry(word.to_owned()).or_default();
                if texts.last() != Some(&number) {
                    texts.push(number);
                }
            }
        }
    }

    /// What a word that `typed` begins, but for a slip, counts in each of `texts` texts.
    pub(super) fn nearly(&self, typed: &str, texts: usize) -> Vec<f32> {
        if typed.len() < SLIP_FROM {
            return Vec::new();
        }
        let mut found = vec![0.0; texts];
        let slips_max = if typed.len() < TWO_SLIPS_FROM { 1 } else { 2 };
        let wanted = letters(typed);
        for (word, texts) in &self.0 {
            // A letter that the word does not have is a slip at least.
            let strange = (wanted & !letters(word)).count_ones() as usize;
            if word.len() + slips_max < typed.len() || strange > slips_max {
                continue;
            }
            let slips = slips(typed.as_bytes(), word.as_bytes());
            if slips <= slips_max {
                let counts = WITH_A_SLIP - FURTHER_SLIP * slips.saturating_sub(1) as f32;
                for text in texts {
                    found.get_mut(*text as usize).into_iter().for_each(|best| *best = f32::max(*best, counts));
                }
            }
        }
        found
    }
}

fn letters(word: &str) -> u64 {
    word.bytes().fold(0, |set, byte| set | 1 << (byte % 64))
}

/// The fewest slips by which `typed` differs from a beginning of `word`: letters left out, added or changed, neighbours that changed
/// places (optimal string alignment).
fn slips(typed: &[u8], word: &[u8]) -> usize {
    // A longer beginning than this has more slips than are allowed.
    let word = word.get(..(typed.len() + 3).min(word.len())).unwrap_or_default();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=word.len()).collect();
    for (row, &letter) in (1..).zip(typed) {
        let mut here = vec![row];
        for (column, &other) in (1..).zip(word) {
            let cost = usize::from(letter != other);
            let mut best = (last[column - 1] + cost).min(last[column] + 1).min(here[column - 1] + 1);
            let turned = row > 1 && column > 1 && typed[row - 2] == other && word[column - 2] == letter;
            if turned {
                best = best.min(before[column - 2] + 1);
            }
            here.push(best);
        }
        before = std::mem::replace(&mut last, here);
    }
    last.into_iter().min().unwrap_or(typed.len())
}

#[cfg(test)]
mod tests {
    use super::slips;

    #[test]
    fn slips_are_counted_up_to_where_was_typed() {
        for (typed, word, expected) in [
            ("kube-pr", "kube-proxy", 0),
            ("kube-porx", "kube-proxy", 1),
            ("kubeproxy", "kube-proxy", 1),
            ("kuube", "kube-proxy", 1),
            ("kobe", "kube-proxy", 1),
            ("ngress", "ingress", 1),
            ("", "pod", 0),
            ("pod", "", 3),
        ] {
            assert_eq!(slips(typed.as_bytes(), word.as_bytes()), expected, "{typed} for {word}");
        }
    }
}
