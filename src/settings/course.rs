//! Courses: several folders of notes behind one bot, each with settings of its own.
//!
//! ```toml
//! [courses.k8s]
//! servers = ["1310000000000000003"]
//! notes.dir = "k8s/notes"
//! ```

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use config::{Value, ValueKind};

use super::keys::{Key, KeyKind};
use super::layer::{self, Layer, Origin, Place, SettingsProblem};

/// The table of the settings file that holds a table for each course.
pub(super) const TABLE: &str = "courses";
/// Characters.
const NAME_CHARS_MAX: usize = 40;
/// What a course has beside settings: the servers and channels that it is asked in, and whether it is asked everywhere else.
const SERVERS: Key = Key { path: "courses.*.servers", kind: KeyKind::Ids, secret: false };
const CHANNELS: Key = Key { path: "courses.*.channels", kind: KeyKind::Ids, secret: false };
const DEFAULT: Key = Key { path: "courses.*.default", kind: KeyKind::Bool, secret: false };
/// Settings that a course may have for itself: keys, and sections that end in a dot. All others are of the whole program.
const OWN: &[&str] = &[
    "notes.",
    "watch.poll",
    "lexicon.",
    "links.",
    "answer.",
    "log.enabled",
    "log.retention_days",
    "discord.instructor_channel",
    "discord.gaps_channel",
    "discord.gaps_weekday",
    "discord.instructors.",
];

/// A course as the settings name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its name.
    pub name: String,
    /// Servers whose channels ask it.
    pub servers: Vec<u64>,
    /// Channels that ask it, whatever their server asks.
    pub channels: Vec<u64>,
    /// Whether it is asked where no other one is: in direct messages, and on other servers.
    pub is_default: bool,
}

/// A course with its settings.
#[derive(Debug)]
pub(super) struct CourseLayer {
    pub course: Course,
    pub layer: Layer,
}

/// The courses of a settings file, sorted by name. `lines` has the line of each key.
pub(super) fn read(
    tables: &Value,
    lines: &BTreeMap<String, usize>,
    origin: &Origin,
    folder: &Path,
) -> Result<Vec<CourseLayer>, SettingsProblem> {
    let place = |path: &str| Place { origin: origin.clone(), line: lines.get(path).copied() };
    let ValueKind::Table(tables) = &tables.kind else { return Err(layer::unknown(place(TABLE), TABLE)) };
    let mut courses = Vec::new();
    for (name, table) in tables {
        let whole = format!("{TABLE}.{name}");
        if !matches!(table.kind, ValueKind::Table(_)) {
            return Err(layer::unknown(place(&whole), &whole));
        }
        if !is_name(name) {
            return Err(SettingsProblem::CourseName(place(&whole)));
        }
        let mut course = Course { name: name.clone(), servers: Vec::new(), channels: Vec::new(), is_default: false };
        let mut values = Vec::new();
        for (path, value) in layer::flat(table) {
            let at = place(&format!("{whole}.{path}"));
            let is_own = OWN.iter().any(|own| path == *own || (own.ends_with('.') && path.starts_with(own)));
            match path.as_str() {
                "servers" => course.servers = ids(&SERVERS, &value, at)?,
                "channels" => course.channels = ids(&CHANNELS, &value, at)?,
                "default" => {
                    course.is_default = layer::checked(&DEFAULT, &value)
                        .and_then(|value| value.into_bool().ok())
                        .ok_or_else(|| layer::wrong(at, &DEFAULT))?;
                }
                _ if is_own => values.push(layer::setting(&path, &value, at, folder)?),
                _ => return Err(layer::unknown(at, &format!("{whole}.{path}"))),
            }
        }
        courses.push(CourseLayer { course, layer: Layer { origin: origin.clone(), values } });
    }
    courses.sort_by(|a, b| a.course.name.cmp(&b.course.name));
    claimed_once(&courses, &|path| place(path))?;
    Ok(courses)
}

fn ids(key: &Key, value: &Value, place: Place) -> Result<Vec<u64>, SettingsProblem> {
    let texts = layer::checked(key, value).and_then(|value| value.into_array().ok());
    let ids = texts.map(|texts| texts.into_iter().filter_map(|text| text.into_string().ok()?.parse().ok()).collect());
    ids.ok_or_else(|| layer::wrong(place, key))
}

/// Whether a text can be the name of a course: short, and something that can be typed.
fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= NAME_CHARS_MAX && !name.chars().any(char::is_control)
}

/// Sees to it that no two courses claim the same server or channel, the same notes (whose index they would build anew in turns), or
/// to be the default one.
fn claimed_once(courses: &[CourseLayer], place: &dyn Fn(&str) -> Place) -> Result<(), SettingsProblem> {
    let mut seen = HashSet::new();
    for CourseLayer { course, layer } in courses {
        let ids = [("servers", &course.servers), ("channels", &course.channels)];
        let ids = ids.into_iter().flat_map(|(key, ids)| ids.iter().map(move |id| (key, format!("{key} = [\"{id}\"]"))));
        let default = course.is_default.then(|| ("default", "default = true".to_owned()));
        let folder = layer.values.iter().find(|(key, _)| key.path == "notes.dir");
        let folder = folder.and_then(|(_, value)| value.clone().into_string().ok()).filter(|folder| !folder.is_empty());
        let folder = folder.map(|folder| ("notes.dir", format!("notes.dir = {folder:?}")));
        for (key, claim) in ids.chain(default).chain(folder) {
            if !seen.insert(claim.clone()) {
                return Err(SettingsProblem::CourseTwice {
                    place: place(&format!("{TABLE}.{}.{key}", course.name)),
                    claim,
                });
            }
        }
    }
    Ok(())
}
