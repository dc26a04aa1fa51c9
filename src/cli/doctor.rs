//! `kewen doctor`: looks at everything that an answer in Discord needs, and says what to do where something is missing.

use std::time::Duration;

use anstyle::{AnsiColor, Style};

use super::arguments::{DoctorArguments, PlaceOptions};
use super::session::{Session, seconds_since};
use super::{Exit, bot, put};
use crate::bot::{Guild, probe};
use crate::engine::Engine;
use crate::error::Failure;
use crate::render::sanitise;
use crate::settings::Origin;
use crate::texts::{Check, Language, Level};

/// The bot says that it is alive four times as often.
const ALIVE_WITHIN: Duration = Duration::from_secs(60);

pub(super) fn run(session: &Session, places: &PlaceOptions, typed: &DoctorArguments) -> Result<Exit, Failure> {
    let courses = session.courses(places)?;
    let mut text = String::new();
    let mut is_bad = false;
    let mut tell = |check: &Check| {
        is_bad |= check.level() == Level::Bad;
        text.push_str(&shown(check, session.language));
    };
    if typed.alive {
        let signs = courses.iter().filter_map(|(_, session)| bot::last_alive(&session.engine()));
        tell(&alive(signs.min()));
    } else {
        let set = session.loaded.effective.iter().filter(|row| matches!(row.origin, Origin::Variable(_)));
        tell(&Check::Settings(session.settings_file.clone(), set.count()));
        for (course, session) in &courses {
            if courses.len() > 1 {
                tell(&Check::Course(course.name.clone()));
            }
            of_course(session).iter().for_each(&mut tell);
        }
        discord(session, typed.offline).iter().for_each(&mut tell);
    }
    put(&text)?;
    Ok(if is_bad { Exit::Error } else { Exit::Done })
}

/// What an answer of one course needs.
fn of_course(session: &Session) -> Vec<Check> {
    let engine = session.engine();
    let mut checks = vec![session.hindrance(&engine).map_or_else(|| notes(&engine), Check::Failed), index(&engine)];
    if let Some(ago) = bot::last_alive(&engine).filter(|ago| *ago <= ALIVE_WITHIN) {
        checks.push(Check::Alive(ago.as_secs()));
    }
    let links = &session.loaded.settings.links;
    let address = if links.style == "template" { &links.template } else { &links.base_url };
    checks.push(Check::Links(address.clone()));
    checks
}

fn notes(engine: &Engine) -> Check {
    match engine.count_files() {
        Ok(count) if count.notes + count.drafts == 0 => {
            Check::Failed(Failure::NotesEmpty(engine.notes_dir().to_owned(), count.others))
        }
        Ok(count) => Check::Notes(engine.notes_dir().to_owned(), count.notes, count.drafts),
        Err(failure) => Check::Failed(failure),
    }
}

fn index(engine: &Engine) -> Check {
    match engine.open() {
        Ok(()) => {
            let age = engine.manifest().map_or(0, |manifest| seconds_since(manifest.built_at));
            Check::Index { generation: engine.generation(), age }
        }
        Err((unfit, _)) => Check::IndexUnfit(unfit),
    }
}

/// Whether a bot that showed itself so long ago runs.
fn alive(last: Option<Duration>) -> Check {
    match last {
        Some(ago) if ago <= ALIVE_WITHIN => Check::Alive(ago.as_secs()),
        ago => Check::NotAlive(ago.map(|ago| ago.as_secs())),
    }
}

fn discord(session: &Session, offline: bool) -> Vec<Check> {
    let token = match session.token() {
        Ok(token) => token,
        Err(Failure::TokenMissing) => return vec![Check::TokenMissing],
        Err(failure) => return vec![Check::Failed(failure)],
    };
    let mut checks = vec![Check::Token { looks_right: token.split('.').count() == 3 }];
    if offline {
        return checks;
    }
    let settings = &session.loaded.settings.discord;
    match probe(&token, &settings.api_base, &settings.channels) {
        Ok((found, gateway)) => {
            checks.push(Check::Reached(found.name));
            checks.push(gateway.map_or_else(Check::Failed, |()| Check::Gateway));
            checks.push(Check::Intents(settings.message_content));
            checks.push(Check::Commands(found.registered));
            checks.extend(found.is_public.then_some(Check::Public));
            checks.extend(servers(session, &found.guilds));
            let (well, lacking): (Vec<_>, Vec<_>) =
                found.guilds.into_iter().partition(|guild| guild.missing.is_empty());
            checks.push(Check::Guilds(well.into_iter().map(|guild| guild.name).collect(), found.invite));
            checks.extend(lacking.into_iter().map(|guild| Check::PermissionsMissing(guild.name, guild.missing)));
        }
        Err(failure) => checks.push(Check::Failed(failure)),
    }
    checks
}

/// What is odd about the servers that the bot is on, beside those that the settings name.
fn servers(session: &Session, joined: &[Guild]) -> Vec<Check> {
    let named = &session.loaded.settings.discord.servers;
    let bound: Vec<u64> = session.loaded.courses.iter().flat_map(|course| course.servers.iter().copied()).collect();
    let is_bound = |server: &Guild| server.id.parse().is_ok_and(|id| bound.contains(&id));
    let others = joined.iter().filter(|server| !is_bound(server) && !named.contains(&server.id));
    let others: Vec<_> = others.map(|server| format!("{} ({})", server.name, server.id)).collect();
    let absent = named.iter().filter(|id| joined.iter().all(|server| server.id != **id));
    let absent: Vec<String> = absent.cloned().collect();
    let odd = match named.is_empty() {
        true => (joined.len() > 1).then_some(Check::Unnamed(others.clone())),
        false => Some(Check::Unserved(others.clone())),
    };
    odd.filter(|_| !others.is_empty())
        .into_iter()
        .chain((!absent.is_empty()).then_some(Check::NotJoined(absent)))
        .collect()
}

fn shown(check: &Check, language: Language) -> String {
    let (mark, colour) = match check.level() {
        Level::Good => ('✓', AnsiColor::Green),
        Level::Odd => ('!', AnsiColor::Yellow),
        Level::Bad => ('✗', AnsiColor::Red),
    };
    let style = Style::new().fg_color(Some(colour.into()));
    let message = language.check(check);
    let mut text = format!("{style}{mark}{style:#} {}\n", sanitise(&message.text));
    for hint in &message.hints {
        text.push_str(&format!("  → {}\n", sanitise(hint)));
    }
    text
}
