//! What each candidate holds of the question: read from the postings, without touching the text.

use std::collections::HashMap;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, TERMINATED};

use crate::index::{Snapshot, TextField};
use crate::query::Query;

/// What each of `candidates` holds of each content unit, in text or headings, from 0 (nothing) to 1 (the word as
/// typed): one row a candidate, in their order.
pub(super) fn look(snapshot: &Snapshot, query: &Query, candidates: &[DocAddress]) -> Result<Vec<Vec<f32>>, String> {
    let mut holders = Holders { snapshot, candidates, cache: HashMap::new() };
    let mut found = vec![vec![0.0_f32; query.content().count()]; candidates.len()];
    for (unit, content) in query.content().enumerate() {
        for form in &content.forms {
            for (row, share) in found.iter_mut().zip(holders.share(&form.terms)?) {
                row[unit] = row[unit].max(form.weight * share);
            }
        }
    }
    Ok(found)
}

/// Where a word counts as held: the text (with the heading) and the headings above.
const FIELDS: [TextField; 2] = [TextField::Words, TextField::Trail];

struct Holders<'s> {
    snapshot: &'s Snapshot,
    candidates: &'s [DocAddress],
    cache: HashMap<(TextField, String), Vec<bool>>,
}

impl Holders<'_> {
    /// For each candidate the share of `terms` that it holds.
    fn share(&mut self, terms: &[String]) -> Result<Vec<f32>, String> {
        let mut shares = vec![0.0; self.candidates.len()];
        for term in terms {
            let mut any = vec![false; self.candidates.len()];
            for field in FIELDS {
                for (any, holds) in any.iter_mut().zip(self.holds(field, term)?) {
                    *any |= holds;
                }
            }
            for (share, any) in shares.iter_mut().zip(any) {
                *share += f32::from(u8::from(any)) / terms.len() as f32;
            }
        }
        Ok(shares)
    }

    fn holds(&mut self, field: TextField, term: &str) -> Result<Vec<bool>, String> {
        let key = (field, term.to_owned());
        if let Some(known) = self.cache.get(&key) {
            return Ok(known.clone());
        }
        let mut holds = vec![false; self.candidates.len()];
        let mut order: Vec<usize> = (0..self.candidates.len()).collect();
        order.sort_by_key(|&number| self.candidates[number]);
        let mut postings = None;
        for number in order {
            let candidate = self.candidates[number];
            if postings.as_ref().is_none_or(|(segment, _)| *segment != candidate.segment_ord) {
                postings = Some((candidate.segment_ord, self.postings(candidate.segment_ord, field, term)?));
            }
            if let Some((_, Some(postings))) = &mut postings {
                let at =
                    if postings.doc() < candidate.doc_id { postings.seek(candidate.doc_id) } else { postings.doc() };
                holds[number] = at != TERMINATED && at == candidate.doc_id;
            }
        }
        self.cache.insert(key, holds.clone());
        Ok(holds)
    }

    fn postings(
        &self,
        segment: u32,
        field: TextField,
        term: &str,
    ) -> Result<Option<tantivy::postings::SegmentPostings>, String> {
        self.snapshot
            .searcher()
            .segment_reader(segment)
            .inverted_index(self.snapshot.fields().text(field))
            .and_then(|index| Ok(index.read_postings(&self.snapshot.term(field, term), IndexRecordOption::Basic)?))
            .map_err(|error: tantivy::TantivyError| error.to_string())
    }
}
