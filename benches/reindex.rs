//! What `kewen index` costs, from its start to its end, when one of 10,000 notes has changed and when none has, beside what
//! walking the folder costs alone. `KEWEN_BENCH_COUNT` makes another number of notes.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

#[expect(dead_code, reason = "what the sections are about is for another benchmark")]
#[path = "answers/notes.rs"]
mod notes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use kewen::corpus::{Selection, walk};
use tempfile::TempDir;

/// Names another number of notes; kewen itself would take it for a setting.
const COUNT: &str = "KEWEN_BENCH_COUNT";
const NOTES: usize = 10_000;
const SECTIONS: usize = 17;
/// Notes in one folder.
const IN_FOLDER: usize = 100;
/// Files that are younger than this are read again, whatever their times.
const SETTLED: Duration = Duration::from_millis(2500);

fn path(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{:03}/{number:05}.md", number / IN_FOLDER))
}

/// Runs `kewen index`; how many notes it says have changed, and whether there is a new generation.
fn index(folder: &Path) -> (usize, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kewen"));
    command.args(["index", "--format", "json", "--notes"]).arg(folder.join("notes"));
    let done = command.arg("--index").arg(folder.join("index")).env_remove(COUNT).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    (report["changes"]["changed"]["notes"].as_array().map_or(0, Vec::len), report["new"] == true)
}

fn reindex(criterion: &mut Criterion) {
    let count = std::env::var(COUNT).map_or(NOTES, |count| count.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let notes = folder.path().join("notes");
    for (number, text) in notes::write_notes(count, SECTIONS).0.iter().enumerate() {
        fs::create_dir_all(path(&notes, number).parent().unwrap()).unwrap();
        fs::write(path(&notes, number), text).unwrap();
    }
    thread::sleep(SETTLED);
    assert!(index(folder.path()).1);
    let mut group = criterion.benchmark_group("reindex");
    group.sample_size(10);
    group.bench_function("walk", |bencher| {
        bencher.iter(|| assert_eq!(walk(&notes, &Selection::default()).unwrap().files.len(), count));
    });
    group.bench_function("nothing changed", |bencher| {
        bencher.iter(|| assert_eq!(index(folder.path()), (0, false)));
    });
    let mut edit = 0;
    group.bench_function("one note changed", |bencher| {
        bencher.iter_custom(|rounds| {
            let mut took = Duration::ZERO;
            for _ in 0..rounds {
                edit += 1;
                fs::write(path(&notes, edit * 7919 % count), format!("# 改动 {edit}\n\n容器改过 {edit} 次。\n"))
                    .unwrap();
                let started = Instant::now();
                assert_eq!(index(folder.path()), (1, true));
                took += started.elapsed();
            }
            took
        });
    });
    group.finish();
}

criterion_group!(benches, reindex);
criterion_main!(benches);
