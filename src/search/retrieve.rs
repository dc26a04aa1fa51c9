//! First look: a weighted OR of all terms over all fields, by BM25 over tantivy's posting lists.

use std::collections::BTreeMap;

use tantivy::{DocAddress, Score};

use super::Weights;
use super::scores::{WeightedTerm, best};
use crate::corpus::Day;
use crate::index::{Snapshot, TextField};
use crate::query::{Form, Query, Role};
use crate::text::is_han;

/// The terms that are looked up, with their weights; a term that several forms share counts once, at its best.
#[derive(Default)]
struct Terms(BTreeMap<(TextField, String), f32>);

impl Terms {
    fn of(query: &Query, weights: &Weights) -> Self {
        let mut terms = Self::default();
        for unit in &query.units {
            match unit.role {
                Role::Content | Role::Carried => {
                    unit.forms.iter().for_each(|form| terms.add_form(form, unit.focus, weights));
                }
                Role::Asking => {
                    for term in unit.forms.iter().flat_map(|form| &form.terms) {
                        terms.add(TextField::Heading, term, weights.asking);
                        terms.add(TextField::Trail, term, weights.asking);
                    }
                }
            }
        }
        terms
    }

    fn add(&mut self, field: TextField, term: &str, weight: f32) {
        if weight > 0.0 {
            let best = self.0.entry((field, term.to_owned())).or_default();
            *best = best.max(weight);
        }
    }

    fn add_form(&mut self, form: &Form, focus: f32, weights: &Weights) {
        let weight = focus * form.weight / (form.terms.len() as f32).sqrt();
        for term in &form.terms {
            self.add(TextField::Words, term, weight * weights.words);
            self.add(TextField::Heading, term, weight * weights.heading);
            self.add(TextField::Trail, term, weight * weights.trail);
            self.add(TextField::About, term, weight * weights.about);
            let chars: Vec<char> = term.chars().collect();
            if !chars.iter().all(|&c| is_han(c)) {
                self.add(TextField::Chars, term, weight * weights.chars);
                continue;
            }
            for c in &chars {
                self.add(TextField::Chars, &c.to_string(), weight * weights.chars);
            }
            for pair in chars.windows(2) {
                self.add(TextField::Bigrams, &pair.iter().collect::<String>(), weight * weights.bigrams);
            }
        }
    }
}

