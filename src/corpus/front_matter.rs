//! The block of settings at the top of a note: `---` YAML or `+++` TOML.

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Day;

/// What kewen reads from a note's front matter; other keys are the business of other programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub draft: bool,
    /// What the note is about, in a sentence; empty for none.
    pub summary: String,
    /// Words under which the note wants to be found; each once.
    pub keywords: Vec<String>,
    /// Questions that the note answers, as its author would ask them; each once.
    pub questions: Vec<String>,
    /// The last day on which it answers them; long ago when what stands there is no date.
    pub expires: Option<Day>,
    /// Where to go on reading: a link from the notes folder or the note.
    pub see: Option<String>,
    /// When it was last worked on, as it says itself.
    pub updated: Option<Day>,
    /// Dates that are none: byte of their line, key, and what stands there.
    pub no_dates: Vec<(usize, &'static str, String)>,
    /// Byte of the line of `questions`, and how many of them are left out: too long, too many, or no texts.
    pub lost_questions: Option<(usize, usize)>,
}

/// Longer and further questions of a note are left out; characters, and questions.
pub const CURATED_CHARS_MAX: usize = 200;
/// See [`CURATED_CHARS_MAX`].
pub const CURATED_MAX: usize = 50;

#[derive(Default)]
struct Keys {
    title: Option<Scalar>,
    draft: Option<Scalar>,
    description: Option<Words>,
    summary: Option<Words>,
    keywords: Option<Words>,
    tags: Option<Words>,
    aliases: Option<Words>,
    alias: Option<Words>,
    questions: Option<Words>,
    question: Option<Words>,
    expires: Option<Moment>,
    see: Option<Words>,
    updated: Option<Moment>,
    lastmod: Option<Moment>,
    date: Option<Moment>,
}

impl<'de> Deserialize<'de> for Keys {
    /// Reads a map whose keys may be in any case: people write `Title` and `Expires`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("keys with values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
        let mut keys = Keys::default();
        while let Some(key) = map.next_key::<Scalar>()? {
            match key.into_text().to_lowercase().as_str() {
                "title" => keys.title = map.next_value()?,
                "draft" => keys.draft = map.next_value()?,
                "description" => keys.description = map.next_value()?,
                "summary" => keys.summary = map.next_value()?,
                "keywords" => keys.keywords = map.next_value()?,
                "tags" => keys.tags = map.next_value()?,
                "aliases" => keys.aliases = map.next_value()?,
                "alias" => keys.alias = map.next_value()?,
                "questions" => keys.questions = map.next_value()?,
                "question" => keys.question = map.next_value()?,
                "expires" => keys.expires = map.next_value()?,
                "see" => keys.see = map.next_value()?,
                "updated" => keys.updated = map.next_value()?,
                "lastmod" => keys.lastmod = map.next_value()?,
                "date" => keys.date = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(keys)
    }
}

/// A date: TOML has a type for them, YAML's are texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Moment {
    Toml(toml::value::Datetime),
    Text(Scalar),
    Other(IgnoredAny),
}

impl Moment {
    fn into_text(self) -> String {
        match self {
            Self::Toml(time) => time.to_string(),
            Self::Text(scalar) => scalar.into_text(),
            // A list is no date either.
            Self::Other(_) => "[…]".to_owned(),
        }
    }
}

/// A text, a list of texts, or something that other programs understand.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(Scalar),
    Many(Vec<Self>),
    Other(IgnoredAny),
}

impl Words {
    /// How many things in it are no texts: `安装: 第一步` in a list is one, for YAML.
    fn no_texts(&self) -> usize {
        match self {
            Self::One(_) => 0,
            Self::Many(words) => words.iter().map(Self::no_texts).sum(),
            Self::Other(_) => 1,
        }
    }

    /// The texts in it, in their order.
    fn into_texts(self) -> Vec<String> {
        match self {
            Self::One(scalar) => vec![scalar.into_text().trim().to_owned()],
            Self::Many(words) => words.into_iter().flat_map(Self::into_texts).collect(),
            Self::Other(_) => Vec::new(),
        }
    }
}

