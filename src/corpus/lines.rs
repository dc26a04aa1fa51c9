//! Line numbers of byte offsets.

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// Source lines, counted from 1, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineRange {
    /// First line.
    pub first: u32,
    /// Last line.
    pub last: u32,
}

impl LineRange {
    /// Number of lines.
    #[must_use]
    pub fn count(self) -> u32 {
        self.last - self.first + 1
    }

    /// Whether both ranges share a line.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Where each line of a text begins.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let starts =
            std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        Self { starts: starts.collect() }
    }

    /// The line that holds byte `at`, counted from 1.
    pub(crate) fn number(&self, at: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|&start| start <= at).max(1)).unwrap_or(u32::MAX)
    }

    /// The first byte of the line that holds byte `at`.
    pub(crate) fn start(&self, at: usize) -> usize {
        self.starts
            .partition_point(|&start| start <= at)
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or(0)
    }

    /// The lines of `span`, blank ones at its ends left out; of a blank span its first line.
    pub(crate) fn range(&self, text: &str, span: Span) -> LineRange {
        let covered = span.of(text);
        let start = span.start + (covered.len() - covered.trim_start().len());
        let end = span.start + covered.trim_end().len();
        if covered.trim().is_empty() {
            let line = self.number(span.start);
            return LineRange { first: line, last: line };
        }
        LineRange { first: self.number(start), last: self.number(end - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_at_the_ends_do_not_count() {
        let text = "\n\none\n\ntwo\r\n\n";
        let lines = Lines::of(text);
        assert_eq!(lines.range(text, Span::new(0, text.len())), LineRange { first: 3, last: 5 });
        assert_eq!(lines.range(text, Span::new(0, 1)), LineRange { first: 1, last: 1 });
        assert_eq!(lines.start(3), 2);
    }
}
