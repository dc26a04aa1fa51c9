//! Several courses behind one bot: which of them a channel asks.

use super::Stage;
use crate::discord::{Bot, DIRECT, Discord, GENERAL, GUILD, Id, Said, THREAD, Used};
use crate::world::World;

const QUESTION: &str = "Pod 是什么";
const NO_COURSE: &str = "Which course this is about";

/// A bot for two courses with these settings, in a world with a log.
#[track_caller]
fn stage(k8s: &str, garden: &str) -> Stage {
    let world = World::new(&[]);
    world.write("garden/a.md", "# Pod\n\nPod 是豌豆荚。\n");
    start(world, k8s, garden)
}

#[track_caller]
fn start(world: World, k8s: &str, garden: &str) -> Stage {
    let discord = Discord::open();
    world.write("k8s/a.md", "# Pod\n\nPod 是最小的调度单位。\n");
    world.write(
        "kewen.toml",
        format!("[courses.k8s]\nnotes.dir = \"k8s\"\n{k8s}\n[courses.garden]\nnotes.dir = \"garden\"\n{garden}\n"),
    );
    let bot = Bot::start_bare(&world, &discord);
    discord.wait_until_ready(1);
    Stage { world, discord, bot }
}

/// Says something, and holds the `count`th message that the bot shows against the text.
#[track_caller]
fn check(stage: &Stage, said: Said, count: usize, text: &str) {
    let asked = stage.discord.say(said);
    let shown = stage.discord.wait_for_shown(count);
    let last = &shown[count - 1];
    assert!(last.answers == Some(asked) && last.text().contains(text), "{text:?} is not in {last:#?}");
}

fn mention(channel: Id) -> Said {
    Said::mention(QUESTION).in_channel(channel)
}

#[test]
fn a_channel_asks_its_own_course_and_the_others_that_of_their_server() {
    let stage = stage(&format!("servers = [\"{GUILD}\"]"), &format!("channels = [\"{THREAD}\"]"));
    check(&stage, mention(GENERAL), 1, "最小的调度单位");
    check(&stage, mention(THREAD), 2, "豌豆荚");
    check(&stage, Said::direct(QUESTION), 3, NO_COURSE);
    stage.discord.ask_in(THREAD, QUESTION);
    assert!(stage.discord.wait_for_shown(4)[3].text().contains("豌豆荚"));
    // Buttons below an answer are about its own course.
    let shown = stage.discord.wait_for_shown(4);
    stage.discord.press(&shown[3], "看全文", crate::discord::ALICE);
    assert!(stage.discord.wait_for_shown(5)[4].text().contains("豌豆荚"), "{:#?}", stage.discord.shown());
    stage.bot.end();
}

#[test]
fn a_thread_asks_the_course_of_its_channel_and_a_direct_message_the_default_one() {
    let stage = stage(&format!("channels = [\"{GENERAL}\"]"), "default = true");
    check(&stage, mention(THREAD), 1, "最小的调度单位");
    check(&stage, mention(GENERAL), 2, "最小的调度单位");
    check(&stage, Said::direct(QUESTION).in_channel(DIRECT), 3, "豌豆荚");
    stage.discord.ask_in(THREAD, QUESTION);
    assert!(stage.discord.wait_for_shown(4)[3].text().contains("最小的调度单位"));
    stage.bot.end();
}

#[test]
fn instructors_are_told_of_the_course_of_their_channel_and_a_reindex_changes_no_other() {
    let stage = stage(&format!("servers = [\"{GUILD}\"]"), "default = true");
    stage.world.write("k8s/a.md", "# Pod\n\nPod 是一组容器。\n");
    stage.world.write("garden/a.md", "# Pod\n\nPod 是向日葵。\n");
    stage.discord.use_command(&Used::of("reindex")).unwrap();
    let shown = stage.discord.wait_for_shown(1);
    assert!(shown[0].only_to_asker, "{shown:#?}");
    check(&stage, mention(GENERAL), 2, "一组容器");
    check(&stage, Said::direct(QUESTION), 3, "豌豆荚");
    stage.bot.end();
}

#[test]
fn who_wants_to_be_forgotten_is_forgotten_by_all_courses() {
    let stage = stage(&format!("servers = [\"{GUILD}\"]"), "default = true");
    check(&stage, mention(GENERAL), 1, "最小的调度单位");
    check(&stage, Said::direct(QUESTION), 2, "豌豆荚");
    stage.discord.command("forget");
    let told = stage.discord.wait_for_shown(3)[2].text();
    assert!(told.contains('2'), "{told}");
    // Nor does what was asked live on as the subject of the next question.
    stage.discord.say(Said::direct("它是什么"));
    assert!(!stage.discord.wait_for_shown(4)[3].text().contains("豌豆荚"), "{:#?}", stage.discord.shown());
    stage.bot.end();
}

#[test]
fn a_course_whose_notes_are_missing_is_told_and_keeps_no_other_from_answering() {
    let stage = start(World::new(&[]), "default = true", &format!("channels = [\"{THREAD}\"]"));
    stage.bot.wait_for_log("The course garden is not answered for now");
    check(&stage, mention(GENERAL), 1, "最小的调度单位");
    check(&stage, mention(THREAD), 2, NO_COURSE);
    stage.bot.end();
}
