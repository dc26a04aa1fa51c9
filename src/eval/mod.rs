//! Measures the search with golden questions.

mod golden;
mod metrics;
mod report;

pub use golden::{Golden, GoldenQuestion, Place, read};
pub use metrics::{Metrics, Score, score};
pub use report::{Evaluation, FileResult, text};
