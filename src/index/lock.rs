//! One writer at a time: a lock that the system frees when its holder ends, however it ends, and a file that names the holder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::error::{Failure, Holder};

const LOCK: &str = "lock";

/// The holder as written down.
#[derive(Serialize, Deserialize)]
struct Entry {
    pid: u32,
    host: String,
    /// Seconds since 1970.
    since: u64,
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// Takes the lock of whoever writes the home in `folder`.
///
/// # Errors
/// As [`hold`].
pub(super) fn take(folder: &Path) -> Result<Lock, Failure> {
    hold(folder, LOCK)
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // A child that another thread is just starting has the file too until it runs its program, and would hold the lock meanwhile.
        let _ = self.0.unlock();
    }
}

/// Takes the lock `name` in `folder`. Beside it lies a file that names the holder.
///
/// # Errors
/// When another process holds it, with that process's name, or the file cannot be written.
pub fn hold(folder: &Path, name: &str) -> Result<Lock, Failure> {
    let unwritable = |error: std::io::Error| Failure::IndexUnwritable(folder.to_owned(), error.to_string());
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(name)).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => {
            let entry = Entry { pid: std::process::id(), host: host(), since: now() };
            fs::write(beside(folder, name), serde_json::to_vec(&entry).unwrap_or_default()).map_err(unwritable)?;
            Ok(Lock(file))
        }
        Err(TryLockError::WouldBlock) => Err(Failure::IndexLocked(folder.to_owned(), holder(folder, name))),
        Err(TryLockError::Error(error)) => Err(unwritable(error)),
    }
}

/// Where the holder of a lock is named: beside the lock, since a locked file cannot be read everywhere.
fn beside(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.holder"))
}

/// Who holds the lock, by the file; `None` when it does not say.
fn holder(folder: &Path, name: &str) -> Option<Holder> {
    let entry: Entry = serde_json::from_slice(&fs::read(beside(folder, name)).ok()?).ok()?;
    Some(Holder { pid: entry.pid, host: entry.host, seconds: now().saturating_sub(entry.since) })
}

fn host() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}
