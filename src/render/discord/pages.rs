//! An earlier answer leafed through: another hit in the place of the first, or a section page by page.

use super::{
    AMBER, BUTTON_HITS_MAX, DESCRIPTION_CHARS_MAX, Embed, FOOTER_CHARS_MAX, GREEN, Offers, Reply, TITLE_CHARS_MAX,
    best_hit, buttons, clamp, escape, escape_title, hits, marked, one_line, picture, place, shown, unfenced, web,
};
use crate::answer::AnswerHit;
use crate::texts::Language;

/// A page of a section is full from here on; characters of Markdown. A phone shows about a third of it at a time.
const PAGE_CHARS_MAX: usize = 1800;
/// What a part costs beside its text: a fence, line breaks.
const PART_CHARS: usize = 12;
/// A longer heading within a page is cut; characters.
const HEADING_CHARS_MAX: usize = 120;

/// The message that shows hit `at` of an earlier answer; `sure` as it was then. The text above the boxes is left as it is.
#[must_use]
pub fn hit_page(all: &[AnswerHit], at: usize, sure: bool, language: Language, offers: Offers) -> Option<Reply> {
    let hit = all.get(at).filter(|_| at < BUTTON_HITS_MAX)?;
    let colour = if sure { GREEN } else { AMBER };
    let mut embeds = if at == 0 { hits(all, colour, language) } else { vec![best_hit(hit, colour, language)] };
    let count = all.len().min(BUTTON_HITS_MAX);
    if let Some(first) = embeds.first_mut().filter(|_| at > 0) {
        let number = format!("\n{}", language.hit_of(at + 1, count));
        let room = FOOTER_CHARS_MAX.saturating_sub(number.chars().count());
        first.footer = clamp(&first.footer, room) + &number;
    }
    Some(Reply {
        embeds,
        buttons: buttons::of_hits(all, (at, sure), language, offers),
        language: Some(language),
        keys: all.iter().map(|hit| hit.citation.key).take(BUTTON_HITS_MAX).collect(),
        ..Reply::default()
    })
}

/// The message that shows a page (from 0) of a section to one person: `parts` are its passages with those below it, in their
/// order, and `hit` is its number among the keys of the message before. A page that is not there any more is the last one.
#[must_use]
pub fn section_page(parts: &[AnswerHit], hit: usize, page: usize, language: Language) -> Option<Reply> {
    let first = parts.first()?;
    let pages = pages(parts, language);
    let page = page.min(pages.len().saturating_sub(1));
    let citation = &first.citation;
    let mut footer = place(citation, language);
    if pages.len() > 1 {
        footer = format!("{footer}\n{}", language.page_of(page + 1, pages.len()));
    }
    let embed = Embed {
        title: clamp(&escape_title(&citation.heading_path().join(" › ")), TITLE_CHARS_MAX),
        url: web(&citation.link).map(str::to_owned),
        description: clamp(pages.get(page).map_or("", String::as_str), DESCRIPTION_CHARS_MAX),
        footer: clamp(&footer, FOOTER_CHARS_MAX),
        colour: GREEN,
        picture: picture(first).filter(|_| page == 0),
    };
    Some(Reply {
        embeds: vec![embed],
        private: true,
        buttons: buttons::of_section(hit, page, pages.len(), &citation.link, language),
        ..Reply::default()
    })
}

/// The parts as pages: cut between fragments, and headings of sections below stand above their text.
fn pages(parts: &[AnswerHit], language: Language) -> Vec<String> {
    let mut pages: Vec<String> = Vec::new();
    let mut full = PAGE_CHARS_MAX;
    let mut above = parts.first().map(|part| part.citation.anchor.as_str());
    for part in parts {
        let heading = &part.citation.heading;
        let mut head = if above == Some(part.citation.anchor.as_str()) {
            String::new()
        } else {
            format!("**{}**\n", escape(&one_line(heading, HEADING_CHARS_MAX)))
        };
        above = Some(part.citation.anchor.as_str());
        for range in runs(part) {
            let text = head + &shown(part, range, language);
            head = String::new();
            let chars = text.chars().count();
            match pages.last_mut() {
                Some(last) if full + chars <= PAGE_CHARS_MAX => {
                    last.push_str("\n\n");
                    last.push_str(&text);
                    full += chars + 2;
                }
                _ => {
                    full = chars;
                    pages.push(text);
                }
            }
        }
    }
    pages
}

/// The fragments of a part in runs that fit a page each; one run of none when there is nothing but a picture or a heading.
fn runs(part: &AnswerHit) -> Vec<std::ops::Range<usize>> {
    let all: Vec<char> = part.snippet.text.chars().collect();
    let text = |from: usize, to: usize| all.get(from..to).unwrap_or_default().iter().collect::<String>();
    let mut runs = Vec::new();
    let (mut start, mut chars) = (0, 0);
    for (number, fragment) in part.snippet.fragments.iter().enumerate() {
        let [from, to] = fragment.chars;
        let shown = if fragment.code { unfenced(&text(from, to)) } else { marked(part, from, to, &text) };
        let cost = shown.chars().count() + PART_CHARS;
        if chars + cost > PAGE_CHARS_MAX && number > start {
            runs.push(start..number);
            (start, chars) = (number, 0);
        }
        chars += cost;
    }
    runs.push(start..part.snippet.fragments.len());
    runs
}
