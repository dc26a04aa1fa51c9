//! How much one member, and one channel, may ask. A bucket holds as many questions as are allowed in a minute and fills
//! up evenly (token bucket; Turner 1986), so that a few at once are no trouble.

use std::collections::HashMap;
use std::time::Duration;

use crate::settings::LimitSettings;

/// The time in which an empty bucket fills up; within it the same trouble is told aloud once.
const WINDOW: Duration = Duration::from_secs(60);
/// Presses that a member has for each question that they may ask: to leaf, to read on, to say what they think. As much may be said to
/// others within the bot's hearing.
const PRESSES: u64 = 6;
/// Buckets that are remembered; of more the fullest goes.
const BUCKETS_MAX: usize = 4096;

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Member(u64),
    Channel(u64),
    /// What a member presses.
    Presses(u64),
    /// What a member says to others, where the bot listens to all.
    Overheard(u64),
}

/// Why a question is not answered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// Whose bucket is empty.
    pub whose: Whose,
    /// When there is a place again; seconds, rounded up.
    pub seconds: u64,
    /// Whether it was not told aloud within the last minute.
    pub is_news: bool,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Questions that it held when it was last looked at, parts of one included.
    left: f64,
    at: Duration,
    told: Option<Duration>,
}

/// The buckets. Time is told from outside, as the time since some fixed beginning.
#[derive(Debug)]
pub(super) struct Limits {
    member: u64,
    channel: u64,
    buckets: HashMap<Whose, Bucket>,
}

impl Limits {
    pub(super) fn new(settings: &LimitSettings) -> Self {
        Self { member: settings.member, channel: settings.channel, buckets: HashMap::new() }
    }

    /// Takes a question out of the buckets of a member and of a channel, if there is one; in a direct message the
    /// member's alone counts. `aloud` tells whether others see what is said when there is none.
    pub(super) fn take(&mut self, member: u64, channel: Option<u64>, aloud: bool, now: Duration) -> Result<(), Wait> {
        self.take_from([Some(Whose::Member(member)), channel.map(Whose::Channel)].into_iter().flatten(), aloud, now)
    }

    /// As [`Limits::take`], for a press of a button.
    pub(super) fn take_press(&mut self, member: u64, now: Duration) -> Result<(), Wait> {
        self.take_from([Whose::Presses(member)].into_iter(), false, now)
    }

    /// As [`Limits::take`], for something that was overheard.
    pub(super) fn take_overheard(&mut self, member: u64, now: Duration) -> Result<(), Wait> {
        self.take_from([Whose::Overheard(member)].into_iter(), false, now)
    }

    fn take_from(&mut self, whose: impl Iterator<Item = Whose>, aloud: bool, now: Duration) -> Result<(), Wait> {
        let limited: Vec<Whose> = whose.filter(|whose| self.size(*whose) > 0).collect();
        for &whose in &limited {
            let size = self.size(whose) as f64;
            let bucket = self.bucket(whose, now);
            if bucket.left < 1.0 {
                let seconds = ((1.0 - bucket.left) * WINDOW.as_secs_f64() / size).ceil().max(1.0);
                let is_news = bucket.told.is_none_or(|told| now.saturating_sub(told) >= WINDOW);
                if is_news && aloud {
                    bucket.told = Some(now);
                }
                return Err(Wait { whose, seconds: seconds as u64, is_news });
            }
        }
        for whose in limited {
            self.bucket(whose, now).left -= 1.0;
        }
        Ok(())
    }

    /// Questions that a full bucket holds; 0 for no limit.
    fn size(&self, whose: Whose) -> u64 {
        match whose {
            Whose::Member(_) => self.member,
            Whose::Channel(_) => self.channel,
            Whose::Presses(_) | Whose::Overheard(_) => self.member * PRESSES,
        }
    }

    /// How much a bucket holds now.
    fn level(&self, whose: Whose, bucket: &Bucket, now: Duration) -> f64 {
        let size = self.size(whose) as f64;
        (bucket.left + now.saturating_sub(bucket.at).as_secs_f64() / WINDOW.as_secs_f64() * size).min(size)
    }

    /// The bucket, filled up to now.
    fn bucket(&mut self, whose: Whose, now: Duration) -> &mut Bucket {
        let full = Bucket { left: self.size(whose) as f64, at: now, told: None };
        let known = self.buckets.get(&whose).copied();
        if known.is_none() && self.buckets.len() >= BUCKETS_MAX {
            self.make_room(now);
        }
        let filled = known.map_or(full, |bucket| Bucket { left: self.level(whose, &bucket, now), at: now, ..bucket });
        let bucket = self.buckets.entry(whose).or_insert(filled);
        *bucket = filled;
        bucket
    }

