//! What the bot takes while nobody asks: the real program at a fake Discord on this machine, over notes made up for it or over those that
//! `BENCH_NOTES` names, with and without `bot.watch`; before anybody has asked, and after it answered questions and keystrokes.

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

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use kewen::corpus::{Selection, read_note, walk};

use discord::{Bot, Discord, Said, route};
use world::World;

const NOTES: usize = 200;
const SECTIONS: usize = 20;
/// Larger notes are not asked about; bytes.
const NOTE_BYTES_MAX: u64 = 1 << 24;
const ASKED: usize = 100;
/// What the bot does once it is connected is over by then.
const SETTLED: Duration = Duration::from_secs(3);
const WATCHED: Duration = Duration::from_secs(60);
/// A second processor time would be 1.7 % of a minute; this is none as far as people's tools show it.
const BUSY_MAX: Duration = Duration::from_millis(100);
const ANONYMOUS_MAX: u64 = 60 << 20;

fn main() {
    // Without `--bench` Cargo only wants to know whether it runs.
    let watched = if std::env::args().any(|argument| argument == "--bench") { WATCHED } else { SETTLED };
    let world = world();
    world.build();
    for watch in ["false", "true"] {
        let discord = Discord::open();
        let bot = Bot::start_with(&world, &discord, |command| _ = command.env("KEWEN_BOT__WATCH", watch));
        discord.wait_until_ready(1);
        rest(&format!("watch {watch}, before"), &bot, watched);
        ask(&world, &discord);
        rest(&format!("watch {watch}, after {ASKED} questions and keystrokes"), &bot, watched);
        bot.end();
    }
}

fn world() -> World {
    let world = World::new(&[]);
    match std::env::var_os("BENCH_NOTES").map(PathBuf::from) {
        Some(folder) => {
            for file in walk(&folder, &Selection::default()).unwrap().files {
                world.write(&format!("notes/{}", file.id), std::fs::read(&file.path).unwrap());
            }
        }
        None => {
            for (number, text) in notes::write_notes(NOTES, SECTIONS).0.iter().enumerate() {
                world.write(&format!("notes/{number:03}.md"), text);
            }
        }
    }
    world
}

/// Prints what the bot takes for so long, and ends the run when that is too much.
fn rest(when: &str, bot: &Bot, watched: Duration) {
    thread::sleep(SETTLED);
    let before = bot.processor_time();
    thread::sleep(watched);
    let (busy, anonymous) = (bot.processor_time() - before, bot.anonymous_bytes());
    let (milliseconds, megabytes) = (busy.as_millis(), anonymous as f64 / 1e6);
    println!("{when}: {milliseconds} ms of processor time in {} s, {megabytes:.1} MB anonymous", watched.as_secs());
    assert!(busy <= BUSY_MAX && anonymous <= ANONYMOUS_MAX, "that is too much for a bot at rest");
}

/// Asks about headings of the notes, and types them.
fn ask(world: &World, discord: &Discord) {
    let files = walk(&world.notes(), &Selection::default()).unwrap().files;
    let notes = files.into_iter().filter_map(|file| read_note(&file.path, file.id, NOTE_BYTES_MAX).ok());
    let headings = notes.flat_map(|note| note.sections).map(|section| section.heading);
    let headings: Vec<String> = headings.filter(|text| text.chars().count() > 2).collect();
    for heading in headings.iter().step_by(headings.len().div_ceil(ASKED)) {
        for (route, happen) in [
            (route::POST, &(|| _ = discord.say(Said::mention(heading))) as &dyn Fn()),
            (route::CALLBACK, &|| discord.type_in_and_go_on(heading)),
        ] {
            let before = discord.requests(route).len();
            happen();
            discord.wait_for_answered(route, before + 1);
        }
    }
}
