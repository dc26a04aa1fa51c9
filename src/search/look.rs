//! What each candidate holds of the question: read from the postings, without touching the text.

use std::collections::HashMap;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, TERMINATED};

use crate::index::{Snapshot, TextField};
use crate::query::{Query, Role};

/// What one candidate holds of each content unit, from 0 (nothing) to 1 (the word as typed).
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// Anywhere: in the text or in the headings above.
    pub found: Vec<f32>,
    /// In the section's own heading.
    pub in_heading: Vec<f32>,
}

/// Looks at `candidates`; gives one [`Look`] each, in their order. Units are the query's content units.
pub(super) fn look(snapshot: &Snapshot, query: &Query, candidates: &[DocAddress]) -> Result<Vec<Look>, String> {
    let mut holders = Holders { snapshot, candidates, cache: HashMap::new() };
    let count = query.content().count();
    let mut looks = vec![Look { found: vec![0.0; count], in_heading: vec![0.0; count] }; candidates.len()];
    for (unit, content) in query.units.iter().filter(|unit| unit.role == Role::Content).enumerate() {
        for form in &content.forms {
            let anywhere = holders.share(&form.terms, &[TextField::Words, TextField::Trail])?;
            let heading = holders.share(&form.terms, &[TextField::Heading])?;
            for ((look, anywhere), heading) in looks.iter_mut().zip(anywhere).zip(heading) {
                look.found[unit] = look.found[unit].max(form.weight * anywhere);
                look.in_heading[unit] = look.in_heading[unit].max(form.weight * heading);
            }
        }
    }
    Ok(looks)
}

struct Holders<'s> {
    snapshot: &'s Snapshot,
    candidates: &'s [DocAddress],
    cache: HashMap<(TextField, String), Vec<bool>>,
}

impl Holders<'_> {
    /// For each candidate the share of `terms` that one of `fields` holds.
    fn share(&mut self, terms: &[String], fields: &[TextField]) -> Result<Vec<f32>, String> {
        let mut shares = vec![0.0; self.candidates.len()];
        for term in terms {
            let mut any = vec![false; self.candidates.len()];
            for &field in fields {
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
                let at = if postings.doc() < candidate.doc_id { postings.seek(candidate.doc_id) } else { postings.doc() };
                holds[number] = at != TERMINATED && at == candidate.doc_id;
            }
        }
        self.cache.insert(key, holds.clone());
        Ok(holds)
    }

    fn postings(&self, segment: u32, field: TextField, term: &str) -> Result<Option<tantivy::postings::SegmentPostings>, String> {
        self.snapshot
            .searcher()
            .segment_reader(segment)
            .inverted_index(self.snapshot.fields().text(field))
            .and_then(|index| Ok(index.read_postings(&self.snapshot.term(field, term), IndexRecordOption::Basic)?))
            .map_err(|error: tantivy::TantivyError| error.to_string())
    }
}
