//! First look: a weighted OR of all terms over all fields, by tantivy's BM25.

use std::collections::BTreeMap;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as TantivyQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Score};

use super::Weights;
use crate::index::{Snapshot, TextField};
use crate::query::{Form, Query, Role};
use crate::text::is_han;

/// Terms of the tantivy query with their weights; a term that several forms share counts once, at its best.
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
    let clauses: Vec<(Occur, Box<dyn TantivyQuery>)> = terms
        .0
        .iter()
        .map(|((field, term), weight)| {
            let term = TermQuery::new(snapshot.term(*field, term), IndexRecordOption::WithFreqs);
            let boosted: Box<dyn TantivyQuery> = Box::new(BoostQuery::new(Box::new(term), *weight));
            (Occur::Should, boosted)
        })
        .collect();
    if clauses.is_empty() {
        return Ok(Vec::new());
    }
    snapshot
        .searcher()
        .search(&BooleanQuery::new(clauses), &TopDocs::with_limit(limit).order_by_score())
        .map_err(|error| error.to_string())
}
