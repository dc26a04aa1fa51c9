//! Questions that could not even be counted, since another process held the log when kewen ended: a number beside the log, which
//! goes into its count as soon as that can be written.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The file beside the log at `log`.
fn beside(log: &Path) -> PathBuf {
    log.with_extension("lost")
}

/// Notes that so many more are lost. Where not even that can be written, nothing is left to be done.
pub(super) fn note(log: &Path, questions: u64) {
    let file = OpenOptions::new().create(true).append(true).open(beside(log));
    let _ = file.and_then(|mut file| writeln!(file, "{questions}"));
}

/// How many are noted.
pub(super) fn noted(log: &Path) -> u64 {
    let text = fs::read_to_string(beside(log)).unwrap_or_default();
    text.lines().filter_map(|line| line.parse::<u64>().ok()).sum()
}

/// Takes what is noted, to be counted in the log.
pub(super) fn take(log: &Path) -> u64 {
    let noted = noted(log);
    if fs::remove_file(beside(log)).is_ok() { noted } else { 0 }
}
