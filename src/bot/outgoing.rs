//! A reply in Discord's own form. Every message that leaves the bot is made here, and none of them pings anybody.

use serenity::all::{
    ActionRowComponent, AutocompleteChoice, ButtonKind, ButtonStyle, CommandInteraction, ComponentInteraction,
    CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse, CreateButton, CreateEmbed, CreateEmbedFooter,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage,
    EditInteractionResponse, Message, MessageReference, Nonce,
};

use super::button::{Seal, Ticket};
use crate::render::{Button, Does, Embed, Reply};

/// An answer to `message`, as a reply to it.
pub(super) fn to_message(reply: &Reply, message: &Message, seal: &Seal) -> CreateMessage {
    let reference = MessageReference::from(message).fail_if_not_exists(false);
    beside(reply, message, seal).reference_message(reference)
}

/// An answer to `message` that is no reply. Its nonce is the id of the question: Discord refuses a second answer to it.
pub(super) fn beside(reply: &Reply, message: &Message, seal: &Seal) -> CreateMessage {
    let ticket = Ticket {
        asker: message.author.id.get(),
        event: message.id.get(),
        sure: reply.sure,
        leaf: false,
        language: reply.language,
        keys: reply.keys.clone(),
    };
    alone(reply, &message.id.to_string()).components(rows(reply, seal, &ticket))
}

/// A message without buttons that replies to none.
pub(super) fn alone(reply: &Reply, nonce: &str) -> CreateMessage {
    CreateMessage::new()
        .content(&reply.content)
        .embeds(embeds(reply))
        .allowed_mentions(nobody())
        .nonce(Nonce::String(nonce.to_owned()))
        .enforce_nonce(true)
}

/// What the buttons of an answer to a slash command know of it.
pub(super) fn ticket(reply: &Reply, command: &CommandInteraction) -> Ticket {
    Ticket {
        asker: command.user.id.get(),
        event: command.id.get(),
        sure: reply.sure,
        leaf: false,
        language: reply.language,
        keys: reply.keys.clone(),
    }
}

/// The first answer to an interaction, as a message of its own.
pub(super) fn to_interaction(reply: &Reply, seal: &Seal, ticket: &Ticket) -> CreateInteractionResponse {
    CreateInteractionResponse::Message(shown(reply, seal, ticket).content(&reply.content).ephemeral(reply.private))
}

/// The first answer to a press, in the message that was pressed; the text above its boxes stays.
pub(super) fn in_place(reply: &Reply, seal: &Seal, ticket: &Ticket) -> CreateInteractionResponse {
    CreateInteractionResponse::UpdateMessage(shown(reply, seal, ticket))
}

fn shown(reply: &Reply, seal: &Seal, ticket: &Ticket) -> CreateInteractionResponseMessage {
    CreateInteractionResponseMessage::new()
        .embeds(embeds(reply))
        .components(rows(reply, seal, ticket))
        .allowed_mentions(nobody())
}

/// The answer to a press that leaves the message as it is but for the button that was pressed: it says something else, and can be
/// pressed again or not.
pub(super) fn relabelled(press: &ComponentInteraction, label: &str, enabled: bool) -> CreateInteractionResponse {
    let rows = rows_with(press, label, enabled);
    let message = CreateInteractionResponseMessage::new().components(rows).allowed_mentions(nobody());
    CreateInteractionResponse::UpdateMessage(message)
}

/// As [`relabelled`], for a press that was acknowledged before.
pub(super) fn relabelled_later(press: &ComponentInteraction, label: &str, enabled: bool) -> EditInteractionResponse {
    EditInteractionResponse::new().components(rows_with(press, label, enabled)).allowed_mentions(nobody())
}

/// Whether the button that was pressed cannot be pressed any more, as Discord has its message: somebody's client was behind.
pub(super) fn is_spent(press: &ComponentInteraction) -> bool {
    let all = press.message.components.iter().flat_map(|row| &row.components);
    all.into_iter()
        .any(|one| matches!(one, ActionRowComponent::Button(one) if is_pressed(press, &one.data) && one.disabled))
}

