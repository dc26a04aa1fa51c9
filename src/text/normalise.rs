//! One form for one text: NFKC (full width becomes half width) and traditional characters become
//! simplified ones. Case is kept, because the segmenter reads CamelCase; tokens are lower-cased later.
//!
//! The table of simplified characters is made of Unicode's `kSimplifiedVariant` property and of the
//! usual variants that it leaves out (裡, 佈, 週 …). It maps one character to one, so Taiwan's own terms
//! (資料庫 for 数据库) stay different words: those are aliases in the lexicon.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::Span;

/// Lines of one traditional and one simplified character, sorted.
static SIMPLIFIED: &str = include_str!("simplified.txt");
/// The Han characters that can have a simplified form.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9FFF}';
/// How far the full-width form of an ASCII character lies above it.
const FULL_WIDTH: u32 = 0xFEE0;

/// A normalised text that remembers where its bytes came from.
#[derive(Clone, Debug, Default)]
pub struct Normalised {
    text: String,
    runs: Vec<Run>,
    source_len: usize,
}

/// From byte `out` of the normalised text (byte `source` of the source) up to the next run.
#[derive(Clone, Copy, Debug)]
struct Run {
    out: usize,
    source: usize,
    /// Whether the bytes of the run stand in the source at the same distances. If not, the run is one
    /// unit (a character with its marks, say) that can only be mapped as a whole.
    linear: bool,
}

impl Normalised {
    /// The normalised text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The span of the source from which `span` of the normalised text was made. A span that cuts a unit
    /// (one letter of a ligature) gives the whole unit.
    #[must_use]
    pub fn source_span(&self, span: Span) -> Span {
        if self.runs.is_empty() {
            return Span::new(0, 0);
        }
        let first = self.run_at(span.start);
        let start = self
            .runs
            .get(first)
            .map_or(self.source_len, |run| if run.linear { run.source + (span.start - run.out) } else { run.source });
        if span.is_empty() {
            return Span::new(start, start);
        }
        let last = self.run_at(span.end - 1);
        let next_source = self.runs.get(last + 1).map_or(self.source_len, |run| run.source);
        let end = self
            .runs
            .get(last)
            .map_or(self.source_len, |run| if run.linear { run.source + (span.end - run.out) } else { next_source });
        Span::new(start, end)
    }

    fn run_at(&self, byte: usize) -> usize {
        self.runs.partition_point(|run| run.out <= byte).saturating_sub(1)
    }

    fn push(&mut self, source: usize, piece: &str, linear: bool) {
        let out = self.text.len();
        let joins = linear && self.runs.last().is_some_and(|run| run.linear && source - run.source == out - run.out);
        if !joins {
            self.runs.push(Run { out, source, linear });
        }
        self.text.push_str(piece);
    }
}

/// Normalises `text`; spans of the result map back through [`Normalised::source_span`].
#[must_use]
pub fn normalise(text: &str) -> Normalised {
    let mut done = Normalised { text: String::with_capacity(text.len()), runs: Vec::new(), source_len: text.len() };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { break };
        if is_plain(first) && chars.next().is_none_or(is_plain) {
            let mut buffer = [0; 4];
            done.push(at, simplify(first).encode_utf8(&mut buffer), true);
            at += first.len_utf8();
            continue;
        }
        let cluster = rest.graphemes(true).next().unwrap_or(rest);
        let folded: String = cluster.nfkc().map(simplify).collect();
        done.push(
            at,
            &folded,
            folded.len() == cluster.len() && cluster.chars().count() == 1 && folded.chars().count() == 1,
        );
        at += cluster.len();
    }
    done
}

/// The comparison form of a text: normalised, lower case, white space at the ends removed.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(text, &mut folded);
    folded
}

/// Appends the comparison form of a text.
pub fn fold_onto(text: &str, folded: &mut String) {
    let (text, start) = (text.trim(), folded.len());
    if fold_plain(text, folded).is_none() {
        folded.truncate(start);
        folded.push_str(&normalise(text).text().trim().to_lowercase());
    }
}

