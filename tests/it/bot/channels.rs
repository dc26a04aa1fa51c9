//! How the bot answers in which channel: not at all, by a reply, in a thread; and where it listens to messages that do not mention it.

use super::{ANSWER, NEXT_ANSWER, NEXT_QUESTION, NOTES, QUESTION, Stage, assert_shows};
use crate::discord::{BORIS, BOT, Bot, DIRECT, Discord, FORUM, Fault, GENERAL, Id, Said, THREAD, permission, route};
use crate::world::World;

/// A bot with settings of `[discord.channels]`, in a Discord that lets it read everything.
#[track_caller]
fn stage(settings: &[(&str, String)]) -> Stage {
    let (world, discord) = (World::new(NOTES), Discord::open());
    discord.gateway(|gateway| gateway.grants_content = true);
    let bot = Bot::start_with(&world, &discord, |command| {
        for (key, value) in settings {
            command.env(format!("KEWEN_DISCORD__{}", key.to_uppercase()), value);
        }
    });
    discord.wait_until_ready(1);
    Stage { world, discord, bot }
}

fn listening(mode: &str, channel: Id) -> Stage {
    stage(&[("message_content", "true".to_owned()), (mode, channel.to_string())])
}

/// Says something that must not be answered, asks in a direct message what is answered, and sees that this is all that was shown
/// after `before` messages.
#[track_caller]
fn assert_silent(stage: &Stage, said: Said, before: usize) {
    stage.discord.say(said);
    let asked = stage.discord.say(Said::direct(NEXT_QUESTION));
    let shown = stage.discord.wait_for_shown(before + 1);
    assert_eq!(shown[before].answers, Some(asked), "{shown:#?}");
}

/// Ends the bot, which has shown so many messages and no more.
#[track_caller]
fn end(stage: Stage, count: usize) {
    let Stage { discord, bot, .. } = stage;
    bot.end();
    assert_eq!(discord.shown().len(), count, "{:#?}", discord.shown());
}

#[test]
fn a_channel_that_is_off_is_silent_and_its_commands_are_answered_privately() {
    let stage = stage(&[("channels__off", GENERAL.to_string())]);
    assert_silent(&stage, Said::mention(QUESTION), 0);
    assert_silent(&stage, Said::mention(QUESTION).in_channel(THREAD), 1);
    stage.discord.ask(QUESTION);
    let shown = stage.discord.wait_for_shown(3);
    assert!(shown[2].only_to_asker, "{shown:#?}");
    assert_shows(&shown[2], ANSWER);
    assert!(stage.discord.requests(route::CHANNEL).len() <= 2, "each channel is looked at once");
    end(stage, 3);
}

#[test]
fn everything_may_be_off_but_one_channel() {
    let stage = stage(&[("channels__default", "off".to_owned()), ("channels__mention", THREAD.to_string())]);
    assert_silent(&stage, Said::mention(QUESTION), 0);
    let asked = stage.discord.say(Said::mention(QUESTION).in_channel(THREAD));
    let shown = stage.discord.wait_for_shown(2);
    assert_eq!((shown[1].channel, shown[1].answers), (THREAD, Some(asked)));
    end(stage, 2);
}

#[test]
fn an_answer_in_a_thread_goes_on_there_without_a_mention() {
    let stage = listening("channels__thread", GENERAL);
    let asked = stage.discord.say(Said::mention(QUESTION));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (asked, None), "the thread has the id of the question");
    assert_shows(&shown[0], ANSWER);
    let opened = stage.discord.requests(route::OPEN_THREAD);
    assert_eq!(opened.len(), 1, "{opened:#?}");
    assert_eq!(opened[0].body["name"], QUESTION, "without the mention");
    // Another member goes on, with words that lean on the question before.
    let followed = stage.discord.say(Said::aloud(NEXT_QUESTION).in_channel(asked).by(BORIS));
    let shown = stage.discord.wait_for_shown(2);
    assert_eq!((shown[1].channel, shown[1].answers), (asked, Some(followed)));
    assert_shows(&shown[1], NEXT_ANSWER);
    let said = |text: &str| Said::aloud(text).in_channel(asked);
    assert_silent(&stage, said(&format!("<@{BORIS}> {QUESTION}")), 2);
    assert_silent(&stage, said(QUESTION).replying_to(followed), 3);
    assert_silent(&stage, said(&format!("@everyone {QUESTION}")), 4);
    // Elsewhere a mention is needed as ever.
    assert_silent(&stage, Said::aloud(QUESTION), 5);
    assert_silent(&stage, Said::aloud(QUESTION).in_channel(THREAD), 6);
    end(stage, 7);
}

