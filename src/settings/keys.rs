//! The one table of settings: every key, what it holds, and whether it is a secret.

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Any text.
    Text,
    /// A path; from a file it counts from the file's folder.
    Path,
    /// `true` or `false`.
    Bool,
    /// A whole number within bounds, both included.
    Number {
        /// Smallest value.
        min: u64,
        /// Largest value.
        max: u64,
    },
    /// A list of texts; with commas in an environment variable.
    Texts,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Empty, or an address that begins with http:// or https://.
    Url,
    /// Empty, or such an address with placeholders of [`crate::corpus::PLACEHOLDERS`] in braces.
    Template,
    /// Empty, or the address of a Git repository; it may hold a secret, and only the rest is shown.
    Repository,
    /// Empty, or the name of a branch.
    Branch,
    /// Empty, or a relative path that stays inside.
    Inside,
    /// Empty, or one of Discord's ids, as text.
    Id,
    /// A list of Discord's ids; with commas in an environment variable.
    Ids,
}

/// A key of the settings.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// `section.key`.
    pub path: &'static str,
    /// What it holds.
    pub kind: KeyKind,
    /// Whether its value must never be shown.
    pub secret: bool,
}

/// The days of a week, the first one first.
pub const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Permissions of Discord's by which instructors may be known, under Discord's own names.
pub const INSTRUCTOR_PERMISSIONS: &[&str] = &[
    "MANAGE_GUILD",
    "ADMINISTRATOR",
    "MANAGE_CHANNELS",
    "MANAGE_ROLES",
    "MANAGE_MESSAGES",
    "MANAGE_THREADS",
    "MODERATE_MEMBERS",
];

/// How the bot answers in channels.
const CHANNEL_MODES: &[&str] = &["mention", "thread", "off"];

const fn key(path: &'static str, kind: KeyKind) -> Key {
    Key { path, kind, secret: false }
}

/// All keys, in the order of the example file.
pub const KEYS: &[Key] = &[
    key("notes.dir", KeyKind::Path),
    key("notes.include", KeyKind::Texts),
    key("notes.exclude", KeyKind::Texts),
    key("notes.bytes_max", KeyKind::Number { min: 1024, max: 1 << 30 }),
    key("notes.git.url", KeyKind::Repository),
    key("notes.git.branch", KeyKind::Branch),
    key("notes.git.folder", KeyKind::Inside),
    key("notes.git.every", KeyKind::Number { min: 30, max: 86400 }),
    key("notes.git.timeout", KeyKind::Number { min: 1, max: 3600 }),
    key("index.dir", KeyKind::Path),
    key("watch.poll", KeyKind::Number { min: 0, max: 86400 }),
    key("lexicon.standard", KeyKind::Bool),
    key("links.base_url", KeyKind::Url),
    key("links.style", KeyKind::OneOf(&["auto", "plain", "github", "gitlab", "gitee", "mdbook", "template"])),
    key("links.template", KeyKind::Template),
    key("links.pin", KeyKind::Bool),
    key("answer.limit", KeyKind::Number { min: 1, max: 50 }),
    key("answer.age", KeyKind::Bool),
    key("log.enabled", KeyKind::Bool),
    key("log.dir", KeyKind::Path),
    key("log.retention_days", KeyKind::Number { min: 1, max: 3650 }),
    key("ui.language", KeyKind::OneOf(&["auto", "zh", "en"])),
    key("bot.watch", KeyKind::Bool),
    Key { path: "discord.token", kind: KeyKind::Text, secret: true },
    key("discord.token_file", KeyKind::Path),
    key("discord.instructor_channel", KeyKind::Id),
    key("discord.api_base", KeyKind::Url),
    key("discord.servers", KeyKind::Ids),
    key("discord.gaps_channel", KeyKind::Id),
    key("discord.gaps_weekday", KeyKind::OneOf(WEEKDAYS)),
    key("discord.message_content", KeyKind::Bool),
    key("discord.channels.default", KeyKind::OneOf(CHANNEL_MODES)),
    key("discord.channels.off", KeyKind::Ids),
    key("discord.channels.mention", KeyKind::Ids),
    key("discord.channels.thread", KeyKind::Ids),
    key("discord.channels.forum", KeyKind::Ids),
    key("discord.limits.member", KeyKind::Number { min: 0, max: 1000 }),
    key("discord.limits.channel", KeyKind::Number { min: 0, max: 10000 }),
    key("discord.instructors.roles", KeyKind::Ids),
    key("discord.instructors.permission", KeyKind::OneOf(INSTRUCTOR_PERMISSIONS)),
];

/// The key with this path.
#[must_use]
pub(super) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// The known key that `path` was probably meant to be.
#[must_use]
pub(super) fn nearest(path: &str) -> Option<&'static str> {
    KEYS.iter()
        .map(|key| (strsim::jaro_winkler(key.path, path), key.path))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, path)| path)
}
