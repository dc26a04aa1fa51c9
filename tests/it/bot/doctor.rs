//! `kewen doctor`, alone, against the fake Discord, and beside a running bot.

use std::time::{Duration, Instant};

use super::{NOTES, Stage};
use crate::discord::{Discord, TOKEN};
use crate::world::{Run, World, run};

/// The doctor's report on a world with an index, asking `discord` with `token`.
#[track_caller]
fn report(discord: &Discord, token: &str) -> Run {
    let world = World::new(NOTES);
    world.build();
    let mut command = world.command(&["doctor"]);
    command.env("KEWEN_DISCORD__TOKEN", token).env("KEWEN_DISCORD__API_BASE", discord.address());
    run(command, b"")
}

#[track_caller]
fn assert_says(run: &Run, lines: &[&str]) {
    for line in lines {
        assert!(run.stdout.contains(line), "{line:?} is not in {run:?}");
    }
}

#[test]
fn without_a_token_the_rest_is_checked() {
    let world = World::new(NOTES);
    let run = world.kewen(&["doctor"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_says(&run, &["✓ Settings", "✓ Notes", "with 2 notes", "! Index: There is no index yet", "kewen index"]);
    assert_says(&run, &["! Links: links.base_url is not set", "! Token: none yet", "KEWEN_DISCORD__TOKEN"]);
    assert_eq!(World::new(&[]).kewen(&["doctor"]).code, 2, "there are no notes");
}

#[test]
fn discord_is_asked_what_it_knows_of_the_bot() {
    let discord = Discord::open();
    let run = report(&discord, TOKEN);
    assert_eq!(run.code, 2, "a permission is missing: {run:?}");
    assert_says(&run, &["✓ Index: generation 1", "✓ Discord: reached, the bot is called", "✓ Gateway: can be reached"]);
    assert_says(
        &run,
        &["! Commands: /ask is not registered yet", "✓ Servers: camp", "scope=bot+applications.commands"],
    );
    assert_says(
        &run,
        &["✗ Permissions: annex lacks Embed Links", "! Servers: anybody may add the bot", "Public Bot off"],
    );
    assert_says(&run, &["! Servers: more than one", "camp (1), annex (2)", "discord.servers"]);
    assert!(!run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN), "{run:?}");
}

#[test]
fn a_wrong_token_and_a_gateway_elsewhere_are_told() {
    let discord = Discord::open();
    let run = report(&discord, "wrong.to.ken");
    assert_eq!(run.code, 2, "{run:?}");
    assert_says(&run, &["✗ Discord does not accept the token", "Reset Token"]);
    discord.name_gateway("wss://gateway.invalid");
    assert_says(&report(&discord, TOKEN), &["✗ The gateway that discord.api_base gives is on another host"]);
}

#[test]
fn discord_out_of_reach_is_told_and_can_be_left_alone() {
    let discord = Discord::refusing();
    let run = report(&discord, TOKEN);
    assert_eq!(run.code, 2, "{run:?}");
    assert_says(&run, &["✗ Discord cannot be reached"]);
    let world = World::new(NOTES);
    let mut command = world.command(&["doctor", "--offline"]);
    command.env("KEWEN_DISCORD__TOKEN", TOKEN).env("KEWEN_DISCORD__API_BASE", discord.address());
    let offline = crate::world::run(command, b"");
    assert_eq!(offline.code, 0, "{offline:?}");
}

#[test]
fn a_running_bot_is_seen_to_be_alive_and_one_that_ended_is_not() {
    let stage = Stage::new();
    let alive = || stage.world.kewen(&["doctor", "--alive"]).code;
    let began = Instant::now();
    while alive() != 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "the bot never said that it is alive");
    }
    stage.bot.end();
    let run = stage.world.kewen(&["doctor", "--alive"]);
    assert!(run.code == 2 && run.stdout.contains("not running"), "{run:?}");
}

#[test]
fn servers_that_are_named_wrongly_or_not_at_all_are_told() {
    let discord = Discord::open();
    let doctor = |servers: &str| {
        let world = World::new(NOTES);
        let mut command = world.command(&["doctor"]);
        command.env("KEWEN_DISCORD__TOKEN", TOKEN).env("KEWEN_DISCORD__API_BASE", discord.address());
        command.env("KEWEN_DISCORD__SERVERS", servers);
        crate::world::run(command, b"")
    };
    assert_says(&doctor("1,7"), &["! Servers: not in discord.servers and not answered: annex (2)"]);
    assert_says(&doctor("1,7"), &["! Servers: discord.servers names 7, and the bot is not on it"]);
    let right = doctor("1,2").stdout;
    assert!(!right.contains("not answered") && !right.contains("names"), "{right}");
    let wrong = doctor("12ab").stderr;
    assert!(wrong.contains("ids with commas between them, without quotes"), "{wrong}");
}
