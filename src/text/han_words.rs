//! The Han words of a lexicon by how they begin: looked for at every character of every note.

use std::collections::HashMap;

use super::{Lexicon, Span};

#[derive(Debug)]
pub(super) struct HanWords {
    /// A bit for each character of the basic plane with which a word begins.
    first: Vec<u64>,
    /// The words behind their first two characters, the short ones first.
    words: HashMap<[char; 2], Vec<String>>,
}

impl HanWords {
    pub(super) fn of(lexicon: &Lexicon) -> Self {
        let mut words: HashMap<_, Vec<String>> = HashMap::new();
        let mut begins = vec![0; 1 << 10];
        for word in lexicon.han_words() {
            let mut chars = word.chars();
            if let (Some(first), Some(second)) = (chars.next(), chars.next()) {
                if let Some(bits) = begins.get_mut(first as usize >> 6) {
                    *bits |= 1 << (first as u32 & 63);
                }
                words.entry([first, second]).or_default().push(word.to_owned());
            }
        }
        for words in words.values_mut() {
            words.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            words.dedup();
        }
        Self { first: begins, words }
    }

    fn begins(&self, first: char) -> bool {
        self.first.get(first as usize >> 6).is_none_or(|bits| bits >> (first as u32 & 63) & 1 == 1)
    }

    /// Every word within a run of Han characters, overlapping ones included.
    pub(super) fn within(&self, run: &str) -> impl Iterator<Item = Span> {
        let starts = run.char_indices().zip(run.chars().skip(1));
        let starts = starts.filter(|((_, first), _)| self.begins(*first));
        starts.flat_map(move |((at, first), second)| {
            let rest = run.get(at..).unwrap_or_default();
            let words = self.words.get(&[first, second]).into_iter().flatten();
            words.filter(move |word| rest.starts_with(word.as_str())).map(move |word| Span::new(at, at + word.len()))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::TermKind;

    proptest! {
        #[test]
        fn they_are_those_that_the_lexicon_has(run in "[云原生服务网格容器编排]{0,12}") {
            let mut lexicon = Lexicon::standard();
            lexicon.add("[[term]]\nname = \"云原生容器编排\"\n", TermKind::Name).unwrap();
            let ends: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
            let all = ends.iter().flat_map(|&start| ends.iter().map(move |&end| Span::new(start, end.max(start))));
            let known: Vec<Span> = all.filter(|span| !span.is_empty() && lexicon.has_han_word(span.of(&run))).collect();
            prop_assert_eq!(HanWords::of(&lexicon).within(&run).collect::<Vec<_>>(), known);
        }
    }
}
