//! When the week's gaps are posted, and the small file that remembers when they were.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use jiff::ZonedDateTime;
use jiff::civil::Weekday;

use crate::error::Failure;
use crate::settings::WEEKDAYS;

/// The hour from which on they are posted.
const HOUR: i8 = 9;
const WEEK_DAYS: i64 = 7;
/// Locked by whoever posts: beside the memory, since a locked file cannot be read everywhere.
const LOCK: &str = "posting";
/// Characters of the name of the memory in the name of a week.
const NAME_CHARS: usize = 16;

/// The day that a setting names.
pub(super) fn weekday(name: &str) -> Weekday {
    let number = WEEKDAYS.iter().position(|known| *known == name).unwrap_or_default();
    Weekday::Monday.wrapping_add(i64::try_from(number).unwrap_or_default())
}

/// Whether gaps are to be posted: none were since the last such day began.
///
/// # Errors
/// When the file is there and cannot be read.
pub(super) fn is_due(file: &Path, weekday: Weekday, now: &ZonedDateTime) -> Result<bool, Failure> {
    let posted = match fs::read_to_string(file) {
        Ok(text) => text.trim().parse::<i64>().ok(),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::file(file)(error)),
    };
    Ok(posted.is_none_or(|posted| last(weekday, now).is_some_and(|due| posted < due.timestamp().as_millisecond())))
}

/// Remembers that they are posted.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn remember(file: &Path, now: &ZonedDateTime) -> Result<(), Failure> {
    fs::write(file, now.timestamp().as_millisecond().to_string()).map_err(Failure::file(file))
}

/// The turn to post, which ends when the file is closed or the process ends; `None` while another copy of the bot has it.
///
/// # Errors
/// When the lock cannot be written.
pub(super) fn turn(file: &Path) -> Result<Option<File>, Failure> {
    let path = file.with_extension(LOCK);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let lock = opened.map_err(Failure::file(&path))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(Failure::file(&path)(error)),
    }
}

/// One name for what is due now, whoever posts it: the day on which it became due, and the notes by the name of their memory.
pub(super) fn name(file: &Path, weekday: Weekday, now: &ZonedDateTime) -> String {
    let notes = file.file_stem().unwrap_or_default().to_string_lossy();
    let day = last(weekday, now).map(|due| due.strftime("%Y%m%d").to_string()).unwrap_or_default();
    format!("{day}-{}", notes.chars().take(NAME_CHARS).collect::<String>())
}

/// The last such day's hour that has come; `None` at the ends of time.
fn last(weekday: Weekday, now: &ZonedDateTime) -> Option<ZonedDateTime> {
    let back = i64::from(now.weekday().since(weekday));
    let of = |days: i64| {
        let date = now.date().checked_sub(jiff::Span::new().days(days)).ok()?;
        date.at(HOUR, 0, 0, 0).to_zoned_datetime(now.time_zone().clone()).ok()
    };
    of(back).filter(|due| due <= now).or_else(|| of(back + WEEK_DAYS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_once_a_week_and_what_was_missed_is_made_up_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("posted");
        let at = |text: &str| format!("{text}:00+08:00[Asia/Shanghai]").parse::<ZonedDateTime>().unwrap();
        let check = |now: &str, due: bool| {
            assert_eq!(is_due(&file, weekday("wednesday"), &at(now)).unwrap(), due, "{now}");
        };
        // A Thursday; nothing was ever posted.
        check("2026-03-05T10:00", true);
        remember(&file, &at("2026-03-05T10:00")).unwrap();
        for now in ["2026-03-05T10:00", "2026-03-06T00:00", "2026-03-11T08:59"] {
            check(now, false);
        }
        check("2026-03-11T09:00", true);
        check("2026-03-14T23:00", true);
        remember(&file, &at("2026-03-11T09:10")).unwrap();
        check("2026-03-11T23:59", false);
        check("2026-03-18T09:01", true);
        // A clock that went back posts nothing twice, and a file that holds nonsense is as good as none.
        check("2026-03-01T09:00", false);
        fs::write(&file, "x").unwrap();
        check("2026-03-18T09:01", true);
    }

    #[test]
    fn one_at_a_time_posts_and_a_week_of_some_notes_has_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("0123456789abcdef0123.posted");
        let first = turn(&file).unwrap();
        assert!(first.is_some() && turn(&file).unwrap().is_none());
        drop(first);
        assert!(turn(&file).unwrap().is_some());

        let of = |text: &str| {
            let now = format!("{text}:00+08:00[Asia/Shanghai]").parse::<ZonedDateTime>().unwrap();
            name(&file, weekday("wednesday"), &now)
        };
        assert_eq!(of("2026-03-11T09:00"), "20260311-0123456789abcdef", "at most 25 characters, as a nonce may have");
        assert_eq!(of("2026-03-18T08:59"), of("2026-03-11T09:00"));
        assert_ne!(of("2026-03-18T09:00"), of("2026-03-11T09:00"));
    }

    #[test]
    fn every_day_has_its_name() {
        assert_eq!(weekday("monday"), Weekday::Monday);
        assert_eq!(weekday("sunday"), Weekday::Sunday);
    }
}
