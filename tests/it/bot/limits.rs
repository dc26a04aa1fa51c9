//! Many questions at once: each is answered once or its asker told to wait, in order, with memory that stays bounded.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::{ANSWER, NEXT_ANSWER, NEXT_QUESTION, NOTES, QUESTION, Stage, assert_shows};
use crate::discord::{ALICE, BORIS, Bot, DIRECT, Discord, GENERAL, Id, Said, Used, route};
use crate::world::World;

const MEMBERS: u64 = 50;
const QUESTIONS: u64 = 4;
/// Beginnings of what is said to who asks too much: aloud in the bot's language, and privately in that of the asker.
const MEMBER_WAITS: &str = "Not so fast";
const CHANNEL_WAITS: &str = "Too many questions in this channel";
const MEMBER_WAITS_ZH: &str = "慢一点";

fn stage(member: u64, channel: u64) -> Stage {
    stage_with(|command| {
        command.env("KEWEN_DISCORD__LIMITS__MEMBER", member.to_string());
        command.env("KEWEN_DISCORD__LIMITS__CHANNEL", channel.to_string());
    })
}

fn stage_with(change: impl FnOnce(&mut Command)) -> Stage {
    let world = World::new(NOTES);
    std::fs::create_dir(world.path("log")).unwrap();
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, change);
    discord.wait_until_ready(1);
    Stage { world, discord, bot }
}

/// The course asks: 200 questions of 50 members within 10 s, in turn aloud and as a command. Gives each question's asker, and
/// how many bytes of anonymous memory the bot grew by.
#[track_caller]
fn course_asks(stage: &Stage, warmed_up_with: usize) -> (BTreeMap<Id, Id>, i64) {
    // Threads, dictionaries and buffers that come with the first questions are no growth.
    for number in 0..warmed_up_with {
        stage.discord.say(Said::direct(QUESTION).by(ALICE + 1000 + number as u64));
    }
    stage.discord.wait_for_shown(warmed_up_with);
    let before = memory(stage);
    let mut askers = BTreeMap::new();
    for number in 0..MEMBERS * QUESTIONS {
        let (asker, aloud) = (ALICE + 100 + number % MEMBERS, (number / MEMBERS).is_multiple_of(2));
        let question = if number.is_multiple_of(3) { QUESTION } else { NEXT_QUESTION };
        let asked = if aloud {
            stage.discord.say(Said::mention(question).by(asker))
        } else {
            stage.discord.use_command(&Used::asking(question, asker)).unwrap()
        };
        askers.insert(asked, asker);
        thread::sleep(Duration::from_millis(40));
    }
    // All that is sent is sent by now, or never: each command gets something, and what is said after all others too.
    stage.discord.wait_for_answered(route::CALLBACK, (MEMBERS * QUESTIONS / 2) as usize);
    let shown = stage.discord.shown().len();
    stage.discord.say(Said::direct(NEXT_QUESTION).by(BORIS));
    stage.discord.wait_for_shown(shown + 1);
    let grown = memory(stage) - before;
    (askers, grown)
}

#[cfg(target_os = "linux")]
fn memory(stage: &Stage) -> i64 {
    i64::try_from(stage.bot.anonymous_bytes()).unwrap()
}

#[cfg(not(target_os = "linux"))]
fn memory(_: &Stage) -> i64 {
    0
}

/// Which questions were answered, and which were told to wait. Each has one message, and each member's come in order.
#[track_caller]
fn answered(stage: &Stage, askers: &BTreeMap<Id, Id>) -> (BTreeSet<Id>, BTreeSet<Id>) {
    let (mut answered, mut told) = (BTreeSet::new(), BTreeSet::new());
    let mut last: BTreeMap<Id, Id> = BTreeMap::new();
    for shown in stage.discord.shown() {
        let Some((asked, asker)) = shown.answers.and_then(|asked| askers.get_key_value(&asked)) else { continue };
        let text = shown.text();
        let is_answer = text.contains(ANSWER) || text.contains(NEXT_ANSWER);
        let list = if is_answer { &mut answered } else { &mut told };
        assert!(list.insert(*asked), "two messages for one question: {shown:#?}");
        if is_answer {
            let before = last.insert(*asker, *asked);
            assert!(before.is_none_or(|before| before < *asked), "out of order: {shown:#?}");
        }
    }
    assert!(answered.is_disjoint(&told));
    (answered, told)
}

