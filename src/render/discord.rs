//! An answer as a Discord message: plain data within Discord's limits that pings nobody.

use crate::answer::{Answer, AnswerHit, Outcome};
use crate::texts::Language;

/// Discord's limits, in characters.
const CONTENT_CHARS_MAX: usize = 2000;
const TITLE_CHARS_MAX: usize = 256;
const DESCRIPTION_CHARS_MAX: usize = 4096;
const FOOTER_CHARS_MAX: usize = 2048;
const URL_CHARS_MAX: usize = 512;
/// Hits shown in one message: three snippets stay far below the 6,000 characters of all embeds.
const EMBEDS_MAX: usize = 3;

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Text above the embeds; may be empty when there are embeds.
    pub content: String,
    /// One a hit.
    pub embeds: Vec<Embed>,
}

/// A box of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// Heading path.
    pub title: String,
    /// Snippet with its marks in bold.
    pub description: String,
    /// Link of the title, if it is a web address.
    pub url: Option<String>,
    /// Note and lines.
    pub footer: String,
}

/// The message for an answer.
#[must_use]
pub fn reply(answer: &Answer, language: Language) -> Reply {
    let mut lines: Vec<String> = Vec::new();
    match answer.outcome {
        Outcome::Answered => {}
        Outcome::Related => lines.push(language.related().to_owned()),
        Outcome::NotFound => lines.push(language.not_found().to_owned()),
    }
    if answer.outcome != Outcome::Answered && !answer.unknown.is_empty() {
        let words: Vec<String> = answer.unknown.iter().map(|word| escape(word)).collect();
        lines.push(language.never_mentioned(&words));
    }
    if !answer.suggestions.is_empty() {
        lines.push(language.nearest_headings().to_owned());
        lines.extend(answer.suggestions.iter().map(|near| format!("- {}", escape(&near.heading))));
    }
    let embeds = answer.hits.iter().take(EMBEDS_MAX).map(|hit| embed(hit, language)).collect();
    Reply { content: clamp(&lines.join("\n"), CONTENT_CHARS_MAX), embeds }
}

fn embed(hit: &AnswerHit, language: Language) -> Embed {
    let citation = &hit.citation;
    let text = marked(hit);
    let description =
        if text.replace('🖼', "").trim().is_empty() { language.only_a_picture().to_owned() } else { text };
    let is_web = citation.link.starts_with("http") && citation.link.chars().count() <= URL_CHARS_MAX;
    Embed {
        title: clamp(&format!("{}. {}", hit.rank, citation.heading_path().join(" › ")), TITLE_CHARS_MAX),
        description: clamp(&description, DESCRIPTION_CHARS_MAX),
        url: is_web.then(|| citation.link.clone()),
        footer: clamp(
            &format!("{} · {}", citation.note, language.lines(citation.lines.first, citation.lines.last)),
            FOOTER_CHARS_MAX,
        ),
    }
}

/// The snippet with its highlights in bold and everything else as it is.
fn marked(hit: &AnswerHit) -> String {
    let chars: Vec<char> = hit.snippet.text.chars().collect();
    let plain = |from: usize, to: usize| escape(&chars.get(from..to).unwrap_or_default().iter().collect::<String>());
    let mut text = String::new();
    let mut at = 0;
    for &[from, to] in &hit.snippet.highlights {
        text.push_str(&plain(at, from));
        text.push_str(&format!("**{}**", plain(from, to)));
        at = to;
    }
    text + &plain(at, chars.len())
}

/// Shows `text` as it is: Markdown's marks are escaped, and a mention is broken by an invisible character.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '<' | '#' | '[' | ']' | '(' | ')' => safe.extend(['\\', c]),
            '@' => safe.extend(['@', '\u{200B}']),
            '\n' => safe.push('\n'),
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

/// At most `limit` characters, never half an escape.
fn clamp(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit - 1).collect();
    kept.trim_end_matches('\\').to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answer::{Citation, Snippet, Suggestion};
    use crate::corpus::LineRange;

    fn answer(text: &str, mark: [usize; 2]) -> Answer {
        let citation = Citation {
            note: text.to_owned(),
            title: text.to_owned(),
            trail: vec![text.to_owned()],
            heading: text.to_owned(),
            anchor: String::new(),
            lines: LineRange { first: 1, last: 2 },
            link: format!("https://example.org/{text}"),
        };
        let count = text.chars().count();
        let mark = [mark[0].min(count), mark[1].clamp(mark[0].min(count), count)];
        let snippet = Snippet { text: text.to_owned(), highlights: vec![mark], fragments: vec![] };
        let hits = (1..=5)
            .map(|rank| AnswerHit { rank, score: 1.0, citation: citation.clone(), snippet: snippet.clone() })
            .collect();
        Answer {
            question: text.to_owned(),
            outcome: Outcome::Related,
            hits,
            suggestions: vec![Suggestion { heading: text.to_owned(), link: String::new() }],
            corrections: vec![],
            unknown: vec![text.to_owned()],
            took_ms: 0.0,
        }
    }

    proptest! {
        #[test]
        fn any_answer_gives_a_reply_within_the_limits_that_pings_nobody(
            text in "([@<>&!#0-9`*|_a\\[\\]()]|everyone|字|🤔){0,240}", from in 0usize..240, to in 0usize..240) {
            let made = reply(&answer(&text, [from, to]), Language::Zh);
            let chars = |text: &str| text.chars().count();
            prop_assert!(chars(&made.content) <= CONTENT_CHARS_MAX && made.embeds.len() <= 10);
            let total: usize = made.embeds.iter().map(|e| chars(&e.title) + chars(&e.description) + chars(&e.footer)).sum();
            prop_assert!(total <= 6000, "{total}");
            for text in made.embeds.iter().map(|embed| &embed.description).chain([&made.content]) {
                // Every mention needs an @ that is followed by its name or number.
                prop_assert!(!text.replace("@\u{200B}", "").contains('@'), "{text}");
            }
        }
    }
}
