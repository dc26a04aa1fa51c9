//! Pinyin without tones: how Han characters are read, and how a Latin word is cut into syllables.
//!
//! `ü` is written `v`, as it is typed; behind `l` and `n` and before `e` most people type `u`, so that `lue` stands for both.

use std::sync::LazyLock;

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

use super::is_han;

/// The longest syllable (`zhuang`), in bytes.
pub const SYLLABLE_BYTES_MAX: usize = 6;
/// A longer word is not taken for pinyin; bytes.
const WORD_BYTES_MAX: usize = 40;
/// Longer words are not asked for in pinyin; characters.
const READ_CHARS_MAX: usize = 8;
/// Readings of a character that are tried at most.
const READINGS_MAX: usize = 4;

/// All syllables in ASCII, sorted.
static SYLLABLES: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("syllables.txt").lines().collect());

/// Whether a word is one that may be asked for by its reading: of Han characters, and not too long.
#[must_use]
pub fn is_read(word: &str) -> bool {
    word.chars().all(is_han) && word.chars().nth(READ_CHARS_MAX).is_none()
}

/// The most common reading of a Han character.
#[must_use]
pub fn reading(c: char) -> Option<String> {
    c.to_pinyin().map(|pinyin| as_typed(pinyin.plain()))
}

/// All usual readings of a Han character, the most common first.
#[must_use]
pub fn readings(c: char) -> Vec<String> {
    let mut found: Vec<String> = reading(c).into_iter().collect();
    for pinyin in c.to_pinyin_multi().into_iter().flatten() {
        let plain = as_typed(pinyin.plain());
        if !found.contains(&plain) && found.len() < READINGS_MAX {
            found.push(plain);
        }
    }
    found
}

/// Whether the characters of a word have readings that make up this one: quicker to see than what all its readings are.
#[must_use]
pub fn may_be_read(word: &str, reading: &str) -> bool {
    let mut chars = word.chars();
    let Some(c) = chars.next() else { return reading.is_empty() };
    behind(c, reading).iter().any(|rest| may_be_read(chars.as_str(), rest))
}

/// What is left of a reading behind each reading of a character that it begins with.
fn behind(c: char, reading: &str) -> Vec<&str> {
    let all = c.to_pinyin().into_iter().chain(c.to_pinyin_multi().into_iter().flatten());
    let rest = |plain: &str| match plain.is_ascii() {
        true => reading.strip_prefix(plain),
        false => reading.strip_prefix(as_typed(plain).as_str()),
    };
    all.filter_map(|pinyin| rest(pinyin.plain())).collect()
}

/// Whether this is the blurred reading of a word (see [`blurred`]): the same as asking for that, and quicker.
#[must_use]
pub fn is_blurred_reading(word: &str, reading: &str) -> bool {
    let mut rest = reading;
    for c in word.chars() {
        let Some(plain) = c.to_pinyin().map(|pinyin| pinyin.plain()) else { return false };
        let left = match without_blur(plain) {
            Some((letters, length)) => {
                letters.get(..length).and_then(|letters| rest.as_bytes().strip_prefix(letters)).map(<[u8]>::len)
            }
            None => rest.strip_prefix(blurred(&as_typed(plain)).as_str()).map(str::len),
        };
        let Some(left) = left else { return false };
        rest = rest.get(rest.len() - left..).unwrap_or_default();
    }
    rest.is_empty()
}

/// The letters of [`blurred`] of a syllable in ASCII, and how many they are; `None` for another one.
fn without_blur(plain: &str) -> Option<([u8; SYLLABLE_BYTES_MAX], usize)> {
    let mut letters = [0; SYLLABLE_BYTES_MAX];
    let mut length = 0;
    for (place, byte) in plain.bytes().enumerate() {
        let is_blur = byte == b'h' && place == 1 && matches!(letters.first(), Some(b'z' | b'c' | b's'));
        if !is_blur {
            *letters.get_mut(length).filter(|_| byte.is_ascii())? = byte;
            length += 1;
        }
    }
    if letters.get(..length)?.ends_with(b"ng") {
        length -= 1;
    }
    if length > 1 && letters.first() == Some(&b'n') {
        *letters.first_mut()? = b'l';
    }
    Some((letters, length))
}

/// Letters of pinyin, each sound in one spelling.
#[must_use]
pub fn as_typed(letters: &str) -> String {
    if letters.is_ascii() && !letters.contains('v') {
        return letters.to_owned();
    }
    letters.replace('ü', "v").replace("lve", "lue").replace("nve", "nue")
}

/// A reading without what learners and speakers of the south do not tell apart: zh and z, ch and c, sh and s, n and l at the
/// beginning, ng and n at the end.
#[must_use]
pub fn blurred(reading: &str) -> String {
    let mut blurred = reading.to_owned();
    if blurred.contains('h') {
        blurred = blurred.replace("zh", "z").replace("ch", "c").replace("sh", "s");
    }
    if blurred.ends_with("ng") {
        blurred.pop();
    }
    match blurred.strip_prefix('n') {
        Some(rest) if !rest.is_empty() => format!("l{rest}"),
        _ => blurred,
    }
}

