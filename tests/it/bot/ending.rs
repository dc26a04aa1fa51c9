//! Told to end, the bot ends: within 5 s and with exit code 0, whatever it is doing.

#![cfg(unix)]

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::stall::{Stall, held_up};
use super::{ANSWER, NOTES, QUESTION, Stage, assert_shown, assert_shows};
use crate::discord::{Bot, Discord, Fault, PATIENCE, Said, Used, route};
use crate::world::World;

#[test]
fn a_bot_that_waits_for_questions_ends() {
    Stage::new().end_with(&[]);
}

#[test]
fn an_interrupt_ends_the_bot_too() {
    let stage = Stage::new();
    stage.bot.signal("INT");
    let exit = stage.bot.exit();
    assert_eq!(exit.code, Some(0), "{exit:?}");
    assert!(exit.took < Duration::from_secs(5), "{exit:?}");
}

#[test]
fn a_second_signal_does_no_harm() {
    let stage = Stage::new();
    stage.bot.signal("TERM");
    stage.bot.end();
}

#[test]
fn an_answer_that_hangs_does_not_hold_the_bot_up() {
    let stage = Stage::new();
    stage.discord.fault(route::POST, Fault::Hold);
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_requests(route::POST, 1);
    stage.end_with(&[(asked, ANSWER)]);
}

#[test]
fn an_answer_under_way_gets_a_short_time_to_finish() {
    let stage = Stage::new();
    let stall = Stall::set(&stage.world);
    let asked = stage.discord.say(Said::mention(QUESTION));
    let search = stall.wait_until_reached();
    stage.bot.signal("TERM");
    thread::sleep(Duration::from_millis(300));
    search.release();
    let exit = stage.bot.exit();
    assert_eq!(exit.code, Some(0), "{exit:?}");
    assert_shown(&stage.discord, &[(asked, ANSWER)]);
}

#[test]
fn a_bot_ends_as_soon_as_its_last_answer_is_out() {
    let stage = Stage::new();
    stage.discord.fault(route::POST, Fault::Hold);
    stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_requests(route::POST, 1);
    stage.bot.signal("TERM");
    stage.discord.release();
    let exit = stage.bot.exit();
    assert_eq!(exit.code, Some(0), "{exit:?}");
    assert!(exit.took < Duration::from_secs(2), "{exit:?}");
}

#[test]
fn a_search_that_hangs_does_not_hold_the_bot_up() {
    let stage = Stage::new();
    let stall = Stall::set(&stage.world);
    stage.discord.say(Said::mention(QUESTION));
    let _search = stall.wait_until_reached();
    stage.end_with(&[]);
}

/// A bot that brings its index up to a new note for an instructor, and waits for a pipe.
#[track_caller]
fn reindexing() -> (Stage, PathBuf) {
    let stage = Stage::new();
    stage.world.write("notes/new.md", "# 新的一篇\n\n刚写的。\n");
    let pipe = held_up(&stage.world);
    stage.discord.use_command(&Used::of("reindex")).unwrap();
    // The promise.
    stage.discord.wait_for_answered(route::CALLBACK, 1);
    (stage, pipe)
}

#[test]
fn an_instructor_whose_reindex_is_under_way_is_told_that_the_bot_ends() {
    let (stage, _) = reindexing();
    stage.bot.signal("TERM");
    let exit = stage.bot.exit();
    assert!(exit.code == Some(0) && exit.took < Duration::from_secs(5), "{exit:?}");
    let [told] = &stage.discord.shown()[..] else { panic!("{:#?}", stage.discord.shown()) };
    assert!(told.only_to_asker, "{told:#?}");
    assert_shows(told, "我要退出了，索引还没有更新完");
}

#[test]
fn a_reindex_that_is_done_soon_after_the_bot_was_told_to_end_is_reported() {
    let (stage, pipe) = reindexing();
    stage.bot.signal("TERM");
    thread::sleep(Duration::from_millis(300));
    fs::write(pipe, "").unwrap();
    let exit = stage.bot.exit();
    assert!(exit.code == Some(0) && exit.took < Duration::from_secs(5), "{exit:?}");
    let shown = stage.discord.shown();
    assert!(!shown[0].loading && !shown[0].text().contains("我要退出了"), "{shown:#?}");
    assert_shows(&shown[0], "索引建好了");
}

