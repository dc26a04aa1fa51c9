//! One layer of settings: read, held against the table of keys, converted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use config::{File, FileFormat, Source as _, Value, ValueKind};

use super::course::{self, CourseLayer};
use super::keys::{self, Key, KeyKind};
use super::repository;
use crate::corpus::is_template;

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    Default,
    /// A settings file.
    File(PathBuf),
    /// An environment variable; the name is empty while the whole layer is meant.
    Variable(String),
    /// An option of the command line.
    Option,
}

impl Origin {
    /// The origin of one key of the layer.
    pub(super) fn of(&self, path: &str) -> Self {
        match self {
            Self::Variable(_) => Self::Variable(variable_name(path)),
            other => other.clone(),
        }
    }
}

/// Where a problem stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The layer.
    pub origin: Origin,
    /// The line of a file, counted from 1, when known.
    pub line: Option<usize>,
}

/// What is wrong with the settings. No variant holds a value that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsProblem {
    /// The file is no text in UTF-8, no file at all, or too large.
    NotText(PathBuf),
    /// The file is no TOML.
    Syntax {
        /// Where.
        place: Place,
        /// What the TOML reader says, in English.
        reason: String,
    },
    /// A key that kewen does not know.
    UnknownKey {
        /// Where.
        place: Place,
        /// The key as written.
        key: String,
        /// The key that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A value that the key cannot hold.
    WrongValue {
        /// Where.
        place: Place,
        /// The key.
        key: &'static str,
        /// What the key holds.
        expected: KeyKind,
    },
    /// A setting that needs another one.
    Lacks {
        /// Where.
        place: Place,
        /// What it needs.
        need: Need,
    },
    /// Two courses claim the same thing: a server, a channel, a folder of notes, or to be the default one.
    CourseTwice {
        /// Where the second one does.
        place: Place,
        /// The setting, with its value where that is an id.
        claim: String,
    },
    /// The name of a course is empty, too long, or holds what cannot be seen or typed.
    CourseName(Place),
    /// No course has this name; with the names of all.
    CourseUnknown(String, Vec<String>),
    /// There are several courses, and none was named; with the names of all.
    CourseMissing(Vec<String>),
    /// A defect of kewen.
    Internal(String),
}

/// What a setting needs beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `style = "template"` needs `template`.
    Template,
    /// `pin` needs a style with commits, and a `base_url` or `template` that has a place for one.
    PinnedPlace,
    /// `forum` needs `message_content`.
    MessageContent,
}

