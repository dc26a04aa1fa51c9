//! The integration tests, in one binary: the program as a person or a script sees it, and the repository itself.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "what panics in a test fails it, as it should")]

mod answers;
mod awkward_notes;
mod awkward_questions;
mod bot;
mod check;
mod courses;
mod curated;
mod discord;
mod documents;
mod eval;
mod generations;
mod incremental;
mod index_state;
mod killed;
mod layers;
mod links;
mod mishaps;
mod quality;
mod question_log;
mod screens;
mod settings;
mod snippets;
mod status;
mod turns_and_refusals;
mod understanding;
mod watch;
mod world;
