//! The bot, as the real program, in a fake Discord: what people say, what goes wrong, and everything that it posts.

mod asked;
mod buttons;
mod channels;
mod commands;
mod connection;
mod courses;
mod doctor;
mod ending;
mod faults;
mod generations;
mod instructors;
mod limits;
mod permissions;
mod pictures;
mod question_log;
#[cfg(target_os = "linux")]
mod rest;
mod safety;
#[cfg(unix)]
mod stall;
mod starting;
mod suggestions;
mod watching;
mod ways;
#[cfg(unix)]
mod weekly;

use serde_json::{Value, json};

use crate::discord::{Bot, Discord, Id, Request, Said, Shown, route};
use crate::world::World;

const NOTES: &[(&str, &str)] = &[
    ("a.md", "# 集群\n\n## Pod\n\nPod 是最小的调度单位。\n\n## Service\n\nService 给一组 Pod 一个稳定的地址。\n"),
    ("b.md", "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 把访问 Service 的流量转给 Pod。\n"),
];
const QUESTION: &str = "kube-proxy 是干啥用的";
const ANSWER: &str = "把访问 Service 的流量转给 Pod";
/// Another one, to see that the bot still answers.
const NEXT_QUESTION: &str = "Pod 是什么";
const NEXT_ANSWER: &str = "Pod 是最小的调度单位";
/// The beginning of what the bot says when there was no question.
const HINT: &str = "Mention me with a question";

/// Notes, Discord, and a bot that answers there.
struct Stage {
    world: World,
    discord: Discord,
    bot: Bot,
}

impl Stage {
    /// A bot that is ready.
    #[track_caller]
    fn new() -> Self {
        Self::with_notes(NOTES)
    }

    #[track_caller]
    fn with_notes(notes: &[(&str, &str)]) -> Self {
        let stage = Self::starting(notes, Discord::open());
        stage.discord.wait_until_ready(1);
        stage
    }

    /// A bot that has only just been started.
    #[track_caller]
    fn starting(notes: &[(&str, &str)], discord: Discord) -> Self {
        let world = World::new(notes);
        let bot = Bot::start(&world, &discord);
        Self { world, discord, bot }
    }

    /// Asks what has a known answer, and waits until the bot has shown `count` messages in all.
    #[track_caller]
    fn still_answers(&self, count: usize) -> (Id, &'static str) {
        let asked = self.discord.say(Said::mention(NEXT_QUESTION));
        self.discord.wait_for_shown(count);
        (asked, NEXT_ANSWER)
    }

    /// Ends the bot and holds all its messages against `expected`: what each answers, and a text that it shows.
    #[track_caller]
    fn end_with(self, expected: &[(Id, &str)]) {
        let Self { discord, bot, .. } = self;
        bot.end();
        assert_shown(&discord, expected);
    }
}

#[track_caller]
fn assert_shown(discord: &Discord, expected: &[(Id, &str)]) {
    let shown = discord.shown();
    let answered: Vec<Option<Id>> = shown.iter().map(|shown| shown.answers).collect();
    let asked: Vec<Option<Id>> = expected.iter().map(|(asked, _)| Some(*asked)).collect();
    assert_eq!(answered, asked, "what was answered; shown is {shown:#?}");
    for (shown, (_, text)) in shown.iter().zip(expected) {
        assert_shows(shown, text);
    }
    discord.requests(route::POST).iter().for_each(assert_form);
}

#[track_caller]
fn assert_shows(shown: &Shown, text: &str) {
    assert!(shown.text().contains(text), "{text:?} is not in {shown:#?}");
    assert!(!shown.loading, "the answer was promised and never came: {shown:#?}");
}

/// What every message of the bot's must carry.
#[track_caller]
fn assert_form(request: &Request) {
    let body = &request.body;
    let absent_or = |value: &Value, allowed: &Value| value.is_null() || value == allowed;
    assert_eq!(body["message_reference"]["fail_if_not_exists"], false, "{body:#}");
    assert_eq!(body["enforce_nonce"], true, "{body:#}");
    assert!(body["nonce"].is_string(), "{body:#}");
    let mentions = &body["allowed_mentions"];
    assert_eq!(mentions["parse"], json!([]), "{body:#}");
    assert!(["users", "roles"].iter().all(|kind| absent_or(&mentions[kind], &json!([]))), "{body:#}");
    assert!(absent_or(&mentions["replied_user"], &json!(false)), "{body:#}");
}

/// Says one thing after the other. The bot answers each with one message that shows the text beside it, and what has
/// an empty text beside it not at all.
#[track_caller]
fn check(said: &[(Said, &str)]) {
    let stage = Stage::new();
    let mut expected = Vec::new();
    for (said, text) in said {
        let asked = stage.discord.say(said.clone());
        if !text.is_empty() {
            expected.push((asked, *text));
            stage.discord.wait_for_shown(expected.len());
        }
    }
    stage.end_with(&expected);
}
