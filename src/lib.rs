//! kewen (课问) answers questions over course notes.
pub mod answer;
pub mod corpus;
pub mod engine;
pub mod error;
pub mod index;
pub mod query;
pub mod search;
pub mod settings;
pub mod text;
