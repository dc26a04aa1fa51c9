//! Findings in SARIF 2.1.0, the format in which code hosts show the findings of checkers beside the lines.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::check::{Finding, Rule, Severity};
use crate::texts::Language;

/// Everything but what a path of a URI may hold as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A log with one run. `prefix` is the path of the notes folder from where the paths shall count, with a slash behind it,
/// or empty.
#[must_use]
pub fn sarif(findings: &[Finding], prefix: &str, language: Language) -> Value {
    let rules: Vec<Value> = Rule::all().map(|rule| descriptor(rule, language)).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, prefix, language)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "kewen", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": results,
        }],
    })
}

fn descriptor(rule: Rule, language: Language) -> Value {
    json!({
        "id": rule.name(),
        "shortDescription": { "text": language.rule(rule) },
        "defaultConfiguration": { "level": level(rule.severity()) },
    })
}

fn result(finding: &Finding, prefix: &str, language: Language) -> Value {
    let rule = finding.rule();
    let path = format!("{prefix}{}", finding.note);
    json!({
        "ruleId": rule.name(),
        "ruleIndex": Rule::all().position(|known| known == rule),
        "level": level(finding.severity()),
        "message": { "text": language.problem(&finding.problem) },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": utf8_percent_encode(&path, PATH).to_string() },
                "region": { "startLine": finding.line.max(1) },
            },
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}
