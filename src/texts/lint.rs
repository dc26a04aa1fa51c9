//! What `kewen check` says: of each finding what it is and what to do, of each rule why it is one.

use super::Language;
use super::reports::counted;
use crate::check::{Counts, Problem, Rule, Severity};

impl Language {
    /// A finding in one line.
    #[must_use]
    pub fn problem(self, problem: &Problem) -> String {
        match problem {
            Problem::BrokenLink(target, meant) => {
                let hint = meant.as_ref().map_or_else(
                    || self.pick("；改成对的路径，或删掉链接".to_owned(), "; correct the path or remove the link".to_owned()),
                    |meant| self.pick(format!("；是不是 {meant} ？"), format!("; is {meant} meant?")),
                );
                self.pick(format!("链接 {target} 指向的文件不在{hint}"), format!("the link {target} leads to no file{hint}"))
            }
            Problem::BrokenImage(target) => self.pick(
                format!("图片 {target} 不在；放进来，或改对路径"),
                format!("the image {target} is not there; add it or correct the path"),
            ),
            Problem::BrokenAnchor(target, nearest) => {
                let hint = nearest.as_ref().map_or_else(
                    || self.pick("；改成现有的标题".to_owned(), "; name a heading that is there".to_owned()),
                    |nearest| self.pick(format!("；是不是 #{nearest} ？"), format!("; is #{nearest} meant?")),
                );
                self.pick(
                    format!("链接 {target} 指向的标题不在{hint}"),
                    format!("the link {target} leads to no heading{hint}"),
                )
            }
            Problem::BlankInLink(target) => self.pick(
                format!("路径里有空格，网页上不会显示成链接或图片：{target}；写成 %20，或用 <…> 括起来"),
                format!("blanks in the path, so no page shows this link or image: {target}; write %20 or <…>"),
            ),
            Problem::AbsoluteLink { target, is_there: true } => self.pick(
                format!("{target} 以 / 开头，只有笔记文件夹正好是网站的根目录时才通；改成相对路径"),
                format!("{target} begins with / and works only where the notes folder is the root of a site; make it relative"),
            ),
            Problem::AbsoluteLink { target, is_there: false } => self.pick(
                format!("{target} 以 / 开头，在笔记文件夹里找不到；改成相对路径，或写完整的网址"),
                format!("{target} begins with / and is not in the notes folder; make it relative or write the full address"),
            ),
            Problem::OutsideLink(target) => self.pick(
                format!("{target} 指到了笔记文件夹外面；把文件放进来，或改成网址"),
                format!("{target} leads out of the notes folder; bring the file in or use an address"),
            ),
            Problem::Odd(kind) => self.warning(kind),
            Problem::MissingTitle(file) => self.pick(
                format!("这篇笔记没有标题，只能显示文件名“{file}”；在第一行写 # 标题，或在开头的设置块里写 title"),
                format!("the note has no title and is shown as its file, {file}; begin it with # and a title, or set title in front matter"),
            ),
            Problem::SameTitle(title, other) => self.pick(
                format!("标题“{title}”和 {other} 的一样；改一个，读者才分得清"),
                format!("{other} has the title {title} too; rename one so that readers can tell them apart"),
            ),
            Problem::RepeatedHeading { heading, count, first } => self.pick(
                format!("标题“{heading}”在同一级下出现 {count} 次（第一次在第 {first} 行）；合并，或改得不一样"),
                format!("the heading {heading} stands {count} times under the same heading (first on line {first}); merge or rename"),
            ),
            Problem::RecurringHeading { heading, count, first } => self.pick(
                format!("标题“{heading}”在这篇里出现 {count} 次（第一次在第 {first} 行），单看不知道说的是哪个；写明是什么的{heading}"),
                format!("the heading {heading} stands {count} times in this note (first on line {first}) and does not say of what; say it"),
            ),
            Problem::Stub(heading) => self.pick(
                format!("“{heading}”下面还没有内容；补上，或删掉标题"),
                format!("nothing stands below {heading} yet; write it or remove the heading"),
            ),
            Problem::PictureOnly(heading) => self.pick(
                format!("“{heading}”只有图片，图里的内容搜不到；用一两句话说明图里是什么"),
                format!("{heading} holds only pictures, and what they show cannot be found; say it in a sentence or two"),
            ),
            Problem::LongSection(heading, lines) => {
                let place = self.section_named(heading.as_deref());
                self.pick(
                    format!("{place}太长（{lines} 行），答案只能指到整节；用小标题分开"),
                    format!(
                        "{place} is very long ({lines} lines), and an answer can only point at all of it; part it by headings"
                    ),
                )
            }
            Problem::NearDuplicate(heading, other, line) => self.pick(
                format!("“{heading}”和 {other}:{line} 几乎一样；留一处，另一处写链接"),
                format!("{heading} says nearly the same as {other}:{line}; keep one and link to it"),
            ),
            Problem::ContentsPage(heading, links) => {
                let place = self.section_named(heading.as_deref());
                self.pick(
                    format!("{place}几乎只有 {links} 个链接，搜到了也答不了问题；加几句说明，确实是目录就不用管"),
                    format!(
                        "{place} is little more than {links} links and answers nothing when it is found; add some words, or leave it if it is meant as contents"
                    ),
                )
            }
            Problem::HeadingNotFound(heading) => self.pick(
                format!("用标题“{heading}”去问，前三条里没有这一节；把标题写具体，或在第一句写明说的是什么"),
                format!("asked for as {heading}, this section is not among the first three hits; make the heading specific or begin with what it is about"),
            ),
            Problem::LexiconConflict(name, other, Some(line)) => self.pick(
                format!("“{name}”也是“{other}”的名字（第 {line} 行），两个词条会互相混；删掉一处"),
                format!("{name} is a name of {other} too (line {line}), so that the two are mixed up; remove one"),
            ),
            Problem::LexiconConflict(name, other, None) => self.pick(
                format!("“{name}”和自带词表里的“{other}”不是一回事，写在一起会互相混；拆成两个词条"),
                format!("{name} and {other} are two things in the built-in lexicon and get mixed up here; make two terms of them"),
            ),
            Problem::LexiconUnused(name) => self.pick(
                format!("没有一篇笔记提到“{name}”或它的别名；删掉，或改成笔记里的写法"),
                format!("no note mentions {name} or its other names; remove the term or spell it as the notes do"),
            ),
            Problem::CuratedExpired(day) => self.pick(
                format!("整理的回答 {day} 就过期了，已经不再给学生；改 expires，或删掉"),
                format!("the curated answer expired on {day} and is not given any more; change expires or remove it"),
            ),
            Problem::CuratedExpiring(day, 0) => self.pick(
                format!("整理的回答今天（{day}）到期，明天起不再给学生；改 expires，或让它过期"),
                format!("the curated answer expires today ({day}) and is not given from tomorrow on; change expires or let it go"),
            ),
            Problem::CuratedExpiring(day, days) => self.pick(
                format!("整理的回答 {day} 过期，还有 {days} 天；到时候改 expires，或让它过期"),
                format!("the curated answer expires on {day}, in {}; change expires or let it go", counted(usize::try_from(*days).unwrap_or_default(), "day")),
            ),
            Problem::NoQuestions => self.pick(
                "qa/ 里的文件没有 questions，不会当作整理的回答；在开头的设置块里写上它回答的问题".to_owned(),
                "a file in qa/ without questions is no curated answer; name the questions in its front matter".to_owned(),
            ),
            Problem::NoAnswer => self.pick(
                "qa/ 里的文件没有正文，没有可以给的回答；把回答写在设置块下面".to_owned(),
                "a file in qa/ without text has no answer to give; write it below the front matter".to_owned(),
            ),
            Problem::CuratedNotFound(question) => self.pick(
                format!("按“{question}”去问，出来的不是这个回答；换个问法，或看看有没有别处占了这个问题"),
                format!("asked “{question}”, this answer does not come first; word it otherwise or see who else claims it"),
            ),
            Problem::BrokenSee(target) => self.pick(
                format!("see 指向的 {target} 不在；写成 路径.md#标题"),
                format!("see leads to {target}, which is not there; write it as path.md#heading"),
            ),
        }
    }

