//! An answer for a person at a terminal.

use anstyle::{AnsiColor, Style};

use super::remarks::remarks;
use super::{one_line, sanitise};
use crate::answer::{Answer, AnswerHit};
use crate::texts::Language;

/// A longer heading is cut; characters.
const HEADING_CHARS_MAX: usize = 80;
/// A longer link is cut; characters.
const LINK_CHARS_MAX: usize = 400;

/// The styles of a terminal; what has no colours strips them on the way out.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    heading: Style,
    mark: Style,
    faint: Style,
}

impl Default for Palette {
    fn default() -> Self {
        Self { heading: Style::new().bold(), mark: AnsiColor::Yellow.on_default().bold(), faint: Style::new().dimmed() }
    }
}

/// The answer as text with ANSI styles, ending in a line break.
#[must_use]
pub fn answer(answer: &Answer, language: Language, palette: Palette) -> String {
    let mut lines = remarks(answer, language, sanitise);
    if !lines.is_empty() && !answer.hits.is_empty() {
        lines.push(String::new());
    }
    for hit in &answer.hits {
        lines.push(self::hit(hit, language, palette));
    }
    if !answer.suggestions.is_empty() {
        lines.push(language.nearest_headings().to_owned());
        let Palette { faint, .. } = palette;
        lines.extend(answer.suggestions.iter().map(|near| {
            format!(
                "  - {}  {faint}{}{faint:#}",
                one_line(&near.heading, HEADING_CHARS_MAX),
                one_line(&near.link, LINK_CHARS_MAX)
            )
        }));
    }
    lines.join("\n").trim_end().to_owned() + "\n"
}

fn hit(hit: &AnswerHit, language: Language, palette: Palette) -> String {
    let Palette { heading, faint, .. } = palette;
    let path = hit
        .citation
        .heading_path()
        .into_iter()
        .map(|heading| one_line(heading, HEADING_CHARS_MAX))
        .collect::<Vec<_>>()
        .join(" › ");
    let [first, last] = [hit.citation.lines.first, hit.citation.lines.last];
    let place = format!("{} · {}", one_line(&hit.citation.link, LINK_CHARS_MAX), language.lines(first, last));
    let mut block = format!("{heading}{}. {path}{heading:#}\n", hit.rank);
    let text = marked(hit, palette);
    let only_pictures = hit.snippet.text.split_whitespace().all(|word| word == "🖼");
    for line in if only_pictures { language.only_a_picture() } else { &text }.lines() {
        block.push_str("   ");
        block.push_str(line);
        block.push('\n');
    }
    let place = hit.age_days.map_or_else(|| place.clone(), |days| format!("{place} · {}", language.updated(days)));
    let place = if hit.curated { format!("{} · {place}", language.curated()) } else { place };
    block.push_str(&format!("   {faint}{place}{faint:#}\n"));
    if !hit.also_in.is_empty() {
        let places: Vec<String> = hit.also_in.iter().map(|same| one_line(&same.link, LINK_CHARS_MAX)).collect();
        block.push_str(&format!("   {faint}{}{faint:#}\n", language.also_in(&places)));
    }
    block
}

/// The snippet's text with its highlights as styles.
fn marked(hit: &AnswerHit, palette: Palette) -> String {
    let Palette { mark, .. } = palette;
    let chars: Vec<char> = hit.snippet.text.chars().collect();
    let plain = |from: usize, to: usize| sanitise(&chars.get(from..to).unwrap_or_default().iter().collect::<String>());
    let mut text = String::new();
    let mut at = 0;
    for &[from, to] in &hit.snippet.highlights {
        text.push_str(&plain(at, from));
        text.push_str(&format!("{mark}{}{mark:#}", plain(from, to)));
        at = to;
    }
    text + &plain(at, chars.len())
}
