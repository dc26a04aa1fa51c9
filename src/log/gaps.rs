//! What the notes did not answer: questions of the log, clustered by what they are about.
//!
//! Clustering is one pass over the sets of topics, in the order in which they were first asked: a set joins the cluster whose
//! first set it shares most with, or begins one. What two sets share is a weighted Jaccard index (Jaccard 1901), in which a topic
//! that is no name weighs half. Nothing in it depends on how many questions there are, so a later question never changes how
//! those before it are grouped.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::{Came, Logged, Period};
use crate::answer::{Answer, Outcome, Suggestion};

/// Sets of topics that share more belong together; of 1.
const SHARED: f64 = 0.5;
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
    /// What they are about, as it was called most often.
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

/// What the notes and their lexicon are asked about gaps.
pub trait Notes {
    /// The answer to a logged question as it is now.
    fn answer(&self, logged: &Logged) -> Option<Answer>;

    /// What a text names: each thing as it is written there, behind the name that it has in topics.
    fn named_in(&self, text: &str) -> Vec<(String, String)>;
}

/// Finds the gaps among `questions` and clusters them; of the `limit` clusters most asked the notes are asked the question
/// asked most.
pub fn gaps(questions: &[Logged], period: Period, limit: usize, notes: &impl Notes) -> Gaps {
    let gaps: Vec<&Logged> = questions.iter().filter(|one| is_gap(one) && !one.topics.is_empty()).collect();
    let mut clusters = cluster(&gaps);
    let more = clusters.len().saturating_sub(limit);
    clusters.truncate(limit);
    Gaps {
        period,
        questions: questions.len(),
        failed: questions.iter().filter(|one| one.came == Came::Failed).count(),
        gaps: gaps.len(),
        clusters: clusters.iter().map(|members| summary(members, notes)).collect(),
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

/// The gaps in clusters, the most asked first, then the one asked last; within each in the order in which they were asked.
fn cluster<'q>(gaps: &[&'q Logged]) -> Vec<Vec<&'q Logged>> {
    let asked = |one: &&Logged| (one.asked_at, one.id);
    let mut by_topics: HashMap<BTreeSet<&str>, Vec<&Logged>> = HashMap::new();
    for gap in gaps {
        by_topics.entry(gap.topics.iter().map(String::as_str).collect()).or_default().push(gap);
    }
    let weight = |topic: &str| if is_name(topic) { 1.0 } else { NO_NAME };
    let mut sets: Vec<(BTreeSet<&str>, Vec<&Logged>)> = by_topics.into_iter().collect();
    sets.sort_by_key(|(_, members)| members.iter().map(asked).min());
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
        let nearest = shared.into_iter().map(likeness).filter(|(likeness, _)| *likeness > SHARED);
        // Of two that are equally near, the one that was asked first.
        let nearest = nearest.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((_, cluster)) = nearest.and_then(|(_, number)| clusters.get_mut(number)) {
            cluster.extend(members);
        } else {
            topics.iter().for_each(|topic| about.entry(topic).or_default().push(clusters.len()));
            clusters.push((own, members));
        }
    }
    let mut clusters: Vec<Vec<&Logged>> = clusters.into_iter().map(|(_, members)| members).collect();
    clusters.iter_mut().for_each(|members| members.sort_by_key(asked));
    let last = |members: &[&Logged]| members.last().map(asked);
    clusters.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| last(b).cmp(&last(a))));
    clusters
}

/// Whether a topic names a thing rather than an action: names are Latin, or long.
fn is_name(topic: &str) -> bool {
    topic.chars().any(|c| c.is_ascii_alphabetic()) || topic.chars().nth(2).is_some()
}

