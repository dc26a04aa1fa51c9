//! What is said when something went wrong: what it is, and what to do next.

use serde::{Deserialize, Serialize};

use super::Language;
use crate::corpus::PLACEHOLDERS;
use crate::error::{Failure, Holder};
use crate::settings::{KeyKind, Need, Origin, Place, SettingsProblem};

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// What went wrong.
    pub text: String,
    /// What to do next; may be empty.
    pub hints: Vec<String>,
}

impl Message {
    pub(super) fn new(text: String, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        Self { text, hints: if hint.is_empty() { Vec::new() } else { vec![hint] } }
    }
}

impl Language {
    /// A failure in this language.
    #[must_use]
    pub fn failure(self, failure: &Failure) -> Message {
        match failure {
            Failure::QuestionEmpty => Message::new(
                self.pick("没有问题可答：问题是空的。", "There is nothing to answer: the question is empty.").to_owned(),
                self.pick("例如：kewen ask \"kube-proxy 是干啥用的\"", "For example: kewen ask \"what does kube-proxy do\""),
            ),
            Failure::QuestionTooLong { chars, limit } => Message::new(
                self.pick(format!("问题太长：{chars} 个字，最多 {limit} 个。"), format!("The question is too long: {chars} characters, at most {limit}.")),
                self.pick("把它缩成一两句话再问。", "Ask it in a sentence or two."),
            ),
            Failure::NotesMissing(path) => Message::new(
                self.pick(format!("找不到笔记文件夹：{}", path.display()), format!("There is no notes folder {}", path.display())),
                self.pick("用 --notes 文件夹 指定，或在 kewen.toml 的 [notes] dir 里写上。", "Name one with --notes DIR, or as [notes] dir in kewen.toml."),
            ),
            Failure::NotesUnreadable(path, reason) => Message::new(
                self.pick(format!("读不了笔记文件夹 {}：{reason}", path.display()), format!("The notes folder {} cannot be read: {reason}", path.display())),
                self.pick("它要是一个文件夹，并且你有读取权限。", "It must be a folder that you may read."),
            ),
            Failure::NotesEmpty(path, others) => Message::new(
                self.pick(
                    format!("{} 里没有可以索引的笔记（其他文件 {others} 个）。", path.display()),
                    format!("{} holds no note to index ({others} other files).", path.display()),
                ),
                self.pick(
                    "笔记是 .md、.markdown 或 .txt 文件；也看看 notes.include、notes.exclude 和 .gitignore。",
                    "Notes are .md, .markdown or .txt files; look at notes.include, notes.exclude and .gitignore too.",
                ),
            ),
            Failure::BadGlob(glob, reason) => Message::new(
                self.pick(format!("看不懂通配符 {glob:?}：{reason}"), format!("The glob {glob:?} cannot be understood: {reason}")),
                self.pick("写法和 .gitignore 一样，例如 drafts/** 。", "Write it as in .gitignore, for example drafts/** ."),
            ),
            Failure::Lexicon { path, line, reason } => Message::new(
                self.pick(format!("词表 {} 有错：{reason}", at(path, *line)), format!("The lexicon {} is wrong: {reason}", at(path, *line))),
                self.pick("一条的写法：[[term]] 换行 name = \"Pod\" 换行 also = [\"容器组\"]", "A term is written: [[term]], name = \"Pod\", also = [\"容器组\"], each on its own line."),
            ),
            Failure::NoteUnknown(note, nearest) => Message::new(
                self.pick(format!("没有这篇笔记：{note}"), format!("There is no note {note}")),
                if nearest.is_empty() {
                    String::new()
                } else {
                    self.pick(format!("是不是：{}", nearest.join("、")), format!("Did you mean {}?", nearest.join(", ")))
                },
            ),
            Failure::NoteDraft(note) => Message::new(
                self.pick(format!("{note} 是草稿，没有收进索引，也不显示。"), format!("{note} is a draft: it is neither indexed nor shown.")),
                self.pick("写好以后，去掉它开头的 draft: true，再运行 kewen index。", "When it is ready, take draft: true out of its front matter and run kewen index."),
            ),
            Failure::SectionUnknown { note, anchor, nearest } => Message::new(
                self.pick(format!("{note} 里没有小节 #{anchor}"), format!("{note} has no section #{anchor}")),
                self.pick(format!("接近的有：{}", nearest.join("、")), format!("Near it are: {}", nearest.join(", "))),
            ),
            Failure::NoteUnreadable(note, kind) => {
                let reason = self.warning(kind);
                Message::new(self.pick(format!("读不了笔记 {note}：{reason}"), format!("The note {note} cannot be read: {reason}")), "")
            }
            Failure::Git(problem) => self.git_problem(problem),
            Failure::IndexUnwritable(path, reason) => Message::new(
                self.pick(format!("索引写不进 {}：{reason}", path.display()), format!("The index cannot be written in {}: {reason}", path.display())),
                self.pick(
                    "腾出磁盘空间，或用 --index 文件夹 指定一个可以写的地方。",
                    "Make room on the disk, or name a folder that can be written with --index DIR.",
                ),
            ),
            Failure::IndexLocked(path, holder) => {
                let (chinese, english) = holder.as_ref().map_or_else(Default::default, |Holder { pid, host, seconds }| {
                    (
                        format!("：{host} 上的进程 {pid}，{seconds} 秒前开始"),
                        format!(": process {pid} on {host}, for {seconds} s"),
                    )
                });
                Message::new(
                    self.pick(
                        format!("另一个 kewen 正在写索引 {}{chinese}", path.display()),
                        format!("Another kewen is writing the index {}{english}", path.display()),
                    ),
                    self.pick("等它写完再试。", "Try again when it is done."),
                )
            }
            Failure::IndexDamaged(path, reason) => Message::new(
                self.pick(format!("索引 {} 坏了：{reason}", path.display()), format!("The index {} is damaged: {reason}", path.display())),
                self.pick("运行 kewen index 重建它。", "Run kewen index to build it anew."),
            ),
            Failure::Settings(problem) => self.settings_problem(problem),
            Failure::SettingsMissing(path) => Message::new(
                self.pick(format!("找不到设置文件：{}", path.display()), format!("There is no settings file {}", path.display())),
                self.pick("kewen config 会列出所有设置和它们的默认值。", "kewen config lists all settings with their defaults."),
            ),
            Failure::Golden { path, line, reason } => Message::new(
                self.pick(format!("题目文件 {} 用不了：{reason}", at(path, *line)), format!("The questions file {} cannot be used: {reason}", at(path, *line))),
                self.pick("一题的写法：[[question]] 换行 ask = \"…\" 换行 expect = [\"笔记.md#小节\"]", "A question is written: [[question]], ask = \"…\", expect = [\"note.md#anchor\"], each on its own line."),
            ),
            Failure::File(path, reason) => Message::new(
                self.pick(format!("读不了或写不了 {}：{reason}", path.display()), format!("{} cannot be read or written: {reason}", path.display())),
                "",
            ),
            Failure::BatchRow(line) => Message::new(
                self.pick(format!("第 {line} 行以 {{ 开头，却不是一个带 question 的 JSON 对象。"), format!("Line {line} begins with {{ and is no JSON object with a question.")),
                self.pick(
                    "写成一行文字，或 {\"question\": \"…\"}；同一个对话的几行再加上 \"session\": \"…\"。",
                    "Write a line of text, or {\"question\": \"…\"}, with \"session\": \"…\" for the lines of a conversation.",
                ),
            ),
            Failure::BatchEncoding(line) => Message::new(
                self.pick(format!("第 {line} 行不是 UTF-8 编码。"), format!("Line {line} is not UTF-8.")),
                self.pick(
                    "把文件另存为 UTF-8 再试；GBK 的可以用 iconv -f GBK -t UTF-8 转换。",
                    "Save the file as UTF-8; iconv -f GBK -t UTF-8 converts one in GBK.",
                ),
            ),
            Failure::LogBroken(path, reason) => Message::new(
                self.pick(format!("提问记录 {} 用不了：{reason}", path.display()), format!("The question log {} cannot be used: {reason}", path.display())),
                self.pick(
                    "看看文件夹的权限和磁盘空间。文件要是坏了，把它移走，kewen 会另建一个；回答问题用不着它。",
                    "Look at the folder's permissions and the space on the disk. If the file is damaged, move it away and kewen makes a new one; answers do not need it.",
                ),
            ),
            Failure::LogNewer(path) => Message::new(
                self.pick(format!("提问记录 {} 是更新版本的 kewen 写的。", path.display()), format!("The question log {} was written by a newer kewen.", path.display())),
                self.pick("用那个版本打开它，或者用 log.dir 另选一个文件夹。", "Use that kewen, or name another folder as log.dir."),
            ),
            Failure::LogKey(path) => Message::new(
                self.pick(format!("{} 里放的不是提问记录的密钥（应当是 32 个字节）。", path.display()), format!("{} does not hold the key of a question log (32 bytes).", path.display())),
                self.pick(
                    "换回原来的文件；找不回来就删掉它，kewen 会另造一个，以前的提问就不再能按成员删除了。",
                    "Put the right file back. If it is lost, delete it and kewen makes another; what was asked before can then no longer be forgotten by member.",
                ),
            ),
            Failure::LogKeyLost(path) => Message::new(
                self.pick(format!("提问记录的密钥不见了：{}", path.display()), format!("The key of the question log is gone: {}", path.display())),
                self.pick(
                    "放回原来的文件。找不回来，以前的提问就不能按成员删除，只能用 kewen forget --before 日期 或 --all 删。",
                    "Put the file back. If it is lost, what was asked before cannot be forgotten by member, only with kewen forget --before DATE or --all.",
                ),
            ),
            Failure::LogMissing(path) => Message::new(
                self.pick(format!("还没有提问记录：{}", path.display()), format!("There is no question log yet: {}", path.display())),
                self.pick(
                    "机器人（kewen bot）和对话（kewen ask 不带问题）会记下问题，除非 log.enabled = false；单独一次的 kewen ask \"…\" 不记。",
                    "The bot (kewen bot) and the chat (kewen ask without a question) log what is asked, unless log.enabled = false; a single kewen ask \"…\" logs nothing.",
                ),
            ),
            Failure::QuestionUnknown(id) => Message::new(
                self.pick(format!("提问记录里没有第 {id} 号问题。"), format!("The question log has no question {id}.")),
                self.pick("编号写在 kewen gaps 的每个问题前面。", "The numbers stand before the questions in kewen gaps."),
            ),
            Failure::TokenMissing => Message::new(
                self.pick("机器人没有 token。", "The bot has no token.").to_owned(),
                self.pick("把它写进环境变量 KEWEN_DISCORD__TOKEN，或写进文件并设置 discord.token_file。", "Put it into KEWEN_DISCORD__TOKEN, or into a file named by discord.token_file."),
            ),
            Failure::TokenRefused => Message::new(
                self.pick("Discord 不认这个 token。", "Discord does not accept the token.").to_owned(),
                self.pick(
                    "在 Discord 开发者页面的 Bot 一栏点 Reset Token，把新的 token 放好；别带上引号、空格或 Bot 前缀。",
                    "Press Reset Token on the Bot page of Discord's developer portal and use the new one, without quotes, blanks or the word Bot.",
                ),
            ),
            Failure::IntentsRefused => Message::new(
                self.pick("Discord 不允许机器人订阅它要的事件（intents）。", "Discord does not allow the intents that the bot asks for.").to_owned(),
                self.pick(
                    "在 Discord 开发者页面的 Bot 一栏看 Privileged Gateway Intents；discord.message_content = true 要打开 Message Content Intent，别的都不需要。",
                    "Look at Privileged Gateway Intents on the Bot page of Discord's developer portal: discord.message_content = true needs Message Content Intent, and nothing else needs any.",
                ),
            ),
            Failure::GatewayOutOfReach(reason) => Message::new(
                self.pick(format!("Discord 的网关连不上：{reason}"), format!("Discord's gateway cannot be reached: {reason}")),
                self.pick(
                    "网关不走 HTTPS_PROXY 之类的代理变量，要让整台机器走代理；见 docs/discord.zh-CN.md。",
                    "The gateway does not use HTTPS_PROXY and the like: let the whole machine go through the proxy; see docs/discord.md.",
                ),
            ),
            Failure::GatewayElsewhere(host) => Message::new(
                self.pick(
                    format!("discord.api_base 给出的网关在另一台主机上：{host}"),
                    format!("The gateway that discord.api_base gives is on another host: {host}"),
                ),
                self.pick(
                    "设了 api_base 以后，kewen 不会连其他主机；让中转服务把网关地址也换成自己的。",
                    "With api_base set kewen connects to no other host: let the relay give an address of its own.",
                ),
            ),
            Failure::Discord(reason) => Message::new(
                self.pick(format!("连不上 Discord：{reason}"), format!("Discord cannot be reached: {reason}")),
                self.pick("检查 token、网络和 discord.api_base。", "Check the token, the network and discord.api_base."),
            ),
            Failure::Usage(text) => {
                Message::new(text.clone(), self.pick("运行 kewen --help 看用法。", "Run kewen --help for the usage."))
            }
            Failure::Internal(reason) => Message::new(
                self.pick(format!("kewen 自己出错了：{reason}"), format!("This is a defect of kewen: {reason}")),
                self.pick("请把这句话和你做的事告诉我们。", "Please tell us this sentence and what you did."),
            ),
        }
    }

