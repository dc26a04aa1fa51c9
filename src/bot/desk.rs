//! Where the questions of one course are answered, each on a blocking thread.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::ForgetMember;
use super::conversations::{Asked, Conversations, Follows, Tone};
use super::door::Remembered;
use super::suggester::Suggester;
use crate::answer::{Answer, AnswerHit, Outcome, PassageKey};
use crate::engine::Engine;
use crate::error::{Failure, FailureKind};
use crate::log::{Channel, Entry, Forget, Recorder};
use crate::query::{Conversation, Manner, insists, is_to_people};
use crate::render::{Offers, Reply, reply};
use crate::texts::Language;

/// Length of a question that Discord lets through; characters.
pub(super) const QUESTION_CHARS_MAX: u16 = 2000;

/// Members that are remembered as forgotten, as long as a question of theirs may be under way.
const FORGOTTEN_MAX: usize = 256;

/// Answers questions.
#[derive(Debug)]
pub(super) struct Desk {
    engine: Arc<Engine>,
    limit: usize,
    log: Log,
    /// The channel where instructors read what was not found.
    instructors: Option<u64>,
    /// Questions that were handed on to them.
    handed_on: Mutex<Remembered>,
    /// Those of them that are on their way.
    handing_on: Mutex<Vec<u64>>,
    conversations: Mutex<Conversations>,
    forgotten: Mutex<Forgotten>,
    suggester: Arc<Suggester>,
    opened: Instant,
}

/// The question log of a course.
pub(super) struct Log {
    /// What writes it; `None` when it is switched off.
    pub recorder: Option<Recorder>,
    /// Takes a member out of it when nothing writes it.
    pub forget: ForgetMember,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("recorder", &self.recorder).finish_non_exhaustive()
    }
}

/// Who wanted to be forgotten, and by which event: what they asked before it may still be on its way.
#[derive(Debug, Default)]
struct Forgotten {
    order: VecDeque<(u64, u64)>,
}

impl Forgotten {
    fn add(&mut self, user: u64, event: u64) {
        self.order.retain(|(other, _)| *other != user);
        self.order.push_back((user, event));
        if self.order.len() > FORGOTTEN_MAX {
            self.order.pop_front();
        }
    }

    /// Whether a member wanted to be forgotten after the event of this id. Ids grow with time.
    fn holds(&self, user: u64, event: u64) -> bool {
        self.order.iter().any(|(other, forgot)| *other == user && event < *forgot)
    }
}

/// Who asks, and where: one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Asker {
    /// The channel or thread.
    pub channel: u64,
    /// The person.
    pub user: u64,
    /// Whether a mention of the bot is needed there.
    pub mentions: bool,
    /// Whether the channel is one of a server.
    pub server: bool,
}

/// How far a question has been handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handing {
    /// It is to be posted now.
    Begun,
    /// Somebody else is at it.
    UnderWay,
    /// It was posted.
    Done,
}

/// Where a question was asked, for the log.
fn channel(asked: &Asked) -> Channel {
    match asked.follows {
        Follows::Nothing(_) => Channel::LookedUp,
        _ if asked.asker.server => Channel::Server,
        _ => Channel::Direct,
    }
}

impl Desk {
    pub(super) fn new(engine: Arc<Engine>, limit: usize, log: Log, instructors: Option<u64>) -> Self {
        Self {
            suggester: Arc::new(Suggester::new(Arc::clone(&engine), log.recorder.clone())),
            engine,
            limit,
            log,
            instructors,
            handed_on: Mutex::default(),
            handing_on: Mutex::default(),
            conversations: Mutex::default(),
            forgotten: Mutex::default(),
            opened: Instant::now(),
        }
    }

    fn conversations(&self) -> MutexGuard<'_, Conversations> {
        self.conversations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is suggested to somebody who types.
    pub(super) fn suggester(&self) -> &Arc<Suggester> {
        &self.suggester
    }

    /// Brings everything that is to be logged into the log.
    pub(super) async fn close(&self) {
        if let Some(recorder) = self.log.recorder.clone() {
            let _ = tokio::task::spawn_blocking(move || recorder.flush()).await;
        }
    }

