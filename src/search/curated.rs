//! Answers that were written for the question: one look at a posting list, and they come first.

use super::features::Looker;
use super::rank::{Hit, Part};
use crate::corpus::Day;
use crate::index::{Record, Snapshot, is_vague};
use crate::query::Query;

/// Answers that are shown for one question, when several claim it.
const ANSWERS_MAX: usize = 3;

/// The answers curated for a question that are in force on the day `today`, in the order of the notes, each with the place where
/// it sends its readers. The first key that leads to any decides.
pub(super) fn answers(snapshot: &Snapshot, query: &Query, today: Day) -> Result<Vec<(Record, Part)>, String> {
    for key in &query.curated {
        let mut records = Vec::new();
        for address in snapshot.curated(key)? {
            let record = snapshot.record(address)?;
            if record.expires.is_none_or(|last| today <= last) {
                records.push(record);
            }
        }
        // Docker alone may want to know what it is, or how it is used.
        if records.is_empty() || records.len() > 1 && is_vague(key) {
            continue;
        }
        records.truncate(ANSWERS_MAX);
        let mut answers = Vec::new();
        for record in records {
            let seen = match &record.see {
                Some((note, anchor)) => place(snapshot, note, anchor, today)?,
                None => None,
            };
            answers.push((record, Part::Curated));
            answers.extend(seen.map(|record| (record, Part::See)));
        }
        return Ok(answers);
    }
    Ok(Vec::new())
}

/// The first passage of a section; without an anchor that of the note.
fn place(snapshot: &Snapshot, note: &str, anchor: &str, today: Day) -> Result<Option<Record>, String> {
    for address in snapshot.passages_of(note)? {
        let record = snapshot.record(address)?;
        if record.is_hidden(today) {
            return Ok(None);
        }
        // Browsers do not mind the case.
        if anchor.is_empty() || record.id.section.anchor.to_lowercase() == anchor.to_lowercase() {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// Puts curated answers before the hits that were found, which keep their order.
pub(super) fn put_first(
    curated: Vec<(Record, Part)>,
    mut found: Vec<Hit>,
    looker: &Looker<'_>,
    limit: usize,
) -> Vec<Hit> {
    if curated.is_empty() {
        return found;
    }
    // Scores fall from hit to hit; what was written for the question is no worse than what was found.
    let score = found.first().map_or(1.0, |best| best.score);
    let mut hits: Vec<Hit> = Vec::with_capacity(found.len() + curated.len());
    for (record, part) in curated.into_iter().take(limit) {
        if hits.iter().any(|hit| hit.record.id == record.id) {
            continue;
        }
        let known = found.iter().position(|hit| hit.record.id == record.id).map(|at| found.remove(at));
        let features = known.map_or_else(|| looker.look(&record), |hit| hit.features);
        hits.push(Hit { record, score, features, twins: Vec::new(), part });
    }
    hits.extend(found);
    hits
}
