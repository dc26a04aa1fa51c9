//! The part of a passage that shows the answer: whole sentences, list items, rows or lines of code.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::corpus::{BlockKind, Opening, Piece};
use crate::index::Record;
use crate::query::{Intent, Query};
use crate::search::defines;
use crate::text::{Analyzer, Span, Token, WordClass, fold, is_connector, is_han, word_class};

/// A snippet has at most this many characters (Unicode scalars).
pub const SNIPPET_CHARS_MAX: usize = 240;
/// A longer piece is cut; characters.
const PIECE_CHARS_MAX: usize = SNIPPET_CHARS_MAX - "- ".len();
/// Pieces that are chosen for what they hold; the others are their neighbours.
const SEEDS_MAX: usize = 4;
/// Those of them that are shown beside commands or items of which none was chosen.
const BESIDE_WANTED_MAX: usize = 2;
/// Share of the question that a lead-in (…包括：) must hold to be shown with what it announces.
const LEAD_IN_SHARE: f32 = 0.5;
/// What holding again what another piece holds counts, beside holding something new.
const AGAIN: f32 = 0.2;
/// What a sentence that says what a thing is counts more, when that is asked: a share of the whole question.
const DEFINES: f32 = 0.3;
/// A form that counts less is no name of the thing.
const NAMES: f32 = 0.5;
/// A longer head of a table is not repeated above a row; characters.
const HEAD_CHARS_MAX: usize = 60;
/// Before what a picture is called, and what a diagram says.
const PICTURE: &str = "🖼 ";
const GAP: &str = " … ";

/// Text with marks on what was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Snippet {
    /// Plain text.
    #[serde(rename = "snippet")]
    pub text: String,
    /// Marks: half-open ranges of character offsets into the text, rising and apart.
    pub highlights: Vec<[usize; 2]>,
    /// The parts of the text and where each came from.
    pub fragments: Vec<Fragment>,
}

/// A part of a snippet that stands in the note in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// Half-open range of character offsets into the snippet's text.
    pub chars: [usize; 2],
    /// Half-open range of bytes of the note (decoded as UTF-8), with Markdown's marks.
    pub source: [usize; 2],
    /// Whether it is a line of code.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub code: bool,
}

/// Knows which words to mark.
pub(super) struct Marker<'a> {
    analyzer: &'a Analyzer,
    /// Term -> number of the content unit, and what the form counts.
    terms: HashMap<&'a str, (usize, f32)>,
    importance: &'a [f32],
    intent: Intent,
    /// Finds the terms in a text, both without connectors.
    finder: Option<AhoCorasick>,
}

/// A piece with what it holds of the question.
struct Candidate {
    kind: BlockKind,
    piece: Piece,
    tokens: Vec<Token>,
    /// What it holds of each unit, from 0 to 1.
    holds: Vec<f32>,
    marks: Vec<Span>,
    /// Whether it says what the thing is that is asked for.
    defines: bool,
}

impl<'a> Marker<'a> {
    pub(super) fn new(query: &'a Query, importance: &'a [f32], analyzer: &'a Analyzer) -> Self {
        let mut terms: HashMap<&str, (usize, f32)> = HashMap::new();
        for (number, unit) in query.content().enumerate() {
            for form in &unit.forms {
                for term in form.terms.iter().filter(|term| term.chars().nth(1).is_some() || form.weight >= 1.0) {
                    let weight = form.weight / form.terms.len() as f32;
                    let known = terms.entry(term).or_insert((number, weight));
                    if weight > known.1 {
                        *known = (number, weight);
                    }
                }
            }
        }
        let plain = terms.keys().map(|term| without_connectors(term));
        let finder = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(plain).ok();
        Self { analyzer, terms, importance, intent: query.intent, finder }
    }

    /// Whether a text can hold a term: far cheaper to see than to cut the text into tokens, and most texts hold none.
    fn may_hold(&self, text: &str) -> bool {
        self.finder.as_ref().is_none_or(|finder| finder.is_match(&without_connectors(&fold(text))))
    }

