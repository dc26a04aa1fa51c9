//! What the second look sees of a candidate.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Serialize;

use super::likeness::Likeness;
use super::rank::place;
use super::recent::Passage;
use crate::corpus::BlockKind;
use crate::index::Record;
use crate::query::{Form, Intent, Query, Unit, is_called};
use crate::text::{Span, fold};

/// What a single Han character counts.
const SINGLE: f32 = 0.5;
/// From this on a thing asked for is held.
const HELD: f32 = 0.34;
/// A section of at most so many letters and digits (TODO) says nothing of what it is called.
const STUB_MAX: usize = 8;
/// A form that counts less is no name of the thing.
const NAMES: f32 = 0.5;
/// What a sentence about a thing counts beside one that defines it.
const SUBJECT: f32 = 0.6;

/// Headings that gather or close a note and answer nothing by themselves.
const GENERIC: &[&str] = &[
    "总结",
    "小结",
    "本章小结",
    "参考",
    "参考文献",
    "参考资料",
    "参考链接",
    "延伸阅读",
    "扩展阅读",
    "目录",
    "导航",
    "结语",
    "结论",
    "相关链接",
    "相关资源",
    "下一步",
    "summary",
    "conclusion",
    "reference",
    "references",
    "see also",
    "contents",
    "table of contents",
    "further reading",
    "links",
];

/// What stands behind a name of which is said what it is, beside 是.
const DEFINES: &[&str] = &["指", ":", "：", "=", "is ", "are ", "means ", "负责", "用来", "用于"];
/// What makes a question of 是 (容器是怎么隔离的).
const ASKS: &[&str] = &["什么", "啥", "怎", "如何", "为什么", "为何", "否", "不是", "哪", "谁", "干"];

/// Whether a folded heading gathers or closes a note.
pub(crate) fn is_generic(heading: &str) -> bool {
    GENERIC.contains(&heading.trim_matches(|c: char| !c.is_alphabetic()))
}

/// What is seen of a candidate; from 0 to 1 unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Features {
    /// Natural logarithm of the first look's score over that of the best candidate; 0 or less.
    pub bm25: f32,
    /// Share of the question that the passage and the headings above hold.
    pub coverage: f32,
    /// Share of the things asked for, each counted alike, that no two neighbouring pieces hold together: those that hold most of the question.
    pub missed: f32,
    /// Share that the section's own heading holds.
    pub heading: f32,
    /// Share that title and headings above hold.
    pub trail: f32,
    /// Likeness of heading and question.
    pub likeness: f32,
    /// Likeness of the nearest heading above and the question.
    pub likeness_above: f32,
    /// Whether no more is asked for than a thing, and the section's own heading is one of its names.
    pub named: f32,
    /// Share of the best candidates' scores that stand in the same note.
    pub note: f32,
    /// A how-to question, and commands or steps.
    pub how_to: f32,
    /// A question for a list, and a list.
    pub list: f32,
    /// A question for a definition, and a sentence that defines.
    pub definition: f32,
    /// A comparison, and both sides in one piece or heading.
    pub comparison: f32,
    /// A question for a number: share of it that stands near one of that kind.
    pub fact: f32,
    /// A heading that only gathers.
    pub generic: f32,
    /// Stands in the note of the conversation's last answer.
    pub same_note: f32,
    /// Stands under the same heading as the conversation's last answer.
    pub same_family: f32,
}

impl Features {
    /// All features by name, in their order.
    #[must_use]
    pub fn by_name(&self) -> [(&'static str, f32); 17] {
        [
            ("bm25", self.bm25),
            ("coverage", self.coverage),
            ("missed", self.missed),
            ("heading", self.heading),
            ("trail", self.trail),
            ("likeness", self.likeness),
            ("likeness_above", self.likeness_above),
            ("named", self.named),
            ("note", self.note),
            ("how_to", self.how_to),
            ("list", self.list),
            ("definition", self.definition),
            ("comparison", self.comparison),
            ("fact", self.fact),
            ("generic", self.generic),
            ("same_note", self.same_note),
            ("same_family", self.same_family),
        ]
    }
}

/// A content unit of the question, ready to be looked for in text.
struct Sought<'q> {
    forms: Vec<SoughtForm<'q>>,
    importance: f32,
}

