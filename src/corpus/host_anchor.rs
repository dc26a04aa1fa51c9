//! The anchors that hosts other than GitHub give to headings. Where it is not certain what a host does there is none, and the
//! link leads to lines instead.
//!
//! | host | letters | punctuation | blanks | repeated |
//! |---|---|---|---|---|
//! | GitHub | lower case | goes | each a hyphen | `-1`, `-2` |
//! | GitLab | lower case | goes | hyphens, several of them one; digits alone get `anchor-` in front | counted under the joined name |
//! | mdBook | ASCII in lower case | goes | each a hyphen | `-1`, `-2` |
//! | Gitee | not documented | | | |

use super::anchor::slug;
use crate::text::is_han;

/// GitLab's anchor of a heading whose anchor at GitHub is `github`.
///
/// None for a heading that is repeated, since GitLab counts otherwise, and for emoji and their codes (`:cat:`), which its versions
/// treat differently; neither for numbers that are no digits, which its rule takes out and ours keeps.
pub(super) fn gitlab_anchor(heading: &str, github: &str) -> Option<String> {
    let is_certain = |c: char| match c {
        ':' => false,
        c if c.is_numeric() => c.is_ascii_digit(),
        c => c.is_alphabetic() || c == ' ' || c.is_ascii_punctuation() || is_punctuation(c),
    };
    if slug(heading) != github || !heading.chars().all(is_certain) {
        return None;
    }
    let mut anchor = String::new();
    for c in github.chars() {
        if c != '-' || !anchor.ends_with('-') {
            anchor.push(c);
        }
    }
    let is_number = anchor.bytes().all(|byte| byte.is_ascii_digit());
    (!anchor.is_empty()).then(|| if is_number { format!("anchor-{anchor}") } else { anchor })
}

/// mdBook's anchor of a heading whose anchor at GitHub is `github`; `{#name}` at its end names it.
///
/// None where letters other than ASCII's are in upper case, which its versions treat differently, and for a repeated heading that the
/// two hosts do not call the same.
pub(super) fn mdbook_anchor(heading: &str, github: &str) -> Option<String> {
    let heading = heading.trim();
    if let Some((_, name)) = heading.strip_suffix('}').and_then(|heading| heading.rsplit_once("{#")) {
        return (!name.is_empty() && !name.contains([' ', '{', '}'])).then(|| name.to_owned());
    }
    let kept = heading.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    let anchor: String = kept.collect();
    let is_certain = !heading.chars().any(|c| !c.is_ascii() && c.is_uppercase());
    match (is_certain, slug(heading)) {
        (true, plain) if plain == anchor => Some(github.to_owned()),
        (true, plain) if plain == github => Some(anchor),
        _ => None,
    }
    .filter(|anchor| !anchor.is_empty())
}

/// Gitee's anchor of a heading whose anchor at GitHub is `github`. Its rule is not documented: only what every rule leaves as it is
/// (Han characters, lower case, digits behind them; once in the note) is certain.
pub(super) fn gitee_anchor(heading: &str, github: &str) -> Option<String> {
    let is_plain = |c: char| is_han(c) || c.is_ascii_lowercase() || c.is_ascii_digit();
    let begins_with_letter = heading.chars().next().is_some_and(|c| !c.is_ascii_digit());
    (heading == github && begins_with_letter && heading.chars().all(is_plain)).then(|| github.to_owned())
}

/// Chinese and typographic punctuation.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}'
        | '\u{3014}'..='\u{301F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1B}'..='\u{FF20}' | '\u{FF1A}' | '·')
}
