//! An answer as a Discord message: plain data within Discord's limits that pings nobody.
//!
//! The best passage has a box of its own; the others share a second one, short enough for a phone. All foreign text is shown
//! as it is: Markdown's marks are escaped, what would be a mention is broken, lines of code stand in a fence that is
//! always closed.

mod buttons;
mod pages;

use unicode_segmentation::UnicodeSegmentation as _;

pub use buttons::{BUTTON_HITS_MAX, Button, Does, Offers};
pub use pages::{hit_page, section_page};

use super::remarks::remarks;
use crate::answer::{Answer, AnswerHit, Citation, Fragment, Outcome, PassageKey, Suggestion};

use crate::texts::Language;

#[cfg(test)]
pub(super) use tests::check;

/// Discord's limits, in characters.
pub(super) const CONTENT_CHARS_MAX: usize = 2000;
const TITLE_CHARS_MAX: usize = 256;
pub(super) const DESCRIPTION_CHARS_MAX: usize = 4096;
const FOOTER_CHARS_MAX: usize = 2048;
/// Of all boxes of a message together.
const EMBEDS_CHARS_MAX: usize = 6000;
const URL_CHARS_MAX: usize = 512;
const PICTURE_CHARS_MAX: usize = 2048;
/// Hits in the second box.
const FURTHER_HITS_MAX: usize = 4;
/// Characters of a snippet that a further hit shows.
const FURTHER_CHARS_MAX: usize = 100;
/// Characters of a heading path or a note's name in a line of its own.
const LINE_CHARS_MAX: usize = 200;
/// Colours of the boxes, as 0xRRGGBB: sure, perhaps, further hits, nothing.
const GREEN: u32 = 0x0023_A55A;
const AMBER: u32 = 0x00F0_B232;
pub(super) const GREY: u32 = 0x0080_848E;

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Text above the embeds; may be empty when there are embeds.
    pub content: String,
    /// Boxes.
    pub embeds: Vec<Embed>,
    /// Whether only the asker needs to see it, where Discord can do that.
    pub private: bool,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
    /// Whether the notes were thought to answer the question.
    pub sure: bool,
    /// The language of its words, where its buttons show something in its place.
    pub language: Option<Language>,
    /// The passages that the numbers of its buttons mean; at most [`BUTTON_HITS_MAX`].
    pub keys: Vec<PassageKey>,
}

/// A question that is handed on to instructors.
#[derive(Clone, Debug)]
pub struct HandedOn<'a> {
    /// Who asked, or pressed the button.
    pub who: &'a str,
    /// Their id.
    pub id: u64,
    /// What was asked.
    pub question: &'a str,
    /// The course, where there are several.
    pub course: Option<&'a str>,
    /// The address of the message with the button, if others can see it.
    pub link: Option<String>,
}

/// A box of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// Heading path; may be empty.
    pub title: String,
    /// Link of the title, if it is a web address.
    pub url: Option<String>,
    /// Markdown.
    pub description: String,
    /// Note and lines; may be empty.
    pub footer: String,
    /// As 0xRRGGBB.
    pub colour: u32,
    /// The address of a picture below the text.
    pub picture: Option<String>,
}

impl Embed {
    /// What it takes of the limit of all boxes; characters.
    fn chars(&self) -> usize {
        [&self.title, &self.description, &self.footer].iter().map(|text| text.chars().count()).sum()
    }
}

impl Reply {
    /// A sentence of the bot's own, for the asker alone.
    #[must_use]
    pub fn notice(sentence: &str) -> Self {
        Self { content: clamp(&escape(sentence), CONTENT_CHARS_MAX), private: true, ..Self::default() }
    }

