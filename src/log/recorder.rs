//! Writes the log from a thread of its own, so that no answer waits for a disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::member::Key;
use super::store::{DAY_MS, SharedQuestion, Store};
use super::{Entry, Forget, lost};
use crate::error::Failure;

/// Entries that wait to be written; further ones are dropped and counted.
const QUEUE: usize = 1024;
/// Entries that are written in one go.
const BATCH: usize = 128;
/// How long the end waits for what is still to be written.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// How long a request waits for its turn.
const REQUEST_MAX: Duration = Duration::from_secs(10);
/// How often it is looked for what has grown too old, and for what was dropped.
const TIDY: Duration = Duration::from_secs(60 * 60);

/// Tells the time; milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Takes entries and has them written. A copy writes to the same log.
#[derive(Clone)]
pub struct Recorder {
    queue: SyncSender<Job>,
    dropped: Arc<AtomicU64>,
    /// Entries that are on their way into the log.
    waiting: Arc<AtomicU64>,
    path: PathBuf,
    clock: Clock,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("dropped", &self.dropped).finish_non_exhaustive()
    }
}

enum Job {
    Entry(i64, Box<Entry>),
    Judgement { event: u64, member: u64, useful: bool },
    Forget(Forget, SyncSender<Result<usize, Failure>>),
    Shared(usize, SyncSender<Result<Vec<SharedQuestion>, Failure>>),
    Flush(SyncSender<()>),
}

impl Recorder {
    /// Begins to write `store`. Questions older than `retention_days` are deleted, now and every hour.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(store: Store, key: Key, retention_days: u64, clock: Clock) -> Result<Self, Failure> {
        let (queue, jobs) = sync_channel(QUEUE);
        let dropped = Arc::new(AtomicU64::new(0));
        let retention_ms = i64::try_from(retention_days).unwrap_or(i64::MAX).saturating_mul(DAY_MS);
        let waiting = Arc::new(AtomicU64::new(0));
        let path = store.path().to_owned();
        let mut writer = Writer {
            store,
            key,
            retention_ms,
            clock: Arc::clone(&clock),
            dropped: Arc::clone(&dropped),
            waiting: Arc::clone(&waiting),
            ails: false,
        };
        thread::Builder::new()
            .name("question log".to_owned())
            .spawn(move || writer.run(&jobs))
            .map_err(|error| Failure::Internal(error.to_string()))?;
        Ok(Self { queue, dropped, waiting, path, clock })
    }

    /// Logs a question as asked now. Returns at once; one that finds the queue full is dropped and counted.
    pub fn record(&self, entry: Entry) {
        let job = Job::Entry((self.clock)(), Box::new(entry));
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if self.queue.try_send(job).is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Logs what a member thinks of the answer to an event. Returns at once.
    pub fn judge(&self, event: u64, member: u64, useful: bool) {
        // One opinion that is lost changes no count worth counting.
        let _ = self.queue.try_send(Job::Judgement { event, member, useful });
    }

    /// Forgets, with everything that was recorded before, and gives the number of questions that are gone.
    ///
    /// # Errors
    /// When the log cannot be written, or has no time.
    pub fn forget(&self, what: Forget) -> Result<usize, Failure> {
        self.request(|answer| Job::Forget(what, answer))
    }

    /// See [`Store::shared`]; what was recorded before is among it.
    ///
    /// # Errors
    /// When the log cannot be read, or has no time.
    pub fn shared(&self, limit: usize) -> Result<Vec<SharedQuestion>, Failure> {
        self.request(|answer| Job::Shared(limit, answer))
    }

    fn request<T>(&self, job: impl FnOnce(SyncSender<Result<T, Failure>>) -> Job) -> Result<T, Failure> {
        let busy = || Failure::Internal("the question log does not answer".to_owned());
        let (answer, told) = sync_channel(1);
        self.queue.send(job(answer)).map_err(|_| busy())?;
        told.recv_timeout(REQUEST_MAX).map_err(|_| busy())?
    }

    /// Waits, at most a second, until everything that was recorded before is written.
    pub fn flush(&self) {
        let (answer, told) = sync_channel(1);
        if self.queue.try_send(Job::Flush(answer)).is_ok() {
            let _ = told.recv_timeout(LAST_WORDS);
        }
    }

    /// Flushes for the last time, and gives the number of questions that are not in the log, since another process holds it or
    /// it cannot be written. They are counted beside it.
    #[must_use]
    pub fn close(&self) -> u64 {
        self.flush();
        let lost = self.waiting.swap(0, Ordering::Relaxed) + self.dropped.swap(0, Ordering::Relaxed);
        if lost > 0 {
            lost::note(&self.path, lost);
        }
        lost
    }
}