impl Keys {
    fn into_front_matter(self) -> FrontMatter {
        let title = self.title.map(|title| title.into_text().trim().to_owned());
        let summaries = self.description.into_iter().chain(self.summary).flat_map(Words::into_texts);
        let named =
            [self.keywords, self.tags, self.aliases, self.alias].into_iter().flatten().flat_map(Words::into_texts);
        let mut keywords: Vec<String> = Vec::new();
        for text in named {
            for word in text.split([',', '，', '、']).map(str::trim) {
                // Hugo's aliases are addresses of the page, which nobody asks for.
                if !word.is_empty() && !word.contains('/') && !keywords.iter().any(|known| known == word) {
                    keywords.push(word.to_owned());
                }
            }
        }
        let mut questions: Vec<String> = Vec::new();
        let asked: Vec<Words> = [self.questions, self.question].into_iter().flatten().collect();
        let mut lost: usize = asked.iter().map(Words::no_texts).sum();
        for question in asked.into_iter().flat_map(Words::into_texts) {
            if question.is_empty() || questions.contains(&question) {
                continue;
            }
            if question.chars().count() <= CURATED_CHARS_MAX && questions.len() < CURATED_MAX {
                questions.push(question);
            } else {
                lost += 1;
            }
        }
        let expires = self.expires.map(Moment::into_text).filter(|text| !text.is_empty());
        let (expires, no_date) = match expires.as_deref().map(str::parse) {
            None => (None, None),
            Some(Ok(day)) => (Some(day), None),
            // Whoever set an end wants the answer to end: better none than one that is out of date.
            Some(Err(_)) => (Some(Day::LONG_AGO), expires),
        };
        // Of other programs' dates those that are none are not our business.
        let days = [self.updated, self.lastmod, self.date].into_iter().flatten().map(Moment::into_text);
        FrontMatter {
            questions,
            expires,
            see: self.see.and_then(|see| see.into_texts().into_iter().find(|see| !see.is_empty())),
            updated: days.filter_map(|day| day.parse().ok()).next(),
            lost_questions: (lost > 0).then_some((0, lost)),
            no_dates: no_date.map(|text| (0, "expires", text)).into_iter().collect(),
            title: title.filter(|title| !title.is_empty()),
            draft: self.draft.is_some_and(|draft| draft.into_text().eq_ignore_ascii_case("true")),
            summary: summaries.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
            keywords,
        }
    }
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

/// Splits `text` into front matter and the byte where the body begins. `Err` holds whether it says that
/// the note is a draft, the body's start and the reason why the block was not understood; the block is left out of the body then too.
pub(super) fn split(text: &str) -> Result<(FrontMatter, usize), (bool, usize, String)> {
    let Some((fence, inner, body)) = fenced(text) else { return Ok((FrontMatter::default(), 0)) };
    let keys: Result<Keys, String> = match fence {
        "---" => serde_saphyr::from_str(inner).map_err(|error| first_line(&error.to_string())),
        _ => toml::from_str(inner).map_err(|error| first_line(error.message())),
    };
    let blank = inner.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    match keys {
        Ok(keys) => {
            let mut matter = keys.into_front_matter();
            for (at, key, _) in &mut matter.no_dates {
                *at = line_of(text, body, key);
            }
            if let Some((at, _)) = &mut matter.lost_questions {
                let keys = ["questions", "question"].map(|key| line_of(text, body, key));
                *at = keys.into_iter().max().unwrap_or_default();
            }
            Ok((matter, body))
        }
        Err(_) if blank => Ok((FrontMatter::default(), body)),
        // A draft stays one even if another line of its block is broken.
        Err(reason) => Err((says_draft(inner), body, reason)),
    }
}

/// The byte where the line of a key of the block before `body` begins; 0 when it is not found.
pub(super) fn line_of(text: &str, body: usize, key: &str) -> usize {
    let mut at = 0;
    for line in text.get(..body).unwrap_or_default().split_inclusive('\n') {
        let line_key = line.trim_start().trim_start_matches(['"', '\'']).to_lowercase();
        if line_key
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with([':', '=']))
        {
            return at;
        }
        at += line.len();
    }
    0
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

    #[track_caller]
    fn check_words(text: &str, summary: &str, keywords: &[&str]) {
        let (matter, _) = split(text).unwrap();
        assert_eq!(
            (matter.summary.as_str(), matter.keywords),
            (summary, keywords.iter().map(|&word| word.to_owned()).collect())
        );
    }

