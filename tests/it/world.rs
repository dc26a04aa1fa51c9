//! A world of its own for each test: a notes folder, an index folder, and kewen run in a scrubbed environment.

use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// What runs longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder with `notes/` in it; `index/` comes with the first build.
pub(crate) struct World {
    folder: TempDir,
}

/// What one run of kewen did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    #[track_caller]
    pub(crate) fn new(notes: &[(&str, &str)]) -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(world.notes()).unwrap();
        for (path, text) in notes {
            world.write(&format!("notes/{path}"), text);
        }
        world
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn notes(&self) -> PathBuf {
        self.path("notes")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.path("index")
    }

    /// Writes a file below the world's folder.
    #[track_caller]
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The program in this world's folder, with no environment but what it needs to start, speaking English, and
    /// with both folders named.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare_command(arguments);
        command.arg("--notes").arg(self.notes()).arg("--index").arg(self.index());
        command
    }

    /// As [`World::command`], without the folders.
    pub(crate) fn bare_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kewen"));
        command.env_clear().env("HOME", self.folder.path()).env("KEWEN_UI__LANGUAGE", "en");
        for name in ["PATH", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    #[track_caller]
    pub(crate) fn kewen(&self, arguments: &[&str]) -> Run {
        run(self.command(arguments), b"")
    }

    /// Asks and gives the answer as JSON; the question is after `--`, so that it may begin with a dash.
    #[track_caller]
    pub(crate) fn ask(&self, question: &str) -> Value {
        self.ask_with(&[], question)
    }

    #[track_caller]
    pub(crate) fn ask_with(&self, options: &[&str], question: &str) -> Value {
        let mut command = self.command(&["ask", "--format", "json"]);
        command.args(options).arg("--").arg(question);
        let run = run(command, b"");
        assert!(run.code < 2, "{question:?}: {run:?}");
        json(&run.stdout)
    }

    /// Builds the index and gives the report as JSON.
    #[track_caller]
    pub(crate) fn build(&self) -> Value {
        let run = self.kewen(&["index", "--format", "json"]);
        assert_eq!(run.code, 0, "{run:?}");
        json(&run.stdout)
    }

    /// The folder of this world's index, below `index/`.
    #[track_caller]
    pub(crate) fn home(&self) -> PathBuf {
        PathBuf::from(self.build()["index_dir"].as_str().unwrap())
    }
}

/// Runs a command to its end, and sees to it that it neither panicked nor hung.
#[track_caller]
pub(crate) fn run(mut command: Command, stdin: &[u8]) -> Run {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let (mut input, typed) = (child.stdin.take().unwrap(), stdin.to_owned());
    // Whoever reads nothing closes the pipe, which is no error.
    let writing = thread::spawn(move || drop(input.write_all(&typed)));
    let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let code = wait(&mut child);
    writing.join().unwrap();
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    assert!(!stderr.contains("panicked"), "{command:?}\n{stderr}");
    let Some(code) = code else { panic!("{command:?} did not end by itself\n{stderr}") };
    Run { code, stdout, stderr }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).unwrap();
        }
        String::from_utf8(bytes).expect("output is UTF-8")
    })
}

/// The exit code; `None` for one that a signal ended, ours after too long a time among them.
fn wait(child: &mut Child) -> Option<i32> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(3));
    }
}

#[track_caller]
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text:?}"))
}

/// The text of a field of each hit, in their order.
#[track_caller]
pub(crate) fn of_hits(answer: &Value, field: &str) -> Vec<String> {
    hits(answer).iter().map(|hit| hit[field].as_str().unwrap().to_owned()).collect()
}

#[track_caller]
pub(crate) fn hits(answer: &Value) -> &[Value] {
    answer["hits"].as_array().unwrap()
}

/// Every file below `folder` with its size and time of change, in the order of the paths.
#[track_caller]
pub(crate) fn listing(folder: &Path) -> Vec<(PathBuf, u64, std::time::SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = fs::metadata(&path).unwrap();
            if metadata.is_dir() {
                folders.push(path.clone());
            }
            found.push((path, metadata.len(), metadata.modified().unwrap()));
        }
    }
    found.sort();
    found
}
