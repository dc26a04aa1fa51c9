//! What the bot takes while nobody asks.

use std::thread;
use std::time::Duration;

use super::*;

const REST: Duration = Duration::from_secs(2);
/// Far more than a heartbeat takes, and far less than anything that goes round.
const BUSY_MAX: Duration = Duration::from_millis(100);
const ANONYMOUS_MAX: u64 = 60 << 20;

#[test]
fn a_bot_that_nobody_asks_does_nothing_and_holds_little() {
    let world = World::new(NOTES);
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, |command| _ = command.env("KEWEN_BOT__WATCH", "true"));
    discord.wait_until_ready(1);
    let asked = discord.say(Said::mention(QUESTION));
    discord.wait_for_shown(1);
    thread::sleep(Duration::from_secs(1));
    let before = bot.processor_time();
    thread::sleep(REST);
    let (busy, anonymous) = (bot.processor_time() - before, bot.anonymous_bytes());
    assert!(busy <= BUSY_MAX, "{busy:?} in {REST:?}");
    assert!(anonymous <= ANONYMOUS_MAX, "{anonymous} bytes");
    bot.end();
    assert_shown(&discord, &[(asked, ANSWER)]);
}
