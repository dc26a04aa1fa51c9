//! The slash commands as Discord shows them.

use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::desk::QUESTION_CHARS_MAX;
use crate::texts::{COMMAND_TEXTS, CommandText};

pub(super) const ASK: &str = "ask";
pub(super) const FORGET: &str = "forget";
pub(super) const QUESTION: &str = "question";

/// All commands of the bot; they replace what was there before.
pub(super) fn all() -> Vec<CreateCommand> {
    let texts = COMMAND_TEXTS;
    let mut question = CreateCommandOption::new(CommandOptionType::String, QUESTION, texts.question.english)
        .required(true)
        .max_length(QUESTION_CHARS_MAX);
    for (locale, name, description) in texts.question.others {
        question = question.name_localized(*locale, *name).description_localized(*locale, *description);
    }
    vec![command(ASK, &texts.ask).add_option(question), command(FORGET, &texts.forget)]
}

fn command(name: &str, text: &CommandText) -> CreateCommand {
    let command = CreateCommand::new(name).description(text.english);
    text.others.iter().fold(command, |command, (locale, name, description)| {
        command.name_localized(*locale, *name).description_localized(*locale, *description)
    })
}
