//! The real binary, run as people run it, with the memory that it takes.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Another binary, to be measured in the place of this version's.
pub(crate) static BINARY: OnceLock<PathBuf> = OnceLock::new();

/// How often the memory of a build is looked at.
const TICK: Duration = Duration::from_millis(20);

/// `kewen`, or the binary that was named in its place, with the notes and the index of `folder`.
fn kewen(folder: &Path, command: &str) -> Command {
    let mut kewen = Command::new(BINARY.get().map_or(Path::new(env!("CARGO_BIN_EXE_kewen")), PathBuf::as_path));
    kewen.arg(command).arg("--notes").arg(folder.join("notes")).arg("--index").arg(folder.join("index"));
    kewen.current_dir(folder).stderr(Stdio::inherit()).stdout(Stdio::piped());
    kewen
}

/// Anonymous memory of a process that is in RAM, in bytes: what it would not give back by itself. 0 where the system does not tell.
pub(crate) fn anonymous(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
}

/// What `kewen index` did.
pub(crate) struct Indexed {
    pub(crate) took: Duration,
    /// The most anonymous memory that was seen; bytes.
    pub(crate) memory: u64,
    pub(crate) report: Value,
}

/// Runs `kewen index`.
pub(crate) fn index(folder: &Path) -> Indexed {
    let started = Instant::now();
    let mut child = kewen(folder, "index").args(["--format", "json"]).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let reading = thread::spawn(move || serde_json::from_reader(stdout).unwrap());
    let (process, ended) = (child.id(), AtomicBool::new(false));
    let (status, took, memory) = thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut most = 0;
            while !ended.load(Ordering::Relaxed) {
                most = anonymous(process).max(most);
                thread::sleep(TICK);
            }
            most
        });
        let (status, took) = (child.wait().unwrap(), started.elapsed());
        ended.store(true, Ordering::Relaxed);
        (status, took, looking.join().unwrap())
    });
    assert!(status.success());
    Indexed { took, memory, report: reading.join().unwrap() }
}

/// Asks once in a process of its own: the answer, the time until it was there, and the time until the process had ended.
pub(crate) fn ask_once(folder: &Path, question: &str) -> (Value, Duration, Duration) {
    let started = Instant::now();
    let mut child = kewen(folder, "ask").args(["--format", "json", "--", question]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let there = started.elapsed();
    child.wait().unwrap();
    (serde_json::from_str(&line).expect("an answer"), there, started.elapsed())
}

/// A process that answers one question after the other.
pub(crate) struct Asking {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Asking {
    pub(crate) fn start(folder: &Path) -> Self {
        let mut kewen = kewen(folder, "ask");
        let mut child = kewen.args(["--format", "json", "--batch", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        let (questions, answers) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, questions, answers }
    }

    /// The answer and the time until it was there.
    pub(crate) fn ask(&mut self, question: &str) -> (Value, Duration) {
        let started = Instant::now();
        let mut questions = self.questions.as_ref().unwrap();
        questions.write_all(format!("{question}\n").as_bytes()).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let took = started.elapsed();
        (serde_json::from_str(&line).expect("an answer"), took)
    }

    /// As [`anonymous`].
    pub(crate) fn memory(&self) -> u64 {
        anonymous(self.child.id())
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.child.wait();
    }
}

/// The sizes of all files below a folder; bytes.
pub(crate) fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
