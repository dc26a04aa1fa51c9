//! From hits to an answer: plain data that every rendering is made of.

mod citation;
mod confidence;
mod explain;
mod snippet;
mod unknown;

use serde::Serialize;

pub use crate::search::Features;
pub use citation::Citation;
pub(crate) use citation::says_nothing;
pub use confidence::{Evidence, Outcome};
pub use explain::{ExplainedHit, ExplainedUnit, Explanation};
pub use snippet::{Fragment, SNIPPET_CHARS_MAX, Snippet};

use crate::corpus::{Day, Links};
pub use crate::index::PassageKey;
use crate::index::Record;
use crate::query::{Manner, Query};
use crate::search::{Part, Ranking, Recalled};
use crate::text::Analyzer;

/// Share of a question that may be unknown to all notes for headings to be named.
const SUGGESTIONS_UNKNOWN_MAX: f32 = 0.95;
/// Headings that are named when nothing was found, at most.
const SUGGESTIONS_MAX: usize = 3;

/// An answer.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The question as cleaned.
    pub question: String,
    /// How sure it is.
    pub outcome: Outcome,
    /// Passages, the best first; none when nothing was found.
    pub hits: Vec<AnswerHit>,
    /// Headings to look at instead, when nothing was found.
    pub suggestions: Vec<Suggestion>,
    /// What the question was taken to mean instead of what was typed.
    pub corrections: Vec<String>,
    /// What a question of a conversation was taken to be about, in the words of the question before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
    /// Other names by which the best hit was found, where it does not hold the word that was typed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Words of the question that no note mentions, as typed.
    pub unknown: Vec<String>,
    /// What it is about, each thing by one name: for counting questions of one kind.
    #[serde(skip)]
    pub topics: Vec<String>,
    /// How it reads to somebody who overhears it.
    #[serde(skip)]
    pub manner: Manner,
    /// The questions before it, the oldest first, when it refers to them.
    #[serde(skip)]
    pub after: Vec<String>,
    /// Time from question to answer; milliseconds.
    pub took_ms: f64,
}

/// A passage of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerHit {
    /// Its place, counted from 1.
    pub rank: usize,
    /// Its score; comparable within one answer only.
    pub score: f32,
    /// Where it stands.
    #[serde(flatten)]
    pub citation: Citation,
    /// What it says.
    #[serde(flatten)]
    pub snippet: Snippet,
    /// Whether an instructor wrote it as the answer to this question.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub curated: bool,
    /// How old its note is, in days, when answers are to say so.
    #[serde(skip)]
    pub age_days: Option<u32>,
    /// The address of its first picture, when it holds nothing but pictures and everybody can see that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Where else nearly the same stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<Citation>,
}

/// A heading that may be what was meant.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    /// The heading with those above it.
    pub heading: String,
    /// The link to it.
    pub link: String,
    /// Its passage's name in eight bytes.
    #[serde(skip)]
    pub key: PassageKey,
}

/// Composes the answer to `question` from a ranking.
#[must_use]
pub fn compose(question: &str, query: &Query, ranking: &Ranking, analyzer: &Analyzer, links: &Links<'_>) -> Answer {
    let evidence = Evidence::of(query, ranking);
    let outcome = confidence::outcome(&evidence, query, ranking);
    // Sections that share a word by chance are no help.
    let worth_naming = !query.names_nothing && evidence.unknown < SUGGESTIONS_UNKNOWN_MAX;
    let marker = snippet::Marker::new(query, &ranking.importance, analyzer);
    let mut hits = Vec::new();
    let mut suggestions: Vec<Suggestion> = Vec::new();
    for (number, hit) in ranking.hits.iter().enumerate() {
        let citation = Citation::of(&hit.record, links);
        if outcome == Outcome::NotFound {
            let heading = citation.heading_path().join(" › ");
            if worth_naming
                && suggestions.len() < SUGGESTIONS_MAX
                && suggestions.iter().all(|other| other.heading != heading)
            {
                suggestions.push(Suggestion { heading, link: citation.link, key: citation.key });
            }
        } else {
            let curated = hit.part == Part::Curated;
            let snippet = if curated { marker.opening(&hit.record) } else { marker.snippet(&hit.record) };
            let also_in = hit.twins.iter().map(|twin| Citation::of(twin, links)).collect();
            hits.push(AnswerHit {
                rank: number + 1,
                score: hit.score,
                citation,
                snippet,
                curated,
                age_days: None,
                picture: picture(&hit.record, links),
                also_in,
            });
        }
    }
    let question = question.to_owned();
    Answer {
        question,
        outcome,
        hits,
        suggestions,
        corrections: query.corrections.iter().map(|made| format!("{} → {}", made.typed, made.taken)).collect(),
        assumed: query.carried.assumed.clone(),
        aliases: ranking.aliases.clone(),
        unknown: unknown::told(query, &ranking.unknown, analyzer),
        topics: query.topics(analyzer.lexicon()),
        manner: query.manner,
        after: Vec::new(),
        took_ms: 0.0,
    }
}

/// Passages that were looked up again as hits, with the snippets that an answer to the query would show.
#[must_use]
pub fn recalled(recalled: &Recalled, query: &Query, analyzer: &Analyzer, links: &Links<'_>) -> Vec<Option<AnswerHit>> {
    let marker = snippet::Marker::new(query, &recalled.importance, analyzer);
    let hit = |(number, found): (usize, &Option<(Record, Part)>)| {
        let (record, part) = found.as_ref()?;
        let curated = *part == Part::Curated;
        let snippet = if curated { marker.opening(record) } else { marker.snippet(record) };
        Some(AnswerHit::again(number, record, snippet, curated, links))
    };
    recalled.passages.iter().enumerate().map(hit).collect()
}

/// Passages that were looked up again as hits whose snippets are the whole passages.
#[must_use]
pub fn whole(recalled: &Recalled, query: &Query, analyzer: &Analyzer, links: &Links<'_>) -> Vec<Option<AnswerHit>> {
    let marker = snippet::Marker::new(query, &recalled.importance, analyzer);
    let hit = |(number, found): (usize, &Option<(Record, Part)>)| {
        let (record, _) = found.as_ref()?;
        Some(AnswerHit::again(number, record, marker.whole(record), false, links))
    };
    recalled.passages.iter().enumerate().map(hit).collect()
}

/// The picture that a passage shows instead of words.
fn picture(record: &Record, links: &Links<'_>) -> Option<String> {
    links.picture(&record.id.section.note, record.picture.as_ref()?)
}

impl AnswerHit {
    /// A hit of an earlier answer; it has no score any more.
    fn again(number: usize, record: &Record, snippet: Snippet, curated: bool, links: &Links<'_>) -> Self {
        let citation = Citation::of(record, links);
        let picture = picture(record, links);
        Self { rank: number + 1, score: 0.0, citation, snippet, curated, age_days: None, picture, also_in: Vec::new() }
    }

    /// Says how old its note is on the day `today`, as far as that is known.
    pub fn tell_age(&mut self, today: Day) {
        let days = self.citation.updated.map(|day| day.days_until(today));
        self.age_days = days.map(|days| u32::try_from(days).unwrap_or_default());
    }
}

impl Answer {
    /// Says of each hit how old its note is on the day `today`.
    pub fn tell_ages(&mut self, today: Day) {
        self.hits.iter_mut().for_each(|hit| hit.tell_age(today));
    }
}