fn is_pressed(press: &ComponentInteraction, button: &ButtonKind) -> bool {
    matches!(button, ButtonKind::NonLink { custom_id, .. } if *custom_id == press.data.custom_id)
}

/// The buttons of the message that was pressed, with another label on the one.
fn rows_with(press: &ComponentInteraction, label: &str, enabled: bool) -> Vec<CreateActionRow> {
    let button = |component: &ActionRowComponent| {
        let ActionRowComponent::Button(button) = component else { return None };
        let made = CreateButton::from(button.clone());
        Some(if is_pressed(press, &button.data) { made.label(label).disabled(!enabled) } else { made })
    };
    let rows = press.message.components.iter();
    rows.map(|row| CreateActionRow::Buttons(row.components.iter().filter_map(button).collect())).collect()
}

/// As [`in_place`], for a press that was acknowledged before.
pub(super) fn in_place_later(reply: &Reply, seal: &Seal, ticket: &Ticket) -> EditInteractionResponse {
    EditInteractionResponse::new()
        .embeds(embeds(reply))
        .components(rows(reply, seal, ticket))
        .allowed_mentions(nobody())
}

/// What is said to the presser alone after a press that was acknowledged.
pub(super) fn aside(reply: &Reply) -> CreateInteractionResponseFollowup {
    CreateInteractionResponseFollowup::new().content(&reply.content).ephemeral(true).allowed_mentions(nobody())
}

/// What is offered to somebody who types; what is chosen is asked as it is shown.
pub(super) fn to_typing(suggestions: &[String]) -> CreateInteractionResponse {
    let choice = |text: &String| AutocompleteChoice::new(text, text.as_str());
    let choices = suggestions.iter().map(choice).collect();
    CreateInteractionResponse::Autocomplete(CreateAutocompleteResponse::new().set_choices(choices))
}

/// Tells Discord that the answer takes a while. One for the asker alone must be promised as such: it cannot be hidden later.
pub(super) fn deferral(private: bool) -> CreateInteractionResponse {
    CreateInteractionResponse::Defer(
        CreateInteractionResponseMessage::new().allowed_mentions(nobody()).ephemeral(private),
    )
}

/// The answer after a deferral.
pub(super) fn after_deferral(reply: &Reply, seal: &Seal, ticket: &Ticket) -> EditInteractionResponse {
    in_place_later(reply, seal, ticket).content(&reply.content)
}

/// The text of an option of a slash command.
pub(super) fn option<'c>(command: &'c CommandInteraction, name: &str) -> &'c str {
    let option = command.data.options.iter().find(|option| option.name == name);
    option.and_then(|option| option.value.as_str()).unwrap_or_default()
}

/// Whether an option of a slash command was chosen that is on or off.
pub(super) fn is_on(command: &CommandInteraction, name: &str) -> bool {
    let option = command.data.options.iter().find(|option| option.name == name);
    option.and_then(|option| option.value.as_bool()).unwrap_or_default()
}

fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new()
}

/// The buttons of a reply.
fn rows(reply: &Reply, seal: &Seal, ticket: &Ticket) -> Vec<CreateActionRow> {
    let button = |button: &Button| {
        let made = match &button.does {
            Does::Open(address) => CreateButton::new_link(address),
            does => CreateButton::new(seal.id(does, ticket)?).style(ButtonStyle::Secondary),
        };
        Some(made.label(&button.label).disabled(!button.enabled))
    };
    let rows = reply.buttons.iter().map(|row| row.iter().filter_map(button).collect::<Vec<_>>());
    rows.filter(|row| !row.is_empty()).map(CreateActionRow::Buttons).collect()
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
    if let Some(picture) = &embed.picture {
        made = made.image(picture);
    }
    if !embed.footer.is_empty() {
        made = made.footer(CreateEmbedFooter::new(&embed.footer));
    }
    made
}
