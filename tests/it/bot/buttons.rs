//! Buttons below answers: whoever presses them, after a restart, after the notes have changed, and made up.

use std::fs;

use serde_json::json;

use super::{Stage, assert_shows};
use crate::discord::{ALICE, BORIS, Bot, Discord, Fault, GENERAL, Said, Shown, route};
use crate::world::World;

const NOTES: &[(&str, &str)] = &[
    (
        "pod.md",
        "# Pod\n\n## Pod 的重启\n\n容器退出后，kubelet 按重启策略重启 Pod 里的容器。\n\n### 退避\n\n反复重启时，等待的时间一次比一次长。\n\n```sh\nkubectl get pod -w\n```\n",
    ),
    ("b.md", "# 工作负载\n\n## 重启 Deployment\n\n用 kubectl rollout restart 重启一个 Deployment 的全部 Pod。\n"),
    ("c.md", "# 节点\n\n## 节点重启\n\n节点重启之后，上面的 Pod 会被重新拉起。\n"),
];
const QUESTION: &str = "Pod 怎么重启";
const UNKNOWN: &str = "karmada 的重启策略是 @everyone 谁定的";

fn stage() -> Stage {
    let world = World::new(NOTES);
    fs::create_dir(world.path("log")).unwrap();
    let discord = Discord::open();
    let bot = start(&world, &discord);
    discord.wait_until_ready(1);
    Stage { world, discord, bot }
}

fn start(world: &World, discord: &Discord) -> Bot {
    Bot::start_with(world, discord, |command| {
        command.env("KEWEN_LINKS__BASE_URL", "https://example.org/notes");
        command.env("KEWEN_DISCORD__INSTRUCTOR_CHANNEL", GENERAL.to_string());
    })
}

/// Alice asks; gives the answer as it is shown.
#[track_caller]
fn asked(stage: &Stage, question: &str) -> Shown {
    let before = stage.discord.shown().len();
    stage.discord.say(Said::mention(question));
    stage.discord.wait_for_shown(before + 1).last().unwrap().clone()
}

/// Waits until the bot has answered `count` presses and commands, and gives all of its messages.
#[track_caller]
fn after(stage: &Stage, count: usize) -> Vec<Shown> {
    stage.discord.wait_for_answered(route::CALLBACK, count);
    stage.discord.shown()
}

fn headings(shown: &Shown) -> String {
    shown.embeds[0]["title"].as_str().unwrap().to_owned()
}

#[test]
fn the_asker_leafs_through_the_hits_in_the_message_itself() {
    let stage = stage();
    let first = asked(&stage, QUESTION);
    assert_eq!(first.button("Previous")["disabled"], true, "{first:#?}");
    stage.discord.press(&first, "Next", ALICE);
    let shown = after(&stage, 1);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert_ne!(headings(&shown[0]), headings(&first));
    // Alice has set her Discord to Chinese; the others in the channel read the bot's English.
    assert_shows(&shown[0], "2 of 3");
    stage.discord.press(&shown[0], "Next", ALICE);
    let last = after(&stage, 2)[0].clone();
    assert_eq!(last.button("Next")["disabled"], true, "{last:#?}");
    stage.discord.press(&last, "Previous", ALICE);
    stage.discord.press(&after(&stage, 3)[0], "Previous", ALICE);
    let back = after(&stage, 4)[0].clone();
    assert_eq!((headings(&back), back.embeds.len()), (headings(&first), first.embeds.len()));
    assert!(back.text().contains("重启策略"), "{back:#?}");
    stage.bot.end();
}

#[test]
fn another_member_gets_a_copy_that_nobody_else_sees() {
    let stage = stage();
    let first = asked(&stage, QUESTION);
    stage.discord.press(&first, "Next", BORIS);
    let shown = after(&stage, 1);
    assert_eq!((shown.len(), headings(&shown[0])), (2, headings(&first)), "Alice's message is as it was");
    assert!(shown[1].only_to_asker, "{shown:#?}");
    assert!(shown[1].content.starts_with(&format!("> {QUESTION}")), "without the mention of the bot: {shown:#?}");
    stage.discord.press(&shown[1], "下一条", BORIS);
    let shown = after(&stage, 2);
    assert_eq!(shown.len(), 2, "the copy is leafed through in place");
    assert_shows(&shown[1], "第 3 条，共 3 条");
    stage.bot.end();
}

