//! What machines write and nobody asks for: ids, addresses, times and counts in a pasted log or error message.

use super::words::Known;
use super::{Role, Unit};
use crate::text::{Token, TokenKind};

/// A text with so many of them is a pasted log; then plain numbers and lengths of time in it count for nothing either.
const PASTED_FROM: usize = 2;
/// Shorter runs of hexadecimal digits are words and numbers like any other.
const HEX_MIN: usize = 7;
/// Lengths of the groups of a UUID.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];
/// Letters behind a number that make it a length of time.
const TIME_UNITS: [&str; 7] = ["ns", "us", "ms", "s", "m", "h", "d"];

/// Leaves out of `units` what machines wrote and no note holds, unless nothing else is left.
pub(super) fn leave_out(units: &mut Vec<Unit>, tokens: &[Token], known: Known<'_>) -> Result<(), String> {
    let latin = |token: &&Token| token.kind == TokenKind::Latin && !token.part;
    let written = tokens.iter().filter(latin).filter(|token| is_id(&token.text) || is_measure(&token.text));
    let pasted = written.count() >= PASTED_FROM;
    let mut kept = Vec::with_capacity(units.len());
    for unit in units.iter() {
        let machine = unit.kind == TokenKind::Latin && unit.role == Role::Content;
        let text = unit.text.to_lowercase();
        let machine = machine && (is_id(&text) || pasted && (is_measure(&text) || is_number(&text)));
        if !machine || holds(unit, known)? {
            kept.push(unit.clone());
        }
    }
    if kept.iter().any(|unit| unit.role == Role::Content) {
        *units = kept;
    }
    Ok(())
}

/// Whether a note holds a unit as it was typed.
fn holds(unit: &Unit, known: Known<'_>) -> Result<bool, String> {
    let typed = unit.forms.first().and_then(|form| form.terms.first());
    typed.map_or(Ok(false), |term| known.holds(term))
}

/// Whether `word` (lower case) was drawn by chance: a long hexadecimal number, a UUID, or a name that ends in letters mixed with
/// digits, as controllers give them (web-7d4b9c6f8d-x2x9p).
fn is_id(word: &str) -> bool {
    let groups: Vec<&str> = word.split(['-', '_', '.', '/']).collect();
    let is_uuid = groups.iter().map(|group| group.len()).eq(UUID) && groups.iter().all(|group| is_hex(group));
    let drawn = |group: &&str| group.len() >= HEX_MIN && is_hex(group) && is_mixed(group);
    is_uuid || groups.iter().any(drawn) || groups.len() > 2 && groups.windows(2).any(|pair| is_suffix(pair[0], pair[1]))
}

/// Whether two groups are a template's digest and a drawn suffix: eight to ten and five characters without vowels.
fn is_suffix(digest: &str, suffix: &str) -> bool {
    let drawn =
        |group: &str| !group.contains(['a', 'e', 'i', 'o', 'u']) && group.bytes().all(|b| b.is_ascii_alphanumeric());
    (8..=10).contains(&digest.len()) && suffix.len() == 5 && drawn(suffix) && is_mixed(digest)
}

fn is_hex(group: &str) -> bool {
    !group.is_empty() && group.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether letters stand among digits.
fn is_mixed(group: &str) -> bool {
    group.bytes().any(|b| b.is_ascii_digit()) && group.bytes().any(|b| b.is_ascii_lowercase())
}

/// A length of time (2m30s), a count (x4), a time of day or an address.
fn is_measure(word: &str) -> bool {
    let count = word.strip_prefix('x').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    let dots = word.split('.').count() == 4 && is_number(word);
    let date = word.split('-').count() == 3 && word.split(['-', 't']).all(is_number);
    let zone = word.strip_suffix('z').is_some_and(is_number);
    count || dots || date || zone || is_duration(word)
}

fn is_duration(word: &str) -> bool {
    let mut rest = word;
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let behind = digits.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let unit = digits.strip_suffix(behind).unwrap_or_default();
        if digits.len() == rest.len() || !TIME_UNITS.contains(&unit) {
            return false;
        }
        rest = behind;
    }
    !word.is_empty()
}

/// A number with its dots and slashes.
fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_machines_write_is_told_from_names() {
        for word in ["7d4b9c6f8d", "a3f5c9d2e1b04f77", "web-7d4b9c6f8d-x2x9p", "123e4567-e89b-12d3-a456-426614174000"] {
            assert!(is_id(word), "{word}");
        }
        for word in [
            "k8s",
            "ipv4",
            "kube-proxy",
            "v1.28.3",
            "sha256",
            "decade",
            "web-0",
            "12345678",
            "deadbeef",
            "x86-64",
            "nginx-deployment-demo",
        ] {
            assert!(!is_id(word), "{word}");
        }
    }

    #[test]
    fn lengths_of_time_counts_and_addresses_are_measures() {
        for word in ["3m", "2m30s", "1.5s", "200ms", "x4", "10.0.0.12", "2024-03-01t10"] {
            assert!(is_measure(word), "{word}");
        }
        for word in ["", "s", "x", "m3", "4g", "1.28", "443", "3pods", "http"] {
            assert!(!is_measure(word), "{word}");
        }
    }
}
