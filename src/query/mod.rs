//! From what a person typed to a weighted query.
//!
//! ```text
//! text -> Question (bounded, mentions out) -> units (what is asked for, each with its forms) -> Query
//! ```
//!
//! A query is built from tokens; no text of a user is ever parsed as a query language, so there is nothing in
//! it that could be a syntax error.

mod expansion;
mod question;
mod unit;

pub use question::{QUESTION_CHARS_MAX, Question, QuestionProblem};
pub use unit::{Form, Query, Role, Unit};
