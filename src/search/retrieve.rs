//! First look: a weighted OR of all terms over all fields, by BM25 over tantivy's posting lists.

use std::collections::BTreeMap;

use tantivy::postings::Postings as _;
use tantivy::query::Bm25Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, Score, Term};

use super::Weights;
use crate::index::{Snapshot, TextField};
use crate::query::{Form, Query, Role};
use crate::text::is_han;

/// The terms that are looked up, with their weights; a term that several forms share counts once, at its best.
#[derive(Default)]
struct Terms(BTreeMap<(TextField, String), f32>);

impl Terms {
    fn add(&mut self, field: TextField, term: &str, weight: f32) {
        if weight > 0.0 {
            let best = self.0.entry((field, term.to_owned())).or_default();
            *best = best.max(weight);
        }
    }

    fn add_form(&mut self, form: &Form, focus: f32, weights: &Weights) {
        let weight = focus * form.weight / (form.terms.len() as f32).sqrt();
        for term in &form.terms {
            self.add(TextField::Words, term, weight * weights.words);
            self.add(TextField::Heading, term, weight * weights.heading);
            self.add(TextField::Trail, term, weight * weights.trail);
            self.add(TextField::About, term, weight * weights.about);
            let chars: Vec<char> = term.chars().collect();
            if !chars.iter().all(|&c| is_han(c)) {
                self.add(TextField::Chars, term, weight * weights.chars);
                continue;
            }
            for c in &chars {
                self.add(TextField::Chars, &c.to_string(), weight * weights.chars);
            }
            for pair in chars.windows(2) {
                self.add(TextField::Bigrams, &pair.iter().collect::<String>(), weight * weights.bigrams);
            }
        }
    }
}

/// The best `limit` passages for `query` with their BM25 scores.
pub(super) fn retrieve(
    snapshot: &Snapshot,
    query: &Query,
    weights: &Weights,
    limit: usize,
) -> Result<Vec<(Score, DocAddress)>, String> {
    let mut terms = Terms::default();
    for unit in &query.units {
        match unit.role {
            Role::Content | Role::Carried => {
                unit.forms.iter().for_each(|form| terms.add_form(form, unit.focus, weights));
            }
            Role::Asking => {
                for term in unit.forms.iter().flat_map(|form| &form.terms) {
                    terms.add(TextField::Heading, term, weights.asking);
                    terms.add(TextField::Trail, term, weights.asking);
                }
            }
        }
    }
    let mut scores = Scores::of(snapshot);
    for ((field, text), weight) in &terms.0 {
        scores.add(snapshot, *field, text, *weight)?;
    }
    Ok(scores.best(snapshot, limit))
}

/// The scores of all passages, summed term by term. A question has many terms and few passages have none of them, so there is
/// next to nothing that a union which goes passage by passage could skip. Passages that were taken out begin at minus infinity.
struct Scores(Vec<Vec<Score>>);

impl Scores {
    fn of(snapshot: &Snapshot) -> Self {
        let segments = snapshot.searcher().segment_readers();
        let mut scores: Vec<_> = segments.iter().map(|segment| vec![0.0; segment.max_doc() as usize]).collect();
        for (scores, deleted) in scores.iter_mut().zip(snapshot.deleted()) {
            for &doc in deleted {
                if let Some(score) = scores.get_mut(doc as usize) {
                    *score = Score::NEG_INFINITY;
                }
            }
        }
        Self(scores)
    }

    /// Adds what a term with this weight is worth in each passage that holds it.
    fn add(&mut self, snapshot: &Snapshot, field: TextField, text: &str, weight: f32) -> Result<(), String> {
        let passages = snapshot.doc_freq(field, text)?;
        if passages == 0 {
            return Ok(());
        }
        let length = snapshot.mean_length(field);
        let bm25 = Bm25Weight::for_one_term_without_explain(passages, snapshot.passages(), length).boost_by(weight);
        self.sum(snapshot, &snapshot.term(field, text), &bm25).map_err(|error| error.to_string())
    }

    fn sum(&mut self, snapshot: &Snapshot, term: &Term, bm25: &Bm25Weight) -> tantivy::Result<()> {
        for (scores, segment) in self.0.iter_mut().zip(snapshot.searcher().segment_readers()) {
            let index = segment.inverted_index(term.field())?;
            let Some(mut postings) = index.read_postings(term, IndexRecordOption::WithFreqs)? else { continue };
            let lengths = segment.get_fieldnorms_reader(term.field())?;
            while let Some(score) = scores.get_mut(postings.doc() as usize) {
                *score += bm25.score(lengths.fieldnorm_id(postings.doc()), postings.term_freq());
                postings.advance();
            }
        }
        Ok(())
    }

    /// The best `limit` passages that hold anything, the best first; equal ones in the order of the notes.
    fn best(self, snapshot: &Snapshot, limit: usize) -> Vec<(Score, DocAddress)> {
        let segments = (0..).zip(self.0);
        let all = segments.flat_map(|(segment, scores)| {
            (0..).zip(scores).map(move |(doc, score)| (score, DocAddress::new(segment, doc)))
        });
        let mut held: Vec<(Score, DocAddress)> = all.filter(|(score, _)| *score > 0.0).collect();
        let order = |a: &(Score, DocAddress), b: &(Score, DocAddress)| {
            b.0.total_cmp(&a.0).then_with(|| snapshot.order(a.1, b.1))
        };
        if held.len() > limit {
            held.select_nth_unstable_by(limit, order);
            held.truncate(limit);
        }
        held.sort_unstable_by(order);
        held
    }
}
