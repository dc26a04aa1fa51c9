//! A short fingerprint by which near-duplicates are found: SimHash (Charikar, STOC 2002) over runs of three characters.

use super::{fold_onto, is_han};

/// Characters of a run.
const RUN: usize = 3;
/// Fingerprints that differ in at most this many of their 64 bits are those of texts that say the same (Manku, Jain and
/// Das Sarma, WWW 2007, found 3 to fit pages of the web).
const NEAR: u32 = 3;
/// A shorter text (characters that count) has no fingerprint: too few runs for a vote.
const CHARS_MIN: usize = 40;

/// The fingerprint of a text. Blanks, marks, case, width and script do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fingerprint(Option<u64>);

impl Fingerprint {
    /// Of the texts one after the other.
    #[must_use]
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let (mut chars, mut folded) = (Vec::new(), String::new());
        for text in texts {
            folded.clear();
            fold_onto(text, &mut folded);
            chars.extend(folded.chars().filter(|&c| is_han(c) || c.is_alphanumeric()));
        }
        if chars.len() < CHARS_MIN {
            return Self(None);
        }
        let mut votes = Votes::default();
        chars.windows(RUN).for_each(|run| votes.add(hash(run)));
        Self(Some(votes.majority(chars.len() - RUN + 1)))
    }

    /// Whether two texts say nearly the same. A text without a fingerprint is like no other.
    #[must_use]
    pub fn is_near(self, other: Self) -> bool {
        self.0.zip(other.0).is_some_and(|(a, b)| (a ^ b).count_ones() <= NEAR)
    }
}

/// How many hashes have each of their 64 bits set: the first number holds the lowest digits of the 64 counts, the next those that
/// count double, and so on, so that all are counted at once.
#[derive(Default)]
struct Votes([u64; 32]);

impl Votes {
    fn add(&mut self, hash: u64) {
        let mut carried = hash;
        for digits in &mut self.0 {
            if carried == 0 {
                return;
            }
            (*digits, carried) = (*digits ^ carried, *digits & carried);
        }
    }

    /// The bits that more than half of `all` hashes have.
    fn majority(&self, all: usize) -> u64 {
        let count = |bit: u32| -> u64 { (0..).zip(self.0).map(|(place, digits)| (digits >> bit & 1) << place).sum() };
        (0..u64::BITS).fold(0, |bits, bit| bits | u64::from(2 * count(bit) > all as u64) << bit)
    }
}

/// FNV-1a over the characters, its bits mixed once more (the finalizer of `SplitMix64`): the same on every machine.
fn hash(run: &[char]) -> u64 {
    let fnv = run
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, c| (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3));
    let mixed = (fnv ^ fnv >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "调度器给每个还没有安家的 Pod 挑一台节点：先把放不下的节点划掉，再给剩下的打分，分数最高的那台就是它的家。\
                        打分时看剩余的内存和处理器，看镜像是不是已经在那里，也看同类的副本是不是挤在了一起。";

    fn near(a: &str, b: &str) -> bool {
        Fingerprint::of([a].into_iter()).is_near(Fingerprint::of([b].into_iter()))
    }

    #[test]
    fn the_same_text_in_other_marks_is_near_and_another_text_is_not() {
        assert!(near(TEXT, &TEXT.replace('，', ", ").replace("Pod", "**pod**")));
        assert!(near(TEXT, &format!("{TEXT}完。")), "a word more does not count");
        let other: String = TEXT.chars().rev().collect();
        assert!(!near(TEXT, &other));
        assert!(!near(TEXT, &TEXT.chars().take(60).collect::<String>()), "half of it is not the same");
    }

    #[test]
    fn a_bit_is_set_when_more_than_half_of_the_hashes_have_it() {
        let mut votes = Votes::default();
        let hashes = [0b0111, 0b0011, 0b0101, u64::MAX];
        hashes.into_iter().for_each(|hash| votes.add(hash));
        assert_eq!(votes.majority(4), 0b0111);
        assert_eq!(votes.majority(6), 0b0001);
        assert_eq!(votes.majority(8), 0);
    }

    #[test]
    fn the_fingerprint_is_the_one_that_indexes_hold() {
        assert_eq!(Fingerprint::of([TEXT].into_iter()), Fingerprint(Some(0xBAD4_C835_3966_B836)));
    }

    #[test]
    fn short_texts_are_like_no_other() {
        assert!(!near("见下一节。", "见下一节。"));
    }
}
