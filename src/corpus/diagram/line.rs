//! A line of a diagram, read from left to right.

/// Words with which a line begins that draws nothing, or says how it is drawn.
const SETTINGS: &str = "graph flowchart sequencediagram classdiagram statediagram statediagram-v2 erdiagram gantt journey pie \
    mindmap timeline gitgraph digraph strict rankdir style classdef linkstyle click skinparam hide direction \
    autonumber activate deactivate end endif dateformat axisformat left top edge rect scale";
/// Words before a text that stands for itself: titles, groups, notes, parts of a sequence.
const TITLES: &str = "subgraph title section loop alt else opt par group partition package note label caption";
/// Words before a name.
const KINDS: &str = "participant actor component node database rectangle cloud queue usecase entity boundary control \
    collections state class interface";
/// Which way an arrow of PlantUML is drawn.
const WAYS: &str = "up down left right u d l r";

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A name, with its text, if the line gives one.
    Name(String, Option<String>),
    Arrow(&'static str),
    /// A text that stands at an arrow, or behind a colon.
    Text(String),
    /// `&`: the same arrow for several names.
    And,
}

fn is_among(words: &str, word: &str) -> bool {
    words.split(' ').any(|other| other == word)
}

/// The parts of a line; none for what only sets something.
pub(super) fn parts(line: &str) -> Vec<Part> {
    let line = line.trim_end_matches([';', '{', ' ']);
    if line.starts_with(['%', '\'', '/', '#', '@', '!', '}']) {
        return Vec::new();
    }
    let end = line.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(line.len());
    let (first, rest) = line.split_at(end);
    let first = first.to_lowercase();
    // `state --> x` is about something that is called state.
    let is_keyword =
        rest.is_empty() || rest.starts_with([' ', '\t', '=']) && !rest.trim_start().starts_with(['-', '<', '.']);
    let rest = rest.trim_start_matches([' ', '\t', '=']);
    if is_keyword && is_among(SETTINGS, &first) {
        return Vec::new();
    }
    if is_keyword && is_among(TITLES, &first) {
        // Of `Note over A: text` the text, of `subgraph a [text]` the text in brackets.
        let text = if first == "note" { rest.split_once(':').map_or("", |(_, text)| text) } else { rest };
        let text = text.split_once('[').map_or(text, |(_, text)| text);
        return Vec::from_iter(Some(clean(text)).filter(|text| !text.is_empty()).map(Part::Text));
    }
    if is_keyword && is_among(KINDS, &first) {
        return Vec::from_iter(declared(rest));
    }
    if line.starts_with(['[', '(']) && line.contains(" as ") {
        return Vec::from_iter(declared(line));
    }
    Scanner { rest: line, found: Vec::new() }.scan()
}

/// The name that a line declares: `A as 甲`, `"甲" as A` or `[甲] as A`.
fn declared(text: &str) -> Option<Part> {
    let Some((left, right)) = text.split_once(" as ") else {
        return Scanner { rest: text, found: Vec::new() }.scan().into_iter().next();
    };
    let (name, shown) = if left.trim_start().starts_with(['"', '[', '(']) { (right, left) } else { (left, right) };
    Some(Part::Name(clean(name), Some(clean(shown))))
}

/// Reads a line from left to right.
struct Scanner<'s> {
    rest: &'s str,
    found: Vec<Part>,
}

impl<'s> Scanner<'s> {
    fn scan(mut self) -> Vec<Part> {
        while let Some(c) = self.rest.chars().next() {
            match c {
                '"' => {
                    let text = self.enclosed('"', '"');
                    self.name(&text);
                }
                '[' | '(' | '{' => self.bracket(c),
                '|' => {
                    let text = self.enclosed('|', '|');
                    self.text(&text);
                }
                ':' => {
                    let text = self.rest.trim_start_matches(':');
                    // `:::name` gives a style.
                    if !self.rest.starts_with("::") {
                        self.text(text);
                    }
                    self.rest = "";
                }
                '&' => {
                    self.found.push(Part::And);
                    self.skip(1);
                }
                '-' | '=' | '.' | '<' | '~' if self.arrow() => {}
                c if c.is_alphanumeric() || c == '_' => {
                    let word = self.word();
                    self.name(word);
                }
                c => self.skip(c.len_utf8()),
            }
        }
        self.found
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn name(&mut self, name: &str) {
        let name = clean(name);
        if !name.is_empty() {
            self.found.push(Part::Name(name, None));
        }
    }

    fn text(&mut self, text: &str) {
        let text = clean(text);
        if !text.is_empty() {
            self.found.push(Part::Text(text));
        }
    }

    /// A word; a connector within it belongs to it.
    fn word(&mut self) -> &'s str {
        let rest = self.rest;
        let mut chars = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((at, c)) = chars.next() {
            let goes_on = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            if !(c.is_alphanumeric() || c == '_' || matches!(c, '-' | '.' | '/') && goes_on) {
                end = at;
                break;
            }
        }
        self.skip(end);
        rest.get(..end).unwrap_or_default()
    }

