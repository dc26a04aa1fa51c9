//! What the notes did not answer: questions of the log, clustered by what they are about.
//!
//! Clustering is one pass over the sets of topics, the most asked first: a set joins the cluster whose first set it shares
//! most with, or begins one. What two sets share is a weighted Jaccard index (Jaccard 1901; weights after Robertson and
//! Spärck Jones 1976): a topic weighs `ln(1 + questions / questions about it)`, and half of that when it is no name.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::{Came, Logged, Period};
use crate::answer::{Answer, Outcome, Suggestion};

/// Sets of topics that share as much belong together; of 1.
const SHARED_MIN: f64 = 0.5;
/// What a topic that is no name weighs beside one that is.
const NO_NAME: f64 = 0.5;
/// Questions that are shown of a cluster, and headings.
const EXAMPLES_MAX: usize = 3;
const NEAREST_MAX: usize = 3;

/// The gaps of a period.
#[derive(Clone, Debug, Serialize)]
pub struct Gaps {
    /// The period; open ends are those of time.
    #[serde(skip)]
    pub period: Period,
    /// Questions of the period.
    pub questions: usize,
    /// Those that could not be answered because something went wrong; they are no gaps.
    pub failed: usize,
    /// Those that are gaps and about something.
    pub gaps: usize,
    /// Clusters of gaps, the most asked first.
    pub clusters: Vec<Cluster>,
    /// Clusters that are left out because there are too many.
    pub more: usize,
}

/// Gaps about one thing.
#[derive(Clone, Debug, Serialize)]
pub struct Cluster {
    /// What they are about.
    pub topics: Vec<String>,
    /// How often it was asked.
    pub asked: usize,
    /// By how many members; everything in the chat of the command line counts as one.
    pub members: usize,
    /// How often nothing was found.
    pub not_found: usize,
    /// How often only something related was.
    pub related: usize,
    /// How often the answer was found not useful.
    pub not_useful: usize,
    /// When it was asked first; milliseconds since 1970.
    pub first: i64,
    /// When it was asked last.
    pub last: i64,
    /// How it was asked, the most frequent wording first.
    pub examples: Vec<Example>,
    /// The headings that come nearest now.
    pub nearest: Vec<Suggestion>,
    /// What may help.
    pub advice: Advice,
}

/// A wording of a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The number of the last question of this wording.
    pub id: i64,
    /// The wording.
    pub question: String,
    /// How often it was asked.
    pub asked: usize,
}

/// What may close a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// The notes answer it by now.
    Closed,
    /// The notes say nothing of it: a section of its own.
    NewSection,
    /// The notes say something near it and lack a word of it: perhaps another name of what they have.
    Alias,
    /// The notes have all its words and do not answer it, or not well: an answer written for it.
    CuratedAnswer,
}

/// Finds the gaps among `questions` and clusters them; of the `limit` clusters most asked `ask` is told the question asked
/// most, and gives the answer as it is now.
pub fn gaps(
    questions: &[Logged],
    period: Period,
    limit: usize,
    mut ask: impl FnMut(&Logged) -> Option<Answer>,
) -> Gaps {
    let gaps: Vec<&Logged> = questions.iter().filter(|one| is_gap(one) && !one.topics.is_empty()).collect();
    let mut clusters = cluster(&gaps);
    let more = clusters.len().saturating_sub(limit);
    clusters.truncate(limit);
    Gaps {
        period,
        questions: questions.len(),
        failed: questions.iter().filter(|one| one.came == Came::Failed).count(),
        gaps: gaps.len(),
        clusters: clusters.iter().map(|members| summary(members, &mut ask)).collect(),
        more,
    }
}

/// Whether the notes owe an answer. What members think of it weighs more than what kewen thought.
fn is_gap(one: &Logged) -> bool {
    match one.came {
        Came::Failed => false,
        Came::Of(Outcome::Answered) => one.not_useful > one.useful,
        Came::Of(_) => one.not_useful >= one.useful,
    }
}