/// A form with the numbers of its terms.
struct SoughtForm<'q> {
    form: &'q Form,
    terms: Vec<usize>,
}

/// Looks at candidates for one question.
pub(super) struct Looker<'q> {
    query: &'q Query,
    sought: Vec<Sought<'q>>,
    total: f32,
    likeness: Likeness,
    terms: Terms,
}

/// All terms of all forms, found in one pass over a text.
struct Terms {
    automaton: Option<AhoCorasick>,
    terms: Vec<String>,
}

impl Terms {
    fn of(query: &Query) -> Self {
        let all = query.content().flat_map(|unit| &unit.forms).flat_map(|form| &form.terms);
        let mut terms: Vec<String> = all.cloned().collect();
        terms.sort_unstable();
        terms.dedup();
        let kind = Some(AhoCorasickKind::DFA);
        Self { automaton: AhoCorasick::builder().kind(kind).build(&terms).ok(), terms }
    }

    /// What `text` (folded) holds of each term. A single Han character is part of many words, so it counts by half.
    /// Empty when it holds none, as most texts do.
    fn held(&self, text: &str) -> Vec<f32> {
        let mut held = Vec::new();
        for found in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(text)) {
            let number = found.pattern().as_usize();
            let Some(term) = self.terms.get(number) else { continue };
            if term.is_ascii() && !is_word(text, found.start(), found.end()) {
                continue;
            }
            if held.is_empty() {
                held.resize(self.terms.len(), 0.0);
            }
            held[number] = if term.is_ascii() || term.chars().nth(1).is_some() { 1.0 } else { SINGLE };
        }
        held
    }

    fn sought<'q>(&self, form: &'q Form) -> SoughtForm<'q> {
        let terms = form.terms.iter().filter_map(|term| self.terms.binary_search(term).ok());
        SoughtForm { form, terms: terms.collect() }
    }
}

impl<'q> Looker<'q> {
    pub(super) fn new(query: &'q Query, importance: &[f32]) -> Self {
        let terms = Terms::of(query);
        let forms = |unit: &'q Unit| unit.forms.iter().map(|form| terms.sought(form)).collect();
        let units = query.content().zip(importance);
        let sought = units.map(|(unit, &importance)| Sought { forms: forms(unit), importance }).collect();
        let likeness = Likeness::new(&query.text);
        Self { query, sought, total: importance.iter().sum(), likeness, terms }
    }

