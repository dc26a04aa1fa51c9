//! A checkout of the notes' repository: kewen's own folder, brought up by git, forwards only.
//!
//! Nothing in it is ever thrown away: where the branch does not go on from what is there, or somebody changed files, it stays as it
//! is and that is told. Whoever wants a new one all the same has it fetched first, and the one before is kept under another name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::git::Git;
use crate::error::{Failure, GitProblem};
use crate::settings::{GitSettings, shown_address};

/// Below the folder of indexes.
const FOLDER: &str = "checkouts";
/// Beside the checkouts: a folder of indexes is often left out of a repository around it, and the notes must not be. Hidden files
/// stay hidden.
const SHIELD: (&str, &str) = (".gitignore", "![!.]*\n");
/// Where git keeps what was fetched last.
const FETCHED: &str = "refs/kewen/fetched";
const LOCK_LOOKS: Duration = Duration::from_millis(50);
/// Locks that git leaves behind when it is killed.
const LEFT_BEHIND: [&str; 4] = ["index.lock", "HEAD.lock", "shallow.lock", "packed-refs.lock"];

/// A repository and its checkout.
#[derive(Clone, Debug)]
pub struct Checkout {
    folder: PathBuf,
    settings: GitSettings,
}

/// What an update did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// The repository was fetched for the first time.
    Made,
    /// It holds something new.
    Forwarded,
    /// It is as it was.
    Nothing,
}

impl Checkout {
    /// The checkout of a repository, below the folder of indexes; `None` without a repository. Nothing is fetched yet.
    #[must_use]
    pub fn new(settings: &GitSettings, index_dir: &Path) -> Option<Self> {
        if settings.url.is_empty() {
            return None;
        }
        // Another password is no other repository.
        let mut digest = Sha256::new();
        digest.update(shown_address(&settings.url));
        digest.update([0]);
        digest.update(&settings.branch);
        let name: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        // Absolute, since it is told to people who may be elsewhere.
        let index_dir = std::path::absolute(index_dir).unwrap_or_else(|_| index_dir.to_owned());
        Some(Self { folder: index_dir.join(FOLDER).join(name), settings: settings.clone() })
    }

    /// The folder of notes in it.
    #[must_use]
    pub fn notes_dir(&self) -> PathBuf {
        self.folder.join(&self.settings.folder)
    }

    /// The address of the repository, without secrets.
    #[must_use]
    pub fn address(&self) -> String {
        shown_address(&self.settings.url)
    }