    fn known_courses(self, known: &[String]) -> String {
        if known.is_empty() {
            return self.pick("kewen.toml 里没有 [courses.…]。", "There is no [courses.…] in kewen.toml.").to_owned();
        }
        self.pick(
            format!("用 --course 指定：{}", known.join("、")),
            format!("Name it with --course: {}", known.join(", ")),
        )
    }

    fn settings_problem(self, problem: &SettingsProblem) -> Message {
        match problem {
            SettingsProblem::NotText(path) => Message::new(
                self.pick(
                    format!("{} 不是 UTF-8 的文本文件，或者超过 1 MB。", path.display()),
                    format!("{} is no text file in UTF-8, or larger than 1 MB.", path.display()),
                ),
                self.pick("用编辑器另存为 UTF-8，或者用 --config 指明设置文件。", "Save it as UTF-8 in an editor, or name the settings file with --config."),
            ),
            SettingsProblem::Syntax { place, reason } => Message::new(
                self.pick(
                    format!("{} 不是正确的 TOML：{reason}", self.place(place)),
                    format!("{} is no valid TOML: {reason}", self.place(place)),
                ),
                self.pick(
                    "看看那一行：文字要用英文双引号括起来，数字不能太大。",
                    "Look at that line: texts stand in double quotes, and numbers have a limit.",
                ),
            ),
            SettingsProblem::UnknownKey { place, key, nearest } => Message::new(
                self.pick(
                    format!("{}：没有叫 {key} 的设置", self.place(place)),
                    format!("{}: there is no setting {key}", self.place(place)),
                ),
                match nearest {
                    Some(nearest) => self.pick(format!("是不是 {nearest} ？"), format!("Did you mean {nearest}?")),
                    None => self.pick("kewen config 会列出所有设置。", "kewen config lists all settings.").to_owned(),
                },
            ),
            SettingsProblem::WrongValue { place, key, expected } => Message::new(
                self.pick(
                    format!("{}：设置 {key} 的值不对，应为 {}", self.place(place), self.kind_at(*expected, &place.origin)),
                    format!("{}: the setting {key} should be {}", self.place(place), self.kind_at(*expected, &place.origin)),
                ),
                "",
            ),
            SettingsProblem::Lacks { place, need: Need::Template } => Message::new(
                self.pick(
                    format!("{}：links.style 是 template，但没有设 links.template", self.place(place)),
                    format!("{}: links.style is template, and links.template is not set", self.place(place)),
                ),
                self.pick("例如 https://example.org/{stem}.html#{anchor}", "For example https://example.org/{stem}.html#{anchor}"),
            ),
            SettingsProblem::Lacks { place, need: Need::MessageContent } => Message::new(
                self.pick(
                    format!("{}：discord.channels.forum 要和 message_content = true 一起用。", self.place(place)),
                    format!("{}: discord.channels.forum needs message_content = true.", self.place(place)),
                ),
                self.pick(
                    "论坛里的新帖不会提到机器人：写上 message_content = true，并在 Discord 开发者页面的 Bot 一栏打开 Message Content Intent。",
                    "New posts mention nobody: set message_content = true, and switch on Message Content Intent on the Bot page of Discord's developer portal.",
                ),
            ),
            SettingsProblem::CourseTwice { place, claim } => Message::new(
                self.pick(
                    format!("{}：另一门课已经写了 {claim}", self.place(place)),
                    format!("{}: another course has {claim} already", self.place(place)),
                ),
                self.pick(
                    "每个服务器、频道、笔记文件夹只写在一门课里，默认的课只有一门。",
                    "A server, a channel and a folder of notes belong to one course, and one course is the default one.",
                ),
            ),
            SettingsProblem::CourseName(place) => Message::new(
                self.pick(
                    format!("{}：课的名字要有 1 到 40 个字，不能有控制字符", self.place(place)),
                    format!("{}: the name of a course has 1 to 40 characters, none of them a control character", self.place(place)),
                ),
                self.pick("例如 [courses.k8s]", "For example [courses.k8s]"),
            ),
            SettingsProblem::CourseUnknown(name, known) => Message::new(
                self.pick(format!("没有叫 {name} 的课。"), format!("There is no course {name}.")),
                self.known_courses(known),
            ),
            SettingsProblem::CourseMissing(known) => Message::new(
                self.pick("设置里有几门课，不知道是哪一门。", "The settings have several courses, and none was named.").to_owned(),
                self.known_courses(known),
            ),
            SettingsProblem::Lacks { place, need: Need::PinnedPlace } => Message::new(
                self.pick(
                    format!("{}：links.pin 要把提交写进链接，但链接里没有放提交的地方", self.place(place)),
                    format!("{}: links.pin puts the commit into links, which have no place for it", self.place(place)),
                ),
                self.pick(
                    "links.base_url 里要有 /blob/分支，或者 links.template 里要有 {commit}；plain 和 mdbook 不能固定。",
                    "Let links.base_url hold /blob/BRANCH, or links.template hold {commit}; plain and mdbook cannot be pinned.",
                ),
            ),
            SettingsProblem::Internal(reason) => self.failure(&Failure::Internal(reason.clone())),
        }
    }