    /// What is seen of a candidate's text. Fields that depend on the other candidates are left at 0.
    pub(super) fn look(&self, passage: &Passage) -> Features {
        let record = &passage.record;
        let piece = |(kind, span): &(BlockKind, Span)| (*kind, span.of(&passage.text));
        let pieces: Vec<(BlockKind, &str)> = passage.pieces.iter().map(piece).collect();
        let in_heading = self.held(&passage.heading);
        let in_trail = self.held(&passage.above);
        let in_about = self.held(&passage.about);
        let by_piece: Vec<Vec<f32>> = pieces.iter().map(|(_, text)| self.held(text)).collect();
        let all = by_piece.iter().chain([&in_heading, &in_trail, &in_about]).filter(|held| !held.is_empty());
        let all: Vec<&[f32]> = all.map(Vec::as_slice).collect();
        let has = |kind: BlockKind| pieces.iter().any(|(other, _)| *other == kind);
        let intent =
            |wanted: Intent, there: &dyn Fn() -> bool| f32::from(u8::from(self.query.intent == wanted && there()));
        let heading = self.share(&[&in_heading]);
        let nothing = Vec::new();
        let two = |number: usize| {
            [&by_piece[number], by_piece.get(number + 1).unwrap_or(&nothing), &in_heading].map(Vec::as_slice)
        };
        // Most pieces hold nothing.
        let share_of_two = |number: usize| match two(number) {
            [[], [], _] => heading,
            held => self.share(&held),
        };
        let pairs = (0..by_piece.len()).map(|number| (share_of_two(number), number));
        let best =
            pairs.fold((0.0, None), |best, (share, number)| if share > best.0 { (share, Some(number)) } else { best });
        let [first, second, _] = best.1.map_or([&[][..], &[], &in_heading], two);
        let missed = self.missed(&[first, second, &in_heading, &in_about]);
        let last = self.query.carried.place.as_ref().map(|last| (last, place(record)));
        let same_note = last.as_ref().is_some_and(|(last, here)| last.note == here.note);
        let same_family = last.as_ref().is_some_and(|(last, here)| *last == here);
        // What stands before the first heading is about what the note is about.
        let called = &self.query.called;
        let is_called = match passage.heading.as_str() {
            "" => !called.is_empty() && is_called(&fold(&record.title), called),
            heading => is_called(heading, called),
        };
        let is_more_than_a_stub = || passage.text.chars().filter(|c| c.is_alphanumeric()).nth(STUB_MAX).is_some();
        let is_named = is_called && is_more_than_a_stub();
        let compares = || {
            by_piece.iter().any(|held| self.share(&[held, &in_heading]) > 0.8)
                || self.share(&[&in_heading, &in_trail]) > 0.8
        };
        Features {
            coverage: self.share(&all),
            missed,
            heading,
            trail: self.share(&[&in_trail]),
            likeness: self.likeness.of(&passage.pairs.0),
            likeness_above: passage.pairs.1.as_ref().map_or(0.0, |above| self.likeness.of(above)),
            named: f32::from(u8::from(is_named)),
            how_to: intent(Intent::HowTo, &|| has(BlockKind::Code)),
            list: intent(Intent::List, &|| has(BlockKind::ListItem) || has(BlockKind::TableRow)),
            definition: self.definition(&pieces),
            comparison: intent(Intent::Comparison, &compares),
            fact: self.fact(&pieces, &by_piece, &in_heading),
            generic: f32::from(u8::from(is_generic(&passage.heading))),
            same_note: f32::from(u8::from(same_note)),
            same_family: f32::from(u8::from(same_family)),
            ..Features::default()
        }
    }

    /// Other names of things asked for that a passage holds instead of the typed word.
    pub(super) fn aliases(&self, record: &Record) -> Vec<String> {
        let headings = record.trail.iter().chain([&record.title, &record.heading]).map(|heading| fold(heading));
        let texts: Vec<String> = headings.chain(record.texts().map(|(_, text)| fold(text))).collect();
        let by_text: Vec<Vec<f32>> = texts.iter().map(|text| self.terms.held(text)).collect();
        let has = |held: &[f32], number: &usize| held.get(*number) > Some(&0.0);
        let holds =
            |sought: &SoughtForm<'_>| by_text.iter().any(|held| sought.terms.iter().all(|term| has(held, term)));
        let missing = self.sought.iter().filter(|sought| !sought.forms.first().is_some_and(holds));
        let mut aliases: Vec<String> = Vec::new();
        for alias in missing.filter_map(|sought| sought.forms.iter().find(|form| holds(form))?.form.alias.as_ref()) {
            // Words of one name have it in common (service mesh).
            if !aliases.contains(alias) {
                aliases.push(alias.clone());
            }
        }
        aliases
    }

