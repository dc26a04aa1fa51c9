//! Terms of the folder's own lexicon that contradict another one, or that no note mentions.

use std::collections::HashMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Finding, Folder, Problem};
use crate::corpus::{LEXICON_FILE, NoteId};
use crate::text::{Lexicon, TermGroup, TermKind, alias_key, fold};

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    term: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: Spanned<String>,
    #[serde(default)]
    also: Vec<Spanned<String>>,
}

impl Entry {
    fn names(&self) -> impl Iterator<Item = &Spanned<String>> {
        std::iter::once(&self.name).chain(&self.also)
    }
}

/// All findings about the folder's lexicon. One that cannot be read gives none here: nothing works then, and it is told.
pub(super) fn check(folder: &Folder) -> Vec<Finding> {
    let Some(source) = folder.lexicon() else { return Vec::new() };
    let Ok(file) = toml::from_str::<File>(source) else { return Vec::new() };
    let line = |name: &Spanned<String>| {
        let before = source.bytes().take(name.span().start).filter(|&b| b == b'\n').count();
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    };
    let found =
        |name: &Spanned<String>, problem| Finding { note: NoteId(LEXICON_FILE.to_owned()), line: line(name), problem };
    let texts: Vec<String> = folder.notes().iter().map(|read| comparable(&read.note.text)).collect();
    let mut first: HashMap<String, (usize, &Spanned<String>)> = HashMap::new();
    let standard = Lexicon::standard();
    let mut findings = Vec::new();
    for (number, entry) in file.term.iter().enumerate() {
        for name in entry.names() {
            let (entry_before, known) = *first.entry(key(name.get_ref())).or_insert((number, name));
            if entry_before != number {
                let other = file.term.get(entry_before).map_or(known, |entry| &entry.name);
                let problem =
                    Problem::LexiconConflict(name.get_ref().clone(), other.get_ref().clone(), Some(line(known)));
                findings.push(found(name, problem));
            }
        }
        findings.extend(joined(entry, &standard).map(|(name, problem)| found(name, problem)));
        let is_mentioned = entry.names().any(|name| texts.iter().any(|text| mentions(text, &key(name.get_ref()))));
        if !is_mentioned {
            findings.push(found(&entry.name, Problem::LexiconUnused(entry.name.get_ref().clone())));
        }
    }
    findings
}

/// The first name of an entry that makes one thing of two terms of the standard lexicon.
fn joined<'e>(entry: &'e Entry, standard: &Lexicon) -> Option<(&'e Spanned<String>, Problem)> {
    let groups = |name: &Spanned<String>| -> Vec<TermGroup<'_>> {
        standard.groups(&key(name.get_ref())).filter(|group| group.kind == TermKind::Name).collect()
    };
    let mut known: Option<Vec<TermGroup<'_>>> = None;
    for name in entry.names() {
        let groups = groups(name);
        if groups.is_empty() {
            continue;
        }
        if let Some(known) = &known
            && !groups.iter().any(|group| known.contains(group))
        {
            let other =
                known.first().and_then(|group| group.names.first()).map(|name| (*name).to_owned()).unwrap_or_default();
            return Some((name, Problem::LexiconConflict(name.get_ref().clone(), other, None)));
        }
        known.get_or_insert(groups);
    }
    None
}

fn key(name: &str) -> String {
    alias_key(&fold(name))
}

/// A text in which keys can be looked for.
fn comparable(text: &str) -> String {
    alias_key(&fold(text))
}

/// Whether a text holds the name, and not only as a part of a longer Latin word.
fn mentions(text: &str, key: &str) -> bool {
    let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !key.is_empty()
        && text.match_indices(key).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + key.len()..).and_then(|after| after.chars().next());
            !(is_latin(before) && is_latin(key.chars().next()) || is_latin(after) && is_latin(key.chars().next_back()))
        })
}

#[cfg(test)]
mod tests {
    use super::super::folder::tests::folder;
    use super::*;

    #[track_caller]
    fn check_lexicon(lexicon: &str, expected: &[(u32, Problem)]) {
        let folder =
            folder(&[("lexicon.toml", lexicon), ("a.md", "# 训练营\n\n实验 机与 Kube Proxy，还有 campus。\n")]);
        let found: Vec<_> = check(&folder).into_iter().map(|found| (found.line, found.problem)).collect();
        assert_eq!(found, expected, "{lexicon}");
    }

    #[test]
    fn a_term_that_no_note_mentions_is_told() {
        check_lexicon(
            "[[term]]\nname = \"训练营\"\n\n[[term]]\nname = \"kube-proxy\"\n\n[[term]]\nname = \"camp\"\nalso = [\"营地\"]\n",
            &[(8, Problem::LexiconUnused("camp".to_owned()))],
        );
        check_lexicon("[[term]]\nname = \"营地\"\nalso = [\"訓練營\"]\n", &[]);
    }

    #[test]
    fn a_name_of_two_terms_is_told_with_the_other() {
        let conflict =
            |name: &str, other: &str, line| Problem::LexiconConflict(name.to_owned(), other.to_owned(), line);
        check_lexicon(
            "[[term]]\nname = \"训练营\"\nalso = [\"营\"]\n[[term]]\nname = \"实验\"\nalso = [\n  \"营\",\n  \"实验\",\n]\n",
            &[(7, conflict("营", "训练营", Some(3)))],
        );
        check_lexicon(
            "[[term]]\nname = \"Kube-Proxy\"\nalso = [\"Pod\"]\n",
            &[(3, conflict("Pod", "kube-proxy", None))],
        );
    }
}
