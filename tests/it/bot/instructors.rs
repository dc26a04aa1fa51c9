//! What only instructors may have: refused to others in whatever way they come, private, and one at a time.

use std::fs;

use super::{ANSWER, NEXT_ANSWER, NOTES, QUESTION, Stage, assert_shows};
use crate::discord::{
    ALICE, BORIS, Bot, DIRECT, Discord, GUILD, Id, MANAGE_GUILD, ROLE, STUDENT, Said, Shown, Used, route,
};
use crate::world::World;

const COMMANDS: [&str; 3] = ["reindex", "status", "gaps"];
const OTHER: &str = "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 在每个节点上写转发规则。\n";
/// What somebody reads who is none; their Discord is set to Chinese.
const REFUSED: &str = "这个命令是给老师用的";

fn stage(change: impl FnOnce(&mut std::process::Command)) -> Stage {
    let world = World::new(NOTES);
    fs::create_dir(world.path("log")).unwrap();
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, change);
    discord.wait_until_ready(1);
    Stage { world, discord, bot }
}

/// Uses a command that is shown, and gives what the bot says, which is the `count`th message and for the asker alone.
#[track_caller]
fn answer(stage: &Stage, used: &Used, count: usize) -> Shown {
    let asked = stage.discord.use_command(used).expect("the command is not shown");
    let shown = stage.discord.wait_for_shown(count);
    let answer = shown.into_iter().find(|shown| shown.answers == Some(asked)).unwrap();
    assert!(answer.only_to_asker, "{answer:#?}");
    answer
}

#[test]
fn a_reindex_takes_up_the_notes_and_reports_what_the_command_line_reports() {
    let stage = stage(|_| {});
    stage.world.write("notes/b.md", OTHER);
    stage.world.write("notes/c.md", "# 新的\n\n```\n没有结束\n");
    let report = answer(&stage, &Used::of("reindex"), 1);
    for part in ["索引建好了", "新增 1 篇", "改动 1 篇", "提醒 1 条", "c.md:3: 代码块没有结束"] {
        assert_shows(&report, part);
    }
    stage.discord.say(Said::mention(QUESTION));
    assert_shows(&stage.discord.wait_for_shown(2)[1], "在每个节点上写转发规则");
    let again = answer(&stage, &Used::of("reindex"), 3);
    assert_shows(&again, "没有改动");
    stage.bot.end();
}

#[test]
fn the_status_is_that_of_the_command_line() {
    let stage = stage(|_| {});
    stage.world.write("notes/c.md", "# 新的\n\n正文\n");
    let told = answer(&stage, &Used::of("status"), 1).text();
    let mut command = stage.world.command(&["status", "--language", "zh"]);
    command.env_remove("KEWEN_UI__LANGUAGE");
    let printed = crate::world::run(command, b"").stdout;
    for line in printed.lines().filter(|line| !line.contains("秒") && !line.contains("KB")) {
        assert!(told.contains(&line.replace(['_', '*'], "")), "{line:?} is not in {told}");
    }
    assert!(told.contains("新文件 1 个"), "{told}");
    stage.bot.end();
}

#[test]
fn the_gaps_of_the_last_days_are_shown_and_what_members_wrote_is_only_text() {
    let stage = stage(|_| {});
    let asked = format!("karmada [怎么](https://evil.example/) 安装 @everyone <@{ALICE}> ``` **x**");
    stage.discord.say(Said::mention(&asked));
    stage.discord.wait_for_shown(1);
    // The log is written beside the answer.
    let mut count = 1;
    let gaps = loop {
        count += 1;
        let gaps = answer(&stage, &Used::of("gaps").with("days", 30), count);
        if gaps.text().contains("karmada") || count > 40 {
            break gaps;
        }
    };
    assert_shows(&gaps, "问了 1 次（1 人）：没找到 1");
    let raw = gaps.embeds[0]["description"].as_str().unwrap();
    assert!(!raw.contains("[怎么](") && !raw.contains("@everyone") && raw.contains("@\u{200B}everyone"), "{raw}");
    stage.bot.end();
}