    /// The snippet of a passage.
    pub(super) fn snippet(&self, record: &Record) -> Snippet {
        let mut candidates: Vec<Candidate> = record.pieces().map(|(kind, piece)| self.candidate(kind, piece)).collect();
        // What a picture is called says little; it is shown when there is nothing else, or beside what it belongs to.
        if candidates.iter().any(|candidate| candidate.kind != BlockKind::Image) {
            for picture in candidates.iter_mut().filter(|candidate| candidate.kind == BlockKind::Image) {
                picture.holds.fill(0.0);
            }
        }
        let chosen = self.choose(&candidates);
        compose(&candidates, &chosen)
    }

    /// The beginning of a passage: what was written as an answer is read from the top.
    pub(super) fn opening(&self, record: &Record) -> Snippet {
        let candidates: Vec<Candidate> = record.pieces().map(|(kind, piece)| self.candidate(kind, piece)).collect();
        let mut chosen = Vec::new();
        fill(&candidates, &mut chosen, 0..candidates.len());
        compose(&candidates, &chosen)
    }

    /// A whole passage.
    pub(super) fn whole(&self, record: &Record) -> Snippet {
        let candidates: Vec<Candidate> = record.pieces().map(|(kind, piece)| self.uncut(kind, piece)).collect();
        compose(&candidates, &(0..candidates.len()).collect::<Vec<_>>())
    }

    fn candidate(&self, kind: BlockKind, piece: Piece) -> Candidate {
        let mut candidate = self.uncut(kind, piece);
        candidate.shorten();
        candidate
    }

    fn uncut(&self, kind: BlockKind, piece: Piece) -> Candidate {
        let looked_at = is_too_long(&piece.text) || self.may_hold(&piece.text);
        let tokens = if looked_at { self.analyzer.tokens(&piece.text) } else { Vec::new() };
        let mut holds = vec![0.0_f32; self.importance.len()];
        let mut marks = Vec::new();
        for token in &tokens {
            if let Some(&(unit, weight)) = self.terms.get(token.text.as_str()) {
                holds[unit] = holds[unit].max(weight);
                if !is_particle(&token.text) {
                    marks.push(token.span);
                }
            }
        }
        let mut candidate = Candidate { kind, piece, tokens, holds, marks: merged(marks), defines: false };
        candidate.defines =
            self.intent == Intent::Definition && !is_code(kind) && !candidate.leads_in() && self.says(&candidate);
        candidate
    }

    /// Whether a piece says what one of the things asked for is.
    fn says(&self, candidate: &Candidate) -> bool {
        let text = fold(&candidate.piece.text);
        self.terms.iter().any(|(term, (_, weight))| *weight >= NAMES && defines(&text, term))
    }

