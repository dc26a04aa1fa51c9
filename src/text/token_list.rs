//! The tokens of a field in one string: a note has so many that a string for each would cost more than finding them.

use std::str::SplitTerminator;

use serde::{Serialize, Serializer};

/// What stands behind each token. It is no letter, digit or connector, so it is in none.
const END: char = '\n';

/// Tokens one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenList {
    text: String,
    count: usize,
}

impl TokenList {
    /// Adds a token.
    pub fn push(&mut self, token: &str) {
        self.text.push_str(token);
        self.text.push(END);
        self.count += 1;
    }

    /// Adds a token of one character.
    pub(super) fn push_char(&mut self, token: char) {
        self.text.push(token);
        self.text.push(END);
        self.count += 1;
    }

    /// Adds those of another list.
    pub fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.count += other.count;
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The tokens in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        tokens_in(&self.text)
    }

    /// All in one string, for [`tokens_in`].
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

/// The tokens of a [`TokenList::into_text`].
#[must_use]
pub fn tokens_in(text: &str) -> SplitTerminator<'_, char> {
    text.split_terminator(END)
}

impl Serialize for TokenList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
