//! A day of the calendar, as notes write it and as answers tell it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

/// A day. Written as `2026-03-01`, everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

impl Day {
    /// The first day that can be written.
    pub const LONG_AGO: Self = Self(date(1000, 1, 1));

    /// The day of a time in the zone of the machine; `None` when it is out of the calendar's range.
    #[must_use]
    pub fn of(time: std::time::SystemTime) -> Option<Self> {
        Some(Self(TimeZone::system().to_datetime(Timestamp::try_from(time).ok()?).date()))
    }

    /// Days from this one to `later`; less than 0 when that is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i64 {
        self.0.until(later.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// The day so many days later; the last of the calendar when there is none.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days.days()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = String;

    /// Reads `2026-03-01`, with slashes or dots instead, with a month or a day of one digit, and with a time behind it.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let day = text.split(['T', 't', ' ']).next().unwrap_or_default();
        let mut numbers = day.split(['-', '/', '.']).map(|number| number.parse::<i16>().ok().filter(|n| *n > 0));
        let parts = [numbers.next().flatten(), numbers.next().flatten(), numbers.next().flatten()];
        let date = match (parts, numbers.next()) {
            ([Some(year @ 1000..), Some(month), Some(day)], None) => {
                i8::try_from(month).ok().zip(i8::try_from(day).ok()).and_then(|(m, d)| Date::new(year, m, d).ok())
            }
            _ => None,
        };
        date.map(Self).ok_or_else(|| text.to_owned())
    }
}

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_however_front_matter_writes_them() {
        for text in ["2026-03-01", "2026/3/1", "2026.03.1", "2026-03-01T10:00:00+08:00", " 2026-03-01 10:00 "] {
            assert_eq!(text.parse::<Day>().map(|day| day.to_string()), Ok("2026-03-01".to_owned()), "{text}");
        }
        for text in ["", "2026", "2026-02-30", "2026-13-01", "01-03-2026", "明年", "2026-03-01-02", "-2026-03-01"] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(day("2024-02-28").days_until(day("2024-03-01")), 2);
        assert_eq!(day("2026-01-01").days_until(day("2025-12-31")), -1);
        assert_eq!(day("2026-12-31").plus(1), day("2027-01-01"));
    }
}