    /// Numbers of the pieces to show, rising.
    fn choose(&self, candidates: &[Candidate]) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        let mut held = vec![0.0_f32; self.importance.len()];
        let mut best = None;
        let total: f32 = self.importance.iter().sum();
        while chosen.len() < SEEDS_MAX {
            let gain = |candidate: &Candidate| -> f32 {
                let units = candidate.holds.iter().zip(&held).zip(self.importance);
                let new = |((holds, held), weight): ((&f32, &f32), &f32)| {
                    weight * ((holds - held).max(0.0) + AGAIN * holds.min(*held))
                };
                let defines = if candidate.defines && chosen.is_empty() { DEFINES * total } else { 0.0 };
                units.map(new).sum::<f32>() + defines
            };
            let next = candidates
                .iter()
                .enumerate()
                .map(|(number, candidate)| (gain(candidate), number))
                .filter(|(gain, number)| *gain > 0.0 && !chosen.contains(number))
                .filter(|(_, number)| fits(candidates, &chosen, *number))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Some((_, number)) = next else { break };
            if best.is_none() || candidates[number].leads_in() && self.share(&candidates[number]) >= LEAD_IN_SHARE {
                best = Some(number);
            }
            chosen.push(number);
            for (held, holds) in held.iter_mut().zip(&candidates[number].holds) {
                *held = held.max(*holds);
            }
        }
        let first = best.unwrap_or(0);
        if candidates.get(first).is_some_and(Candidate::leads_in) {
            // What a lead-in announces is what was asked for: it comes before anything else.
            chosen = vec![first];
        } else if let Some(run) = self.wanted(candidates) {
            let of_run = |number: &usize| run.contains(number);
            if !chosen.iter().any(of_run) {
                // They get the room of what holds less of the question.
                chosen.truncate(BESIDE_WANTED_MAX);
                fill(candidates, &mut chosen, run);
            } else if self.intent == Intent::List && of_run(&first) {
                // The items below the one that was chosen, else all from the top.
                let depth = |number: usize| candidates.get(number).map_or(0, Candidate::depth);
                let is_above = depth(first) < depth(first + 1) && first > run.start;
                chosen = if is_above { vec![first] } else { chosen.into_iter().filter(of_run).collect() };
                fill(candidates, &mut chosen, if is_above { first..run.end } else { run });
            }
        }
        // A row answers with what stands in its columns; reasons, ways and yes or no are told in sentences.
        let wants_sentence = matches!(self.intent, Intent::Reason | Intent::HowTo | Intent::YesNo);
        if let Some(head) = head_of(candidates, first).filter(|_| !wants_sentence) {
            fill(candidates, &mut chosen, head..head + 1);
        }
        fill(candidates, &mut chosen, first..candidates.len());
        fill(candidates, &mut chosen, (0..first).rev());
        chosen.sort_unstable();
        chosen
    }
}

impl Marker<'_> {
    /// The commands or steps of a question how something is done, the items or rows of one for a list, each with the piece that
    /// introduces them: of several the ones that hold most of the question.
    fn wanted(&self, candidates: &[Candidate]) -> Option<Range<usize>> {
        let (is_wanted, least): (fn(&Candidate) -> bool, usize) = match self.intent {
            Intent::HowTo => (Candidate::is_step, 1),
            Intent::List => (|piece| matches!(piece.kind, BlockKind::ListItem | BlockKind::TableRow), 2),
            _ => return None,
        };
        let mut best: Option<(f32, Range<usize>)> = None;
        let mut start = 0_usize;
        for run in candidates.chunk_by(|a, b| is_wanted(a) == is_wanted(b)) {
            let before = start.saturating_sub(1);
            start += run.len();
            let range = before..start;
            if run.len() < least || !run.iter().all(is_wanted) {
                continue;
            }
            let all = candidates.get(range.clone()).unwrap_or_default();
            let share = (0..self.importance.len())
                .map(|unit| all.iter().filter_map(|candidate| candidate.holds.get(unit)).copied().fold(0.0, f32::max))
                .zip(self.importance)
                .map(|(holds, weight)| holds * weight)
                .sum::<f32>();
            if best.as_ref().is_none_or(|(most, _)| share > *most) {
                best = Some((share, range));
            }
        }
        best.map(|(_, range)| range)
    }

    /// The part of the question's importance that a piece holds.
    fn share(&self, candidate: &Candidate) -> f32 {
        let total: f32 = self.importance.iter().sum();
        let held: f32 = candidate.holds.iter().zip(self.importance).map(|(holds, weight)| holds * weight).sum();
        if total > 0.0 { held / total } else { 0.0 }
    }
}

/// Adds neighbours in this order until one does not fit.
fn fill(candidates: &[Candidate], chosen: &mut Vec<usize>, numbers: impl Iterator<Item = usize>) {
    for number in numbers {
        if !chosen.contains(&number) {
            if !fits(candidates, chosen, number) {
                return;
            }
            chosen.push(number);
        }
    }
}

