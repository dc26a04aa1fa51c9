//! Who comes in: each event once, so many questions at a time and no more, and those of one member in order. What all courses
//! of a bot share.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::desk::Asker;
use super::ending::Closing;
use super::limits::{Limits, Wait, Whose};
use super::turns::{Turn, Turns};
use crate::render::Reply;
use crate::texts::Language;

/// Questions that are answered or wait for it at a time; further ones are told to come back.
const SEATS: u32 = 64;
/// How long what is under way may still take when the bot is told to end, before whoever waits is told. The office has its own words for
/// what it does, and says them before.
const LAST_MOMENT: Duration = Duration::from_millis(1800);
/// Replies on their way at a time.
const OUTGOING: u32 = 512;
/// Events that are remembered, so that one which comes twice is answered once.
const REMEMBERED: usize = 1000;

/// The way to the desks.
#[derive(Debug)]
pub(super) struct Door {
    language: Language,
    seats: Arc<Semaphore>,
    /// Replies that are on their way; a channel that Discord slows down must not take the seats of the others.
    outgoing: Arc<Semaphore>,
    closing: Closing,
    remembered: Mutex<Remembered>,
    limits: Mutex<Limits>,
    turns: Arc<Turns<Asker>>,
    opened: Instant,
}

/// A place at the desk, held until the answer is out.
#[derive(Debug)]
pub(super) struct Seat {
    _permit: OwnedSemaphorePermit,
}

#[derive(Debug, Default)]
pub(super) struct Remembered {
    order: VecDeque<u64>,
    known: HashSet<u64>,
}

impl Remembered {
    pub(super) fn is_new(&mut self, id: u64) -> bool {
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

    pub(super) fn forget(&mut self, id: u64) {
        self.known.remove(&id);
        self.order.retain(|other| *other != id);
    }
}

impl Door {
    pub(super) fn new(language: Language, limits: Limits) -> Self {
        Self {
            language,
            seats: Arc::new(Semaphore::new(SEATS as usize)),
            outgoing: Arc::new(Semaphore::new(OUTGOING as usize)),
            closing: Closing::new(),
            remembered: Mutex::default(),
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

    /// Lets a question be asked, unless its member or its channel asked too much: then what is said instead, and whether it
    /// was not said aloud within the last minute. It is no gap, and is not logged as one.
    pub(super) fn admit(&self, asker: Asker, aloud: bool, language: Language) -> Result<(), (Reply, bool)> {
        let channel = asker.server.then_some(asker.channel);
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = limits.take(asker.user, channel, aloud, self.opened.elapsed());
        taken.map_err(|wait| (told(wait, language), wait.is_news))
    }

    /// Lets a button be pressed, unless its member pressed too many: then what is said instead.
    pub(super) fn admit_press(&self, user: u64, language: Language) -> Result<(), Reply> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = limits.take_press(user, self.opened.elapsed());
        taken.map_err(|wait| told(wait, language))
    }

    /// A place in the line of one member's questions.
    pub(super) fn turn(&self, asker: Asker, event: u64) -> Turn<Asker> {
        self.turns.enter(Asker { mentions: false, ..asker }, event)
    }

    /// Lets something be looked at that was overheard, unless its member says too much.
    pub(super) fn admit_overheard(&self, user: u64) -> bool {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.take_overheard(user, self.opened.elapsed()).is_ok()
    }

    /// Waits until the bot is told to end, and what was under way then has had its time: whoever still waits is told now.
    pub(super) async fn last_moment(&self) {
        self.closing.has_lasted(LAST_MOMENT).await;
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
        Reply::notice(if self.closing.has_begun() { language.going_down() } else { language.too_busy() })
    }

    /// Takes no question any more, and waits until those under way are answered and the replies are out.
    pub(super) async fn close(&self) {
        self.closing.begin();
        for (places, count) in [(&self.seats, SEATS), (&self.outgoing, OUTGOING)] {
            if let Ok(all) = places.acquire_many(count).await {
                all.forget();
            }
        }
    }
}

/// What is said to somebody who has to wait.
fn told(wait: Wait, language: Language) -> Reply {
    Reply::notice(&match wait.whose {
        Whose::Member(_) => language.member_waits(wait.seconds),
        Whose::Channel(_) => language.channel_waits(wait.seconds),
        Whose::Presses(_) | Whose::Overheard(_) => language.presser_waits(wait.seconds),
    })
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
