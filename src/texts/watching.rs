//! What a watch tells, and what may go wrong with a checkout.

use std::path::Path;

use super::{Language, Message};
use crate::error::{Failure, GitProblem, Holder};

impl Language {
    /// The notes are watched from now on; every `poll` seconds, or, with 0, as the system tells.
    #[must_use]
    pub fn watching(self, notes: &Path, poll: u64) -> String {
        let notes = notes.display();
        match poll {
            0 => self.pick(
                format!("正在盯着 {notes}，改动会自动进索引（Ctrl-C 结束）。"),
                format!("Watching {notes}; changes go into the index by themselves (Ctrl-C ends it)."),
            ),
            _ => self.pick(
                format!("每 {poll} 秒看一次 {notes}，改动会自动进索引（Ctrl-C 结束）。"),
                format!("Looking at {notes} every {poll} s; changes go into the index by themselves (Ctrl-C ends it)."),
            ),
        }
    }

    /// The system tells of no changes: it watches no more folders for this user, or gives another `reason`.
    #[must_use]
    pub fn polling_instead(self, poll: u64, reason: Option<&str>) -> Message {
        let reason = reason.unwrap_or(self.pick("监视的文件夹数到了上限", "it watches no more folders for this user"));
        Message::new(
            self.pick(
                format!("系统不通知笔记的改动（{reason}），改为每 {poll} 秒看一次。"),
                format!(
                    "The system does not tell of changes ({reason}); the notes are looked at every {poll} s instead."
                ),
            ),
            self.pick(
                "Linux 上可以调大上限再重新启动 kewen：sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512",
                "On Linux raise the limits and start kewen again: sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512",
            ),
        )
    }

    /// Another process watches the same notes.
    #[must_use]
    pub fn watched_already(self, holder: Option<&Holder>) -> Message {
        let (chinese, english) = holder.map_or_else(Default::default, |Holder { pid, host, seconds }| {
            let since = self.duration(*seconds);
            (format!("：{host} 上的进程 {pid}，{since}前开始"), format!(": process {pid} on {host}, for {since}"))
        });
        Message::new(
            self.pick(
                format!("这些笔记已经有一个 kewen 在盯着了{chinese}。"),
                format!("These notes are watched by a kewen already{english}."),
            ),
            self.pick(
                "两个都会把改动写进索引，谁先写谁的，回答不会错；一个就够，可以停掉一个。",
                "Both bring changes into the index, whoever comes first, and answers are right; one is enough, so end one of them.",
            ),
        )
    }

    /// A failure that a watch has met: it goes on, and with an index so do the answers.
    #[must_use]
    pub fn watch_failure(self, failure: &Failure, has_index: bool) -> Message {
        let mut message = self.failure(failure);
        if matches!(failure, Failure::NotesMissing(_)) {
            message.hints = vec![self.pick("在等它回来。", "It is waited for.").to_owned()];
        }
        if has_index {
            let goes_on =
                self.pick("这期间照常用上一代索引回答。", "Until then answers come from the last generation.");
            message.hints.push(goes_on.to_owned());
        }
        message
    }

    /// Answers come from this generation, built `age` seconds ago, until what went wrong is mended.
    #[must_use]
    pub fn answers_on(self, generation: u64, age: u64) -> String {
        let age = self.duration(age);
        self.pick(
            format!("这期间照常用第 {generation} 代索引（{age}前建的）回答。"),
            format!("Until then answers come from generation {generation}, built {age} ago."),
        )
    }

