//! The dictionary by which Han text is cut: the words of jieba's with how often each occurs.
//!
//! It is a trie that `build.rs` makes and that is read where it lies in the program, so it costs nothing until it is asked. A node is
//! a beginning of words, eight bytes:
//!
//! | bits | hold |
//! |---|---|
//! | 48 to 63 | its last character |
//! | 24 to 47 | how often it occurs as a word; 0 when it is none |
//! | 0 to 23 | the number of its first child |
//!
//! The first 65,536 nodes are the characters themselves, in their order. Longer beginnings follow, those of one length after those
//! of another, so the children of a node stand side by side, sorted, and end where those of the next node begin. No
//! word begins with the character 0; in its place stands the sum over all words.

/// The nodes, and behind the last one the place where its children would end.
static NODES: &[[u8; 8]] = include_bytes!(concat!(env!("OUT_DIR"), "/dictionary")).as_chunks().0;

/// How often all words of the dictionary occur together.
pub(super) fn total() -> u64 {
    NODES.first().map_or(0, |sum| u64::from_le_bytes(*sum))
}

/// The words with which `text` begins, the shortest first: length in bytes, and how often the word occurs.
pub(super) fn words_at(text: &str) -> impl Iterator<Item = (usize, u32)> {
    let mut here = None;
    let beginnings = text.char_indices().map_while(move |(at, c)| {
        let number = match here {
            None => usize::from(u16::try_from(c).ok()?),
            Some(number) => child(number, c)?,
        };
        here = Some(number);
        Some((at + c.len_utf8(), often(node(number)?)))
    });
    beginnings.filter(|&(_, often)| often > 0)
}

/// Whether `word` is in the dictionary.
pub(super) fn has(word: &str) -> bool {
    words_at(word).any(|(length, _)| length == word.len())
}

fn node(number: usize) -> Option<u64> {
    NODES.get(number).map(|node| u64::from_le_bytes(*node))
}

fn last_char(node: u64) -> u64 {
    node >> 48
}

fn often(node: u64) -> u32 {
    (node >> 24 & 0xFF_FFFF) as u32
}

fn first_child(node: u64) -> usize {
    (node & 0xFF_FFFF) as usize
}

/// The number of the node that goes on from this one by `c`.
fn child(number: usize, c: char) -> Option<usize> {
    let first = first_child(node(number)?);
    let children = NODES.get(first..first_child(node(number + 1)?))?;
    let found = children.binary_search_by_key(&u64::from(c), |child| last_char(u64::from_le_bytes(*child)));
    Some(first + found.ok()?)
}

#[cfg(test)]
pub(super) mod tests {
    use jieba_rs::Jieba;

    use super::*;

    /// The words that begin with `first`, and how often each occurs.
    pub(in crate::text) fn words_from(first: char) -> Vec<(String, u32)> {
        let mut words = Vec::new();
        add_words(first as usize, "", &mut words);
        words
    }

    /// Adds the words that begin with a node; `before` lacks its last character.
    fn add_words(number: usize, before: &str, words: &mut Vec<(String, u32)>) {
        let this = node(number).unwrap();
        let here = format!("{before}{}", char::from_u32(last_char(this) as u32).unwrap());
        for child in first_child(this)..first_child(node(number + 1).unwrap()) {
            add_words(child, &here, words);
        }
        if often(this) > 0 {
            words.push((here, often(this)));
        }
    }

    #[test]
    fn the_words_are_those_of_jieba() {
        let jieba = Jieba::new();
        let words: Vec<(String, u32)> = ('\u{1}'..='\u{FFFF}').flat_map(words_from).collect();
        // jieba tells its number of words and their sum only like this.
        let told = format!("{jieba:?}");
        assert!(told.contains(&format!("records_len: {},", words.len())), "{} words, not {told}", words.len());
        assert!(told.contains(&format!("total_freq: {} ", total())), "a sum of {}, not {told}", total());
        assert_eq!(words.iter().map(|(_, often)| u64::from(*often)).sum::<u64>(), total());
        assert_eq!(words.iter().find(|(word, _)| !jieba.has_word(word) || !has(word)), None);
    }

    #[test]
    fn the_words_at_the_beginning_of_a_text_are_found_from_short_to_long() {
        let found =
            |text: &'static str| words_at(text).map(|(length, _)| text.get(..length).unwrap()).collect::<Vec<_>>();
        assert_eq!(found("服务器端口"), ["服", "服务", "服务器", "服务器端"]);
        assert_eq!(found("4S店里"), ["4S店"], "a word need not begin with a Han character");
        assert_eq!(found("\u{2070E}是"), [""; 0]);
        assert!(!has(""));
    }
}
