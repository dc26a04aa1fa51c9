//! What a diagram says that is written as text (mermaid, PlantUML, Graphviz): the names in it, and what leads to what.
//!
//! No grammar is read, only what these languages share: a name with its text in brackets or quotes, arrows, a text behind a
//! colon. What is not understood is left out or shown as it stands.

use std::collections::HashMap;

use crate::text::Span;

/// Words with which a line begins that draws nothing, or says how it is drawn.
const SETTINGS: &[&str] = &[
    "graph",
    "flowchart",
    "sequencediagram",
    "classdiagram",
    "statediagram",
    "statediagram-v2",
    "erdiagram",
    "gantt",
    "journey",
    "pie",
    "mindmap",
    "timeline",
    "gitgraph",
    "digraph",
    "strict",
    "rankdir",
    "style",
    "classdef",
    "linkstyle",
    "click",
    "skinparam",
    "hide",
    "direction",
    "autonumber",
    "activate",
    "deactivate",
    "end",
    "endif",
    "dateformat",
    "axisformat",
    "left",
    "top",
    "edge",
    "rect",
    "scale",
];
/// Words before a text that stands for itself: titles, groups, notes, parts of a sequence.
const TITLES: &[&str] = &[
    "subgraph",
    "title",
    "section",
    "loop",
    "alt",
    "else",
    "opt",
    "par",
    "group",
    "partition",
    "package",
    "note",
    "label",
    "caption",
];
/// Words before a name.
const KINDS: &[&str] = &[
    "participant",
    "actor",
    "component",
    "node",
    "database",
    "rectangle",
    "cloud",
    "queue",
    "usecase",
    "entity",
    "boundary",
    "control",
    "collections",
    "state",
    "class",
    "interface",
];
/// Which way an arrow of PlantUML is drawn.
const WAYS: &[&str] = &["up", "down", "left", "right", "u", "d", "l", "r"];

/// A longer path takes no other in; characters of its names.
const PATH_CHARS_MAX: usize = 100;

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// A name, with its text, if the line gives one.
    Name(String, Option<String>),
    Arrow(&'static str),
    /// A text that stands at an arrow, or behind a colon.
    Text(String),
    /// `&`: the same arrow for several names.
    And,
}

/// Whether a code block with this info string is a diagram.
pub(super) fn is_diagram(info: &str) -> bool {
    let language = info.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
    let language = language.trim_matches(['{', '}', '.']).to_ascii_lowercase();
    matches!(language.as_str(), "mermaid" | "plantuml" | "puml" | "uml" | "dot" | "graphviz")
}

/// What a diagram says, with the places of its lines in `source`; nothing of what it only sets or repeats. Lines that lead on
/// from one another become one.
pub(super) fn read(source: &str) -> Vec<(Span, String)> {
    let mut lines: Vec<(Span, Vec<Part>)> = Vec::new();
    for span in spans(source) {
        let parts = parts(span.of(source));
        match lines.last_mut() {
            _ if parts.is_empty() => {}
            // The arrow goes on from the line before.
            Some((before, all)) if matches!(parts.first(), Some(Part::Arrow(_))) => {
                before.end = span.end;
                all.extend(parts);
            }
            _ => lines.push((span, parts)),
        }
    }
    let mut texts: HashMap<&str, &str> = HashMap::new();
    let mut linked: Vec<&str> = Vec::new();
    for (_, parts) in &lines {
        let has_arrow = parts.iter().any(|part| matches!(part, Part::Arrow(_)));
        for part in parts {
            let Part::Name(name, text) = part else { continue };
            if let Some(text) = text {
                texts.insert(name, text);
            }
            if has_arrow {
                linked.push(name);
            }
        }
    }
    let is_repeated = |parts: &[Part]| matches!(parts, [Part::Name(name, _)] if linked.contains(&name.as_str()));
    let mut told: Vec<(Span, Told<'_>)> = Vec::new();
    for (span, parts) in lines.iter().filter(|(_, parts)| !is_repeated(parts)) {
        let Some(path) = path(parts, &texts) else {
            told.push((*span, Told::Text(said(parts, &texts))));
            continue;
        };
        if let Some((before, Told::Path(known))) = told.last_mut()
            && known.takes(&path)
        {
            before.end = span.end;
        } else {
            told.push((*span, Told::Path(path)));
        }
    }
    let said = told.into_iter().map(|(span, told)| (span, told.into_text()));
    said.filter(|(_, text)| text.chars().any(char::is_alphanumeric)).collect()
}

/// What one line or several say.
enum Told<'t> {
    Path(Path<'t>),
    Text(String),
}

impl Told<'_> {
    fn into_text(self) -> String {
        match self {
            Self::Path(Path(steps)) => steps.iter().map(|step| step.join("、")).collect::<Vec<_>>().join(" → "),
            Self::Text(text) => text,
        }
    }
}

