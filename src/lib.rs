//! kewen (课问) answers questions over course notes, Chinese mixed with English, from an embedded full-text index.
//!
//! The way of the data, and the modules in its order:
//!
//! ```text
//! notes -> corpus (Note -> Section -> Passage) -> text (Analyzer) -> index (generation, Snapshot)
//! question -> query (Question -> Query) -> search (Hit) -> answer (Answer) -> render -> cli | bot
//!             `------------------- engine, the one door -------------------'
//! ```
//!
//! [`engine::Engine`] is where to start reading; ARCHITECTURE.md says what always holds.

pub mod settings;

pub mod text;

pub mod corpus;

pub mod index;

pub mod query;

pub mod search;

pub mod answer;

pub mod engine;

pub mod log;

pub mod render;

pub mod eval;

pub mod check;

pub mod texts;

pub mod error;

pub mod watch;

pub mod bot;

pub mod cli;