#[test]
fn a_question_in_a_thread_is_answered_in_it() {
    let stage = listening("channels__thread", GENERAL);
    let asked = stage.discord.say(Said::mention(QUESTION).in_channel(THREAD));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (THREAD, Some(asked)));
    assert!(stage.discord.requests(route::OPEN_THREAD).is_empty());
    end(stage, 1);
}

#[test]
fn without_the_right_to_open_threads_the_answer_is_a_reply() {
    let stage = listening("channels__thread", GENERAL);
    stage.discord.deny(GENERAL, permission::CREATE_PUBLIC_THREADS);
    let asked = stage.discord.say(Said::mention(QUESTION));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (GENERAL, Some(asked)));
    stage.bot.wait_for_log("threads cannot be opened in this channel");
    end(stage, 1);
}

#[test]
fn where_threads_cannot_be_written_in_the_answers_are_replies_and_one_empty_thread_is_left() {
    let stage = listening("channels__thread", GENERAL);
    stage.discord.deny_in_threads(permission::SEND_MESSAGES_IN_THREADS);
    let asked = [0, 1].map(|before| {
        let asked = stage.discord.say(Said::mention(QUESTION));
        stage.discord.wait_for_shown(before + 1);
        asked
    });
    let answered: Vec<_> = stage.discord.shown().iter().map(|shown| (shown.channel, shown.answers)).collect();
    assert_eq!(answered, [(GENERAL, Some(asked[0])), (GENERAL, Some(asked[1]))]);
    assert_eq!(stage.discord.requests(route::OPEN_THREAD).len(), 1, "the channel is remembered");
    end(stage, 2);
}

#[test]
fn who_replies_to_the_first_answer_of_a_thread_goes_on_from_it() {
    let stage = listening("channels__thread", GENERAL);
    let asked = stage.discord.say(Said::mention(QUESTION));
    let first = stage.discord.wait_for_shown(1)[0].id;
    stage.discord.say(Said::aloud("它是什么").in_channel(asked).by(BORIS).replying_to(first));
    let shown = stage.discord.wait_for_shown(2);
    assert!(shown[1].text().contains("kube-proxy"), "{shown:#?}");
    end(stage, 2);
}

#[test]
fn a_question_of_a_thread_is_handed_on_in_its_own_words() {
    let stage = stage(&[("channels__thread", GENERAL.to_string()), ("instructor_channel", THREAD.to_string())]);
    stage.discord.say(Said::mention("openyurt 的边缘自治"));
    let nothing = stage.discord.wait_for_shown(1).remove(0);
    stage.discord.press(&nothing, "Ask an instructor", BORIS);
    let shown = stage.discord.wait_for_shown(2);
    let post = shown.iter().find(|shown| shown.channel == THREAD).unwrap();
    assert!(post.content.contains("openyurt 的边缘自治"), "{post:#?}");
    stage.bot.end();
}

#[test]
fn a_mention_without_a_question_opens_no_thread() {
    let stage = listening("channels__thread", GENERAL);
    let asked = stage.discord.say(Said::mention(""));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (GENERAL, Some(asked)));
    assert!(stage.discord.requests(route::OPEN_THREAD).is_empty());
    end(stage, 1);
}

#[test]
fn a_new_post_in_a_forum_is_answered_and_what_follows_is_left_to_people() {
    let stage = listening("channels__forum", FORUM);
    let post = stage.discord.post_in_forum("求助", QUESTION);
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (post, Some(post)));
    assert_shows(&shown[0], ANSWER);
    assert_silent(&stage, Said::aloud(NEXT_QUESTION).in_channel(post).by(BORIS), 1);
    let asked = stage.discord.say(Said::mention(NEXT_QUESTION).in_channel(post));
    assert_eq!(stage.discord.wait_for_shown(3)[2].answers, Some(asked));
    end(stage, 3);
}

#[test]
fn without_the_setting_nothing_is_read_that_does_not_mention_the_bot() {
    let stage = stage(&[("channels__thread", GENERAL.to_string())]);
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(1);
    assert_silent(&stage, Said::aloud(NEXT_QUESTION).in_channel(asked), 1);
    end(stage, 2);
}

#[test]
fn what_a_post_is_called_is_asked_too() {
    let stage = stage(&[
        ("message_content", "true".to_owned()),
        ("channels__forum", FORUM.to_string()),
        ("instructor_channel", GENERAL.to_string()),
    ]);
    for (count, (name, text)) in [(QUESTION, "如题，先谢谢各位"), (QUESTION, "")].into_iter().enumerate() {
        let post = stage.discord.post_in_forum(name, text);
        let shown = stage.discord.wait_for_shown(count + 1);
        assert_eq!((shown[count].channel, shown[count].answers), (post, Some(post)));
        assert_shows(&shown[count], ANSWER);
    }
    // One that mentions the bot as well, and what is handed on of it.
    stage.discord.post_in_forum("openyurt 的边缘自治", &format!("<@{BOT}> 求教"));
    let nothing = stage.discord.wait_for_shown(3).remove(2);
    stage.discord.press(&nothing, "Ask an instructor", BORIS);
    let handed_on = stage.discord.wait_for_shown(4).into_iter().find(|shown| shown.channel == GENERAL).unwrap();
    assert!(handed_on.content.contains("> openyurt 的边缘自治 求教"), "{handed_on:#?}");
    end(stage, 4);
}

