//! Finding Discord: wrong tokens, a Discord that is not there yet, a gateway that is somewhere else.

use std::time::{Duration, Instant};

use super::{NOTES, QUESTION, Stage};
use crate::discord::{Bot, Discord, Fault, Heard, Said, TOKEN, close, route};
use crate::world::World;

/// The bot ends with exit code 2 and says all of `parts`.
#[track_caller]
fn check_refused(stage: Stage, parts: &[&str]) {
    let exit = stage.bot.exit();
    assert_eq!(exit.code, Some(2), "{exit:?}");
    for part in parts {
        assert!(exit.log.contains(part), "{part:?} is not in {}", exit.log);
    }
    assert!(stage.discord.shown().is_empty());
}

/// A bot whose command was changed before it started.
fn changed(discord: Discord, change: impl FnOnce(&mut std::process::Command)) -> Stage {
    let world = World::new(NOTES);
    let bot = Bot::start_with(&world, &discord, change);
    Stage { world, discord, bot }
}

#[test]
fn a_wrong_token_is_told_and_ends_the_bot() {
    let wrong = "MTIz-wrong-token";
    let stage = changed(Discord::open(), |command| {
        command.env("KEWEN_DISCORD__TOKEN", wrong);
    });
    let exit = stage.bot.exit();
    assert_eq!(exit.code, Some(2), "{exit:?}");
    assert!(exit.log.contains("token") && !exit.log.contains(wrong), "{}", exit.log);
    assert_eq!(stage.discord.requests(route::GATEWAY_BOT).len(), 1);
}

/// The gateway refuses to let the bot in with this code.
#[track_caller]
fn check_closed_with(code: u16, parts: &[&str]) {
    let discord = Discord::open();
    discord.gateway(|gateway| gateway.refusal = Some(code));
    check_refused(Stage::starting(NOTES, discord), parts);
}

#[test]
fn a_token_that_the_gateway_refuses_is_told_and_ends_the_bot() {
    check_closed_with(close::WRONG_TOKEN, &["token"]);
}

#[test]
fn intents_that_are_refused_are_told_and_end_the_bot() {
    check_closed_with(close::DISALLOWED_INTENTS, &["intents"]);
    check_closed_with(close::INVALID_INTENTS, &["intents"]);
}

#[test]
fn without_a_token_the_bot_says_how_to_set_one() {
    let stage = changed(Discord::open(), |command| {
        command.env_remove("KEWEN_DISCORD__TOKEN");
    });
    check_refused(stage, &["no token", "KEWEN_DISCORD__TOKEN"]);
}

#[test]
fn a_gateway_on_another_host_is_refused() {
    let discord = Discord::open();
    discord.name_gateway("wss://gateway.elsewhere.invalid");
    check_refused(Stage::starting(NOTES, discord), &["gateway.elsewhere.invalid", "api_base"]);
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
    let (discord, elsewhere) = (Discord::open(), Discord::open());
    discord.fault(route::GATEWAY_BOT, Fault::RedirectTo(elsewhere.port()));
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_until_ready(1);
    stage.discord.fault(route::POST, Fault::RedirectTo(elsewhere.port()));
    stage.discord.say(Said::mention(QUESTION));
    stage.bot.wait_for_log("could not be sent");
    stage.end_with(&[]);
    assert!(elsewhere.knocks().is_empty(), "somebody else was asked");
}

#[test]
fn a_proxy_of_the_environment_is_not_asked_when_the_api_is_named() {
    let proxy = Discord::open();
    let stage = changed(Discord::open(), |command| {
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
            command.env(name, proxy.address());
        }
    });
    stage.discord.wait_until_ready(1);
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
    assert!(proxy.knocks().is_empty(), "the proxy was asked");
}

#[test]
fn the_bot_asks_for_no_more_than_it_needs() {
    let stage = Stage::new();
    let identify = stage.discord.wait_for_heard("IDENTIFY", |heard| heard.is_identify());
    assert_eq!(identify.data["intents"], 1 | 1 << 9 | 1 << 12, "GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES");
    assert!(identify.data["token"].as_str().unwrap().ends_with(TOKEN));
    stage.end_with(&[]);
}

#[test]
fn a_discord_that_comes_later_is_waited_for_with_growing_pauses() {
    let stage = Stage::starting(NOTES, Discord::resetting());
    // Each look may be made of two tries, half a second apart.
    let knocks = stage.discord.wait_for_knocks(5);
    let mut pauses: Vec<Duration> = knocks.windows(2).map(|pair| pair[1] - pair[0]).collect();
    pauses.retain(|pause| *pause >= Duration::from_millis(900));
    assert!(pauses[0] >= Duration::from_secs(1) && pauses[1] >= Duration::from_secs(2), "{pauses:?}");
    let told = stage.bot.log().matches("Discord cannot be reached").count();
    assert!(told >= 2, "told {told} times\n{}", stage.bot.log());
    stage.discord.open_door();
    stage.discord.wait_until_ready(1);
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
}

#[test]
fn a_port_where_nobody_listens_yet_is_tried_again() {
    let stage = Stage::starting(NOTES, Discord::refusing());
    stage.bot.wait_for_log("Discord cannot be reached");
    stage.discord.open_door();
    stage.discord.wait_until_ready(1);
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
}

#[test]
fn an_outage_of_discords_is_waited_for() {
    let discord = Discord::open();
    // Each look may be made of two tries.
    (0..2).for_each(|_| discord.fault(route::GATEWAY_BOT, Fault::BadGateway));
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_until_ready(1);
    assert!(stage.bot.log().contains("Discord cannot be reached"), "{}", stage.bot.log());
    let next = stage.still_answers(1);
    stage.end_with(&[next]);
}

#[test]
fn a_gateway_out_of_reach_is_tried_again() {
    let (discord, gateway) = (Discord::open(), Discord::refusing());
    discord.name_gateway(&format!("ws://127.0.0.1:{}", gateway.port()));
    let stage = Stage::starting(NOTES, discord);
    stage.bot.wait_for_log("gateway cannot be reached");
    stage.end_with(&[]);
}

#[test]
fn when_no_session_may_begin_any_more_the_bot_waits_until_one_may() {
    let discord = Discord::open();
    let wait = Duration::from_millis(2500);
    discord.allow_no_start_for(wait);
    let begun = Instant::now();
    let stage = Stage::starting(NOTES, discord);
    let identify = stage.discord.wait_for_heard("IDENTIFY", Heard::is_identify);
    assert!(identify.at - begun >= wait, "{:?}", identify.at - begun);
    stage.discord.wait_until_ready(1);
    stage.end_with(&[]);
}

#[test]
fn an_answer_about_the_gateway_that_is_no_json_is_waited_for() {
    let discord = Discord::open();
    discord.fault(route::GATEWAY_BOT, Fault::NoJson);
    let stage = Stage::starting(NOTES, discord);
    stage.discord.wait_until_ready(1);
    stage.end_with(&[]);
}
