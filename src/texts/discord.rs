//! What the bot says: in Discord, and in its log.

use super::Language;

/// A name and a description in Discord's locales; the English description is for all others.
#[derive(Clone, Copy, Debug)]
pub struct CommandText {
    /// The description where no other fits.
    pub english: &'static str,
    /// Locale, name, description.
    pub others: &'static [(&'static str, &'static str, &'static str)],
}

/// The name of a command in a menu, in Discord's locales.
#[derive(Clone, Copy, Debug)]
pub struct MenuText {
    /// The name where no other fits, which is also that by which the bot knows the command.
    pub english: &'static str,
    /// Locale, name.
    pub others: &'static [(&'static str, &'static str)],
}

/// The name of the command in the menu of a message.
pub const LOOK_UP_NAMES: MenuText = MenuText {
    english: "Ask the notes",
    others: &[("zh-CN", "在笔记里查"), ("zh-TW", "在筆記裡查"), ("en-US", "Ask the notes"), ("en-GB", "Ask the notes")],
};

/// The texts of the slash commands.
#[derive(Clone, Copy, Debug)]
pub struct CommandTexts {
    /// `/ask`
    pub ask: CommandText,
    /// Its option `question`.
    pub question: CommandText,
    /// Its option `private`.
    pub private: CommandText,
    /// `/forget`
    pub forget: CommandText,
    /// `/reindex`
    pub reindex: CommandText,
    /// `/status`
    pub status: CommandText,
    /// `/gaps`
    pub gaps: CommandText,
    /// Its option `days`.
    pub days: CommandText,
}

/// The texts of the slash commands.
pub const COMMAND_TEXTS: CommandTexts = CommandTexts {
    ask: CommandText {
        english: "Ask the course notes",
        others: &[
            ("zh-CN", "提问", "在课程笔记里找答案"),
            ("zh-TW", "提問", "在課程筆記裡找答案"),
            ("en-US", "ask", "Ask the course notes"),
            ("en-GB", "ask", "Ask the course notes"),
        ],
    },
    question: CommandText {
        english: "The question, for example: what does kube-proxy do",
        others: &[
            ("zh-CN", "问题", "例如：kube-proxy 是干啥用的"),
            ("zh-TW", "問題", "例如：kube-proxy 是做什麼用的"),
            ("en-US", "question", "The question, for example: what does kube-proxy do"),
            ("en-GB", "question", "The question, for example: what does kube-proxy do"),
        ],
    },
    private: CommandText {
        english: "Show the answer to you alone",
        others: &[
            ("zh-CN", "仅自己可见", "只有你自己能看到回答"),
            ("zh-TW", "僅自己可見", "只有你自己能看到回答"),
            ("en-US", "private", "Show the answer to you alone"),
            ("en-GB", "private", "Show the answer to you alone"),
        ],
    },
    forget: CommandText {
        english: "Delete everything that you asked from the log of questions",
        others: &[
            ("zh-CN", "忘掉", "把你问过的都从提问记录里删掉"),
            ("zh-TW", "忘掉", "把你問過的都從提問記錄裡刪掉"),
            ("en-US", "forget", "Delete everything that you asked from the log of questions"),
            ("en-GB", "forget", "Delete everything that you asked from the log of questions"),
        ],
    },
    reindex: CommandText {
        english: "For instructors: bring the index up to the notes",
        others: &[
            ("zh-CN", "更新索引", "老师用：按现在的笔记更新索引"),
            ("zh-TW", "更新索引", "老師用：按現在的筆記更新索引"),
            ("en-US", "reindex", "For instructors: bring the index up to the notes"),
            ("en-GB", "reindex", "For instructors: bring the index up to the notes"),
        ],
    },
    status: CommandText {
        english: "For instructors: how the index stands beside the notes",
        others: &[
            ("zh-CN", "状态", "老师用：索引和笔记现在的情况"),
            ("zh-TW", "狀態", "老師用：索引和筆記現在的情況"),
            ("en-US", "status", "For instructors: how the index stands beside the notes"),
            ("en-GB", "status", "For instructors: how the index stands beside the notes"),
        ],
    },
    gaps: CommandText {
        english: "For instructors: what was asked and not answered well",
        others: &[
            ("zh-CN", "缺口", "老师用：问了却没答好的问题"),
            ("zh-TW", "缺口", "老師用：問了卻沒答好的問題"),
            ("en-US", "gaps", "For instructors: what was asked and not answered well"),
            ("en-GB", "gaps", "For instructors: what was asked and not answered well"),
        ],
    },
    days: CommandText {
        english: "Of so many days; 7 when left out",
        others: &[
            ("zh-CN", "天数", "最近多少天；不写就是 7 天"),
            ("zh-TW", "天數", "最近多少天；不寫就是 7 天"),
            ("en-US", "days", "Of so many days; 7 when left out"),
            ("en-GB", "days", "Of so many days; 7 when left out"),
        ],
    },
};