#[test]
fn a_whole_section_is_shown_to_who_wants_it_with_all_below() {
    let stage = stage();
    let first = asked(&stage, QUESTION);
    stage.discord.press(&first, "Whole section", BORIS);
    let shown = after(&stage, 1);
    assert!(shown.len() == 2 && shown[1].only_to_asker, "{shown:#?}");
    for text in ["重启策略", "退避", "一次比一次长", "kubectl get pod -w"] {
        assert_shows(&shown[1], text);
    }
    let address = shown[1].button("打开笔记")["url"].as_str().unwrap();
    assert!(address.starts_with("https://example.org/notes/pod.md#pod-"), "{address}");
    stage.bot.end();
}

#[test]
fn pages_of_a_long_section_follow_each_other_in_one_message() {
    let world = World::new(&[]);
    let lines: String = (0..120).map(|number| format!("- 第 {number} 条规则说的是转发。\n")).collect();
    world.write("notes/long.md", format!("# 规则\n\n## 转发规则\n\n{lines}"));
    let discord = Discord::open();
    let bot = start(&world, &discord);
    discord.wait_until_ready(1);
    let stage = Stage { world, discord, bot };
    let first = asked(&stage, "转发规则");
    stage.discord.press(&first, "Whole section", ALICE);
    let shown = after(&stage, 1);
    assert_shows(&shown[1], "第 1 页，共");
    assert!(shown[1].text().contains("第 0 条规则") && !shown[1].text().contains("第 119 条规则"), "{shown:#?}");
    let mut count = 1;
    let mut seen = String::new();
    loop {
        let page = stage.discord.shown()[1].clone();
        seen += &page.text();
        if page.button("下一页")["disabled"] == true {
            break;
        }
        stage.discord.press(&page, "下一页", ALICE);
        count += 1;
        assert_eq!(after(&stage, count).len(), 2, "a page takes the place of the one before");
    }
    assert!((0..120).all(|number| seen.contains(&format!("第 {number} 条规则"))), "{seen}");
    stage.bot.end();
}

#[test]
fn opinions_go_into_the_log_and_the_last_one_of_a_member_holds() {
    let stage = stage();
    let first = asked(&stage, QUESTION);
    // One after the other: presses of one moment may be answered in any order.
    for (count, (label, by)) in
        [("Useful", ALICE), ("Not useful", BORIS), ("Not useful", ALICE)].into_iter().enumerate()
    {
        stage.discord.press(&first, label, by);
        after(&stage, count + 1);
    }
    let shown = after(&stage, 3);
    assert!(shown[1..].iter().all(|shown| shown.only_to_asker), "{shown:#?}");
    let Stage { world, discord, bot } = stage;
    bot.end();
    let gaps = crate::world::json(&world.kewen(&["gaps", "--format", "json"]).stdout);
    let [cluster] = gaps["clusters"].as_array().unwrap().as_slice() else { panic!("{gaps:#}") };
    assert_eq!((&cluster["not_useful"], &cluster["advice"]), (&json!(1), &json!("curated_answer")), "{gaps:#}");
    drop(discord);
}

#[test]
fn buttons_work_after_a_restart() {
    let stage = stage();
    let first = asked(&stage, QUESTION);
    let Stage { world, discord, bot } = stage;
    bot.end();
    let bot = start(&world, &discord);
    discord.wait_until_ready(2);
    let stage = Stage { world, discord, bot };
    stage.discord.press(&first, "Next", ALICE);
    let shown = after(&stage, 1);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert_shows(&shown[0], "2 of 3");
    assert!(shown[0].embeds[0]["description"].as_str().unwrap().contains("**"), "what was asked for is still marked");
    stage.bot.end();
}

#[test]
fn buttons_show_the_notes_as_they_are_after_a_reindex_or_say_that_they_have_grown_old() {
    let stage = stage();
    let first = asked(&stage, QUESTION);
    stage.world.write("notes/pod.md", NOTES[0].1.replace("按重启策略重启", "总是马上重启"));
    stage.world.build();
    stage.discord.press(&first, "Whole section", ALICE);
    assert_shows(&after(&stage, 1)[1], "总是马上重启");
    for name in ["pod.md", "b.md", "c.md"] {
        fs::remove_file(stage.world.path(&format!("notes/{name}"))).unwrap();
    }
    stage.world.write("notes/other.md", "# 别的\n\n说的是别的。\n");
    stage.world.build();
    for (number, label) in ["Next", "Whole section"].into_iter().enumerate() {
        stage.discord.press(&first, label, ALICE);
        let shown = after(&stage, 2 + number);
        let told = shown.last().unwrap();
        assert!(told.only_to_asker, "{shown:#?}");
        assert_shows(told, "这条回答旧了");
    }
    stage.bot.end();
}

