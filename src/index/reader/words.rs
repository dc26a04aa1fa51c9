//! The words of a snapshot: those that begin with a character, and those that are nearly another one. The latter are found by walking through the term
//! dictionary together with an automaton, so that only what may still be near is looked at, whatever the number of words.

use std::sync::Arc;

use tantivy::termdict::{TermDictionary, TermStreamer};
use tantivy_fst::Automaton;

use super::{Snapshot, TextField};

/// The most slips that are looked for.
const SLIPS_MAX: usize = 2;
/// What is too many.
const TOO_MANY: u8 = 3;
/// Of a row of distances only so many can be few enough: those of the diagonal and beside it.
const BAND: usize = 2 * SLIPS_MAX + 1;

/// Accepts the words within so many slips of a word in ASCII: a letter more, one less, another one, or two in each other's places
/// (optimal string alignment). Rows of the table of distances are made as the walk goes on; to make a whole automaton first, as
/// `levenshtein_automata` does, takes 30 ms for two slips in a long word.
#[derive(Clone)]
struct Near {
    word: Arc<[u8]>,
    slips: u8,
}

/// How far a beginning of a word is from the beginnings of the other one.
#[derive(Clone, Copy)]
struct Distances {
    /// Bytes of the beginning, and the last one.
    length: usize,
    last: u8,
    /// Its distance from those beginnings of the other word that are at most [`SLIPS_MAX`] shorter or longer, the shortest first.
    row: [u8; BAND],
    /// The same without the last byte.
    before: [u8; BAND],
}

impl Automaton for Near {
    type State = Distances;

    fn start(&self) -> Distances {
        let row = std::array::from_fn(|place| {
            let other = place.checked_sub(SLIPS_MAX).filter(|other| *other <= self.word.len());
            other.and_then(|other| u8::try_from(other).ok()).unwrap_or(TOO_MANY)
        });
        Distances { length: 0, last: 0, row, before: [TOO_MANY; BAND] }
    }

    fn is_match(&self, state: &Distances) -> bool {
        let place = (self.word.len() + SLIPS_MAX).checked_sub(state.length);
        place.and_then(|place| state.row.get(place)).is_some_and(|distance| *distance <= self.slips)
    }

    fn can_match(&self, state: &Distances) -> bool {
        state.row.iter().chain(&state.before).any(|distance| *distance <= self.slips)
    }

    fn accept(&self, state: &Distances, byte: u8) -> Distances {
        let length = state.length + 1;
        let mut row = [TOO_MANY; BAND];
        for place in 0..BAND {
            // The beginning of the other word that this place is for.
            let Some(other) = (length + place).checked_sub(SLIPS_MAX).filter(|other| *other <= self.word.len()) else {
                continue;
            };
            let at = |row: &[u8; BAND], place: Option<usize>| place.and_then(|place| row.get(place)).copied();
            let letter = |back: usize| other.checked_sub(back).and_then(|at| self.word.get(at)).copied();
            let left_out = at(&row, place.checked_sub(1)).map(|distance| distance + 1);
            let added = at(&state.row, Some(place + 1)).map(|distance| distance + 1);
            let same = letter(1).map(|letter| state.row[place] + u8::from(letter != byte));
            let swapped = (length > 1 && letter(1) == Some(state.last) && letter(2) == Some(byte))
                .then(|| state.before[place] + 1);
            let least = [left_out, added, same, swapped].into_iter().flatten().min();
            row[place] = least.unwrap_or(TOO_MANY).min(TOO_MANY);
        }
        Distances { length, last: byte, row, before: state.row }
    }
}

impl Snapshot {
    /// The words of [`TextField::Words`] that begin with the Han character `first`, with the number of passages that hold each, in their order.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn han_words(&self, first: char) -> Result<Vec<(String, u32)>, String> {
        let from = first.to_string();
        // Whether there are any is seen far quicker, and of most characters there are none.
        if self.doc_freq(TextField::Chars, &from)? == 0 {
            return Ok(Vec::new());
        }
        let to = char::from_u32(u32::from(first) + 1).map(String::from).unwrap_or_default();
        self.words_of(TextField::Words, |terms| terms.range().ge(&from).lt(&to).into_stream())
    }

    /// The words of `field` that are one slip from `word`, which is in ASCII, and with `slips` of 2 also those that are two from it and begin
    /// with the same letter: hardly anybody takes the first one wrong, and the walk is far shorter. They come as [`Snapshot::han_words`] gives them.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn words_near(&self, field: TextField, word: &str, slips: u8) -> Result<Vec<(String, u32)>, String> {
        let near = |slips| Near { word: word.as_bytes().into(), slips };
        let mut words = self.words_of(field, |terms| terms.search(near(1)).into_stream())?;
        if let (true, Some(&first)) = (slips > 1, word.as_bytes().first()) {
            let (from, to) = ([first], [first.saturating_add(1)]);
            let further = self.words_of(field, |terms| terms.search(near(2)).ge(from).lt(to).into_stream())?;
            words.extend(further);
            words.sort_unstable();
            words.dedup();
        }
        Ok(words)
    }

    fn words_of<A: Automaton>(
        &self,
        field: TextField,
        stream: impl for<'t> Fn(&'t TermDictionary) -> std::io::Result<TermStreamer<'t, A>>,
    ) -> Result<Vec<(String, u32)>, String>
    where
        A::State: Clone,
    {
        let mut words: Vec<(String, u32)> = Vec::new();
        for (segment, reader) in self.segments.iter().zip(self.searcher.segment_readers()) {
            let index = reader.inverted_index(self.fields.text(field)).map_err(|error| error.to_string())?;
            let mut terms = stream(index.terms()).map_err(|error| error.to_string())?;
            while let Some((term, info)) = terms.next() {
                let passages = segment.doc_freq(&index, info).map_err(|error| error.to_string())?;
                if passages > 0 {
                    words.push((String::from_utf8_lossy(term).into_owned(), passages));
                }
            }
        }
        if self.segments.len() > 1 {
            words.sort_unstable();
            words.dedup_by(|next, word| {
                let is_same = next.0 == word.0;
                word.1 += if is_same { next.1 } else { 0 };
                is_same
            });
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the automaton accepts a word; what it takes for hopeless on the way must be.
    fn accepts(near: &Near, word: &str) -> bool {
        let mut state = near.start();
        for byte in word.bytes() {
            if !near.can_match(&state) {
                return false;
            }
            state = near.accept(&state, byte);
        }
        near.is_match(&state)
    }

    proptest! {
        #[test]
        fn words_are_near_when_so_few_slips_lead_to_them(one in "[ab-]{0,9}", other in "[ab-]{0,9}", slips in 1u8..=2) {
            let near = Near { word: one.as_bytes().into(), slips };
            prop_assert_eq!(accepts(&near, &other), strsim::osa_distance(&one, &other) <= usize::from(slips));
        }
    }
}
