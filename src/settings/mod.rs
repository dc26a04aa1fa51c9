//! Settings: compiled-in defaults < kewen.toml < environment < command line, all held against one table of keys.
//!
//! The `config` crate reads the layers; every value is checked against [`KEYS`] before it is put over the defaults, layer by layer,
//! so that an error can say where the value stands, which key it is and what was expected, without ever repeating a value.

mod course;
mod keys;
mod layer;
mod repository;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use course::Course;
pub use keys::{INSTRUCTOR_PERMISSIONS, KEYS, Key, KeyKind, WEEKDAYS};
pub use layer::{Need, Origin, Place, SettingsProblem};
pub use repository::{shown_address, without_secrets};

use crate::corpus::{Host, LinkStyle};

use layer::Layer;

/// The settings file that is read from the working folder when there is one.
pub const SETTINGS_FILE: &str = "kewen.toml";
/// The defaults, which are those of the example file, as JSON: `build.rs` makes it, since reading the file costs as much as an answer.
const DEFAULTS: &str = include_str!(concat!(env!("OUT_DIR"), "/settings.json"));

/// The settings in force.
#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    /// Where the notes are and which files are notes.
    pub notes: NotesSettings,
    /// Where indexes are built.
    pub index: IndexSettings,
    /// How changes are noticed.
    pub watch: WatchSettings,
    /// Which terms and aliases are in force.
    pub lexicon: LexiconSettings,
    /// How links look.
    pub links: LinkSettings,
    /// What an answer holds.
    pub answer: AnswerSettings,
    /// What is kept of questions.
    pub log: LogSettings,
    /// How kewen speaks.
    pub ui: UiSettings,
    /// The bot.
    pub bot: BotSettings,
    /// How the bot gets into Discord.
    pub discord: DiscordSettings,
}

/// `[notes]`
#[derive(Clone, Debug, Deserialize)]
pub struct NotesSettings {
    /// The folder; empty for the default one.
    pub dir: PathBuf,
    /// Globs of files that are notes; empty for all.
    pub include: Vec<String>,
    /// Globs of files that are no notes.
    pub exclude: Vec<String>,
    /// Size of the largest note, in bytes.
    pub bytes_max: u64,
    /// The repository that they come from.
    pub git: GitSettings,
}

/// `[notes.git]`
#[derive(Clone, Deserialize)]
pub struct GitSettings {
    /// Address of the repository; empty for none. It may hold a secret: `Debug` does not show it.
    pub url: String,
    /// The branch; empty for the one that the repository names.
    pub branch: String,
    /// The folder of notes inside the repository; empty for all of it.
    pub folder: String,
    /// Seconds between two looks at the repository, while kewen watches.
    pub every: u64,
    /// How long one call of git may take; seconds.
    pub timeout: u64,
}

impl std::fmt::Debug for GitSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitSettings")
            .field("url", &shown_address(&self.url))
            .field("branch", &self.branch)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

/// `[index]`
#[derive(Clone, Debug, Deserialize)]
pub struct IndexSettings {
    /// The folder; empty for the default one.
    pub dir: PathBuf,
}

/// `[watch]`
#[derive(Clone, Debug, Deserialize)]
pub struct WatchSettings {
    /// Seconds between two looks at the notes; 0 to be told of changes by the system.
    pub poll: u64,
}

/// `[lexicon]`
#[derive(Clone, Debug, Deserialize)]
pub struct LexiconSettings {
    /// Whether the compiled-in lexicon is used.
    pub standard: bool,
}

/// `[links]`
#[derive(Clone, Debug, Deserialize)]
pub struct LinkSettings {
    /// Address of the published notes folder; empty for plain paths.
    pub base_url: String,
    /// Who shows the notes: `auto`, `plain`, `github`, `gitlab`, `gitee`, `mdbook` or `template`.
    pub style: String,
    /// An address with placeholders, for the style of that name.
    pub template: String,
    /// Whether links name the commit that was indexed.
    pub pin: bool,
}