    #[test]
    fn summary_and_keywords_are_read_however_they_are_written() {
        check_words(
            "---\ndescription: 讲容器\ntags: [k8s, 容器]\naliases:\n  - 盒子\n  - k8s\n---\n",
            "讲容器",
            &["k8s", "容器", "盒子"],
        );
        check_words("+++\nsummary = \"讲容器\"\nkeywords = [\"a\", \"b\"]\n+++\n", "讲容器", &["a", "b"]);
        check_words(
            "---\nkeywords: 容器, 镜像、2024\naliases: [/old/page, 旧名]\n---\n",
            "",
            &["容器", "镜像", "2024", "旧名"],
        );
    }

    #[test]
    fn keys_of_other_programs_do_not_spoil_the_rest() {
        let text = "---\ntitle: 容器\ntags: {a: b}\nsummary:\nkeywords: [a, {b: c}]\n---\nx";
        check(text, Some("容器"), false, "x");
        check_words(text, "", &["a"]);
    }

    #[test]
    fn questions_and_days_are_read_from_yaml_and_toml() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        for text in [
            "---\nquestions: [怎么交作业, ' ', 怎么交作业, 作业交到哪]\nexpires: 2026-12-31\nsee: a.md#b\nlastmod: 2026-03-01T10:00:00Z\ndate: 2020-01-01\n---\n",
            "+++\nquestions = [\"怎么交作业\", \"作业交到哪\"]\nexpires = 2026-12-31\nsee = \"a.md#b\"\nlastmod = 2026-03-01T10:00:00Z\ndate = 2020-01-01\n+++\n",
        ] {
            let (matter, _) = split(text).unwrap();
            assert_eq!(matter.questions, ["怎么交作业", "作业交到哪"], "{text}");
            assert_eq!((matter.expires, matter.updated), (Some(day("2026-12-31")), Some(day("2026-03-01"))), "{text}");
            assert_eq!((matter.see.as_deref(), matter.no_dates.len()), (Some("a.md#b"), 0), "{text}");
        }
    }

    #[test]
    fn a_date_that_is_none_is_told_with_its_place() {
        let text = "---\ntitle: 甲\nexpires: 期末\ndate: 某天\n---\n";
        let (matter, _) = split(text).unwrap();
        assert_eq!(matter.expires, Some(Day::LONG_AGO), "who set an end does not mean for ever");
        assert_eq!(matter.no_dates, [(text.find("expires").unwrap(), "expires", "期末".to_owned())]);
    }

    #[test]
    fn keys_are_read_in_any_case() {
        for text in [
            "---\nTitle: 甲\nQUESTIONS: [怎么交作业]\nExpires: 期末\n---\n",
            "+++\nTitle = '甲'\nQUESTIONS = ['怎么交作业']\nExpires = '期末'\n+++\n",
        ] {
            let (matter, _) = split(text).unwrap();
            assert_eq!(
                (matter.title.as_deref(), matter.questions.as_slice()),
                (Some("甲"), ["怎么交作业".to_owned()].as_slice())
            );
            assert_eq!(matter.no_dates, [(text.find("Expires").unwrap(), "expires", "期末".to_owned())], "{text}");
        }
    }

    #[test]
    fn a_rule_is_no_front_matter() {
        check("---\n\n正文\n\n---\n", None, false, "---\n\n正文\n\n---\n");
        check("--- \nopen: end", None, false, "--- \nopen: end");
    }

    #[test]
    fn broken_yaml_is_a_problem_but_not_body() {
        let text = "---\ntitle: [a\n---\nbody";
        let (draft, start, reason) = split(text).unwrap_err();
        assert!(!draft);
        assert!(split("---\ntitle: a: b\ndraft: true\n---\nx").unwrap_err().0);
        assert_eq!(text.get(start..), Some("body"));
        assert!(!reason.is_empty());
    }

    #[test]
    fn questions_that_are_left_out_are_counted() {
        let many: String = (0..60).map(|number| format!("- 第 {number} 题怎么做\n")).collect();
        for (list, kept, lost) in [
            (many, CURATED_MAX, 10),
            (format!("- 好的\n- {}\n", "长".repeat(CURATED_CHARS_MAX + 1)), 1, 1),
            ("- 好的\n- 安装 Docker: 第一步是什么\n".to_owned(), 1, 1),
            ("- 好的\n- 好的\n".to_owned(), 1, 0),
        ] {
            let text = format!("---\ntitle: x\nquestions:\n{list}---\n正文\n");
            let (matter, _) = split(&text).unwrap();
            assert_eq!(
                (matter.questions.len(), matter.lost_questions),
                (kept, (lost > 0).then_some((13, lost))),
                "{list}"
            );
        }
    }
}
