//! What must hold for every message: Discord's limits, nobody pinged, text shown as it is.

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
            picture: Some(link.to_owned()),
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
        manner: crate::query::Manner::Asks,
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
        assert!(chars(&embed.footer) <= 2048 && embed.url.as_ref().is_none_or(|url| chars(url) <= 512), "{embed:?}");
        assert!(!embed.description.trim().is_empty(), "{embed:?}");
        if let Some(picture) = &embed.picture {
            assert!(picture.starts_with("https://") && chars(picture) <= 2048, "{embed:?}");
            assert!(
                !picture.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\`|[]".contains(c)),
                "{embed:?}"
            );
        }
        total += chars(&embed.title) + chars(&embed.description) + chars(&embed.footer);
    }
    assert!(total <= 6000, "{total} characters in all");
    assert!(reply.embeds.iter().filter(|embed| embed.picture.is_some()).count() <= 1, "two pictures");
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
    for question in ["kube-proxy 是干啥用的", "a_b *c* `d` [x](y) <@1> @everyone #5 \\ 字", "见 https://e.org/a_b?c=d"]
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
fn code_is_shown_without_the_indent_that_all_its_lines_have() {
    let check = |text: &str, expected: &str| assert_eq!(outdented(text), expected);
    check("```\n    a:\n      b: 1\n…\n\n    c: 2\n```", "```\na:\n  b: 1\n…\n\nc: 2\n```");
    check("```\na\n  b\n```", "```\na\n  b\n```");
    check("  x\n```\n  a\n```\n  y\n```\n\tb\n```", "  x\n```\na\n```\n  y\n```\n\tb\n```");
    check("  x", "  x");
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
    let long = format!("https://e.org/{}", "a".repeat(600));
    let shown = reply(&answer(Outcome::Answered, "x", &long, vec![], false), Language::En, Offers::default());
    assert_eq!(shown.embeds[0].picture.as_deref(), Some(&*long), "a picture's address may be longer than a link");
    for link in ["notes/a.md#b", "javascript:x", "https://e.org/a b", "https://e.org/<x>", &long] {
        let shown = reply(&answer(Outcome::Answered, "x", link, vec![], false), Language::En, Offers::default());
        assert_eq!(shown.embeds[0].url, None, "{link}");
        assert!(shown.embeds[0].picture.is_none() || link == long, "{link}");
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