    /// What instructors read about a question that was not answered.
    #[must_use]
    pub fn for_instructors(asked: &HandedOn<'_>, language: Language) -> Self {
        let safe = |text: &str| unlinked(&one_line(text.trim(), LINE_CHARS_MAX));
        let course = asked.course.map(safe);
        // It can be clicked, and no message of ours pings anybody.
        let who = format!("{} (<@{}>)", safe(asked.who), asked.id);
        let head = language.asked_of_instructors(&who, course.as_deref(), asked.link.is_none());
        // In angle brackets a link has no preview.
        let link = asked.link.as_ref().map(|link| format!("<{link}>\n")).unwrap_or_default();
        let content = format!("{head}\n{link}> {}", safe(asked.question));
        Self { content: clamp(&content, CONTENT_CHARS_MAX), ..Self::default() }
    }

    /// With the question above it: of a slash command the others in a channel see only the answer.
    #[must_use]
    pub fn quoting(mut self, question: &str) -> Self {
        let question = unlinked(&one_line(question.trim(), LINE_CHARS_MAX));
        let quoted = format!("> {question}\n{}", self.content);
        self.content = clamp(quoted.trim_end(), CONTENT_CHARS_MAX);
        self
    }
}

/// The question that [`Reply::quoting`] put above a message; empty when there is none.
#[must_use]
pub fn unquoted(content: &str) -> String {
    let quoted = content.strip_prefix("> ").and_then(|rest| rest.lines().next()).unwrap_or_default();
    let mut question = String::with_capacity(quoted.len());
    let mut chars = quoted.chars().filter(|&c| c != '\u{200B}').peekable();
    while let Some(c) = chars.next() {
        // Letters and blanks are never escaped.
        let escapes = c == '\\' && chars.peek().is_some_and(|next| next.is_ascii_punctuation());
        question.push(if escapes { chars.next().unwrap_or(c) } else { c });
    }
    question
}

/// The message for an answer, with the buttons that the bot can offer.
#[must_use]
pub fn reply(answer: &Answer, language: Language, offers: Offers) -> Reply {
    // Above the boxes an address would be shown with a picture of its page.
    let remarks = remarks(answer, language, unlinked);
    let colour = match answer.outcome {
        Outcome::NotFound => {
            return Reply {
                embeds: vec![nothing(answer, &remarks, language)],
                buttons: buttons::of_nothing(answer, language, offers),
                language: Some(language),
                keys: answer.suggestions.iter().map(|one| one.key).take(BUTTON_HITS_MAX).collect(),
                ..Reply::default()
            };
        }
        Outcome::Answered => GREEN,
        Outcome::Related => AMBER,
    };
    let content = clamp(&remarks.join("\n"), CONTENT_CHARS_MAX);
    Reply {
        content,
        embeds: hits(&answer.hits, colour, language),
        private: false,
        sure: answer.outcome == Outcome::Answered,
        language: Some(language),
        buttons: buttons::of_hits(&answer.hits, (0, answer.outcome == Outcome::Answered), language, offers),
        keys: answer.hits.iter().map(|hit| hit.citation.key).take(BUTTON_HITS_MAX).collect(),
    }
}

/// The box that says that there is nothing, and what comes nearest.
fn nothing(answer: &Answer, remarks: &[String], language: Language) -> Embed {
    let mut lines = remarks.to_vec();
    if !answer.suggestions.is_empty() {
        lines.push(format!("\n{}", language.nearest_headings()));
        lines.extend(
            answer.suggestions.iter().map(|Suggestion { heading, link, .. }| format!("- {}", linked(heading, link))),
        );
    }
    Embed { description: clamp(&lines.join("\n"), DESCRIPTION_CHARS_MAX), colour: GREY, ..Embed::default() }
}

