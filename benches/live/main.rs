//! How long it takes from saving a note until a question is answered from it: `kewen index --watch` beside a reader as a bot is
//! one, over 10,000 notes made up for it. `KEWEN_BENCH_COUNT` makes another number of them.

#![expect(clippy::print_stdout, reason = "the figures are for people")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

#[expect(dead_code, reason = "what the sections are about is for another benchmark")]
#[path = "../answers/notes.rs"]
mod notes;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kewen::engine::{Engine, Places};
use kewen::settings::{self, Sources};
use tempfile::TempDir;

const NOTES: usize = 10_000;
const SECTIONS: usize = 17;
/// Notes in one folder.
const IN_FOLDER: usize = 100;
const EDITS: usize = 20;
/// How often the reader looks for a new generation; a bot looks with each question.
const LOOK: Duration = Duration::from_millis(1);
/// What takes longer never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A watch that ends with the benchmark.
struct Watcher(Child);

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let count = std::env::var("KEWEN_BENCH_COUNT").map_or(NOTES, |count| count.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let places = Places { notes: folder.path().join("notes"), index: folder.path().join("index") };
    let bytes = write(&places.notes, count);
    println!("{count} notes, {} MB; load {}", bytes >> 20, load());
    let begun = Instant::now();
    let _watcher = watch(&places);
    println!("first index: {:.1} s", begun.elapsed().as_secs_f64());
    let reader = Engine::new(&settings::load(&Sources::default()).unwrap().settings, &places);
    reader.open().unwrap();
    reader.ask("容器 是什么", 3).unwrap();
    let mut times: Vec<Duration> = (0..EDITS).map(|edit| live(&reader, &places.notes, edit, count)).collect();
    times.sort_unstable();
    let ms = |time: Option<&Duration>| time.unwrap().as_secs_f64() * 1000.0;
    println!(
        "saved to answered, {EDITS} edits: least {:.0} ms, median {:.0} ms, most {:.0} ms; load {}",
        ms(times.first()),
        ms(times.get(EDITS / 2)),
        ms(times.last()),
        load()
    );
}

/// Writes the notes; gives their size in bytes.
fn write(folder: &Path, count: usize) -> usize {
    let (texts, _) = notes::write_notes(count, SECTIONS);
    for (number, text) in texts.iter().enumerate() {
        let path = path(folder, number);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    texts.iter().map(String::len).sum()
}

fn path(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{:03}/{number:05}.md", number / IN_FOLDER))
}

/// `kewen index --watch`, once it has built and watches.
fn watch(places: &Places) -> Watcher {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kewen"));
    command.args(["index", "--watch", "--format", "json", "--notes"]).arg(&places.notes);
    command.arg("--index").arg(&places.index).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let watcher = Watcher(child);
    lines.next().unwrap().unwrap();
    // Whatever it says later has to go somewhere.
    thread::spawn(move || lines.for_each(drop));
    watcher
}

/// Adds a section to a note; how long it takes until it is the answer.
fn live(reader: &Engine, notes: &Path, edit: usize, count: usize) -> Duration {
    // Neither in step with the editor's debouncing nor with the file system's clock.
    thread::sleep(Duration::from_millis(700 + 37 * edit as u64));
    let name = format!("neuheit{edit}x");
    let mut file = std::fs::OpenOptions::new().append(true).open(path(notes, edit * 7919 % count)).unwrap();
    let saved = Instant::now();
    write!(file, "\n## {name} 是什么\n\n{name} 是刚刚写进来的东西。\n").unwrap();
    drop(file);
    loop {
        if reader.refresh().is_ok_and(|is_new| is_new) {
            let answer = reader.ask(&format!("{name} 是什么"), 3).unwrap();
            if answer.hits.first().is_some_and(|hit| hit.citation.heading.contains(&name)) {
                return saved.elapsed();
            }
        }
        assert!(saved.elapsed() < PATIENCE, "{name} was never answered");
        thread::sleep(LOOK);
    }
}

/// How busy the machine is, where it says so.
fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}
