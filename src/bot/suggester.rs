//! What is suggested to somebody who types: looked up at once in what was made ready for the generation in force. While newer ones
//! are made, which the first keystroke after a change begins, the old ones serve.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::engine::{Engine, PastQuestion, Suggestions};
use crate::error::Failure;
use crate::log::Recorder;
use crate::texts::Language;

/// Suggestions are made anew after this time, if anybody types: other questions may have been asked.
const KEPT: Duration = Duration::from_secs(60);
/// How long the first keystroke waits; Discord waits 3 s.
const FIRST_WITHIN: Duration = Duration::from_secs(2);
/// Questions of the log that are suggested at most.
const PAST_MAX: usize = 1000;

/// Has suggestions at hand.
#[derive(Debug)]
pub(super) struct Suggester {
    engine: Arc<Engine>,
    recorder: Option<Recorder>,
    held: RwLock<Option<Held>>,
    /// Held by whoever makes new ones.
    making: Mutex<()>,
}

#[derive(Clone, Debug)]
struct Held {
    suggestions: Arc<Suggestions>,
    generation: u64,
    made: Instant,
}

impl Suggester {
    pub(super) fn new(engine: Arc<Engine>, recorder: Option<Recorder>) -> Self {
        Self { engine, recorder, held: RwLock::default(), making: Mutex::default() }
    }

    /// What to suggest for what was typed so far.
    pub(super) async fn suggest(self: &Arc<Self>, typed: &str) -> Vec<String> {
        if !self.is_fresh() {
            let renewal = tokio::spawn(Arc::clone(self).renew());
            if self.held().is_none() {
                let _ = timeout(FIRST_WITHIN, renewal).await;
            }
        }
        let Some(held) = self.held() else { return Vec::new() };
        held.suggestions.of(typed).into_iter().map(str::to_owned).collect()
    }

    /// Suggests nothing any more of what is at hand or being made: something in the log was forgotten.
    pub(super) async fn discard(&self) {
        let _one = self.making.lock().await;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn held(&self) -> Option<Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_fresh(&self) -> bool {
        let generation = self.engine.generation();
        self.held().is_some_and(|held| held.generation == generation && held.made.elapsed() < KEPT)
    }

    /// Makes new suggestions, unless somebody else just did.
    async fn renew(self: Arc<Self>) {
        let _one = self.making.lock().await;
        if self.is_fresh() {
            return;
        }
        let own = Arc::clone(&self);
        let _ = tokio::task::spawn_blocking(move || {
            let held = own.make();
            *own.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        })
        .await;
    }

    /// Failing gives none until they are made again.
    fn make(&self) -> Held {
        if let Err((unfit, reason)) = self.engine.refresh() {
            tracing::warn!(?unfit, %reason, "the current generation cannot be used");
        }
        let generation = self.engine.generation();
        let made = Instant::now();
        let suggestions = self.engine.suggestions(&self.past().unwrap_or_else(|failure| told(&failure)));
        let suggestions = suggestions.unwrap_or_else(|failure| told(&failure));
        Held { suggestions: Arc::new(suggestions), generation, made }
    }

    fn past(&self) -> Result<Vec<PastQuestion>, Failure> {
        let Some(recorder) = &self.recorder else { return Ok(Vec::new()) };
        let shared = recorder.shared(PAST_MAX)?.into_iter();
        Ok(shared.map(|shared| PastQuestion { text: shared.question, members: shared.members }).collect())
    }
}

fn told<T: Default>(failure: &Failure) -> T {
    tracing::warn!(failure = %Language::En.failure(failure).text, "suggestions could not be made");
    T::default()
}
