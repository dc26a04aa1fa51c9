//! The number that a question asks for, and whether a text holds one of that kind.
//!
//! The words stand in `quantities.toml`. A passage about the right thing that holds no such number (多久, and no time) does not
//! answer, however many of the question's words it has.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::intent::has_word;

/// Words that stand between a numeral and its unit.
const BETWEEN: [char; 7] = ['个', '多', '余', '来', ' ', '\u{a0}', '-'];
/// Before 几 these make it mean some or none, not how many.
const SOME: &str = "好十百千万没这那前后上下头最";
/// After 几 or 多少 these are no unit and no thing to be counted.
const NO_THING: &str = "的了是算才呢吗啊呀么，。？?, ";

/// Measure words of what stands one below the other in a list, where a reader can count it.
const LISTED: &str = "个种类项步条层级道点样款门";

/// The kind of number that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// With one of the units of a row of the table: its number.
    Measured(usize),
    /// How many of what this character (a measure word or a noun) counts.
    Counted(char),
    /// Any number.
    Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table<'t> {
    #[serde(borrow)]
    quantity: Vec<Row<'t>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row<'t> {
    name: &'t str,
    #[serde(borrow)]
    asks: Vec<&'t str>,
    #[serde(borrow)]
    units: Vec<&'t str>,
    #[serde(borrow, default)]
    before: Vec<&'t str>,
}

static TABLE: LazyLock<Vec<Row<'static>>> = LazyLock::new(|| {
    let table = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/quantities.json")));
    table.map_or_else(|_| Vec::new(), |table: Table<'_>| table.quantity)
});

impl Quantity {
    /// What a question (folded) asks for; `None` when it asks for no number.
    #[must_use]
    pub fn asked(question: &str) -> Option<Self> {
        let has = |word: &&str| if word.is_ascii() { has_word(question, word) } else { question.contains(word) };
        if let Some(row) = TABLE.iter().position(|row| row.asks.iter().any(has)) {
            return Some(Self::Measured(row));
        }
        if has_word(question, "how many") {
            return Some(Self::Number);
        }
        let how_many = ["多少", "几"].iter().find_map(|word| {
            let at = question.find(word)?;
            let before = question.get(..at)?.chars().next_back();
            let after = question.get(at + word.len()..)?;
            let some =
                *word == "几" && (before.is_some_and(|c| SOME.contains(c)) || after.starts_with(['乎', '何', '率']));
            (!some).then_some(after)
        })?;
        let thing = how_many.trim_start_matches(BETWEEN);
        let measured = TABLE.iter().position(|row| row.units.iter().any(|unit| begins_with(thing, unit)));
        // 几个月 asks for a time; 几个人 for so many 个, which stand near 人 if at all.
        Some(match (measured, how_many.chars().next()) {
            (Some(row), _) => Self::Measured(row),
            (None, Some(c)) if c.is_alphabetic() && !c.is_ascii() && !NO_THING.contains(c) => Self::Counted(c),
            _ => Self::Number,
        })
    }

    /// The kind's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured(row) => TABLE.get(row).map_or("number", |row| row.name),
            Self::Counted(_) => "count",
            Self::Number => "number",
        }
    }

    /// Whether a list answers as well, whose items can be counted.
    #[must_use]
    pub fn can_be_counted(self) -> bool {
        matches!(self, Self::Counted(thing) if LISTED.contains(thing))
    }

    /// Whether `text` (folded) holds such a number.
    #[must_use]
    pub fn stands_in(self, text: &str) -> bool {
        if let Self::Measured(row) = self
            && let Some(row) = TABLE.get(row)
            && row.before.iter().any(|mark| follows_number(text, mark))
        {
            return true;
        }
        numbers(text).any(|(digits, rest)| match self {
            Self::Number => digits,
            Self::Measured(row) => {
                let rest = rest.trim_start_matches(BETWEEN);
                TABLE.get(row).is_some_and(|row| row.units.iter().any(|unit| begins_with(rest, unit)))
            }
            Self::Counted(thing) => rest.starts_with(thing) || rest.trim_start_matches(BETWEEN).starts_with(thing),
        })
    }
}

