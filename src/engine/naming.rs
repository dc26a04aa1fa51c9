//! What a text names, as it is written there.

use super::Engine;
use crate::query::Query;

impl Engine {
    /// The things that a text names: each as it is written there, behind the first name that the lexicon has for it. Nothing is mended;
    /// nothing is known without an index while the lexicon is wrong.
    #[must_use]
    pub fn named_in(&self, text: &str) -> Vec<(String, String)> {
        let Ok(vocabulary) = self.vocabulary() else { return Vec::new() };
        let analyzer = vocabulary.analyzer();
        let query = Query::of(text.to_owned(), analyzer);
        query.content().map(|unit| (analyzer.lexicon().name_of(&unit.text), unit.text.clone())).collect()
    }
}