impl Candidate {
    /// Whether the piece announces what follows it.
    fn leads_in(&self) -> bool {
        !is_code(self.kind) && self.piece.text.trim_end().ends_with(['：', ':'])
    }

    /// Whether it is a line of code, or a numbered item with those below it.
    fn is_step(&self) -> bool {
        let is_numbered = |mark: &str| mark.starts_with(|c: char| c.is_ascii_digit() || c == ' ');
        is_code(self.kind) || matches!(&self.piece.opening, Opening::Item(mark) if is_numbered(mark))
    }

    /// How far its mark is indented, if it is an item; characters.
    fn depth(&self) -> usize {
        match &self.piece.opening {
            Opening::Item(mark) => mark.len() - mark.trim_start().len(),
            _ => 0,
        }
    }

    /// What stands before its text.
    fn mark(&self) -> &str {
        match (&self.piece.opening, self.kind) {
            (Opening::Item(mark), _) => mark,
            (_, BlockKind::Image | BlockKind::Diagram) => PICTURE,
            _ => "",
        }
    }

    /// Cuts a piece that is too long for a snippet around its first mark, never within a word.
    fn shorten(&mut self) {
        if !is_too_long(&self.piece.text) {
            return;
        }
        let (text, limit) = (&self.piece.text, PIECE_CHARS_MAX);
        let first_mark = self.marks.first().map_or(0, |mark| mark.start);
        let before = text.get(..first_mark).unwrap_or_default();
        let start = if before.chars().count() < limit / 2 { 0 } else { clause_start(before) };
        let rest = text.get(start..).unwrap_or_default();
        let mut end = rest.char_indices().nth(limit).map_or(text.len(), |(at, _)| start + at);
        let within = |at: usize| self.tokens.iter().any(|token| token.span.start < at && at < token.span.end);
        let ends: Vec<usize> =
            rest.grapheme_indices(true).map(|(at, _)| start + at).take_while(|at| *at <= end).collect();
        end = if end == text.len() {
            end
        } else {
            ends.into_iter().rev().find(|&at| at > start && !within(at)).unwrap_or(end)
        };
        let kept = Span::new(start, end);
        let source = self.piece.span;
        // Where the plain text is the source letter by letter, the cut part has its own place.
        let span = if source.len() == text.len() { kept.shifted(source.start) } else { source };
        self.marks = self
            .marks
            .iter()
            .filter(|mark| kept.contains(**mark))
            .map(|mark| Span::new(mark.start - start, mark.end - start))
            .collect();
        self.piece = Piece { text: kept.of(text).to_owned(), span, opening: self.piece.opening.clone() };
    }
}

fn is_too_long(text: &str) -> bool {
    text.len() > PIECE_CHARS_MAX && text.chars().count() > PIECE_CHARS_MAX
}

/// A text in which `kube-proxy` reads like `kubeproxy`, as it does among the tokens of either.
fn without_connectors(folded: &str) -> String {
    let mut plain = String::with_capacity(folded.len());
    folded.split(is_connector).for_each(|part| plain.push_str(part));
    plain
}

/// Where the clause begins that `before` leads into.
fn clause_start(before: &str) -> usize {
    before
        .char_indices()
        .rev()
        .take(60)
        .find(|(_, c)| matches!(c, '，' | '。' | '；' | '、' | '：' | '！' | '？' | ',' | ';' | ' '))
        .map_or(before.len(), |(at, c)| at + c.len_utf8())
}

/// Marks that touch or overlap become one; single common characters are no tokens and never marked alone.
fn merged(mut marks: Vec<Span>) -> Vec<Span> {
    marks.sort_unstable();
    let mut apart: Vec<Span> = Vec::with_capacity(marks.len());
    for mark in marks {
        match apart.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => apart.push(mark),
        }
    }
    apart
}