/// Names that lead to the next ones, step by step.
struct Path<'t>(Vec<Vec<&'t str>>);

impl<'t> Path<'t> {
    /// Takes `more` in, when it goes on from the last step, or shares all but one of two steps with this path.
    fn takes(&mut self, more: &Self) -> bool {
        let Self(steps) = self;
        let chars: usize = steps.iter().chain(&more.0).flatten().map(|name| name.chars().count()).sum();
        if chars > PATH_CHARS_MAX {
            return false;
        }
        let ([from, rest @ ..], Some((last, before))) = (more.0.as_slice(), steps.split_last()) else { return false };
        if from == last {
            steps.extend(rest.iter().cloned());
            return true;
        }
        let [to] = rest else { return false };
        if before.last() == Some(from) {
            steps.last_mut().into_iter().for_each(|last| last.extend(to));
            return true;
        }
        let is_same = before.len() == 1 && last == to;
        if is_same {
            steps.first_mut().into_iter().for_each(|first| first.extend(from));
        }
        is_same
    }
}

/// The path that a line is, when it is nothing but names and arrows that point on.
fn path<'t>(parts: &'t [Part], texts: &HashMap<&'t str, &'t str>) -> Option<Path<'t>> {
    let mut steps: Vec<Vec<&str>> = vec![Vec::new()];
    for part in parts {
        match part {
            Part::Name(name, _) => steps.last_mut()?.push(texts.get(name.as_str()).copied().unwrap_or(name)),
            Part::Arrow(" → ") => steps.push(Vec::new()),
            Part::And => {}
            _ => return None,
        }
    }
    (steps.len() > 1 && steps.iter().all(|step| !step.is_empty())).then_some(Path(steps))
}

/// A line in words: `甲 → 乙（请求）`.
fn said(parts: &[Part], texts: &HashMap<&str, &str>) -> String {
    let mut line = String::new();
    let mut label = None;
    for part in parts {
        match part {
            Part::Name(name, _) => {
                let text = texts.get(name.as_str()).copied().unwrap_or(name);
                if !line.is_empty() && !line.ends_with(' ') {
                    line.push(' ');
                }
                line.push_str(text);
                if let Some(label) = label.take() {
                    line.push_str(&format!("（{label}）"));
                }
            }
            Part::Arrow(arrow) => line.push_str(arrow),
            Part::And => line.push_str(" 、"),
            Part::Text(text) if line.ends_with(' ') => label = Some(text.as_str()),
            Part::Text(text) if parts.iter().any(|part| matches!(part, Part::Arrow(_))) => {
                line.push_str(&format!("（{text}）"));
            }
            Part::Text(text) => {
                let blank = if line.is_empty() { "" } else { " " };
                line.push_str(&format!("{blank}{text}"));
            }
        }
    }
    line.trim().to_owned()
}