fn hits(hits: &[AnswerHit], colour: u32, language: Language) -> Vec<Embed> {
    let mut hits = hits.iter();
    let mut embeds: Vec<Embed> = hits.next().map(|best| best_hit(best, colour, language)).into_iter().collect();
    // What the best hit leaves: a text of nothing but marks is twice as long with its escapes.
    let used = embeds.iter().map(Embed::chars).sum::<usize>() + language.further_hits().chars().count();
    let room = EMBEDS_CHARS_MAX.saturating_sub(used).min(DESCRIPTION_CHARS_MAX);
    let mut chars = 0;
    let further: Vec<String> = hits
        .take(FURTHER_HITS_MAX)
        .map(|hit| further_hit(hit, language))
        .take_while(|text| {
            chars += text.chars().count() + 2;
            chars <= room
        })
        .collect();
    if !further.is_empty() {
        let description = further.join("\n\n");
        embeds.push(Embed { title: language.further_hits().to_owned(), description, colour: GREY, ..Embed::default() });
    }
    embeds
}

fn best_hit(hit: &AnswerHit, colour: u32, language: Language) -> Embed {
    let citation = &hit.citation;
    let text = outdented(&shown(hit, 0..hit.snippet.fragments.len(), language));
    let text = if hit.curated { format!("**{}**\n{text}", language.curated()) } else { text };
    Embed {
        title: clamp(&escape_title(&citation.heading_path().join(" › ")), TITLE_CHARS_MAX),
        url: web(&citation.link).map(str::to_owned),
        description: clamp(&text, DESCRIPTION_CHARS_MAX),
        footer: clamp(&places(hit, language), FOOTER_CHARS_MAX),
        colour,
        picture: picture(hit),
    }
}

/// The picture of a hit, if Discord can show it.
fn picture(hit: &AnswerHit) -> Option<String> {
    hit.picture.as_deref().filter(|address| is_address(address, PICTURE_CHARS_MAX)).map(str::to_owned)
}

/// Where a hit stands, and where else nearly the same does.
fn places(hit: &AnswerHit, language: Language) -> String {
    let here = aged(place(&hit.citation, language), hit, language);
    let same: Vec<String> = hit.also_in.iter().map(|same| place(same, language)).collect();
    if same.is_empty() { here } else { format!("{here}\n{}", language.also_in(&same)) }
}

fn further_hit(hit: &AnswerHit, language: Language) -> String {
    let path = hit.citation.heading_path().join(" › ");
    let link = linked(&path, &hit.citation.link);
    let text = outdented(&shown(hit, best_part(hit), language));
    let text = if hit.curated { format!("**{}**\n{text}", language.curated()) } else { text };
    let place = aged(place(&hit.citation, language), hit, language);
    format!("**{}.** {link}\n{}\n{text}", hit.rank, escape(&place))
}

/// A place with how old its note is, if that is to be said.
fn aged(place: String, hit: &AnswerHit, language: Language) -> String {
    hit.age_days.map_or_else(|| place.clone(), |days| format!("{place} · {}", language.updated(days)))
}

fn place(citation: &Citation, language: Language) -> String {
    let lines = language.lines(citation.lines.first, citation.lines.last);
    format!("{} · {lines}", one_line(&citation.note, LINE_CHARS_MAX))
}

/// The fragments around the one with most of what was asked for, as many as fit a short hit.
fn best_part(hit: &AnswerHit) -> std::ops::Range<usize> {
    let fragments = &hit.snippet.fragments;
    let marked = |fragment: &Fragment| -> usize {
        let inside =
            hit.snippet.highlights.iter().filter(|mark| fragment.chars[0] <= mark[0] && mark[1] <= fragment.chars[1]);
        inside.map(|mark| mark[1] - mark[0]).sum()
    };
    let most = fragments.iter().map(marked).max().unwrap_or_default();
    let first = fragments.iter().position(|fragment| marked(fragment) == most).unwrap_or_default();
    let Some(start) = fragments.get(first).map(|fragment| fragment.chars[0]) else { return 0..0 };
    let fitting =
        fragments.iter().skip(first).take_while(|fragment| fragment.chars[1] - start <= FURTHER_CHARS_MAX).count();
    first..first + fitting.max(1)
}

