//! The commands as Discord shows them.

use serenity::all::{
    CommandOptionType, CommandType, CreateCommand, CreateCommandOption, InteractionContext, Permissions,
};

use super::desk::QUESTION_CHARS_MAX;
use super::office::DAYS_MAX;
use crate::texts::{COMMAND_TEXTS, CommandText, LOOK_UP_NAMES};

pub(super) const ASK: &str = "ask";
pub(super) const FORGET: &str = "forget";
pub(super) const QUESTION: &str = "question";
pub(super) const PRIVATE: &str = "private";
/// In the menu of a message.
pub(super) const LOOK_UP: &str = LOOK_UP_NAMES.english;
pub(super) const REINDEX: &str = "reindex";
pub(super) const STATUS: &str = "status";
pub(super) const GAPS: &str = "gaps";
pub(super) const DAYS: &str = "days";

/// All commands of the bot; they replace what was there before. Those for instructors are shown only to members with
/// the permission, if there is one.
pub(super) fn all(needed: Option<Permissions>) -> Vec<CreateCommand> {
    let texts = COMMAND_TEXTS;
    let question = option(CommandOptionType::String, QUESTION, &texts.question);
    let question = question.required(true).max_length(QUESTION_CHARS_MAX).set_autocomplete(true);
    let private = option(CommandOptionType::Boolean, PRIVATE, &texts.private);
    let days = option(CommandOptionType::Integer, DAYS, &texts.days).min_int_value(1).max_int_value(DAYS_MAX);
    let for_instructors = |name, text| {
        let command = command(name, text).contexts(vec![InteractionContext::Guild]);
        match needed {
            Some(permissions) => command.default_member_permissions(permissions),
            None => command,
        }
    };
    vec![
        command(ASK, &texts.ask).add_option(question).add_option(private),
        command(FORGET, &texts.forget),
        look_up(),
        for_instructors(REINDEX, &texts.reindex),
        for_instructors(STATUS, &texts.status),
        for_instructors(GAPS, &texts.gaps).add_option(days),
    ]
}

fn option(kind: CommandOptionType, name: &str, text: &CommandText) -> CreateCommandOption {
    let option = CreateCommandOption::new(kind, name, text.english);
    text.others.iter().fold(option, |option, (locale, name, description)| {
        option.name_localized(*locale, *name).description_localized(*locale, *description)
    })
}

fn look_up() -> CreateCommand {
    let command = CreateCommand::new(LOOK_UP).kind(CommandType::Message);
    LOOK_UP_NAMES.others.iter().fold(command, |command, (locale, name)| command.name_localized(*locale, *name))
}

fn command(name: &str, text: &CommandText) -> CreateCommand {
    let command = CreateCommand::new(name).description(text.english);
    text.others.iter().fold(command, |command, (locale, name, description)| {
        command.name_localized(*locale, *name).description_localized(*locale, *description)
    })
}