#[test]
fn what_people_say_to_each_other_in_a_thread_is_left_to_them() {
    let stage = listening("channels__thread", GENERAL);
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(1);
    let said = |text: &str| Said::aloud(text).in_channel(asked).by(BORIS);
    for (before, text) in ["谢谢！", "哈哈哈哈", "真的吗", "我先吃饭去了", "👍"].into_iter().enumerate()
    {
        assert_silent(&stage, said(text), before + 1);
    }
    // A reply names the bot without a word.
    let answer = stage.discord.shown()[0].id;
    assert_silent(&stage, said("谢谢").replying_to(answer), 6);
    // What asks is answered, also when the notes have nothing.
    stage.discord.say(said("openyurt 怎么安装"));
    assert_eq!(stage.discord.wait_for_shown(8)[7].channel, asked);
    // It is no gap in the notes either.
    let log = crate::world::json(&stage.world.kewen(&["gaps", "--format", "json"]).stdout);
    assert!(!log.to_string().contains("吃饭"), "{log:#}");
    end(stage, 8);
}

#[test]
fn a_reply_to_what_was_handed_on_is_for_people() {
    let stage = stage(&[("instructor_channel", GENERAL.to_string())]);
    stage.discord.say(Said::mention("openyurt 的边缘自治").in_channel(THREAD));
    let nothing = stage.discord.wait_for_shown(1).remove(0);
    stage.discord.press(&nothing, "Ask an instructor", BORIS);
    let shown = stage.discord.wait_for_shown(2);
    let post = shown.iter().find(|shown| shown.channel == GENERAL).unwrap();
    assert_silent(&stage, Said::aloud("Pod 那节我来补").by(BORIS).replying_to(post.id), 2);
    stage.discord.say(Said::mention(NEXT_QUESTION).by(BORIS).replying_to(post.id));
    assert_shows(&stage.discord.wait_for_shown(4)[3], NEXT_ANSWER);
    end(stage, 4);
}

/// Discord does not say what kind of channel it is, twice.
fn lose(stage: &Stage) {
    [0, 1].iter().for_each(|_| stage.discord.fault(route::CHANNEL, Fault::Status(500)));
}

#[test]
fn where_the_bot_may_have_to_be_silent_it_is_until_it_knows() {
    let stage = listening("channels__off", GENERAL);
    lose(&stage);
    stage.discord.say(Said::mention(QUESTION).in_channel(THREAD));
    stage.discord.wait_for_requests(route::CHANNEL, 2);
    assert_silent(&stage, Said::mention(QUESTION).in_channel(THREAD), 0);
    end(stage, 1);
}

#[test]
fn where_only_the_form_of_the_answer_is_unknown_it_is_a_reply() {
    let stage = listening("channels__thread", GENERAL);
    lose(&stage);
    let asked = stage.discord.say(Said::mention(QUESTION).in_channel(THREAD));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (THREAD, Some(asked)));
    end(stage, 1);
}

#[test]
fn an_intent_that_was_not_approved_is_told_with_the_setting() {
    let (world, discord) = (World::new(NOTES), Discord::open());
    let bot = Bot::start_with(&world, &discord, |command| {
        command.env("KEWEN_DISCORD__MESSAGE_CONTENT", "true");
    });
    let exit = bot.exit();
    assert!(exit.code == Some(2) && exit.log.contains("Message Content Intent"), "{exit:?}");
    assert!(discord.shown().iter().all(|shown| shown.channel != DIRECT));
}

#[test]
fn what_people_say_to_each_other_takes_nothing_from_what_they_may_ask() {
    let stage = stage(&[
        ("message_content", "true".to_owned()),
        ("channels__thread", GENERAL.to_string()),
        ("limits__member", "2".to_owned()),
    ]);
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(1);
    for text in ["好的", "收到", "哈哈哈", "我先走了", "晚安", "明天见"] {
        stage.discord.say(Said::aloud(text).in_channel(asked).by(BORIS));
    }
    for count in [2, 3] {
        stage.discord.say(Said::aloud(NEXT_QUESTION).in_channel(asked).by(BORIS));
        assert_shows(&stage.discord.wait_for_shown(count)[count - 1], NEXT_ANSWER);
    }
    // What is answered counts, and what is too much gets no scolding among people.
    stage.discord.say(Said::aloud("openyurt 怎么安装").in_channel(asked).by(BORIS));
    let waits = stage.discord.say(Said::mention(NEXT_QUESTION).by(BORIS));
    let shown = stage.discord.wait_for_shown(4);
    assert!(shown[3].answers == Some(waits) && shown[3].text().contains("Not so fast"), "{shown:#?}");
    let Stage { world, discord, bot } = stage;
    bot.end();
    assert_eq!(discord.shown().len(), 4, "{:#?}", discord.shown());
    // Nor is it a gap, as nobody was answered.
    let log = crate::world::json(&world.kewen(&["gaps", "--format", "json"]).stdout);
    assert!(!log.to_string().contains("openyurt"), "{log:#}");
}

