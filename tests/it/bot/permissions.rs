//! Each permission that the bot may lack in a channel: it answers in the next best way, says so once in its log, and posts nothing
//! where it may not speak.

#![cfg(unix)]

use super::{ANSWER, NEXT_ANSWER, NEXT_QUESTION, QUESTION, Stage, assert_shows};
use crate::discord::{DIRECT, GENERAL, Id, Request, Said, Shown, THREAD, permission, route};

/// Asks twice in a channel where the bot lacks a permission, and gives what it said, the requests to post it, and its log.
#[track_caller]
fn check(channel: Id, denied: u64, prepare: impl FnOnce(&Stage)) -> (Vec<Shown>, Vec<Request>, String) {
    let stage = Stage::new();
    stage.discord.deny(channel, denied);
    prepare(&stage);
    let first = stage.discord.say(Said::mention(QUESTION).in_channel(channel));
    stage.bot.wait_for_log(&format!("event={first}"));
    let second = stage.discord.say(Said::mention(NEXT_QUESTION).in_channel(channel));
    stage.bot.wait_for_log(&format!("event={second}"));
    let Stage { discord, bot, .. } = stage;
    // What is on its way goes out before the end.
    bot.signal("TERM");
    let log = bot.exit().log;
    (discord.shown(), discord.requests(route::POST), log)
}

/// How often the bot was refused.
fn refusals(requests: &[Request]) -> usize {
    requests.iter().filter(|request| request.status == Some(403)).count()
}

#[track_caller]
fn assert_answers(shown: &[Shown], channel: Id) {
    let here: Vec<&Shown> = shown.iter().filter(|shown| shown.channel == channel).collect();
    assert!(here.len() >= 2, "{shown:#?}");
    assert_shows(here[0], ANSWER);
    assert_shows(here[1], NEXT_ANSWER);
}

#[test]
fn without_embed_links_the_answer_is_plain_text() {
    let (shown, requests, log) = check(GENERAL, permission::EMBED_LINKS, |_| {});
    assert_answers(&shown, GENERAL);
    assert!(shown.iter().all(|shown| shown.embeds.is_empty() && shown.answers.is_some()), "{shown:#?}");
    for part in ["网络 › kube-proxy 是干啥用的？", "b.md · line"] {
        assert!(shown[0].text().contains(part), "{part:?} is not in {:#?}", shown[0]);
    }
    assert_eq!(refusals(&requests), 1, "the channel is remembered. {requests:#?}");
    assert_eq!(log.matches("Embed Links is missing").count(), 1, "{log}");
}

#[test]
fn without_read_message_history_the_answer_is_no_reply() {
    let (shown, requests, log) = check(GENERAL, permission::READ_MESSAGE_HISTORY, |_| {});
    assert_answers(&shown, GENERAL);
    assert!(shown.iter().all(|shown| !shown.embeds.is_empty() && shown.answers.is_none()), "{shown:#?}");
    assert_eq!(refusals(&requests), 1, "{requests:#?}");
    assert_eq!(log.matches("Read Message History is missing").count(), 1, "{log}");
}

#[test]
fn without_both_the_answer_is_plain_text_and_no_reply() {
    let (shown, _, _) = check(GENERAL, permission::EMBED_LINKS | permission::READ_MESSAGE_HISTORY, |_| {});
    assert_answers(&shown, GENERAL);
    assert!(shown.iter().all(|shown| shown.embeds.is_empty() && shown.answers.is_none()), "{shown:#?}");
}

/// The bot says nothing in the channel, and the asker gets the answers as direct messages.
#[track_caller]
fn check_whispered(channel: Id, denied: u64) {
    let (shown, requests, log) = check(channel, denied, |_| {});
    assert!(shown.iter().all(|shown| shown.channel == DIRECT), "{shown:#?}");
    assert_answers(&shown, DIRECT);
    assert!(shown[0].content.contains(&format!("<#{channel}>")), "{shown:#?}");
    assert_eq!(refusals(&requests), 2, "with boxes and without, and never again. {requests:#?}");
    assert_eq!(log.matches("gets a direct message").count(), 1, "{log}");
}

#[test]
fn without_send_messages_the_asker_gets_a_direct_message() {
    check_whispered(GENERAL, permission::SEND_MESSAGES);
}

#[test]
fn without_send_messages_in_threads_the_asker_gets_a_direct_message() {
    check_whispered(THREAD, permission::SEND_MESSAGES_IN_THREADS);
}

#[test]
fn who_takes_no_direct_messages_gets_silence() {
    let (shown, requests, log) =
        check(GENERAL, permission::SEND_MESSAGES, |stage| stage.discord.close_direct_messages());
    assert!(shown.is_empty(), "{shown:#?}");
    assert!(requests.iter().all(|request| request.status == Some(403)), "{requests:#?}");
    assert_eq!(log.matches("gets a direct message").count(), 1, "{log}");
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn a_channel_that_the_bot_cannot_see_is_answered_by_command_only() {
    let stage = Stage::new();
    stage.discord.deny(GENERAL, permission::VIEW_CHANNEL);
    stage.discord.say(Said::mention(QUESTION));
    let asked = stage.discord.ask(QUESTION);
    stage.discord.wait_for_shown(1);
    assert!(stage.discord.requests(route::POST).is_empty());
    stage.end_with(&[(asked, ANSWER)]);
}

#[test]
fn a_channel_that_is_hidden_while_the_bot_answers_leads_to_a_direct_message() {
    let stage = Stage::new();
    // The question was heard; the permission goes before the answer comes.
    stage.discord.fault(route::POST, crate::discord::Fault::Status(500));
    stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_requests(route::POST, 1);
    stage.discord.deny(GENERAL, permission::VIEW_CHANNEL);
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!(shown[0].channel, DIRECT);
    assert_shows(&shown[0], ANSWER);
    assert_eq!(stage.discord.requests(route::OPEN_DIRECT).len(), 1);
    stage.bot.end();
}

#[test]
fn a_thread_that_is_locked_leads_to_a_direct_message_and_is_tried_again_later() {
    const LOCKED: u32 = 160_005;
    let stage = Stage::new();
    stage.discord.fault(route::POST, crate::discord::Fault::Refused(400, LOCKED));
    stage.discord.say(Said::mention(QUESTION).in_channel(THREAD));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!(shown[0].channel, DIRECT);
    assert_shows(&shown[0], ANSWER);
    stage.bot.wait_for_log("160005");
    stage.discord.say(Said::mention(NEXT_QUESTION).in_channel(THREAD));
    assert_eq!(stage.discord.wait_for_shown(2)[1].channel, THREAD);
    stage.bot.end();
}
