//! What instructors see in Discord: the reports of the command line, and gaps. Both hold foreign text, which is shown as it is.

use super::Reply;
use super::discord::{DESCRIPTION_CHARS_MAX, Embed, GREY, clamp, escape, linked};
use super::gaps::{Date, head, id, line, period, topics};
use crate::log::{Cluster, Gaps};
use crate::texts::Language;

/// Characters that are kept free for the line behind the clusters.
const TAIL_CHARS_MAX: usize = 96;

/// A report of the command line, for the one who asked alone.
#[must_use]
pub fn report(text: &str) -> Reply {
    boxed(clamp(escape(text).trim(), DESCRIPTION_CHARS_MAX))
}

/// Gaps, for the one who asked alone. Clusters that find no place are counted.
#[must_use]
pub fn gaps_reply(gaps: &Gaps, date: Date<'_>, language: Language) -> Reply {
    let mut text = head(gaps, date, language);
    let mut shown = 0;
    for (number, cluster) in gaps.clusters.iter().enumerate() {
        let block = format!("\n\n**{}.** {}", number + 1, block(cluster, date, language));
        if text.chars().count() + block.chars().count() + TAIL_CHARS_MAX > DESCRIPTION_CHARS_MAX {
            break;
        }
        text.push_str(&block);
        shown += 1;
    }
    let more = gaps.clusters.len() - shown + gaps.more;
    if gaps.clusters.is_empty() {
        text = format!("{text}\n\n{}", language.no_gaps());
    } else if more > 0 {
        text = format!("{text}\n\n{}", language.more_clusters_elsewhere(more));
    }
    boxed(clamp(&text, DESCRIPTION_CHARS_MAX))
}

fn block(cluster: &Cluster, date: Date<'_>, language: Language) -> String {
    let topics = escape(&topics(cluster));
    let mut lines = vec![format!("**{topics}** · {} · {}", language.cluster(cluster), period(cluster, date))];
    for example in &cluster.examples {
        let times = if example.asked > 1 { language.times(example.asked) } else { String::new() };
        lines.push(format!("- {} · {}{times}", example.id, escape(&line(&example.question))));
    }
    if let Some(nearest) = cluster.nearest.first() {
        lines.push(format!("{}{}", language.nearest_now(), linked(&line(&nearest.heading), &nearest.link)));
    }
    lines.push(format!("→ {}", language.advice(cluster.advice, id(cluster))));
    lines.join("\n")
}

fn boxed(description: String) -> Reply {
    // Discord refuses a box that shows nothing.
    let description = if description.trim().is_empty() { "…".to_owned() } else { description };
    Reply { embeds: vec![Embed { description, colour: GREY, ..Embed::default() }], private: true, ..Reply::default() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::answer::Suggestion;
    use crate::log::{Advice, Example, Period};
    use crate::render::discord::check;

    fn gaps(text: &str, link: &str, clusters: usize, more: usize) -> Gaps {
        let cluster = Cluster {
            topics: vec![text.to_owned(), "x".to_owned()],
            asked: 3,
            members: 2,
            not_found: 2,
            related: 1,
            not_useful: 0,
            first: 1,
            last: 2,
            examples: vec![Example { id: 7, question: text.to_owned(), asked: 3 }; 3],
            nearest: vec![Suggestion {
                heading: text.to_owned(),
                link: link.to_owned(),
                key: crate::answer::PassageKey::default(),
            }],
            advice: Advice::CuratedAnswer,
        };
        Gaps { period: Period::ALWAYS, questions: 9, failed: 0, gaps: 3, clusters: vec![cluster; clusters], more }
    }

    fn date(_: i64) -> String {
        "2026-01-01".to_owned()
    }

    proptest! {
        #[test]
        fn any_report_is_within_the_limits_and_pings_nobody(
            text in "([@<>&!#0-9`*|_a\\[\\]()\\\\\n~-]|```|everyone|字|🤔|👩‍👩‍👧|https://x\\.y){0,240}",
            times in 0usize..30, clusters in 0usize..=10, more in 0usize..3) {
            check(&report(&text.repeat(times)));
            let link = format!("https://example.org/{}", text.replace(char::is_whitespace, "("));
            check(&gaps_reply(&gaps(&text, &link, clusters, more), &date, Language::Zh));
            check(&gaps_reply(&gaps(&text, &link, clusters, more), &date, Language::En));
        }
    }

    #[test]
    fn clusters_that_find_no_place_are_counted() {
        let all = gaps(&"字*".repeat(60), "", 10, 2);
        let text = &gaps_reply(&all, &date, Language::En).embeds[0].description;
        let shown = (1..=10).filter(|number| text.contains(&format!("**{number}.**"))).count();
        assert!((2..10).contains(&shown), "{text}");
        assert!(text.ends_with(&format!("{} more: run kewen gaps to see all.", 12 - shown)), "{text}");
    }

    #[test]
    fn a_gap_is_shown_with_its_number_its_nearest_heading_and_an_advice() {
        let text = &gaps_reply(&gaps("a*b", "https://e.org/x", 1, 0), &date, Language::Zh).embeds[0].description;
        for part in
            ["**1.** **a\\*b x** · 问了 3 次（2 人）", "- 7 · a\\*b（3 次）", "最接近：[a\\*b](https://e.org/x)"]
        {
            assert!(text.contains(part), "{part:?} is not in {text}");
        }
    }
}
