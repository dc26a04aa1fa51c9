//! The reports of the command line for instructors who ask in Discord.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::ZonedDateTime;

use super::session::{Session, now_ms};
use super::{gaps, index, status, weekly, when};
use crate::bot::{Reports, Weekly};
use crate::engine::Engine;
use crate::error::Failure;
use crate::index::Effort;
use crate::log::{Gaps, Period};
use crate::texts::Language;
use crate::watch::{self, Bell};

/// Clusters of gaps that are looked at again for a message.
const CLUSTERS: usize = 10;
const DAYS_OF_A_WEEK: u64 = 7;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What the reports need beside the engine.
pub(super) struct Office {
    pub session: Arc<Session>,
    /// Rung when the bot is told to end.
    pub bell: Arc<Bell>,
}

impl Office {
    /// Where it is remembered when gaps were posted last: beside the log.
    fn memory(&self, engine: &Engine) -> PathBuf {
        self.session.log_file(engine).with_extension("posted")
    }
}

impl Reports for Office {
    fn reindex(&self, engine: &Engine, language: Language) -> Result<String, Failure> {
        let session = &self.session;
        let updated = session.update_checkout(&|| self.bell.is_ended());
        let report = watch::reindex(engine, Effort::Changes, &mut |_| {});
        session.record_git(engine, updated.as_ref().err());
        let mut text = index::text(&report?, language, false);
        if let Err(failure) = updated {
            text.push_str(&language.failure(&failure).text);
        }
        Ok(text)
    }

    fn status(&self, engine: &Engine, language: Language) -> Result<String, Failure> {
        // Of two generations it is the newest that is told of; one that cannot be used leaves the one before.
        let _ = engine.refresh();
        let status = status::of(&self.session, engine, language, |_| {})?;
        Ok(status.map_or_else(
            || status::missing(&self.session, engine, language),
            |status| status.text(&self.session.log_file(engine), &self.session.loaded.settings.log, language),
        ))
    }

    fn gaps(&self, engine: &Engine, days: u64) -> Result<Gaps, Failure> {
        let since = now_ms().saturating_sub(i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(DAY_MS));
        gaps::found(&self.session, engine, Period { since, ..Period::ALWAYS }, CLUSTERS)
    }

    fn weekly(&self, engine: &Engine) -> Result<Option<Weekly>, Failure> {
        let weekday = weekly::weekday(&self.session.loaded.settings.discord.gaps_weekday);
        let (memory, now) = (self.memory(engine), ZonedDateTime::now());
        if !weekly::is_due(&memory, weekday, &now)? {
            return Ok(None);
        }
        let gaps = self.gaps(engine, DAYS_OF_A_WEEK)?;
        if gaps.clusters.is_empty() {
            self.weekly_is_posted(engine)?;
            return Ok(None);
        }
        let Some(turn) = weekly::turn(&memory)? else {
            tracing::info!("another copy of the bot is posting the week's gaps");
            return Ok(None);
        };
        // Another copy may have posted them just now.
        let is_due = weekly::is_due(&memory, weekday, &now)?;
        Ok(is_due.then(|| Weekly { gaps, name: weekly::name(&memory, weekday, &now), turn: Box::new(turn) }))
    }

    fn weekly_is_posted(&self, engine: &Engine) -> Result<(), Failure> {
        weekly::remember(&self.memory(engine), &ZonedDateTime::now())
    }

    fn date(&self, moment: i64) -> String {
        when::date(moment, &ZonedDateTime::now())
    }
}
