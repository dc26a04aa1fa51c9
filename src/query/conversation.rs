//! A conversation's state as a value: what the last question was about, so that the next one may leave it out.

use super::unit::{Form, Query, Role, Unit};
use super::words::Known;
use super::{Intent, leaning};
use crate::text::{Token, TokenKind, WordClass, fold, word_class};

/// Things that a conversation remembers.
const SUBJECT_MAX: usize = 6;
/// Questions that it remembers as they were asked.
const TURNS_MAX: usize = 3;
/// What the last subject counts in a question that refers to it. In any other it counts nothing: people change the subject.
const REFERRED: f32 = 0.6;
/// Words that stand for two things said before, in one question or in two.
pub(super) const PAIRS: &[&str] = &[
    "两个", "两者", "二者", "俩", "两种", "它们", "他们", "这些", "彼此", "之间", "both", "two", "them", "they",
    "these",
];
/// What a conversation is about, and where its last answer stood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    subject: Vec<Unit>,
    /// What it was about before, by name only.
    former: Vec<Unit>,
    place: Option<Place>,
    /// The last questions as asked, the oldest first.
    turns: Vec<String>,
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
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub(super) fn carry(
        &self,
        tokens: &[Token],
        text: &str,
        units: &mut Vec<Unit>,
        known: Known<'_>,
    ) -> Result<Carried, String> {
        if self.subject.is_empty() {
            return Ok(Carried::default());
        }
        if !leaning::refers(tokens, text, units, |word| self.is_beside(word, known))? {
            return Ok(Carried { assumed: Vec::new(), place: self.place.clone() });
        }
        let mut assumed = Vec::new();
        let one_of_two = names_of(&self.subject).count() < 2 && mentions(tokens, PAIRS);
        let former = self.former.iter().filter(|_| one_of_two);
        units.retain(|unit| !PAIRS.contains(&fold(&unit.text).as_str()));
        // 怎么用, or 有什么区别, after a question about Ingress is a question about Ingress and nothing else.
        let names = |unit: &Unit| is_content(unit) && Intent::of(&unit.text) == Intent::Other;
        let is_subject = !units.iter().any(|unit| unit.role == Role::Content && names(unit));
        if is_subject {
            units.iter_mut().filter(|unit| !is_content(unit)).for_each(|unit| unit.role = Role::Asking);
        }
        let (role, weight) = if is_subject { (Role::Content, 1.0) } else { (Role::Carried, REFERRED) };
        for unit in former.chain(&self.subject) {
            if units.iter().any(|own| own.text.eq_ignore_ascii_case(&unit.text)) {
                continue;
            }
            let forms = unit.forms.iter().map(|form| Form { weight: form.weight * weight, ..form.clone() }).collect();
            units.push(Unit { forms, role, ..unit.clone() });
            if is_name(unit) {
                assumed.push(unit.text.clone());
            }
        }
        Ok(Carried { assumed, place: self.place.clone() })
    }

    /// Whether a passage holds `word` together with what the conversation is about.
    fn is_beside(&self, word: &Unit, known: Known<'_>) -> Result<bool, String> {
        let named = names_of(&self.subject).next().is_some();
        for subject in self.subject.iter().filter(|unit| !named || is_name(unit)) {
            for form in standing_for(subject) {
                for own in standing_for(word) {
                    let terms: Vec<&str> = form.terms.iter().chain(&own.terms).map(String::as_str).collect();
                    if known.hold_together(&terms)? {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// The last questions as they were asked, the oldest first.
    #[must_use]
    pub fn turns(&self) -> &[String] {
        &self.turns
    }

    /// The same for somebody else who goes on from here: what it is about, and nobody's words. Of the questions only the names of
    /// things are left.
    #[must_use]
    pub fn for_another(&self) -> Self {
        let names: Vec<&str> = names_of(&self.subject).map(|unit| unit.text.as_str()).collect();
        let turns = if names.is_empty() { Vec::new() } else { vec![names.join(" ")] };
        Self { turns, ..self.clone() }
    }

    /// The conversation after a question (`asked` as cleaned) and its best answer.
    #[must_use]
    pub fn after(&self, asked: &str, query: &Query, place: Option<Place>) -> Self {
        let Query { units, carried, .. } = query;
        let mut turns: Vec<String> = self.turns.iter().cloned().chain([asked.to_owned()]).collect();
        turns.drain(..turns.len().saturating_sub(TURNS_MAX));
        let own = units.iter().filter(|unit| unit.role == Role::Content && is_content(unit));
        let taken = units.iter().filter(|unit| unit.role == Role::Carried && carried.assumed.contains(&unit.text));
        let kept: Vec<Unit> = taken.map(|unit| self.as_said(unit)).collect();
        let mut subject: Vec<Unit> = Vec::new();
        for unit in kept.iter().chain(own) {
            if !subject.iter().any(|other| other.text == unit.text) {
                subject.push(unit.clone());
            }
        }
        subject.truncate(SUBJECT_MAX);
        let place = place.or_else(|| self.place.clone());
        if subject.is_empty() {
            return Self { place, turns, ..self.clone() };
        }
        let former = names_of(&self.subject).filter(|unit| !subject.contains(unit)).cloned().collect();
        Self { subject, former, place, turns }
    }

    /// A unit that was taken over, at the weight it had when it was said.
    fn as_said(&self, carried: &Unit) -> Unit {
        let said = self.subject.iter().chain(&self.former).find(|unit| unit.text == carried.text);
        said.unwrap_or(carried).clone()
    }
}

pub(super) fn mentions(tokens: &[Token], words: &[&str]) -> bool {
    tokens.iter().any(|token| words.contains(&token.text.as_str()))
}

/// Whether a unit is more than a word that asks or is polite; those are units of a question that has no others.
pub(super) fn is_content(unit: &Unit) -> bool {
    word_class(&fold(&unit.text)) == WordClass::Content
}

fn names_of(units: &[Unit]) -> impl Iterator<Item = &Unit> {
    units.iter().filter(|unit| is_name(unit))
}

/// The forms of a unit that mean the same: no everyday word of about its meaning, and not its parts.
fn standing_for(unit: &Unit) -> impl Iterator<Item = &Form> {
    unit.forms.iter().enumerate().filter(|(number, form)| *number == 0 || form.alias.is_some()).map(|(_, form)| form)
}

/// Whether a unit names a thing rather than an action or a property: a Latin word, or one that the lexicon has other names for.
pub(super) fn is_name(unit: &Unit) -> bool {
    let named = unit.kind == TokenKind::Latin || unit.text.chars().count() > 2;
    is_content(unit)
        && !leaning::PROPERTIES.contains(&fold(&unit.text).as_str())
        && (named || unit.forms.iter().any(|form| form.alias.is_some()))
}
