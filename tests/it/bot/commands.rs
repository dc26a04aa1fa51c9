//! `/ask`: registered, answered in time, or promised and answered later.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ANSWER, QUESTION, Stage, assert_shows};
use crate::discord::{DIRECT, Discord, Fault, Said, close, route};

/// Types of the acknowledgements that the bot sent, in order.
fn acknowledgements(discord: &Discord) -> Vec<Value> {
    discord.requests(route::CALLBACK).into_iter().map(|request| request.body["type"].clone()).collect()
}

#[test]
fn the_commands_are_registered_with_their_options_and_localised() {
    let stage = Stage::new();
    stage.bot.end();
    let requests = stage.discord.requests(route::COMMANDS);
    let [request] = requests.as_slice() else { panic!("{requests:#?}") };
    let commands = request.body.as_array().unwrap();
    let named = |name: &str| commands.iter().find(|command| command["name"] == name).unwrap();
    let (ask, forget, look_up) = (named("ask"), named("forget"), named("Ask the notes"));
    let [option, private] = ask["options"].as_array().unwrap().as_slice() else { panic!("{ask:#}") };
    assert_eq!((&ask["name"], &option["name"]), (&json!("ask"), &json!("question")));
    assert_eq!((&option["type"], &option["required"]), (&json!(3), &json!(true)));
    assert_eq!(option["autocomplete"], true);
    assert_eq!(private["name_localizations"]["zh-CN"], "仅自己可见");
    assert_eq!((&private["type"], &private["required"]), (&json!(5), &json!(false)));
    assert_eq!(look_up["type"], 3);
    assert_eq!(look_up["name_localizations"]["zh-CN"], "在笔记里查");
    let all = [ask, forget, named("reindex"), named("status"), named("gaps")];
    for locale in ["zh-CN", "zh-TW", "en-US", "en-GB"] {
        for part in all.into_iter().chain([option, private, &named("gaps")["options"][0]]) {
            assert!(part["description_localizations"][locale].is_string(), "{locale}: {part:#}");
        }
    }
    for command in all {
        assert_ne!(command["name_localizations"]["zh-CN"], command["name"]);
    }
}

#[test]
fn a_command_is_answered_at_once() {
    let stage = Stage::new();
    let asked = stage.discord.ask(QUESTION);
    let shown = stage.discord.wait_for_shown(1);
    assert!(!shown[0].only_to_asker, "{shown:#?}");
    assert_eq!(acknowledgements(&stage.discord), [4]);
    let direct = stage.discord.ask_in(DIRECT, QUESTION);
    stage.discord.wait_for_shown(2);
    stage.end_with(&[(asked, ANSWER), (direct, ANSWER)]);
}

#[test]
fn a_private_answer_is_shown_to_the_asker_alone() {
    let stage = Stage::new();
    let asked = stage.discord.ask_privately(QUESTION);
    let shown = stage.discord.wait_for_shown(1);
    assert!(shown[0].only_to_asker && !shown[0].embeds.is_empty(), "{shown:#?}");
    let aloud = stage.discord.ask(QUESTION);
    assert!(!stage.discord.wait_for_shown(2)[1].only_to_asker);
    stage.end_with(&[(asked, ANSWER), (aloud, ANSWER)]);
}

#[test]
fn an_empty_question_is_told_to_the_asker_alone() {
    let stage = Stage::new();
    let asked = stage.discord.ask("  ");
    let shown = stage.discord.wait_for_shown(1);
    assert!(shown[0].only_to_asker, "{shown:#?}");
    // Alice has set her Discord to Chinese.
    stage.end_with(&[(asked, "问题")]);
}

#[test]
fn an_error_is_told_to_the_asker_alone() {
    let stage = Stage::new();
    let asked = stage.discord.ask(&"字".repeat(3000));
    let shown = stage.discord.wait_for_shown(1);
    assert!(shown[0].only_to_asker, "{shown:#?}");
    stage.end_with(&[(asked, "3000")]);
}

#[cfg(unix)]
mod slow {
    use super::super::stall::Stall;
    use super::*;

