//! What can go wrong, as data: the kind decides the exit code, `texts` the wording and the hints.

use std::path::{Path, PathBuf};

use crate::corpus::WarningKind;
use crate::query::{QUESTION_CHARS_MAX, QuestionProblem};
use crate::settings::SettingsProblem;

/// Who can mend a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The person who asked: another question, another path.
    User,
    /// Whoever set kewen up: settings, folders, permissions.
    Config,
    /// Nobody but us: a defect of kewen.
    Internal,
}

/// A process that is writing an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub pid: u32,
    /// The machine that it runs on.
    pub host: String,
    /// For how long it has been writing.
    pub seconds: u64,
}

/// Why a checkout is not what its repository is. No variant holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitProblem {
    /// `notes.dir` and `notes.git.url` are both set.
    NotesTwice,
    /// The repository at this address was never fetched.
    NotFetched(String),
    /// There is no program called git.
    NoProgram(String),
    /// A call of git was not done after so many seconds.
    TimeOut(u64),
    /// git says why not.
    Refused(String),
    /// Another kewen is using the checkout in this folder.
    Busy(PathBuf),
    /// The branch does not go on from what was fetched: it was force-pushed, or somebody committed into the checkout in this folder.
    Diverged(PathBuf),
    /// Somebody changed files in the checkout in this folder; with the first of them.
    Changed(PathBuf, String),
    /// The repository has no such folder.
    NoFolder(String),
    /// kewen was told to end meanwhile.
    Ended,
}

/// Something that stopped kewen from doing what was asked. No variant holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing was asked.
    QuestionEmpty,
    /// The question is longer than it may be; both in characters.
    QuestionTooLong {
        /// Its length.
        chars: usize,
        /// The limit.
        limit: usize,
    },
    /// There is no folder of notes here.
    NotesMissing(PathBuf),
    /// The folder of notes cannot be read, with the system's reason.
    NotesUnreadable(PathBuf, String),
    /// The folder holds no note that could be read; with the number of other files.
    NotesEmpty(PathBuf, usize),
    /// A glob of the settings that cannot be understood, with the reason.
    BadGlob(String, String),
    /// A lexicon that cannot be read.
    Lexicon {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, when known.
        line: Option<usize>,
        /// What the TOML reader expected.
        reason: String,
    },
    /// No folder of notes holds this note; with the names that come nearest.
    NoteUnknown(String, Vec<String>),
    /// The note is a draft, which is neither indexed nor shown.
    NoteDraft(String),
    /// The note has no such section; with its anchors that come nearest.
    SectionUnknown {
        /// The note.
        note: String,
        /// The anchor that was asked for.
        anchor: String,
        /// Anchors that the note has.
        nearest: Vec<String>,
    },
    /// The note exists but gives no text, with the reason.
    NoteUnreadable(String, WarningKind),
    /// The checkout of the notes could not be brought up to its repository.
    Git(GitProblem),
    /// The index cannot be written here, with the system's reason.
    IndexUnwritable(PathBuf, String),
    /// Another kewen is writing this index: which one, when it said so.
    IndexLocked(PathBuf, Option<Holder>),
    /// The index does not answer as it should, with the reason.
    IndexDamaged(PathBuf, String),
    /// The settings are wrong.
    Settings(SettingsProblem),
    /// The settings file named on the command line is not there.
    SettingsMissing(PathBuf),
    /// A file of golden questions cannot be used.
    Golden {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, when known.
        line: Option<usize>,
        /// Why not, in English.
        reason: String,
    },
    /// A file cannot be read or written, with the system's reason.
    File(PathBuf, String),
    /// A line of a batch, counted from 1, that is a broken object.
    BatchRow(usize),
    /// A line of a batch, counted from 1, that is not UTF-8.
    BatchEncoding(usize),
    /// The question log cannot be read or written, with the reason.
    LogBroken(PathBuf, String),
    /// The question log was written by a newer kewen.
    LogNewer(PathBuf),
    /// The file of the log's key does not hold one.
    LogKey(PathBuf),
    /// There is a question log and its key is gone.
    LogKeyLost(PathBuf),
    /// The question log is switched off, or nothing was logged yet.
    LogMissing(PathBuf),
    /// No question of the log has this number.
    QuestionUnknown(i64),
    /// The bot has no token.
    TokenMissing,
    /// Discord does not know the token.
    TokenRefused,
    /// Discord does not allow the bot to listen to what it wants to listen to.
    IntentsRefused,
    /// Discord's API answers and its gateway does not, with the reason.
    GatewayOutOfReach(String),
    /// The gateway is on this host and not on that of the API which was set.
    GatewayElsewhere(String),
    /// Discord did not accept the bot, or could not be reached; with the reason.
    Discord(String),
    /// The command line cannot be understood.
    Usage(String),
    /// A defect.
    Internal(String),
}

impl Failure {
    /// Who can mend it.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::QuestionEmpty
            | Self::QuestionTooLong { .. }
            | Self::NoteUnknown(..)
            | Self::NoteDraft(_)
            | Self::SectionUnknown { .. }
            | Self::NoteUnreadable(..)
            | Self::Golden { .. }
            | Self::File(..)
            | Self::BatchRow(_)
            | Self::BatchEncoding(_)
            | Self::QuestionUnknown(_)
            | Self::Usage(_) => FailureKind::User,
            Self::Settings(SettingsProblem::Internal(_)) | Self::Internal(_) => FailureKind::Internal,
            _ => FailureKind::Config,
        }
    }

    /// A failure to read or write `path`.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::File(path.to_owned(), error.to_string())
    }
}

impl From<SettingsProblem> for Failure {
    fn from(problem: SettingsProblem) -> Self {
        Self::Settings(problem)
    }
}

impl From<QuestionProblem> for Failure {
    fn from(problem: QuestionProblem) -> Self {
        match problem {
            QuestionProblem::Empty => Self::QuestionEmpty,
            QuestionProblem::TooLong(chars) => Self::QuestionTooLong { chars, limit: QUESTION_CHARS_MAX },
        }
    }
}
