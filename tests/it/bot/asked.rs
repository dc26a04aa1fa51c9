//! Who is answered, and who is not.

use super::{ANSWER, HINT, NOTES, QUESTION, Stage, assert_shows, check};
use crate::discord::{BORIS, BOT, DIRECT, Discord, GENERAL, OTHER_BOT, Said, WEBHOOK, kind, route};

#[test]
fn a_question_is_answered_with_one_reply_where_it_was_asked() {
    let stage = Stage::new();
    let asked = stage.discord.say(Said::mention(QUESTION));
    let shown = stage.discord.wait_for_shown(1);
    assert!(shown[0].embeds[0]["title"].as_str().unwrap().contains("kube-proxy"), "{shown:#?}");
    let asked_alone = stage.discord.say(Said::direct(QUESTION));
    let shown = stage.discord.wait_for_shown(2);
    assert_eq!((shown[0].channel, shown[1].channel), (GENERAL, DIRECT));
    stage.end_with(&[(asked, ANSWER), (asked_alone, ANSWER)]);
}

#[test]
fn a_mention_counts_in_both_forms_and_anywhere_in_the_text() {
    check(&[
        (Said::aloud(&format!("<@!{BOT}> {QUESTION}")), ANSWER),
        (Said::aloud(&format!("{QUESTION} <@{BOT}>")), ANSWER),
        (Said::aloud(&format!("请问 <@{BOT}> {QUESTION}")), ANSWER),
        (Said::aloud(&format!("<@{BORIS}> <@{BOT}>{QUESTION}")), ANSWER),
    ]);
}

#[test]
fn a_direct_message_is_answered_with_and_without_a_mention() {
    check(&[(Said::direct(QUESTION), ANSWER), (Said::direct(&format!("<@{BOT}> {QUESTION}")), ANSWER)]);
}

#[test]
fn a_reply_to_the_bot_that_pings_it_is_answered() {
    let stage = Stage::new();
    let first = stage.discord.bot_has_said("问吧");
    let asked = stage.discord.say(Said::aloud(QUESTION).replying_to(first));
    stage.discord.wait_for_shown(2);
    stage.bot.end();
    let answered: Vec<_> = stage.discord.shown().into_iter().map(|shown| shown.answers).collect();
    assert_eq!(answered, [None, Some(asked)]);
}

#[test]
fn what_is_not_for_the_bot_is_ignored() {
    check(&[
        (Said::mention(QUESTION).by(OTHER_BOT), ""),
        (Said::mention(QUESTION).by(WEBHOOK), ""),
        (Said::mention(QUESTION).of_kind(kind::JOIN), ""),
        (Said::direct(QUESTION).of_kind(kind::CALL), ""),
        (Said::aloud(QUESTION), ""),
        (Said::aloud(&format!("<@{BORIS}> {QUESTION}")), ""),
        (Said::aloud(&format!("@everyone {QUESTION}")), ""),
        (Said::aloud(&format!("@kewen {QUESTION}")), ""),
        (Said::mention(QUESTION), ANSWER),
    ]);
}

#[test]
fn the_bot_does_not_answer_itself() {
    let stage = Stage::new();
    stage.discord.say(Said::mention(QUESTION).by(BOT));
    stage.discord.say(Said::direct(QUESTION).by(BOT));
    stage.still_answers(3);
    stage.bot.end();
    assert_eq!(stage.discord.requests(route::POST).len(), 1);
}

#[test]
fn a_mention_without_a_question_gets_a_hint() {
    check(&[
        (Said::mention(""), HINT),
        (Said::aloud(&format!("<@{BOT}><@!{BOT}> \n")), HINT),
        (Said::direct(""), "Write a question"),
        // What cannot be seen is no question either.
        (Said::mention("\u{200B}\u{FEFF}"), HINT),
    ]);
}

#[test]
fn what_the_notes_do_not_say_is_told_in_words() {
    check(&[(Said::mention("今天晚上吃火锅还是烧烤"), "The notes do not say")]);
}

#[test]
fn questions_of_all_scripts_are_answered() {
    check(&[
        (Said::mention("Wofür ist kube-proxy? Größe, Öl, Straße, ÄÖÜ"), "kube-proxy"),
        (Said::mention("kube\u{200B}-proxy\u{FEFF} 是\u{200D}干啥用的"), ANSWER),
        (Said::mention("\u{202E}kube-proxy\u{202C} \u{200F}是干啥用的"), ANSWER),
        (Said::mention("ما هو kube-proxy؟"), "kube-proxy"),
    ]);
}

#[test]
fn questions_that_come_at_once_are_all_answered() {
    let stage = Stage::new();
    let asked: Vec<_> = (0..40).map(|_| stage.discord.say(Said::mention(QUESTION))).collect();
    stage.discord.wait_for_shown(asked.len());
    stage.bot.end();
    let mut answered: Vec<_> = stage.discord.shown().into_iter().filter_map(|shown| shown.answers).collect();
    answered.sort_unstable();
    assert_eq!(answered, asked);
    stage.discord.shown().iter().for_each(|shown| assert_shows(shown, ANSWER));
}

#[test]
fn a_question_right_behind_the_first_session_is_answered() {
    let discord = Discord::open();
    (0..3).for_each(|_| discord.say_behind_ready(Said::mention(QUESTION)));
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_for_shown(3);
    stage.discord.wait_until_ready(1);
    stage.bot.end();
    assert_eq!(stage.discord.wait_for_answered(route::POST, 3).len(), 3);
}
