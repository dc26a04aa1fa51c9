//! How the costs grow with the notes: makes up notes of so many sections, lets the real binary index them and asks it.
//!
//! ```console
//! $ cargo bench --bench scale -- 1000 10000 [--folder DIR] [--kewen BINARY]
//! ```
//!
//! With `--folder` the notes and the index stay in `DIR/SECTIONS`; `--kewen` measures another binary than this version's.
//! A row for each number of sections tells: the building, the memory it took, the index; what it costs to bring up again when one note
//! changed and when none did; a question in a process of its own, from its start to its end; one of many in a process that goes on.
//! Each question has a known answer, and a wrong one ends the run, as too much memory does. Times are wall time.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark ends when it cannot go on, and tells people its figures"
)]

mod notes;
mod process;
mod words;

use std::path::Path;
use std::time::Duration;
use std::{env, fs, thread};

use process::{Asking, ask_once, index, size};

/// Numbers of sections when none is named.
const SECTIONS: [usize; 2] = [1000, 10_000];
/// Questions.
const ASKED: usize = 64;
/// Times that a process which goes on is asked each; the first does not count.
const ROUNDS: usize = 3;
/// Files that are younger than this are read again, whatever their times.
const SETTLED: Duration = Duration::from_millis(2500);
/// Anonymous memory while building and while asking; bytes.
const BUILDING_MAX: u64 = 2 << 30;
const ASKING_MAX: u64 = 500 << 20;
/// What a build costs that has nothing to do; not counted where the rate is told.
const FIXED: Duration = Duration::from_millis(20);

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(|path| std::path::absolute(path).unwrap())
    };
    let kept = option("--folder");
    if let Some(binary) = option("--kewen") {
        process::BINARY.get_or_init(|| binary);
    }
    let mut sections: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if sections.is_empty() {
        // Without `--bench` Cargo only wants to know whether it runs.
        sections = if env::args().any(|argument| argument == "--bench") { SECTIONS.to_vec() } else { vec![200] };
    }
    for sections in sections {
        let folder = tempfile::tempdir().unwrap();
        let folder = kept.as_ref().map_or_else(|| folder.path().to_owned(), |kept| kept.join(sections.to_string()));
        measure(&folder, sections);
    }
}

fn measure(folder: &Path, sections: usize) {
    let notes = folder.join("notes");
    let written = notes::write(&notes, sections, ASKED);
    fs::create_dir_all(folder.join("index")).unwrap();
    fs::remove_dir_all(folder.join("index")).unwrap();
    thread::sleep(SETTLED);
    println!("{sections} sections, {} notes, {} of Markdown", written.notes, megabytes(written.bytes));

    let built = index(folder);
    assert_eq!(built.report["sections"].as_u64(), Some((sections + written.notes) as u64));
    let rate = written.bytes as f64 / 1e6 / built.took.saturating_sub(FIXED).as_secs_f64();
    println!(
        "  build         {:.2} s, {rate:.1} MB/s, at most {} anonymous, index {}",
        built.took.as_secs_f64(),
        megabytes(built.memory),
        megabytes(size(&folder.join("index")))
    );

    assert!(built.memory <= BUILDING_MAX);

    let (mut cold, mut ended) = (Vec::new(), Vec::new());
    for asked in &written.asked {
        let (answer, there, end) = ask_once(folder, &asked.text);
        asked.check(&answer);
        cold.push(there);
        ended.push(end);
    }
    println!("  cold question {}; process ended {}", spread(cold), spread(ended));
    let mut asking = Asking::start(folder);
    let mut warm = Vec::new();
    for round in 0..=ROUNDS {
        for asked in &written.asked {
            let (answer, took) = asking.ask(&asked.text);
            asked.check(&answer);
            warm.extend((round > 0).then_some(took));
        }
    }
    println!("  warm question {}, {} anonymous", spread(warm), megabytes(asking.memory()));
    assert!(asking.memory() <= ASKING_MAX);
    drop(asking);

    let nothing = index(folder);
    assert_eq!(nothing.report["new"], false);
    let edited = notes.join(notes::path(written.notes / 2));
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, text.clone() + "\n## 改动\n\n容器改过一次。\n").unwrap();
    let one = index(folder);
    assert_eq!(one.report["changes"]["changed"]["notes"].as_array().map(Vec::len), Some(1));
    fs::write(&edited, text).unwrap();
    for (what, done) in [("nothing new", nothing), ("one changed", one)] {
        println!("  {what}   {:.0} ms, at most {} anonymous", milliseconds(done.took), megabytes(done.memory));
    }
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| milliseconds(times[(times.len() - 1) * percent / 100]);
    format!("p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms", at(50), at(95), at(99))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
