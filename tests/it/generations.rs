//! Questions while the index changes: no error, and each answer from one generation.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use kewen::engine::{Engine, Places};
use kewen::index::Step;
use kewen::settings::{self, Sources};

use crate::world::World;

/// Reindexes when `KEWEN_REINDEXES` asks for no other number.
const REINDEXES: u32 = 10;
const ASKING: usize = 8;
const QUESTION: &str = "Pod 的调度写在哪一版";

pub(crate) fn engine(world: &World) -> Engine {
    let places = Places { notes: world.notes(), index: world.index() };
    Engine::new(&settings::load(&Sources::default()).unwrap().settings, &places)
}

/// Notes of a version; how many there are shows in an answer, too.
fn notes(version: u32) -> u32 {
    3 + version % 4
}

/// Writes all notes in a version.
fn write(world: &World, version: u32) {
    for note in 0..notes(version) {
        // Not the same text twice, which would be one hit that names the other places.
        let also = ["甲乙丙丁", "子丑寅卯", "天地玄黄", "宇宙洪荒", "日月盈昃", "辰宿列张"][note as usize];
        world.write(
            &format!("notes/{note}.md"),
            format!("# 笔记 {note}\n\n## Pod 的调度\n\nPod 的调度写在第 v{version}v 版，{also}。\n"),
        );
    }
    for note in notes(version)..notes(3) {
        let _ = fs::remove_file(world.notes().join(format!("{note}.md")));
    }
}

/// Asks; the version that the answer is of, which all its hits are.
#[track_caller]
fn version(engine: &Engine) -> u32 {
    let answer = engine.ask(QUESTION, 10).unwrap();
    let versions: Vec<u32> =
        answer.hits.iter().map(|hit| hit.snippet.text.split('v').nth(1).expect("a version").parse().unwrap()).collect();
    let first = *versions.first().expect("hits");
    assert!(versions.iter().all(|version| *version == first), "an answer of two generations: {versions:?}");
    assert_eq!(versions.len(), notes(first) as usize, "an answer of half a generation: {versions:?}");
    first
}

#[expect(clippy::print_stdout, reason = "the figure of a longer run, shown by --nocapture")]
#[test]
fn questions_asked_without_pause_are_answered_from_one_generation_each() {
    let reindexes = std::env::var("KEWEN_REINDEXES").map_or(REINDEXES, |number| number.parse().unwrap());
    let world = World::new(&[]);
    write(&world, 0);
    let writer = engine(&world);
    writer.reindex(&mut |_| {}).unwrap();
    // As another process does, which only takes up what was built.
    let reader = engine(&world);
    reader.open().unwrap();
    let (done, built, answers) = (AtomicBool::new(false), AtomicU32::new(0), AtomicUsize::new(0));
    let asked = thread::scope(|scope| {
        let ask = |number: usize| {
            let refreshes = number % 2 == 1;
            let engine = if refreshes { &reader } else { &writer };
            let (mut asked, mut last) = (0_u32, 0);
            while !done.load(Ordering::Acquire) {
                let least = built.load(Ordering::Acquire);
                if refreshes {
                    engine.refresh().unwrap();
                }
                let version = version(engine);
                assert!(version >= last.max(least), "version {version} after {last}, when {least} had been built");
                (asked, last) = (asked + 1, version);
                answers.fetch_add(1, Ordering::Relaxed);
            }
            asked
        };
        let asking: Vec<_> = (0..ASKING).map(|number| scope.spawn(move || ask(number))).collect();
        for version in 1..=reindexes {
            write(&world, version);
            assert!(writer.reindex(&mut |_| {}).unwrap().new);
            built.store(version, Ordering::Release);
            // A build is quicker than the first look at its words; some questions are to come behind that.
            let enough = answers.load(Ordering::Relaxed) + 3 * ASKING;
            while answers.load(Ordering::Relaxed) < enough && !asking.iter().any(ScopedJoinHandle::is_finished) {
                thread::sleep(Duration::from_millis(1));
            }
        }
        done.store(true, Ordering::Release);
        asking.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    println!("{asked:?} questions during {reindexes} reindexes");
    assert!(asked.iter().all(|asked| *asked > 0), "{asked:?}");
    assert_eq!((version(&writer), reader.refresh().is_ok(), version(&reader)), (reindexes, true, reindexes));
}

#[test]
fn an_index_that_was_deleted_and_built_again_is_taken_up() {
    let world = World::new(&[]);
    write(&world, 1);
    let (writer, reader) = (engine(&world), engine(&world));
    writer.reindex(&mut |_| {}).unwrap();
    reader.open().unwrap();
    assert!(!reader.refresh().unwrap());
    fs::remove_dir_all(world.index()).unwrap();
    write(&world, 2);
    assert!(reader.refresh().is_err());
    assert_eq!(version(&reader), 1, "it is still held open");
    // The numbers begin with 1 again.
    assert_eq!(writer.reindex(&mut |_| {}).unwrap().generation, reader.generation());
    assert!(reader.refresh().unwrap());
    assert_eq!(version(&reader), 2);
}

#[test]
fn a_lexicon_that_is_edited_before_the_notes_are_indexed_keeps_no_generation_back() {
    let world = World::new(&[]);
    write(&world, 1);
    let (writer, reader) = (engine(&world), engine(&world));
    writer.reindex(&mut |_| {}).unwrap();
    reader.open().unwrap();
    write(&world, 2);
    writer.reindex(&mut |_| {}).unwrap();
    world.write("notes/lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"豆荚\"]\n");
    assert!(reader.refresh().unwrap());
    assert_eq!(version(&reader), 2);
    write(&world, 3);
    writer.reindex(&mut |_| {}).unwrap();
    assert!(reader.refresh().unwrap());
    assert_eq!(version(&reader), 3);
    assert_eq!(reader.ask("豆荚的调度写在哪一版", 10).unwrap().hits.len(), notes(3) as usize);
}

#[test]
fn a_build_tells_how_far_reading_and_merging_are() {
    let world = World::new(&[]);
    let engine = engine(&world);
    let mut merges = 0;
    for number in 0..12 {
        world.write(&format!("notes/{number}.md"), format!("# 笔记 {number}\n\nPod 写在 {number} 版。\n"));
        let mut steps = Vec::new();
        engine.reindex(&mut |step| steps.push(step)).unwrap();
        let count = steps.iter().take_while(|step| matches!(step, Step::Reading { .. })).count();
        let merged = steps.split_off(count);
        let mut last = 0;
        for (step, read) in steps.iter().zip(1..) {
            // Notes that were written just now are read again: their times are not relied on yet.
            let Step::Reading { notes, of, bytes, of_bytes } = *step else { panic!("{step:?}") };
            assert!(
                (notes, of) == (read, count) && bytes > last && (bytes == of_bytes) == (read == count),
                "{steps:?}"
            );
            last = bytes;
        }
        assert!((1..=number + 1).contains(&count));
        let newest = fs::metadata(world.notes().join(format!("{number}.md"))).unwrap().len();
        assert!(last >= newest);
        if let [Step::Merging(0, begun), .., Step::Merging(done, of)] = merged[..] {
            assert!(begun > 0 && done == begun && of == begun, "{merged:?}");
            merges += 1;
        } else {
            assert_eq!(merged, []);
        }
    }
    assert!(merges > 0, "segments pile up");
}
