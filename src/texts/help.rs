//! Help of the command line.

use clap::Command;

use super::Language;

/// Command (empty for the program), argument (empty for the command itself), Chinese, English.
const HELP: &[(&str, &str, &str, &str)] = &[
    ("", "", "课问：在课程笔记里找答案。", "kewen answers questions over course notes."),
    (
        "",
        "notes",
        "笔记文件夹（默认 ./corpus，没有就用系统的数据文件夹）",
        "The notes folder (default: ./corpus, else the platform's data folder)",
    ),
    (
        "",
        "index",
        "索引文件夹（默认 ./index，没有就用系统的数据文件夹）",
        "The folder of indexes (default: ./index, else the platform's data folder)",
    ),
    (
        "",
        "config",
        "设置文件（默认当前文件夹里的 kewen.toml）",
        "The settings file (default: kewen.toml in the working folder)",
    ),
    (
        "",
        "course",
        "kewen.toml 里有几门课时，用哪一门（[courses.名字]）",
        "Which course, when kewen.toml has several ([courses.NAME])",
    ),
    ("", "language", "界面语言：zh、en 或 auto", "The language: zh, en or auto"),
    ("ask", "", "问一个问题；没有索引时先建索引", "Ask a question; builds the index first when there is none"),
    (
        "ask",
        "question",
        "问题，例如 \"kube-proxy 是干啥用的\"",
        "The question, for example \"what does kube-proxy do\"",
    ),
    ("ask", "format", "输出格式：text 给人看，json 给程序用", "The output: text for people, json for programs"),
    (
        "ask",
        "batch",
        "从文件（- 为标准输入）读问题，每行一个，或每行一个 JSON 对象",
        "Read questions from a file (- for standard input), one a line, or one JSON object a line",
    ),
    ("ask", "limit", "最多给出几条结果", "How many hits at most"),
    (
        "ask",
        "explain",
        "说明问题是怎么理解的、每条结果为什么排在那里",
        "Say how the question was understood and why each hit stands where it does",
    ),
    ("analyze", "", "显示一段文字是怎么切分、怎么理解的", "Show how a text is cut and understood"),
    ("analyze", "text", "文字或问题", "A text or a question"),
    ("analyze", "format", "输出格式：text 或 json", "The output: text or json"),
    ("show", "", "显示一节的全文（包括下面的小节）", "Show a whole section with what stands below it"),
    (
        "show",
        "section",
        "笔记#锚点，例如 kubernetes/kube-proxy.md#kube-proxy-是干啥用的；只写笔记就显示整篇",
        "NOTE#ANCHOR; the note alone shows the whole note",
    ),
    (
        "index",
        "",
        "为笔记建索引（只读改过的），并报告读到了什么",
        "Build the index of the notes, reading only what changed, and report",
    ),
    (
        "index",
        "verify",
        "每篇笔记都读，不看大小和时间；索引文件也核对",
        "Read every note, whatever its size and time, and check the index's files",
    ),
    (
        "index",
        "refetch",
        "重新获取笔记仓库（例如强制推送以后）；原来的副本改名留着",
        "Fetch the repository of the notes anew, as after a forced push; the checkout before is kept under another name",
    ),
    (
        "index",
        "watch",
        "建好以后不退出：笔记一改就更新，直到 Ctrl-C",
        "Stay, and bring the index up whenever notes change, until Ctrl-C",
    ),
    (
        "index",
        "poll",
        "每隔这么多秒看一次笔记，用在系统不通知改动的网络文件夹（默认 0：等系统通知）",
        "Look at the notes every so many seconds, for network folders where the system tells of no changes (default: 0, it tells)",
    ),
    ("index", "format", "报告的格式：text 或 json", "The report: text or json"),
    (
        "status",
        "",
        "索引现在怎样：第几代、多少笔记、多久以前建的、之后笔记改过没有",
        "Say how the index stands beside the notes",
    ),
    ("status", "format", "输出的格式：text 或 json", "The output: text or json"),
    (
        "check",
        "",
        "检查笔记：断掉的链接、空小节、搜不到的标题等；有错误时退出码为 1",
        "Look through the notes for broken links and the like; exits with 1 on errors",
    ),
    ("check", "skip", "不查这些规则，用逗号分开", "Rules to leave out, with commas between"),
    ("check", "explain", "解释一条规则；不写名字就列出全部", "Explain a rule; without a name, list them all"),
    (
        "check",
        "format",
        "输出格式：text 给人看，json 给程序用，sarif 给代码托管平台用",
        "The output: text for people, json for programs, sarif for code hosts",
    ),
    ("eval", "", "用标准问题给检索打分", "Score the search with golden questions"),
    (
        "eval",
        "files",
        "题目文件（TOML），每个文件写明自己的笔记文件夹；不写就用笔记文件夹里的 eval/*.toml",
        "Files of questions (TOML), each of which names its notes folder; without any, eval/*.toml of the notes folder",
    ),
    ("eval", "without", "不算带这些标签的问题，用逗号分开", "Leave out questions with these tags, with commas between"),
    ("eval", "misses", "列出第一条结果不对的问题", "List the questions whose first hit is wrong"),
    ("eval", "by_tag", "按标签分开列出", "Show the figures of each tag"),
    (
        "eval",
        "save",
        "把每道题的结果存成 JSON，给 --baseline 用",
        "Save how each question fared, as JSON for --baseline",
    ),
    (
        "eval",
        "baseline",
        "跟存下的结果逐题比较；变差的太多时退出码为 1，题目有问题时为 2",
        "Compare with a saved report, question by question; the exit code is 1 when too much is lost, 2 when a file of questions is wrong",
    ),
    (
        "eval",
        "tolerance",
        "变差的题最多可以比变好的多几道（默认 0）",
        "How many questions more may be lost than won (default: 0)",
    ),
    ("eval", "trec", "把结果写成 TREC 的 run 文件", "Write the results as a run in TREC's format"),
    ("eval", "qrels", "把标准答案写成 TREC 的 qrels 文件", "Write the expected passages as qrels in TREC's format"),
    (
        "eval",
        "ablate",
        "逐个关掉排序的每个部分，看各值多少",
        "Switch the parts of the ranking off, one at a time, to see what each earns",
    ),
    ("eval", "format", "输出格式：text 或 json", "The output: text or json"),
    (
        "eval add",
        "",
        "把记录里的一个问题变成标准问题：问你答案在哪一节，写进题目文件",
        "Make a golden question of a logged one: asks which section answers it and writes it to a file of questions",
    ),
    (
        "eval add",
        "number",
        "问题的编号（kewen gaps 里方括号中的数）；不写就列出最近的问题",
        "The question's number (in brackets in kewen gaps); without one, the latest questions are listed",
    ),
    (
        "eval add",
        "expect",
        "答案所在：笔记#锚点 或 笔记:起行-止行；可以写几次",
        "Where the answer stands: NOTE#ANCHOR or NOTE:FIRST-LAST; may be given more than once",
    ),
    ("eval add", "unanswerable", "笔记里没有答案", "The notes do not answer it"),
    (
        "eval add",
        "to",
        "题目文件（默认笔记文件夹里的 eval/questions.toml）",
        "The file of questions (default: eval/questions.toml of the notes folder)",
    ),
    (
        "gaps",
        "",
        "看看哪些问题没答好：按主题归在一起，附上最接近的小节和建议",
        "Show what was not answered well, by topic, with what may help",
    ),
    (
        "gaps",
        "since",
        "从什么时候起：日期（2026-11-01）或多久以前（7d、2w、12h）",
        "From when: a date (2026-11-01) or how long ago (7d, 2w, 12h)",
    ),
    ("gaps", "until", "到什么时候为止，写法相同；日期那天也算", "Until when, written alike; the day itself counts"),
    ("gaps", "limit", "最多列出几组（默认 20）", "How many groups at most (default: 20)"),
    ("gaps", "format", "输出格式：text、markdown、csv 或 json", "The output: text, markdown, csv or json"),
    ("forget", "", "从提问记录里删掉问题", "Delete questions from the question log"),
    ("forget", "member", "这个成员（Discord 的用户编号）问过的", "What a member asked (Discord's user id)"),
    (
        "forget",
        "before",
        "这个时候以前的：日期（2026-11-01）或多久以前（90d）",
        "What was asked before: a date (2026-11-01) or how long ago (90d)",
    ),
    ("forget", "chat", "在命令行的对话里问的", "What was asked in the chat of the command line"),
    ("forget", "all", "全部；先问一声", "Everything; asks first"),
    ("forget", "yes", "不问，直接删（没有终端时要写上）", "Do not ask (needed without a terminal)"),
    ("bot", "", "在 Discord 里回答 /ask、提到它的消息和私信", "Answer /ask, mentions and direct messages in Discord"),
    (
        "doctor",
        "",
        "检查机器人需要的一切，说明缺什么、怎么补",
        "Check everything that the bot needs and say what to do",
    ),
    ("doctor", "offline", "不连 Discord", "Do not ask Discord"),
    (
        "doctor",
        "alive",
        "只看正在运行的机器人是否连着（给容器的健康检查用）",
        "Only tell whether a running bot is connected (for a container's health check)",
    ),
    ("completions", "", "输出 shell 的补全脚本", "Print the completion script of a shell"),
    ("completions", "shell", "bash、zsh、fish、powershell 或 elvish", "bash, zsh, fish, powershell or elvish"),
    ("config", "", "列出现在的设置和它们的来源", "List the settings in force and where each came from"),
];