impl Language {
    /// A course cannot be opened; the others can.
    #[must_use]
    pub fn course_failed(self, name: &str) -> String {
        self.pick(
            format!("课 {name} 先不回答，修好以后重启机器人："),
            format!("The course {name} is not answered for now; mend it and restart the bot:"),
        )
    }

    /// Threads cannot be opened in a channel that is answered in threads, or not be written in.
    #[must_use]
    pub fn lacks_threads(self) -> &'static str {
        self.pick(
            "这个频道里开不了子区，或者不能在子区里说话（Create Public Threads、Send Messages in Threads），改为直接回复",
            "threads cannot be opened in this channel, or not be written in (Create Public Threads, Send Messages in Threads): answers are replies",
        )
    }

    /// No course is asked here, by the settings.
    #[must_use]
    pub fn no_course_here(self) -> &'static str {
        self.pick(
            "这里不知道是哪门课：请到课程的频道里用。",
            "Which course this is about cannot be told here: use me in a channel of the course.",
        )
    }

    /// When something is asked on a server that the settings leave out.
    #[must_use]
    pub fn server_not_served(self, id: u64) -> String {
        self.pick(
            format!("这个服务器（编号 {id}）不在设置 discord.servers 里，所以我不在这里回答。"),
            format!("This server ({id}) is not in the setting discord.servers, so I do not answer here."),
        )
    }

    /// When the bot was mentioned without a question.
    #[must_use]
    pub fn ask_me(self) -> &'static str {
        self.pick(
            "在提到我的同时写上问题，例如：kube-proxy 是干啥用的",
            "Mention me with a question, for example: what does kube-proxy do",
        )
    }

    /// When there was no question where no mention is needed.
    #[must_use]
    pub fn ask_me_directly(self) -> &'static str {
        self.pick("写上问题就行，例如：kube-proxy 是干啥用的", "Write a question, for example: what does kube-proxy do")
    }

    /// When a message was to be looked up that holds no text.
    #[must_use]
    pub fn nothing_to_look_up(self) -> &'static str {
        self.pick(
            "这条消息里没有文字，图片我看不懂。把问题写成文字发出来，或者用 /提问。",
            "There is no text in this message, and I cannot read pictures. Write the question down, or use /ask.",
        )
    }

    /// When a message of the bot's own was to be looked up.
    #[must_use]
    pub fn look_up_mine(self) -> &'static str {
        self.pick(
            "这是我自己的消息。想接着问，直接回复它就行。",
            "This is a message of mine. To ask more about it, reply to it.",
        )
    }

    /// When the bot is being ended.
    #[must_use]
    pub fn going_down(self) -> &'static str {
        self.pick("我正要重启，请过一会儿再问。", "I am about to restart: please ask again in a moment.")
    }

    /// A connection was given up.
    #[must_use]
    pub fn gateway_given_up(self, seconds: u64) -> String {
        self.pick(
            format!("和 Discord 网关的连接一直不成，{seconds} 秒后从头再连（网络见 docs/discord.zh-CN.md）"),
            format!("no connection to Discord's gateway for too long, beginning anew in {seconds} s (network: docs/discord.md)"),
        )
    }

    /// Discord refused a reply, for a permission that the bot lacks most probably.
    #[must_use]
    pub fn lacks_permission(self) -> &'static str {
        self.pick(
            "回复发不出去：这个频道里缺权限（Send Messages、Embed Links 或 Read Message History），运行 kewen doctor 看看",
            "a reply could not be sent: a permission is missing in this channel (Send Messages, Embed Links or Read Message History), run kewen doctor",
        )
    }

    /// The bot may post no boxes in a channel.
    #[must_use]
    pub fn lacks_boxes(self) -> &'static str {
        self.pick(
            "这个频道里没有 Embed Links 权限，回答改成纯文字",
            "Embed Links is missing in this channel: answers there are plain text",
        )
    }

    /// The bot may not read what was said in a channel, and so not refer to it.
    #[must_use]
    pub fn lacks_history(self) -> &'static str {
        self.pick(
            "这个频道里没有 Read Message History 权限，回答不能写成「回复」",
            "Read Message History is missing in this channel: answers there are no replies",
        )
    }

    /// The bot may not speak in a channel.
    #[must_use]
    pub fn lacks_voice(self) -> &'static str {
        self.pick(
            "这个频道里没有 View Channel、Send Messages 或 Send Messages in Threads 权限，改成私信回答提问的人",
            "View Channel, Send Messages or Send Messages in Threads is missing in this channel: whoever asks there gets a direct message",
        )
    }

    /// Above an answer that comes as a direct message because the bot may not speak where it was asked.
    #[must_use]
    pub fn not_allowed_there(self, channel: u64) -> String {
        self.pick(
            format!("我在 <#{channel}> 里不能说话，所以在这里回答你："),
            format!("I may not speak in <#{channel}>, so here is your answer:"),
        )
    }

    /// When too many questions are being answered.
    #[must_use]
    pub fn too_busy(self) -> &'static str {
        self.pick("现在问的人太多了，请过一会儿再问。", "Too many questions at once: please ask again in a moment.")
    }

    /// When a question could not be answered for a reason that is none of the asker's.
    #[must_use]
    pub fn failed_with_id(self, id: u64) -> String {
        self.pick(
            format!("出错了，答不上来。请把编号 {id} 告诉管理员。"),
            format!("Something went wrong. Please tell the number {id} to whoever runs the bot."),
        )
    }

    /// When a member asks too much.
    #[must_use]
    pub fn member_waits(self, seconds: u64) -> String {
        self.pick(
            format!("慢一点，我跟不上了：{seconds} 秒之后再问吧。"),
            format!("Not so fast, please: ask again in {seconds} s."),
        )
    }

    /// When a member presses too many buttons.
    #[must_use]
    pub fn presser_waits(self, seconds: u64) -> String {
        self.pick(
            format!("按得太快了：{seconds} 秒之后再按吧。"),
            format!("Not so fast, please: press again in {seconds} s."),
        )
    }

    /// When it is not certain that everything was forgotten.
    #[must_use]
    pub fn not_forgotten(self, id: u64) -> String {
        self.pick(
            format!("没能保证都删掉，请过一分钟再用一次 /忘掉；还不行，就把编号 {id} 告诉管理员。"),
            format!("It is not certain that everything is deleted: please use /forget again in a minute. If that does not help, tell the number {id} to whoever runs the bot."),
        )
    }

    /// When members cannot be told in the log any more.
    #[must_use]
    pub fn cannot_forget(self, id: u64) -> String {
        self.pick(
            format!("记录的密钥丢了，认不出哪些是你问的，删不了。请把编号 {id} 告诉管理员；记录到期会自己删掉。"),
            format!("The key of the log is lost, so it cannot be told which questions are yours. Please tell the number {id} to whoever runs the bot; the log deletes them when their time is over."),
        )
    }

    /// When instructors are asked for on a server that the settings do not name.
    #[must_use]
    pub fn server_not_named(self, id: u64) -> String {
        self.pick(
            format!("我在不止一个服务器里，不知道这里是不是课程自己的：请管理员把 \"{id}\" 和课程别的服务器的编号都写进设置 discord.servers（没写的不再回答），再重新启动机器人。"),
            format!("I am on more than one server, and do not know whether this is one of the course: let whoever runs the bot write \"{id}\", and the ids of all other servers of the course, into the setting discord.servers (others then get no answers) and start it anew."),
        )
    }

    /// When too much is asked in a channel.
    #[must_use]
    pub fn channel_waits(self, seconds: u64) -> String {
        self.pick(
            format!("这个频道里问的人太多了：{seconds} 秒之后再问，或者私信问我。"),
            format!("Too many questions in this channel: ask again in {seconds} s, or in a direct message."),
        )
    }

    /// When a member asks for what only instructors may have.
    #[must_use]
    pub fn for_instructors(self) -> &'static str {
        self.pick(
            "这个命令是给老师用的，要在服务器里、有相应的身份组或权限才行。提问请用 /提问，或者直接 @ 我。",
            "This command is for instructors: it needs their role or permission, on the server. To ask the notes, use /ask or mention me.",
        )
    }

    /// When the same command is still being done.
    #[must_use]
    pub fn under_way(self) -> &'static str {
        self.pick(
            "已经有人在做这件事了，还没做完。请等它结束再试。",
            "This is being done already. Please try again when it is over.",
        )
    }

    /// When the bot is told to end while the index is brought up.
    #[must_use]
    pub fn ends_while_indexing(self) -> &'static str {
        self.pick(
            "我要退出了，索引还没有更新完：原来的索引照旧有效。等我再上线，请重新 /reindex。",
            "I am told to end, and the index is not done: the one before stays in force. Please /reindex again once I am back.",
        )
    }

    /// When a command of an instructor came to nothing; `why` is the failure in words.
    #[must_use]
    pub fn command_failed(self, why: &str, id: u64) -> String {
        self.pick(
            format!("没有做成：{why}\n（日志里的编号：{id}）"),
            format!("That did not work: {why}\n(number {id} in the log)"),
        )
    }

    /// Above the gaps that are posted once a week.
    #[must_use]
    pub fn gaps_of_the_week(self) -> &'static str {
        self.pick("这一周没有答好的问题：", "What was not answered well this week:")
    }

    /// Clusters that found no place in a message.
    #[must_use]
    pub fn more_clusters_elsewhere(self, more: usize) -> String {
        self.pick(format!("还有 {more} 组，用 kewen gaps 看全部。"), format!("{more} more: run kewen gaps to see all."))
    }

    /// Above the hits behind the best one.
    #[must_use]
    pub fn further_hits(self) -> &'static str {
        self.pick("还有", "Also")
    }

    /// When the bot begins.
    #[must_use]
    pub fn bot_starts(self) -> &'static str {
        self.pick("机器人正在连接 Discord …（Ctrl-C 结束）", "The bot is connecting to Discord … (Ctrl-C ends it)")
    }

    /// The API cannot be reached.
    #[must_use]
    pub fn discord_out_of_reach(self, seconds: u64) -> String {
        self.pick(
            format!("连不上 Discord，{seconds} 秒后再试"),
            format!("Discord cannot be reached, trying again in {seconds} s"),
        )
    }

    /// The API answers, the gateway does not.
    #[must_use]
    pub fn gateway_out_of_reach(self, seconds: u64) -> String {
        self.pick(
            format!("Discord 的网关连不上（它不走 HTTP 代理，见 docs/discord.md），{seconds} 秒后再试"),
            format!("Discord's gateway cannot be reached (it does not use an HTTP proxy, see docs/discord.md), trying again in {seconds} s"),
        )
    }

    /// The connection broke.
    #[must_use]
    pub fn connection_lost(self) -> &'static str {
        self.pick("和 Discord 的连接断了，正在重连", "the connection to Discord is lost, connecting again")
    }

    /// Connecting again did not succeed.
    #[must_use]
    pub fn gateway_again(self) -> &'static str {
        self.pick(
            "还连不上 Discord 的网关，几秒后再试",
            "Discord's gateway cannot be reached yet, trying again in a few seconds",
        )
    }

    /// Discord allows a bot only so many connections a day.
    #[must_use]
    pub fn no_starts_left(self, seconds: u64) -> String {
        self.pick(
            format!("今天连接 Discord 的次数用完了，{seconds} 秒后再试（一直重启会让 Discord 作废 token）"),
            format!("Discord allows no further connection today, trying again in {seconds} s (restarting over and over makes Discord reset the token)"),
        )
    }
}

