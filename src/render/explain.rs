//! An explanation for an instructor at a terminal: plain tables.

use super::one_line;
use crate::answer::{Evidence, ExplainedUnit, Explanation, Features};
use crate::text::{Analysis, Token};
use crate::texts::Language;

/// A longer word or heading is cut; characters.
const WORD_CHARS_MAX: usize = 30;
const PATH_CHARS_MAX: usize = 70;
/// Names of one thing that are listed.
const FORMS_MAX: usize = 9;

/// How a text is cut: as a question, and for each field of the index.
#[must_use]
pub fn tokens(tokens: &[Token], indexed: &Analysis, language: Language) -> String {
    let mut lines = vec![language.tokens_of_a_question().to_owned()];
    lines.extend(tokens.iter().map(|token| {
        let part = if token.part { language.part_of_a_word() } else { "" };
        format!("  {}  {part}", one_line(&token.text, WORD_CHARS_MAX)).trim_end().to_owned()
    }));
    lines.push(language.words_of_the_index().to_owned());
    for (field, words) in [("words", &indexed.words), ("chars", &indexed.chars), ("bigrams", &indexed.bigrams)] {
        lines.push(format!("  {field}: {}", one_line(&words.iter().collect::<Vec<_>>().join(" "), 400)));
    }
    lines.join("\n") + "\n"
}

/// How a question is understood.
#[must_use]
pub fn understanding(explanation: &Explanation, language: Language) -> String {
    let mut lines = vec![language.understood_as(&one_line(&explanation.text, 200))];
    lines.push(language.intent(explanation.intent_name()));
    if !explanation.corrections.is_empty() {
        lines.push(
            language.corrected(&explanation.corrections.iter().map(|made| one_line(made, 80)).collect::<Vec<_>>()),
        );
    }
    lines.push(language.keys(&explanation.keys.iter().map(|key| one_line(key, 80)).collect::<Vec<_>>()));
    lines.push(language.things_asked_for().to_owned());
    lines.extend(explanation.units.iter().map(|unit| unit_line(unit, language)));
    lines.join("\n") + "\n"
}

fn unit_line(unit: &ExplainedUnit, language: Language) -> String {
    let forms = unit.forms.iter().take(FORMS_MAX).map(|form| format!("{}×{:.2}", form.terms.join("+"), form.weight));
    let forms = one_line(&forms.collect::<Vec<_>>().join("  "), 160);
    let importance = unit.importance.map_or_else(String::new, |idf| format!("  idf {idf:.2}"));
    let unknown = if unit.known { "" } else { language.in_no_note() };
    format!("  {} [{}]{importance}{unknown}\n      {forms}", one_line(&unit.text, WORD_CHARS_MAX), unit.role_name())
}

/// Why the answer came out as it did, and what spoke for each hit.
#[must_use]
pub fn judgement(explanation: &Explanation, language: Language) -> String {
    let Evidence { probability, score, missed, heading, number_far, unknown, name_unknown, things, note, kind_missed } =
        explanation.evidence;
    let mut lines = vec![language.judged(explanation.outcome_name(), probability)];
    lines.push(format!(
        "  score {score:.2}  missed {missed:.2}  number_far {number_far:.2}  heading {heading:.2}  note {note:.2}  \
         things {things:.2}  kind_missed {kind_missed:.0}  unknown {unknown:.2}  name_unknown {name_unknown:.0}"
    ));
    lines.push(language.hits_by_features().to_owned());
    for (number, hit) in explanation.hits.iter().enumerate() {
        lines.push(format!("  {}. {:.2}  {}", number + 1, hit.score, one_line(&hit.path, PATH_CHARS_MAX)));
        lines.push(format!("      {}", features(&hit.features)));
    }
    lines.join("\n") + "\n"
}

/// The features that are not zero.
fn features(features: &Features) -> String {
    let named = features.by_name();
    let told = named.iter().filter(|(_, value)| value.abs() > 0.005).map(|(name, value)| format!("{name} {value:.2}"));
    told.collect::<Vec<_>>().join("  ")
}
