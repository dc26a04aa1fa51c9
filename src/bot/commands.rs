//! The slash commands as Discord shows them.

use serenity::all::{CommandOptionType, CreateCommand, CreateCommandOption};

use super::desk::QUESTION_CHARS_MAX;
use crate::texts::COMMAND_TEXTS;

pub(super) const ASK: &str = "ask";
pub(super) const QUESTION: &str = "question";

/// All commands of the bot; they replace what was there before.
pub(super) fn all() -> Vec<CreateCommand> {
    let texts = COMMAND_TEXTS;
    let mut question = CreateCommandOption::new(CommandOptionType::String, QUESTION, texts.question.english)
        .required(true)
        .max_length(QUESTION_CHARS_MAX);
    let mut ask = CreateCommand::new(ASK).description(texts.ask.english);
    for (locale, name, description) in texts.ask.others {
        ask = ask.name_localized(*locale, *name).description_localized(*locale, *description);
    }
    for (locale, name, description) in texts.question.others {
        question = question.name_localized(*locale, *name).description_localized(*locale, *description);
    }
    vec![ask.add_option(question)]
}
