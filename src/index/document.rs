//! A passage on its way into the index.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use tantivy::schema::{Document, Field};

/// The fields of a passage. It counts as being on its way until tantivy has taken it in.
#[derive(Debug, Default)]
pub(super) struct PassageDocument {
    values: Vec<(Field, String)>,
    way: Option<Arc<Way>>,
}

impl PassageDocument {
    pub(super) fn add(&mut self, field: Field, text: String) {
        self.values.push((field, text));
    }

    fn bytes(&self) -> usize {
        self.values.iter().map(|(_, text)| text.len()).sum()
    }

    /// The same on its way; waits until there is room.
    pub(super) fn under_way(mut self, way: &Arc<Way>) -> Self {
        way.enter(self.bytes());
        self.way = Some(Arc::clone(way));
        self
    }
}

impl Drop for PassageDocument {
    fn drop(&mut self) {
        if let Some(way) = &self.way {
            way.leave(self.bytes());
        }
    }
}

impl Document for PassageDocument {
    type Value<'a> = &'a str;
    type FieldsValuesIter<'a> = Values<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        Values(self.values.iter())
    }
}

/// The values of a document.
pub(super) struct Values<'d>(std::slice::Iter<'d, (Field, String)>);

impl<'d> Iterator for Values<'d> {
    type Item = (Field, &'d str);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(field, text)| (*field, text.as_str()))
    }
}

/// Bounds what waits for tantivy, which itself counts documents, of whatever size.
#[derive(Debug, Default)]
pub(super) struct Way {
    bytes: Mutex<usize>,
    left: Condvar,
}

impl Way {
    /// Bytes under way at most, unless it is one document alone.
    const BYTES_MAX: usize = 16 << 20;

    fn enter(&self, bytes: usize) {
        let mut all = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        while *all > 0 && *all + bytes > Self::BYTES_MAX {
            all = self.left.wait(all).unwrap_or_else(PoisonError::into_inner);
        }
        *all += bytes;
    }

    fn leave(&self, bytes: usize) {
        *self.bytes.lock().unwrap_or_else(PoisonError::into_inner) -= bytes;
        self.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn document(bytes: usize) -> PassageDocument {
        let mut document = PassageDocument::default();
        document.add(Field::from_field_id(0), "x".repeat(bytes));
        document
    }

    #[test]
    fn what_waits_for_tantivy_is_bounded_by_its_size() {
        let way = Arc::new(Way::default());
        let first = document(2 * Way::BYTES_MAX).under_way(&way);
        thread::scope(|scope| {
            let second = scope.spawn(|| drop(document(1).under_way(&way)));
            assert_eq!(*way.bytes.lock().unwrap(), 2 * Way::BYTES_MAX, "the second waits, whenever it comes");
            drop(first);
            second.join().unwrap();
        });
        assert_eq!(*way.bytes.lock().unwrap(), 0);
    }
}
