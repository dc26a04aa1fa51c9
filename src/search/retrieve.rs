//! First look: a weighted OR of all terms over all fields, by BM25 over tantivy's posting lists.

use std::collections::BTreeMap;

use tantivy::query::Bm25Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Score, Term};

use super::Weights;
use crate::corpus::Day;
use crate::index::{Snapshot, TextField};
use crate::query::{Form, Query, Role};
use crate::text::is_han;

/// So many times the passages that are wanted are held until those that are not among the best go.
const HELD: usize = 4;

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
    let mut scores = Scores::of(snapshot, today)?;
    for ((field, text), weight) in &Terms::of(query, weights).0 {
        scores.add(snapshot, *field, text, *weight)?;
    }
    Ok(scores.best(snapshot, limit))
}

/// The scores of all passages, summed term by term. A question has many terms and few passages have none of them, so there is
/// next to nothing that a union which goes passage by passage could skip. Passages that were taken out begin at minus
/// infinity, and so do those that are not shown any more.
struct Scores(Vec<Vec<Score>>);

impl Scores {
    fn of(snapshot: &Snapshot, today: Day) -> Result<Self, String> {
        let segments = snapshot.searcher().segment_readers();
        let mut scores: Vec<_> = segments.iter().map(|segment| vec![0.0; segment.max_doc() as usize]).collect();
        let expired = snapshot.expired(today)?;
        for ((scores, deleted), expired) in scores.iter_mut().zip(snapshot.deleted()).zip(&expired) {
            for &doc in deleted.iter().chain(expired) {
                if let Some(score) = scores.get_mut(doc as usize) {
                    *score = Score::NEG_INFINITY;
                }
            }
        }
        Ok(Self(scores))
    }

    /// Adds what a term with this weight is worth in each passage that holds it.
    fn add(&mut self, snapshot: &Snapshot, field: TextField, text: &str, weight: f32) -> Result<(), String> {
        let passages = snapshot.doc_freq(field, text)?;
        if passages == 0 {
            return Ok(());
        }
        let length = snapshot.mean_length(field);
        let bm25 = Bm25Weight::for_one_term_without_explain(passages, snapshot.passages(), length).boost_by(weight);
        self.sum(snapshot, &snapshot.term(field, text), &bm25).map_err(|error| error.to_string())
    }

    fn sum(&mut self, snapshot: &Snapshot, term: &Term, bm25: &Bm25Weight) -> tantivy::Result<()> {
        for (scores, segment) in self.0.iter_mut().zip(snapshot.searcher().segment_readers()) {
            let index = segment.inverted_index(term.field())?;
            let Some(mut postings) = index.read_block_postings(term, IndexRecordOption::WithFreqs)? else { continue };
            let lengths = segment.get_fieldnorms_reader(term.field())?;
            while !postings.docs().is_empty() {
                for (&doc, &frequency) in postings.docs().iter().zip(postings.freqs()) {
                    if let Some(score) = scores.get_mut(doc as usize) {
                        *score += bm25.score(lengths.fieldnorm_id(doc), frequency);
                    }
                }
                postings.advance();
            }
        }
        Ok(())
    }

    /// The best `limit` passages that hold anything, the best first; equal ones in the order of the notes.
    fn best(self, snapshot: &Snapshot, limit: usize) -> Vec<(Score, DocAddress)> {
        let order = |a: &(Score, DocAddress), b: &(Score, DocAddress)| {
            b.0.total_cmp(&a.0).then_with(|| snapshot.order(a.1, b.1))
        };
        // Nearly all passages hold something, and nearly all are worse than the best of those before them.
        let (mut best, mut least) = (Vec::with_capacity(HELD * limit + 1), Score::MIN_POSITIVE);
        for (segment, scores) in (0..).zip(&self.0) {
            for (doc, &score) in (0..).zip(scores) {
                if score < least {
                    continue;
                }
                best.push((score, DocAddress::new(segment, doc)));
                if best.len() > HELD * limit {
                    let (_, last, _) = best.select_nth_unstable_by(limit, order);
                    least = last.0.max(least);
                    best.truncate(limit);
                }
            }
        }
        best.sort_unstable_by(order);
        best.truncate(limit);
        best
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as TantivyQuery, TermQuery};

    use super::*;
    use crate::corpus::{Look, Selection, walk};
    use crate::index::{Builder, Effort, Fit, Home};
    use crate::text::{Analyzer, Lexicon};

    /// Forty notes with other numbers of the same words in each.
    fn snapshot(folder: &Path, analyzer: &Analyzer) -> Snapshot {
        let notes = folder.join("notes");
        fs::create_dir(&notes).unwrap();
        for number in 0..40_usize {
            let words = ["容器", "kube-proxy", "镜像仓库", "调度"].iter().enumerate();
            let text: String = words.map(|(place, word)| format!("{word} ").repeat(number % (place + 2))).collect();
            let heading = if number % 3 == 0 { "容器的调度" } else { "别的" };
            let rest = "其余的话。".repeat(number);
            fs::write(notes.join(format!("{number}.md")), format!("# 笔记\n\n## {heading}\n\n{text}。{rest}\n"))
                .unwrap();
        }
        let builder =
            Builder { analyzer, note_bytes_max: 1 << 20, look: &Look::none(), keys: &|_| Vec::new(), lexicon: None };
        let found = walk(&notes, &Selection::default()).unwrap();
        let home = Home::new(&folder.join("index"), &notes);
        home.build(builder, found, &Fit::new("", ""), Effort::Anew, &mut |_| {}).unwrap().1
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
