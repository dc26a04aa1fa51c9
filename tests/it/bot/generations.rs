//! The index changes beside the running bot.

use std::time::{Duration, Instant};

use super::{ANSWER, QUESTION, Stage};
use crate::discord::Said;

/// Asks and waits for the answer as the `count`th message; gives how long it took.
#[track_caller]
fn ask(stage: &Stage, question: &str, count: usize) -> Duration {
    let asked = Instant::now();
    stage.discord.say(Said::mention(question));
    stage.discord.wait_for_shown(count);
    asked.elapsed()
}

#[track_caller]
fn assert_last_shows(stage: &Stage, text: &str) {
    super::assert_shows(stage.discord.shown().last().unwrap(), text);
}

#[test]
fn a_new_generation_is_seen_by_the_next_question() {
    let stage = Stage::new();
    ask(&stage, QUESTION, 1);
    assert_last_shows(&stage, ANSWER);
    stage.world.write("notes/b.md", "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 在每个节点上写转发规则。\n");
    stage.world.build();
    let took = ask(&stage, QUESTION, 2);
    assert_last_shows(&stage, "在每个节点上写转发规则");
    assert!(took < Duration::from_secs(1), "{took:?}");
    stage.bot.end();
    assert_eq!(stage.discord.shown().len(), 2);
}

#[test]
fn a_new_generation_with_another_lexicon_is_seen_by_the_next_question() {
    let stage = Stage::new();
    ask(&stage, "postino 是干啥用的", 1);
    assert!(!stage.discord.shown()[0].text().contains(ANSWER), "{:#?}", stage.discord.shown());
    stage.world.write("notes/lexicon.toml", "[[term]]\nname = \"kube-proxy\"\nalso = [\"postino\"]\n");
    stage.world.build();
    let took = ask(&stage, "postino 是干啥用的", 2);
    assert_last_shows(&stage, ANSWER);
    assert!(took < Duration::from_secs(1), "{took:?}");
    stage.bot.end();
}

#[test]
fn a_lexicon_that_is_broken_meanwhile_leaves_the_old_one_in_force() {
    let stage = Stage::new();
    stage.world.write("notes/lexicon.toml", "[[term]\n");
    ask(&stage, QUESTION, 1);
    assert_last_shows(&stage, ANSWER);
    stage.bot.end();
}

#[test]
fn an_index_that_is_deleted_meanwhile_is_still_answered_from() {
    let stage = Stage::new();
    std::fs::remove_dir_all(stage.world.index()).unwrap();
    ask(&stage, QUESTION, 1);
    assert_last_shows(&stage, ANSWER);
    stage.bot.end();
}