    /// What `text` (folded) holds of each unit. Empty when it holds nothing.
    fn held(&self, text: &str) -> Vec<f32> {
        let by_term = self.terms.held(text);
        if by_term.is_empty() {
            return Vec::new();
        }
        let value = |number: &usize| by_term.get(*number).copied().unwrap_or_default();
        let form = |sought: &SoughtForm<'_>| {
            sought.form.weight * sought.terms.iter().map(value).sum::<f32>() / sought.terms.len() as f32
        };
        self.sought.iter().map(|sought| sought.forms.iter().map(form).fold(0.0, f32::max)).collect()
    }

    /// The share of the question that texts hold together, from what each of them holds.
    fn share(&self, texts: &[&[f32]]) -> f32 {
        if self.total == 0.0 {
            return 0.0;
        }
        let most = |unit: usize| texts.iter().filter_map(|held| held.get(unit)).copied().fold(0.0, f32::max);
        self.sought.iter().enumerate().map(|(unit, sought)| sought.importance * most(unit)).sum::<f32>() / self.total
    }

    /// Share of the things asked for, each counted alike, that texts do not hold together, from what each of them holds.
    fn missed(&self, texts: &[&[f32]]) -> f32 {
        let held = |unit: &usize| texts.iter().any(|held| held.get(*unit).is_some_and(|held| *held >= HELD));
        let missed = (0..self.sought.len()).filter(|unit| !held(unit)).count();
        missed as f32 / self.sought.len().max(1) as f32
    }

    /// Share of the question that two neighbouring pieces hold of which one has the number that is asked for.
    fn fact(&self, pieces: &[(BlockKind, &str)], by_piece: &[Vec<f32>], in_heading: &[f32]) -> f32 {
        let Some(quantity) = self.query.quantity else { return 0.0 };
        let counted =
            |kind: BlockKind| matches!(kind, BlockKind::ListItem | BlockKind::TableRow) && quantity.can_be_counted();
        let with_number = (0..pieces.len()).filter(|&number| {
            let (kind, text) = &pieces[number];
            counted(*kind) || quantity.stands_in(text)
        });
        let shares = with_number.map(|number| {
            let near = by_piece.get(number.saturating_sub(1)..(number + 2).min(by_piece.len())).unwrap_or_default();
            near.iter().map(|near| self.share(&[near, &by_piece[number], in_heading])).fold(0.0, f32::max)
        });
        shares.fold(0.0, f32::max)
    }

    /// How far a question for a definition is met: by a sentence that says what the thing is, or one that begins with it.
    fn definition(&self, pieces: &[(BlockKind, &str)]) -> f32 {
        if self.query.intent != Intent::Definition {
            return 0.0;
        }
        let mut sentences = pieces.iter().filter(|(kind, _)| *kind != BlockKind::Code).map(|(_, text)| *text);
        if sentences.clone().any(|text| self.defines(text)) {
            1.0
        } else if sentences.any(|text| self.is_about(text)) {
            SUBJECT
        } else {
            0.0
        }
    }

    /// The terms that name the things asked for.
    fn name_terms(&self) -> impl Iterator<Item = &String> {
        let forms = self.sought.iter().flat_map(|sought| &sought.forms).map(|sought| sought.form);
        forms.filter(|form| form.weight >= NAMES).flat_map(|form| &form.terms)
    }

    /// Whether `text` (folded) begins with one of the things asked for, and goes on.
    fn is_about(&self, text: &str) -> bool {
        self.name_terms().any(|term| {
            text.strip_prefix(term.as_str())
                .is_some_and(|rest| rest.chars().filter(|c| c.is_alphanumeric()).count() > 3)
        })
    }

    /// Whether `text` (folded) says what one of the things asked for is.
    fn defines(&self, text: &str) -> bool {
        self.name_terms().any(|term| defines(text, term))
    }
}

/// Whether `text` says what `term` is; both folded.
pub(crate) fn defines(text: &str, term: &str) -> bool {
    text.match_indices(term).take(3).any(|(at, _)| {
        let behind: String = text.get(at + term.len()..).unwrap_or_default().chars().take(12).collect();
        let behind = behind.trim_start_matches([' ', '」', '”', '*', '`']);
        let behind = behind
            .split_once(')')
            .filter(|(inside, _)| inside.starts_with('('))
            .map_or(behind, |(_, rest)| rest.trim_start());
        let says = |rest: &str| !ASKS.iter().any(|asking| rest.starts_with(asking));
        let with_verb = ["是", "就是", "，是", ",是"].iter().filter_map(|verb| behind.strip_prefix(verb)).any(says);
        with_verb || DEFINES.iter().any(|mark| behind.starts_with(mark))
    })
}

/// Whether what stands from `start` to `end` of a text is a word of its own, a plural included.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let after = text.get(end..).unwrap_or_default();
    let ends = after.strip_prefix("es").or_else(|| after.strip_prefix('s')).unwrap_or(after);
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    apart(before) && (apart(after.chars().next()) || apart(ends.chars().next()))
}
