//! Second look at the best candidates, and the order in which they are shown.

use std::collections::HashMap;
use std::sync::Arc;

use super::features::{Features, Looker};
use super::recent::Recent;
use super::retrieve::retrieve;
use super::{Weights, curated};
use crate::corpus::Day;
use crate::index::{Record, Snapshot, TextField};
use crate::query::{Place, Query};
use crate::text::is_han;

/// Candidates of the first look that get a second one.
const CANDIDATES: usize = 36;
/// A hit with a smaller share of the best score, `named` left out, only shares a common word with the question.
const FLOOR: f32 = 0.03;
/// The best of them, whose scores tell how much a note has to say.
const NOTE_CANDIDATES: usize = 20;
/// Hits under one heading before others had their turn.
const PER_PARENT_MAX: usize = 2;

/// Passages that say the same as a hit and are named beside it, at most.
const TWINS_MAX: usize = 3;

/// A ranked passage.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The passage.
    pub record: Arc<Record>,
    /// Its score; comparable within one answer only.
    pub score: f32,
    /// What the second look saw.
    pub features: Features,
    /// Passages that say the same, folded into this one.
    pub twins: Vec<Arc<Record>>,
    /// Whether somebody wrote it as the answer to this question, or names it there as the place to go on reading.
    pub part: Part,
}

/// What a hit has to do with curated answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Nothing: the search found it.
    #[default]
    Found,
    /// It was written as the answer to this question.
    Curated,
    /// Such an answer sends its readers there.
    See,
}

impl Hit {
    /// Names a passage that says the same, unless its section is named already.
    fn add_twin(&mut self, twin: Arc<Record>) {
        let known = std::iter::once(&self.record).chain(&self.twins).any(|known| known.id.section == twin.id.section);
        if !known && self.twins.len() < TWINS_MAX {
            self.twins.push(twin);
        }
    }
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
    /// The first look's best score.
    pub first_score: f32,
    /// Other names of what was asked for, which the best hit holds instead of the word that was typed.
    pub aliases: Vec<String>,
}

impl Ranking {
    /// Where the best hit stands.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.hits.first().map(|hit| place(&hit.record))
    }
}

/// The place of a passage: its note, and the heading above its section, or the section itself.
pub(super) fn place(record: &Record) -> Place {
    Place { note: record.id.section.note.0.clone(), family: record.parent.unwrap_or(record.section) }
}

/// Searches `snapshot` on the day `today` and gives at most `limit` hits, answers that are curated for the question before all others.
/// `recent` has passages of this snapshot alone.
///
/// # Errors
/// The reason when the index cannot be read.
pub fn search(
    snapshot: &Snapshot,
    recent: &Recent,
    query: &Query,
    weights: &Weights,
    today: Day,
    limit: usize,
) -> Result<Ranking, String> {
    let candidates = retrieve(snapshot, query, weights, today, CANDIDATES.max(limit))?;
    let importance = importance(snapshot, query)?;
    let unknown = unknown(snapshot, query)?;
    let best = candidates.first().map_or(1.0, |(bm25, _)| *bm25);
    let all: f32 = candidates.iter().take(NOTE_CANDIDATES).map(|(bm25, _)| bm25).sum();
    let looker = Looker::new(query, &importance);
    let mut by_note: HashMap<String, f32> = HashMap::new();
    let mut hits = Vec::with_capacity(candidates.len());
    for (number, (bm25, address)) in candidates.into_iter().enumerate() {
        let passage = recent.passage(snapshot, address)?;
        let mut features = looker.look(&passage);
        let record = Arc::clone(&passage.record);
        features.bm25 = (bm25 / best).ln();
        if number < NOTE_CANDIDATES {
            *by_note.entry(record.id.section.note.0.clone()).or_default() += bm25 / all;
        }
        hits.push(Hit { record, score: bm25, features, twins: Vec::new(), part: Part::Found });
    }
    for hit in &mut hits {
        hit.features.note = by_note.get(&hit.record.id.section.note.0).copied().unwrap_or_default();
        hit.score *= weights.of(&hit.features);
    }
    let order = |a: &Record, b: &Record| {
        (&a.id.section.note, a.section, a.id.ordinal).cmp(&(&b.id.section.note, b.section, b.id.ordinal))
    };
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| order(&a.record, &b.record)));
    // That one is called what was asked for makes no other worse.
    let without_name = |hit: &Hit| hit.score / (weights.named * hit.features.named).exp();
    let floor = hits.iter().map(without_name).fold(0.0, f32::max) * FLOOR;
    hits.retain(|hit| hit.score >= floor);
    let curated = curated::answers(snapshot, query, today)?;
    let hits = take_turns(fold_twins(curated::put_first(curated, hits, &looker, limit)), limit);
    let aliases = hits.first().map(|best| looker.aliases(&best.record)).unwrap_or_default();
    let first_score = if hits.is_empty() { 0.0 } else { best };
    Ok(Ranking { hits, importance, unknown, first_score, aliases })
}

/// The inverse document frequency of each content unit; a word that no note holds counts in full.
pub(super) fn importance(snapshot: &Snapshot, query: &Query) -> Result<Vec<f32>, String> {
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
            Ok(unit.focus * (1.0 + (count - most + 0.5) / (most + 0.5)).ln())
        })
        .collect()
}

/// Whether a note holds a term: as a word, or letter by letter across words that were cut otherwise (网关 in 网关层).
fn is_known(snapshot: &Snapshot, term: &str) -> Result<bool, String> {
    if snapshot.mentions(term)? > 0 {
        return Ok(true);
    }
    let chars: Vec<char> = term.chars().collect();
    if chars.len() < 2 || !chars.iter().all(|&c| is_han(c)) {
        return Ok(false);
    }
    for pair in chars.windows(2) {
        if snapshot.doc_freq(TextField::Bigrams, &pair.iter().collect::<String>())? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn unknown(snapshot: &Snapshot, query: &Query) -> Result<Vec<String>, String> {
    let mut unknown = Vec::new();
    for unit in query.content() {
        let mut known = false;
        for form in &unit.forms {
            let mut all = true;
            for term in &form.terms {
                all &= is_known(snapshot, term)?;
            }
            known |= all;
        }
        if !known {
            unknown.push(unit.text.clone());
        }
    }
    Ok(unknown)
}

/// Folds hits that say nearly the same as a better one into it.
fn fold_twins(ranked: Vec<Hit>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::with_capacity(ranked.len());
    for hit in ranked {
        match hits.iter_mut().find(|better| better.record.fingerprint.is_near(hit.record.fingerprint)) {
            Some(better) if hit.part == Part::Found => better.add_twin(hit.record),
            _ => hits.push(hit),
        }
    }
    hits
}

/// Takes hits from the top; a heading that had its turns waits until every other had its own.
fn take_turns(ranked: Vec<Hit>, limit: usize) -> Vec<Hit> {
    let mut turns: HashMap<Place, usize> = HashMap::new();
    let (mut hits, later): (Vec<Hit>, Vec<Hit>) = ranked.into_iter().partition(|hit| {
        let turn = turns.entry(place(&hit.record)).or_default();
        *turn += 1;
        hit.part != Part::Found || *turn <= PER_PARENT_MAX
    });
    hits.extend(later);
    hits.truncate(limit);
    hits
}
