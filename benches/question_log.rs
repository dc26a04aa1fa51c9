//! What the question log costs: an answer with and without it, and the gaps among a hundred thousand questions.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "figures are for people, and what fails ends the benchmark"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use kewen::answer::Outcome;
use kewen::engine::{Engine, Places};
use kewen::log::{Came, Channel, Entry, Key, Period, Recorder, Store, gaps};
use kewen::settings::{self, Sources};
use tempfile::TempDir;

const QUESTIONS: usize = 100_000;
/// Rounds of which the least is taken for the ratio of an answer with the log and one without.
const ROUNDS: usize = 400;
const QUESTION: &str = "kube-proxy 是干啥用的";

fn engine(folder: &Path) -> Engine {
    let notes = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let settings = settings::load(&Sources::default()).unwrap().settings;
    let engine = Engine::new(&settings, &Places { notes, index: folder.join("index") });
    engine.reindex(&mut |_| {}).unwrap();
    engine
}

fn open(folder: &Path) -> (Store, Key) {
    let store = Store::create(&folder.join("log.sqlite")).unwrap();
    (store, Key::at(&folder.join("log.key")).unwrap())
}

/// Half a minute of a busy term: few things are asked often and many seldom, a third of it finds nothing.
fn entry(number: usize) -> Entry {
    // By Zipf's law the share of the thing with rank r is about 1/r: a rank whose logarithm is uniform.
    let uniform = (number.wrapping_mul(2_654_435_761) % 1_000_003) as f64 / 1_000_003.0;
    let thing = (5000.0_f64.powf(uniform)) as usize;
    let action = ["安装", "删除", "是什么", "报错", "配置"][number % 5];
    let outcome = [Outcome::NotFound, Outcome::Answered, Outcome::Related][number % 3];
    Entry {
        channel: Channel::Server,
        member: Some(number as u64 % 500),
        event: Some(number as u64),
        question: format!("thing{thing} 怎么{action}"),
        after: Vec::new(),
        topics: vec![format!("thing{thing}"), action.to_owned()],
        came: Came::Of(outcome),
        hits: Vec::new(),
    }
}

fn answering(criterion: &mut Criterion) {
    let folder = TempDir::new().unwrap();
    let engine = engine(folder.path());
    let (store, key) = open(folder.path());
    let recorder = Recorder::start(store, key, 180, Arc::new(|| 0)).unwrap();
    let without = || engine.ask(black_box(QUESTION), 3).unwrap();
    let with = || {
        let answer = without();
        recorder.record(Entry { member: Some(7), event: Some(8), ..Entry::of(&answer, Channel::Server) });
        answer
    };
    assert_eq!(with().outcome, Outcome::Answered);
    let least = |ask: &dyn Fn() -> kewen::answer::Answer| {
        let times = (0..ROUNDS).map(|_| {
            let began = Instant::now();
            black_box(ask());
            began.elapsed()
        });
        times.min().unwrap_or_default()
    };
    let (plain, logged) = (least(&without), least(&with));
    println!("an answer: {plain:?} without the log, {logged:?} with it, {:.3} times", ratio(logged, plain));
    let mut group = criterion.benchmark_group("answer");
    group.bench_function("without the log", |bencher| bencher.iter(without));
    group.bench_function("with the log", |bencher| bencher.iter(with));
    group.finish();
    recorder.flush();
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn gaps_of_many(criterion: &mut Criterion) {
    let folder = TempDir::new().unwrap();
    let engine = engine(folder.path());
    let (mut store, key) = open(folder.path());
    for batch in (0..QUESTIONS).collect::<Vec<_>>().chunks(10_000) {
        let entries: Vec<(i64, Entry)> = batch.iter().map(|&number| (number as i64, entry(number))).collect();
        store.add(&key, &entries).unwrap();
    }
    let all = || {
        let questions = store.questions(Period::ALWAYS).unwrap();
        gaps(&questions, Period::ALWAYS, 20, &engine)
    };
    let found = all();
    assert_eq!(found.questions, QUESTIONS);
    assert_eq!(found.clusters.len(), 20);
    let in_clusters: usize = found.clusters.iter().map(|cluster| cluster.asked).sum();
    println!("{} gaps, {in_clusters} of them in the first 20 clusters, {} more clusters", found.gaps, found.more);
    let mut group = criterion.benchmark_group("gaps");
    group.sample_size(10);
    group.bench_function("of 100,000 questions", |bencher| bencher.iter(&all));
    group.finish();
}

criterion_group!(benches, answering, gaps_of_many);
criterion_main!(benches);
