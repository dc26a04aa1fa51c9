//! Aliases: other standard names for what a question names, from the lexicon, at a lower weight.

use crate::text::{Analyzer, Span, TermKind, Token, alias_key, normalise};

use super::{Form, Role, Unit};

/// What another name counts beside the one that was typed, and what an everyday word of about the same meaning does.
const NAME_WEIGHT: f32 = 0.6;
const EVERYDAY_WEIGHT: f32 = 0.35;
/// Names of one thing that are tried at most.
const ALIASES_MAX: usize = 8;

/// Where a name of the lexicon stands in a question, and its key.
pub(super) type Phrase = (Span, String);

/// Adds to each unit the other names of what it names, alone or as a word of a name of several (service mesh).
pub(super) fn expand(units: &mut [Unit], tokens: &[Token], names: &[Phrase], analyzer: &Analyzer) {
    for (span, key) in names {
        let words: Vec<&str> = tokens
            .iter()
            .filter(|token| !token.part && span.contains(token.span))
            .map(|token| token.text.as_str())
            .collect();
        let others: Vec<Form> = others(key, analyzer).collect();
        let is_word = |form: &Form| matches!(form.terms.as_slice(), [term] if words.contains(&term.as_str()));
        let of_name = |unit: &&mut Unit| unit.role == Role::Content && unit.forms.first().is_some_and(is_word);
        for unit in units.iter_mut().filter(of_name) {
            for form in &others {
                if unit.forms.iter().all(|known| known.terms != form.terms) {
                    unit.forms.push(form.clone());
                }
            }
        }
    }
}

/// The other names of what the lexicon has under a key.
fn others(key: &str, analyzer: &Analyzer) -> impl Iterator<Item = Form> {
    let groups = analyzer.lexicon().groups(key);
    let names = groups.flat_map(|group| group.names.into_iter().map(move |name| (name, group.kind)));
    let others = names.filter(move |(name, _)| alias_key(&crate::text::fold(name)) != *key).take(ALIASES_MAX);
    others.filter_map(|(name, kind)| {
        let (weight, alias) = match kind {
            TermKind::Name => (NAME_WEIGHT, Some(name.to_owned())),
            TermKind::Everyday => (EVERYDAY_WEIGHT, None),
        };
        let tokens = analyzer.tokens(name).into_iter().filter(|token| !token.part);
        let terms: Vec<String> = tokens.map(|token| token.text).collect();
        (!terms.is_empty()).then_some(Form { terms, weight, alias })
    })
}

/// Longest runs of tokens that the lexicon knows as a name, left to right, without overlap.
pub(super) fn phrases(text: &str, tokens: &[Token], analyzer: &Analyzer) -> Vec<Phrase> {
    let lexicon = analyzer.lexicon();
    let mut wholes: Vec<Span> = tokens.iter().filter(|token| !token.part).map(|token| token.span).collect();
    // The words of one character (㍿) begin and end with it.
    wholes.dedup();
    // One character may stand for eighteen.
    let chars: Vec<usize> = wholes.iter().map(|span| normalise(span.of(text)).text().chars().count()).collect();
    let chars_max = lexicon.key_chars_max() + 2;
    let mut found = Vec::new();
    let mut first = 0;
    while let Some(start) = wholes.get(first).map(|span| span.start) {
        let within = chars.iter().skip(first).scan(0, |all, chars| {
            *all += chars;
            (*all <= chars_max).then_some(())
        });
        let longest = (first..first + within.count()).rev().find_map(|last| {
            let span = Span::new(start, wholes.get(last)?.end);
            let typed = span.of(text);
            if typed.chars().count() > chars_max {
                return None;
            }
            let key = alias_key(&normalise(typed).text().to_lowercase());
            let singular = key.strip_suffix('s').map(str::to_owned);
            [Some(key), singular]
                .into_iter()
                .flatten()
                .find(|key| lexicon.groups(key).next().is_some())
                .map(|key| (last, span, key))
        });
        if let Some((last, span, key)) = longest {
            found.push((span, key));
            first = last;
        }
        first += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;
    use crate::text::Lexicon;

    #[test]
    fn each_word_of_a_name_has_the_other_names_and_no_other_word_has_them() {
        let analyzer = Analyzer::new(Lexicon::standard());
        let query = Query::of("c service mesh 和 Services 里的 vice".to_owned(), &analyzer);
        let with: Vec<&str> = query
            .content()
            .filter(|unit| unit.forms.iter().any(|form| form.terms == ["服务网格"]))
            .map(|unit| unit.text.as_str())
            .collect();
        assert_eq!(with, ["service", "mesh"], "{:?}", query.units);
    }
}
