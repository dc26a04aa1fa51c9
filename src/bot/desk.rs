//! Where questions are answered: each once, on a blocking thread, so many at a time and no more.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::conversations::{Asked, Conversations, Follows};
use super::limits::{Limits, Whose};
use super::suggester::Suggester;
use super::turns::{Turn, Turns};
use crate::answer::{AnswerHit, PassageKey};
use crate::engine::Engine;
use crate::error::{Failure, FailureKind};
use crate::log::{Channel, Entry, Forget, Recorder};
use crate::render::{Offers, Reply, reply};
use crate::texts::Language;

/// Questions that are answered or wait for it at a time; further ones are told to come back.
const SEATS: u32 = 64;
/// Replies on their way at a time.
const OUTGOING: u32 = 512;
/// Events that are remembered, so that one which comes twice is answered once.
const REMEMBERED: usize = 1000;
/// Length of a question that Discord lets through; characters.
pub(super) const QUESTION_CHARS_MAX: u16 = 2000;

/// Answers questions.
#[derive(Debug)]
pub(super) struct Desk {
    engine: Arc<Engine>,
    limit: usize,
    language: Language,
    /// What writes the question log; `None` when it is switched off.
    recorder: Option<Recorder>,
    seats: Arc<Semaphore>,
    /// Replies that are on their way; a channel that Discord slows down must not take the seats of the others.
    outgoing: Arc<Semaphore>,
    closing: AtomicBool,
    remembered: Mutex<Remembered>,
    /// The channel where instructors read what was not found.
    instructors: Option<u64>,
    /// Questions that were handed on to them.
    handed_on: Mutex<Remembered>,
    conversations: Mutex<Conversations>,
    suggester: Arc<Suggester>,
    limits: Mutex<Limits>,
    turns: Arc<Turns<Asker>>,
    opened: Instant,
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

/// Where a question was asked, for the log.
fn channel(asked: &Asked) -> Channel {
    match asked.follows {
        Follows::Nothing(_) => Channel::LookedUp,
        _ if asked.asker.server => Channel::Server,
        _ => Channel::Direct,
    }
}

/// A place at the desk, held until the answer is out.
#[derive(Debug)]
pub(super) struct Seat {
    _permit: OwnedSemaphorePermit,
}

#[derive(Debug, Default)]
struct Remembered {
    order: VecDeque<u64>,
    known: HashSet<u64>,
}

impl Remembered {
    fn is_new(&mut self, id: u64) -> bool {
        if !self.known.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }

    fn forget(&mut self, id: u64) {
        self.known.remove(&id);
        self.order.retain(|other| *other != id);
    }
}

impl Desk {
    pub(super) fn new(
        engine: Arc<Engine>,
        limit: usize,
        language: Language,
        recorder: Option<Recorder>,
        instructors: Option<u64>,
        limits: Limits,
    ) -> Self {
        let seats = Arc::new(Semaphore::new(SEATS as usize));
        let outgoing = Arc::new(Semaphore::new(OUTGOING as usize));
        Self {
            suggester: Arc::new(Suggester::new(Arc::clone(&engine), recorder.clone())),
            engine,
            outgoing,
            closing: AtomicBool::new(false),
            limit,
            language,
            recorder,
            seats,
            remembered: Mutex::default(),
            instructors,
            handed_on: Mutex::default(),
            conversations: Mutex::default(),
            limits: Mutex::new(limits),
            turns: Arc::default(),
            opened: Instant::now(),
        }
    }

    /// The language of whoever set this locale in Discord; the bot's own when there is none or it is another.
    pub(super) fn language(&self, locale: Option<&str>) -> Language {
        match locale.and_then(|locale| locale.split('-').next()) {
            Some("zh") => Language::Zh,
            Some("en") => Language::En,
            _ => self.language,
        }
    }

    /// Whether the event with this id (a message or an interaction) comes for the first time.
    pub(super) fn is_new(&self, id: u64) -> bool {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner).is_new(id)
    }

    fn conversations(&self) -> MutexGuard<'_, Conversations> {
        self.conversations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is suggested to somebody who types.
    pub(super) fn suggester(&self) -> &Arc<Suggester> {
        &self.suggester
    }

    /// Lets a question be asked, unless its member or its channel asked too much: then what is said instead, and whether it
    /// was not said aloud within the last minute. It is no gap, and is not logged as one.
    pub(super) fn admit(&self, asker: Asker, aloud: bool, language: Language) -> Result<(), (Reply, bool)> {
        let channel = asker.server.then_some(asker.channel);
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.take(asker.user, channel, aloud, self.opened.elapsed()).map_err(|wait| {
            let said = match wait.whose {
                Whose::Member(_) => language.member_waits(wait.seconds),
                Whose::Channel(_) => language.channel_waits(wait.seconds),
            };
            (Reply::notice(&said), wait.is_news)
        })
    }

    /// A place in the line of one member's questions.
    pub(super) fn turn(&self, asker: Asker, event: u64) -> Turn<Asker> {
        self.turns.enter(Asker { mentions: false, ..asker }, event)
    }

    /// A seat, if one is free.
    pub(super) fn seat(&self) -> Option<Seat> {
        Arc::clone(&self.seats).try_acquire_owned().ok().map(|permit| Seat { _permit: permit })
    }

    /// A place for a reply on its way; without one it is not sent.
    pub(super) fn outgoing(&self) -> Option<Seat> {
        Arc::clone(&self.outgoing).try_acquire_owned().ok().map(|permit| Seat { _permit: permit })
    }

