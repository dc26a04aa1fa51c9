//! The log's file: SQLite, one writer and any number of readers at a time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};
use serde::Serialize;

use super::member::{Hash, Key};
use super::{Came, Channel, Entry, LoggedHit, lost};
use crate::answer::Outcome;
use crate::error::Failure;

/// The version of the tables below; a log of a newer one is left alone.
const VERSION: i64 = 1;
/// How long another process may hold the file.
const BUSY_MAX: Duration = Duration::from_secs(5);
/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Times are milliseconds since 1970; lists are JSON; a member and an event are keyed hashes.
const TABLES: &str = "
CREATE TABLE question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    member BLOB,
    event BLOB,
    question TEXT NOT NULL,
    after TEXT NOT NULL,
    topics TEXT NOT NULL,
    came INTEGER NOT NULL,
    hits TEXT NOT NULL
) STRICT;
CREATE INDEX question_asked_at ON question (asked_at);
CREATE INDEX question_member ON question (member) WHERE member IS NOT NULL;
CREATE INDEX question_event ON question (event) WHERE event IS NOT NULL;
CREATE TABLE feedback (
    question INTEGER NOT NULL REFERENCES question (id) ON DELETE CASCADE,
    member BLOB NOT NULL,
    useful INTEGER NOT NULL,
    PRIMARY KEY (question, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX feedback_member ON feedback (member);
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// Rows are read with these columns, in this order.
const COLUMNS: &str = "id, asked_at, channel, member, question, after, topics, came, hits,
    (SELECT coalesce(sum(useful), 0) FROM feedback WHERE feedback.question = question.id),
    (SELECT coalesce(sum(1 - useful), 0) FROM feedback WHERE feedback.question = question.id)";

/// A member stands behind a question once, however often it was asked or found useful.
const SHARED: &str = "
WITH answered AS (
    SELECT id, question, member FROM question
    WHERE came = 0 AND channel IN (1, 2) AND after = '[]' AND member IS NOT NULL
),
judged AS (
    SELECT question.question, feedback.member, useful FROM feedback JOIN answered AS question ON question.id = feedback.question
),
behind AS (
    SELECT question, member FROM answered UNION SELECT question, member FROM judged WHERE useful = 1
)
SELECT question, count(*) AS members FROM behind
WHERE question NOT IN (SELECT question FROM judged GROUP BY question HAVING sum(1 - useful) > sum(useful))
GROUP BY question HAVING members >= 2 ORDER BY members DESC, question LIMIT ?1";

/// An open log.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

/// A question of the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Logged {
    /// Its number, by which people name it.
    pub id: i64,
    /// When it was asked; milliseconds since 1970.
    pub asked_at: i64,
    /// Where.
    pub channel: Channel,
    /// Who: a keyed hash.
    #[serde(skip)]
    pub member: Option<Vec<u8>>,
    /// The question.
    pub question: String,
    /// The questions before it, when it refers to them.
    pub after: Vec<String>,
    /// What it is about.
    pub topics: Vec<String>,
    /// What came of it.
    pub came: Came,
    /// The best hits.
    pub hits: Vec<LoggedHit>,
    /// How many members found the answer useful.
    pub useful: i64,
    /// How many did not.
    pub not_useful: i64,
}

/// A question that several members stand behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedQuestion {
    /// The question.
    pub question: String,
    /// How many members asked it or found its answer useful.
    pub members: u32,
}

/// From when (included) to when (not included); milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its first moment.
    pub since: i64,
    /// The moment after its last.
    pub until: i64,
}

impl Period {
    /// All of time.
    pub const ALWAYS: Self = Self { since: i64::MIN, until: i64::MAX };
}

/// What is to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forget {
    /// Everything that a member asked, and what they thought of answers.
    Member(u64),
    /// Everything that was asked in the chat of the command line.
    Chat,
    /// Everything before this moment; milliseconds since 1970.
    Before(i64),
    /// Everything.
    All,
}

/// How a log stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Number of questions.
    pub questions: i64,
    /// When the oldest was asked; milliseconds since 1970.
    pub oldest: Option<i64>,
    /// When the newest was asked.
    pub newest: Option<i64>,
    /// Questions that were not logged: the queue was full, or another process held the log for too long.
    pub dropped: i64,
    /// Size of the log's files; bytes.
    pub bytes: u64,
}

impl Store {
    /// Opens the log at `path`; makes it, and its folder, where there is none.
    ///
    /// # Errors
    /// When it cannot be opened or made, or is of a newer kewen.
    pub fn create(path: &Path) -> Result<Self, Failure> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        Self::open(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
    }

