//! Passages that were looked at lately, as the second look needs them: read from the index and folded once for all questions whose
//! candidates they are. Students ask about the same things, and even questions about others share candidates.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::DocAddress;

use super::likeness::Pairs;
use crate::corpus::BlockKind;
use crate::index::{Record, Snapshot};
use crate::text::{Span, fold, fold_onto};

/// So many passages are kept at most, half of them when many others have been looked at since.
const KEPT_MAX: usize = 4096;

/// A passage, with its texts folded.
#[derive(Debug)]
pub(super) struct Passage {
    pub record: Arc<Record>,
    pub heading: String,
    /// Title and headings above.
    pub above: String,
    pub about: String,
    /// The text of all pieces.
    pub text: String,
    /// Where each piece stands in it.
    pub pieces: Vec<(BlockKind, Span)>,
    /// The pairs of the heading, and of the nearest one above.
    pub pairs: (Pairs, Option<Pairs>),
}

impl Passage {
    pub(super) fn of(record: Arc<Record>) -> Self {
        let above = std::iter::once(&record.title).chain(&record.trail).map(String::as_str).collect::<Vec<_>>();
        let mut text = String::new();
        let mut folded_onto = |piece: &str| {
            let start = text.len();
            fold_onto(piece, &mut text);
            Span::new(start, text.len())
        };
        let pieces = record.texts().map(|(kind, piece)| (kind, folded_onto(piece))).collect();
        Self {
            heading: fold(&record.heading),
            above: fold(&above.join("\n")),
            about: fold(&record.about),
            pairs: (Pairs::of(&record.heading), record.trail.last().map(|above| Pairs::of(above))),
            text,
            pieces,
            record,
        }
    }
}

/// Passages of one generation that were looked at lately.
#[derive(Debug, Default)]
pub struct Recent(Mutex<Halves>);

/// When the half that grows is full the other one is forgotten: what is looked at again moves over before.
#[derive(Debug, Default)]
struct Halves {
    growing: HashMap<DocAddress, Arc<Passage>>,
    full: HashMap<DocAddress, Arc<Passage>>,
}

impl Recent {
    /// The passage at `address`.
    pub(super) fn passage(&self, snapshot: &Snapshot, address: DocAddress) -> Result<Arc<Passage>, String> {
        if let Some(known) = self.halves(|halves| halves.get(address)) {
            return Ok(known);
        }
        let passage = Arc::new(Passage::of(Arc::new(snapshot.record(address)?)));
        self.halves(|halves| halves.put(address, Arc::clone(&passage)));
        Ok(passage)
    }

    fn halves<T>(&self, work: impl FnOnce(&mut Halves) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Halves {
    fn get(&mut self, address: DocAddress) -> Option<Arc<Passage>> {
        if let Some(known) = self.growing.get(&address) {
            return Some(Arc::clone(known));
        }
        let known = self.full.remove(&address)?;
        self.put(address, Arc::clone(&known));
        Some(known)
    }

    fn put(&mut self, address: DocAddress, passage: Arc<Passage>) {
        if self.growing.len() >= KEPT_MAX / 2 {
            self.full = std::mem::take(&mut self.growing);
        }
        self.growing.insert(address, passage);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_again_stays_and_the_rest_is_forgotten() {
        let record = serde_json::from_value(serde_json::json!({
            "id": {"section": {"note": "a.md", "anchor": "a"}, "ordinal": 0}, "title": "甲", "heading": "乙 B", "trail": ["丙"],
            "about": "", "parent": null, "section": 0, "lines": {"first": 1, "last": 2}, "fingerprint": 0, "pieces": [],
        }));
        let passage = Arc::new(Passage::of(Arc::new(record.unwrap())));
        assert_eq!((passage.heading.as_str(), passage.above.as_str()), ("乙 b", "甲\n丙"));
        let mut halves = Halves::default();
        let at = |doc| DocAddress::new(0, doc);
        for doc in 0..10_000 {
            halves.put(at(doc), Arc::clone(&passage));
            assert!(halves.get(at(0)).is_some(), "{doc}");
            assert!(halves.growing.len() + halves.full.len() <= KEPT_MAX);
        }
        assert!(halves.get(at(1)).is_none() && halves.get(at(9_999)).is_some());
    }
}