/// The gaps in clusters, the most asked first, then the one asked last.
fn cluster<'q>(gaps: &[&'q Logged]) -> Vec<Vec<&'q Logged>> {
    let mut by_topics: HashMap<BTreeSet<&str>, Vec<&Logged>> = HashMap::new();
    let mut asked: HashMap<&str, usize> = HashMap::new();
    for gap in gaps {
        let topics: BTreeSet<&str> = gap.topics.iter().map(String::as_str).collect();
        topics.iter().for_each(|topic| *asked.entry(topic).or_default() += 1);
        by_topics.entry(topics).or_default().push(gap);
    }
    let weight = |topic: &str| {
        let rarity = (1.0 + gaps.len() as f64 / asked.get(topic).copied().unwrap_or(1) as f64).ln();
        if is_name(topic) { rarity } else { NO_NAME * rarity }
    };
    let mut sets: Vec<(BTreeSet<&str>, Vec<&Logged>)> = by_topics.into_iter().collect();
    sets.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    let mut clusters: Vec<(f64, Vec<&Logged>)> = Vec::new();
    let mut about: HashMap<&str, Vec<usize>> = HashMap::new();
    for (topics, members) in sets {
        let own: f64 = topics.iter().map(|topic| weight(topic)).sum();
        let mut shared: HashMap<usize, f64> = HashMap::new();
        for topic in &topics {
            for &number in about.get(topic).into_iter().flatten() {
                *shared.entry(number).or_default() += weight(topic);
            }
        }
        let likeness = |(number, shared): (usize, f64)| {
            let first = clusters.get(number).map_or(0.0, |(first, _)| *first);
            (shared / (own + first - shared), number)
        };
        let nearest = shared.into_iter().map(likeness).filter(|(likeness, _)| *likeness >= SHARED_MIN);
        // Of two that are equally near, the one that was asked more.
        let nearest = nearest.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((_, cluster)) = nearest.and_then(|(_, number)| clusters.get_mut(number)) {
            cluster.extend(members);
        } else {
            topics.iter().for_each(|topic| about.entry(topic).or_default().push(clusters.len()));
            clusters.push((own, members));
        }
    }
    let mut clusters: Vec<Vec<&Logged>> = clusters.into_iter().map(|(_, members)| members).collect();
    let last = |members: &[&Logged]| members.iter().map(|one| (one.asked_at, one.id)).max();
    clusters.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| last(b).cmp(&last(a))));
    clusters
}

/// Whether a topic names a thing rather than an action: names are Latin, or long.
fn is_name(topic: &str) -> bool {
    topic.chars().any(|c| c.is_ascii_alphabetic()) || topic.chars().nth(2).is_some()
}

fn summary(members: &[&Logged], ask: &mut impl FnMut(&Logged) -> Option<Answer>) -> Cluster {
    let count = |which: &dyn Fn(&Logged) -> bool| members.iter().filter(|one| which(one)).count();
    let by_whom: HashSet<Option<&[u8]>> = members.iter().map(|one| one.member.as_deref()).collect();
    let wordings = wordings(members);
    let asked_most = wordings.first().map(|(_, last)| *last);
    let now = asked_most.and_then(ask);
    let not_useful = count(&|one| one.not_useful > one.useful);
    Cluster {
        topics: asked_most.map(|one| one.topics.clone()).unwrap_or_default(),
        asked: members.len(),
        members: by_whom.len(),
        not_found: count(&|one| one.came == Came::Of(Outcome::NotFound)),
        related: count(&|one| one.came == Came::Of(Outcome::Related)),
        not_useful,
        first: members.iter().map(|one| one.asked_at).min().unwrap_or_default(),
        last: members.iter().map(|one| one.asked_at).max().unwrap_or_default(),
        examples: wordings
            .iter()
            .take(EXAMPLES_MAX)
            .map(|(asked, last)| Example { id: last.id, question: last.question.clone(), asked: *asked })
            .collect(),
        nearest: now.as_ref().map(nearest).unwrap_or_default(),
        advice: advice(now.as_ref(), not_useful > 0),
    }
}

/// The wordings of a cluster with their numbers and their last question: the most frequent first, then the latest.
fn wordings<'q>(members: &[&'q Logged]) -> Vec<(usize, &'q Logged)> {
    let mut wordings: HashMap<&str, (usize, &Logged)> = HashMap::new();
    for one in members {
        let (asked, last) = wordings.entry(one.question.as_str()).or_insert((0, one));
        *asked += 1;
        if one.id > last.id {
            *last = one;
        }
    }
    let mut wordings: Vec<(usize, &Logged)> = wordings.into_values().collect();
    wordings.sort_by_key(|(asked, last)| std::cmp::Reverse((*asked, last.id)));
    wordings
}