/// The lines of a text without the blanks around them.
fn spans(source: &str) -> impl Iterator<Item = Span> + '_ {
    let mut at = 0;
    source.split_inclusive('\n').map(move |line| {
        let start = at + line.len() - line.trim_start().len();
        let span = Span::new(start, start + line.trim().len());
        at += line.len();
        span
    })
}

/// The parts of a line; none for what only sets something.
fn parts(line: &str) -> Vec<Part> {
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
    if is_keyword && SETTINGS.contains(&first.as_str()) {
        return Vec::new();
    }
    if is_keyword && TITLES.contains(&first.as_str()) {
        // Of `Note over A: text` the text, of `subgraph a [text]` the text in brackets.
        let text = if first == "note" { rest.split_once(':').map_or("", |(_, text)| text) } else { rest };
        let text = text.split_once('[').map_or(text, |(_, text)| text);
        return Vec::from_iter(Some(clean(text)).filter(|text| !text.is_empty()).map(Part::Text));
    }
    if is_keyword && KINDS.contains(&first.as_str()) {
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
        let ways = WAYS.iter().find(|way| self.rest.strip_prefix(**way).is_some_and(|behind| behind.starts_with('-')));
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let found: Vec<String> = read(source).into_iter().map(|(_, text)| text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_flowchart_gives_its_names_and_what_leads_to_what() {
        check(
            "graph TD\n  %% 注\n  subgraph \"入口\"\n    A[\"用户 (浏览器)\"] --> B(网关)\n    B -->|转发| C{鉴权}\n  end\n  C -- 通过 --> D[(数据库)]\n  \
             D --- E & F\n  style A fill:#fff\n  G[独立]\n  A[用户]:::big",
            &["入口", "用户 → 网关", "网关 → 鉴权（转发）", "鉴权 → 数据库（通过）", "数据库 — E 、 F", "独立"],
        );
    }

    #[test]
    fn a_sequence_gives_who_asks_whom_for_what() {
        check(
            "sequenceDiagram\n  participant U as 用户\n  actor api-server\n  U->>api-server: 提交 YAML\n  api-server-->>U: 201\n  Note over U,api-server: 之后是异步的",
            &["用户 → api-server（提交 YAML）", "api-server → 用户（201）", "之后是异步的"],
        );
    }

    #[test]
    fn arrows_that_lead_on_or_share_an_end_are_told_as_one() {
        check("graph LR\n A --> B\n B --> C\n C --> D\n C --> E", &["A → B → C → D、E"]);
        check("graph LR\n A --> S\n B --> S\n X --> Y", &["A、B → S", "X → Y"]);
        check("flowchart LR\n A[客户端]\n   --> B[服务]\n   -->|转发| C", &["客户端 → 服务 → C（转发）"]);
    }

    #[test]
    fn plantuml_and_graphviz_are_read_too() {
        check(
            "@startuml\nactor \"学生\" as s\n[机器人] as b\ns -right-> b : 提问\nskinparam x y\n@enduml",
            &["学生 → 机器人（提问）"],
        );
        check(
            "digraph G {\n  rankdir=LR;\n  node [shape=box];\n  a [label=\"调度器\", color=red];\n  \"kubelet\" [shape=oval];\n  a -> kubelet [label=\"绑定\"];\n}",
            &["调度器 → kubelet（绑定）"],
        );
    }

    #[test]
    fn code_is_no_diagram() {
        for (info, expected) in [
            ("mermaid", true),
            ("{mermaid}", true),
            ("Dot", true),
            ("mermaid \"图\"", true),
            ("yaml", false),
            ("", false),
        ] {
            assert_eq!(is_diagram(info), expected, "{info}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(source in "([\\[\\](){}\"|:;&<>=.~-]|a|图|as |state |subgraph |label=|\n| ){0,60}") {
            for (span, text) in read(&source) {
                prop_assert!(source.get(span.start..span.end).is_some());
                prop_assert!(!text.contains('\n'));
            }
        }
    }
}
