//! The units of a question: each thing it names, with the forms in which notes may name it.

use std::collections::HashSet;

use serde::Serialize;

use crate::text::{Analyzer, Lexicon, Token, TokenKind, WordClass, fold, word_class};

use super::conversation::{Carried, Conversation};
use super::expansion::Phrase;
use super::focus::Focus;
use super::spelling::{self, Correction, Mended};
use super::words::Known;
use super::{Intent, Manner, Quantity, Question, curated, expansion, machine, name};

/// A query has at most this many units; a longer message is cut to its first ones.
const UNITS_MAX: usize = 48;

/// What a unit does in the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Names what is asked for.
    Content,
    /// Asks (什么, 怎么, how): matches headings in question form.
    Asking,
    /// Was named earlier in the conversation: helps to find, and is not held against an answer that lacks it.
    Carried,
}

/// One way of naming a unit: all of its terms together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form {
    /// Terms of the words field.
    pub terms: Vec<String>,
    /// What it counts, 1 for the word as typed.
    pub weight: f32,
    /// The name in the lexicon that it came from, for people; `None` for what was typed.
    pub alias: Option<String>,
}

/// One thing that a question names.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// As typed.
    pub text: String,
    /// What it does.
    pub role: Role,
    /// What it is made of.
    pub kind: TokenKind,
    /// The forms, the typed word first.
    pub forms: Vec<Form>,
    /// What it counts beside the others: less than 1 in the story around a question.
    pub focus: f32,
}

/// A question, ready for the search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// The question as cleaned, with its slips mended.
    pub text: String,
    /// What kind of answer it wants.
    pub intent: Intent,
    /// The number that it asks for.
    pub quantity: Option<Quantity>,
    /// What is asked for, in the order of the question, each once.
    pub units: Vec<Unit>,
    /// The names of what is asked for when it is a thing and no more is asked of it, in letters and digits; none otherwise.
    pub called: Vec<String>,
    /// Whether it names nothing: all its words only ask, hold a sentence together or are polite.
    pub names_nothing: bool,
    /// What was taken for something else than typed.
    pub corrections: Vec<Correction>,
    /// What was taken over from the conversation.
    pub carried: Carried,
    /// How it reads to somebody who overhears it.
    pub manner: Manner,
    /// Keys under which answers may be curated for it, the surest first.
    pub curated: Vec<String>,
}

/// What a part of a compound counts when only it is found.
const PART_WEIGHT: f32 = 0.35;

impl Query {
    /// Builds the query of a question: mends its slips, cuts it into units, gives each its other names, and adds what the
    /// conversation left out.
    ///
    /// # Errors
    /// The reason when the index cannot be read.
    pub fn new(
        question: &Question,
        analyzer: &Analyzer,
        known: Known<'_>,
        conversation: &Conversation,
    ) -> Result<Self, String> {
        let Mended { text, tokens, corrections } = spelling::mend(question.text(), analyzer, known)?;
        let names = expansion::phrases(&text, &tokens, analyzer);
        let mut query = Self { corrections, ..Self::of_tokens(text, &tokens, &names, analyzer) };
        machine::leave_out(&mut query.units, &tokens, known)?;
        query.carried = conversation.carry(&tokens, &query.text, &mut query.units, known)?;
        query.manner = Manner::of(question.text(), &tokens, &query.units, &query.carried.assumed);
        let assumed = &query.carried.assumed;
        query.curated = curated::looked_up(question.text(), &tokens, &names, assumed, analyzer);
        Ok(query)
    }

    /// The query of a text that stands alone and is spelt as it is. When every word of it is a stop word, they all count.
    #[must_use]
    pub fn of(text: String, analyzer: &Analyzer) -> Self {
        let tokens = analyzer.tokens(&text);
        let names = expansion::phrases(&text, &tokens, analyzer);
        let curated = curated::looked_up(&text, &tokens, &names, &[], analyzer);
        Self { curated, ..Self::of_tokens(text, &tokens, &names, analyzer) }
    }

    fn of_tokens(text: String, tokens: &[Token], names: &[Phrase], analyzer: &Analyzer) -> Self {
        let mut units = units(&text, tokens, |class| match class {
            WordClass::Content => Some(Role::Content),
            WordClass::Question => Some(Role::Asking),
            WordClass::Function => None,
        });
        let names_nothing = units.iter().all(|unit| unit.role == Role::Asking);
        if names_nothing {
            units = self::units(&text, tokens, |_| Some(Role::Content));
        }
        units.sort_by(|a, b| b.focus.total_cmp(&a.focus));
        units.truncate(UNITS_MAX);
        expansion::expand(&mut units, tokens, names, analyzer);
        let intent = Intent::of(&text);
        // 怎么分给几个: not a question for a number.
        let number = matches!(intent, Intent::Fact | Intent::List | Intent::Other);
        let quantity = number.then(|| Quantity::asked(&fold(&text))).flatten();
        let called = if names_nothing {
            Vec::new()
        } else {
            name::asked(&text, tokens, &units, intent, names, analyzer.lexicon())
        };
        Self { intent, quantity, text, units, called, names_nothing, ..Self::default() }
    }

    /// What the question is about, for counting questions of one kind: the things that it names, and those that it refers
    /// to, each by the first name that the lexicon has for it. None for a question that names nothing.
    #[must_use]
    pub fn topics(&self, lexicon: &Lexicon) -> Vec<String> {
        let about = |unit: &&Unit| match unit.role {
            Role::Content => !self.names_nothing || !self.carried.assumed.is_empty(),
            Role::Carried => self.carried.assumed.contains(&unit.text),
            Role::Asking => false,
        };
        let mut topics: Vec<String> = Vec::new();
        for topic in self.units.iter().filter(about).map(|unit| lexicon.name_of(&unit.text)) {
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
        topics
    }

    /// The units that name what is asked for.
    pub fn content(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(|unit| unit.role == Role::Content)
    }
}

fn units(text: &str, tokens: &[Token], role: impl Fn(WordClass) -> Option<Role>) -> Vec<Unit> {
    let mut seen = HashSet::new();
    let focus = Focus::of(text, tokens);
    let mut units = Vec::new();
    for whole in tokens.iter().filter(|token| !token.part) {
        let Some(role) = role(word_class(&whole.text)) else { continue };
        if !seen.insert(whole.text.as_str()) {
            continue;
        }
        let mut forms = vec![Form { terms: vec![whole.text.clone()], weight: 1.0, alias: None }];
        let parts: Vec<&Token> = tokens.iter().filter(|token| token.part && whole.span.contains(token.span)).collect();
        if role == Role::Content {
            let (joined, parts): (Vec<&Token>, Vec<&Token>) =
                parts.into_iter().partition(|part| part.span == whole.span && whole.kind == TokenKind::Latin);
            forms.extend(joined.into_iter().map(|token| Form {
                terms: vec![token.text.clone()],
                weight: 1.0,
                alias: None,
            }));
            if !parts.is_empty() {
                let terms = parts.into_iter().map(|token| token.text.clone()).collect();
                forms.push(Form { terms, weight: PART_WEIGHT, alias: None });
            }
        } else if !parts.is_empty() {
            // A phrase such as 是啥意思 is no word of a heading; its parts are.
            forms = vec![Form {
                terms: parts.into_iter().map(|token| token.text.clone()).collect(),
                weight: 1.0,
                alias: None,
            }];
        }
        let focus = focus.weight(whole.span);
        units.push(Unit { text: whole.span.of(text).to_owned(), role, kind: whole.kind, forms, focus });
    }
    units
}