/// The best `limit` passages for `query` with their BM25 scores.
pub(super) fn retrieve(
    snapshot: &Snapshot,
    query: &Query,
    weights: &Weights,
    today: Day,
    limit: usize,
) -> Result<Vec<(Score, DocAddress)>, String> {
    let mut terms = Vec::new();
    for ((field, text), weight) in &Terms::of(query, weights).0 {
        terms.extend(WeightedTerm::of(snapshot, *field, text, *weight)?);
    }
    best(snapshot, &terms, today, limit)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as TantivyQuery, TermQuery};
    use tantivy::schema::IndexRecordOption;

    use super::*;
    use crate::corpus::{Look, Selection, walk};
    use crate::index::{Builder, Effort, Fit, Home};
    use crate::text::{Analyzer, Lexicon};

    /// Forty notes with other numbers of the same words in each; one in ten is only good for a time.
    fn snapshot(folder: &Path, analyzer: &Analyzer) -> Snapshot {
        let notes = folder.join("notes");
        fs::create_dir_all(notes.join("qa")).unwrap();
        for number in 0..40_usize {
            let words = ["容器", "kube-proxy", "镜像仓库", "调度"].iter().enumerate();
            let text: String = words.map(|(place, word)| format!("{word} ").repeat(number % (place + 2))).collect();
            let heading = if number % 3 == 0 { "容器的调度" } else { "别的" };
            let rest = "其余的话。".repeat(number);
            let (place, front) = if number % 10 == 4 { ("qa/", "---\nexpires: 2020-01-31\n---\n") } else { ("", "") };
            let text = format!("{front}# 笔记\n\n## {heading}\n\n{text}。{rest}\n");
            fs::write(notes.join(format!("{place}{number}.md")), text).unwrap();
        }
        build(folder, analyzer)
    }

    fn build(folder: &Path, analyzer: &Analyzer) -> Snapshot {
        let notes = folder.join("notes");
        let builder =
            Builder { analyzer, note_bytes_max: 1 << 20, look: &Look::none(), keys: &|_| Vec::new(), lexicon: None };
        let found = walk(&notes, &Selection::default()).unwrap();
        let home = Home::new(&folder.join("index"), &notes);
        home.build(builder, &found, &Fit::new("", ""), Effort::Changes, &mut |_| {}).unwrap().1
    }

    /// The passages that hold a term in their text, as the snapshot counts them and as they are retrieved.
    fn holding(snapshot: &Snapshot, analyzer: &Analyzer, text: &str, today: &str) -> (u64, Vec<DocAddress>) {
        let query = Query::of(text.to_owned(), analyzer);
        let found = retrieve(snapshot, &query, &Weights::default(), today.parse().unwrap(), 100).unwrap();
        (snapshot.doc_freq(TextField::Words, text).unwrap(), found.into_iter().map(|(_, address)| address).collect())
    }

    #[test]
    fn passages_that_were_taken_out_or_are_out_of_date_are_not_among_them() {
        let folder = tempfile::tempdir().unwrap();
        let analyzer = Analyzer::new(Lexicon::standard());
        let whole = snapshot(folder.path(), &analyzer);
        let (held, found) = holding(&whole, &analyzer, "kube-proxy", "2020-01-31");
        assert_eq!(found.len() as u64, held);
        // The notes 4, 14, 34 have it, and 24 has none.
        let (_, dated) = holding(&whole, &analyzer, "kube-proxy", "2020-02-01");
        assert_eq!(dated.len() as u64, held - 3);
        assert!(dated.iter().all(|address| found.contains(address)));
        fs::remove_file(folder.path().join("notes/qa/4.md")).unwrap();
        fs::write(folder.path().join("notes/5.md"), "# 笔记\n\nkube-proxy 换了说法。\n").unwrap();
        let changed = build(folder.path(), &analyzer);
        let (held_now, found) = holding(&changed, &analyzer, "kube-proxy", "2020-01-31");
        assert_eq!((found.len() as u64, held_now), (held - 1, held - 1));
        let gone: Vec<&[u32]> = changed.deleted().collect();
        assert!(gone.iter().any(|gone| !gone.is_empty()), "nothing was taken out");
        assert!(found.iter().all(|at| !gone[at.segment_ord as usize].contains(&at.doc_id)));
    }

    #[test]
    fn scores_and_order_are_those_of_a_union_that_goes_passage_by_passage() {
        let folder = tempfile::tempdir().unwrap();
        let analyzer = Analyzer::new(Lexicon::standard());
        let snapshot = snapshot(folder.path(), &analyzer);
        for question in ["容器", "容器的调度是什么", "kube-proxy 和镜像仓库", "svc proxy", "别的话", "没有的词"]
        {
            let (query, weights) = (Query::of(question.to_owned(), &analyzer), Weights::default());
            let clauses = Terms::of(&query, &weights).0.into_iter().map(|((field, text), weight)| {
                let term = TermQuery::new(snapshot.term(field, &text), IndexRecordOption::WithFreqs);
                let clause: Box<dyn TantivyQuery> = Box::new(BoostQuery::new(Box::new(term), weight));
                (Occur::Should, clause)
            });
            let union = BooleanQuery::new(clauses.collect());
            let expected = snapshot.searcher().search(&union, &TopDocs::with_limit(25).order_by_score()).unwrap();
            let found = retrieve(&snapshot, &query, &weights, Day::default(), 25).unwrap();
            assert_eq!(found.len(), expected.len(), "{question}");
            for ((score, place), (other, _)) in found.iter().zip(&expected) {
                assert!((score - other).abs() < 1e-4, "{question}: {place:?} has {score}, not {other}");
            }
            assert!(found.windows(2).all(|two| two[0].0 >= two[1].0), "{question}: the best come first");
            for limit in [1, 3, 7] {
                let few = retrieve(&snapshot, &query, &weights, Day::default(), limit).unwrap();
                assert_eq!(
                    few,
                    found.iter().take(limit).copied().collect::<Vec<_>>(),
                    "{question}: those go that are worse"
                );
            }
        }
    }
}