    fn place(self, place: &Place) -> String {
        match &place.origin {
            Origin::File(path) => at(path, place.line),
            other => self.origin(other),
        }
    }

    /// Where a setting came from.
    #[must_use]
    pub fn origin(self, origin: &Origin) -> String {
        match origin {
            Origin::Default => self.pick("默认值", "default").to_owned(),
            Origin::File(path) => path.display().to_string(),
            Origin::Variable(name) => self.pick(format!("环境变量 {name}"), format!("variable {name}")),
            Origin::Option => self.pick("命令行", "command line").to_owned(),
        }
    }

    /// Stands for a secret.
    #[must_use]
    pub fn hidden(self) -> &'static str {
        self.pick("（已设置，不显示）", "(set, not shown)")
    }

    /// What a key holds, as it is written where it stands.
    fn kind_at(self, kind: KeyKind, origin: &Origin) -> String {
        match (kind, origin) {
            (KeyKind::Ids, Origin::Variable(_)) => self
                .pick(
                    "Discord 编号，几个的话用逗号隔开，不加引号",
                    "Discord's ids with commas between them, without quotes",
                )
                .to_owned(),
            _ => self.kind(kind),
        }
    }

    fn kind(self, kind: KeyKind) -> String {
        match kind {
            KeyKind::Text => self.pick("文字", "a text").to_owned(),
            KeyKind::Path => self.pick("路径", "a path").to_owned(),
            KeyKind::Bool => self.pick("true 或 false", "true or false").to_owned(),
            KeyKind::Number { min, max } => {
                self.pick(format!("{min} 到 {max} 的整数"), format!("a whole number from {min} to {max}"))
            }
            KeyKind::Texts => self.pick("文字的列表", "a list of texts").to_owned(),
            KeyKind::OneOf(words) => {
                self.pick(format!("其中之一：{}", words.join("、")), format!("one of {}", words.join(", ")))
            }
            KeyKind::Template => {
                let names = PLACEHOLDERS.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>();
                self.pick(
                    format!("空，或以 http:// 或 https:// 开头的地址，花括号里只能是 {}", names.join("、")),
                    format!(
                        "empty, or an address that begins with http:// or https://, with nothing in braces but {}",
                        names.join(", ")
                    ),
                )
            }
            KeyKind::Url => self
                .pick(
                    "空，或以 http:// 或 https:// 开头的地址",
                    "empty, or an address that begins with http:// or https://",
                )
                .to_owned(),
            KeyKind::Repository => self
                .pick(
                    "空，或一个 Git 仓库的地址（https://…、ssh://…、git@主机:路径、绝对路径）",
                    "empty, or the address of a Git repository (https://…, ssh://…, git@host:path, an absolute path)",
                )
                .to_owned(),
            KeyKind::Id => self
                .pick("空，或 Discord 的编号（一串数字，写在引号里）", "empty, or one of Discord's ids in quotes")
                .to_owned(),
            KeyKind::Branch => self.pick("空，或一个分支名", "empty, or the name of a branch").to_owned(),
            KeyKind::Ids => self
                .pick(
                    "Discord 编号的列表（在 Discord 里打开开发者模式，右键「复制 ID」），写成 [\"123…\"]",
                    "a list of Discord's ids (developer mode in Discord, right click, Copy ID), written as [\"123…\"]",
                )
                .to_owned(),
            KeyKind::Inside => {
                self.pick("空，或仓库里面的一个文件夹", "empty, or a folder inside the repository").to_owned()
            }
        }
    }
}

fn at(path: &std::path::Path, line: Option<usize>) -> String {
    line.map_or_else(|| path.display().to_string(), |line| format!("{}:{line}", path.display()))
}