    /// What stands between two marks; to the end when the second is missing.
    fn enclosed(&mut self, open: char, close: char) -> String {
        let inside = self.rest.get(open.len_utf8()..).unwrap_or_default();
        let end = inside.find(close).unwrap_or(inside.len());
        self.rest = inside.get(end + close.len_utf8()..).unwrap_or_default();
        inside.get(..end).unwrap_or_default().to_owned()
    }

    /// Brackets: the text of the name before, attributes of Graphviz, or a name of its own.
    fn bracket(&mut self, open: char) {
        let close = match open {
            '[' => ']',
            '(' => ')',
            _ => '}',
        };
        // Quotes may hold brackets.
        let quoted = self
            .rest
            .find('"')
            .filter(|&at| self.rest.get(..at).is_some_and(|marks| marks.chars().all(|c| "[({/\\ ".contains(c))));
        let text = match quoted {
            Some(at) => {
                self.skip(at);
                let text = self.enclosed('"', '"');
                self.rest = self.rest.trim_start_matches([']', ')', '}', '/', '\\', ' ']);
                text
            }
            None => {
                let text = self.enclosed(open, close);
                self.rest = self.rest.trim_start_matches([']', ')', '}']);
                text
            }
        };
        if let Some((_, label)) = text.split_once("label").filter(|(_, label)| label.trim_start().starts_with('=')) {
            let label = label.trim_start_matches([' ', '=', '"']);
            let label = clean(label.split(['"', ',']).next().unwrap_or_default());
            return self.labelled(label);
        }
        if quoted.is_none() && open == '[' && text.contains('=') {
            return;
        }
        let text = clean(&text);
        match self.found.last_mut() {
            Some(Part::Name(_, shown)) if shown.is_none() && !text.is_empty() => *shown = Some(text),
            _ => self.name(&text),
        }
    }

    /// A label of Graphviz: of the arrow on its line, else of the name.
    fn labelled(&mut self, label: String) {
        let has_arrow = self.found.iter().any(|part| matches!(part, Part::Arrow(_)));
        match self.found.last_mut() {
            Some(Part::Name(_, shown)) if !has_arrow => *shown = Some(label),
            _ => self.text(&label),
        }
    }

    /// An arrow, and the text within it (`-- text -->`). False for a mark that is none; the mark is gone then.
    fn arrow(&mut self) -> bool {
        let is_mark = |c: char| "-=.<>~|".contains(c);
        let rest = self.rest;
        let mut end = rest.find(|c: char| !is_mark(c)).unwrap_or(rest.len());
        // A bar opens a text.
        end = rest.get(..end).and_then(|marks| marks.find('|')).unwrap_or(end);
        let mut marks = rest.get(..end).unwrap_or_default().to_owned();
        self.skip(end);
        let ways =
            WAYS.split(' ').find(|way| self.rest.strip_prefix(*way).is_some_and(|behind| behind.starts_with('-')));
        if let Some(way) = ways {
            self.skip(way.len());
            let more = self.rest.find(|c: char| !is_mark(c)).unwrap_or(self.rest.len());
            marks.push_str(self.rest.get(..more).unwrap_or_default());
            self.skip(more);
        }
        if marks.chars().count() < 2 {
            return false;
        }
        // `-)` and `->>+` end as sequences do, `--x` and `--o` in a cross and a ring.
        self.rest = self.rest.trim_start_matches([')', '+']);
        let head = self.rest.strip_prefix(['x', 'o']).filter(|behind| behind.starts_with([' ', '>']));
        self.rest = head.unwrap_or(self.rest);
        let mut label = String::new();
        if !marks.contains(['>', '<']) {
            let closing = ["--", "==", ".-"].into_iter().filter_map(|mark| self.rest.find(mark)).min();
            if let Some(at) = closing.filter(|_| self.rest.starts_with([' ', '"'])) {
                label = clean(self.rest.get(..at).unwrap_or_default());
                self.skip(at);
                let more = self.rest.find(|c: char| !is_mark(c)).unwrap_or(self.rest.len());
                marks.push_str(self.rest.get(..more).unwrap_or_default());
                self.skip(more);
            }
        }
        let arrow = match (marks.contains('<'), marks.contains('>')) {
            (true, true) => " ↔ ",
            (true, false) => " ← ",
            (false, true) => " → ",
            (false, false) => " — ",
        };
        self.found.push(Part::Arrow(arrow));
        self.text(&label);
        true
    }
}

/// A text without quotes, brackets at its ends, line breaks and styles.
fn clean(text: &str) -> String {
    let text = text.replace("\\n", " ").replace("<br/>", " ").replace("<br>", " ").replace("<br />", " ");
    let text = text.trim().trim_matches(['"', '\'', '[', ']', '(', ')', '{', '}', '/', ' ']);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
