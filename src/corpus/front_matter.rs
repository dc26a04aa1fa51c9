//! The block of settings at the top of a note: `---` YAML or `+++` TOML.

use serde::Deserialize;

/// What kewen reads from a note's front matter; other keys are the business of other programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub draft: bool,
}

#[derive(Deserialize)]
struct Keys {
    title: Option<Scalar>,
    draft: Option<Scalar>,
}

/// People write `title: 2024` and `draft: "true"`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(value) => value,
        }
    }
}

/// Splits `text` into front matter and the byte where the body begins. `Err` holds what could be
/// saved, the body's start and the reason why the block was not understood; the block is left out of the body then too.
pub(super) fn split(text: &str) -> Result<(FrontMatter, usize), (FrontMatter, usize, String)> {
    let Some((fence, inner, body)) = fenced(text) else { return Ok((FrontMatter::default(), 0)) };
    let keys: Result<Keys, String> = match fence {
        "---" => serde_saphyr::from_str(inner).map_err(|error| first_line(&error.to_string())),
        _ => toml::from_str(inner).map_err(|error| first_line(error.message())),
    };
    let blank = inner.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    match keys {
        Ok(keys) => Ok((
            FrontMatter {
                title: keys
                    .title
                    .map(Scalar::into_text)
                    .map(|title| title.trim().to_owned())
                    .filter(|title| !title.is_empty()),
                draft: keys.draft.is_some_and(|draft| draft.into_text().eq_ignore_ascii_case("true")),
            },
            body,
        )),
        Err(_) if blank => Ok((FrontMatter::default(), body)),
        // A draft stays one even if another line of its block is broken.
        Err(reason) => Err((FrontMatter { title: None, draft: says_draft(inner) }, body, reason)),
    }
}

/// Whether a line of a block that does not parse says that the note is a draft.
fn says_draft(block: &str) -> bool {
    block.lines().any(|line| {
        let line: String =
            line.to_lowercase().chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect();
        line == "draft:true" || line == "draft=true"
    })
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

/// The fence, what stands between the fences and where the body begins. A `---` that opens a rule and not a
/// block has no closing fence, or text that is no `key: value` on its next line.
fn fenced(text: &str) -> Option<(&str, &str, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let fence = first.trim_end();
    if fence != "---" && fence != "+++" {
        return None;
    }
    let start = first.len();
    let mut at = start;
    for line in lines {
        if line.trim_end() == fence || (fence == "---" && line.trim_end() == "...") {
            let inner = text.get(start..at)?;
            let opens =
                inner.lines().find(|line| !line.trim().is_empty()).is_none_or(|line| line.contains([':', '=', '#']));
            return opens.then_some((fence, inner, at + line.len()));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, title: Option<&str>, draft: bool, body: &str) {
        let (matter, start) = split(text).unwrap();
        assert_eq!((matter.title.as_deref(), matter.draft, text.get(start..).unwrap()), (title, draft, body));
    }

    #[test]
    fn yaml_and_toml_give_title_and_draft() {
        check("---\ntitle: 容器\ntags: [a, b]\n---\n# x", Some("容器"), false, "# x");
        check("+++\ntitle = \"容器\"\ndraft = true\n+++\nx", Some("容器"), true, "x");
        check("---\r\ntitle: \"a: b\"\r\ndraft: True\r\n---\r\nx", Some("a: b"), true, "x");
    }

    #[test]
    fn a_rule_is_no_front_matter() {
        check("---\n\n正文\n\n---\n", None, false, "---\n\n正文\n\n---\n");
        check("--- \nopen: end", None, false, "--- \nopen: end");
    }

    #[test]
    fn broken_yaml_is_a_problem_but_not_body() {
        let text = "---\ntitle: [a\n---\nbody";
        let (matter, start, reason) = split(text).unwrap_err();
        assert!(!matter.draft);
        assert!(split("---\ntitle: a: b\ndraft: true\n---\nx").unwrap_err().0.draft);
        assert_eq!(text.get(start..), Some("body"));
        assert!(!reason.is_empty());
    }
}
