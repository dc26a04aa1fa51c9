//! How long people in Discord wait for kewen itself: from an event that the gateway sends to the bot's first call of the REST
//! interface, with the real program at a fake Discord on this machine, over 10,000 sections made up for it. Then the same over the
//! notes that `BENCH_NOTES` names, or the largest collection beside the repository.
//!
//! One event after the other, as the bot is hardly ever asked by two people in the same moment. Not in it: the way to Discord and
//! back. The aims are 50 ms at p95 for a question and 20 ms for a keystroke; nothing fails when a busy machine takes longer.

#![expect(clippy::print_stdout, reason = "the figures are for people")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on ends")]

#[expect(dead_code, unused_imports, reason = "the tests say and look at more")]
#[path = "../tests/it/discord/mod.rs"]
mod discord;
#[expect(dead_code, reason = "what the sections are about is for another benchmark")]
#[path = "answers/notes.rs"]
mod notes;
#[expect(dead_code, reason = "the tests do more with a world")]
#[path = "../tests/it/world.rs"]
mod world;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kewen::corpus::{Selection, read_note, walk};

use discord::{Bot, Discord, Request, Said, route};
use world::World;

const NOTES: usize = 200;
const SECTIONS: usize = 50;
/// Larger notes are not asked about; bytes.
const NOTE_BYTES_MAX: u64 = 1 << 24;
/// Headings that are asked about, and those that are typed.
const ASKED: usize = 150;
const TYPED: usize = 25;
/// Keys of a heading that are pressed.
const KEYS_MAX: usize = 16;
/// What is asked before anything is measured.
const WARM_UP: usize = 5;

fn main() {
    println!("load {}", load());
    measure(&format!("{} sections made up for it", NOTES * SECTIONS), &made_up());
    if let Some(folder) = named().or_else(largest) {
        let world = copied(&folder);
        measure(&folder.file_name().unwrap_or_default().to_string_lossy(), &world);
    }
    println!("load {}", load());
}

fn made_up() -> World {
    let world = World::new(&[]);
    let (texts, _) = notes::write_notes(NOTES, SECTIONS);
    for (number, text) in texts.iter().enumerate() {
        world.write(&format!("notes/{number:03}.md"), text);
    }
    world
}

fn named() -> Option<PathBuf> {
    std::env::var_os("BENCH_NOTES").map(PathBuf::from)
}

/// The collection with the largest notes among those that lie beside the repository, if there are any.
fn largest() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let folders = std::fs::read_dir(beside).ok()?.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let bytes = |folder: &PathBuf| -> u64 {
        let files = walk(folder, &Selection::default()).unwrap().files;
        files.iter().map(|file| file.path.metadata().unwrap().len()).sum()
    };
    folders.max_by_key(bytes)
}

fn copied(folder: &Path) -> World {
    let world = World::new(&[]);
    for file in walk(folder, &Selection::default()).unwrap().files {
        world.write(&format!("notes/{}", file.id), std::fs::read(&file.path).unwrap());
    }
    world
}

/// So many headings of the notes, spread over them.
fn headings(world: &World, count: usize) -> Vec<String> {
    let files = walk(&world.notes(), &Selection::default()).unwrap().files;
    let notes = files.into_iter().filter_map(|file| read_note(&file.path, file.id, NOTE_BYTES_MAX).ok());
    let headings = notes.flat_map(|note| note.sections).map(|section| section.heading);
    let headings: Vec<String> = headings.filter(|text| text.chars().count() > 2).collect();
    assert!(!headings.is_empty(), "there is nothing to ask about these notes");
    headings.iter().step_by(headings.len().div_ceil(count)).cloned().collect()
}

/// Starts a bot over these notes, and prints how long it takes for a mention, a command and a keystroke.
fn measure(name: &str, world: &World) {
    world.build();
    let discord = Discord::open();
    let bot = Bot::start(world, &discord);
    discord.wait_until_ready(1);
    let questions: Vec<String> =
        headings(world, ASKED).iter().flat_map(|heading| [heading.clone(), format!("{heading} 是什么")]).collect();
    let keys: Vec<String> = headings(world, TYPED).iter().flat_map(|heading| keys(heading)).collect();
    println!("{name}: {} questions and commands each, {} keystrokes", questions.len(), keys.len());

    let mention = |question: &String| answered(&discord, route::POST, || _ = discord.say(Said::mention(question)));
    let command = |question: &String| answered(&discord, route::CALLBACK, || _ = discord.ask(question));
    let keystroke = |typed: &String| answered(&discord, route::CALLBACK, || discord.type_in_and_go_on(typed));
    println!("the first keystroke, for which suggestions are made: {:.1} ms", ms(keystroke(&keys[0]).1));
    let spread = |what: &str, events: &[String], event: &dyn Fn(&String) -> (Request, Duration)| {
        for text in events.iter().take(WARM_UP) {
            event(text);
        }
        let mut took: Vec<Duration> = events.iter().map(|text| checked(text, event(text))).collect();
        took.sort_unstable();
        let at = |percent: usize| ms(took[(took.len() - 1) * percent / 100]);
        println!("{what:<10} p50 {:5.1} ms, p95 {:5.1} ms, most {:5.1} ms", at(50), at(95), at(100));
    };
    spread("mention", &questions, &mention);
    spread("command", &questions, &command);
    spread("keystroke", &keys, &keystroke);
    bot.end();
}

/// Everything that is typed on the way to a heading, key by key.
fn keys(heading: &str) -> Vec<String> {
    let chars: Vec<char> = heading.chars().take(KEYS_MAX).collect();
    (1..=chars.len()).map(|length| chars[..length].iter().collect()).collect()
}

/// Lets something happen in Discord, and gives the bot's next request to `route` with the time until it came.
fn answered(discord: &Discord, route: &str, happen: impl FnOnce()) -> (Request, Duration) {
    let before = discord.requests(route).len();
    let began = Instant::now();
    happen();
    let request = discord.wait_for_requests(route, before + 1).pop().unwrap();
    let took = request.at.saturating_duration_since(began);
    // The next event is not to meet the end of this one.
    discord.wait_for_answered(route, before + 1);
    (request, took)
}

/// The time of a request that answers a question with a passage of the notes, or a keystroke with suggestions.
#[track_caller]
fn checked(asked: &str, (request, took): (Request, Duration)) -> Duration {
    let body = &request.body;
    let data = if body["data"].is_object() { &body["data"] } else { body };
    // 8: choices for somebody who types, who may have typed what no heading has.
    let is_typed = body["type"] == 8 && data["choices"].is_array();
    let is_answer = data["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
    assert!(is_typed || is_answer, "{asked}: {body:#}");
    took
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// How busy the machine is, where it says so.
fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}
