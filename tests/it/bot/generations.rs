//! The index changes beside the running bot.

use super::{ANSWER, QUESTION, Stage, assert_shows};
use crate::discord::Said;

/// Asks; the answer is the `count`th message and shows `text`.
#[track_caller]
fn check(stage: &Stage, question: &str, count: usize, text: &str) {
    stage.discord.say(Said::mention(question));
    assert_shows(stage.discord.wait_for_shown(count).last().unwrap(), text);
}

#[test]
fn a_new_generation_is_seen_by_the_next_question() {
    let stage = Stage::new();
    check(&stage, QUESTION, 1, ANSWER);
    stage.world.write("notes/b.md", "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 在每个节点上写转发规则。\n");
    stage.world.build();
    check(&stage, QUESTION, 2, "在每个节点上写转发规则");
    stage.bot.end();
    assert_eq!(stage.discord.shown().len(), 2);
}

#[test]
fn a_new_generation_with_another_lexicon_is_seen_by_the_next_question() {
    let stage = Stage::new();
    check(&stage, "postino 是干啥用的", 1, "");
    assert!(!stage.discord.shown()[0].text().contains(ANSWER), "{:#?}", stage.discord.shown());
    stage.world.write("notes/lexicon.toml", "[[term]]\nname = \"kube-proxy\"\nalso = [\"postino\"]\n");
    stage.world.build();
    check(&stage, "postino 是干啥用的", 2, ANSWER);
    stage.bot.end();
}

#[test]
fn a_lexicon_that_is_broken_meanwhile_leaves_the_old_one_in_force() {
    let stage = Stage::new();
    stage.world.write("notes/lexicon.toml", "[[term]\n");
    check(&stage, QUESTION, 1, ANSWER);
    stage.bot.end();
}

#[test]
fn an_index_that_is_deleted_meanwhile_is_still_answered_from() {
    let stage = Stage::new();
    std::fs::remove_dir_all(stage.world.index()).unwrap();
    check(&stage, QUESTION, 1, ANSWER);
    stage.bot.end();
}