    /// Takes everything that a member asked before the event of this id out of the question log; gives how much it was, `None` when
    /// nothing is logged.
    pub(super) async fn forget(&self, user: u64, event: u64) -> Result<Option<usize>, Failure> {
        self.forgotten().add(user, event);
        self.conversations().forget(user);
        let forget: ForgetMember = match self.log.recorder.clone() {
            Some(recorder) => Arc::new(move |user| recorder.forget(Forget::Member(user)).map(Some)),
            None => Arc::clone(&self.log.forget),
        };
        let forgotten = on_a_thread(&forget, user).await;
        self.suggester.discard().await;
        forgotten
    }

    /// Whether a text is nothing but a greeting or thanks.
    pub(super) fn is_small_talk(&self, text: &str) -> bool {
        self.engine.is_small_talk(text)
    }

    /// What can be offered below an answer.
    pub(super) fn offers(&self) -> Offers {
        Offers { feedback: self.log.recorder.is_some(), instructors: self.instructors.is_some() }
    }

    /// Takes down what a member thinks of the answer to the question of an event.
    pub(super) fn judge(&self, event: u64, member: u64, useful: bool) {
        if let Some(recorder) = &self.log.recorder {
            recorder.judge(event, member, useful);
        }
    }

    /// The channel of the instructors, if there is one.
    pub(super) fn instructors(&self) -> Option<u64> {
        self.instructors
    }

    /// Begins to hand on the question of an event, unless that is done or under way: it is handed on once.
    pub(super) fn hands_on(&self, event: u64) -> Handing {
        let mut under_way = self.handing_on.lock().unwrap_or_else(PoisonError::into_inner);
        if under_way.contains(&event) {
            return Handing::UnderWay;
        }
        if !self.handed_on.lock().unwrap_or_else(PoisonError::into_inner).is_new(event) {
            return Handing::Done;
        }
        under_way.push(event);
        Handing::Begun
    }

    /// The question of an event is handed on, or that failed and may be tried again.
    pub(super) fn handed_on(&self, event: u64, is_posted: bool) {
        let mut under_way = self.handing_on.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|other| *other != event);
        if !is_posted {
            self.handed_on.lock().unwrap_or_else(PoisonError::into_inner).forget(event);
        }
    }

    /// The passages of an earlier answer with what `question` asks for marked; `None` for each that has gone. What is to be said
    /// instead, when the index cannot be read.
    pub(super) async fn recall(
        &self,
        question: String,
        keys: Vec<PassageKey>,
        language: Language,
        event: u64,
    ) -> Result<Vec<Option<AnswerHit>>, Reply> {
        self.look(language, event, move |engine| engine.recall(&question, &keys)).await
    }

    /// The section of a passage of an earlier answer, with all below it; none when it has gone. What is to be said instead, when
    /// the index cannot be read.
    pub(super) async fn section(
        &self,
        question: String,
        key: PassageKey,
        language: Language,
        event: u64,
    ) -> Result<Vec<AnswerHit>, Reply> {
        self.look(language, event, move |engine| engine.section(&question, key)).await
    }

    /// Looks something up in the newest generation of the index.
    async fn look<T: Send + 'static>(
        &self,
        language: Language,
        event: u64,
        look: impl FnOnce(&Engine) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Reply> {
        let engine = Arc::clone(&self.engine);
        let looked = tokio::task::spawn_blocking(move || {
            take_up(&engine);
            look(&engine)
        });
        let found = looked.await.unwrap_or_else(|panic| Err(Failure::Internal(panic.to_string())));
        found.map_err(|failure| Self::failed(&failure, language, event))
    }

    fn forgotten(&self) -> MutexGuard<'_, Forgotten> {
        self.forgotten.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs a question as that of whose words it is, and remembers how the conversation stands behind it; neither when they wanted it
    /// forgotten meanwhile.
    fn record(&self, entry: Entry, asked: &Asked, event: u64, conversation: Option<Conversation>) {
        // Held until all is written: what is forgotten next is forgotten in whole.
        let forgotten = self.forgotten();
        if forgotten.holds(asked.author(), event) {
            return;
        }
        if let Some(conversation) = conversation {
            self.conversations().after(asked, event, conversation, self.opened.elapsed());
        }
        if let Some(recorder) = &self.log.recorder {
            recorder.record(Entry { member: Some(asked.author()), event: Some(event), ..entry });
        }
    }

    pub(super) fn failed(failure: &Failure, language: Language, event: u64) -> Reply {
        tracing::error!(event, failure = %Language::En.failure(failure).text, "a question could not be answered");
        Reply::notice(&language.failed_with_id(event))
    }

    /// Answers a question with the newest generation of the index. `event` is its id, by which an error can be found in the log.
    /// `None` when it was not said to the bot, and does not read like a question to the notes, or is one and not admitted; then it is
    /// not logged either.
    pub(super) async fn answer(
        &self,
        asked: Asked,
        admit: impl FnOnce() -> bool,
        language: Language,
        event: u64,
    ) -> Option<Reply> {
        let (engine, limit) = (Arc::clone(&self.engine), self.limit);
        let mut conversation = self.conversations().before(&asked, self.opened.elapsed());
        let (title, question) = (asked.title.clone(), asked.question.clone());
        let answered = tokio::task::spawn_blocking(move || {
            take_up(&engine);
            if let Some(title) = title {
                // Often it is the question, and what follows tells of something else.
                let mut after = conversation.clone();
                if let Ok(answer) = engine.converse(&mut after, &title, limit)
                    && answer.outcome != Outcome::NotFound
                    && !matches!(answer.manner, Manner::Says | Manner::Mentions)
                {
                    return Ok((answer, after));
                }
            }
            let answer = engine.converse(&mut conversation, &question, limit)?;
            Ok((answer, conversation))
        });
        let channel = channel(&asked);
        Some(match answered.await.unwrap_or_else(|panic| Err(Failure::Internal(panic.to_string()))) {
            Ok((answer, _)) if !is_asked(&answer, asked.tone) || !admit() => return None,
            Err(failure) if asked.tone == Tone::Overheard => {
                if failure.kind() != FailureKind::User {
                    Self::failed(&failure, language, event);
                }
                return None;
            }
            Ok((answer, conversation)) => {
                tracing::info!(event, outcome = ?answer.outcome, hits = answer.hits.len(), took_ms = answer.took_ms, "answered");
                self.record(Entry::of(&answer, channel), &asked, event, Some(conversation));
                reply(&answer, language, self.offers())
            }
            Err(Failure::QuestionEmpty) if asked.asker.mentions => Reply::notice(language.ask_me()),
            Err(Failure::QuestionEmpty) => Reply::notice(language.ask_me_directly()),
            Err(failure) if failure.kind() == FailureKind::User => Reply::notice(&language.failure(&failure).text),
            Err(failure) => {
                self.record(Entry::failed(&asked.question, channel), &asked, event, None);
                Self::failed(&failure, language, event)
            }
        })
    }
}

