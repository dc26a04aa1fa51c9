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
    /// The passages that the numbers of its buttons mean; at most [`BUTTON_HITS_MAX`].
    pub keys: Vec<PassageKey>,
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

    /// What instructors read about a question that was not answered; `who` asked.
    #[must_use]
    pub fn for_instructors(who: &str, question: &str, language: Language) -> Self {
        let safe = |text: &str| escape(&one_line(text.trim(), LINE_CHARS_MAX)).replace("://", ":\u{200B}//");
        let content = language.asked_of_instructors(&safe(who), &safe(question));
        Self { content: clamp(&content, CONTENT_CHARS_MAX), ..Self::default() }
    }

    /// With the question above it: of a slash command the others in a channel see only the answer.
    #[must_use]
    pub fn quoting(mut self, question: &str) -> Self {
        // An address that somebody typed is not to be shown with a picture of its page.
        let question = escape(&one_line(question.trim(), LINE_CHARS_MAX)).replace("://", ":\u{200B}//");
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
    let remarks = remarks(answer, language, |word| escape(word).replace("://", ":\u{200B}//"));
    let colour = match answer.outcome {
        Outcome::NotFound => {
            return Reply {
                embeds: vec![nothing(answer, &remarks, language)],
                buttons: buttons::of_nothing(answer, language, offers),
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
        buttons: buttons::of_hits(&answer.hits, 0, language, offers),
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
    let text = shown(hit, 0..hit.snippet.fragments.len(), language);
    let text = if hit.curated { format!("**{}**\n{text}", language.curated()) } else { text };
    Embed {
        title: clamp(&escape_title(&citation.heading_path().join(" › ")), TITLE_CHARS_MAX),
        url: web(&citation.link).map(str::to_owned),
        description: clamp(&text, DESCRIPTION_CHARS_MAX),
        footer: clamp(&places(hit, language), FOOTER_CHARS_MAX),
        colour,
    }
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
    let text = shown(hit, best_part(hit), language);
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
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    let is_plain = link.chars().all(|c| c.is_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c));
    (is_web && is_plain && link.chars().count() <= URL_CHARS_MAX).then_some(link)
}

/// Shows `text` as it is: Markdown's marks are escaped, and a mention is broken by an invisible character. Addresses stay as they
/// are, since Discord makes links of them.
pub(super) fn escape(text: &str) -> String {
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
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answer::{Citation, Snippet};
    use crate::corpus::LineRange;

    /// An answer all of whose texts are `text`; every other fragment is code when `code` is set.
    fn answer(outcome: Outcome, text: &str, link: &str, marks: Vec<[usize; 2]>, code: bool) -> Answer {
        let citation = Citation {
            note: text.to_owned(),
            title: text.to_owned(),
            trail: vec![text.to_owned()],
            heading: text.to_owned(),
            anchor: String::new(),
            lines: LineRange { first: 1, last: 2 },
            link: link.to_owned(),
            key: PassageKey::default(),
            updated: None,
        };
        let count = text.chars().count();
        let half = count / 2;
        let fragment = |from: usize, to: usize, code: bool| Fragment { chars: [from, to], source: [from, to], code };
        let fragments = vec![fragment(0, half, false), fragment(half, count, code)];
        let snippet = Snippet { text: text.to_owned(), highlights: marks, fragments };
        let hits = (1..=6)
            .map(|rank| AnswerHit {
                rank,
                score: 1.0,
                citation: citation.clone(),
                snippet: snippet.clone(),
                curated: rank == 2,
                age_days: (rank == 2).then_some(400),
                also_in: vec![citation.clone(); 3],
            })
            .collect();
        let near = Suggestion { heading: text.to_owned(), link: link.to_owned(), key: PassageKey::default() };
        Answer {
            question: text.to_owned(),
            outcome,
            hits,
            suggestions: vec![near.clone(), near.clone(), near],
            corrections: vec![text.to_owned()],
            assumed: vec![text.to_owned()],
            aliases: vec![text.to_owned()],
            unknown: vec![text.to_owned(); 20],
            topics: Vec::new(),
            after: Vec::new(),
            took_ms: 0.0,
        }
    }

    /// Marks that rise and stay apart, as the search gives them.
    fn marks(text: &str, starts: &[usize]) -> Vec<[usize; 2]> {
        let half = text.chars().count() / 2;
        let mut marks: Vec<[usize; 2]> = Vec::new();
        for &start in starts {
            let end = start + 1 + start % 3;
            let apart = marks.last().is_none_or(|last| last[1] < start);
            let within_a_part = end <= half || (start >= half && end <= half * 2);
            if apart && within_a_part {
                marks.push([start, end]);
            }
        }
        marks
    }

    fn chars(text: &str) -> usize {
        text.chars().count()
    }

    /// Holds a reply against what Discord allows, and sees to it that nobody is pinged and no fence stays open.
    #[track_caller]
    pub(in crate::render) fn check(reply: &Reply) {
        assert!(chars(&reply.content) <= CONTENT_CHARS_MAX && reply.embeds.len() <= 10, "{reply:?}");
        assert!(!reply.content.trim().is_empty() || !reply.embeds.is_empty(), "an empty message");
        let mut total = 0;
        for embed in &reply.embeds {
            assert!(chars(&embed.title) <= 256 && chars(&embed.description) <= 4096, "{embed:?}");
            assert!(
                chars(&embed.footer) <= 2048 && embed.url.as_ref().is_none_or(|url| chars(url) <= 512),
                "{embed:?}"
            );
            assert!(!embed.description.trim().is_empty(), "{embed:?}");
            total += chars(&embed.title) + chars(&embed.description) + chars(&embed.footer);
        }
        assert!(total <= 6000, "{total} characters in all");
        check_buttons(reply);
        for text in reply.embeds.iter().map(|embed| &embed.description).chain([&reply.content]) {
            assert!(!text.replace("@\u{200B}", "").contains('@') || text.contains("```"), "a mention in {text}");
            assert_eq!(text.matches("```").count() % 2, 0, "an open fence in {text}");
        }
        assert!(!reply.content.replace("@\u{200B}", "").contains('@'), "a mention in {}", reply.content);
    }

    /// Rows and buttons within the limits, each with a label, and no number that stands for nothing.
    #[track_caller]
    fn check_buttons(reply: &Reply) {
        assert!(reply.buttons.len() <= 5 && reply.keys.len() <= BUTTON_HITS_MAX, "{reply:?}");
        assert!(reply.buttons.iter().all(|row| (1..=5).contains(&row.len())), "{reply:?}");
        for button in reply.buttons.iter().flatten() {
            assert!(!button.label.trim().is_empty() && chars(&button.label) <= 80, "{button:?}");
            let named = match &button.does {
                Does::Hit(number) => Some(*number),
                Does::Section(number, _) => (!reply.private).then_some(*number),
                Does::Open(address) => {
                    assert!(web(address).is_some(), "{address}");
                    None
                }
                _ => None,
            };
            assert!(named.is_none_or(|number| number < reply.keys.len()), "{button:?} of {:?}", reply.keys);
        }
    }

    proptest! {
        #[test]
        fn any_answer_gives_a_reply_within_the_limits_that_pings_nobody(
            text in "([@<>&!#0-9`*|_a\\[\\]()\\\\\n~-]|```|everyone|字|🤔|👩‍👩‍👧|https://x\\.y){0,240}",
            starts in proptest::collection::vec(0usize..3, 0..80), code: bool, number in 0usize..3) {
            let text: String = text.chars().take(240).collect();
            let outcome = [Outcome::Answered, Outcome::Related, Outcome::NotFound][number];
            let rising: Vec<usize> = starts.iter().scan(0, |at, step| { *at += step + 2; Some(*at) }).collect();
            let link = format!("https://example.org/{}", text.replace(char::is_whitespace, "("));
            check(&reply(&answer(outcome, &text, &link, marks(&text, &rising), code), Language::Zh, Offers::default()));
            check(&reply(&answer(outcome, &text, &link, vec![], code), Language::En, Offers::default()).quoting(&text));
            check(&Reply::notice(&format!("x{text}")));
        }

        #[test]
        fn any_page_is_within_the_limits_and_the_pages_of_a_section_show_all_of_it(
            text in "([@<>&!#0-9`*|_a\\[\\]()\\\\\n~-]|```|everyone|字|🤔|👩‍👩‍👧|https://x\\.y){1,240}",
            repeat in 1usize..5, code: bool, at in 0usize..7, page in 0usize..20) {
            let all = Offers { feedback: true, instructors: true };
            let mut given = answer(Outcome::Answered, &text, "https://e.org/x", vec![], code);
            given.topics = vec![text.clone()];
            let found = hit_page(&given.hits, at, code, Language::Zh, all);
            prop_assert_eq!(found.is_some(), at < BUTTON_HITS_MAX);
            found.iter().for_each(check);
            check(&reply(&given, Language::En, all));
            check(&reply(&Answer { outcome: Outcome::NotFound, ..given.clone() }, Language::Zh, all));
            // A whole section is not cut as a snippet is.
            let long = text.repeat(repeat);
            let parts = answer(Outcome::Answered, &long, "https://e.org/x", vec![], code).hits;
            let shown = section_page(&parts, 0, page, Language::Zh).unwrap();
            check(&shown);
            let last = section_page(&parts, 0, usize::MAX, Language::En).unwrap();
            check(&last);
            let letters = |text: &str| text.chars().filter(|c| *c == '字').count();
            let pages = last.embeds[0].footer.rsplit(" of ").next().and_then(|count| count.parse().ok()).unwrap_or(1);
            let all_pages = (0..pages).map(|page| section_page(&parts, 0, page, Language::Zh).unwrap());
            let seen: usize = all_pages.map(|page| letters(&page.embeds[0].description)).sum();
            // One fragment that is longer than a page is cut.
            if chars(&long) < 600 {
                let fragments: usize = parts.iter().map(|part| letters(&part.snippet.text)).sum();
                let headings = seen - fragments;
                prop_assert!(seen >= fragments && headings == 0, "{seen} of {fragments}");
            }
        }

        #[test]
        fn any_answer_as_plain_text_is_one_message_that_pings_nobody(
            text in "([@<>&!#0-9`*|_a\\[\\]()\\\\\n~-]|```|everyone|字|🤔|👩‍👩‍👧|https://x\\.y){0,240}",
            starts in proptest::collection::vec(0usize..3, 0..80), code: bool, number in 0usize..3) {
            let text: String = text.chars().take(240).collect();
            let outcome = [Outcome::Answered, Outcome::Related, Outcome::NotFound][number];
            let rising: Vec<usize> = starts.iter().scan(0, |at, step| { *at += step + 2; Some(*at) }).collect();
            let link = format!("https://example.org/{}", text.replace(char::is_whitespace, "("));
            let boxed = reply(&answer(outcome, &text, &link, marks(&text, &rising), code), Language::Zh, Offers::default()).quoting(&text);
            check(&super::super::headed(&boxed, "x"));
            let plain = super::super::plain(&boxed);
            assert!(chars(&plain.content) <= CONTENT_CHARS_MAX && plain.embeds.is_empty(), "{plain:?}");
            assert!(!plain.content.trim().is_empty() && plain.content.matches("```").count().is_multiple_of(2), "{plain:?}");
            // Every other part lies in a fence, where nothing is a mention.
            let outside: String = plain.content.split("```").step_by(2).collect();
            assert!(!outside.replace("@\u{200B}", "").contains('@'), "{plain:?}");
        }
    }

    #[test]
    fn a_quoted_question_can_be_read_again() {
        for question in
            ["kube-proxy 是干啥用的", "a_b *c* `d` [x](y) <@1> @everyone #5 \\ 字", "见 https://e.org/a_b?c=d"]
        {
            let quoted = Reply::notice("好").quoting(question);
            assert_eq!(unquoted(&quoted.content), question, "{}", quoted.content);
        }
        assert_eq!(unquoted("没有找到"), "");
    }

    #[test]
    fn text_is_shown_as_it_is() {
        let text = "@everyone <@1> <@&2> [x](y) ||z|| **a** `b` # c";
        let shown = reply(&answer(Outcome::Answered, text, "", vec![], false), Language::En, Offers::default());
        let description = &shown.embeds[0].description;
        assert_eq!(
            description,
            "@\u{200B}everyone \\<@\u{200B}1\\> \\<@\u{200B}&2\\> \\[x\\]\\(y\\) \\|\\|z\\|\\| \\*\\*a\\*\\* \\`b\\` \\# c"
        );
        check(&shown);
    }

    #[test]
    fn an_answer_of_an_instructor_and_the_age_of_a_note_are_told() {
        let mut given = answer(Outcome::Answered, "x", "", vec![], false);
        given.hits[0].curated = true;
        given.hits[0].age_days = Some(250);
        let shown = reply(&given, Language::Zh, Offers::default());
        assert!(shown.embeds[0].description.starts_with("**老师整理的回答**\nx"), "{shown:?}");
        assert!(shown.embeds[0].footer.starts_with("x · 第 1-2 行 · 更新于 8 个月前"), "{shown:?}");
        assert!(shown.embeds[1].description.contains("更新于 1 年前\n**老师整理的回答**\n"), "{shown:?}");
    }

    #[test]
    fn an_address_stays_a_link() {
        let text = "见 https://e.org/a_b/kube-proxy/#x_y，再看";
        let mut given = answer(Outcome::Answered, text, "", vec![[16, 26]], false);
        given.hits.truncate(1);
        for hit in &mut given.hits {
            hit.snippet.fragments.truncate(1);
            hit.snippet.fragments[0].chars = [0, chars(text)];
        }
        let shown = reply(&given, Language::En, Offers::default());
        assert!(shown.embeds[0].description.contains("https://e.org/a_b/kube-proxy/#x_y，再看"), "{shown:?}");
        check(&shown);
    }

    #[test]
    fn code_stands_in_a_fence_without_marks_and_cannot_end_it() {
        let text = "说明kubectl get ```x";
        let mut given = answer(Outcome::Answered, text, "https://e.org/n#a", vec![[0, 2], [2, 9]], true);
        given.hits.truncate(1);
        for hit in &mut given.hits {
            hit.snippet.fragments[0].chars = [0, 2];
            hit.snippet.fragments[1].chars = [2, chars(text)];
        }
        let shown = reply(&given, Language::En, Offers::default());
        assert_eq!(shown.embeds[0].description, "**说明**\n```\nkubectl get `\u{200B}``x\n```");
        check(&shown);
    }

    #[test]
    fn a_part_that_begins_with_an_item_keeps_its_mark() {
        let check = |text: &str, expected: &str| {
            assert_eq!(lead(&text.chars().collect::<Vec<_>>(), chars(text)), expected, "{text:?}");
        };
        check("甲\n12. ", "12. ");
        check("甲\n  - ", "- ");
        check("🖼 ", "🖼 ");
        check("版本 1. ", "");
        check("", "");
    }

    #[test]
    fn a_link_that_is_none_is_left_out() {
        for link in [
            "notes/a.md#b",
            "javascript:x",
            "https://e.org/a b",
            "https://e.org/<x>",
            &format!("https://e.org/{}", "a".repeat(600)),
        ] {
            let shown = reply(&answer(Outcome::Answered, "x", link, vec![], false), Language::En, Offers::default());
            assert_eq!(shown.embeds[0].url, None, "{link}");
            assert!(!shown.embeds[1].description.contains("]("), "{link}");
        }
    }

    #[test]
    fn a_cut_text_keeps_its_graphemes_escapes_and_fences_whole() {
        let family = "👩‍👩‍👧";
        assert_eq!(clamp(&family.repeat(10), 20), format!("{}…", family.repeat(3)));
        assert_eq!(clamp(&"\\*".repeat(10), 12), "\\*\\*\\*…");
        assert_eq!(clamp(&format!("```\n{}", "x".repeat(30)), 20), format!("```\n{}…\n```", "x".repeat(11)));
        assert_eq!(clamp("short", 20), "short");
    }
}
