//! Second look at the best candidates, and the order in which they are shown.

use std::collections::HashMap;

use tantivy::DocAddress;

use super::Weights;
use super::likeness::Likeness;
use super::look::look;
use super::retrieve::retrieve;
use crate::index::{Record, Snapshot, TextField};
use crate::query::{Place, Query};

/// Candidates of the first look that get a second one.
const CANDIDATES: usize = 60;
/// The best of them, whose headings are held against the question.
const HEADINGS_READ: usize = 20;
/// A hit with a smaller share of the best one's score only shares a common word with the question.
const FLOOR: f32 = 0.1;
/// Hits under one heading before others had their turn.
const PER_PARENT_MAX: usize = 2;

/// A ranked passage.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The passage.
    pub record: Record,
    /// Its score; comparable within one answer only.
    pub score: f32,
    /// The share of the question's weight that the passage and its headings hold, from 0 to 1.
    pub coverage: f32,
}

/// The outcome of a search.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// Hits, the best first.
    pub hits: Vec<Hit>,
    /// The inverse document frequency of each content unit of the query, in its order.
    pub importance: Vec<f32>,
    /// What was asked for and stands in no note, in any of its names, as typed.
    pub unknown: Vec<String>,
}

impl Ranking {
    /// Where the best hit stands.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.hits.first().map(|hit| place(&hit.record))
    }
}

fn place(record: &Record) -> Place {
    Place { note: record.id.section.note.0.clone(), family: record.parent.unwrap_or(record.section) }
}

/// Searches `snapshot` and gives at most `limit` hits.
///
/// # Errors
/// The reason when the index cannot be read.
pub fn search(snapshot: &Snapshot, query: &Query, weights: &Weights, limit: usize) -> Result<Ranking, String> {
    let candidates = retrieve(snapshot, query, weights, CANDIDATES.max(limit))?;
    let addresses: Vec<DocAddress> = candidates.iter().map(|(_, address)| *address).collect();
    let looks = look(snapshot, query, &addresses)?;
    let importance = importance(snapshot, query)?;
    let unknown = unknown(snapshot, query)?;
    let mut scored: Vec<(f32, f32, DocAddress)> = candidates
        .into_iter()
        .zip(&looks)
        .map(|((bm25, address), look)| {
            let coverage = share(look, &importance);
            (bm25 * (1.0 + weights.coverage * coverage), coverage, address)
        })
        .collect();
    // One segment in the order of the notes: equal scores are ordered by note and place.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    scored.truncate(HEADINGS_READ.max(limit * 2));
    let question = Likeness::new(&query.text);
    let mut hits = Vec::with_capacity(scored.len());
    for (score, coverage, address) in scored {
        let record = snapshot.record(address)?;
        let score = score * (1.0 + weights.likeness * likeness(&question, &record));
        hits.push(Hit { record, score, coverage });
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    let floor = hits.first().map_or(0.0, |best| best.score * FLOOR);
    hits.retain(|hit| hit.score >= floor);
    Ok(Ranking { hits: take_turns(hits, limit), importance, unknown })
}

/// How much the section's heading, or the nearest heading above it, reads like the question.
fn likeness(question: &Likeness, record: &Record) -> f32 {
    let above = record.trail.last().map_or(0.0, |heading| question.of(heading));
    question.of(&record.heading).max(above).powi(2)
}

/// The part of the question's importance that `found` holds.
fn share(found: &[f32], importance: &[f32]) -> f32 {
    let total: f32 = importance.iter().sum();
    if total == 0.0 {
        0.0
    } else {
        found.iter().zip(importance).map(|(found, weight)| found * weight).sum::<f32>() / total
    }
}

/// The inverse document frequency of each content unit; a word that no note holds counts in full.
fn importance(snapshot: &Snapshot, query: &Query) -> Result<Vec<f32>, String> {
    query
        .content()
        .map(|unit| {
            let mut most = 0;
            for form in unit.forms.iter().filter(|form| form.terms.len() == 1) {
                for term in &form.terms {
                    most = most.max(snapshot.doc_freq(TextField::Words, term)?);
                }
            }
            let (count, most) = (snapshot.passages() as f32, most as f32);
            // BM25's idf, as tantivy computes it.
            Ok((1.0 + (count - most + 0.5) / (most + 0.5)).ln())
        })
        .collect()
}

fn unknown(snapshot: &Snapshot, query: &Query) -> Result<Vec<String>, String> {
    let mut unknown = Vec::new();
    for unit in query.content() {
        let mut known = false;
        for form in &unit.forms {
            let mut all = true;
            for term in &form.terms {
                all &= snapshot.doc_freq(TextField::Words, term)? + snapshot.doc_freq(TextField::Trail, term)? > 0;
            }
            known |= all;
        }
        if !known {
            unknown.push(unit.text.clone());
        }
    }
    Ok(unknown)
}

/// Takes hits from the top; a heading that had its turns waits until every other had its own.
fn take_turns(ranked: Vec<Hit>, limit: usize) -> Vec<Hit> {
    let mut turns: HashMap<(String, usize), usize> = HashMap::new();
    let (mut hits, later): (Vec<Hit>, Vec<Hit>) = ranked.into_iter().partition(|hit| {
        let record = &hit.record;
        let family = (record.id.section.note.0.clone(), record.parent.unwrap_or(record.section));
        let turn = turns.entry(family).or_default();
        *turn += 1;
        *turn <= PER_PARENT_MAX
    });
    hits.extend(later);
    hits.truncate(limit);
    hits
}
