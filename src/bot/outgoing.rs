//! A reply in Discord's own form. Every message that leaves the bot is made here, and none of them pings anybody.

use serenity::all::{
    CommandInteraction, CreateAllowedMentions, CreateEmbed, CreateEmbedFooter, CreateInteractionResponse,
    CreateInteractionResponseMessage, CreateMessage, EditInteractionResponse, Message, MessageReference, Nonce,
};

use crate::render::{Embed, Reply};

/// An answer to `message`, as a reply to it.
pub(super) fn to_message(reply: &Reply, message: &Message) -> CreateMessage {
    let reference = MessageReference::from(message).fail_if_not_exists(false);
    alone(reply, &message.id.to_string()).reference_message(reference)
}

/// A message that replies to none. Its nonce is the id of the question: Discord refuses a second answer to it.
pub(super) fn alone(reply: &Reply, nonce: &str) -> CreateMessage {
    CreateMessage::new()
        .content(&reply.content)
        .embeds(embeds(reply))
        .allowed_mentions(nobody())
        .nonce(Nonce::String(nonce.to_owned()))
        .enforce_nonce(true)
}

/// The first answer to a slash command.
pub(super) fn to_command(reply: &Reply) -> CreateInteractionResponse {
    CreateInteractionResponse::Message(
        CreateInteractionResponseMessage::new()
            .content(&reply.content)
            .embeds(embeds(reply))
            .allowed_mentions(nobody())
            .ephemeral(reply.private),
    )
}

/// Tells Discord that the answer takes a while; a `private` one stays so.
pub(super) fn deferral(private: bool) -> CreateInteractionResponse {
    let promise = CreateInteractionResponseMessage::new().allowed_mentions(nobody()).ephemeral(private);
    CreateInteractionResponse::Defer(promise)
}

/// The answer after a deferral.
pub(super) fn after_deferral(reply: &Reply) -> EditInteractionResponse {
    EditInteractionResponse::new().content(&reply.content).embeds(embeds(reply)).allowed_mentions(nobody())
}

/// The text of an option of a slash command.
pub(super) fn option<'c>(command: &'c CommandInteraction, name: &str) -> &'c str {
    let option = command.data.options.iter().find(|option| option.name == name);
    option.and_then(|option| option.value.as_str()).unwrap_or_default()
}

fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new()
}

fn embeds(reply: &Reply) -> Vec<CreateEmbed> {
    reply.embeds.iter().map(embed).collect()
}

fn embed(embed: &Embed) -> CreateEmbed {
    let mut made = CreateEmbed::new().description(&embed.description).colour(embed.colour);
    if !embed.title.is_empty() {
        made = made.title(&embed.title);
    }
    if let Some(url) = &embed.url {
        made = made.url(url);
    }
    if !embed.footer.is_empty() {
        made = made.footer(CreateEmbedFooter::new(&embed.footer));
    }
    made
}
