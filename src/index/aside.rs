//! The folder in which a generation is written before it has a number.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use tantivy::error::DataCorruption;
use tantivy::index::SegmentId;
use tantivy::indexer::{LogMergePolicy, MergePolicy as _, NoMergePolicy};
use tantivy::{Index, IndexWriter, TantivyError, Term};

use super::document::{PassageDocument, Way};
use super::generation::{MANIFEST, sizes};
use super::schema::TOKENS;
use super::tokens::Tokens;
use super::{Fields, Progress, Snapshot, Step};
use crate::corpus::NoteId;

/// Memory of tantivy's writer before it writes a segment; bytes.
const WRITER_BYTES: usize = 64 << 20;
/// tantivy's own files that it replaces; all others are never changed once they are written.
const REPLACED: [&str; 2] = ["meta.json", ".managed.json"];
/// A segment of which a larger share was taken out is written anew.
const DELETED_SHARE_MAX: f32 = 0.2;
/// So many segments of about the same size are written as one.
const SEGMENTS_MAX: usize = 8;
/// How often it is told how far a merge is.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Segments of fewer passages are of about the same size.
const SMALL_SEGMENT: u32 = 500;

/// The generation that is built on, and its folder.
type Base<'f> = (&'f Snapshot, &'f Path);

/// The index that is being written. Nothing is on disk until the first note is replaced.
pub(super) struct Aside<'f> {
    folder: &'f Path,
    base: Option<Base<'f>>,
    fields: Fields,
    way: Arc<Way>,
    open: Option<(Index, IndexWriter<PassageDocument>)>,
}

impl<'f> Aside<'f> {
    /// What will be written into `folder`, beginning with `base`.
    pub(super) fn new(folder: &'f Path, base: Option<Base<'f>>) -> Self {
        Self { folder, base, fields: Fields::new(), way: Arc::default(), open: None }
    }

    /// Replaces the passages of a note, in the order of their places; none takes it out.
    pub(super) fn replace(
        &mut self,
        note: &NoteId,
        was_there: bool,
        documents: Vec<PassageDocument>,
    ) -> tantivy::Result<()> {
        if !was_there && documents.is_empty() {
            return Ok(());
        }
        if let Some((base, _)) = self.base.filter(|_| was_there) {
            // tantivy looks for them on a thread of its own, where a damaged list would end the process.
            base.passages_of(&note.0).map_err(corrupted)?;
        }
        let term = Term::from_field_text(self.fields.note(), &note.0);
        let way = Arc::clone(&self.way);
        let writer = self.writer()?;
        if was_there {
            writer.delete_term(term);
        }
        let mut documents = documents.into_iter().map(|document| document.under_way(&way));
        let added = documents.try_for_each(|document| writer.add_document(document).map(drop));
        added.map_err(|error| self.cause().unwrap_or(error))
    }

    /// What stopped tantivy's writer, such as a full disk: it tells that to whoever commits, and others only that it stopped.
    fn cause(&mut self) -> Option<TantivyError> {
        self.open.as_mut()?.1.prepare_commit().err()
    }

    fn writer(&mut self) -> tantivy::Result<&IndexWriter<PassageDocument>> {
        if self.open.is_none() {
            self.open = Some(self.begin()?);
        }
        self.open.as_ref().map(|(_, writer)| writer).ok_or(TantivyError::Poisoned)
    }

    fn begin(&self) -> tantivy::Result<(Index, IndexWriter<PassageDocument>)> {
        fs::create_dir(self.folder)?;
        let index = match self.base {
            Some((_, base)) => {
                link_files(base, self.folder)?;
                Index::open_in_dir(self.folder)?
            }
            None => Index::create_in_dir(self.folder, self.fields.schema())?,
        };
        index.tokenizers().register(TOKENS, Tokens::default());
        let writer: IndexWriter<PassageDocument> = index.writer_with_num_threads(1, WRITER_BYTES)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok((index, writer))
    }

