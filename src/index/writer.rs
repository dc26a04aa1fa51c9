//! Builds a generation from the files of a notes folder: notes are read and analysed on all cores, written in
//! the order of their ids by one writer into one segment, so that the same notes give the same index.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use serde::Serialize;
use tantivy::indexer::NoMergePolicy;
use tantivy::tokenizer::{PreTokenizedString, Token as TantivyToken};
use tantivy::{Index, IndexWriter, TantivyDocument};

use super::{Fields, Record, TextField};
use crate::corpus::{Note, NoteFile, OtherFiles, Walk, Warning, read_note};
use crate::text::{Analysis, Analyzer};

/// Memory of tantivy's writer before it writes a segment; bytes.
const WRITER_BYTES: usize = 64 << 20;
/// Notes that may wait for the writer, which bounds the memory of a build.
const WAITING_MAX: usize = 64;

/// What a build did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BuildReport {
    /// Notes indexed.
    pub notes: usize,
    /// Sections of these notes.
    pub sections: usize,
    /// Passages indexed.
    pub passages: usize,
    /// Notes left out because their authors marked them as drafts.
    pub drafts: usize,
    /// Files that are no notes, by extension.
    pub other_files: OtherFiles,
    /// What was odd, in the order of notes and lines.
    pub warnings: Vec<Warning>,
    /// How long it took; seconds.
    pub seconds: f64,
}

/// Is told how far a build is: notes done, of how many.
pub type Progress<'p> = &'p mut dyn FnMut(usize, usize);

/// Builds the index of one walk.
#[derive(Clone, Copy, Debug)]
pub struct Builder<'a> {
    /// Cuts the text.
    pub analyzer: &'a Analyzer,
    /// Size of the largest note, in bytes.
    pub note_bytes_max: u64,
}

/// A note ready for the writer.
#[derive(Default)]
struct Prepared {
    documents: Vec<TantivyDocument>,
    sections: usize,
    draft: bool,
    unreadable: bool,
    warnings: Vec<Warning>,
}

impl Builder<'_> {
    /// Builds a tantivy index in the empty folder `folder`.
    ///
    /// # Errors
    /// tantivy's error when the folder cannot be written.
    pub(super) fn build_in(&self, folder: &Path, walk: Walk, progress: Progress<'_>) -> tantivy::Result<BuildReport> {
        let index = Index::create_in_dir(folder, Fields::new().schema())?;
        self.fill(&index, walk, progress)
    }

    /// Writes all notes of `walk` into `index`.
    pub(super) fn fill(&self, index: &Index, walk: Walk, progress: Progress<'_>) -> tantivy::Result<BuildReport> {
        let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let mut report = BuildReport { other_files: walk.others, warnings: walk.warnings, ..BuildReport::default() };
        let total = walk.files.len();
        let next = AtomicUsize::new(0);
        thread::scope(|scope| {
            let (sender, receiver) = sync_channel(WAITING_MAX);
            for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
                let (sender, next, files) = (sender.clone(), &next, &walk.files);
                scope.spawn(move || self.work(files, next, &sender));
            }
            drop(sender);
            let mut early = BTreeMap::new();
            let mut done = 0;
            for (number, prepared) in receiver {
                early.insert(number, prepared);
                while let Some(prepared) = early.remove(&done) {
                    add(&writer, prepared, &mut report)?;
                    done += 1;
                    progress(done, total);
                }
            }
            tantivy::Result::Ok(())
        })?;
        writer.commit()?;
        let segments = index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.wait_merging_threads()?;
        Ok(report)
    }

    fn work(&self, files: &[NoteFile], next: &AtomicUsize, sender: &SyncSender<(usize, Prepared)>) {
        let fields = Fields::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(number) else { return };
            if sender.send((number, self.prepare(&fields, file))).is_err() {
                return;
            }
        }
    }

    fn prepare(&self, fields: &Fields, file: &NoteFile) -> Prepared {
        let note = match read_note(&file.path, file.id.clone(), self.note_bytes_max) {
            Ok(note) => note,
            Err(warning) => return Prepared { unreadable: true, warnings: vec![warning], ..Prepared::default() },
        };
        if note.draft {
            return Prepared { draft: true, ..Prepared::default() };
        }
        let about = self.analyzer.analyze(&note.about());
        let documents = note
            .passages()
            .iter()
            .filter(|passage| !passage.is_bare_heading())
            .map(|passage| self.document(fields, &note, &about.words, &Record::of(&note, passage)))
            .collect();
        Prepared { documents, sections: note.sections.len(), warnings: note.warnings, ..Prepared::default() }
    }

    fn document(&self, fields: &Fields, note: &Note, about: &[String], record: &Record) -> TantivyDocument {
        let heading = self.analyzer.analyze(&record.heading);
        let mut trail = Analysis::default();
        let title_is_above = record.trail.first().unwrap_or(&record.heading) == &record.title;
        for text in (!title_is_above).then_some(&record.title).into_iter().chain(&record.trail) {
            trail.words.extend(self.analyzer.analyze(text).words);
        }
        let mut all = heading.clone();
        for (_, piece) in record.pieces() {
            let piece = self.analyzer.analyze(&piece.text);
            all.words.extend(piece.words);
            all.chars.extend(piece.chars);
            all.bigrams.extend(piece.bigrams);
        }
        let mut document = TantivyDocument::new();
        document.add_text(fields.note(), &note.id.0);
        document.add_text(fields.record(), serde_json::to_string(record).unwrap_or_default());
        let streams = [
            (TextField::Words, all.words),
            (TextField::Chars, all.chars),
            (TextField::Bigrams, all.bigrams),
            (TextField::Heading, heading.words),
            (TextField::Trail, trail.words),
            (TextField::About, about.to_vec()),
        ];
        for (field, words) in streams {
            document.add_pre_tokenized_text(fields.text(field), tokenized(words));
        }
        document
    }
}

fn tokenized(words: Vec<String>) -> PreTokenizedString {
    let tokens = words
        .into_iter()
        .enumerate()
        .map(|(position, text)| TantivyToken { position, text, ..TantivyToken::default() })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}

fn add(writer: &IndexWriter, prepared: Prepared, report: &mut BuildReport) -> tantivy::Result<()> {
    report.warnings.extend(prepared.warnings);
    report.drafts += usize::from(prepared.draft);
    report.notes += usize::from(!prepared.draft && !prepared.unreadable);
    report.sections += prepared.sections;
    report.passages += prepared.documents.len();
    for document in prepared.documents {
        writer.add_document(document)?;
    }
    Ok(())
}