    /// A section by its heading; without one it is what stands before the first.
    fn section_named(self, heading: Option<&str>) -> String {
        match heading {
            Some(heading) => self.pick(format!("“{heading}”"), heading.to_owned()),
            None => self.pick("第一个标题之前", "what stands before the first heading").to_owned(),
        }
    }

    /// Why a rule is one, in a sentence.
    #[must_use]
    pub fn rule(self, rule: Rule) -> &'static str {
        match rule {
            Rule::BrokenLink => self.pick("链接指向的文件不存在", "A link leads to a file that is not there"),
            Rule::BrokenImage => self.pick("图片文件不存在", "An image is not there"),
            Rule::BrokenAnchor => self.pick(
                "链接指向的标题（# 后面的锚点）不存在",
                "A link leads to a heading (the anchor after #) that is not there",
            ),
            Rule::BlankInLink => self.pick(
                "链接或图片的路径里有空格，Markdown 认不出来",
                "Blanks in a path keep Markdown from seeing a link or an image",
            ),
            Rule::AbsoluteLink => self.pick(
                "路径以 / 开头，换个地方看就断了",
                "A path that begins with / breaks wherever the notes are not the root of a site",
            ),
            Rule::OutsideLink => self.pick("链接指到笔记文件夹外面", "A link leads out of the notes folder"),
            Rule::Unreadable => self.pick(
                "文件读不了、太大或不是文字，搜不到",
                "A file cannot be read, is too large or no text, and is not found",
            ),
            Rule::Encoding => self.pick("文件不是 UTF-8", "A file is not UTF-8"),
            Rule::FrontMatter => self.pick("开头的设置块有语法错误", "The front matter cannot be read"),
            Rule::EmptyNote => self.pick("笔记是空的", "A note is empty"),
            Rule::UnclosedFence => self.pick(
                "代码块没有结束，后面的内容都成了代码",
                "A code fence is never closed, so that all behind it is code",
            ),
            Rule::UnclosedComment => self.pick(
                "注释没有结束，后面的内容都看不到",
                "A comment is never closed, so that nothing behind it is seen",
            ),
            Rule::HeadingWithoutBlank => {
                self.pick("# 后面缺空格，不算标题", "A blank is missing after #, so that a line is no heading")
            }
            Rule::MissingTitle => self.pick("笔记没有标题", "A note has no title"),
            Rule::SameTitle => self.pick("两篇笔记标题一样", "Two notes have the same title"),
            Rule::RepeatedHeading => self.pick("同一级下有重复的标题", "A heading is repeated under the same heading"),
            Rule::RecurringHeading => self.pick(
                "同一个标题在不同地方反复出现，单看不知道说的是什么",
                "A heading recurs under different headings and does not say of what",
            ),
            Rule::Stub => {
                self.pick("标题下面没有内容，或只有“待补充”之类", "Nothing stands below a heading, or a mere TODO")
            }
            Rule::PictureOnly => self.pick(
                "小节里只有图片，没有文字说明",
                "A section holds pictures only, without words that say what they show",
            ),
            Rule::LongSection => self.pick("小节太长，没有小标题", "A section is very long and has no headings within"),
            Rule::NearDuplicate => self.pick("两个小节内容几乎一样", "Two sections say nearly the same"),
            Rule::ContentsPage => self.pick("小节几乎全是链接", "A section is little more than links to other notes"),
            Rule::HeadingNotFound => {
                self.pick("用标题去问，搜不到这一节", "A heading, asked as a question, does not find its own section")
            }
            Rule::LexiconConflict => {
                self.pick("lexicon.toml 里一个名字属于两样东西", "A name in lexicon.toml belongs to two things")
            }
            Rule::LexiconUnused => {
                self.pick("lexicon.toml 里的词条没有笔记用到", "A term of lexicon.toml is in no note")
            }
            Rule::CuratedConflict => {
                self.pick("两个整理的回答说的是同一个问题", "Two curated answers claim the same question")
            }
            Rule::CuratedNoDate => self.pick(
                "整理的回答的 expires 不是日期，当作已经过期",
                "The `expires` of a curated answer is no date, and the answer counts as expired",
            ),
            Rule::CuratedExpired => self.pick("整理的回答过期了", "A curated answer has expired"),
            Rule::CuratedExpiring => self.pick("整理的回答两周内过期", "A curated answer expires within two weeks"),
            Rule::CuratedIncomplete => {
                self.pick("qa/ 里的文件没有 questions，或没有正文", "A file in qa/ has no questions, or no text")
            }
            Rule::CuratedNotFound => self.pick(
                "按 questions 里的问题去问，第一条不是这个回答",
                "A question of `questions` does not find its own answer",
            ),
            Rule::BrokenSee => {
                self.pick("see 指向的笔记或标题不存在", "`see` leads to a note or heading that is not there")
            }
        }
    }

    /// The word for what a finding weighs.
    #[must_use]
    pub fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.pick("错误", "error"),
            Severity::Warning => self.pick("警告", "warning"),
            Severity::Hint => self.pick("建议", "hint"),
        }
    }

    /// How a check of so many notes came out.
    #[must_use]
    pub fn checked(self, notes: usize, counts: Counts) -> String {
        let Counts { errors, warnings, hints } = counts;
        self.pick(
            format!("查了 {notes} 篇笔记：{errors} 个错误，{warnings} 个警告，{hints} 条建议。"),
            format!(
                "Looked through {}: {}, {}, {}.",
                counted(notes, "note"),
                counted(errors, "error"),
                counted(warnings, "warning"),
                counted(hints, "hint")
            ),
        )
    }

    /// Says how many findings of one rule in one note are not shown.
    #[must_use]
    pub fn more_findings(self, count: usize, rule: Rule) -> String {
        self.pick(
            format!("还有 {count} 处 {}；输出到文件或用 --format json 看全部", rule.name()),
            format!("{count} more of {}; write to a file or use --format json to see all", rule.name()),
        )
    }

    /// Says that there is no such rule.
    #[must_use]
    pub fn rule_unknown(self, name: &str) -> String {
        let names = Rule::all().map(Rule::name).collect::<Vec<_>>().join(self.pick("、", ", "));
        self.pick(format!("没有规则 {name}；可以是：{names}"), format!("There is no rule {name}; it may be: {names}"))
    }
}
