//! What a question costs the processor once everything is loaded: p50 and p95 over the golden questions of the sample notes, and, where
//! `../shared` lies beside this repository, of the largest collection in it.
//!
//! Everything is on that a course may switch on: curated answers, the age of notes, links that name a commit. Each question is asked in rounds, and
//! its least time counts, since what else the machine does only adds to it. On Linux it is the time that this thread had a processor
//! (`/proc/thread-self/schedstat`), elsewhere wall time. The answers of all rounds are the same, or the run fails; so it does when a
//! golden question of the sample notes is not answered at all.

#![expect(clippy::print_stdout, reason = "the figures are for people")]

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use kewen::answer::Outcome;
use kewen::engine::{Engine, Places};
use kewen::eval::{Golden, read};
use kewen::query::Conversation;
use kewen::settings::{self, Sources};
use tempfile::TempDir;

const LIMIT: usize = 5;
/// Without `--bench`, which `cargo bench` says, once is enough, and nothing is measured.
const ROUNDS: usize = 15;
/// Golden questions of the largest collection.
const LARGEST: &str = "../shared/eval/jimmy.toml";

/// Nanoseconds that this thread has had a processor, or that have passed since `began`.
fn now(began: Instant) -> u64 {
    // The system counts the time up when a thread gives way.
    thread::yield_now();
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = told.and_then(|told| told.split(' ').next()?.parse().ok());
    spent.unwrap_or_else(|| u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

/// An engine over the notes of a file of questions, in a folder that goes away with it.
fn engine(notes: PathBuf) -> (Engine, TempDir) {
    let folder = TempDir::new().expect("a folder for the index");
    let options = vec![("answer.age", "true".to_owned())];
    let loaded = settings::load(&Sources { options, ..Sources::default() }).expect("settings");
    let engine = Engine::new(&loaded.settings, &Places { notes, index: folder.path().to_owned() });
    let report = engine.reindex(&mut |_| {}).expect("an index");
    print!("{} notes, {} passages: ", report.notes, report.passages);
    (engine, folder)
}

/// The nanoseconds that each question took when it was asked first, and the least of all rounds with the question.
fn measured(engine: &Engine, golden: &[Golden], rounds: usize) -> (Vec<u64>, Vec<(u64, String)>) {
    let began = Instant::now();
    let questions = golden.iter().flat_map(|file| &file.questions);
    let ask = |question: &kewen::eval::GoldenQuestion| {
        let mut conversation = Conversation::default();
        for before in &question.after {
            engine.converse(&mut conversation, before, LIMIT).expect("an answer");
        }
        let from = now(began);
        let answer = engine.converse(&mut conversation, &question.ask, LIMIT).expect("an answer");
        let spent = now(began) - from;
        let hits: Vec<_> =
            answer.hits.iter().map(|hit| (hit.citation.link.clone(), hit.snippet.text.clone())).collect();
        (spent, (answer.outcome, hits))
    };
    // Round by round, so that a question finds what the others left in memory, and not what it left itself a moment ago.
    let mut answers = Vec::new();
    let mut first = Vec::new();
    for question in questions.clone() {
        let (spent, answer) = ask(question);
        assert_eq!(
            answer.0 == Outcome::NotFound,
            answer.1.is_empty(),
            "{} is found and has no hit, or the other way",
            question.ask
        );
        first.push(spent);
        answers.push(answer);
    }
    let mut least: Vec<(u64, String)> =
        questions.clone().zip(&first).map(|(question, spent)| (*spent, question.ask.clone())).collect();
    for _ in 1..rounds {
        for ((question, answer), least) in questions.clone().zip(&answers).zip(&mut least) {
            let (again, now) = ask(question);
            assert_eq!(now, *answer, "{} is answered otherwise in another round", question.ask);
            least.0 = least.0.min(again);
        }
    }
    first.sort_unstable();
    least.sort_unstable();
    (first, least)
}

/// Percentiles of sorted nanoseconds.
fn spread(spent: &[u64]) -> String {
    let at = |percent: usize| spent[(spent.len() - 1) * percent / 100] as f64 / 1e6;
    format!("p50 {:.3} ms, p95 {:.3} ms, most {:.3} ms", at(50), at(95), at(100))
}

fn main() {
    let rounds = if std::env::args().any(|argument| argument == "--bench") { ROUNDS } else { 1 };
    let sample = ["corpus/eval/questions.toml", "corpus/eval/unanswerable.toml"].map(PathBuf::from);
    for files in [sample.as_slice(), &[PathBuf::from(LARGEST)]] {
        if !files.iter().all(|file| file.exists()) {
            continue;
        }
        let golden: Vec<Golden> = files.iter().map(|file| read(file).expect("golden questions")).collect();
        let notes = golden.first().map(|file| file.notes.clone());
        let (engine, _folder) = engine(notes.expect("a file of questions"));
        let (first, least) = measured(&engine, &golden, rounds);
        if rounds == 1 {
            println!("{} questions asked", least.len());
            continue;
        }
        let spent: Vec<u64> = least.iter().map(|(spent, _)| *spent).collect();
        println!("{} questions, {}; asked first {}", least.len(), spread(&spent), spread(&first));
        if std::env::args().any(|argument| argument == "--slowest") {
            least.iter().rev().take(10).for_each(|(spent, ask)| println!("  {:.3} ms  {ask}", *spent as f64 / 1e6));
        }
    }
}
