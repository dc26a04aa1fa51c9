//! A snapshot: one generation, open for searching.

mod words;

use std::cmp::Ordering;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use tantivy::columnar::StrColumn;
use tantivy::directory::MmapDirectory;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{
    DocAddress, DocId, DocSet as _, Index, IndexReader, InvertedIndexReader, ReloadPolicy, Searcher, SegmentOrdinal,
    SegmentReader, TERMINATED, TantivyDocument, TantivyError, Term,
};

use super::directory::FrozenDirectory;
use super::schema::NOTE;
use super::{Fields, Manifest, Outline, PassageKey, Record, TextField};
use crate::corpus::{Checkout, Day};

/// A generation of the index that stays as it is for as long as it is held.
///
/// Its statistics are those of the passages that are there. tantivy's own count the ones that were taken out too, for as long as
/// their segment is not written anew, and scores would depend on how the index came about.
#[derive(Clone)]
pub struct Snapshot {
    searcher: Searcher,
    fields: Fields,
    generation: u64,
    manifest: Arc<Manifest>,
    segments: Arc<Vec<Segment>>,
    checkout: Option<Arc<Checkout>>,
    /// Holds a lock by which whoever tidies up knows that the generation is read.
    _held: Option<Arc<File>>,
}

/// Where the posting lists of a term are.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// The number of passages that hold it.
    pub passages: u64,
    /// Numbers of the segments that have the term, rising, with its list there.
    pub by_segment: Vec<(SegmentOrdinal, TermInfo)>,
}

/// What is kept at hand of a segment.
struct Segment {
    /// Passages that were taken out, rising.
    deleted: Vec<DocId>,
    /// The note of each passage.
    notes: Option<StrColumn>,
}

impl Segment {
    fn of(reader: &SegmentReader) -> Result<Self, TantivyError> {
        let deleted =
            reader.alive_bitset().map(|alive| (0..reader.max_doc()).filter(|&doc| alive.is_deleted(doc)).collect());
        Ok(Self { deleted: deleted.unwrap_or_default(), notes: reader.fast_fields().str(NOTE)? })
    }

    /// The number of passages that hold a term.
    fn doc_freq(&self, index: &InvertedIndexReader, info: &TermInfo) -> std::io::Result<u32> {
        if self.deleted.is_empty() {
            return Ok(info.doc_freq);
        }
        let mut postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        let mut lost = 0;
        for &doc in &self.deleted {
            if postings.doc() < doc {
                postings.seek(doc);
            }
            lost += u32::from(postings.doc() == doc);
        }
        Ok(info.doc_freq.saturating_sub(lost))
    }

    /// The number of a passage's note among the notes of this segment, which are in the order of their ids.
    fn note_number(&self, doc: DocId) -> Option<u64> {
        self.notes.as_ref()?.term_ords(doc).next()
    }

    fn note(&self, doc: DocId) -> Option<String> {
        let mut note = String::new();
        self.notes.as_ref()?.ord_to_str(self.note_number(doc)?, &mut note).ok()?.then_some(note)
    }
}

