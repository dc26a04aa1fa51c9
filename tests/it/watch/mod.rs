//! `kewen index --watch` as the real program: what people do to their notes while it runs, and what it says.

mod edits;
mod ending;
mod folder;
mod git;
mod polling;
mod repository;

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::world::World;

/// What has not come by then never comes; long, since machines may be slow.
const PATIENCE: Duration = Duration::from_secs(120);

const NOTE: &str = "# 集群\n\n## Pod 是什么\n\nPod 是最小的调度单位。\n";

/// A watch that runs.
struct Watcher {
    child: Child,
    lines: Arc<Lines>,
}

/// The lines of both streams, in the order of their coming.
#[derive(Default)]
struct Lines {
    all: Mutex<Vec<String>>,
    changed: Condvar,
}

impl Watcher {
    /// A watch over a world's notes that has built its first index.
    #[track_caller]
    fn start(world: &World, options: &[&str]) -> Self {
        let watcher = Self::spawn(world.command(&[&["index", "--watch"], options].concat()));
        watcher.wait_for("themselves");
        watcher
    }

    #[track_caller]
    fn spawn(mut command: Command) -> Self {
        let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let lines = Arc::new(Lines::default());
        lines.follow(child.stdout.take().unwrap());
        lines.follow(child.stderr.take().unwrap());
        Self { child, lines }
    }

    fn said(&self) -> String {
        self.lines.all.lock().unwrap().join("\n")
    }

    fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How many lines hold `part`.
    fn count(&self, part: &str) -> usize {
        self.lines.all.lock().unwrap().iter().filter(|line| line.contains(part)).count()
    }

    #[track_caller]
    fn wait_for(&self, part: &str) {
        self.wait_for_count(part, 1);
    }

    /// Waits until so many lines hold `part`.
    #[track_caller]
    fn wait_for_count(&self, part: &str, count: usize) {
        let until = Instant::now() + PATIENCE;
        let mut lines = self.lines.all.lock().unwrap();
        while lines.iter().filter(|line| line.contains(part)).count() < count {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let text = lines.join("\n");
                drop(lines);
                panic!("it did not say {part:?} {count} times\n{text}");
            }
            lines = self.lines.changed.wait_timeout(lines, left).unwrap().0;
        }
    }

    #[cfg(unix)]
    #[track_caller]
    fn signal(&self, name: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status().unwrap();
        assert!(sent.success(), "SIG{name} could not be sent");
    }

    /// Ends it as a supervisor does; it must end in peace.
    #[track_caller]
    fn end(mut self) -> String {
        #[cfg(unix)]
        {
            self.signal("TERM");
            assert_eq!(self.code(), Some(0), "{}", self.said());
        }
        let said = self.said();
        assert!(!said.contains("panicked"), "{said}");
        said
    }

    /// The exit code, once it ends.
    #[track_caller]
    fn code(&mut self) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < until, "it does not end\n{}", self.said());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Lines {
    fn follow(self: &Arc<Self>, stream: impl Read + Send + 'static) {
        let lines = Arc::clone(self);
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                lines.all.lock().unwrap().push(line);
                lines.changed.notify_all();
            }
        });
    }
}

#[track_caller]
fn wait_until(what: &str, is_there: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_there() {
        assert!(started.elapsed() < PATIENCE, "waited for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// The text of the best answer.
#[track_caller]
fn answer(world: &World, question: &str) -> String {
    let answer = world.ask(question);
    answer["hits"][0]["snippet"].as_str().unwrap_or_default().to_owned()
}

/// Replaces a file as `mv` does.
#[track_caller]
fn rename(world: &World, from: &str, to: &str) {
    fs::rename(world.path(from), world.path(to)).unwrap();
}
