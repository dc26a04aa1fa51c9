//! Passages that an earlier answer named, looked up again: they may have changed or gone since.

use super::rank::{Part, importance};
use crate::corpus::Day;
use crate::index::{PassageKey, Record, Snapshot};
use crate::query::Query;

/// Passages of a section with all below it that are looked at, at most.
const SECTION_PASSAGES_MAX: usize = 200;

/// What was looked up.
#[derive(Clone, Debug, Default)]
pub struct Recalled {
    /// One for each key: the passage, and whether it was written as the answer to the question. `None` when it has gone.
    pub passages: Vec<Option<(Record, Part)>>,
    /// What each thing that the question names counts.
    pub importance: Vec<f32>,
}

/// The passages with these keys, on the day `today`.
///
/// # Errors
/// The reason when the index cannot be read.
pub fn recall(snapshot: &Snapshot, query: &Query, keys: &[PassageKey], today: Day) -> Result<Recalled, String> {
    let mut curated = Vec::new();
    for key in &query.curated {
        curated.extend(snapshot.curated(key)?);
    }
    let mut passages = Vec::with_capacity(keys.len());
    for key in keys {
        let Some(address) = snapshot.find(*key)? else {
            passages.push(None);
            continue;
        };
        let record = snapshot.record(address)?;
        let is_shown = !record.is_hidden(today);
        let part = if curated.contains(&address) { Part::Curated } else { Part::Found };
        passages.push(is_shown.then_some((record, part)));
    }
    Ok(Recalled { passages, importance: importance(snapshot, query)? })
}

/// The passages of the section in which the one with this key stands, with those of the sections below it, in their order: none
/// when it has gone.
///
/// # Errors
/// The reason when the index cannot be read.
pub fn section(snapshot: &Snapshot, query: &Query, key: PassageKey, today: Day) -> Result<Recalled, String> {
    let Some(address) = snapshot.find(key)? else { return Ok(Recalled::default()) };
    let of = snapshot.record(address)?;
    if of.is_hidden(today) {
        return Ok(Recalled::default());
    }
    let mut passages = Vec::new();
    for address in snapshot.passages_of(&of.id.section.note.0)? {
        let record = snapshot.record(address)?;
        if record.section >= of.section && (record.section == of.section || is_below(&record, &of)) {
            passages.push(Some((record, Part::Found)));
        } else if record.section > of.section || passages.len() >= SECTION_PASSAGES_MAX {
            break;
        }
    }
    Ok(Recalled { passages, importance: importance(snapshot, query)? })
}

/// Whether a passage stands under the heading of another one, or of one below that.
fn is_below(record: &Record, above: &Record) -> bool {
    !above.heading.is_empty()
        && record.trail.get(..above.trail.len()) == Some(above.trail.as_slice())
        && record.trail.get(above.trail.len()) == Some(&above.heading)
}