fn nearest(answer: &Answer) -> Vec<Suggestion> {
    let hits = answer.hits.iter().map(|hit| Suggestion {
        heading: hit.citation.heading_path().join(" › "),
        link: hit.citation.link.clone(),
        key: hit.citation.key,
    });
    let mut nearest: Vec<Suggestion> = Vec::new();
    for one in hits.chain(answer.suggestions.iter().cloned()) {
        if nearest.iter().all(|other| other.heading != one.heading) {
            nearest.push(one);
        }
    }
    nearest.truncate(NEAREST_MAX);
    nearest
}

fn advice(now: Option<&Answer>, not_useful: bool) -> Advice {
    match now {
        None => Advice::NewSection,
        Some(answer) => match answer.outcome {
            Outcome::Answered if not_useful => Advice::CuratedAnswer,
            Outcome::Answered => Advice::Closed,
            Outcome::Related if answer.unknown.is_empty() => Advice::CuratedAnswer,
            Outcome::Related => Advice::Alias,
            Outcome::NotFound => Advice::NewSection,
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Channel;
    use super::*;

    fn asked(id: i64, topics: &[&str], came: Came) -> Logged {
        Logged {
            id,
            asked_at: id,
            channel: Channel::Server,
            member: Some(vec![u8::try_from(id % 3).unwrap()]),
            question: topics.join(" "),
            after: Vec::new(),
            topics: topics.iter().map(|&topic| topic.to_owned()).collect(),
            came,
            hits: Vec::new(),
            useful: 0,
            not_useful: 0,
        }
    }

    const NOTHING: Came = Came::Of(Outcome::NotFound);

    fn clusters(questions: &[Logged]) -> Vec<(Vec<String>, usize)> {
        let found = gaps(questions, Period::ALWAYS, 100, |_| None);
        found.clusters.into_iter().map(|cluster| (cluster.topics, cluster.asked)).collect()
    }

    #[test]
    fn questions_about_one_thing_are_one_cluster_and_the_most_asked_comes_first() {
        let questions = [
            asked(1, &["Pod", "删除"], NOTHING),
            asked(2, &["karmada"], NOTHING),
            asked(3, &["karmada", "安装"], NOTHING),
            asked(4, &["Pod", "创建"], NOTHING),
            asked(5, &["karmada"], Came::Of(Outcome::Related)),
        ];
        let named = |topics: &[&str]| topics.iter().map(|&topic| topic.to_owned()).collect::<Vec<_>>();
        // Two things that one does with a Pod are two gaps, and of two asked once the later is first.
        let expected = [(named(&["karmada"]), 3), (named(&["Pod", "创建"]), 1), (named(&["Pod", "删除"]), 1)];
        assert_eq!(clusters(&questions), expected);
    }

    #[test]
    fn what_members_think_decides_and_outages_are_no_gaps() {
        let answered = Came::Of(Outcome::Answered);
        let judged = |id, came, useful, not_useful| Logged { useful, not_useful, ..asked(id, &["Pod"], came) };
        for (came, useful, not_useful, expected) in [
            (answered, 0, 0, false),
            (answered, 0, 1, true),
            (answered, 1, 1, false),
            (Came::Of(Outcome::Related), 1, 1, true),
            (Came::Of(Outcome::Related), 1, 0, false),
            (NOTHING, 0, 0, true),
            (Came::Failed, 0, 0, false),
            (Came::Failed, 0, 2, false),
        ] {
            assert_eq!(is_gap(&judged(1, came, useful, not_useful)), expected, "{came:?} {useful} {not_useful}");
        }
    }

    #[test]
    fn a_greeting_is_about_nothing_and_no_gap() {
        assert_eq!(clusters(&[asked(1, &[], NOTHING)]), []);
    }

    proptest! {
        #[test]
        fn every_gap_is_in_exactly_one_cluster_whatever_the_order(
            sets in prop::collection::vec(prop::collection::btree_set("[a-e]|[一二三四]{2}", 1..4), 1..40),
        ) {
            let questions: Vec<Logged> = sets
                .iter()
                .zip(1..)
                .map(|(topics, id)| asked(id, &topics.iter().map(String::as_str).collect::<Vec<_>>(), NOTHING))
                .collect();
            let found = clusters(&questions);
            prop_assert_eq!(found.iter().map(|(_, asked)| asked).sum::<usize>(), questions.len());
            let mut turned = questions;
            turned.reverse();
            prop_assert_eq!(clusters(&turned), found);
        }
    }
}