#[test]
fn a_made_up_or_tampered_button_is_told_to_be_old_and_nothing_else_happens() {
    let stage = stage();
    let first = asked(&stage, QUESTION);
    let id = first.button("Next")["custom_id"].as_str().unwrap().to_owned();
    let mut tampered: Vec<char> = id.chars().collect();
    tampered[6] = if tampered[6] == 'A' { 'B' } else { 'A' };
    let ids = [tampered.into_iter().collect(), String::new(), "k2".to_owned(), "k2!!".to_owned(), "x".repeat(100)];
    for (number, id) in ids.iter().enumerate() {
        stage.discord.press_id(first.id, id, BORIS);
        let shown = after(&stage, number + 1);
        assert!(shown.last().unwrap().only_to_asker, "{shown:#?}");
        assert_shows(shown.last().unwrap(), "这条回答旧了");
    }
    assert_eq!(headings(&stage.discord.shown()[0]), headings(&first));
    stage.bot.end();
}

#[test]
fn what_is_not_found_offers_the_nearest_headings_and_the_instructors_once() {
    let stage = stage();
    let nothing = asked(&stage, UNKNOWN);
    let near = nothing.buttons[0]["label"].as_str().unwrap().to_owned();
    stage.discord.press(&nothing, &near, ALICE);
    let shown = after(&stage, 1);
    assert!(shown[1].only_to_asker && shown[1].text().contains(&near), "{shown:#?}");
    stage.discord.press(&nothing, "Ask an instructor", ALICE);
    assert!(handed_on(&after(&stage, 2)[0]), "in the language of the message, for all who see it");
    // Boris's client shows the message as it was.
    stage.discord.press(&nothing, "Ask an instructor", BORIS);
    assert!(handed_on(&after(&stage, 3)[0]));
    let [post] = &posts_to_instructors(&stage)[..] else { panic!("{:#?}", posts_to_instructors(&stage)) };
    assert!(post.contains(&format!("alice (<@{ALICE}>) asked")) && post.contains("karmada"), "{post}");
    assert_eq!(stage.discord.shown()[0].embeds, nothing.embeds, "the rest of the message is as it was");
    stage.bot.end();
}

/// Whether the message says that its question was handed on, and it cannot be pressed again.
#[track_caller]
fn handed_on(shown: &Shown) -> bool {
    shown.button("Handed to the instructors")["disabled"] == true
}