#[test]
fn a_bot_that_reconnects_ends() {
    let stage = Stage::new();
    stage.discord.shut_door();
    let knocks = stage.discord.wait_for_knocks(1).len();
    stage.discord.gateway(|gateway| gateway.cut_all());
    stage.discord.wait_for_knocks(knocks + 1);
    stage.end_with(&[]);
}

#[test]
fn a_bot_whose_session_was_just_lost_ends() {
    let stage = Stage::new();
    stage.discord.gateway(|gateway| gateway.invalidate(false));
    // Some way into the 5 s before it may identify again.
    thread::sleep(Duration::from_millis(700));
    stage.end_with(&[]);
}

#[test]
fn a_bot_that_is_rate_limited_ends() {
    let stage = Stage::new();
    let after = Duration::from_mins(1);
    stage.discord.fault(route::POST, Fault::Limited { after, global: true });
    stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_answered(route::POST, 1);
    stage.end_with(&[]);
}

#[test]
fn a_bot_that_discord_refuses_ends() {
    let stage = Stage::starting(NOTES, Discord::refusing());
    stage.bot.wait_for_log("Discord cannot be reached");
    stage.end_with(&[]);
}

#[test]
fn a_bot_without_name_resolution_ends() {
    let world = World::new(NOTES);
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_DISCORD__API_BASE", "http://no-such-host.invalid:9");
    });
    bot.wait_for_log("Discord cannot be reached");
    bot.end();
}

/// Discord holds back its answer to `route` while the bot starts.
#[track_caller]
fn check_while_held(route: &'static str) {
    let discord = Discord::open();
    discord.fault(route, Fault::Hold);
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_for_requests(route, 1);
    stage.end_with(&[]);
}

#[test]
fn a_bot_that_waits_for_discords_first_answers_ends() {
    check_while_held(route::GATEWAY_BOT);
    check_while_held(route::COMMANDS);
}

#[test]
fn a_bot_whose_client_waits_for_discord_ends() {
    check_while_held(route::GATEWAY);
}

#[test]
fn a_bot_whose_gateway_says_nothing_ends() {
    let discord = Discord::open();
    discord.gateway(|gateway| gateway.is_mute = true);
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_for_requests(route::GATEWAY, 1);
    // One connection for requests, one to see whether the gateway is there, and then the gateway's own.
    stage.discord.wait_for_knocks(3);
    stage.end_with(&[]);
}

#[test]
fn a_bot_that_opens_its_index_ends() {
    let world = World::new(NOTES);
    world.build();
    let stall = Stall::set(&world);
    let discord = Discord::open();
    let bot = Bot::start(&world, &discord);
    let _opening = stall.wait_until_reached();
    bot.end();
}

#[test]
fn a_bot_that_builds_its_index_ends_and_the_next_one_builds_it_anew() {
    let world = World::new(NOTES);
    let text = format!("# 集群\n\n## Pod\n\n{}\n", "Pod 是最小的调度单位。".repeat(300));
    (0..400).for_each(|number| world.write(&format!("notes/many/{number}.md"), &text));
    let discord = Discord::open();
    let bot = Bot::start(&world, &discord);
    wait_for("building", || is_building(&world));
    bot.end();
    assert!(is_building(&world), "it was not in the middle of it");
    fs::remove_dir_all(world.path("notes/many")).unwrap();
    let stage = Stage { bot: Bot::start(&world, &discord), world, discord };
    stage.discord.wait_until_ready(1);
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(1);
    stage.end_with(&[(asked, ANSWER)]);
}

fn is_building(world: &World) -> bool {
    let homes = fs::read_dir(world.index()).into_iter().flatten();
    homes.flatten().any(|home| home.path().join("building").exists())
}

#[track_caller]
fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_there() {
        assert!(started.elapsed() < PATIENCE, "waited for {what}");
        thread::sleep(Duration::from_millis(2));
    }
}
