//! What cutting Han text into words costs, beside what it costs the crate whose dictionary it is: over the sample notes, or over
//! those that `BENCH_NOTES` names. Both cuts are held against each other before they are measured.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jieba_rs::Jieba;
use kewen::corpus::{Selection, read_note, walk};
use kewen::text::{cut, cut_for_search, is_han, normalise};

/// Larger notes are not read; bytes.
const NOTE_BYTES_MAX: u64 = 1 << 24;

/// The runs of Han characters in the notes of a folder.
fn runs(folder: &Path) -> Vec<String> {
    let found = walk(folder, &Selection::default()).expect("notes");
    let notes = found.files.into_iter().filter_map(|file| read_note(&file.path, file.id, NOTE_BYTES_MAX).ok());
    let texts: Vec<String> = notes.map(|note| normalise(&note.text).text().to_owned()).collect();
    let runs = texts.iter().flat_map(|text| text.split(|c| !is_han(c)));
    runs.filter(|run| !run.is_empty()).map(str::to_owned).collect()
}

fn segment(criterion: &mut Criterion) {
    let folder = std::env::var_os("BENCH_NOTES").map_or_else(|| PathBuf::from("corpus"), PathBuf::from);
    let runs = runs(&folder);
    assert!(!runs.is_empty(), "no Han text in {}", folder.display());
    let jieba = Jieba::new();
    let (mut words, mut parts) = (0, 0);
    for run in &runs {
        let texts = |spans: Vec<kewen::text::Span>| spans.into_iter().map(|span| span.of(run)).collect::<Vec<_>>();
        let theirs =
            |tokens: Vec<jieba_rs::Token<'_>>| tokens.iter().map(|token| token.word.to_owned()).collect::<Vec<_>>();
        assert_eq!(texts(cut(run)), theirs(jieba.cut(run, false)));
        assert_eq!(texts(cut_for_search(run)), theirs(jieba.cut_for_search(run, false)));
        words += cut(run).len();
        parts += cut_for_search(run).len();
    }
    let all = |count: &dyn Fn(&str) -> usize| runs.iter().map(|run| count(black_box(run))).sum::<usize>();
    let mut group = criterion.benchmark_group("segment");
    group.throughput(Throughput::Bytes(runs.iter().map(String::len).sum::<usize>() as u64));
    let mut measure = |name: &str, expected: usize, count: &dyn Fn(&str) -> usize| {
        group.bench_function(name, |bencher| bencher.iter(|| assert_eq!(all(count), expected)));
    };
    measure("cut", words, &|run| cut(run).len());
    measure("cut, jieba", words, &|run| jieba.cut(run, false).len());
    measure("for search", parts, &|run| cut_for_search(run).len());
    measure("for search, jieba", parts, &|run| jieba.cut_for_search(run, false).len());
    group.finish();
}

criterion_group!(benches, segment);
criterion_main!(benches);