#[test]
fn a_post_that_names_somebody_is_a_question_all_the_same() {
    let stage = listening("channels__forum", FORUM);
    let post = stage.discord.post_in_forum(QUESTION, &format!("<@{BORIS}> @everyone 求解答"));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (post, Some(post)));
    assert_shows(&shown[0], ANSWER);
    end(stage, 1);
}

#[test]
fn where_no_course_is_asked_people_are_left_alone() {
    let (world, discord) = (World::new(NOTES), Discord::open());
    discord.gateway(|gateway| gateway.grants_content = true);
    let settings = |course: &str| {
        format!(
            "[discord]\nmessage_content = true\nchannels.thread = [\"{GENERAL}\"]\n[courses.k8s]\nnotes.dir = \"notes\"\n{course}\n"
        )
    };
    world.write("kewen.toml", settings(&format!("channels = [\"{GENERAL}\"]")));
    let bot = Bot::start_bare(&world, &discord);
    discord.wait_until_ready(1);
    let asked = discord.say(Said::mention(QUESTION));
    discord.wait_for_shown(1);
    bot.end();
    world.write("kewen.toml", settings(&format!("channels = [\"{DIRECT}\"]")));
    let bot = Bot::start_bare(&world, &discord);
    discord.wait_until_ready(2);
    let stage = Stage { world, discord, bot };
    assert_silent(&stage, Said::aloud("谢谢").in_channel(asked), 1);
    assert_silent(&stage, Said::aloud(NEXT_QUESTION).in_channel(asked), 2);
    end(stage, 3);
}

#[test]
fn who_comes_into_a_thread_goes_on_from_its_last_answer() {
    let stage = listening("channels__thread", GENERAL);
    let asked = stage.discord.say(Said::mention(QUESTION));
    stage.discord.wait_for_shown(1);
    stage.discord.say(Said::aloud("那它是什么").in_channel(asked).by(BORIS));
    let shown = stage.discord.wait_for_shown(2);
    assert!(shown[1].text().contains("Going on from: kube-proxy"), "{shown:#?}");
    // What is asked of people is theirs to answer.
    assert_silent(&stage, Said::aloud("你的 kube-proxy 是什么版本？").in_channel(asked).by(BORIS), 2);
    assert_silent(&stage, Said::aloud("谁重启过 kube-proxy 吗？").in_channel(asked).by(BORIS), 3);
    // Elsewhere everybody has a conversation of their own.
    stage.discord.say(Said::mention(QUESTION).in_channel(THREAD));
    stage.discord.wait_for_shown(5);
    stage.discord.say(Said::mention("那它是什么").in_channel(THREAD).by(BORIS));
    assert!(!stage.discord.wait_for_shown(6)[5].text().contains("kube-proxy"), "{:#?}", stage.discord.shown());
    end(stage, 6);
}

#[test]
fn greetings_open_no_thread() {
    let stage = listening("channels__thread", GENERAL);
    let asked = stage.discord.say(Said::mention("谢谢老师"));
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!((shown[0].channel, shown[0].answers), (GENERAL, Some(asked)));
    assert!(stage.discord.requests(route::OPEN_THREAD).is_empty());
    end(stage, 1);
}

#[test]
fn the_name_of_a_post_counts_before_its_story_and_introductions_are_left_to_people() {
    let stage = listening("channels__forum", FORUM);
    let post = stage.discord.post_in_forum(QUESTION, "RT，我的 Pod 昨天突然挂了，求大佬看看 Pod 是不是要重建");
    let shown = stage.discord.wait_for_shown(1);
    assert_eq!(shown[0].answers, Some(post));
    assert!(shown[0].embeds[0]["title"].as_str().unwrap().contains("kube-proxy"), "{shown:#?}");
    stage.discord.post_in_forum("大家好", "我是新来的，请多关照");
    let asked = stage.discord.say(Said::direct(NEXT_QUESTION));
    assert_eq!(stage.discord.wait_for_shown(2)[1].answers, Some(asked));
    end(stage, 2);
}
