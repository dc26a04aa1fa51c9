//! What is wrong with a command line, in words. clap finds it; its own sentences are English only.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Language;

impl Language {
    /// The error in one sentence, with what was probably meant.
    #[must_use]
    pub fn usage(self, error: &clap::Error) -> String {
        let context = |kind: ContextKind| match error.get(kind) {
            Some(ContextValue::String(text)) => text.clone(),
            Some(ContextValue::Strings(texts)) => texts.join(self.pick("、", ", ")),
            _ => String::new(),
        };
        let argument = context(ContextKind::InvalidArg);
        let value = context(ContextKind::InvalidValue);
        let sentence = match error.kind() {
            ErrorKind::UnknownArgument => {
                self.pick(format!("没有这个选项：{argument}"), format!("There is no option {argument}"))
            }
            ErrorKind::InvalidSubcommand => {
                let command = context(ContextKind::InvalidSubcommand);
                self.pick(format!("没有这个命令：{command}"), format!("There is no command {command}"))
            }
            ErrorKind::InvalidValue if value.is_empty() => {
                self.pick(format!("{argument} 后面少了一个值"), format!("{argument} needs a value"))
            }
            ErrorKind::ValueValidation if range(error).is_some() => {
                let (first, last) = range(error).unwrap_or_default();
                self.pick(
                    format!("{argument} 的值 {value} 不对，要在 {first} 和 {last} 之间"),
                    format!("The value {value} does not fit {argument}, which is from {first} to {last}"),
                )
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
                self.pick(format!("{argument} 的值 {value} 不对"), format!("The value {value} does not fit {argument}"))
            }
            ErrorKind::MissingRequiredArgument => {
                self.pick(format!("少了 {argument}"), format!("{argument} is missing"))
            }
            ErrorKind::ArgumentConflict => {
                let other = context(ContextKind::PriorArg);
                self.pick(
                    format!("{argument} 和 {other} 不能一起用"),
                    format!("{argument} and {other} do not go together"),
                )
            }
            _ => self.pick("看不懂这条命令".to_owned(), "This command line cannot be understood".to_owned()),
        };
        let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
            .map(context)
            .concat();
        let allowed = context(ContextKind::ValidValue);
        if !meant.is_empty() {
            sentence + &self.pick(format!("。是不是 {meant} ？"), format!(". Did you mean {meant}?"))
        } else if !allowed.is_empty() {
            sentence + &self.pick(format!("，可以是：{allowed}"), format!("; it may be: {allowed}"))
        } else {
            sentence
        }
    }
}

/// The least and the greatest value of a number that is out of range. clap has them in its own sentence only.
fn range(error: &clap::Error) -> Option<(String, String)> {
    let sentence = std::error::Error::source(error)?.to_string();
    let (_, range) = sentence.split_once(" is not in ")?;
    let (first, last) = range.split_once("..=")?;
    Some((first.to_owned(), last.to_owned()))
}