    /// Finishes the index: one segment when it was built anew, else as few as are worth their writing.
    pub(super) fn finish(mut self, progress: Progress<'_>) -> tantivy::Result<()> {
        self.writer()?;
        let Some((index, mut writer)) = self.open.take() else { return Ok(()) };
        writer.commit()?;
        let segments = index.searchable_segment_metas()?;
        let merges: Vec<Vec<_>> = if self.base.is_none() {
            vec![segments.iter().map(|segment| segment.id()).collect()]
        } else {
            let mut policy = LogMergePolicy::default();
            policy.set_del_docs_ratio_before_merge(DELETED_SHARE_MAX);
            policy.set_min_num_segments(SEGMENTS_MAX);
            policy.set_min_layer_size(SMALL_SEGMENT);
            policy.compute_merge_candidates(&segments).into_iter().map(|candidate| candidate.0).collect()
        };
        for merge in merges {
            let whole = segments.iter().all(|segment| segment.num_deleted_docs() == 0);
            if merge.len() > 1 || !whole {
                if self.base.is_some() {
                    self.check(&index, &merge)?;
                }
                self.merge(&mut writer, &merge, progress)?;
            }
        }
        // tantivy keeps the files of whatever is still named.
        drop(segments);
        writer.garbage_collect_files().wait()?;
        writer.wait_merging_threads()
    }

    /// The files of segments with their sizes in bytes.
    fn files_of(&self, segments: &[SegmentId]) -> std::io::Result<BTreeMap<String, u64>> {
        let names: Vec<String> = segments.iter().map(SegmentId::uuid_string).collect();
        let mut files = sizes(self.folder)?;
        files.retain(|file, _| names.iter().any(|name| file.starts_with(name)));
        Ok(files)
    }

    /// Sees whether segments are as they were written. What is damaged would end the process when they are merged.
    fn check(&self, index: &Index, segments: &[SegmentId]) -> tantivy::Result<()> {
        for file in self.files_of(segments)?.keys() {
            if !index.directory().validate_checksum(Path::new(file))? {
                return Err(corrupted(format!("{file} is not as it was written")));
            }
        }
        Ok(())
    }

    /// Writes segments as one, and tells meanwhile how far that is: about as long as they are together.
    fn merge(
        &self,
        writer: &mut IndexWriter<PassageDocument>,
        segments: &[SegmentId],
        progress: Progress<'_>,
    ) -> tantivy::Result<()> {
        let before = sizes(self.folder)?;
        let total = self.files_of(segments)?.values().sum();
        progress(Step::Merging(0, total));
        let merging = writer.merge(segments);
        thread::scope(|scope| {
            let (sender, receiver) = channel();
            scope.spawn(move || sender.send(merging.wait()));
            loop {
                match receiver.recv_timeout(LOOK_EVERY) {
                    Ok(merged) => {
                        progress(Step::Merging(total, total));
                        return merged.map(drop);
                    }
                    Err(RecvTimeoutError::Timeout) => {
                        let files = sizes(self.folder).unwrap_or_default();
                        let written: u64 =
                            files.iter().filter(|(file, _)| !before.contains_key(*file)).map(|(_, size)| size).sum();
                        progress(Step::Merging(written.min(total), total));
                    }
                    Err(RecvTimeoutError::Disconnected) => return Err(TantivyError::Poisoned),
                }
            }
        })
    }
}

fn corrupted(reason: String) -> TantivyError {
    TantivyError::DataCorruption(DataCorruption::comment_only(reason))
}

/// Begins a generation with the files of another: as hard links, else, where there are none, as copies.
fn link_files(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let replaced = REPLACED.contains(&text.as_ref());
        let is_ours = text == MANIFEST || text == super::table::FILE;
        if is_ours || text.starts_with('.') && !replaced {
            continue;
        }
        if replaced || fs::hard_link(entry.path(), to.join(&name)).is_err() {
            fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}