fn fits(candidates: &[Candidate], chosen: &[usize], number: usize) -> bool {
    let mut all: Vec<usize> = chosen.iter().copied().chain([number]).collect();
    all.sort_unstable();
    let chars = |text: &str| text.chars().count();
    let with_lead = |(place, &number): (usize, &usize)| {
        let before = place.checked_sub(1).and_then(|before| all.get(before).copied());
        let (lead, mark) = lead_to(candidates, before, number);
        chars(lead) + chars(mark) + candidates.get(number).map_or(0, |candidate| chars(&candidate.piece.text))
    };
    all.iter().enumerate().map(with_lead).sum::<usize>() <= SNIPPET_CHARS_MAX
}

/// What stands before a piece in a snippet: what parts it from the piece before it, and its mark.
fn lead_to(candidates: &[Candidate], before: Option<usize>, number: usize) -> (&'static str, &str) {
    let lead = before.map_or("", |last| separator(candidates, last, number));
    let goes_on = before.and_then(|last| candidates.get(last)).is_some_and(|last| last.kind == BlockKind::Diagram);
    let candidate = candidates.get(number);
    let mark = candidate.filter(|candidate| !goes_on || candidate.kind != BlockKind::Diagram);
    (lead, mark.map_or("", Candidate::mark))
}

/// Puts the chosen pieces together, in the order of the note.
fn compose(candidates: &[Candidate], chosen: &[usize]) -> Snippet {
    let mut snippet = Snippet::default();
    let mut chars = 0;
    let mut before: Option<usize> = None;
    for &number in chosen {
        let Some(candidate) = candidates.get(number) else { continue };
        let (lead, prefix) = lead_to(candidates, before, number);
        snippet.text.push_str(lead);
        snippet.text.push_str(prefix);
        chars += lead.chars().count() + prefix.chars().count();
        let text = &candidate.piece.text;
        let length = text.chars().count();
        snippet.text.push_str(text);
        let offset = |byte: usize| chars + text.get(..byte).map_or(0, |before| before.chars().count());
        snippet.highlights.extend(candidate.marks.iter().map(|mark| [offset(mark.start), offset(mark.end)]));
        let source = [candidate.piece.span.start, candidate.piece.span.end];
        let code = candidate.kind == BlockKind::Code;
        snippet.fragments.push(Fragment { chars: [chars, chars + length], source, code });
        chars += length;
        before = Some(number);
    }
    snippet
}

/// What stands between two pieces: nothing or a blank within a line, a line break, or a mark for a gap.
fn separator(candidates: &[Candidate], last: usize, number: usize) -> &'static str {
    let same_line = |candidate: &Candidate| candidate.piece.opening == Opening::Running;
    let running = candidates.get(last + 1..=number).is_some_and(|between| between.iter().all(same_line));
    match candidates.get(last).and_then(|candidate| candidate.piece.text.chars().next_back()) {
        _ if last + 1 != number => {
            if running {
                GAP
            } else {
                "\n…\n"
            }
        }
        Some('。' | '！' | '？' | '；' | '…') if running => "",
        Some(c) if running && is_han(c) => "",
        Some(_) if running => " ",
        _ => "\n",
    }
}

/// The head of the table in which a row stands, when it is short and in the same passage.
fn head_of(candidates: &[Candidate], row: usize) -> Option<usize> {
    candidates.get(row).filter(|candidate| candidate.kind == BlockKind::TableRow)?;
    let head = candidates.get(..row)?.iter().rposition(|candidate| candidate.kind != BlockKind::TableRow)?;
    let is_head = |candidate: &&Candidate| candidate.kind == BlockKind::TableHead;
    let is_short = |candidate: &&Candidate| candidate.piece.text.chars().count() <= HEAD_CHARS_MAX;
    candidates.get(head).filter(is_head).filter(is_short).map(|_| head)
}

fn is_code(kind: BlockKind) -> bool {
    kind == BlockKind::Code
}

/// 的 and its like: searched for when nothing else is asked, and never worth a mark.
fn is_particle(word: &str) -> bool {
    word.chars().nth(1).is_none() && word_class(word) == WordClass::Function
}