/// All syllables of which [`blurred`] makes this one, and perhaps some that are none.
pub fn unblurred(blurred: &str) -> impl Iterator<Item = String> {
    let rest = |letters: usize| blurred.get(letters..).unwrap_or_default();
    let beginnings: &[&str] = match blurred.bytes().next() {
        Some(b'z') => &["z", "zh"],
        Some(b'c') => &["c", "ch"],
        Some(b's') => &["s", "sh"],
        Some(b'l') => &["l", "n"],
        _ => &[""],
    };
    let behind = rest(beginnings.first().map_or(0, |beginning| beginning.len()));
    let ends: &[&str] = if behind.ends_with('n') { &["", "g"] } else { &[""] };
    beginnings.iter().flat_map(move |beginning| ends.iter().map(move |end| format!("{beginning}{behind}{end}")))
}

/// The most common reading of a whole word, blurred; `None` when it holds anything but Han characters.
#[must_use]
pub fn blurred_reading(word: &str) -> Option<String> {
    word.chars().map(|c| reading(c).map(|reading| blurred(&reading))).collect()
}

/// The most common reading of a whole word; `None` when it holds anything but Han characters.
#[must_use]
pub fn word_reading(word: &str) -> Option<String> {
    word.chars().map(reading).collect()
}

/// The places where `word` (lower case) can be cut into syllables: one row for each byte, with the ends of the syllables that
/// begin there, both only on ways that lead from the beginning to the end. `None` when there is no such way.
#[must_use]
pub fn syllable_ends(word: &str) -> Option<Vec<Vec<usize>>> {
    if word.is_empty() || word.len() > WORD_BYTES_MAX || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut ends = vec![Vec::new(); word.len()];
    let mut leads_on = vec![false; word.len() + 1];
    leads_on[word.len()] = true;
    for start in (0..word.len()).rev() {
        let reach = (start + 1)..=(start + SYLLABLE_BYTES_MAX).min(word.len());
        let is_syllable =
            |end: &usize| word.get(start..*end).is_some_and(|part| SYLLABLES.binary_search(&part).is_ok());
        ends[start] = reach.filter(|end| leads_on[*end]).filter(is_syllable).collect();
        leads_on[start] = !ends[start].is_empty();
    }
    leads_on[0].then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_syllables_are_those_of_all_characters() {
        let plain = ('\u{4E00}'..='\u{9FA5}').filter_map(|c| Some(c.to_pinyin()?.plain()));
        let syllables: std::collections::BTreeSet<String> =
            plain.map(as_typed).filter(|reading| reading.is_ascii()).collect();
        assert!(syllables.iter().map(String::as_str).eq(SYLLABLES.iter().copied()));
    }

    #[test]
    fn characters_have_their_readings() {
        assert_eq!(word_reading("容器").as_deref(), Some("rongqi"));
        assert_eq!(word_reading("绿").as_deref(), Some("lv"));
        assert_eq!(word_reading("策略").as_deref(), Some("celue"));
        assert_eq!(word_reading("a容"), None);
        assert!(readings('重').contains(&"chong".to_owned()) && readings('重').contains(&"zhong".to_owned()));
    }

    #[test]
    fn sounds_that_are_mixed_up_are_one_when_blurred() {
        for (one, other) in
            [("镜", "进"), ("争", "真"), ("探", "堂"), ("知", "资"), ("产", "残"), ("数", "素"), ("南", "蓝")]
        {
            assert_eq!(blurred_reading(one), blurred_reading(other), "{one} and {other}");
        }
        assert_ne!(blurred_reading("探"), blurred_reading("抗"));
    }

    #[test]
    fn blurred_readings_are_told_without_being_written() {
        for c in ('\u{4E00}'..='\u{9FA5}').map(String::from) {
            let Some(reading) = blurred_reading(&c) else { continue };
            assert!(is_blurred_reading(&c, &reading), "{c} {reading}");
            assert!(!is_blurred_reading(&c, &format!("{reading}x")) && !is_blurred_reading(&c, "x"), "{c}");
        }
    }

    #[test]
    fn all_that_is_blurred_to_a_syllable_is_told() {
        for c in '\u{3400}'..='\u{9FFF}' {
            for reading in readings(c) {
                let all: Vec<String> = unblurred(&blurred(&reading)).collect();
                assert!(all.contains(&reading), "{c} {reading}: {all:?}");
                assert!(all.iter().all(|other| blurred(other) == blurred(&reading)), "{c} {reading}: {all:?}");
            }
        }
    }

    #[test]
    fn a_word_is_cut_into_syllables_or_not_at_all() {
        let ends = syllable_ends("xian").unwrap();
        assert_eq!(ends[0], [2, 3, 4], "xi'an, xia'n is none, xian");
    }

    #[test]
    fn what_is_no_pinyin_has_no_cut() {
        for word in ["kubectl", "http", "pod", "", "容器", "Rongqi", "rongqi8"] {
            assert_eq!(syllable_ends(word), None, "{word}");
        }
        assert!(syllable_ends("shenme").is_some());
    }
}
