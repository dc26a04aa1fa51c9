//! `kewen gaps`: what was asked and not answered well. `kewen forget`: take questions out of the log.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use jiff::ZonedDateTime;
use serde::Serialize;

use super::arguments::{ForgetArguments, ForgetWhat, GapsArguments, GapsFormat};
use super::session::{Session, now_ms};
use super::{Exit, put, say, when};
use crate::answer::Answer;
use crate::engine::Engine;
use crate::error::Failure;
use crate::index::Effort;
use crate::log::{Forget, Gaps, Logged, Notes, Period, Store, gaps};
use crate::query::Conversation;
use crate::render::{gaps_csv, gaps_markdown, gaps_text, json};

/// The gaps as JSON: moments are RFC 3339.
#[derive(Serialize)]
struct Report<'g> {
    since: Option<String>,
    until: Option<String>,
    #[serde(flatten)]
    gaps: &'g Gaps,
}

pub(super) fn run(session: &Session, typed: &GapsArguments) -> Result<Exit, Failure> {
    let now = ZonedDateTime::now();
    let moment = |typed: &Option<String>, end| {
        let parse = |text: &String| {
            when::moment(text, end, &now).ok_or_else(|| Failure::Usage(session.language.bad_moment(text)))
        };
        typed.as_ref().map(parse).transpose()
    };
    let since = moment(&typed.since, when::End::Start)?.unwrap_or(Period::ALWAYS.since);
    let until = moment(&typed.until, when::End::Finish)?.unwrap_or(Period::ALWAYS.until);
    if since >= until {
        let [since, until] = [&typed.since, &typed.until].map(|text| text.as_deref().unwrap_or_default());
        return Err(Failure::Usage(session.language.no_period(since, until)));
    }
    let period = Period { since, until };
    let engine = session.engine();
    let found = found(session, &engine, period, typed.limit.into())?;
    let date = |moment: i64| when::date(moment, &now);
    let language = session.language;
    put(&match typed.format {
        GapsFormat::Text => gaps_text(&found, &date, language),
        GapsFormat::Markdown => gaps_markdown(&found, &date, language),
        GapsFormat::Csv => gaps_csv(&found, &date, language),
        GapsFormat::Json => {
            let end = |moment: i64, open: i64| (moment != open).then(|| when::timestamp(moment));
            let since = end(period.since, Period::ALWAYS.since);
            json(&Report { since, until: end(period.until, Period::ALWAYS.until), gaps: &found }) + "\n"
        }
    })?;
    Ok(Exit::Done)
}

/// The gaps of a period, held against the notes as they are now.
pub(super) fn found(session: &Session, engine: &Engine, period: Period, limit: usize) -> Result<Gaps, Failure> {
    let store = open(session, engine)?;
    if engine.manifest().is_none() {
        session.open(engine)?;
    }
    // Headings and advice are to be those of the notes as they are now. While another one writes the index, or something is in
    // the way, those of the index have to do, and that is said.
    if session.reindex(engine, Effort::Changes).is_err() {
        super::ask::tell_outdated(session, engine);
    }
    Ok(gaps(&store.questions(period)?, period, limit, engine))
}

/// The log of these notes.
pub(super) fn open(session: &Session, engine: &Engine) -> Result<Store, Failure> {
    let path = session.log_file(engine);
    Store::existing(&path)?.ok_or(Failure::LogMissing(path))
}

impl Notes for Engine {
    /// With the questions that it goes on from.
    fn answer(&self, logged: &Logged) -> Option<Answer> {
        let mut conversation = Conversation::default();
        for turn in &logged.after {
            self.converse(&mut conversation, turn, 1).ok()?;
        }
        self.converse(&mut conversation, &logged.question, 3).ok()
    }

    fn named_in(&self, text: &str) -> Vec<(String, String)> {
        Self::named_in(self, text)
    }
}

/// Whether somebody at a terminal says that the whole log is to go.
fn is_meant(session: &Session, store: &Store) -> Result<bool, Failure> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::Usage(session.language.forget_needs_yes().to_owned()));
    }
    put(&session.language.forget_all(store.standing()?.questions))?;
    let mut line = String::new();
    stdin.lock().read_line(&mut line).map_err(Failure::file(Path::new("stdin")))?;
    Ok(["是", "y", "yes"].contains(&line.trim().to_lowercase().as_str()))
}

pub(super) fn forget(session: &Session, typed: &ForgetArguments) -> Result<Exit, Failure> {
    let before = |text: &String| {
        let moment = when::moment(text, when::End::Start, &ZonedDateTime::now());
        let moment = moment.ok_or_else(|| Failure::Usage(session.language.bad_moment(text)))?;
        // A year that was mistyped would take everything.
        if moment > now_ms() {
            return Err(Failure::Usage(session.language.moment_to_come(text)));
        }
        Ok(Forget::Before(moment))
    };
    let what = match &typed.what {
        ForgetWhat { member: Some(member), .. } => Forget::Member(*member),
        ForgetWhat { before: Some(text), .. } => before(text)?,
        ForgetWhat { chat: true, .. } => Forget::Chat,
        ForgetWhat { .. } => Forget::All,
    };
    let engine = session.engine();
    let mut store = open(session, &engine)?;
    if what == Forget::All && !typed.yes && !is_meant(session, &store)? {
        say(session.language.nothing_forgotten());
        return Ok(Exit::Done);
    }
    if matches!(what, Forget::Member(_)) && !session.has_log_key(&engine) {
        return Err(Failure::LogKeyLost(session.log_key_file(&engine)));
    }
    let forgotten = store.forget(&session.log_key(&engine)?, what)?;
    say(&session.language.forgotten(forgotten));
    Ok(Exit::Done)
}
