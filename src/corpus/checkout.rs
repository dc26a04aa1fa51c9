//! The Git checkout that a notes folder lies in: its commit, the notes that differ from it, and when notes were last committed.
//!
//! Git is asked as a program, at most three times a build, each time for a bounded time and a bounded answer. Without it, without a
//! repository, and when anything about it is odd there is simply no checkout: nothing that kewen does depends on one.

use std::collections::{BTreeSet, HashMap};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Day, NoteId};

/// A question to git that takes longer is given up.
const STATUS_TIME: Duration = Duration::from_secs(5);
const LOG_TIME: Duration = Duration::from_secs(2);
/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: u64 = 32 << 20;
/// A folder of which more notes differ is hardly that of the commit.
const DIFFERING_MAX: usize = 2000;
/// So many notes are named to `git log`; for more it is asked about the whole folder.
const NAMED_MAX: usize = 100;

/// What of the notes is in a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The commit's name, in hexadecimal.
    pub commit: String,
    /// The notes that are not as they are in that commit, or not in it.
    pub differing: BTreeSet<NoteId>,
}

impl Checkout {
    /// The commit, for a note that is in it as it was indexed.
    #[must_use]
    pub fn commit_of(&self, note: &NoteId) -> Option<&str> {
        (!self.differing.contains(note)).then_some(self.commit.as_str())
    }
}

impl Checkout {
    /// Without notes that differ and are none of ours.
    #[must_use]
    pub fn among(&self, is_ours: impl Fn(&NoteId) -> bool) -> Self {
        let differing = self.differing.iter().filter(|note| is_ours(note)).cloned().collect();
        Self { commit: self.commit.clone(), differing }
    }
}

/// A look at the checkout of a notes folder that is under way on a thread of its own.
pub struct Look {
    root: Option<(PathBuf, String)>,
    under_way: OnceLock<Option<Checkout>>,
    thread: std::sync::Mutex<Option<JoinHandle<Option<Checkout>>>>,
    dates: OnceLock<HashMap<NoteId, Day>>,
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Look {
    /// Begins to look. Costs next to nothing where no folder above is a repository.
    #[must_use]
    pub fn begin(notes_dir: &Path) -> Self {
        let root = root(notes_dir);
        let thread =
            root.clone().and_then(|(root, prefix)| thread::Builder::new().spawn(move || status(&root, &prefix)).ok());
        Self { root, under_way: OnceLock::new(), thread: std::sync::Mutex::new(thread), dates: OnceLock::new() }
    }

    /// No look at all.
    #[must_use]
    pub fn none() -> Self {
        Self { root: None, under_way: OnceLock::new(), thread: std::sync::Mutex::new(None), dates: OnceLock::new() }
    }

    /// What was found; waits for it.
    pub fn checkout(&self) -> Option<&Checkout> {
        let join = || {
            let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
            thread.and_then(|thread| thread.join().ok()).flatten()
        };
        self.under_way.get_or_init(join).as_ref()
    }

    /// When `note` was last worked on, going by Git where there is a checkout, and else by its file.
    ///
    /// A note that differs from the commit has been worked on since, so its file tells; of one that is as it is in the commit the
    /// file's time is that of the checkout and tells nothing. The log is asked once, for all of `notes`.
    pub fn day_of<'n>(&self, note: &NoteId, file: &Path, notes: impl Fn() -> Vec<&'n NoteId>) -> Option<Day> {
        match (self.checkout(), &self.root) {
            (Some(checkout), Some((root, prefix))) if !checkout.differing.contains(note) => {
                let wanted = || notes().into_iter().filter(|note| !checkout.differing.contains(note)).collect();
                self.dates.get_or_init(|| days(root, prefix, wanted())).get(note).copied()
            }
            _ => Day::of(file.metadata().ok()?.modified().ok()?),
        }
    }
}

/// The folder of the repository that holds `notes_dir` (an absolute path), and the way from there to the notes, with a slash behind it.
fn root(notes_dir: &Path) -> Option<(PathBuf, String)> {
    let root = notes_dir.ancestors().find(|folder| folder.join(".git").exists())?;
    let below = notes_dir.strip_prefix(root).ok()?;
    let prefix = below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect();
    Some((root.to_owned(), prefix))
}

/// One call tells the commit and what differs from it.
fn status(root: &Path, prefix: &str) -> Option<Checkout> {
    let mut arguments = vec![
        "status",
        "--porcelain=v2",
        "--branch",
        "--no-ahead-behind",
        "--untracked-files=all",
        "--no-renames",
        "-z",
    ];
    arguments.extend(["--", if prefix.is_empty() { "." } else { prefix }]);
    let mut answer = Vec::new();
    git(root, &arguments, STATUS_TIME, &mut |entry| {
        answer.push(String::from_utf8_lossy(entry).into_owned());
        true
    })?;
    let mut checkout = Checkout::default();
    for entry in &answer {
        if let Some(commit) = entry.strip_prefix("# branch.oid ") {
            checkout.commit = commit.trim().to_owned();
        }
        // 1 XY sub mH mI mW hH hI path; u XY sub m1 m2 m3 mW h1 h2 h3 path; ? path.
        let fields = match entry.as_bytes().first() {
            Some(b'1') => 8,
            Some(b'u') => 10,
            Some(b'?') => 1,
            _ => continue,
        };
        let path = entry.splitn(fields + 1, ' ').nth(fields).and_then(|path| path.strip_prefix(prefix));
        checkout.differing.extend(path.map(|path| NoteId(path.to_owned())));
    }
    let is_commit = checkout.commit.len() >= 40 && checkout.commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_commit && checkout.differing.len() <= DIFFERING_MAX).then_some(checkout)
}

