//! The gateway's connection breaks in all its ways: nothing is lost, and nothing is answered twice.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{ANSWER, NOTES, QUESTION, Stage};
use crate::discord::{Discord, Gateway, Heard, Said, close, route};

/// The connection breaks and a question comes before the bot is back: it resumes and answers once.
#[track_caller]
fn check_resumed(breaks: impl FnOnce(&mut Gateway)) {
    let stage = Stage::new();
    stage.discord.gateway(breaks);
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_until_resumed(1);
    stage.discord.wait_for_shown(1);
    let next = stage.still_answers(2);
    assert_eq!(stage.discord.heard().iter().filter(|heard| heard.is_identify()).count(), 1);
    stage.end_with(&[(asked, ANSWER), next]);
}

/// The session is lost: the bot begins a new one, answers there, and registers nothing again.
#[track_caller]
fn check_begun_anew(breaks: impl FnOnce(&mut Gateway)) {
    let stage = Stage::new();
    stage.discord.gateway(breaks);
    stage.discord.wait_until_ready(2);
    let next = stage.still_answers(1);
    assert_eq!(stage.discord.requests(route::COMMANDS).len(), 1);
    stage.end_with(&[next]);
}

#[test]
fn being_asked_to_reconnect_resumes() {
    check_resumed(|gateway| gateway.ask_to_reconnect());
}

#[test]
fn a_resumable_invalid_session_resumes() {
    check_resumed(|gateway| gateway.invalidate(true));
}

#[test]
fn a_close_for_an_unknown_error_resumes() {
    check_resumed(|gateway| gateway.close_all(close::UNKNOWN_ERROR));
}

#[test]
fn a_server_that_goes_away_resumes() {
    check_resumed(|gateway| gateway.close_all(close::GOING_AWAY));
}

#[test]
fn a_connection_that_breaks_without_a_word_resumes() {
    check_resumed(|gateway| gateway.cut_all());
}

#[test]
fn an_invalid_session_begins_anew_and_registers_nothing_again() {
    check_begun_anew(|gateway| gateway.invalidate(false));
}

#[test]
fn a_session_that_timed_out_begins_anew() {
    check_begun_anew(|gateway| gateway.close_all(close::SESSION_TIMED_OUT));
}

#[test]
fn a_connection_that_acknowledges_nothing_is_left() {
    let discord = Discord::open();
    discord.gateway(|gateway| gateway.heartbeat_ms = 300);
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_until_ready(1);
    stage.discord.gateway(|gateway| gateway.acknowledges = false);
    let again = |heard: &Heard| heard.connection > 0 && (heard.is_identify() || heard.is_resume());
    stage.discord.wait_for_heard("another connection", again);
    stage.discord.gateway(|gateway| gateway.acknowledges = true);
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
}

#[test]
fn a_heartbeat_that_is_demanded_comes_at_once() {
    let stage = Stage::new();
    let demanded = Instant::now();
    stage.discord.gateway(|gateway| gateway.demand_heartbeat());
    // The interval is over half a minute: nothing but the demand brings one so soon.
    let heartbeat = stage.discord.wait_for_heard("a heartbeat", Heard::is_heartbeat);
    assert!(heartbeat.at - demanded < Duration::from_secs(5), "{heartbeat:?}");
    stage.end_with(&[]);
}

#[test]
fn events_that_are_unknown_or_broken_change_nothing_and_stay_out_of_the_log() {
    let stage = Stage::new();
    let secret = "geheimeswort";
    stage.discord.dispatch("BRAND_NEW_EVENT", json!({"content": secret}));
    stage.discord.dispatch("MESSAGE_CREATE", json!({"id": "no id", "content": secret}));
    stage.discord.dispatch("INTERACTION_CREATE", json!({"type": 2, "token": secret, "data": secret}));
    stage.discord.dispatch("MESSAGE_CREATE", json!(null));
    let next = stage.still_answers(1);
    let log = stage.bot.log();
    assert!(!log.contains(secret), "{log}");
    stage.end_with(&[next]);
}

#[test]
fn a_discord_that_goes_away_and_comes_back_is_found_again() {
    let stage = Stage::new();
    stage.discord.shut_door();
    stage.discord.gateway(|gateway| gateway.cut_all());
    stage.discord.wait_until_disconnected();
    let asked = stage.discord.say(Said::mention(QUESTION));
    std::thread::sleep(Duration::from_millis(700));
    assert!(stage.discord.shown().is_empty());
    stage.discord.open_door();
    // The session may be lost, and the question with it; what comes then is answered.
    let again = |heard: &Heard| heard.connection > 0 && (heard.is_identify() || heard.is_resume());
    if stage.discord.wait_for_heard("another connection", again).is_resume() {
        stage.discord.wait_for_shown(1);
        return stage.end_with(&[(asked, ANSWER)]);
    }
    stage.discord.wait_until_ready(2);
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
}
