//! An answer (or a report) for programs: one object in one line.

use serde::Serialize;

/// `value` as JSON in one line. Line and paragraph separators are escaped, so that every reader sees one line.
#[must_use]
pub fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029").replace('\u{85}', "\\u0085")
}
