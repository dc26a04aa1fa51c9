//! Where passages stand, read without what they say.

use serde::Deserialize;

use super::record::is_hidden;
use crate::corpus::{Day, PassageId};

/// The part of a record that names its place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Outline {
    /// Which passage.
    pub id: PassageId,
    /// The note's title.
    pub title: String,
    /// The section's heading; empty before the first heading.
    pub heading: String,
    /// Headings above, outermost first.
    pub trail: Vec<String>,
    #[serde(default)]
    expires: Option<Day>,
}

impl Outline {
    /// As [`Record::is_hidden`](super::Record::is_hidden).
    #[must_use]
    pub fn is_hidden(&self, today: Day) -> bool {
        is_hidden(&self.id, self.expires, today)
    }
}
