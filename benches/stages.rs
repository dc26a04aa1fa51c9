//! What each stage of an answer costs by itself, over the sample notes: cutting a note into tokens, asking, choosing the snippets of a
//! ranking, and rendering. What each of them gives is held against what it must be.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use kewen::answer::{Answer, SNIPPET_CHARS_MAX, compose};
use kewen::corpus::{Day, Links, Look, Selection, walk};
use kewen::engine::{Engine, Places};
use kewen::index::{Builder, Effort, Fit, Home};
use kewen::query::Query;
use kewen::render::{self, Palette};
use kewen::search::{Recent, Weights, search};
use kewen::settings::{self, Settings, Sources};
use kewen::text::{Analyzer, Lexicon};
use kewen::texts::Language;
use tempfile::TempDir;

const NOTES: &str = "corpus";
const NOTE: &str = "corpus/kubernetes/kube-proxy.md";
const QUESTION: &str = "kube-proxy 是干啥用的";
const LIMIT: usize = 5;

fn settings() -> Settings {
    settings::load(&Sources::default()).expect("the default settings").settings
}

fn analyse(criterion: &mut Criterion) {
    let analyzer = Analyzer::new(Lexicon::standard());
    let text = std::fs::read_to_string(NOTE).expect("a note");
    criterion.bench_function("analyse", |bencher| {
        bencher.iter(|| {
            let analysis = analyzer.analyze(black_box(&text));
            assert!(
                ["kube-proxy", "kubeproxy", "节点"].iter().all(|word| analysis.words.iter().any(|had| had == *word))
            );
            analysis
        });
    });
}

fn ask(criterion: &mut Criterion) -> Answer {
    let folder = TempDir::new().expect("a folder for the index");
    let engine = Engine::new(&settings(), &Places { notes: NOTES.into(), index: folder.path().to_owned() });
    engine.reindex(&mut |_| {}).expect("an index");
    let ask = || engine.ask(black_box(QUESTION), LIMIT).expect("an answer");
    let expected = ask();
    criterion.bench_function("ask", |bencher| {
        bencher.iter(|| {
            let answer = ask();
            assert_eq!(answer.outcome, expected.outcome);
            assert_eq!(answer.hits.len(), LIMIT);
            assert!(answer.hits.first().is_some_and(|hit| hit.citation.link.contains("kube-proxy")));
            answer
        });
    });
    expected
}

fn snippet(criterion: &mut Criterion) {
    let folder = TempDir::new().expect("a folder for the index");
    let analyzer = Analyzer::new(Lexicon::standard());
    let builder = Builder {
        analyzer: &analyzer,
        note_bytes_max: 1 << 20,
        look: &Look::none(),
        keys: &|_| Vec::new(),
        lexicon: None,
    };
    let notes = walk(Path::new(NOTES), &Selection::default()).expect("notes");
    let home = Home::new(folder.path(), Path::new(NOTES));
    let built = home.build(builder, &notes, &Fit::new("", ""), Effort::Anew, &mut |_| {});
    let (_, snapshot) = built.expect("an index");
    let query = Query::of(QUESTION.to_owned(), &analyzer);
    let ranking =
        search(&snapshot, &Recent::default(), &query, &Weights::default(), Day::default(), LIMIT).expect("a ranking");
    let style = settings().links.style();
    let links = Links { style: &style, checkout: None };
    criterion.bench_function("snippet", |bencher| {
        bencher.iter(|| {
            let answer = compose(black_box(QUESTION), &query, &ranking, &analyzer, &links);
            assert_eq!(answer.hits.len(), LIMIT);
            for hit in &answer.hits {
                assert!((1..=SNIPPET_CHARS_MAX).contains(&hit.snippet.text.chars().count()));
            }
            answer
        });
    });
}

fn render(criterion: &mut Criterion, answer: &Answer) {
    criterion.bench_function("render", |bencher| {
        bencher.iter(|| {
            let text = render::answer(black_box(answer), Language::Zh, Palette::default());
            assert!(text.contains("kube-proxy"));
            text
        });
    });
    criterion.bench_function("render as JSON", |bencher| {
        bencher.iter(|| {
            let text = render::json(black_box(answer));
            assert!(text.starts_with('{') && text.contains("\"outcome\":\"answered\""));
            text
        });
    });
}

fn stages(criterion: &mut Criterion) {
    analyse(criterion);
    let answer = ask(criterion);
    snippet(criterion);
    render(criterion, &answer);
}

criterion_group!(benches, stages);
criterion_main!(benches);
