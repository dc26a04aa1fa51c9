//! The fields of the tantivy index.

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

/// The name of what takes a field's text for a [`TokenList`](crate::text::TokenList).
pub(super) const TOKENS: &str = "tokens";
/// The name of the field of note ids.
pub(super) const NOTE: &str = "note";

/// A searched field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TextField {
    /// Words of heading and text.
    Words,
    /// Single Han characters, Latin words whole, of heading and text.
    Chars,
    /// Pairs of Han characters of heading and text.
    Bigrams,
    /// Words of the section's own heading.
    Heading,
    /// Words of the note's title and the headings above.
    Trail,
    /// Words of what the note's front matter says it is about.
    About,
}

impl TextField {
    /// All fields.
    pub const ALL: [Self; 6] = [Self::Words, Self::Chars, Self::Bigrams, Self::Heading, Self::Trail, Self::About];

    /// The field's name in the index and in explanations.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Chars => "chars",
            Self::Bigrams => "bigrams",
            Self::Heading => "heading",
            Self::Trail => "trail",
            Self::About => "about",
        }
    }
}

/// The schema and its fields.
#[derive(Clone, Debug)]
pub struct Fields {
    schema: Schema,
    note: Field,
    record: Field,
    curated: Field,
    expires: Field,
    text: [Field; TextField::ALL.len()],
}

impl Fields {
    /// The schema of the current format.
    #[must_use]
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        // Looked up when a note is replaced, and read column by column where equal scores are ordered.
        let note = builder.add_text_field(NOTE, STRING | FAST);
        let record = builder.add_text_field("record", STORED);
        // Keys of the questions that a passage is curated for, and the last day of one that is not shown any longer.
        let curated = builder.add_text_field("curated", STRING);
        let expires = builder.add_text_field("expires", STRING);
        // Frequencies but no positions: tokens overlap, so distances between them would mean little.
        let indexing =
            TextFieldIndexing::default().set_tokenizer(TOKENS).set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let text = TextField::ALL.map(|field| builder.add_text_field(field.name(), options.clone()));
        Self { schema: builder.build(), note, record, curated, expires, text }
    }

    /// The tantivy schema.
    #[must_use]
    pub fn schema(&self) -> Schema {
        self.schema.clone()
    }

    /// The note's id.
    #[must_use]
    pub fn note(&self) -> Field {
        self.note
    }

    /// The stored [`super::Record`].
    #[must_use]
    pub fn record(&self) -> Field {
        self.record
    }

    /// The keys of the questions that a passage is curated for, each whole.
    #[must_use]
    pub fn curated(&self) -> Field {
        self.curated
    }

    /// The last day on which a passage is shown; none for most.
    #[must_use]
    pub fn expires(&self) -> Field {
        self.expires
    }

    /// A searched field.
    #[must_use]
    pub fn text(&self, field: TextField) -> Field {
        self.text[field as usize]
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::new()
    }
}
