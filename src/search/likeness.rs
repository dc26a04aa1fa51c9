//! How much a heading reads like the question itself: 什么是云原生？ for "什么是云原生".
//!
//! The measure is Dice's coefficient (1945) over pairs of neighbouring letters, punctuation left out: twice the
//! shared pairs over all pairs of both, from 0 to 1.

use crate::text::fold;

/// The pairs of neighbouring letters of a text, sorted.
#[derive(Debug)]
pub(super) struct Pairs(Vec<(char, char)>);

impl Pairs {
    pub(super) fn of(text: &str) -> Self {
        let folded = fold(text);
        let letters = folded.chars().filter(|c| c.is_alphanumeric());
        let mut pairs: Vec<(char, char)> = letters.clone().zip(letters.skip(1)).collect();
        pairs.sort_unstable();
        Self(pairs)
    }
}

/// The question, ready to be compared.
pub(super) struct Likeness {
    pairs: Vec<(char, char)>,
}

impl Likeness {
    pub(super) fn new(question: &str) -> Self {
        Self { pairs: Pairs::of(question).0 }
    }

    /// The likeness of a text with these pairs and the question.
    pub(super) fn of(&self, Pairs(other): &Pairs) -> f32 {
        let all = self.pairs.len() + other.len();
        let (mut shared, mut a, mut b) = (0_usize, 0, 0);
        while let (Some(mine), Some(theirs)) = (self.pairs.get(a), other.get(b)) {
            match mine.cmp(theirs) {
                std::cmp::Ordering::Less => a += 1,
                std::cmp::Ordering::Greater => b += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    a += 1;
                    b += 1;
                }
            }
        }
        if all == 0 { 0.0 } else { 2.0 * shared as f32 / all as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_is_wholly_alike_whatever_its_marks() {
        assert!((Likeness::new("什么是云原生").of(&Pairs::of("什么是雲原生？")) - 1.0).abs() < 1e-6);
        assert!(Likeness::new("什么是云原生").of(&Pairs::of("环境配置")) < 1e-6);
        let like = Likeness::new("kube-proxy 是干啥用的");
        assert!(like.of(&Pairs::of("kube-proxy 是干啥用的？")) > like.of(&Pairs::of("不用 kube-proxy 行不行？")));
        assert!(Likeness::new("").of(&Pairs::of("")) < 1e-6);
    }
}
