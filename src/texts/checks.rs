//! What `kewen doctor` looks at, and what it says of it.

use std::path::PathBuf;

use super::Language;
use super::failures::Message;
use super::reports::counted;
use crate::error::Failure;
use crate::index::Unfit;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Good,
    /// Works, but something could be better.
    Odd,
    /// Does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// The settings are right; with the file that they came from, and how many came from variables.
    Settings(Option<PathBuf>, usize),
    /// Anybody may add the bot to a server of their own.
    Public,
    /// Servers that the settings do not name, as name and id, though the bot is on more than one.
    Unnamed(Vec<String>),
    /// Servers that are answered no questions, as name and id, since the settings name others.
    Unserved(Vec<String>),
    /// Ids of servers that the settings name and that the bot is not on.
    NotJoined(Vec<String>),
    /// What follows is about this course; empty for the notes of none.
    Course(String),
    /// The notes folder, and the numbers of notes and of drafts, which are not indexed.
    Notes(PathBuf, usize, usize),
    /// The index can be searched.
    Index {
        /// Number of the generation.
        generation: u64,
        /// Age; seconds.
        age: u64,
    },
    /// The index cannot be searched.
    IndexUnfit(Unfit),
    /// `links.base_url`; may be empty.
    Links(String),
    /// There is no token.
    TokenMissing,
    /// There is a token.
    Token {
        /// Whether it has the form that Discord's tokens have.
        looks_right: bool,
    },
    /// Discord knows the bot; with its name.
    Reached(String),
    /// The gateway can be reached.
    Gateway,
    /// The bot needs no privileged intent.
    /// With whether messages are read that do not mention the bot.
    Intents(bool),
    /// Whether `/ask` is registered.
    Commands(bool),
    /// Servers where the bot has all that it needs, and the invite link.
    Guilds(Vec<String>, String),
    /// A server and the permissions that the bot lacks there.
    PermissionsMissing(String, Vec<&'static str>),
    /// A bot is running; seconds since it was connected for certain.
    Alive(u64),
    /// No bot is running, or it was connected so many seconds ago.
    NotAlive(Option<u64>),
    /// Something failed.
    Failed(Failure),
}

impl Check {
    /// How it came out.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::IndexUnfit(Unfit::Damaged) | Self::NotAlive(_) | Self::Failed(_) => Level::Bad,
            Self::PermissionsMissing(..) => Level::Bad,
            Self::Public
            | Self::Unnamed(_)
            | Self::Unserved(_)
            | Self::NotJoined(_)
            | Self::IndexUnfit(_)
            | Self::TokenMissing
            | Self::Token { looks_right: false }
            | Self::Commands(false) => Level::Odd,
            Self::Links(base) if base.is_empty() => Level::Odd,
            Self::Guilds(names, _) if names.is_empty() => Level::Odd,
            _ => Level::Good,
        }
    }
}