/// Appends the comparison form of a text of plain characters and usual punctuation, which is nearly every text; `None` (and a part
/// of it) for any other.
fn fold_plain(text: &str, folded: &mut String) -> Option<()> {
    folded.reserve(text.len());
    for c in text.chars() {
        folded.push(match c {
            '\0'..='\u{7F}' => c.to_ascii_lowercase(),
            '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => simplify(c),
            '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '—' | '‘' | '’' | '“' | '”' => c,
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - FULL_WIDTH)?.to_ascii_lowercase(),
            _ => return None,
        });
    }
    Some(())
}

/// Whether NFKC leaves `c` as it is and no mark can join it to a neighbour that is plain too.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// For each Han character from [`FIRST`] on its simplified form, 0 for itself.
static SIMPLIFIED_FORMS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut forms = vec![0; LAST as usize - FIRST as usize + 1];
    for line in SIMPLIFIED.lines() {
        let mut chars = line.chars();
        if let (Some(from), Some(to)) = (chars.next(), chars.next())
            && let Some(form) = (from as usize).checked_sub(FIRST as usize).and_then(|at| forms.get_mut(at))
        {
            *form = u16::try_from(to as u32).unwrap_or_default();
        }
    }
    forms
});

/// The simplified form of a traditional character; any other character as it is.
fn simplify(c: char) -> char {
    if !(FIRST..=LAST).contains(&c) {
        return c;
    }
    match SIMPLIFIED_FORMS.get(c as usize - FIRST as usize) {
        Some(&form) if form != 0 => char::from_u32(u32::from(form)).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(normalise(source).text(), expected);
    }

    #[test]
    fn full_width_becomes_half_width() {
        check("ｋｕｂｅ－ｐｒｏｘｙ　是？", "kube-proxy 是?");
    }

    #[test]
    fn traditional_becomes_simplified() {
        check("雲原生與容器編排，資料庫", "云原生与容器编排,资料库");
    }

    #[test]
    fn half_width_kana_with_a_mark_is_one_unit() {
        let made = normalise("ｶﾞ");
        assert_eq!(made.text(), "ガ");
        assert_eq!(made.source_span(Span::new(0, 3)), Span::new(0, 6));
    }

    #[test]
    fn a_letter_of_a_ligature_maps_to_the_whole_ligature() {
        let made = normalise("aﬁb");
        assert_eq!(made.text(), "afib");
        assert_eq!(made.source_span(Span::new(1, 2)), Span::new(1, 4));
        assert_eq!(made.source_span(Span::new(2, 4)), Span::new(1, 5));
    }

    #[test]
    fn the_table_is_sorted_and_one_step_suffices() {
        let pairs: Vec<_> = SIMPLIFIED.lines().collect();
        assert!(pairs.is_sorted());
        for pair in pairs {
            assert_eq!(pair.chars().count(), 2, "{pair}");
            let mut chars = pair.chars();
            let (from, to) = (chars.next().unwrap(), chars.next().unwrap());
            assert_eq!(simplify(from), to);
            assert_eq!(simplify(to), to, "{from} needs two steps");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_to_fold_is_the_long_way(source in "([a-zA-Z0-9 ./_-]|[云雲資料庫编排]|[，。：！？、（）“”—]|\\PC){0,30}") {
            let mut folded = String::new();
            if fold_plain(source.trim(), &mut folded).is_some() {
                prop_assert_eq!(folded.trim(), normalise(source.trim()).text().trim().to_lowercase());
            }
        }

        #[test]
        fn spans_map_to_character_boundaries(source in "\\PC{0,40}", a in 0usize..60, b in 0usize..60) {
            let made = normalise(&source);
            let ends: Vec<usize> = made.text().char_indices().map(|(i, _)| i).chain([made.text().len()]).collect();
            let (a, b) = (ends[a % ends.len()], ends[b % ends.len()]);
            let span = made.source_span(Span::new(a.min(b), a.max(b)));
            prop_assert!(source.get(span.start..span.end).is_some());
        }

        #[test]
        fn normalising_twice_changes_nothing_more(source in "\\PC{0,40}") {
            let once = normalise(&source).text().to_owned();
            let twice = normalise(&once).text().to_owned();
            prop_assert_eq!(twice, once);
        }
    }
}
