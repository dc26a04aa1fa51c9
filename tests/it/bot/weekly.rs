//! The week's gaps in a channel of the instructors: once, across restarts.

use std::fs;
use std::process::Command;

use super::{NEXT_QUESTION, NOTES, assert_shows};
use crate::discord::{BORIS, Bot, DIRECT, Discord, Fault, GENERAL, Said, Shown, permission, route};
use crate::world::World;

const UNKNOWN: &str = "karmada @everyone [x](https://evil.example/) 怎么安装";
const HEAD: &str = "What was not answered well this week:";
const POSTED: &str = "the week's gaps are posted";

/// A course whose bot is started again and again.
struct Weeks {
    world: World,
    discord: Discord,
    runs: usize,
}

impl Weeks {
    /// In the first run, without a channel, this is asked.
    fn of(asked: &[&str]) -> Self {
        let world = World::new(NOTES);
        fs::create_dir(world.path("log")).unwrap();
        let weeks = Self { world, discord: Discord::open(), runs: 1 };
        let bot = Bot::start(&weeks.world, &weeks.discord);
        weeks.discord.wait_until_ready(1);
        for (number, question) in asked.iter().enumerate() {
            weeks.discord.say(Said::direct(question));
            weeks.discord.wait_for_shown(number + 1);
        }
        bot.end();
        weeks
    }

    /// Runs a bot with a channel until its log says `until`, or, without it, until it has answered a question; gives what was
    /// posted in the channel so far.
    #[track_caller]
    fn run(&mut self, until: Option<&str>) -> Vec<Shown> {
        let bot = Bot::start_with(&self.world, &self.discord, with_channel);
        self.runs += 1;
        if let Some(until) = until {
            bot.wait_for_log(until);
        }
        self.discord.wait_until_ready(self.runs);
        let asked = self.discord.say(Said::direct(NEXT_QUESTION).by(BORIS));
        bot.wait_for_log(&format!("event={asked}"));
        bot.end();
        self.discord.shown().into_iter().filter(|shown| shown.channel != DIRECT).collect()
    }

    /// How often Discord refused a message.
    fn refused(&self) -> usize {
        self.discord.requests(route::POST).iter().filter(|request| request.status == Some(403)).count()
    }

    /// The gaps were posted last years ago, as the log's folder has it; milliseconds since 1970.
    fn forget_when_posted(&self) {
        let files = fs::read_dir(self.world.path("log")).unwrap().map(|entry| entry.unwrap().path());
        let memory = files.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "posted")).unwrap();
        assert!(fs::read_to_string(&memory).unwrap().parse::<i64>().unwrap() > 1_600_000_000_000);
        fs::write(memory, "1600000000000").unwrap();
    }
}

fn with_channel(command: &mut Command) {
    command.env("KEWEN_DISCORD__GAPS_CHANNEL", GENERAL.to_string());
}

#[test]
fn the_gaps_are_posted_once_a_week_whatever_restarts_there_are() {
    let mut weeks = Weeks::of(&[UNKNOWN]);
    let shown = weeks.run(Some(POSTED));
    let [posted] = shown.as_slice() else { panic!("{shown:#?}") };
    assert!(posted.content.starts_with(HEAD) && posted.answers.is_none(), "{posted:#?}");
    assert_shows(posted, "karmada");
    assert!(!posted.embeds[0]["description"].as_str().unwrap().contains("[x]("), "{posted:#?}");
    assert_eq!(weeks.run(None).len(), 1);
    assert_eq!(weeks.run(None).len(), 1);
    weeks.forget_when_posted();
    weeks.run(Some(POSTED));
    let posts = weeks.discord.requests(route::POST).into_iter().map(|post| post.body);
    let nonces: Vec<_> = posts
        .filter(|body| body["content"].as_str().unwrap().starts_with(HEAD))
        .map(|body| body["nonce"].clone())
        .collect();
    // It was due on the same day of this year, so that it is the same to Discord: what another machine posts is not shown twice.
    assert!(nonces.len() == 2 && nonces[0] == nonces[1], "{nonces:?}");
}

#[test]
fn of_two_copies_of_the_bot_one_posts_the_gaps() {
    let weeks = Weeks::of(&[UNKNOWN]);
    // The first copy is in the middle of it while the second one looks whether it is time.
    weeks.discord.fault(route::POST, Fault::Hold);
    let first = Bot::start_with(&weeks.world, &weeks.discord, with_channel);
    weeks.discord.wait_for_requests(route::POST, 2);
    let elsewhere = Discord::open();
    let mut copy = Weeks { world: weeks.world, discord: elsewhere, runs: 0 };
    assert_eq!(copy.run(Some("another copy of the bot is posting")).len(), 0);
    weeks.discord.release();
    first.wait_for_log(POSTED);
    first.end();
}

#[test]
fn a_week_without_gaps_is_not_posted() {
    let mut weeks = Weeks::of(&[NEXT_QUESTION]);
    assert_eq!(weeks.run(None).len(), 0);
}

#[test]
fn without_embed_links_the_gaps_are_plain_text() {
    let mut weeks = Weeks::of(&[UNKNOWN]);
    weeks.discord.deny(GENERAL, permission::EMBED_LINKS);
    let shown = weeks.run(Some(POSTED));
    assert_eq!(shown.len(), 1);
    assert!(shown[0].embeds.is_empty() && shown[0].content.contains("karmada"), "{shown:#?}");
}

#[test]
fn a_channel_that_refuses_the_gaps_is_told_once_and_left_alone() {
    let mut weeks = Weeks::of(&[UNKNOWN]);
    weeks.discord.deny(GENERAL, permission::SEND_MESSAGES);
    assert_eq!(weeks.run(Some("see discord.gaps_channel")).len(), 0);
    assert_eq!(weeks.refused(), 2, "with boxes and without");
    weeks.run(None);
    assert_eq!(weeks.refused(), 2);
}