impl Language {
    /// A check in this language, with what to do next.
    #[must_use]
    pub fn check(self, check: &Check) -> Message {
        match check {
            Check::Settings(None, 0) => {
                Message::new(self.pick("设置：全用默认值", "Settings: all defaults").to_owned(), "")
            }
            Check::Settings(None, variables) => Message::new(
                self.pick(
                    format!("设置：没有 kewen.toml，{variables} 个环境变量"),
                    format!("Settings: no kewen.toml, {}", counted(*variables, "variable")),
                ),
                "",
            ),
            Check::Settings(Some(path), _) => Message::new(
                self.pick(format!("设置：{}", path.display()), format!("Settings: {}", path.display())),
                "",
            ),
            Check::Course(name) if name.is_empty() => {
                Message::new(self.pick("其余的频道：", "Everywhere else:").to_owned(), "")
            }
            Check::Course(name) => Message::new(self.pick(format!("课 {name}："), format!("The course {name}:")), ""),
            Check::Notes(dir, notes, drafts) => {
                let dir = dir.display();
                let counts = if *drafts == 0 {
                    self.pick(format!("{notes} 篇"), counted(*notes, "note"))
                } else {
                    self.pick(
                        format!("{notes} 篇，另有草稿 {drafts} 篇没有收进索引"),
                        format!("{} and {}, not indexed", counted(*notes, "note"), counted(*drafts, "draft")),
                    )
                };
                Message::new(self.pick(format!("笔记：{dir}，{counts}"), format!("Notes: {dir} with {counts}")), "")
            }
            Check::Index { generation, age } => {
                let age = self.duration(*age);
                Message::new(
                    self.pick(
                        format!("索引：第 {generation} 代，{age}前建的"),
                        format!("Index: generation {generation}, built {age} ago"),
                    ),
                    self.pick("笔记改过以后，运行 kewen index。", "After editing notes run kewen index."),
                )
            }
            Check::IndexUnfit(unfit) => {
                let why = self.unfit(*unfit);
                Message::new(
                    self.pick(format!("索引：{why}"), format!("Index: {why}")),
                    self.pick(
                        "运行 kewen index 建好它（第一次提问时也会自动建）。",
                        "Run kewen index to build it (the first question does so too).",
                    ),
                )
            }
            Check::Links(base) if base.is_empty() => Message::new(
                self.pick(
                    "链接：links.base_url 没有设，答案里的链接在 Discord 里点不开",
                    "Links: links.base_url is not set, so links in Discord lead nowhere",
                )
                .to_owned(),
                self.pick(
                    "笔记发布在网上的话，把地址写进 kewen.toml 的 [links] base_url。",
                    "If the notes are published, put their address into [links] base_url in kewen.toml.",
                ),
            ),
            Check::Links(base) => Message::new(self.pick(format!("链接：{base}"), format!("Links: {base}")), ""),
            Check::TokenMissing => {
                let missing = self.failure(&Failure::TokenMissing);
                Message {
                    text: self
                        .pick("Token：还没有（只有 kewen bot 需要）", "Token: none yet (only kewen bot needs one)")
                        .to_owned(),
                    hints: missing.hints,
                }
            }
            Check::Token { looks_right: true } => Message::new(self.pick("Token：有", "Token: set").to_owned(), ""),
            Check::Token { looks_right: false } => Message::new(
                self.pick(
                    "Token：有，但样子不像 Discord 的 token",
                    "Token: set, but it does not look like one of Discord's",
                )
                .to_owned(),
                self.pick(
                    "它由三段组成，中间是点；在开发者页面的 Bot 一栏可以重新生成。",
                    "It has three parts with dots between; the Bot page of the developer portal makes a new one.",
                ),
            ),
            Check::Reached(name) => Message::new(
                self.pick(
                    format!("Discord：连上了，机器人叫 {name}"),
                    format!("Discord: reached, the bot is called {name}"),
                ),
                "",
            ),
            Check::Gateway => Message::new(self.pick("网关：连得上", "Gateway: can be reached").to_owned(), ""),
            Check::Intents(false) => Message::new(
                self.pick("Intents：不需要任何特权 intent", "Intents: no privileged intent is needed").to_owned(),
                "",
            ),
            Check::Intents(true) => Message::new(
                self.pick(
                    "Intents：discord.message_content 要打开 Message Content Intent（开发者页面的 Bot 一栏）",
                    "Intents: discord.message_content needs Message Content Intent (page Bot of the developer portal)",
                )
                .to_owned(),
                "",
            ),
            Check::Public => Message::new(
                self.pick("服务器：谁都可以把机器人加进自己的服务器，在那里查笔记", "Servers: anybody may add the bot to a server of their own, and ask the notes there").to_owned(),
                self.pick(
                    "在 Discord 开发者页面的 Installation 一栏把 Install Link 设成 None，再在 Bot 一栏关掉 Public Bot。",
                    "In Discord's developer portal set Install Link to None on the page Installation, then switch Public Bot off on the page Bot.",
                ),
            ),
            Check::Unnamed(servers) => Message::new(
                self.pick(
                    format!("服务器：不止一个，不知道哪些是课程自己的：{}", servers.join("、")),
                    format!("Servers: more than one, and it is not known which are those of the course: {}", servers.join(", ")),
                ),
                self.pick(
                    "把课程自己的服务器的编号都写进 discord.servers（没写的不再回答）；在那之前给老师的命令在这些服务器里不能用。",
                    "Write the ids of all servers of the course into discord.servers (others then get no answers); until then nobody is an instructor on these.",
                ),
            ),
            Check::Unserved(servers) => Message::new(
                self.pick(
                    format!("服务器：不在 discord.servers 里、不回答的：{}", servers.join("、")),
                    format!("Servers: not in discord.servers and not answered: {}", servers.join(", ")),
                ),
                self.pick("是课程自己的，就把编号也写进去。", "If they are of the course, add their ids."),
            ),
            Check::NotJoined(servers) => Message::new(
                self.pick(
                    format!("服务器：discord.servers 里写着 {}，机器人却不在那里", servers.join("、")),
                    format!("Servers: discord.servers names {}, and the bot is not on it", servers.join(", ")),
                ),
                self.pick(
                    "右键服务器「复制服务器 ID」再写一次（不是频道的），或者把机器人邀请进去。",
                    "Copy Server ID once more (not that of a channel), or invite the bot there.",
                ),
            ),
            Check::Commands(true) => {
                Message::new(self.pick("命令：/ask 已注册", "Commands: /ask is registered").to_owned(), "")
            }
            Check::Commands(false) => Message::new(
                self.pick("命令：/ask 还没有注册", "Commands: /ask is not registered yet").to_owned(),
                self.pick(
                    "运行 kewen bot，它连上以后会注册。",
                    "Run kewen bot: it registers the command once it is connected.",
                ),
            ),
            Check::Guilds(names, invite) => Message::new(
                match names.as_slice() {
                    [] => self
                        .pick("服务器：还没有一个给够了权限", "Servers: none yet where the bot may do all it needs")
                        .to_owned(),
                    names => {
                        self.pick(format!("服务器：{}", names.join("、")), format!("Servers: {}", names.join(", ")))
                    }
                },
                self.pick(format!("邀请链接：{invite}"), format!("Invite link: {invite}")),
            ),
            Check::PermissionsMissing(guild, missing) => Message::new(
                self.pick(
                    format!("权限：在 {guild} 里缺 {}", missing.join("、")),
                    format!("Permissions: {guild} lacks {}", missing.join(", ")),
                ),
                self.pick(
                    "用邀请链接再邀请一次，或在服务器的角色设置里打开它们。",
                    "Invite the bot again with the invite link, or turn them on in the server's roles.",
                ),
            ),
            Check::Alive(seconds) => Message::new(
                self.pick(
                    format!("机器人：正在运行，{seconds} 秒前还连着"),
                    format!("Bot: running, connected {seconds} s ago"),
                ),
                "",
            ),
            Check::NotAlive(None) => Message::new(
                self.pick("机器人：没有在运行，或还没连上", "Bot: not running, or not connected yet").to_owned(),
                self.pick("运行 kewen bot，看它说什么。", "Run kewen bot and see what it says."),
            ),
            Check::NotAlive(Some(seconds)) => {
                let ago = self.duration(*seconds);
                Message::new(
                    self.pick(
                        format!("机器人：{ago}前断开了，一直没连上"),
                        format!("Bot: lost its connection {ago} ago"),
                    ),
                    self.pick("看它的日志，检查网络。", "Look at its log and check the network."),
                )
            }
            Check::Failed(failure) => self.failure(failure),
        }
    }

    /// A time in its largest unit.
    pub(super) fn duration(self, seconds: u64) -> String {
        let (count, zh, en) = match seconds {
            0..60 => (seconds, "秒", "s"),
            60..3600 => (seconds / 60, "分钟", "min"),
            3600..86400 => (seconds / 3600, "小时", "h"),
            _ => (seconds / 86400, "天", "d"),
        };
        format!("{count} {}", self.pick(zh, en))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_largest_unit() {
        let told = [0, 59, 60, 7200, 200_000].map(|seconds| Language::En.duration(seconds));
        assert_eq!(told, ["0 s", "59 s", "1 min", "2 h", "2 d"]);
        assert_eq!(Language::Zh.duration(90), "1 分钟");
    }
}
