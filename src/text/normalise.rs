//! One form for one text: NFKC (full width becomes half width) and traditional characters become
//! simplified ones. Case is kept, because the segmenter reads CamelCase; tokens are lower-cased later.
//!
//! The table of simplified characters is made of Unicode's `kSimplifiedVariant` property and of the
//! usual variants that it leaves out (裡, 佈, 週 …). It maps one character to one, so Taiwan's own terms
//! (資料庫 for 数据库) stay different words: those are aliases in the lexicon.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::Span;

/// Lines of one traditional and one simplified character, sorted; each character has three bytes.
const SIMPLIFIED: &str = include_str!("simplified.txt");
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
        let (same, behind) = rest.split_at(unchanged(rest));
        if !same.is_empty() {
            done.push(at, same, true);
            at += same.len();
        }
        let mut chars = behind.chars();
        let Some(first) = chars.next() else { break };
        if let Some(form) = single(first).filter(|_| chars.next().is_none_or(|next| single(next).is_some())) {
            let mut buffer = [0; 4];
            done.push(at, form.encode_utf8(&mut buffer), form.len_utf8() == first.len_utf8());
            at += first.len_utf8();
            continue;
        }
        let cluster = behind.graphemes(true).next().unwrap_or(behind);
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

/// Appends the comparison form of a text of such characters alone as [`single`] knows, which is nearly every text; `None` (and a part
/// of it) for any other.
fn fold_plain(text: &str, folded: &mut String) -> Option<()> {
    folded.reserve(text.len());
    let mut rest = 0;
    for (at, c) in text.char_indices() {
        let form = single(c)?.to_ascii_lowercase();
        if form != c {
            folded.push_str(text.get(rest..at)?);
            folded.push(form);
            rest = at + c.len_utf8();
        }
    }
    folded.push_str(text.get(rest..)?);
    Some(())
}

/// How many bytes at the beginning of a text are as they are in its normal form.
fn unchanged(text: &str) -> usize {
    let (mut settled, mut here) = (0, 0);
    for c in text.chars() {
        // A mark that follows would join what stands before it.
        let Some(form) = single(c) else { return settled };
        settled = here;
        if form != c {
            return settled;
        }
        here += c.len_utf8();
    }
    here
}

/// The normal form of a character that no neighbour of its kind can be joined to: ASCII, Han, and usual punctuation.
fn single(c: char) -> Option<char> {
    match c {
        '\0'..='\u{7F}' => Some(c),
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => Some(simplify(c)),
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '—' | '‘' | '’' | '“' | '”' => Some(c),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - FULL_WIDTH),
        _ => None,
    }
}

/// For each Han character from [`FIRST`] on its simplified form, 0 for itself.
static SIMPLIFIED_FORMS: [u16; LAST as usize - FIRST as usize + 1] = simplified_forms();

/// Reads the lines when kewen is compiled, so that no process has to.
const fn simplified_forms() -> [u16; LAST as usize - FIRST as usize + 1] {
    let mut forms = [0; LAST as usize - FIRST as usize + 1];
    let (lines, _) = SIMPLIFIED.as_bytes().as_chunks();
    let mut number = 0;
    while number < lines.len() {
        let [a, b, c, d, e, f, b'\n'] = lines[number] else { panic!("a line of two characters is wanted") };
        forms[han(a, b, c) as usize - FIRST as usize] = han(d, e, f);
        number += 1;
    }
    forms
}

/// The character of these three bytes of UTF-8.
const fn han(a: u8, b: u8, c: u8) -> u16 {
    (a as u16 & 0xF) << 12 | (b as u16 & 0x3F) << 6 | (c as u16 & 0x3F)
}

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
        fn the_short_way_to_normalise_is_the_long_way(source in "([a-zA-Z0-9 ./_-]|[云雲資料庫编排]|[，。：！？、（）“”—]|[\u{301}\u{20E3}\u{FE0F}]|\\r\n|\\PC){0,30}") {
            let made = normalise(&source);
            let clusters = source.grapheme_indices(true);
            let long: String = clusters.clone().map(|(_, cluster)| cluster.nfkc().map(simplify).collect::<String>()).collect();
            prop_assert_eq!(made.text(), &long);
            let mut at = 0;
            for (start, cluster) in clusters {
                let length = cluster.nfkc().map(simplify).map(char::len_utf8).sum::<usize>();
                if length > 0 && cluster != "\r\n" {
                    prop_assert_eq!(made.source_span(Span::new(at, at + length)), Span::new(start, start + cluster.len()));
                }
                at += length;
            }
        }

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