#[test]
fn without_a_log_the_gaps_are_said_to_be_none_that_are_kept() {
    let stage = stage(|command| {
        command.env("KEWEN_LOG__ENABLED", "false");
    });
    assert_shows(&answer(&stage, &Used::of("gaps"), 1), "提问记录");
    stage.bot.end();
}

#[test]
fn the_commands_are_not_even_shown_to_others_nor_in_direct_messages() {
    let stage = Stage::new();
    for name in COMMANDS {
        assert_eq!(stage.discord.use_command(&Used::of(name).by(BORIS, STUDENT, &[ROLE])), None, "{name}");
        assert_eq!(stage.discord.use_command(&Used::of(name).in_channel(DIRECT)), None, "{name}");
    }
    for (count, name) in COMMANDS.into_iter().enumerate() {
        let by = Used::of(name).by(BORIS, STUDENT | MANAGE_GUILD, &[]);
        assert!(!answer(&stage, &by, count + 1).text().contains(REFUSED), "{name}");
    }
    stage.bot.end();
}

#[test]
fn who_is_no_instructor_is_refused_kindly_also_when_the_command_is_forged() {
    let stage = stage(|_| {});
    stage.world.write("notes/b.md", OTHER);
    let mut count = 0;
    for name in COMMANDS {
        for used in [
            Used::of(name).by(BORIS, STUDENT, &[]),
            Used::of(name).by(BORIS, 0, &[ROLE]),
            // A direct message says nothing of what somebody may do on a server.
            Used::of(name).in_channel(DIRECT),
        ] {
            count += 1;
            assert_shows(&answer(&stage, &used.forged(), count), REFUSED);
        }
    }
    stage.discord.say(Said::mention(QUESTION));
    assert_shows(&stage.discord.wait_for_shown(count + 1)[count], ANSWER);
    stage.bot.end();
}

#[test]
fn a_role_or_another_permission_can_be_named() {
    const MANAGE_MESSAGES: u64 = 1 << 13;
    const ADMINISTRATOR: u64 = 1 << 3;
    let stage = stage(|command| {
        command.env("KEWEN_DISCORD__INSTRUCTORS__ROLES", format!("{}, {ROLE}", ROLE + 1));
        command.env("KEWEN_DISCORD__INSTRUCTORS__PERMISSION", "MANAGE_MESSAGES");
    });
    let check = |count, permissions: u64, roles: &[Id], refused: bool| {
        // Discord cannot hide a command by role: it is shown to all.
        let told = answer(&stage, &Used::of("status").by(BORIS, permissions, roles), count);
        assert_eq!(told.text().contains(REFUSED), refused, "{told:#?}");
    };
    check(1, STUDENT, &[ROLE], false);
    check(2, STUDENT | MANAGE_MESSAGES, &[], false);
    check(3, STUDENT | MANAGE_GUILD, &[ROLE + 7], true);
    check(4, ADMINISTRATOR, &[], false);
    stage.bot.end();
}

#[test]
fn an_error_is_told_with_an_id_that_is_in_the_log() {
    let stage = stage(|_| {});
    fs::rename(stage.world.notes(), stage.world.path("away")).unwrap();
    let used = Used::of("reindex");
    let asked = stage.discord.use_command(&used).unwrap();
    let shown = stage.discord.wait_for_shown(1);
    assert!(shown[0].only_to_asker, "{shown:#?}");
    for part in [asked.to_string().as_str(), "找不到笔记文件夹"] {
        assert_shows(&shown[0], part);
    }
    stage.bot.wait_for_log(&format!("event={asked}"));
    // The turn is free again.
    fs::rename(stage.world.path("away"), stage.world.notes()).unwrap();
    assert_shows(&answer(&stage, &used, 2), "没有改动");
    stage.bot.end();
}

