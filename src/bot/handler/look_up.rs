//! The command in the menu of a message: what somebody wrote is looked up in the notes, for whoever used the command alone.

use std::sync::atomic::Ordering;

use serenity::all::{CommandInteraction, Message};

use super::{Handler, asker};
use crate::bot::conversations::{Asked, Follows};
use crate::query::{QUESTION_CHARS_MAX, Question};
use crate::render::Reply;

impl Handler {
    /// Answers with the text of the chosen message as the question. Messages of other bots are looked up like any other.
    pub(super) async fn look_up(&self, command: &CommandInteraction) {
        let language = self.door.language(Some(&command.locale));
        let wanted = command.data.target_id.map(|target| target.to_message_id());
        let message = wanted.and_then(|id| command.data.resolved.messages.get(&id));
        let own = |message: &&Message| message.author.id.get() == self.own.load(Ordering::Relaxed);
        let notice = match message {
            Some(message) if own(&message) => language.look_up_mine(),
            Some(message) if !question(message).is_empty() => {
                let follows = Follows::Nothing(message.author.id.get());
                let asked = Asked::by_command(question(message), asker(command), follows);
                return self.answer_command(command, asked, true).await;
            }
            _ => language.nothing_to_look_up(),
        };
        self.respond(command, &Reply::notice(notice)).await;
    }
}

/// The text of a message as a question: as much of it as one may hold; empty when there is none.
fn question(message: &Message) -> String {
    let text: String = message.content.chars().take(QUESTION_CHARS_MAX).collect();
    if Question::new(&text).is_ok() { text } else { String::new() }
}