/// Puts the texts of `language` into the command line's definition; those of the arguments of a command only when it `is_named`, which
/// those that nobody typed are not.
#[must_use]
pub fn localise(command: Command, language: Language, is_named: &dyn Fn(&str) -> bool) -> Command {
    let version = clap::Arg::new("version")
        .short('V')
        .long("version")
        .action(clap::ArgAction::Version)
        .help(language.pick("显示版本", "Show the version"))
        .help_heading(language.pick("选项", "Options"));
    let command = localise_one(command, "", language).disable_version_flag(true).arg(version).after_help(language.pick(
        "例子：\n  kewen ask \"kube-proxy 是干啥用的\"\n  kewen show kubernetes/kube-proxy.md\n  kewen index --notes 我的笔记\n\n退出码：0 有答案或相关内容，1 没找到，2 出错。",
        "Examples:\n  kewen ask \"what does kube-proxy do\"\n  kewen show kubernetes/kube-proxy.md\n  kewen index --notes my-notes\n\nExit codes: 0 answered or related, 1 not found, 2 error.",
    ));
    localise_below(command, "", language, is_named)
}

/// The commands below the one with this name, which is empty for the program and `eval add` for one below another.
fn localise_below(command: Command, above: &str, language: Language, is_named: &dyn Fn(&str) -> bool) -> Command {
    let path = |name: &str| format!("{above} {name}").trim_start().to_owned();
    command.mut_subcommands(|sub| {
        let (name, path) = (sub.get_name(), path(sub.get_name()));
        if is_named(name) {
            localise_below(localise_one(sub, &path, language), &path, language, is_named)
        } else {
            sub.about(text(&path, "", language).unwrap_or_default())
        }
    })
}