/// Some fragments of a snippet as Markdown: what was asked for in bold, code in fences.
fn shown(hit: &AnswerHit, numbers: std::ops::Range<usize>, language: Language) -> String {
    let chars: Vec<char> = hit.snippet.text.chars().collect();
    let part = |from: usize, to: usize| chars.get(from..to).unwrap_or_default().iter().collect::<String>();
    let fragments = hit.snippet.fragments.get(numbers).unwrap_or_default();
    let mut markdown = String::new();
    let mut at = None;
    let mut in_code = false;
    for fragment in fragments {
        let [from, to] = fragment.chars;
        let between = at.map_or_else(|| lead(&chars, from), |at| part(at, from));
        match (in_code, fragment.code) {
            (false, false) => markdown.push_str(&between),
            (true, true) => markdown.push_str(&unfenced(&between)),
            (true, false) => markdown.push_str(&format!("\n```\n{}", between.trim_start_matches('\n'))),
            (false, true) => markdown.push_str(&format!("{}\n```\n", between.trim_end_matches('\n'))),
        }
        if fragment.code {
            markdown.push_str(&unfenced(&part(from, to)));
        } else {
            markdown.push_str(&marked(hit, from, to, &part));
        }
        (at, in_code) = (Some(to), fragment.code);
    }
    if in_code {
        markdown.push_str("\n```");
    }
    let trimmed = markdown.trim().to_owned();
    if trimmed.replace('🖼', "").trim().is_empty() { language.only_a_picture().to_owned() } else { trimmed }
}

/// Code without the blanks that all lines of its fence begin with: lines from deep within a file leave a phone no room. A whole
/// section is shown as it is, since its code goes on from one fence to the next.
fn outdented(markdown: &str) -> String {
    let parts = markdown.split("```").enumerate().map(|(number, part)| {
        if number % 2 == 0 {
            return part.to_owned();
        }
        let lines = part.lines().filter(|line| !line.trim().is_empty() && *line != "…");
        let indent = lines.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or_default();
        let blanks = " ".repeat(indent);
        let lines = part.split('\n').map(|line| line.strip_prefix(&blanks).unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    });
    parts.collect::<Vec<_>>().join("```")
}

/// What stands before the first fragment that is shown: the mark of its list item or picture, if it is one.
fn lead(chars: &[char], from: usize) -> String {
    let before: String = chars.get(..from).unwrap_or_default().iter().collect();
    let mark = before.rsplit('\n').next().unwrap_or_default().trim_start();
    let number = mark.trim_end_matches(['.', ')', ' ']);
    let is_number = number.len() < mark.len() && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    if matches!(mark, "- " | "🖼 ") || is_number { mark.to_owned() } else { String::new() }
}

/// Text with its highlights in bold.
fn marked(hit: &AnswerHit, from: usize, to: usize, part: &dyn Fn(usize, usize) -> String) -> String {
    let mut text = String::new();
    let mut at = from;
    let addresses = addresses(&part(from, to));
    let in_address =
        |mark: &[usize; 2]| addresses.iter().any(|range| mark[0] < from + range.end && from + range.start < mark[1]);
    let marks = hit.snippet.highlights.iter().filter(|mark| from <= mark[0] && mark[1] <= to);
    for &[start, end] in marks.filter(|mark| !in_address(mark)) {
        let bold = escape(&part(start, end));
        text.push_str(&escape(&part(at, start)));
        // Blanks at the edge of a bold text would show its marks.
        text.push_str(&if bold.trim() == bold && !bold.is_empty() { format!("**{bold}**") } else { bold });
        at = end;
    }
    text + &escape(&part(at, to))
}

/// Where web addresses stand in a text, in characters.
fn addresses(text: &str) -> Vec<std::ops::Range<usize>> {
    let starts = text.match_indices("http").map(|(at, _)| at);
    let found = starts.filter_map(|at| {
        let chars = address(text.get(at..)?).chars().count();
        let start = text.get(..at)?.chars().count();
        (chars > 0).then(|| start..start + chars)
    });
    found.collect()
}

/// A heading path as a link, or as it is when there is no web address to lead to.
pub(super) fn linked(path: &str, link: &str) -> String {
    let text = escape(&one_line(path, LINE_CHARS_MAX));
    match web(link) {
        Some(link) => format!("[{text}]({})", link.replace('(', "%28").replace(')', "%29").replace('@', "%40")),
        None => text,
    }
}

fn web(link: &str) -> Option<&str> {
    is_address(link, URL_CHARS_MAX).then_some(link)
}

/// Whether it is an address of the web, in plain letters and so long at most; characters.
fn is_address(link: &str, chars_max: usize) -> bool {
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    let is_plain = link.chars().all(|c| c.is_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c));
    is_web && is_plain && link.chars().count() <= chars_max
}