    /// Opens the log at `path`; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be opened, or is of a newer kewen.
    pub fn existing(path: &Path) -> Result<Option<Self>, Failure> {
        if !path.exists() {
            return Ok(None);
        }
        Self::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX).map(Some)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Self, Failure> {
        let broken = |error: rusqlite::Error| broken(path, &error);
        let connection = Connection::open_with_flags(path, flags).map_err(broken)?;
        only_for_the_owner(path);
        let mut store = Self { path: path.to_owned(), connection };
        store.prepare().map_err(broken)?;
        let version = store.version().map_err(broken)?;
        if version == VERSION { Ok(store) } else { Err(Failure::LogNewer(path.to_owned())) }
    }

    fn prepare(&mut self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(BUSY_MAX)?;
        // What is forgotten is overwritten, not only marked as free.
        self.connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;",
        )?;
        if self.version()? == 0 {
            let transaction = self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            // Another process may have been faster.
            let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if version == 0 {
                transaction.execute_batch(TABLES)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            transaction.commit()?;
        }
        Ok(())
    }

    fn version(&self) -> rusqlite::Result<i64> {
        self.connection.pragma_query_value(None, "user_version", |row| row.get(0))
    }

    /// The log's file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn done<T>(&self, done: rusqlite::Result<T>) -> Result<T, Failure> {
        done.map_err(|error| broken(&self.path, &error))
    }

    /// Writes entries with the moments at which they were asked, all or none.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, key: &Key, entries: &[(i64, Entry)]) -> Result<(), Failure> {
        let added = insert(&mut self.connection, key, entries);
        self.done(added)
    }

    /// Writes what a member thinks of the answer to the question of an event; the last opinion holds. Tells whether
    /// there is such a question.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn judge(&mut self, key: &Key, event: u64, member: u64, useful: bool) -> Result<bool, Failure> {
        let written = self.connection.execute(
            "INSERT INTO feedback SELECT id, ?2, ?3 FROM question WHERE event = ?1 ORDER BY id DESC LIMIT 1
             ON CONFLICT DO UPDATE SET useful = excluded.useful",
            params![key.event(event), key.member(member), useful],
        );
        Ok(self.done(written)? > 0)
    }

    /// Forgets, and gives the number of questions that are gone. What is gone cannot be read from the file any more.
    ///
    /// # Errors
    /// When the file cannot be written. [`Failure::LogKeyLost`] when a member is forgotten and questions are left from under a key
    /// that is lost: some of them may be theirs.
    pub fn forget(&mut self, key: &Key, what: Forget) -> Result<usize, Failure> {
        let forgotten = delete(&mut self.connection, key, what);
        let forgotten = self.done(forgotten)?;
        let stranded = self.done(self.has_stranded())?;
        if stranded && matches!(what, Forget::Member(_)) {
            return Err(Failure::LogKeyLost(self.path.with_extension("key")));
        }
        Ok(forgotten)
    }

    /// Notes that the key was lost, and that from `moment` (milliseconds since 1970) on members are hashed under another one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn rekey(&mut self, moment: i64) -> Result<(), Failure> {
        let noted = self.connection.execute(
            "INSERT INTO counter VALUES ('rekeyed', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
            params![moment],
        );
        self.done(noted).map(|_| ())
    }

    /// Whether there are questions of members who cannot be told any more.
    fn has_stranded(&self) -> rusqlite::Result<bool> {
        self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM question, counter WHERE name = 'rekeyed' AND member IS NOT NULL AND asked_at < value)",
            (),
            |row| row.get(0),
        )
    }

    /// Counts questions that were not logged.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn count_dropped(&mut self, dropped: u64) -> Result<(), Failure> {
        let counted = self.connection.execute(
            "INSERT INTO counter VALUES ('dropped', ?1) ON CONFLICT DO UPDATE SET value = value + excluded.value",
            params![i64::try_from(dropped).unwrap_or(i64::MAX)],
        );
        self.done(counted).map(|_| ())
    }

    /// The questions of a period, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn questions(&self, period: Period) -> Result<Vec<Logged>, Failure> {
        self.select("asked_at >= ?1 AND asked_at < ?2 ORDER BY id", params![period.since, period.until])
    }

    /// The last questions, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn latest(&self, limit: usize) -> Result<Vec<Logged>, Failure> {
        self.select("TRUE ORDER BY id DESC LIMIT ?1", params![i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    /// The question with this number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn question(&self, id: i64) -> Result<Option<Logged>, Failure> {
        Ok(self.select("id = ?1", params![id])?.pop())
    }

    fn select(&self, which: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Logged>, Failure> {
        let read = || {
            let mut statement = self.connection.prepare(&format!("SELECT {COLUMNS} FROM question WHERE {which}"))?;
            statement.query_map(values, logged)?.collect()
        };
        self.done(read())
    }

    /// Questions that at least two members asked in the same words or found useful, by how many, at most `limit`. Only those that
    /// stand alone, were answered and were not mostly found useless; no words that only one member knows.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn shared(&self, limit: usize) -> Result<Vec<SharedQuestion>, Failure> {
        let read = || {
            let mut statement = self.connection.prepare(SHARED)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let row = |row: &Row<'_>| Ok(SharedQuestion { question: row.get(0)?, members: row.get(1)? });
            statement.query_map(params![limit], row)?.collect()
        };
        self.done(read())
    }

    /// How the log stands.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn standing(&self) -> Result<Standing, Failure> {
        let read = || {
            let (questions, oldest, newest) = self.connection.query_row(
                "SELECT count(*), min(asked_at), max(asked_at) FROM question",
                (),
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            let dropped =
                self.connection.query_row("SELECT value FROM counter WHERE name = 'dropped'", (), |row| row.get(0));
            let lost = i64::try_from(lost::noted(&self.path)).unwrap_or(i64::MAX);
            let dropped = dropped.optional()?.unwrap_or(0_i64).saturating_add(lost);
            Ok(Standing { questions, oldest, newest, dropped, bytes: self.bytes() })
        };
        self.done(read())
    }

    fn bytes(&self) -> u64 {
        let beside = |end: &str| {
            let mut name = self.path.clone().into_os_string();
            name.push(end);
            std::fs::metadata(name).map_or(0, |file| file.len())
        };
        ["", "-wal"].into_iter().map(beside).sum()
    }
}