/// The topics of a question as they were called most often in its cluster, of two alike the one that was used first. A topic that no
/// question names in so many words (a slip was mended) keeps its name.
fn as_asked(topics: &[String], members: &[&Logged], notes: &impl Notes) -> Vec<String> {
    let mut called: HashMap<String, Vec<(String, usize)>> = HashMap::new();
    for one in members {
        // What a follow-up is about stands in the questions before it.
        let texts = std::iter::once(&one.question).chain(one.after.iter().rev());
        let mut seen = HashSet::new();
        for (topic, typed) in texts.flat_map(|text| notes.named_in(text)) {
            if !seen.insert(topic.clone()) {
                continue;
            }
            let forms = called.entry(topic).or_default();
            match forms.iter_mut().find(|(form, _)| *form == typed) {
                Some((_, times)) => *times += 1,
                None => forms.push((typed, 1)),
            }
        }
    }
    let most = |forms: &Vec<(String, usize)>| {
        let mut most: Option<&(String, usize)> = None;
        forms.iter().for_each(|form| most = most.filter(|most| most.1 >= form.1).or(Some(form)));
        most.map(|(form, _)| form.clone())
    };
    topics.iter().map(|topic| called.get(topic).and_then(most).unwrap_or_else(|| topic.clone())).collect()
}

fn summary(members: &[&Logged], notes: &impl Notes) -> Cluster {
    let count = |which: &dyn Fn(&Logged) -> bool| members.iter().filter(|one| which(one)).count();
    let by_whom: HashSet<Option<&[u8]>> = members.iter().map(|one| one.member.as_deref()).collect();
    let wordings = wordings(members);
    let asked_most = wordings.first().map(|(_, last)| *last);
    let now = asked_most.and_then(|logged| notes.answer(logged));
    let not_useful = count(&|one| one.not_useful > one.useful);
    Cluster {
        topics: asked_most.map(|one| as_asked(&one.topics, members, notes)).unwrap_or_default(),
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

    /// Notes that answer nothing, of which the lexicon has 容器组 for Pod.
    struct Silent;

    impl Notes for Silent {
        fn answer(&self, _: &Logged) -> Option<Answer> {
            None
        }

        fn named_in(&self, text: &str) -> Vec<(String, String)> {
            let name =
                |word: &str| if word == "容器组" || word == "pod" { "Pod".to_owned() } else { word.to_owned() };
            text.split(' ').map(|word| (name(word), word.to_owned())).collect()
        }
    }

    const NOTHING: Came = Came::Of(Outcome::NotFound);

    fn clusters(questions: &[Logged]) -> Vec<(Vec<String>, usize)> {
        let found = gaps(questions, Period::ALWAYS, 100, &Silent);
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
    fn a_topic_is_called_as_it_was_asked_most() {
        let called = |questions: &[&str]| {
            let questions: Vec<Logged> = (1..)
                .zip(questions)
                .map(|(id, &question)| Logged { question: question.to_owned(), ..asked(id, &["Pod"], NOTHING) })
                .collect();
            clusters(&questions).remove(0).0.remove(0)
        };
        assert_eq!(called(&["容器组", "pod", "pod"]), "pod");
        assert_eq!(called(&["容器组 一", "pod 二"]), "容器组", "of two alike the first");
        assert_eq!(called(&["prod"]), "Pod", "a slip is nobody's name for it");
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

        #[test]
        fn a_later_question_leaves_those_before_it_where_they_are(
            sets in prop::collection::vec(prop::collection::btree_set("[a-e]|[一二三四]{2}", 1..4), 2..20),
        ) {
            let questions: Vec<Logged> = sets
                .iter()
                .zip(1..)
                .map(|(topics, id)| asked(id, &topics.iter().map(String::as_str).collect::<Vec<_>>(), NOTHING))
                .collect();
            let groups = |questions: &[Logged]| {
                let gaps: Vec<&Logged> = questions.iter().collect();
                let groups = cluster(&gaps).into_iter().map(|group| {
                    group.into_iter().map(|one| one.id).filter(|id| *id < sets.len() as i64).collect::<BTreeSet<_>>()
                });
                groups.filter(|group| !group.is_empty()).collect::<BTreeSet<_>>()
            };
            prop_assert_eq!(groups(&questions[..questions.len() - 1]), groups(&questions));
        }
    }
}