/// Shows `text` as it is: Markdown's marks are escaped, and a mention is broken by an invisible character. Addresses stay as they
/// are, since Discord makes links of them.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let address = address(rest);
        if !address.is_empty() {
            safe.push_str(address);
            rest = rest.get(address.len()..).unwrap_or_default();
            continue;
        }
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '<' | '#' | '[' | ']' | '(' | ')' => safe.extend(['\\', c]),
            '@' => safe.extend(['@', '\u{200B}']),
            '\n' => safe.push('\n'),
            c if is_unsafe(c) => {}
            c => safe.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    safe
}

/// As [`escape`], and addresses are broken as well: above its boxes a message shows a picture of the page that an address leads to, and a
/// card of an invitation.
fn unlinked(text: &str) -> String {
    escape(&text.replace("://", ":\u{200B}//").replace("discord.gg/", "discord.gg\u{200B}/"))
}

/// The web address that `text` begins with; empty when it begins with none. It ends before whatever could end a link or begin
/// a mention.
fn address(text: &str) -> &str {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme));
    let Some(scheme) = scheme else { return "" };
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#&=%+,;!$'*".contains(c);
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    if end > scheme.len() { text.get(..end).unwrap_or_default() } else { "" }
}

/// A title's text: Discord reads Markdown there too, but shows a backslash before a bracket.
fn escape_title(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for c in one_line(text, TITLE_CHARS_MAX).chars() {
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' => safe.extend(['\\', c]),
            '@' => safe.extend(['@', '\u{200B}']),
            // A bracket right behind a bracket would make a link of both.
            '(' if safe.ends_with(']') => safe.push_str("\u{200B}("),
            c => safe.push(c),
        }
    }
    safe
}

/// Code within a fence: nothing is read there but the fence's own end, three backticks in a row.
fn unfenced(text: &str) -> String {
    text.replace("``", "`\u{200B}`").chars().filter(|&c| c == '\n' || c == '\t' || !is_unsafe(c)).collect()
}

/// Control characters, and those that turn the direction of text round.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}

fn one_line(text: &str, chars_max: usize) -> String {
    super::one_line(text, chars_max)
}

/// At most `limit` characters: cut at a grapheme, never within an escape, and with an open fence closed again.
pub(super) fn clamp(text: &str, limit: usize) -> String {
    const CLOSED: &str = "\n```";
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let room = limit - CLOSED.len() - 1;
    let mut kept = String::new();
    let mut chars = 0;
    for grapheme in text.graphemes(true) {
        chars += grapheme.chars().count();
        if chars > room {
            break;
        }
        kept.push_str(grapheme);
    }
    let backslashes = kept.chars().rev().take_while(|&c| c == '\\').count();
    if backslashes % 2 == 1 {
        kept.pop();
    }
    kept.truncate(kept.trim_end_matches('@').len());
    kept.push('…');
    if kept.matches("```").count() % 2 == 1 {
        kept.push_str(CLOSED);
    }
    kept
}

#[cfg(test)]
mod tests;
