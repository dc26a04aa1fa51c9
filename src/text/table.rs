//! Lines of a text in which one is found without reading the others: each begins with a word, and a hash table has the places where
//! the words' lines begin. `build.rs` prepares such texts, so that they cost nothing until they are asked.

/// Words with what stands for each, in the order of the words.
///
/// The first line is not one of theirs: it has the number of characters of the longest word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordTable {
    pub(crate) text: &'static str,
    pub(crate) places: &'static [[u8; 4]],
}

/// A table that `build.rs` has prepared.
macro_rules! word_table {
    ($name:literal) => {
        $crate::text::WordTable {
            text: include_str!(concat!(env!("OUT_DIR"), "/", $name, ".table")),
            places: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".places")).as_chunks().0,
        }
    };
}
pub(crate) use word_table;

impl WordTable {
    /// What stands for `word`, behind tabs; `None` when it is not in the table.
    pub(crate) fn get(self, word: &str) -> Option<&'static str> {
        find(self.text, self.places, word)
    }

    /// All words with what stands for each.
    pub(crate) fn words(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.text.lines().skip(1).map(split)
    }

    /// The number of characters of the longest word.
    pub(crate) fn chars_max(self) -> usize {
        line(self.text, 0).parse().unwrap_or_default()
    }
}

/// What stands behind `word` in its line.
pub(super) fn find<'t>(text: &'t str, places: &[[u8; 4]], word: &str) -> Option<&'t str> {
    find_mixed(text, places, word, mixed(word))
}

/// As [`find`], for a word whose [`mixed`] bytes are known.
pub(super) fn find_mixed<'t>(text: &'t str, places: &[[u8; 4]], word: &str, mixed: u64) -> Option<&'t str> {
    let places = slots(mixed, places.len()).map_while(|slot| places.get(slot));
    let lines = places.map(|place| u32::from_le_bytes(*place) as usize).take_while(|place| *place > 0);
    lines.map(|place| split(line(text, place))).find(|(other, _)| *other == word).map(|(_, rest)| rest)
}

/// The line that begins at a place.
pub(super) fn line(text: &str, place: usize) -> &str {
    let rest = text.get(place..).unwrap_or_default();
    let end = rest.bytes().position(|byte| byte == b'\n').unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// A line as its word and what stands behind it.
pub(super) fn split(line: &str) -> (&str, &str) {
    line.split_once('\t').unwrap_or((line, ""))
}

/// Where in a text the lines of words begin, little-endian; 0 for no line. At least half of the table is empty.
pub(super) struct Places(pub(super) Vec<[u8; 4]>);

impl Places {
    /// A table with room for so many words.
    pub(super) fn for_words(count: usize) -> Self {
        Self(vec![[0; 4]; (2 * count).next_power_of_two()])
    }

    /// Enters the place of a word's line.
    pub(super) fn enter(&mut self, word: &str, place: usize) {
        let Self(places) = self;
        let free =
            slots(mixed(word), places.len()).find(|&slot| places.get(slot).is_some_and(|place| *place == [0; 4]));
        if let (Some(entry), Ok(place)) = (free.and_then(|slot| places.get_mut(slot)), u32::try_from(place)) {
            *entry = place.to_le_bytes();
        }
    }
}

/// The slots of a table of `size` (a power of two) in which a word may be, the likeliest first.
fn slots(mixed: u64, size: usize) -> impl Iterator<Item = usize> {
    let first = mixed as usize;
    (0..size).map(move |further| first.wrapping_add(further) & (size - 1))
}

/// The bytes of a word mixed into a number, eight at a time; the same in every build, as a table that is compiled in needs it.
pub(super) fn mixed(word: &str) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (eights, rest) = word.as_bytes().as_chunks();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(last, byte)| *last = *byte);
    let mix = |mixed: u64, eight: &[u8; 8]| {
        let mixed = (mixed ^ u64::from_le_bytes(*eight)).wrapping_mul(FACTOR);
        mixed ^ mixed >> 32
    };
    mix(eights.iter().fold(word.len() as u64, mix), &last)
}

/// FNV-1a, 64 bits: what tells a whole text from any other.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_table_is_found_and_no_other() {
        let words: Vec<String> = (0..50).map(|number| "词语a".repeat(1 + number % 3) + &number.to_string()).collect();
        for count in 0..words.len() {
            let (mut text, mut places) = ("first\n".to_owned(), Places::for_words(count));
            for word in words.iter().take(count) {
                places.enter(word, text.len());
                text += &format!("{word}\tone\ttwo\n");
            }
            for (number, word) in words.iter().enumerate() {
                assert_eq!(find(&text, &places.0, word), (number < count).then_some("one\ttwo"), "{word} of {count}");
            }
            assert_eq!((find(&text, &places.0, ""), find(&text, &places.0, "first")), (None, None));
        }
    }
}
