//! Nothing that people or notes hold pings anybody, breaks a limit, or gets into the log.

use super::{ANSWER, NOTES, QUESTION, Stage};
use crate::discord::{ALICE, BOT, ROLE, Said};

/// Everything that could ping, link, hide or run on.
fn traps() -> String {
    format!(
        "@everyone @here <@{ALICE}> <@!{ALICE}> <@&{ROLE}> [看这里](https://evil.example/) https://evil.example/ \
         ||藏|| **粗** __下__ ~~删~~ > 引 # 题 `码` ``` <#1> <:x:1> <t:1> \\@everyone"
    )
}

/// Each question is answered by one message, said aloud and as a command; the fake sees to limits and pings. Gives
/// what was shown for the first.
#[track_caller]
fn check(notes: &[(&str, &str)], questions: &[&str]) -> String {
    let stage = Stage::with_notes(notes);
    let mut expected = Vec::new();
    for question in questions {
        expected.push((stage.discord.say(Said::mention(question)), ""));
        stage.discord.wait_for_shown(expected.len());
        expected.push((stage.discord.ask(question), ""));
        stage.discord.wait_for_shown(expected.len());
    }
    let text = stage.discord.shown()[0].text();
    stage.end_with(&expected);
    text
}

#[test]
fn long_questions_are_answered_within_the_limits() {
    let mention = format!("<@{BOT}> ").chars().count();
    let fill = |part: &str| part.chars().cycle().take(2000 - mention).collect::<String>();
    let parts = [QUESTION, "🤔👩‍👩‍👧‍👦", "字", "``` @everyone ", "\\*_~|", "kube-proxy ", "> "];
    let questions: Vec<String> = parts.into_iter().map(fill).chain(["🤔".repeat(1000)]).collect();
    check(NOTES, &questions.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_question_that_is_too_long_is_told_so() {
    // Who pays for Discord may write 4,000 characters.
    let told = check(NOTES, &[&"字".repeat(3990)]);
    assert!(told.contains("too long"), "{told}");
}

#[test]
fn traps_in_a_question_do_no_harm() {
    let found = format!("{QUESTION} {}", traps());
    let lost = "吃火锅 @everyone ``` <@&1> 还是 karmada_@here_烧烤";
    check(NOTES, &[&found, &traps(), lost]);
}

#[test]
fn traps_in_the_notes_do_no_harm() {
    let traps = traps();
    let body = format!("kube-proxy 把访问 Service 的流量转给 Pod。{traps}\n\n```sh\necho '{traps}'\n");
    let note = format!("# {traps}\n\n## kube-proxy 是干啥用的？ {traps}\n\n{body}");
    let name = "a ``` @everyone [x](y) <@1>.md";
    let shown = check(&[(name, &note), ("b.md", &note), ("c.md", &format!("# c\n\n{body}"))], &[QUESTION]);
    assert!(shown.contains("Service 的流量"), "{shown}");
}

#[test]
fn long_notes_are_shown_within_the_limits() {
    let heading = "kube-proxy 是干啥用的 ".repeat(40);
    let text = format!("kube-proxy {}。", "把访问 Service 的流量转给 Pod *_`|".repeat(200));
    let code = format!("```yaml\n{}\n```", "kube-proxy: x\n".repeat(300));
    let note = format!("# {heading}\n\n## {heading}\n\n### {heading}\n\n{text}\n\n{code}\n");
    let names: Vec<String> = (0..6).map(|number| format!("{}/{number}.md", "长".repeat(60))).collect();
    let notes: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), note.as_str())).collect();
    check(&notes, &[QUESTION]);
}

#[test]
fn the_log_holds_no_text_of_a_question_or_an_answer() {
    let stage = Stage::new();
    let word = "geheimeswort";
    stage.discord.say(Said::mention(&format!("{QUESTION} {word}")));
    stage.discord.wait_for_shown(1);
    stage.discord.ask(&format!("{QUESTION} {word}"));
    stage.discord.wait_for_shown(2);
    stage.discord.say(Said::direct(&word.repeat(300)));
    stage.discord.wait_for_shown(3);
    let log = stage.bot.log();
    for text in [word, QUESTION, "干啥用", ANSWER] {
        assert!(!log.contains(text), "{text:?} is in the log\n{log}");
    }
    stage.bot.end();
}
