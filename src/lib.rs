//! kewen (课问) answers questions over course notes.
pub mod corpus;
pub mod settings;
pub mod text;
