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

/// The bot is started again, as told.
#[track_caller]
fn again(stage: Stage, between: impl FnOnce(&World), change: impl FnOnce(&mut std::process::Command)) -> Stage {
    let Stage { world, discord, bot } = stage;
    bot.end();
    between(&world);
    let bot = Bot::start_with(&world, &discord, change);
    discord.wait_until_ready(2);
    Stage { world, discord, bot }
}

fn lose_the_key(world: &World) {
    let files = fs::read_dir(world.path("log")).unwrap().map(|entry| entry.unwrap().path());
    fs::remove_file(files.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "key")).unwrap())
        .unwrap();
}

#[test]
fn who_cannot_be_told_in_the_log_any_more_is_not_said_to_be_forgotten() {
    for is_logged in [true, false] {
        let first = stage(|_| {});
        first.discord.say(Said::mention(UNKNOWN));
        first.discord.wait_for_shown(1);
        let stage = again(first, lose_the_key, |command| {
            command.env("KEWEN_LOG__ENABLED", is_logged.to_string());
        });
        stage.discord.command("forget");
        assert_shows(&stage.discord.wait_for_shown(2)[1], "密钥丢了");
        stage.bot.wait_for_log("the key of the question log is lost");
        stage.bot.end();
    }
}

#[test]
fn what_is_too_old_goes_from_a_log_that_nobody_writes_any_more() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let first = stage(|_| {});
    for (count, question) in [UNKNOWN, "openyurt 怎么安装"].into_iter().enumerate() {
        first.discord.say(Said::mention(question));
        first.discord.wait_for_shown(count + 1);
    }
    let age = |world: &World| {
        let log = files(world).into_iter().find(|path| path.extension().is_some_and(|kind| kind == "sqlite")).unwrap();
        let log = rusqlite::Connection::open(log).unwrap();
        let aged =
            log.execute("UPDATE question SET asked_at = asked_at - ?1 WHERE question LIKE 'karmada%'", [200 * DAY_MS]);
        assert_eq!(aged.unwrap(), 1);
    };
    let stage = again(first, age, |command| {
        command.env("KEWEN_LOG__ENABLED", "false");
    });
    let Stage { world, bot, .. } = stage;
    bot.end();
    assert!(!log_holds(&world, "karmada".as_bytes()) && log_holds(&world, "openyurt".as_bytes()));
}

#[cfg(unix)]
#[test]
fn a_question_under_way_is_forgotten_too() {
    let stage = stage(|_| {});
    // The first one makes the log; it is somebody else's.
    stage.discord.say(Said::mention("openyurt 怎么安装").by(BORIS));
    stage.discord.wait_for_shown(1);
    let stall = super::stall::Stall::set(&stage.world);
    stage.discord.say(Said::mention(UNKNOWN));
    let reached = stall.wait_until_reached();
    stage.discord.command("forget");
    stage.discord.wait_for_shown(2);
    reached.release();
    assert_shows(&stage.discord.wait_for_shown(3)[2], "karmada");
    // Nor does it live on as the subject of the next one.
    stage.discord.say(Said::mention("它是什么"));
    assert!(!stage.discord.wait_for_shown(4)[3].text().contains("karmada"), "{:#?}", stage.discord.shown());
    let Stage { world, bot, .. } = stage;
    bot.end();
    assert!(!log_holds(&world, "karmada".as_bytes()) && log_holds(&world, "openyurt".as_bytes()));
}
