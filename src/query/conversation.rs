//! A conversation's state as a value: what the last question was about, so that the next one may leave it out.

use super::unit::{Form, Role, Unit};
use crate::text::{Token, TokenKind, WordClass, word_class};

/// Things that a conversation remembers.
const SUBJECT_MAX: usize = 6;
/// What the last subject counts in a question that refers to it, and in any other question of the conversation.
const REFERRED: f32 = 0.6;
const NEARBY: f32 = 0.25;
/// A question with fewer things of its own leaves something out.
const OWN_MIN: usize = 2;

/// Words that stand for something said before.
const PRONOUNS: &[&str] = &[
    "它", "它们", "他", "这个", "那个", "这些", "那些", "这种", "那种", "这", "其", "前面", "上面", "刚才", "it",
    "its", "they", "them", "their", "that", "this", "these", "those",
];
/// Beginnings of a question that goes on from the one before.
const CONNECTORS: &[&str] = &[
    "那",
    "那么",
    "还有",
    "另外",
    "然后",
    "除此之外",
    "和",
    "跟",
    "与",
    "如果",
    "要是",
    "and",
    "then",
    "what about",
    "how about",
];

/// What a conversation is about, and where its last answer stood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    subject: Vec<Unit>,
    place: Option<Place>,
}

/// Where an answer stood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Slash path of the note.
    pub note: String,
    /// Number of the section whose heading stands above, or of the section itself.
    pub family: usize,
}

/// What a question takes over from the conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Carried {
    /// What was taken for the subject, as typed before; empty when the question did not refer to it.
    pub assumed: Vec<String>,
    /// Where the last answer stood.
    pub place: Option<Place>,
}

impl Conversation {
    /// Adds to `units` what the question leaves out.
    pub(super) fn carry(&self, tokens: &[Token], text: &str, units: &mut Vec<Unit>) -> Carried {
        if self.subject.is_empty() {
            return Carried::default();
        }
        let refers = refers(tokens, text, units);
        let weight = if refers { REFERRED } else { NEARBY };
        let mut assumed = Vec::new();
        for unit in &self.subject {
            if units.iter().any(|own| own.text.eq_ignore_ascii_case(&unit.text)) {
                continue;
            }
            let forms = unit.forms.iter().map(|form| Form { weight: form.weight * weight, ..form.clone() }).collect();
            units.push(Unit { forms, role: Role::Carried, ..unit.clone() });
            if refers && is_name(unit) {
                assumed.push(unit.text.clone());
            }
        }
        Carried { assumed, place: self.place.clone() }
    }

    /// The conversation after a question and its best answer.
    #[must_use]
    pub fn after(&self, units: &[Unit], carried: &Carried, place: Option<Place>) -> Self {
        let own = units.iter().filter(|unit| unit.role == Role::Content);
        let goes_on = !carried.assumed.is_empty();
        let kept = self.subject.iter().filter(|unit| goes_on && is_name(unit));
        let mut subject: Vec<Unit> = Vec::new();
        for unit in kept.chain(own) {
            if !subject.iter().any(|other| other.text == unit.text) {
                subject.push(unit.clone());
            }
        }
        if subject.is_empty() {
            subject.clone_from(&self.subject);
        }
        subject.truncate(SUBJECT_MAX);
        Self { subject, place: place.or_else(|| self.place.clone()) }
    }
}

/// Whether a question refers to what was said before: by a pronoun, by the way it begins or ends, or by naming next to
/// nothing itself.
fn refers(tokens: &[Token], text: &str, units: &[Unit]) -> bool {
    let own: Vec<&Unit> = units.iter().filter(|unit| unit.role == Role::Content).collect();
    let names = own.iter().filter(|unit| is_name(unit)).count();
    let begins = CONNECTORS.iter().any(|word| text.to_lowercase().starts_with(word));
    let ends = text.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with('呢');
    let pronoun = tokens.iter().any(|token| PRONOUNS.contains(&token.text.as_str()));
    own.len() < OWN_MIN && names == 0 || begins || (ends || pronoun) && names < OWN_MIN
}

/// Whether a unit names a thing rather than an action or a property: a Latin word, or one that the lexicon has other names for.
fn is_name(unit: &Unit) -> bool {
    let latin = unit.kind == TokenKind::Latin && word_class(&unit.text.to_lowercase()) == WordClass::Content;
    latin || unit.forms.iter().any(|form| form.alias.is_some()) || unit.text.chars().count() > 2
}
