//! The integration tests, in one binary: the program as a person or a script sees it, and the repository itself.

mod answers;
mod awkward_notes;
mod awkward_questions;
mod documents;
mod index_state;
mod layers;
mod quality;
mod settings;
mod world;