impl LinkSettings {
    /// How links look.
    #[must_use]
    pub fn style(&self) -> LinkStyle {
        LinkStyle {
            host: LinkStyle::host_of(&self.style, &self.base_url),
            base_url: self.base_url.clone(),
            template: self.template.clone(),
            pin: self.pin,
        }
    }

    /// What they need and do not have, with the key that wants it.
    fn lacks(&self) -> Option<(&'static str, Need)> {
        let style = self.style();
        let can_pin = match style.host {
            Host::Template => self.template.contains("{commit}"),
            Host::Plain | Host::MdBook => false,
            _ => style.names_branch(),
        };
        match style.host {
            Host::Template if self.template.is_empty() => Some(("links.style", Need::Template)),
            _ if self.pin && !can_pin => Some(("links.pin", Need::PinnedPlace)),
            _ => None,
        }
    }
}

/// `[answer]`
#[derive(Clone, Debug, Deserialize)]
pub struct AnswerSettings {
    /// Number of hits.
    pub limit: usize,
    /// Whether an answer says how old the notes are.
    pub age: bool,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
pub struct LogSettings {
    /// Whether questions are logged.
    pub enabled: bool,
    /// The folder; empty for the default one.
    pub dir: PathBuf,
    /// Age at which a question is deleted; days.
    pub retention_days: u64,
}

/// `[ui]`
#[derive(Clone, Debug, Deserialize)]
pub struct UiSettings {
    /// `auto`, `zh` or `en`.
    pub language: String,
}

/// `[bot]`
#[derive(Clone, Debug, Deserialize)]
pub struct BotSettings {
    /// Whether a running bot brings the index up to the notes by itself.
    pub watch: bool,
}

/// `[discord]`
#[derive(Clone, Deserialize)]
pub struct DiscordSettings {
    /// The token; empty for none. A secret: `Debug` does not show it.
    pub token: String,
    /// A file with the token; empty for none.
    pub token_file: PathBuf,
    /// The channel where instructors read what was not found; empty for none.
    pub instructor_channel: String,
    /// Another address of the API; empty for Discord's.
    pub api_base: String,
    /// Ids of the servers that are answered; none for all.
    pub servers: Vec<String>,
    /// Id of the channel where gaps are posted once a week; empty for none.
    pub gaps_channel: String,
    /// On which day, one of [`WEEKDAYS`].
    pub gaps_weekday: String,
    /// Whether the bot reads messages that do not mention it, which Discord has to allow.
    pub message_content: bool,
    /// How the bot answers in which channel.
    pub channels: ChannelSettings,
    /// How much may be asked.
    pub limits: LimitSettings,
    /// Who is an instructor.
    pub instructors: InstructorSettings,
}

/// `[discord.channels]`: ids are digits.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ChannelSettings {
    /// The mode of a channel that is in none of the lists: `mention`, `thread` or `off`.
    pub default: String,
    /// Where the bot is silent.
    pub off: Vec<String>,
    /// Where it answers those who mention it.
    pub mention: Vec<String>,
    /// Where it answers in a thread.
    pub thread: Vec<String>,
    /// Forums whose new posts it answers; needs `message_content`.
    pub forum: Vec<String>,
}

/// `[discord.limits]`: questions a minute; 0 for any number.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct LimitSettings {
    /// Of one member.
    pub member: u64,
    /// In one channel of a server.
    pub channel: u64,
}

/// `[discord.instructors]`
#[derive(Clone, Debug, Deserialize)]
pub struct InstructorSettings {
    /// Ids of roles, as digits.
    pub roles: Vec<String>,
    /// A permission, one of [`INSTRUCTOR_PERMISSIONS`].
    pub permission: String,
}

impl DiscordSettings {
    /// What they need and do not have, with the key that wants it.
    fn lacks(&self) -> Option<(&'static str, Need)> {
        let is_deaf = !self.message_content && !self.channels.forum.is_empty();
        is_deaf.then_some(("discord.channels.forum", Need::MessageContent))
    }
}

impl std::fmt::Debug for DiscordSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiscordSettings")
            .field("token_file", &self.token_file)
            .field("api_base", &self.api_base)
            .finish_non_exhaustive()
    }
}