fn localise_one(command: Command, name: &str, language: Language) -> Command {
    let about = text(name, "", language).unwrap_or_default();
    let (usage, options, arguments, commands) =
        language.pick(("用法：", "选项", "参数", "命令"), ("Usage: ", "Options", "Arguments", "Commands"));
    let ids: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    let command = ids.into_iter().fold(command, |command, id| {
        let help = text(name, &id, language).unwrap_or_default();
        let positional =
            command.get_arguments().any(|argument| argument.get_id() == id.as_str() && argument.is_positional());
        command.mut_arg(id, |argument| argument.help(help).help_heading(if positional { arguments } else { options }))
    });
    command
        .about(about)
        .subcommand_help_heading(commands)
        .help_template(format!("{{about}}\n\n{usage}{{usage}}\n\n{{all-args}}{{after-help}}"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(
            clap::Arg::new("help")
                .short('h')
                .long("help")
                .action(clap::ArgAction::Help)
                .help(language.pick("显示帮助", "Show this help"))
                .help_heading(options),
        )
}

fn text(command: &str, argument: &str, language: Language) -> Option<&'static str> {
    HELP.iter().find(|row| row.0 == command && row.1 == argument).map(|row| language.pick(row.2, row.3))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn every_command_and_argument_has_its_texts_and_no_row_is_left_over() {
        let command = crate::cli::Arguments::command();
        let mut known = vec![(String::new(), String::new())];
        known.extend(command.get_arguments().map(|argument| (String::new(), argument.get_id().to_string())));
        let mut below: Vec<(String, &Command)> =
            command.get_subcommands().map(|sub| (sub.get_name().to_owned(), sub)).collect();
        while let Some((name, sub)) = below.pop() {
            known.extend(sub.get_arguments().map(|argument| (name.clone(), argument.get_id().to_string())));
            below.extend(sub.get_subcommands().map(|inner| (format!("{name} {}", inner.get_name()), inner)));
            known.push((name, String::new()));
        }
        for (command, argument) in &known {
            assert!(text(command, argument, Language::Zh).is_some(), "no help for {command:?} {argument:?}");
        }
        for row in HELP {
            assert!(known.contains(&(row.0.to_owned(), row.1.to_owned())), "help for nothing: {row:?}");
        }
    }
}