    /// Whether the repository was fetched already.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.folder.is_dir()
    }

    /// Time between two updates.
    #[must_use]
    pub fn every(&self) -> Duration {
        Duration::from_secs(self.settings.every)
    }

    /// Brings the checkout up to its repository. `is_ended` tells whether kewen is to end, which ends git.
    ///
    /// # Errors
    /// Why it is as it was before.
    pub fn update(&self, is_ended: &dyn Fn() -> bool) -> Result<Update, Failure> {
        self.bring_up(is_ended, false)
    }

    /// Fetches the repository anew, whatever its history has become; the checkout before is kept under another name.
    ///
    /// # Errors
    /// Why the checkout is as it was before.
    pub fn refetch(&self, is_ended: &dyn Fn() -> bool) -> Result<Update, Failure> {
        self.bring_up(is_ended, true)
    }

    fn bring_up(&self, is_ended: &dyn Fn() -> bool, anew: bool) -> Result<Update, Failure> {
        let _lock = self.lock(is_ended)?;
        let done = if self.is_there() && !anew { self.forward(is_ended) } else { self.make(is_ended) };
        let update = done.map_err(Failure::Git)?;
        if !self.notes_dir().is_dir() {
            return Err(Failure::Git(GitProblem::NoFolder(self.settings.folder.clone())));
        }
        Ok(update)
    }

    /// One kewen at a time: waits for another one, as long as a call of git may take.
    fn lock(&self, is_ended: &dyn Fn() -> bool) -> Result<File, Failure> {
        let unwritable = |error: std::io::Error| Failure::IndexUnwritable(self.folder.clone(), error.to_string());
        if let Some(above) = self.folder.parent() {
            fs::create_dir_all(above).map_err(unwritable)?;
        }
        let path = self.folder.with_extension("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(unwritable)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(unwritable(error)),
                Err(TryLockError::WouldBlock) if is_ended() => return Err(Failure::Git(GitProblem::Ended)),
                Err(TryLockError::WouldBlock) if started.elapsed() > self.timeout() => {
                    return Err(Failure::Git(GitProblem::Busy(self.folder.clone())));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_LOOKS),
            }
        }
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.settings.timeout)
    }

    fn git<'g>(&'g self, folder: &'g Path, is_ended: &'g dyn Fn() -> bool) -> Git<'g> {
        Git { folder, address: &self.settings.url, timeout: self.timeout(), is_ended }
    }

    /// What is fetched, and under which name it is kept; a branch that was force-pushed is fetched too, to be told.
    fn refspec(&self) -> String {
        let branch = &self.settings.branch;
        if branch.is_empty() { format!("+HEAD:{FETCHED}") } else { format!("+refs/heads/{branch}:{FETCHED}") }
    }

    /// Fetches the newest commit alone into a folder aside, which becomes the checkout when all is there.
    fn make(&self, is_ended: &dyn Fn() -> bool) -> Result<Update, GitProblem> {
        let aside = self.folder.with_extension("new");
        let refused = |error: std::io::Error| GitProblem::Refused(error.to_string());
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(refused)?;
        }
        fs::create_dir_all(&aside).map_err(refused)?;
        fs::write(aside.with_file_name(SHIELD.0), SHIELD.1).map_err(refused)?;
        let git = self.git(&aside, is_ended);
        git.must(&["init", "--quiet", "--template="])?;
        // For whoever works in the checkout by hand.
        git.must(&["config", "core.symlinks", "false"])?;
        git.fetch(&["--depth=1"], &self.refspec())?;
        git.must(&["checkout", "--quiet", "--detach", FETCHED, "--"])?;
        if self.is_there() {
            fs::rename(&self.folder, self.kept()).map_err(refused)?;
        }
        fs::rename(&aside, &self.folder).map_err(refused)?;
        Ok(Update::Made)
    }

    /// A name that is free for the checkout before.
    fn kept(&self) -> PathBuf {
        let names = (1_u32..).map(|number| self.folder.with_extension(format!("before-{number}")));
        names.into_iter().find(|path| !path.exists()).unwrap_or_else(|| self.folder.with_extension("before"))
    }

    fn forward(&self, is_ended: &dyn Fn() -> bool) -> Result<Update, GitProblem> {
        for lock in LEFT_BEHIND {
            let _ = fs::remove_file(self.folder.join(".git").join(lock));
        }
        let git = self.git(&self.folder, is_ended);
        // Without a depth: git sends the commits since the last one, so that it can be seen whether the branch goes on from there.
        git.fetch(&[], &self.refspec())?;
        let (here, there) = (git.must(&["rev-parse", "HEAD"])?, git.must(&["rev-parse", FETCHED])?);
        if here == there {
            return Ok(Update::Nothing);
        }
        if !git.call(&["merge-base", "--is-ancestor", "HEAD", FETCHED])?.is_well {
            return Err(GitProblem::Diverged(self.folder.clone()));
        }
        let changed = git.must(&["-c", "core.quotePath=false", "status", "--porcelain", "--untracked-files=no"])?;
        if let Some(file) = changed.lines().next().and_then(|line| line.get(3..)) {
            return Err(GitProblem::Changed(self.folder.clone(), file.to_owned()));
        }
        git.must(&["merge", "--quiet", "--ff-only", FETCHED])?;
        Ok(Update::Forwarded)
    }
}