#[cfg(unix)]
#[test]
fn a_reindex_that_takes_long_is_promised_privately_and_a_second_one_is_told_so() {
    let stage = stage(|_| {});
    let pipe = super::stall::held_up(&stage.world);
    let first = stage.discord.use_command(&Used::of("reindex")).unwrap();
    stage.discord.wait_for_answered(route::CALLBACK, 1);
    let promised = stage.discord.shown();
    assert!(promised[0].loading && promised[0].only_to_asker, "{promised:#?}");
    let second = stage.discord.use_command(&Used::of("reindex").by(BORIS, MANAGE_GUILD, &[])).unwrap();
    let told = stage.discord.wait_for_shown(1);
    assert_eq!((told[0].answers, told[0].only_to_asker), (Some(second), true), "{told:#?}");
    assert_shows(&told[0], "已经有人在做这件事了");
    let (_, text) = stage.still_answers(2);
    assert_eq!(text, NEXT_ANSWER);
    fs::write(&pipe, "").unwrap();
    let shown = stage.discord.wait_for_shown(3);
    let report = shown.iter().find(|shown| shown.answers == Some(first)).unwrap();
    assert!(report.only_to_asker && report.text().contains("2 篇笔记"), "{report:#?}");
    stage.bot.end();
}

/// A server that anybody may have made, to add the bot to it.
const OTHER_SERVER: Id = 1_310_000_000_000_009_999;

#[test]
fn on_two_servers_nobody_is_an_instructor_until_the_settings_name_theirs() {
    const ID: &str = "discord.servers";
    let stage = stage(|_| {});
    stage.discord.add_to(OTHER_SERVER);
    let asked = stage.discord.say(Said::mention(QUESTION));
    assert_eq!(stage.discord.wait_for_shown(1)[0].answers, Some(asked), "questions are answered all the same");
    for (number, name) in COMMANDS.into_iter().enumerate() {
        let told = answer(&stage, &Used::of(name), number + 2).text();
        assert!(told.contains(ID) && told.contains(&GUILD.to_string()), "{told}");
    }
    // Who would be none there is not told how it is set.
    let told = answer(&stage, &Used::of("status").by(BORIS, STUDENT, &[]).forged(), 5);
    assert_shows(&told, REFUSED);
    // Whoever is left alone on it for a while gains nothing by that.
    stage.discord.remove_from(OTHER_SERVER);
    stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(6);
    assert_shows(&answer(&stage, &Used::of("status"), 7), ID);
    stage.bot.end();
}

#[test]
fn a_server_that_is_named_has_its_instructors_whatever_others_there_are() {
    let stage = stage(|command| {
        command.env("KEWEN_DISCORD__SERVERS", GUILD.to_string());
    });
    stage.discord.add_to(OTHER_SERVER);
    assert_shows(&answer(&stage, &Used::of("status"), 1), "索引");
    stage.bot.end();
}

#[test]
fn a_server_that_is_not_named_is_not_answered() {
    let stage = stage(|command| {
        command.env("KEWEN_DISCORD__SERVERS", OTHER_SERVER.to_string());
    });
    stage.discord.say(Said::mention(QUESTION));
    stage.bot.wait_for_log("discord.servers does not name");
    let asked = stage.discord.say(Said::direct(QUESTION));
    assert_eq!(stage.discord.wait_for_shown(1)[0].answers, Some(asked), "a direct message is none of a server");
    stage.discord.ask(QUESTION);
    let shown = stage.discord.wait_for_shown(2).remove(1);
    assert!(shown.only_to_asker && shown.text().contains("discord.servers"), "{shown:#?}");
    assert!(stage.discord.type_in("kube").is_empty());
    assert!(!answer(&stage, &Used::of("status"), 3).text().contains("索引建"));
    stage.bot.end();
}