/// Checked values of one origin.
#[derive(Debug)]
pub(super) struct Layer {
    pub origin: Origin,
    pub values: Vec<(&'static Key, Value)>,
}

/// The layer of a settings file, and the courses that it names.
pub(super) fn from_toml(
    text: &str,
    origin: &Origin,
    folder: &Path,
) -> Result<(Layer, Vec<CourseLayer>), SettingsProblem> {
    let lines = key_lines(text)
        .map_err(|(line, reason)| SettingsProblem::Syntax { place: Place { origin: origin.clone(), line }, reason })?;
    let mut table = File::from_str(text, FileFormat::Toml)
        .collect()
        .map_err(|_| SettingsProblem::Internal("the settings file was read twice and differed".to_owned()))?;
    let courses = table.remove(course::TABLE);
    let courses = courses.map(|tables| course::read(&tables, &lines, origin, folder)).transpose()?.unwrap_or_default();
    let mut values = Vec::new();
    for (path, value) in flat(&Value::new(None, ValueKind::Table(table))) {
        let place = Place { origin: origin.clone(), line: lines.get(&path).copied() };
        values.push(setting(&path, &value, place, folder)?);
    }
    Ok((Layer { origin: origin.clone(), values }, courses))
}

/// A setting of a file in `folder`, if it is one.
pub(super) fn setting(
    path: &str,
    value: &Value,
    place: Place,
    folder: &Path,
) -> Result<(&'static Key, Value), SettingsProblem> {
    let key = keys::find(path).ok_or_else(|| unknown(place.clone(), path))?;
    let value = checked(key, value).ok_or_else(|| wrong(place, key))?;
    Ok((key, anchored(key, value, folder)))
}

/// The values of a table and the tables in it, by their paths.
pub(super) fn flat(table: &Value) -> BTreeMap<String, Value> {
    let mut flat = BTreeMap::new();
    flatten("", table, &mut flat);
    flat
}

pub(super) fn from_environment(variables: &[(String, String)]) -> Result<Layer, SettingsProblem> {
    let source = config::Environment::with_prefix("KEWEN")
        .prefix_separator("_")
        .separator("__")
        .source(Some(variables.iter().cloned().collect()));
    let table =
        source.collect().map_err(|_| SettingsProblem::Internal("the environment could not be read".to_owned()))?;
    let mut flat: Vec<(String, Value)> = table.into_iter().collect();
    flat.sort_by(|a, b| a.0.cmp(&b.0));
    let mut values = Vec::new();
    for (path, value) in flat {
        let place = Place { origin: Origin::Variable(variable_name(&path)), line: None };
        let key = keys::find(&path).ok_or_else(|| unknown(place.clone(), &path))?;
        let text = value.into_string().unwrap_or_default();
        match parsed(key, &text) {
            Some(value) => values.push((key, value)),
            // A variable that whoever starts the program passes on although it is not set.
            None if text.is_empty() => {}
            None => return Err(wrong(place, key)),
        }
    }
    Ok(Layer { origin: Origin::Variable(String::new()), values })
}

pub(super) fn from_options(options: &[(&'static str, String)]) -> Result<Layer, SettingsProblem> {
    let mut values = Vec::new();
    for (path, text) in options {
        let place = Place { origin: Origin::Option, line: None };
        let key = keys::find(path).ok_or_else(|| unknown(place.clone(), path))?;
        values.push((key, parsed(key, text).ok_or_else(|| wrong(place, key))?));
    }
    Ok(Layer { origin: Origin::Option, values })
}

fn variable_name(path: &str) -> String {
    format!("KEWEN_{}", path.replace('.', "__").to_uppercase())
}

pub(super) fn unknown(place: Place, key: &str) -> SettingsProblem {
    SettingsProblem::UnknownKey { place, key: key.to_owned(), nearest: keys::nearest(key) }
}

pub(super) fn wrong(place: Place, key: &Key) -> SettingsProblem {
    SettingsProblem::WrongValue { place, key: key.path, expected: key.kind }
}

/// A value of a file, if the key can hold it.
pub(super) fn checked(key: &Key, value: &Value) -> Option<Value> {
    match (&value.kind, key.kind) {
        (ValueKind::String(_), KeyKind::Text | KeyKind::Path) | (ValueKind::Boolean(_), KeyKind::Bool) => {
            Some(value.clone())
        }
        (
            ValueKind::String(text),
            KeyKind::OneOf(_)
            | KeyKind::Url
            | KeyKind::Template
            | KeyKind::Repository
            | KeyKind::Branch
            | KeyKind::Inside
            | KeyKind::Id,
        ) => parsed(key, text),
        (ValueKind::I64(number), KeyKind::Number { .. }) => parsed(key, &number.to_string()),
        (ValueKind::Array(items), KeyKind::Texts) => {
            items.iter().all(|item| matches!(item.kind, ValueKind::String(_))).then(|| value.clone())
        }
        (ValueKind::Array(items), KeyKind::Ids) => {
            let is_id = |item: &Value| matches!(&item.kind, ValueKind::String(text) if is_id(text));
            items.iter().all(is_id).then(|| value.clone())
        }
        _ => None,
    }
}

/// A value written as text (a variable, an option), if the key can hold it.
fn parsed(key: &Key, text: &str) -> Option<Value> {
    let kind = match key.kind {
        KeyKind::Text | KeyKind::Path => ValueKind::String(text.to_owned()),
        KeyKind::Bool => ValueKind::Boolean(text.parse().ok()?),
        KeyKind::Number { min, max } => {
            let number: u64 = text.trim().parse().ok()?;
            (min..=max).contains(&number).then_some(ValueKind::U64(number))?
        }
        KeyKind::Texts => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            ValueKind::Array(items.map(|item| Value::new(None, item.to_owned())).collect())
        }
        KeyKind::Id => (text.is_empty() || is_id(text)).then(|| ValueKind::String(text.to_owned()))?,
        KeyKind::Ids => {
            let items: Vec<&str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
            let all = items.iter().all(|item| is_id(item));
            all.then(|| ValueKind::Array(items.iter().map(|item| Value::new(None, (*item).to_owned())).collect()))?
        }
        KeyKind::OneOf(words) => words.contains(&text).then(|| ValueKind::String(text.to_owned()))?,
        KeyKind::Url | KeyKind::Template => {
            let fits = text.is_empty() || text.starts_with("https://") || text.starts_with("http://");
            let fits = fits && is_public(text) && (key.kind != KeyKind::Template || is_template(text));
            fits.then(|| ValueKind::String(text.to_owned()))?
        }
        KeyKind::Repository => repository::is_address(text).then(|| ValueKind::String(text.to_owned()))?,
        KeyKind::Branch => repository::is_branch(text).then(|| ValueKind::String(text.to_owned()))?,
        KeyKind::Inside => repository::is_inside(text).then(|| ValueKind::String(text.to_owned()))?,
    };
    Some(Value::new(None, kind))
}

/// Whether a text is an id of Discord's: a number above 0.
fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok_and(|id| id > 0)
}

/// Whether an address can be shown to everybody and stand in a link: no user or password, and nothing that ends a link.
fn is_public(address: &str) -> bool {
    let host = address.split("://").nth(1).unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
    !host.contains('@') && !address.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"`\\".contains(c))
}