/// The passages of a posting list that were not taken out.
fn alive(postings: Option<SegmentPostings>, segment: &Segment) -> impl Iterator<Item = DocId> {
    let docs = postings.into_iter().flat_map(|mut postings| {
        let mut next = Some(postings.doc());
        std::iter::from_fn(move || {
            let doc = next.filter(|doc| *doc != TERMINATED)?;
            next = Some(postings.advance());
            Some(doc)
        })
    });
    docs.filter(|doc| segment.deleted.binary_search(doc).is_err())
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Opens generation `number` in `folder`, and keeps `held` for as long as it is open.
    pub(super) fn open(folder: &Path, number: u64, manifest: Manifest, held: Option<File>) -> Result<Self, String> {
        let directory = MmapDirectory::open(folder).map_err(|error| error.to_string())?;
        let index = Index::open(FrozenDirectory(directory)).map_err(|error| error.to_string())?;
        let fields = Fields::new();
        if index.schema() != fields.schema() {
            return Err("the fields of the index are not those of this version".to_owned());
        }
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error: TantivyError| error.to_string())?;
        let searcher = reader.searcher();
        if searcher.num_docs() != manifest.passages as u64 {
            return Err(format!("{} passages instead of {}", searcher.num_docs(), manifest.passages));
        }
        let segments: Result<_, TantivyError> = searcher.segment_readers().iter().map(Segment::of).collect();
        Ok(Self {
            segments: Arc::new(segments.map_err(|error| error.to_string())?),
            searcher,
            fields,
            generation: number,
            checkout: manifest.checkout.clone().map(Arc::new),
            manifest: Arc::new(manifest),
            _held: held.map(Arc::new),
        })
    }

    /// tantivy's searcher; its statistics count passages that were taken out, those of this snapshot do not.
    #[must_use]
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Whether every file holds what was written; reads them all.
    pub(super) fn is_whole(&self) -> bool {
        self.searcher.index().validate_checksum().is_ok_and(|damaged| damaged.is_empty())
    }

    /// The fields of the index.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Number of the generation.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// What the generation was made from.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What of the notes is in which commit, as far as that is known by now.
    #[must_use]
    pub fn checkout(&self) -> Option<&Checkout> {
        self.checkout.as_deref()
    }

    /// With the checkout that was found later.
    pub(super) fn in_checkout(self, checkout: Option<Checkout>) -> Self {
        Self { checkout: checkout.map(Arc::new), ..self }
    }

    /// The term of a field.
    #[must_use]
    pub fn term(&self, field: TextField, text: &str) -> Term {
        Term::from_field_text(self.fields.text(field), text)
    }

    /// The number of passages.
    #[must_use]
    pub fn passages(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// The mean number of tokens of a passage in `field`.
    #[must_use]
    pub fn mean_length(&self, field: TextField) -> f32 {
        self.tokens(field) as f32 / self.passages() as f32
    }

    fn tokens(&self, field: TextField) -> u64 {
        self.manifest.tokens.get(field as usize).copied().unwrap_or_default()
    }

    /// The passages of each segment that were taken out, in the order of the searcher's segments.
    pub fn deleted(&self) -> impl Iterator<Item = &[DocId]> {
        self.segments.iter().map(|segment| segment.deleted.as_slice())
    }

    /// The order of two passages by note and place in the note.
    #[must_use]
    pub fn order(&self, a: DocAddress, b: DocAddress) -> Ordering {
        let segment = |address: DocAddress| self.segments.get(address.segment_ord as usize);
        // A note is in one segment, and its passages are in their order there.
        let notes = if a.segment_ord == b.segment_ord {
            let number = |address: DocAddress| segment(address).and_then(|segment| segment.note_number(address.doc_id));
            number(a).cmp(&number(b))
        } else {
            let note = |address: DocAddress| segment(address).and_then(|segment| segment.note(address.doc_id));
            note(a).cmp(&note(b))
        };
        notes.then(a.cmp(&b))
    }

    /// The number of passages that hold `text` in `field`.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn doc_freq(&self, field: TextField, text: &str) -> Result<u64, String> {
        self.lists(field, text).map(|lists| lists.passages)
    }

    /// The posting lists of `text` in `field`.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn lists(&self, field: TextField, text: &str) -> Result<Lists, String> {
        let mut lists = Lists::default();
        // Of a field without words tantivy makes an empty dictionary, which takes longer than a question.
        if self.tokens(field) == 0 {
            return Ok(lists);
        }
        let term = self.term(field, text);
        for (number, (segment, reader)) in (0..).zip(self.segments.iter().zip(self.searcher.segment_readers())) {
            let index = reader.inverted_index(term.field()).map_err(|error| error.to_string())?;
            if let Some(info) = index.get_term_info(&term).map_err(|error| error.to_string())? {
                lists.passages += u64::from(segment.doc_freq(&index, &info).map_err(|error| error.to_string())?);
                lists.by_segment.push((number, info));
            }
        }
        Ok(lists)
    }

    /// The number of passages that hold the word `text` in their text, in a heading above or in what their note is about.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn mentions(&self, text: &str) -> Result<u64, String> {
        let mut most = 0;
        for field in [TextField::Words, TextField::Trail, TextField::About] {
            most = most.max(self.doc_freq(field, text)?);
        }
        Ok(most)
    }

    /// The passages that are curated for the question with this key, in the order of the notes.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn curated(&self, key: &str) -> Result<Vec<DocAddress>, String> {
        if !self.manifest.curated {
            return Ok(Vec::new());
        }
        self.holding(&Term::from_field_text(self.fields.curated(), key))
    }

    /// The passages of a note, in their order.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn passages_of(&self, note: &str) -> Result<Vec<DocAddress>, String> {
        self.holding(&Term::from_field_text(self.fields.note(), note))
    }

    /// The passage with this key; the first, should there be two.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn find(&self, key: PassageKey) -> Result<Option<DocAddress>, String> {
        for reader in self.searcher.segment_readers() {
            let index = reader.inverted_index(self.fields.note()).map_err(|error| error.to_string())?;
            let mut notes = index.terms().stream().map_err(|error| error.to_string())?;
            while let Some((note, _)) = notes.next() {
                let note = String::from_utf8_lossy(note);
                if !key.is_of(&note) {
                    continue;
                }
                for address in self.passages_of(&note)? {
                    if PassageKey::of(&self.record(address)?.id) == key {
                        return Ok(Some(address));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The passages that hold a term, in the order of notes and places.
    fn holding(&self, term: &Term) -> Result<Vec<DocAddress>, String> {
        let mut found = Vec::new();
        for ((number, segment), reader) in (0..).zip(self.segments.iter()).zip(self.searcher.segment_readers()) {
            let index = reader.inverted_index(term.field()).map_err(|error| error.to_string())?;
            let postings = index.read_postings(term, IndexRecordOption::Basic).map_err(|error| error.to_string())?;
            found.extend(alive(postings, segment).map(|doc| DocAddress::new(number, doc)));
        }
        found.sort_by(|a, b| self.order(*a, *b));
        Ok(found)
    }

    /// The passages of each segment that are not shown any more on the day `today`.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn expired(&self, today: Day) -> Result<Vec<Vec<DocId>>, String> {
        let mut expired = Vec::new();
        if !self.manifest.expires {
            expired.resize_with(self.segments.len(), Vec::new);
            return Ok(expired);
        }
        for (segment, reader) in self.segments.iter().zip(self.searcher.segment_readers()) {
            let index = reader.inverted_index(self.fields.expires()).map_err(|error| error.to_string())?;
            // Days are written so that they sort as they follow each other.
            let before = index.terms().range().lt(today.to_string().as_bytes()).into_stream();
            let mut days = before.map_err(|error| error.to_string())?;
            let mut gone = Vec::new();
            while let Some((_, info)) = days.next() {
                let postings = index.read_postings_from_terminfo(info, IndexRecordOption::Basic);
                gone.extend(alive(Some(postings.map_err(|error| error.to_string())?), segment));
            }
            expired.push(gone);
        }
        Ok(expired)
    }

    /// Where all passages stand, in the order of notes and places.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn outlines(&self) -> Result<Vec<Outline>, String> {
        let mut outlines: Vec<Outline> = Vec::new();
        for reader in self.searcher.segment_readers() {
            let store = reader.get_store_reader(1).map_err(|error| error.to_string())?;
            for document in store.iter::<TantivyDocument>(reader.alive_bitset()) {
                let document = document.map_err(|error| error.to_string())?;
                outlines.push(serde_json::from_str(self.stored(&document)?).map_err(|error| error.to_string())?);
            }
        }
        // A note is in one segment, and its passages are in their order there.
        outlines.sort_by(|a, b| a.id.section.note.cmp(&b.id.section.note));
        Ok(outlines)
    }

    fn stored<'d>(&self, document: &'d TantivyDocument) -> Result<&'d str, String> {
        let stored = document.get_first(self.fields.record()).and_then(|value| value.as_str());
        stored.ok_or_else(|| "a passage without its record".to_owned())
    }

    /// The stored passage at `address`.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn record(&self, address: DocAddress) -> Result<Record, String> {
        let document: TantivyDocument = self.searcher.doc(address).map_err(|error| error.to_string())?;
        serde_json::from_str(self.stored(&document)?).map_err(|error| error.to_string())
    }
}
