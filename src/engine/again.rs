//! An earlier answer, looked at again: another of its hits, or a whole section. All that is kept of it are the keys of its
//! passages, so this works after a restart and after a new generation, as far as the notes still have them.

use super::{Engine, Reading, guarded};
use crate::answer::{self, AnswerHit};
use crate::corpus::Links;
use crate::error::Failure;
use crate::index::PassageKey;
use crate::query::{Conversation, Query, Question};
use crate::search::{Recalled, recall, section};

impl Engine {
    /// The passages with these keys as hits, with marks on what `question` asks for; `None` for each that has gone. A question
    /// that is empty or too long marks nothing.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn recall(&self, question: &str, keys: &[PassageKey]) -> Result<Vec<Option<AnswerHit>>, Failure> {
        let today = self.today();
        self.again(question, |reading, query| recall(&reading.snapshot, query, keys, today), answer::recalled)
    }

    /// The whole section in which the passage with this key stands, with all below it, passage by passage; none when it has
    /// gone.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn section(&self, question: &str, key: PassageKey) -> Result<Vec<AnswerHit>, Failure> {
        let today = self.today();
        let look = |reading: &Reading, query: &Query| section(&reading.snapshot, query, key, today);
        Ok(self.again(question, look, answer::whole)?.into_iter().flatten().collect())
    }

    fn again(
        &self,
        question: &str,
        look: impl FnOnce(&Reading, &Query) -> Result<Recalled, String>,
        compose: impl FnOnce(&Recalled, &Query, &crate::text::Analyzer, &Links<'_>) -> Vec<Option<AnswerHit>>,
    ) -> Result<Vec<Option<AnswerHit>>, Failure> {
        let reading = self.reading().ok_or_else(|| self.damaged("it was not opened".to_owned()))?;
        let query = match Question::new(question) {
            Ok(question) => self.query(&reading, &question, &Conversation::default())?,
            Err(_) => Query::default(),
        };
        let recalled = guarded(|| look(&reading, &query)).and_then(|done| done);
        let recalled = recalled.map_err(|reason| self.damaged(reason))?;
        let links = Links { style: &self.links, checkout: reading.snapshot.checkout() };
        let mut hits = compose(&recalled, &query, &reading.vocabulary.analyzer, &links);
        if self.tells_age {
            let today = self.today();
            hits.iter_mut().flatten().for_each(|hit| hit.tell_age(today));
        }
        Ok(hits)
    }
}
