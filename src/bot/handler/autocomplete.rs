//! Somebody types a question into `/ask`: what it may become is offered at every keystroke.

use serenity::all::{CommandInteraction, LightMethod};
use serenity::http::Route;

use super::{FIRST_ANSWER_WITHIN, Handler, outgoing};
use crate::bot::commands;

impl Handler {
    /// Offers suggestions. An answer that comes too late is nothing to tell: the next key was pressed meanwhile.
    pub(super) async fn suggest(&self, typing: &CommandInteraction) {
        let typed = typing.data.autocomplete().filter(|option| option.name == commands::QUESTION);
        let suggestions = match typed.zip(self.course_of(typing)) {
            Some((option, course)) => course.desk.suggester().suggest(option.value).await,
            None => Vec::new(),
        };
        let route = Route::InteractionResponse { interaction_id: typing.id, token: &typing.token };
        let body = outgoing::to_typing(&suggestions);
        if let Err(reason) = self.rest.call(LightMethod::Post, route, &body, Some(FIRST_ANSWER_WITHIN)).await {
            tracing::debug!(event = typing.id.get(), %reason, "suggestions were not shown");
        }
    }
}
