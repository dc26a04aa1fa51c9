//! Conversations that are under way: bounded in time and in number.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use super::Conversation;

/// A conversation that rested for longer is over.
const REST_MAX: Duration = Duration::from_secs(15 * 60);
/// Conversations that are remembered; of more the one that has rested longest is forgotten.
const SESSIONS_MAX: usize = 1000;

/// Conversations by who holds them and where, or what else they are found by. Time is told from outside, as the time since some
/// fixed beginning.
#[derive(Debug)]
pub struct Sessions<K, V = Conversation> {
    held: HashMap<K, (V, Duration)>,
    rest_max: Duration,
}

impl<K, V> Default for Sessions<K, V> {
    fn default() -> Self {
        Self::resting(REST_MAX)
    }
}

impl<K, V> Sessions<K, V> {
    /// Conversations that are over when they rest for longer than `rest_max`.
    #[must_use]
    pub fn resting(rest_max: Duration) -> Self {
        Self { held: HashMap::new(), rest_max }
    }
}

impl<K: Clone + Eq + Hash, V: Clone + Default> Sessions<K, V> {
    /// The conversation of `key`; a new one when there is none, or when it has rested for too long.
    #[must_use]
    pub fn get(&self, key: &K, now: Duration) -> V {
        let held = self.held.get(key).filter(|(_, last)| now.saturating_sub(*last) <= self.rest_max);
        held.map(|(conversation, _)| conversation.clone()).unwrap_or_default()
    }

    /// Forgets all for which this does not hold.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.held.retain(|key, (conversation, _)| keep(key, conversation));
    }

    /// Remembers how a conversation stands now.
    pub fn put(&mut self, key: K, conversation: V, now: Duration) {
        self.held.insert(key, (conversation, now));
        if self.held.len() > SESSIONS_MAX {
            self.held.retain(|_, (_, last)| now.saturating_sub(*last) <= self.rest_max);
        }
        if self.held.len() > SESSIONS_MAX {
            let oldest = self.held.iter().min_by_key(|(_, (_, last))| *last).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.held.remove(&key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;

    fn about(note: &str) -> Conversation {
        let place = Place { note: note.to_owned(), family: 0 };
        Conversation::default().after("", &super::super::Query::default(), Some(place))
    }

    #[test]
    fn a_conversation_goes_on_until_it_has_rested_for_too_long() {
        let mut sessions = Sessions::default();
        sessions.put(1, about("a"), Duration::ZERO);
        assert_eq!(sessions.get(&1, REST_MAX), about("a"));
        assert_eq!(sessions.get(&1, REST_MAX + Duration::from_secs(1)), Conversation::default());
        assert_eq!(sessions.get(&2, Duration::ZERO), Conversation::default());
    }

    #[test]
    fn of_too_many_the_one_that_rested_longest_is_forgotten() {
        let mut sessions = Sessions::default();
        for key in 0..=SESSIONS_MAX {
            sessions.put(key, about("a"), Duration::from_millis(key as u64));
        }
        let now = Duration::from_secs(2);
        assert_eq!(sessions.get(&0, now), Conversation::default());
        assert_eq!(sessions.get(&1, now), about("a"));
        assert_eq!(sessions.held.len(), SESSIONS_MAX);
    }
}
