//! From what a person typed to a weighted query.
//!
//! ```text
//! text -> Question (bounded, mentions out) -> spelling (slips and pinyin mended)
//!      -> units (what is asked for, each with its forms; the conversation's subject) -> Query
//! ```
//!
//! A query is built from tokens; no text of a user is ever parsed as a query language, so there is nothing in
//! it that could be a syntax error.

mod conversation;
pub mod curated;
mod expansion;
mod focus;
mod homophones;
mod intent;
mod leaning;
mod machine;
mod manner;
mod name;
mod pinyin_runs;
mod quantity;
mod question;
mod sessions;
mod spelling;
mod unit;
mod words;

pub use conversation::{Carried, Conversation, Place};
pub use intent::{Intent, says_what_kind};
pub use manner::{Manner, insists, is_to_people};
pub(crate) use name::is_called;
pub use quantity::Quantity;
pub use question::{QUESTION_CHARS_MAX, Question, QuestionProblem};
pub use sessions::Sessions;
pub use spelling::Correction;
pub use unit::{Form, Query, Role, Unit};
pub use words::{Known, WordLists};
