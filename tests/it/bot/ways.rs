//! Asking about what is there already: somebody's message, looked up from its menu, and an answer that is replied to.

use super::{ANSWER, NEXT_ANSWER, NEXT_QUESTION, QUESTION, Stage, assert_shows};
use crate::discord::{ALICE, BORIS, BOT, Bot, OTHER_BOT, Said};

const LOOK_UP: &str = "Ask the notes";
const NOTES: &[(&str, &str)] = &[
    (
        "a.md",
        "# 网络\n\n## kube-proxy\n\nkube-proxy 把访问 Service 的流量转给 Pod。\n\n### 模式\n\nkube-proxy 有 iptables 和 ipvs 两种模式。\n",
    ),
    (
        "b.md",
        "# 集群\n\n## Pod\n\nPod 是最小的调度单位。\n\n## 存储\n\n卷的访问模式有 ReadWriteOnce 和 ReadWriteMany。\n",
    ),
];
const FOLLOW_UP: &str = "它有哪几种模式";
const MODES: &str = "iptables 和 ipvs 两种模式";

#[test]
fn anybodys_message_is_looked_up_for_whoever_wants_it_alone() {
    let stage = Stage::new();
    let said = stage.discord.say(Said::aloud(QUESTION).by(BORIS));
    let looked_up = stage.discord.use_on(ALICE, LOOK_UP, said);
    let shown = stage.discord.wait_for_shown(1);
    assert!(shown[0].only_to_asker, "{shown:#?}");
    assert!(shown[0].content.starts_with("> kube-proxy"), "the question is quoted: {shown:#?}");
    // A bot's message is a text like any other.
    let ticker = stage.discord.say(Said::aloud(NEXT_QUESTION).by(OTHER_BOT));
    let ticked = stage.discord.use_on(BORIS, LOOK_UP, ticker);
    assert!(stage.discord.wait_for_shown(2)[1].only_to_asker);
    stage.end_with(&[(looked_up, ANSWER), (ticked, NEXT_ANSWER)]);
}

#[test]
fn a_message_without_words_and_one_of_the_bots_own_get_a_kind_notice() {
    let stage = Stage::new();
    let mut expected = Vec::new();
    let own = stage.discord.bot_has_said("问吧");
    for (message, notice) in [
        (stage.discord.say(Said::aloud("").by(BORIS)), "没有文字"),
        (stage.discord.say(Said::aloud(&format!("<@{BOT}> <:wave:77>")).by(BORIS)), "没有文字"),
        (own, "直接回复它"),
    ] {
        expected.push((stage.discord.use_on(ALICE, LOOK_UP, message), notice));
    }
    let shown = stage.discord.wait_for_shown(4 + 1);
    let notices: Vec<_> = shown.iter().filter(|shown| shown.only_to_asker).collect();
    for (asked, notice) in expected {
        let shown = notices.iter().find(|shown| shown.answers == Some(asked)).unwrap();
        assert_shows(shown, notice);
    }
    stage.bot.end();
}

#[test]
fn a_message_longer_than_a_question_and_a_hostile_one_are_looked_up_as_well() {
    let stage = Stage::new();
    let long = format!("{QUESTION} {}", "啊".repeat(3000));
    let hostile = format!("@everyone <@{BORIS}> [x](https://example.org) ``` {QUESTION}");
    for (count, (text, shows)) in [(long, ANSWER), (hostile, "kube-proxy 是干啥用的")].iter().enumerate() {
        let said = stage.discord.say(Said::aloud(text).by(BORIS));
        stage.discord.use_on(ALICE, LOOK_UP, said);
        assert_shows(stage.discord.wait_for_shown(count + 1).last().unwrap(), shows);
    }
    // That nobody is pinged and no limit broken is what the end looks at.
    stage.bot.end();
}

#[test]
fn a_reply_to_an_answer_goes_on_from_it_whoever_asked_first() {
    let stage = Stage::with_notes(NOTES);
    stage.discord.say(Said::mention("kube-proxy 是干啥用的"));
    let first = stage.discord.wait_for_shown(1)[0].id;
    stage.discord.say(Said::mention("Pod 是什么").by(BORIS));
    stage.discord.wait_for_shown(2);
    let reply = |text: &str| Said::aloud(text).by(BORIS).replying_to(first);
    stage.discord.say(reply(FOLLOW_UP));
    let shown = stage.discord.wait_for_shown(3);
    assert_shows(&shown[2], MODES);
    assert_shows(&shown[2], "kube-proxy");
    // Boris goes on from there without a reply; what he asked about Pods is behind him.
    stage.discord.say(Said::mention("怎么切换它").by(BORIS));
    assert_shows(&stage.discord.wait_for_shown(4)[3], "Going on from: kube-proxy");
    stage.bot.end();
}

#[test]
fn an_answer_to_a_command_can_be_replied_to_as_well() {
    let stage = Stage::with_notes(NOTES);
    stage.discord.ask("kube-proxy 是干啥用的");
    let first = stage.discord.wait_for_shown(1)[0].id;
    stage.discord.say(Said::aloud(FOLLOW_UP).by(BORIS).replying_to(first));
    assert_shows(&stage.discord.wait_for_shown(2)[1], MODES);
    stage.bot.end();
}

#[test]
fn after_a_restart_a_reply_is_a_question_of_its_own() {
    let Stage { world, discord, bot } = Stage::with_notes(NOTES);
    discord.say(Said::mention("kube-proxy 是干啥用的"));
    let first = discord.wait_for_shown(1)[0].id;
    bot.end();
    let bot = Bot::start(&world, &discord);
    discord.wait_until_ready(2);
    discord.say(Said::aloud("Pod 是什么").by(BORIS).replying_to(first));
    let shown = discord.wait_for_shown(2);
    assert_shows(&shown[1], NEXT_ANSWER);
    assert!(!shown[1].text().contains("Going on"), "{shown:#?}");
    bot.end();
}