    #[test]
    fn a_slow_private_answer_is_promised_to_the_asker_alone() {
        let stage = Stage::new();
        let stall = Stall::set(&stage.world);
        let asked = stage.discord.ask_privately(QUESTION);
        stage.discord.wait_for_answered(route::CALLBACK, 1);
        assert!(stage.discord.shown()[0].loading && stage.discord.shown()[0].only_to_asker);
        stall.release();
        assert!(stage.discord.wait_for_shown(1)[0].only_to_asker);
        stage.end_with(&[(asked, ANSWER)]);
    }

    #[test]
    fn a_slow_answer_is_promised_in_time_and_comes_later() {
        let stage = Stage::new();
        let stall = Stall::set(&stage.world);
        let asked = stage.discord.ask(QUESTION);
        stage.discord.wait_for_answered(route::CALLBACK, 1);
        stage.discord.advance(Duration::from_mins(14));
        assert!(stage.discord.shown()[0].loading);
        stall.release();
        assert_shows(&stage.discord.wait_for_shown(1)[0], ANSWER);
        assert_eq!(acknowledgements(&stage.discord), [5]);
        assert_eq!(stage.discord.requests(route::EDIT_ANSWER).len(), 1);
        stage.end_with(&[(asked, ANSWER)]);
    }

    #[test]
    fn a_promised_answer_that_discord_loses_is_sent_again() {
        let stage = Stage::new();
        stage.discord.fault(route::EDIT_ANSWER, Fault::BadGateway);
        let stall = Stall::set(&stage.world);
        let asked = stage.discord.ask(QUESTION);
        stage.discord.wait_for_answered(route::CALLBACK, 1);
        stall.release();
        stage.discord.wait_for_shown(1);
        assert_eq!(stage.discord.requests(route::EDIT_ANSWER).len(), 2);
        stage.end_with(&[(asked, ANSWER)]);
    }

    #[test]
    fn an_answer_that_comes_after_a_quarter_of_an_hour_is_given_up() {
        let stage = Stage::new();
        let stall = Stall::set(&stage.world);
        stage.discord.ask(QUESTION);
        stage.discord.wait_for_answered(route::CALLBACK, 1);
        stage.discord.advance(Duration::from_mins(16));
        stall.release();
        let edits = stage.discord.wait_for_answered(route::EDIT_ANSWER, 1);
        assert_eq!(edits[0].status, Some(401));
        stage.bot.wait_for_log("50027");
        // The promise stays; what comes after is answered.
        let (next, text) = stage.still_answers(1);
        stage.bot.end();
        let shown = stage.discord.shown();
        assert_eq!(shown.last().unwrap().answers, Some(next));
        assert_shows(shown.last().unwrap(), text);
        assert_eq!(stage.discord.requests(route::EDIT_ANSWER).len(), 1, "it was tried again");
    }

    #[test]
    fn a_command_that_discord_has_forgotten_is_given_up() {
        let stage = Stage::new();
        let stall = Stall::set(&stage.world);
        stage.discord.ask(QUESTION);
        let search = stall.wait_until_reached();
        stage.discord.advance(Duration::from_secs(4));
        let refused = stage.discord.wait_for_answered(route::CALLBACK, 1);
        assert_eq!(refused[0].status, Some(404));
        search.release();
        stage.bot.wait_for_log("10062");
        let next = stage.still_answers(1);
        assert_eq!(acknowledgements(&stage.discord).len(), 1, "it was tried again");
        stage.end_with(&[next]);
    }
}

#[test]
fn questions_that_come_again_are_answered_once() {
    let stage = Stage::new();
    let asked = stage.discord.ask(QUESTION);
    stage.discord.wait_for_shown(1);
    let said = stage.discord.say(Said::direct(QUESTION));
    stage.discord.wait_for_shown(2);
    stage.discord.gateway(|gateway| {
        gateway.repeats = true;
        gateway.close_all(close::UNKNOWN_ERROR);
    });
    stage.discord.wait_until_resumed(1);
    let next = stage.still_answers(3);
    assert_eq!((acknowledgements(&stage.discord).len(), stage.discord.requests(route::POST).len()), (1, 2));
    stage.end_with(&[(asked, ANSWER), (said, ANSWER), next]);
}
