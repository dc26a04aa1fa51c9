//! The question log: what was asked and what came of it, for those who keep the notes.
//!
//! ```text
//! bot, chat -> Recorder (bounded queue, a thread of its own) -> Store (SQLite) -> gaps (what was not found, clustered)
//! ```
//!
//! It is never in the way of an answer: what does not fit into the queue is dropped and counted. A member is known by a
//! keyed hash only (`member`), and the key lies in a file beside the log, not in it.

mod gaps;
mod lost;
mod member;
mod recorder;
mod store;

use serde::{Deserialize, Serialize};

pub use gaps::{Advice, Cluster, Example, Gaps, Notes, gaps};
pub use member::Key;
pub use recorder::{Clock, Recorder};
pub use store::{Forget, Logged, Period, SharedQuestion, Standing, Store};

use crate::answer::{Answer, Outcome};

/// Hits that are logged with a question.
const HITS_MAX: usize = 3;

/// Where a question was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The chat of the command line.
    Chat,
    /// A direct message.
    Direct,
    /// A channel of a server.
    Server,
    /// Nowhere: another one looked up a member's message. It is logged as that member's.
    LookedUp,
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// An answer, of this outcome.
    Of(Outcome),
    /// No answer, since something went wrong. It says nothing about the notes.
    Failed,
}

/// A place in the notes that an answer named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedHit {
    /// Slash path of the note.
    pub note: String,
    /// The section's anchor; may be empty.
    pub anchor: String,
    /// The headings from the outermost to its own.
    pub heading: String,
}

/// A question, ready to be logged.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Where it was asked.
    pub channel: Channel,
    /// Who asked: Discord's id. It is hashed before it is written.
    pub member: Option<u64>,
    /// Discord's id of the message or interaction, by which feedback finds the question. It is hashed before it is written.
    pub event: Option<u64>,
    /// The question as cleaned.
    pub question: String,
    /// The questions before it, when it refers to them.
    pub after: Vec<String>,
    /// What it is about.
    pub topics: Vec<String>,
    /// What came of it.
    pub came: Came,
    /// The best hits.
    pub hits: Vec<LoggedHit>,
}

impl Entry {
    /// The entry of a question that was answered in `channel`.
    #[must_use]
    pub fn of(answer: &Answer, channel: Channel) -> Self {
        let hits = answer.hits.iter().take(HITS_MAX).map(|hit| LoggedHit {
            note: hit.citation.note.clone(),
            anchor: hit.citation.anchor.clone(),
            heading: hit.citation.heading_path().join(" › "),
        });
        Self {
            channel,
            member: None,
            event: None,
            question: answer.question.clone(),
            after: answer.after.clone(),
            topics: answer.topics.clone(),
            came: Came::Of(answer.outcome),
            hits: hits.collect(),
        }
    }

    /// The entry of a question that could not be answered because something went wrong.
    #[must_use]
    pub fn failed(question: &str, channel: Channel) -> Self {
        Self {
            channel,
            member: None,
            event: None,
            question: question.to_owned(),
            after: Vec::new(),
            topics: Vec::new(),
            came: Came::Failed,
            hits: Vec::new(),
        }
    }
}
