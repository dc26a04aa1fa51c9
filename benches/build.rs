//! What building an index costs, beside what it costs jieba to cut the same text for search on the same cores: over the sample notes,
//! or over those that `BENCH_NOTES` names.
//!
//! The two are measured in turn and their least times compared, since whatever makes a round slower than another is not theirs.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark ends when it cannot go on, and tells people its figures"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jieba_rs::Jieba;
use kewen::corpus::{Selection, walk};
use kewen::engine::{Engine, Places};
use kewen::settings::{self, Sources};
use tempfile::TempDir;

const ROUNDS: usize = 10;
/// What a build costs that has nothing to do; not counted where the rate is told.
const FIXED: Duration = Duration::from_millis(20);

/// Builds the index of `notes` where there is none; the number of notes in it.
fn build(notes: &Path) -> usize {
    let folder = TempDir::new().unwrap();
    let settings = settings::load(&Sources::default()).unwrap().settings;
    let engine = Engine::new(&settings, &Places { notes: notes.to_owned(), index: folder.path().to_owned() });
    let report = engine.reindex(&mut |_| {}).unwrap();
    assert_eq!(report.changes.added.notes.len(), report.notes);
    report.notes
}

/// Cuts `texts` for search on all cores; the number of words.
fn cut(jieba: &Jieba, texts: &[String]) -> usize {
    let (next, words) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().unwrap().get() {
            scope.spawn(|| {
                while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    words.fetch_add(jieba.cut_for_search(text, false).len(), Ordering::Relaxed);
                }
            });
        }
    });
    words.into_inner()
}

fn builds(criterion: &mut Criterion) {
    let notes = std::env::var_os("BENCH_NOTES").map_or_else(|| PathBuf::from("corpus"), PathBuf::from);
    let files = walk(&notes, &Selection::default()).unwrap().files;
    let texts: Vec<String> =
        files.iter().map(|file| String::from_utf8_lossy(&fs::read(&file.path).unwrap()).into_owned()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let (jieba, count) = (Jieba::new(), build(&notes));
    assert!((1..=files.len()).contains(&count), "{count} notes of {} files", files.len());
    let words = cut(&jieba, &texts);
    assert!(words > 0);

    let (mut building, mut cutting) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        assert_eq!(build(&notes), count);
        building = started.elapsed().min(building);
        let started = Instant::now();
        assert_eq!(cut(&jieba, &texts), words);
        cutting = started.elapsed().min(cutting);
    }
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    let (building, cutting) = (rate(building.saturating_sub(FIXED)), rate(cutting));
    println!("build {building:.1} MB/s, jieba {cutting:.1} MB/s: {:.2} of it", building / cutting);

    let mut group = criterion.benchmark_group("build");
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("index", |bencher| bencher.iter(|| assert_eq!(build(&notes), count)));
    group.bench_function("jieba alone", |bencher| bencher.iter(|| assert_eq!(cut(&jieba, &texts), words)));
    group.finish();
}

criterion_group!(benches, builds);
criterion_main!(benches);