    /// The index can be brought up to the notes again.
    #[must_use]
    pub fn index_recovered(self) -> &'static str {
        self.pick("又能建索引了。", "The index can be brought up to the notes again.")
    }

    /// The checkout can be brought up to its repository again.
    #[must_use]
    pub fn git_recovered(self) -> &'static str {
        self.pick("又能更新笔记仓库了。", "The notes can be fetched from their repository again.")
    }

    /// A repository is fetched for the first time.
    #[must_use]
    pub fn fetching(self, address: &str) -> String {
        self.pick(format!("第一次获取 {address} …"), format!("Fetching {address} for the first time …"))
    }

    /// The notes come from no repository.
    #[must_use]
    pub fn nothing_to_fetch(self) -> &'static str {
        self.pick(
            "--refetch 只用于从 Git 仓库取的笔记：先设置 notes.git.url。",
            "--refetch is for notes that come from a Git repository: set notes.git.url first.",
        )
    }

    /// What went wrong last, `age` seconds ago, and has not gone well since.
    #[must_use]
    pub fn last_failure(self, text: &str, age: u64) -> String {
        let age = self.duration(age);
        self.pick(format!("上次更新失败（{age}前）：{text}"), format!("The last update failed {age} ago: {text}"))
    }

    pub(super) fn git_problem(self, problem: &GitProblem) -> Message {
        match problem {
            GitProblem::NotesTwice => Message::new(
                self.pick("notes.dir 和 notes.git.url 都设置了。", "notes.dir and notes.git.url are both set.").to_owned(),
                self.pick(
                    "只留一个。仓库里的子文件夹写在 notes.git.folder。",
                    "Keep one of them. A folder inside the repository is notes.git.folder.",
                ),
            ),
            GitProblem::NotFetched(address) => Message::new(
                self.pick(
                    format!("这里没有笔记仓库 {address} 的副本：还没有获取过，或者删掉了。"),
                    format!("The repository of the notes, {address}, is not there: it was never fetched, or its checkout was removed."),
                ),
                self.pick("先运行 kewen index。", "Run kewen index first."),
            ),
            GitProblem::NoProgram(reason) => Message::new(
                self.pick(format!("运行不了 git：{reason}"), format!("git cannot be run: {reason}")),
                self.pick(
                    "设置了 notes.git.url 就要装 git（2.31 或更新），并且在 PATH 里。",
                    "notes.git.url needs git (2.31 or newer) on the path.",
                ),
            ),
            GitProblem::TimeOut(seconds) => Message::new(
                self.pick(
                    format!("git 用了 {seconds} 秒还没有做完，已经停掉。"),
                    format!("git was not done after {seconds} s and was ended."),
                ),
                self.pick(
                    "检查网络和凭据（git 不能等人输入密码）；仓库很大就调大 notes.git.timeout。",
                    "Look at the network and the credentials (git can ask nobody for a password); raise notes.git.timeout for a large repository.",
                ),
            ),
            GitProblem::Refused(reason) => Message::new(
                self.pick(format!("笔记仓库更新不了：{reason}"), format!("The notes cannot be fetched from their repository: {reason}")),
                self.pick(
                    "检查 notes.git.url、notes.git.branch、网络和 git 的凭据。",
                    "Look at notes.git.url, notes.git.branch, the network and git's credentials.",
                ),
            ),
            GitProblem::Busy(folder) => Message::new(
                self.pick(
                    format!("另一个 kewen 正在更新 {}", folder.display()),
                    format!("Another kewen is updating {}", folder.display()),
                ),
                self.pick("等它做完再试。", "Try again when it is done."),
            ),
            GitProblem::Diverged(folder) => Message::new(
                self.pick(
                    "笔记仓库的历史被改写了（强制推送，或有人在 kewen 的副本里提交过），没有跟着更新。".to_owned(),
                    "The history of the notes' repository was rewritten (a forced push, or a commit in kewen's checkout); it is not followed.".to_owned(),
                ),
                self.pick(
                    format!("确认要用新的历史，就运行 kewen index --refetch；{} 会改名留着。", folder.display()),
                    format!("To accept the new history run kewen index --refetch; {} is kept under another name.", folder.display()),
                ),
            ),
            GitProblem::Changed(folder, file) => Message::new(
                self.pick(
                    format!("kewen 的副本 {} 被改过（{file}），没有更新。", folder.display()),
                    format!("kewen's checkout {} was changed ({file}); it is not updated.", folder.display()),
                ),
                self.pick(
                    "把改动提交到仓库；不要的话，运行 kewen index --refetch，这个文件夹会改名留着。",
                    "Bring the changes into the repository; to do without them run kewen index --refetch, and the folder is kept under another name.",
                ),
            ),
            GitProblem::NoFolder(folder) => Message::new(
                self.pick(format!("笔记仓库里没有文件夹 {folder}"), format!("The repository of the notes has no folder {folder}")),
                self.pick("改正 notes.git.folder。", "Correct notes.git.folder."),
            ),
            GitProblem::Ended => Message::new(
                self.pick("没有做完就结束了。", "It was ended before it was done.").to_owned(),
                "",
            ),
        }
    }
}