/// The days of the last commits that changed `notes`, as far as they are found in time; none in a shallow checkout, whose oldest
/// commit would pass for the last of most notes.
fn days(root: &Path, prefix: &str, notes: Vec<&NoteId>) -> HashMap<NoteId, Day> {
    let mut found = HashMap::new();
    let mut shallow = String::new();
    let told = git(root, &["rev-parse", "--is-shallow-repository"], LOG_TIME, &mut |line| {
        shallow.push_str(&String::from_utf8_lossy(line));
        true
    });
    if notes.is_empty() || told.is_none() || shallow.trim() != "false" {
        return found;
    }
    let mut arguments = vec!["log", "--format=%x01%cs", "--name-only", "--no-renames", "-z", "--"]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
    if notes.len() <= NAMED_MAX {
        arguments.extend(notes.iter().map(|note| format!("{prefix}{note}")));
    } else {
        arguments.push(if prefix.is_empty() { ".".to_owned() } else { prefix.to_owned() });
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut missing: BTreeSet<&str> = notes.iter().map(|note| note.0.as_str()).collect();
    let mut day: Option<Day> = None;
    // What comes in time counts.
    let _ = git(root, &arguments, LOG_TIME, &mut |entry| {
        let entry = String::from_utf8_lossy(entry);
        let entry = entry.trim_start_matches('\n');
        if let Some(date) = entry.strip_prefix('\u{1}') {
            day = date.trim().parse().ok();
        } else if let (Some(day), Some(note)) = (day, entry.strip_prefix(prefix))
            && missing.remove(note)
        {
            found.insert(NoteId(note.to_owned()), day);
        }
        !missing.is_empty()
    });
    found
}

/// Runs git in `root` and hands over its answer, cut at NUL, until `take` has enough; `None` when git is not there, fails, or takes
/// too long.
///
/// Nothing is written (no lock on the index), no hook and no program of the repository's settings is run, nothing is asked of anybody,
/// and variables that point git elsewhere, which its hooks set, are not handed on.
fn git(root: &Path, arguments: &[&str], time: Duration, take: &mut dyn FnMut(&[u8]) -> bool) -> Option<()> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root);
    for setting in
        ["core.fsmonitor=false", "core.quotePath=false", "core.hooksPath=/dev/null", "log.showSignature=false"]
    {
        command.args(["-c", setting]);
    }
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"] {
        command.env_remove(name);
    }
    command.args(["--no-pager", "--literal-pathspecs"]).args(arguments);
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut output = child.stdout.take()?.take(ANSWER_BYTES_MAX);
    let (sender, receiver) = sync_channel::<Vec<u8>>(16);
    // It is not waited for: a program that git began may hold the pipe open for longer than git lives.
    thread::spawn(move || {
        let mut block = vec![0; 64 << 10];
        while let Ok(read @ 1..) = output.read(&mut block) {
            if sender.send(block.get(..read).unwrap_or_default().to_vec()).is_err() {
                return;
            }
        }
    });
    let deadline = Instant::now() + time;
    let mut rest = Vec::new();
    let mut done = None;
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(block) => {
                rest.extend(block);
                let mut start = 0;
                let mut enough = false;
                while let Some(end) = rest.iter().skip(start).position(|byte| *byte == 0).map(|at| start + at) {
                    enough = enough || !take(rest.get(start..end).unwrap_or_default());
                    start = end + 1;
                }
                rest.drain(..start);
                if enough {
                    done = Some(());
                    break;
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                if !rest.is_empty() {
                    take(&rest);
                }
                done = child.wait().ok().filter(std::process::ExitStatus::success).map(|_| ());
                break;
            }
            Err(RecvTimeoutError::Timeout) => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_outside_of_any_repository_has_no_checkout_and_its_files_tell_their_days() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        let note = NoteId("a.md".to_owned());
        std::fs::write(path.join("a.md"), "x").unwrap();
        // A repository around the machine's temporary folder would be a strange one.
        let look = if root(&path).is_none() { Look::begin(&path) } else { Look::none() };
        assert_eq!(look.checkout(), None);
        assert_eq!(look.day_of(&note, &path.join("a.md"), Vec::new), Day::of(std::time::SystemTime::now()));
        assert_eq!(look.day_of(&note, &path.join("gone.md"), Vec::new), None);
    }

    #[test]
    fn an_empty_repository_and_one_that_is_broken_have_no_commit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        std::fs::create_dir(path.join(".git")).unwrap();
        assert_eq!(Look::begin(&path).checkout(), None);
        std::fs::write(path.join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        std::fs::create_dir_all(path.join(".git/objects")).unwrap();
        std::fs::create_dir_all(path.join(".git/refs")).unwrap();
        assert_eq!(Look::begin(&path).checkout(), None, "no commit yet");
    }

    #[test]
    fn what_takes_too_long_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let started = Instant::now();
        // An alias of ours runs whatever program it names, here one that never ends.
        let done =
            git(folder.path(), &["-c", "alias.wait=!sleep 60", "wait"], Duration::from_millis(200), &mut |_| true);
        assert_eq!(done, None);
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