/// What was posted in the instructors' channel, and is no answer.
fn posts_to_instructors(stage: &Stage) -> Vec<String> {
    let posts = stage.discord.requests(route::POST).into_iter().map(|post| post.body);
    let posts = posts.filter(|body| body["message_reference"].is_null());
    posts.map(|body| body["content"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_question_is_handed_on_once_across_restarts_and_whoever_sees_it() {
    let stage = stage();
    let nothing = asked(&stage, UNKNOWN);
    stage.discord.press(&nothing, "Ask an instructor", ALICE);
    after(&stage, 1);
    // For a private answer as well.
    stage.discord.ask_privately(UNKNOWN);
    let private = stage.discord.wait_for_shown(3).last().unwrap().clone();
    assert!(private.only_to_asker, "{private:#?}");
    stage.discord.press(&private, "转给老师", ALICE);
    after(&stage, 3);
    let Stage { world, discord, bot } = stage;
    bot.end();
    let bot = start(&world, &discord);
    discord.wait_until_ready(2);
    let stage = Stage { world, discord, bot };
    // From clients that show the messages as they were. Discord may have forgotten the nonce, but not what a message looks like:
    // there must not even be a try.
    for (count, (shown, label)) in [(&nothing, "Ask an instructor"), (&private, "转给老师")].into_iter().enumerate()
    {
        stage.discord.press(shown, label, ALICE);
        after(&stage, 4 + count);
    }
    assert_eq!(posts_to_instructors(&stage).len(), 2, "one for each question");
    let shown = stage.discord.shown();
    assert!(handed_on(&shown[0]), "{shown:#?}");
    assert_eq!(shown.iter().find(|shown| shown.id == private.id).unwrap().button("已转给老师")["disabled"], true);
    stage.bot.end();
}

#[test]
fn what_cannot_be_handed_on_is_said_on_the_button_and_may_be_tried_again() {
    let stage = stage();
    let nothing = asked(&stage, UNKNOWN);
    stage.discord.fault(route::POST, Fault::Status(403));
    stage.discord.press(&nothing, "Ask an instructor", ALICE);
    let failed = after(&stage, 1)[0].clone();
    assert_ne!(failed.button("Not handed on")["disabled"], true, "{failed:#?}");
    stage.discord.press(&failed, "Not handed on", ALICE);
    assert!(handed_on(&after(&stage, 2)[0]));
    stage.bot.end();
}

#[test]
fn a_press_is_acknowledged_in_time_when_the_instructors_channel_is_slow() {
    let stage = stage();
    let nothing = asked(&stage, UNKNOWN);
    stage.discord.fault(route::POST, Fault::Hold);
    stage.discord.press(&nothing, "Ask an instructor", ALICE);
    after(&stage, 1);
    assert_eq!(stage.discord.shown()[0].buttons, nothing.buttons, "nothing is said before it is known");
    stage.discord.release();
    stage.discord.wait_for_answered(route::EDIT_ANSWER, 1);
    assert!(handed_on(&stage.discord.shown()[0]));
    stage.bot.end();
}

#[test]
fn an_answer_to_a_command_has_the_same_buttons() {
    let stage = stage();
    stage.discord.ask(QUESTION);
    let first = stage.discord.wait_for_shown(1)[0].clone();
    stage.discord.press(&first, "下一条", ALICE);
    let shown = after(&stage, 2);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert_shows(&shown[0], "第 2 条，共 3 条");
    assert!(shown[0].content.starts_with("> Pod"), "the question stays above it: {shown:#?}");
    stage.bot.end();
}

#[test]
fn who_presses_without_end_is_told_to_wait_and_may_still_ask() {
    let world = World::new(NOTES);
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_DISCORD__LIMITS__MEMBER", "2");
    });
    discord.wait_until_ready(1);
    let stage = Stage { world, discord, bot };
    let first = asked(&stage, QUESTION);
    for press in 1..=13 {
        stage.discord.press(&first, "Whole section", ALICE);
        after(&stage, press);
    }
    let shown = stage.discord.shown();
    assert_eq!(shown.iter().filter(|shown| shown.text().contains("按得太快了")).count(), 1, "{shown:#?}");
    assert_shows(shown.last().unwrap(), "按得太快了");
    assert_shows(&asked(&stage, "节点重启"), "重新拉起");
    stage.bot.end();
}

/// Presses while a search waits, and what Discord is told in time and later.
#[cfg(unix)]
mod late {
    use super::super::stall::Stall;
    use super::*;

    /// The types of the first answers to presses.
    fn acknowledgements(discord: &Discord) -> Vec<u64> {
        discord.requests(route::CALLBACK).iter().map(|request| request.body["type"].as_u64().unwrap()).collect()
    }

    #[test]
    fn a_slow_press_of_the_asker_changes_the_message_later() {
        let stage = stage();
        let first = asked(&stage, QUESTION);
        let stall = Stall::set(&stage.world);
        stage.discord.press(&first, "Next", ALICE);
        after(&stage, 1);
        assert_eq!(headings(&stage.discord.shown()[0]), headings(&first));
        stall.release();
        stage.discord.wait_for_answered(route::EDIT_ANSWER, 1);
        let shown = stage.discord.shown();
        assert_eq!((shown.len(), acknowledgements(&stage.discord)), (1, vec![6]), "{shown:#?}");
        assert_shows(&shown[0], "2 of 3");
        stage.bot.end();
    }

    #[test]
    fn a_slow_press_of_another_is_promised_to_them_alone() {
        let stage = stage();
        let first = asked(&stage, QUESTION);
        for (number, label) in ["Next", "Whole section"].into_iter().enumerate() {
            let stall = Stall::set(&stage.world);
            stage.discord.press(&first, label, BORIS);
            let promised = after(&stage, number + 1).remove(number + 1);
            assert!(promised.loading && promised.only_to_asker, "{promised:#?}");
            stall.release();
            stage.discord.wait_for_answered(route::EDIT_ANSWER, number + 1);
            let shown = stage.discord.shown().remove(number + 1);
            assert!(shown.only_to_asker && shown.content.starts_with("> Pod"), "{shown:#?}");
            assert!(!shown.loading && !shown.embeds.is_empty(), "{shown:#?}");
        }
        assert_eq!(acknowledgements(&stage.discord), [5, 5]);
        stage.bot.end();
    }

    #[test]
    fn a_slow_press_for_what_has_gone_is_told_beside_the_message() {
        let stage = stage();
        let first = asked(&stage, QUESTION);
        for name in ["pod.md", "b.md", "c.md"] {
            fs::remove_file(stage.world.path(&format!("notes/{name}"))).unwrap();
        }
        stage.world.write("notes/other.md", "# 别的\n\n说的是别的。\n");
        stage.world.build();
        let stall = Stall::set(&stage.world);
        stage.discord.press(&first, "Next", ALICE);
        after(&stage, 1);
        stall.release();
        stage.discord.wait_for_answered(route::FOLLOW_UP, 1);
        let shown = stage.discord.shown();
        assert_eq!((shown.len(), headings(&shown[0])), (2, headings(&first)), "the message stays");
        assert!(shown[1].only_to_asker && shown[1].text().contains("这条回答旧了"), "{shown:#?}");
        stage.bot.end();
    }

    #[test]
    fn forgetting_that_takes_long_is_promised() {
        let stage = stage();
        asked(&stage, QUESTION);
        // Another program writes the log.
        let files = fs::read_dir(stage.world.path("log")).unwrap().map(|file| file.unwrap().path());
        let log = files.into_iter().find(|file| file.extension().is_some_and(|kind| kind == "sqlite")).unwrap();
        let other = rusqlite::Connection::open(log).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        stage.discord.command("forget");
        after(&stage, 1);
        assert!(stage.discord.shown()[1].loading && stage.discord.shown()[1].only_to_asker);
        other.execute_batch("ROLLBACK").unwrap();
        stage.discord.wait_for_answered(route::EDIT_ANSWER, 1);
        assert_shows(&stage.discord.shown()[1], "1");
        stage.bot.end();
    }
}

#[test]
fn buttons_on_a_server_that_is_not_served_any_more_do_nothing() {
    let stage = stage();
    let nothing = asked(&stage, UNKNOWN);
    let Stage { world, discord, bot } = stage;
    bot.end();
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_DISCORD__INSTRUCTOR_CHANNEL", GENERAL.to_string());
        command.env("KEWEN_DISCORD__SERVERS", "1310000000000009999");
    });
    discord.wait_until_ready(2);
    let stage = Stage { world, discord, bot };
    stage.discord.press(&nothing, "Ask an instructor", BORIS);
    let shown = after(&stage, 1);
    assert!(shown[1].only_to_asker && shown[1].text().contains("这条回答旧了"), "{shown:#?}");
    assert_eq!(posts_to_instructors(&stage).len(), 0);
    stage.bot.end();
}

