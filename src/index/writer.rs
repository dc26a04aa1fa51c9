//! Looks at the files of a notes folder and writes what has changed: notes are read and analysed on all cores, and written in
//! the order of their ids by one writer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use serde::Serialize;

use super::aside::Aside;
use super::document::PassageDocument;
use super::manifest::digest_of_bytes;
use super::pace::{Pace, Release, weight};
use super::seen::{Seen, Stamp};
use super::table::{Claim, Entry, State, Table};
use super::{Changes, Fields, Progress, Record, Step, TextField, Tokens};
use crate::corpus::{Day, Look, Note, NoteFile, NoteId, OtherFiles, Walk, Warning, parse_bytes, read_bytes};
use crate::text::{Analysis, Analyzer, TokenList};

/// What a build did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BuildReport {
    /// Number of the generation in force now.
    pub generation: u64,
    /// Whether that is a new one; nothing had changed otherwise.
    pub new: bool,
    /// Notes indexed.
    pub notes: usize,
    /// Sections of these notes.
    pub sections: usize,
    /// Passages indexed.
    pub passages: usize,
    /// Notes left out because their authors marked them as drafts.
    pub drafts: usize,
    /// What is different from the generation before.
    pub changes: Changes,
    /// Files that are no notes, by extension.
    pub other_files: OtherFiles,
    /// What was odd about all notes, in the order of notes and lines.
    pub warnings: Vec<Warning>,
    /// The Git commit that the notes folder is at; none outside of a repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Notes that are not as they are in that commit, or not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differing: Option<usize>,
    /// How long it took; seconds.
    pub seconds: f64,
}

impl BuildReport {
    /// A report of the notes of `table`, without what is not in it.
    pub(super) fn of(table: &Table, today: Day) -> Self {
        let mut report = Self::default();
        for entry in &table.0 {
            report.notes += usize::from(entry.is_indexed());
            report.drafts += usize::from(entry.state == State::Draft);
            report.sections += entry.sections;
            report.passages += entry.passages;
            report.warnings.extend(entry.warnings.iter().cloned());
        }
        report.warnings.extend(table.conflicts(today));
        report.warnings.sort_by(|a, b| (&a.note, a.line).cmp(&(&b.note, b.line)));
        report
    }
}

/// Builds the index of one walk.
#[derive(Clone, Copy)]
pub struct Builder<'a> {
    /// Cuts the text.
    pub analyzer: &'a Analyzer,
    /// Size of the largest note, in bytes.
    pub note_bytes_max: u64,
    /// Looks at the Git checkout that the notes are in, meanwhile.
    pub look: &'a Look,
    /// Gives the keys under which an answer to a question is looked up.
    pub keys: &'a (dyn Fn(&str) -> Vec<String> + Sync),
    /// The text of the notes folder's own lexicon, kept with the generation so that it can be read without the notes.
    pub lexicon: Option<&'a str>,
}

impl std::fmt::Debug for Builder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("note_bytes_max", &self.note_bytes_max).finish_non_exhaustive()
    }
}

/// What is known of the notes already.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    /// The notes of the generation that is built on; empty when none is.
    pub table: &'k Table,
    /// Digests of files that were read.
    pub seen: &'k Seen,
}

impl<'k> Known<'k> {
    /// The note of a file that need not be read.
    fn unread(&self, file: &NoteFile, stamp: Option<Stamp>) -> Option<&'k Entry> {
        let digest = self.seen.digest(&file.id, stamp?)?;
        self.table.get(&file.id).filter(|entry| entry.digest == digest)
    }
}

/// What was looked at.
pub(super) struct Looked {
    pub table: Table,
    pub seen: Seen,
}

/// A file that was read.
struct Prepared {
    entry: Entry,
    /// The passages to be written; `None` when the ones that are there are right.
    documents: Option<Vec<PassageDocument>>,
}

/// The files to be read, and how far that is.
#[derive(Default)]
struct Work<'f> {
    files: Vec<&'f NoteFile>,
    /// Bytes of each with all before it.
    ends: Vec<u64>,
    next: AtomicUsize,
    pace: Pace,
}

