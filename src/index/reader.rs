//! A snapshot: one generation, open for searching.

use std::path::Path;
use std::sync::Arc;

use tantivy::directory::MmapDirectory;
use tantivy::schema::Value as _;
use tantivy::{DocAddress, Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::directory::FrozenDirectory;
use super::{Fields, Manifest, Record, TextField};

/// A generation of the index that stays as it is for as long as it is held.
#[derive(Clone)]
pub struct Snapshot {
    searcher: Searcher,
    fields: Fields,
    generation: u64,
    manifest: Arc<Manifest>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Opens generation `number` in `folder`.
    pub(super) fn open(folder: &Path, number: u64, manifest: Manifest) -> Result<Self, String> {
        let directory = MmapDirectory::open(folder).map_err(|error| error.to_string())?;
        let index = Index::open(FrozenDirectory(directory)).map_err(|error| error.to_string())?;
        Self::of(&index, number, manifest)
    }

    /// A snapshot of an index that is open already, in memory for example.
    pub(super) fn of(index: &Index, generation: u64, manifest: Manifest) -> Result<Self, String> {
        let fields = Fields::new();
        if index.schema() != fields.schema() {
            return Err("the fields of the index are not those of this version".to_owned());
        }
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error: tantivy::TantivyError| error.to_string())?;
        let searcher = reader.searcher();
        if searcher.num_docs() != manifest.passages as u64 {
            return Err(format!("{} passages instead of {}", searcher.num_docs(), manifest.passages));
        }
        Ok(Self { searcher, fields, generation, manifest: Arc::new(manifest) })
    }

    /// tantivy's searcher.
    #[must_use]
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
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

    /// The number of passages that hold `text` in `field`.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn doc_freq(&self, field: TextField, text: &str) -> Result<u64, String> {
        self.searcher.doc_freq(&self.term(field, text)).map_err(|error| error.to_string())
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

    /// All words of `field` with the number of passages that hold each, in the order of the words.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn words(&self, field: TextField) -> Result<Vec<(String, u32)>, String> {
        let mut words = Vec::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.text(field)).map_err(|error| error.to_string())?;
            let mut terms = index.terms().stream().map_err(|error| error.to_string())?;
            while let Some((term, info)) = terms.next() {
                words.push((String::from_utf8_lossy(term).into_owned(), info.doc_freq));
            }
        }
        Ok(words)
    }

    /// The stored passage at `address`.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn record(&self, address: DocAddress) -> Result<Record, String> {
        let document: TantivyDocument = self.searcher.doc(address).map_err(|error| error.to_string())?;
        let text = document
            .get_first(self.fields.record())
            .and_then(|value| value.as_str())
            .ok_or("a passage without its record")?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}
