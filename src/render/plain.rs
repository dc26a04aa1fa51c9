//! A reply without boxes, for channels where the bot may post none.

use super::Reply;
use super::discord::{CONTENT_CHARS_MAX, Embed, clamp, escape};

/// The same reply as plain text: what was in boxes stands below the text, as much of it as a message holds.
#[must_use]
pub fn plain(reply: &Reply) -> Reply {
    let parts = std::iter::once(reply.content.clone()).chain(reply.embeds.iter().map(unboxed));
    let parts: Vec<String> = parts.filter(|part| !part.trim().is_empty()).collect();
    Reply { content: clamp(&parts.join("\n\n"), CONTENT_CHARS_MAX), embeds: Vec::new(), ..reply.clone() }
}

/// The same reply with a sentence of the bot's own above it.
#[must_use]
pub fn headed(reply: &Reply, sentence: &str) -> Reply {
    let content = format!("{sentence}\n{}", reply.content);
    Reply { content: clamp(content.trim_end(), CONTENT_CHARS_MAX), ..reply.clone() }
}

fn unboxed(embed: &Embed) -> String {
    let mut lines = Vec::new();
    if !embed.title.is_empty() {
        // Titles show <#1> as it is, and messages make a channel of it.
        lines.push(format!("**{}**", embed.title.replace('<', "\\<")));
    }
    if let Some(url) = &embed.url {
        // In angle brackets Discord shows no picture of the page; an at sign may stand in an address.
        lines.push(format!("<{}>", url.replace('@', "%40")));
    }
    lines.push(embed.description.clone());
    if !embed.footer.is_empty() {
        lines.push(escape(&embed.footer));
    }
    lines.join("\n")
}
