//! Looks through the body of a request, field by field, and says what is wrong with it the way Discord does.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::mentions::id;
use super::people::Id;

/// Something wrong in a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// Where, as in `embeds.0.title`.
    pub(super) path: String,
    pub(super) what: String,
    /// Whether Discord answers 400 for it; what it lets pass may still look wrong to people.
    pub(super) refused: bool,
}

/// A part of a body, with its path.
#[derive(Clone, Debug)]
pub(super) struct Part<'b> {
    path: String,
    pub(super) value: &'b Value,
}

impl<'b> Part<'b> {
    pub(super) fn whole(value: &'b Value) -> Self {
        Self { path: String::new(), value }
    }

    /// The field `key`; null when it is not there.
    pub(super) fn get(&self, key: &str) -> Self {
        self.inside(key.to_owned(), &self.value[key])
    }

    pub(super) fn is_there(&self) -> bool {
        !self.value.is_null()
    }

    fn inside(&self, key: String, value: &'b Value) -> Self {
        let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
        Self { path, value }
    }
}

/// What was found so far. A field that is absent or null is always fine unless it is asked for as a required one.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) findings: Vec<Finding>,
}

impl Form {
    pub(super) fn refuse(&mut self, part: &Part<'_>, what: impl Into<String>) {
        self.findings.push(Finding { path: part.path.clone(), what: what.into(), refused: true });
    }

    /// Notes what Discord accepts and people should not see.
    pub(super) fn frown(&mut self, part: &Part<'_>, what: impl Into<String>) {
        self.findings.push(Finding { path: part.path.clone(), what: what.into(), refused: false });
    }

    /// Fails unless `part` is absent or what `read` takes it for.
    fn typed<'b, T>(&mut self, part: &Part<'b>, read: impl Fn(&'b Value) -> Option<T>, kind: &str) -> Option<T> {
        let read = part.is_there().then(|| read(part.value))?;
        if read.is_none() {
            self.refuse(part, format!("Must be {kind}."));
        }
        read
    }

    /// A text of at most `max` characters.
    pub(super) fn text<'b>(&mut self, part: &Part<'b>, max: usize) -> Option<&'b str> {
        let text = self.typed(part, Value::as_str, "a string")?;
        let count = text.chars().count();
        if count > max {
            self.refuse(part, format!("Must be {max} or fewer in length; it is {count}."));
        }
        Some(text)
    }

    /// A text of 1 to `max` characters that must be there.
    pub(super) fn required_text<'b>(&mut self, part: &Part<'b>, max: usize) -> Option<&'b str> {
        let text = self.text(part, max);
        if !part.is_there() || text.is_some_and(|text| text.trim().is_empty()) {
            self.refuse(part, "This field is required");
        }
        text
    }

    /// A web address of at most 512 characters.
    pub(super) fn address<'b>(&mut self, part: &Part<'b>) -> Option<&'b str> {
        self.address_within(part, 512)
    }

    /// The address of a picture, which may be longer.
    pub(super) fn picture<'b>(&mut self, part: &Part<'b>) -> Option<&'b str> {
        self.address_within(part, 2048)
    }

    fn address_within<'b>(&mut self, part: &Part<'b>, chars_max: usize) -> Option<&'b str> {
        let text = self.text(part, chars_max)?;
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) || text.contains(char::is_whitespace) {
            self.refuse(part, "Not a well formed URL.");
        }
        Some(text)
    }

    /// The items of a list of at most `max`.
    pub(super) fn items<'b>(&mut self, part: &Part<'b>, max: usize) -> Vec<Part<'b>> {
        let Some(items) = self.typed(part, Value::as_array, "a list") else { return Vec::new() };
        if items.len() > max {
            self.refuse(part, format!("Must be {max} or fewer in length; it is {}.", items.len()));
        }
        items.iter().enumerate().map(|(number, item)| part.inside(number.to_string(), item)).collect()
    }

    /// The fields of an object whose keys are free, such as localisations.
    pub(super) fn entries<'b>(&mut self, part: &Part<'b>) -> Vec<(&'b str, Part<'b>)> {
        let Some(object) = self.object(part) else { return Vec::new() };
        object.iter().map(|(key, value)| (key.as_str(), part.inside(key.clone(), value))).collect()
    }

    pub(super) fn object<'b>(&mut self, part: &Part<'b>) -> Option<&'b Map<String, Value>> {
        self.typed(part, Value::as_object, "an object")
    }

    pub(super) fn number(&mut self, part: &Part<'_>) -> Option<u64> {
        self.typed(part, Value::as_u64, "a whole number")
    }

    pub(super) fn flag(&mut self, part: &Part<'_>) -> Option<bool> {
        self.typed(part, Value::as_bool, "true or false")
    }

    pub(super) fn id(&mut self, part: &Part<'_>) -> Option<Id> {
        self.typed(part, id, "a snowflake")
    }

    /// Discord's error for what was refused; `None` when nothing was.
    pub(super) fn refusal(&self) -> Option<Value> {
        let mut errors: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| finding.refused) {
            let error = json!({"code": "BASE_TYPE_INVALID", "message": finding.what});
            errors.entry(&finding.path).or_default().push(error);
        }
        (!errors.is_empty()).then(|| json!({"code": 50035, "message": "Invalid Form Body", "errors": nested(&errors)}))
    }
}

/// `{"embeds": {"0": {"title": {"_errors": […]}}}}`
fn nested(errors: &BTreeMap<&str, Vec<Value>>) -> Value {
    let mut tree = json!({});
    for (path, errors) in errors {
        let place = path.split('.').filter(|key| !key.is_empty()).fold(&mut tree, |tree, key| &mut tree[key]);
        place["_errors"] = json!(errors);
    }
    tree
}
