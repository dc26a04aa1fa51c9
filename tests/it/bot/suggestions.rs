//! What is offered to somebody who types a question into `/ask`.

use std::fs;

use super::{NOTES, QUESTION, Stage};
use crate::discord::{ALICE, BORIS, Bot, Discord, OTHER_BOT, Said, route};
use crate::world::World;

const HEADING: &str = "kube-proxy 是干啥用的？";
const ASKED: &str = "Service 到底有什么用";

/// What is offered for each thing typed; Discord's limits are looked at by the fake.
#[track_caller]
fn check(notes: &[(&str, &str)], typed: &[(&str, &[&str])]) {
    let stage = Stage::with_notes(notes);
    for (typed, expected) in typed {
        assert_eq!(stage.discord.type_in(typed), *expected, "{typed:?}");
    }
    stage.bot.end();
}

#[test]
fn every_beginning_of_a_heading_offers_it() {
    let stage = Stage::new();
    for end in 1..="kube-proxy".len() {
        let typed: String = "kube-proxy".chars().take(end).collect();
        assert_eq!(stage.discord.type_in(&typed).first().map(String::as_str), Some(HEADING), "{typed}");
    }
    // What is chosen is a question that is answered.
    let asked = stage.discord.ask(HEADING);
    stage.discord.wait_for_shown(1);
    stage.end_with(&[(asked, super::ANSWER)]);
}

#[test]
fn chinese_pinyin_and_slips_are_understood() {
    check(
        &[("a.md", "# 容器\n\n## 容器编排\n\n谁在哪里跑。\n\n## 网卡\n\n一块就够。\n\n## Deployment\n\n副本数。\n")],
        &[
            ("卡", &["网卡"]),
            ("容", &["容器", "容器编排"]),
            ("rongqi", &["容器", "容器编排"]),
            ("rongqib", &["容器编排"]),
            ("deploiment", &["Deployment"]),
            ("红烧肉", &[]),
        ],
    );
}

#[test]
fn nothing_typed_offers_where_to_begin() {
    check(NOTES, &[("", &[HEADING, "集群", "网络", "Pod", "Service"])]);
}

#[test]
fn whatever_is_typed_and_written_the_limits_are_kept() {
    let hostile = "@everyone <@1> [x](https://example.org) ``` \u{202E}".repeat(5);
    let many: String = (0..60).map(|number| format!("## k{number} @here **x**\n\ntext\n\n")).collect();
    let notes = format!("# {hostile}\n\ntext\n\n## \u{200B}\n\ntext\n\n## {}\n\ntext\n\n{many}", "字".repeat(300));
    let stage = Stage::with_notes(&[("a.md", &notes)]);
    assert_eq!(stage.discord.type_in("k").len(), 25);
    let long = stage.discord.type_in("字");
    assert_eq!(long.iter().map(|text| text.chars().count()).collect::<Vec<_>>(), [100]);
    for typed in [hostile.as_str(), "\u{202E}", "```", "' OR 1=1 --", "🤔🤔", &"容".repeat(2000), &"k ".repeat(1000)]
    {
        stage.discord.type_in(typed);
    }
    stage.bot.end();
    assert!(stage.discord.shown().is_empty(), "nothing was said");
}

#[test]
fn new_headings_are_offered_after_a_new_generation() {
    let stage = Stage::new();
    assert_eq!(stage.discord.type_in("ingress"), Vec::<String>::new());
    stage.world.write("notes/c.md", "# Ingress\n\n把外面的流量接进来。\n");
    stage.world.build();
    // The question makes the bot take up the generation; the next key makes new suggestions, and another one finds them.
    stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(1);
    let mut offered = stage.discord.type_in("ingress");
    for _ in 0..100 {
        if !offered.is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        offered = stage.discord.type_in("ingress");
    }
    assert_eq!(offered, ["Ingress"]);
    stage.bot.end();
}

#[test]
fn a_key_that_discord_answers_late_is_nothing_to_tell() {
    let stage = Stage::new();
    stage.discord.type_in("k");
    stage.discord.fault(route::CALLBACK, crate::discord::Fault::Status(404));
    stage.discord.type_in_and_go_on("ku");
    stage.discord.wait_for_answered(route::CALLBACK, 2);
    assert_eq!(stage.discord.type_in("kub")[0], HEADING);
    let log = stage.bot.log();
    stage.bot.end();
    assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
}

/// A bot with a question log, in which these questions were asked.
#[track_caller]
fn with_log(change: impl FnOnce(&mut std::process::Command), asked: &[Said]) -> Stage {
    let world = World::new(NOTES);
    fs::create_dir(world.path("log")).unwrap();
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, change);
    discord.wait_until_ready(1);
    for (count, said) in asked.iter().enumerate() {
        discord.say(said.clone());
        discord.wait_for_shown(count + 1);
    }
    Stage { world, discord, bot }
}

#[test]
fn what_two_members_asked_is_offered_until_one_of_them_wants_it_forgotten() {
    let stage = with_log(|_| {}, &[Said::mention(ASKED), Said::direct(ASKED), Said::mention(ASKED).by(BORIS)]);
    assert_eq!(stage.discord.type_in("到底"), [ASKED]);
    assert_eq!(stage.discord.type_in("")[0], ASKED);
    stage.discord.command("forget");
    stage.discord.wait_for_shown(4);
    assert_eq!(stage.discord.type_in("到底"), Vec::<String>::new());
    stage.bot.end();
}

#[test]
fn the_words_of_one_member_are_offered_to_nobody() {
    let stage = with_log(|_| {}, &[Said::mention(ASKED), Said::mention(ASKED)]);
    // Two others look up what a third has written: it is still the word of one.
    let said = stage.discord.say(Said::aloud("Pod 到底是什么").by(OTHER_BOT));
    for (count, member) in [ALICE, BORIS].into_iter().enumerate() {
        stage.discord.use_on(member, "Ask the notes", said);
        stage.discord.wait_for_shown(3 + count);
    }
    assert_eq!(stage.discord.type_in("到底"), Vec::<String>::new());
    stage.bot.end();
}

#[test]
fn without_a_log_no_question_is_offered() {
    let off = |command: &mut std::process::Command| {
        command.env("KEWEN_LOG__ENABLED", "false");
    };
    let stage = with_log(off, &[Said::mention(ASKED), Said::mention(ASKED).by(BORIS)]);
    assert_eq!(stage.discord.type_in("到底"), Vec::<String>::new());
    assert_eq!(stage.discord.type_in("kube")[0], HEADING);
    stage.bot.end();
}
