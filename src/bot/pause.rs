//! Pauses between tries: each twice as long as the one before, up to a minute.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

/// The pauses 1, 2, 4 … 60, 60 … s.
pub(super) fn growing() -> impl Iterator<Item = Duration> {
    std::iter::successors(Some(FIRST), |last| Some((*last * 2).min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute() {
        let seconds: Vec<u64> = growing().take(9).map(|pause| pause.as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
