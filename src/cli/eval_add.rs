//! `kewen eval add`: a logged question becomes a golden one, once somebody has said which section answers it.

use std::io::BufRead as _;
use std::path::PathBuf;

use super::arguments::EvalAddArguments;
use super::session::Session;
use super::{Exit, eval, gaps, put, say, say_failure};
use crate::answer::Answer;
use crate::engine::Engine;
use crate::error::Failure;
use crate::eval::{Addition, Place, parse_place};
use crate::log::{Logged, Store};
use crate::query::Conversation;
use crate::render::{one_line, sanitise};

/// Questions that are listed when none is named.
const LATEST: usize = 20;
/// Hits that are offered.
const OFFERED: usize = 5;
/// How often somebody is asked for a section.
const TRIES: usize = 3;
/// A longer question is cut in the list; characters.
const LINE_CHARS_MAX: usize = 80;
/// The file of questions that is written to when none is named.
const FILE: &str = "questions.toml";

pub(super) fn run(session: &Session, typed: &EvalAddArguments) -> Result<Exit, Failure> {
    let engine = session.engine();
    let store = gaps::open(session, &engine)?;
    let Some(number) = typed.number else { return list(session, &store) };
    let logged = store.question(number)?.ok_or(Failure::QuestionUnknown(number))?;
    session.open(&engine)?;
    let expect = if typed.unanswerable {
        Some(Vec::new())
    } else if typed.expect.is_empty() {
        ask(session, &engine, &logged)?
    } else {
        let places = typed.expect.iter().map(|place| self::place(session, &engine, place));
        Some(places.collect::<Result<_, _>>()?)
    };
    let Some(expect) = expect else { return Ok(Exit::Done) };
    let path = typed.to.clone().unwrap_or_else(|| engine.notes_dir().join(eval::FOLDER).join(FILE));
    let Logged { question: ask, after, .. } = logged;
    let added = Addition { ask, after, expect }.add_to(&path, engine.notes_dir())?;
    say(&sanitise(&session.language.golden_added(&path, added, typed.to.is_none())));
    Ok(Exit::Done)
}

fn list(session: &Session, store: &Store) -> Result<Exit, Failure> {
    let line = |one: &Logged| {
        format!("[{}] {} · {}\n", one.id, session.language.came(one.came), one_line(&one.question, LINE_CHARS_MAX))
    };
    put(&store.latest(LATEST)?.iter().map(line).collect::<String>())?;
    say(session.language.name_a_question());
    Ok(Exit::Done)
}

/// Shows what is found now and asks which section answers; `None` when nobody wants to say.
fn ask(session: &Session, engine: &Engine, logged: &Logged) -> Result<Option<Vec<Place>>, Failure> {
    let mut conversation = Conversation::default();
    for turn in &logged.after {
        put(&format!("  {}\n", one_line(turn, LINE_CHARS_MAX)))?;
        engine.converse(&mut conversation, turn, 1)?;
    }
    put(&format!("{}\n", one_line(&logged.question, LINE_CHARS_MAX)))?;
    let answer = engine.converse(&mut conversation, &logged.question, OFFERED)?;
    let offered = offered(&answer);
    for (number, (place, heading)) in offered.iter().enumerate() {
        put(&format!("  {}. {}  {}\n", number + 1, sanitise(heading), sanitise(&place.to_string())))?;
    }
    let mut wrong = None;
    for left in (0..TRIES).rev() {
        put(session.language.which_section())?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(Failure::file(&PathBuf::from("stdin")))?;
        put("\n")?;
        if line.is_empty() {
            break;
        }
        match said(session, engine, line.trim(), &offered) {
            Err(failure) if left > 0 => {
                say_failure(&failure, session.language);
                wrong = Some(failure);
            }
            done => return done,
        }
    }
    // Nobody is there to be asked again.
    wrong.map_or(Ok(None), Err)
}

/// What was meant by a line: one of the places that were offered, another one, nowhere in the notes; `None` for nothing.
fn said(
    session: &Session,
    engine: &Engine,
    line: &str,
    offered: &[(Place, String)],
) -> Result<Option<Vec<Place>>, Failure> {
    match line.parse::<usize>() {
        Ok(0) => Ok(Some(Vec::new())),
        Ok(number) => {
            let offer = offered.get(number - 1).map(|(place, _)| Some(vec![place.clone()]));
            offer.ok_or_else(|| Failure::Usage(session.language.no_offer(number, offered.len())))
        }
        Err(_) if line.is_empty() => Ok(None),
        Err(_) => Ok(Some(vec![place(session, engine, line)?])),
    }
}

/// The places of the hits with their headings; by lines where a section has no anchor.
fn offered(answer: &Answer) -> Vec<(Place, String)> {
    let offer = |hit: &crate::answer::AnswerHit| {
        let citation = &hit.citation;
        let place = if citation.anchor.is_empty() {
            Place::Lines(citation.note.clone(), citation.lines)
        } else {
            Place::Anchor(citation.note.clone(), citation.anchor.clone())
        };
        (place, citation.heading_path().join(" › "))
    };
    answer.hits.iter().map(offer).collect()
}

/// The place that a person wrote, if the notes have it.
fn place(session: &Session, engine: &Engine, said: &str) -> Result<Place, Failure> {
    let place = parse_place(said).ok_or_else(|| Failure::Usage(session.language.no_place(said)))?;
    match &place {
        Place::Anchor(..) => drop(engine.show(said)?),
        Place::Lines(note, lines) => {
            let whole = engine.show(note)?;
            if lines.last > whole.last_line {
                return Err(Failure::Usage(session.language.no_place(said)));
            }
        }
    }
    Ok(place)
}
