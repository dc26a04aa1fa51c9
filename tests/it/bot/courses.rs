//! Several courses behind one bot: which of them a channel asks.

use super::Stage;
use crate::discord::{ALICE, BORIS, Bot, DIRECT, Discord, Fault, GENERAL, GUILD, Id, Said, THREAD, Used, route};
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

#[test]
fn buttons_stay_with_the_course_that_answered() {
    let stage = stage(&format!("channels = [\"{GENERAL}\"]"), "default = true");
    check(&stage, mention(GENERAL), 1, "最小的调度单位");
    let first = stage.discord.shown().remove(0);
    let Stage { world, discord, bot } = stage;
    bot.end();
    world.write(
        "kewen.toml",
        format!(
            "[courses.k8s]\nnotes.dir = \"k8s\"\n[courses.garden]\nnotes.dir = \"garden\"\nchannels = [\"{GENERAL}\"]\n"
        ),
    );
    let bot = Bot::start_bare(&world, &discord);
    discord.wait_until_ready(2);
    let stage = Stage { world, discord, bot };
    check(&stage, mention(GENERAL), 2, "豌豆荚");
    stage.discord.press(&first, "Whole section", ALICE);
    assert!(stage.discord.wait_for_shown(3)[2].text().contains("最小的调度单位"), "{:#?}", stage.discord.shown());
    stage.bot.end();
}

#[test]
fn where_it_is_not_known_which_course_a_thread_asks_none_is() {
    let stage = stage(&format!("channels = [\"{GENERAL}\"]"), "default = true");
    [0, 1].iter().for_each(|_| stage.discord.fault(route::CHANNEL, Fault::Status(500)));
    check(&stage, mention(THREAD), 1, NO_COURSE);
    check(&stage, mention(THREAD), 2, "最小的调度单位");
    stage.bot.end();
}

#[test]
fn logs_that_nobody_writes_now_forget_too() {
    let world = World::new(&[]);
    world.write("garden/a.md", "# Pod\n\nPod 是豌豆荚。\n");
    std::fs::create_dir(world.index()).unwrap();
    let stage = start(world, &format!("servers = [\"{GUILD}\"]"), &format!("channels = [\"{THREAD}\"]"));
    check(&stage, mention(GENERAL), 1, "最小的调度单位");
    check(&stage, mention(THREAD), 2, "豌豆荚");
    let Stage { world, discord, bot } = stage;
    bot.end();
    // One course does not log any more, and the other one cannot be opened.
    std::fs::remove_dir_all(world.path("garden")).unwrap();
    std::fs::remove_dir_all(world.index()).unwrap();
    world.write(
        "kewen.toml",
        "[courses.k8s]\nnotes.dir = \"k8s\"\ndefault = true\nlog.enabled = false\n[courses.garden]\nnotes.dir = \"garden\"\n",
    );
    let bot = Bot::start_bare(&world, &discord);
    discord.wait_until_ready(2);
    discord.command("forget");
    let told = discord.wait_for_shown(3)[2].text();
    assert!(told.contains('2'), "{told}");
    bot.end();
}

#[test]
fn instructors_read_which_course_a_question_is_about_and_where_it_was_asked() {
    let posts = format!("discord.instructor_channel = \"{THREAD}\"");
    let stage = stage(&format!("servers = [\"{GUILD}\"]\n{posts}"), &format!("default = true\n{posts}"));
    stage.discord.say(Said::mention("openyurt 的边缘自治"));
    let nothing = stage.discord.wait_for_shown(1).remove(0);
    stage.discord.press(&nothing, "Ask an instructor", BORIS);
    let shown = stage.discord.wait_for_shown(2);
    let post = &shown.iter().find(|shown| shown.channel == THREAD).unwrap().content;
    let link = format!("<https://discord.com/channels/{GUILD}/{GENERAL}/{}>", nothing.id);
    assert!(post.starts_with("[k8s] boris (<@") && post.contains(&link), "{post}");
    // What only its asker sees has no address for others.
    stage.discord.ask_privately("openyurt 的边缘自治吗");
    let private = stage.discord.wait_for_shown(3).into_iter().find(|shown| shown.only_to_asker).unwrap();
    stage.discord.press(&private, "转给老师", ALICE);
    let posts = stage.discord.wait_for_shown(4).into_iter().filter(|shown| shown.channel == THREAD);
    let post = posts.max_by_key(|shown| shown.id).unwrap().content;
    assert!(post.starts_with("[k8s] alice (<@") && post.contains("in private") && !post.contains("https"), "{post}");
    stage.bot.end();
}

#[test]
fn the_weeks_gaps_say_which_course_they_are_of() {
    let stage = stage("default = true", "");
    check(&stage, Said::direct("karmada 怎么安装"), 1, "");
    let Stage { world, discord, bot } = stage;
    bot.end();
    let settings = std::fs::read_to_string(world.path("kewen.toml")).unwrap();
    let posting = format!("default = true\ndiscord.gaps_channel = \"{GENERAL}\"");
    world.write("kewen.toml", settings.replace("default = true", &posting));
    let bot = Bot::start_bare(&world, &discord);
    let posted = discord.wait_for_shown(2).remove(1);
    assert!(posted.content.starts_with("[k8s] What was not answered well this week:"), "{posted:#?}");
    bot.wait_for_log("the week's gaps are posted");
    bot.end();
}

#[test]
fn a_channel_for_the_instructors_of_a_course_asks_that_course() {
    let stage = stage(
        &format!("channels = [\"{THREAD}\"]\ndiscord.instructor_channel = \"{GENERAL}\""),
        "channels = [\"1310000000000000077\"]",
    );
    check(&stage, mention(GENERAL), 1, "最小的调度单位");
    stage.discord.use_command(&Used::of("status")).unwrap();
    assert!(stage.discord.wait_for_shown(2)[1].text().contains("索引"), "{:#?}", stage.discord.shown());
    stage.bot.end();
}