/// One row of `kewen config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// The key.
    pub path: &'static str,
    /// Its value as TOML; `None` for a secret that is set.
    pub value: Option<String>,
    /// Where it was set.
    pub origin: Origin,
}

/// Everything the layers are made of; nothing is read from the environment here.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// A settings file: its path and its text.
    pub file: Option<(PathBuf, String)>,
    /// Environment variables whose names begin with `KEWEN_`.
    pub environment: Vec<(String, String)>,
    /// Options of the command line: key and value.
    pub options: Vec<(&'static str, String)>,
    /// The course that is wanted, by its name.
    pub course: Option<String>,
}

/// Settings and where each came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings in force.
    pub settings: Settings,
    /// One row a key, in the order of the example file.
    pub effective: Vec<EffectiveSetting>,
    /// All courses, sorted by name.
    pub courses: Vec<Course>,
    /// The name of the course whose settings these are.
    pub course: Option<String>,
}

impl Loaded {
    /// Whether these settings say where the notes are.
    #[must_use]
    pub fn has_notes(&self) -> bool {
        let notes = &self.settings.notes;
        !notes.dir.as_os_str().is_empty() || !notes.git.url.is_empty()
    }
}

/// Merges and checks all layers: the defaults, the file, the environment, the course, the options.
///
/// # Errors
/// The first [`SettingsProblem`] found.
pub fn load(sources: &Sources) -> Result<Loaded, SettingsProblem> {
    let mut layers = Vec::new();
    let mut courses = Vec::new();
    if let Some((path, text)) = &sources.file {
        let folder = path.parent().unwrap_or(Path::new(""));
        let (layer, named) = layer::from_toml(text, &Origin::File(path.clone()), folder)?;
        layers.push(layer);
        courses = named;
    }
    let names = courses.iter().map(|course| course.course.clone()).collect::<Vec<_>>();
    layers.push(layer::from_environment(&sources.environment)?);
    if let Some(wanted) = &sources.course {
        let found = courses.into_iter().find(|course| course.course.name == *wanted);
        let known = || names.iter().map(|course| course.name.clone()).collect();
        layers.push(found.ok_or_else(|| SettingsProblem::CourseUnknown(wanted.clone(), known()))?.layer);
    }
    layers.push(layer::from_options(&sources.options)?);
    let (settings, effective) = merge(layers)?;
    Ok(Loaded { settings, effective, courses: names, course: sources.course.clone() })
}

/// The settings of these layers, each put over those before it and all over the defaults.
fn merge(layers: Vec<Layer>) -> Result<(Settings, Vec<EffectiveSetting>), SettingsProblem> {
    let internal = |error: &dyn std::fmt::Display| SettingsProblem::Internal(error.to_string());
    let mut all: serde_json::Value = serde_json::from_str(DEFAULTS).map_err(|error| internal(&error))?;
    let mut origins: HashMap<&'static str, Origin> = HashMap::new();
    for Layer { origin, values } in layers {
        for (key, value) in values {
            let value = value.try_deserialize().map_err(|error| internal(&error))?;
            *at(&mut all, key.path).ok_or_else(|| internal(&key.path))? = value;
            origins.insert(key.path, origin.of(key.path));
        }
    }
    let settings = Settings::deserialize(&all).map_err(|error| internal(&error))?;
    let mut origin = |path: &str| origins.remove(path).unwrap_or(Origin::Default);
    if let Some((path, need)) = settings.links.lacks().or_else(|| settings.discord.lacks()) {
        return Err(SettingsProblem::Lacks { place: Place { origin: origin(path), line: None }, need });
    }
    let effective = KEYS
        .iter()
        .filter_map(|key| {
            let text = layer::shown(key, at(&mut all, key.path)?);
            let hidden = key.secret && text != "\"\"";
            Some(EffectiveSetting { path: key.path, value: (!hidden).then_some(text), origin: origin(key.path) })
        })
        .collect();
    Ok((settings, effective))
}

/// The value of a key in a table of tables.
fn at<'a>(all: &'a mut serde_json::Value, path: &str) -> Option<&'a mut serde_json::Value> {
    path.split('.').try_fold(all, |table, name| table.get_mut(name))
}

#[cfg(test)]
mod tests;
