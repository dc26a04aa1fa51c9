//! Measures the search with golden questions.
//!
//! ```text
//! golden (files of questions) -> expectation (what is wrong with them)
//!                             -> bench (asks) -> metrics (scores, figures, interval) -> report -> table
//!                                             |                                                -> comparison (baseline)
//!                                             -> trec (for other programs)
//! ```

mod addition;
mod baseline;
mod bench;
mod comparison;
mod expectation;
mod golden;
mod interval;
mod metrics;
mod report;
mod table;
mod trec;

pub use addition::Addition;
pub use baseline::{BaselineProblem, baseline, to_save};
pub use bench::{Answered, Asked, Bench};
pub use comparison::{Change, Comparison};
pub use expectation::{Problem, Stale, problems};
pub use golden::{Golden, GoldenQuestion, Place, parse_place, read};
pub use interval::Interval;
pub use metrics::{Figure, Metrics, Score, score};
pub use report::{Ablated, Entry, Evaluation, FileResult};
pub use table::{Rows, ablation, figures};
pub use trec::{qrels, run};
