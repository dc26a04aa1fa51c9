//! A section that is nothing but a picture is answered with the picture, where everybody can see it.

use serde_json::Value;

use super::assert_shows;
use crate::discord::{ALICE, Bot, Discord, Said, Shown, route};
use crate::world::World;

const QUESTION: &str = "调度器的工作流程图";
const NOTES: &[(&str, &str)] = &[
    ("课/a.md", "# 集群\n\n## 调度器的工作流程图\n\n![调度的流程](../img/flow 1.png)\n\n![](b.png)\n"),
    ("b.md", "# 节点\n\n## 调度器\n\n调度器给每个 Pod 选一个节点，工作流程见图。\n"),
];

/// The answer to the question, with links of this base, and what is shown after pressing Next and then Previous.
fn shown(notes: &[(&str, &str)], base_url: &str) -> (Shown, Option<[Shown; 2]>) {
    let world = World::new(notes);
    let discord = Discord::open();
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_LINKS__BASE_URL", base_url);
    });
    discord.wait_until_ready(1);
    discord.say(Said::mention(QUESTION));
    let first = discord.wait_for_shown(1)[0].clone();
    let leaf = |count: usize, from: &Shown, label: &str| {
        discord.press(from, label, ALICE);
        discord.wait_for_answered(route::CALLBACK, count);
        discord.shown()[0].clone()
    };
    let leafed = first.buttons.iter().any(|button| button["label"] == "Next ▶").then(|| {
        let next = leaf(1, &first, "Next");
        let back = leaf(2, &next, "Previous");
        [next, back]
    });
    bot.end();
    (first, leafed)
}

fn pictures(shown: &Shown) -> Vec<&Value> {
    shown.embeds.iter().map(|embed| &embed["image"]["url"]).filter(|url| !url.is_null()).collect()
}

#[test]
fn the_picture_is_shown_once_and_goes_when_another_hit_is_shown() {
    let (first, leafed) = shown(NOTES, "https://github.com/o/r/blob/main/notes");
    assert_shows(&first, "调度的流程");
    let address = "https://raw.githubusercontent.com/o/r/main/notes/img/flow%201.png";
    assert_eq!(pictures(&first), [address], "{first:#?}");
    let [next, back] = leafed.expect("two hits");
    assert!(pictures(&next).is_empty(), "{next:#?}");
    assert_eq!(pictures(&back), [address], "{back:#?}");
}

#[test]
fn a_picture_that_may_not_be_seen_by_everybody_is_not_shown() {
    for base_url in ["", "https://example.org/notes"] {
        let (first, _) = shown(NOTES, base_url);
        assert_shows(&first, "调度的流程");
        assert!(pictures(&first).is_empty(), "{first:#?}");
    }
}

#[test]
fn a_draft_shows_nothing_of_its_pictures() {
    let text = NOTES[0].1;
    let notes = [
        ("a.md", &*format!("---\ndraft: true\n---\n{text}").replace("../img/flow 1.png", "https://e.org/p.png")),
        NOTES[1],
    ];
    let (first, _) = shown(&notes, "https://github.com/o/r/blob/main");
    assert!(pictures(&first).is_empty() && !first.text().contains("调度的流程"), "{first:#?}");
}