fn insert(connection: &mut Connection, key: &Key, entries: &[(i64, Entry)]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut statement = transaction.prepare(
            "INSERT INTO question (asked_at, channel, member, event, question, after, topics, came, hits)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for (asked_at, entry) in entries {
            statement.execute(params![
                asked_at,
                entry.channel as i64,
                entry.member.map(|id| key.member(id)),
                entry.event.map(|id| key.event(id)),
                entry.question,
                as_json(&entry.after),
                as_json(&entry.topics),
                number(entry.came),
                as_json(&entry.hits),
            ])?;
        }
    }
    transaction.commit()
}

fn delete(connection: &mut Connection, key: &Key, what: Forget) -> rusqlite::Result<usize> {
    let transaction = connection.transaction()?;
    let gone = match what {
        Forget::Member(id) => {
            let member: Hash = key.member(id);
            transaction.execute("DELETE FROM feedback WHERE member = ?1", params![member])?;
            transaction.execute("DELETE FROM question WHERE member = ?1", params![member])?
        }
        Forget::Chat => {
            transaction.execute("DELETE FROM question WHERE channel = ?1", params![Channel::Chat as i64])?
        }
        Forget::Before(moment) => transaction.execute("DELETE FROM question WHERE asked_at < ?1", params![moment])?,
        Forget::All => transaction.execute("DELETE FROM question", ())?,
    };
    transaction.commit()?;
    if gone > 0 {
        // The journal holds it still. A reader may be in the way; then the next round takes it.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))?;
    }
    Ok(gone)
}

fn logged(row: &Row<'_>) -> rusqlite::Result<Logged> {
    Ok(Logged {
        id: row.get(0)?,
        asked_at: row.get(1)?,
        channel: match row.get(2)? {
            0 => Channel::Chat,
            1 => Channel::Direct,
            3 => Channel::LookedUp,
            _ => Channel::Server,
        },
        member: row.get(3)?,
        question: row.get(4)?,
        after: from_json(row, 5)?,
        topics: from_json(row, 6)?,
        came: match row.get(7)? {
            0 => Came::Of(Outcome::Answered),
            1 => Came::Of(Outcome::Related),
            2 => Came::Of(Outcome::NotFound),
            _ => Came::Failed,
        },
        hits: from_json(row, 8)?,
        useful: row.get(9)?,
        not_useful: row.get(10)?,
    })
}

/// The number that stands for an outcome in the log.
fn number(came: Came) -> i64 {
    match came {
        Came::Of(Outcome::Answered) => 0,
        Came::Of(Outcome::Related) => 1,
        Came::Of(Outcome::NotFound) => 2,
        Came::Failed => 3,
    }
}

fn as_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn from_json<T: serde::de::DeserializeOwned + Default>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    Ok(serde_json::from_str(text).unwrap_or_default())
}

/// What people asked is nothing for other users of the machine. Where that cannot be set, the folder's own rights hold.
fn only_for_the_owner(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn broken(path: &Path, error: &rusqlite::Error) -> Failure {
    Failure::LogBroken(path.to_owned(), error.to_string())
}
