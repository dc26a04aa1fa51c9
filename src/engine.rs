//! The one door: ask, reindex, status. Holds a snapshot of the index; a reindex replaces it, and a question that
//! is under way keeps the one it began with.

mod again;
mod naming;
mod nearest;
mod show;
mod suggest;
mod vocabulary;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Instant, SystemTime};

pub use show::ShownSection;
pub use suggest::PastQuestion;
use vocabulary::Vocabulary;

use crate::answer::{self, Answer, Explanation};
use crate::corpus::{Checkout, Day, LinkStyle, Links, Look, NoteFile, Selection, Walk, read_note, walk};
use crate::error::Failure;
use crate::index::{BuildReport, Builder, Effort, Fit, Home, Manifest, Outdated, Progress, Snapshot, Unfit};
use crate::query::{Conversation, Known, Query, Question, WordLists, curated};
pub use crate::search::Suggestions;
use crate::search::{Ranking, Recent, Weights, search};
use crate::settings::Settings;
use crate::text::{Analysis, Token, WordClass, word_class};

/// Where an engine works; paths are decided, nothing is looked up any more.
#[derive(Clone, Debug)]
pub struct Places {
    /// The notes folder.
    pub notes: PathBuf,
    /// The folder of indexes.
    pub index: PathBuf,
}

/// Answers questions over one notes folder.
#[derive(Debug)]
pub struct Engine {
    notes_dir: PathBuf,
    home: Home,
    selection: Selection,
    note_bytes_max: u64,
    links: LinkStyle,
    tells_age: bool,
    weights: Weights,
    standard_lexicon: bool,
    reading: RwLock<Option<Reading>>,
    /// Held while a generation is taken up, so that none ever replaces a newer one.
    taking_up: Mutex<()>,
}

/// A generation and the vocabulary that it was built with: what one question needs, and what it keeps to its end.
#[derive(Clone, Debug)]
struct Reading {
    snapshot: Arc<Snapshot>,
    vocabulary: Arc<Vocabulary>,
    /// The words of both, listed when a word has to be guessed.
    words: Arc<WordLists>,
    /// Passages that were candidates lately.
    recent: Arc<Recent>,
}

impl Engine {
    /// An engine for the notes at `places`. Neither notes nor index are read yet: an index may be there although the notes
    /// are not.
    #[must_use]
    pub fn new(settings: &Settings, places: &Places) -> Self {
        let notes_dir = resolve(&places.notes);
        let standard_lexicon = settings.lexicon.standard;
        Self {
            home: Home::new(&places.index, &notes_dir),
            selection: Selection { include: settings.notes.include.clone(), exclude: settings.notes.exclude.clone() },
            note_bytes_max: settings.notes.bytes_max,
            links: settings.links.style(),
            tells_age: settings.answer.age,
            weights: Weights::default(),
            standard_lexicon,
            reading: RwLock::new(None),
            taking_up: Mutex::new(()),
            notes_dir,
        }
    }

    /// The notes folder, as an absolute path.
    #[must_use]
    pub fn notes_dir(&self) -> &Path {
        &self.notes_dir
    }

    /// Ranks with other weights from now on; the index stays as it is. For measuring what a weight earns.
    pub fn set_weights(&mut self, weights: Weights) {
        self.weights = weights;
    }

    /// The folder of this index.
    #[must_use]
    pub fn index_dir(&self) -> &Path {
        self.home.folder()
    }

    /// Opens the current generation of the index. While the notes folder's lexicon cannot be read, the one that the generation was
    /// built with is in force; [`Engine::hindrance`] tells that.
    ///
    /// # Errors
    /// Why there is none that can be used, and the reason when it is damaged.
    pub fn open(&self) -> Result<(), (Unfit, String)> {
        let _one = self.one_at_a_time();
        let Ok(vocabulary) = self.newest_vocabulary() else { return self.open_as_built() };
        let fit = self.fit(&vocabulary);
        let snapshot = guarded(|| self.home.open(&fit)).unwrap_or_else(|reason| Err((Unfit::Damaged, reason)))?;
        self.replace(snapshot, vocabulary);
        Ok(())
    }

