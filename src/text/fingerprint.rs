//! A short fingerprint by which near-duplicates are found: SimHash (Charikar, STOC 2002) over runs of three characters.

use super::fold;

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
        let chars: Vec<char> =
            texts.flat_map(|text| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<Vec<_>>()).collect();
        if chars.len() < CHARS_MIN {
            return Self(None);
        }
        let mut votes = [0_i32; 64];
        for run in chars.windows(RUN) {
            let hash = hash(run);
            for (bit, vote) in votes.iter_mut().enumerate() {
                *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
            }
        }
        Self(Some(votes.iter().enumerate().fold(0, |bits, (bit, vote)| bits | u64::from(*vote > 0) << bit)))
    }

    /// Whether two texts say nearly the same. A text without a fingerprint is like no other.
    #[must_use]
    pub fn is_near(self, other: Self) -> bool {
        self.0.zip(other.0).is_some_and(|(a, b)| (a ^ b).count_ones() <= NEAR)
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
    fn short_texts_are_like_no_other() {
        assert!(!near("见下一节。", "见下一节。"));
    }
}
