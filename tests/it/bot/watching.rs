//! The notes change beside a running bot that watches them, or is asked to look.

#![cfg(unix)]

use std::fs;

use super::{ANSWER, NOTES, QUESTION, Stage, assert_shows};
use crate::discord::{Bot, Discord, Said};
use crate::world::World;

const OTHER: &str = "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 在每个节点上写转发规则。\n";
const OTHER_ANSWER: &str = "在每个节点上写转发规则";

/// A bot that is ready and watches.
#[track_caller]
fn watching() -> Stage {
    let (world, discord) = (World::new(NOTES), Discord::open());
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_BOT__WATCH", "true");
    });
    let stage = Stage { world, discord, bot };
    stage.discord.wait_until_ready(1);
    stage
}

#[track_caller]
fn check(stage: &Stage, count: usize, text: &str) {
    stage.discord.say(Said::mention(QUESTION));
    assert_shows(stage.discord.wait_for_shown(count).last().unwrap(), text);
}

#[test]
fn an_edit_is_in_the_next_answer_of_a_bot_that_watches() {
    let stage = watching();
    check(&stage, 1, ANSWER);
    stage.world.write("notes/b.md", OTHER);
    stage.bot.wait_for_log("1 note changed (2 sections)");
    check(&stage, 2, OTHER_ANSWER);
    stage.bot.end();
}

#[test]
fn what_changed_while_no_bot_ran_is_taken_up_by_the_next_one() {
    let world = World::new(NOTES);
    world.build();
    world.write("notes/b.md", OTHER);
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_BOT__WATCH", "true");
    });
    let stage = Stage { world, discord, bot };
    stage.discord.wait_until_ready(1);
    stage.bot.wait_for_log("1 note changed");
    check(&stage, 1, OTHER_ANSWER);
    stage.bot.end();
}

#[test]
fn a_hang_up_makes_a_bot_look_that_does_not_watch() {
    let stage = Stage::new();
    stage.world.write("notes/b.md", OTHER);
    check(&stage, 1, ANSWER);
    stage.bot.signal("HUP");
    stage.bot.wait_for_log("1 note changed (2 sections)");
    check(&stage, 2, OTHER_ANSWER);
    stage.bot.signal("HUP");
    stage.bot.wait_for_log("Nothing has changed");
    stage.bot.end();
}

#[test]
fn a_notes_folder_that_goes_leaves_the_answers_and_is_told_once() {
    let stage = watching();
    check(&stage, 1, ANSWER);
    fs::rename(stage.world.notes(), stage.world.path("away")).unwrap();
    stage.bot.wait_for_log("There is no notes folder");
    check(&stage, 2, ANSWER);
    fs::rename(stage.world.path("away"), stage.world.notes()).unwrap();
    stage.bot.wait_for_log("can be brought up to the notes again");
    stage.world.write("notes/b.md", OTHER);
    stage.bot.wait_for_log("1 note changed");
    check(&stage, 3, OTHER_ANSWER);
    assert_eq!(stage.bot.log().matches("There is no notes folder").count(), 1);
    stage.bot.end();
}

#[test]
fn notes_that_cannot_be_indexed_leave_the_answers() {
    let stage = watching();
    stage.world.write("notes/lexicon.toml", "[[term]\n");
    stage.bot.wait_for_log("lexicon");
    check(&stage, 1, ANSWER);
    stage.bot.end();
}

#[test]
fn a_remote_that_is_gone_leaves_the_answers_and_is_told() {
    let world = World::new(NOTES);
    let script = "git init -q -b main remote && cp notes/*.md remote && cd remote && git add . && \
                  git -c user.name=A -c user.email=a@example.org commit -qm notes";
    let mut made = std::process::Command::new("sh");
    made.current_dir(world.path("")).args(["-c", script]);
    assert!(made.status().unwrap().success(), "these tests need git on the path");
    world.write("kewen.toml", format!("[index]\ndir = \"index\"\n[notes.git]\nurl = {:?}\n", world.path("remote")));
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, |command| {
        // Neither folder is named.
        let mut bare = world.bare_command(&["bot"]);
        for (name, value) in command.get_envs() {
            bare.env(name, value.unwrap());
        }
        bare.env("KEWEN_BOT__WATCH", "true");
        *command = bare;
    });
    let stage = Stage { world, discord, bot };
    stage.discord.wait_until_ready(1);
    check(&stage, 1, ANSWER);
    fs::rename(stage.world.path("remote"), stage.world.path("gone")).unwrap();
    stage.bot.signal("HUP");
    stage.bot.wait_for_log("cannot be fetched");
    check(&stage, 2, ANSWER);
    fs::rename(stage.world.path("gone"), stage.world.path("remote")).unwrap();
    stage.bot.signal("HUP");
    stage.bot.wait_for_log("can be fetched from their repository again");
    stage.bot.end();
}
