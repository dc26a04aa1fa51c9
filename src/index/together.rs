//! Whether words stand together in a passage.

use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::{Snapshot, TextField};

impl Snapshot {
    /// Whether any passage holds each of `words` in its text, in a heading above or in what its note is about.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn holds_all(&self, words: &[&str]) -> Result<bool, String> {
        let somewhere = |word: &&str| -> Box<dyn Query> {
            let fields = [TextField::Words, TextField::Trail, TextField::About];
            let terms = fields.map(|field| TermQuery::new(self.term(field, word), IndexRecordOption::Basic));
            Box::new(BooleanQuery::union(terms.into_iter().map(|term| Box::new(term) as Box<dyn Query>).collect()))
        };
        let all = BooleanQuery::intersection(words.iter().map(somewhere).collect());
        self.searcher().search(&all, &Count).map(|passages| passages > 0).map_err(|error| error.to_string())
    }
}
