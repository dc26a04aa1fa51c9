//! What the bot keeps of questions: enough to see gaps, nothing that tells who asked, and nothing that anybody wants gone.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::{ANSWER, NEXT_ANSWER, NEXT_QUESTION, QUESTION, Stage, assert_shows};
use crate::discord::{ALICE, BORIS, Bot, Discord, Said};
use crate::world::{World, json};

const UNKNOWN: &str = "karmada 怎么安装";

fn stage(change: impl FnOnce(&mut std::process::Command)) -> Stage {
    let world = World::new(super::NOTES);
    fs::create_dir(world.path("log")).unwrap();
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, change);
    discord.wait_until_ready(1);
    Stage { world, discord, bot }
}

/// The files of the log, without its key.
fn files(world: &World) -> Vec<PathBuf> {
    let entries = fs::read_dir(world.path("log")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_none_or(|kind| kind != "key")).collect()
}

/// Whether any file of the log holds these bytes.
fn log_holds(world: &World, wanted: &[u8]) -> bool {
    files(world).iter().any(|path| fs::read(path).unwrap().windows(wanted.len()).any(|part| part == wanted))
}

#[track_caller]
fn gaps(world: &World) -> Value {
    let run = world.kewen(&["gaps", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    json(&run.stdout)
}

#[test]
fn what_is_asked_in_discord_shows_as_a_gap_and_not_who_asked_it() {
    let stage = stage(|_| {});
    let mut expected = vec![(stage.discord.say(Said::mention(QUESTION)), ANSWER)];
    stage.discord.wait_for_shown(1);
    for author in [ALICE, BORIS] {
        expected.push((stage.discord.say(Said::mention(UNKNOWN).by(author)), "karmada"));
        stage.discord.wait_for_shown(expected.len());
    }
    let Stage { world, discord, bot } = stage;
    bot.end();
    super::assert_shown(&discord, &expected);
    let gaps = gaps(&world);
    assert_eq!((&gaps["questions"], &gaps["gaps"], &gaps["failed"]), (&3.into(), &2.into(), &0.into()), "{gaps:#}");
    let [cluster] = gaps["clusters"].as_array().unwrap().as_slice() else { panic!("{gaps:#}") };
    assert_eq!((&cluster["asked"], &cluster["members"]), (&2.into(), &2.into()), "{cluster:#}");
    assert_eq!(cluster["advice"], "new_section", "{cluster:#}");
    for id in [ALICE, BORIS, expected[0].0, expected[1].0] {
        assert!(!log_holds(&world, id.to_string().as_bytes()), "{id} as text");
        assert!(!log_holds(&world, &id.to_be_bytes()) && !log_holds(&world, &id.to_le_bytes()), "{id} as bytes");
    }
}

#[test]
fn who_wants_to_be_forgotten_is_and_nobody_else() {
    let stage = stage(|_| {});
    for (count, said) in [
        Said::mention("karmada 有什么用"),
        Said::direct("karmada 怎么卸载"),
        Said::mention("openyurt 怎么安装").by(BORIS),
    ]
    .into_iter()
    .enumerate()
    {
        stage.discord.say(said);
        stage.discord.wait_for_shown(count + 1);
    }
    stage.discord.command("forget");
    let shown = stage.discord.wait_for_shown(4);
    let told = shown.iter().find(|shown| shown.only_to_asker).unwrap();
    // Alice has set her Discord to Chinese.
    assert_shows(told, "2 个问题都删掉了");
    let Stage { world, bot, .. } = stage;
    bot.end();
    assert_eq!(gaps(&world)["questions"], 1);
    assert!(!log_holds(&world, "karmada".as_bytes()), "what is forgotten is not in the file any more");
    assert!(log_holds(&world, "openyurt".as_bytes()));
}

#[test]
fn what_a_member_wants_forgotten_is_not_kept_with_the_follow_up_of_another() {
    let stage = stage(|_| {});
    stage.discord.say(Said::mention("kube-proxy 到底拿来干啥"));
    let answer = stage.discord.wait_for_shown(1)[0].id;
    stage.discord.say(Said::aloud("它的 dashboard 怎么装").by(BORIS).replying_to(answer));
    assert_shows(&stage.discord.wait_for_shown(2)[1], "Going on from: kube-proxy");
    stage.discord.command("forget");
    stage.discord.wait_for_shown(3);
    let Stage { world, bot, .. } = stage;
    bot.end();
    assert_eq!(gaps(&world)["questions"], 1);
    assert!(!log_holds(&world, "到底拿来".as_bytes()));
    assert!(log_holds(&world, "dashboard".as_bytes()));
}

#[test]
fn a_message_that_is_looked_up_belongs_to_whoever_wrote_it() {
    let stage = stage(|_| {});
    let said = stage.discord.say(Said::aloud(UNKNOWN).by(ALICE));
    stage.discord.use_on(BORIS, "Ask the notes", said);
    stage.discord.wait_for_shown(1);
    stage.discord.command("forget");
    stage.discord.wait_for_shown(2);
    let Stage { world, bot, .. } = stage;
    bot.end();
    assert_eq!(gaps(&world)["questions"], 0, "Alice has forgotten what she wrote");
}

#[test]
fn switched_off_it_keeps_nothing_and_says_so() {
    let stage = stage(|command| {
        command.env("KEWEN_LOG__ENABLED", "false");
    });
    stage.discord.say(Said::mention(UNKNOWN));
    stage.discord.wait_for_shown(1);
    stage.discord.command("forget");
    let shown = stage.discord.wait_for_shown(2);
    assert_shows(&shown[1], "不记录提问");
    let Stage { world, bot, .. } = stage;
    bot.end();
    assert_eq!(files(&world), Vec::<PathBuf>::new());
}

#[test]
fn a_log_that_cannot_be_written_is_told_and_the_bot_answers() {
    let world = World::new(super::NOTES);
    // A file where the folder should be.
    world.write("log-file", "");
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_LOG__DIR", "log-file");
    });
    discord.wait_until_ready(1);
    bot.wait_for_log("Questions are not logged this time");
    let stage = Stage { world, discord, bot };
    let asked = stage.discord.say(Said::mention(NEXT_QUESTION));
    stage.discord.wait_for_shown(1);
    stage.end_with(&[(asked, NEXT_ANSWER)]);
}
