//! The best passages for weighted terms, by BM25 over tantivy's posting lists.
//!
//! Scores are summed term by term, one window of passages after the other: a question has many terms and few passages have none of
//! them, so there is next to nothing that a union which goes passage by passage could skip. Windows keep the memory for scores from
//! growing with the index.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Bm25Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::corpus::Day;
use crate::index::{Lists, Snapshot, TextField};

/// Passages of a window. In tests there are several of them.
const WINDOW: usize = if cfg!(test) { 16 } else { 1 << 15 };
/// So many times the passages that are wanted are held until those that are not among the best go.
const HELD: usize = 4;

/// A term that some passage holds, with what it counts.
pub(super) struct WeightedTerm {
    field: Field,
    lists: Lists,
    bm25: Bm25Weight,
}

impl WeightedTerm {
    /// A term with its weight; `None` when no passage holds it.
    pub(super) fn of(snapshot: &Snapshot, field: TextField, text: &str, weight: f32) -> Result<Option<Self>, String> {
        let lists = snapshot.lists(field, text)?;
        if lists.passages == 0 {
            return Ok(None);
        }
        let length = snapshot.mean_length(field);
        let bm25 =
            Bm25Weight::for_one_term_without_explain(lists.passages, snapshot.passages(), length).boost_by(weight);
        Ok(Some(Self { field: snapshot.fields().text(field), lists, bm25 }))
    }
}

/// The best `limit` passages that hold any of `terms` and are shown on the day `today`, the best first; equal ones in the order of the
/// notes.
pub(super) fn best(
    snapshot: &Snapshot,
    terms: &[WeightedTerm],
    today: Day,
    limit: usize,
) -> Result<Vec<(Score, DocAddress)>, String> {
    let mut best = Best::new(snapshot, limit);
    let expired = snapshot.expired(today)?;
    let segments = (0..).zip(snapshot.searcher().segment_readers());
    for (((number, segment), deleted), mut hidden) in segments.zip(snapshot.deleted()).zip(expired) {
        hidden.extend(deleted);
        hidden.sort_unstable();
        let lists = terms.iter().filter_map(|term| List::open(number, segment, term).transpose());
        let lists: tantivy::Result<Vec<_>> = lists.collect();
        best.look_through(number, segment, lists.map_err(|error| error.to_string())?, &hidden);
    }
    Ok(best.sorted())
}

/// A term's posting list in a segment, read so far.
struct List<'t> {
    postings: BlockSegmentPostings,
    /// Postings of the block that have been read.
    read: usize,
    lengths: FieldNormReader,
    bm25: &'t Bm25Weight,
}

impl<'t> List<'t> {
    fn open(number: SegmentOrdinal, segment: &SegmentReader, term: &'t WeightedTerm) -> tantivy::Result<Option<Self>> {
        let of_segment = term.lists.by_segment.iter().find(|(other, _)| *other == number);
        let Some((_, info)) = of_segment else { return Ok(None) };
        let index = segment.inverted_index(term.field)?;
        let postings = index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
        let lengths = segment.get_fieldnorms_reader(term.field)?;
        Ok(Some(Self { postings, read: 0, lengths, bm25: &term.bm25 }))
    }

    /// Adds what the term is worth in each passage of the window that begins with `start`.
    fn add_to(&mut self, scores: &mut [Score], start: DocId) {
        let end = start + scores.len() as DocId;
        loop {
            let docs = self.postings.docs().get(self.read..).unwrap_or_default();
            let in_window = match docs.last() {
                Some(&last) if last < end => docs.len(),
                _ => docs.partition_point(|&doc| doc < end),
            };
            let frequencies = self.postings.freqs().iter().skip(self.read);
            for (&doc, &frequency) in docs.iter().take(in_window).zip(frequencies) {
                if let Some(score) = scores.get_mut((doc - start) as usize) {
                    *score += self.bm25.score(self.lengths.fieldnorm_id(doc), frequency);
                }
            }
            if in_window < docs.len() || self.postings.docs().is_empty() {
                self.read += in_window;
                return;
            }
            self.postings.advance();
            self.read = 0;
        }
    }
}

/// The best passages so far.
struct Best<'s> {
    snapshot: &'s Snapshot,
    limit: usize,
    passages: Vec<(Score, DocAddress)>,
    /// Passages that score less are not among them.
    least: Score,
}

impl<'s> Best<'s> {
    fn new(snapshot: &'s Snapshot, limit: usize) -> Self {
        // What holds nothing is not wanted.
        Self { snapshot, limit, passages: Vec::with_capacity(HELD * limit + 1), least: Score::MIN_POSITIVE }
    }

    /// Looks through a segment but for `hidden`, which are in their order.
    fn look_through(&mut self, number: u32, segment: &SegmentReader, mut lists: Vec<List<'_>>, mut hidden: &[DocId]) {
        let passages = segment.max_doc();
        let mut scores = vec![0.0; WINDOW.min(passages as usize)];
        for start in (0..passages).step_by(WINDOW) {
            let end = passages.min(start.saturating_add(WINDOW as DocId));
            scores.truncate((end - start) as usize);
            scores.fill(0.0);
            lists.iter_mut().for_each(|list| list.add_to(&mut scores, start));
            let (here, behind) = hidden.split_at(hidden.partition_point(|&doc| doc < end));
            hidden = behind;
            for &doc in here {
                if let Some(score) = scores.get_mut((doc - start) as usize) {
                    *score = 0.0;
                }
            }
            for (doc, &score) in (start..).zip(&scores) {
                if score >= self.least {
                    self.take(score, DocAddress::new(number, doc));
                }
            }
        }
    }

    // Nearly all passages hold something, and nearly all are worse than the best of those before them.
    fn take(&mut self, score: Score, address: DocAddress) {
        self.passages.push((score, address));
        if self.passages.len() > HELD * self.limit {
            let order = order(self.snapshot);
            let (_, last, _) = self.passages.select_nth_unstable_by(self.limit, order);
            self.least = last.0.max(self.least);
            self.passages.truncate(self.limit);
        }
    }

    fn sorted(mut self) -> Vec<(Score, DocAddress)> {
        self.passages.sort_unstable_by(order(self.snapshot));
        self.passages.truncate(self.limit);
        self.passages
    }
}

/// The best first; equal ones in the order of the notes.
fn order(snapshot: &Snapshot) -> impl Fn(&(Score, DocAddress), &(Score, DocAddress)) -> std::cmp::Ordering {
    |a, b| b.0.total_cmp(&a.0).then_with(|| snapshot.order(a.1, b.1))
}
