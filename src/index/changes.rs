//! What a build found to be different from the generation before.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::table::{Entry, Table};
use crate::corpus::NoteId;

/// Notes of one kind of change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The notes, in the order of their ids.
    pub notes: Vec<NoteId>,
    /// Sections of these notes, as they are now or, of notes that are gone, as they were.
    pub sections: usize,
}

impl Change {
    fn push(&mut self, entry: &Entry) {
        self.notes.push(entry.id.clone());
        self.sections += entry.sections;
    }
}

/// Files that are no longer as the index has them, drafts among them, as far as sizes and times tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outdated {
    /// Files that the index has not seen.
    pub added: usize,
    /// Files of another size or time.
    pub changed: usize,
    /// Files that are gone.
    pub removed: usize,
}

impl Outdated {
    /// Number of files.
    #[must_use]
    pub fn files(&self) -> usize {
        self.added + self.changed + self.removed
    }
}

/// A note that stands under another name and holds the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// Its name before.
    pub from: NoteId,
    /// Its name now.
    pub to: NoteId,
}

/// The notes that are different from those of the generation before; without one, all are added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Notes that were not indexed before.
    pub added: Change,
    /// Notes that hold something else than before.
    pub changed: Change,
    /// Notes that are neither added nor removed but moved.
    pub renamed: Vec<Renamed>,
    /// Notes that are not indexed any more.
    pub removed: Change,
}

impl Changes {
    pub(super) fn between(before: &Table, after: &Table) -> Self {
        let mut changes = Self::default();
        let indexed = |table: &Table, id: &NoteId| table.get(id).is_some_and(Entry::is_indexed);
        let gone: Vec<&Entry> =
            before.0.iter().filter(|entry| entry.is_indexed() && !indexed(after, &entry.id)).collect();
        let mut by_digest: HashMap<&str, Vec<&Entry>> = HashMap::new();
        for entry in gone.iter().rev() {
            by_digest.entry(&entry.digest).or_default().push(entry);
        }
        let mut moved = HashSet::new();
        for entry in after.0.iter().filter(|entry| entry.is_indexed()) {
            match before.get(&entry.id).filter(|known| known.is_indexed()) {
                Some(known) if known.digest == entry.digest => {}
                Some(_) => changes.changed.push(entry),
                None => match by_digest.get_mut(entry.digest.as_str()).and_then(Vec::pop) {
                    Some(from) => {
                        moved.insert(&from.id);
                        changes.renamed.push(Renamed { from: from.id.clone(), to: entry.id.clone() });
                    }
                    None => changes.added.push(entry),
                },
            }
        }
        gone.into_iter().filter(|entry| !moved.contains(&entry.id)).for_each(|entry| changes.removed.push(entry));
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::State;
    use super::*;

    fn table(notes: &[(&str, &str, State)]) -> Table {
        let entry = |(id, digest, state): &(&str, &str, State)| Entry {
            id: NoteId((*id).to_owned()),
            digest: (*digest).to_owned(),
            state: *state,
            sections: 2,
            ..Entry::default()
        };
        Table(notes.iter().map(entry).collect())
    }

    fn names(notes: &[NoteId]) -> Vec<&str> {
        notes.iter().map(|id| id.0.as_str()).collect()
    }

    #[test]
    fn each_note_is_in_one_kind_of_change() {
        use State::{Draft, Indexed};
        let before = table(&[
            ("changed", "1", Indexed),
            ("gone", "2", Indexed),
            ("moved", "3", Indexed),
            ("published", "4", Draft),
            ("same", "5", Indexed),
            ("withdrawn", "6", Indexed),
        ]);
        let after = table(&[
            ("changed", "7", Indexed),
            // Twins: only one of them can be the note that moved.
            ("moved to", "3", Indexed),
            ("moved too", "3", Indexed),
            ("published", "8", Indexed),
            ("same", "5", Indexed),
            ("withdrawn", "9", Draft),
        ]);
        let changes = Changes::between(&before, &after);
        assert_eq!(names(&changes.added.notes), ["moved too", "published"]);
        assert_eq!(names(&changes.changed.notes), ["changed"]);
        assert_eq!(names(&changes.removed.notes), ["gone", "withdrawn"]);
        assert_eq!(changes.added.sections, 4);
        let [Renamed { from, to }] = changes.renamed.as_slice() else { panic!("{:?}", changes.renamed) };
        assert_eq!((from.0.as_str(), to.0.as_str()), ("moved", "moved to"));
        assert_eq!(Changes::between(&after, &after), Changes::default());
    }
}
