//! Servers: which may ask the default course, and in which its instructors have their rights.
//!
//! Anybody can add a public bot to a server of their own, where they may do everything. So the rights that a server gives count only
//! where the settings name the server, or where it is the only one that the bot is on. A course that the settings bind to a server or
//! to a channel needs none of this. A server that the bot was removed from still counts until the next start: somebody who invites it
//! anew must not leave the rights to a stranger meanwhile.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of servers.
#[derive(Debug, Default)]
pub(super) struct Servers {
    /// Those that the settings name; none for any.
    named: HashSet<u64>,
    /// Those that the bot was on since it was started.
    joined: Mutex<HashSet<u64>>,
    /// Those that were refused and logged.
    refused: Mutex<HashSet<u64>>,
}

/// Servers that are remembered as refused; of more, all are forgotten.
const REFUSED_MAX: usize = 1000;

impl Servers {
    /// The servers that the settings name, by their ids.
    pub(super) fn new(named: &[String]) -> Self {
        Self { named: named.iter().filter_map(|id| id.parse().ok()).collect(), ..Self::default() }
    }

    /// The bot is on these servers.
    pub(super) fn join(&self, servers: impl Iterator<Item = u64>) {
        // More than two tell nothing more.
        self.joined().extend(servers.take(2));
    }

    /// Whether questions of a server are answered.
    pub(super) fn serve(&self, server: u64) -> bool {
        let is_served = self.named.is_empty() || self.named.contains(&server);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_served && !refused.contains(&server) {
            if refused.len() >= REFUSED_MAX {
                refused.clear();
            }
            refused.insert(server);
            tracing::warn!(server, "a server that discord.servers does not name is not answered");
        }
        is_served
    }

    /// Whether those who may do something on a server may do it here too.
    pub(super) fn trust(&self, server: u64) -> bool {
        if self.named.is_empty() { *self.joined() == HashSet::from([server]) } else { self.named.contains(&server) }
    }

    fn joined(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.joined.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_names_all_are_answered_and_the_only_one_is_trusted() {
        let servers = Servers::new(&[]);
        assert!(servers.serve(1) && !servers.trust(1), "it is not known yet to be on it");
        servers.join([1].into_iter());
        assert!(servers.trust(1) && !servers.trust(2));
        servers.join([2].into_iter());
        assert!(servers.serve(2) && !servers.trust(1) && !servers.trust(2), "either may be a stranger's");
        servers.join([1].into_iter());
        assert!(!servers.trust(1), "it stays so until the next start");
    }

    #[test]
    fn named_servers_alone_are_answered_and_trusted() {
        let servers = Servers::new(&["1".to_owned(), "3".to_owned()]);
        servers.join([1, 2, 3].into_iter());
        assert!([1, 3].into_iter().all(|server| servers.serve(server) && servers.trust(server)));
        assert!(!servers.serve(2) && !servers.trust(2));
    }
}
