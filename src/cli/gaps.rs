//! `kewen gaps`: what was asked and not answered well. `kewen forget`: take questions out of the log.

use jiff::ZonedDateTime;
use serde::Serialize;

use super::arguments::{ForgetArguments, GapsArguments, GapsFormat};
use super::session::Session;
use super::{Exit, put, say, when};
use crate::engine::Engine;
use crate::error::Failure;
use crate::index::Effort;
use crate::log::{Forget, Gaps, Logged, Period, Store, gaps};
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
    let period = Period { since, until };
    let engine = session.engine()?;
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
        super::ask::tell_outdated(session, engine.outdated());
    }
    Ok(gaps(&store.questions(period)?, period, limit, |logged| again(engine, logged)))
}

/// The log of these notes.
pub(super) fn open(session: &Session, engine: &Engine) -> Result<Store, Failure> {
    let path = session.log_file(engine);
    Store::existing(&path)?.ok_or(Failure::LogMissing(path))
}

/// The answer to a logged question as the notes are now, with the questions that it goes on from.
fn again(engine: &Engine, logged: &Logged) -> Option<crate::answer::Answer> {
    let mut conversation = Conversation::default();
    for turn in &logged.after {
        engine.converse(&mut conversation, turn, 1).ok()?;
    }
    engine.converse(&mut conversation, &logged.question, 3).ok()
}

pub(super) fn forget(session: &Session, typed: &ForgetArguments) -> Result<Exit, Failure> {
    let before = |text: &String| {
        let moment = when::moment(text, when::End::Start, &ZonedDateTime::now());
        moment.map(Forget::Before).ok_or_else(|| Failure::Usage(session.language.bad_moment(text)))
    };
    let what = match (&typed.member, &typed.before) {
        (Some(member), _) => Forget::Member(*member),
        (None, Some(text)) => before(text)?,
        (None, None) if typed.chat => Forget::Chat,
        (None, None) => Forget::All,
    };
    let engine = session.engine()?;
    let mut store = open(session, &engine)?;
    let forgotten = store.forget(&session.log_key(&engine)?, what)?;
    say(&session.language.forgotten(forgotten));
    Ok(Exit::Done)
}
