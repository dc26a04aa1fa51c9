//! How sure a figure is: 95 % confidence intervals of rates and of means.

use std::fmt;

use serde::{Serialize, Serializer};

/// The 97.5 % quantile of the standard normal distribution: 95 % lie between it and its negative.
const Z: f64 = 1.959_963_984_540_054;

/// A range from 0 to 1 that holds the true value in 95 of 100 samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// What is known without a single question: nothing.
    const UNKNOWN: Self = Self { low: 0.0, high: 1.0 };

    /// Wilson's score interval of `count` in `all`; it stays within 0 and 1, and is right for small numbers too.
    ///
    /// With p = count/all and n = all: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). E. B. Wilson (1927),
    /// "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (158), 209–212.
    #[must_use]
    pub fn wilson(count: usize, all: usize) -> Self {
        if all == 0 {
            return Self::UNKNOWN;
        }
        let n = all as f64;
        let p = count as f64 / n;
        let centre = p + Z * Z / (2.0 * n);
        let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        Self::clamped((centre - reach) / scale, (centre + reach) / scale)
    }

    /// The normal approximation for the mean of `n` values, given their sum and the sum of their squares:
    /// mean ± z s/√n, with s² = Σ(x − mean)²/(n − 1), cut off at 0 and 1.
    #[must_use]
    pub fn of_mean(sum: f64, sum_of_squares: f64, n: usize) -> Self {
        if n < 2 {
            return Self::UNKNOWN;
        }
        let count = n as f64;
        let mean = sum / count;
        // Rounding can leave a little less than nothing of equal values.
        let variance = ((sum_of_squares - count * mean * mean) / (count - 1.0)).max(0.0);
        let reach = Z * (variance / count).sqrt();
        Self::clamped(mean - reach, mean + reach)
    }

    fn clamped(low: f64, high: f64) -> Self {
        Self { low: low.clamp(0.0, 1.0), high: high.clamp(0.0, 1.0) }
    }
}

/// Three characters an end, `.49-.94` or `.72-1.0`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |end: f64| match format!("{end:.2}") {
            text if text.starts_with('1') => "1.0".to_owned(),
            text => text.trim_start_matches('0').to_owned(),
        };
        f.pad(&format!("{}-{}", short(self.low), short(self.high)))
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.low, self.high].serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Interval, low: f64, high: f64) {
        assert!((found.low - low).abs() < 5e-4 && (found.high - high).abs() < 5e-4, "{found:?} is not {low} .. {high}");
    }

    #[test]
    fn wilson_gives_the_known_values() {
        check(Interval::wilson(8, 10), 0.490, 0.943);
        check(Interval::wilson(0, 10), 0.0, 0.278);
        check(Interval::wilson(10, 10), 0.722, 1.0);
        check(Interval::wilson(1, 2), 0.095, 0.905);
        check(Interval::wilson(81, 263), 0.255, 0.366);
        check(Interval::wilson(0, 0), 0.0, 1.0);
    }

    #[test]
    fn a_mean_is_as_sure_as_its_values_are_alike() {
        // 1, 1, 1/2, 0: mean .625, standard deviation .4787, so .625 ± 1.96 × .2394.
        check(Interval::of_mean(2.5, 2.25, 4), 0.156, 1.0);
        check(Interval::of_mean(5.0, 2.5, 10), 0.5, 0.5);
        check(Interval::of_mean(1.0, 1.0, 1), 0.0, 1.0);
    }

    #[test]
    fn an_interval_is_written_short() {
        assert_eq!(Interval::wilson(8, 10).to_string(), ".49-.94");
        assert_eq!(format!("{:<9}|", Interval::wilson(10, 10)), ".72-1.0  |");
    }
}
