//! Texts by how they are read: pinyin, whole or begun, and the first letters of its syllables.

use std::collections::HashMap;

use crate::text::{is_han, pinyin};

/// Fewer letters could be anything.
const LETTERS_MIN: usize = 2;
/// More than a name has; the positions that were reached are the bits of a number.
const LETTERS_MAX: usize = 60;
/// First letters of syllables are found in the middle of a text only when they are so many.
const INITIALS_MIN: usize = 3;
/// The bit of a number that stands for a character, by which it is known that a word or a syllable begins there.
const OPENS: u16 = 1 << 15;

/// The readings of all characters that occur; a text is a row of their numbers.
#[derive(Debug, Default)]
pub(super) struct Readings {
    numbers: HashMap<char, u16>,
    list: Vec<Sounds>,
}

/// How a character is read; a letter as itself.
#[derive(Debug)]
struct Sounds {
    readings: Vec<String>,
    /// The first letters, as bits.
    firsts: u64,
    han: bool,
}

impl Readings {
    /// A folded text as the numbers of its characters; what has no reading (blanks, marks) is left out.
    pub(super) fn of(&mut self, folded: &str) -> Vec<u16> {
        let mut row = Vec::new();
        let mut in_word = false;
        for c in folded.chars() {
            let han = is_han(c);
            let Some(number) = self.number(c).filter(|_| han || c.is_ascii_alphanumeric()) else {
                in_word = false;
                continue;
            };
            row.push(if han || !in_word { number | OPENS } else { number });
            in_word = !han;
        }
        row
    }

    fn number(&mut self, c: char) -> Option<u16> {
        if let Some(known) = self.numbers.get(&c) {
            return Some(*known);
        }
        let readings = if c.is_ascii() { vec![c.to_string()] } else { pinyin::readings(c) };
        let number = u16::try_from(self.list.len()).ok().filter(|number| *number < OPENS)?;
        let firsts = readings.iter().filter_map(|reading| reading.bytes().next()).fold(0, |set, byte| set | bit(byte));
        self.list.push(Sounds { readings, firsts, han: is_han(c) });
        self.numbers.insert(c, number);
        Some(number)
    }

    fn sounds(&self, number: u16) -> Option<&Sounds> {
        self.list.get(usize::from(number & !OPENS))
    }

    /// Where in a text its reading is, or begins with, `letters`; a place in the row.
    pub(super) fn find(&self, row: &[u16], letters: &str) -> Option<usize> {
        if !(LETTERS_MIN..=LETTERS_MAX).contains(&letters.len()) {
            return None;
        }
        self.starts(row, letters).find(|&at| row.get(at..).is_some_and(|rest| self.is_read(rest, letters)))
    }

    /// Where in a text syllables begin with these letters one after the other.
    pub(super) fn find_initials(&self, row: &[u16], letters: &str) -> Option<usize> {
        if letters.len() < LETTERS_MIN {
            return None;
        }
        let fits = |at: &usize| {
            let rest = row.get(*at..).unwrap_or_default();
            let begins = |(number, byte): (&u16, u8)| {
                self.sounds(*number).is_some_and(|sounds| sounds.han && sounds.firsts & bit(byte) != 0)
            };
            rest.len() >= letters.len() && rest.iter().zip(letters.bytes()).all(begins)
        };
        self.starts(row, letters).find(fits).filter(|&at| at == 0 || letters.len() >= INITIALS_MIN)
    }

    /// The places at which a word or syllable begins with the first of the letters.
    fn starts<'r>(&'r self, row: &'r [u16], letters: &str) -> impl Iterator<Item = usize> + 'r {
        let first = letters.bytes().next().map_or(0, bit);
        let opens = move |number: u16| {
            number & OPENS != 0 && self.sounds(number).is_some_and(|sounds| sounds.firsts & first != 0)
        };
        (0..).zip(row).filter(move |(_, number)| opens(**number)).map(|(at, _)| at)
    }

    /// Whether the reading of a row begins with `letters`, any reading of each character taken.
    fn is_read(&self, row: &[u16], letters: &str) -> bool {
        // Bit n: the characters so far can be read as the first n letters.
        let mut reached: u64 = 1;
        for number in row {
            let Some(sounds) = self.sounds(*number) else { return false };
            let mut next = 0;
            for at in (0..letters.len()).filter(|at| reached >> at & 1 == 1) {
                let rest = letters.get(at..).unwrap_or_default();
                for reading in &sounds.readings {
                    if reading.starts_with(rest) {
                        return true;
                    }
                    if rest.starts_with(reading.as_str()) {
                        next |= 1 << (at + reading.len());
                    }
                }
            }
            if next == 0 {
                return false;
            }
            reached = next;
        }
        false
    }
}

fn bit(letter: u8) -> u64 {
    1 << (letter % 64)
}