#[test]
fn two_hundred_questions_of_fifty_members_are_each_answered_once_and_in_order() {
    let stage = stage(0, 0);
    let (askers, grown) = course_asks(&stage, 32);
    let (answered, told) = answered(&stage, &askers);
    assert_eq!((answered.len(), told.len()), (askers.len(), 0));
    assert!(grown < 20 << 20, "anonymous memory grew by {grown} bytes");
    stage.bot.end();
}

#[test]
fn of_two_hundred_questions_each_is_answered_once_or_told_to_wait() {
    let stage = stage_with(|command| {
        command.env_remove("KEWEN_DISCORD__LIMITS__MEMBER").env_remove("KEWEN_DISCORD__LIMITS__CHANNEL");
    });
    let begun = Instant::now();
    let (askers, grown) = course_asks(&stage, 32);
    let at_most = 62 + begun.elapsed().as_secs() as usize;
    let (answered, told) = answered(&stage, &askers);
    // 60 at once, and one a second while they come.
    assert!((60..=at_most).contains(&answered.len()), "{} of {}", answered.len(), askers.len());
    let aloud: Vec<_> =
        stage.discord.shown().into_iter().filter(|shown| shown.text().contains(CHANNEL_WAITS)).collect();
    assert_eq!(aloud.len(), 1, "everybody sees it: once a minute is enough. {aloud:#?}");
    let commands = stage.discord.requests(route::CALLBACK).len();
    assert_eq!(commands as u64, MEMBERS * QUESTIONS / 2);
    for shown in stage.discord.shown().iter().filter(|shown| shown.answers.is_some_and(|asked| told.contains(&asked))) {
        assert!(shown.only_to_asker || shown.text().contains(CHANNEL_WAITS), "{shown:#?}");
    }
    assert!(grown < 20 << 20, "anonymous memory grew by {grown} bytes");
    // Nothing of it is a gap.
    let Stage { world, bot, .. } = stage;
    bot.end();
    let run = world.kewen(&["gaps", "--format", "json"]);
    let gaps = crate::world::json(&run.stdout);
    assert_eq!((&gaps["gaps"], &gaps["failed"]), (&0.into(), &0.into()), "{gaps:#}");
    assert_eq!(gaps["questions"], answered.len() + 33);
}

#[test]
fn a_member_who_asks_too_much_is_told_once_aloud_and_each_time_privately() {
    let stage = stage(2, 0);
    let mut expected = Vec::new();
    for _ in 0..2 {
        expected.push((stage.discord.say(Said::mention(QUESTION)), ANSWER));
        stage.discord.wait_for_shown(expected.len());
    }
    expected.push((stage.discord.say(Said::mention(QUESTION)), MEMBER_WAITS));
    stage.discord.wait_for_shown(3);
    stage.discord.say(Said::mention(QUESTION));
    stage.discord.say(Said::direct(QUESTION));
    for _ in 0..2 {
        expected.push((stage.discord.ask(QUESTION), MEMBER_WAITS_ZH));
        let shown = stage.discord.wait_for_shown(expected.len());
        assert!(shown.last().unwrap().only_to_asker, "{shown:#?}");
    }
    // Somebody else is not held up.
    expected.push((stage.discord.say(Said::mention(QUESTION).by(BORIS)), ANSWER));
    stage.discord.wait_for_shown(expected.len());
    stage.end_with(&expected);
}

#[test]
fn a_channel_that_asks_too_much_can_be_left_for_a_direct_message() {
    let stage = stage(0, 1);
    let first = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(1);
    let second = stage.discord.say(Said::mention(QUESTION).by(BORIS));
    stage.discord.wait_for_shown(2);
    let third = stage.discord.say(Said::direct(NEXT_QUESTION));
    let shown = stage.discord.wait_for_shown(3);
    assert_eq!((shown[1].channel, shown[2].channel), (GENERAL, DIRECT));
    stage.end_with(&[(first, ANSWER), (second, CHANNEL_WAITS), (third, NEXT_ANSWER)]);
}

#[test]
fn a_command_behind_a_slow_message_comes_behind_it() {
    let stage = stage(0, 0);
    stage.discord.fault(route::POST, crate::discord::Fault::Hold);
    let first = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_requests(route::POST, 1);
    let second = stage.discord.ask(NEXT_QUESTION);
    stage.discord.wait_for_answered(route::CALLBACK, 1);
    let promised = stage.discord.shown();
    assert!(promised.iter().any(|shown| shown.answers == Some(second) && shown.loading), "{promised:#?}");
    stage.discord.release();
    let shown = stage.discord.wait_for_shown(2);
    assert_shows(shown.iter().find(|shown| shown.answers == Some(second)).unwrap(), NEXT_ANSWER);
    stage.end_with(&[(first, ANSWER), (second, NEXT_ANSWER)]);
}
