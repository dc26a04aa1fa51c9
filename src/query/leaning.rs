//! Whether a question leans on the one before, or stands alone.

use super::conversation::{PAIRS, is_content, is_name, mentions};
use super::unit::{Role, Unit};
use crate::text::{Token, TokenKind, WordClass, word_class};

/// A question that names fewer things may leave one out.
const OWN_MIN: usize = 2;
/// A question that asks and names no thing, but only so many actions, leaves out whose they are.
const LEFT_OUT_MAX: usize = 2;

/// Words that stand for something said before.
const PRONOUNS: &[&str] = &[
    "它", "它们", "他", "这个", "那个", "这些", "那些", "这种", "那种", "这", "其", "前面", "上面", "刚才", "it",
    "its", "they", "them", "their", "that", "this", "these", "those",
];
/// Beginnings of a question that goes on from the one before.
const CONNECTORS: &[&str] =
    &["那", "那么", "还有", "另外", "然后", "除此之外", "and", "then", "what about", "how about"];
/// Beginnings of a question that leaves out one of two sides (和 Istio 有什么区别).
const JOINTS: &[&str] = &["和", "跟", "与"];
/// Beginnings of a question that does so when it names no thing.
const CONDITIONS: &[&str] = &["如果", "要是"];
/// Beginnings of a question that says of what, but not whose.
pub(super) const PROPERTIES: &[&str] = &["默认", "缺省", "default"];
/// People of a course, who are asked for and whom nothing was said about (老师是谁).
const PEOPLE: &[&str] = &["老师", "助教", "同学", "同学们"];
/// Words that ask only together with others (在吗).
const PARTICLES: &[&str] = &["吗", "么", "呢"];

/// Whether a question refers to what was said before: by a pronoun, by the way it begins or ends, or by naming next to nothing
/// itself. One that says all it takes (作业怎么交) stands alone, however it begins, when the notes hold its words nowhere beside
/// what was said before, which `is_beside` tells of a word.
pub(super) fn refers(
    tokens: &[Token],
    text: &str,
    units: &[Unit],
    is_beside: impl Fn(&Unit) -> Result<bool, String>,
) -> Result<bool, String> {
    let own: Vec<&Unit> = units.iter().filter(|unit| unit.role == Role::Content && is_content(unit)).collect();
    let names: Vec<&Unit> = own.iter().copied().filter(|unit| is_name(unit)).collect();
    let starts = |words: &[&str]| words.iter().any(|word| text.to_lowercase().starts_with(word));
    let pronoun = names.len() < OWN_MIN && (mentions(tokens, PRONOUNS) || mentions(tokens, PAIRS));
    if pronoun || starts(JOINTS) || is_property(tokens, &own) {
        return Ok(true);
    }
    if own.is_empty() && mentions(tokens, PEOPLE) && mentions(tokens, &["谁", "是谁"]) {
        return Ok(false);
    }
    let asking =
        |token: &&Token| word_class(&token.text) == WordClass::Question && !PARTICLES.contains(&token.text.as_str());
    let asks = tokens.iter().any(|token| asking(&token));
    // 谢谢 names nothing either, and refers to nothing.
    let leaves_out = names.is_empty() && (own.len() == 1 || asks && own.len() <= LEFT_OUT_MAX);
    let begins = starts(CONNECTORS) || names.is_empty() && starts(CONDITIONS);
    let ends = text.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with('呢') && names.len() < OWN_MIN;
    if !(leaves_out || begins || ends) {
        return Ok(false);
    }
    // 怎么恢复 says not of what; 考试在哪里 does. Without a word that asks, 那定时的呢 leaves out even what is asked.
    let first = tokens.iter().find(|token| !token.part && word_class(&token.text) != WordClass::Function);
    let elliptical = own.len() < OWN_MIN && first.is_some_and(|token| asking(&token));
    if elliptical || (begins || ends) && !asks {
        return Ok(true);
    }
    let about = if names.is_empty() { own.into_iter().filter(|unit| is_telling(unit)).collect() } else { names };
    let mut beside = 0;
    for unit in &about {
        beside += usize::from(is_beside(unit)?);
    }
    // Of few words none may be strange to what was said before; of more, or of names, one that is not will do.
    Ok(if leaves_out { beside == about.len() } else { about.is_empty() || beside > 0 })
}

/// Whether a question asks for a property and names no thing (默认端口是多少).
fn is_property(tokens: &[Token], own: &[&Unit]) -> bool {
    let first = tokens.iter().find(|token| !token.part && word_class(&token.text) == WordClass::Content);
    first.is_some_and(|token| PROPERTIES.contains(&token.text.as_str()))
        && !own.iter().any(|unit| unit.kind == TokenKind::Latin && is_name(unit))
}

/// Whether a word tells by itself what a question is about: most verbs of one character (交, 看, 改) go with anything.
fn is_telling(unit: &Unit) -> bool {
    unit.text.chars().nth(1).is_some()
}
