//! What an answer costs once everything is loaded: over notes made up for it, or over those that `BENCH_NOTES` names.
//!
//! Criterion measures means; the percentiles over the questions are printed before, from the least of some rounds, since whatever
//! makes a round slower than another is not ours. All times are wall time on one thread that waits for nothing.

#![expect(clippy::print_stdout, reason = "the percentiles are for people")]

mod notes;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use kewen::answer::{Answer, Outcome};
use kewen::corpus::{Selection, read_note, walk};
use kewen::engine::{Engine, Places};
use kewen::render::{self, Palette};
use kewen::settings::{self, Sources};
use kewen::text::{Analyzer, Lexicon, pinyin};
use kewen::texts::Language;
use tempfile::TempDir;

use notes::{Topic, write_notes};

const NOTES: usize = 200;
const SECTIONS: usize = 20;
/// Sections of which a question of each kind is made.
const ASKED: usize = 6;
/// Larger notes are not asked about; bytes.
const NOTE_BYTES_MAX: u64 = 1 << 24;
const LIMIT: usize = 5;
const ROUNDS: usize = 15;

/// What must be true of an answer.
enum Expected {
    /// The passage under this heading comes first.
    First(String),
    /// Something is found.
    Something,
    /// The notes do not say it.
    Nothing,
}

struct Asked {
    text: String,
    expected: Expected,
}

impl Asked {
    #[track_caller]
    fn check(&self, answer: &Answer) {
        let fits = match &self.expected {
            Expected::First(heading) => answer.hits.first().is_some_and(|hit| hit.citation.heading == *heading),
            Expected::Something => !answer.hits.is_empty(),
            Expected::Nothing => answer.outcome != Outcome::Answered,
        };
        assert!(fits, "{}: {:?}, {:?}", self.text, answer.outcome, answer.hits.first().map(|hit| &hit.citation));
    }
}

/// Questions of every kind about some of the sections, and some about nothing in the notes.
fn questions(topics: &[Topic]) -> Vec<Asked> {
    let first = |text: String, topic: &Topic| Asked { text, expected: Expected::First(topic.heading.clone()) };
    let some = |text: String| Asked { text, expected: Expected::Something };
    let mut asked = Vec::new();
    for topic in topics.iter().step_by(topics.len() / ASKED) {
        let (name, [one, two]) = (&topic.name, topic.words);
        asked.push(first(name.clone(), topic));
        asked.push(first(format!("{name} 是什么"), topic));
        asked.push(first(format!("怎么用 {name} 完成{one}和{two}？"), topic));
        asked.push(first(format!("how do I restart {name} when its Service is pending?"), topic));
        asked.push(first(format!("{}的{one}是怎么回事", name.replacen('e', "", 1)), topic));
        asked.push(some(format!("{} shi shenme", pinyin::word_reading(one).unwrap_or_default())));
        asked.push(some(format!("k8s 里 svc 的{one}跟容器组的{two}有啥不一样")));
        asked.push(first(
            format!(
                "老师好，我昨天照着教程装了 Docker 和 minikube，又建了一个 Deployment，日志里没有报错，监控也正常，\
                 但是同学说我的{one}不对。请问 {name} 的{two}应该在哪里改？改完以后需要重启节点吗？谢谢老师"
            ),
            topic,
        ));
    }
    let nothing = ["红烧肉要炖多久才入味", "who painted the ceiling of that chapel", "明朝的都城为什么迁走"];
    asked.extend(nothing.map(|text| Asked { text: text.to_owned(), expected: Expected::Nothing }));
    asked
}

/// Questions about the headings of notes of which nothing else is known.
fn questions_of(folder: &Path) -> Vec<Asked> {
    let files = walk(folder, &Selection::default()).expect("notes").files;
    let notes = files.into_iter().filter_map(|file| read_note(&file.path, file.id, NOTE_BYTES_MAX).ok());
    let headings: Vec<String> =
        notes.flat_map(|note| note.sections).map(|section| section.heading).filter(|text| !text.is_empty()).collect();
    let asked = headings.iter().step_by(headings.len() / 40 + 1).flat_map(|heading| {
        [
            heading.clone(),
            format!("{heading} 是什么"),
            format!("怎么配置 {heading}"),
            format!("how does {heading} work"),
        ]
    });
    asked.map(|text| Asked { text, expected: Expected::Something }).collect()
}

/// An engine over generated notes, or those of the environment, in a folder that goes away with it.
struct Bench {
    engine: Engine,
    asked: Vec<Asked>,
    _folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder for notes and index");
        let (notes, asked) = match std::env::var_os("BENCH_NOTES") {
            Some(named) => (PathBuf::from(&named), questions_of(Path::new(&named))),
            None => {
                let (texts, topics) = write_notes(NOTES, SECTIONS);
                (write(folder.path(), &texts), questions(&topics))
            }
        };
        let settings = settings::load(&Sources::default()).expect("the default settings").settings;
        let places = Places { notes, index: folder.path().join("index") };
        let engine = Engine::new(&settings, &places);
        let report = engine.reindex(&mut |_| {}).expect("an index");
        assert!(!asked.is_empty(), "there is nothing to ask about these notes");
        println!("{} notes, {} passages, {} questions", report.notes, report.passages, asked.len());
        Self { engine, asked, _folder: folder }
    }

    fn ask(&self, asked: &Asked) -> Answer {
        self.engine.ask(&asked.text, LIMIT).expect("an answer")
    }
}

fn write(folder: &Path, texts: &[String]) -> PathBuf {
    let notes = folder.join("notes");
    std::fs::create_dir(&notes).expect("a folder for the notes");
    for (number, text) in texts.iter().enumerate() {
        std::fs::write(notes.join(format!("{number:03}.md")), text).expect("a note");
    }
    notes
}

/// Prints how the least times of the questions are spread.
fn percentiles(bench: &Bench) {
    bench.asked.iter().for_each(|asked| asked.check(&bench.ask(asked)));
    let mut least = vec![Duration::MAX; bench.asked.len()];
    for _ in 0..ROUNDS {
        for (asked, least) in bench.asked.iter().zip(&mut least) {
            let started = Instant::now();
            black_box(bench.ask(asked));
            *least = started.elapsed().min(*least);
        }
    }
    least.sort_unstable();
    let at = |percent: usize| least[(least.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!("a question: p50 {:.2} ms, p95 {:.2} ms, most {:.2} ms", at(50), at(95), at(100));
}

fn answers(criterion: &mut Criterion) {
    let bench = Bench::new();
    percentiles(&bench);
    let mut next = bench.asked.iter().cycle();
    criterion.bench_function("ask", |bencher| {
        bencher.iter(|| {
            let asked = next.next().expect("questions");
            let answer = bench.ask(asked);
            asked.check(&answer);
            answer
        });
    });

    let asked = &bench.asked[bench.asked.len() / 2];
    let answer = bench.ask(asked);
    criterion.bench_function("render", |bencher| {
        bencher.iter(|| {
            let text = render::answer(black_box(&answer), Language::Zh, Palette::default());
            assert!(!text.is_empty());
            text
        });
    });

    let analyzer = Analyzer::new(Lexicon::standard());
    let (texts, _) = write_notes(1, SECTIONS);
    criterion.bench_function("analyse a note", |bencher| {
        bencher.iter(|| {
            let analysis = analyzer.analyze(black_box(&texts[0]));
            assert!(analysis.words.iter().any(|word| word == "容器"));
            analysis
        });
    });
}

criterion_group!(benches, answers);
criterion_main!(benches);