impl Work<'_> {
    fn end(&self, number: usize) -> u64 {
        self.ends.get(number).copied().unwrap_or_default()
    }
}

impl Builder<'_> {
    /// Looks at all files of `walk` and brings the index in `aside` up to them.
    pub(super) fn update(
        &self,
        walk: &Walk,
        known: Known<'_>,
        aside: &mut Aside<'_>,
        progress: Progress<'_>,
    ) -> tantivy::Result<Looked> {
        // Times are taken before bytes are: what changes in between has another time when it is looked at again.
        let mut seen = Seen::now();
        let stamps = Stamp::of_all(&walk.files, cores());
        let files = || walk.files.iter().zip(&stamps);
        let unread: Vec<Option<&Entry>> = files().map(|(file, stamp)| known.unread(file, *stamp)).collect();
        let open = files().zip(&unread).filter(|(_, unread)| unread.is_none());
        let mut read = self.read(open.map(|(open, _)| open).collect(), known, aside, progress)?.into_iter();
        let mut table = Table(Vec::with_capacity(walk.files.len()));
        for ((file, stamp), unread) in files().zip(unread) {
            let Some(entry) = unread.cloned().or_else(|| read.next()) else { continue };
            if entry.state == State::Unreadable && file.path.try_exists().is_ok_and(|there| !there) {
                // It went after the walk.
                continue;
            }
            if let Some(stamp) = stamp {
                seen.insert(file.id.clone(), *stamp, entry.digest.clone());
            }
            table.0.push(entry);
        }
        for gone in known.table.0.iter().filter(|entry| entry.passages > 0 && table.get(&entry.id).is_none()) {
            aside.replace(&gone.id, true, Vec::new())?;
        }
        Ok(Looked { table, seen })
    }

    /// Reads `files` and writes those that are different from what is known; gives what became of them, in their order.
    fn read(
        &self,
        files: Vec<(&NoteFile, &Option<Stamp>)>,
        known: Known<'_>,
        aside: &mut Aside<'_>,
        progress: Progress<'_>,
    ) -> tantivy::Result<Vec<Entry>> {
        let ends = files.iter().scan(0, |end, (_, stamp)| {
            *end += weight(stamp.map_or(0, Stamp::size));
            Some(*end)
        });
        let work =
            Work { ends: ends.collect(), files: files.iter().map(|(file, _)| *file).collect(), ..Work::default() };
        thread::scope(|scope| {
            let _release = Release(&work.pace);
            let (sender, receiver) = channel();
            for _ in 0..cores().min(files.len()) {
                let (sender, work) = (sender.clone(), &work);
                scope.spawn(move || self.work(work, known, &sender));
            }
            drop(sender);
            let size = |number: usize| files.get(number).and_then(|(_, stamp)| **stamp).map_or(0, Stamp::size);
            let (mut bytes, of_bytes) = (0, (0..files.len()).map(size).sum());
            let mut early = BTreeMap::new();
            let mut entries = Vec::with_capacity(files.len());
            for (number, prepared) in receiver {
                early.insert(number, prepared);
                while let Some(Prepared { entry, documents }) = early.remove(&entries.len()) {
                    if let Some(documents) = documents {
                        let was_there = known.table.get(&entry.id).is_some_and(|before| before.passages > 0);
                        aside.replace(&entry.id, was_there, documents)?;
                    }
                    work.pace.reach(work.end(entries.len()));
                    entries.push(entry);
                    bytes += size(entries.len() - 1);
                    progress(Step::Reading { notes: entries.len(), of: files.len(), bytes, of_bytes });
                }
            }
            Ok(entries)
        })
    }

    fn work(&self, work: &Work<'_>, known: Known<'_>, sender: &Sender<(usize, Prepared)>) {
        let _release = Release(&work.pace);
        let fields = Fields::new();
        loop {
            let number = work.next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = work.files.get(number) else { return };
            work.pace.wait(number.checked_sub(1).map_or(0, |before| work.end(before)), work.end(number));
            if sender.send((number, self.prepare(&fields, file, &work.files, known.table.get(&file.id)))).is_err() {
                return;
            }
        }
    }

    fn prepare(&self, fields: &Fields, file: &NoteFile, files: &[&NoteFile], before: Option<&Entry>) -> Prepared {
        let mut entry = Entry { id: file.id.clone(), state: State::Unreadable, ..Entry::default() };
        let bytes = match read_bytes(&file.path, self.note_bytes_max) {
            Ok(bytes) => bytes,
            Err(kind) => {
                entry.warnings.push(Warning { note: file.id.clone(), line: 1, kind });
                return Prepared { entry, documents: Some(Vec::new()) };
            }
        };
        entry.digest = digest_of_bytes(&bytes);
        if let Some(before) = before.filter(|before| before.digest == entry.digest) {
            return Prepared { entry: before.clone(), documents: None };
        }
        let mut documents = Vec::new();
        match parse_bytes(file.id.clone(), &bytes) {
            Err(warning) => entry.warnings.push(warning),
            Ok(note) if note.draft => entry.state = State::Draft,
            Ok(mut note) => {
                if note.updated.is_none() {
                    let all = || -> Vec<&NoteId> { files.iter().map(|file| &file.id).collect() };
                    note.updated = self.look.day_of(&file.id, &file.path, all);
                }
                let passages = note.passages();
                let shown = passages.iter().filter(|passage| !passage.is_bare_heading());
                let claims = self.claims(&note);
                let about = self.analyzer.analyze(&note.about()).words;
                documents.extend(shown.map(|passage| {
                    self.document(fields, &note, &about, &Record::of(&note, passage), &mut entry.tokens)
                }));
                // The opening passage answers.
                if let Some(opening) = documents.first_mut() {
                    claims
                        .iter()
                        .flat_map(|claim| &claim.keys)
                        .for_each(|key| opening.add(fields.curated(), key.clone()));
                }
                entry.state = State::Indexed;
                entry.sections = note.sections.len();
                entry.passages = documents.len();
                entry.expires = note.expires;
                entry.claims = claims;
                entry.warnings = note.warnings;
            }
        }
        Prepared { entry, documents: Some(documents) }
    }

    /// The questions that a note is curated for.
    fn claims(&self, note: &Note) -> Vec<Claim> {
        let line = note.line_of_key("questions");
        let claim = |question: &String| Claim { question: question.clone(), keys: (self.keys)(question), line };
        note.questions.iter().map(claim).collect()
    }

    /// The document of a passage, whose tokens are added to `tokens`.
    fn document(
        &self,
        fields: &Fields,
        note: &Note,
        about: &TokenList,
        record: &Record,
        tokens: &mut Tokens,
    ) -> PassageDocument {
        let analyzer = self.analyzer;
        let heading = analyzer.analyze(&record.heading);
        let mut trail = Analysis::default();
        let title_is_above = record.trail.first().unwrap_or(&record.heading) == &record.title;
        for text in (!title_is_above).then_some(&record.title).into_iter().chain(&record.trail) {
            analyzer.analyze_onto(text, &mut trail);
        }
        let mut all = heading.clone();
        record.texts().for_each(|(_, text)| analyzer.analyze_onto(text, &mut all));
        let mut document = PassageDocument::default();
        document.add(fields.note(), note.id.0.clone());
        if let Some(last) = note.expires.filter(|_| note.is_curated_file()) {
            document.add(fields.expires(), last.to_string());
        }
        document.add(fields.record(), serde_json::to_string(record).unwrap_or_default());
        let lists = [
            (TextField::Words, all.words),
            (TextField::Chars, all.chars),
            (TextField::Bigrams, all.bigrams),
            (TextField::Heading, heading.words),
            (TextField::Trail, trail.words),
            (TextField::About, about.clone()),
        ];
        for (field, list) in lists {
            if let Some(sum) = tokens.get_mut(field as usize) {
                *sum += list.len() as u64;
            }
            document.add(fields.text(field), list.into_text());
        }
        document
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