/// Whether `mark` stands before a number.
fn follows_number(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let rest = text.get(at + mark.len()..).unwrap_or_default().trim_start();
        rest.starts_with(is_numeral)
    })
}

/// The numbers of a text: whether each is written in digits, and what follows it.
fn numbers(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(is_numeral)?;
        let number = rest.get(start..)?;
        let digits = number.starts_with(|c: char| c.is_ascii_digit());
        let end = number.find(|c: char| !(is_numeral(c) || digits && matches!(c, '.' | ','))).unwrap_or(number.len());
        rest = number.get(end..)?;
        Some((digits, rest))
    })
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "〇零一二两三四五六七八九十百千万亿半数".contains(c)
}

/// Whether `text` begins with a unit: a Latin one must end there.
fn begins_with(text: &str, unit: &str) -> bool {
    let Some(rest) = text.strip_prefix(unit) else { return false };
    !unit.ends_with(|c: char| c.is_ascii_alphabetic()) || !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn asked(question: &str) -> Option<&'static str> {
        Quantity::asked(&fold(question)).map(Quantity::name)
    }

    #[test]
    fn the_table_parses_and_its_words_are_folded() {
        assert!(TABLE.len() >= 5, "quantities.toml does not parse");
        for word in TABLE.iter().flat_map(|row| row.asks.iter().chain(&row.units).chain(&row.before)) {
            assert_eq!(*word, fold(word), "write it normalised and in lower case");
        }
    }

    #[test]
    fn a_question_for_a_number_says_of_which_kind() {
        let check = |question: &str, expected| assert_eq!(asked(question), expected, "{question}");
        check("令牌多久过期", Some("time"));
        check("重启要等几分钟", Some("time"));
        check("保修几个月", Some("time"));
        check("这项发明是哪一年的", Some("date"));
        check("门票多少钱一张", Some("money"));
        check("要交百分之几的税", Some("share"));
        check("磁盘至少要多大", Some("size"));
        check("内存要多少 GB", Some("size"));
        check("失败后重试几次", Some("count"));
        check("一个班有多少人", Some("count"));
        check("默认端口是多少", Some("number"));
        check("how long does it take", Some("time"));
        check("how many nodes do I need", Some("number"));
        for question in ["好几个服务连不上", "没几个人用", "几乎不用", "几何是什么", "怎么安装"]
        {
            check(question, None);
        }
    }

    #[test]
    fn a_text_holds_the_number_that_is_asked_for_or_another_kind() {
        let holds = |question: &str, text: &str| {
            Quantity::asked(&fold(question)).is_some_and(|quantity| quantity.stands_in(&fold(text)))
        };
        let check = |question, text, expected| assert_eq!(holds(question, text), expected, "{question} | {text}");
        check("令牌多久过期", "令牌 24 小时后失效", true);
        check("令牌多久过期", "令牌十五分钟后失效", true);
        check("令牌多久过期", "--ttl=30s", true);
        check("令牌多久过期", "一共有 3 个令牌", false);
        check("令牌多久过期", "监听 8080", false);
        check("门票多少钱", "每张 ¥30", true);
        check("门票多少钱", "每张三十元", true);
        check("门票多少钱", "1911 年建成", false);
        check("要交百分之几", "税率为 13%", true);
        check("要交百分之几", "三分之一", true);
        check("要交百分之几", "百分之五", true);
        check("失败后重试几次", "最多重试 2 次", true);
        check("失败后重试几次", "等 2 秒再试", false);
        check("磁盘要多大", "至少 20GB", true);
        check("磁盘要多大", "20 gigantic", false);
        check("默认端口是多少", "端口为 6443", true);
        check("默认端口是多少", "有一个默认端口", false);
    }
}