struct Writer {
    store: Store,
    key: Key,
    retention_ms: i64,
    clock: Clock,
    dropped: Arc<AtomicU64>,
    waiting: Arc<AtomicU64>,
    /// Whether the last write failed: the same trouble is told once.
    ails: bool,
}

impl Writer {
    fn run(&mut self, jobs: &Receiver<Job>) {
        self.tidy();
        let mut entries = Vec::new();
        loop {
            let job = match jobs.recv_timeout(TIDY) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => {
                    self.tidy();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return self.tidy(),
            };
            self.take(job, &mut entries);
            while entries.len() < BATCH
                && let Ok(job) = jobs.try_recv()
            {
                self.take(job, &mut entries);
            }
            self.write(&mut entries);
        }
    }

    /// Does a job; entries are gathered, and written before anything that comes after them.
    fn take(&mut self, job: Job, entries: &mut Vec<(i64, Entry)>) {
        if let Job::Entry(asked_at, entry) = job {
            return entries.push((asked_at, *entry));
        }
        self.write(entries);
        match job {
            Job::Entry(..) => {}
            Job::Judgement { event, member, useful } => {
                let judged = self.store.judge(&self.key, event, member, useful).map(|_| ());
                self.tell(judged);
            }
            Job::Forget(what, answer) => {
                let _ = answer.send(self.store.forget(&self.key, what));
            }
            Job::Shared(limit, answer) => {
                let _ = answer.send(self.store.shared(limit));
            }
            Job::Flush(answer) => {
                self.count_dropped();
                let _ = answer.send(());
            }
        }
    }

    fn write(&mut self, entries: &mut Vec<(i64, Entry)>) {
        if entries.is_empty() {
            return;
        }
        let added = self.store.add(&self.key, entries);
        let written = entries.len() as u64;
        let _ = self
            .waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| Some(waiting.saturating_sub(written)));
        if added.is_err() {
            self.dropped.fetch_add(entries.len() as u64, Ordering::Relaxed);
        }
        self.tell(added);
        entries.clear();
    }

    fn tidy(&mut self) {
        let oldest = (self.clock)().saturating_sub(self.retention_ms);
        let forgotten = self.store.forget(&self.key, Forget::Before(oldest)).map(|_| ());
        self.tell(forgotten);
        self.dropped.fetch_add(lost::take(self.store.path()), Ordering::Relaxed);
        self.count_dropped();
    }

    fn count_dropped(&mut self) {
        let dropped = self.dropped.swap(0, Ordering::Relaxed);
        if dropped == 0 {
            return;
        }
        tracing::warn!(dropped, "questions were not logged");
        if self.store.count_dropped(dropped).is_err() {
            self.dropped.fetch_add(dropped, Ordering::Relaxed);
        }
    }

    fn tell(&mut self, done: Result<(), Failure>) {
        match done {
            Err(Failure::LogBroken(_, reason)) if !self.ails => {
                tracing::warn!(%reason, "the question log cannot be written");
                self.ails = true;
            }
            Ok(()) => self.ails = false,
            Err(_) => {}
        }
    }
}
