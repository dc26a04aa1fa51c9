//! What a diagram says that is written as text (mermaid, PlantUML, Graphviz): the names in it, and what leads to what.
//!
//! No grammar is read, only what these languages share: a name with its text in brackets or quotes, arrows, a text behind a
//! colon. What is not understood is left out or shown as it stands.

mod line;

use std::collections::HashMap;

use line::{Part, parts};

use crate::text::Span;

/// A longer path takes no other in; characters of its names.
const PATH_CHARS_MAX: usize = 100;

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