/// Whether something is a question to the notes, by its tone, by how it reads, and by what they have for it.
fn is_asked(answer: &Answer, tone: Tone) -> bool {
    match tone {
        Tone::Addressed => true,
        // 谢谢 is often said by a reply, which names the bot without a word.
        Tone::Replying => match answer.manner {
            Manner::Says => false,
            Manner::Mentions => answer.outcome != Outcome::NotFound,
            Manner::Names | Manner::Wonders | Manner::Asks => true,
        },
        // Somebody may introduce themselves.
        Tone::Posted => {
            answer.outcome != Outcome::NotFound || !matches!(answer.manner, Manner::Says | Manner::Mentions)
        }
        Tone::Overheard if is_to_people(&answer.question) => false,
        Tone::Overheard => match answer.outcome {
            Outcome::Answered => {
                !matches!(answer.manner, Manner::Says | Manner::Mentions)
                    || answer.hits.first().is_some_and(|hit| hit.curated)
            }
            Outcome::Related => answer.manner == Manner::Asks,
            Outcome::NotFound => answer.manner == Manner::Asks && insists(&answer.question),
        },
    }
}

/// Takes a member out of a log, which may be held up by others who write it.
pub(super) async fn on_a_thread(forget: &ForgetMember, user: u64) -> Result<Option<usize>, Failure> {
    let forget = Arc::clone(forget);
    let forgotten = tokio::task::spawn_blocking(move || forget(user)).await;
    forgotten.unwrap_or_else(|panic| Err(Failure::Internal(panic.to_string())))
}

/// Takes up the newest generation of the index.
fn take_up(engine: &Engine) {
    match engine.refresh() {
        Ok(true) => tracing::info!(generation = engine.generation(), "a new generation of the index"),
        Ok(false) => {}
        Err((unfit, reason)) => tracing::warn!(?unfit, %reason, "the current generation cannot be used"),
    }
}
