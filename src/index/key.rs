//! A passage's name in eight bytes, for places where its path and anchor do not fit: the buttons below an answer.

use sha2::{Digest as _, Sha256};

use crate::corpus::PassageId;

/// Stands for a passage across builds, for as long as its note and its section keep their names. Two notes, and two passages of
/// a note, share one by a chance of one in four thousand million.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PassageKey {
    note: [u8; 4],
    passage: [u8; 4],
}

impl PassageKey {
    /// Number of bytes of a key.
    pub const BYTES: usize = 8;

    /// The key of a passage.
    #[must_use]
    pub fn of(id: &PassageId) -> Self {
        let passage = digest(&[id.section.anchor.as_bytes(), &id.ordinal.to_be_bytes()]);
        Self { note: digest(&[id.section.note.0.as_bytes()]), passage }
    }

    /// Whether this is the key of a passage of `note`.
    pub(super) fn is_of(self, note: &str) -> bool {
        self.note == digest(&[note.as_bytes()])
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes.iter_mut().zip(self.note.into_iter().chain(self.passage)).for_each(|(to, from)| *to = from);
        bytes
    }

    /// The key with these bytes.
    #[must_use]
    pub fn from_bytes([a, b, c, d, e, f, g, h]: [u8; Self::BYTES]) -> Self {
        Self { note: [a, b, c, d], passage: [e, f, g, h] }
    }
}

/// The first bytes of the SHA-256 of the parts, each with its length before it.
fn digest(parts: &[&[u8]]) -> [u8; 4] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut first = [0; 4];
    first.iter_mut().zip(hasher.finalize()).for_each(|(to, from)| *to = from);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{NoteId, SectionId};

    #[test]
    fn each_part_of_a_name_counts_and_the_key_survives_its_bytes() {
        let key = |note: &str, anchor: &str, ordinal| {
            let section = SectionId { note: NoteId(note.to_owned()), anchor: anchor.to_owned() };
            PassageKey::of(&PassageId { section, ordinal })
        };
        let one = key("a.md", "x", 0);
        assert_eq!(PassageKey::from_bytes(one.to_bytes()), one);
        for other in [key("b.md", "x", 0), key("a.md", "y", 0), key("a.md", "x", 1), key("a.mdx", "", 0)] {
            assert_ne!(one, other);
        }
        assert!(one.is_of("a.md") && !one.is_of("b.md"));
    }
}
