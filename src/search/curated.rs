//! Answers that were written for the question: one look at a posting list, and they come first.

use std::sync::Arc;

use super::features::Looker;
use super::rank::{Hit, Part};
use super::recent::Passage;
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
        let record = Arc::new(record);
        let features = known.map_or_else(|| looker.look(&Passage::of(Arc::clone(&record))), |hit| hit.features);
        hits.push(Hit { record, score, features, twins: Vec::new(), part });
    }
    hits.extend(found);
    hits
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::corpus::{Look, Selection, walk};
    use crate::index::{Builder, Effort, Fit, Home};
    use crate::query::curated::claimed;
    use crate::search::{Recent, Weights, search};
    use crate::text::{Analyzer, Lexicon};

    #[test]
    fn an_index_does_not_have_to_be_built_anew_for_an_answer_to_expire() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes");
        fs::create_dir_all(notes.join("qa")).unwrap();
        let note = |path: &str, text: &str| fs::write(notes.join(path), text).unwrap();
        note("a.md", "# 考试\n\n期末考试闭卷。\n");
        note("b.md", "---\nquestions: 期末考试怎么考\nexpires: 2026-06-30\n---\n今年期末考试在线上。\n");
        note(
            "qa/a.md",
            "---\nquestions: 期末考试怎么考\nexpires: 2026-05-31\nsee: a.md#考试\n---\n这次期末考试在机房。\n",
        );
        let analyzer = Analyzer::new(Lexicon::standard());
        let keys = |question: &str| claimed(question, &analyzer);
        let builder =
            Builder { analyzer: &analyzer, note_bytes_max: 1 << 20, look: &Look::none(), keys: &keys, lexicon: None };
        let home = Home::new(&folder.path().join("index"), &notes);
        let found = walk(&notes, &Selection::default()).unwrap();
        let (_, snapshot) = home.build(builder, &found, &Fit::new("", ""), Effort::Anew, &mut |_| {}).unwrap();
        let check = |question: &str, today: &str, expected: &[(&str, Part)]| {
            let query = Query::of(question.to_owned(), &analyzer);
            let ranking =
                search(&snapshot, &Recent::default(), &query, &Weights::default(), today.parse().unwrap(), 9).unwrap();
            let hits: Vec<(&str, Part)> =
                ranking.hits.iter().map(|hit| (hit.record.id.section.note.0.as_str(), hit.part)).collect();
            assert_eq!(hits, expected, "{question} on {today}");
        };
        use Part::{Curated, Found, See};
        check("怎么考期末考试", "2026-05-31", &[("b.md", Curated), ("qa/a.md", Curated), ("a.md", See)]);
        check("怎么考期末考试", "2026-06-01", &[("b.md", Curated), ("a.md", Found)]);
        check("怎么考期末考试", "2026-07-01", &[("b.md", Found), ("a.md", Found)]);
        check("机房", "2026-05-31", &[("qa/a.md", Found)]);
        check("机房", "2026-06-01", &[]);
    }
}