#[test]
fn who_presses_while_a_question_is_handed_on_is_told_so() {
    let stage = stage();
    let nothing = asked(&stage, UNKNOWN);
    stage.discord.fault(route::POST, Fault::Hold);
    stage.discord.press(&nothing, "Ask an instructor", ALICE);
    after(&stage, 1);
    stage.discord.press(&nothing, "Ask an instructor", BORIS);
    let told = after(&stage, 2).pop().unwrap();
    assert!(told.only_to_asker && told.text().contains("已经有人在做这件事了"), "{told:#?}");
    stage.discord.release();
    stage.discord.wait_for_answered(route::EDIT_ANSWER, 1);
    assert!(handed_on(&stage.discord.shown()[0]));
    stage.bot.end();
}

#[test]
fn what_is_only_near_can_be_handed_on_too() {
    let stage = stage();
    let near = asked(&stage, "Pod 重启 监控报警");
    stage.discord.press(&near, "Next", ALICE);
    let next = after(&stage, 1).remove(0);
    stage.discord.press(&next, "Ask an instructor", ALICE);
    assert!(handed_on(&after(&stage, 2)[0]), "{:#?}", stage.discord.shown());
    let sure = asked(&stage, QUESTION);
    assert!(!format!("{:?}", sure.buttons).contains("Ask an instructor"), "{sure:#?}");
    stage.bot.end();
}