    /// Forgets buckets that are full by now, which are as good as new ones; else the fullest.
    fn make_room(&mut self, now: Duration) {
        let share = |limits: &Self, whose: Whose, bucket: &Bucket| {
            limits.level(whose, bucket, now) / (limits.size(whose).max(1) as f64)
        };
        let shares: Vec<(Whose, f64)> =
            self.buckets.iter().map(|(whose, bucket)| (*whose, share(self, *whose, bucket))).collect();
        let fullest = shares.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(whose, _)| *whose);
        for whose in shares.iter().filter(|(_, share)| *share >= 1.0).map(|(whose, _)| *whose).chain(fullest) {
            self.buckets.remove(&whose);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(member: u64, channel: u64) -> Limits {
        Limits::new(&LimitSettings { member, channel })
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_member_may_ask_as_much_as_is_set_and_again_as_the_bucket_fills() {
        let mut limits = limits(6, 0);
        assert!((0..6).all(|_| limits.take(1, Some(9), true, at(5)).is_ok()));
        let wait = Wait { whose: Whose::Member(1), seconds: 10, is_news: true };
        assert_eq!(limits.take(1, Some(9), false, at(5)), Err(wait));
        assert_eq!(limits.take(1, Some(9), true, at(5)), Err(wait), "what was told privately is news to the others");
        assert_eq!(limits.take(1, None, true, at(8)), Err(Wait { seconds: 7, is_news: false, ..wait }));
        assert!(limits.take(2, Some(9), true, at(8)).is_ok(), "another one is not held up");
        assert!(limits.take(1, Some(9), true, at(15)).is_ok() && limits.take(1, Some(9), true, at(15)).is_err());
        assert!(
            (0..6).all(|_| limits.take(1, Some(9), true, at(500)).is_ok()),
            "no more than a full bucket is saved up"
        );
        assert_eq!(limits.take(1, Some(9), true, at(500)), Err(wait), "after a minute it is told again");
    }

    #[test]
    fn a_channel_is_shared_and_what_it_refuses_costs_the_member_nothing() {
        let mut limits = limits(2, 3);
        assert!((1..=3).all(|member| limits.take(member, Some(9), true, at(0)).is_ok()));
        for _ in 0..9 {
            assert_eq!(limits.take(4, Some(9), true, at(0)).unwrap_err().whose, Whose::Channel(9));
        }
        assert!(limits.take(4, Some(8), true, at(0)).is_ok() && limits.take(4, None, true, at(0)).is_ok());
        assert_eq!(limits.take(4, None, true, at(0)).unwrap_err().whose, Whose::Member(4));
    }

    #[test]
    fn presses_have_a_bucket_of_their_own_which_is_larger() {
        let mut limits = limits(1, 0);
        assert!((0..PRESSES).all(|_| limits.take_press(1, at(0)).is_ok()));
        assert_eq!(limits.take_press(1, at(0)).unwrap_err().seconds, 10);
        assert!(limits.take(1, None, true, at(0)).is_ok() && limits.take_press(2, at(0)).is_ok());
    }

    #[test]
    fn zero_is_no_limit() {
        let mut limits = limits(0, 0);
        assert!((0..1000).all(|_| limits.take(1, Some(9), true, at(0)).is_ok() && limits.take_press(1, at(0)).is_ok()));
        assert_eq!(limits.buckets.len(), 0);
    }

    #[test]
    fn memory_is_bounded_and_whoever_asks_too_much_is_remembered() {
        let mut limits = limits(2, 0);
        assert!(limits.take(0, None, true, at(0)).is_ok() && limits.take(0, None, true, at(0)).is_ok());
        for member in 1..=3 * BUCKETS_MAX as u64 {
            assert!(limits.take(member, None, true, at(1)).is_ok());
        }
        assert!(limits.buckets.len() <= BUCKETS_MAX, "{}", limits.buckets.len());
        assert!(limits.take(0, None, true, at(1)).is_err());
        assert!(limits.take(7, None, true, at(200)).is_ok());
        assert!(limits.take(1 << 40, None, true, at(200)).is_ok());
        assert!(limits.buckets.len() < 9, "those that are full by now went: {}", limits.buckets.len());
    }
}