impl Language {
    /// Button: the hit before.
    #[must_use]
    pub fn previous_hit(self) -> &'static str {
        self.pick("◀ 上一条", "◀ Previous")
    }

    /// Button: the next hit.
    #[must_use]
    pub fn next_hit(self) -> &'static str {
        self.pick("下一条 ▶", "Next ▶")
    }

    /// Button: the page before.
    #[must_use]
    pub fn previous_page(self) -> &'static str {
        self.pick("◀ 上一页", "◀ Previous page")
    }

    /// Button: the next page.
    #[must_use]
    pub fn next_page(self) -> &'static str {
        self.pick("下一页 ▶", "Next page ▶")
    }

    /// Button: the whole section.
    #[must_use]
    pub fn whole_section(self) -> &'static str {
        self.pick("看全文", "Whole section")
    }

    /// Button: the note where it is published.
    #[must_use]
    pub fn open_note(self) -> &'static str {
        self.pick("打开笔记", "Open the note")
    }

    /// Button: the answer was useful.
    #[must_use]
    pub fn useful(self) -> &'static str {
        self.pick("👍 有用", "👍 Useful")
    }

    /// Button: it was not.
    #[must_use]
    pub fn not_useful(self) -> &'static str {
        self.pick("👎 没用", "👎 Not useful")
    }

    /// Button: hands the question on.
    #[must_use]
    pub fn ask_instructors(self) -> &'static str {
        self.pick("转给老师", "Ask an instructor")
    }

    /// Which of so many hits is shown.
    #[must_use]
    pub fn hit_of(self, number: usize, count: usize) -> String {
        self.pick(format!("第 {number} 条，共 {count} 条"), format!("{number} of {count}"))
    }

    /// Which of so many pages is shown.
    #[must_use]
    pub fn page_of(self, number: usize, count: usize) -> String {
        self.pick(format!("第 {number} 页，共 {count} 页"), format!("Page {number} of {count}"))
    }

    /// An opinion was taken down.
    #[must_use]
    pub fn thanks(self, useful: bool) -> &'static str {
        if useful {
            self.pick("记下了，谢谢。", "Noted, thank you.")
        } else {
            self.pick(
                "记下了，老师会看到这个问题没答好。",
                "Noted: the instructors will see that this was not answered well.",
            )
        }
    }

    /// A button leads to what is not there any more, or is none of ours.
    #[must_use]
    pub fn too_old(self) -> &'static str {
        self.pick(
            "这条回答旧了，笔记已经改过：再问一次就好。",
            "This answer has grown old and the notes have changed: please ask again.",
        )
    }

    /// Button: the instructors were told.
    #[must_use]
    pub fn handed_on(self) -> &'static str {
        self.pick("已转给老师", "Handed to the instructors")
    }

    /// Button: the instructors could not be told; another press tries again.
    #[must_use]
    pub fn not_handed_on(self) -> &'static str {
        self.pick("没能转给老师，请直接问", "Not handed on: please ask them")
    }

    /// What instructors read above a question that was not answered; all texts are safe already.
    #[must_use]
    pub fn asked_of_instructors(self, who: &str, course: Option<&str>, private: bool) -> String {
        let course = course.map(|course| self.of_course(course)).unwrap_or_default();
        self.pick(
            format!(
                "{course}{who} 问的，笔记没答好，{}：",
                if private { "是私下问的，请直接告诉本人" } else { "请到那里回答" }
            ),
            format!(
                "{course}{who} asked, and the notes did not answer it well. {}:",
                if private { "It was asked in private: please tell them yourself" } else { "Please answer there" }
            ),
        )
    }

    /// Before what is about one of several courses; its name is safe already.
    #[must_use]
    pub fn of_course(self, name: &str) -> String {
        self.pick(format!("【{name}】"), format!("[{name}] "))
    }
}
