//! From a query to ranked passages.
//!
//! ```text
//! Query -> retrieve (weighted OR over the fields, best candidates) -> features (what each candidate holds, read once)
//!       -> rank (second look, deterministic order, no heading crowds out the others; curated answers before all) -> Hit
//! ```

mod curated;
mod features;
mod likeness;
mod rank;
mod recall;
mod recent;
mod retrieve;
mod scores;
mod suggest;
mod weights;

pub use features::Features;
pub(crate) use features::{defines, is_generic};
pub use rank::{Hit, Part, Ranking, search};
pub use recall::{Recalled, recall, section};
pub use recent::Recent;
pub use suggest::{Candidate, SUGGESTION_LENGTH_MAX, SUGGESTIONS_MAX, Suggestions};
pub use weights::Weights;