    /// Opens the current generation as it was built, although the lexicon has changed since: where it cannot be built anew it is
    /// better than none. One of other notes than are wanted now is not opened.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn open_anyway(&self) -> Result<(), (Unfit, String)> {
        let _one = self.one_at_a_time();
        self.open_as_built()
    }

    /// Opens the current generation with the vocabulary that it was built with.
    fn open_as_built(&self) -> Result<(), (Unfit, String)> {
        let damaged = |reason: String| (Unfit::Damaged, reason);
        let make = |standard, own| {
            Vocabulary::new(standard, own).map(|made| self.known(made)).map_err(|problem| damaged(problem.reason))
        };
        let fit = self.fit(&*make(self.standard_lexicon, None)?);
        let (snapshot, own) =
            guarded(|| self.home.open_as_built(&fit)).unwrap_or_else(|reason| Err((Unfit::Damaged, reason)))?;
        let built = snapshot.manifest().fit.lexicon.clone();
        // Whether the standard one is used is a setting, which may be another by now.
        for standard in [self.standard_lexicon, !self.standard_lexicon] {
            let vocabulary = make(standard, own.clone())?;
            if self.fit(&vocabulary).lexicon == built {
                self.replace(snapshot, vocabulary);
                return Ok(());
            }
        }
        Err((Unfit::Lexicon, String::new()))
    }

    /// Takes up the generation that is current by now, when another process made it; tells whether there was one.
    /// Costs the reading of two small files when there was none. Questions under way keep what they began with.
    ///
    /// # Errors
    /// Why the new generation cannot be used; the one before stays in force.
    pub fn refresh(&self) -> Result<bool, (Unfit, String)> {
        if self.is_up_to_date()? {
            return Ok(false);
        }
        let _one = self.one_at_a_time();
        if self.is_up_to_date()? {
            return Ok(false);
        }
        self.open_as_built()?;
        Ok(true)
    }

    /// Whether the generation in force is the current one.
    fn is_up_to_date(&self) -> Result<bool, (Unfit, String)> {
        let current = self.home.current()?;
        Ok(self.reading().is_some_and(|reading| self.home.is_generation(current, &reading.snapshot)))
    }

    fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.taking_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The vocabulary as the files are now.
    fn newest_vocabulary(&self) -> Result<Arc<Vocabulary>, Failure> {
        Vocabulary::read(&self.notes_dir, self.standard_lexicon, self.in_force())
    }

    /// The vocabulary in force when it is made of the same texts.
    fn known(&self, made: Vocabulary) -> Arc<Vocabulary> {
        self.in_force().filter(|known| known.is_same(&made)).unwrap_or_else(|| Arc::new(made))
    }

    /// Brings the index up to the notes and answers from it from now on.
    ///
    /// # Errors
    /// When the notes cannot be read or the index cannot be written; the generation before stays in force.
    pub fn reindex(&self, progress: Progress<'_>) -> Result<BuildReport, Failure> {
        self.reindex_with(Effort::Changes, progress)
    }

    /// As [`Engine::reindex`], with as much effort as is said.
    ///
    /// # Errors
    /// As [`Engine::reindex`].
    pub fn reindex_with(&self, effort: Effort, progress: Progress<'_>) -> Result<BuildReport, Failure> {
        // A folder that has gone is not one without notes.
        self.notes_are_there()?;
        let vocabulary = self.newest_vocabulary()?;
        let look = Look::begin(&self.notes_dir);
        let walk = self.walk()?;
        let builder = Builder {
            look: &look,
            analyzer: vocabulary.analyzer(),
            note_bytes_max: self.note_bytes_max,
            keys: &|question| curated::claimed(question, vocabulary.analyzer()),
            lexicon: vocabulary.own(),
        };
        let fit = self.fit(&vocabulary);
        let mut build = |effort| self.home.build(builder, &walk, &fit, effort, &mut *progress);
        let built = match effort {
            Effort::Anew => build(Effort::Anew),
            // What the generation before holds is read here, too.
            _ => guarded(|| build(effort)).unwrap_or_else(|reason| Err(self.damaged(reason))),
        };
        let (report, snapshot) = match built {
            Err(Failure::IndexDamaged(..)) if effort != Effort::Anew => build(Effort::Anew)?,
            built => built?,
        };
        let _one = self.one_at_a_time();
        // Another process may have built the next one by now, and another thread may have taken that up.
        if !self.is_up_to_date().unwrap_or(false) {
            self.replace(snapshot, vocabulary);
        }
        Ok(report)
    }

    /// What the index in force was made from; `None` before [`Engine::open`] or [`Engine::reindex`].
    #[must_use]
    pub fn manifest(&self) -> Option<Manifest> {
        self.reading().map(|reading| reading.snapshot.manifest().clone())
    }

    /// What of the notes in force is in which Git commit; `None` outside of a repository.
    #[must_use]
    pub fn checkout(&self) -> Option<Checkout> {
        self.reading().and_then(|reading| reading.snapshot.checkout().cloned())
    }

    /// What of the notes is not as it was when they were indexed; only sizes and times are looked at.
    ///
    /// # Errors
    /// When a glob of the settings cannot be understood.
    pub fn outdated(&self) -> Result<Outdated, Failure> {
        Ok(self.home.outdated(&self.walk()?))
    }

    /// Whether a reindex would probably find something: notes or the lexicon are not as they were. Reads no note.
    ///
    /// # Errors
    /// When a glob of the settings cannot be understood, or the lexicon is wrong.
    pub fn is_behind(&self) -> Result<bool, Failure> {
        let vocabulary = self.newest_vocabulary()?;
        let is_known = self.in_force().is_some_and(|known| Arc::ptr_eq(&vocabulary, &known));
        Ok(self.outdated()?.files() > 0 || !is_known)
    }

    /// Why the index could not be brought up to the notes now: the notes folder or its lexicon cannot be read. The generation
    /// before answers on all the same.
    #[must_use]
    pub fn hindrance(&self) -> Option<Failure> {
        self.notes_are_there().and_then(|()| self.newest_vocabulary()).err()
    }

    /// Why the generation in force would have to be built anew: the lexicon or the settings that choose the notes have changed since.
    #[must_use]
    pub fn unfit(&self) -> Option<Unfit> {
        let (newest, manifest) = (self.newest_vocabulary().ok()?, self.manifest()?);
        manifest.fit.differs_from(&self.fit(&newest))
    }

    /// Whether there is a folder of notes that can be read.
    ///
    /// # Errors
    /// When there is not.
    pub fn notes_are_there(&self) -> Result<(), Failure> {
        let unreadable = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::NotesMissing(self.notes_dir.clone()),
            _ => Failure::NotesUnreadable(self.notes_dir.clone(), error.to_string()),
        };
        std::fs::read_dir(&self.notes_dir).map(drop).map_err(unreadable)
    }

    /// Number of the generation in force; 0 before [`Engine::open`] or [`Engine::reindex`].
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.reading().map_or(0, |reading| reading.snapshot.generation())
    }

    /// Number of the generation that is the current one on the disk; `None` when there is none.
    #[must_use]
    pub fn current(&self) -> Option<u64> {
        self.home.current().ok()
    }

    /// Number of notes in that generation; `None` when there is none that can be read.
    #[must_use]
    pub fn current_notes(&self) -> Option<usize> {
        self.home.current_manifest().map(|manifest| manifest.notes)
    }

    /// How many notes, drafts and other files the notes folder holds; reads every note.
    ///
    /// # Errors
    /// When a glob of the settings cannot be understood.
    pub fn count_files(&self) -> Result<FileCounts, Failure> {
        self.notes_are_there()?;
        let walk = self.walk()?;
        let is_draft =
            |file: &&NoteFile| read_note(&file.path, file.id.clone(), self.note_bytes_max).is_ok_and(|note| note.draft);
        let drafts = walk.files.iter().filter(is_draft).count();
        Ok(FileCounts { notes: walk.files.len() - drafts, drafts, others: walk.others.values().sum() })
    }

    /// Answers a question that stands alone with at most `limit` hits.
    ///
    /// # Errors
    /// When the question is empty or too long, or the index cannot be read.
    pub fn ask(&self, typed: &str, limit: usize) -> Result<Answer, Failure> {
        self.converse(&mut Conversation::default(), typed, limit)
    }

    /// Answers a question of a conversation, which goes on from what was asked before.
    ///
    /// # Errors
    /// As [`Engine::ask`]; the conversation is left as it was then.
    pub fn converse(&self, conversation: &mut Conversation, typed: &str, limit: usize) -> Result<Answer, Failure> {
        self.answer(conversation, typed, limit).map(|(answer, ..)| answer)
    }

    /// Answers a question that stands alone and says why the answer is as it is.
    ///
    /// # Errors
    /// As [`Engine::ask`].
    pub fn explain(&self, typed: &str, limit: usize) -> Result<(Answer, Explanation), Failure> {
        let (answer, query, ranking) = self.answer(&mut Conversation::default(), typed, limit)?;
        let explanation = Explanation::of(&query, &ranking, &answer);
        Ok((answer, explanation))
    }

    /// Whether a text is nothing but words that are polite or hold a sentence together (谢谢, 你好).
    #[must_use]
    pub fn is_small_talk(&self, typed: &str) -> bool {
        let Some(reading) = self.reading() else { return false };
        let tokens = reading.vocabulary.analyzer().tokens(typed);
        tokens.iter().all(|token| word_class(&token.text) == WordClass::Function)
    }

    /// What can be suggested to somebody who types a question: the headings of the notes, and questions that were asked before.
    /// Reads where every passage stands, so this is made once for a generation.
    ///
    /// # Errors
    /// When no index is open, or it cannot be read.
    pub fn suggestions(&self, past: &[PastQuestion]) -> Result<Suggestions, Failure> {
        let reading = self.reading().ok_or_else(|| self.damaged("it was not opened".to_owned()))?;
        let outlines = guarded(|| reading.snapshot.outlines()).and_then(|read| read);
        let outlines = outlines.map_err(|reason| self.damaged(reason))?;
        Ok(Suggestions::new(suggest::candidates(&outlines, past, self.today())))
    }

    /// How a text is cut and understood as a question, and which words of it the index would hold. Slips are mended only
    /// when an index is open.
    ///
    /// # Errors
    /// When the text is empty or too long, or the index cannot be read, or there is none and the lexicon is wrong.
    pub fn analyze(&self, typed: &str) -> Result<TextAnalysis, Failure> {
        let question = Question::new(typed)?;
        let vocabulary = self.vocabulary()?;
        let analyzer = vocabulary.analyzer();
        let query = match self.reading() {
            Some(reading) => self.query(&reading, &question, &Conversation::default())?,
            None => Query::of(question.text().to_owned(), analyzer),
        };
        Ok(TextAnalysis {
            tokens: analyzer.tokens(question.text()),
            indexed: analyzer.analyze(question.text()),
            explanation: Explanation::of_query(&query),
        })
    }

    /// What gives the keys under which an answer that is curated for a question is looked up.
    ///
    /// # Errors
    /// When no index is open and the lexicon is wrong.
    pub fn keys(&self) -> Result<impl Fn(&str) -> Vec<String> + use<>, Failure> {
        let vocabulary = self.vocabulary()?;
        Ok(move |question: &str| curated::claimed(question, vocabulary.analyzer()))
    }

    /// The day as it is here and now, by which answers expire and notes grow old.
    #[must_use]
    pub fn today(&self) -> Day {
        Day::of(SystemTime::now()).unwrap_or_default()
    }

    fn answer(
        &self,
        conversation: &mut Conversation,
        typed: &str,
        limit: usize,
    ) -> Result<(Answer, Query, Ranking), Failure> {
        let started = Instant::now();
        let question = Question::new(typed)?;
        let reading = self.reading().ok_or_else(|| self.damaged("it was not opened".to_owned()))?;
        let query = self.query(&reading, &question, conversation)?;
        let find = || {
            // Which day it is takes longer to find out than what is asked for: the system's zones are looked through.
            let today = if reading.snapshot.manifest().expires { self.today() } else { Day::default() };
            search(&reading.snapshot, &reading.recent, &query, &self.weights, today, limit)
        };
        let ranking = guarded(find).and_then(|found| found).map_err(|reason| self.damaged(reason))?;
        let analyzer = reading.vocabulary.analyzer();
        let links = Links { style: &self.links, checkout: reading.snapshot.checkout() };
        let mut answer = answer::compose(question.text(), &query, &ranking, analyzer, &links);
        if self.tells_age {
            answer.tell_ages(self.today());
        }
        if !answer.assumed.is_empty() {
            answer.after = conversation.turns().to_vec();
        }
        *conversation = conversation.after(question.text(), &query, ranking.place());
        answer.took_ms = started.elapsed().as_secs_f64() * 1000.0;
        Ok((answer, query, ranking))
    }

    fn query(&self, reading: &Reading, question: &Question, conversation: &Conversation) -> Result<Query, Failure> {
        let analyzer = reading.vocabulary.analyzer();
        let known = Known { snapshot: &reading.snapshot, lexicon: analyzer.lexicon(), lists: &reading.words };
        guarded(|| Query::new(question, analyzer, known, conversation))
            .and_then(|made| made)
            .map_err(|reason| self.damaged(reason))
    }

    fn damaged(&self, reason: String) -> Failure {
        Failure::IndexDamaged(self.home.folder().to_owned(), reason)
    }

    fn walk(&self) -> Result<Walk, Failure> {
        walk(&self.notes_dir, &self.selection).map_err(|(glob, reason)| Failure::BadGlob(glob, reason))
    }

    fn fit(&self, vocabulary: &Vocabulary) -> Fit {
        Fit::new(&vocabulary.analyzer().lexicon().digest(), &format!("{:?} {}", self.selection, self.note_bytes_max))
    }

    /// The vocabulary in force, and without an open index the one that the notes folder has now.
    fn vocabulary(&self) -> Result<Arc<Vocabulary>, Failure> {
        self.in_force().map_or_else(|| self.newest_vocabulary(), Ok)
    }

    fn in_force(&self) -> Option<Arc<Vocabulary>> {
        self.reading().map(|reading| reading.vocabulary)
    }

    fn reading(&self) -> Option<Reading> {
        self.reading.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, snapshot: Snapshot, vocabulary: Arc<Vocabulary>) {
        let reading =
            Reading { snapshot: Arc::new(snapshot), vocabulary, words: Arc::default(), recent: Arc::default() };
        *self.reading.write().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }
}

/// What a notes folder holds, in numbers of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileCounts {
    /// Notes that are no drafts.
    pub notes: usize,
    /// Drafts.
    pub drafts: usize,
    /// Files that are no notes.
    pub others: usize,
}

/// A text as [`Engine::analyze`] sees it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TextAnalysis {
    /// Its tokens as those of a question.
    pub tokens: Vec<Token>,
    /// What the index would hold of it, field by field.
    pub indexed: Analysis,
    /// How it is understood.
    pub explanation: Explanation,
}

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread reads the index, where a panic means a damaged index and is caught.
#[must_use]
pub fn is_reading_index() -> bool {
    READING.get()
}

/// Runs what reads the index; a panic in it becomes an error.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, String> {
    READING.set(true);
    let done = catch_unwind(AssertUnwindSafe(read));
    READING.set(false);
    done.map_err(|_| "a file of the index holds what it cannot hold".to_owned())
}

/// The absolute path of a folder without links; of one that is not there, as far as there is anything. An index is found by it,
/// also when the notes have gone.
fn resolve(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = absolute.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let Some((above, real)) = found else { return absolute };
    match absolute.strip_prefix(above) {
        Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
        _ => real,
    }
}
