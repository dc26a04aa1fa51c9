//! Moments as people write them: a date in the zone of the machine, or how long ago.

use jiff::civil::Date;
use jiff::{Span, Timestamp, ZonedDateTime};

/// Which end of a period a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The first: a date is its first moment.
    Start,
    /// The last: a date counts with its whole day.
    Finish,
}

/// The moment that `typed` names; milliseconds since 1970. `None` when it is neither a date nor a span.
pub(super) fn moment(typed: &str, end: End, now: &ZonedDateTime) -> Option<i64> {
    let typed = typed.trim();
    if let Ok(date) = typed.parse::<Date>() {
        let date = if end == End::Finish { date.tomorrow().ok()? } else { date };
        return Some(date.to_zoned_datetime(now.time_zone().clone()).ok()?.timestamp().as_millisecond());
    }
    let span: Span = typed.parse().ok()?;
    let then = now.checked_sub(span.abs()).ok()?;
    Some(then.timestamp().as_millisecond())
}

/// A moment as a date in the zone of `now`.
pub(super) fn date(moment: i64, now: &ZonedDateTime) -> String {
    let zoned = Timestamp::from_millisecond(moment).map(|moment| moment.to_zoned_datetime(now.time_zone().clone()));
    zoned.map(|zoned| zoned.date().to_string()).unwrap_or_default()
}

/// A moment as RFC 3339 writes it, in UTC.
pub(super) fn timestamp(moment: i64) -> String {
    Timestamp::from_millisecond(moment).map(|moment| moment.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_zone_and_a_span_counts_back() {
        let now: ZonedDateTime = "2026-03-05T10:00:00+08:00[Asia/Shanghai]".parse().unwrap();
        let check = |typed, end, expected: Option<&str>| {
            assert_eq!(moment(typed, end, &now).map(timestamp).as_deref(), expected, "{typed}");
        };
        check("2026-03-01", End::Start, Some("2026-02-28T16:00:00Z"));
        check("2026-03-01", End::Finish, Some("2026-03-01T16:00:00Z"));
        check("7d", End::Start, Some("2026-02-26T02:00:00Z"));
        check(" 2w ", End::Start, Some("2026-02-19T02:00:00Z"));
        check("12h", End::Start, Some("2026-03-04T14:00:00Z"));
        for wrong in ["", "gestern", "2026-02-30", "7", "99999999999d"] {
            check(wrong, End::Start, None);
        }
        assert_eq!(date(moment("2026-03-01", End::Start, &now).unwrap(), &now), "2026-03-01");
    }
}