fn anchored(key: &Key, value: Value, folder: &Path) -> Value {
    match (&value.kind, key.kind) {
        (ValueKind::String(path), KeyKind::Path) if !path.is_empty() => {
            Value::new(None, folder.join(path).to_string_lossy().into_owned())
        }
        _ => value,
    }
}

fn flatten(prefix: &str, value: &Value, flat: &mut BTreeMap<String, Value>) {
    match &value.kind {
        ValueKind::Table(table) => {
            for (key, value) in table {
                let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&path, value, flat);
            }
        }
        _ => {
            flat.insert(prefix.to_owned(), value.clone());
        }
    }
}

/// The line of each key of a TOML text; or the line and the reason why it is none.
fn key_lines(text: &str) -> Result<BTreeMap<String, usize>, (Option<usize>, String)> {
    let line_at = |byte: usize| 1 + text.bytes().take(byte).filter(|&b| b == b'\n').count();
    let table = toml::de::DeTable::parse(text)
        .map_err(|error| (error.span().map(|span| line_at(span.start)), error.message().to_owned()))?;
    let mut lines = BTreeMap::new();
    collect_lines("", table.get_ref(), &line_at, &mut lines)?;
    Ok(lines)
}

fn collect_lines(
    prefix: &str,
    table: &toml::de::DeTable<'_>,
    line_at: &dyn Fn(usize) -> usize,
    lines: &mut BTreeMap<String, usize>,
) -> Result<(), (Option<usize>, String)> {
    for (key, value) in table {
        let name = key.get_ref();
        let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
        let line = line_at(key.span().start);
        match value.get_ref() {
            toml::de::DeValue::Table(inner) => collect_lines(&path, inner, line_at, lines)?,
            toml::de::DeValue::Integer(number) if i64::from_str_radix(number.as_str(), number.radix()).is_err() => {
                return Err((Some(line), format!("the number of {path} is too large")));
            }
            _ => {}
        }
        lines.insert(path, line);
    }
    Ok(())
}

/// A value as TOML would write it, without the secrets of an address.
pub(super) fn shown(key: &Key, value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(address) if key.kind == KeyKind::Repository => {
            format!("{:?}", repository::shown_address(address))
        }
        _ => as_toml(value),
    }
}

fn as_toml(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("{text:?}"),
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(as_toml).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}