    /// What is said instead of an answer when no seat is free.
    pub(super) fn no_seat(&self, language: Language) -> Reply {
        let closing = self.closing.load(Ordering::Relaxed);
        Reply::notice(if closing { language.going_down() } else { language.too_busy() })
    }

    /// Takes no question any more, and waits until those under way are answered and the replies are out.
    pub(super) async fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        for (places, count) in [(&self.seats, SEATS), (&self.outgoing, OUTGOING)] {
            if let Ok(all) = places.acquire_many(count).await {
                all.forget();
            }
        }
        if let Some(recorder) = self.recorder.clone() {
            let lost = tokio::task::spawn_blocking(move || recorder.close()).await.unwrap_or_default();
            if lost > 0 {
                tracing::warn!(lost, "questions were not logged: another process holds the log");
            }
        }
    }

    /// Takes everything that a member asked out of the question log, and says how much it was.
    pub(super) async fn forget(&self, user: u64, language: Language, event: u64) -> Reply {
        let Some(recorder) = self.recorder.clone() else { return Reply::notice(language.nothing_logged()) };
        let forgotten = tokio::task::spawn_blocking(move || recorder.forget(Forget::Member(user))).await;
        self.suggester.discard().await;
        match forgotten.unwrap_or_else(|panic| Err(Failure::Internal(panic.to_string()))) {
            Ok(questions) => Reply::notice(&language.forgotten_yours(questions)),
            Err(failure) => self.failed(&failure, language, event),
        }
    }

    /// What can be offered below an answer.
    pub(super) fn offers(&self) -> Offers {
        Offers { feedback: self.recorder.is_some(), instructors: self.instructors.is_some() }
    }

    /// Takes down what a member thinks of the answer to the question of an event.
    pub(super) fn judge(&self, event: u64, member: u64, useful: bool) {
        if let Some(recorder) = &self.recorder {
            recorder.judge(event, member, useful);
        }
    }

    /// The channel of the instructors, if there is one.
    pub(super) fn instructors(&self) -> Option<u64> {
        self.instructors
    }

    /// Whether the question of an event is to be handed on now: it is handed on once.
    pub(super) fn hands_on(&self, event: u64) -> bool {
        self.handed_on.lock().unwrap_or_else(PoisonError::into_inner).is_new(event)
    }

    /// Handing on the question of an event failed, and may be tried again.
    pub(super) fn not_handed_on(&self, event: u64) {
        self.handed_on.lock().unwrap_or_else(PoisonError::into_inner).forget(event);
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
        found.map_err(|failure| self.failed(&failure, language, event))
    }

    /// Logs a question as that of whose words it is, who may want them forgotten.
    fn record(&self, entry: Entry, asked: &Asked, event: u64) {
        if let Some(recorder) = &self.recorder {
            recorder.record(Entry { member: Some(asked.author()), event: Some(event), ..entry });
        }
    }

    fn failed(&self, failure: &Failure, language: Language, event: u64) -> Reply {
        tracing::error!(event, failure = %Language::En.failure(failure).text, "a question could not be answered");
        Reply::notice(&language.failed_with_id(event))
    }

    /// Answers a question with the newest generation of the index. `event` is its id, by which an error can be found in the log.
    pub(super) async fn answer(&self, asked: Asked, language: Language, event: u64) -> Reply {
        let (engine, limit) = (Arc::clone(&self.engine), self.limit);
        let mut conversation = self.conversations().before(&asked, self.opened.elapsed());
        let question = asked.question.clone();
        let answered = tokio::task::spawn_blocking(move || {
            take_up(&engine);
            let answer = engine.converse(&mut conversation, &question, limit)?;
            Ok((answer, conversation))
        });
        let channel = channel(&asked);
        match answered.await.unwrap_or_else(|panic| Err(Failure::Internal(panic.to_string()))) {
            Ok((answer, conversation)) => {
                self.conversations().after(&asked, event, conversation, self.opened.elapsed());
                tracing::info!(event, outcome = ?answer.outcome, hits = answer.hits.len(), took_ms = answer.took_ms, "answered");
                self.record(Entry::of(&answer, channel), &asked, event);
                reply(&answer, language, self.offers())
            }
            Err(Failure::QuestionEmpty) if asked.asker.mentions => Reply::notice(language.ask_me()),
            Err(Failure::QuestionEmpty) => Reply::notice(language.ask_me_directly()),
            Err(failure) if failure.kind() == FailureKind::User => Reply::notice(&language.failure(&failure).text),
            Err(failure) => {
                self.record(Entry::failed(&asked.question, channel), &asked, event);
                self.failed(&failure, language, event)
            }
        }
    }
}

/// Takes up the newest generation of the index.
fn take_up(engine: &Engine) {
    match engine.refresh() {
        Ok(true) => tracing::info!(generation = engine.generation(), "a new generation of the index"),
        Ok(false) => {}
        Err((unfit, reason)) => tracing::warn!(?unfit, %reason, "the current generation cannot be used"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_new_once_and_the_oldest_are_forgotten() {
        let mut remembered = Remembered::default();
        assert!((0..=REMEMBERED as u64).all(|id| remembered.is_new(id)));
        assert!(!remembered.is_new(1) && !remembered.is_new(REMEMBERED as u64));
        assert!(remembered.is_new(0), "the oldest was forgotten");
        assert_eq!(remembered.known.len(), REMEMBERED);
    }
}
